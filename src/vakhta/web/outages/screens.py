"""View-models of outages: those that stand, one that is being announced, and whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass, field

from vakhta.web.screens import Choice, ClockView, Errors, NormMark, PageView, StatusView


@dataclass(frozen=True, kw_only=True)
class NormLine:
    """How long one service may be off, beside what is announced. `tone`: "" kept, warn it depends, bad exceeded."""

    service: str
    text: str
    """«4 ч за раз, 8 ч за месяц»"""
    tone: str = ""
    verdict: str = ""
    mark: NormMark | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """A small form of a row. `until`, `at`, `reason`: the fields that it has, with what they hold; None: none."""

    url: str
    seen: str
    open_url: str = ""
    is_open: bool = False
    """Of many rows only the open one has its form drawn; without an address to open it, it is always drawn."""
    until: str | None = None
    at: str | None = None
    reason: str | None = None
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OutageRow:
    id: int
    services: str
    status: StatusView
    kind: str
    """«плановое», «аварийное»"""
    supplier: str
    detail: str
    """Document and reason."""
    when: str
    clock: ClockView | None
    houses: tuple[str, ...]
    more: int
    """Houses that are not named."""
    all_houses: int
    companies: str
    calls: int = 0
    """Contacts from its houses since it began."""
    norms: tuple[NormLine, ...] = ()
    """Only what is exceeded, or depends."""
    prolong: Act | None = None
    end: Act | None = None
    withdraw: Act | None = None
    back_url: str = ""
    """Undoes the end or the withdrawal."""
    closed: str = ""
    """«снято 24 ноября, вт, 16:40»"""


@dataclass(frozen=True, kw_only=True)
class OutageList:
    page: PageView
    url: str
    new_url: str
    overdue: tuple[OutageRow, ...]
    current: tuple[OutageRow, ...]
    coming: tuple[OutageRow, ...]
    closed: tuple[OutageRow, ...]
    last: OutageRow | None = None
    """Ended or withdrawn a moment ago: its return has a key."""
    made: int = 0
    """Houses of an announcement that was made a moment ago."""
    lifts_url: str = ""
    lifts: tuple[str, ...] = ()
    """Lifts that stand, a line for each."""

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.current or self.coming or self.closed)


@dataclass(frozen=True, kw_only=True)
class LiftRow:
    id: int
    title: str
    """«Лифт пассажирский, № 12-2»"""
    where: str
    service: str
    stands: str
    """«стоит с 10:00: нет скорости»; empty: it goes."""
    is_late: bool = False
    """It stands, and the promised time is over."""
    stop: Act | None = None
    """Of one that stands: another reason, another term."""
    start: Act | None = None


@dataclass(frozen=True, kw_only=True)
class LiftList:
    page: PageView
    url: str
    list_url: str
    query: str
    found: tuple[LiftRow, ...]
    """Of the houses that were asked for."""
    standing: tuple[LiftRow, ...]
    """All others that stand."""
    empty: str = ""
    """Why nothing was found."""


@dataclass(frozen=True, kw_only=True)
class WrongLine:
    line: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an announcement would concern, as its form stands now."""

    asked: bool = False
    told: str = ""
    """«3 дома, 192 помещения, 410 жителей»"""
    companies: tuple[str, ...] = ()
    """«„Северная“: 2 дома»"""
    houses: tuple[str, ...] = ()
    more: int = 0
    forgiven: tuple[str, ...] = ()
    wrong: tuple[WrongLine, ...] = ()
    norms: tuple[NormLine, ...] = ()
    length: str = ""


@dataclass(frozen=True, kw_only=True)
class OutageForm:
    page: PageView
    url: str
    list_url: str
    preview_url: str
    houses_url: str
    services: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    supplier: str = ""
    suppliers: tuple[str, ...] = ()
    document: str = ""
    reason: str = ""
    since: str = ""
    until: str = ""
    houses: str = ""
    preview: Preview = field(default_factory=Preview)
    errors: Errors = field(default_factory=dict)
