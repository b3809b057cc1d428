"""The lines of the journal's print-out from the journal: one for a ticket, one for a contact that became
none. Read in batches of two hundred, with as many queries however much a batch holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q

from vakhta.contacts.models import Interaction
from vakhta.crews.models import CrewMember, WorkOrder
from vakhta.domain import facts
from vakhta.domain.facts import Recorded
from vakhta.domain.histories import taken_back
from vakhta.kernel import journal
from vakhta.kernel.words import NBSP, number_words, phone_words, short_name
from vakhta.places.queries import proper_address
from vakhta.tickets.models import Clock, Ticket

from .sayings import (
    CHANNELS,
    OUTCOMES,
    Known,
    is_late,
    known,
    law,
    nature,
    norm_title,
    title,
    who,
    words,
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
ACTIONS = frozenset(
    {
        facts.InteractionReceived,
        facts.InteractionAnswered,
        facts.InteractionGivenBack,
        facts.InteractionReopened,
        facts.CallAbandoned,
        facts.CallbackMade,
        facts.NumberTold,
        facts.TermsTold,
        facts.AccessAgreed,
        facts.WorkAssigned,
        facts.WorkWithdrawn,
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
        facts.TicketMerged,
        facts.TicketVoided,
        facts.TicketReturned,
        facts.CommentAdded,
        facts.FileAttached,
        facts.ClockPaused,
        facts.ClockResumed,
        facts.ClockBreached,
        facts.TicketRated,
    }
)
"""What stands in the column of actions, with whatever was taken back and what took it back; decisions
and results that hold have columns of their own."""
TITLE_ONLY = frozenset({facts.InteractionReceived})
"""Actions whose words stand in other columns of the same line."""
DECISIONS = frozenset({facts.PlanMade, facts.ServiceTold, facts.ServicesDecided, facts.StepSkipped})
RESULTS = frozenset(
    {
        facts.WorkDone,
        facts.TicketVoided,
        facts.TicketMerged,
        facts.TicketConfirmed,
        facts.TicketReturned,
        facts.TicketClosedUnanswered,
    }
)
NO_NUMBER = "—"
UNKNOWN = "не назван"

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
        """As `COLUMNS`; spaces are plain ones, so that they are found by what people type."""
        told = (
            self.number, f"{self.at:%d.%m.%Y %H:%M:%S}", self.channel, self.applicant, self.address, self.nature,
            self.decision, self.terms, self.assignee, self.actions, self.result,
        )  # fmt: skip
        return tuple(text.replace(NBSP, " ") for text in told)


# ── Tickets ──────────────────────────────────────────────────────────────────────────────────


def tickets(start: datetime, end: datetime, zone: str, chosen: Q) -> Iterator[Line]:
    found = Ticket.objects.select_related("building", "premises").filter(
        chosen, registered_at__gte=start, registered_at__lt=end
    )
    for rows in _batches(found.order_by("registered_at").iterator(BATCH)):
        ids = [row.pk for row in rows]
        origins = dict(
            Interaction.objects.filter(ticket_id__in=ids, outcome="ticket").values_list("pk", "ticket_id")
        )
        records = journal.history(*(f"ticket/{pk}" for pk in ids), *(f"interaction/{pk}" for pk in origins))
        histories = _grouped(records, "ticket", origins)
        clocks = _clocks(ids, origins)
        called = known(records, zone, brief=True)
        assignees, merged = _assignees(ids, records), _merged(ids)
        for row in rows:
            told = _Told(histories.get(row.pk, []), clocks.get(row.pk, []), called.on(row.registered_at))
            yield _line(row, told, assignees.get(row.pk, ""), merged.get(row.pk, []))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _grouped(
    records: Sequence[Recorded], subject: str, origins: dict[int, int] | None = None
) -> dict[int, list[Recorded]]:
    """Facts by their ticket or contact; those of the contact that a ticket began with are the ticket's
    (`origins`: contact → ticket)."""
    found: dict[int, list[Recorded]] = {}
    for record in records:
        value = getattr(record.fact, subject, None)
        if value is None and origins:
            value = origins.get(int(getattr(record.fact, "interaction", None) or 0))
        if value is not None:
            found.setdefault(int(value), []).append(record)
    return found


def _clocks(tickets: Sequence[int], origins: dict[int, int]) -> dict[int, list[Clock]]:
    """Ticket → its clocks and that of the answer to its first contact, the nearest term first."""
    owners = {f"ticket/{pk}": pk for pk in tickets} | {f"interaction/{pk}": t for pk, t in origins.items()}
    found: dict[int, list[Clock]] = {}
    for clock in Clock.objects.filter(subject__in=owners).order_by("due_at"):
        found.setdefault(owners[clock.subject], []).append(clock)
    return found


def _assignees(tickets: list[int], records: Sequence[Recorded]) -> dict[int, str]:
    """Whose the work is or was, the people of a crew by name: those who have reported about it, else all of
    the crew. An order that was taken back is nobody's work."""
    kept = WorkOrder.objects.filter(ticket_id__in=tickets).exclude(state="withdrawn")
    orders = list(kept.select_related("crew", "assignee").order_by("id"))
    members: dict[int, dict[str, str]] = {}
    crews = {order.crew_id for order in orders if order.crew_id}
    for member in CrewMember.objects.select_related("staff").filter(crew_id__in=crews).order_by("id"):
        members.setdefault(member.crew_id, {})[f"staff/{member.staff_id}"] = short_name(member.staff.name)
    actors: dict[int, set[str]] = {}
    for record in records:
        actors.setdefault(int(getattr(record.fact, "work_order", None) or 0), set()).add(record.actor)
    found = {}
    for order in orders:
        crew = members.get(order.crew_id or 0, {})
        people = [name for actor, name in crew.items() if actor in actors.get(order.pk, ())]
        found[order.ticket_id] = _performer(order, people or list(crew.values()))
    return found


