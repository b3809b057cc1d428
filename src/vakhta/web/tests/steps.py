"""Steps that the tests of the pages share: a ticket on its way, a browser of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.tickets.models import Ticket

RISER = "flat.cold.riser"
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a pipe" * 20
BOOKKEEPING = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SELECT set_config)")


def registered(cast: Cast, code: str = RISER, phone: str = "8 900 000-15-42") -> Ticket:
    """Ivanova takes Petrova's call and registers a ticket."""
    with acting(Scope.system("api")):
        row, _ = arrival.receive(arrival.Message(channel="phone", phone=phone), centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        ticket = contacts.register(row.pk, classifier=code, description="течёт стояк в ванной")
    return ticket


def ordered(cast: Cast, code: str = RISER) -> tuple[Ticket, WorkOrder]:
    """A ticket that was handed to crew 4, where Kuznetsov works."""
    ticket = registered(cast, code)
    with acting(cast.scope(cast.ivanova)):
        order = crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)
    return ticket, order


def moved(cast: Cast, order: WorkOrder, *names: str) -> None:
    """Kuznetsov's moves, one after another."""
    for name in names:
        with acting(cast.scope(cast.kuznetsov)):
            crews.move(order.pk, name, note="заменён участок стояка" if name in crews.NOTE_REQUIRED else "")


def finished(cast: Cast) -> Ticket:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive", "contain", "done")
    return ticket


def browser_of(staff: Staff, *, checks_csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(staff.user)
    return client


def photo(name: str = "труба.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def kinds(ticket: Ticket | int) -> list[str]:
    """What the journal holds of a ticket."""
    pk = ticket if isinstance(ticket, int) else ticket.pk
    with reading(Scope.system("test")):
        return [record.fact.kind for record in journal.history(f"ticket/{pk}")]


def now_of(ticket: Ticket) -> Ticket:
    with reading(Scope.system("test")):
        return Ticket.objects.get(pk=ticket.pk)


def order_now(order: WorkOrder) -> WorkOrder:
    with reading(Scope.system("test")):
        return WorkOrder.objects.get(pk=order.pk)


def everything(ticket: Ticket) -> tuple[object, ...]:
    """Rows and journal of a ticket, to compare before and after a refusal."""
    with reading(Scope.system("test")):
        row = Ticket.objects.filter(pk=ticket.pk).values().get()
        orders = tuple(map(str, WorkOrder.objects.filter(ticket=ticket).order_by("pk").values()))
        files = ticket.files.count()
    return (str(row), orders, files, tuple(kinds(ticket)))


@contextmanager
def at_most(queries: int) -> Iterator[None]:
    """Fails when more statements are sent; BEGIN, SAVEPOINT and the scope's setting do not count."""
    with CaptureQueriesContext(connection) as seen:
        yield
    sent = [q["sql"] for q in seen.captured_queries if not BOOKKEEPING.match(q["sql"])]
    assert len(sent) <= queries, f"{len(sent)} queries:\n" + "\n".join(sql[:160] for sql in sent)
