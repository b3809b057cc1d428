"""`vakhta demo`: the whole service over an invented city, as one supervised command.

Embedded PostgreSQL, migrations, the city, pages, live stream, followers, worker, clock, mail
receiver, simulator. Everything lies in VAKHTA_DATA_DIR; Ctrl-C ends all of it.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

import vakhta
from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres
from vakhta.cli.main import Mistake, is_full, setup_service
from vakhta.cli.processes import check_port, free_port, stop_by_signal
from vakhta.cli.supervisor import Part, Supervisor, spawn
from vakhta.config.options import WrongOption, read_options, said_options
from vakhta.kernel.reasons import reason

TITLES = {
    "serve": "страницы",
    "live": "поток событий",
    "mail": "почтовый приёмник",
    "followers": "реакции",
    "worker": "письма и таблицы",
    "clock": "сроки",
    "simulate": "имитатор",
}
"""The parts beside the database, in the order of starting: what a person waits for first."""
AT_ONCE, LATER = ("serve", "live", "mail"), 1.5
"""What starts first, and how many seconds later the rest: starting costs a second of a core each."""
PORTS = ("VAKHTA_LIVE_PORT", "VAKHTA_MAIL_PORT")
PACKAGE = Path(vakhta.__file__).parent
SLOW_START = 60.0
"""Seconds in which the pages must answer."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("demo", help="показ на выдуманном городе: всё одной командой")
    parser.add_argument("--without", action="append", default=[], choices=TITLES, help="без этой части")


def run(args: argparse.Namespace) -> int:
    settings = _settings()
    folder = Path(settings["VAKHTA_DATA_DIR"])
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the parts run, both break off
    with _held(folder):
        postgres = EmbeddedPostgres(folder / "postgres")
        try:
            with _room(postgres):
                server = postgres.start()
                os.environ.update(settings | _keys(folder) | _addresses(postgres))
                _prepare(postgres)
                os.environ.update(_ports())
                _note(folder, settings)
            names = [name for name in TITLES if name not in args.without]
            parts = _parts(postgres, server, names, folder)
            _supervise(Supervisor(parts, _say, postgres.has_room, stop_by_signal()), folder)
        finally:
            postgres.stop()
    return 0


def _note(folder: Path, settings: dict[str, str]) -> None:
    """Where `vakhta simulate` finds the pages of this demo."""
    (folder / "address").write_text(settings["VAKHTA_PUBLIC_URL"])


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # into a file on a full disk: the service goes on
        print(f"  {line}", flush=True)


def _supervise(supervisor: Supervisor, folder: Path) -> None:
    try:
        supervisor.start()
        threading.Thread(
            target=_greet, args=(os.environ["VAKHTA_PUBLIC_URL"], folder, supervisor.stop), daemon=True
        ).start()
        supervisor.watch()
    finally:
        print("Останавливаю…", flush=True)
        supervisor.end()


def _parts(
    postgres: EmbeddedPostgres, server: subprocess.Popen[bytes], names: list[str], folder: Path
) -> list[Part]:
    database = Part("postgres", "база данных", postgres.restart, end_with=signal.SIGINT, process=server)
    return [database, *(_part(name, folder) for name in names)]


def _part(name: str, folder: Path) -> Part:
    return Part(name, TITLES[name], _starter(name, folder), delay=0.0 if name in AT_ONCE else LATER)


def _starter(name: str, folder: Path) -> Callable[[], subprocess.Popen[bytes]]:
    words, log = [sys.executable, "-m", "vakhta.cli", name], folder / "log" / f"{name}.log"
    return lambda: spawn([*words, *_another_day()] if name == "simulate" else words, log)


def _another_day() -> list[str]:
    """Of the simulator: other people every time, not the ones who have called before in the same words."""
    return ["--day", "ordinary", "--forever", "--seed", str(secrets.randbelow(10**9))]


# ── What the parts are told ──────────────────────────────────────────────────────────────────


def _settings() -> dict[str, str]:
    """What the person has set, and the demo's own values for what they have not."""
    try:
        options = read_options(os.environ)
    except WrongOption as error:
        raise Mistake(f"настройки не годятся, ничего не запущено:\n{error}") from error
    said, _ = said_options(os.environ)
    host, port = options["VAKHTA_HOST"], options["VAKHTA_PORT"]
    check_port(host, port, "VAKHTA_PORT", " (с make demo: PORT=…)")
    for name in PORTS:
        if name in said:
            check_port(host, options[name], name)
    wished = {
        "VAKHTA_DATA_DIR": str(options["VAKHTA_DATA_DIR"] / "demo"),
        "VAKHTA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "VAKHTA_MAIL_FROM": "ads@zarechye.example",
    }
    return {**wished, **said, "VAKHTA_DEMO": "1"}


