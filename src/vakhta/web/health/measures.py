"""What Prometheus reads. Rows of the database are counted when it asks, so that any process of any
machine answers the same; requests are counted by each process and added up over all of one machine
(the library's files, in memory, for as long as `vakhta serve` runs).

Labels are bounded: patterns of addresses, methods, statuses, stages, names of parts. Never a person.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Min
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from vakhta.contacts.models import Interaction
from vakhta.kernel.heartbeats import beats
from vakhta.kernel.models import Cursor, Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.models import Delivery
from vakhta.tickets.models import Clock, Ticket

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own name for the folder of the files that processes share; `vakhta serve` sets it."""

REQUESTS = Counter("vakhta_requests", "Answered requests", ["route", "method", "status"])
SECONDS = Histogram(
    "vakhta_request_seconds",
    "Server time of a request",
    ["route", "method"],
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)


def exposition(at: datetime) -> bytes:
    """Everything as Prometheus's text. Raises Django's database errors."""
    registry = REGISTRY
    if SHARED in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + generate_latest(_of_rows(at))


class _Rows:
    """A collector over gauges that are ready."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._families


def _of_rows(at: datetime) -> CollectorRegistry:
    with reading(Scope.system("metrics")):
        families = [*_work(at), *_parts(at), _connections()]
    registry = CollectorRegistry()
    registry.register(_Rows(families))
    return registry


def _work(at: datetime) -> list[GaugeMetricFamily]:
    waiting = Delivery.objects.filter(state__in=["queued", "sending"])
    overdue = Clock.objects.filter(fire_at__lt=at).aggregate(n=Count("pk"), first=Min("fire_at"))
    letters = waiting.aggregate(n=Count("pk"), first=Min("due_at"))
    return [
        _by(
            "vakhta_open_contacts",
            "Contacts that nobody has ended",
            "state",
            ("queued", "taken"),
            Interaction,
        ),
        _by("vakhta_open_tickets", "Tickets whose work is not done", "stage", Ticket.OPEN, Ticket),
        _one("vakhta_clocks_due", "Clocks whose moment has come and that are not fired", overdue["n"]),
        _one("vakhta_clock_lag_seconds", "How late the oldest of them is", _late(overdue["first"], at)),
        _one("vakhta_deliveries_waiting", "Letters that are not sent", letters["n"]),
        _one("vakhta_delivery_lag_seconds", "How late the oldest of them is", _late(letters["first"], at)),
    ]


def _parts(at: datetime) -> list[GaugeMetricFamily]:
    head = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    lag = GaugeMetricFamily("vakhta_follower_lag_entries", "Entries before a follower", labels=["follower"])
    for follower, entry in Cursor.objects.values_list("follower", "entry"):
        lag.add_metric([follower], head - entry)
    ages = GaugeMetricFamily("vakhta_part_silent_seconds", "Since a part's last beat", labels=["part"])
    for part, beaten_at in beats().items():
        ages.add_metric([part], (at - beaten_at).total_seconds())
    parked = Entry.objects.filter(kind="EntryParked").count()
    return [
        _one("vakhta_journal_head", "The newest entry", head),
        lag,
        ages,
        _one("vakhta_parked_entries", "Entries that a follower failed on and set aside", parked),
    ]


def _connections() -> GaugeMetricFamily:
    """The service's own connections to this database, over all processes, by what they do."""
    family = GaugeMetricFamily("vakhta_database_connections", "Connections of the service", labels=["state"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user GROUP BY 1"
        )
        for state, number in cursor.fetchall():
            family.add_metric([state], number)
    return family


def _one(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


def _by(name: str, about: str, label: str, states: tuple[str, ...], model: Any) -> GaugeMetricFamily:
    """One number for each state, 0 too: a line that ends looks like a part that died."""
    found = dict(
        model.objects.filter(state__in=states).values_list("state").annotate(n=Count("pk")).order_by()
    )
    family = GaugeMetricFamily(name, about, labels=[label])
    for state in states:
        family.add_metric([state], found.get(state, 0))
    return family


def _late(first: datetime | None, at: datetime) -> float:
    return max(0.0, (at - first).total_seconds()) if first else 0.0
