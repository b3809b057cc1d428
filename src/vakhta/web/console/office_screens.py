"""View-models of the remaining pages: norms, duty directory, journal, the demo's mail, errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from vakhta.web.screens import (
    Choice,
    Errors,
    LinkView,
    NormMark,
    PageView,
    PersonView,
    PhoneView,
    SeverityView,
)


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One click of the demo: who one becomes and what one will see."""

    title: str
    text: str
    post_url: str
    person: PersonView
    note: str = ""
    """«телефон 390×844»"""


@dataclass(frozen=True, kw_only=True)
class Enter:
    page: PageView
    seats: tuple[Seat, ...]
    links: tuple[LinkView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NormRow:
    code: str
    title: str
    limit: str
    """«30 мин», «3 суток», «2 ч, с 08 до 23»"""
    starts: str
    stops: str
    act: str
    item: str
    edition: str
    mark: NormMark
    since: date | None = None
    until: date | None = None
    note: str = ""
    """Window, pause, what is stricter at a company."""
    corrected: str = ""
    """An administrator's correction in force: «20 мин с 1 декабря: договор»."""
    correct_url: str = ""
    promised: tuple[str, ...] = ()
    """Companies' own terms: «„Северная“: 20 минут»."""
    promise_url: str = ""
    unit: str = ""
    """minutes, working_days, days; empty when there is no term to correct."""
    is_past: bool = False
    """An edition that is no longer in force."""


@dataclass(frozen=True, kw_only=True)
class NormGroup:
    title: str
    rows: tuple[NormRow, ...]
    status: str = ""
    """What has to be known of the whole act."""


@dataclass(frozen=True, kw_only=True)
class BreakRow:
    """How long a supply may be broken."""

    title: str
    when: str
    month: str
    """«8 ч» in a month, or a dash."""
    once: str
    mark: NormMark


@dataclass(frozen=True, kw_only=True)
class Norms:
    page: PageView
    groups: tuple[NormGroup, ...]
    breaks: tuple[BreakRow, ...] = ()
    hot_water: str = ""
    """«60–75 °C; отклонение с 0 до 5 часов …»"""
    classifier_url: str = ""
    correct: NormCorrection | None = None
    promise: NormPromise | None = None


@dataclass(frozen=True, kw_only=True)
class NormCorrection:
    """The administrator's form: a stricter limit, an edition, an item or a mark from a date, with the reason."""

    row: NormRow
    post_url: str
    marks: tuple[Choice, ...]
    limit: str = ""
    """In the norm's own unit, which its label names."""
    item: str = ""
    since: date | str | None = None
    """The day, or what was typed for it."""
    edition: str = ""
    reason: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NormPromise:
    """The form of a company's own term, by its contract or decision; without minutes the law's own term
    holds again."""

    row: NormRow
    post_url: str
    companies: tuple[Choice, ...]
    limit: str = ""
    document: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """An entry of the classifier in the list."""

    url: str
    title: str
    """«ХВС: течь стояка»"""
    severity: SeverityView
    norms: tuple[str, ...]
    """«локализация 30 мин»"""
    skill: str
    services: tuple[str, ...] = ()
    why: str = ""
    """«течёт» + «стояк»: what of the asked words spoke for it."""
    mark: str = ""
    """«своё, версия 3», «не предлагается»"""


@dataclass(frozen=True, kw_only=True)
class EntryGroup:
    title: str
    rows: tuple[EntryRow, ...]


@dataclass(frozen=True, kw_only=True)
class ClassifierPage:
    page: PageView
    groups: tuple[EntryGroup, ...]
    query: str = ""
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class EditionRow:
    """A version of an entry that was or is."""

    title: str
    """«версия 3», «как в программе»"""
    at: datetime | None = None
    who: str = ""
    reason: str = ""
    url: str = ""
    """Opens the form with what this version says; empty for the one that holds."""


@dataclass(frozen=True, kw_only=True)
class EntryForm:
    """What may be edited, as it stands or was sent."""

    post_url: str
    seen: int
    severities: tuple[Choice, ...]
    skills: tuple[Choice, ...]
    services: tuple[Choice, ...]
    norms: tuple[Choice, ...]
    plan: str
    questions: str
    """One in a line."""
    safety: str
    danger: str
    words: str
    needs_access: bool
    is_off: bool
    reason: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    page: PageView
    back_url: str
    row: EntryRow
    place: str
    plan: str
    questions: tuple[str, ...]
    safety: tuple[str, ...]
    danger: str
    needs_access: bool
    stages: tuple[str, ...]
    words: tuple[str, ...]
    signs: tuple[str, ...]
    """Beginnings of words by which the program finds it."""
    versions: tuple[EditionRow, ...] = ()
    form: EntryForm | None = None


@dataclass(frozen=True, kw_only=True)
class DutyRow:
    title: str
    """Service, person on call, valve, key."""
    phone: PhoneView | None = None
    where: str = ""
    note: str = ""
    until: datetime | None = None
    """On call until."""


@dataclass(frozen=True, kw_only=True)
class DutyGroup:
    title: str
    """«Службы», «Дежурные люди»; of a house «Задвижки», «Ключи и коды»"""
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True, kw_only=True)
class DutyHouse:
    """Valves, keys and codes of one house."""

    address: str
    groups: tuple[DutyGroup, ...]


