"""Addresses as people type them, found in the stock: «лен15-42» → ул. Ленина, 15, кв. 42."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vakhta.domain.addresses import AddressReading, normal_house, read_address
from vakhta.domain.layouts import fold_key

from .models import Building, Premises


@dataclass(frozen=True)
class Hit:
    building: Building
    premises: Premises | None
    is_certain: bool
    """The only house that fits, and the house number was said."""
    forgiven: str = ""
    """The word that was read otherwise, e.g. «линина → ленина»."""
    rest: str = ""
    """Words behind the address: «теч стояк»."""

    @property
    def title(self) -> str:
        return f"{self.building}, кв. {self.premises.number}" if self.premises else str(self.building)


def find_addresses(text: str, limit: int = 8) -> list[Hit]:
    """Houses (with the flat, when it was said and exists) that a text may mean, best first. Two
    queries."""
    by_street: dict[str, list[Building]] = {}
    for building in Building.objects.select_related("company"):
        by_street.setdefault(building.street, []).append(building)
    readings = read_address(text, by_street, limit)
    fits = [
        (reading, building, is_said)
        for reading in readings
        for building, is_said in _houses(by_street[reading.street], reading.address.house)
    ]
    # A house that was said whole on a street that was misspelt stands before a half-said one.
    fits.sort(key=lambda fit: (not fit[2], fit[0].cost))
    said = [fit for fit in fits if fit[2] and fit[0].cost == fits[0][0].cost]
    flats = _flats([building.pk for _, building, _ in fits[:limit]], readings)
    return [
        Hit(
            building=building,
            premises=flats.get(building.pk),
            is_certain=is_said and len(said) == 1 and building is said[0][1],
            forgiven=reading.forgiven,
            rest=reading.rest,
        )
        for reading, building, is_said in fits[:limit]
    ]


def _houses(buildings: Iterable[Building], house: str) -> list[tuple[Building, bool]]:
    """Houses whose number is the said one, or begins with it; all of the street when none was said.
    The flag: it is exactly the said one."""
    found = []
    for building in buildings:
        key = normal_house(building.house)
        if key.startswith(house):
            found.append((building, bool(house) and key == house))
    found.sort(key=lambda pair: (not pair[1], len(pair[0].house_key), pair[0].house_key))
    return found


def _flats(buildings: list[int], readings: list[AddressReading]) -> dict[int, Premises]:
    flat = readings[0].address.flat if readings else ""
    if not flat:
        return {}
    return {
        row.building_id: row
        for row in Premises.objects.filter(building_id__in=buildings, number_key=fold_key(flat))
    }
