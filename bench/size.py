"""How large a city of the bench is."""

from __future__ import annotations

from dataclasses import dataclass

FLATS = 60
"""Of a house."""
TICKETS_PER_ACCOUNT = 1.5
ENTRIES = 10
"""Of a ticket with its contact."""
YEARS = 3
OPEN_SHARE = 200
"""One ticket of so many is open in a whole city."""


@dataclass(frozen=True)
class Size:
    """How much there is: 200,000 accounts make 300,000 tickets and 3,000,000 entries of three years. A `part` of a city
    has so many times less of everything that lies there, and the present of the whole one: as much is open and as much
    came within the month. What it is slower by than its part, is history."""

    accounts: int
    part: int = 1

    @property
    def houses(self) -> int:
        return self.accounts // FLATS

    @property
    def tickets(self) -> int:
        return int(self.accounts * TICKETS_PER_ACCOUNT)

    @property
    def days(self) -> float:
        """That the tickets lie over."""
        return 365 * YEARS / self.part

    @property
    def open_tickets(self) -> float:
        return self.tickets * self.part / OPEN_SHARE
