"""The technician's view-models: the list of jobs and one job, on a phone, one hand, by plain forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import (
    AddressView,
    ClockView,
    Errors,
    FileView,
    NoticeLine,
    PageView,
    PersonView,
    PhoneView,
    SeverityView,
    StatusView,
    TicketNumber,
)


@dataclass(frozen=True, kw_only=True)
class JobLine:
    """A job in the list."""

    url: str
    number: TicketNumber
    title: str
    address: AddressView
    severity: SeverityView
    status: StatusView
    clock: ClockView | None = None
    current: bool = False
    """The one that is done now: stands first, framed."""
    performer: str = ""
    """Whose it is, for a contractor's office, which sees those of all of its people."""


@dataclass(frozen=True, kw_only=True)
class Jobs:
    page: PageView
    url: str
    """GET answers with `field/jobs_list.html`, asked again when the journal speaks of a work order."""
    taken: tuple[NoticeLine, ...] = ()
    """What the dispatcher took away a moment ago, and why."""
    jobs: tuple[JobLine, ...] = ()
    done_today: int = 0
    crews_url: str = ""
    """Who is in which crew, for a contractor's office."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that may be done now. Posted with `place` («lat,lon±metres» or empty) and `key`
    (idempotency: a repeated press changes nothing)."""

    code: str
    """accept, go, arrive, contain, no_access, done, refuse, ask"""
    title: str
    post_url: str
    ends: str = ""
    """The order's state after it; "" when it stays where it is."""
    key: str = ""
    note_title: str = ""
    """Non-empty: the move takes the field `note`."""
    note_required: bool = False
    reasons: tuple[str, ...] = ()
    photo: bool = False
    """Takes files `photo` (several)."""
    place: bool = False
    """Takes where it was done, if the phone says it."""
    lead: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)

    @property
    def is_form(self) -> bool:
        return bool(self.note_title or self.photo)


@dataclass(frozen=True, kw_only=True)
class JobFact:
    label: str
    value: str
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class MoveDone:
    title: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    at: str
    """«09:14»"""
    text: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A question of this order and what the dispatcher said to it."""

    question: str
    answers: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Job:
    page: PageView
    back_url: str
    number: TicketNumber
    title: str
    severity: SeverityView
    status: StatusView
    address: AddressView
    description: str
    live: str
    """What it listens to: "work_order/12 ticket/17"."""
    url: str
    """GET answers with the page again."""
    clocks: tuple[ClockView, ...] = ()
    map_url: str = ""
    """«geo:» address of the house."""
    person: PersonView | None = None
    phone: PhoneView | None = None
    notices: tuple[NoticeLine, ...] = ()
    facts: tuple[JobFact, ...] = ()
    """Access, codes, valves, what the caller answered."""
    files: tuple[FileView, ...] = ()
    history: tuple[MoveDone, ...] = ()
    next: Move | None = None
    others: tuple[Move, ...] = ()
    later: tuple[Move, ...] = ()
    """Moves that are not possible yet: a phone without a network goes on by them."""
    way: str = "{}"
    """JSON, the order's state → codes of its moves, the likely one first."""
    said: str = ""
    """What was just done: «Принято в 09:14. Диспетчер видит.»"""
    answered: Answered | None = None
    """Stands at the top instead of «Вопрос отправлен», as long as the order is open."""
    failed: str = ""
    """Why the last move was not done and what to do."""
    dispatcher: PhoneView | None = None
