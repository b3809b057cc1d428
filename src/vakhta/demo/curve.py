"""How contacts spread over the day: a quiet night, a morning and an evening peak."""

from __future__ import annotations

from random import Random

WEIGHTS = {
    "ordinary": (8, 5, 4, 3, 3, 6, 18, 42, 78, 92, 84, 70, 62, 58, 56, 58, 64, 76, 92, 96, 84, 62, 38, 18),
    "storm": (
        30,
        24,
        20,
        20,
        24,
        40,
        70,
        95,
        110,
        110,
        104,
        96,
        90,
        88,
        88,
        90,
        96,
        104,
        112,
        114,
        104,
        84,
        60,
        42,
    ),
}
"""Weight of each hour from midnight. A storm does not sleep."""


def moment_of_day(random: Random, day: str) -> float:
    """A moment, seconds from midnight, drawn by the weights of the day."""
    hour = random.choices(range(24), WEIGHTS[day])[0]
    return hour * 3600 + random.random() * 3600


def share_before(hour: int, day: str) -> float:
    """Which part of the day's contacts comes before this hour."""
    weights = WEIGHTS[day]
    return sum(weights[:hour]) / sum(weights)
