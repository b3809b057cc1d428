"""Pages as the server makes them, data and HTML, in this process: their time and their queries."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.limits import ROUNDS, Figure, Results, p95
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.finding import STATES as CONTACT_STATES
from vakhta.contacts.models import Interaction
from vakhta.crews.finding import STATES
from vakhta.domain import facts
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company, Staff
from vakhta.places.models import Phone
from vakhta.tickets.models import Ticket
from vakhta.web.lists.contact_columns import COLUMNS as CONTACT_COLUMNS
from vakhta.web.lists.ticket_columns import COLUMNS

CARDS, DESKS = 60, 50
CARD_MS, CARD_QUERIES, LIST_MS, LIST_QUERIES = 30, 12, 40, 8
OF_AN_ADDRESS = 4
"""Queries of its search, which the list asks first."""
OF_WORDS_APART = 3
"""Queries by which the few rows are named in which common words stand together."""
OF_THE_WAY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT set_config")
"""Statements that ask nothing."""
OF_EVERY_PAGE = (
    'SELECT "django_session"',
    'SELECT "people_staff"."id", "people_staff"."company_id"',
    'SELECT "journal_entry"."id" AS "id"',
)
"""Who asks, and up to which entry the page is told: no list's own."""


@dataclass(frozen=True)
class Asked:
    """Of several pages, asked for again and again: the median of the rounds' p50 and p95, the least of their p95, the
    slowest page with the median of its times, the most queries."""

    p50: float
    p95: float
    fastest: float
    slowest: str
    slowest_ms: float
    queries: int


def signed_in(role: str) -> tuple[Client, Staff]:
    with reading(Scope.system("bench")):
        staff = Staff.objects.filter(role=role, is_active=True).order_by("id").first()
    assert staff is not None, role
    browser = Client()
    browser.post(f"/demo/as/{staff.pk}/")
    return browser, staff


def ask(
    browser: Client,
    links: Iterable[str],
    but: tuple[str, ...] = OF_THE_WAY,
    before: Callable[[], object] = lambda: None,
    **headers: str,
) -> Asked:
    """Each page once for its queries (`but`: those that are not counted) and to warm, then in rounds for its time.
    `before`: what happens before each asking, and is not timed."""

    def asked(of: Callable[..., float | int], link: str, *more: Any) -> Any:
        before()
        return of(browser, link, *more)

    links = list(links)
    queries = max(asked(_queries, link, but, headers) for link in links)
    rounds = [[asked(_time, link, headers) for link in links] for _ in range(ROUNDS)]
    of_each = [statistics.median(times) for times in zip(*rounds, strict=True)]
    worst = max(range(len(links)), key=lambda place: of_each[place])
    return Asked(
        p50=statistics.median(statistics.median(times) for times in rounds),
        p95=statistics.median(p95(times) for times in rounds),
        fastest=min(p95(times) for times in rounds),
        slowest=links[worst],
        slowest_ms=of_each[worst],
        queries=queries,
    )


