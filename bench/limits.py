"""Two kinds of limits. Ratios, shares and numbers of queries hold on every machine: one that is not kept fails the run.
Milliseconds and rows a second are of one machine at one moment, and a neighbour's load doubles them: one that is missed
is told so, to be read beside the yardstick, and fails nothing. A run that turns red by load would soon be read by nobody.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def absolute(kept: bool) -> str:
    """What stands behind a figure of this machine."""
    return "" if kept else "   MISSED: see the yardstick"


def say_yardstick() -> None:
    """The same machine's Python, now: figures of two machines, or of two moments, are compared by it."""
    print(f"yardstick     {_yardstick():7.1f} ms for a million additions in Python")


def _yardstick() -> float:
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
