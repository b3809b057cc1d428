"""A row of the table as what it says of a home: checked field by field, nothing guessed in silence."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from vakhta.domain.addresses import town_key
from vakhta.domain.layouts import fold_key
from vakhta.kernel.refusal import Invalid, is_email
from vakhta.places.models import Lift, Riser
from vakhta.places.parts import MOST_FLAT
from vakhta.places.phones import is_whole, normal_phone, office_phone

from .columns import Match, Wrong
from .house_cells import NOTHING, place, short


@dataclass(frozen=True, kw_only=True)
class Door:
    """What a row says of its entrance beyond the number."""

    code: str
    first: int | None
    last: int | None


@dataclass(frozen=True, kw_only=True)
class Pipe:
    """A riser of the row's house, in the row's entrance when it names one."""

    service: str
    feeds: str
    valve: str


@dataclass(frozen=True, kw_only=True)
class Cabin:
    """A lift of the row's entrance."""

    number: str
    kind: str
    service: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Home:
    """One row: a house, a flat of it, its account, who lives there, a part of it. What the file does not say is empty."""

    row: int
    street: str
    house: str
    """As it is printed: «12 к2»."""
    city: str
    guid: uuid.UUID | None = None
    flat: str = ""
    entrance: int | None = None
    floor: int | None = None
    account: str = ""
    name: str = ""
    relation: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    door: Door | None = None
    pipe: Pipe | None = None
    cabin: Cabin | None = None

    @property
    def building_key(self) -> tuple[str, str, str]:
        """Town, street and house, folded: two towns of one company have a ул. Ленина, 15 each."""
        return town_key(self.city), fold_key(self.street), fold_key(self.house)


def read_home(number: int, row: Sequence[str], match: Match, city: str = "") -> Home | None:
    """The row's home; None for an empty one. `city`: of houses whose row names none. Raises Wrong for the first cell that cannot be taken."""
    said = match.said(row)
    if not any(said.values()):
        return None
    city = short(said.get("city", "") or city, "city", "Город", 80, required=True)
    street, house, flat = place(said, city)
    name = said.get("name") or " ".join(
        filter(None, (said.get("surname"), said.get("first_name"), said.get("patronymic")))
    )
    name = short(name, "name", "ФИО", 160)
    account = short(said.get("account", ""), "account", "Лицевой счёт", 20)
    if not flat and (account or name):
        raise Wrong("Не сказано, в какой квартире: укажите номер помещения.", "flat")
    return Home(
        row=number,
        city=city,
        street=street,
        house=house,
        guid=_guid(said.get("guid", "")),
        flat=flat,
        entrance=_number(said.get("entrance", ""), "entrance", "Подъезд", 1, 100),
        floor=_number(said.get("floor", ""), "floor", "Этаж", -5, 200),
        account=account,
        name=name,
        relation=_relation(said.get("relation", "")),
        phones=_all_phones(said),
        email=_email(said.get("email", "")),
        door=_door(said),
        pipe=_pipe(said),
        cabin=_cabin(said),
    )


def _number(text: str, field: str, title: str, least: int, most: int) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,4}", text, re.ASCII) or not least <= int(text) <= most:
        raise Wrong(f"{title} «{text[:20]}»: нужно число от {least} до {most}.", field)
    return int(text)


_RELATIONS = {"собственник": "owner", "владелец": "owner", "наниматель": "tenant", "арендатор": "tenant",
              "проживает": "lives", "прописан": "lives", "зарегистрирован": "lives"}  # fmt: skip


def _relation(text: str) -> str:
    return _RELATIONS.get(fold_key(text), "")


def _all_phones(said: dict[str, str]) -> tuple[str, ...]:
    numbers = [
        number for field in ("phone", "second_phone") for number in _phones(said.get(field, ""), field)
    ]
    return tuple(dict.fromkeys(numbers))


_NO_PHONE = NOTHING | {"нету", "отсутствует", "нет телефона", "не указан", "н/д"}
_REMARK = re.compile(r"\([^()\d]*\)")
"""Whose it is: «8 916 000-10-01 (Аня)»."""


def _has_no_phone(text: str) -> bool:
    return text.casefold().strip(" .") in _NO_PHONE


def _phones(text: str, field: str) -> list[str]:
    """Every number of the cell, none where it says that there is none; one that is no whole number is refused: nobody
    could be known by it."""
    if _has_no_phone(text):
        return []
    found = []
    for said in re.split(r"[,;/\n]|\s{2,}|\bи\b", _REMARK.sub(", ", text)):
        if not said.strip():
            continue
        numbers = _numbers(said)
        if not numbers:
            raise Wrong(
                f"Телефон «{said.strip()[:30]}» не читается: нужен вроде +7 916 123-45-67. Неизвестный оставьте пустым.",
                field,
            )
        found += numbers
    return found


