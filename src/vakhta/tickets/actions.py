"""What can be done with a ticket. Every verb checks, changes rows and records its facts; all of
them run inside `kernel.journal.acting`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import ROUTES
from vakhta.kernel import journal
from vakhta.kernel.numbering import give_number
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.people.models import Company, DutyContact
from vakhta.places.models import Building, Person, Premises
from vakhta.places.phones import read_phone
from vakhta.places.queries import address_text

from .classifier import norms_of, the_entry
from .models import Ticket
from .queries import clocks_of, work_term


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
    channel: str = "phone"
    damage_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a ticket is: a house of the stock with words of the place in it, or words alone."""

    building: Building | None = None
    premises: Premises | None = None
    address: str = ""


def register_ticket(draft: Draft, *, interaction: int | None = None) -> Ticket:
    """Registers a ticket; its number is given when the change is written (`number` is set on the
    returned object then). Starts the clocks of its norms through TicketRegistered."""
    require("ticket.register")
    entry = the_entry(draft.classifier)
    moment = journal.moment()
    if draft.damage_at is not None and draft.damage_at > moment:
        raise Invalid("Время повреждения не может быть позже регистрации.", "damage_at")
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
        channel=draft.channel,
        registered_at=moment,
        damage_at=draft.damage_at,
        norms=norms_of(entry, draft.company, moment),
        zone=zone,
    )

    pending = _record(ticket, _registration(ticket, interaction))

    def numbered(number: str) -> None:
        ticket.number = number
        Ticket.objects.filter(pk=ticket.pk).update(number=number)
        pending.fact = _registration(ticket, interaction)

    give_number("ticket", centre=draft.centre, at=moment, zone=zone, then=numbered)
    return ticket


def _registration(ticket: Ticket, interaction: int | None) -> facts.TicketRegistered:
    return facts.TicketRegistered(
        ticket=ticket.pk,
        interaction=interaction,
        number=ticket.number,
        classifier=ticket.classifier,
        severity=ticket.severity,
        norms=tuple(ticket.norms),
        damage_at=ticket.damage_at,
        building=ticket.building_id,
        premises=ticket.premises_id,
        zone=ticket.zone,
        description=ticket.description,
        applicant=ticket.applicant,
        phone=ticket.phone,
        address=ticket.address,
    )


# ── Steps of the intake ──────────────────────────────────────────────────────────────────────


def tell_number(ticket: int, *, interaction: int | None = None) -> Ticket:
    """Step 3: the number was announced."""
    require("ticket.register")
    row = open_ticket(ticket)
    _record(row, facts.NumberTold(ticket=row.pk, interaction=interaction))
    return row


def make_plan(ticket: int, note: str, *, interaction: int | None = None) -> Ticket:
    """Step 4."""
    require("ticket.register")
    row = open_ticket(ticket)
    note = clean(note, "plan", "План действий", limit=2000, required=True)
    route = the_entry(row.classifier).route
    _record(row, facts.PlanMade(ticket=row.pk, interaction=interaction, route=route, note=note))
    return row


