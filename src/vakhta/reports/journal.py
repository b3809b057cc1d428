"""The journal as an inspector reads it: one line a ticket, and contacts that became none.

Columns of ПП 416 п.16 (no statutory list is known): number, time, channel, applicant, address,
nature, decision, terms, assignee, actions, result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q

from vakhta.contacts.models import Interaction
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.facts import FACTS, Recorded
from vakhta.kernel import journal
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Company
from vakhta.tickets.models import Clock, Ticket

from .sayings import (
    Names,
    joined,
    law,
    names_for,
    nature,
    norm_title,
    phone_words,
    said,
    short_name,
    who,
    zone_words,
)

COLUMNS = (
    "Номер",
    "Время",
    "Канал",
    "Заявитель",
    "Адрес",
    "Причина и характер",
    "Решение",
    "Сроки",
    "Исполнитель",
    "Действия",
    "Итог",
)
BATCH = 200
CHANNELS = dict(Interaction.CHANNELS)
OUTCOMES = dict(Interaction.OUTCOMES)
ACTIONS = frozenset(
    {
        facts.NumberTold,
        facts.TermsTold,
        facts.AccessAgreed,
        facts.WorkAssigned,
        facts.WorkAccepted,
        facts.WorkRefused,
        facts.QuestionAsked,
        facts.CrewOnTheWay,
        facts.CrewOnSite,
        facts.NoAccess,
        facts.DamageContained,
        facts.PassengersEvacuated,
        facts.QualityChecked,
        facts.AnswerGiven,
        facts.WorkDone,
        facts.ContactAdded,
        facts.TicketCorrected,
        facts.CommentAdded,
        facts.FileAttached,
        facts.ClockPaused,
        facts.ClockResumed,
        facts.ClockBreached,
        facts.TicketRated,
    }
)
"""What stands in the column of actions; decisions and results have columns of their own."""
DECISIONS = frozenset(
    {
        facts.PlanMade,
        facts.ServiceTold,
        facts.ServicesDecided,
        facts.StepSkipped,
    }
)
RESULTS = frozenset(
    {
        facts.TicketVoided,
        facts.TicketMerged,
        facts.TicketConfirmed,
        facts.TicketReturned,
        facts.TicketClosedUnanswered,
    }
)

Row = TypeVar("Row", Ticket, Interaction)


@dataclass(frozen=True)
class Line:
    """One line of the print-out. `at`: local time of the print-out. `is_void`: the number is kept and
    shown struck out."""

    number: str
    at: datetime
    channel: str
    applicant: str
    address: str
    nature: str
    decision: str
    terms: str
    assignee: str
    actions: str
    result: str
    is_void: bool = False

    def cells(self) -> tuple[str, ...]:
        return (
            self.number,
            f"{self.at:%d.%m.%Y %H:%M:%S}",
            self.channel,
            self.applicant,
            self.address,
            self.nature,
            self.decision,
            self.terms,
            self.assignee,
            self.actions,
            self.result,
        )


@dataclass(frozen=True)
class Print:
    """A print-out with what its head says."""

    keeper: str
    """Whose journal it is: the centre's, or a company's part of it."""
    zone: str
    """«МСК+2»"""
    since: date
    until: date
    """Inclusive."""
    made_at: datetime
    head_entry: int
    head_hash: str
    """The journal's last entry at that moment: with `journal verify --anchor` anybody can check that
    what is printed is what stood there."""
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def tickets(self) -> int:
        return sum(line.number != NO_NUMBER for line in self.lines)

    @property
    def void(self) -> int:
        return sum(line.is_void for line in self.lines)


NO_NUMBER = "—"


def journal_print(
    since: date, until: date, *, at: datetime, company: int | None = None, centre: int | None = None
) -> Print:
    """The journal of the running scope for whole days of the keeper's zone, both inclusive.
    `company` narrows it to one organisation, `centre` to one dispatch centre. `at`: the moment of
    printing. Reads in batches; lines are held in memory."""
    keeper = keeper_of(company, centre)
    zone = ZoneInfo(keeper.zone)
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    chosen = Q(company_id=company) if company is not None else Q()
    if centre is not None:
        chosen &= Q(centre_id=centre)
    head = Entry.objects.order_by("-id").first()
    lines = [*_tickets(start, end, zone, chosen), *_contacts(start, end, zone, chosen)]
    return Print(
        keeper=keeper.name,
        zone=zone_words(zone, at),
        since=since,
        until=until,
        made_at=at.astimezone(zone),
        head_entry=head.id if head else 0,
        head_hash=bytes(head.hash).hex() if head else "",
        lines=tuple(sorted(lines, key=lambda line: (line.at, line.number))),
    )


def keeper_of(company: int | None = None, centre: int | None = None) -> Company:
    """The chosen company or centre, else the scope's centre, else the company that asks."""
    companies = Company.objects.all()
    wanted = company or centre or current_scope().centre
    found = companies.filter(pk=wanted).first() or companies.filter(kind="dispatch_centre").first()
    return found or companies.first() or Company(name="", zone="Europe/Moscow")


