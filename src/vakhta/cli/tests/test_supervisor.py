"""The supervisor over small real processes: each says in a file that it lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from vakhta.cli import supervisor
from vakhta.cli.supervisor import Part, Supervisor, spawn

BOUND = 15.0
"""Seconds after which what is awaited will not come."""

LIVES = "import os, pathlib, signal; pathlib.Path('{mark}').open('a').write(f'{{os.getpid()}}\\n'); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + LIVES
WITH_CHILD = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child}]); " + LIVES
DIES = (
    "import os, pathlib; pathlib.Path('{mark}').open('a').write(f'{{os.getpid()}}\\n'); raise SystemExit(7)"
)


def until(is_true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + BOUND
    pause = threading.Event()
    while not is_true():
        assert time.monotonic() < end, what
        pause.wait(0.01)


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


class Watched:
    """A supervisor that watches in a thread; `born(name)` are the pids that a part has had."""

    def __init__(self, folder: Path, programs: dict[str, str]) -> None:
        self.folder, self.said = folder, list[str]()
        parts = [Part(name, name, self._starter(name, program)) for name, program in programs.items()]
        self.supervisor = Supervisor(parts, say=self.said.append)
        self.supervisor.start()
        self.thread = threading.Thread(target=self.supervisor.watch)
        self.thread.start()

    def _starter(self, name: str, program: str) -> Callable[[], subprocess.Popen[bytes]]:
        child = LIVES.format(mark=self.folder / f"{name}-child")
        code = program.format(mark=self.folder / name, child=repr(child))
        return lambda: spawn([sys.executable, "-c", code], self.folder / "log" / f"{name}.log")

    def born(self, name: str) -> list[int]:
        mark = self.folder / name
        return [int(line) for line in mark.read_text().splitlines()] if mark.exists() else []

    def await_birth(self, name: str, number: int = 1) -> int:
        until(lambda: len(self.born(name)) >= number, f"{name} was born {number} times")
        return self.born(name)[number - 1]

    def end(self) -> None:
        self.supervisor.stop.set()
        self.thread.join(BOUND)
        self.supervisor.end()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    started = []

    def start(**programs: str) -> Watched:
        started.append(Watched(tmp_path, programs))
        return started[-1]

    yield start
    for watched in started:
        watched.end()


def test_a_killed_part_is_started_again_and_the_others_stay(watch: Callable[..., Watched]) -> None:
    watched = watch(first=LIVES, second=LIVES)
    stays, killed = watched.await_birth("first"), watched.await_birth("second")
    os.kill(killed, signal.SIGKILL)
    again = watched.await_birth("second", 2)
    assert again != killed and lives(again)
    assert watched.born("first") == [stays]
    until(lambda: "second: работает снова" in watched.said, "the person is told")
    assert "second: остановилось (сигнал SIGKILL), запускаю снова" in watched.said


def test_what_a_killed_part_had_started_goes_with_it(watch: Callable[..., Watched]) -> None:
    watched = watch(first=LIVES, second=WITH_CHILD)
    killed, child = watched.await_birth("second"), watched.await_birth("second-child")
    os.kill(killed, signal.SIGKILL)
    watched.await_birth("second", 2)
    until(lambda: not lives(child), "the orphan is swept")


def test_a_part_that_dies_at_once_is_retried_more_slowly_and_told_a_few_times(
    watch: Callable[..., Watched],
) -> None:
    watched = watch(first=LIVES, second=DIES)
    watched.await_birth("second", 4)
    until(
        lambda: any("запускаю дальше молча" in line for line in watched.said), "told that it goes on silently"
    )
    assert sum("second: остановилось (код 7)" in line for line in watched.said) == 2
    assert watched.supervisor.parts[1].restart_at - time.monotonic() < 5.5


def test_a_disk_that_fills_while_all_works_is_told_and_so_is_its_room(
    watch: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ROOM_EVERY", 0.0)
    watched = watch(first=LIVES)
    pid = watched.await_birth("first")
    for has_room, line in ((False, supervisor.NO_ROOM), (True, supervisor.ROOM_AGAIN)):
        watched.supervisor.has_room = partial(bool, has_room)
        until(partial(watched.said.__contains__, line), line)
    assert watched.said.count(supervisor.NO_ROOM) == 1 and lives(pid)


def test_the_end_takes_everyone_within_five_seconds_even_the_deaf(watch: Callable[..., Watched]) -> None:
    watched = watch(first=DEAF, second=DEAF, third=WITH_CHILD)
    names = ("first", "second", "third", "third-child")
    pids = [watched.await_birth(name) for name in names]
    start = time.monotonic()
    watched.end()
    assert time.monotonic() - start < 5
    until(lambda: not any(map(lives, pids)), "nobody is left")


def test_the_first_part_ends_last(watch: Callable[..., Watched], tmp_path: Path) -> None:
    order = tmp_path / "order"
    tells = (
        "import signal, pathlib, sys\n"
        f"def end(*_):\n pathlib.Path('{order}').open('a').write('NAME '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
    )
    watched = watch(
        first=tells.replace("NAME", "first") + LIVES, second=tells.replace("NAME", "second") + LIVES
    )
    watched.await_birth("first"), watched.await_birth("second")
    watched.end()
    assert order.read_text().split() == ["second", "first"]


def test_parts_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    code = (
        "import sys, signal; from pathlib import Path; from vakhta.cli.supervisor import spawn\n"
        f"spawn([sys.executable, '-c', {LIVES.format(mark=mark)!r}], Path({str(tmp_path / 'log')!r}))\n"
        "signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as supervisor:
        until(lambda: mark.exists() and mark.read_text().endswith("\n"), "the part lives")
        supervisor.kill()
    child = int(mark.read_text())
    until(lambda: not lives(child), "the part ended with its supervisor")