def tell_service(
    ticket: int, service: str, who: str, *, at: datetime | None = None, interaction: int | None = None
) -> Ticket:
    """Step 5, one service: which, who took the message, when."""
    require("ticket.register")
    row = open_ticket(ticket)
    service = _known_service(service, row.centre_id)
    who = clean(who, "who", "Кто принял", limit=160)
    _record(row, facts.ServiceTold(ticket=row.pk, interaction=interaction, service=service, who=who), at=at)
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
    _record(row, facts.ServicesDecided(ticket=row.pk, interaction=interaction, services=services))
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
    _record(
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
            f"Названный срок позже нормы «{title}»: она истекает "
            f"{term.due_at.astimezone(ZoneInfo(row.zone)):%d.%m.%Y в %H:%M}. "
            "Назовите срок не позже или напишите, почему раньше нельзя.",
            "late_reason",
        )
    return str(term.norm)


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
        if (until or since) <= journal.moment():
            raise Invalid("Время допуска уже прошло: укажите день и время впереди.", "access_since")
        if until is not None and until <= since:
            raise Invalid("Конец допуска должен быть позже начала.", "access_until")
    _record(
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


def complete_intake(ticket: int, *, interaction: int) -> Ticket:
    """Step 9."""
    require("ticket.register")
    row = the_ticket(ticket)
    _record(row, facts.IntakeCompleted(ticket=row.pk, interaction=interaction))
    return row


def accept_service_word(ticket: int, *, service: str, who: str, at: datetime | None, note: str) -> Ticket:
    """Ends a ticket whose work is another service's: which, who of it said so, when it was done, in
    what words. The clocks stop at `at`; one of the minute of registration is the registration's."""
    require("ticket.correct")
    row = open_ticket(ticket)
    if ROUTES[the_entry(row.classifier).route].own_crew:
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
    _move(row, "done", done_at=at)
    _record(row, facts.WorkDone(ticket=row.pk, note=note, service=service, who=who), at=at)
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
    _record(row, done)
    return row


# ── Changes ──────────────────────────────────────────────────────────────────────────────────


def comment(ticket: int, text: str) -> Ticket:
    require("ticket.comment")
    row = the_ticket(ticket)
    text = clean(text, "text", "Комментарий", limit=4000, required=True)
    _record(row, facts.CommentAdded(ticket=row.pk, text=text))
    return row


def correct_ticket(
    ticket: int,
    *,
    version: int,
    reason: str,
    classifier: str | None = None,
    description: str | None = None,
    damage_at: datetime | None = None,
    place: Place | None = None,
    applicant: str | None = None,
    phone: str | None = None,
) -> Ticket:
    """Corrects a ticket with its reason; a new nature brings its own norms, from the same start. What
    is None stays. A house of another company or zone is refused: it has other terms and another crew.
    `version` is the one that the corrector saw: an older one is refused and nothing is lost."""
    require("ticket.correct")
    row = open_ticket(ticket)
    reason = clean(reason, "reason", "Причина исправления", limit=500, required=True)
    changes: dict[str, Any] = {}
    if classifier and classifier != row.classifier:
        entry = the_entry(classifier)
        changes["classifier"], changes["severity"] = entry.code, entry.severity
        changes["norms"] = norms_of(entry, row.company_id, row.registered_at)
    if description is not None:
        text = clean(description, "description", "Что случилось", limit=4000)
        if text != row.description:
            changes["description"] = text
    if damage_at is not None and damage_at != row.damage_at:
        if damage_at > row.registered_at:
            raise Invalid("Время повреждения не может быть позже регистрации.", "damage_at")
        changes["damage_at"] = damage_at
    changes |= _moved(row, place) | _whose(row, applicant, phone)
    if not changes:
        raise Invalid("Ничего не изменено.", "description")
    spoken = {
        f"{name}_{side}": said
        for name in SPOKEN
        if name in changes
        for side, said in (("before", getattr(row, name)), ("after", changes[name]))
    }
    before: dict[str, Any] = {key: getattr(row, key) for key in CODED if key in changes}
    _change(row, version, **changes)
    _record(
        row,
        facts.TicketCorrected(
            ticket=row.pk,
            before=before,
            after={key: changes[key] for key in before},
            norms=tuple(changes.get("norms", ())),
            damage_at=changes.get("damage_at"),
            reason=reason,
            **spoken,
        ),
    )
    return row


CODED = ("classifier", "severity", "building_id", "premises_id")
"""Fields of a correction that are codes and ids; `SPOKEN` are words of people."""
SPOKEN = ("description", "address", "applicant", "phone")


def _moved(row: Ticket, place: Place | None) -> dict[str, Any]:
    """What changes when the ticket is about another place."""
    if place is None:
        return {}
    house, flat = place.building, place.premises
    said = clean(place.address, "address", "Адрес", limit=250)
    address = ", ".join(part for part in (address_text(house, flat), said) if part) if house else said
    if not address:
        raise Invalid("Без адреса заявки нет: найдите дом или напишите словами, где это.", "address")
    where = (house.pk if house else None, flat.pk if flat else None, address[:250])
    if where == (row.building_id, row.premises_id, row.address):
        return {}
    if house and house.company_id != row.company_id:
        raise Invalid(
            f"Дом {house} обслуживает {house.company.short_name}, а заявка — {row.company.short_name}. "
            "Аннулируйте заявку и зарегистрируйте новую по этому адресу.",
            "address",
        )
    if house and house.zone != row.zone:
        raise Invalid(
            f"Дом {house} в другом часовом поясе, сроки там другие. Аннулируйте заявку и зарегистрируйте новую.",
            "address",
        )
    changes: dict[str, Any] = dict(zip(("building_id", "premises_id", "address"), where, strict=True))
    if row.person_id and row.premises_id != changes["premises_id"]:
        changes["person_id"] = None  # whoever lives in the one flat is not the applicant of another
        if not row.applicant and row.person:
            changes["applicant"] = row.person.name
    return {name: value for name, value in changes.items() if value != getattr(row, name)}


def _whose(row: Ticket, applicant: str | None, phone: str | None) -> dict[str, Any]:
    """What changes when the applicant was written down wrong."""
    changes: dict[str, Any] = {}
    if applicant is not None:
        name = clean(applicant, "applicant", "Заявитель", limit=160)
        if name != row.applicant:
            changes["applicant"] = name
            changes |= {"person_id": None} if row.person_id else {}
    if phone is not None and (number := read_phone(phone)) != row.phone:
        changes["phone"] = number
    return changes


def void_ticket(ticket: int, reason: str) -> Ticket:
    """Registered by mistake; the number is kept."""
    require("ticket.void")
    row = open_ticket(ticket)
    reason = clean(reason, "reason", "Причина", limit=500, required=True)
    _move(row, "voided", closed_at=journal.moment())
    _record(row, facts.TicketVoided(ticket=row.pk, reason=reason))
    return row


def merge_ticket(ticket: int, into: int, reason: str) -> Ticket:
    """The ticket goes into another one of the same company; its number is kept."""
    require("ticket.correct")
    row, target = open_ticket(ticket), open_ticket(into)
    if row.pk == target.pk:
        raise Invalid("Заявку нельзя объединить с самой собой.", "into")
    if row.company_id != target.company_id:
        raise Invalid("Заявки разных управляющих организаций не объединяют.", "into")
    reason = clean(reason, "reason", "Причина", limit=500, required=True)
    _move(row, "merged", merged_into=target, closed_at=journal.moment())
    _record(row, facts.TicketMerged(ticket=row.pk, into=target.pk, reason=reason))
    return row


UNDO_FOR = timedelta(minutes=10)
"""So long a voiding or a merging can be taken back; later a correction needs a new ticket."""


def undo_end(ticket: int, entry: int) -> Ticket:
    """Takes back the voiding or merging that journal entry `entry` recorded: a compensating fact. The
    ticket is open again without an assignee, and its clocks run from where they did."""
    row = the_ticket(ticket)
    ended = next((r for r in reversed(journal.history(f"ticket/{ticket}")) if r.fact.kind in _ENDS), None)
    if ended is None or ended.entry != entry or row.state not in ("voided", "merged"):
        raise Conflict("Отменять уже нечего: заявка с тех пор изменилась.")
    require("ticket.void" if row.state == "voided" else "ticket.correct")
    if journal.current_unit().at - ended.recorded_at > UNDO_FOR:
        raise Conflict("Прошло больше десяти минут: отменить нельзя, зарегистрируйте новую заявку.")
    _move(row, "registered", closed_at=None, merged_into=None)
    _record(row, facts.Undone(undoes=entry, undone_kind=ended.fact.kind, ticket=row.pk))
    return row


_ENDS = ("TicketVoided", "TicketMerged")


def pause_clock(ticket: int, norm: str, why: str, note: str = "") -> Ticket:
    """Pauses one clock where its norm allows that; the pure rules refuse the rest."""
    require("ticket.correct")
    row = open_ticket(ticket)
    note = clean(note, "note", "Пояснение", limit=500)
    _record(row, facts.ClockPaused(ticket=row.pk, norm=norm, why=why, note=note))
    return row


def resume_clock(ticket: int, norm: str) -> Ticket:
    require("ticket.correct")
    row = open_ticket(ticket)
    _record(row, facts.ClockResumed(ticket=row.pk, norm=norm))
    return row


# ── The applicant's word ─────────────────────────────────────────────────────────────────────


def confirm_ticket(ticket: int, *, rating: int | None, review: str = "") -> Ticket:
    """The applicant confirms a done ticket: it closes."""
    row = the_ticket(ticket)
    _check_done(row)
    review = clean(review, "review", "Отзыв", limit=2000)
    if rating is not None and not 1 <= rating <= 5:
        raise Invalid("Оценка — число от 1 до 5.", "rating")
    _move(row, "closed", closed_at=journal.moment(), rating=rating)
    _record(row, facts.TicketConfirmed(ticket=row.pk, rating=rating, review=review))
    return row


def rate_ticket(ticket: int, *, rating: int | None, review: str = "") -> Ticket:
    """The applicant's 1–5 and a review of a closed ticket, once; the same rating again changes
    nothing (a page that is sent twice)."""
    row = the_ticket(ticket)
    review = clean(review, "review", "Отзыв", limit=2000)
    if rating is None or not 1 <= rating <= 5:
        raise Invalid("Выберите оценку от 1 до 5.", "rating")
    if row.state != "closed":
        raise Conflict(f"Заявка № {row.number} {row.get_state_display()}: оценить можно закрытую.")
    if row.rating == rating:
        return row
    if row.rating is not None:
        raise Conflict(f"Оценка уже записана: {row.rating} из 5.")
    _change(row, row.version, rating=rating)
    _record(row, facts.TicketRated(ticket=row.pk, rating=rating, review=review))
    return row


def return_ticket(ticket: int, *, review: str, rating: int | None = None) -> Ticket:
    """The applicant says that it is not done: the ticket is open again and without an assignee."""
    row = the_ticket(ticket)
    _check_done(row)
    review = clean(review, "review", "Что не сделано", limit=2000, required=True)
    _move(row, "registered", done_at=None, rating=rating)
    _record(row, facts.TicketReturned(ticket=row.pk, rating=rating, review=review))
    return row


def close_unanswered(ticket: int) -> Ticket:
    """Done and unanswered for the configured term."""
    row = the_ticket(ticket)
    _check_done(row)
    _move(row, "closed", closed_at=journal.moment())
    _record(row, facts.TicketClosedUnanswered(ticket=row.pk))
    return row


def unanswered(limit: int = 100) -> list[int]:
    """Done tickets whose applicant has been silent for the company's term."""
    at = journal.current_unit().at
    found = Ticket.objects.filter(state="done").annotate(days=F("company__auto_close_days"))
    shortest = found.filter(done_at__lt=at - timedelta(days=1)).order_by("done_at")[: limit * 10]
    return [row.pk for row in shortest if row.done_at < at - timedelta(days=row.days)][:limit]


def _check_done(row: Ticket) -> None:
    if row.state != "done":
        raise Conflict(
            f"Заявка № {row.number} {row.get_state_display()}: подтвердить можно только выполненную."
        )


# ── For the other verbs ──────────────────────────────────────────────────────────────────────


def the_ticket(ticket: int) -> Ticket:
    row: Ticket | None = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket).first()
    if row is None:
        raise NotFound("Такой заявки нет.")
    return row


