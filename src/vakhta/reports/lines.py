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
from vakhta.crews.models import Crew, CrewMember
from vakhta.domain import facts
from vakhta.domain.deadlines import Clock
from vakhta.domain.facts import ERASED, Recorded
from vakhta.domain.histories import taken_back
from vakhta.domain.routes import TICKET
from vakhta.domain.told import Told, contact_told, ticket_told
from vakhta.kernel import journal
from vakhta.kernel.models import Entry
from vakhta.kernel.words import NBSP, inside, number_words, phone_words, short_name
from vakhta.people.models import Staff
from vakhta.places.models import Building
from vakhta.places.queries import address_text, proper_address
from vakhta.tickets.models import Ticket

from .sayings import (
    CHANNELS,
    OUTCOMES,
    Known,
    is_late,
    known,
    nature,
    title,
    who,
    words,
)
from .terms import term_words, terms_of

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

Item = TypeVar("Item")


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
    outcome: str = ""
    """Of a contact that became no ticket: how it ended, one of OUTCOMES; empty while it has not."""

    def cells(self) -> tuple[str, ...]:
        """As `COLUMNS`; spaces are plain ones, so that they are found by what people type."""
        told = (
            self.number, f"{self.at:%d.%m.%Y %H:%M:%S}", self.channel, self.applicant, self.address, self.nature,
            self.decision, self.terms, self.assignee, self.actions, self.result,
        )  # fmt: skip
        return tuple(text.replace(NBSP, " ") for text in told)


# ── Tickets ──────────────────────────────────────────────────────────────────────────────────


def tickets(start: datetime, end: datetime, zone: str, chosen: Q, at: datetime) -> Iterator[Line]:
    """Of the tickets that were registered in the time, as they stand `at`. `chosen`: by company and centre of the
    entries."""
    registered = Entry.objects.filter(
        chosen, kind="TicketRegistered", happened_at__gte=start, happened_at__lt=end
    ).order_by("happened_at")
    for entries in _batches(registered.iterator(BATCH)):
        origins = {
            int(entry.body["interaction"]): int(entry.body["ticket"])
            for entry in entries
            if entry.body.get("interaction") is not None
        }
        ids = [int(entry.body["ticket"]) for entry in entries]
        records = journal.history(*(f"ticket/{pk}" for pk in ids), *(f"interaction/{pk}" for pk in origins))
        histories = _grouped(records, "ticket", origins)
        owners = {f"ticket/{pk}": pk for pk in ids} | {f"interaction/{i}": t for i, t in origins.items()}
        terms = terms_of(records, owners, at)
        called = known(records, zone, brief=True)
        assignees, merged = _assignees(records), _merged(ids)
        stories = {pk: ticket_told(histories[pk]) for pk in ids}
        _placed(stories.values())
        for pk, story in stories.items():
            told = _Told(histories[pk], terms.get(pk, []), called.on(_moment(story)))
            yield _line(story, told, assignees.get(pk, ""), merged.get(pk, []))


