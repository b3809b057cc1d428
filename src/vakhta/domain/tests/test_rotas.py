"""Rotas: each pattern day by day, nights over moved clocks and New Year, changes and swaps, the hours that lack people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vakhta.domain import rotas
from vakhta.domain.rotas import OFF, PATTERNS, TURNS, Change, Gap, RotaRefused

MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"
FIRST = date(2026, 12, 28)
"""A Monday; the year ends within every pattern."""
HOUR = timedelta(hours=1)


def letters(pattern: str, count: int = 10) -> str:
    """The pattern from its first day on as it stands on the wall: «ДДНН··»."""
    turns = rotas.laid(pattern, FIRST, FIRST, FIRST + timedelta(days=count))
    return "".join(TURNS[turn].letter if turn else "·" for turn in turns.values())


@pytest.mark.parametrize(
    ("pattern", "stands"),
    [
        ("two_two_two", "ДДНН··ДДНН"),
        ("day_night", "ДН··ДН··ДН"),
        ("full_three", "С···С···С·"),
        ("two_two", "ДД··ДД··ДД"),
        ("five_two", "РРРРР··РРР"),
    ],
)
def test_a_pattern_repeats_from_the_first_day(pattern: str, stands: str) -> None:
    assert letters(pattern) == stands
    assert set(PATTERNS) == {"two_two_two", "day_night", "full_three", "two_two", "five_two"}


def test_before_the_first_day_nobody_works_and_a_month_goes_on_where_the_last_one_ended() -> None:
    assert rotas.laid("day_night", date(2026, 12, 30), date(2026, 12, 28), date(2027, 1, 1)) == {
        date(2026, 12, 30): "day",
        date(2026, 12, 31): "night",
    }
    whole = rotas.laid("two_two_two", FIRST, FIRST, date(2027, 3, 1))
    halves = rotas.laid("two_two_two", FIRST, FIRST, date(2027, 1, 15)) | rotas.laid(
        "two_two_two", FIRST, date(2027, 1, 15), date(2027, 3, 1)
    )
    assert whole == halves


@pytest.mark.parametrize(
    ("turn", "day", "zone", "since", "until", "hours"),
    [
        ("day", "2026-12-31", MOSCOW, "2026-12-31T05:00", "2026-12-31T17:00", 12),
        ("night", "2026-12-31", MOSCOW, "2026-12-31T17:00", "2027-01-01T05:00", 12),
        ("full", "2026-12-31", MOSCOW, "2026-12-31T05:00", "2027-01-01T05:00", 24),
        ("office", "2026-12-31", MOSCOW, "2026-12-31T06:00", "2026-12-31T14:00", 8),
        ("night", "2026-10-24", BERLIN, "2026-10-24T18:00", "2026-10-25T07:00", 13),
        ("night", "2027-03-27", BERLIN, "2027-03-27T19:00", "2027-03-28T06:00", 11),
        ("full", "2026-10-24", BERLIN, "2026-10-24T06:00", "2026-10-25T07:00", 25),
        ("day", "2026-10-25", BERLIN, "2026-10-25T07:00", "2026-10-25T19:00", 12),
    ],
)
def test_a_shift_has_its_real_hours(
    turn: str, day: str, zone: str, since: str, until: str, hours: int
) -> None:
    made = rotas.shift(7, date.fromisoformat(day), turn, zone)
    assert made.since == datetime.fromisoformat(since).replace(tzinfo=UTC)
    assert made.until == datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert made.length == hours * HOUR


A, B = 1, 2
MON, TUE, WED = (FIRST + timedelta(days=more) for more in range(3))


def test_a_change_is_of_one_day_and_the_last_one_holds() -> None:
    plan = {(A, MON): "day", (A, TUE): "day"}
    ill = rotas.changed(plan, [Change(A, MON, OFF), Change(B, MON, "day"), Change(A, MON, "night")])
    assert ill == {(A, MON): "night", (A, TUE): "day", (B, MON): "day"}


def test_a_swap_gives_each_the_work_of_the_other() -> None:
    plan = {(A, MON): "day", (B, WED): "night"}
    assert rotas.swapped(plan, (A, MON), (B, WED)) == {
        (A, MON): OFF,
        (B, WED): OFF,
        (A, WED): "night",
        (B, MON): "day",
    }
    same_day = {(A, MON): "day", (B, MON): "night"}
    assert rotas.swapped(same_day, (A, MON), (B, MON)) == {(A, MON): "night", (B, MON): "day"}


@pytest.mark.parametrize(
    ("plan", "why", "whose"),
    [
        ({(A, MON): "day"}, "free", (B, WED)),
        ({(B, WED): "day"}, "free", (A, MON)),
        ({(A, MON): "day", (B, WED): "day", (A, WED): "night"}, "busy", (A, WED)),
        ({(A, MON): "day", (B, WED): "day", (B, MON): "night"}, "busy", (B, MON)),
    ],
)
def test_what_cannot_be_swapped(plan: dict[rotas.Cell, str], why: str, whose: rotas.Cell) -> None:
    with pytest.raises(RotaRefused) as refused:
        rotas.swapped(plan, (A, MON), (B, WED))
    assert (refused.value.why, refused.value.person, refused.value.day) == (why, *whose)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({(A, MON): "full", (A, TUE): "day"}, "in_a_row"),
        ({(A, MON): "night", (A, TUE): "day"}, "in_a_row"),
        ({(A, MON): "night", (A, TUE): "night"}, ""),
        ({(A, MON): "day", (A, TUE): "night"}, ""),
        ({(A, MON): "full", (B, TUE): "full"}, ""),
        ({(A, MON): "full", (A, TUE): "full"}, "in_a_row"),
        ({(A, MON): "night", (A, TUE): "office"}, ""),
    ],
)
def test_nobody_works_two_shifts_in_a_row(plan: dict[rotas.Cell, str], why: str) -> None:
    try:
        rotas.check(rotas.shifts(plan, MOSCOW))
    except RotaRefused as refused:
        assert (refused.why, refused.person, refused.day) == (why, A, TUE)
    else:
        assert why == ""


def test_two_shifts_at_once_are_another_fault() -> None:
    night, morning = rotas.shift(A, MON, "night", MOSCOW), rotas.shift(A, TUE, "day", MOSCOW)
    early = rotas.Shift(A, TUE, "day", morning.since - HOUR, morning.until)
    with pytest.raises(RotaRefused, match="twice"):
        rotas.check([early, night])


def wall(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(MOSCOW)):%H}"


def test_hours_that_lack_people_are_told_from_to_and_how_many() -> None:
    need = [1] * 8 + [2] * 12 + [1] * 4
    plan = {(A, MON): "day", (B, MON): "night", (A, TUE): "day", (3, TUE): "day"}
    found = rotas.gaps(rotas.shifts(plan, MOSCOW), need, MON, WED, MOSCOW)
    assert [(gap.day, wall(gap.since), wall(gap.until), gap.lacks) for gap in found] == [
        (MON, "00", "20", 1),
        (TUE, "20", "00", 1),
    ]


def test_a_day_of_twenty_five_hours_lacks_somebody_in_each_of_them() -> None:
    [gap] = rotas.gaps([], [1] * 24, date(2026, 10, 25), date(2026, 10, 26), BERLIN)
    assert gap == Gap(
        date(2026, 10, 25),
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),
        1,
    )


# ── Of any plan ──────────────────────────────────────────────────────────────────────────────

codes = st.sampled_from([OFF, *TURNS])
some_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
cells = st.tuples(st.integers(1, 4), st.integers(0, 9).map(lambda more: FIRST + timedelta(days=more)))
plans = st.dictionaries(cells, codes, max_size=25)
zones = st.sampled_from([MOSCOW, BERLIN, "Asia/Yekaterinburg", "America/New_York", "Australia/Lord_Howe"])


def hours_of(plan: rotas.Plan, zone: str = MOSCOW) -> timedelta:
    return sum((each.length for each in rotas.shifts(plan, zone)), timedelta(0))


@given(st.sampled_from(sorted(PATTERNS)), some_days, zones)
def test_no_pattern_has_a_person_twice_at_once_or_in_a_row(pattern: str, first: date, zone: str) -> None:
    turns = rotas.laid(pattern, first, first, first + timedelta(days=62))
    rotas.check(rotas.shifts({(A, day): turn for day, turn in turns.items()}, zone))


@given(plans, zones)
def test_what_is_let_through_has_nobody_twice_at_any_moment(plan: rotas.Plan, zone: str) -> None:
    made = rotas.shifts(plan, zone)
    try:
        rotas.check(made)
    except RotaRefused:
        assert any(
            one is not two and one.person == two.person and one.since <= two.until and two.since <= one.until
            for one in made
            for two in made
        )
        return
    for edge in {each.since for each in made}:
        here = [each.person for each in made if each.since <= edge < each.until]
        assert len(here) == len(set(here))


@given(plans, st.lists(st.builds(Change, st.integers(1, 4), cells.map(lambda c: c[1]), codes)), st.randoms())
def test_changes_of_different_days_may_come_in_any_order(plan, changes, random) -> None:  # type: ignore[no-untyped-def]
    single = list({(change.person, change.day): change for change in changes}.values())
    mixed = random.sample(single, len(single))
    assert rotas.changed(plan, single) == rotas.changed(plan, mixed)


@given(plans, cells, cells)
def test_a_swap_keeps_the_total_and_taken_again_undoes_itself(plan, one, other) -> None:  # type: ignore[no-untyped-def]
    if one[0] == other[0]:
        return
    try:
        after = rotas.swapped(plan, one, other)
    except RotaRefused:
        return
    assert hours_of(after) == hours_of(plan)
    assert sorted(turn for turn in after.values() if turn) == sorted(turn for turn in plan.values() if turn)
    back = rotas.swapped(after, (one[0], other[1]), (other[0], one[1]))
    assert rotas.shifts(back, MOSCOW) == rotas.shifts(plan, MOSCOW)


def offset(at: datetime, zone: str) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)


@given(some_days, st.sampled_from(sorted(TURNS)), zones)
def test_a_shift_is_as_long_as_the_wall_says_but_for_the_clock_s_own_move(
    day: date, turn: str, zone: str
) -> None:
    made, known = rotas.shift(A, day, turn, zone), TURNS[turn]
    said = timedelta(hours=(known.until.hour - known.since.hour) % 24 or 24)
    moved = offset(made.until, zone) - offset(made.since, zone)
    assert made.length == said - moved
    assert abs(moved) <= HOUR


@given(plans, st.lists(st.integers(0, 3), min_size=24, max_size=24))
def test_gaps_filled_are_gaps_no_more(plan: rotas.Plan, need: list[int]) -> None:
    since, until = FIRST, FIRST + timedelta(days=8)
    made = rotas.shifts(plan, MOSCOW)
    found = rotas.gaps(made, need, since, until, MOSCOW)
    more = [
        rotas.Shift(100 + n, gap.day, "day", gap.since, gap.until) for gap in found for n in range(gap.lacks)
    ]
    assert rotas.gaps([*made, *more], need, since, until, MOSCOW) == []
    assert all(gap.since < gap.until and gap.lacks > 0 for gap in found)