def open_ticket(ticket: int) -> Ticket:
    """The ticket, locked until commit; refused when it is done, closed, merged or void."""
    row = the_ticket(ticket)
    if not row.is_open:
        raise Conflict(f"Заявка № {row.number} {row.get_state_display()}: её уже нельзя изменить.")
    return row


def advance_ticket(row: Ticket, state: str) -> None:
    """Follows the work order: sets the ticket's state; `done` also sets `done_at`."""
    _move(row, state, done_at=journal.moment() if state == "done" else None)


def _move(row: Ticket, state: str, **changes: Any) -> None:
    _change(row, row.version, state=state, **changes)


def _change(row: Ticket, version: int, **changes: Any) -> None:
    """Changes a locked row if it still has `version`."""
    changed = Ticket.objects.filter(pk=row.pk, version=version).update(version=version + 1, **changes)
    if not changed:
        raise Conflict(
            "Пока вы правили, заявку изменил кто-то другой. Ваш текст сохранён в форме: сверьте и отправьте ещё раз.",
            "version",
        )
    row.version = version + 1
    for name, value in changes.items():
        setattr(row, name, value)


def _record(row: Ticket, fact: facts.Fact, *, at: datetime | None = None) -> journal.Pending:
    return journal.record(fact, company=row.company_id, centre=row.centre_id, happened_at=at)