def _numbers(said: str) -> list[str]:
    """The whole number, or two that a single space parts; none of what is neither."""
    words = said.split()
    ways = [[said], *([" ".join(words[:n]), " ".join(words[n:])] for n in range(1, len(words)))]
    found = ([normal_phone(part) for part in way] for way in ways)
    return next((numbers for numbers in found if all(map(_is_dialled, numbers))), [])


def _is_dialled(number: str) -> bool:
    """A number of +7 has ten figures; the library takes one with the figures of the next beside it, too."""
    return is_whole(number) and (len(number) == 12 or not number.startswith("+7"))


# ── Parts of a house ─────────────────────────────────────────────────────────────────────────

_FLATS = re.compile(r"(?:кв\.?\s*)?(?:с\s*)?(\d{1,5})\s*(?:[-–—]|по)\s*(\d{1,5})", re.IGNORECASE)
_SERVICES = {
    **{fold_key(title): code for code, title in Riser.SERVICES},
    "холодная вода": "cold_water", "холодное водоснабжение": "cold_water", "в1": "cold_water",
    "горячая вода": "hot_water", "горячее водоснабжение": "hot_water", "т3": "hot_water",
    "канализация": "sewerage", "к1": "sewerage", "кнс": "sewerage",
    "цо": "heating", "центральное отопление": "heating", "электроснабжение": "electricity", "газоснабжение": "gas",
}  # fmt: skip
"""A system as tables of houses call it, folded → a riser's."""
_CABINS = {**{fold_key(title): code for code, title in Lift.KINDS}, "грузопассажирский": "freight"}


def _entrance_is_said(said: dict[str, str], whose: str) -> None:
    if not said.get("entrance"):
        raise Wrong(f"Не сказано, в каком подъезде {whose}: укажите его номер.", "entrance")


def _door(said: dict[str, str]) -> Door | None:
    code = short(said.get("entrance_code", ""), "entrance_code", "Код двери", 40)
    flats = said.get("entrance_flats", "")
    if not code and not flats:
        return None
    _entrance_is_said(said, "эта дверь")
    found = _FLATS.fullmatch(flats)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if flats and not 1 <= first <= last <= MOST_FLAT:
        raise Wrong(f"Квартиры подъезда «{flats[:40]}»: нужны первая и последняя, «1–20».", "entrance_flats")
    return Door(code=code, first=first or None, last=last or None)


def _pipe(said: dict[str, str]) -> Pipe | None:
    name = said.get("riser", "")
    feeds = short(said.get("riser_feeds", ""), "riser_feeds", "Что питает", 120)
    valve = short(said.get("riser_valve", ""), "riser_valve", "Где перекрыть", 200, required=bool(name))
    if not name and not feeds and not valve:
        return None
    service = _SERVICES.get(fold_key(name))
    if service is None:
        known = ", ".join(title for _code, title in Riser.SERVICES)
        told = f"Стояк «{name[:30]}» не узнан" if name else "Не сказано, чей это стояк"
        raise Wrong(f"{told}: нужно одно из слов {known}.", "riser")
    return Pipe(service=service, feeds=feeds, valve=valve)


def _cabin(said: dict[str, str]) -> Cabin | None:
    name = short(said.get("lift", ""), "lift", "Номер лифта", 30)
    kind, phone = said.get("lift_kind", ""), said.get("lift_phone", "")
    phone = "" if _has_no_phone(phone) else phone
    service = short(said.get("lift_service", ""), "lift_service", "Кто обслуживает", 120)
    if not name and not kind and not phone and not service:
        return None
    if not name:
        raise Wrong("Не сказан регистрационный номер лифта.", "lift")
    _entrance_is_said(said, "лифт")
    if kind and fold_key(kind) not in _CABINS:
        raise Wrong(f"Лифт «{kind[:30]}»: нужно слово пассажирский или грузовой.", "lift_kind")
    try:
        number = office_phone(phone)
    except Invalid as error:
        raise Wrong(error.message, "lift_phone") from None
    return Cabin(number=name, kind=_CABINS.get(fold_key(kind), ""), service=service, phone=number)


def _email(text: str) -> str:
    if text and not is_email(text):
        raise Wrong(f"Почта «{text[:40]}» не читается: нужна вроде petrova@example.org.", "email")
    return text


def _guid(text: str) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Wrong(f"Код ФИАС «{text[:40]}» не читается: нужен вида 8-4-4-4-12 знаков.", "guid") from None
