"""View-models of the lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import (
    Choice,
    ClockView,
    Errors,
    LinkView,
    PageView,
    SeverityView,
    StatusView,
    TicketNumber,
)


@dataclass(frozen=True, kw_only=True)
class TicketRow:
    number: TicketNumber
    registered_at: datetime
    zone: str
    severity: SeverityView
    what: str
    words: str
    """The first words of what was said."""
    where: str
    who: str
    phone: str
    status: StatusView
    crew: str
    clock: ClockView | None
    broken: str
    """Titles of the norms that were broken."""
    company: str


@dataclass(frozen=True, kw_only=True)
class Select:
    """A filter that is chosen from a list."""

    name: str
    label: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class TicketList:
    page: PageView
    rows: tuple[TicketRow, ...]
    url: str
    said: str
    read_as: str
    """«по адресу ул. Ленина, 15»: how what was said was understood."""
    selects: tuple[Select, ...]
    values: Mapping[str, str]
    is_broken: bool
    is_filtered: bool
    with_company: bool
    downloads: tuple[LinkView, ...] = ()
    more_url: str = ""
    errors: Errors = field(default_factory=dict)
