"""A day of the cast: a ticket that was done, a void one, a late one, a consultation, a hostile word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.models import Ticket

DAY = date(2026, 11, 24)
HOSTILE = '=HYPERLINK("http://x";"#") *жирно* #set text(red) $a_b$ <script> \\ 🔥'


@dataclass
class Day:
    cast: Cast
    done: str
    void: str
    late: str


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the day, by Moscow's clock."""
    return datetime(2026, 11, 24, hour - 3, minute, tzinfo=UTC)


@pytest.fixture
def day(cast: Cast) -> Day:
    scope, senior = cast.scope(cast.ivanova), cast.scope(cast.gromova)
    done = _ticket(cast, "8 900 000-15-42", at(9), "течёт стояк")
    number = done.number
    with acting(scope, at=at(9, 3)):
        tickets.make_plan(done.pk, "перекрыть стояк")
        tickets.tell_service(done.pk, "water_utility", "Смирнов")
        tickets.tell_terms(done.pk, at(12))
        tickets.agree_access(
            done.pk, needed=True, since=at(10), reason="кран в квартире", worker="Кузнецов П. А."
        )
    void = _ticket(cast, "8 900 000-03-12", at(10), "ошибка")
    with acting(senior, at=at(10, 5)):
        void_ticket(void.pk, "проверка связи")
    with acting(scope, at=at(8), happened_at=at(4), late_reason="не было света"):
        row, _ = arrival.receive(
            arrival.Message(channel="walk_in", address="у моста", text="темно"), centre=cast.centre.pk
        )
        contacts.take(row.pk)
        late = contacts.register(row.pk, classifier="flat.cold.riser", description=HOSTILE, is_outside=True)
    with acting(Scope.system("api"), at=at(11)):
        row, _ = arrival.receive(
            arrival.Message(channel="web", text="когда собрание?"), centre=cast.centre.pk
        )
    with acting(scope, at=at(11, 2)):
        contacts.take(row.pk)
        contacts.end(row.pk, "consultation", note="сказано: в декабре")
    return Day(cast, number, void.number, late.number)


def _ticket(cast: Cast, phone: str, moment: datetime, words: str) -> Ticket:
    with acting(Scope.system("api"), at=moment):
        row, _ = arrival.receive(arrival.Message(channel="phone", phone=phone), centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova), at=moment):
        contacts.take(row.pk)
        return contacts.register(row.pk, classifier="flat.cold.riser", description=words)
