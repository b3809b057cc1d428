"""The ticket page's view-models: where it stands, its clocks, everything that was done, what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.console.screens import CrewChoice, Line
from vakhta.web.screens import (
    AddressView,
    ChannelView,
    Choice,
    ClockView,
    Conflict,
    Errors,
    FileView,
    Found,
    NoticeLine,
    PageView,
    PersonView,
    PhoneView,
    SeverityView,
    StatusView,
    TicketNumber,
    Toast,
)


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """One entry of the journal, as a person reads it."""

    entry: int
    title: str
    at: datetime
    who: str = ""
    words: str = ""
    """Personal words of the entry: a comment, a reason; empty after their deletion."""
    kind: str = ""
    """The fact's name; the template picks the icon by `tone`."""
    tone: str = ""
    """"", good, bad, wait"""
    recorded_at: datetime | None = None
    """When it was entered, if after the fact."""
    late_reason: str = ""
    undone: bool = False
    undo_url: str = ""
    files: tuple[FileView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormField:
    """A line of a form. `was`: what the form was drawn with, sent back, so that only what the person
    changed is a change; None where everything that is said counts."""

    name: str
    title: str
    value: str = ""
    was: str | None = None
    kind: str = "text"
    """text, tel, datetime-local, textarea; "address": the list of the stock, with its tick."""
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketForm:
    """An action with a small form in a dialog: correct, merge, void, assign, pause, resume."""

    code: str
    title: str
    key: str
    post_url: str
    lead: str = ""
    reason_title: str = ""
    reasons: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    choice_title: str = ""
    choices_url: str = ""
    """POST with the form answers with the choices for the words that are being typed."""
    crews: tuple[CrewChoice, ...] = ()
    text_name: str = ""
    """A text field: «description»."""
    text_title: str = ""
    text: str = ""
    text_was: str | None = None
    """As `FormField.was`."""
    find_title: str = ""
    """Non-empty: another ticket is found by words, the field `into`."""
    found: Found = field(default_factory=Found)
    moment_title: str = ""
    """Non-empty: the form takes a local moment, field `damage_at`."""
    moment: str = ""
    moment_was: str | None = None
    choice_was: str | None = None
    """As they stood when the form was drawn: what is left so is not touched."""
    """As `datetime-local` has it: "2026-11-24T00:30"."""
    fields: tuple[FormField, ...] = ()
    address_url: str = ""
    """GET ?q= answers with `console/addresses.html`."""
    premises: str = ""
    """The place that was chosen from the list: id of the premises or «building/12»."""
    is_outside: bool = False
    version: str = ""
    """What was shown, so that somebody else's words are not lost."""
    submit: str = ""
    grave: bool = False
    """Cannot be taken back: the button is red."""
    errors: Errors = field(default_factory=dict)
    conflict: Conflict | None = None
    """Whose words came first, beside one's own: the form stands open with both."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """A work order of the ticket."""

    title: str
    status: StatusView
    at: datetime
    """When it was given."""
    ended_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    page: PageView
    number: TicketNumber
    title: str
    """«ХВС, течь стояка»"""
    severity: SeverityView
    status: StatusView
    address: AddressView
    channel: ChannelView
    registered_at: datetime
    has_time: bool = True
    """False: an old journal has the day alone."""
    carried: str = ""
    """«журнал „2024.xlsx“, лист „Март“, строка 15»: where an old ticket was carried over from."""
    zone: str = ""
    description: str
    live: str
    """"ticket/17": the page is asked again when the journal speaks of it."""
    url: str
    applicant: PersonView | None = None
    phone: PhoneView | None = None
    company: str = ""
    clocks: tuple[ClockView, ...] = ()
    notices: tuple[NoticeLine, ...] = ()
    facts: tuple[Line, ...] = ()
    works: tuple[Work, ...] = ()
    contacts: tuple[Line, ...] = ()
    """Contacts joined to it."""
    files: tuple[FileView, ...] = ()
    timeline: tuple[TimelineRow, ...] = ()
    forms: tuple[TicketForm, ...] = ()
    comment_url: str = ""
    comment_errors: Errors = field(default_factory=dict)
    comment_values: Mapping[str, str] = field(default_factory=dict)
    is_commenting: bool = False
    """A comment was just written or refused: the next word is typed there."""
    file_url: str = ""
    file_errors: Errors = field(default_factory=dict)
    print_url: str = ""
    back_url: str = ""
    presence_url: str = ""
    last: Toast | None = None
