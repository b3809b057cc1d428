"""Addresses as people type them, found in the stock: «лен15-42» → ул. Ленина, 15, кв. 42."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vakhta.domain.layouts import as_russian, fold_key
from vakhta.domain.typos import allowed_typos, prefix_distance

from .models import Building, Premises

_GENERIC = frozenset(
    [
        "ул",
        "улица",
        "пр",
        "т",
        "проспект",
        "просп",
        "пер",
        "переулок",
        "пл",
        "площадь",
        "д",
        "дом",
        "кв",
        "квартира",
        "г",
        "город",
        "наб",
        "бульвар",
    ]
)
_JOINED = re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d]{3})")


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
    words, house, flat = _parts(text)
    if not words:
        return []
    scored = []
    for building in Building.objects.all():
        cost = _cost(words, building.street_key.split())
        if cost is not None and (not house or building.house_key.startswith(house)):
            scored.append(
                (cost, building.house_key != house, building.street_key, len(building.house_key), building)
            )
    scored.sort(key=lambda s: s[:4])
    exact = [s for s in scored if not s[1] and s[0] == scored[0][0]]
    flats = _flats([s[4].pk for s in scored[:limit]], flat)
    return [
        Hit(
            building=building,
            premises=flats.get(building.pk),
            is_certain=len(exact) == 1 and not other_house,
            forgiven="" if cost == 0 else f"{' '.join(words)} → {building.street}",
        )
        for cost, other_house, _, _, building in scored[:limit]
    ]


def _parts(text: str) -> tuple[list[str], str, str]:
    """(words of the street, house, flat) of a folded text."""
    folded = fold_key(_JOINED.sub(" ", as_russian(text)))
    tokens = [token for token in folded.split() if token not in _GENERIC]
    first = next((i for i, t in enumerate(tokens) if t[0].isdigit() and i > 0), len(tokens))
    numbers = [t for t in tokens[first:] if t[0].isdigit()]
    house, flat = [*numbers, "", ""][:2]
    return tokens[:first], house, flat


def _cost(words: list[str], street: list[str]) -> int | None:
    """How many letters must be forgiven for the words to begin words of the street; None: too many."""
    total = 0
    for word in words:
        allowed = allowed_typos(len(word))
        best = min((prefix_distance(word, part, allowed) for part in street), default=9)
        if best > allowed:
            return None
        total += best
    return total


def _flats(buildings: list[int], flat: str) -> dict[int, Premises]:
    if not flat:
        return {}
    return {
        row.building_id: row for row in Premises.objects.filter(building_id__in=buildings, number_key=flat)
    }