def _performer(order: WorkOrder, people: list[str]) -> str:
    """«Бригада 4: Кузнецов П. А.»; whom the running scope does not see is not named."""
    if order.crew_id is None:
        return short_name(order.assignee.name) if order.assignee else "исполнитель службы"
    crew = order.crew.name if order.crew else "бригада службы"
    return f"{crew}: {', '.join(people)}" if people else crew


def _merged(tickets: list[int]) -> dict[int, list[str]]:
    """Ticket → numbers of those that went into it."""
    found: dict[int, list[str]] = {}
    rows = Ticket.objects.filter(merged_into__in=tickets).order_by("id").values_list("merged_into", "number")
    for into, number in rows:
        found.setdefault(into, []).append(number)
    return found


@dataclass(frozen=True)
class _Told:
    """What the journal tells of one line: its facts, its clocks, and what their ids are called."""

    history: list[Recorded]
    clocks: list[Clock]
    known: Known

    @property
    def gone(self) -> frozenset[int]:
        return taken_back(self.history)

    def holding(self, kinds: frozenset[type[facts.Fact]]) -> list[Recorded]:
        """Facts of these kinds that nothing took back."""
        gone = self.gone
        return [r for r in self.history if type(r.fact) in kinds and r.entry not in gone]

    def actions(self) -> list[str]:
        gone = self.gone
        shown = [
            r
            for r in self.history
            if type(r.fact) in ACTIONS
            or isinstance(r.fact, facts.Undone)
            or (r.entry in gone and not isinstance(r.fact, facts.NoticeQueued))
        ]
        shown = [r for r in shown if getattr(r.fact, "undone_kind", "") != "NoticeQueued"]
        shown.sort(key=lambda r: (r.happened_at, r.entry))
        return [self.late_entry(), *(self.action(r, r.entry in gone) for r in shown)]

    def action(self, record: Recorded, is_gone: bool) -> str:
        said = "" if type(record.fact) in TITLE_ONLY else words(record.fact, self.known)
        by = who(record.actor, self.known) if record.actor.startswith(("staff/", "resident/")) else ""
        told = f"{self.known.at(record.happened_at)} {title(record.fact).lower()}"
        told += f": {said}" if said else ""
        told += f" ({by})" if by else ""
        return f"{told} — отменено" if is_gone else told

    def late_entry(self) -> str:
        """The mark of a paper night: when and why it was entered after the fact."""
        first = self.history[0] if self.history else None
        if first is None or not first.late_reason or not is_late(first):
            return ""
        return f"внесено {self.known.at(first.recorded_at)} задним числом: {first.late_reason}"

    def terms(self) -> list[str]:
        return [_term(clock, self.known) for clock in self.clocks]


def _line(row: Ticket, told: _Told, assignee: str, merged: list[str]) -> Line:
    results = [_result(record, told.known) for record in told.holding(RESULTS)]
    joined = f"к ней присоединены: {', '.join(f'№ {number_words(n)}' for n in merged)}" if merged else ""
    return Line(
        number=row.number,
        at=row.registered_at.astimezone(ZoneInfo(told.known.zone)),
        channel=CHANNELS.get(row.channel, row.channel),
        applicant=told.known.joined(row.applicant, phone_words(row.phone)) or UNKNOWN,
        address=proper_address(row.building, row.premises, row.address) or UNKNOWN,
        nature=_sentences(nature(row.classifier), row.description),
        decision=_sentences(*(_decision(record, told.known) for record in told.holding(DECISIONS))),
        terms=_sentences(*told.terms()),
        assignee=_sentences(assignee) or "не назначен",
        actions=_sentences(*told.actions()),
        result=_sentences(row.get_state_display(), *results, joined),
        is_void=row.state == "voided",
    )


