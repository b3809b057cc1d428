"""The technician's view-models from rows and the journal."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.crews.actions import NOTE_REQUIRED
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.facts import Recorded
from vakhta.domain.histories import agreed_access, taken_back
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import WORK_ORDER
from vakhta.kernel import journal
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import bound, short_name, time_words, window_words
from vakhta.places import house_facts
from vakhta.places.house_facts import HouseFact
from vakhta.reports import sayings
from vakhta.tickets import queries as tickets
from vakhta.tickets.classifier import entries
from vakhta.tickets.models import Clock, Ticket, TicketFile
from vakhta.web import show
from vakhta.web.console.build import outages_of
from vakhta.web.field import screens as f
from vakhta.web.screens import AddressView, Errors, FileView, NoticeLine, PageView, PhoneView, StatusView

HISTORY_SHOWN = 14
TAKEN_SHOWN = timedelta(hours=1)
"""How long an order that was taken away is told of in the list."""
_ENTRANCE = re.compile(r"(?:подъезд|под\.|п\.)\s*(\d{1,3})\b")
STATUS = {
    "offered": (marked("ждёт вашего ответа"), "wait"),
    "accepted": (marked("принят"), "busy"),
    "on_the_way": (marked("вы в пути"), "busy"),
    "on_site": (marked("вы на месте"), "busy"),
    "contained": (marked("локализовано"), "busy"),
    "no_access": (marked("нет доступа"), "wait"),
    "done": (marked("выполнен"), "good"),
    "refused": (marked("вы отказались"), "quiet"),
    "withdrawn": (marked("отозван диспетчером"), "quiet"),
}
AT_WORK = ("on_site", "on_the_way", "contained")
"""States of a job that has been begun, the likeliest to be the one in hand first."""

TITLES = {
    "accept": marked("Принять наряд"),
    "go": marked("Выехал"),
    "arrive": marked("На месте"),
    "contain": marked("Локализовано"),
    "done": marked("Выполнено"),
    "no_access": marked("Нет доступа"),
    "refuse": marked("Отказаться"),
    "ask": marked("Спросить диспетчера"),
}
STOPS_EARLY = {
    "PassengersEvacuated": marked("Пассажиры освобождены"),
    "QualityChecked": marked("Качество проверено"),
    "DamageContained": marked("Локализовано"),
}
"""Facts of the move «contain», and what its button says for each."""

NEXT = {
    "offered": ("accept", "ask", "refuse"),
    "accepted": ("go", "arrive", "ask", "refuse"),
    "on_the_way": ("arrive", "no_access", "ask"),
    "on_site": ("contain", "done", "no_access", "ask"),
    "contained": ("done", "no_access", "ask", "refuse"),
    "no_access": ("arrive", "go", "ask", "refuse"),
}
"""Work order's state → moves, the likely one first: it is the wide button at the thumb."""

FACT_OF = {**{code: move.fact for code, move in WORK_ORDER.moves.items()}, "ask": "QuestionAsked"}
SAID = {
    "accept": marked("Принято"),
    "go": marked("Выезд записан"),
    "arrive": marked("Прибытие записано"),
    "contain": marked("Записано"),
    "done": marked("Выполнение записано"),
    "no_access": marked("Записано: нет доступа"),
    "refuse": marked("Отказ записан"),
    "ask": marked("Вопрос отправлен"),
}
TOLD = frozenset(
    {"WorkAssigned", "WorkAccepted", "WorkRefused", "QuestionAsked", "CrewOnTheWay", "CrewOnSite", "NoAccess"}
    | {
        "DamageContained",
        "PassengersEvacuated",
        "QualityChecked",
        "WorkDone",
        "WorkWithdrawn",
        "CommentAdded",
        "TicketReturned",
    }
)
"""Kinds that the technician's history shows; a dispatcher answers a question by a comment."""


# ── The list ─────────────────────────────────────────────────────────────────────────────────


