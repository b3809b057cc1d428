"""График смен (rota): patterns laid over dates, single changes, swaps; shifts as moments, and the hours that lack people.
Pure.

A person has one turn at most on a day, the day on which it begins. Turns are told by the clock on the wall of the
centre; shifts are half-open intervals in UTC, so that a night with a moved clock has its real length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

OFF = ""
"""The turn of a day without work."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Turn:
    """What one works on a day. `until` not after `since` is of the next day; equal to it, a whole day."""

    code: str
    letter: str
    title: str
    since: time
    until: time

    @property
    def hours(self) -> str:
        """«08–20»"""
        return f"{self.since:%H}–{self.until:%H}"


TURNS = {
    turn.code: turn
    for turn in (
        Turn("day", "Д", "день", time(8), time(20)),
        Turn("night", "Н", "ночь", time(20), time(8)),
        Turn("full", "С", "сутки", time(8), time(8)),
        Turn("office", "Р", "рабочий день", time(9), time(17)),
    )
}


@dataclass(frozen=True)
class Pattern:
    """Turns that repeat, from a person's first day on."""

    code: str
    title: str
    cycle: tuple[str, ...]


PATTERNS = {
    pattern.code: pattern
    for pattern in (
        Pattern("two_two_two", "два дня, две ночи, двое дома", ("day", "day", "night", "night", OFF, OFF)),
        Pattern("day_night", "день, ночь, двое дома", ("day", "night", OFF, OFF)),
        Pattern("full_three", "сутки через трое", ("full", OFF, OFF, OFF)),
        Pattern("two_two", "два через два, 08–20", ("day", "day", OFF, OFF)),
        Pattern("five_two", "пять через два, по 8 часов", ("office",) * 5 + (OFF, OFF)),
    )
}

Cell = tuple[int, date]
"""A person and a day."""
Plan = Mapping[Cell, str]
"""What is worked where; a cell that is not there is off."""


@dataclass(frozen=True)
class Shift:
    """Смена: a person works from `since` (inclusive) to `until` (exclusive), both in UTC."""

    person: int
    day: date
    turn: str
    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """In real hours."""
        return self.until - self.since


class RotaRefused(ValueError):
    """A plan that nobody can work. `why`: "twice" (at once in two shifts), "in_a_row" (one right after another,
    ТК РФ ст. 103), "busy" (a turn on the day that a swap needs free), "free" (nothing to swap there)."""

    def __init__(self, why: str, person: int, day: date) -> None:
        super().__init__(f"{why}: {person} on {day}")
        self.why, self.person, self.day = why, person, day


def laid(pattern: str, first: date, since: date, until: date) -> dict[date, str]:
    """Turns of the days from `since` (inclusive) to `until` (exclusive); before `first` nothing."""
    cycle = PATTERNS[pattern].cycle
    return {day: cycle[(day - first).days % len(cycle)] for day in days(max(first, since), until)}


def days(since: date, until: date) -> Iterator[date]:
    for place in range((until - since).days):
        yield since + timedelta(days=place)


@dataclass(frozen=True)
class Change:
    """One day of one person is otherwise than planned: off sick, an extra turn, another turn."""

    person: int
    day: date
    turn: str


def changed(plan: Plan, changes: Iterable[Change]) -> dict[Cell, str]:
    """The plan with the changes in their order: of one cell the last holds."""
    return {**plan, **{(change.person, change.day): change.turn for change in changes}}


def swapped(plan: Plan, one: Cell, other: Cell) -> dict[Cell, str]:
    """Each works what the other would have; on two days both must be free on the day that they take. Raises
    `RotaRefused`."""
    for cell in (one, other):
        if plan.get(cell, OFF) == OFF:
            raise RotaRefused("free", *cell)
    gains = ((one[0], other[1]), (other[0], one[1]))
    if one[1] != other[1]:
        for cell in gains:
            if plan.get(cell, OFF) != OFF:
                raise RotaRefused("busy", *cell)
    given = {one: OFF, other: OFF}
    return {**plan, **given, gains[0]: plan[other], gains[1]: plan[one]}


def moment(day: date, at: time, zone: str) -> datetime:
    """A moment of the wall's clock, in UTC. Of an hour that the clock shows twice, the first; of one that it leaves
    out, as far behind it as it was meant."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def shift(person: int, day: date, turn: str, zone: str) -> Shift:
    """Raises KeyError for `OFF` and what is no turn."""
    known = TURNS[turn]
    last = day if known.until > known.since else day + timedelta(days=1)
    return Shift(person, day, turn, moment(day, known.since, zone), moment(last, known.until, zone))


def shifts(plan: Plan, zone: str) -> list[Shift]:
    """The work of a plan, by its beginning."""
    made = [shift(person, day, turn, zone) for (person, day), turn in plan.items() if turn != OFF]
    return sorted(made, key=lambda each: (each.since, each.person))


def check(made: Iterable[Shift]) -> None:
    """Raises `RotaRefused` for the first person who would be in two shifts at once or in two in a row."""
    ordered = sorted(made, key=lambda each: (each.person, each.since))
    for before, after in pairwise(ordered):
        if before.person == after.person and after.since <= before.until:
            raise RotaRefused("twice" if after.since < before.until else "in_a_row", after.person, after.day)


@dataclass(frozen=True)
class Gap:
    """Hours in which fewer work than are needed; `day` by the wall's calendar."""

    day: date
    since: datetime
    until: datetime
    lacks: int


def gaps(made: Iterable[Shift], need: Sequence[int], since: date, until: date, zone: str) -> list[Gap]:
    """Where of these days (`until` exclusive) people are missing. `need`: people in each of the 24 hours of the
    wall's clock. Neighbouring hours of a day that lack as many are one gap; a midnight parts them."""
    start = moment(since, time(0), zone)
    hours = (moment(until, time(0), zone) - start) // HOUR
    present = [0] * hours
    for each in made:
        first, last = -((start - each.since) // HOUR), (each.until - start) // HOUR
        for place in range(max(first, 0), min(last, hours)):
            present[place] += 1
    lacking = []
    for place, here in enumerate(present):
        local = (start + place * HOUR).astimezone(ZoneInfo(zone))
        lacking.append((place, local.date(), max(need[local.hour] - here, 0)))
    found = []
    for (day, lacks), run in groupby(lacking, key=lambda hour: hour[1:]):
        places = [place for place, *_rest in run]
        if lacks:
            found.append(Gap(day, start + places[0] * HOUR, start + (places[-1] + 1) * HOUR, lacks))
    return found
