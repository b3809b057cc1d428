"""What can be done with a ticket. Every verb checks, changes rows and records its facts; all of
them run inside `kernel.journal.acting`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES
from vakhta.domain.histories import taken_back
from vakhta.domain.regulations import NORMS
from vakhta.kernel import journal
from vakhta.kernel.numbering import give_number
from vakhta.kernel.refusal import Conflict, Invalid, clean, require
from vakhta.kernel.words import moment_words
from vakhta.people.models import Company, DutyContact
from vakhta.places.models import Building, Person, Premises
from vakhta.places.queries import proper_address

from .classifier import OF_SERVICES, norms_of, the_entry
from .models import Ticket
from .queries import clocks_of, work_term
from .rows import (
    UNDO_FOR,
    advance_ticket,
    check_damage,
    move_ticket,
    open_ticket,
    record,
    said_of,
    the_ticket,
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a ticket is made of. Applicant, phone and flat may be unknown."""

    company: int
    centre: int
    classifier: str
    description: str = ""
    building: Building | None = None
    premises: Premises | None = None
    address: str = ""
    person: Person | None = None
    applicant: str = ""
    phone: str = ""
    email: str = ""
    wants_letters: bool = True
    channel: str = "phone"
    damage_at: datetime | None = None
    reported_at: datetime | None = None
    """When the applicant said it; None: at the registration."""


def register_ticket(draft: Draft, *, interaction: int | None = None) -> Ticket:
    """Registers a ticket; its number is given when the change is written (`number` is set on the
    returned object then). Starts the clocks of its norms through TicketRegistered."""
    require("ticket.register")
    entry = the_entry(draft.classifier)
    moment = journal.moment()
    check_damage(draft.damage_at, moment)
    zone = draft.building.zone if draft.building else Company.objects.get(pk=draft.centre).zone
    ticket: Ticket = Ticket.objects.create(
        company_id=draft.company,
        centre_id=draft.centre,
        classifier=entry.code,
        severity=entry.severity,
        description=clean(draft.description, "description", "Что случилось", limit=4000),
        building=draft.building,
        premises=draft.premises,
        address=clean(draft.address, "address", "Адрес", limit=250),
        person=draft.person,
        applicant=clean(draft.applicant, "applicant", "Заявитель", limit=160),
        phone=draft.phone,
        email=draft.email,
        wants_letters=draft.wants_letters,
        channel=draft.channel,
        registered_at=moment,
        damage_at=draft.damage_at,
        norms=norms_of(entry, draft.company, moment),
        zone=zone,
    )

    said_at = draft.reported_at if draft.reported_at and draft.reported_at < moment else None
    pending = record(ticket, _registration(ticket, interaction, said_at))

    def numbered(number: str) -> None:
        ticket.number = number
        Ticket.objects.filter(pk=ticket.pk).update(number=number)
        pending.fact = _registration(ticket, interaction, said_at)

    give_number("ticket", centre=draft.centre, at=moment, zone=zone, then=numbered)
    return ticket


def _registration(
    ticket: Ticket, interaction: int | None, reported_at: datetime | None
) -> facts.TicketRegistered:
    return facts.TicketRegistered(
        ticket=ticket.pk,
        interaction=interaction,
        number=ticket.number,
        channel=ticket.channel,
        classifier=ticket.classifier,
        severity=ticket.severity,
        norms=tuple(ticket.norms),
        damage_at=ticket.damage_at,
        reported_at=reported_at,
        building=ticket.building_id,
        premises=ticket.premises_id,
        zone=ticket.zone,
        description=ticket.description,
        applicant=ticket.applicant,
        phone=ticket.phone,
        address=proper_address(ticket.building, ticket.premises, ticket.address),
    )


# ── Steps of the intake ──────────────────────────────────────────────────────────────────────


def tell_number(ticket: int, *, interaction: int | None = None, at: datetime | None = None) -> Ticket:
    """Step 3: the number was announced; `at`: when, if it is written down later (after a night on paper the
    ticket may be done by then)."""
    require("ticket.register")
    row = the_ticket(ticket)
    if row.state in ("merged", "voided") or row.is_old:
        raise Conflict(
            "Заявка № %(number)s %(state)s: её номер называть незачем.",
            **said_of(row),
        )
    if at is not None:
        if at > journal.moment():
            raise Invalid("Номер не мог быть назван в будущем: проверьте время.", "at")
        if at < row.registered_at.replace(second=0, microsecond=0):
            raise Invalid("Номер не мог быть назван раньше, чем заявку приняли: проверьте время.", "at")
        at = max(at, row.registered_at)
    record(row, facts.NumberTold(ticket=row.pk, interaction=interaction), at=at)
    return row


