"""Keeps the parts of the service running: starts them, restarts what dies, ends all of them together.

Each part is a child process in its own session that dies with the supervisor (also after kill -9).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

GRACE = 4.0
"""Seconds in which a part may end by itself before it is killed."""
QUICK = 5.0
"""A part that lives shorter than this is restarted more and more slowly."""
SLOWEST = 5.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """`start` starts the process anew each time. `name` stands in the log and on the terminal."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait: float = 0.1
    restart_at: float = 0.0
    restarts: int = 0


def spawn(words: list[str], log: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """A child in its own session, its output in a log file, that ends with this process."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            words, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env={**os.environ, **env},
            start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Supervisor:
    """`say` tells the person one line for each part that is started or restarted."""

    parts: list[Part]
    say: Callable[[str], None]
    stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for part in self.parts:
            self._start(part)

    def watch(self) -> None:
        """Until `stop`: what has died is started again, slower each time if it dies at once."""
        while not self.stop.is_set():
            now = time.monotonic()
            for part in self.parts:
                if part.process is not None and part.process.poll() is not None:
                    self._died(part, now)
                elif part.process is None and now >= part.restart_at:
                    part.restarts += 1
                    self._start(part)
                    self.say(f"{part.name}: запущен снова")
            self.stop.wait(0.1)

    def _start(self, part: Part) -> None:
        part.process, part.started_at = part.start(), time.monotonic()

    def _died(self, part: Part, now: float) -> None:
        assert part.process is not None
        lived, code = now - part.started_at, part.process.returncode
        part.wait = min(part.wait * 2, SLOWEST) if lived < QUICK else 0.1
        part.process, part.restart_at = None, now + part.wait
        self.say(f"{part.name}: остановился ({_how(code)})")

    def end(self) -> None:
        """Ends the parts in the reverse order of their start: all are asked at once except the
        first (the database), which goes last; what does not go is killed."""
        first, rest = self.parts[:1], self.parts[1:]
        for group in (rest, first):
            self._end([part for part in group if part.process is not None])

    @staticmethod
    def _end(parts: list[Part]) -> None:
        for part in parts:
            assert part.process is not None
            part.process.send_signal(signal.SIGINT if part.name == "postgres" else signal.SIGTERM)
        end = time.monotonic() + GRACE / 2
        for part in parts:
            assert part.process is not None
            try:
                part.process.wait(max(0.05, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.process.kill()
                part.process.wait()


def _how(code: int) -> str:
    if code < 0:
        return f"сигнал {signal.Signals(-code).name}"
    return f"код {code}"
