"""`vakhta demo`: the whole service over an invented city, as one supervised command.

Embedded PostgreSQL, migrations, the city, pages, live stream, followers, worker, clock, mail
receiver, simulator. Everything lies in VAKHTA_DATA_DIR; Ctrl-C ends all of it.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import secrets
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any

from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres
from vakhta.cli.main import Mistake, setup_service
from vakhta.cli.processes import check_port
from vakhta.cli.supervisor import Part, Supervisor, spawn
from vakhta.config.options import WrongOption, read_options

PARTS = ("mail", "followers", "worker", "clock", "live", "serve", "simulate")
TITLES = {
    "postgres": "база",
    "mail": "почтовый приёмник",
    "followers": "реакции",
    "worker": "доставка",
    "clock": "сроки",
    "live": "поток событий",
    "serve": "страницы",
    "simulate": "имитатор",
}
SLOW_START = 60.0
"""Seconds in which the pages must answer."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("demo", help="показ на выдуманном городе: всё одной командой")
    parser.add_argument("--without", action="append", default=[], choices=PARTS, help="без этой части")


def run(args: argparse.Namespace) -> int:
    try:
        options = read_options(os.environ)
    except WrongOption as error:
        raise Mistake(f"настройки не годятся, ничего не запущено:\n{error}") from error
    folder = demo_folder(options)
    for setting in ("VAKHTA_PORT", "VAKHTA_LIVE_PORT", "VAKHTA_MAIL_PORT"):
        check_port("127.0.0.1", options[setting], setting)
    held = _hold(folder)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    postgres = EmbeddedPostgres(folder / "postgres")
    try:
        return _run(args, options, folder, postgres, stop)
    finally:
        postgres.stop()
        held.close()


def _run(
    args: argparse.Namespace, options: dict[str, Any], folder: Path, postgres: EmbeddedPostgres, stop: threading.Event
) -> int:
    os.environ.update(_environment(options, folder, postgres))
    database = Part("postgres", postgres.start)
    database.process = postgres.start()
    database.started_at = time.monotonic()
    _prepare()
    chosen = [name for name in PARTS if name not in args.without]
    parts = [database, *(Part(name, _starter(name, folder)) for name in chosen)]
    supervisor = Supervisor(parts, say=lambda line: print(_titled(line), flush=True), stop=stop)
    for part in parts[1:]:
        supervisor._start(part)
    url = f"http://127.0.0.1:{options['VAKHTA_PORT']}"
    threading.Thread(target=_greet, args=(url, folder, stop), daemon=True).start()
    try:
        supervisor.watch()
    finally:
        print("Останавливаю…", flush=True)
        supervisor.end()
    return 0


def demo_folder(options: dict[str, Any]) -> Path:
    """VAKHTA_DATA_DIR, or var/demo of the present folder."""
    folder: Path = options["VAKHTA_DATA_DIR"]
    return folder if "VAKHTA_DATA_DIR" in os.environ else folder / "demo"


def demo_environment() -> dict[str, str]:
    """What a command needs to speak to the demo that runs over VAKHTA_DATA_DIR."""
    options = read_options(os.environ)
    folder = demo_folder(options)
    if not (folder / "postgres" / "PG_VERSION").exists():
        raise Mistake("не задана DATABASE_URL, и показа в этой папке нет. Запустите vakhta demo или задайте базу.")
    return _environment(options, folder, EmbeddedPostgres(folder / "postgres"))


def _starter(name: str, folder: Path) -> Any:
    words = [sys.executable, "-m", "vakhta.cli", name]
    if name == "simulate":
        words += ["--day", "ordinary", "--forever"]
    return lambda: spawn(words, folder / "log" / f"{name}.log", {})


def _environment(options: dict[str, Any], folder: Path, postgres: EmbeddedPostgres) -> dict[str, str]:
    """What the parts are told; what the person has set stays."""
    port = options["VAKHTA_PORT"]
    ours = {
        "DATABASE_URL": postgres.url(APP),
        "VAKHTA_OWNER_DATABASE_URL": postgres.url(OWNER),
        "VAKHTA_DATA_DIR": str(folder),
        "VAKHTA_DEMO": "1",
        "VAKHTA_SECRET_KEY": _key(folder, "secret-key"),
        "VAKHTA_ANCHOR_KEY": _key(folder, "anchor-key"),
    }
    wished = {
        "VAKHTA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "VAKHTA_LIVE_URL": f":{options['VAKHTA_LIVE_PORT']}/live/",
        "VAKHTA_SMTP_URL": f"smtp://127.0.0.1:{options['VAKHTA_MAIL_PORT']}",
        "VAKHTA_MAIL_FROM": "ads@zarechye.example",
    }
    return {**ours, **{name: os.environ.get(name, value) for name, value in wished.items()}}


def _key(folder: Path, name: str) -> str:
    path = folder / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _hold(folder: Path) -> IO[str]:
    """One demo a folder: the lock goes with the process, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise Mistake(f"папка данных {folder} недоступна: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Mistake(f"в папке {folder} уже работает другой показ. Остановите его или укажите VAKHTA_DATA_DIR.") from error
    return lock


def _prepare() -> None:
    """Tables and city; quick when both are there."""
    setup_service()
    from vakhta.cli.demo_city import ensure_demo_city
    from vakhta.cli.migrate import migrate

    migrate()
    ensure_demo_city()


def _titled(line: str) -> str:
    name, _, rest = line.partition(":")
    return f"{TITLES.get(name, name)}:{rest}"


def _greet(url: str, folder: Path, stop: threading.Event) -> None:
    """Says the address when the pages really answer."""
    end = time.monotonic() + SLOW_START
    while time.monotonic() < end and not stop.is_set():
        try:
            with urllib.request.urlopen(f"{url}/demo/", timeout=2):
                print(f"Вахта работает: {url}   (журналы частей: {folder / 'log'}, остановить: Ctrl-C)", flush=True)
                return
        except (urllib.error.URLError, OSError):
            stop.wait(0.05)
    if not stop.is_set():
        print(f"Страницы не ответили за {SLOW_START:.0f} с: смотрите {folder / 'log'}", flush=True)