# ── Tickets ──────────────────────────────────────────────────────────────────────────────────


def _tickets(start: datetime, end: datetime, zone: ZoneInfo, chosen: Q) -> Iterator[Line]:
    found = Ticket.objects.filter(chosen, registered_at__gte=start, registered_at__lt=end).order_by(
        "registered_at"
    )
    for rows in _batches(found.iterator(BATCH)):
        ids = [row.pk for row in rows]
        records = journal.history(*(f"ticket/{pk}" for pk in ids))
        histories = _by("ticket", records)
        names = names_for(records, zone)
        clocks: dict[str, list[Clock]] = {}
        for clock in Clock.objects.filter(subject__in=[f"ticket/{pk}" for pk in ids]).order_by("due_at"):
            clocks.setdefault(clock.subject, []).append(clock)
        assignees = _assignees(ids)
        for row in rows:
            history, terms = histories.get(row.pk, []), clocks.get(f"ticket/{row.pk}", [])
            day = row.registered_at.astimezone(zone).date()
            yield _line(row, history, terms, assignees.get(row.pk, ""), names.on(day))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _by(subject: str, records: list[Recorded]) -> dict[int, list[Recorded]]:
    """Facts by their ticket or contact, without those that a later fact took back."""
    gone = {fact.undoes for r in records if isinstance(fact := r.fact, facts.Undone)}
    found: dict[int, list[Recorded]] = {}
    for record in records:
        value = getattr(record.fact, subject, None)
        if value is not None and record.entry not in gone:
            found.setdefault(int(value), []).append(record)
    return found


def _assignees(tickets: list[int]) -> dict[int, str]:
    """Whose the work is or was; an order that was taken back is nobody's work."""
    kept = WorkOrder.objects.filter(ticket_id__in=tickets).exclude(state="withdrawn")
    orders = kept.select_related("crew", "assignee").order_by("id")
    return {
        order.ticket_id: order.crew.name
        if order.crew
        else short_name(order.assignee.name if order.assignee else "")
        for order in orders
    }


def _line(row: Ticket, history: list[Recorded], clocks: list[Clock], assignee: str, names: Names) -> Line:
    actions = [_late_entry(history, names)]
    actions += [_action(r, names) for r in history if type(r.fact) in ACTIONS]
    return Line(
        number=row.number,
        at=row.registered_at.astimezone(names.zone),
        channel=CHANNELS.get(row.channel, row.channel),
        applicant=joined(row.applicant, phone_words(row.phone)) or "не назван",
        address=row.address or "не назван",
        nature=_sentences(nature(row.classifier), row.description),
        decision=_sentences(*(_decision(r, names) for r in history if type(r.fact) in DECISIONS)),
        terms=_sentences(*(_term(clock, names) for clock in clocks)),
        assignee=assignee or "не назначен",
        actions=_sentences(*actions),
        result=_sentences(row.get_state_display(), *(_result(r, names) for r in history)),
        is_void=row.state == "voided",
    )


def _sentences(*parts: str) -> str:
    """Parts as lines of one cell."""
    return "\n".join(f"{part[:1].upper()}{part[1:]}" for part in parts if part)


