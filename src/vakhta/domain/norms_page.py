"""docs/norms.md from the tables of the law: `python -m vakhta.domain.norms_page > docs/norms.md`.

A test compares the two, so that the page never tells another law than the code.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from vakhta.domain.facts import FACTS
from vakhta.domain.norms import DAMAGE, DETECTED, PAUSE_REASONS, REPORTED, VERIFIED, Norm
from vakhta.domain.regulations import NORMS, STATUS
from vakhta.domain.regulations.pp354 import BREAKS, BY_TECHNICAL_NORMS, HOT_WATER, HOT_WATER_RANGE
from vakhta.domain.regulations.sources import SOURCES

HEAD = """# Нормы

Всё, что Вахта знает о сроках, — данные в `src/vakhta/domain/regulations/`; эта страница собрана из них.
Как из фактов получается срок, рассказано в [deadlines.md](deadlines.md).

Столбец «Сверено» говорит, насколько норме можно верить: {marks}.
Полных официальных текстов под рукой не было, поэтому администратор видит эту пометку на странице норм
и может уточнить норму с датой и причиной: строже — всегда, мягче — только новой редакцией акта.
Компания и договор могут быть только строже.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD.format(marks=", ".join(f"«{mark}»" for mark in VERIFIED.values()))
    editions = [norm for code in NORMS for norm in NORMS.editions(code)]
    yield "## Сроки\n"
    yield "| Код | Что | Срок | Считается от | Останавливает | Пауза | Акт, пункт, редакция | Действует | Сверено |"
    yield "|---|---|---|---|---|---|---|---|---|"
    yield from (_clock_row(norm) for norm in editions if norm.is_clock)
    yield "\n## Правила без счётчика\n"
    yield "| Код | Что | Срок | Акт, пункт, редакция | Действует | Сверено |"
    yield "|---|---|---|---|---|---|"
    yield from (_rule_row(norm) for norm in editions if not norm.is_clock)
    yield "\n## Пояснения\n"
    yield from (f"- {act}. {words}" for act, words in STATUS.items())
    yield from (f"- `{norm.code}`{_edition_mark(norm)}: {norm.note}" for norm in editions if norm.note)
    yield from _breaks()
    yield "\n## Источники\n"
    yield from (f"- {mark}: {where}" for mark, where in SOURCES.items())


def _clock_row(norm: Norm) -> str:
    pause = "; ".join(PAUSE_REASONS[why] for why in norm.pausable) or "нет"
    stops = ", ".join(_title(kind) for kind in norm.stops)
    cells = (f"`{norm.code}`", norm.title, norm.limit_text, _origin(norm), stops, pause)
    return _row(*cells, *_provenance(norm))


def _rule_row(norm: Norm) -> str:
    return _row(f"`{norm.code}`", norm.title, norm.limit_text, *_provenance(norm))


def _origin(norm: Norm) -> str:
    moments = {
        DAMAGE: "момент повреждения",
        DETECTED: "сообщение или обнаружение",
        REPORTED: "сообщение заявителя",
    }
    origin = moments.get(norm.counted_from) or _title(norm.counted_from or norm.trigger)
    return f"{origin} ({', '.join(norm.channels)})" if norm.channels else origin


def _title(kind: str) -> str:
    title = FACTS[kind].TITLE
    return title[0].lower() + title[1:]


def _provenance(norm: Norm) -> tuple[str, str, str]:
    begin, end = norm.in_force_from, norm.in_force_to
    force = " ".join(
        part for part in (f"с {begin:%d.%m.%Y}" if begin else "", f"по {end:%d.%m.%Y}" if end else "") if part
    )
    verified = VERIFIED[norm.verified] + (f" ({norm.source})" if norm.source else "")
    edition = norm.edition if norm.edition.startswith("редакция") else f"редакция {norm.edition}"
    return f"{norm.provenance}; {edition}", force or "дата не установлена", verified


def _edition_mark(norm: Norm) -> str:
    return f" ({norm.edition})" if len(NORMS.editions(norm.code)) > 1 else ""


def _breaks() -> Iterator[str]:
    yield "\n## Допустимые перерывы, ПП РФ № 354, приложение 1\n"
    yield "Часы на помещение, услугу и месяц; каждый лишний час снижает плату на 0,15 %.\n"
    yield "| Код | Услуга | В месяц | Один раз | Когда | Сверено |"
    yield "|---|---|---|---|---|---|"
    for allowed in BREAKS:
        month, once = (f"{hours} ч" if hours else "—" for hours in (allowed.month, allowed.once))
        if allowed.is_without_hours:
            once = BY_TECHNICAL_NORMS
        source = f" ({allowed.source})" if allowed.source else ""
        mark = VERIFIED[allowed.verified] + source
        yield _row(f"`{allowed.code}`", allowed.title, month, once, allowed.when or "всегда", mark)
    yield f"\nГорячая вода: {HOT_WATER_RANGE[0]}–{HOT_WATER_RANGE[1]} °C. Отклонение не больше:\n"
    for allowed_degrees in HOT_WATER:
        begin, end = allowed_degrees.hours
        yield f"- с {begin} до {end} часов {allowed_degrees.deviation} °C ({VERIFIED[allowed_degrees.verified]})"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(page())
