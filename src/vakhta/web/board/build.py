"""The board from rows: what breaches next, what nobody does, who is loaded, how the day goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain.classifier import SERVICES, SKILLS
from vakhta.kernel.words import span_words
from vakhta.people.models import Company
from vakhta.tickets import queries
from vakhta.tickets.classifier import OF_SERVICES
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import show
from vakhta.web.board import screens as b
from vakhta.web.screens import PageView

AHEAD = timedelta(minutes=10)
BEHIND = timedelta(minutes=30)
"""A breach stays in the list so long; later it is counted among the late ones."""
SHOWN = 30
FOLLOWING = 12
"""Terms that are shown behind the nearest ones."""
READ = 200
"""Waiting tickets that are read, to sort them by gravity."""
STATES = {
    "offered": marked("ещё не приняла"),
    "accepted": marked("приняла"),
    "on_the_way": marked("едет"),
    "on_site": marked("на месте"),
    "contained": marked("остановила аварию"),
    "no_access": marked("не пустили"),
}
"""Of a crew, feminine."""
BUSIEST = ("on_site", "contained", "on_the_way", "no_access", "accepted", "offered")
SPOKEN = ("phone", "lift", "walk_in")
"""Channels where a person waits on the line or at the window; the others are messages."""
LOW = 95
"""Per cent of kept terms below which the figure is marked."""


def board(page: PageView, company: Company) -> b.Board:
    """Nine queries at most. A company sees its own; a centre itself and those that it serves."""
    now = page.now
    orders = list(
        WorkOrder.objects.select_related("crew", "assignee", "ticket__building", "ticket__premises")
        .filter(state__in=WorkOrder.OPEN)
        .order_by("-id")
    )
    by_ticket = {order.ticket_id: order for order in orders}
    free, free_total = _unassigned()
    tickets = {order.ticket_id: order.ticket for order in orders} | {row.pk: row for row in free}
    nearest, late = _terms(now, free[:SHOWN])
    breaching = _breaching(nearest, tickets, now)
    return b.Board(
        page=page,
        centre=company.short_name,
        url=reverse("board:board"),
        nav=page.nav,
        figures=(*_waiting(now), *_open(late), *_kept(now, page.zone)),
        breaching=tuple(_row(row, clock, by_ticket, now) for row, clock in breaching[:SHOWN]),
        breaching_total=len(breaching),
        following=tuple(
            _row(row, clock, by_ticket, now)
            for row, clock in _following(tickets, {r.pk for r, _ in breaching}, now)
        ),
        unassigned=tuple(_unassigned_row(row, nearest.get(row.pk), now) for row in free[:SHOWN]),
        unassigned_total=free_total,
        crews=_loads(orders),
    )


# ── What breaches next ───────────────────────────────────────────────────────────────────────


def _terms(now: datetime, shown: Sequence[Ticket]) -> tuple[dict[int, Clock], int]:
    """Nearest running clock of each ticket that has one ending before `AHEAD` from now, or that is
    `shown`; a clock that ended longer than `BEHIND` ago gives way to the next one. And how many
    tickets are late in all. One query."""
    subjects = [f"ticket/{row.pk}" for row in shown]
    running = [
        (clock, clock.due_at)
        for clock in queries.running().filter(Q(due_at__lt=now + AHEAD) | Q(subject__in=subjects))
        if clock.due_at
    ]
    late = {clock.subject_pk for clock, due in running if due < now}
    return queries.first_of_each(clock for clock, due in running if due >= now - BEHIND), len(late)


def _breaching(
    nearest: dict[int, Clock], known: dict[int, Ticket], now: datetime
) -> list[tuple[Ticket, Clock]]:
    """Open tickets whose nearest clock ends before `AHEAD` from now."""
    soon = {pk: clock for pk, clock in nearest.items() if clock.due_at and clock.due_at < now + AHEAD}
    return _open_ones(soon, known)


def _following(known: dict[int, Ticket], listed: set[int], now: datetime) -> list[tuple[Ticket, Clock]]:
    """The next terms of tickets that are not `listed`, the nearest of each. Two queries at most."""
    running = queries.running().filter(due_at__gte=now + AHEAD)[: 4 * FOLLOWING + len(listed)]
    nearest = queries.first_of_each(running)
    return _open_ones({pk: clock for pk, clock in nearest.items() if pk not in listed}, known)[:FOLLOWING]


def _open_ones(clocks: dict[int, Clock], known: dict[int, Ticket]) -> list[tuple[Ticket, Clock]]:
    """Open tickets with their clocks, in the order of the clocks. A query only for tickets that are
    neither handed over nor among the oldest that wait."""
    missing = [pk for pk in clocks if pk not in known]
    rows = known | ({row.pk: row for row in _tickets().filter(pk__in=missing)} if missing else {})
    return [(rows[pk], clock) for pk, clock in clocks.items() if pk in rows and rows[pk].is_open]


def _tickets() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("building", "premises").filter(state__in=Ticket.OPEN)


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
    name = order.crew.name if order.crew else order.assignee.name if order.assignee else _("бригада")
    state = _("спрашивает диспетчера") if order.question else _(STATES[order.state])
    return f"{name}, {state}"


# ── What nobody does ─────────────────────────────────────────────────────────────────────────


def _unassigned() -> tuple[list[Ticket], int]:
    """Registered and handed to nobody, the gravest and oldest first, and how many in all; what another
    service does waits for no crew. One query, two when there are more than `READ`."""
    waiting = _tickets().filter(state__in=Ticket.FREE).exclude(classifier__in=OF_SERVICES)
    weight = {"emergency": 0, "urgent": 1, "ordinary": 2, "information": 3}
    oldest = list(waiting.order_by("registered_at")[:READ])
    oldest.sort(key=lambda row: (weight.get(row.severity, 9), row.registered_at))
    return oldest, waiting.count() if len(oldest) == READ else len(oldest)


def _unassigned_row(row: Ticket, clock: Clock | None, now: datetime) -> b.Waiting:
    return b.Waiting(
        number=show.number_view(row),
        where=_where(row),
        what=show.nature(row.classifier),
        since=row.registered_at,
        severity=show.severity_view(row),
        clock=show.clock_view(clock, now, row.zone) if clock else None,
    )


# ── Who is loaded ────────────────────────────────────────────────────────────────────────────


def _loads(orders: Sequence[WorkOrder]) -> tuple[b.CrewLoad, ...]:
    """Every active crew, the busiest first. One query."""
    of_crew: dict[int, list[WorkOrder]] = {}
    for order in orders:
        if order.crew_id:
            of_crew.setdefault(order.crew_id, []).append(order)
    made = []
    for crew in Crew.objects.filter(is_active=True):
        held = sorted(of_crew.get(crew.pk, []), key=lambda order: BUSIEST.index(order.state))
        state = _("свободна")
        if held:
            place = held[0].ticket.building or held[0].ticket.address
            state = f"{_(STATES[held[0].state])}, {place}" if place else _(STATES[held[0].state])
            if any(order.question for order in held):
                state = _("спрашивает диспетчера")
        made.append(
            b.CrewLoad(
                title=crew.name[:1].upper() + crew.name[1:],
                skill=_skill(crew),
                state=state,
                jobs=len(held),
                free=not held,
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
        calls=Count("id", filter=Q(channel__in=SPOKEN)),
        messages=Count("id", filter=~Q(channel__in=SPOKEN)),
        call_since=Min("received_at", filter=Q(channel__in=SPOKEN)),
        message_since=Min("received_at", filter=~Q(channel__in=SPOKEN)),
    )
    return (
        _queue_figure(_("звонков ждут"), queued["calls"], queued["call_since"], now, timedelta(minutes=5)),
        _queue_figure(
            _("сообщений ждут"), queued["messages"], queued["message_since"], now, timedelta(minutes=10)
        ),
    )


def _queue_figure(title: str, count: int, since: datetime | None, now: datetime, norm: timedelta) -> b.Figure:
    """`norm`: the answer terms of 416 п.13, 5 minutes to a call and 10 to a message."""
    waited = now - since if since else timedelta(0)
    tone = "bad" if waited > norm else "warn" if waited > norm * 3 / 4 else ""
    detail = _("дольше всех %s") % span_words(waited.total_seconds()) if since else ""
    return b.Figure(title=title, value=str(count), detail=detail, tone=tone)


def _open(late: int) -> tuple[b.Figure, ...]:
    """Open tickets, and those that are late now. One query."""
    found = Ticket.objects.filter(state__in=Ticket.OPEN).aggregate(
        all=Count("id"), emergencies=Count("id", filter=Q(severity="emergency"))
    )
    return (
        b.Figure(
            title=_("заявок открыто"), value=str(found["all"]), detail=_("аварий %s") % found["emergencies"]
        ),
        b.Figure(title=_("заявок просрочено"), value=str(late), tone="bad" if late else ""),
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
