"""`vakhta simulate`: a day of the demo town through the real ports.

Contacts come by the API; operators and technicians work their pages. At the end everything that was
answered «accepted» is asked for again: any difference is exit 1. It works against a demo, where one
signs in by a click; without seats it only hands contacts over.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from threading import Event
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from vakhta.cli.journal import demo_folder
from vakhta.cli.main import Mistake
from vakhta.cli.processes import stop_by_signal
from vakhta.cli.simulation.door import Door
from vakhta.cli.simulation.hands import Seat, seats
from vakhta.cli.simulation.ledger import Difference, Held, Ledger, compare, summary, surplus, unended
from vakhta.cli.simulation.memory import Watch
from vakhta.cli.simulation.pace import Pace, endless_days, one_day
from vakhta.cli.simulation.play import CALLERS, Plan, Play
from vakhta.demo.calls import DAYS
from vakhta.kernel.reasons import reason

Key = TypeVar("Key")
KEY = re.compile(r"[A-Za-z0-9_-]{43}")
"""What `people.tokens` gives."""
TIMEOUT = 20.0
SLOW_START = 90.0
MOST = 1_000_000
"""Contacts of a day: each is planned before it begins."""
OPERATOR, TECHNICIAN = "Диспетчер", "Исполнитель"
FOREVER_HOUR, FOREVER_SPEED, FOREVER_PATIENCE = 9, 16.0, (45.0, 180.0)
"""The demo begins with the morning's peak, a contact every few seconds, and leaves each of them to
the visitor for a while."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("simulate", help="день диспетчерской через настоящие входы")
    parser.add_argument("--day", choices=DAYS, default="ordinary", help="обычный день или ледяной дождь")
    parser.add_argument("--contacts", type=_positive, default=500, help="сколько обращений за день")
    parser.add_argument("--speed", type=_speed, default=None, help="во сколько раз быстрее жизни")
    parser.add_argument("--seed", type=int, default=1, help="то же число — тот же день")
    parser.add_argument("--from-hour", type=_hour, default=None, metavar="ЧАС", help="с какого часа начать")
    parser.add_argument(
        "--operators", type=_desks, default=4, help="сколько диспетчеров за пультом, 0 — никого"
    )
    parser.add_argument(
        "--overtime",
        type=_minutes,
        default=None,
        metavar="МИНУТ",
        help="диспетчеры уходят через столько минут дня после последнего звонка; иначе доводят всё",
    )
    parser.add_argument("--url", type=_address, default="", help="адрес службы; иначе показа или из настроек")
    parser.add_argument("--token-file", default="", help="файл с ключом API; иначе api-token папки данных")
    parser.add_argument(
        "--alone", action="store_true", help="других источников нет: лишнее обращение — расхождение"
    )
    parser.add_argument("--forever", action="store_true", help="день за днём, для показа; сверки нет")


def run(args: argparse.Namespace) -> int:
    stop = stop_by_signal()
    url, token = _service(args)
    plan = _plan(args)
    ledger = Ledger()
    timed = None if args.forever else ledger  # what has no end keeps no list of its times
    with _client(url) as client, Watch(None if args.forever else _supervisor()) as memory:
        client.headers["Authorization"] = f"Bearer {token}"
        _wait_until_open(client, stop)
        if stop.is_set():
            print("vakhta simulate: остановлено, служба так и не открылась.", file=sys.stderr)
            return 130
        _check_key(client)
        operators, technicians = _people(client, args)
        client.event_hooks = _hooks(timed)
        door = Door(client, ledger, f"{args.day}-{uuid.uuid4().hex[:8]}", stop.wait)
        days = endless_days if args.forever else one_day
        script = days(args.seed, args.day, args.contacts, plan.pace)
        Play(plan, door, ledger, lambda: _client(url, timed), stop).run(script, operators, technicians)
        if args.forever:
            return 0
        client.event_hooks = {}
        return _verdict(ledger, door, is_alone=args.alone, memory=memory.sizes)


def _verdict(ledger: Ledger, door: Door, *, is_alone: bool, memory: Sequence[float] = ()) -> int:
    try:
        contact = _all_of(door.contact, (told.id for told in ledger.contacts.values()))
        ticket = _all_of(door.ticket, ledger.numbers)
        differences = compare(ledger, contact.get, ticket.get)
        others, left = len(surplus(ledger, door.contact)), unended(ledger, contact.get)
    except httpx.HTTPError as error:
        print(f"vakhta simulate: служба не отвечает, сверить нельзя: {error}", file=sys.stderr)
        return 1
    if is_alone and others > len(ledger.unanswered):
        said = f"принято {len(ledger.contacts)}, без ответа {len(ledger.unanswered)}"
        differences.append(Difference("обращений", said, f"ещё {others}"))
    print(summary(ledger, differences, 0 if is_alone else others, left, memory))
    return 1 if differences or not ledger.contacts else 0


def _all_of(ask: Callable[[Key], Held], keys: Iterable[Key]) -> dict[Key, Held]:
    """What the service holds under each key."""
    known = list(keys)
    with ThreadPoolExecutor(CALLERS) as pool:
        return dict(zip(known, pool.map(ask, known), strict=True))


