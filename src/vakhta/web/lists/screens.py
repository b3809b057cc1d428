"""View-models of the lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import (
    ChannelView,
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
    has_time: bool = True
    """False: an old journal has the day alone."""
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
    is_filtered: bool
    with_company: bool
    contacts_url: str = ""
    """Empty for whoever may not see them."""
    downloads: tuple[LinkView, ...] = ()
    more_url: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ContactRow:
    channel: ChannelView
    received_at: datetime
    who: str
    phone: str
    where: str
    words: str
    operator: str
    answered_at: datetime | None
    status: StatusView
    """How it ended, or where it is."""
    ticket: TicketNumber | None
    url: str
    """Of the card, while it has not ended."""
    company: str


@dataclass(frozen=True, kw_only=True)
class ContactList:
    page: PageView
    rows: tuple[ContactRow, ...]
    url: str
    tickets_url: str
    said: str
    read_as: str
    selects: tuple[Select, ...]
    values: Mapping[str, str]
    is_filtered: bool
    with_company: bool
    downloads: tuple[LinkView, ...] = ()
    more_url: str = ""
    errors: Errors = field(default_factory=dict)
