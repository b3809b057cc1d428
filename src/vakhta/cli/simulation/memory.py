"""How much memory the demo beside takes: its supervisor with all parts, the database too."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from threading import Event, Thread

PROCESSES = Path("/proc")
EVERY = 5.0
"""Seconds between two looks."""


def of_tree(pid: int, processes: Path = PROCESSES) -> float | None:
    """MB of a process and of all that it started, what they share counted once; None where nobody tells it (a system
    without /proc, a process that has ended or is somebody else's)."""
    children = defaultdict[int, list[int]](list)
    for stat in processes.glob("[0-9]*/stat"):
        try:  # «17 (name) S 1 …»: the name may hold anything, brackets too
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
        children[parent].append(int(stat.parent.name))
    family, grown = [pid], 0
    while grown < len(family):
        family += children[family[grown]]
        grown += 1
    sizes = [_own(processes / str(one)) for one in family]
    return sum(size for size in sizes if size) / 1024 if sizes[0] else None


def _own(process: Path) -> int | None:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.M)
    except OSError:
        return None
    return int(found[1]) if found else None


class Watch:
    """Looks at the service's memory while the play goes on. `sizes`: MB at each look."""

    def __init__(self, pid: int | None) -> None:
        self.sizes: list[float] = []
        self._pid, self._is_over = pid, Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while self._pid and (size := of_tree(self._pid)):
            self.sizes.append(size)
            if self._is_over.wait(EVERY):
                return