def jobs(page: PageView, orders: Sequence[WorkOrder], done: int, taken: Sequence[WorkOrder]) -> f.Jobs:
    """The one job that is done now first, then by the term that breaches next: a crew may have several
    that it has begun. Whoever was turned round reads it above them. One query, two with `taken`."""
    clocks = tickets.clocks_of(*(order.ticket_id for order in orders)) if orders else {}
    nearest = {order.pk: _nearest(clocks[order.ticket_id]) for order in orders}
    by_term = sorted(orders, key=lambda order: (*_urgency(nearest[order.pk]), order.pk))
    begun = [order for order in by_term if order.state in AT_WORK]
    now = min(begun, key=lambda order: AT_WORK.index(order.state), default=None)
    by_term.sort(key=lambda order: order is not now)
    lines = tuple(_line(order, nearest[order.pk], page.now, current=order is now) for order in by_term)
    leads = may(current_scope().role, "crews.lead")
    crews_url = reverse("offices:crews") if leads else ""
    held = {order.ticket_id for order in orders}
    gone = _gone([order for order in taken if order.ticket_id not in held])
    return f.Jobs(
        page=page, url=reverse("field:orders"), taken=gone, jobs=lines, done_today=done, crews_url=crews_url
    )


def _gone(taken: Sequence[WorkOrder]) -> tuple[NoticeLine, ...]:
    """Orders that were taken away, the last one first, each with the reason that was given. One query, none without
    orders."""
    if not taken:
        return ()
    why = _why_taken(journal.history(*(f"ticket/{order.ticket_id}" for order in taken)))
    places = [_address(order.ticket) for order in taken]
    return tuple(
        NoticeLine(
            text=_("Диспетчер забрал наряд: %s") % bound(", ".join(filter(None, (place.text, place.flat)))),
            detail=why.get(order.pk, ""),
            url=reverse("field:order", args=[order.pk]),
        )
        for order, place in zip(taken, places, strict=True)
    )


def _nearest(clocks: list[Clock]) -> Clock | None:
    """The clock that breaches next; one that stands still only where none runs."""
    return tickets.nearest([clock for clock in clocks if not clock.is_paused]) or tickets.nearest(clocks)


def _urgency(clock: Clock | None) -> tuple[bool, bool, float]:
    """Running clocks by their term, then those that stand still, then jobs without one."""
    if clock is None or clock.due_at is None:
        return True, True, 0.0
    return False, clock.is_paused, clock.due_at.timestamp()


def _line(order: WorkOrder, clock: Clock | None, now: datetime, *, current: bool) -> f.JobLine:
    ticket = order.ticket
    return f.JobLine(
        url=reverse("field:order", args=[order.pk]),
        number=show.number_view(ticket),
        title=show.nature(ticket.classifier),
        address=_address(ticket),
        severity=show.severity_view(ticket),
        status=_status(order),
        clock=show.clock_view(clock, now, ticket.zone) if clock else None,
        current=current,
        performer=_performer(order) if current_scope().role == "contractor" else "",
    )


def _performer(order: WorkOrder) -> str:
    """Of a contractor's office, which sees the jobs of all of its people."""
    return (
        show.crew_name(order.crew)
        if order.crew
        else short_name(order.assignee.name if order.assignee else "")
    )


def _status(order: WorkOrder) -> StatusView:
    title, tone = STATUS[order.state]
    return StatusView(code=order.state, title=_(title), tone=tone)


def _address(ticket: Ticket) -> AddressView:
    return show.address_view(ticket.building, ticket.premises, ticket.address) or AddressView(
        text=_("адрес не указан: спросите диспетчера")
    )


def shift_start(now: datetime, zone: str) -> datetime:
    """When the running shift began: 08:00 or 20:00 of the zone."""
    local = now.astimezone(ZoneInfo(zone))
    if 8 <= local.hour < 20:
        return local.replace(hour=8, minute=0, second=0, microsecond=0)
    evening = local.replace(hour=20, minute=0, second=0, microsecond=0)
    return evening if local.hour >= 20 else evening - timedelta(days=1)


# ── One job ──────────────────────────────────────────────────────────────────────────────────


