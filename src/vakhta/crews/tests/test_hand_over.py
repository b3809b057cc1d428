"""A hand-over is taken back, an order is taken from a crew: each leaves its fact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain import facts
from vakhta.domain.told import ticket_told
from vakhta.kernel import clock, journal
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.changes import undo_end, void_ticket
from vakhta.tickets.models import Ticket
from vakhta.tickets.queries import clocks_of
from vakhta.web.tests.steps import everything, kinds, moved, now_of, order_now, ordered, registered
from vakhta.wiring import FOLLOWERS


def handed_in_step_eight(cast: Cast, crew: Crew | None = None) -> tuple[Ticket, Interaction, int]:
    """Ivanova hands over in step 8; (ticket, contact, the entry that recorded it)."""
    ticket = registered(cast)
    with reading(Scope.system("test")):
        contact = Interaction.objects.get(ticket=ticket)
    with acting(cast.scope(cast.ivanova)) as unit:
        crews.assign_ticket(ticket.pk, crew=(crew or cast.crew4).pk, interaction=contact.pk)
    return ticket, contact, unit.last_entry


def crew_of(cast: Cast, number: int) -> Crew:
    with reading(Scope.system("test")):
        made: Crew = Crew.objects.create(company=cast.centre, number=number, name=f"бригада {number}")
    return made


def steps_of(contact: Interaction) -> set[str]:
    with reading(Scope.system("test")):
        return set(Interaction.objects.get(pk=contact.pk).steps)


def open_orders(ticket: Ticket) -> list[WorkOrder]:
    with reading(Scope.system("test")):
        return list(WorkOrder.objects.filter(ticket=ticket, state__in=WorkOrder.OPEN).select_related("crew"))


def test_the_wrong_crew_ctrl_z_and_the_ticket_waits_for_a_crew_again(cast: Cast) -> None:
    ticket, contact, entry = handed_in_step_eight(cast)
    assert "8" in steps_of(contact)
    with acting(cast.scope(cast.ivanova)):
        crews.undo_assignment(ticket.pk, entry)
    assert now_of(ticket).state == "registered"
    assert open_orders(ticket) == []
    assert kinds(ticket)[-2:] == ["WorkWithdrawn", "Undone"]
    assert "8" not in steps_of(contact), "step 8 is to be done again"


def test_the_crew_that_had_it_before_has_it_again(cast: Cast) -> None:
    ticket, contact, _ = handed_in_step_eight(cast)
    with acting(cast.scope(cast.ivanova)) as unit:
        crews.assign_ticket(ticket.pk, crew=crew_of(cast, 7).pk)
    with acting(cast.scope(cast.ivanova)):
        crews.undo_assignment(ticket.pk, unit.last_entry)
    assert [order.crew for order in open_orders(ticket)] == [cast.crew4]
    assert now_of(ticket).state == "assigned"
    assert "8" in steps_of(contact), "step 8 was done by the first hand-over"


def test_an_accepted_order_is_not_taken_back_silently(cast: Cast) -> None:
    ticket, _, entry = handed_in_step_eight(cast)
    moved(cast, open_orders(ticket)[0], "accept")
    before = everything(ticket)
    with pytest.raises(Conflict, match=r"уже в работе \(принято\)"), acting(cast.scope(cast.ivanova)):
        crews.undo_assignment(ticket.pk, entry)
    assert everything(ticket) == before


def test_only_the_last_hand_over_is_taken_back_and_once(cast: Cast) -> None:
    ticket, _, first = handed_in_step_eight(cast)
    with acting(cast.scope(cast.ivanova)) as unit:
        crews.assign_ticket(ticket.pk, crew=crew_of(cast, 7).pk)
    before = everything(ticket)
    with pytest.raises(Conflict, match="нечего"), acting(cast.scope(cast.ivanova)):
        crews.undo_assignment(ticket.pk, first)
    assert everything(ticket) == before
    with acting(cast.scope(cast.ivanova)):
        crews.undo_assignment(ticket.pk, unit.last_entry)
    before = everything(ticket)
    with pytest.raises(Conflict, match="нечего"), acting(cast.scope(cast.ivanova)):
        crews.undo_assignment(ticket.pk, unit.last_entry)
    assert everything(ticket) == before


def test_after_ten_minutes_the_crew_is_asked_not_undone(cast: Cast) -> None:
    ticket, _, entry = handed_in_step_eight(cast)
    later = clock.now() + timedelta(minutes=11)
    with pytest.raises(Conflict, match="десяти минут"), acting(cast.scope(cast.ivanova), at=later):
        crews.undo_assignment(ticket.pk, entry)


@pytest.mark.parametrize("who", ["kuznetsov", "client", "inspector", "kim"])
def test_who_hands_nothing_over_takes_nothing_back(cast: Cast, who: str) -> None:
    ticket, _, entry = handed_in_step_eight(cast)
    before = everything(ticket)
    with pytest.raises(Forbidden), acting(cast.scope(getattr(cast, who))):
        crews.undo_assignment(ticket.pk, entry)
    assert everything(ticket) == before


def test_giving_it_to_another_crew_withdraws_the_first_order_by_a_fact(cast: Cast) -> None:
    ticket, order = ordered(cast)
    with acting(cast.scope(cast.ivanova)):
        crews.assign_ticket(ticket.pk, crew=crew_of(cast, 7).pk)
    assert order_now(order).state == "withdrawn"
    assert kinds(ticket)[-3:] == ["WorkWithdrawn", "WorkAssigned", "HandedOver"]


BEGUN = {
    "принято": ("accept",),
    "в пути": ("accept", "go"),
    "на месте": ("accept", "arrive"),
    "локализовано": ("accept", "arrive", "contain"),
}


@pytest.mark.parametrize("to", ["another crew", "nobody"])
@pytest.mark.parametrize("state", BEGUN)
def test_a_crew_that_has_set_out_is_taken_away_for_a_reason(cast: Cast, state: str, to: str) -> None:
    """People are stuck in a lift next door: whoever mops a floor is sent there, and reads why."""
    ticket, order = ordered(cast)
    moved(cast, order, *BEGUN[state])

    def take(reason: str) -> None:
        with acting(cast.scope(cast.ivanova)):
            if to == "nobody":
                crews.take_back(ticket.pk, reason=reason)
            else:
                crews.assign_ticket(ticket.pk, crew=other.pk, reason=reason)

    other, before = crew_of(cast, 7), everything(ticket)
    with pytest.raises(Invalid, match=f"уже работают \\({state}\\).*почему") as refused:
        take(" ")
    assert (refused.value.field, everything(ticket)) == ("reason", before)
    take("люди в лифте")
    assert order_now(order).state == "withdrawn"
    assert now_of(ticket).state == ("registered" if to == "nobody" else "assigned")
    assert [order.crew for order in open_orders(ticket)] == ([] if to == "nobody" else [other])
    with reading(Scope.system("test")):
        history = journal.history(f"ticket/{ticket.pk}")
        clocks = {clock.norm: clock.stopped_at for clock in clocks_of(ticket.pk)[ticket.pk]}
    taken = next(r.fact for r in history if isinstance(r.fact, facts.WorkWithdrawn))
    assert taken.reason == "люди в лифте"
    assert (clocks["pp416.13.containment"] is not None) == (state == "локализовано"), (
        "what was contained stays so"
    )
    assert ticket_told(history).state == now_of(ticket).state, "the journal tells the same"


def test_a_begun_order_that_was_taken_by_mistake_goes_back_to_its_crew(cast: Cast) -> None:
    """As a new one: whoever turned round says again that they go."""
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    with acting(cast.scope(cast.ivanova)) as unit:
        crews.assign_ticket(ticket.pk, crew=crew_of(cast, 7).pk, reason="ближе")
    with acting(cast.scope(cast.ivanova)):
        crews.undo_giving(ticket.pk, unit.last_entry)
    assert [(order.crew, order.state) for order in open_orders(ticket)] == [(cast.crew4, "offered")]
    with acting(cast.scope(cast.ivanova)) as unit:
        crews.take_back(ticket.pk)
    assert open_orders(ticket) == []
    with acting(cast.scope(cast.ivanova)):
        crews.undo_giving(ticket.pk, unit.last_entry)
    assert [(order.crew, order.state) for order in open_orders(ticket)] == [(cast.crew4, "offered")]


def test_whoever_has_it_is_not_given_it_again(cast: Cast) -> None:
    ticket, _ = ordered(cast)
    before = everything(ticket)
    with pytest.raises(Conflict, match="и так у них"), acting(cast.scope(cast.ivanova)):
        crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)
    assert everything(ticket) == before


def test_a_void_ticket_takes_even_a_begun_order_back(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "проверочная заявка")
    with acting(Scope.system("followers")):
        crews.recall(ticket.pk, clock.now())
    assert order_now(order).state == "withdrawn"
    with reading(Scope.system("test")):
        last = journal.history(f"ticket/{ticket.pk}")[-1]
    assert (last.fact.kind, last.fact.work_order) == ("WorkWithdrawn", order.pk)  # type: ignore[attr-defined]


@pytest.mark.parametrize("is_quick", [True, False], ids=["within a second", "later"])
def test_the_crew_has_its_order_again_when_the_end_is_taken_back(cast: Cast, is_quick: bool) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    with acting(cast.scope(cast.gromova)) as unit:
        void_ticket(ticket.pk, "по ошибке")
    if not is_quick:
        react()
        assert order_now(order).state == "withdrawn"
    with acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, unit.last_entry)
    react()
    with reading(Scope.system("test")):
        again = WorkOrder.objects.filter(ticket=ticket).order_by("pk").last()
    assert again is not None and (again.state, again.crew_id) == ("offered", cast.crew4.pk)
    assert now_of(ticket).state == "assigned" and kinds(ticket)[-2:] == ["WorkAssigned", "HandedOver"]


def test_whom_the_ticket_was_given_since_keeps_it(cast: Cast) -> None:
    """The end was taken back and the ticket handed over before the follower came to the end."""
    ticket, _order = ordered(cast)
    with acting(cast.scope(cast.gromova)) as unit:
        void_ticket(ticket.pk, "по ошибке")
    with acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, unit.last_entry)
    with acting(cast.scope(cast.ivanova)):
        given = crews.assign_ticket(ticket.pk, crew=crew_of(cast, 7).pk)
    react()
    assert (order_now(given).state, now_of(ticket).state) == ("offered", "assigned")
    with reading(Scope.system("test")):
        assert WorkOrder.objects.filter(ticket=ticket, state__in=WorkOrder.OPEN).get() == given


@pytest.mark.parametrize("way", ["refused", "taken back", "given on", "void"])
def test_a_crew_that_is_no_more_gets_no_order_back(cast: Cast, way: str) -> None:
    ticket, order = ordered(cast)
    if way == "refused":
        moved(cast, order, "refuse")
    with acting(cast.scope(cast.gromova)) as unit:
        if way == "taken back":
            crews.take_back(ticket.pk)
        elif way == "given on":
            crews.assign_ticket(ticket.pk, crew=crew_of(cast, 7).pk)
        elif way == "void":
            void_ticket(ticket.pk, "по ошибке")
    react()
    with reading(Scope.system("test")):
        history = journal.history(f"ticket/{ticket.pk}")
    with acting(Scope.system("test")):
        Crew.objects.filter(pk=cast.crew4.pk).update(is_active=False)
    last = {record.fact.kind: record.entry for record in history}
    if way == "void":
        with acting(cast.scope(cast.gromova)):
            undo_end(ticket.pk, unit.last_entry)
        react()
        assert now_of(ticket).state == "registered"
    else:
        with pytest.raises(NotFound, match="бригады нет"), acting(cast.scope(cast.ivanova)):
            if way == "refused":
                crews.undo_move(ticket.pk, last["WorkRefused"])
            elif way == "taken back":
                crews.undo_take_back(ticket.pk, last["WorkWithdrawn"])
            else:
                crews.undo_assignment(ticket.pk, last["HandedOver"])
    with reading(Scope.system("test")):
        assert not WorkOrder.objects.filter(crew=cast.crew4, state__in=WorkOrder.OPEN).exists()


def react() -> None:
    for follower in FOLLOWERS:
        while follow(follower):
            pass
