"""What the rows of one file have said so far. Two that contradict each other would change the stock forth and back with
every reading, so the first one stands and the second is a bad row."""

from __future__ import annotations

import hashlib
import sqlite3
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


class Told:
    """Of one file, whatever sheets it has. It is kept on disk, in a file that has no name and ends with the process,
    so that memory does not grow with the table; and as digests, so that no resident's words lie there."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("PRAGMA cache_size = -16000")
        self._kept.execute("CREATE TABLE said (key BLOB PRIMARY KEY, value BLOB, place TEXT) WITHOUT ROWID")
        self._kept.execute("BEGIN")  # and no end: nobody else reads it
        self.made: set[int] = set()
        """Houses that this file has brought: what it says of them later is no change."""

    def clash(self, home: Home, sheet: str = "") -> tuple[str, str] | None:
        """(field, reason) when an earlier row said otherwise; else the row is remembered."""
        said = {_digest(saying.of, saying.field): saying for saying in _sayings(home)}
        for key, saying in said.items():
            known = self._kept.execute("SELECT value, place FROM said WHERE key = ?", [key]).fetchone()
            if known and known[0] != _digest(saying.value):
                reason = f"{saying.what}: {known[1]} сказано другое. Оставьте в обеих строках то, что верно."
                return saying.field, reason
        place = f"в строке {home.row}" + (f" листа «{sheet}»" if sheet else "")
        self._keep((key, _digest(saying.value), place) for key, saying in said.items())
        return None

    def holds(self, account: str, name: str) -> bool:
        """Is an account that person's? Its first row says it; the others are who owns the flat beside them."""
        key, value = _digest("account", account), _digest(name)
        self._keep([(key, value, "")])
        return bool(
            self._kept.execute("SELECT value = ? FROM said WHERE key = ?", [value, key]).fetchone()[0]
        )

    def _keep(self, rows: Iterable[tuple[bytes, bytes, str]]) -> None:
        """What is there already stays as it was said first."""
        self._kept.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", rows)


def _digest(*said: Any) -> bytes:
    return hashlib.blake2b(repr(said).encode(), digest_size=16).digest()


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
