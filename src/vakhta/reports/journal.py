"""The journal as an inspector reads it: one line a ticket, and contacts that became none.

Columns of 416 (no statutory list is known): number, time, channel, applicant, address, nature,
decision, terms, assignee, actions, result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vakhta.contacts.models import Interaction
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.facts import Recorded
from vakhta.domain.regulations import NORMS
from vakhta.kernel import journal
from vakhta.kernel.models import Entry
from vakhta.people.models import Company
from vakhta.tickets.models import Clock, Ticket

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


@dataclass(frozen=True)
class Line:
    """One line of the print-out. `at`: local time of the centre. `is_void`: the number is kept and
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
    is_late: bool = False
    """Entered after the fact («бумажная ночь»)."""

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

    centre: str
    since: date
    until: date
    """Inclusive."""
    made_at: datetime
    head_entry: int
    head_hash: str
    """The journal's last entry at that moment: with `journal verify --anchor` anybody can check that
    what is printed is what stood there."""
    lines: tuple[Line, ...]


def journal_print(since: date, until: date, *, at: datetime, company: int | None = None) -> Print:
    """The journal of the running scope for whole days of the centre's zone, both inclusive."""
    centre = Company.objects.filter(kind="dispatch_centre").first()
    zone = ZoneInfo(centre.zone if centre else "Europe/Moscow")
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    head = Entry.objects.order_by("-id").first()
    lines = sorted(
        [*_tickets(start, end, zone, company), *_contacts(start, end, zone, company)],
        key=lambda line: (line.at, line.number),
    )
    return Print(
        centre=centre.name if centre else "",
        since=since,
        until=until,
        made_at=at.astimezone(zone),
        head_entry=head.id if head else 0,
        head_hash=bytes(head.hash).hex() if head else "",
        lines=tuple(lines),
    )


def _tickets(start: datetime, end: datetime, zone: ZoneInfo, company: int | None) -> Iterator[Line]:
    found = Ticket.objects.filter(registered_at__gte=start, registered_at__lt=end).order_by("registered_at")
    if company is not None:
        found = found.filter(company_id=company)
    for rows in _batches(found.iterator(BATCH)):
        ids = [row.pk for row in rows]
        known = _histories(ids)
        clocks: dict[str, list[Clock]] = {}
        for clock in Clock.objects.filter(subject__in=[f"ticket/{pk}" for pk in ids]).order_by("due_at"):
            clocks.setdefault(clock.subject, []).append(clock)
        assignees = _assignees(ids)
        for row in rows:
            yield _line(row, known.get(row.pk, []), clocks.get(f"ticket/{row.pk}", []), assignees.get(row.pk, ""), zone)


def _batches(rows: Iterable[Ticket]) -> Iterator[list[Ticket]]:
    batch: list[Ticket] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _histories(tickets: list[int]) -> dict[int, list[Recorded]]:
    found: dict[int, list[Recorded]] = {}
    for recorded in journal.history(*(f"ticket/{pk}" for pk in tickets)):
        ticket = getattr(recorded.fact, "ticket", None)
        if ticket is not None:
            found.setdefault(int(ticket), []).append(recorded)
    return found


def _assignees(tickets: list[int]) -> dict[int, str]:
    orders = WorkOrder.objects.select_related("crew", "assignee").filter(ticket_id__in=tickets).order_by("id")
    return {order.ticket_id: (order.crew or order.assignee or "").__str__() for order in orders}


def _line(row: Ticket, history: list[Recorded], clocks: list[Clock], assignee: str, zone: ZoneInfo) -> Line:
    entry = ENTRIES.get(row.classifier)
    nature = entry.title if entry else row.classifier
    return Line(
        number=row.number,
        at=row.registered_at.astimezone(zone),
        channel=CHANNELS.get(row.channel, row.channel),
        applicant=" ".join(part for part in (row.applicant, row.phone) if part) or "не назван",
        address=row.address or "не назван",
        nature=f"{nature}. {row.description}".strip(),
        decision=_decision(history),
        terms="; ".join(_term(clock, zone) for clock in clocks),
        assignee=assignee or "не назначен",
        actions="; ".join(_action(r, zone) for r in history if r.fact.kind in ACTIONS),
        result=_result(row, history, zone),
        is_void=row.state == "voided",
        is_late=any(r.late_reason for r in history),
    )


