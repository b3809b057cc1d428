"""Ivanova's day is over: she signs what is open, Sidorova comes and accepts it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.domain.facts import HandoverAccepted, HandoverSigned, InteractionTaken
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.models import Delivery
from vakhta.people.models import Staff
from vakhta.privacy.erase import Whom, erase_person
from vakhta.shifts import handover, queries, rota
from vakhta.shifts.models import Handover
from vakhta.shifts.sheet import Sheet, digest_of, sheet_of
from vakhta.shifts.tests.watch import BEFORE, at, planned, told
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import at_most, finished, ordered, registered

HOUR = timedelta(hours=1)


def signs(cast: Cast, who: Staff, notes: str = "", **more) -> Handover:  # type: ignore[no-untyped-def]
    with acting(cast.scope(who)):
        return handover.sign(notes, **more)


def accepts(cast: Cast, who: Staff, row: Handover, remark: str = "") -> Handover:
    with acting(cast.scope(who)):
        return handover.accept(row.pk, remark)


def let_go(cast: Cast) -> None:
    """The intake of everything that Ivanova has is finished."""
    with acting(Scope.system("test")):
        Interaction.objects.filter(state="taken").update(state="ended", outcome="ticket")


def sheets(cast: Cast) -> list[str]:
    with reading(cast.scope(cast.gromova)):
        return list(Handover.objects.order_by("pk").values_list("state", flat=True))


def test_both_signatures_are_facts_with_their_times(cast: Cast) -> None:
    ticket = registered(cast)
    let_go(cast)
    row = signs(cast, cast.ivanova, "ключ от подвала у консьержа")
    accepts(cast, cast.sidorova, row, "ключ не нашла")
    with reading(cast.scope(cast.gromova)):
        signed, accepted = journal.history(f"handover/{row.pk}")
        kept = Handover.objects.get(pk=row.pk)
    assert isinstance(signed.fact, HandoverSigned) and isinstance(accepted.fact, HandoverAccepted)
    assert (signed.actor, accepted.actor) == (f"staff/{cast.ivanova.pk}", f"staff/{cast.sidorova.pk}")
    assert signed.fact.tickets == (ticket.pk,) and signed.fact.notes == "ключ от подвала у консьержа"
    assert accepted.fact.remark == "ключ не нашла" == kept.remark
    assert (kept.state, kept.taker_id, kept.signed_at, kept.accepted_at) == (
        "accepted",
        cast.sidorova.pk,
        signed.happened_at,
        accepted.happened_at,
    )
    assert told(cast, f"staff/{cast.sidorova.pk}") == ["HandoverAccepted"]


def test_the_sheet_stays_as_it_was_signed(cast: Cast) -> None:
    ticket = registered(cast)
    let_go(cast)
    row = signs(cast, cast.ivanova)
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "зарегистрирована по ошибке")
    with reading(cast.scope(cast.gromova)):
        kept = Handover.objects.get(pk=row.pk)
        [fact] = [r.fact for r in journal.history(f"handover/{row.pk}")]
        now = sheet_of(cast.centre, clock.now())
    [open_then] = Sheet.of(kept.sheet).tickets
    assert (open_then.number, open_then.state, open_then.address) == (
        ticket.number,
        "registered",
        "ул. Ленина, 15, кв. 42",
    )
    assert now.tickets == () and now.tickets_total == 0
    assert digest_of(kept.sheet) == kept.digest == fact.digest
    assert digest_of({**kept.sheet, "tickets_total": 0}) != fact.digest, (
        "a sheet that somebody changed is seen"
    )


def test_what_is_out_stands_on_the_sheet(cast: Cast) -> None:
    """A crew without an answer, an agreed visit, a letter that did not go, a call that waits."""
    ticket, order = ordered(cast)
    now = clock.now()
    with acting(cast.scope(cast.ivanova)):
        tickets.agree_access(
            ticket.pk, needed=True, since=now + HOUR, until=now + 2 * HOUR, reason="осмотр", worker="Кузнецов"
        )
        waits = contacts.type_call(phone="+79000000312")
        contacts.give_back(waits.pk)
    with reading(Scope.system("test")):
        Delivery.objects.create(
            company=cast.north, ticket_id=ticket.pk, template="registered", to="resident@example.org", subject="",
            body="", state="failed", queued_at=now, due_at=now, message_id="1", key="1",
        )  # fmt: skip
    with reading(cast.scope(cast.ivanova)):
        made = sheet_of(cast.centre, now + HOUR / 2)
    assert [(row.number, row.who, row.what) for row in made.orders] == [
        (ticket.number, "бригада 4", "offered")
    ]
    assert [row.number for row in made.visits] == [ticket.number]
    assert [(row.number, row.template) for row in made.letters] == [(ticket.number, "registered")]
    assert {row.interaction: row.operator for row in made.contacts}[waits.pk] == ""
    with acting(cast.scope(cast.kuznetsov)):
        crews.move(order.pk, "accept")
    with reading(cast.scope(cast.ivanova)):
        assert sheet_of(cast.centre, now + HOUR / 2).orders == ()


def test_the_most_urgent_stands_first(cast: Cast) -> None:
    calm, urgent = registered(cast, "entrance.light"), registered(cast)
    with reading(cast.scope(cast.ivanova)):
        made = sheet_of(cast.centre, clock.now() + HOUR)
    assert [row.number for row in made.tickets] == [urgent.number, calm.number], "three days before seven"


def test_the_sheet_of_many_tickets_is_twelve_questions(cast: Cast) -> None:
    for _ in range(5):
        ordered(cast)
    with reading(cast.scope(cast.ivanova)), at_most(12):
        made = sheet_of(cast.centre, clock.now())
    assert len(made.tickets) == 5


# ── A contact in work ────────────────────────────────────────────────────────────────────────


def test_who_has_a_contact_in_work_does_not_leave_without_saying_where_it_goes(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="+79000000312")
    with pytest.raises(Invalid, match="в работе обращений: 1") as refused:
        signs(cast, cast.ivanova)
    assert refused.value.field == "contacts_go"
    assert sheets(cast) == []
    assert state_of(cast, row) == ("taken", cast.ivanova.pk)


def state_of(cast: Cast, row: Interaction) -> tuple[str, int | None]:
    with reading(cast.scope(cast.gromova)):
        kept = Interaction.objects.get(pk=row.pk)
        return kept.state, kept.taken_by_id


def test_it_goes_back_into_the_queue_by_one_key(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="+79000000312")
    made = signs(cast, cast.ivanova, contacts_go="back")
    assert state_of(cast, row) == ("queued", None)
    [listed] = Sheet.of(made.sheet).contacts
    assert (listed.interaction, listed.operator) == (row.pk, "")


def test_it_goes_to_who_comes_by_one_key_with_its_ticket(cast: Cast) -> None:
    registered(cast)
    made = signs(cast, cast.ivanova, contacts_go="hand", to=cast.sidorova.pk)
    [listed] = Sheet.of(made.sheet).contacts
    assert listed.operator == "Сидорова М. А."
    with reading(cast.scope(cast.gromova)):
        row = Interaction.objects.get(pk=listed.interaction)
        taken = [
            r.fact for r in journal.history(f"interaction/{row.pk}") if isinstance(r.fact, InteractionTaken)
        ]
    assert row.taken_by_id == cast.sidorova.pk
    assert (taken[-1].operator, taken[-1].before) == (cast.sidorova.pk, cast.ivanova.pk)


def test_a_contact_with_a_ticket_does_not_go_back_into_the_queue(cast: Cast) -> None:
    registered(cast)
    with pytest.raises(Invalid, match="передайте их сменщику"):
        signs(cast, cast.ivanova, contacts_go="back")
    assert sheets(cast) == []


@pytest.mark.parametrize("to", ["ivanova", "kuznetsov", "client", None])
def test_contacts_go_only_to_who_takes_contacts(cast: Cast, to: str | None) -> None:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="+79000000312")
    with pytest.raises((Invalid, NotFound)) as refused:
        signs(cast, cast.ivanova, contacts_go="hand", to=getattr(cast, to).pk if to else None)
    assert refused.value.field == "to"
    assert state_of(cast, row) == ("taken", cast.ivanova.pk) and sheets(cast) == []


# ── Signing and accepting ────────────────────────────────────────────────────────────────────


def test_signed_again_the_first_sheet_is_replaced(cast: Cast) -> None:
    first, second = signs(cast, cast.ivanova), signs(cast, cast.ivanova, "ещё одно")
    assert sheets(cast) == ["replaced", "signed"]
    with pytest.raises(Conflict, match="подписан заново"):
        accepts(cast, cast.sidorova, first)
    accepts(cast, cast.sidorova, second)


def test_what_was_accepted_is_not_signed_again(december: Cast) -> None:
    """A second sheet of the same shift would wait for somebody who has come already."""
    cast = december
    with acting(cast.scope(cast.ivanova), at=at(1, 19, 50)):
        row = handover.sign()
    with acting(cast.scope(cast.sidorova), at=at(1, 19, 52)):
        handover.accept(row.pk)
    with (
        pytest.raises(Conflict, match=r"уже сдали.*Сидорова"),
        acting(cast.scope(cast.ivanova), at=at(1, 19, 55)),
    ):
        handover.sign()
    with acting(cast.scope(cast.sidorova), at=at(1, 19, 56)):
        back = handover.sign()
    with acting(cast.scope(cast.ivanova), at=at(1, 19, 57)):
        handover.accept(back.pk)
    with acting(cast.scope(cast.ivanova), at=at(1, 19, 58)):
        handover.sign("теперь точно")
    assert sheets(cast) == ["accepted", "accepted", "signed"], "what was given back is handed over anew"


def test_nobody_accepts_their_own_sheet(cast: Cast) -> None:
    row = signs(cast, cast.ivanova)
    with pytest.raises(Forbidden, match="принимает сменщик"):
        accepts(cast, cast.ivanova, row)
    assert sheets(cast) == ["signed"] and told(cast, f"handover/{row.pk}") == ["HandoverSigned"]


def test_of_two_who_accept_the_first_has_it(cast: Cast) -> None:
    row = signs(cast, cast.ivanova)
    accepts(cast, cast.sidorova, row)
    with pytest.raises(Conflict, match=r"Сидорова"):
        accepts(cast, cast.gromova, row)


@pytest.mark.parametrize("who", ["orlov", "kuznetsov", "kim", "client", "inspector"])
def test_who_takes_no_contacts_neither_signs_nor_accepts(cast: Cast, who: str) -> None:
    row = signs(cast, cast.ivanova)
    with pytest.raises(Forbidden):
        signs(cast, getattr(cast, who))
    with pytest.raises(Forbidden):
        accepts(cast, getattr(cast, who), row)
    assert sheets(cast) == ["signed"]


def test_another_centre_s_sheet_is_not_there(cast: Cast) -> None:
    row = signs(cast, cast.ivanova)
    foreign = cast.foreign.pk
    stranger = Scope(frozenset({foreign}), "staff/0", "senior", centre=foreign, staff=0)
    with pytest.raises(NotFound), acting(stranger):
        handover.accept(row.pk)


def test_notes_are_a_page_at_most(cast: Cast) -> None:
    with pytest.raises(Invalid, match="не больше 2000"):
        signs(cast, cast.ivanova, "о" * 2001)
    assert sheets(cast) == []


def test_a_person_s_name_in_the_notes_goes_by_the_law_and_the_signature_holds(cast: Cast) -> None:
    finished(cast)
    with acting(Scope.system("test")):
        Interaction.objects.update(state="ended", outcome="ticket")
        Ticket.objects.update(state="closed")
    row = signs(cast, cast.ivanova, "Петрова А. С. перезвонит, +7 900 000-15-42")
    with acting(cast.scope(cast.kim)):
        erase_person(Whom(person=cast.petrova.pk), basis="заявление № 5")
    with reading(cast.scope(cast.gromova)):
        kept = Handover.objects.get(pk=row.pk)
        [fact] = [r.fact for r in journal.history(f"handover/{row.pk}")]
    assert not re.search("Петров|15-42", kept.notes) and not re.search("Петров|15-42", fact.notes)
    assert digest_of(kept.sheet) == fact.digest


# ── What nobody took over ────────────────────────────────────────────────────────────────────


@pytest.fixture
def december(cast: Cast) -> Cast:
    """Иванова ДН··, Сидорова ·ДН·."""
    planned(cast, ivanova=1, sidorova=2)
    return cast


def missed(cast: Cast, now) -> list[tuple[list[str], bool]]:  # type: ignore[no-untyped-def]
    with reading(cast.scope(cast.gromova)):
        return [
            ([row.name for row in each.people], each.signed)
            for each in queries.missed(cast.centre.pk, queries.near(cast.centre.pk, now), now)
        ]


def test_a_shift_that_nobody_took_over_is_told_until_somebody_does(december: Cast) -> None:
    cast = december
    name = cast.ivanova.name
    assert missed(cast, at(1, 20, 10)) == []
    assert missed(cast, at(1, 20, 30)) == [([name], False)]
    with acting(cast.scope(cast.ivanova), at=at(1, 20, 35)):
        row = handover.sign()
        assert row.shift is not None and row.shift.until == at(1, 20)
    assert missed(cast, at(1, 20, 40)) == [([name], True)]
    with acting(cast.scope(cast.sidorova), at=at(1, 20, 45)):
        handover.accept(row.pk)
    assert missed(cast, at(1, 20, 50)) == []


def test_a_sheet_of_one_is_the_hand_over_of_all_who_leave_with_them(cast: Cast) -> None:
    planned(cast, ivanova=1, sidorova=1)
    with acting(cast.scope(cast.sidorova), at=at(1, 19, 55)):
        row = handover.sign()
    with acting(cast.scope(cast.gromova), at=at(1, 19, 58)):
        handover.accept(row.pk)
    assert missed(cast, at(1, 21)) == []


def test_an_end_in_the_middle_of_another_s_shift_leaves_nobody_to_take_over_from(cast: Cast) -> None:
    planned(cast, ivanova=1)
    with acting(cast.scope(cast.gromova), at=BEFORE):
        rota.change(cast.sidorova.pk, at(1).date(), "office", "extra")
    assert missed(cast, at(1, 18)) == []


def test_after_a_day_it_is_told_no_more(december: Cast) -> None:
    assert missed(december, at(2, 19, 59)) == [([december.ivanova.name], False)]
    assert missed(december, at(5, 8)) == []
