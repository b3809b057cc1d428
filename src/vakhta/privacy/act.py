"""The act of a deletion with its extract from the journal: what Роскомнадзор's order № 179 of
28.10.2022 asks of whoever deletes by a machine. Both are kept for three years, on paper or as a
file: the act names the person, so the service itself does not keep it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from vakhta.domain.facts import FACTS, OverdueErased
from vakhta.domain.keeping import TERMS
from vakhta.kernel.journal import recorded
from vakhta.kernel.models import Entry
from vakhta.kernel.words import phone_words, zone_words
from vakhta.people.models import Company, Staff
from vakhta.reports.pdf import compile_pdf

from .erase import Erased
from .overdue import in_order

KEPT = (
    "номера заявок, адреса, виды неисправностей, сроки и отметки времени, работы исполнителей: журнал "
    "аварийно-диспетчерской службы ведётся по закону. В записях журнала вместо слов остались их отпечатки с "
    "солью, по которым слова не восстановить"
)
OF_A_BATCH = 100
"""More entries than one batch writes."""
HOW = "строки и слова удалены из базы данных, файлы с диска; копии базы, сделанные раньше, исчезают по сроку их хранения"


def act_of(found: Erased, *, basis: str, staff: Staff, at: datetime, last_entry: int) -> dict[str, Any]:
    """The act as data for print; inside the scope of whoever has deleted. `at`, `last_entry`: of the
    change that has deleted."""
    office: Company = staff.company
    zone = ZoneInfo(office.zone)
    subject = [found.name or "имя неизвестно", *map(phone_words, found.traces.phones), *found.traces.emails]
    fields = [
        ("Оператор", office.name),
        ("Чьи сведения", ", ".join(subject)),
        ("Основание", basis),
        ("Система", "Вахта, рабочее место диспетчерской"),
        ("Как удалено", HOW),
        ("Заявки", ", ".join(f"№ {number}" for number in found.numbers) or "нет"),
        ("Сохранено", KEPT),
    ]
    if found.shared:
        others = ", ".join(phone_words(said) if said.startswith("+") else said for said in found.shared)
        fields.append(("Осталось у других", f"{others}: записано и у других жильцов, у них не удалено"))
    return {
        "title": f"Акт № {last_entry} об удалении персональных данных",
        "lines": [f"Составлен {at.astimezone(zone):%d.%m.%Y %H:%M}, {zone_words(zone.key, at)}"],
        "fields": fields,
        "rows": [(name, str(count)) for name, count in found.rows.items()],
        "entries": list(_extract(at, last_entry, zone)),
        "who": f"{staff.name}, {staff.get_role_display().lower()}",
        "foot": f"Акт № {last_entry}: номер записи журнала. Хранить вместе с выпиской три года.",
    }


def _extract(at: datetime, last_entry: int, zone: ZoneInfo) -> Any:
    """The entries that this change has written."""
    return _rows(Entry.objects.filter(id__lte=last_entry, recorded_at=at), zone)


def _rows(written: QuerySet[Entry], zone: ZoneInfo) -> Any:
    kinds = ("WordsErased", "PersonErased", "OverdueErased")
    for entry in written.filter(kind__in=kinds).order_by("id"):
        title = FACTS[entry.kind].TITLE
        if entry.kind == "WordsErased":
            title += ": " + ", ".join(map(str, entry.body["entries"]))
        moment = f"{entry.recorded_at.astimezone(zone):%d.%m.%Y %H:%M:%S}"
        yield (str(entry.id), moment, title, bytes(entry.hash).hex())


def overdue_act(entry: Entry) -> dict[str, Any]:
    """The act of a batch whose term was over, from its entry (`OverdueErased`); inside a scope that sees it."""
    fact = recorded([entry])[0].fact
    assert isinstance(fact, OverdueErased)
    office: Company = Company.objects.get(pk=entry.company_id)
    zone = ZoneInfo(office.zone)
    terms = [
        (term, date.fromisoformat(fact.before[code])) for code, term in TERMS.items() if code in fact.before
    ]
    return {
        "title": f"Акт № {fact.act} об удалении персональных данных по сроку хранения",
        "lines": [
            f"Составлен {entry.recorded_at.astimezone(zone):%d.%m.%Y %H:%M}, {zone_words(zone.key, entry.recorded_at)}"
        ],
        "fields": [
            ("Оператор", office.name),
            ("Основание", "срок хранения истёк: 152-ФЗ, ст. 5 ч. 7, ст. 21 ч. 4"),
            ("Система", "Вахта, рабочее место диспетчерской"),
            *(
                (term.title, f"старше {day:%d.%m.%Y}, {term.since}; {term.act}, {term.item}")
                for term, day in terms
            ),
            ("Как удалено", HOW),
            ("Сохранено", KEPT),
        ],
        "rows": [(name, str(count)) for name, count in in_order(fact.rows)],
        "entries": list(
            _rows(
                Entry.objects.filter(
                    id__gt=entry.id - OF_A_BATCH, id__lte=entry.id, recorded_at=entry.recorded_at
                ),
                zone,
            )
        ),
        "who": "служба сама, по срокам хранения",
        "foot": f"Акт № {fact.act}, запись журнала {entry.id}. Хранить вместе с выпиской три года.",
    }


def act_pdf(act: dict[str, Any]) -> bytes:
    """The act as a PDF, A4."""
    return compile_pdf("act", act)


def act_text(act: dict[str, Any]) -> str:
    """The act as lines for a terminal."""
    lines = [act["title"], *act["lines"], ""]
    lines += [f"{name}: {words}" for name, words in act["fields"]]
    lines += ["", "Что удалено:", *(f"  {name}: {count}" for name, count in act["rows"])]
    lines += ["", "Выписка из журнала событий:"]
    lines += [f"  {entry}  {moment}  {title}  {hash}" for entry, moment, title, hash in act["entries"]]
    return "\n".join([*lines, "", f"Удалил: {act['who']}"])
