"""What a bench tells: figures with their bars, in one table.

Two kinds of bars. Ratios, shares and numbers of queries hold on every machine: one that is not kept fails the run.
Milliseconds and rows a second are of one machine at one moment, and a neighbour's load doubles them: one that is missed
is told so, to be read beside the yardstick, and fails nothing. A run that turns red by load would soon be read by nobody.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

GROWS_AT_MOST = 1.3
"""Times, from a tenth of the rows to all of them."""
NO_GROWTH_MS = 1.0
"""A difference that no clock of a shared machine tells from none."""
ROUNDS = 5


@dataclass(frozen=True)
class Yardstick:
    """The same machine, now: figures of two machines, or of two moments, are compared by it."""

    python: float
    """Milliseconds of a million additions in Python."""
    pgbench: float
    """Transactions a second of `yardstick.sql`."""

    def __str__(self) -> str:
        return f"{self.python:.0f} ms · {self.pgbench:,.0f}/s"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`bar`: at most so much, of `is_floor` at least; None: told, not judged."""

    what: str
    value: float
    unit: str = "ms"
    digits: int = 1
    bar: float | None = None
    is_floor: bool = False
    is_of_machine: bool = True
    """False: the bar holds on every machine."""
    may_grow: bool = False
    """With the rows of the city: an import, a verification."""
    note: str = ""
    fastest: float | None = None
    """The same where a neighbour disturbed it least, of the fastest round or at half of the screens: growth is told by
    it."""

    @property
    def is_kept(self) -> bool:
        if self.bar is None:
            return True
        return self.value >= self.bar if self.is_floor else self.value <= self.bar

    @property
    def said(self) -> str:
        return f"{self.value:,.{self.digits}f} {self.unit}".strip()

    @property
    def said_bar(self) -> str:
        if self.bar is None:
            return ""
        figure = f"{self.bar:,.2f}" if self.bar < 1 else f"{self.bar:,.1f}".removesuffix(".0")
        return f"{'≥' if self.is_floor else '≤'} {figure} {self.unit}".strip()


@dataclass
class Measured:
    """Figures of one size, each with the yardstick of its part; how many seconds each part took."""

    figures: list[tuple[Figure, Yardstick]] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)
    profile: list[tuple[str, float]] = field(default_factory=list)
    """Part of the code → its share of a registration's time."""


def is_good(measured: Measured) -> bool:
    return all(figure.is_kept or figure.is_of_machine for figure, _ in measured.figures)


@dataclass
class Results:
    """Measures the machine before and after each part (`yardstick`) and tells each figure at once."""

    yardstick: Callable[[], Yardstick]
    measured: Measured = field(default_factory=Measured)
    _now: Yardstick = field(default_factory=lambda: Yardstick(0, 0))

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._now, first = self.yardstick(), len(self.measured.figures)
        start = time.perf_counter()
        yield
        self.measured.took[name] = time.perf_counter() - start
        # The better of before and after: a neighbour's second is not the pace that the part was measured at.
        pace = min(self._now, self.yardstick(), key=lambda measured: measured.python)
        self.measured.figures[first:] = [(figure, pace) for figure, _ in self.measured.figures[first:]]

    def add(self, figure: Figure) -> None:
        self.measured.figures.append((figure, self._now))
        missed = (
            "" if figure.is_kept else "   MISSED: see the yardstick" if figure.is_of_machine else "   MISSED"
        )
        bar = f"   ({figure.said_bar})" if figure.bar is not None else ""
        note = f"   {figure.note}" if figure.note else ""
        print(f"  {figure.what:44} {figure.said:>16}{bar}{note}{missed}   [{self._now}]", flush=True)


def growth(whole: tuple[Figure, Yardstick], tenth: tuple[Figure, Yardstick]) -> float | None:
    """Times that a figure of milliseconds is greater than at a tenth of the rows, by the fastest rounds and with the
    machine's own pace at both moments taken out; None of one that may grow or is no time."""
    (figure, now), (small, then) = whole, tenth
    if figure.may_grow or figure.unit != "ms":
        return None
    large, little = (each.value if each.fastest is None else each.fastest for each in (figure, small))
    large /= now.python / then.python
    return min(1.0, large / little) if large - little <= NO_GROWTH_MS else large / little


def python_pace() -> float:
    def add() -> None:
        total = 0
        for n in range(1_000_000):
            total += n

    return statistics.median(timed(add) for _ in range(5))


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]
