"""What the rows of one file have said so far. Two that contradict each other would change the stock forth and back with
every reading, so the first one stands and the second is a bad row."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from vakhta.domain.layouts import fold_key

from .lines import Home


class Saying(NamedTuple):
    """`of`: the thing as the file names it; `what`: the same for a person; `field`: of its column."""

    of: tuple[Any, ...]
    what: str
    field: str
    value: Any


NEAR = 30_000
"""Sayings of flats and people that are remembered, some thousands of rows: rows of one flat stand together, and a city's
table must not be held in memory for two that do not."""
MANY = ("flat", "person")
"""Things of which a table has as many as rows; of the others a house has a few."""


class Told:
    """Of one file, whatever sheets it has. It grows with the houses and their parts, and not with the rows."""

    def __init__(self) -> None:
        self._said: dict[tuple[Any, ...], tuple[Any, str]] = {}
        self._near: OrderedDict[tuple[Any, ...], tuple[Any, str]] = OrderedDict()
        self._holders: OrderedDict[str, str] = OrderedDict()
        self.made: set[int] = set()
        """Houses that this file has brought: what it says of them later is no change."""

    def clash(self, home: Home, sheet: str = "") -> tuple[str, str] | None:
        """(field, reason) when an earlier row said otherwise; else the row is remembered."""
        said = {(*saying.of, saying.field): saying for saying in _sayings(home)}
        for key, saying in said.items():
            value, where = self._of(key).get(key, (saying.value, ""))
            if value != saying.value:
                return (
                    saying.field,
                    f"{saying.what}: {where} сказано другое. Оставьте в обеих строках то, что верно.",
                )
        where = f"в строке {home.row}" + (f" листа «{sheet}»" if sheet else "")
        for key, saying in said.items():
            self._of(key).setdefault(key, (saying.value, where))
        _forget_all_but(self._near, NEAR)
        return None

    def _of(self, key: tuple[Any, ...]) -> dict[tuple[Any, ...], tuple[Any, str]]:
        return self._near if key[0] in MANY else self._said

    def holds(self, account: str, name: str) -> bool:
        """Is an account that person's? Its first row says it; the others are who owns the flat beside them."""
        is_theirs = self._holders.setdefault(account, name) == name
        _forget_all_but(self._holders, NEAR)
        return is_theirs


def _forget_all_but(told: OrderedDict[Any, Any], most: int) -> None:
    while len(told) > most:
        told.popitem(last=False)


def _sayings(home: Home) -> Iterator[Saying]:
    """What may differ of the things that a row names."""
    house, printed = home.building_key, f"{home.street}, {home.house}"
    flat = fold_key(home.flat)
    yield from _filled(("house", house), f"Дом {printed}", guid=home.guid)
    of: tuple[Any, ...] = ("flat", house, flat)
    if flat:
        yield from _filled(of, f"{printed}, кв. {home.flat}", entrance=home.entrance, floor=home.floor)
    if home.name:
        of = ("person", house, flat, fold_key(home.name))
        yield from _filled(of, home.name, relation=home.relation, email=home.email)
    if home.cabin:
        lift = home.cabin
        yield from _filled(
            ("lift", house, lift.number), f"Лифт {lift.number}", entrance=home.entrance, lift_kind=lift.kind,
            lift_service=lift.service, lift_phone=lift.phone,
        )  # fmt: skip
    if home.door:
        door = home.door
        yield from _filled(
            ("door", house, home.entrance), f"{printed}, подъезд {home.entrance}", entrance_code=door.code,
            entrance_flats=door.first and (door.first, door.last),
        )  # fmt: skip
    if home.pipe:
        pipe = home.pipe
        of = ("riser", house, home.entrance, pipe.service, fold_key(pipe.feeds))
        yield from _filled(of, f"{printed}, стояк", riser_valve=pipe.valve)


def _filled(of: tuple[Any, ...], what: str, **values: Any) -> Iterable[Saying]:
    return (Saying(of, what, field, value) for field, value in values.items() if value not in (None, ""))
