"""Letters that are not urgent wait the ten seconds of undo; what has left is followed by a correction."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.crews import actions as crews
from vakhta.kernel import clock, journal
from vakhta.kernel.claims import Owner
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.actions import WAITS, deliver
from vakhta.notices.models import Delivery
from vakhta.notices.ports import Letter
from vakhta.tickets.changes import correct_ticket, merge_ticket, undo_end, void_ticket
from vakhta.tickets.models import Ticket
from vakhta.wiring import FOLLOWERS


class Mailbox:
    """A channel that takes every letter."""

    name = "email"

    def __init__(self) -> None:
        self.subjects: list[str] = []

    def send(self, letter: Letter) -> None:
        self.subjects.append(letter.subject)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def react() -> None:
    for follower in FOLLOWERS:
        while follow(follower):
            pass


def registered(cast: Cast, code: str = "flat.taps") -> Ticket:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="8 900 000-15-42")
        ticket = contacts.register(row.pk, classifier=code, description="капает")
    react()
    return ticket


def voided(cast: Cast, ticket: Ticket) -> int:
    with acting(cast.scope(cast.gromova)) as unit:
        void_ticket(ticket.pk, "проверочная заявка")
    react()
    return unit.last_entry


def pass_time(monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox, wait: timedelta = WAITS) -> None:
    """The worker looks when that much time has gone by."""
    later: datetime = clock.now() + wait + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    while deliver_once(mailbox):
        pass


def deliver_once(mailbox: Mailbox) -> int:
    owner = Owner()
    try:
        return deliver({"email": mailbox}, owner)
    finally:
        owner.leave()


def states(ticket: Ticket) -> dict[str, str]:
    with reading(Scope.system("test")):
        rows = Delivery.objects.filter(ticket_id=ticket.pk).order_by("pk")
        return {row.template: row.state for row in rows}


def test_a_letter_waits_ten_seconds(cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(cast)
    deliver_once(mailbox)
    assert mailbox.subjects == []
    pass_time(monkeypatch, mailbox)
    assert len(mailbox.subjects) == 1


def test_a_letter_of_an_emergency_leaves_at_once(cast: Cast, mailbox: Mailbox) -> None:
    registered(cast, "flat.cold.riser")
    deliver_once(mailbox)
    assert len(mailbox.subjects) == 1


def test_the_right_address_has_the_letter_that_the_wrong_one_had(cast: Cast) -> None:
    """With the way to the page of the ticket; what has not left yet for the wrong one stays here."""
    ticket = registered(cast)

    def letters_after(**said: str) -> list[tuple[str, str, str]]:
        with reading(Scope.system("test")):
            version = Ticket.objects.get(pk=ticket.pk).version
        with acting(cast.scope(cast.ivanova)):
            correct_ticket(ticket.pk, version=version, reason="ослышалась", **said)  # type: ignore[arg-type]
        react()
        with reading(Scope.system("test")):
            rows = Delivery.objects.filter(ticket_id=ticket.pk).order_by("pk")
            return [(row.template, row.to, row.state) for row in rows]

    wrong = ("registered", "resident@example.org")
    assert letters_after(applicant="Петрова А. С.") == [(*wrong, "queued")], "the address was not touched"
    right = ("registered", "anna@example.org")
    assert letters_after(email="anna@example.org") == [(*wrong, "dropped"), (*right, "queued")]
    assert letters_after(email="") == [(*wrong, "dropped"), (*right, "dropped")]


def test_what_has_not_left_never_leaves(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = registered(cast)
    voided(cast, ticket)
    pass_time(monkeypatch, mailbox)
    assert mailbox.subjects == [], "of a ticket that was never told of nothing is to be corrected"
    assert states(ticket) == {"registered": "dropped"}
    with reading(Scope.system("test")):
        told = journal.history(f"ticket/{ticket.pk}")
    queued = next(r for r in told if r.fact.kind == "NoticeQueued")
    assert (told[-1].fact.kind, told[-1].fact.undoes) == ("Undone", queued.entry)  # type: ignore[attr-defined]


def test_what_has_left_is_followed_by_a_correction(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = registered(cast)
    pass_time(monkeypatch, mailbox)
    voided(cast, ticket)
    pass_time(monkeypatch, mailbox, 2 * WAITS)
    assert [subject.partition(": ")[2] for subject in mailbox.subjects[1:]] == ["аннулирована"]
    assert ticket.number in mailbox.subjects[1]


def test_a_merging_tells_the_other_number(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, ticket = registered(cast), registered(cast)
    pass_time(monkeypatch, mailbox)
    with acting(cast.scope(cast.ivanova)):
        merge_ticket(ticket.pk, other.pk, "та же течь")
    react()
    pass_time(monkeypatch, mailbox, 2 * WAITS)
    assert mailbox.subjects[-1] == f"Заявка № {ticket.number}: объединена с № {other.number}"


def test_a_correction_that_has_left_is_corrected_in_turn(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = registered(cast)
    pass_time(monkeypatch, mailbox)
    entry = voided(cast, ticket)
    pass_time(monkeypatch, mailbox, 2 * WAITS)
    with acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, entry)
    react()
    pass_time(monkeypatch, mailbox, 3 * WAITS)
    assert [subject.partition(": ")[2] for subject in mailbox.subjects[1:]] == [
        "аннулирована",
        "снова в работе",
    ]


@pytest.mark.parametrize("has_left", [False, True])
def test_a_work_that_was_done_by_mistake_is_not_told_of_or_is_corrected(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, has_left: bool
) -> None:
    ticket = registered(cast)
    pass_time(monkeypatch, mailbox)
    with acting(cast.scope(cast.ivanova)):
        order = crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)
    for move in ("accept", "arrive", "done"):
        with acting(cast.scope(cast.ivanova)) as unit:
            crews.report_move(order.pk, move)
    react()
    if has_left:
        pass_time(monkeypatch, mailbox, 2 * WAITS)
    with acting(cast.scope(cast.ivanova)):
        crews.undo_move(ticket.pk, unit.last_entry)
    react()
    pass_time(monkeypatch, mailbox, 4 * WAITS)
    told = [subject.partition(": ")[2] for subject in mailbox.subjects[1:]]
    assert told == (["работы выполнены", "снова в работе"] if has_left else [])


def test_a_voiding_that_was_undone_in_time_says_nothing(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = registered(cast)
    pass_time(monkeypatch, mailbox)
    entry = voided(cast, ticket)
    with acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, entry)
    react()
    pass_time(monkeypatch, mailbox, 2 * WAITS)
    assert len(mailbox.subjects) == 1
    assert states(ticket)["voided"] == "dropped"


def test_a_ticket_that_is_open_again_is_told_of_after_all(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = registered(cast)
    entry = voided(cast, ticket)
    with acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, entry)
    react()
    pass_time(monkeypatch, mailbox)
    assert mailbox.subjects == [f"Заявка № {ticket.number} принята"]


def test_the_public_address_stands_in_no_letter_of_a_voided_ticket(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A void ticket has no stage to look at: the letter names a phone instead."""
    ticket = registered(cast)
    pass_time(monkeypatch, mailbox)
    voided(cast, ticket)
    with reading(Scope.system("test")):
        body = Delivery.objects.get(ticket_id=ticket.pk, template="voided").body
    assert settings.PUBLIC_URL.rstrip("/") not in body and "+7 495 000-01-00" in body.replace("\u00a0", " ")
