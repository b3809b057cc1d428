"""Each norm's clock: what starts it, when it is due, what stops it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from vakhta.domain import facts
from vakhta.domain.deadlines import clocks
from vakhta.domain.facts import FACTS
from vakhta.domain.regulations import NORMS

from .facts_of_a_day import (
    CONTAINMENT,
    ELIMINATION,
    at,
    happened,
    minutes,
    received,
    registered,
    the_clock,
)

TICKET_TERMS = [
    # norm, registered at, due at, the fact that stops it
    ("pp416.13.terms", "10:00", "10:30", "TermsTold"),
    ("pp416.13.containment", "10:00", "10:30", "DamageContained"),
    ("pp416.13.containment", "23:45", "25 00:15", "WorkDone"),
    ("pp416.13.blockage", "23:00", "25 01:00", "WorkDone"),
    ("pp416.13.chute", "10:00", "12:00", "WorkDone"),
    ("pp416.13.chute", "21:00", "23:00", "WorkDone"),
    ("pp416.13.chute", "21:30", "25 08:30", "WorkDone"),
    ("pp416.13.chute", "23:00", "25 10:00", "WorkDone"),
    ("pp416.13.chute", "25 03:00", "25 10:00", "WorkDone"),
    ("pp416.13.chute", "07:59", "10:00", "WorkDone"),
    ("pp416.13.elimination", "10:00", "27 10:00", "WorkDone"),
    ("pp354.104.inform", "10:00", "25 10:00", "TermsTold"),
    ("pp354.108.check", "10:00", "12:00", "QualityChecked"),
    ("lifts.evacuation", "10:00", "10:30", "PassengersEvacuated"),
    ("lifts.repair", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.roof", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.gutters", "10:00", "29 10:00", "WorkDone"),
    ("gosstroy170.2.bricks", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.flues", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.glass.winter", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.glass.summer", "10:00", "27 10:00", "WorkDone"),
    ("gosstroy170.2.doors", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.plaster", "10:00", "29 10:00", "WorkDone"),
    ("gosstroy170.2.floors", "10:00", "27 10:00", "WorkDone"),
    ("gosstroy170.2.stoves", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.taps", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.lighting", "10:00", "2026-12-01T10:00", "WorkDone"),
    ("gosstroy170.2.lift", "10:00", "25 10:00", "WorkDone"),
    ("gosstroy170.2.feeder", "10:00", "12:00", "WorkDone"),
    ("gosstroy170.2.switchgear", "10:00", "13:00", "WorkDone"),
    ("gosstroy170.2.riser_protection", "10:00", "13:00", "WorkDone"),
    ("gosstroy170.2.stove.part", "10:00", "27 10:00", "WorkDone"),
    ("gosstroy170.2.stove.whole", "10:00", "13:00", "WorkDone"),
    ("contract.arrival", "10:00", "14:00", "CrewOnSite"),
    ("contract.containment", "10:00", "14:00", "DamageContained"),
    ("contract.repair", "10:00", "14:00", "WorkDone"),
    ("contract.own_words", "10:00", "14:00", "WorkDone"),
    # whole days end with the day; 24 November 2026 is a Tuesday
    ("pp416.answer.disclosure", "10:00", "2026-11-25T23:59:59.999999", "AnswerGiven"),
    ("pp416.answer.readings", "10:00", "2026-11-27T23:59:59.999999", "AnswerGiven"),
    ("pp416.36.answer", "10:00", "2026-12-08T23:59:59.999999", "AnswerGiven"),
    ("pp416.36.answer", "2026-12-25T10:00", "2027-01-19T23:59:59.999999", "WorkDone"),
    ("pp416.answer.others", "10:00", "2026-12-24T23:59:59.999999", "AnswerGiven"),
    ("pp491.40.works", "10:00", "2026-12-01T23:59:59.999999", "AnswerGiven"),
]


@pytest.mark.parametrize(("code", "start", "due", "stop"), TICKET_TERMS)
def test_a_norm_of_a_ticket_has_its_term_and_its_stop(code: str, start: str, due: str, stop: str) -> None:
    ticket = registered(start, code)
    clock = the_clock(ticket)
    assert (clock.started_at, clock.due_at, clock.state) == (at(start), at(due), "running")

    named: dict[str, Any] = {"ticket": 1}
    if "work_order" in FACTS[stop].__dataclass_fields__:
        named["work_order"] = 7
    in_time = the_clock(ticket, happened(FACTS[stop](**named), at(due)))
    assert (in_time.state, in_time.stopped_by) == ("met", stop)
    late = the_clock(ticket, happened(FACTS[stop](**named), at(due) + minutes(1)))
    assert (late.state, late.late_by) == ("breached", minutes(1))


def test_every_clock_of_a_ticket_stands_in_the_table() -> None:
    of_tickets = {norm.code for norm in NORMS.values() if norm.is_clock and not norm.channels}
    assert of_tickets <= {code for code, *_ in TICKET_TERMS}


@pytest.mark.parametrize(
    ("channel", "code", "due"),
    [
        ("phone", "pp416.13.answer", "10:05"),
        ("lift", "pp416.13.answer", "10:05"),
        ("email", "pp416.13.message", "10:10"),
        ("web", "pp416.13.message", "10:10"),
        ("chat", "pp416.13.message", "10:10"),
        ("messenger", "pp416.13.message", "10:10"),
        ("partner", "pp416.13.message", "10:10"),
    ],
)
def test_a_contact_starts_the_clock_of_its_channel(channel: str, code: str, due: str) -> None:
    clock = the_clock(received("10:00", channel))
    assert (clock.norm.code, clock.started_at, clock.due_at) == (code, at("10:00"), at(due))
    answer = happened(facts.InteractionAnswered(interaction=5), due)
    assert the_clock(received("10:00", channel), answer).state == "met"
    # silence and spam are ended without an answer
    ended = happened(facts.InteractionEnded(interaction=5, outcome="silence"), "10:01")
    assert the_clock(received("10:00", channel), ended).state == "met"


def test_a_visitor_at_the_window_starts_no_clock() -> None:
    assert clocks([received("10:00", "walk_in")]) == ()


def test_a_lost_call_must_be_called_back_within_ten_minutes_of_its_arrival() -> None:
    lost = happened(facts.CallAbandoned(interaction=5), "10:03")
    call = received("10:00")
    assert the_clock(call, lost, code="pp416.13.answer").state == "ended"
    back = the_clock(call, lost, code="pp416.13.callback")
    assert (back.started_at, back.due_at) == (at("10:00"), at("10:10"))
    called = happened(facts.CallbackMade(interaction=5), "10:09")
    assert the_clock(call, lost, called, code="pp416.13.callback").state == "met"


def test_a_call_lost_after_five_minutes_stays_unanswered_in_time() -> None:
    lost = happened(facts.CallAbandoned(interaction=5), "10:06")
    clock = the_clock(received("10:00"), lost, code="pp416.13.answer")
    assert (clock.state, clock.late_by) == ("breached", minutes(1))


def test_ending_a_lost_call_is_no_call_back() -> None:
    lost = happened(facts.CallAbandoned(interaction=5), "10:03")
    ended = happened(facts.InteractionEnded(interaction=5, outcome="silence"), "10:04")
    clock = the_clock(received("10:00"), lost, ended, code="pp416.13.callback", now="10:11")
    assert clock.state == "breached"


def test_elimination_counts_from_the_damage_and_not_from_the_report() -> None:
    clock = the_clock(registered("10:00", ELIMINATION, damage_at=at("23 18:00")))
    assert (clock.started_at, clock.due_at) == (at("23 18:00"), at("26 18:00"))


def test_containment_counts_from_the_registration_whatever_the_damage() -> None:
    assert the_clock(registered("10:00", CONTAINMENT, damage_at=at("23 18:00"))).started_at == at("10:00")


def test_a_repair_term_counts_from_the_detection_and_not_from_the_damage() -> None:
    found = registered("10:00", "gosstroy170.2.roof", damage_at=at("20 08:00"), detected_at=at("24 07:00"))
    assert the_clock(found).due_at == at("25 07:00")
    reported = registered("10:00", "gosstroy170.2.roof", damage_at=at("20 08:00"), reported_at=at("09:50"))
    assert the_clock(reported).due_at == at("25 09:50")
    unsaid = registered("10:00", "gosstroy170.2.roof", damage_at=at("20 08:00"))
    assert the_clock(unsaid).due_at == at("25 10:00")


def test_consumers_are_told_within_a_day_of_the_detection() -> None:
    """354, item 104: the performer found the fault himself, at night; the ticket came in the morning."""
    found = registered("10:00", "pp354.104.inform", detected_at=at("01:00"))
    assert the_clock(found).due_at == at("25 01:00")


def test_quality_is_checked_within_two_hours_of_the_report() -> None:
    """354, item 108: of the applicant's word, not of the number that it got a quarter of an hour later."""
    told = registered("10:00", "pp354.108.check", reported_at=at("09:45"))
    assert (the_clock(told).started_at, the_clock(told).due_at) == (at("09:45"), at("11:45"))
    assert the_clock(registered("10:00", "pp354.108.check")).due_at == at("12:00")


