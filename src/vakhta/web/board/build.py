"""The board from rows: what breaches next, what nobody does, who is loaded, how the day goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.contacts.models import Interaction
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain.classifier import SERVICES, SKILLS
from vakhta.domain.permissions import may
from vakhta.incidents import queries as incidents
from vakhta.kernel.kept import kept
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import counted_words, moment_words, short_name, span_words, time_words
from vakhta.people.models import Company
from vakhta.reports.sayings import UTILITIES
from vakhta.shifts import queries as shifts
from vakhta.tickets import queries
from vakhta.tickets.classifier import OF_SERVICES
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import show
from vakhta.web.board import screens as b
from vakhta.web.screens import PageView
from vakhta.web.shifts.month import next_words

AHEAD = timedelta(minutes=10)
SHOWN = 30
FOLLOWING = 12
"""Terms that are shown behind the nearest ones."""
OVERDUE = 2
"""Outages whose term is over that are told; the rest is counted."""
READ = 200
"""Waiting tickets that are read, the oldest, to sort them by what they breach next."""
BUSIEST = ("on_site", "contained", "on_the_way", "no_access", "accepted", "offered")
LOW = 95
"""Per cent of kept terms below which the figure is marked."""


def board(page: PageView, company: Company) -> b.Board:
    """Fifteen queries at most, none of which brings more than the board has room for. A company sees its own; a centre
    itself and those that it serves."""
    now = page.now
    breaching, following = queries.urgent(now, SHOWN, AHEAD), queries.next_terms(now + AHEAD, FOLLOWING)
    waiting = _unassigned()
    nearest = {**queries.listed_by(waiting, now), **breaching.clocks}
    free = _by_term(waiting, nearest, now)[:SHOWN]
    listed = (*breaching.clocks, *following)
    held = _held(listed)
    tickets = _known((*listed, *free), held)
    loads = _loads(held)
    counts, near = _counts(), shifts.near(company.pk, now)
    return b.Board(
        page=page,
        centre=company.short_name,
        url=reverse("board:board"),
        nav=page.nav,
        watch=_watch(near, page),
        missed=_missed(near, page, company),
        outages=_overdue(page),
        figures=(*_waiting(now), *_open(counts, breaching.late), *_kept(now, page.zone)),
        breaching=tuple(_rows(breaching.clocks, tickets, held.of_ticket, now)),
        breaching_total=breaching.total,
        breaching_late=breaching.late,
        following=tuple(_rows(following, tickets, held.of_ticket, now)),
        unassigned=tuple(_unassigned_row(tickets[pk], nearest.get(pk), now) for pk in free if pk in tickets),
        unassigned_total=counts["free"],
        crews=loads if loads or current_scope().sees_centre else None,
    )


# ── Who is on ────────────────────────────────────────────────────────────────────────────────


def _watch(near: Sequence[shifts.Duty], page: PageView) -> b.Watch | None:
    """Who is on now and who comes next; None without a rota."""
    found = shifts.watch(near, page.now)
    if not found.on and found.next_at is None:
        return None
    on = tuple(
        b.OnWatch(
            name=short_name(row.staff.name),
            until=time_words(row.until, page.zone),
            pause="" if row.staff.is_ready else row.staff.pause_reason or _("пауза"),
        )
        for row in found.on
    )
    return b.Watch(on=on, next=next_words(found, page))


def _missed(near: Sequence[shifts.Duty], page: PageView, company: Company) -> tuple[str, ...]:
    """Shifts of the last day that nobody took over, for those who see the rota. One query at most."""
    if not may(current_scope().role, "shifts.see"):
        return ()
    said = []
    for missed in shifts.missed(company.pk, near, page.now):
        names = ", ".join(short_name(staff.name) for staff in missed.people)
        words = {"at": moment_words(missed.until, page.zone, page.now), "names": names}
        said.append(
            _("Смену до %(at)s сдали, но никто не принял: %(names)s") % words
            if missed.signed
            else _("Смену до %(at)s никто не сдал и не принял: %(names)s") % words
        )
    return tuple(said)


def _overdue(page: PageView) -> tuple[str, ...]:
    """One query."""
    found = incidents.overdue(page.now)
    told = tuple(
        _("Отключение не снято, срок вышел %(at)s: %(services)s, %(supplier)s")
        % {
            "at": moment_words(group[0].until, page.zone, page.now),
            "services": ", ".join(_(UTILITIES.get(code, code)) for code in group[0].services),
            "supplier": group[0].supplier,
        }
        for group in found[:OVERDUE]
    )
    rest = len(found) - len(told)
    return (*told, _("Отключений не снято ещё: %s") % rest) if rest > 0 else told


# ── What breaches next ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Held:
    """Open orders that the board names."""

    of_ticket: dict[int, WorkOrder]
    of_crew: dict[int, tuple[WorkOrder, int]]
    """Crew → the order that tells where it is, and how many it has."""


def _held(listed: Sequence[int]) -> _Held:
    """Of all open orders the few words that tell which are to be named, and those whole. Two queries."""
    of_ticket, of_crew = dict[int, int](), dict[int, list[Any]]()
    rows = WorkOrder.objects.filter(state__in=WorkOrder.OPEN).order_by("-id")
    for row in rows.values_list("pk", "ticket_id", "crew_id", "state", "question", named=True):
        of_ticket[row.ticket_id] = row.pk
        if row.crew_id:
            of_crew.setdefault(row.crew_id, []).append(row)
    firsts = {crew: _first(held).pk for crew, held in of_crew.items()}
    named = {of_ticket[pk] for pk in listed if pk in of_ticket} | set(firsts.values())
    whole = WorkOrder.objects.select_related(
        "crew", "assignee", "ticket__building", "ticket__premises"
    ).in_bulk(named)
    return _Held(
        of_ticket={ticket: whole[pk] for ticket, pk in of_ticket.items() if pk in whole},
        of_crew={crew: (whole[first], len(of_crew[crew])) for crew, first in firsts.items()},
    )


def _first(held: Sequence[Any]) -> Any:
    """Of a crew's orders the one with a question, or that it is busiest with."""
    busiest = sorted(held, key=lambda row: BUSIEST.index(row.state))
    return next((row for row in busiest if row.question), busiest[0])