def make_plan(ticket: int, note: str, *, interaction: int | None = None) -> Ticket:
    """Step 4."""
    require("ticket.register")
    row = open_ticket(ticket)
    note = clean(note, "plan", "План действий", limit=2000, required=True)
    route = the_entry(row.classifier).route
    record(row, facts.PlanMade(ticket=row.pk, interaction=interaction, route=route, note=note))
    return row


def tell_service(
    ticket: int, service: str, who: str, *, at: datetime | None = None, interaction: int | None = None
) -> Ticket:
    """Step 5, one service: which, who took the message, when."""
    require("ticket.register")
    row = open_ticket(ticket)
    service = _known_service(service, row.centre_id)
    who = clean(who, "who", "Кто принял", limit=160)
    record(row, facts.ServiceTold(ticket=row.pk, interaction=interaction, service=service, who=who), at=at)
    return row


def _known_service(said: str, centre: int) -> str:
    service = clean(said, "service", "Служба", limit=60, required=True)
    listed = DutyContact.objects.filter(company_id=centre, kind="service", code=service)
    if service not in SERVICES and not listed.exists():
        raise Invalid("Такой службы нет в справочнике: выберите из списка.", "service")
    return service


def decide_services(ticket: int, services: tuple[str, ...], *, interaction: int | None = None) -> Ticket:
    """Step 5 closed: which services are involved, or none."""
    require("ticket.register")
    row = open_ticket(ticket)
    record(row, facts.ServicesDecided(ticket=row.pk, interaction=interaction, services=services))
    return row


def tell_terms(
    ticket: int,
    until: datetime | None,
    *,
    how: str = "phone",
    reason: str = "",
    interaction: int | None = None,
) -> Ticket:
    """Step 6: stops the «terms told» clock. A term later than the norm's needs a `reason`: the applicant is
    told the truth, and the journal why. What was told in a night on paper was told."""
    require("ticket.register")
    row = open_ticket(ticket)
    if until is not None and until <= journal.moment():
        raise Invalid("Назван срок, который уже прошёл: укажите день и время впереди.", "until_day")
    reason = clean(reason, "late_reason", "Почему позже нормы", limit=300)
    beyond = _passed_norm(row, until, reason) if until else ""
    record(
        row,
        facts.TermsTold(
            ticket=row.pk,
            interaction=interaction,
            until=until,
            how=how,
            beyond=beyond,
            reason=reason if beyond else "",
        ),
    )
    return row


def _passed_norm(row: Ticket, until: datetime, reason: str) -> str:
    """Code of the norm whose term the told one passes, "" when none; refused then without a reason."""
    term = work_term(clocks_of(row.pk)[row.pk])
    if term is None or term.due_at is None or until <= term.due_at:
        return ""
    if not reason and not journal.current_unit().late_reason:
        title = NORMS[term.norm].title if term.norm in NORMS else term.norm
        raise Invalid(
            "Названный срок позже нормы «%(title)s»: она истекает %(due)s. Назовите срок не позже или напишите, почему раньше нельзя.",
            "late_reason",
            title=gettext(title),
            due=moment_words(term.due_at, row.zone, journal.moment()),
        )
    return str(term.norm)


AGREED_AHEAD = timedelta(days=366)
"""So far ahead a visit may be agreed."""


def agree_access(
    ticket: int,
    *,
    needed: bool,
    since: datetime | None = None,
    until: datetime | None = None,
    reason: str = "",
    worker: str = "",
    interaction: int | None = None,
) -> Ticket:
    """Step 7: date, time, reason and the worker's name, or that no access is needed."""
    require("ticket.register")
    row = open_ticket(ticket)
    if needed:
        reason = clean(reason, "access_reason", "Причина допуска", limit=300, required=True)
        worker = clean(worker, "access_worker", "Кто придёт", limit=160, required=True)
        if since is None:
            raise Invalid("Укажите дату и время допуска, например 24.11 14:30.", "access_since")
        _require_ahead(row, since, until)
        if until is not None and until <= since:
            raise Invalid("Конец допуска должен быть позже начала.", "access_until")
    record(
        row,
        facts.AccessAgreed(
            ticket=row.pk,
            interaction=interaction,
            needed=needed,
            since=since,
            until=until,
            reason=reason if needed else "",
            worker=worker if needed else "",
        ),
    )
    return row


