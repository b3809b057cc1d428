"""What grows with a city beside its pages: the search of addresses and the verification of the journal."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from random import Random

from bench.limits import ROUNDS, Figure, Results, p95
from bench.size import FLATS
from vakhta.domain.layouts import to_latin
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify
from vakhta.places.models import Building
from vakhta.places.search import find_addresses

ADDRESSES = 500
ADDRESS_MS, RIGHT, ENTRIES = 20, 0.95, 100_000
LETTERS = "абвгдежзиклмнопрстуфхчшщыэюя"


@dataclass(frozen=True)
class Typed:
    """What somebody types, and the house and flat that they mean."""

    text: str
    building: int
    flat: str


def addresses(results: Results, scope: Scope) -> None:
    """Addresses as people type them, half of them with a slip, some in the wrong layout."""
    random = Random(2)
    with reading(scope):
        houses = [row for row in Building.objects.order_by("id") if row.city == "Заречье"]
        asked = [as_typed(house, random) for house in random.choices(houses, k=ADDRESSES)]
        right = sum(_is_right(typed) for typed in asked)
        rounds = [[_time(typed.text) for typed in asked] for _ in range(ROUNDS)]
    took = statistics.median(p95(times) for times in rounds)
    note = f"p50 {statistics.median(statistics.median(times) for times in rounds):.1f} ms of {ADDRESSES}"
    fastest = min(p95(times) for times in rounds)
    results.add(Figure(what="address search, p95", value=took, bar=ADDRESS_MS, note=note, fastest=fastest))
    results.add(
        Figure(
            what="address search, the right flat first", value=100 * right / len(asked), unit="%", bar=100 * RIGHT,
            is_floor=True, is_of_machine=False,
        )
    )  # fmt: skip


def _is_right(typed: Typed) -> bool:
    best = next(iter(find_addresses(typed.text)), None)
    flat = best.premises if best else None
    return bool(best and flat and best.building.pk == typed.building and flat.number == typed.flat)


def _time(text: str) -> float:
    start = time.perf_counter()
    find_addresses(text)
    return (time.perf_counter() - start) * 1000


def as_typed(house: Building, random: Random) -> Typed:
    words = house.street.partition(" ")[2].lower().split()
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    word, flat = words[longest], str(random.randint(1, FLATS))
    if random.random() < 0.5 and len(word) > 4:
        at = random.randrange(1, len(word) - 1)
        words[longest] = random.choice(
            (word[:at] + word[at + 1 :], word[:at] + random.choice(LETTERS) + word[at:],
             word[:at] + random.choice(LETTERS) + word[at + 1 :])
        )  # fmt: skip
    typed = f"{' '.join(words)} {house.house.lower()}-{flat}"
    return Typed(to_latin(typed) if random.random() < 0.15 else typed, house.pk, flat)


def journal(results: Results) -> None:
    with reading(Scope.system("bench")):
        start = time.perf_counter()
        found = verify()
        rate = found.checked / (time.perf_counter() - start)
    if found.problem:
        raise RuntimeError(f"journal: {found.problem}")
    results.add(
        Figure(
            what="journal verify", value=rate, unit="entries/s", digits=0, bar=ENTRIES, is_floor=True, may_grow=True,
            note=f"of {found.checked:,}, whole",
        )
    )  # fmt: skip