def test_a_chute_is_cleared_by_the_hours_of_its_building() -> None:
    kamchatka = registered("10:00", "pp416.13.chute", zone="Asia/Kamchatka")  # 19:00 there
    assert the_clock(kamchatka).due_at == at("12:00")
    vladivostok = registered("15:00", "pp416.13.chute", zone="Asia/Vladivostok")  # 22:00 there
    assert the_clock(vladivostok).due_at == at("2026-11-25T09:00", "Asia/Vladivostok")


def test_an_answer_in_working_days_ends_with_the_day_of_the_building() -> None:
    clock = the_clock(registered("20:00", "pp416.answer.readings", zone="Asia/Vladivostok"))
    # it is already the 25th there; 26th, 27th, and Monday the 30th
    assert clock.due_at == at("2026-11-30T23:59:59.999999", "Asia/Vladivostok")


def test_lift_evacuation_keeps_the_act_of_its_time() -> None:
    old = the_clock(registered("2024-08-31T10:00", "lifts.evacuation"))
    new = the_clock(registered("2024-09-01T10:00", "lifts.evacuation"))
    assert (old.norm.act, new.norm.act) == ("ПП РФ от 24.06.2017 № 743", "ГОСТ Р 55964")


def test_a_standing_rule_is_no_clock() -> None:
    assert clocks([registered("10:00", "gosstroy170.2.pipes", "gas.smell", "pp416.14.services")]) == ()


