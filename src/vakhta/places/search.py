"""Addresses as people type them, found in the stock: «лен15-42» → ул. Ленина, 15, кв. 42.

Streets are few (hundreds in a city), houses many: the street is matched in memory among the distinct
streets of the running scope (`streets`), then only that street's houses are asked for, as keys, and only those that
are shown become rows. So the work does not grow with the city.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Q

from vakhta.domain.addresses import AddressReading, normal_house, read_address
from vakhta.domain.layouts import fold_key

from .models import Building, Premises
from .streets import distinct_streets

NEIGHBOURS = 4
"""How many houses of a street are offered when the said one is not there."""
_SAID, _SLASHED, _BEGUN, _NEAR = 0.0, 0.3, 1.5, 1.6
"""What a house costs beside its street: said whole; «12/2» for «12 к2»; only begun; another number.
A house said whole on a street with one slip stands before a begun one on the exact street."""
_CLEARLY = 0.5
"""One street fits clearly better than another when it costs so much less: one letter is 1."""
_WORDS = 0.5
"""From this cost of an address on (a slip costs 1) what was typed is words, not a house."""
_DOUBT = 1.2
"""From this cost of the street on nothing is offered for a house that is not there."""


@dataclass(frozen=True)
class Hit:
    building: Building
    premises: Premises | None
    is_certain: bool
    """All that was said was read, letter for letter, as this house and no other: nobody need choose."""
    cost: float = 0.0
    """Of the street as it was said: below 0.1 word for word, 1 and more with slips."""
    forgiven: str = ""
    """The word that was read otherwise, e.g. «линина → ленина»."""
    unread: tuple[str, ...] = ()
    """Words before the street that are no part of it and not the house's town: «трасса» of «трасса М-5»."""
    rest: str = ""
    """Words behind the address: «теч стояк»."""
    is_said: bool = False
    """The house that was said, and not one of its street that begins alike or stands near."""
    unknown_house: str = ""
    """«14» when the street has no such house and this is another one of it."""
    unknown_flat: str = ""
    """«999» when the house has no such flat."""

    @property
    def title(self) -> str:
        return f"{self.building}, кв. {self.premises.number}" if self.premises else str(self.building)

    @property
    def condition(self) -> Q:
        """What lies in the flat, or anywhere in the house."""
        return Q(premises=self.premises) if self.premises else Q(building=self.building)


@dataclass(frozen=True)
class _Fit:
    """A house that a reading may mean."""

    building: int
    reading: AddressReading
    cost: float
    is_said: bool
    unknown_house: str = ""


def the_address(said: str) -> Hit | None:
    """The house or flat that a search names, with nothing beside it and hardly a slip; None for words. A street
    without a house is none: it is among the words of its tickets."""
    best = next(iter(find_addresses(said, limit=2)), None) if any(sign.isdigit() for sign in said) else None
    if best is None or best.cost >= _WORDS or best.unread or best.rest or best.unknown_house:
        return None
    return best


def find_addresses(text: str, limit: int = 8) -> list[Hit]:
    """Houses (with the flat, when it was said and exists) that a text may mean, best first. At most
    four queries, whatever the size of the stock."""
    readings = read_address(text, distinct_streets, limit)
    if not readings:
        return []
    readings = [_sober(reading, readings[0]) for reading in readings]
    stock = _houses({reading.street for reading in readings})
    readings = [_with_corpus(reading, stock[reading.street]) for reading in readings]
    fits = [fit for reading in readings for fit in _fits(reading, stock.get(reading.street, []), limit)]
    fits.sort(key=lambda fit: fit.cost)  # stable: houses of a street keep their order
    shown = fits[:limit]
    said = [fit for fit in fits if fit.is_said]
    buildings = Building.objects.select_related("company").in_bulk([fit.building for fit in shown])
    is_certain = (
        bool(said)
        and shown[0] is said[0]
        and _is_alone(said, readings)
        and said[0].reading.is_clear
        and not _unread(said[0], buildings[said[0].building])
    )
    flat = shown[0].reading.address.flat if shown else ""
    flats = _flats(buildings, flat)
    return [
        Hit(
            building=buildings[fit.building],
            premises=flats.get(fit.building),
            is_certain=is_certain and fit is shown[0],
            cost=fit.reading.cost,
            forgiven=fit.reading.forgiven,
            unread=_unread(fit, buildings[fit.building]),
            rest=fit.reading.rest,
            is_said=fit.is_said,
            unknown_house=fit.unknown_house,
            unknown_flat="" if fit.building in flats else flat,
        )
        for fit in shown
    ]