ACTIONS = {
    "NumberTold": "номер назван",
    "TermsTold": "сроки названы",
    "AccessAgreed": "допуск согласован",
    "WorkAssigned": "передана",
    "WorkAccepted": "принята",
    "WorkRefused": "отказ",
    "CrewOnTheWay": "выезд",
    "CrewOnSite": "на месте",
    "NoAccess": "нет доступа",
    "DamageContained": "локализовано",
    "PassengersEvacuated": "пассажиры освобождены",
    "QualityChecked": "качество проверено",
    "WorkDone": "выполнено",
    "ContactAdded": "повторное обращение",
    "TicketCorrected": "исправлена",
    "ClockBreached": "срок нарушен",
}


def _action(recorded: Recorded, zone: ZoneInfo) -> str:
    words = ACTIONS[recorded.fact.kind]
    if isinstance(recorded.fact, facts.ClockBreached):
        norm = NORMS.get(recorded.fact.norm)
        words += f" ({norm.title.lower() if norm else recorded.fact.norm})"
    if recorded.late_reason:
        words += f" (внесено {recorded.recorded_at.astimezone(zone):%d.%m %H:%M}: {recorded.late_reason})"
    return f"{recorded.happened_at.astimezone(zone):%d.%m %H:%M} {words}"


def _decision(history: list[Recorded]) -> str:
    said = []
    for recorded in history:
        fact = recorded.fact
        if isinstance(fact, facts.PlanMade):
            said.append(fact.note)
        elif isinstance(fact, facts.ServiceTold):
            said.append(f"извещена служба: {fact.service}{f', {fact.who}' if fact.who else ''}")
        elif isinstance(fact, facts.ServicesDecided) and not fact.services:
            said.append("другие службы не нужны")
        elif isinstance(fact, facts.StepSkipped):
            said.append(f"шаг {fact.step} пропущен: {fact.reason}")
    return "; ".join(said)


def _term(clock: Clock, zone: ZoneInfo) -> str:
    norm = NORMS.get(clock.norm)
    title = norm.title.lower() if norm else clock.norm
    law = f", {norm.act}, п. {norm.item}" if norm else ""
    due = f"до {clock.due_at.astimezone(zone):%d.%m %H:%M}" if clock.due_at else "приостановлен"
    state = ""
    if clock.stopped_at and clock.due_at:
        state = " — в срок" if clock.stopped_at <= clock.due_at else " — с опозданием"
    elif clock.breached_at:
        state = " — нарушен"
    return f"{title} {due}{state}{law}"


def _result(row: Ticket, history: list[Recorded], zone: ZoneInfo) -> str:
    words = row.get_state_display()
    for recorded in history:
        fact = recorded.fact
        if isinstance(fact, facts.TicketVoided) or isinstance(fact, facts.TicketMerged):
            words += f": {fact.reason}"
        elif isinstance(fact, facts.WorkDone) and fact.note:
            words += f"; {fact.note}"
        elif isinstance(fact, facts.TicketConfirmed):
            words += f"; заявитель подтвердил {recorded.happened_at.astimezone(zone):%d.%m %H:%M}"
            words += f", оценка {fact.rating}" if fact.rating else ""
        elif isinstance(fact, facts.TicketReturned):
            words += f"; заявитель вернул: {fact.review}"
        elif isinstance(fact, facts.TicketClosedUnanswered):
            words += "; ответа заявителя не было"
    return words


def _contacts(start: datetime, end: datetime, zone: ZoneInfo, company: int | None) -> Iterator[Line]:
    """Contacts that became no ticket of their own."""
    found = Interaction.objects.select_related("ticket").filter(received_at__gte=start, received_at__lt=end)
    found = found.exclude(outcome="ticket").order_by("received_at")
    if company is not None:
        found = found.filter(company_id=company)
    for row in found.iterator(BATCH):
        outcome = OUTCOMES.get(row.outcome, "ждёт ответа" if row.state == "queued" else "в работе")
        if row.outcome == "addition" and row.ticket:
            outcome = f"дополнение к № {row.ticket.number}"
        yield Line(
            number="—",
            at=row.received_at.astimezone(zone),
            channel=CHANNELS.get(row.channel, row.channel),
            applicant=" ".join(part for part in (row.caller, row.phone) if part) or "не назван",
            address=row.address or "не назван",
            nature=row.description or row.text,
            decision="",
            terms="",
            assignee="",
            actions=f"{row.answered_at.astimezone(zone):%d.%m %H:%M} ответ" if row.answered_at else "",
            result=outcome,
        )