def _known(listed: Sequence[int], held: _Held) -> dict[int, Ticket]:
    """The tickets that the lists name. A query only for those that nobody has an order for."""
    known = {pk: order.ticket for pk, order in held.of_ticket.items()}
    missing = [pk for pk in listed if pk not in known]
    return known | ({row.pk: row for row in queries.open_of(tickets=missing)} if missing else {})


def _rows(
    clocks: dict[int, Clock], known: dict[int, Ticket], orders: dict[int, WorkOrder], now: datetime
) -> list[b.BoardRow]:
    return [_row(known[pk], clock, orders, now) for pk, clock in clocks.items() if pk in known]


def _row(row: Ticket, clock: Clock, orders: dict[int, WorkOrder], now: datetime) -> b.BoardRow:
    order = orders.get(row.pk)
    return b.BoardRow(
        number=show.number_view(row),
        where=_where(row),
        what=show.nature(row.classifier),
        clock=show.clock_view(clock, now, row.zone),
        severity=show.severity_view(row),
        who=_who(order) if order else _service(row),
    )


def _where(row: Ticket) -> str:
    found = show.address_view(row.building, row.premises, row.address)
    if found is None:
        return _("адрес не указан")
    return f"{found.text}, {found.flat}" if found.flat else found.text


def _service(row: Ticket) -> str:
    """The service whose work it is, when it is not ours."""
    code = OF_SERVICES.get(row.classifier, "")
    return _(SERVICES[code]) if code else ""


def _who(order: WorkOrder) -> str:
    name = show.performer_name(order) or _("бригада")
    return f"{name}, {_state(order)}"


def _state(order: WorkOrder) -> str:
    is_asking = order.question and order.state != "no_access"
    return _("вопрос диспетчеру") if is_asking else _(order.get_state_display())


# ── What nobody does ─────────────────────────────────────────────────────────────────────────


FREE = Q(state__in=Ticket.FREE)
"""Handed to no crew of ours: it waits for one, or for the word of the service that does it."""


@kept
def _unassigned() -> QuerySet[Ticket, int]:
    """Registered and handed to nobody, the oldest. One query."""
    rows: QuerySet[Ticket, int] = (
        Ticket.objects.filter(FREE).order_by("registered_at").values_list("pk", flat=True)
    )
    return rows[:READ]


def _by_term(tickets: Sequence[int], nearest: dict[int, Clock], now: datetime) -> list[int]:
    """The oldest first as they come; then as everywhere, `queries.by_urgency`, and what has no term behind."""
    clocks = sorted(nearest.values(), key=lambda clock: clock.due_at or now)
    order = {pk: place for place, pk in enumerate(queries.by_urgency(clocks, now))}
    return sorted(tickets, key=lambda pk: order.get(pk, len(order)))


def _unassigned_row(row: Ticket, clock: Clock | None, now: datetime) -> b.Waiting:
    return b.Waiting(
        number=show.number_view(row),
        where=_where(row),
        what=" · ".join(filter(None, (show.nature(row.classifier), _service(row)))),
        since=row.registered_at,
        severity=show.severity_view(row),
        clock=show.clock_view(clock, now, row.zone) if clock else None,
    )


# ── Who is loaded ────────────────────────────────────────────────────────────────────────────


def _loads(held: _Held) -> tuple[b.CrewLoad, ...]:
    """Every active crew, the busiest first. One query."""
    made = []
    for crew in Crew.objects.filter(is_active=True):
        first, jobs = held.of_crew.get(crew.pk, (None, 0))
        state = show.crew_load(0)
        if first:
            place = first.ticket.building or first.ticket.address
            state = f"{_state(first)}, {place}" if place else _state(first)
        title = show.crew_name(crew)
        made.append(
            b.CrewLoad(
                title=title[:1].upper() + title[1:],
                skill=_skill(crew),
                state=state,
                jobs=jobs,
                free=not jobs,
            )
        )
    return tuple(sorted(made, key=lambda load: -load.jobs))


