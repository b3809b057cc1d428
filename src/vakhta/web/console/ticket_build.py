"""The ticket page from its row, its journal and its clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vakhta.contacts.models import Interaction
from vakhta.crews.actions import last_hand_over
from vakhta.crews.models import WorkOrder
from vakhta.crews.queries import lead_of
from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES
from vakhta.domain.facts import Recorded
from vakhta.domain.histories import taken_back
from vakhta.domain.permissions import may
from vakhta.domain.routes import ROUTES
from vakhta.domain.told import MOVES, last_move
from vakhta.kernel import journal
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import day_words, moment_words, number_words, phone_words, short_name, time_words
from vakhta.places.house_facts import LIFT
from vakhta.reports import sayings
from vakhta.tickets import queries as tickets
from vakhta.tickets.changes import last_correction
from vakhta.tickets.classifier import entries
from vakhta.tickets.models import Ticket, TicketFile
from vakhta.tickets.rows import UNDO_FOR
from vakhta.web import show, timeline
from vakhta.web.console import ticket_screens as t
from vakhta.web.console.build import UNDO_FOR as UNDO_SHOWN
from vakhta.web.console.build import lifts_of, outages_of
from vakhta.web.console.screens import Line
from vakhta.web.console.ticket_forms import candidates_for, forms
from vakhta.web.console.ticket_parts import Answer, url
from vakhta.web.field.build import file_view
from vakhta.web.screens import (
    AddressView,
    ChannelView,
    FileView,
    NoticeLine,
    PageView,
    StatusView,
    TicketNumber,
    Toast,
)


def ticket_page(
    page: PageView, row: Ticket, merged: Sequence[Ticket], answer: Answer, print_url: str
) -> t.TicketPage:
    """Everything that the page shows. At most ten queries beside the ticket's own."""
    now, zone, role = page.now, page.zone, current_scope().role
    contacts = list(Interaction.objects.filter(ticket=row).order_by("received_at")[:30])
    records = journal.history(f"ticket/{row.pk}", *(f"interaction/{c.pk}" for c in contacts))
    clocks = [clock for clock in tickets.clocks_of(row.pk)[row.pk] if not clock.is_ended]
    orders = list(WorkOrder.objects.select_related("crew", "assignee").filter(ticket=row).order_by("-id"))
    candidates = candidates_for(row, records) if row.is_open and may(role, "work.assign") else []
    known = sayings.known(
        records,
        zone,
        now,
        tickets={row.merged_into.pk: row.merged_into.number} if row.merged_into else {},
        crews={found.crew.pk: found.crew.name for found in candidates},
    )
    by = {r.fact.file: sayings.who(r.actor, known) for r in records if isinstance(r.fact, facts.FileAttached)}
    files = {
        f.pk: file_view(f, by.get(f.pk, "")) for f in TicketFile.objects.filter(ticket=row).order_by("-id")
    }
    undoable = _undoable(row, records, orders, now)
    undo_urls = (
        {undoable.entry: url(UNDONE_BY[undoable.fact.kind][0], row, undoable.entry)} if undoable else {}
    )
    held = next((order for order in orders if order.state in WorkOrder.OPEN), None)
    worker = lead_of(held) if row.is_open and may(role, "ticket.register") else ""
    carried = next((r.fact for r in records if isinstance(r.fact, facts.TicketImported)), None)
    drawn = forms(row, clocks, candidates, records, answer, now, worker, held)
    return t.TicketPage(
        page=page,
        number=TicketNumber(number=row.number, said=row.old_number, is_old=row.is_old),
        title=show.nature_of(row),
        severity=show.severity_view(row),
        status=_status(row),
        address=show.address_view(row.building, row.premises, row.address)
        or AddressView(text=_("адрес не указан")),
        channel=ChannelView(code=row.channel),
        registered_at=row.registered_at,
        has_time=row.has_time,
        carried=sayings.carried_from(carried) if carried else "",
        zone=row.zone,
        description=row.description or _("Слов заявителя нет."),
        live=f"ticket/{row.pk}",
        url=url("ticket", row) + (f"?done={answer.form}" if answer.last and answer.form in UNDOABLE else ""),
        applicant=show.person_view(row.person, row.applicant),
        phone=show.phone_view(row.phone),
        company=row.company.name,
        clocks=tuple(show.clock_view(clock, now, row.zone) for clock in clocks),
        notices=_notices(row, now),
        facts=_facts(row, merged, records, known),
        works=tuple(_work(order) for order in orders),
        contacts=tuple(_contact(contact, zone, page) for contact in contacts),
        files=tuple(files.values()),
        timeline=tuple(rows_of(records, known, files, undo_urls)),
        forms=drawn,
        comment_url=url("comment", row) if may(role, "ticket.comment") else "",
        comment_errors=answer.errors_of("comment"),
        is_commenting=answer.form == "comment",
        comment_values={"text": answer.value("comment", "text", "")},
        file_url=url("attach", row)
        if may(role, "files.attach") and row.state not in ("merged", "voided")
        else "",
        file_errors=answer.errors_of("file"),
        print_url=print_url,
        presence_url=url("presence_of", row) if may(role, "console.see") else "",
        last=_with_undo(answer.said_aloud(drawn), answer.form, undoable, undo_urls),
    )


