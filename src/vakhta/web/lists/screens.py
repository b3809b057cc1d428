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
class Head:
    """The head of a column, by its code."""

    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`text` is empty for a wide column, whose words are in the row."""

    code: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnChoice:
    code: str
    title: str
    holds: str = ""
    """Of a wide one: «номер, принята»."""
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Select:
    """A filter that is chosen from a list."""

    name: str
    label: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class SavedLink:
    """A saved view in the row above the list."""

    title: str
    url: str
    key: str = ""
    current: bool = False
    is_default: bool = False
    shared_by: str = ""
    """Whose it is, when somebody else shares it."""


@dataclass(frozen=True, kw_only=True)
class OpenView:
    """The saved view that the list was opened with. An empty address: the person may not do that."""

    name: str
    is_changed: bool
    """The list asks something else by now."""
    is_shared: bool = False
    is_default: bool = False
    rename_url: str = ""
    replace_url: str = ""
    remove_url: str = ""
    share_url: str = ""
    """Shares it, or shares it no more."""
    default_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Download:
    """The list as files: with which columns, in words."""

    title: str
    links: tuple[LinkView, ...]


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """What every list has."""

    page: PageView
    url: str
    all_url: str
    """Without filters, even when the list opens with a saved view."""
    said: str
    read_as: str
    """«по адресу ул. Ленина, 15»: how what was said was understood."""
    selects: tuple[Select, ...]
    values: Mapping[str, str]
    kept: Mapping[str, str] = field(default_factory=dict)
    """Columns and the saved view: they stay when the filters change."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """Filters and the saved view: they stay when the columns change."""
    question: str = ""
    """The whole question as the query of an address."""
    is_filtered: bool
    with_company: bool
    heads: tuple[Head, ...] = ()
    columns: tuple[ColumnChoice, ...] = ()
    downloads: tuple[Download, ...] = ()
    more_url: str = ""
    saved: tuple[SavedLink, ...] = ()
    view: OpenView | None = None
    save_url: str = ""
    save_list: str = ""
    gone: tuple[str, ...] = ()
    """Filters whose choice there is no more."""
    restore_url: str = ""
    """Of a view that was removed a moment ago."""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TicketRow:
    choice: str
    """Id and version of the ticket as it was seen: what a chosen row sends."""
    chosen: bool = False
    cells: tuple[Cell, ...]
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
    kept_late: str
    """Of those whose breach was written before it was entered that they were kept."""
    company: str


@dataclass(frozen=True, kw_only=True)
class BulkForm:
    """One act on the chosen tickets. `url` is empty for whoever may not."""

    code: str
    title: str
    url: str
    key: str = ""
    choices: tuple[Choice, ...] = ()
    choice_name: str = ""
    choice_title: str = ""
    text_title: str = ""
    text: str = ""
    until_title: str = ""
    until: str = ""
    submit: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TicketList(ListPage):
    rows: tuple[TicketRow, ...]
    contacts_url: str = ""
    """Empty for whoever may not see them."""
    acts: tuple[BulkForm, ...] = ()
    count_url: str = ""
    """Tells how many tickets are asked for, to choose all of them."""
    print_url: str = ""


@dataclass(frozen=True, kw_only=True)
class BulkRefusal:
    number: TicketNumber
    reason: str


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """An act on many tickets: how far it is, what was refused, its undo."""

    page: PageView
    title: str
    told: str
    """With what: the crew, the words."""
    total: int
    ready: int
    """Done or refused; of an undo: undone or kept."""
    changed: int
    undone: int
    left: int
    """Not begun."""
    refused: tuple[BulkRefusal, ...]
    kept: tuple[BulkRefusal, ...]
    """Done, and not to be undone any more."""
    is_going: bool
    is_undoing: bool
    is_stopped: bool
    url: str
    go_url: str
    stop_url: str = ""
    resume_url: str = ""
    undo_url: str = ""
    list_url: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """«Все 240 по этому отбору»; `is_too_many`: more than one act may have."""

    count: int
    is_too_many: bool


@dataclass(frozen=True, kw_only=True)
class ContactRow:
    cells: tuple[Cell, ...]
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
class ContactList(ListPage):
    rows: tuple[ContactRow, ...]
    tickets_url: str
