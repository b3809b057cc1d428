"""`make bench`: measures against the limits of the service, all in one run.

1. Registrations a second over HTTP with 8 clients, against pgbench with the statements that a
   registration needs (registration.sql) on the same database: the ratio has a floor.
2. The card by phone: how many queries it takes; the number has a ceiling.

Exit 1 when a limit is not kept. The town is the demo's, in a folder of its own that is removed.
"""

from __future__ import annotations

import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres, binaries
from vakhta.cli.main import setup_service
from vakhta.cli.processes import free_port
from vakhta.cli.supervisor import spawn

if TYPE_CHECKING:
    from vakhta.people.models import Staff

CLIENTS, ROUNDS = 8, 5
EACH = 25
"""Registrations of one client in one round over HTTP."""
SECONDS = 4
"""Of one round of pgbench."""
RATIO_FLOOR, QUERY_CEILING = 0.15, 15
STATEMENTS = Path(__file__).with_name("registration.sql")
SAID = {"classifier": "flat.cold.riser", "description": "течёт стояк в ванной"}


@dataclass(frozen=True)
class Bench:
    """A running service over the demo's town."""

    postgres: EmbeddedPostgres
    port: int
    operator: Staff
    phone: str


@contextlib.contextmanager
def running_service() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="vakhta-bench-") as name:
        folder, port = Path(name), free_port("127.0.0.1", 18800)
        postgres = EmbeddedPostgres(folder / "postgres")
        postgres.start()
        web = None
        try:
            os.environ.update(
                DATABASE_URL=postgres.url(APP), VAKHTA_OWNER_DATABASE_URL=postgres.url(OWNER),
                VAKHTA_DATA_DIR=str(folder), VAKHTA_DEMO="1", VAKHTA_SECRET_KEY="bench" * 10, VAKHTA_PORT=str(port),
                VAKHTA_ALLOWED_HOSTS="127.0.0.1,testserver",
            )  # fmt: skip
            operator, phone = _town(folder)
            words = [sys.executable, "-m", "vakhta.cli", "serve", "--workers", str(os.cpu_count() or 1)]
            web = spawn(words, folder / "serve.log")
            _wait(port)
            yield Bench(postgres, port, operator, phone)
        finally:
            if web is not None:
                web.terminate()
                web.wait()
            postgres.stop()


def _town(folder: Path) -> tuple[Staff, str]:
    setup_service()
    from vakhta.cli.demo_city import ensure_demo_city
    from vakhta.cli.migrate import migrate
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.models import Staff

    migrate()
    ensure_demo_city()
    with reading(Scope.system("bench")):
        operator = Staff.objects.filter(role="operator").order_by("id").first()
    assert operator is not None
    return operator, (folder / "demo-caller").read_text().split("\t")[0]


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/demo/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("pages did not answer in 60 s")


# ── Registration ─────────────────────────────────────────────────────────────────────────────


def taken_contacts(bench: Bench, number: int) -> list[int]:
    """Contacts that the operator has answered and not yet registered, through the real actions."""
    from vakhta.contacts import actions as contacts
    from vakhta.kernel import clock
    from vakhta.kernel.journal import acting
    from vakhta.people.access import scope_of_user

    found = scope_of_user(bench.operator.user_id, clock.now().date())
    assert found is not None
    message = contacts.Message(channel="phone", phone=bench.phone)
    made = []
    with acting(found[0]):
        for _ in range(number):
            row, _is_new = contacts.receive(message, centre=bench.operator.company_id)
            contacts.take(row.pk)
            made.append(row.pk)
    return made


