"""Due clocks: a poll over half a million open ones, and how late they are fired while contacts arrive."""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

from django.db import connections, transaction

from bench.city import OWNER
from bench.limits import Figure, Results, timed
from bench.service import Bench
from vakhta.cli.supervisor import spawn
from vakhta.kernel import clock
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.clocks import fire_due
from vakhta.tickets.models import Clock

OPEN_PER_ACCOUNT = 2.5
"""500,000 of a city of 200,000 accounts."""
POLLS = 200
POLL_MS, LATE_S = 1, 1
RATE, SECONDS, SENDERS = 50, 20, 4
"""Contacts a second, so long, from so many threads."""
FIRED = 1000
"""Clocks that come due meanwhile."""
NORM = "pp416.13.blockage"
OPEN = """
INSERT INTO tickets_clock (company_id, subject, norm, started_at, due_at, at_risk_at, is_paused, is_ended, fire_at)
SELECT company_id, 'ticket/' || id, norm, registered_at, %(now)s + interval '100 days' + id * interval '1 second',
       %(now)s + interval '90 days' + id * interval '1 second', false, false,
       %(now)s + interval '90 days' + id * interval '1 second'
FROM (SELECT * FROM tickets_ticket ORDER BY id DESC) AS t,
     (VALUES ('contract.containment'), ('contract.elimination')) AS norms (norm)
LIMIT %(count)s ON CONFLICT DO NOTHING
"""
DUE = """
INSERT INTO tickets_clock (company_id, subject, norm, started_at, due_at, at_risk_at, is_paused, is_ended, fire_at)
SELECT company_id, 'ticket/' || id, %(norm)s, %(now)s, at + interval '1 hour', at, false, false, at
FROM (SELECT id, company_id, %(now)s + interval '2 s' + n * %(step)s AS at
      FROM (SELECT id, company_id, row_number() OVER (ORDER BY id DESC) AS n FROM tickets_ticket) AS numbered
      WHERE n <= %(count)s) AS soon
ON CONFLICT DO NOTHING
"""


def clocks(results: Results, bench: Bench, size: int) -> None:
    count = int(size * OPEN_PER_ACCOUNT)
    _write(OPEN, {"now": clock.now(), "count": count})
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tickets_clock")
    fire_due()
    polls = [timed(fire_due) for _ in range(POLLS)]
    with reading(Scope.system("bench")):
        open_ones = Clock.objects.filter(fire_at__isnull=False).count()
        at = clock.now()
        due = Clock.objects.filter(fire_at__lte=at).order_by("fire_at")[:500]
        look = statistics.median(timed(lambda: list(due.all())) for _ in range(POLLS))
    note = f"{open_ones:,} open; with its transaction {statistics.median(polls):.2f} ms"
    results.add(Figure(what="due clocks, a poll, p50", value=look, digits=2, bar=POLL_MS, note=note))
    with _clock(bench.folder / "clock.log"):
        _write(
            DUE,
            {"now": clock.now(), "norm": NORM, "count": FIRED, "step": timedelta(seconds=SECONDS / FIRED)},
        )
        arrived = _arrivals(bench)
        late = _lateness()
    results.add(
        Figure(
            what="due clocks, fired late, p99", value=late[int(len(late) * 0.99)], unit="s", digits=2, bar=LATE_S,
            note=f"{len(late):,} fired, {arrived / SECONDS:.0f} contacts/s arrived",
        )
    )  # fmt: skip
    if arrived < RATE * SECONDS * 0.95:
        print(f"  the load was not reached: {arrived / SECONDS:.0f} contacts/s of {RATE}")


def _write(statement: str, values: dict[str, object]) -> None:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT set_config('vakhta.scope', '*', true)")
        cursor.execute(statement, values)


@contextmanager
def _clock(log: Path) -> Iterator[None]:
    """`vakhta clock`, as in production."""
    part = spawn([sys.executable, "-m", "vakhta.cli", "clock"], log)
    try:
        yield
    finally:
        part.terminate()
        part.wait()


def _arrivals(bench: Bench) -> int:
    """Contacts by the API at an even pace; how many were accepted in time."""
    start, counts, errors = time.perf_counter() + 1, [0] * SENDERS, list[BaseException]()

    def send(place: int) -> None:
        http = HTTPConnection("127.0.0.1", bench.port, timeout=30)
        try:
            for n in range(place, RATE * SECONDS, SENDERS):
                wait = start + n / RATE - time.perf_counter()
                if wait > 0:
                    time.sleep(wait)
                if time.perf_counter() > start + SECONDS:
                    return
                _one(http, bench, f"clocks-{n}")
                counts[place] += 1
        except BaseException as error:
            errors.append(error)
        finally:
            http.close()

    threads = [threading.Thread(target=send, args=(place,)) for place in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts)


def _one(http: HTTPConnection, bench: Bench, key: str) -> None:
    body = json.dumps({"channel": "web", "phone": bench.phone, "text": "нет горячей воды"})
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {bench.token}",
        "Idempotency-Key": key,
    }
    http.request("POST", "/api/v1/interactions", body, headers)
    answer = http.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"contact: {answer.status} {said.decode()}")


def _lateness() -> list[float]:
    """Seconds from the moment of each clock to its fact, sorted; waits for the last of them."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with reading(Scope.system("bench")):
            rows = Clock.objects.filter(norm=NORM, started_at__gte=clock.now() - timedelta(minutes=10))
            rows = rows.filter(fire_at__isnull=False, subject__startswith="ticket/")
            found = list(rows.values_list("at_risk_at", "warned_at"))
        if found and all(warned for _, warned in found):
            return sorted((warned - at).total_seconds() for at, warned in found)
        time.sleep(0.5)
    raise RuntimeError("clocks were not fired in 30 s")