def _require_ahead(row: Ticket, since: datetime, until: datetime | None) -> None:
    """A visit is ahead, and not years: that is a slip in the year."""
    zone, now = ZoneInfo(row.zone), journal.moment()
    apart = since.astimezone(zone).date() - now.astimezone(zone).date()
    if apart > AGREED_AHEAD:
        raise Invalid("До этого дня больше года: проверьте год.", "access_day")
    if (until or since) <= now:
        wrong = "access_day" if apart < timedelta() else "access_since"
        raise Invalid("Время допуска уже прошло: укажите день и время впереди.", wrong)


def complete_intake(ticket: int, *, interaction: int) -> Ticket:
    """Step 9."""
    require("ticket.register")
    row = the_ticket(ticket)
    record(row, facts.IntakeCompleted(ticket=row.pk, interaction=interaction))
    return row


def accept_service_word(ticket: int, *, service: str, who: str, at: datetime | None, note: str) -> Ticket:
    """Ends a ticket whose work is another service's: which, who of it said so, when it was done, in
    what words. The clocks stop at `at`; one of the minute of registration is the registration's."""
    require("ticket.correct")
    row = open_ticket(ticket)
    if row.classifier not in OF_SERVICES:
        raise Conflict("Эту заявку выполняет своя бригада: её отметка «Выполнено» и завершит заявку.")
    service = _known_service(service, row.centre_id)
    who = clean(who, "who", "Кто сказал", limit=160, required=True)
    note = clean(note, "note", "Что сказали", limit=2000, required=True)
    if at is None:
        raise Invalid("Укажите, когда служба закончила.", "at")
    if at > journal.moment():
        raise Invalid("Служба не могла закончить в будущем: проверьте время.", "at")
    start = _open_since(row)
    if at < start.replace(second=0, microsecond=0):
        raise Invalid("Служба не могла закончить раньше, чем заявка открыта: проверьте время.", "at")
    at = max(at, start)
    move_ticket(row, "done", done_at=at)
    record(row, facts.WorkDone(ticket=row.pk, note=note, service=service, who=who), at=at)
    return row


def _open_since(row: Ticket) -> datetime:
    """When the ticket was registered, or came back last."""
    back = [r.happened_at for r in journal.history(f"ticket/{row.pk}") if r.fact.kind == "TicketReturned"]
    return max([row.registered_at, *back])


def record_progress(ticket: int, state: str, note: str = "") -> Ticket:
    """Contained or done as a paper journal says it, without a work order."""
    require("journal.enter_late")
    row = open_ticket(ticket)
    advance_ticket(row, state)
    note = clean(note, "done_note", "Что сделано", limit=2000)
    done = (
        facts.WorkDone(ticket=row.pk, note=note) if state == "done" else facts.DamageContained(ticket=row.pk)
    )
    record(row, done)
    return row


def comment(ticket: int, text: str) -> Ticket:
    require("ticket.comment")
    row = the_ticket(ticket)
    text = clean(text, "text", "Комментарий", limit=4000, required=True)
    record(row, facts.CommentAdded(ticket=row.pk, text=text))
    return row


def undo_comment(ticket: int, entry: int) -> Ticket:
    """Takes back the comment that journal entry `entry` holds, by whoever wrote it, for ten minutes: a compensating
    fact. Its words stay in the journal, marked as taken back."""
    require("ticket.comment")
    row = the_ticket(ticket)
    history = journal.history(f"ticket/{row.pk}")
    said = next((r for r in history if r.entry == entry and isinstance(r.fact, facts.CommentAdded)), None)
    if said is None or entry in taken_back(history) or said.actor != journal.current_unit().scope.actor:
        raise Conflict("Отменять уже нечего: такого вашего комментария нет.")
    if journal.current_unit().at - said.recorded_at > UNDO_FOR:
        raise Conflict("Прошло больше десяти минут: допишите ещё один комментарий.")
    record(row, facts.Undone(undoes=entry, undone_kind="CommentAdded", ticket=row.pk))
    return row
