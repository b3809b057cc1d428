"""What is changed about a registered ticket: it is corrected, voided or merged, that is taken back, and a
clock is paused. Every verb runs inside `kernel.journal.acting`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vakhta.domain import facts
from vakhta.domain.facts import SEVERITIES, Recorded
from vakhta.domain.histories import taken_back
from vakhta.domain.norms import AGREED
from vakhta.kernel import journal
from vakhta.kernel.models import Entry, EntrySubject
from vakhta.kernel.refusal import Conflict, Invalid, clean, require
from vakhta.kernel.words import number_words
from vakhta.places.models import Building, Person, Premises
from vakhta.places.phones import applicants_phone
from vakhta.places.queries import address_text
from vakhta.places.stock import email_said

from .classifier import norms_of, the_entry
from .models import Clock, Ticket
from .rows import (
    UNDO_FOR,
    change_ticket,
    check_damage,
    free_state,
    move_ticket,
    open_ticket,
    record,
    the_ticket,
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a ticket is: a house of the stock with words of the place in it, or words alone."""

    building: Building | None = None
    premises: Premises | None = None
    address: str = ""


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
    email: str | None = None,
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
        told = bool(row.description)  # its words may be put right, not taken away
        text = clean(description, "description", "Что случилось", limit=4000, required=told)
        if text != row.description:
            changes["description"] = text
    if damage_at is not None and damage_at != row.damage_at:
        check_damage(damage_at, row.registered_at)
        changes["damage_at"] = damage_at
    changes |= _moved(row, place) | _whose(row, applicant, phone, email)
    if not changes:
        raise Invalid("Ничего не изменено: исправьте то, что неверно, или закройте форму.", "description")
    spoken = {
        f"{name}_{side}": said
        for name in SPOKEN
        if name in changes
        for side, said in (("before", getattr(row, name)), ("after", changes[name]))
    }
    before: dict[str, Any] = {key: getattr(row, key) for key in CODED if key in changes}
    change_ticket(row, version, **changes)
    record(
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


CODED = ("classifier", "severity", "building_id", "premises_id", "person_id")
"""Fields of a correction that are codes and ids; `SPOKEN` are words of people."""
SPOKEN = ("description", "address", "applicant", "phone", "email")


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
            "Дом %(house)s обслуживает %(other)s, а заявка — %(own)s. Аннулируйте заявку и зарегистрируйте новую по этому адресу.",
            "address",
            house=house,
            other=house.company.short_name,
            own=row.company.short_name,
        )
    if house and house.zone != row.zone:
        raise Invalid(
            "Дом %(house)s в другом часовом поясе, сроки там другие. Аннулируйте заявку и зарегистрируйте новую.",
            "address",
            house=house,
        )
    changes: dict[str, Any] = dict(zip(("building_id", "premises_id", "address"), where, strict=True))
    if row.person_id and row.premises_id != changes["premises_id"]:
        changes["person_id"] = None  # whoever lives in the one flat is not the applicant of another
        if not row.applicant and row.person:
            changes["applicant"] = row.person.name
    return {name: value for name, value in changes.items() if value != getattr(row, name)}


def _whose(row: Ticket, applicant: str | None, phone: str | None, email: str | None) -> dict[str, Any]:
    """What changes when the applicant was written down wrong."""
    changes: dict[str, Any] = {}
    if applicant is not None:
        name = clean(applicant, "applicant", "Заявитель", limit=160)
        if name != row.applicant:
            changes["applicant"] = name
            changes |= {"person_id": None} if row.person_id else {}
    if phone is not None and (number := applicants_phone(phone, row.phone)) != row.phone:
        changes["phone"] = number
    if email is not None and (address := email_said(email)) != row.email:
        changes["email"] = address
    return changes


