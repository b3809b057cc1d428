"""How long personal data is kept (срок хранения): what for, by which act, and what goes when the term is over.

152-ФЗ ст. 5 ч. 7: data that tells whose it is is kept no longer than its purpose asks; ст. 21 ч. 4: within thirty days of
the purpose's end it is deleted or made nobody's. An office may set other terms (VAKHTA_KEEP_DAYS), never a shorter one
than the law itself asks for. Marks of `verified` as in `norms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

YEAR = 366
"""Days: three of these are never less than three years."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """`since`: what the term runs from. `goes`, `stays`: what becomes of it. `days` by default, `least` as the law has it."""

    code: str
    title: str
    since: str
    goes: str
    stays: str
    days: int
    least: int
    why: str
    act: str
    item: str
    verified: str


TERMS = {
    term.code: term
    for term in (
        Term(
            code="tickets",
            title="Слова заявок",
            since="с закрытия заявки",
            goes="имя, телефон и почта заявителя, описание, вопросы исполнителя и все слова записей журнала о заявке",
            stays="номер, адрес, вид неисправности, сроки, состояния, кто из службы и когда что сделал",
            days=3 * YEAR,
            least=3 * YEAR,
            why="обращение и ответ на него хранят три года; столько же длится срок исковой давности",
            act="ПП 416",
            item="п. 38; ГК РФ, ст. 196",
            verified="unverified",
        ),
        Term(
            code="contacts",
            title="Слова обращений",
            since="с завершения обращения",
            goes="имя, телефон и почта обратившегося, текст, описание и все слова записей журнала об обращении",
            stays="канал, адрес, итог, времена, кто ответил",
            days=3 * YEAR,
            least=3 * YEAR,
            why="обращение и ответ на него хранят три года",
            act="ПП 416",
            item="п. 38",
            verified="unverified",
        ),
        Term(
            code="files",
            title="Фото и документы заявок",
            since="с закрытия заявки",
            goes="файлы и их имена",
            stays="отметка журнала о том, что файл был приложен, и его отпечаток",
            days=3 * YEAR,
            least=30,
            why="доказательства работ нужны, пока по ним можно спорить",
            act="ГК РФ",
            item="ст. 196",
            verified="unverified",
        ),
        Term(
            code="letters",
            title="Письма заявителям",
            since="с отправки письма",
            goes="адрес почты и текст письма, адрес в записи журнала о нём",
            stays="что и когда было отправлено, о какой заявке",
            days=YEAR,
            least=30,
            why="ссылка из письма действует год: дольше спрашивать о письме некому",
            act="152-ФЗ",
            item="ст. 5 ч. 7",
            verified="unverified",
        ),
        Term(
            code="looks",
            title="Кто смотрел карточки",
            since="с просмотра",
            goes="записи просмотров целиком",
            stays="ничего: в цепи журнала их нет",
            days=3 * YEAR,
            least=YEAR,
            why="по ним разбирают утечки, пока сами сведения хранятся",
            act="152-ФЗ",
            item="ст. 19 ч. 2 п. 8",
            verified="unverified",
        ),
    )
}
"""Code → term, in the order in which they are told."""


def read_days(text: str) -> dict[str, int]:
    """«tickets=1827, letters=180» over the defaults. Raises ValueError for an unknown kind, no number, or a term shorter
    than the law's."""
    days = {code: term.days for code, term in TERMS.items()}
    for part in filter(None, (part.strip() for part in text.split(","))):
        code, sign, said = part.partition("=")
        code = code.strip()
        if not sign or code not in TERMS or not TERMS[code].least <= int(said) <= 100 * YEAR:
            raise ValueError(part)
        days[code] = int(said)
    return days


def over_before(days: Mapping[str, int], at: datetime) -> dict[str, datetime]:
    """Code → what is older than this is over its term `at`."""
    return {code: at - timedelta(days=count) for code, count in days.items()}
