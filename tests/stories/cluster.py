"""The parts of the service over a database that is not the demo's: behind PgBouncer, under Patroni."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from tests.stories.lacking import lacks
from tests.stories.running import VAKHTA, free_port
from vakhta.cli.embedded_postgres import APP, OWNER, SYSTEM_USER, _as_ordinary_user, _as_system_user

PATIENCE = 60.0
TOWN = """
from vakhta.cli.main import setup_service
setup_service()
from vakhta.cli.demo_city import ensure_demo_city
ensure_demo_city()
"""
PARTS = ("serve", "followers", "worker", "clock")


def find(name: str, package: str) -> str:
    """A Debian program; the story is skipped without it."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if path is None:
        lacks(name, package)
    return path


def until(is_true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if is_true():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {patience:.0f} s: {what}")


def own(folder: Path) -> Path:
    """A folder for programs that refuse to run as root."""
    folder.mkdir(parents=True, exist_ok=True)
    if _as_system_user():
        shutil.chown(folder, SYSTEM_USER)
    return folder


class Processes:
    """Child processes with logs in one folder; all of them are killed at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._all: list[subprocess.Popen[bytes]] = []
        self.servers: list[Path] = []
        """Data folders of PostgreSQL servers that others start; none of them outlives the story."""

    def start(
        self, name: str, *words: str, env: dict[str, str] | None = None, is_ordinary: bool = False
    ) -> subprocess.Popen[bytes]:
        """`is_ordinary`: not as root, also when the tests are."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*(_as_ordinary_user() if is_ordinary else ()), *words],
                env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self._all.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of it and of its group."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in reversed(self._all):
            self.kill(process)
        for data in self.servers:
            stop_server(data)

    def told(self) -> str:
        """The ends of the logs, for a story that fails."""
        return "\n".join(
            f"── {log.name}\n{log.read_text()[-1500:]}" for log in sorted(self.folder.glob("*.log"))
        )


def stop_server(data: Path) -> None:
    """Ends at once the server that runs over this folder, if any does."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        if str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGQUIT)
    except (OSError, ValueError, IndexError):
        return


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    made = Processes(folder)
    try:
        yield made
    except BaseException as error:
        error.add_note(made.told())
        raise
    finally:
        made.end()


def make_roles(port: int) -> None:
    """Owner, application and an empty database, as docs/howto/production.md says."""
    with psycopg.connect(
        host="127.0.0.1", port=port, user="postgres", dbname="postgres", autocommit=True
    ) as admin:
        admin.execute(f"CREATE ROLE {OWNER} LOGIN BYPASSRLS")
        admin.execute(f"CREATE ROLE {APP} LOGIN")
        admin.execute(f"CREATE DATABASE vakhta OWNER {OWNER}")


class Service:
    """`url` and `token` are what callers and people need; the parts run until the processes end."""

    def __init__(self, made: Processes, database: str, owner: str, *, live: str = "", **more: str) -> None:
        self.port, self.live_port = free_port(), free_port()
        self.url, self.token = f"http://127.0.0.1:{self.port}", ""
        (made.folder / "data").mkdir()
        self._made, self._live = made, live or database
        clean = {name: value for name, value in os.environ.items() if not name.startswith("VAKHTA_")}
        self.env = {
            **clean,
            "DATABASE_URL": database,
            "VAKHTA_OWNER_DATABASE_URL": owner,
            "VAKHTA_DATA_DIR": str(made.folder / "data"),
            "VAKHTA_SECRET_KEY": secrets.token_urlsafe(40),
            "VAKHTA_PORT": str(self.port),
            "VAKHTA_LIVE_PORT": str(self.live_port),
            "VAKHTA_DEMO": "1",
            **more,
        }

    def vakhta(self, *words: str) -> str:
        made = subprocess.run([*VAKHTA, *words], env=self.env, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout + made.stderr
        return made.stdout

    def make_town(self) -> None:
        """Tables and the demo's town; its API token."""
        self.vakhta("migrate")
        made = subprocess.run(
            [VAKHTA[0], "-c", TOWN], env=self.env, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
        self.token = (self._made.folder / "data" / "api-token").read_text().strip()

    def start(self) -> None:
        for part in PARTS:
            self._made.start(part, *VAKHTA, part, env=self.env)
        self._made.start("live", *VAKHTA, "live", env=self.env | {"DATABASE_URL": self._live})
        until(self.is_ready, "the service is ready")

    def is_ready(self) -> bool:
        try:
            return bool(httpx.get(f"{self.url}/health", timeout=5).json().get("status") == "ok")
        except (httpx.HTTPError, ValueError):
            return False