def corrected_since(ticket: int, entry: int) -> set[str]:
    """What of a ticket was corrected after a journal entry: classifier, damage_at, or a name of `SPOKEN`. Two
    queries."""
    subjects = EntrySubject.objects.filter(subject=f"ticket/{ticket}", entry_id__gt=entry).values("entry_id")
    found: set[str] = set()
    for recorded in journal.recorded(Entry.objects.filter(id__in=subjects, kind="TicketCorrected")):
        fact = recorded.fact
        assert isinstance(fact, facts.TicketCorrected)
        found |= {"classifier"} & set(fact.after)
        found |= {"address"} if {"building_id", "premises_id"} & set(fact.after) else set()
        found |= {"damage_at"} if fact.damage_at else set()
        found |= {
            name for name in SPOKEN if getattr(fact, f"{name}_before") != getattr(fact, f"{name}_after")
        }
    return found


def last_correction(records: Sequence[Recorded]) -> tuple[Recorded, facts.TicketCorrected] | None:
    """The last correction in a ticket's history that nothing took back, with its envelope."""
    return next(reversed(_corrections(records)), None)


def _corrections(records: Sequence[Recorded]) -> list[tuple[Recorded, facts.TicketCorrected]]:
    gone = taken_back(records)
    return [(r, r.fact) for r in records if isinstance(r.fact, facts.TicketCorrected) and r.entry not in gone]


def undo_correction(ticket: int, entry: int) -> Ticket:
    """Takes back the last correction, which journal entry `entry` recorded: a compensating fact. The ticket
    is what it was, and its clocks are those of the nature that it had."""
    require("ticket.correct")
    row = open_ticket(ticket)
    history = journal.history(f"ticket/{row.pk}")
    last = last_correction(history)
    if last is None or last[0].entry != entry:
        raise Conflict("Отменять уже нечего: заявку с тех пор исправили ещё раз.")
    recorded, correction = last
    if journal.current_unit().at - recorded.recorded_at > UNDO_FOR:
        raise Conflict("Прошло больше десяти минут: исправьте заявку ещё раз, с причиной.")
    change_ticket(row, row.version, **_as_before(correction, history))
    record(row, facts.Undone(undoes=entry, undone_kind="TicketCorrected", ticket=row.pk))
    return row


def _as_before(correction: facts.TicketCorrected, history: Sequence[Recorded]) -> dict[str, Any]:
    """What the row had before its last correction: codes and words as the correction tells them; norms
    and the moment of damage as the last entry before it that told them."""
    changes: dict[str, Any] = dict(correction.before)
    person = changes.get("person_id")
    if person and not Person.objects.filter(pk=person).exists():
        del changes["person_id"]  # erased meanwhile
    for name in SPOKEN:
        was, became = getattr(correction, f"{name}_before"), getattr(correction, f"{name}_after")
        if was != became:
            changes[name] = was
    earlier: list[facts.TicketRegistered | facts.TicketCorrected] = [
        r.fact for r in history if isinstance(r.fact, facts.TicketRegistered)
    ]
    earlier += [fact for _, fact in _corrections(history)[:-1]]
    if correction.norms:
        changes["norms"] = list(next((fact.norms for fact in reversed(earlier) if fact.norms), ()))
    if correction.damage_at is not None:
        changes["damage_at"] = next((fact.damage_at for fact in reversed(earlier) if fact.damage_at), None)
    return changes


def void_ticket(ticket: int, reason: str) -> Ticket:
    """Registered by mistake; the number is kept. One that others went into stays: theirs would be lost with it."""
    require("ticket.void")
    row = open_ticket(ticket)
    merged = list(row.merged.filter(state="merged").order_by("id").values_list("number", flat=True)[:3])
    if merged:
        told = ", ".join(f"№ {number_words(number)}" for number in merged)
        raise Conflict(
            "К этой заявке присоединены %(told)s: аннулировать её нельзя, с ней пропали бы и они. Исправьте её или объедините с верной.",
            told=told,
        )
    reason = clean(reason, "reason", "Причина", limit=500, required=True)
    move_ticket(row, "voided", closed_at=journal.moment())
    record(row, facts.TicketVoided(ticket=row.pk, reason=reason))
    return row