def _notices(row: Ticket, now: datetime) -> tuple[NoticeLine, ...]:
    """Outages of the house; of a lift's ticket whether the lift is marked as standing. At most two queries."""
    if row.building is None or not row.is_open:
        return ()
    found = outages_of(row.building, now)
    entry = entries().get(row.classifier)
    if entry is None or entry.system != LIFT:
        return found
    stand = lifts_of(row.building, row.premises.entrance if row.premises else None, now)
    link = show.lifts_url(row.building.pk)
    if not stand and link:
        stand = (NoticeLine(text=_("Лифт не отмечен остановленным"), tone="info", url=link),)
    return (*found, *stand)


def _status(row: Ticket) -> StatusView:
    made = show.status_view(row)
    if row.state == "merged" and row.merged_into is not None:
        return StatusView(
            code=made.code, title=f"{made.title} с № {number_words(row.merged_into.number)}", tone="quiet"
        )
    return made


# ── What is known ────────────────────────────────────────────────────────────────────────────


def _facts(
    row: Ticket, merged: Sequence[Ticket], records: Sequence[Recorded], known: sayings.Known
) -> tuple[Line, ...]:
    last: dict[type[Any], Any] = {type(record.fact): record.fact for record in records}
    told = [
        f"{_(SERVICES.get(r.fact.service, r.fact.service))}, {time_words(r.happened_at, known.zone)}"
        for r in records
        if isinstance(r.fact, facts.ServiceTold)
    ]
    entry = entries().get(row.classifier)
    plan, access, terms = last.get(facts.PlanMade), last.get(facts.AccessAgreed), last.get(facts.TermsTold)
    carried = last.get(facts.TicketImported)
    lines = [
        Line(label=_("Маршрут"), value=_(ROUTES[entry.route].title))
        if entry and entry.route in ROUTES and not carried
        else None,
        Line(label=_("Исполнитель"), value=carried.performer) if carried and carried.performer else None,
        Line(label=_("Срок по журналу"), value=carried.term) if carried and carried.term else None,
        Line(label=_("Выполнена"), value=_day(carried.done_at, known))
        if carried and carried.done_at
        else None,
        Line(label=_("Результат"), value=carried.result) if carried and carried.result else None,
        Line(label=_("План"), value=plan.note) if plan and plan.note else None,
        Line(label=_("Сроки сообщены"), value=sayings.words(terms, known) or _("да")) if terms else None,
        Line(label=_("Допуск"), value=sayings.words(access, known)) if access else None,
        Line(label=_("Службы"), value="; ".join(told)) if told else None,
        Line(label=_("Повреждение"), value=known.at(row.damage_at)) if row.damage_at else None,
        Line(label=_("Оценка"), value=_("%s из 5") % row.rating, tone="bad" if row.rating < 3 else "")
        if row.rating
        else None,
        Line(label=_("Вошли заявки"), value=", ".join(f"№ {number_words(m.number)}" for m in merged))
        if merged
        else None,
    ]
    return tuple(line for line in lines if line is not None)


def _day(moment: datetime, known: sayings.Known) -> str:
    """A moment of an old journal: the day alone where it has no time."""
    local = moment.astimezone(ZoneInfo(known.zone))
    is_day = local.time() == time.min
    return day_words(moment, known.zone, known.now or moment) if is_day else known.at(moment)


