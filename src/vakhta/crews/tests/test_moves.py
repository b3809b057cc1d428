"""A technician's moves, each in each state of the order."""

from __future__ import annotations

import pytest
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.domain.routes import WORK_ORDER
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid
from vakhta.web.tests.steps import everything, kinds, moved, now_of, order_now, ordered, photo

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
