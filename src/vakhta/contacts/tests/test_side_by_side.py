"""Who waits for whom: a call never with the journal in its hands."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections
from tests.cast import Cast, make_cast

from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company
from vakhta.places.models import Building

SYSTEM = Scope.system("test")
FOR_ME = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@pytest.fixture
def cast(committed: str) -> Cast:
    return make_cast()


def test_a_call_that_waits_for_a_row_holds_up_no_other(cast: Cast) -> None:
    """Somebody has the row of a company in hand, so whole that a call of its house waits for him. A call of another's
    house does not wait for that one; and his own entry gets into the journal while the call waits, or neither would
    ever go on."""
    with acting(SYSTEM):
        Company.objects.select_for_update().get(pk=cast.north.pk)
        waiting = started(lambda: called(cast, cast.lenina15))
        until_somebody_waits_for_me()
        other = started(lambda: called(cast, cast.mira3))
        other.join(timeout=20)
        assert not other.is_alive() and waiting.is_alive()
        journal.record(facts.StockChanged(what="название"), company=cast.north.pk)
    waiting.join(timeout=20)
    assert not waiting.is_alive()
    with reading(SYSTEM):
        assert set(Interaction.objects.values_list("building_id", flat=True)) == {
            cast.lenina15.pk,
            cast.mira3.pk,
        }


@pytest.mark.parametrize("scope", [SYSTEM, None], ids=["the system", "a person"])
def test_who_has_waited_for_a_row_sees_it_as_it_is_by_then(cast: Cast, scope: Scope | None) -> None:
    """PostgreSQL makes all that a policy may need once more then: «*» of the system is no number of a company."""
    seen: list[str] = []

    def look() -> None:
        with reading(scope or cast.scope(cast.ivanova)):
            seen.append(Company.objects.select_for_update().get(pk=cast.north.pk).name)

    with acting(SYSTEM):
        Company.objects.filter(pk=cast.north.pk).update(name="Новая")
        journal.record(facts.StockChanged(what="название"), company=cast.north.pk)
        waiting = started(look)
        until_somebody_waits_for_me()
    waiting.join(timeout=20)
    assert seen == ["Новая"]


def called(cast: Cast, house: Building) -> None:
    with acting(Scope.system("api")):
        said = arrival.Message(channel="phone", phone="8 900 000-15-42", address=str(house))
        arrival.receive(said, centre=cast.centre.pk)


def started(act: Callable[[], object]) -> threading.Thread:
    def beside() -> None:
        act()
        connections.close_all()

    thread = threading.Thread(target=beside, daemon=True)
    thread.start()
    return thread


def until_somebody_waits_for_me() -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(FOR_ME)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