def _work(order: WorkOrder) -> t.Work:
    title = order.crew.name if order.crew else short_name(order.assignee.name) if order.assignee else ""
    tones = {"done": "good", "refused": "bad", "withdrawn": "quiet", "offered": "wait", "no_access": "bad"}
    return t.Work(
        title=title or _("бригада"),
        status=StatusView(
            code=order.state, title=_(order.get_state_display()), tone=tones.get(order.state, "busy")
        ),
        at=order.offered_at,
        ended_at=order.ended_at,
        note=_("вопрос диспетчеру: %s") % order.question
        if order.question and order.state in WorkOrder.OPEN
        else "",
    )


def _contact(row: Interaction, zone: str, page: PageView) -> Line:
    when = moment_words(row.received_at, zone, page.now)
    said = phone_words(row.phone) if row.phone else row.email or row.caller or _("неизвестный")
    return Line(
        label=f"{show.channel_view(row).title}, {when}", value=said, detail=_(row.get_outcome_display())
    )


def _undoable(
    row: Ticket, records: Sequence[Recorded], orders: Sequence[WorkOrder], now: datetime
) -> Recorded | None:
    """The last entry that ended the ticket, handed it over, moved it or corrected it, while this role can take it
    back."""
    found: list[Recorded] = [*last_move(records)[-1:]]
    if row.state in ("voided", "merged"):
        found += [r for r in records if r.fact.kind in ("TicketVoided", "TicketMerged")][-1:]
    elif row.is_open:
        offered = {order.pk for order in orders if order.state == "offered"}
        handed, corrected = last_hand_over(records), last_correction(records)
        found += [handed[0]] if handed and handed[1].work_order in offered else []
        found += _taken_away(records)[-1:] if row.state in Ticket.FREE else []
        found += [corrected[0]] if corrected else []
    last = max(found, key=lambda record: record.entry, default=None)
    if last is None or now - last.recorded_at > UNDO_FOR:
        return None
    return last if may(current_scope().role, UNDONE_BY[last.fact.kind][1]) else None


def _taken_away(records: Sequence[Recorded]) -> list[Recorded]:
    """Withdrawals of an order that are no part of an undo and were not undone."""
    undone = {r.fact.work_order for r in records if isinstance(r.fact, facts.Undone)}
    return [r for r in records if isinstance(r.fact, facts.WorkWithdrawn) and r.fact.work_order not in undone]


UNDONE_BY = {
    "TicketVoided": ("undo_end", "ticket.void"),
    "TicketMerged": ("undo_end", "ticket.correct"),
    "HandedOver": ("undo_assign", "work.assign"),
    "WorkWithdrawn": ("undo_assign", "work.assign"),
    "TicketCorrected": ("undo_correction", "ticket.correct"),
    **dict.fromkeys(MOVES, ("undo_move", "work.report")),
}
"""Kind of fact → (address that takes it back, verb that may)."""
UNDOABLE = ("void", "merge", "assign", "take", "correct")
"""Forms whose «done» comes with its undo."""


def _with_undo(
    said: Toast | None, form: str, undoable: Recorded | None, urls: Mapping[int, str]
) -> Toast | None:
    if said is None or undoable is None or form not in UNDOABLE:
        return said
    return replace(said, undo_url=urls[undoable.entry], undo_until=undoable.recorded_at + UNDO_SHOWN)


def rows_of(
    records: Sequence[Recorded],
    known: sayings.Known,
    files: Mapping[int, FileView],
    undo_urls: Mapping[int, str],
) -> list[t.TimelineRow]:
    """The journal's entries by the moment of what they tell, the newest first: what was entered after
    the fact stands where it belongs, with both its times."""
    gone = taken_back(records)
    rows = []
    for record in sorted(records, key=lambda record: (record.happened_at, record.entry), reverse=True):
        fact, late = record.fact, sayings.is_late(record)
        shown = files.get(int(fact.file)) if isinstance(fact, facts.FileAttached) else None
        rows.append(
            t.TimelineRow(
                entry=record.entry,
                title=sayings.title(fact),
                at=record.happened_at,
                who=sayings.who(record.actor, known),
                words="" if shown else sayings.words(fact, known),
                kind=fact.kind,
                tone=timeline.tone(fact.kind),
                recorded_at=record.recorded_at if late else None,
                late_reason=record.late_reason,
                undone=record.entry in gone,
                undo_url=undo_urls.get(record.entry, ""),
                files=(shown,) if shown else (),
            )
        )
    return rows
