"""What the card by phone costs: a limit of the service, on a house with something open."""

from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope

MOST_QUERIES = 12
"""Of the whole request: session, rights, scope, caller, house, tickets, clocks, notices, access."""


def taken_call(cast: Cast) -> Interaction:
    with acting(Scope.system("api")):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    with acting(cast.scope(cast.ivanova)):
        return contacts.take(row.pk)


def test_the_card_by_phone_asks_the_database_few_times(cast: Cast) -> None:
    for _ in range(3):
        before = taken_call(cast)
        with acting(cast.scope(cast.ivanova)):
            contacts.register(before.pk, classifier="flat.cold.riser", description="течёт стояк")
    row = taken_call(cast)
    operator = Client()
    operator.force_login(cast.ivanova.user)
    with CaptureQueriesContext(connection) as captured:
        answer = operator.get(f"/console/contact/{row.pk}/", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "Петрова" in page and "26-1" in page
    asked = [q["sql"] for q in captured if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE", q["sql"])]
    assert len(asked) <= MOST_QUERIES, "\n".join(sql[:120] for sql in asked)