class Client:
    """One browser: a kept connection, signed in by the demo's click."""

    def __init__(self, bench: Bench) -> None:
        self._http = HTTPConnection("127.0.0.1", bench.port, timeout=30)
        self._cookies: dict[str, str] = {}
        self._ask("GET", "/demo/")
        status = self._ask("POST", f"/demo/as/{bench.operator.pk}/", {})
        assert status == 302, f"signing in: {status}"

    def register(self, contact: int) -> None:
        status = self._ask("POST", f"/console/contact/{contact}/register/", SAID, htmx=True)
        assert status == 200, f"registration: {status}"

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None, *, htmx: bool = False) -> int:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self._cookies.get("csrftoken", "")
        if htmx:
            headers["HX-Request"] = "true"
        self._http.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = self._http.getresponse()
        answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            match = re.match(r"([^=]+)=([^;]*)", cookie)
            if match:
                self._cookies[match[1]] = match[2]
        return answer.status


def over_http(clients: list[Client], contacts: list[int]) -> float:
    """Registrations a second, all clients at once."""
    errors: list[BaseException] = []

    def work(client: Client, mine: list[int]) -> None:
        try:
            for contact in mine:
                client.register(contact)
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(client, contacts[place :: len(clients)]))
        for place, client in enumerate(clients)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return len(contacts) / (time.perf_counter() - start)


def by_pgbench(bench: Bench, contacts: list[int]) -> float:
    """Transactions a second of registration.sql, as the application's role."""
    from vakhta.kernel import clock
    from vakhta.people.access import scope_of_user

    found = scope_of_user(bench.operator.user_id, clock.now().date())
    assert found is not None
    variables = {
        "first": min(contacts), "last": max(contacts), "centre": bench.operator.company_id, "scope": found[0].setting(),
    }  # fmt: skip
    words = [
        str(binaries() / "pgbench"),
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "2",
        "-T",
        str(SECONDS),
    ]
    words += [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    words += ["-f", str(STATEMENTS), "-h", str(bench.postgres.sockets), "-U", APP, "vakhta"]
    made = subprocess.run(words, capture_output=True, text=True, check=False)
    rate = re.search(r"^tps = ([\d.]+)", made.stdout, re.M)
    if made.returncode or not rate:
        raise SystemExit(f"pgbench: {made.stderr or made.stdout}")
    return float(rate[1])


def registration(bench: Bench) -> bool:
    clients = [Client(bench) for _ in range(CLIENTS)]
    over_http(clients, taken_contacts(bench, CLIENTS * 3))  # warm
    http, bare = [], []
    for _ in range(ROUNDS):
        contacts = taken_contacts(bench, CLIENTS * EACH)
        http.append(over_http(clients, contacts))
        bare.append(by_pgbench(bench, contacts))
    ratio = statistics.median(h / b for h, b in zip(http, bare, strict=True))
    print(
        f"registration  HTTP {statistics.median(http):7.1f}/s   pgbench {statistics.median(bare):7.1f}/s   "
        f"ratio {ratio:.3f} (floor {RATIO_FLOOR}, median of {ROUNDS}, {CLIENTS} clients)"
    )
    return ratio >= RATIO_FLOOR


# ── The card by phone ────────────────────────────────────────────────────────────────────────


def card_by_phone(bench: Bench) -> bool:
    """A contact of a known phone is opened: queries of the whole request, and its time."""
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    (contact,) = taken_contacts(bench, 1)
    browser = Browser()
    browser.post(f"/demo/as/{bench.operator.pk}/")
    address = f"/console/contact/{contact}/"
    times, queries = [], 0
    for _ in range(20):
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(address, headers={"HX-Request": "true"})
        times.append(time.perf_counter() - start)
        assert answer.status_code == 200 and bench.phone[-4:] in answer.content.decode(), answer.status_code
        queries = sum(not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE", q["sql"]) for q in captured)
    print(
        f"card by phone {queries:3d} queries   {statistics.median(times) * 1000:.1f} ms   (ceiling {QUERY_CEILING} queries)"
    )
    return queries <= QUERY_CEILING


def main() -> int:
    with running_service() as bench:
        kept = [registration(bench), card_by_phone(bench)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
