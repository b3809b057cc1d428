"""The resident's view-models: a signed link shows the stage of a ticket and asks one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import AddressView, Errors, PageView, PhoneView, TicketNumber


@dataclass(frozen=True, kw_only=True)
class Stage:
    title: str
    """«Заявка принята», «Мастер выехал»"""
    state: str
    """done, current, todo"""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ResidentTicket:
    page: PageView
    company: str
    number: TicketNumber
    what: str
    """«Течь стояка холодной воды»"""
    address: AddressView
    stages: tuple[Stage, ...]
    question: str = ""
    """"" (in work), confirm (done: is it?), rate (confirmed: 1–5 and a review), thanks, returned, closed"""
    term: datetime | None = None
    """The term that was told; shown large while the work goes on."""
    term_note: str = ""
    """«воду перекроют до 09:32»"""
    visit: str = ""
    """«Сегодня с 09:10 до 09:40 придёт слесарь Кузнецов Пётр Андреевич»"""
    confirm_url: str = ""
    return_url: str = ""
    rate_url: str = ""
    rating: int = 0
    review: str = ""
    unheard: str = ""
    """Words that came too late: they were not sent to anybody, and are kept here to copy or to read out."""
    phone: PhoneView | None = None
    """The dispatch service, at any hour."""
    errors: Errors = field(default_factory=dict)

    @property
    def scale(self) -> tuple[int, ...]:
        return (1, 2, 3, 4, 5)


@dataclass(frozen=True, kw_only=True)
class LinkDead:
    """The signed link is old or changed."""

    page: PageView
    title: str
    text: str
    phone: PhoneView | None = None
