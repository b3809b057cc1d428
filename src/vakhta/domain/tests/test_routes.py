"""Moves of tickets and work orders, and the stages of each route."""

from __future__ import annotations

import pytest

from vakhta.domain.facts import FACTS
from vakhta.domain.routes import RESPONSIBLE, ROUTES, TICKET, WORK_ORDER, Machine, MoveRefused, Route


def walk(machine: Machine, state: str, *moves: str) -> str:
    for move in moves:
        state = machine.next_state(state, move)
    return state


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ("assign accept go arrive contain done confirm", "closed"),
        ("assign accept arrive done close_unanswered", "closed"),
        ("assign refuse assign accept", "accepted"),
        ("assign accept go no_access go arrive contain done", "done"),
        ("assign accept arrive contain no_access arrive done", "done"),
        ("assign accept arrive contain refuse assign accept arrive done", "done"),
        ("assign accept arrive done return", "returned"),
        ("assign accept arrive done return assign accept", "accepted"),
        ("assign assign", "assigned"),
        ("assign accept go arrive void", "voided"),
        ("merge", "merged"),
    ],
)
def test_a_ticket_goes_its_way(moves: str, state: str) -> None:
    assert walk(TICKET, "registered", *moves.split()) == state


@pytest.mark.parametrize(
    ("machine", "state", "move"),
    [
        (TICKET, "registered", "accept"),
        (TICKET, "registered", "done"),
        (TICKET, "accepted", "contain"),
        (TICKET, "on_the_way", "done"),
        (TICKET, "contained", "confirm"),
        (TICKET, "done", "void"),
        (TICKET, "closed", "return"),
        (TICKET, "voided", "assign"),
        (TICKET, "merged", "assign"),
        (WORK_ORDER, "offered", "arrive"),
        (WORK_ORDER, "on_site", "refuse"),
        (WORK_ORDER, "done", "withdraw"),
        (WORK_ORDER, "done", "accept"),
        (WORK_ORDER, "refused", "accept"),
    ],
)
def test_a_move_out_of_turn_is_refused_in_words(machine: Machine, state: str, move: str) -> None:
    assert not machine.may(state, move)
    with pytest.raises(MoveRefused, match="невозможно"):
        machine.next_state(state, move)


def test_an_unknown_move_is_refused() -> None:
    assert not TICKET.may("registered", "fly")
    with pytest.raises(MoveRefused, match=r"fly.*невозможно"):
        TICKET.next_state("registered", "fly")


@pytest.mark.parametrize("machine", [TICKET, WORK_ORDER])
def test_moves_speak_of_states_and_facts_that_exist(machine: Machine) -> None:
    for move in machine.moves.values():
        assert move.starts <= set(machine.states) and move.ends in machine.states
        assert move.fact in FACTS
    reached = {move.ends for move in machine.moves.values()} | {"registered", "offered"}
    assert set(machine.states) <= reached


def test_the_ends_are_final() -> None:
    final = {state for state in TICKET.states if not TICKET.moves_from(state)}
    assert final == {"closed", "merged", "voided"}
    assert {s for s in WORK_ORDER.states if not WORK_ORDER.moves_from(s)} == {"done", "refused", "withdrawn"}


@pytest.mark.parametrize("route", ROUTES.values(), ids=lambda route: route.code)
def test_a_route_has_its_stages_in_the_order_of_the_ticket(route: Route) -> None:
    order = list(TICKET.states)
    places = [order.index(stage.reached) for stage in route.stages]
    assert places == sorted(places)
    assert {stage.responsible for stage in route.stages} <= set(RESPONSIBLE)
    assert route.plan and route.title


def test_gas_is_not_for_the_companys_own_crew() -> None:
    assert not ROUTES["gas"].own_crew
    assert "crew" not in {stage.responsible for stage in ROUTES["gas"].stages}
    assert ROUTES["gas"].services == ("gas_service",)
