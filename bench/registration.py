"""Registrations a second over HTTP (POST /api/v1/tickets) with 8 clients, against pgbench with the statements that such a
registration needs (registration.sql) on the same database; and where the rest of the time goes."""

from __future__ import annotations

import cProfile
import json
import pstats
import re
import statistics
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path

from bench.limits import ROUNDS, Figure, Results, p95
from bench.service import CLIENTS, Bench, pgbench

SECONDS = 4.0
"""Of one round, over HTTP and of pgbench."""
RATIO = 0.20
STATEMENTS = Path(__file__).with_name("registration.sql")
SAID = {"classifier": "flat.cold.riser", "text": "течёт стояк в ванной"}
PROFILED = 200


def registration(results: Results, bench: Bench) -> None:
    _over_http(bench, 0)  # warm
    http, bare, times = list[float](), list[float](), list[list[float]]()
    for round_ in range(1, ROUNDS + 1):
        took, seconds = _over_http(bench, round_)
        http.append(len(took) / seconds)
        times.append(took)
        bare.append(_by_pgbench(bench, round_))
    ratio = statistics.median(h / b for h, b in zip(http, bare, strict=True))
    rates = (
        f"HTTP {statistics.median(http):,.0f}/s, pgbench {statistics.median(bare):,.0f}/s, {CLIENTS} clients"
    )
    results.add(
        Figure(
            what="registration, of pgbench's rate", value=ratio, unit="", digits=3, bar=RATIO, is_floor=True,
            is_of_machine=False, note=rates,
        )
    )  # fmt: skip
    slow = statistics.median(p95(took) for took in times)
    results.add(Figure(what=f"registration over HTTP, p95 of {CLIENTS} at once", value=slow))


def _over_http(bench: Bench, round_: int) -> tuple[list[float], float]:
    """(milliseconds of each registration, seconds): all clients at once, each over one kept connection."""
    times: list[list[float]] = [[] for _ in range(CLIENTS)]
    errors = list[BaseException]()
    start = time.perf_counter()

    def work(place: int) -> None:
        http = HTTPConnection("127.0.0.1", bench.port, timeout=30)
        try:
            while (began := time.perf_counter()) < start + SECONDS:
                _register(http, bench, f"http-{round_}-{place}-{len(times[place])}")
                times[place].append((time.perf_counter() - began) * 1000)
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
    return [took for of_client in times for took in of_client], time.perf_counter() - start


def _register(http: HTTPConnection, bench: Bench, key: str) -> None:
    http.request(
        "POST", "/api/v1/tickets", _body(bench), {"Content-Type": "application/json", **_headers(bench, key)}
    )
    answer = http.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"registration: {answer.status} {said.decode()}")


def _body(bench: Bench) -> str:
    return json.dumps({**SAID, "phone": bench.phone})


def _headers(bench: Bench, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {bench.token}", "Idempotency-Key": key}


def _by_pgbench(bench: Bench, round_: int) -> float:
    """Transactions a second of registration.sql."""
    said = pgbench(
        bench.postgres, STATEMENTS, SECONDS, centre=bench.operator.company_id, scope=bench.scope.setting(),
        phone=bench.phone, key=f"sql-{round_}-",
    )  # fmt: skip
    rate = re.search(r"^tps = ([\d.]+)", said, re.M)
    assert rate is not None, said
    return float(rate[1])


# ── Where the rest goes ──────────────────────────────────────────────────────────────────────

ROOMS = (
    ("waiting for the database", "psycopg"),
    ("Django's ORM", "django/db"),
    ("the rest of Django", "django"),
    ("the API's schemas", "ninja"),
    ("the API's schemas", "pydantic"),
    ("the service's own code", "vakhta"),
)


def profiled(bench: Bench) -> list[tuple[str, float]]:
    """Part of the code → its share of a registration's time in this process, the greatest first."""
    from django.test import Client

    browser, profile = Client(), cProfile.Profile()
    for n in range(PROFILED + 20):
        if n == 20:
            profile.enable()
        answer = browser.post(
            "/api/v1/tickets", _body(bench), content_type="application/json", headers=_headers(bench, f"profile-{n}")
        )  # fmt: skip
        if answer.status_code != 201:
            raise RuntimeError(f"registration: {answer.status_code}")
    profile.disable()
    spent = Counter[str]()
    for (file, _line, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        said = f"{file} {name}"
        spent[next((title for title, mark in ROOMS if mark in said), "Python itself")] += own
    return [(title, seconds / spent.total()) for title, seconds in spent.most_common()]
