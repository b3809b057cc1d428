"""A crew moves while its order is handed to another one: one of them waits, and neither for the other."""

from __future__ import annotations

import pytest
from tests.cast import Cast, make_cast

from vakhta.contacts.tests.test_side_by_side import started, until_somebody_waits_for_me
from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.kernel.journal import acting
from vakhta.tickets.rows import open_ticket
from vakhta.web.tests.steps import order_now, ordered


@pytest.fixture
def cast(committed: str) -> Cast:
    return make_cast()


def test_a_move_that_waits_for_its_ticket_has_not_its_order_in_hand(cast: Cast) -> None:
    """Whoever hands a ticket over holds it first and its order then; the other way round they would wait for ever."""
    ticket, order = ordered(cast)

    def accepts() -> None:
        with acting(cast.scope(cast.kuznetsov)):
            crews.move(order.pk, "accept")

    with acting(cast.scope(cast.ivanova)):
        open_ticket(ticket.pk)
        waiting = started(accepts)
        until_somebody_waits_for_me()
        WorkOrder.objects.select_for_update(nowait=True).get(pk=order.pk)
    waiting.join(timeout=20)
    assert not waiting.is_alive() and order_now(order).state == "accepted"
