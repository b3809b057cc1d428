"""Time of the play: seconds of the scripted day become real seconds."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_DAY = 24 * 3600


@dataclass(frozen=True)
class Pace:
    """The day begins at `first_hour` and runs `speed` times as fast as life."""

    speed: float
    first_hour: int = 0

    def delay(self, offset: float) -> float:
        """Real seconds from the start of the play to a moment of the scripted day; a moment before
        the first hour belongs to the next night."""
        return ((offset - self.first_hour * 3600) % _DAY) / self.speed

    def real(self, seconds: float) -> float:
        """How long a stretch of the scripted day lasts really."""
        return seconds / self.speed


STEPS = {
    "accept": (1, 6),
    "go": (2, 8),
    "arrive": (6, 22),
    "contain": (4, 14),
    "done": (8, 55),
}
"""Minutes that a technician takes before each move."""

AFTER = {"accept": "go", "go": "arrive", "arrive": "contain", "contain": "done"}
"""The usual next move; the page decides which one it offers."""

LATE = 0.1
"""The part of jobs that are accepted late: the phone was in the other pocket."""


def minutes_before(move: str, random: Random) -> float:
    """Minutes of the scripted day until a technician makes this move."""
    if move == "accept" and random.random() < LATE:
        return random.uniform(15, 45)
    least, most = STEPS.get(move, (1, 5))
    return random.uniform(least, most)