def _sentences(*parts: str) -> str:
    """Parts as lines of one cell."""
    return "\n".join(f"{part[:1].upper()}{part[1:]}" for part in parts if part)


def _decision(record: Recorded, known: Known) -> str:
    said = words(record.fact, known)
    if isinstance(record.fact, facts.ServiceTold):
        return f"извещена служба: {said}, {known.at(record.happened_at)}"
    if isinstance(record.fact, facts.ServicesDecided):
        return "другие службы не нужны" if not record.fact.services else ""
    return f"шаг пропущен: {said}" if isinstance(record.fact, facts.StepSkipped) else said


def _term(clock: Clock, known: Known) -> str:
    due = f"до {known.at(clock.due_at)}" if clock.due_at else "приостановлен"
    state = ""
    if clock.is_ended:
        state = ", снят"
    elif clock.stopped_at and clock.due_at:
        met = clock.stopped_at <= clock.due_at
        state = f", {'соблюдён' if met else 'нарушен'}: {known.at(clock.stopped_at)}"
    elif clock.breached_at:
        state = ", нарушен"
    basis = law(clock.norm)
    return f"{norm_title(clock.norm)} {due}{state}{f' ({basis})' if basis else ''}"


RESULT_TITLES = {
    "WorkDone": "сделано",
    "TicketVoided": "аннулирована",
    "TicketMerged": "объединена",
    "TicketConfirmed": "заявитель подтвердил",
    "TicketReturned": "заявитель вернул",
    "TicketClosedUnanswered": "ответа заявителя не было",
}


def _result(record: Recorded, known: Known) -> str:
    said = words(record.fact, known)
    called = f"{RESULT_TITLES[record.fact.kind]} {known.at(record.happened_at)}"
    return f"{called}: {said}" if said else called


# ── Contacts that became no ticket of their own ──────────────────────────────────────────────


def contacts(start: datetime, end: datetime, zone: str, chosen: Q) -> Iterator[Line]:
    found = Interaction.objects.select_related("ticket", "building", "premises", "taken_by").filter(
        chosen, received_at__gte=start, received_at__lt=end
    )
    found = found.exclude(outcome="ticket").order_by("received_at")
    for rows in _batches(found.iterator(BATCH)):
        ids = {row.pk: row.pk for row in rows}
        records = journal.history(*(f"interaction/{pk}" for pk in ids))
        histories, clocks, called = (
            _grouped(records, "interaction"),
            _clocks((), ids),
            known(records, zone, brief=True),
        )
        for row in rows:
            told = _Told(histories.get(row.pk, []), clocks.get(row.pk, []), called.on(row.received_at))
            yield _contact(row, told)


def _contact(row: Interaction, told: _Told) -> Line:
    ended = told.holding(frozenset({facts.InteractionEnded}))
    last = ended[-1].fact if ended else None
    note = last.note if isinstance(last, facts.InteractionEnded) else ""
    until = f"завершено {told.known.at(row.ended_at)}" if row.ended_at else ""
    waits = "ждёт ответа" if row.state == "queued" else "в работе"
    told_of = row.description or row.text or "не записаны"
    return Line(
        number=NO_NUMBER,
        at=row.received_at.astimezone(ZoneInfo(told.known.zone)),
        channel=CHANNELS.get(row.channel, row.channel),
        applicant=told.known.joined(row.caller, phone_words(row.phone)) or UNKNOWN,
        address=proper_address(row.building, row.premises, row.address) or UNKNOWN,
        nature=told_of,
        decision=_sentences(_ending(row, last)),
        terms=_sentences(*told.terms()),
        assignee=f"Диспетчер {short_name(row.taken_by.name)}" if row.taken_by else "",
        actions=_sentences(*told.actions()),
        result=_sentences(until or waits, "" if note == told_of else note),
    )


def _ending(row: Interaction, last: facts.Fact | None) -> str:
    """«Перенаправлено: ЕДДС, 112»: how the contact ended."""
    if row.outcome == "addition" and row.ticket:
        return f"дополнение к заявке № {number_words(row.ticket.number)}"
    to = last.redirected_to if isinstance(last, facts.InteractionEnded) else ""
    said = OUTCOMES.get(row.outcome, "")
    return f"{said}: {to}" if to else said
