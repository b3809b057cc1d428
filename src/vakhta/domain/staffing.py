"""How many operators the five-minute norm needs (416 п.13): Erlang's formula for people who wait (C). Pure.

Calls come by chance at a rate, each takes an operator for a while, whoever finds all busy waits. That nobody gives
up is assumed, so the answer is on the safe side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf

WITHIN = 300.0
"""Seconds: an answer within five minutes (416 п.13)."""
LEVEL = 0.95
"""The part of callers that is to be answered within it."""
HANDLING = 360.0
"""Seconds that a contact takes an operator, all nine steps, when no own history says otherwise."""
PER_ACCOUNT = 0.4
"""Contacts of one account in a month, when no own history says otherwise."""
DAYS_OF_MONTH = 30.4
MOST = 200
CURVE = (
    1.2, 0.9, 0.7, 0.6, 0.7, 1.4, 3.0, 5.3, 8.1, 9.2, 8.3, 6.9,
    5.9, 5.4, 5.3, 5.2, 5.3, 5.8, 6.2, 5.3, 3.9, 2.7, 1.7, 1.0,
)  # fmt: skip
"""Per cent of a day's contacts in each of its hours: the morning's wave, the evening's smaller one."""
WORKED = 40.0 * 0.88
"""Hours of a week that one person is at the desk: forty less holidays and illness."""


def waiting(load: float, operators: int) -> float:
    """Erlang C: the part of callers that finds all `operators` busy. `load` in erlangs; 1.0 when they cannot keep up."""
    if operators <= load:
        return 1.0
    busy = 1.0  # Erlang B, one operator more at a time: the factorials of the textbook overflow
    for number in range(1, operators + 1):
        busy = load * busy / (number + load * busy)
    return busy / (1 - load / operators * (1 - busy)) if busy else 0.0


def answered(load: float, operators: int, handling: float, within: float = WITHIN) -> float:
    """The part of callers that is answered `within` so many seconds."""
    if operators <= load:
        return 0.0
    return 1 - waiting(load, operators) * exp(-(operators - load) * within / handling)


def needed(load: float, handling: float, within: float = WITHIN, level: float = LEVEL) -> int:
    """The fewest operators, one at least: somebody is always there (416 п.9). Raises ValueError beyond `MOST`."""
    for operators in range(1, MOST + 1):
        if answered(load, operators, handling, within) >= level:
            return operators
    raise ValueError(f"a load of {load:.0f} erlangs needs more than {MOST} operators")


@dataclass(frozen=True)
class Hour:
    """One hour of the day. `calls`: how many come in it, on the mean of days."""

    hour: int
    calls: float
    load: float
    operators: int
    kept: float
    """The part that these operators answer in time."""


def day(
    calls: Sequence[float], handling: float = HANDLING, within: float = WITHIN, level: float = LEVEL
) -> list[Hour]:
    """The 24 hours of a day with so many calls in each."""
    made = []
    for hour, count in enumerate(calls):
        load = count * handling / 3600
        operators = needed(load, handling, within, level)
        made.append(Hour(hour, count, load, operators, answered(load, operators, handling, within)))
    return made


def of_accounts(accounts: int, per_account: float = PER_ACCOUNT) -> list[float]:
    """Calls by the hour that so many accounts make, by `CURVE`."""
    whole = accounts * per_account / DAYS_OF_MONTH
    return [whole * part / sum(CURVE) for part in CURVE]


def people(hours: Sequence[Hour]) -> float:
    """How many people on a forty-hour week these desks need, round the clock all week."""
    return sum(hour.operators for hour in hours) * 7 / WORKED if hours else inf
