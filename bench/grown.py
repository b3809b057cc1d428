"""What grows with a city: measured in this process, against the limits of a city's size."""

from __future__ import annotations

import statistics
import time
from random import Random
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.limits import absolute, timed
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews.finding import STATES
from vakhta.domain.layouts import to_latin
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify
from vakhta.people.models import Company, Staff
from vakhta.places.models import Building, Phone
from vakhta.places.search import find_addresses
from vakhta.tickets.models import Ticket
from vakhta.web.lists.ticket_columns import COLUMNS

CARDS, ADDRESSES = 60, 500
CARD_MS, ADDRESS_MS, LIST_MS, RIGHT, ENTRIES = 30, 20, 40, 0.95, 100_000
LETTERS = "абвгдежзиклмнопрстуфхчшщыэюя"


def lines(operator: Staff, scope: Scope) -> list[bool]:
    """Prints a line for each limit; whether those were kept that hold on every machine."""
    cards(operator, scope)
    lists(operator, scope)
    return [addresses(scope), journal()]


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def cards(operator: Staff, scope: Scope) -> None:
    """Contacts of as many known phones, each opened once."""
    random, browser = Random(1), Client()
    browser.post(f"/demo/as/{operator.pk}/")
    with reading(Scope.system("bench")):
        phones = random.sample(list(Phone.objects.values_list("number", flat=True)[:20_000]), CARDS)
    links = []
    for phone in phones:
        with acting(scope):
            row, _ = arrival.receive(
                arrival.Message(channel="phone", phone=phone), centre=operator.company_id
            )
            contacts.take(row.pk)
        links.append(f"/console/contact/{row.pk}/")
    browser.get(links[0], headers={"HX-Request": "true"})
    times = [timed(lambda link=link: browser.get(link, headers={"HX-Request": "true"})) for link in links]  # type: ignore[misc]
    with CaptureQueriesContext(connection) as made:
        browser.get(links[1], headers={"HX-Request": "true"})
    queries = sum(q["sql"].startswith(("SELECT", "WITH")) for q in made)
    print(
        f"card by phone p50 {statistics.median(times):.1f}, p95 {_p95(times):.1f} ms (ceiling {CARD_MS}), {queries} queries"
        f"{absolute(_p95(times) <= CARD_MS)}"
    )


def addresses(scope: Scope) -> bool:
    """Addresses as people type them, half of them with a slip, some in the wrong layout."""
    random, times, right = Random(2), list[float](), 0
    with reading(scope):
        houses = random.sample(list(Building.objects.all()), min(ADDRESSES, Building.objects.count()))
        for house in houses:
            typed = as_typed(house, random)
            start = time.perf_counter()
            hits = find_addresses(typed)
            times.append((time.perf_counter() - start) * 1000)
            right += bool(hits) and hits[0].building.pk == house.pk
    share = right / len(houses)
    print(
        f"address search p50 {statistics.median(times):.1f}, p95 {_p95(times):.1f} ms (ceiling {ADDRESS_MS}), "
        f"the right house first in {share:.1%} of {len(houses)} (floor {RIGHT:.0%})"
        f"{absolute(_p95(times) <= ADDRESS_MS)}"
    )
    return share >= RIGHT


def as_typed(house: Building, random: Random) -> str:
    words = house.street.partition(" ")[2].lower().split()
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    word = words[longest]
    if random.random() < 0.5 and len(word) > 4:
        at = random.randrange(1, len(word) - 1)
        words[longest] = random.choice(
            (word[:at] + word[at + 1 :], word[:at] + random.choice(LETTERS) + word[at:],
             word[:at] + random.choice(LETTERS) + word[at + 1 :])
        )  # fmt: skip
    typed = f"{' '.join(words)} {house.house.lower()}-{random.randint(1, 60)}"
    return to_latin(typed) if random.random() < 0.15 else typed


EVERY = ",".join(column.code for column in COLUMNS.plain)


def lists(operator: Staff, scope: Scope) -> None:
    """The page of 50 tickets by one filter or search each, as the server makes it: data and HTML."""
    browser, random, times = Client(), Random(3), dict[str, list[float]]()
    browser.post(f"/demo/as/{operator.pk}/")
    with reading(scope):
        some = random.sample(
            list(Ticket.objects.order_by("-pk").values_list("number", "phone", "address")[:5000]), 5
        )
        companies = list(Company.objects.values_list("pk", flat=True))
    number, phone, address = some[0]
    questions = [
        "", f"q={number}", f"q={quote(phone)}", f"q={quote(address)}", "q=стояк", "q=течёт стояк", "q=гололёд крыльцо",
        "q=громов", "q=пахн", *(f"state={state}" for state in STATES), *(f"severity={s}" for s in ("emergency", "information")),
        "kind=flat.cold.riser", "kind=lift.people", "channel=phone", "channel=lift", f"company={companies[-1]}", "broken=yes",
        "since=01.01.2026&until=31.01.2026", "order=oldest", "order=oldest&state=open", "order=oldest&state=closed&severity=urgent",
        f"order=oldest&company={companies[-1]}", "order=oldest&q=течёт стояк", f"columns={EVERY}", f"columns={EVERY}&state=work",
    ]  # fmt: skip
    for question in questions * 3:
        start = time.perf_counter()
        answer = browser.get(f"/tickets/?{question}")
        times.setdefault(question, []).append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{question}: {answer.status_code}")
    slowest = {question: min(took) for question, took in times.items()}
    worst = max(slowest, key=lambda question: slowest[question])
    every = [took for tries in times.values() for took in tries]
    print(
        f"list of 50    p50 {statistics.median(every):.1f}, p95 {_p95(every):.1f} ms (ceiling {LIST_MS}) over {len(times)} "
        f"questions; slowest «{worst}» {slowest[worst]:.1f} ms"
        f"{absolute(_p95(every) <= LIST_MS)}"
    )


def journal() -> bool:
    with reading(Scope.system("bench")):
        start = time.perf_counter()
        found = verify()
        rate = found.checked / (time.perf_counter() - start)
    print(
        f"journal verify {rate:,.0f} entries/s of {found.checked:,} (floor {ENTRIES:,}) {found.problem or 'whole'}"
        f"{absolute(rate >= ENTRIES)}"
    )
    return found.is_whole
