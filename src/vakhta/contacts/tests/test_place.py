"""No ticket without an address: a house of the stock, or words that were let stand on purpose."""

from __future__ import annotations

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts.models import Interaction
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Ticket

RISER = "flat.cold.riser"


def typed(cast: Cast, address: str, phone: str = "8 495 999-99-99") -> Interaction:
    with acting(cast.scope(cast.ivanova)):
        return contacts.type_call(phone=phone, address=address)


@pytest.mark.parametrize(
    ("address", "is_outside", "says"),
    [
        ("", False, "«Адрес не в фонде»"),
        ("", True, "словами, где это"),
        ("   ", True, "словами, где это"),
        ("Лондон, Бейкер-стрит", False, "«Лондон, Бейкер-стрит» не найден"),
        ("ленина", False, "не найден"),
    ],
)
def test_an_operator_is_asked_where_it_is(cast: Cast, address: str, is_outside: bool, says: str) -> None:
    row = typed(cast, address)
    with pytest.raises(Invalid, match=says) as refused, acting(cast.scope(cast.ivanova)):
        contacts.register(row.pk, classifier=RISER, description="течёт", is_outside=is_outside)
    assert refused.value.field == "address"
    with reading(Scope.system("test")):
        kept = Interaction.objects.get(pk=row.pk)
        assert (kept.state, kept.ticket_id, Ticket.objects.count()) == ("taken", None, 0)
        assert "TicketRegistered" not in [r.fact.kind for r in journal.history(f"interaction/{row.pk}")]


@pytest.mark.parametrize(
    ("address", "phone", "is_outside", "becomes"),
    [
        ("ленина 15-42", "", False, "ул. Ленина, 15"),
        ("", "8 900 000-15-42", False, "ул. Ленина, 15"),
        ("трасса М-5, 12-й км, колодец", "", True, ""),
        ("ленина 15", "", True, "ул. Ленина, 15"),
    ],
)
def test_a_ticket_has_a_house_or_words_of_a_place(
    cast: Cast, address: str, phone: str, is_outside: bool, becomes: str
) -> None:
    row = typed(cast, address, phone)
    with acting(cast.scope(cast.ivanova)):
        ticket = contacts.register(row.pk, classifier=RISER, description="течёт", is_outside=is_outside)
    with reading(Scope.system("test")):
        kept = Ticket.objects.select_related("building").get(pk=ticket.pk)
        assert str(kept.building or "") == becomes and kept.address