def _plan(args: argparse.Namespace) -> Plan:
    hour = args.from_hour
    if args.forever:
        pace = Pace(args.speed or FOREVER_SPEED, FOREVER_HOUR if hour is None else hour)
        return Plan(pace, args.seed, FOREVER_PATIENCE, slow_seat=6, has_visitors=True)
    return Plan(Pace(args.speed or 60.0, hour or 0), args.seed, overtime=args.overtime)


def _people(client: httpx.Client, args: argparse.Namespace) -> tuple[list[Seat], list[Seat]]:
    """`--operators` desks: several may be of one person. In the endless demo the first operator is
    the visitor. A service that is no demo lets nobody in by a click."""
    try:
        found = seats(client)
    except httpx.HTTPStatusError as error:
        if error.response.status_code != 404:
            raise Mistake(f"служба ответила {error.response.status_code}: повторите позже.") from error
        print("Показа здесь нет: обращения только передаются, их никто не принимает.", file=sys.stderr)
        return [], []
    except httpx.HTTPError as error:
        raise Mistake("служба не отвечает: повторите, когда страницы откроются.") from error
    known = [seat for seat in found if seat.role == OPERATOR][1 if args.forever else 0 :]
    desks = list(islice(cycle(known), args.operators)) if known else []
    return desks, [seat for seat in found if seat.role == TECHNICIAN]


def _service(args: argparse.Namespace) -> tuple[str, str]:
    """Address and token, from the command line, of the demo that runs here or from the settings."""
    from vakhta.config.options import read_options

    demo = demo_folder()
    options = read_options(os.environ)
    noted = demo / "address" if demo else Path()
    url = args.url or (noted.read_text() if noted.is_file() else options["VAKHTA_PUBLIC_URL"])
    return url, _key(Path(args.token_file or (demo or options["VAKHTA_DATA_DIR"]) / "api-token"))


def _key(path: Path) -> str:
    """The key of the file. What is none is not said: it may be another secret."""
    try:
        with path.open("rb") as file:
            said = file.read(100).decode("ascii", "replace").strip()
    except OSError as error:
        raise Mistake(f"ключ API не читается, {path}: {reason(error)}. Укажите --token-file.") from error
    if not KEY.fullmatch(said):
        raise Mistake(f"в файле {path} не ключ API: нужен ключ от vakhta token add, 43 знака.")
    return said


def _client(url: str, timed: Ledger | None = None) -> httpx.Client:
    limits, hooks = httpx.Limits(max_connections=16, max_keepalive_connections=16), _hooks(timed)
    return httpx.Client(base_url=url, timeout=TIMEOUT, limits=limits, trust_env=False, event_hooks=hooks)


def _hooks(timed: Ledger | None) -> dict[str, list[Callable[..., Any]]]:
    return {"response": [timed.timed]} if timed else {}


def _supervisor() -> int | None:
    """The process of the demo that runs here."""
    demo = demo_folder()
    said = (demo / "lock").read_text() if demo and (demo / "lock").is_file() else ""
    return int(said) if said.isdigit() else None


def _wait_until_open(client: httpx.Client, stop: Event) -> None:
    end, waits = time.monotonic() + SLOW_START, False
    while not stop.is_set():
        try:
            answer = client.get("/api/v1/openapi.json")
            if answer.status_code < 500:
                if answer.status_code != 200 or "openapi" not in answer.text:
                    raise Mistake(f"по адресу {client.base_url} отвечает не Вахта: проверьте --url.")
                return
            answer.raise_for_status()
        except httpx.HTTPError as error:
            if time.monotonic() > end:
                raise Mistake(f"служба по адресу {client.base_url} не отвечает: {error}") from error
            if not waits:
                print(f"Жду, когда откроется {client.base_url}: до {SLOW_START:.0f} с.", file=sys.stderr)
            waits = True
            stop.wait(0.5)


def _check_key(client: httpx.Client) -> None:
    """A wrong key is said at once: every contact of the day would be refused."""
    try:
        status = client.get("/api/v1/interactions/1").status_code
    except httpx.HTTPError as error:
        raise Mistake("служба не отвечает: повторите, когда страницы откроются.") from error
    if status in (401, 403):
        raise Mistake("ключ API не подходит этой службе: укажите файл с её ключом в --token-file.")


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"нужно число от 1 до {MOST}")
    return number


def _desks(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError("нужно число от 0 до 100")
    return number


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 <= minutes <= 24 * 60:
        raise argparse.ArgumentTypeError("нужно число минут от 0 до 1440")
    return minutes


def _hour(text: str) -> int:
    hour = int(text)
    if not 0 <= hour <= 23:
        raise argparse.ArgumentTypeError("нужен час от 0 до 23")
    return hour


def _address(text: str) -> str:
    try:
        url = urlsplit(text)
        known = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        known = False
    if text and not known:  # argparse reads the default too
        raise argparse.ArgumentTypeError("нужен адрес вида http://127.0.0.1:8000")
    return text


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 100_000:
        raise argparse.ArgumentTypeError("нужно число больше 0 и не больше 100000")
    return speed
