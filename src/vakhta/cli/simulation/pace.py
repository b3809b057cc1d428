"""Time of the play: seconds of the scripted day become real seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from vakhta.demo.calls import ScriptedContact, calls

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


Timed = tuple[float, ScriptedContact]
"""Real seconds from the start of the play, and who comes then."""

OPENS, CLOSES = 8, 22
"""Hours of the endless day: nobody watches a demo to see a quiet night."""

LONGEST_GAP = 8.0
"""Real seconds: in the endless day somebody always comes within so many."""


def one_day(seed: int, day: str, contacts: int, pace: Pace) -> list[Timed]:
    """One day, the night before its first hour at its end."""
    timed = [(pace.delay(contact.offset), contact) for contact in calls(seed, day, contacts)]
    return sorted(timed, key=lambda pair: pair[0])


def endless_days(seed: int, day: str, contacts: int, pace: Pace) -> Iterator[Timed]:
    """Daylight after daylight without end, each day with another seed."""
    moment, before = 0.0, float(pace.first_hour * 3600)
    for number in count():
        for contact in calls(seed + number, day, contacts):
            if not OPENS * 3600 <= contact.offset < CLOSES * 3600 or contact.offset < before:
                continue
            moment += min(pace.real(contact.offset - before), LONGEST_GAP)
            before = contact.offset
            again = f"{number}.{contact.repeat_of}" if contact.repeat_of else ""
            yield moment, replace(contact, key=f"{number}.{contact.key}", repeat_of=again)
        before = OPENS * 3600.0


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