def merge_ticket(ticket: int, into: int, reason: str) -> Ticket:
    """The ticket goes into an earlier one of the same house and company; its number is kept. The terms go on
    from the earlier registration and damage: a merge makes none later (416 п.13)."""
    require("ticket.correct")
    # In one order, whoever merges which into which: two at once would wait for each other.
    held = {pk: open_ticket(pk) for pk in sorted({ticket, into})}
    row, target = held[ticket], held[into]
    _check_merge(row, target)
    reason = clean(reason, "reason", "Причина", limit=500, required=True)
    move_ticket(row, "merged", merged_into=target, closed_at=journal.moment())
    record(row, facts.TicketMerged(ticket=row.pk, into=target.pk, reason=reason))
    return row


_GRAVITY = {code: place for place, code in enumerate(SEVERITIES)}


def _check_merge(row: Ticket, target: Ticket) -> None:
    if row.pk == target.pk:
        raise Invalid("Заявку нельзя объединить с самой собой.", "into")
    if row.company_id != target.company_id:
        raise Invalid("Заявки разных управляющих организаций не объединяют.", "into")
    if row.building_id and target.building_id and row.building_id != target.building_id:
        raise Invalid(
            "Заявка № %(number)s по другому адресу: %(address)s. Проверьте номер.",
            "into",
            number=target.number,
            address=target.address,
        )
    if (target.registered_at, target.pk) > (row.registered_at, row.pk):
        raise Invalid(
            "Заявка № %(number)s позже этой: объедините её с этой, чтобы сроки шли от первого обращения.",
            "into",
            number=target.number,
        )
    if _GRAVITY[row.severity] < _GRAVITY[target.severity]:
        raise Invalid(
            "Эта заявка срочнее, и её сроки пропали бы: сначала исправьте неисправность в заявке № %(number)s.",
            "into",
            number=target.number,
        )
    if row.damage_at and row.damage_at < (target.damage_at or target.registered_at):
        raise Invalid(
            "По этой заявке повреждение началось раньше: сначала исправьте его время в заявке № %(number)s.",
            "into",
            number=target.number,
        )


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
    move_ticket(row, free_state(row), closed_at=None, merged_into=None)
    record(row, facts.Undone(undoes=entry, undone_kind=ended.fact.kind, ticket=row.pk))
    return row


_ENDS = ("TicketVoided", "TicketMerged")


def pause_clock(ticket: int, norm: str, why: str, note: str = "", *, until: datetime | None = None) -> Ticket:
    """Pauses one clock where its norm allows that; the pure rules refuse the rest. `until`: when it goes on by
    itself, needed for another time that was agreed; a new agreement takes the place of the one before."""
    require("ticket.correct")
    row = open_ticket(ticket)
    note = clean(note, "note", "Пояснение", limit=500)
    if Clock.objects.filter(subject=f"ticket/{row.pk}", norm=norm, is_paused=True).exists():
        raise Conflict("Этот срок уже приостановлен: сначала возобновите его.")
    if why == AGREED and until is None:
        raise Invalid("Укажите согласованное время: до него срок и стоит.", "until")
    if until is not None and until <= journal.moment():
        raise Invalid("Согласованное время уже прошло: укажите будущее.", "until")
    record(row, facts.ClockPaused(ticket=row.pk, norm=norm, why=why, until=until, note=note))
    return row


def resume_clock(ticket: int, norm: str) -> Ticket:
    require("ticket.correct")
    row = open_ticket(ticket)
    record(row, facts.ClockResumed(ticket=row.pk, norm=norm))
    return row


def undo_pause(ticket: int, entry: int) -> Ticket:
    """Takes back the pause that journal entry `entry` began, for ten minutes: a compensating fact, as if the clock had
    never stood."""
    require("ticket.correct")
    row = open_ticket(ticket)
    history = journal.history(f"ticket/{row.pk}")
    paused = next((r for r in history if r.entry == entry and isinstance(r.fact, facts.ClockPaused)), None)
    if paused is None or entry in taken_back(history):
        raise Conflict("Отменять уже нечего: эта остановка срока отменена.")
    if journal.current_unit().at - paused.recorded_at > UNDO_FOR:
        raise Conflict("Прошло больше десяти минут: возобновите срок на странице заявки.")
    record(row, facts.Undone(undoes=entry, undone_kind="ClockPaused", ticket=row.pk))
    return row
