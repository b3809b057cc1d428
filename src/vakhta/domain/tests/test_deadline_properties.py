"""What holds for every set of facts, tried on thousands of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vakhta.domain import facts
from vakhta.domain.calendars import RUSSIA, spend
from vakhta.domain.deadlines import FactsRefused, clocks
from vakhta.domain.facts import Fact, Recorded, TicketRegistered
from vakhta.domain.norms import Elapsed, WorkingDays
from vakhta.domain.regulations import NORMS

from .facts_of_a_day import CHUTE, CONTAINMENT, ELIMINATION, REPAIR, TERMS, happened, minutes, the_clock

CODES = (CONTAINMENT, TERMS, ELIMINATION, CHUTE, REPAIR, "pp416.36.answer", "gosstroy170.2.roof")
ZONES = ("Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", "Europe/Berlin", "America/New_York", "UTC")
BORDERS = (
    datetime(2026, 12, 31, 20, tzinfo=UTC),  # a new year in Moscow an hour later
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # Berlin moves its clocks forward
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # and back
    datetime(2027, 3, 14, 6, 30, tzinfo=UTC),  # New York forward
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # and back
    datetime(2028, 2, 28, 20, tzinfo=UTC),  # a leap day
)

Draw = Any  # hypothesis gives draw() a type that it cannot keep for several strategies

lengths = st.integers(0, 3 * 24 * 60).map(lambda count: timedelta(minutes=count))
short = st.integers(0, 6 * 60).map(lambda count: timedelta(minutes=count))
moments = st.one_of(
    st.integers(0, 5 * 366 * 24 * 60).map(lambda count: datetime(2024, 9, 2, tzinfo=UTC) + minutes(count)),
    st.tuples(st.sampled_from(BORDERS), st.integers(-3000, 3000)).map(lambda t: t[0] + minutes(t[1])),
)


def tickets(start: datetime, damage_before: timedelta, codes: list[str], zone: str) -> Recorded:
    norms: tuple[dict[str, Any], ...] = tuple(
        {"code": code, "limit": 4 * 3600} if code == REPAIR else {"code": code} for code in codes
    )
    return happened(
        TicketRegistered(ticket=1, norms=norms, damage_at=start - damage_before, zone=zone), start
    )


MOVES: dict[str, Fact] = {
    "told": facts.TermsTold(ticket=1),
    "contained": facts.DamageContained(ticket=1),
    "done": facts.WorkDone(ticket=1),
    "returned": facts.TicketReturned(ticket=1),
    "voided": facts.TicketVoided(ticket=1),
    "answered": facts.AnswerGiven(ticket=1),
    "corrected": facts.TicketCorrected(ticket=1, norms=({"code": CONTAINMENT}, {"code": TERMS})),
    "other": facts.TicketCorrected(ticket=1, norms=({"code": CHUTE}, {"code": REPAIR, "limit": 7200})),
    "breach": facts.ClockBreached(ticket=1, norm=CONTAINMENT, due_at=datetime(2026, 1, 1, tzinfo=UTC)),
    "said": facts.CommentAdded(ticket=1),
}


@st.composite
def histories(draw: Draw) -> list[Recorded]:
    """A ticket with a few facts after it, some of them undone, and pauses where they are allowed."""
    start = draw(moments)
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
    events = [
        tickets(start, draw(st.one_of(st.just(timedelta(0)), lengths)), codes, draw(st.sampled_from(ZONES)))
    ]
    for entry, name in enumerate(draw(st.lists(st.sampled_from(sorted(MOVES)), max_size=6)), start=2):
        when = start + draw(st.one_of(short, lengths))
        events.append(happened(MOVES[name], when, when + draw(short), entry))
    if draw(st.booleans()) and len(events) > 1:
        mistake = draw(st.sampled_from(events[1:]))
        undone = facts.Undone(undoes=mistake.entry, ticket=1)
        events.append(happened(undone, mistake.happened_at + draw(lengths), entry=100))
    if REPAIR in codes:
        events += draw(pauses(start))
    return events


@st.composite
def pauses(draw: Draw, start: datetime) -> list[Recorded]:
    """Pauses one after another; the last may be without an end."""
    events, when = [], start
    for _ in range(draw(st.integers(0, 3))):
        when += draw(short)
        end = when + draw(short) + minutes(1) if draw(st.booleans()) else None
        events.append(happened(facts.ClockPaused(ticket=1, norm=REPAIR, why="no_access", until=end), when))
        when += draw(short) + minutes(1)
        events.append(happened(facts.ClockResumed(ticket=1, norm=REPAIR), when))
        when += minutes(1)
    if events and draw(st.booleans()):
        events.pop()
    return events


def in_zone(recorded: Recorded, zone: ZoneInfo) -> Recorded:
    """The same fact as written by a clock of another zone."""
    fact = recorded.fact
    if isinstance(fact, TicketRegistered) and fact.damage_at is not None:
        fact = dataclasses.replace(fact, damage_at=fact.damage_at.astimezone(zone))
    return dataclasses.replace(
        recorded,
        fact=fact,
        happened_at=recorded.happened_at.astimezone(zone),
        recorded_at=recorded.recorded_at.astimezone(zone),
    )


# ── A function of the set of facts ───────────────────────────────────────────────────────────


@given(histories(), st.data(), lengths)
def test_order_and_repetition_change_nothing(
    events: list[Recorded], data: st.DataObject, later: timedelta
) -> None:
    now = events[0].happened_at + later
    told = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events)))))
    assert clocks(told, now=now) == clocks(events, now=now)
    assert clocks(told) == clocks(events)


@given(histories(), st.lists(st.sampled_from(ZONES), min_size=1), lengths)
def test_the_zone_of_writing_changes_nothing(
    events: list[Recorded], zones: list[str], later: timedelta
) -> None:
    now = events[0].happened_at + later
    written = [in_zone(event, ZoneInfo(zones[i % len(zones)])) for i, event in enumerate(events)]
    assert clocks(written, now=now.astimezone(ZoneInfo(zones[0]))) == clocks(events, now=now)


@given(histories(), histories(), lengths)
def test_tickets_do_not_touch_each_other(one: list[Recorded], two: list[Recorded], later: timedelta) -> None:
    second = [
        dataclasses.replace(r, fact=dataclasses.replace(r.fact, ticket=2), entry=0)  # type: ignore[call-arg]
        for r in two
        if not isinstance(r.fact, facts.Undone)
    ]
    now = max(one[0].happened_at, second[0].happened_at) + later
    assert clocks([*one, *second], now=now) == (*clocks(one, now=now), *clocks(second, now=now))


# ── Time goes one way ────────────────────────────────────────────────────────────────────────


@given(histories(), lengths, lengths)
def test_a_later_moment_never_takes_a_breach_back(
    events: list[Recorded], first: timedelta, more: timedelta
) -> None:
    now = events[0].happened_at + first
    later = {clock.norm.code: clock for clock in clocks(events, now=now + more)}
    for clock in clocks(events, now=now):
        if clock.state == "breached":
            assert later[clock.norm.code].state == "breached"
            assert later[clock.norm.code].late_by >= clock.late_by > timedelta(0)


@given(histories(), lengths)
def test_without_now_the_facts_say_the_same(events: list[Recorded], later: timedelta) -> None:
    """What a row keeps holds at any moment, but for an open pause."""
    now = events[0].happened_at + later
    rows = {clock.norm.code: clock for clock in clocks(events)}
    for clock in clocks(events, now=now):
        row = rows[clock.norm.code]
        assert (clock.started_at, clock.stopped_at, clock.stopped_by) == (
            row.started_at,
            row.stopped_at,
            row.stopped_by,
        )
        if not row.paused:
            assert (clock.due_at, clock.at_risk_at) == (row.due_at, row.at_risk_at)
        if clock.state in ("met", "ended"):
            assert row.state == clock.state
        if row.state == "breached" and row.stopped_at is not None and now >= row.stopped_at:
            assert clock.state == "breached"


@given(histories(), lengths)
def test_a_state_agrees_with_its_moments(events: list[Recorded], later: timedelta) -> None:
    now = events[0].happened_at + later
    for clock in clocks(events, now=now):
        assert clock.started_at <= clock.at_risk_at <= clock.due_at
        stopped = clock.stopped_at is not None and clock.stopped_at <= now
        assert stopped == (clock.state in ("met", "ended") or (clock.state == "breached" and stopped))
        expected = {
            "running": now < clock.at_risk_at,
            "at_risk": clock.at_risk_at <= now <= clock.due_at,
            "paused": clock.paused and now <= clock.due_at,
            "met": clock.stopped_at is not None and clock.stopped_at <= clock.due_at,
            "ended": clock.stopped_at is not None and clock.stopped_at <= clock.due_at,
            "breached": now > clock.due_at and (clock.stopped_at is None or clock.stopped_at > clock.due_at),
        }
        assert expected[clock.state], clock
        assert (clock.late_by > timedelta(0)) == (clock.state == "breached")


# ── Pauses ───────────────────────────────────────────────────────────────────────────────────


@given(moments, st.data(), lengths)
def test_a_pause_never_shortens_a_term(start: datetime, data: st.DataObject, later: timedelta) -> None:
    ticket = tickets(start, timedelta(0), [REPAIR], "Europe/Moscow")
    paused = data.draw(pauses(start))
    plain = the_clock(ticket)
    for now in (None, start + later):
        clock = the_clock(ticket, *paused, now=now)
        assert clock.due_at >= plain.due_at
        assert clock.at_risk_at >= plain.at_risk_at
    closed = paused if len(paused) % 2 == 0 else paused[:-1]
    clock = the_clock(ticket, *closed)
    assert clock.due_at == plain.due_at + clock.paused_for


@given(moments, short, short, short)
def test_a_longer_pause_is_never_a_shorter_term(
    start: datetime, begin: timedelta, length: timedelta, more: timedelta
) -> None:
    ticket = tickets(start, timedelta(0), [REPAIR], "Europe/Moscow")
    pause = happened(facts.ClockPaused(ticket=1, norm=REPAIR, why="weather"), start + begin)
    ends = [
        happened(facts.ClockResumed(ticket=1, norm=REPAIR), start + begin + span)
        for span in (length, length + more)
    ]
    assert the_clock(ticket, pause, ends[0]).due_at <= the_clock(ticket, pause, ends[1]).due_at


@given(
    moments, st.sampled_from([code for code, norm in NORMS.items() if norm.is_clock and not norm.channels])
)
def test_a_pause_is_refused_wherever_the_norm_has_none(start: datetime, code: str) -> None:
    norm = NORMS[code]
    assume(not norm.pausable)
    pause = happened(facts.ClockPaused(ticket=1, norm=code, why="no_access"), start)
    with pytest.raises(FactsRefused):
        clocks([tickets(start, timedelta(0), [code], "Europe/Moscow"), pause])


# ── Stops ────────────────────────────────────────────────────────────────────────────────────


@given(moments, st.integers(0, 1800), st.integers(1, 10**6))
def test_a_stop_recorded_late_is_met_and_the_written_breach_stays(
    start: datetime, took: int, delay: int
) -> None:
    due = start + minutes(30)
    events = [
        tickets(start, timedelta(0), [CONTAINMENT], "Europe/Moscow"),
        happened(facts.ClockBreached(ticket=1, norm=CONTAINMENT, due_at=due), due + timedelta(seconds=1)),
        happened(
            facts.DamageContained(ticket=1), start + timedelta(seconds=took), due + timedelta(seconds=delay)
        ),
    ]
    clock = the_clock(*events, now=due + timedelta(seconds=delay))
    assert (clock.state, clock.recorded_late, clock.breach_written) == ("met", True, True)


@given(moments, st.integers(0, 7200), st.integers(0, 7200), st.sampled_from(sorted(MOVES)))
def test_the_end_of_the_work_never_meets_the_term_that_nobody_told(
    start: datetime, took: int, more: int, name: str
) -> None:
    """It is off, or was late already; whatever happens to the ticket then changes nothing of it."""
    done = start + timedelta(seconds=took)
    events = [
        tickets(start, timedelta(0), [TERMS], "Europe/Moscow"),
        happened(MOVES["done"], done),
        happened(MOVES[name], done + timedelta(seconds=more + 1)),
    ]
    clock = the_clock(*events, code=TERMS, now=done + timedelta(days=1))
    assert clock.state == ("ended" if took <= 1800 else "breached")
    assert (clock.stopped_at, clock.stopped_by) == (done, "WorkDone")


@given(moments, st.sampled_from(("told", "contained", "done", "returned", "voided")), lengths)
def test_a_stop_before_the_start_is_refused(start: datetime, name: str, before: timedelta) -> None:
    early = happened(MOVES[name], start - before - timedelta(microseconds=1))
    with pytest.raises(FactsRefused) as caught:
        clocks([tickets(start, timedelta(0), [CONTAINMENT], "Europe/Moscow"), early])
    assert caught.value.field == "happened_at"


# ── Day-saving, nights and year borders ──────────────────────────────────────────────────────


@given(moments, st.sampled_from(ZONES), st.sampled_from((CONTAINMENT, ELIMINATION, "gosstroy170.2.roof")))
def test_hours_that_pass_are_the_same_in_every_zone(start: datetime, zone: str, code: str) -> None:
    clock = the_clock(tickets(start, timedelta(0), [code], zone))
    assert isinstance(clock.norm.limit, Elapsed)
    assert clock.due_at - clock.started_at == clock.norm.limit.length


@given(moments, st.sampled_from(ZONES))
def test_a_chute_takes_two_hours_of_day_time(start: datetime, zone: str) -> None:
    """Counted minute by minute, the hours from 8 to 23 make two."""
    start = start.replace(second=0, microsecond=0)
    clock = the_clock(tickets(start, timedelta(0), [CHUTE], zone))
    span = int((clock.due_at - start) / minutes(1))
    local = [(start + minutes(i)).astimezone(ZoneInfo(zone)).hour for i in range(span)]
    assert sum(8 <= hour < 23 for hour in local) == 120
    assert 8 <= local[-1] < 23


@given(moments, st.sampled_from(ZONES))
def test_an_answer_has_its_working_days_and_ends_with_one(start: datetime, zone: str) -> None:
    clock = the_clock(tickets(start, timedelta(0), ["pp416.36.answer"], zone))
    assert isinstance(clock.norm.limit, WorkingDays)
    first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (start, clock.due_at))
    days = [first + timedelta(days=i) for i in range(1, (last - first).days + 1)]
    assert sum(map(RUSSIA.is_working, days)) == clock.norm.limit.days
    assert RUSSIA.is_working(last)
    after = (clock.due_at + timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    assert after.date() == last + timedelta(days=1)


@given(moments, lengths, lengths, st.sampled_from(ZONES), st.sampled_from(((8, 23), None)))
def test_time_spent_in_parts_is_time_spent_at_once(
    start: datetime, one: timedelta, two: timedelta, zone: str, window: tuple[int, int] | None
) -> None:
    assume(one > timedelta(0) and two > timedelta(0))
    place = ZoneInfo(zone)
    assert spend(spend(start, one, place, window), two, place, window) == spend(
        start, one + two, place, window
    )
