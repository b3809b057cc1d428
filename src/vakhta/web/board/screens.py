"""The board's view-models: read from three metres, nothing to press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vakhta.web.screens import ClockView, LinkView, PageView, SeverityView, TicketNumber


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    number: TicketNumber
    where: str
    what: str
    clock: ClockView
    severity: SeverityView
    who: str = ""
    """«бр. 2 · Сантехники, юг, в пути»; empty: nobody."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    number: TicketNumber
    where: str
    what: str
    since: datetime
    severity: SeverityView
    clock: ClockView | None = None


@dataclass(frozen=True, kw_only=True)
class CrewLoad:
    title: str
    skill: str
    state: str
    """«на месте, ул. Ленина, 15», «без нарядов»"""
    jobs: int
    limit: int = 4
    """What is much for one crew: the end of the bar."""
    free: bool = False

    @property
    def shown(self) -> int:
        return min(self.jobs, self.limit)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of today with the words behind it: «3 звонка ждут», «98 % сроки в норме»."""

    title: str
    value: str
    detail: str = ""
    tone: str = ""
    """"", warn, bad"""


@dataclass(frozen=True, kw_only=True)
class OnWatch:
    name: str
    until: str
    """«20:00»"""
    pause: str = ""
    """Why no contacts are taken now; "" when they are."""


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Who is on by the rota, and who comes next: «с 20:00: Сидорова М. А.»."""

    on: tuple[OnWatch, ...]
    next: str


@dataclass(frozen=True, kw_only=True)
class Board:
    page: PageView
    centre: str
    url: str
    """GET answers with `board/body.html`, asked again on any fact and every 30 s."""
    figures: tuple[Figure, ...]
    breaching: tuple[BoardRow, ...]
    """What ends within ten minutes, then what is late."""
    breaching_total: int
    breaching_late: int = 0
    """How many of them are late."""
    following: tuple[BoardRow, ...]
    """What breaches after that, so that a calm board still says what comes."""
    unassigned: tuple[Waiting, ...]
    unassigned_total: int
    crews: tuple[CrewLoad, ...] | None
    """None for whoever sees no crews: those that work are the centre's."""
    nav: tuple[LinkView, ...] = ()
    watch: Watch | None = None
    missed: tuple[str, ...] = ()
    """Shifts that nobody took over, one line each."""
    outages: tuple[str, ...] = ()
    """Outages whose term is over and that nobody has ended, one line each."""
