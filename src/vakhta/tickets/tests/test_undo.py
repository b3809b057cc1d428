"""A voiding or a merging is taken back by a compensating fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.domain import facts
from vakhta.domain.deadlines import clocks
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.changes import Place, correct_ticket, undo_correction, undo_end, void_ticket
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.tests.steps import browser_of


def voided(cast: Cast) -> tuple[Ticket, int]:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="8 900 000-15-42")
        ticket = contacts.register(row.pk, classifier="flat.cold.riser", description="течёт")
    with acting(cast.scope(cast.gromova)) as unit:
        void_ticket(ticket.pk, "зарегистрирована дважды")
    return ticket, unit.last_entry


def test_a_voided_ticket_is_open_again_and_its_clocks_run_from_where_they_did(cast: Cast) -> None:
    ticket, entry = voided(cast)
    with reading(cast.scope(cast.ivanova)):
        assert Clock.objects.filter(subject=f"ticket/{ticket.pk}", is_ended=True).count() == 3
    with acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, entry)
    with reading(cast.scope(cast.ivanova)):
        row = Ticket.objects.get(pk=ticket.pk)
        assert (row.state, row.closed_at, row.number) == ("registered", None, ticket.number)
        assert (
            Clock.objects.filter(subject=f"ticket/{ticket.pk}", is_ended=False, fire_at__isnull=False).count()
            == 3
        )
        history = journal.history(f"ticket/{ticket.pk}")
        assert history[-1].fact.kind == "Undone"
        found = clocks(history, now=clock.now(), subjects={f"ticket/{ticket.pk}"})
        assert {c.state for c in found} == {"running"}


def test_an_operator_may_not_take_back_what_the_senior_voided(cast: Cast) -> None:
    ticket, entry = voided(cast)
    with pytest.raises(Forbidden), acting(cast.scope(cast.ivanova)):
        undo_end(ticket.pk, entry)
    with reading(cast.scope(cast.ivanova)):
        assert Ticket.objects.get(pk=ticket.pk).state == "voided"
        assert journal.history(f"ticket/{ticket.pk}")[-1].fact.kind == "TicketVoided"


def test_after_ten_minutes_nothing_is_taken_back(cast: Cast) -> None:
    ticket, entry = voided(cast)
    later = clock.now() + timedelta(minutes=11)
    with pytest.raises(Conflict, match="десяти минут"), acting(cast.scope(cast.gromova), at=later):
        undo_end(ticket.pk, entry)


def test_another_entry_is_not_what_ended_it(cast: Cast) -> None:
    ticket, entry = voided(cast)
    with pytest.raises(Conflict), acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, entry - 1)


# ── A correction is taken back ───────────────────────────────────────────────────────────────


def state_of(ticket: Ticket) -> dict[str, object]:
    with reading(Scope.system("test")):
        row = Ticket.objects.values().get(pk=ticket.pk)
    return {name: value for name, value in row.items() if name != "version"}


def clocks_of(ticket: Ticket) -> dict[str, tuple[object, ...]]:
    """The clocks that run: norm → (start, due)."""
    with reading(Scope.system("test")):
        rows = Clock.objects.filter(subject=f"ticket/{ticket.pk}", is_ended=False)
        return {row.norm: (row.started_at, row.due_at) for row in rows}


def fresh(cast: Cast) -> Ticket:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="8 900 000-15-42")
        return contacts.register(row.pk, classifier="flat.cold.riser", description="течёт")


def correct(cast: Cast, ticket: Ticket, **changes: object) -> int:
    with reading(cast.scope(cast.ivanova)):
        version = Ticket.objects.get(pk=ticket.pk).version
    with acting(cast.scope(cast.ivanova)) as unit:
        correct_ticket(ticket.pk, version=version, reason="ослышалась", **changes)  # type: ignore[arg-type]
    return unit.last_entry


def take_back(cast: Cast, ticket: Ticket, entry: int, who: str = "ivanova") -> None:
    with acting(cast.scope(getattr(cast, who))):
        undo_correction(ticket.pk, entry)


CORRECTIONS: dict[str, dict[str, object]] = {
    "another nature": {"classifier": "flat.sewer.blockage"},
    "other words": {"description": "капает смеситель"},
    "an earlier damage": {"damage_at": datetime(2026, 1, 1, tzinfo=UTC)},
    "another place and so no resident": {"place": Place(address="у моста")},
    "another applicant": {"applicant": "Козлов Д. И.", "phone": "8 900 111-22-33"},
    "all of it": {
        "classifier": "flat.sewer.blockage",
        "description": "засор",
        "damage_at": datetime(2026, 1, 1, tzinfo=UTC),
        "place": Place(address="у моста"),
        "applicant": "Козлов Д. И.",
    },
}


@pytest.mark.parametrize("changes", CORRECTIONS.values(), ids=list(CORRECTIONS))
def test_the_ticket_and_its_clocks_are_what_they_were(cast: Cast, changes: dict[str, object]) -> None:
    ticket = fresh(cast)
    before, ran = state_of(ticket), clocks_of(ticket)
    entry = correct(cast, ticket, **changes)
    assert state_of(ticket) != before
    take_back(cast, ticket, entry)
    assert (state_of(ticket), clocks_of(ticket)) == (before, ran)
    with reading(cast.scope(cast.ivanova)):
        last = journal.history(f"ticket/{ticket.pk}")[-1].fact
    assert isinstance(last, facts.Undone)
    assert (last.undoes, last.undone_kind) == (entry, "TicketCorrected")


@pytest.mark.parametrize("changes", CORRECTIONS.values(), ids=list(CORRECTIONS))
def test_of_two_corrections_the_last_is_taken_back_and_then_the_first(
    cast: Cast, changes: dict[str, object]
) -> None:
    ticket = fresh(cast)
    untouched = state_of(ticket)
    first = correct(cast, ticket, **changes)
    between, ran = state_of(ticket), clocks_of(ticket)
    last = correct(
        cast,
        ticket,
        classifier="flat.taps",
        description="капает кран",
        damage_at=datetime(2026, 2, 2, tzinfo=UTC),
    )
    with pytest.raises(Conflict, match="исправили ещё раз"):
        take_back(cast, ticket, first)
    take_back(cast, ticket, last)
    assert (state_of(ticket), clocks_of(ticket)) == (between, ran)
    with pytest.raises(Conflict):
        take_back(cast, ticket, last)
    take_back(cast, ticket, first)
    assert state_of(ticket) == untouched


def test_who_was_erased_meanwhile_does_not_come_back(cast: Cast) -> None:
    ticket = fresh(cast)
    entry = correct(cast, ticket, place=Place(address="у моста"))
    with reading(Scope.system("test")):
        Ticket.objects.get(pk=ticket.pk)
        person = cast.petrova
        type(person).objects.filter(pk=person.pk).delete()
    take_back(cast, ticket, entry)
    assert state_of(ticket)["person_id"] is None


def test_nobody_takes_a_correction_back_late_or_without_the_right(cast: Cast) -> None:
    ticket = fresh(cast)
    entry = correct(cast, ticket, description="капает")
    before = state_of(ticket)
    with (
        pytest.raises(Conflict, match="десяти минут"),
        acting(cast.scope(cast.ivanova), at=clock.now() + timedelta(minutes=11)),
    ):
        undo_correction(ticket.pk, entry)
    with pytest.raises(Forbidden):
        take_back(cast, ticket, entry, "kuznetsov")
    assert state_of(ticket) == before


def test_the_page_offers_it_and_the_timeline_tells_it(cast: Cast) -> None:
    ticket = fresh(cast)
    entry = correct(cast, ticket, description="капает смеситель")
    url = f"/console/ticket/{ticket.number}/"
    desk = browser_of(cast.ivanova)
    assert f"{url}uncorrect/{entry}/" in desk.get(url).content.decode()
    said = desk.post(f"{url}uncorrect/{entry}/", follow=True).content.decode()
    assert "Исправление отменено, заявка такая, как была" in said
    assert "uncorrect" not in desk.get(url).content.decode()
    assert desk.get(url).content.decode().count("Заявка исправлена") == 2, (
        "the entry, and what was taken back"
    )


def test_a_breach_that_was_written_of_a_wrong_nature_stays_written(cast: Cast) -> None:
    """The damage was said to be of the morning, the blockage's two hours were over at once; and it was no
    blockage: the clock ends, what the clock wrote is not unwritten."""
    ticket = fresh(cast)
    entry = correct(
        cast, ticket, classifier="flat.sewer.blockage", damage_at=clock.now() - timedelta(hours=9)
    )
    with reading(Scope.system("test")):
        row = Clock.objects.get(subject=f"ticket/{ticket.pk}", norm="pp416.13.blockage")
        Clock.objects.filter(pk=row.pk).update(breached_at=clock.now())
    take_back(cast, ticket, entry)
    with reading(Scope.system("test")):
        row.refresh_from_db()
    assert (row.is_ended, row.fire_at, row.breached_at is None) == (True, None, False)