def job(
    page: PageView,
    order: WorkOrder,
    *,
    said: str = "",
    failed: str = "",
    wrong: f.Move | None = None,
) -> f.Job:
    """The page of a work order. `said`: the move that was just made; `wrong`: a move that was
    refused for its fields, drawn again with what was typed. Seven queries."""
    ticket, now = order.ticket, page.now
    records = journal.history(f"ticket/{ticket.pk}")
    clocks = [clock for clock in tickets.clocks_of(ticket.pk)[ticket.pk] if not clock.is_ended]
    moves = _moves(order, clocks)
    shown = tuple(_offered(moves, order.state, wrong))
    gone = taken_back(records)
    holding = [record for record in records if record.entry not in gone]
    answered = _answered(order, records, page.zone) if order.state in NEXT else None
    return f.Job(
        page=page,
        back_url=reverse("field:orders"),
        number=show.number_view(ticket),
        title=show.nature(ticket.classifier),
        severity=show.severity_view(ticket),
        status=_status(order),
        address=_address(ticket),
        description=ticket.description or _("Слов заявителя нет."),
        live=f"work_order/{order.pk} ticket/{ticket.pk}",
        url=reverse("field:order", args=[order.pk]),
        clocks=tuple(
            show.clock_view(clock, now, ticket.zone)
            for clock in clocks
            if clock.stopped_at is None and order.state != "withdrawn"
        ),
        map_url=_map_url(ticket),
        person=show.person_view(ticket.person, ticket.applicant),
        phone=show.phone_view(ticket.phone),
        notices=(*_taken(order, holding), *(outages_of(ticket.building, now) if ticket.building else ())),
        facts=_facts(ticket, records, now),
        files=files(ticket.pk),
        history=_history(order, holding, page),
        next=shown[0] if shown else None,
        others=shown[1:],
        later=tuple(move for code, move in moves.items() if code not in NEXT.get(order.state, ())),
        way=json.dumps({state: [code for code in codes if code in moves] for state, codes in NEXT.items()}),
        said="" if said == "ask" and answered else _said(said, order, holding, page.zone),
        answered=answered,
        failed=failed,
        dispatcher=PhoneView(phone=ticket.centre.phone) if ticket.centre.phone else None,
    )


def _taken(order: WorkOrder, holding: Sequence[Recorded]) -> list[NoticeLine]:
    """Why the dispatcher took the order away, for whoever was on the way already."""
    why = _why_taken(holding).get(order.pk)
    return [NoticeLine(text=_("Диспетчер забрал наряд: %s") % why)] if why else []


def _why_taken(records: Sequence[Recorded]) -> dict[facts.Id, str]:
    """Order → the reason that it was taken away for, "" where none was given."""
    return {r.fact.work_order: r.fact.reason for r in records if isinstance(r.fact, facts.WorkWithdrawn)}


def _map_url(ticket: Ticket) -> str:
    if ticket.building is None:
        return ""
    return "geo:0,0?q=" + quote(f"{ticket.building.city}, {ticket.building}")


def files(ticket: int) -> tuple[FileView, ...]:
    """Photos and documents of a ticket, the newest first. One query."""
    return tuple(file_view(row) for row in TicketFile.objects.filter(ticket_id=ticket).order_by("-id"))


def file_view(row: TicketFile, by: str = "") -> FileView:
    return FileView(
        title=row.name,
        url=reverse("console:file", args=[row.pk]),
        kind="image" if row.media_type.startswith("image/") else "file",
        size=size_words(row.size),
        at=row.added_at,
        by=by,
    )


def size_words(size: int) -> str:
    """«740 КБ», «1,2 МБ»."""
    if size < 1024 * 1024:
        return _("%s КБ") % max(1, round(size / 1024))
    return _("%s МБ") % f"{size / 1024 / 1024:.1f}".replace(".", ",")


def _facts(ticket: Ticket, records: Sequence[Recorded], now: datetime) -> tuple[f.JobFact, ...]:
    """The agreed access, the plan, and what the house hides. One query."""
    found = []
    access = agreed_access(records)
    if access and access.since:
        when = window_words(access.since, access.until, ticket.zone, now)
        found.append(f.JobFact(label=_("Допуск"), value=when))
    plans = [r.fact for r in records if isinstance(r.fact, facts.PlanMade)]
    if plans and plans[-1].note:
        found.append(f.JobFact(label=_("План"), value=plans[-1].note))
    for fact in _about(ticket) if ticket.building else ():
        said = show.house_fact(fact, ticket.zone, now)
        value = ", ".join(filter(None, (said.value, said.detail)))
        found.append(f.JobFact(label=said.label, value=value))
    return tuple(found)


def _about(ticket: Ticket) -> list[HouseFact]:
    """Of what is known of the house, codes and keys of the flat's own entrance, and the risers and lifts that the work
    is about: on a phone each line counts."""
    assert ticket.building is not None
    known, home, entry = (
        house_facts.of_house(ticket.building),
        ticket.premises,
        entries().get(ticket.classifier),
    )
    entrance, flat = (home.entrance, home.number) if home else (None, "")
    worked_at = set(house_facts.for_system(known, entry.system if entry else "", entrance, flat))
    return [
        fact
        for fact in known
        if (fact in worked_at if fact.what in ("riser", "lift") else _leads_to(fact, entrance))
    ]


def _leads_to(fact: HouseFact, entrance: int | None) -> bool:
    named = _ENTRANCE.search(fact.title) if fact.what == "note" else None
    its = int(named[1]) if named else fact.entrance
    return None in (its, entrance) or its == entrance


