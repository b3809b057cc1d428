"""`make bench`: measures against the limits of the service, all in one run.

1. Registrations a second over HTTP (POST /api/v1/tickets) with 8 clients, against pgbench with the
   statements that such a registration needs (registration.sql) on the same database: the ratio has a
   floor.
2. The card by phone: how many queries it takes; the number has a ceiling.
3. The import of a table of accounts: rows a second, and whether its memory is flat.

`make bench SIZE=200000` first fills the database to a city of so many accounts (city.py) and adds what
grows with it: the card's time, the search of addresses, the journal's verification.

Exit 1 when a limit is not kept that holds on every machine (limits.py). The town is the demo's, in a folder of its own that is removed.
"""

from __future__ import annotations

import contextlib
import json
import logging
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
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from bench.limits import say_yardstick
from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres, binaries
from vakhta.cli.main import setup_service
from vakhta.cli.processes import free_port
from vakhta.cli.supervisor import spawn

if TYPE_CHECKING:
    from vakhta.kernel.tenancy import Scope
    from vakhta.people.models import Staff

CLIENTS, ROUNDS = 8, 5
SECONDS = 4.0
"""Of one round, over HTTP and of pgbench."""
RATIO_FLOOR, QUERY_CEILING = 0.15, 12
STATEMENTS = Path(__file__).with_name("registration.sql")
SAID = {"classifier": "flat.cold.riser", "text": "течёт стояк в ванной"}


@dataclass(frozen=True)
class Bench:
    """A running service over the demo's town."""

    postgres: EmbeddedPostgres
    port: int
    operator: Staff
    phone: str
    token: str


@contextlib.contextmanager
def running_service(size: int = 0) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="vakhta-bench-") as name:
        folder = Path(name)
        postgres = EmbeddedPostgres(folder / "postgres")
        postgres.start()
        web = None
        try:
            os.environ.update(
                DATABASE_URL=postgres.url(APP), VAKHTA_OWNER_DATABASE_URL=postgres.url(OWNER),
                VAKHTA_DATA_DIR=str(folder), VAKHTA_DEMO="1", VAKHTA_SECRET_KEY="bench" * 10,
                VAKHTA_ALLOWED_HOSTS="127.0.0.1,testserver",
            )  # fmt: skip
            operator, phone = _town(folder)
            if size:
                _grow(operator.company_id, size)
            words = [sys.executable, "-m", "vakhta.cli", "serve", "--workers", str(os.cpu_count() or 1)]
            # Chosen now: a city takes minutes to build, and the port may be another's by then.
            port = free_port("127.0.0.1", 18800)
            os.environ["VAKHTA_PORT"] = str(port)
            log, token = folder / "serve.log", (folder / "api-token").read_text().strip()
            web = spawn(words, log)
            _wait(web, port, token, log)
            yield Bench(postgres, port, operator, phone, token)
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


def _grow(centre: int, size: int) -> None:
    from bench.city import Size, build_city
    from vakhta.kernel import clock

    start = time.perf_counter()
    build_city(centre, Size(size), clock.now())
    print(f"city of {size:,} accounts, {Size(size).tickets:,} tickets in {time.perf_counter() - start:.0f} s")


def _wait(web: subprocess.Popen[bytes], port: int, token: str, log: Path) -> None:
    """Until our own pages answer: a question with the token of this town, which nobody else knows, finds no such
    contact. Whoever else holds the port refuses the token."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if web.poll() is not None:
            raise SystemExit(f"pages ended with {web.returncode}: {log.read_text()[-2000:]}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/v1/interactions/0", headers={"Authorization": f"Bearer {token}"})
            if connection.getresponse().status == 404:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.05)
    raise SystemExit("pages did not answer in 60 s")


# ── Registration ─────────────────────────────────────────────────────────────────────────────


def over_http(bench: Bench, round_: int) -> float:
    """Registrations a second, all clients at once, each over one kept connection."""
    counts, errors = [0] * CLIENTS, list[BaseException]()
    start = time.perf_counter()

    def work(place: int) -> None:
        http = HTTPConnection("127.0.0.1", bench.port, timeout=30)
        try:
            while time.perf_counter() < start + SECONDS:
                _register(http, bench, f"http-{round_}-{place}-{counts[place]}")
                counts[place] += 1
        except BaseException as error:
            errors.append(error)
        finally:
            http.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts) / (time.perf_counter() - start)


def _register(http: HTTPConnection, bench: Bench, key: str) -> None:
    body = json.dumps({**SAID, "phone": bench.phone})
    headers = {"Authorization": f"Bearer {bench.token}", "Idempotency-Key": key}
    http.request("POST", "/api/v1/tickets", body, {"Content-Type": "application/json", **headers})
    answer = http.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"registration: {answer.status} {said.decode()}")


def by_pgbench(bench: Bench, round_: int) -> float:
    """Transactions a second of registration.sql, as the application's role."""
    variables = {
        "centre": bench.operator.company_id,
        "scope": _scope(bench).setting(),
        "phone": bench.phone,
        "key": f"sql-{round_}-",
    }
    words = [str(binaries() / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2"]
    words += ["-T", f"{SECONDS:.0f}", "-f", str(STATEMENTS), "-h", str(bench.postgres.sockets), "-U", APP]
    words += [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    made = subprocess.run([*words, "vakhta"], capture_output=True, text=True, check=False)
    rate = re.search(r"^tps = ([\d.]+)", made.stdout, re.M)
    if made.returncode or not rate:
        raise RuntimeError(f"pgbench: {made.stderr or made.stdout}")
    return float(rate[1])


def _scope(bench: Bench) -> Scope:
    from vakhta.kernel import clock
    from vakhta.people.access import scope_of_user

    found = scope_of_user(bench.operator.user_id, clock.today())
    assert found is not None
    return found[0]


def registration(bench: Bench) -> bool:
    over_http(bench, 0)  # warm
    http, bare = [], []
    for round_ in range(1, ROUNDS + 1):
        http.append(over_http(bench, round_))
        bare.append(by_pgbench(bench, round_))
    ratio = statistics.median(h / b for h, b in zip(http, bare, strict=True))
    print(
        f"registration  HTTP {statistics.median(http):7.1f}/s   pgbench {statistics.median(bare):7.1f}/s   "
        f"ratio {ratio:.3f} (floor {RATIO_FLOOR}, median of {ROUNDS}, {CLIENTS} clients)"
    )
    return ratio >= RATIO_FLOOR


# ── The card by phone ────────────────────────────────────────────────────────────────────────


def taken_contact(bench: Bench) -> int:
    """A call of a known phone that the operator has answered, through the real actions."""
    from vakhta.contacts import actions as contacts
    from vakhta.contacts import arrival
    from vakhta.kernel.journal import acting

    with acting(_scope(bench)):
        row, _is_new = arrival.receive(
            arrival.Message(channel="phone", phone=bench.phone), centre=bench.operator.company_id
        )
        contacts.take(row.pk)
    return int(row.pk)


def card_by_phone(bench: Bench) -> bool:
    """A contact of a known phone is opened: queries of the whole request, and its time."""
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    contact = taken_contact(bench)
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
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    logging.disable(logging.INFO)  # pages are asked for in this process too: their lines are no results
    say_yardstick()
    with running_service(size) as bench:
        kept = []
        if size:  # before pgbench, whose entries are chained by an invented spelling
            from bench.grown import lines

            kept += lines(bench.operator, _scope(bench))
        from bench.imports import imports

        kept.append(imports(bench.postgres.url(APP), size))
        kept += [registration(bench), card_by_phone(bench)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