@dataclass(frozen=True, kw_only=True)
class Duty:
    page: PageView
    groups: tuple[DutyGroup, ...]
    """Services and people on call."""
    houses: tuple[DutyHouse, ...] = ()
    """Those that were asked for, else the first of all."""
    more: int = 0
    """Houses that are not shown: they are found by their address."""
    query: str = ""
    url: str = ""
    """GET ?q= answers with the same, the houses found by that address."""
    print_url: str = ""
    """GET ?houses prints a list of them, all without it."""
    chosen: str = ""
    """Houses that were found, a line for each; or the list as it was sent, when it was wrong."""
    errors: Errors = field(default_factory=dict)
    blank_url: str = ""
    """Blank journal forms for a blackout (PDF)."""
    edit_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Mail:
    id: str
    subject: str
    to: str
    at: datetime
    text: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    page: PageView
    mails: tuple[Mail, ...]
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class JournalRow:
    number: int
    at: datetime
    title: str
    who: str
    what: str
    about: str = ""
    """Ticket or address that it is about; with `url` a link."""
    url: str = ""
    recorded_at: datetime | None = None
    late_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class JournalPage:
    page: PageView
    rows: tuple[JournalRow, ...]
    since: date | str
    until: date | str
    """Days, or what was typed for them when it was wrong."""
    post_url: str
    """GET with since, until."""
    looks_url: str = ""
    terms_url: str = ""
    downloads: tuple[LinkView, ...] = ()
    verified: str = ""
    """«цепь цела: 48 211 записей, 24 ноября 09:00»"""
    broken: str = ""
    verify_url: str = ""
    """A long journal is verified when it is asked for."""
    older_url: str = ""
    number: str = ""
    """The ticket whose history is shown, whatever the days."""
    companies: tuple[Choice, ...] = ()
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LookRow:
    at: datetime
    who: str
    role: str
    how: str
    """«открыто», «сохранено файлом»"""
    about: str
    url: str = ""
    note: str = ""
    """Of a file: its kind, its rows, what was asked for."""


@dataclass(frozen=True, kw_only=True)
class LooksPage:
    """Who saw what is personal."""

    page: PageView
    url: str
    rows: tuple[LookRow, ...] = ()
    since: date | str = ""
    until: date | str = ""
    number: str = ""
    """A ticket's, whose readers alone are shown."""
    staff: tuple[Choice, ...] = ()
    hows: tuple[Choice, ...] = ()
    person: str = ""
    """Id of the resident whose card, flat, tickets and contacts are meant."""
    person_name: str = ""
    is_filtered: bool = False
    all_url: str = ""
    more_url: str = ""
    journal_url: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TermRow:
    """One kind of personal data: how long it is kept, by what, and what becomes of it."""

    title: str
    length: str
    """«3 года», «180 дней»"""
    since: str
    goes: str
    stays: str
    why: str
    act: str
    item: str
    mark: NormMark
    own: str = ""
    """What the program's own term is, when the office has set another."""


@dataclass(frozen=True, kw_only=True)
class ErasedRow:
    """An act of deletion."""

    at: datetime
    title: str
    company: str
    what: str
    """«заявки: 12, обращения: 30»"""
    url: str = ""
    """Of its paper; empty where the paper names a person and is kept by hand."""


@dataclass(frozen=True, kw_only=True)
class TermsPage:
    page: PageView
    rows: tuple[TermRow, ...]
    acts: tuple[ErasedRow, ...] = ()
    more_url: str = ""
    journal_url: str = ""
    looks_url: str = ""


@dataclass(frozen=True, kw_only=True)
class RightsRow:
    verb: str
    title: str
    may: tuple[bool, ...]
    """In the order of the roles, then of the tokens' rights."""


@dataclass(frozen=True, kw_only=True)
class RightsGroup:
    title: str
    rows: tuple[RightsRow, ...]


@dataclass(frozen=True, kw_only=True)
class RightsPage:
    page: PageView
    roles: tuple[str, ...]
    tokens: tuple[str, ...]
    groups: tuple[RightsGroup, ...]

    @property
    def columns(self) -> int:
        return 1 + len(self.roles) + len(self.tokens)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """403, 404, 409, 500: what happened, what is kept, what to do."""

    page: PageView
    code: int
    title: str
    text: str
    links: tuple[LinkView, ...] = ()
