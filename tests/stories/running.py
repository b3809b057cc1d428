"""The whole service as a child process for the stories: `vakhta demo` in an empty folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from vakhta.cli.embedded_postgres import EmbeddedPostgres

PATIENCE = 120.0
"""Seconds that a started service or an awaited thing may take; a bound, not a pace."""
ALONE = ("--without", "simulate")
"""Nobody acts but the story."""


@dataclass(frozen=True)
class KnownCaller:
    phone: str
    street: str


class Running:
    """A running demo: `url`, `token` of its API, `vakhta(...)` runs a command on the same data."""

    def __init__(self, folder: Path, *extra: str) -> None:
        self.folder = folder
        self.port, live, mail = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "VAKHTA_DATA_DIR": str(folder),
            "VAKHTA_PORT": str(self.port),
            "VAKHTA_LIVE_PORT": str(live),
            "VAKHTA_MAIL_PORT": str(mail),
        }
        self._log = (folder.parent / f"{folder.name}.log").open("w+")
        self.process = subprocess.Popen(
            [*VAKHTA, "demo", *extra],
            env=self.env,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            self.wait_for(self._answers, "the demo answers")
        except BaseException:
            self.stop()
            raise

    @property
    def token(self) -> str:
        return (self.folder / "api-token").read_text().strip()

    @property
    def today(self) -> str:
        return datetime.now(ZoneInfo("Europe/Moscow")).date().isoformat()  # noqa: TID251 - a test's clock

    def known_caller(self) -> KnownCaller:
        """A resident of the demo city with an e-mail, whose phone the service knows."""
        phone, street = (self.folder / "demo-caller").read_text().strip().split("\t")
        return KnownCaller(phone, street)

    def vakhta(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*VAKHTA, *words], env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def wait_for(self, is_true: Callable[[], bool], what: str) -> None:
        """Looks until it is true; fails with the demo's own words when it takes too long."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            if is_true():
                return
            time.sleep(0.05)
        self._log.flush()
        raise AssertionError(
            f"not within {PATIENCE:.0f} s: {what}\n{Path(self._log.name).read_text()[-4000:]}"
        )

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/demo/", timeout=2.0).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self._log.close()


def make_town(folder: Path) -> None:
    """The demo's town in a data folder to be copied: its database has ended, and not only lost its demo, which kills what
    has not ended in five seconds on a machine with much to do."""
    Running(folder, *ALONE).stop()
    database = EmbeddedPostgres(folder / "postgres")
    if (database.folder / "postmaster.pid").exists():
        database.start()
        database.stop()


VAKHTA = [sys.executable, "-m", "vakhta.cli"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the part with all its processes."""
    if process.poll() is None:
        os.killpg(process.pid, 9)
        process.wait()


SOON = 15.0
"""Seconds in which a restarted part must have gone on; starting takes two or three of them."""


def until(is_so: Callable[[], bool], what: str) -> None:
    """Looks until it is so, for `SOON`."""
    end, pause = time.monotonic() + SOON, threading.Event()
    while not is_so():
        assert time.monotonic() < end, f"not within {SOON:.0f} s: {what}"
        pause.wait(0.05)
