"""View-models of the rota's month and of the hand-over's sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import Choice, Errors, LinkView, PageView, SeverityView, StatusView, TicketNumber

# ── The month ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class DayHead:
    number: int
    weekday: str
    is_rest: bool = False
    is_today: bool = False
    lacks: int = 0
    """How many people the worst hour of the day is short of."""


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """`letter` of the turn, "" when off; `url` opens what may be done with it."""

    turn: str = ""
    letter: str
    title: str
    mark: str = ""
    """Why it is otherwise than the pattern: a word for the title, a shape for the eye."""
    url: str = ""
    is_rest: bool = False
    is_today: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    name: str
    full_name: str
    cells: tuple[DayCell, ...]
    hours: str
    is_me: bool = False


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """«3 декабря, чт» and «с 02:00 до 04:00 нужен ещё один»."""

    day: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OnShift:
    name: str
    words: str
    """«до 20:00, готов», «до 20:00, пауза: обед»"""


@dataclass(frozen=True, kw_only=True)
class SwapRow:
    words: str
    state: str
    agree_url: str = ""
    approve_url: str = ""
    decline_url: str = ""


@dataclass(frozen=True, kw_only=True)
class DayForm:
    """One day of one person is changed, or offered for a swap."""

    title: str
    now: str
    """What stands there: «день 08–20»."""
    post_url: str
    staff: str = ""
    day: str = ""
    turns: tuple[Choice, ...] = ()
    whys: tuple[Choice, ...] = ()
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SwapForm:
    title: str
    post_url: str
    day: str
    choices: tuple[Choice, ...]
    """Shifts of others for which it can be swapped."""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    staff: str
    name: str
    patterns: tuple[Choice, ...]
    first: str


@dataclass(frozen=True, kw_only=True)
class PlanForm:
    title: str
    post_url: str
    month: str
    rows: tuple[PlanRow, ...]
    errors: Errors = field(default_factory=dict)
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Month:
    page: PageView
    title: str
    months: tuple[LinkView, ...]
    """The month before, this one, the next one."""
    links: tuple[LinkView, ...]
    downloads: tuple[LinkView, ...]
    on: tuple[OnShift, ...] = ()
    next: str = ""
    """«с 20:00: Сидорова М. А.»"""
    days: tuple[DayHead, ...] = ()
    rows: tuple[PersonRow, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    gaps: tuple[GapLine, ...] = ()
    enough: str = ""
    """What the need is reckoned from, with the way to it."""
    need_url: str = ""
    swaps: tuple[SwapRow, ...] = ()
    change: DayForm | None = None
    swap: SwapForm | None = None
    plan: PlanForm | None = None
    is_planned: bool = False
    errors: Errors = field(default_factory=dict)


# ── The hand-over ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    number: TicketNumber
    severity: SeverityView
    address: str
    nature: str
    status: StatusView
    who: str
    due: str = ""
    norm: str = ""
    tone: str = ""
    """bad when the term is past, warn when it ends in the next hours."""
    tone_word: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A contact, an order, a visit, a letter: what it is and what is to be known of it."""

    title: str
    text: str
    number: TicketNumber | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    title: str
    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True, kw_only=True)
class SheetView:
    tickets: tuple[TicketLine, ...]
    tickets_total: int
    soon: int
    """How many terms end in the next hours, or are past."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Signature:
    role: str
    """«Сдал(а)», «Принял(а)»"""
    name: str
    at: datetime | None = None
    words: str = ""
    """Notes of the one, the remark of the other."""


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    url: str
    at: datetime
    shift: str
    who: str
    taker: str
    accepted_at: datetime | None
    status: StatusView
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class SignForm:
    post_url: str
    held: int
    """Contacts in work, which go somewhere by the same key."""
    takers: tuple[Choice, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HandoverPage:
    """What would be signed now."""

    page: PageView
    links: tuple[LinkView, ...]
    shift: str
    sheet: SheetView
    waiting: tuple[SheetRow, ...] = ()
    given: SheetRow | None = None
    """The accepted sheet of this very shift: there is nothing left to sign."""
    form: SignForm | None = None


@dataclass(frozen=True, kw_only=True)
class SheetPage:
    """What was signed."""

    page: PageView
    title: str
    links: tuple[LinkView, ...]
    status: StatusView
    shift: str
    signatures: tuple[Signature, ...]
    sheet: SheetView
    proof: str
    is_proved: bool = True
    print_url: str = ""
    accept_url: str = ""
    remark: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SheetList:
    page: PageView
    links: tuple[LinkView, ...]
    rows: tuple[SheetRow, ...]
    older_url: str = ""