def _queries(browser: Client, link: str, but: tuple[str, ...], headers: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as made:
        answer = browser.get(link, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{link}: {answer.status_code}")
    return sum(not query["sql"].startswith(but) for query in made)


def _time(browser: Client, link: str, headers: dict[str, str]) -> float:
    start = time.perf_counter()
    browser.get(link, headers=headers)
    return (time.perf_counter() - start) * 1000


# ── The card ─────────────────────────────────────────────────────────────────────────────────


def cards(results: Results, scope: Scope, centre: int) -> None:
    """Contacts of as many known phones, each opened."""
    random = Random(1)
    browser, _ = signed_in("operator")
    with reading(Scope.system("bench")):
        phones = random.sample(list(Phone.objects.values_list("number", flat=True)[:20_000]), CARDS)
    links = []
    for phone in phones:
        with acting(scope):
            row, _ = arrival.receive(arrival.Message(channel="phone", phone=phone), centre=centre)
            contacts.take(row.pk)
        links.append(f"/console/contact/{row.pk}/")
    found = ask(browser, links, **{"HX-Request": "true"})
    note = f"p50 {found.p50:.1f} ms"
    results.add(_time_of("card by phone", found, note, CARD_MS))
    results.add(_queries_of("card by phone", found, CARD_QUERIES))


def _time_of(what: str, found: Asked, note: str, bar: int | None = None) -> Figure:
    return Figure(what=f"{what}, p95", value=found.p95, bar=bar, note=note, fastest=found.fastest)


def _queries_of(what: str, found: Asked, bar: int) -> Figure:
    return Figure(
        what=f"{what}, queries", value=found.queries, unit="", digits=0, bar=bar, is_of_machine=False
    )  # fmt: skip


# ── Lists ────────────────────────────────────────────────────────────────────────────────────


def lists(results: Results) -> None:
    browser, _ = signed_in("operator")
    random = Random(3)
    with reading(Scope.system("bench")):
        some = random.sample(
            list(Ticket.objects.order_by("-pk").values_list("number", "phone", "address")[:5000]), 5
        )
        companies = list(Company.objects.values_list("pk", flat=True))
    number, phone, _ = some[0]
    month = _last_month()
    last = f"company={companies[-1]}"
    every = ",".join(column.code for column in COLUMNS.plain)
    filters = [
        "", *(f"state={state}" for state in STATES), "severity=emergency", "severity=information", "kind=flat.cold.riser",
        "kind=lift.people", "channel=phone", "channel=lift", last, "broken=yes", "broken=pp416.13.containment", "kept=pp416.13.containment", "running=pp416.13.containment", "crew=1",
        month, "origin=own", "origin=old",
    ]  # fmt: skip
    searches = [
        f"q={number}", f"q={quote(phone)}", "q=стояк", "q=течёт стояк", "q=гололёд крыльцо",
        "q=громов", "q=пахн",
    ]  # fmt: skip
    oldest = [f"order=oldest&{question}" for question in ("", "state=open", "state=closed&severity=urgent", last, month,
                                                         "q=течёт стояк", "kind=lift.people")]  # fmt: skip
    columns = [f"columns={every}", f"columns={every}&state=work", f"columns={every}&order=oldest&{last}"]
    for what, questions in (
        ("any one filter", filters), ("any search", searches), ("oldest first", oldest), ("all columns", columns),
    ):  # fmt: skip
        _listed(results, f"50 tickets, {what}", _ask(browser, [f"/tickets/?{said}" for said in questions]))
    apart = ["q=громова воронцова", "q=воронцова елкина", "q=жукова лебедева"]
    _listed(
        results, "50 tickets, two common words that never meet",
        _ask(browser, [f"/tickets/?{said}" for said in apart]), LIST_QUERIES + OF_WORDS_APART,
    )  # fmt: skip
    by_address = [f"/tickets/?q={quote(address)}" for _, _, address in some]
    _listed(results, "50 tickets, an address", _ask(browser, by_address), LIST_QUERIES + OF_AN_ADDRESS)
    _contacts(results, browser, phone, last, month)
    _views(results, browser)


def _contacts(results: Results, browser: Client, phone: str, last: str, month: str) -> None:
    every = ",".join(column.code for column in CONTACT_COLUMNS.plain)
    questions = [
        "", *(f"state={state}" for state in CONTACT_STATES), *(f"outcome={code}" for code in dict(Interaction.OUTCOMES)),
        "channel=phone", "channel=lift", last, "broken=pp416.13.answer", "kept=pp416.13.answer", "running=pp416.13.answer", month, f"q={quote(phone)}",
        "order=oldest", f"order=oldest&{last}", f"columns={every}",
    ]  # fmt: skip
    _listed(
        results,
        "50 contacts, any filter",
        _ask(browser, [f"/tickets/contacts/?{said}" for said in questions]),
    )


def _views(results: Results, browser: Client) -> None:
    """Saved views, opened by their names as from the row above the list."""
    links = []
    for name, asked in (
        ("Срочные закрытые", "state=closed&severity=urgent"),
        ("Стояки", "q=стояк&order=oldest"),
    ):
        kept = browser.post("/tickets/views/", {"list": "tickets", "name": name, "asked": asked})
        if kept.status_code != 302:
            raise RuntimeError(f"saved view: {kept.status_code}")
        links.append(kept.headers["Location"])
    _listed(results, "50 tickets, saved view", _ask(browser, links))


def _ask(browser: Client, links: list[str]) -> Asked:
    return ask(browser, links, (*OF_THE_WAY, *OF_EVERY_PAGE))


def _listed(results: Results, what: str, found: Asked, queries: int = LIST_QUERIES) -> None:
    slowest = f"p50 {found.p50:.1f} ms; slowest {found.slowest_ms:.1f}: {found.slowest.partition('?')[2][:60] or 'all'}"
    results.add(_time_of(what, found, slowest, LIST_MS))
    results.add(_queries_of(what, found, queries))


# ── What else is opened ──────────────────────────────────────────────────────────────────────


def others(results: Results) -> None:
    """Pages without a bar of their own: how they grow with the years is what counts. Each is asked for after a change,
    as desks do: what one answer tells all of them is made anew then."""
    for what, role, links in (
        ("console", "operator", ["/console/"]),
        ("queue of the console", "operator", ["/console/queue/", "/console/threatened/"]),
        ("board", "senior", ["/board/"]),
        ("indicators of a month", "senior", [f"/indicators/?by={by}&{_last_month()}" for by in BY]),
        ("staffing", "senior", ["/indicators/staffing/"]),
        ("shifts of a month", "senior", ["/shifts/"]),
        ("looks register", "inspector", ["/journal/looks/"]),
        ("journal", "inspector", ["/journal/"]),
    ):
        browser, staff = signed_in(role)
        found = ask(browser, links, before=partial(_change, staff.company_id))
        note = f"p50 {found.p50:.1f} ms, {found.queries} queries"
        results.add(_time_of(what, found, note))
    results.add(_desks())


def _change(company: int) -> None:
    with acting(Scope.system("bench")):
        journal.record(facts.StockChanged(what="bench"), company=company)


def _desks() -> Figure:
    """Fifty desks that ask for their left column anew after one change."""
    browser, staff = signed_in("operator")

    def all_ask() -> float:
        _change(staff.company_id)
        left = ("/console/queue/", "/console/threatened/")
        return sum(_time(browser, link, {}) for _ in range(DESKS) for link in left)

    rounds = [all_ask() for _ in range(ROUNDS)]
    note = f"{statistics.median(rounds) / DESKS:.1f} ms a desk, its queue and what is threatened"
    what = f"{DESKS} desks after a change, in all"
    return Figure(what=what, value=statistics.median(rounds), digits=0, note=note, fastest=min(rounds))


def _last_month() -> str:
    """Whole on any day of this one."""
    last_day = clock.today().replace(day=1) - timedelta(days=1)
    return f"since=01.{last_day:%m.%Y}&until={last_day:%d.%m.%Y}"


BY = ("day", "company", "building", "kind", "operator", "crew")
