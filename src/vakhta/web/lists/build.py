"""The list of tickets from its question: what is asked, what it shows, the same as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.crews.finding import ANY, STATES, Filter, Found, find
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.kernel.refusal import clean
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words
from vakhta.places.queries import proper_address
from vakhta.reports import sayings
from vakhta.tickets import queries
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import show
from vakhta.web.lists import parts
from vakhta.web.lists import screens as s
from vakhta.web.screens import PageView, SeverityView

STATE_TITLES = {
    "open": marked("открытые"),
    "unassigned": marked("не назначенные"),
    "work": marked("в работе"),
    "done": marked("выполненные, ждут ответа"),
    "closed": marked("закрытые"),
    "gone": marked("аннулированные и объединённые"),
}
SEVERITIES = ("emergency", "urgent", "ordinary", "information")
ORIGINS = {"own": marked("принятые здесь"), "old": marked("перенесённые")}
BROKEN = [code for code, norm in NORMS.items() if norm.is_clock and not norm.channels]
"""Norms that a ticket may break."""
NAMES = ("q", "state", "severity", "kind", "channel", "company", "crew", "since", "until", "broken", "origin")


# ── What is asked ────────────────────────────────────────────────────────────────────────────


def asked(said: QueryDict, zone: str) -> Filter:
    """Reads the question; what cannot be read is refused with its field and nothing is guessed."""
    since, until = parts.days(said, zone)
    return Filter(
        said=clean(said.get("q", ""), "q", _("Поиск"), limit=200),
        state=parts.one_of(said, "state", STATES),
        severity=parts.one_of(said, "severity", SEVERITIES),
        kind=parts.one_of(said, "kind", ENTRIES),
        channel=parts.one_of(said, "channel", dict(Interaction.CHANNELS)),
        company=parts.a_number(said, "company"),
        crew=parts.a_number(said, "crew"),
        since=since,
        until=until,
        broken=parts.one_of(said, "broken", (ANY, *BROKEN)),
        origin=parts.one_of(said, "origin", ORIGINS),
    )


# ── The page ─────────────────────────────────────────────────────────────────────────────────


def tickets(page: PageView, said: QueryDict) -> s.TicketList:
    """Eight queries at most, whatever is asked; an address costs those of its search more."""
    after = parts.a_number(said, "after")
    found = find(asked(said, page.zone), page.now)
    shown, links = parts.page_of(found, after, said, NAMES, "lists:download")
    rows = tuple(_rows(shown, page.now))
    return s.TicketList(**{**frame(page, said), **links, "rows": rows, "read_as": _read_as(found)})


def frame(page: PageView, said: QueryDict) -> dict[str, Any]:
    """The form as it was filled, without rows. Two queries."""
    return {
        **parts.frame(page, said, NAMES, _offered),
        "url": reverse("lists:tickets"),
        "contacts_url": reverse("lists:contacts") if may(current_scope().role, "interaction.see") else "",
    }


def _offered(companies: parts.Companies) -> parts.Offered:
    crews = Crew.objects.filter(is_active=True).values_list("pk", "name")
    kinds = sorted(ENTRIES.values(), key=lambda entry: (entry.place, entry.title))
    return (
        ("state", _("Состояние"), [(code, _(title)) for code, title in STATE_TITLES.items()]),
        ("severity", _("Срочность"), [(code, str(SeverityView(code=code).title)) for code in SEVERITIES]),
        ("kind", _("Неисправность"), [(e.code, f"{_(e.place)} › {show.nature(e.code)}") for e in kinds]),
        ("crew", _("Бригада"), [(str(pk), name) for pk, name in crews]),
        ("company", _("Организация"), parts.company_choices(companies)),
        ("channel", _("Как обратились"), [(code, _(name)) for code, name in Interaction.CHANNELS]),
        ("origin", _("Откуда"), [(code, _(title)) for code, title in ORIGINS.items()]),
        ("broken", _("Нарушена норма"), [(ANY, _("любая")), *parts.norm_choices(BROKEN)]),
    )


def _read_as(found: Found) -> str:
    words = {
        "": "",
        "phone": _("по телефону заявителя"),
        "number": _("по номеру заявки"),
        "words": _("по словам описания, адреса и заявителя"),
    }
    return words.get(found.read_as) or _("по адресу: %s") % found.read_as if found.read_as else ""


def _rows(tickets: Sequence[Ticket], now: datetime) -> Iterator[s.TicketRow]:
    clocks = queries.clocks_of(*(row.pk for row in tickets)) if tickets else {}
    orders = _orders(tickets)
    for row in tickets:
        nearest = queries.nearest(clocks[row.pk]) if row.is_open else None
        yield s.TicketRow(
            number=show.number_view(row),
            registered_at=row.registered_at,
            has_time=row.has_time,
            zone=row.zone,
            severity=show.severity_view(row),
            what=show.nature_of(row),
            words=row.description[:160],
            where=proper_address(row.building, row.premises, row.address),
            who=row.applicant or (row.person.name if row.person else ""),
            phone=phone_words(row.phone),
            status=show.status_view(row),
            crew=_crew(orders.get(row.pk)),
            clock=show.clock_view(nearest, now, row.zone) if nearest else None,
            broken=", ".join(_broken(clocks[row.pk])),
            company=row.company.short_name,
        )


def _orders(tickets: Sequence[Ticket]) -> dict[int, WorkOrder]:
    """Ticket → its last order that was neither refused nor withdrawn. One query."""
    rows = WorkOrder.objects.select_related("crew", "assignee").filter(ticket__in=tickets)
    return {
        order.ticket_id: order for order in rows.exclude(state__in=("refused", "withdrawn")).order_by("pk")
    }


def _crew(order: WorkOrder | None) -> str:
    by = (order.crew or order.assignee) if order else None
    return str(by.name) if by else ""


def _broken(clocks: Sequence[Clock]) -> list[str]:
    return [sayings.norm_title(clock.norm) for clock in clocks if clock.breached_at is not None]


# ── The same as a file ───────────────────────────────────────────────────────────────────────

COLUMNS = (
    marked("Номер"), marked("Принята"), marked("Срочность"), marked("Неисправность"), marked("Слова"),
    marked("Адрес"), marked("Заявитель"), marked("Телефон"), marked("Состояние"), marked("Исполнитель"),
    marked("Нарушены нормы"), marked("Выполнена"), marked("Оценка"), marked("Организация"), marked("Канал"),
    marked("Прежний журнал"),
)  # fmt: skip


def cells(found: Found) -> Iterator[tuple[str, ...]]:
    """All rows, a part at a time."""
    channels = {code: _(name) for code, name in Interaction.CHANNELS}
    for part in parts.in_parts(found):
        clocks, orders = queries.clocks_of(*(row.pk for row in part)), _orders(part)
        for row in part:
            yield (
                row.said_number,
                parts.moment(row.registered_at, row.zone, has_time=row.has_time),
                "" if row.is_old else str(SeverityView(code=row.severity).title),
                show.nature_of(row),
                row.description,
                proper_address(row.building, row.premises, row.address),
                row.applicant or (row.person.name if row.person else ""),
                phone_words(row.phone),
                _(row.get_state_display()),
                _crew(orders.get(row.pk)),
                ", ".join(_broken(clocks[row.pk])),
                parts.moment(row.done_at, row.zone, has_time=not row.is_old),
                str(row.rating or ""),
                row.company.short_name,
                channels.get(row.channel, row.channel),
                row.old_journal.name if row.old_journal else "",
            )
