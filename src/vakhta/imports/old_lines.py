"""A row of an old journal as what it says of a ticket: its moments read, its words kept, nothing guessed in silence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from vakhta.domain.written_moments import FIRST_YEAR, written_moment, written_time
from vakhta.kernel.refusal import Invalid, clean
from vakhta.places.phones import is_whole, normal_phone

from .columns import Match, Wrong
from .house_cells import NOTHING, bare_flat, part_of_house


@dataclass(frozen=True, kw_only=True)
class OldLine:
    """One row. `address` as it is written, in one line; `street`, `house` and `flat` when they have columns of their
    own."""

    row: int
    number: str
    registered_at: datetime
    has_time: bool
    done_at: datetime | None
    address: str
    street: str
    house: str
    flat: str
    description: str
    applicant: str
    phone: str
    said_phone: str
    performer: str
    term: str
    result: str


def read_line(number: int, row: Sequence[str], match: Match, zone: str, now: datetime) -> OldLine | None:
    """What the row says of a ticket; None for an empty one and for one with a single cell: the name of a month, a sum.
    `zone`: of the journal's moments. Raises Wrong for the first cell that cannot be taken."""
    said = match.said(row)
    if sum(map(bool, row)) < 2 or not any(said.values()):
        return None
    registered_at, has_time = _received(said, zone, now)
    done_at, done_words = _done(said, zone, now, registered_at, has_time)
    address, street, house, flat = _place(said)
    phone = said.get("phone", "")
    return OldLine(
        row=number,
        number=_number(said),
        registered_at=registered_at,
        has_time=has_time,
        done_at=done_at,
        address=address,
        street=street,
        house=house,
        flat=flat,
        description=_description(said),
        applicant=_text(said, "applicant", "Заявитель", 160),
        phone=_phone(phone),
        said_phone=_text(said, "phone", "Телефон", 160),
        performer=_text(said, "performer", "Исполнитель", 300),
        term=_text(said, "term", "Срок", 160),
        result=". ".join(filter(None, (_text(said, "result", "Результат", 4000), done_words))),
    )


def _text(said: Mapping[str, str], field: str, title: str, limit: int) -> str:
    try:
        return clean(said.get(field, ""), field, title, limit=limit)
    except Invalid as error:
        raise Wrong(error.message, field) from None


def _description(said: Mapping[str, str]) -> str:
    text = _text(said, "description", "Что случилось", 4000)
    if not text:
        raise Wrong("Не сказано, что случилось: опишите заявку словами или удалите строку.", "description")
    return text


def _number(said: Mapping[str, str]) -> str:
    field = "number" if said.get("number") else "ordinal"
    return " ".join(_text(said, field, "Номер заявки", 40).lstrip("№").split())


# ── When ─────────────────────────────────────────────────────────────────────────────────────


def _received(said: Mapping[str, str], zone: str, now: datetime) -> tuple[datetime, bool]:
    """(the moment, has it a time)."""
    text = said.get("received", "")
    if not text:
        raise Wrong("Не сказано, когда поступила: нужна дата, «12.03.2024» или «12.03.24 8:40».", "received")
    found = written_moment(text, now.year)
    if found is None:
        raise Wrong(
            f"Дата «{text[:40]}» не читается: нужна вроде «12.03.2024» или «12.03.24 8:40».", "received"
        )
    day, at = found
    at = _own_time(said, "received_time") or at
    return _moment(day, at, zone, now, "received", "Поступила"), at is not None


def _own_time(said: Mapping[str, str], field: str) -> time | None:
    """The time of a column of its own; a cell with the day as well, «12.03.2024 8:40», is read too."""
    text = said.get(field, "")
    if not text:
        return None
    whole = written_moment(text, 2000)
    found = whole[1] if whole else written_time(text)
    if found is None:
        raise Wrong(f"Время «{text[:20]}» не читается: нужно вроде «8:40».", field)
    return found


def _moment(day: date, at: time | None, zone: str, now: datetime, field: str, title: str) -> datetime:
    if day.year < FIRST_YEAR:
        raise Wrong(f"{title} {day:%d.%m.%Y}: раньше {FIRST_YEAR} года, проверьте год.", field)
    moment = datetime.combine(day, at or time.min, ZoneInfo(zone))
    if moment > now:
        raise Wrong(f"{title} {day:%d.%m.%Y}: этот день ещё не наступил, проверьте дату.", field)
    return moment


def _done(
    said: Mapping[str, str], zone: str, now: datetime, registered_at: datetime, has_time: bool
) -> tuple[datetime | None, str]:
    """(when it was done, the words of the column where they tell no day: «да», «выполнено»)."""
    text = said.get("done", "")
    if not text:
        return None, ""
    found = written_moment(text, now.year)
    if found is None:
        if any(sign.isdigit() for sign in text):
            raise Wrong(f"Дата выполнения «{text[:40]}» не читается: нужна вроде «12.03.2024».", "done")
        return None, text[:300]
    day, at = found
    at = _own_time(said, "done_time") or at
    moment = _moment(day, at, zone, now, "done", "Выполнена")
    whole = has_time and at is not None
    if moment < registered_at if whole else day < registered_at.date():
        raise Wrong("Выполнена раньше, чем поступила: проверьте обе даты.", "done")
    return max(moment, registered_at), ""


# ── Where, who ───────────────────────────────────────────────────────────────────────────────


def _place(said: Mapping[str, str]) -> tuple[str, str, str, str]:
    """(the address in one line without the flat's own column; street, house and flat of their own columns)."""
    flat = bare_flat(said.get("flat", ""))
    flat = "" if flat.casefold() in NOTHING else " ".join(flat.split())[:12]
    street = " ".join(said.get("street", "").split())
    if not street:
        return " ".join(_text(said, "address", "Адрес", 250).split())[:230], "", "", flat
    house = re.sub(r"^(д|дом)\.?\s*", "", said.get("house", ""), flags=re.IGNORECASE)
    letter = said.get("letter", "")
    house = house if letter.casefold() in NOTHING or not house else f"{house}{letter}"
    parts = part_of_house("к", said.get("corpus", "")), part_of_house("с", said.get("structure", ""))
    house = " ".join(filter(None, (house, *parts)))
    return ", ".join(filter(None, (street, house)))[:230], street, house, flat


def _phone(text: str) -> str:
    """The first number of the cell that is a whole one."""
    for said in re.split(r"[,;/\n]|\s{2,}|\bи\b", text):
        number = normal_phone(said)
        if is_whole(number) and len(number) <= 16:
            return number
    return ""
