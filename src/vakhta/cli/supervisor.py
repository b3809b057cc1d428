"""Keeps the parts of the service running: starts them, restarts what dies, ends all of them together.

Each part is a child process that leads a process group of its own and is ended by the kernel when
the supervisor dies, also after kill -9.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from vakhta.config.parents import end_with
from vakhta.kernel.reasons import reason

GRACE = 2.0
"""Seconds that a group of parts may take to end by itself. Two groups: under five seconds together."""
QUICK = 5.0
"""A part that lives shorter than this is restarted more and more slowly."""
FIRST_WAIT, SLOWEST = 0.1, 5.0
"""Seconds before a restart: after a long life, and at the most."""
TALKATIVE = 3
"""Quick deaths in a row that are told; later ones are not, the log has them."""
ROOM_EVERY = 5.0
"""Seconds between two looks at the disk."""
NO_ROOM = "диск: осталось меньше 200 МБ, освободите место; что не запишется, будет отклонено, а не потеряно"
ROOM_AGAIN = "диск: место снова есть"


@dataclass
class Part:
    """`start` starts the process anew each time and returns at once; `title` is for the person;
    `delay` seconds pass before its first start, so that what a person waits for comes sooner."""

    name: str
    title: str
    start: Callable[[], subprocess.Popen[bytes]]
    end_with: signal.Signals = signal.SIGTERM
    delay: float = 0.0
    process: subprocess.Popen[bytes] | None = None
    started_at: float | None = None
    quick_deaths: int = 0
    restart_at: float = 0.0


def spawn(words: list[str], log: Path) -> subprocess.Popen[bytes]:
    """A child that leads its own group, writes into a log file and ends with this process."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # nosec B603  # our own parts, no shell
            words,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGTERM),
        )


def dying_with_parent(by: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends `by` to the child when this process ends in any way."""
    return partial(end_with, os.getpid(), by)


@dataclass
class Supervisor:
    """`parts` in the order of starting; the first one (the database) ends last. `say` tells the
    person one line about one part; `has_room` is whether the disk can take more, and a change of that is told."""

    parts: list[Part]
    say: Callable[[str], None]
    has_room: Callable[[], bool] = lambda: True
    stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Starts the parts without a delay; `watch` starts the others."""
        now = time.monotonic()
        for part in self.parts:
            part.restart_at = now + part.delay
            if part.process is not None:
                part.started_at = now
                self.say(f"{part.title}: работает")
            elif not part.delay:
                self._start(part)

    def watch(self) -> None:
        """Until `stop`: what has died is started again, slower each time if it dies at once."""
        had_room, next_look = True, 0.0
        while not self.stop.is_set():
            now = time.monotonic()
            if now >= next_look:
                had_room, next_look = self._see_room(had_room), now + ROOM_EVERY
            for part in self.parts:
                if part.process is None:
                    if now >= part.restart_at:
                        self._start(part)
                elif part.process.poll() is not None:
                    self._died(part, now)
            self.stop.wait(0.1)

    def _see_room(self, before: bool) -> bool:
        has_room = self.has_room()
        if has_room != before:
            self.say(ROOM_AGAIN if has_room else NO_ROOM)
        return has_room

    def _start(self, part: Part) -> None:
        is_first = part.started_at is None
        try:
            part.process, part.started_at = part.start(), time.monotonic()
        except OSError as error:
            part.restart_at = time.monotonic() + SLOWEST
            self.say(f"{part.title}: не запускается ({reason(error)})")
            return
        if part.quick_deaths <= TALKATIVE:
            self.say(f"{part.title}: {'работает' if is_first else 'работает снова'}")

    def _died(self, part: Part, now: float) -> None:
        assert part.process is not None and part.started_at is not None
        _sweep(part.process.pid)
        part.quick_deaths = part.quick_deaths + 1 if now - part.started_at < QUICK else 0
        part.restart_at = now + min(FIRST_WAIT * 2**part.quick_deaths, SLOWEST)
        how, part.process = _how(part.process.returncode), None
        if part.quick_deaths < TALKATIVE:
            self.say(f"{part.title}: остановилось ({how}), запускаю снова")
        elif part.quick_deaths == TALKATIVE:
            self.say(f"{part.title}: останавливается сразу ({how}), запускаю дальше молча; причина в журнале")

    def end(self) -> None:
        """Ends everything: first all that use the database, then the database."""
        for group in (self.parts[1:], self.parts[:1]):
            _end([part for part in group if part.process is not None])


def _end(parts: list[Part]) -> None:
    """Asks all at once; what has not gone after GRACE is killed with all that it started."""
    for part in parts:
        assert part.process is not None
        part.process.send_signal(part.end_with)
    limit = time.monotonic() + GRACE
    for part in parts:
        process, part.process = part.process, None
        assert process is not None
        try:
            process.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _sweep(process.pid)


def _sweep(group: int) -> None:
    """Kills what is left of a dead leader's group: a worker that kept its port, for example."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _how(code: int) -> str:
    return f"сигнал {signal.Signals(-code).name}" if code < 0 else f"код {code}"
