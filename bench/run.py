"""`make bench`: measures against the limits of the service, all in one run.

Without a size: registrations over HTTP against pgbench, the card by phone, the imports, over the demo's town; a few
minutes. `make bench SIZE=200000` grows the town to a city of so many accounts (city.py), a tenth of it first, measures
everything at both sizes and writes the table with the growth between them into docs/speed.md.

The load generator is this package: threads over kept connections for the API, Django's own client in this process for
pages (server time, data and HTML), asyncio for open screens, Chromium for weights, pgbench for the baseline. Times are
medians of five rounds.

Exit 1 when a limit is not kept that holds on every machine (limits.py).
"""

from __future__ import annotations

import logging
import multiprocessing
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from bench.limits import Measured, Results, Yardstick, is_good, python_pace
from bench.service import Bench, pgbench, running_service
from bench.size import Size
from vakhta.cli.main import setup_django

COMPARED = ("verify", "cards", "lists", "other pages", "addresses", "screens", "registration", "clocks")
"""Parts that are measured at a tenth too. pgbench goes late: its entries are of an invented
spelling, neither the verification nor the page of its newest ticket could read them."""
EVERY = (*COMPARED[:-2], "weights", "registration", "profile", "imports", "clocks")
TENTH = 10
"""Of how many parts of the city's history the small one has: bench.size.Size."""
OF_A_TOWN = ("imports", "cards", "registration")
YARDSTICK = Path(__file__).with_name("yardstick.sql")


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    start = time.perf_counter()
    if not size:
        return 0 if is_good(_town()) else 1
    if len(sys.argv) > 2:  # parts by their names: to look at one of them, nothing is written
        return 0 if is_good(_apart(size, 1, tuple(sys.argv[2].split(",")))) else 1
    tenth, whole = _apart(size // TENTH, TENTH, COMPARED), _apart(size, 1, EVERY)
    setup_django()
    from bench.report import grown_too_much, write

    grown = grown_too_much(whole, tenth)
    print(*(f"grows with history: {said}" for said in grown), sep="\n")
    write(whole, tenth, size, time.perf_counter() - start)
    return 0 if is_good(whole) and not grown else 1


def _apart(size: int, part: int, parts: tuple[str, ...]) -> Measured:
    """A city, or that part of one, in a process of its own: the settings name its database, and are read once."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        return one.submit(_city, size, part, parts).result()


def _yardstick(bench: Bench) -> Yardstick:
    said = pgbench(bench.postgres, YARDSTICK, 1)
    rate = re.search(r"^tps = ([\d.]+)", said, re.M)
    assert rate is not None, said
    return Yardstick(python_pace(), float(rate[1]))


def _town() -> Measured:
    with running_service(None) as bench:
        return _measured(bench, 0, OF_A_TOWN)


def _city(size: int, part: int, parts: tuple[str, ...]) -> Measured:
    start = time.perf_counter()
    with running_service(Size(size, part)) as bench:
        took = time.perf_counter() - start
        measured = _measured(bench, size, parts)
        measured.took = {"growing the city": took, **measured.took}
        return measured


def _measured(bench: Bench, size: int, parts: tuple[str, ...]) -> Measured:
    logging.disable(logging.INFO)  # pages are asked for in this process too: their lines are no results
    from bench import clocks, grown, imports, pages, registration, screens, weight

    results = Results(partial(_yardstick, bench))
    acts = {
        "verify": lambda: grown.journal(results),
        "cards": lambda: pages.cards(results, bench.scope, bench.operator.company_id),
        "lists": lambda: pages.lists(results),
        "other pages": lambda: pages.others(results),
        "addresses": lambda: grown.addresses(results, bench.scope),
        "screens": lambda: screens.screens(results, bench, bench.scope),
        "registration": lambda: registration.registration(results, bench),
        "weights": lambda: weight.weights(results, bench),
        "profile": lambda: results.measured.profile.extend(registration.profiled(bench)),
        "imports": lambda: imports.imports(results, _server(bench), size),
        "clocks": lambda: clocks.clocks(results, bench, size),
    }
    for part in parts:
        with results.part(part):
            acts[part]()
    return results.measured


def _server(bench: Bench) -> str:
    from vakhta.cli.embedded_postgres import APP

    return bench.postgres.url(APP)


if __name__ == "__main__":
    raise SystemExit(main())
