"""A technician's moves, each in each state of the order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.domain.routes import WORK_ORDER
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.word import confirm_ticket
from vakhta.web.tests.steps import everything, kinds, moved, now_of, order_now, ordered, photo

SYSTEM = Scope.system("test")
WAYS = {
    "offered": (),
    "accepted": ("accept",),
    "on_the_way": ("accept", "go"),
    "on_site": ("accept", "go", "arrive"),
    "contained": ("accept", "go", "arrive", "contain"),
    "no_access": ("accept", "go", "no_access"),
    "done": ("accept", "go", "arrive", "done"),
    "refused": ("refuse",),
}
"""State → the moves that lead to it."""
TABLE = [(state, move) for state in WAYS for move in crews.TECHNICIAN_MOVES]


@pytest.mark.parametrize(("state", "move"), TABLE)
def test_every_move_in_every_state(cast: Cast, state: str, move: str) -> None:
    """Allowed, already so, or refused with a Russian word; a refusal changes nothing."""
    ticket, order = ordered(cast)
    moved(cast, order, *WAYS[state])
    before = everything(ticket)
    ends = WORK_ORDER.moves[move].ends
    if state == ends:
        moved(cast, order, move)
        assert everything(ticket) == before
    elif WORK_ORDER.may(state, move):
        moved(cast, order, move)
        assert order_now(order).state == ends
        assert len(kinds(ticket)) == len(before[-1]) + 1  # type: ignore[arg-type]
    else:
        with pytest.raises(Conflict):
            moved(cast, order, move)
        assert everything(ticket) == before


@pytest.mark.parametrize(
    ("code", "kind"),
    [("flat.cold.riser", "DamageContained"), ("lift.people", "PassengersEvacuated")],
)
def test_contained_is_the_fact_that_stops_the_clock(cast: Cast, code: str, kind: str) -> None:
    ticket, order = ordered(cast, code)
    moved(cast, order, "accept", "go", "arrive", "contain")
    assert kinds(ticket)[-1] == kind


# ── Taken back ───────────────────────────────────────────────────────────────────────────────


def stands(ticket: Ticket, order: WorkOrder) -> tuple[object, ...]:
    """The order's and the ticket's state, when the work was done, and each clock as it runs."""
    now = now_of(ticket)
    with reading(SYSTEM):
        terms = sorted(
            Clock.objects.filter(subject=f"ticket/{ticket.pk}").values_list("norm", "stopped_at", "is_ended")
        )
        ended_at = WorkOrder.objects.get(pk=order.pk).ended_at
    return order_now(order).state, ended_at, now.state, now.done_at, terms


def last_entry(ticket: Ticket) -> int:
    with reading(SYSTEM):
        return journal.history(f"ticket/{ticket.pk}")[-1].entry


@pytest.mark.parametrize("code", ["flat.cold.riser", "lift.people"])
@pytest.mark.parametrize("way", [way for way in WAYS.values() if way])
def test_the_wrong_crew_was_understood_and_its_move_is_taken_back(
    cast: Cast, code: str, way: tuple[str, ...]
) -> None:
    """All stands as before it, clocks that it stopped run, and the same can be recorded again."""
    ticket, order = ordered(cast, code)
    moved(cast, order, *way[:-1])
    before = stands(ticket, order)
    moved(cast, order, way[-1])
    after = stands(ticket, order)
    with acting(cast.scope(cast.ivanova)):
        crews.undo_move(ticket.pk, last_entry(ticket))
    assert stands(ticket, order) == before
    assert kinds(ticket)[-1] == "Undone"
    moved(cast, order, way[-1])
    assert [said for said in stands(ticket, order) if isinstance(said, str)] == [
        said for said in after if isinstance(said, str)
    ]


def test_what_came_after_a_move_is_not_undone_with_it(cast: Cast) -> None:
    """Only the last move, once, and not what its applicant has confirmed."""
    ticket, order = ordered(cast)
    moved(cast, order, "accept")
    accepted = last_entry(ticket)
    moved(cast, order, "go")
    gone = last_entry(ticket)
    cannot(cast, ticket, accepted)
    with acting(cast.scope(cast.ivanova)):
        crews.undo_move(ticket.pk, gone)
    cannot(cast, ticket, gone)
    cannot(cast, ticket, last_entry(ticket))
    with acting(cast.scope(cast.ivanova)):
        crews.undo_move(ticket.pk, accepted)
    assert order_now(order).state == "offered"
    moved(cast, order, "accept", "go", "arrive", "done")
    done = last_entry(ticket)
    with acting(SYSTEM):
        confirm_ticket(ticket.pk, rating=5)
    cannot(cast, ticket, done)


def cannot(cast: Cast, ticket: Ticket, entry: int) -> None:
    before = everything(ticket)
    with pytest.raises(Conflict, match="нечего"), acting(cast.scope(cast.ivanova)):
        crews.undo_move(ticket.pk, entry)
    assert everything(ticket) == before


def test_after_ten_minutes_a_move_stays(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept")
    before, later = everything(ticket), clock.now() + timedelta(minutes=11)
    with pytest.raises(Conflict, match="десяти минут"), acting(cast.scope(cast.ivanova), at=later):
        crews.undo_move(ticket.pk, last_entry(ticket))
    assert everything(ticket) == before


@pytest.mark.parametrize("who", ["kuznetsov", "client", "inspector", "kim"])
def test_who_reports_no_move_takes_none_back(cast: Cast, who: str) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept")
    before = everything(ticket)
    with pytest.raises(Forbidden), acting(cast.scope(getattr(cast, who))):
        crews.undo_move(ticket.pk, last_entry(ticket))
    assert everything(ticket) == before


def test_the_ticket_follows_its_order(cast: Cast) -> None:
    ticket, order = ordered(cast)
    for move, state in (
        ("accept", "accepted"),
        ("go", "on_the_way"),
        ("no_access", "accepted"),
        ("arrive", "on_site"),
        ("contain", "contained"),
        ("done", "done"),
    ):
        moved(cast, order, move)
        assert now_of(ticket).state == state


def stops(ticket: Ticket) -> dict[str, datetime | None]:
    with reading(SYSTEM):
        return dict(Clock.objects.filter(subject=f"ticket/{ticket.pk}").values_list("norm", "stopped_at"))


@pytest.mark.parametrize("move", ["refuse", "no_access"])
def test_who_contained_the_damage_need_not_be_who_repairs_it(cast: Cast, move: str) -> None:
    """The night crew shuts the riser, the flat is locked or a welder is needed: the ticket goes to another crew, and
    the containment stays met."""
    ticket, order = ordered(cast)
    moved(cast, order, *WAYS["contained"], move)
    contained = stops(ticket)
    with acting(cast.scope(cast.ivanova)):
        other = crews.assign_ticket(ticket.pk, assignee=cast.kuznetsov.pk)
    assert (other.pk != order.pk, other.state, now_of(ticket).state) == (True, "offered", "assigned")
    assert stops(ticket) == contained
    assert contained["pp416.13.containment"] and not contained["pp416.13.elimination"]


@pytest.mark.parametrize("who", ["ivanova", "gromova", "orlov", "client", "inspector", "kim"])
def test_nobody_moves_for_a_technician(cast: Cast, who: str) -> None:
    ticket, order = ordered(cast)
    before = everything(ticket)
    with pytest.raises(Forbidden), acting(cast.scope(getattr(cast, who))):
        crews.move(order.pk, "accept")
    assert everything(ticket) == before


def test_too_many_photos_at_once_are_refused(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    before = everything(ticket)
    photos = [photo() for _ in range(crews.PHOTOS_AT_ONCE + 1)]
    with pytest.raises(Invalid, match="не больше 10") as refused, acting(cast.scope(cast.kuznetsov)):
        crews.move(order.pk, "done", note="заменено", photos=photos)
    assert refused.value.field == "photo"
    assert everything(ticket) == before