def _history(order: WorkOrder, holding: Sequence[Recorded], page: PageView) -> tuple[f.MoveDone, ...]:
    """What was done. `holding`: what was taken back is no part of it."""
    told = [r for r in holding if r.fact.kind in TOLD][-HISTORY_SHOWN:]
    crews = {order.crew.pk: order.crew.name} if order.crew else {}
    known = sayings.known(told, page.zone, page.now, crews=crews)
    return tuple(
        f.MoveDone(
            title=sayings.title(record.fact),
            at=record.happened_at,
            note=" · ".join(
                part
                for part in (bound(sayings.who(record.actor, known)), sayings.words(record.fact, known))
                if part
            ),
        )
        for record in reversed(told)
    )


def _said(move: str, order: WorkOrder, holding: Sequence[Recorded], zone: str) -> str:
    """«Принято в 09:14. Диспетчер видит.», when the journal really holds that move."""
    kinds = {FACT_OF[move], *(STOPS_EARLY if move == "contain" else ())} if move in SAID else set()
    for record in reversed(holding):
        if record.fact.kind in kinds and getattr(record.fact, "work_order", None) == order.pk:
            at = time_words(record.happened_at, zone)
            return _("%(what)s в %(at)s. Диспетчер видит.") % {"what": _(SAID[move]), "at": at}
    return ""


def _answered(order: WorkOrder, records: Sequence[Recorded], zone: str) -> f.Answered | None:
    """The last question of this order with the first word that came after it and, when the dispatcher
    has gone on, the last one: it may correct the first. None while nobody has answered."""
    question, answers = "", list[f.Said]()
    for record in records:
        fact = record.fact
        if isinstance(fact, facts.QuestionAsked) and fact.work_order == order.pk:
            question, answers = fact.text, []
        elif question and isinstance(fact, facts.CommentAdded):
            answers.append(f.Said(at=time_words(record.happened_at, zone), text=fact.text))
    return f.Answered(question=question, answers=(*answers[:1], *answers[1:][-1:])) if answers else None


# ── Moves ────────────────────────────────────────────────────────────────────────────────────


def _moves(order: WorkOrder, clocks: Sequence[Clock]) -> dict[str, f.Move]:
    """Every move that this order may ever need, by its code; none once it has ended."""
    if order.state not in NEXT:
        return {}
    stops = {stop for clock in clocks if clock.stopped_at is None for stop in _stops_of(clock)}
    early = next((title for kind, title in STOPS_EARLY.items() if kind in stops), "")
    made = {code: make_move(order.pk, code) for code in TITLES if code != "contain"}
    return made | ({"contain": make_move(order.pk, "contain", title=early)} if early else {})


def _offered(moves: Mapping[str, f.Move], state: str, wrong: f.Move | None) -> Iterator[f.Move]:
    """The moves of this state, the likely one first; `wrong` in the place of its own."""
    for code in NEXT.get(state, ()):
        if code in moves:
            yield wrong if wrong is not None and wrong.code == code else moves[code]


def _stops_of(clock: Clock) -> tuple[str, ...]:
    norm = NORMS.get(clock.norm)
    return norm.stops if norm else ()


def make_move(
    order: int, code: str, *, title: str = "", key: str = "", note: str = "", errors: Errors | None = None
) -> f.Move:
    """The form of a move, with a key of its own: pressing twice does it once."""
    return f.Move(
        code=code,
        title=_(title or TITLES[code]),
        ends=WORK_ORDER.moves[code].ends if code in WORK_ORDER.moves else "",
        post_url=reverse("field:move", args=[order, code]),
        key=key or secrets.token_urlsafe(12),
        note_title=_(NOTES[code]) if code in NOTES else "",
        note_required=code in NOTE_REQUIRED or code == "ask",
        reasons=REASONS.get(code, ()),
        photo=code == "done",
        place=code in ("arrive", "no_access", "done"),
        values={"note": note},
        errors=errors or {},
    )


NOTES = {
    "refuse": marked("Почему"),
    "ask": marked("Вопрос"),
    "no_access": marked("Что было"),
    "done": marked("Что сделано"),
}
REASONS = {
    "refuse": ("нет запчасти", "не моё умение", "ещё на прошлом наряде"),
    "no_access": ("не открыли", "нет ключа от подвала", "никого нет дома"),
    "done": ("заменён участок трубы", "установлен хомут", "прочищено"),
}
