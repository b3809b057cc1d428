"""Somebody works here no longer: what they have in hand is given up or named, and then they go, in one change. Their
shifts stay in the rota, which shows nobody who has left, so whoever is taken back finds them again."""

from __future__ import annotations

from vakhta.contacts import actions as contacts
from vakhta.contacts.models import Interaction
from vakhta.crews.models import WorkOrder
from vakhta.crews.teams import leave_crews, orders_in_hand
from vakhta.kernel import clock
from vakhta.kernel.refusal import require
from vakhta.people import staff as people
from vakhta.people.models import Staff

from .models import Shift


def dismiss(staff: int) -> Staff:
    """Contacts go back into the queue, crews lose a member, sessions end. Refused while a half-done intake, an order
    that nobody else would do, or being the last administrator stands against it. Locks the person."""
    require("offices.manage")
    row = people.the_seat(staff)
    if not row.is_active:
        return row
    contacts.release(row.pk, "сотрудник уволен")
    leave_crews(row.pk)
    return people.dismiss(row.pk)


def in_hand(staff: int) -> tuple[list[WorkOrder], int, int]:
    """(orders that nobody else would do, contacts in work, shifts ahead). Four queries."""
    ahead = Shift.objects.filter(staff=staff, since__gt=clock.now()).count()
    return orders_in_hand(staff), Interaction.objects.filter(state="taken", taken_by=staff).count(), ahead