def _ports() -> dict[str, str]:
    """Of the stream and the mail receiver, and where they are found. Those that nobody said are chosen now, when the
    parts start at once: while a town is being built another program may take what was free."""
    options, (said, _) = read_options(os.environ), said_options(os.environ)
    taken = options["VAKHTA_PORT"]
    for name in PORTS:
        if name not in said:
            said[name] = str(free_port(options["VAKHTA_HOST"], taken + 1))
        taken = max(taken, int(said[name]))
    live, mail = (said[name] for name in PORTS)
    found = {"VAKHTA_LIVE_URL": f":{live}/live/", "VAKHTA_SMTP_URL": f"smtp://127.0.0.1:{mail}"}
    return found | said


def _addresses(postgres: EmbeddedPostgres) -> dict[str, str]:
    return {"DATABASE_URL": postgres.url(APP), "VAKHTA_OWNER_DATABASE_URL": postgres.url(OWNER)}


def _keys(folder: Path) -> dict[str, str]:
    """The demo's secrets, made once."""
    names = {"VAKHTA_SECRET_KEY": "secret-key", "VAKHTA_ANCHOR_KEY": "anchor-key"}  # nosec B105  # the name of the file that holds it
    return {option: _key(folder, name) for option, name in names.items()}


def _key(folder: Path, name: str) -> str:
    """Whole or not at all: a start that is killed, or finds the disk full, leaves no empty key to the next one."""
    path, fresh = folder / name, folder / f"{name}.new"
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        fresh.replace(path)
    return path.read_text().strip()


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """One demo a folder: the lock goes with the process, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise Mistake(
            f"VAKHTA_DATA_DIR=«{folder}»: папка недоступна ({reason(error)}), нужен путь к папке, где служба может писать."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Mistake(
                f"в папке {folder} уже работает другой показ. Остановите его или укажите VAKHTA_DATA_DIR."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))  # whose memory the simulator tells
        lock.flush()
        yield


@contextlib.contextmanager
def _room(postgres: EmbeddedPostgres) -> Iterator[None]:
    """A disk that fills while the town is being built is one clear line, in whatever way the database tells it: that
    it cannot write, or, when the journal of its own is full, by falling silent. What was begun begins anew."""
    try:
        yield
    except Exception as error:
        if not is_full(error) and (postgres.has_room() or not _is_of_database(error)):
            raise
        raise Mistake(
            f"на диске с папкой {postgres.folder.parent} кончилось место, город показа не построен. Освободите "
            "1 ГБ и запустите снова (он построится с начала) или укажите другую папку в VAKHTA_DATA_DIR."
        ) from error


def _is_of_database(error: BaseException | None) -> bool:
    return error is not None and (isinstance(error, psycopg.Error) or _is_of_database(error.__cause__))


def _prepare(postgres: EmbeddedPostgres) -> None:
    """Tables and city, unless both are there already. A first start that was broken off begins anew."""
    made_by = _maker()
    known = postgres.note()
    if known == made_by:
        return
    if not known:
        postgres.empty()
    setup_service()
    from django.db import connections

    from vakhta.cli.demo_city import ensure_demo_city
    from vakhta.cli.migrate import migrate

    migrate()
    ensure_demo_city()
    connections.close_all()
    postgres.set_note(made_by)


def _maker() -> str:
    """Changes with the migrations: ours and Django's."""
    told = hashlib.sha256(version("django").encode())
    for path in sorted(PACKAGE.glob("*/migrations/*.py")):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()


def _greet(url: str, folder: Path, stop: threading.Event) -> None:
    """Says the address when the pages really answer."""
    end = time.monotonic() + SLOW_START
    while time.monotonic() < end and not stop.is_set():
        try:
            with urllib.request.urlopen(f"{url}/demo/", timeout=2):  # nosec B310  # the demo's own pages on loopback
                print(
                    f"Вахта работает: {url}   (журналы частей: {folder / 'log'}, остановить: Ctrl-C)",
                    flush=True,
                )
                return
        except (urllib.error.URLError, OSError):
            stop.wait(0.05)
    if not stop.is_set():
        print(f"Страницы не ответили за {SLOW_START:.0f} с: смотрите {folder / 'log'}", flush=True)