def _sober(reading: AddressReading, best: AddressReading) -> AddressReading:
    """«Ленина 14» is not Ленинская, 14, even when only that house exists: a slip is forgiven less when a
    street fits without it."""
    return replace(reading, cost=reading.cost + 1) if reading.cost > best.cost + _CLEARLY else reading


def _with_corpus(reading: AddressReading, houses: list[tuple[int, str]]) -> AddressReading:
    """«Мира 12 к10» is a flat of Мира, 12, unless the street has such a corpus."""
    whole = reading.address.with_corpus()
    is_there = reading.address.may_be_corpus and any(key == whole.house for _pk, key in houses)
    return replace(reading, address=whole) if is_there else reading


def _is_alone(said: list[_Fit], readings: list[AddressReading]) -> bool:
    """Is the first said house the only one of its cost, on a street that no other fits as well? A street
    that fits as well and has no such house may be the one that was meant."""
    first = said[0]
    others = (reading for reading in readings if reading.street != first.reading.street)
    return (
        first.cost == first.reading.cost  # «12/2» may be another house than «12 к2»
        and len([fit for fit in said if fit.cost == first.cost]) == 1
        and all(first.reading.cost < other.cost for other in others)
    )


def _unread(fit: _Fit, house: Building) -> tuple[str, ...]:
    """Words up to the house that nobody understood: «трасса М-5» is no ул. Мира, 5, and Ленина, 15 of
    another town is not ours."""
    reading, own = fit.reading, fold_key(house.city).split()
    return tuple(word for word in (reading.address.town, *reading.unread) if word and word not in own)


# ── The stock ────────────────────────────────────────────────────────────────────────────────


def _houses(streets: set[str]) -> dict[str, list[tuple[int, str]]]:
    """Ids and comparable keys of the houses of these streets."""
    found: dict[str, list[tuple[int, str]]] = {street: [] for street in streets}
    rows = Building.objects.filter(street_key__in={fold_key(street) for street in streets}).order_by()
    for pk, street, house in rows.values_list("pk", "street", "house"):
        if street in found:
            found[street].append((pk, _house_key(house)))
    return found


@lru_cache(maxsize=20_000)
def _house_key(house: str) -> str:
    return normal_house(house)


def _flats(buildings: Iterable[int], flat: str) -> dict[int, Premises]:
    if not flat:
        return {}
    rows = Premises.objects.filter(building_id__in=list(buildings), number_key=fold_key(flat)).order_by()
    return {row.building_id: row for row in rows}


# ── Which house ──────────────────────────────────────────────────────────────────────────────


def _fits(reading: AddressReading, houses: list[tuple[int, str]], limit: int) -> list[_Fit]:
    """Houses of the street that may be meant: the said one, those that begin like it; when it is not
    there, the nearest numbers, with the word that it is not there."""
    said, begun = [], []
    house, number = reading.address.house, reading.address.number
    for pk, key in houses:
        extra = _SAID if key == house else _SLASHED if _slashless(key) == _slashless(house) else _BEGUN
        if extra < _BEGUN:
            said.append(_Fit(pk, reading, reading.cost + extra, is_said=True))
        elif key.startswith(house):
            begun.append((key, pk))
    begun.sort(key=lambda pair: (_number(pair[0]) if not number else len(pair[0]), pair[0]))
    absent = house if number and not said else ""
    more = [
        _Fit(pk, reading, reading.cost + _BEGUN, is_said=False, unknown_house=absent)
        for _key, pk in begun[:limit]
    ]
    if not absent or reading.cost >= _DOUBT:
        return [*said, *more]
    known = {fit.building for fit in more}
    near = sorted((abs(_number(key) - _number(house)), key, pk) for pk, key in houses if pk not in known)
    return more + [
        _Fit(pk, reading, reading.cost + _NEAR, is_said=False, unknown_house=absent)
        for _away, _key, pk in near[: max(0, NEIGHBOURS - len(more))]
    ]


def _slashless(key: str) -> str:
    return key.replace("/", "к")


def _number(key: str) -> int:
    figures = re.match(r"\d+", key)
    return int(figures[0]) if figures else 0
