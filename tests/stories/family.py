"""The processes of a running demo, found in /proc: who they are, and whether anybody is left."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    words: tuple[str, ...]

    @property
    def part(self) -> str:
        """ "serve", "clock", …, "postgres"; "demo" is the supervisor itself."""
        if self.words and Path(self.words[0]).name == "postgres":
            return "postgres"
        if "vakhta.cli" in self.words[:-1]:
            return self.words[self.words.index("vakhta.cli") + 1]
        return ""

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


class Family:
    """All that belongs to the demo over one data folder, orphans too: each has the folder in its
    environment or in its words, or descends from one that has."""

    def __init__(self, folder: Path) -> None:
        self._mark = str(folder).encode()

    def living(self) -> list[Process]:
        everybody = {process.pid: process for process in map(_read, _pids()) if process is not None}
        ours = {pid for pid in everybody if self._is_marked(pid)}
        for pid in everybody:
            if ours & set(_ancestors(pid, everybody)):
                ours.add(pid)
        return [everybody[pid] for pid in sorted(ours)]

    def _is_marked(self, pid: int) -> bool:
        return any(self._mark in _bytes(pid, name) for name in ("environ", "cmdline"))

    def part(self, name: str, supervisor: int) -> Process | None:
        """The leader of a part: the supervisor's own child."""
        found = [p for p in self.living() if p.parent == supervisor and p.part == name]
        return found[0] if found else None

    def children(self, pid: int) -> list[Process]:
        return [p for p in self.living() if p.parent == pid]


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _bytes(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _read(pid: int) -> Process | None:
    """None when it has ended, also when its parent has not noticed yet."""
    state, _, rest = _bytes(pid, "stat").decode(errors="replace").rpartition(")")[2].strip().partition(" ")
    if state in ("", "Z", "X"):
        return None
    words = _bytes(pid, "cmdline").decode(errors="replace").split("\0")
    return Process(pid, int(rest.split()[0]), tuple(words))


def _ancestors(pid: int, everybody: dict[int, Process]) -> list[int]:
    found = []
    while pid in everybody and pid not in found:
        found.append(pid)
        pid = everybody[pid].parent
    return found