def _batches(rows: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
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


def _assignees(records: Sequence[Recorded]) -> dict[int, str]:
    """Ticket → whose the work is or was, the people of a crew by name: those who have reported about it, else
    all of the crew. An order that was taken back before anybody came is nobody's work."""
    gone = taken_back(records)
    held = [r for r in records if r.entry not in gone]
    came = {r.fact.work_order for r in held if isinstance(r.fact, facts.CrewOnSite)}
    withdrawn = {
        int(r.fact.work_order)
        for r in held
        if isinstance(r.fact, facts.WorkWithdrawn) and r.fact.work_order not in came
    }
    orders = [
        r.fact
        for r in held
        if isinstance(r.fact, facts.WorkAssigned) and int(r.fact.work_order) not in withdrawn
    ]
    actors: dict[int, set[str]] = {}
    for record in records:
        actors.setdefault(int(getattr(record.fact, "work_order", None) or 0), set()).add(record.actor)
    crews = {int(order.crew) for order in orders if order.crew is not None}
    names = dict(Crew.objects.filter(pk__in=crews).values_list("pk", "name"))
    members: dict[int, dict[str, str]] = {}
    for member in CrewMember.objects.select_related("staff").filter(crew_id__in=crews).order_by("id"):
        members.setdefault(member.crew_id, {})[f"staff/{member.staff_id}"] = short_name(member.staff.name)
    alone = {int(order.assignee) for order in orders if order.crew is None and order.assignee is not None}
    staff = dict(Staff.objects.filter(pk__in=alone).values_list("pk", "name"))
    found = {}
    for order in orders:
        if order.crew is None:
            found[int(order.ticket)] = (
                short_name(staff.get(int(order.assignee or 0), "")) or "исполнитель службы"
            )
            continue
        crew = members.get(int(order.crew), {})
        people = [name for actor, name in crew.items() if actor in actors.get(int(order.work_order), ())]
        called = names.get(int(order.crew), "бригада службы")
        who = ", ".join(people or crew.values())
        found[int(order.ticket)] = f"{called}: {who}" if who else called
    return found


def _merged(tickets: list[int]) -> dict[int, list[str]]:
    """Ticket → numbers of those that went into it."""
    into = Ticket.objects.filter(merged_into__in=tickets).order_by("id").values_list("pk", flat=True)
    found: dict[int, list[str]] = {}
    if ids := list(into):
        for history in _grouped(journal.history(*(f"ticket/{pk}" for pk in ids)), "ticket").values():
            gone = taken_back(history)
            for record in history:
                if isinstance(record.fact, facts.TicketMerged) and record.entry not in gone:
                    found.setdefault(int(record.fact.into), []).append(ticket_told(history).number)
    return found


def _moment(story: Told) -> datetime:
    assert story.at is not None, "the founding fact is what the line was chosen by"
    return story.at


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
        told = f"{self.known.at(record.happened_at)} {inside(title(record.fact))}"
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
        return [term_words(clock, self.known) for clock in self.clocks]


def _line(story: Told, told: _Told, assignee: str, merged: list[str]) -> Line:
    results = [_result(record, told.known) for record in told.holding(RESULTS)]
    joined = f"к ней присоединены: {', '.join(f'№ {number_words(n)}' for n in merged)}" if merged else ""
    return Line(
        number=story.number,
        at=_moment(story).astimezone(ZoneInfo(told.known.zone)),
        channel=CHANNELS.get(story.channel, story.channel),
        applicant=told.known.joined(story.applicant, phone_words(story.phone)) or UNKNOWN,
        address=story.address or UNKNOWN,
        nature=_sentences(nature(story.classifier), story.text),
        decision=_sentences(*(_decision(record, told.known) for record in told.holding(DECISIONS))),
        terms=_sentences(*told.terms()),
        assignee=_sentences(assignee) or "не назначен",
        actions=_sentences(*told.actions()),
        result=_sentences(TICKET.states[story.state], *results, joined),
        is_void=story.state == "voided",
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


def contacts(start: datetime, end: datetime, zone: str, chosen: Q, at: datetime) -> Iterator[Line]:
    """Of the contacts that arrived in the time, as they stand `at`. `chosen`: by company and centre, of the entries and of the rows:
    whose a contact is may be found out after its arrival."""
    for ids in _batches(_arrived(start, end, chosen)):
        records = journal.history(*(f"interaction/{pk}" for pk in ids))
        histories = _grouped(records, "interaction")
        terms = terms_of(records, {f"interaction/{pk}": pk for pk in ids if histories.get(pk)}, at)
        stories = {pk: contact_told(histories.get(pk, [])) for pk in ids}
        _hidden(stories)
        _placed(stories.values())
        called = known(records, zone, brief=True, tickets=_numbers(stories.values()))
        for pk, story in stories.items():
            if story.outcome != "ticket" and start <= _moment(story) < end:
                yield _contact(
                    story, _Told(histories.get(pk, []), terms.get(pk, []), called.on(_moment(story)))
                )


def _arrived(start: datetime, end: datetime, chosen: Q) -> list[int]:
    """Contacts of the time by what the journal says of them, and by their rows those whose arrival stands in
    another's part of it. A row that is gone or says otherwise hides nothing from whoever reads it all."""
    within = {"kind": "InteractionReceived", "happened_at__gte": start, "happened_at__lt": end}
    said = {
        int(pk) for pk in Entry.objects.filter(chosen, **within).values_list("body__interaction", flat=True)
    }
    elsewhere = (
        Interaction.objects.filter(pk__in=said).exclude(chosen) if chosen else Interaction.objects.none()
    )
    rows = Interaction.objects.filter(chosen, received_at__gte=start, received_at__lt=end)
    of_rows = set(rows.values_list("pk", flat=True))
    return sorted((said - set(elsewhere.values_list("pk", flat=True))) | of_rows)


def _hidden(stories: dict[int, Told]) -> None:
    """What stands before the reader's part of the journal is told by the row: a contact whose company was found
    out after its arrival."""
    wanted = [pk for pk, story in stories.items() if story.at is None]
    for row in Interaction.objects.select_related("building", "premises").filter(pk__in=wanted):
        story = stories[row.pk]
        story.at, story.channel, story.text = row.received_at, row.channel, story.text or row.text
        story.outcome, story.state = story.outcome or row.outcome, row.state
        story.applicant, story.phone = story.applicant or row.caller, story.phone or row.phone
        story.address = story.address or proper_address(row.building, row.premises, row.address)
        story.operator = story.operator or row.taken_by_id
    for pk in wanted:
        if stories[pk].at is None:
            del stories[pk]


def _placed(stories: Iterable[Told]) -> None:
    """A house is no personal word: where those of the address were deleted by law, the stock tells it."""
    wanted = [story for story in stories if story.building is not None and story.address in ("", ERASED)]
    houses = Building.objects.in_bulk([story.building for story in wanted])
    for story in wanted:
        house = houses.get(story.building or 0)
        story.address = address_text(house, None) if house else story.address


def _numbers(stories: Iterable[Told]) -> dict[int, str]:
    """Ticket → its number, as the journal has it."""
    ids = {story.ticket for story in stories if story.ticket is not None and story.outcome == "addition"}
    records = journal.history(*(f"ticket/{pk}" for pk in ids)) if ids else []
    return {int(r.fact.ticket): r.fact.number for r in records if isinstance(r.fact, facts.TicketRegistered)}


def _contact(story: Told, told: _Told) -> Line:
    until = f"завершено {told.known.at(story.ended_at)}" if story.ended_at else ""
    waits = "ждёт ответа" if story.state == "queued" else "в работе"
    told_of = story.text or story.note or "не записаны"
    operator = told.known.staff.get(story.operator or 0, "")
    return Line(
        number=NO_NUMBER,
        at=_moment(story).astimezone(ZoneInfo(told.known.zone)),
        channel=CHANNELS.get(story.channel, story.channel),
        applicant=told.known.joined(story.applicant, phone_words(story.phone)) or UNKNOWN,
        address=story.address or UNKNOWN,
        nature=told_of,
        decision=_sentences(_ending(story, told.known)),
        terms=_sentences(*told.terms()),
        assignee=f"Диспетчер {short_name(operator)}" if operator else "",
        actions=_sentences(*told.actions()),
        result=_sentences(until or waits, "" if story.note == told_of else story.note),
        outcome=story.outcome,
    )


def _ending(story: Told, known: Known) -> str:
    """«Перенаправлено: ЕДДС, 112»: how the contact ended."""
    number = known.tickets.get(story.ticket or 0)
    if story.outcome == "addition" and number:
        return f"дополнение к заявке № {number_words(number)}"
    said = OUTCOMES.get(story.outcome, "")
    return f"{said}: {story.redirected_to}" if story.redirected_to else said