STATES = [
    # now, state, late by
    ("10:00", "running", 0),
    ("10:22", "running", 0),
    ("10:22:30", "at_risk", 0),
    ("10:30", "at_risk", 0),
    ("10:30:01", "breached", 1),
    ("11:30", "breached", 3600),
]


@pytest.mark.parametrize(("now", "state", "late"), STATES)
def test_a_clock_is_at_risk_in_its_last_quarter_and_breached_after_its_term(
    now: str, state: str, late: int
) -> None:
    clock = the_clock(registered("10:00", CONTAINMENT), now=now)
    assert (clock.state, clock.late_by) == (state, timedelta(seconds=late))


def test_the_last_quarter_of_a_night_chute_begins_in_the_morning() -> None:
    assert the_clock(registered("22:00", "pp416.13.chute")).at_risk_at == at("25 08:30")


def test_before_the_ticket_there_is_no_clock() -> None:
    assert clocks([registered("10:00", CONTAINMENT)], now=at("09:59")) == ()


def test_a_stop_that_is_yet_to_come_does_not_hide_the_breach() -> None:
    contained = happened(facts.DamageContained(ticket=1), "10:50")
    clock = the_clock(registered("10:00", CONTAINMENT), contained, now="10:40")
    assert (clock.state, clock.late_by) == ("breached", minutes(10))


def test_a_stop_recorded_late_meets_the_term_and_the_written_breach_stays() -> None:
    breach = happened(facts.ClockBreached(ticket=1, norm=CONTAINMENT, due_at=at("10:30")), "10:31")
    contained = happened(facts.DamageContained(ticket=1), "10:20", recorded="10:45")
    clock = the_clock(registered("10:00", CONTAINMENT), breach, contained, now="11:00")
    assert (clock.state, clock.recorded_late, clock.breach_written) == ("met", True, True)
    assert (clock.stopped_at, clock.stopped_recorded_at) == (at("10:20"), at("10:45"))


def test_a_breach_written_for_one_norm_is_not_another_ones() -> None:
    breach = happened(facts.ClockBreached(ticket=1, norm=ELIMINATION, due_at=at("10:30")), "10:31")
    assert not the_clock(registered("10:00", CONTAINMENT), breach).breach_written


def test_late_typing_within_the_term_is_not_late() -> None:
    contained = happened(facts.DamageContained(ticket=1), "10:10", recorded="10:30")
    assert not the_clock(registered("10:00", CONTAINMENT), contained).recorded_late


def test_the_first_stop_counts() -> None:
    events = [
        registered("10:00", CONTAINMENT),
        happened(facts.DamageContained(ticket=1), "10:50"),
        happened(facts.DamageContained(ticket=1), "10:20"),
    ]
    assert the_clock(*events).stopped_at == at("10:20")


def test_facts_of_other_tickets_change_nothing() -> None:
    other = [registered("09:00", CONTAINMENT, ticket=2), happened(facts.DamageContained(ticket=2), "09:10")]
    found = clocks([*other, registered("10:00", CONTAINMENT)], now=at("10:31"))
    assert [(clock.subject, clock.state) for clock in found] == [
        ("ticket/1", "breached"),
        ("ticket/2", "met"),
    ]


def test_one_subjects_entries_do_not_make_clocks_of_those_they_mention() -> None:
    """The entries of contact 5 hold its ticket's registration, but not all of the ticket's facts."""
    entries = [received("10:00"), registered("10:02", CONTAINMENT, interaction=5)]
    assert [clock.subject for clock in clocks(entries, subjects={"interaction/5"})] == ["interaction/5"]
    # and the entries of a ticket hold the end of a contact whose beginning is not among them
    ended = happened(facts.InteractionEnded(interaction=9, ticket=1, outcome="addition"), "10:10")
    found = clocks([registered("10:00", CONTAINMENT), ended], subjects={"ticket/1"})
    assert [clock.subject for clock in found] == ["ticket/1"]


def test_moments_come_in_utc_and_the_zone_beside_them() -> None:
    clock = the_clock(registered("10:00", CONTAINMENT, zone="Asia/Omsk"))
    assert clock.zone == "Asia/Omsk"
    assert clock.due_at.isoformat() == "2026-11-24T07:30:00+00:00"
    assert isinstance(clock.started_at, datetime) and clock.started_at.utcoffset() == timedelta(0)
