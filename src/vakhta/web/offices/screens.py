"""View-models of the office's pages: organisations, people, crews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vakhta.web.screens import Choice, LinkView, PageView, StatusView
from vakhta.web.stock.screens import Form

__all__ = ["CompanyLine", "CompanyList", "CompanyPage", "CrewLine", "CrewList", "CrewPage", "Form", "Frame",
           "InHand", "Member", "PeopleList", "PersonLine", "PersonPage", "Step", "TermLine"]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What each of these pages has: the way to the others, and what was just done."""

    page: PageView
    tabs: tuple[LinkView, ...]
    said: str = ""


# ── Organisations ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class TermLine:
    """An agreement: with whom, since when, until when."""

    title: str
    told: str
    """«с 1 января 2025», «с 1 января 2025 до 31 декабря 2026»"""
    state: StatusView
    url: str = ""
    """Of the company, where it may be seen."""
    form: Form | None = None
    """None: whose term is not this administrator's to change."""


@dataclass(frozen=True, kw_only=True)
class CompanyLine:
    title: str
    name: str
    """The full name, when it says more."""
    kind: str
    url: str
    serves: str
    """«ведёт журнал, обслуживает 12», «с 1 января 2025 до 31 декабря 2026»"""
    warning: str
    """«12 дней до конца договора»"""
    people: int
    people_url: str
    houses: int
    houses_url: str
    tickets: int
    tickets_url: str


@dataclass(frozen=True, kw_only=True)
class CompanyList(Frame):
    rows: tuple[CompanyLine, ...]
    others: tuple[TermLine, ...]
    """Agreements that have ended or have not begun: their companies are not seen today."""
    form: Form | None
    """Of a new company; None for whoever works for a served one."""


@dataclass(frozen=True, kw_only=True)
class CompanyPage(Frame):
    title: str
    kind: str
    list_url: str
    warning: str
    terms: tuple[TermLine, ...]
    term_form: Form | None
    """Of another agreement."""
    form: Form
    links: tuple[LinkView, ...]
    """Its people, crews, houses, open tickets, stricter norms, with their numbers."""


# ── People ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    name: str
    url: str
    role: str
    company: str
    trade: str
    phone: str
    step: str
    """«есть», «нет», «нужен, но не настроен»"""
    seen_at: datetime | None
    state: StatusView


@dataclass(frozen=True, kw_only=True)
class PeopleList(Frame):
    url: str
    q: str
    selects: tuple[tuple[str, str, tuple[Choice, ...]], ...]
    """Filters: name, label, choices."""
    rows: tuple[PersonLine, ...]
    more_url: str
    is_filtered: bool
    downloads: tuple[LinkView, ...]
    form: Form


@dataclass(frozen=True, kw_only=True)
class InHand:
    """What the person has in work."""

    orders: tuple[LinkView, ...]
    contacts: int
    shifts: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that is done at once, by a button. `what`: what it does, said before it is pressed."""

    url: str
    title: str
    what: str
    form: Form | None = None
    """Asks for a reason first."""


@dataclass(frozen=True, kw_only=True)
class PersonPage(Frame):
    name: str
    email: str
    list_url: str
    company: str
    state: StatusView
    step: str
    seen_at: datetime | None
    seats: tuple[LinkView, ...]
    """The person's other work that may be seen: «Мастер, «Северная»»."""
    crews: tuple[LinkView, ...]
    hand: InHand
    form: Form
    steps: tuple[Step, ...]
    errors: tuple[str, ...] = ()
    """Why what was asked for was refused."""


# ── Crews ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class CrewLine:
    number: int
    title: str
    url: str
    company: str
    skills: str
    members: tuple[str, ...]
    orders: int
    state: StatusView
    warning: str
    """«никого нет: наряды никто не прочтёт»"""


@dataclass(frozen=True, kw_only=True)
class CrewList(Frame):
    rows: tuple[CrewLine, ...]
    form: Form | None
    """Of a new crew, for an administrator."""


@dataclass(frozen=True, kw_only=True)
class Member:
    title: str
    role: str
    url: str
    drop_url: str


@dataclass(frozen=True, kw_only=True)
class CrewPage(Frame):
    title: str
    company: str
    list_url: str
    state: StatusView
    skills: str
    orders: int
    members: tuple[Member, ...]
    member_form: Form | None
    """Of another member; None where everybody is in it already."""
    may_hire: bool
    """May open «Люди», where a new one is added."""
    form: Form | None
    drop_form: Form | None
    return_url: str
    errors: tuple[str, ...] = ()
