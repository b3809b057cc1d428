"""What moves a clock after its start: returns, ends, corrections, pauses, undo. And what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vakhta.domain import facts
from vakhta.domain.deadlines import FactsRefused, clocks
from vakhta.domain.facts import Fact, Recorded

from .facts_of_a_day import (
    CHUTE,
    CONTAINMENT,
    ELIMINATION,
    REPAIR,
    TERMS,
    at,
    happened,
    minutes,
    received,
    registered,
    the_clock,
)

DONE = facts.WorkDone(ticket=1)
RETURNED = facts.TicketReturned(ticket=1)


# ── Returned, voided, merged ─────────────────────────────────────────────────────────────────


def test_a_returned_ticket_goes_on_from_its_start() -> None:
    events = [registered("10:00", REPAIR), happened(DONE, "11:00"), happened(RETURNED, "12:00")]
    clock = the_clock(*events, now="13:00")
    assert (clock.state, clock.stopped_at, clock.due_at) == ("at_risk", None, at("14:00"))
    again = the_clock(*events, happened(DONE, "13:30"))
    assert (again.state, again.stopped_at) == ("met", at("13:30"))


def test_a_return_does_not_reopen_what_containment_had_stopped() -> None:
    contained = happened(facts.DamageContained(ticket=1), "10:10")
    events = [
        registered("10:00", CONTAINMENT),
        contained,
        happened(DONE, "11:00"),
        happened(RETURNED, "12:00"),
    ]
    assert the_clock(*events, now="13:00").stopped_at == at("10:10")


def test_a_return_does_not_reopen_a_containment_that_the_work_s_end_has_met() -> None:
    """Done at 10:20, within the half hour; that the applicant is not content at noon makes no crew late for it."""
    events = [registered("10:00", CONTAINMENT), happened(DONE, "10:20"), happened(RETURNED, "12:00")]
    for now in ("11:00", "13:00"):
        clock = the_clock(*events, now=now)
        assert (clock.state, clock.stopped_at) == ("met", at("10:20"))


TOLD = facts.TermsTold(ticket=1)
WORK_AND_WORD = [
    # what happened, the state at 13:00, stopped by, minutes late
    ([(DONE, "10:20")], "ended", "WorkDone", 0),
    ([(DONE, "10:30")], "ended", "WorkDone", 0),
    ([(DONE, "10:50")], "breached", "WorkDone", 20),
    ([(TOLD, "10:10"), (DONE, "10:20")], "met", "TermsTold", 0),
    ([(TOLD, "10:40"), (DONE, "10:50")], "breached", "TermsTold", 10),
    ([(DONE, "10:20"), (TOLD, "10:25")], "ended", "WorkDone", 0),
    ([(DONE, "10:20"), (RETURNED, "12:00")], "ended", "WorkDone", 0),
    ([(DONE, "10:50"), (RETURNED, "12:00")], "breached", "WorkDone", 20),
    ([], "breached", "", 150),
]


@pytest.mark.parametrize(("later", "state", "by", "late"), WORK_AND_WORD)
def test_of_work_that_is_done_no_term_is_left_to_tell(
    later: list[tuple[Fact, str]], state: str, by: str, late: int
) -> None:
    """416, item 13: told are the terms that are planned. Nobody has told them, so it is not met either; and what the
    applicant misses afterwards makes nobody late for the first half hour."""
    clock = the_clock(registered("10:00", TERMS), *(happened(*fact) for fact in later), now="13:00")
    assert (clock.state, clock.stopped_by, clock.late_by) == (state, by, minutes(late))


def test_a_done_that_is_taken_back_leaves_the_term_to_be_told() -> None:
    done = happened(DONE, "10:20", entry=7)
    undone = happened(facts.Undone(undoes=7, ticket=1), "10:21", entry=8)
    assert the_clock(registered("10:00", TERMS), done, undone, now="10:25").state == "at_risk"


def test_consumers_are_told_of_a_fault_that_is_mended_too() -> None:
    """354, item 104: of a break that was, its cause and its length."""
    found = registered("10:00", "pp354.104.inform")
    assert the_clock(found, happened(DONE, "10:20"), now="11:00").state == "running"


def test_a_reopened_contact_waits_for_its_answer_again() -> None:
    ended = happened(facts.InteractionEnded(interaction=5, outcome="silence"), "10:01", entry=3)
    reopened = happened(facts.InteractionReopened(interaction=5, undoes=3), "10:02", entry=4)
    assert the_clock(received("10:00"), ended, reopened, now="10:03").state == "running"
    answered = happened(facts.InteractionAnswered(interaction=5), "10:00:30")
    assert the_clock(received("10:00"), answered, ended, reopened, now="10:03").state == "met"


@pytest.mark.parametrize("end", [facts.TicketVoided(ticket=1), facts.TicketMerged(ticket=1, into=2)])
def test_a_ticket_by_mistake_ends_its_clocks(end: Fact) -> None:
    clock = the_clock(registered("10:00", CONTAINMENT), happened(end, "10:10"), now="12:00")
    assert (clock.state, clock.stopped_by, clock.late_by) == ("ended", end.kind, timedelta(0))


def test_an_end_after_the_term_does_not_hide_the_breach() -> None:
    void = happened(facts.TicketVoided(ticket=1), "10:40")
    clock = the_clock(registered("10:00", CONTAINMENT), void, now="12:00")
    assert (clock.state, clock.late_by) == ("breached", minutes(10))


def test_a_clock_that_was_met_before_the_end_stays_met() -> None:
    contained = happened(facts.DamageContained(ticket=1), "10:05")
    void = happened(facts.TicketVoided(ticket=1), "10:10")
    assert the_clock(registered("10:00", CONTAINMENT), contained, void).state == "met"


# ── Corrections of the ticket ────────────────────────────────────────────────────────────────


def corrected(when: str, *codes: str, damage: str = "") -> Recorded:
    fact = facts.TicketCorrected(
        ticket=1, norms=tuple({"code": code} for code in codes), damage_at=at(damage) if damage else None
    )
    return happened(fact, when)


def test_new_norms_count_from_the_registration_and_old_ones_end() -> None:
    events = [registered("10:00", CONTAINMENT, TERMS), corrected("10:20", TERMS, CHUTE)]
    assert the_clock(*events, code=CHUTE).due_at == at("12:00")
    assert the_clock(*events, code=TERMS).state == "running"
    dropped = the_clock(*events, code=CONTAINMENT, now="12:00")
    assert (dropped.state, dropped.stopped_by) == ("ended", "TicketCorrected")


def test_a_norm_that_was_breached_before_the_correction_stays_breached() -> None:
    events = [registered("10:00", CONTAINMENT), corrected("11:00", CHUTE)]
    assert the_clock(*events, code=CONTAINMENT, now="12:00").state == "breached"


def test_a_norm_that_comes_back_never_left() -> None:
    events = [registered("10:00", CONTAINMENT), corrected("10:10", CHUTE), corrected("10:20", CONTAINMENT)]
    assert the_clock(*events, code=CONTAINMENT, now="10:25").state == "at_risk"
    assert the_clock(*events, code=CHUTE, now="10:25").state == "ended"


def test_a_norm_left_out_twice_ended_the_first_time() -> None:
    events = [registered("10:00", CONTAINMENT), corrected("10:10", CHUTE), corrected("11:00", TERMS)]
    clock = the_clock(*events, code=CONTAINMENT, now="12:00")
    assert (clock.state, clock.stopped_at) == ("ended", at("10:10"))


def test_a_norm_left_out_of_a_done_ticket_does_not_come_back_with_it() -> None:
    """Done in time, then corrected, then returned: the norm stays met, and the new one goes on."""
    events = [
        registered("10:00", CONTAINMENT),
        happened(facts.WorkDone(ticket=1), "10:20"),
        corrected("11:00", TERMS),
        happened(facts.TicketReturned(ticket=1), "12:00"),
    ]
    clock = the_clock(*events, code=CONTAINMENT, now="13:00")
    assert (clock.state, clock.stopped_at) == ("met", at("10:20"))


def test_a_correction_without_norms_keeps_them() -> None:
    assert the_clock(registered("10:00", CONTAINMENT), corrected("10:10"), now="10:15").state == "running"


def test_a_corrected_damage_moves_the_elimination() -> None:
    events = [
        registered("10:00", ELIMINATION, damage_at=at("23 10:00")),
        corrected("11:00", damage="22 10:00"),
    ]
    assert the_clock(*events).due_at == at("25 10:00")


def test_the_later_correction_of_the_damage_counts() -> None:
    first, second = corrected("11:00", damage="22 10:00"), corrected("12:00", damage="23 09:00")
    assert the_clock(second, first, registered("10:00", ELIMINATION)).due_at == at("26 09:00")


# ── Corrections of norms ─────────────────────────────────────────────────────────────────────


def norm_corrected(recorded: str, since: str, limit: int, norm: str = CONTAINMENT) -> Recorded:
    return happened(facts.NormCorrected(norm=norm, since=since, limit=limit), recorded)


def test_a_correction_of_a_norm_holds_for_what_is_registered_after_it() -> None:
    change = norm_corrected("09:00", "2026-11-24", 1200)
    assert the_clock(registered("10:00", CONTAINMENT), change).due_at == at("10:20")
    assert the_clock(registered("10:00", CONTAINMENT), corrections=[change]).due_at == at("10:20")


def test_a_correction_dated_later_or_recorded_later_changes_nothing() -> None:
    assert the_clock(
        registered("10:00", CONTAINMENT), norm_corrected("09:00", "2026-11-25", 1200)
    ).due_at == at("10:30")
    assert the_clock(
        registered("10:00", CONTAINMENT), norm_corrected("10:01", "2026-11-01", 1200)
    ).due_at == at("10:30")


def test_a_correction_holds_for_the_clocks_of_contacts_too() -> None:
    change = norm_corrected("09:00", "2026-11-24", 120, "pp416.13.answer")
    assert the_clock(received("10:00"), change).due_at == at("10:02")


def test_corrections_are_checked_one_after_another() -> None:
    """The second is laxer than the published norm, and stricter than the edition before it."""
    edition = facts.NormCorrected(norm=CONTAINMENT, since="2026-11-01", limit=7200, edition="новая")
    changes = [happened(edition, "01 09:00"), norm_corrected("02 09:00", "2026-11-02", 3600)]
    assert the_clock(registered("10:00", CONTAINMENT), *changes).due_at == at("11:00")


def test_the_date_of_a_correction_is_the_buildings() -> None:
    change = norm_corrected("23 09:00", "2026-11-25", 1200)
    late = registered("2026-11-24T18:00", CONTAINMENT, zone="Asia/Kamchatka")  # already the 25th there
    assert the_clock(late, change).due_at == at("18:20")


# ── Pauses ───────────────────────────────────────────────────────────────────────────────────


def paused(
    when: str, why: str = "no_access", norm: str = REPAIR, entry: int = 0, until: str = ""
) -> Recorded:
    end = at(until) if until else None
    return happened(facts.ClockPaused(ticket=1, norm=norm, why=why, until=end), when, entry=entry)


def resumed(when: str, norm: str = REPAIR) -> Recorded:
    return happened(facts.ClockResumed(ticket=1, norm=norm), when)


def test_a_pause_moves_the_term_by_its_length() -> None:
    clock = the_clock(registered("10:00", REPAIR), paused("11:00"), resumed("12:30"), now="13:00")
    assert (clock.due_at, clock.at_risk_at) == (at("15:30"), at("14:30"))
    assert (clock.paused_for, clock.paused, clock.state) == (minutes(90), False, "running")


def test_a_paused_clock_stands_still() -> None:
    events = [registered("10:00", REPAIR), paused("11:00")]
    for now, due in (("11:00", "14:00"), ("13:00", "16:00"), ("20:00", "23:00")):
        clock = the_clock(*events, now=now)
        assert (clock.state, clock.paused, clock.due_at) == ("paused", True, at(due))
    assert the_clock(*events, now="10:30").state == "running"
    assert the_clock(*events).state == "paused"
    assert the_clock(*events).due_at == at("14:00")


def test_a_clock_is_paused_only_between_pause_and_resumption() -> None:
    events = [registered("10:00", REPAIR), paused("11:00"), resumed("12:00")]
    states = [the_clock(*events, now=now).paused for now in ("10:59", "11:00", "11:59", "12:00")]
    assert states == [False, True, True, False]


def test_two_pauses_add_up() -> None:
    events = [paused("10:30"), resumed("11:00"), paused("12:00"), resumed("12:15")]
    clock = the_clock(registered("10:00", REPAIR), *events)
    assert (clock.due_at, clock.paused_for) == (at("14:45"), minutes(45))


def test_a_pause_after_the_term_changes_nothing() -> None:
    clock = the_clock(registered("10:00", REPAIR), paused("14:01"), now="16:00")
    assert (clock.state, clock.due_at, clock.paused, clock.paused_for) == (
        "breached",
        at("14:00"),
        False,
        timedelta(0),
    )
    assert not the_clock(registered("10:00", REPAIR), paused("14:01")).paused


def test_work_done_during_a_pause_meets_the_term() -> None:
    clock = the_clock(registered("10:00", REPAIR), paused("11:00"), happened(DONE, "18:00"), now="20:00")
    assert (clock.state, clock.paused, clock.paused_for) == ("met", False, minutes(7 * 60))
    assert clock.due_at == at("21:00")


def test_a_paused_clock_is_told_rightly_by_a_now_of_another_zone() -> None:
    """Berlin moves its clocks forward an hour after this `now`."""
    start = at("2027-03-27T23:00", "UTC")
    now = at("2027-03-28T01:30", "Europe/Berlin")
    pause = happened(facts.ClockPaused(ticket=1, norm=REPAIR, why="weather"), start)
    assert the_clock(registered(start, REPAIR), pause, now=now).due_at == at("2027-03-28T04:30", "UTC")


CHECK = "pp354.108.check"


@pytest.mark.parametrize(
    ("agreements", "due"),
    [
        ([], "12:00"),
        ([("10:10", "18:00")], "18:00"),
        ([("10:10", "18:00"), ("17:00", "20:00")], "20:00"),
        ([("10:10", "18:00"), ("11:00", "15:00")], "15:00"),
        ([("10:10", "11:00")], "12:00"),
        ([("12:01", "18:00")], "12:00"),
        ([("10:10", "18:00"), ("18:30", "21:00")], "18:00"),
    ],
)
def test_another_time_agreed_with_the_consumer_is_the_term_of_the_check_of_quality(
    agreements: list[tuple[str, str]], due: str
) -> None:
    """354, item 108: two hours from the message, unless another time is agreed."""
    events = [
        paused(moment, "agreed", CHECK, until=until, entry=n)
        for n, (moment, until) in enumerate(agreements, 2)
    ]
    assert the_clock(registered("10:00", CHECK), *events).due_at == at(due)


def test_the_crew_is_warned_before_the_agreed_time_and_late_after_it() -> None:
    events = [registered("10:00", CHECK), paused("10:10", "agreed", CHECK, until="18:00")]
    states = [the_clock(*events, now=now).state for now in ("15:59", "16:00", "18:00", "18:01")]
    assert states == ["running", "at_risk", "at_risk", "breached"]
    assert the_clock(*events, resumed("11:00", CHECK)).due_at == at("12:00"), "the agreement is off"


def test_a_pause_with_an_end_may_be_ended_before_it_and_not_after() -> None:
    ticket, pause = registered("10:00", REPAIR), paused("11:00", until="13:00")
    assert the_clock(ticket, pause, resumed("12:00")).due_at == at("15:00")
    assert the_clock(ticket, pause, resumed("13:30")).due_at == at("16:00")


def test_a_new_agreement_takes_the_place_of_the_one_before() -> None:
    ticket = registered("10:00", REPAIR)
    later = [paused("11:00", until="13:00", entry=2), paused("12:00", until="15:00", entry=3)]
    assert the_clock(ticket, *later).due_at == at("18:00")
    sooner = [paused("11:00", until="15:00", entry=2), paused("12:00", until="12:30", entry=3)]
    assert the_clock(ticket, *sooner).due_at == at("15:30")
    taken_back = undone(3, "12:10", 4)
    assert the_clock(ticket, *sooner, taken_back).due_at == at("18:00")


def test_one_pause_after_another_that_had_ended_itself() -> None:
    events = [paused("11:00", until="11:30"), paused("12:00", until="12:30")]
    clock = the_clock(registered("10:00", REPAIR), *events)
    assert (clock.due_at, clock.paused_for) == (at("15:00"), minutes(60))


# ── The order of things ──────────────────────────────────────────────────────────────────────


def test_a_paper_night_is_taken_in_the_order_of_happening() -> None:
    """Done at half past ten and entered at noon; returned at eleven and entered at once."""
    done = happened(DONE, "10:30", recorded="12:00")
    assert the_clock(registered("10:00", REPAIR), happened(RETURNED, "11:00"), done).state == "running"


def test_what_happened_in_one_minute_follows_the_journal() -> None:
    events = [
        registered("10:00", REPAIR, entry=1),
        happened(DONE, "10:50", entry=2),
        happened(RETURNED, "11:00", entry=3),
        happened(DONE, "11:00", entry=4),
    ]
    assert the_clock(*events).state == "met"
    assert the_clock(*events[:3], happened(DONE, "11:00", entry=2)).state == "running"


def test_without_the_journals_numbers_life_has_its_usual_order() -> None:
    done, returned = happened(DONE, "11:00"), happened(RETURNED, "11:00")
    for events in ((done, returned), (returned, done)):
        assert the_clock(registered("10:00", REPAIR), *events).stopped_at is None


def test_two_corrections_of_one_moment_have_one_outcome() -> None:
    ticket, one, two = registered("10:00", REPAIR), corrected("10:10", CHUTE), corrected("10:10", TERMS)
    assert clocks([ticket, one, two]) == clocks([two, one, ticket])


# ── Undo ─────────────────────────────────────────────────────────────────────────────────────


def undone(entry: int, when: str, own: int = 0) -> Recorded:
    return happened(facts.Undone(undoes=entry, ticket=1), when, entry=own)


def test_an_undone_fact_never_was() -> None:
    done = happened(DONE, "11:00", entry=7)
    clock = the_clock(registered("10:00", REPAIR), done, undone(7, "11:05", 8), now="11:30")
    assert (clock.state, clock.stopped_at) == ("running", None)


def test_an_undo_may_be_undone() -> None:
    done = happened(DONE, "11:00", entry=7)
    events = [registered("10:00", REPAIR), done, undone(7, "11:05", 8), undone(8, "11:06", 9)]
    assert the_clock(*events).state == "met"
    assert the_clock(*events, undone(9, "11:07", 10)).state == "running"


def test_an_undone_pause_takes_its_end_with_it() -> None:
    pause = paused("11:00", entry=7)
    clock = the_clock(registered("10:00", REPAIR), pause, undone(7, "11:05", 8), resumed("12:00"))
    assert (clock.due_at, clock.paused_for) == (at("14:00"), timedelta(0))


def test_a_pause_after_an_undone_one_counts() -> None:
    events = [paused("11:00", entry=7), undone(7, "11:05", 8), paused("11:30", entry=9), resumed("12:00")]
    assert the_clock(registered("10:00", REPAIR), *events).due_at == at("14:30")


def test_a_written_breach_cannot_be_undone() -> None:
    breach = happened(facts.ClockBreached(ticket=1, norm=REPAIR, due_at=at("14:00")), "14:01", entry=7)
    assert the_clock(registered("10:00", REPAIR), breach, undone(7, "14:05", 8)).breach_written


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────

TICKET = registered("10:00", CONTAINMENT, REPAIR)

REFUSED = {
    "a stop before the start": ([TICKET, happened(DONE, "09:59")], "happened_at", "раньше, чем"),
    "an answer before the call": (
        [received("10:00"), happened(facts.InteractionAnswered(interaction=5), "09:59")],
        "happened_at",
        "раньше, чем",
    ),
    "a pause before the start": ([TICKET, paused("09:00")], "happened_at", "раньше, чем"),
    "a stop without a ticket": ([happened(DONE, "10:00")], "ticket", "не зарегистрирована"),
    "an answer without a call": (
        [happened(facts.InteractionAnswered(interaction=5), "10:00")],
        "interaction",
        "не поступало",
    ),
    "two registrations": ([TICKET, registered("10:01", CONTAINMENT, REPAIR)], "ticket", "дважды"),
    "a pause that the norm forbids": (
        [TICKET, paused("10:05", norm=CONTAINMENT)],
        "norm",
        "не допускает приостановки",
    ),
    "an agreed time that is not told": ([TICKET, paused("10:05", "agreed")], "until", "согласованное"),
    "a pause that ends before it begins": (
        [TICKET, paused("10:05", until="10:05")],
        "until",
        "не позже",
    ),
    "a reason that is not on the list": ([TICKET, paused("10:05", why="holiday")], "why", "бывают: agreed"),
    "a pause of a norm that is not there": ([TICKET, paused("10:05", norm=CHUTE)], "norm", "нет срока"),
    "a resumption without a pause": ([TICKET, resumed("10:05")], "norm", "не был приостановлен"),
    "damage after the report": (
        [registered("10:00", ELIMINATION, damage_at=at("10:01"))],
        "damage_at",
        "позже",
    ),
    "corrected damage after the report": (
        [registered("10:00", ELIMINATION), corrected("11:00", damage="10:30")],
        "damage_at",
        "позже",
    ),
    "detection after the report": (
        [registered("10:00", "gosstroy170.2.roof", detected_at=at("10:01"))],
        "detected_at",
        "позже",
    ),
    "a report after the registration": (
        [registered("10:00", "pp354.108.check", reported_at=at("10:01"))],
        "reported_at",
        "позже",
    ),
    "an unknown norm": ([registered("10:00", "pp416.99")], "norms", "неизвестная норма"),
    "a norm of contacts": ([registered("10:00", "pp416.13.answer")], "norms", "для обращений"),
    "a norm before its time": ([registered("2019-02-28T10:00", CONTAINMENT)], "norms", "не действует"),
    "an unknown zone": ([registered("10:00", CONTAINMENT, zone="Europe/Moskva")], "zone", "часовой пояс"),
    "a correction of an unknown norm": (
        [norm_corrected("09:00", "2026-11-24", 60, "pp416.99")],
        "norm",
        "неизвестная",
    ),
    "a laxer correction": ([norm_corrected("09:00", "2026-11-24", 3600)], "limit", "мягче"),
    "a correction without a date": ([norm_corrected("09:00", "завтра", 60)], "since", "не дата"),
    "the zone of whatever machine it is": (
        [registered("10:00", CONTAINMENT, zone="localtime")],
        "zone",
        "часовой пояс",
    ),
    "an undo before what it undoes": (
        [TICKET, happened(DONE, "11:00", entry=7), undone(7, "10:59", 8)],
        "happened_at",
        "которую отменяет",
    ),
    "an undo of another kind": (
        [
            TICKET,
            happened(DONE, "11:00", entry=7),
            happened(facts.Undone(undoes=7, undone_kind="TicketVoided", ticket=1), "11:05", entry=8),
        ],
        "undone_kind",
        "WorkDone, а не TicketVoided",
    ),
    "a correction whose date is written another way": (
        [norm_corrected("09:00", "20261124", 60)],
        "since",
        "не дата",
    ),
    "a ticket merged into itself": (
        [TICKET, happened(facts.TicketMerged(ticket=1, into=1), "10:05")],
        "into",
        "сама в себя",
    ),
    "an undo of a registration": (
        [
            registered("10:00", REPAIR, entry=7),
            happened(facts.ClockBreached(ticket=1, norm=REPAIR, due_at=at("14:00")), "14:01", entry=8),
            undone(7, "14:05", 9),
        ],
        "undoes",
        "не отменяют",
    ),
    "an undo of a contact's arrival": (
        [
            happened(facts.InteractionReceived(interaction=5, channel="phone"), "10:00", entry=7),
            happened(facts.Undone(undoes=7, interaction=5), "10:01", entry=8),
        ],
        "undoes",
        "InteractionEnded",
    ),
    "an undo of what comes later": ([TICKET, undone(9, "10:05", 9)], "undoes", "более раннюю"),
}


@pytest.mark.parametrize(("events", "field", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_by_its_field(events: list[Recorded], field: str, words: str) -> None:
    with pytest.raises(FactsRefused) as caught:
        clocks(events)
    assert caught.value.field == field
    assert words in caught.value.reason


SNAPSHOTS = [
    ({"norm": CONTAINMENT}, '"code"'),
    ({"code": 5}, '"code"'),
    ({"code": CONTAINMENT, "term": 60}, "code, edition, limit"),
    ({"code": CONTAINMENT, "edition": 2018}, "edition"),
    ({"code": CONTAINMENT, "limit": "60"}, "limit"),
    ({"code": CONTAINMENT, "limit": True}, "limit"),
    ({"code": CONTAINMENT, "limit": 0}, "limit"),
    ({"code": CONTAINMENT, "limit": 10**12}, "limit"),
    ({"code": CONTAINMENT, "limit": 1801}, "мягче"),
    ({"code": CONTAINMENT, "edition": "неведомая"}, "редакция"),
    ({"code": REPAIR}, "limit"),
    ({"code": "pp416.36.answer", "limit": 3600}, "целое число суток"),
]


@pytest.mark.parametrize(("snapshot", "words"), SNAPSHOTS)
def test_a_snapshot_that_says_nothing_right_is_refused(snapshot: dict[str, object], words: str) -> None:
    with pytest.raises(FactsRefused, match=words) as caught:
        clocks([happened(facts.TicketRegistered(ticket=1, norms=(snapshot,)), "10:00")])
    assert caught.value.field == "norms"


def test_the_same_registration_twice_is_one() -> None:
    assert len(clocks([TICKET, TICKET])) == 2


# ── Lines repeated and in any order ──────────────────────────────────────────────────────────


def test_a_repeated_agreement_is_one() -> None:
    agreed = paused("10:30", "agreed", CHECK, until="18:00")
    off = [registered("10:00", CHECK), agreed, resumed("11:00", CHECK)]
    for events in (off, [*off, agreed], [agreed, *off]):
        assert the_clock(*events, now="13:00").state == "breached"


@pytest.mark.parametrize(("norm", "why"), [(CHECK, "agreed"), (REPAIR, "no_access")])
def test_two_pauses_of_one_moment_have_one_outcome(norm: str, why: str) -> None:
    one, other = (paused("10:30", why, norm, until=until) for until in ("11:30", "12:30"))
    ticket = registered("10:00", norm)
    assert the_clock(ticket, one, other) == the_clock(ticket, other, one)


def test_an_undo_is_about_what_it_undoes() -> None:
    done = happened(DONE, "10:30", entry=2)
    stray = happened(facts.Undone(undoes=2, ticket=8), "10:40", entry=3)
    with pytest.raises(FactsRefused, match="о другом"):
        clocks([registered("10:00", REPAIR, entry=1), done, stray])