def _late_entry(history: list[Recorded], names: Names) -> str:
    """The mark of a paper night: when and why it was entered after the fact."""
    first = history[0] if history else None
    if first is None or not first.late_reason:
        return ""
    return f"внесено {names.at(first.recorded_at)} задним числом: {first.late_reason}"


def _action(record: Recorded, names: Names) -> str:
    words = said(record.fact, names)
    title = FACTS[record.fact.kind].TITLE.lower()
    by = who(record.actor, names) if isinstance(record.fact, (facts.NumberTold, facts.TermsTold)) else ""
    return f"{names.at(record.happened_at)} {title}{f': {joined(words, by)}' if words or by else ''}"


def _decision(record: Recorded, names: Names) -> str:
    words = said(record.fact, names)
    if isinstance(record.fact, facts.ServiceTold):
        return f"извещена служба {words} в {record.happened_at.astimezone(names.zone):%H:%M}"
    if isinstance(record.fact, facts.ServicesDecided):
        return "другие службы не нужны" if not record.fact.services else ""
    return f"пропущен {words}" if isinstance(record.fact, facts.StepSkipped) else words


def _term(clock: Clock, names: Names) -> str:
    due = f"до {names.at(clock.due_at)}" if clock.due_at else "приостановлен"
    state = ""
    if clock.is_ended:
        state = ", снят"
    elif clock.stopped_at and clock.due_at:
        state = (
            ", соблюдён" if clock.stopped_at <= clock.due_at else f", нарушен: {names.at(clock.stopped_at)}"
        )
    elif clock.breached_at:
        state = ", нарушен"
    basis = law(clock.norm)
    return f"{norm_title(clock.norm)} {due}{state}{f' ({basis})' if basis else ''}"


def _result(record: Recorded, names: Names) -> str:
    fact = record.fact
    words = said(fact, names)
    if isinstance(fact, facts.WorkDone):
        return words
    if type(fact) not in RESULTS:
        return ""
    title = {
        "TicketVoided": "причина",
        "TicketMerged": "причина",
        "TicketConfirmed": f"заявитель подтвердил {names.at(record.happened_at)}",
        "TicketReturned": f"заявитель вернул {names.at(record.happened_at)}",
        "TicketClosedUnanswered": "ответа заявителя не было",
    }[fact.kind]
    return f"{title}: {words}" if words else title


# ── Contacts that became no ticket of their own ──────────────────────────────────────────────


def _contacts(start: datetime, end: datetime, zone: ZoneInfo, chosen: Q) -> Iterator[Line]:
    found = Interaction.objects.select_related("ticket").filter(
        chosen, received_at__gte=start, received_at__lt=end
    )
    found = found.exclude(outcome="ticket").order_by("received_at")
    for rows in _batches(found.iterator(BATCH)):
        histories = _by("interaction", journal.history(*(f"interaction/{row.pk}" for row in rows)))
        for row in rows:
            yield _contact(
                row, histories.get(row.pk, []), Names(zone=zone, day=row.received_at.astimezone(zone).date())
            )


def _contact(row: Interaction, history: list[Recorded], names: Names) -> Line:
    ended = next((r.fact for r in reversed(history) if isinstance(r.fact, facts.InteractionEnded)), None)
    outcome = OUTCOMES.get(row.outcome, "ждёт ответа" if row.state == "queued" else "в работе")
    if row.outcome == "addition" and row.ticket:
        outcome = f"дополнение к № {row.ticket.number}"
    answered = f"{names.at(row.answered_at)} ответ заявителю" if row.answered_at else ""
    return Line(
        number=NO_NUMBER,
        at=row.received_at.astimezone(names.zone),
        channel=CHANNELS.get(row.channel, row.channel),
        applicant=joined(row.caller, phone_words(row.phone)) or "не назван",
        address=row.address or "не назван",
        nature=row.description or row.text,
        decision="",
        terms="",
        assignee="",
        actions=_sentences(_late_entry(history, names), answered),
        result=_sentences(outcome, joined(ended.redirected_to, ended.note) if ended else ""),
    )