def _skill(crew: Crew) -> str:
    """What a numbered crew can do; a name like «Сантехники, север» says it itself."""
    if not crew.name[-1:].isdigit():
        return ""
    return ", ".join(_(SKILLS.get(skill, skill)) for skill in crew.skills)


# ── How the day goes ─────────────────────────────────────────────────────────────────────────


def _waiting(now: datetime) -> tuple[b.Figure, ...]:
    """Calls and messages that nobody has taken. One query."""
    queued = Interaction.objects.filter(state="queued").aggregate(
        calls=Count("id", filter=Q(channel__in=Interaction.SPOKEN)),
        messages=Count("id", filter=~Q(channel__in=Interaction.SPOKEN)),
        call_since=Min("received_at", filter=Q(channel__in=Interaction.SPOKEN)),
        message_since=Min("received_at", filter=~Q(channel__in=Interaction.SPOKEN)),
    )
    calls, messages = queued["calls"], queued["messages"]
    call = counted_words(calls, "звонок ждёт", "звонка ждут", "звонков ждут")
    message = counted_words(messages, "сообщение ждёт", "сообщения ждут", "сообщений ждут")
    return (
        _queue_figure(call, calls, queued["call_since"], now, timedelta(minutes=5)),
        _queue_figure(message, messages, queued["message_since"], now, timedelta(minutes=10)),
    )


def _queue_figure(title: str, count: int, since: datetime | None, now: datetime, norm: timedelta) -> b.Figure:
    """`norm`: the answer terms of 416 п.13, 5 minutes to a call and 10 to a message."""
    waited = now - since if since else timedelta(0)
    tone = "bad" if waited > norm else "warn" if waited > norm * 3 / 4 else ""
    detail = _("дольше всех %s") % span_words(waited.total_seconds()) if since else ""
    return b.Figure(title=title, value=str(count), detail=detail, tone=tone)


def _counts() -> dict[str, int]:
    """Open tickets: all, emergencies, free. One query."""
    found: dict[str, int] = Ticket.objects.filter(state__in=Ticket.OPEN).aggregate(
        all=Count("id"),
        emergencies=Count("id", filter=Q(severity="emergency")),
        free=Count("id", filter=FREE),
    )
    return found


def _open(counts: dict[str, int], late: int) -> tuple[b.Figure, ...]:
    """Open tickets, and those that are late now."""
    grave = counts["emergencies"]
    emergencies = counted_words(grave, "аварийная", "аварийные", "аварийных")
    return (
        b.Figure(
            title=counted_words(counts["all"], "заявка открыта", "заявки открыты", "заявок открыто"),
            value=str(counts["all"]),
            detail=f"{grave} {emergencies}",
        ),
        b.Figure(
            title=counted_words(late, "заявка просрочена", "заявки просрочены", "заявок просрочено"),
            value=str(late),
            tone="bad" if late else "",
        ),
    )


def _kept(now: datetime, zone: str) -> tuple[b.Figure, ...]:
    """Of the terms that were decided since midnight (met, missed, or run out), the share that was
    kept: answers to contacts, and terms of tickets. One query."""
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    kept = Q(stopped_at__gte=midnight, stopped_at__lte=F("due_at"))
    missed = Q(stopped_at__gte=midnight, stopped_at__gt=F("due_at")) | Q(
        stopped_at__isnull=True, is_ended=False, is_paused=False, due_at__gte=midnight, due_at__lt=now
    )
    answers, terms = Q(subject__startswith="interaction/"), Q(subject__startswith="ticket/")
    found = Clock.objects.filter(kept | missed).aggregate(
        answers_kept=Count("id", filter=answers & kept),
        answers_missed=Count("id", filter=answers & missed),
        terms_kept=Count("id", filter=terms & kept),
        terms_missed=Count("id", filter=terms & missed),
    )
    return (
        _share(_("ответ в норме сегодня"), found["answers_kept"], found["answers_missed"]),
        _share(_("сроки в норме сегодня"), found["terms_kept"], found["terms_missed"]),
    )


def _share(title: str, kept: int, missed: int) -> b.Figure:
    whole = kept + missed
    if not whole:
        return b.Figure(title=title, value="—", detail=_("ещё не было"))
    share = kept * 1000 // whole / 10
    value = f"{share:.1f}".replace(".", ",").removesuffix(",0") + "\u00a0%"
    detail = (
        _("нарушено %s") % missed if missed else _("%(kept)s из %(whole)s") % {"kept": kept, "whole": whole}
    )
    return b.Figure(title=title, value=value, detail=detail, tone="warn" if share < LOW else "")
