"""Lists of houses, as people write them, found in the stock: every line is understood whole or named with what is wrong
with it. Nothing is guessed in silence: a slip of the pen is forgiven as everywhere and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from vakhta.domain.addresses import AddressReading, normal_house, read_address
from vakhta.domain.house_lists import lines_of, pieces_of
from vakhta.domain.layouts import fold_key
from vakhta.kernel.refusal import Invalid, clean

from .models import Building
from .streets import distinct_streets

MOST_LINES, MOST_HOUSES, MOST_SIGNS = 500, 3000, 40_000
NEIGHBOURS = 4


@dataclass(frozen=True)
class FoundHouse:
    building: Building
    forgiven: str = ""
    """«линина → ленина» when letters were forgiven."""


@dataclass(frozen=True)
class WrongLine:
    line: str
    why: str


@dataclass(frozen=True)
class HouseList:
    houses: tuple[FoundHouse, ...] = ()
    """Each once, in the order of the lines."""
    wrong: tuple[WrongLine, ...] = ()

    @property
    def pks(self) -> tuple[int, ...]:
        return tuple(found.building.pk for found in self.houses)


@dataclass(frozen=True)
class _Wish:
    """A house of a street, or all of them (`house` empty)."""

    line: str
    street: str
    house: str
    said: str
    town: str
    forgiven: str


class _Unclear(ValueError):
    """Why a line cannot be understood."""


def read_house_list(text: str, field: str = "houses") -> HouseList:
    """Two queries. Raises Invalid about `field` for a list that is too long."""
    lines = lines_of(clean(text, field, "Дома", limit=MOST_SIGNS))
    if len(lines) > MOST_LINES:
        raise Invalid("Строк больше %(most)s: разделите объявление.", field, most=MOST_LINES)
    if not lines:
        return HouseList()
    streets = distinct_streets()
    wishes: list[_Wish] = []
    wrong: dict[str, str] = {}
    for line in lines:
        try:
            wishes += _wishes(line, streets)
        except _Unclear as why:
            wrong[line] = str(why)
    stock = _stock({wish.street for wish in wishes})
    found: dict[int, FoundHouse] = {}
    for wish in wishes:
        try:
            for house in _houses(wish, stock.get(fold_key(wish.street), [])):
                found.setdefault(house.pk, FoundHouse(house, wish.forgiven))
        except _Unclear as why:
            wrong[wish.line] = "; ".join(filter(None, (wrong.get(wish.line, ""), str(why))))
    if len(found) > MOST_HOUSES:
        raise Invalid("Домов больше %(most)s: разделите объявление.", field, most=MOST_HOUSES)
    return HouseList(tuple(found.values()), tuple(WrongLine(line, why) for line, why in wrong.items()))


def _wishes(line: str, streets: tuple[str, ...]) -> Iterator[_Wish]:
    """Houses that a line names, street by street. Raises _Unclear."""
    pieces, town, street = pieces_of(line), "", None
    for place, piece in enumerate(pieces):
        if piece.kind == "range":
            raise _Unclear(
                _("«%s» — это дома подряд или квартира? Напишите номера домов через запятую.") % piece.text
            )
        if piece.kind == "house":
            if street is None:
                raise _Unclear(_("сначала улица, потом дом"))
            yield _Wish(line, street.street, normal_house(piece.text), piece.text, town, street.forgiven)
            continue
        street, said_town = _street(f"г. {town}, {piece.text}" if town else piece.text, streets)
        town = said_town or town
        if street is None:
            continue  # a town stands before its street
        if street.address.number:
            yield _Wish(
                line, street.street, street.address.house, street.address.number, town, street.forgiven
            )
        elif place + 1 == len(pieces) or pieces[place + 1].kind == "street":
            yield _Wish(line, street.street, "", "", town, street.forgiven)
    if street is None:
        raise _Unclear(_("не названа улица"))


_TOWN = re.compile(r"(?:г|гор|город|пос|посёлок|поселок|пгт|с|село)\b\.?\s*[а-яё -]+", re.IGNORECASE)


def _street(text: str, streets: tuple[str, ...]) -> tuple[AddressReading | None, str]:
    """The street of a part of a line and the town that it names; no street for a town alone. Raises _Unclear."""
    readings = read_address(text, streets, 3)
    if not readings:
        if _TOWN.fullmatch(text):
            return None, fold_key(re.sub(r"^\w+\.?\s+", "", text))
        raise _Unclear(_("улицы «%s» среди наших домов нет") % text)
    best = readings[0]
    alike = [reading.street for reading in readings if reading.cost - best.cost < 0.5]
    if len(alike) > 1:
        raise _Unclear(_("какая улица: %s?") % _(" или ").join(alike))
    if best.address.may_be_corpus:
        best = replace(best, address=best.address.with_corpus())
    if best.address.flat:
        raise _Unclear(
            _(
                "«%s» — это дома подряд или квартира? Отключение объявляют по домам: напишите их через запятую."
            )
            % text
        )
    odd = " ".join(filter(None, (*best.unread, best.rest)))
    if odd:
        raise _Unclear(_("не понято: «%s»") % odd)
    return best, best.address.town


def _stock(streets: set[str]) -> dict[str, list[Building]]:
    rows = Building.objects.select_related("company").filter(
        street_key__in={fold_key(street) for street in streets}
    )
    found: dict[str, list[Building]] = {}
    for row in rows.order_by("house_key", "id"):
        found.setdefault(row.street_key, []).append(row)
    for houses in found.values():
        houses.sort(key=lambda house: (_number(house.house), house.house_key))
    return found


def _houses(wish: _Wish, street: list[Building]) -> list[Building]:
    """The houses of a street that a wish means. Raises _Unclear."""
    rows = [house for house in street if not wish.town or wish.town in fold_key(house.city).split()]
    cities = dict.fromkeys(house.city for house in rows)
    if not rows:
        raise _Unclear(_("улицы «%s» в этом городе нет") % wish.street)
    if not wish.house:
        if len(cities) > 1:
            raise _Unclear(_("%(street)s есть в нескольких городах: %(cities)s. Напишите город.")
                           % {"street": wish.street, "cities": ", ".join(cities)})  # fmt: skip
        return rows
    same = [house for house in rows if normal_house(house.house) == wish.house]
    if len({house.city for house in same}) > 1:
        raise _Unclear(_("%(street)s есть в нескольких городах: %(cities)s. Напишите город.")
                       % {"street": wish.street, "cities": ", ".join(cities)})  # fmt: skip
    if not same:
        near = sorted(rows, key=lambda house: abs(_number(house.house) - _number(wish.house)))[:NEIGHBOURS]
        there = ", ".join(
            house.house for house in sorted(near, key=lambda house: (_number(house.house), house.house_key))
        )
        raise _Unclear(_("%(street)s: дома %(house)s нет, рядом есть %(near)s")
                       % {"street": wish.street, "house": wish.said, "near": there})  # fmt: skip
    return same


def _number(house: str) -> int:
    figures = re.match(r"\d+", house)
    return int(figures[0][:9]) if figures else 0
