"""What can be done with a contact that has arrived, to its end. All inside `acting`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.models import Entry, EntrySubject
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, clean, require
from vakhta.kernel.words import number_words
from vakhta.people.models import Staff
from vakhta.places.models import Building, Person, Premises
from vakhta.places.phones import applicants_phone
from vakhta.places.queries import Caller, address_text, find_caller, proper_address
from vakhta.places.stock import email_said
from vakhta.tickets import actions as tickets
from vakhta.tickets.classifier import suggest, the_entry
from vakhta.tickets.models import Ticket
from vakhta.tickets.rows import the_ticket

from .arrival import Message, other_by_this_key, receive
from .models import Interaction
from .rows import mine, record, the_interaction, update, whose
from .steps import STEPS, missing_steps

ENDINGS = tuple(code for code, _ in Interaction.OUTCOMES if code != "ticket")


# ── Taking and giving back ───────────────────────────────────────────────────────────────────


def type_call(*, phone: str = "", address: str = "") -> Interaction:
    """A call that the operator types: arrives, is taken and answered at once."""
    scope = require("interaction.type")
    if scope.centre is None:
        raise Forbidden("Звонок принимает диспетчерская служба.")
    row, _ = receive(Message(channel="phone", phone=phone, address=address), centre=scope.centre)
    return take(row.pk)


def take(interaction: int) -> Interaction:
    """Takes a queued contact: step 1. Of two operators one gets it, the other is told who."""
    scope = require("interaction.take")
    moment = journal.moment()
    won = Interaction.objects.filter(pk=interaction, state="queued").update(
        state="taken", taken_by_id=scope.staff, answered_at=moment
    )
    row = the_interaction(interaction)
    if not won:
        if row.taken_by_id == scope.staff and row.state == "taken":
            return row
        raise Conflict(whose(row))
    record(row, facts.InteractionTaken(interaction=row.pk, operator=scope.staff or 0))
    record(row, facts.InteractionAnswered(interaction=row.pk))
    return row


def take_over(interaction: int) -> Interaction:
    """A senior takes a contact from an operator who cannot finish it (the shift is over, the computer
    is down), with what was typed and the steps that were done."""
    scope = require("interaction.take_over")
    row = the_interaction(interaction)
    if row.state != "taken":
        raise Conflict(whose(row) if row.state == "ended" else "Обращение в очереди: возьмите его (F2).")
    before = row.taken_by_id
    if before != scope.staff:
        update(row, taken_by_id=scope.staff)
        record(row, facts.InteractionTaken(interaction=row.pk, operator=scope.staff or 0, before=before))
    return row


def hand_to(interaction: int, operator: Staff) -> Interaction:
    """To a colleague who takes contacts, with what was typed and the steps that were done: who holds it leaves."""
    require("interaction.take")
    row = mine(interaction)
    before = row.taken_by_id
    update(row, taken_by_id=operator.pk)
    record(row, facts.InteractionTaken(interaction=row.pk, operator=operator.pk, before=before))
    return row


def give_back(interaction: int, reason: str = "", *, description: str | None = None) -> Interaction:
    """Back into the queue, with what was typed kept; `description`: its last letters, when they are known."""
    scope = require("interaction.take")
    row = mine(interaction)
    if row.ticket_id:
        raise Conflict("По обращению уже есть заявка: доведите приём до конца или завершите шагом 9.")
    reason = clean(reason, "reason", "Причина", limit=300)
    said = row.description if description is None else description
    said = clean(said, "description", "Что случилось", limit=4000)
    update(row, state="queued", taken_by=None, description=said)
    record(row, facts.InteractionGivenBack(interaction=row.pk, operator=scope.staff or 0, reason=reason))
    return row


def release(operator: int, reason: str) -> int:
    """Everything that a colleague who leaves has taken is in the queue again; returns how much. A contact with a ticket
    is not let go: its intake is half done, and a senior takes it over first."""
    require("offices.manage")
    rows = Interaction.objects.select_for_update(of=("self",)).filter(state="taken", taken_by=operator)
    held = list(rows.select_related("ticket").order_by("pk"))
    if half_done := [f"№\u00a0{number_words(row.ticket.number)}" for row in held if row.ticket]:
        raise Conflict(
            "Сотрудник не закончил приём по заявке %(numbers)s: пусть старший диспетчер сначала заберёт это обращение.",
            numbers=", ".join(half_done),
        )
    for row in held:
        update(row, state="queued", taken_by=None)
        record(row, facts.InteractionGivenBack(interaction=row.pk, operator=operator, reason=reason))
    return len(held)


# ── While it is held ─────────────────────────────────────────────────────────────────────────


def note_applicant(
    interaction: int, *, caller: str, phone: str, email: str = "", wants_letters: bool = True
) -> Interaction:
    """Who speaks; a known phone brings the card with it."""
    row = mine(interaction)
    caller = clean(caller, "caller", "Заявитель", limit=160)
    phone, email = applicants_phone(phone, row.phone), email_said(email)
    found = find_caller(phone, "") if phone != row.phone and row.building_id is None else Caller()
    update(row, caller=caller, phone=phone, email=email, wants_letters=wants_letters, **_found(found))
    _note(row)
    return row


def note_place(
    interaction: int,
    *,
    building: int | None,
    premises: int | None = None,
    person: int | None = None,
    address: str = "",
) -> Interaction:
    """Where it is, and which resident of those premises speaks when that is known. `address` is free text
    when the building is not in the stock."""
    row = mine(interaction)
    if building is None:
        address = clean(address, "address", "Адрес", limit=250)
        update(row, building=None, premises=None, person=None, address=address, company_id=row.centre_id)
    else:
        house = Building.objects.filter(pk=building).first()
        if house is None:
            raise NotFound("Такого дома нет среди обслуживаемых.", "building")
        flat = Premises.objects.filter(pk=premises, building=house).first() if premises else None
        if premises and flat is None:
            raise NotFound("Такого помещения в доме нет: проверьте номер.", "premises")
        known = _resident(person, premises) or row.person
        who = known if known and premises and known.premises_id == premises else None
        caller = who.name if who and person else row.caller
        text = address_text(house, flat)
        update(
            row,
            building=house,
            premises=flat,
            person=who,
            caller=caller,
            address=text,
            company_id=house.company_id,
        )
    _note(row)
    return row


def _resident(person: int | None, premises: int | None) -> Person | None:
    if person is None:
        return None
    found: Person | None = Person.objects.filter(pk=person, premises=premises).first()
    if found is None:
        raise NotFound("Такого жильца в помещении нет.", "person")
    return found


def _found(found: Caller) -> dict[str, Any]:
    if found.building is None:
        return {}
    return {
        "person": found.person,
        "building": found.building,
        "premises": found.premises,
        "company_id": found.company,
        "address": address_text(found.building, found.premises),
    }


def _note(row: Interaction) -> None:
    record(
        row,
        facts.ApplicantNoted(
            interaction=row.pk,
            person=row.person_id,
            premises=row.premises_id,
            building=row.building_id,
            caller=row.caller,
            phone=row.phone,
            email=row.email,
            wants_letters=row.wants_letters,
            address=proper_address(row.building, row.premises, row.address),
        ),
    )


def save_draft(interaction: int, *, description: str, classifier: str) -> Interaction:
    """What was typed, kept as typed; not a fact yet."""
    row = mine(interaction)
    description = clean(description, "description", "Что случилось", limit=4000)
    update(row, description=description, classifier=clean(classifier, "classifier", "Вид", limit=60))
    return row


TYPED = {
    "address": ("Адрес", 250),
    "premises": ("Помещение", 40),
    "outside": ("Адрес не в фонде", 3),
    "name": ("Заявитель", 160),
    "phone": ("Телефон", 40),
    "email": ("Почта", 254),
    "letters": ("Письма", 3),
}
"""Field of the applicant's form → what it is called, and how many signs of it are kept."""


def keep_typed(interaction: int, typed: dict[str, str]) -> None:
    """What stands in the applicant's form, kept as typed; not a fact. Only whoever holds the contact keeps it: the
    words of another are of a card that has gone. Raises `Invalid` for a field that is too long."""
    scope = require("interaction.end")
    kept = {
        field: clean(typed.get(field, ""), field, title, limit=limit)
        for field, (title, limit) in TYPED.items()
    }
    Interaction.objects.filter(pk=interaction, state="taken", taken_by_id=scope.staff).update(typed=kept)


def forget_typed(row: Interaction) -> None:
    """It is saved now. Past the row's version: other verbs of the same change have moved it on since."""
    if row.typed is not None:
        Interaction.objects.filter(pk=row.pk).update(typed=None)


# ── Into a ticket ────────────────────────────────────────────────────────────────────────────


def register(
    interaction: int,
    *,
    classifier: str,
    description: str,
    number_told: bool = True,
    damage_at: datetime | None = None,
    is_outside: bool = False,
) -> Ticket:
    """Steps 2 and 3: the nature is found, the ticket gets its number. `is_outside`: the operator has
    said that the place is not in the stock, and its words stand for an address."""
    row = mine(interaction)
    if row.ticket is not None:
        raise Conflict("По этому обращению уже есть заявка № %(number)s.", number=row.ticket.number)
    if not classifier:
        if description.strip() and not suggest(description):
            raise Invalid(
                "По этим словам ничего не нашлось: скажите иначе, например «течёт кран», «нет света».",
                "classifier",
            )
        raise Invalid("Выберите вид неисправности: начните печатать и нажмите Alt+↓.", "classifier")
    entry = the_entry(classifier)
    _check_place(row, is_outside=is_outside)
    description = clean(description, "description", "Что случилось", limit=4000) or entry.problem
    ticket = tickets.register_ticket(_draft(row, entry.code, description, damage_at), interaction=row.pk)
    update(row, ticket=ticket, outcome="ticket", classifier=entry.code, description=description)
    record(
        row,
        facts.NatureFound(
            interaction=row.pk, ticket=ticket.pk, classifier=entry.code, description=description
        ),
    )
    if number_told:
        tickets.tell_number(ticket.pk, interaction=row.pk)
    return ticket


def _check_place(row: Interaction, *, is_outside: bool) -> None:
    """A crew must know where to go: a house of the stock, or words of a place that the operator has
    let stand on purpose."""
    if row.building_id is not None or (is_outside and row.address):
        return
    if is_outside:
        raise Invalid("Напишите словами, где это: «трасса М-5, 12-й км».", "address")
    if not row.address:
        raise Invalid(
            "Адреса нет: найдите дом («лен15-42») или отметьте «Адрес не в фонде» и напишите, где это.",
            "address",
        )
    raise Invalid(
        "Дом по словам «%(address)s» не найден: выберите его из списка. Если он и правда не в фонде, отметьте «Адрес не в фонде».",
        "address",
        address=row.address,
    )


def _draft(row: Interaction, classifier: str, description: str, damage_at: datetime | None) -> tickets.Draft:
    return tickets.Draft(
        company=row.company_id,
        centre=row.centre_id,
        classifier=classifier,
        description=description,
        building=row.building,
        premises=row.premises,
        address=row.address,
        person=row.person,
        applicant=row.caller,
        phone=row.phone,
        email=row.email,
        wants_letters=row.wants_letters,
        channel=row.channel,
        damage_at=damage_at,
        reported_at=row.received_at,
    )


def hand_over(message: Message, *, centre: int, classifier: str) -> tuple[Interaction, Ticket, bool]:
    """A partner whose own operator has found the nature hands over a finished contact: it becomes a
    ticket at once and its number is the answer. (contact, ticket, True when new.) The number stands
    on the ticket when the change is written. Terms, plan and crew stay the centre's to do."""
    require("ticket.register")
    entry = the_entry(classifier)
    row, is_new = receive(message, centre=centre)
    if not is_new:
        if row.ticket is None or row.classifier != entry.code:
            raise other_by_this_key()
        return row, row.ticket, False
    _check_found(row)
    record(row, facts.InteractionAnswered(interaction=row.pk))
    description = row.text[:4000] or entry.problem
    ticket = tickets.register_ticket(_draft(row, entry.code, description, None), interaction=row.pk)
    record(row, facts.NumberTold(ticket=ticket.pk, interaction=row.pk))
    record(row, facts.InteractionEnded(interaction=row.pk, outcome="ticket", ticket=ticket.pk))
    moment = journal.moment()
    update(
        row,
        state="ended",
        outcome="ticket",
        ticket=ticket,
        classifier=entry.code,
        description=description,
        answered_at=moment,
        ended_at=moment,
    )
    return row, ticket, True


def _check_found(row: Interaction) -> None:
    """Nobody will look again at a ticket that a program registers: its house must be certain."""
    if row.building_id is not None:
        return
    if not row.address:
        raise Invalid("Нет адреса: передайте address — улицу, дом и квартиру, «Ленина 15-42».", "address")
    raise Invalid(
        "Адрес «%(address)s» не найден среди обслуживаемых домов или подходит к нескольким. Уточните улицу и дом («Ленина 15-42») или передайте обращение через POST /api/v1/interactions: адрес разберёт диспетчер.",
        "address",
        address=row.address,
    )


LEAST_REASON = 3
"""Letters: «x» is no reason."""


def skip_step(interaction: int, step: int, reason: str) -> Interaction:
    """A step left out, with its reason. Steps 2 and 3 cannot be: there is no ticket without them."""
    row = mine(interaction)
    if step not in STEPS or step in (1, 2, 3, 9):
        raise Invalid("Пропустить можно шаги 4–8.", "step")
    if row.ticket_id is None:
        raise Conflict("Сначала зарегистрируйте заявку.", "step")
    reason = clean(reason, "reason", "Причина пропуска", limit=300, required=True)
    if len(reason) < LEAST_REASON:
        raise Invalid("Напишите причину словом: её прочтёт проверяющий.", "reason")
    record(row, facts.StepSkipped(step=step, interaction=row.pk, ticket=row.ticket_id, reason=reason))
    return row


def finish_intake(interaction: int) -> Interaction:
    """Step 9: every step has its mark or its reason; the contact ends as a ticket."""
    row = mine(interaction)
    missing = missing_steps(row.steps)
    if row.ticket_id and missing:
        names = ", ".join(f"{number} {STEPS[number][0]}" for number in missing)
        raise Conflict(
            "Не отмечены шаги: %(names)s. Выполните их или пропустите с причиной (Alt+S).",
            "step",
            names=names,
        )
    return complete(row)


def complete(row: Interaction) -> Interaction:
    """The intake is in the journal: a held contact with its ticket ends as one."""
    if row.ticket_id is None:
        raise Conflict("Заявки ещё нет: зарегистрируйте её или завершите обращение иначе.")
    tickets.complete_intake(row.ticket_id, interaction=row.pk)
    _end(row, "ticket", ticket=row.ticket_id)
    return row


# ── How it ends ──────────────────────────────────────────────────────────────────────────────


def join_ticket(interaction: int, ticket: int, note: str = "") -> Interaction:
    """The contact is about a ticket that there is: «где бригада?», a neighbour of the same riser."""
    row = mine(interaction)
    if row.ticket_id:
        raise Conflict("По этому обращению уже есть своя заявка.")
    target = the_ticket(ticket)
    note = clean(note or row.description, "note", "Пояснение", limit=2000)
    if row.company_id != target.company_id:
        update(row, company_id=target.company_id, building=None, premises=None, person=None)
    journal.record(
        facts.ContactAdded(ticket=target.pk, interaction=row.pk, note=note),
        company=target.company_id,
        centre=target.centre_id,
    )
    update(row, ticket=target)
    _end(row, "addition", ticket=target.pk, note=note)
    return row


def end(interaction: int, outcome: str, *, note: str = "", redirected_to: str = "") -> Interaction:
    """Ends as consultation, redirected (to whom), not ours, silence or spam."""
    row = mine(interaction)
    if outcome not in ENDINGS or outcome == "addition":
        raise Invalid("Неизвестное завершение обращения.", "outcome")
    if row.ticket_id:
        raise Conflict("По обращению уже есть заявка: завершите приём шагом 9.")
    redirected_to = clean(redirected_to, "redirected_to", "Кому", limit=160, required=outcome == "redirected")
    note = clean(note.strip() or row.description, "note", "Пояснение", limit=2000)
    if outcome == "consultation" and not note:
        raise Invalid("Напишите одной строкой, о чём спросили.", "note")
    _end(row, outcome, note=note, redirected_to=redirected_to)
    return row


def _end(
    row: Interaction, outcome: str, *, ticket: int | None = None, note: str = "", redirected_to: str = ""
) -> None:
    update(row, state="ended", outcome=outcome, ended_at=journal.moment(), typed=None)
    record(
        row,
        facts.InteractionEnded(
            interaction=row.pk, outcome=outcome, ticket=ticket, note=note, redirected_to=redirected_to
        ),
    )


def reopen(interaction: int, undoes: int) -> Interaction:
    """Undo of an ending: the contact is back with its operator. Its own operator may, or a senior."""
    scope = require("interaction.end")
    row = the_interaction(interaction)
    if row.state != "ended":
        raise Conflict("Обращение не завершено: отменять нечего.")
    if row.taken_by_id != scope.staff and scope.role != "senior":
        raise Forbidden("Отменить завершение может тот, кто завершил, или старший диспетчер.")
    if undoes != _ending(row.pk):
        raise Conflict("Отменить можно только последнее завершение этого обращения.")
    ticket = row.ticket_id if row.outcome == "ticket" else None
    _take_back_joining(row)
    update(row, state="taken", outcome="ticket" if ticket else "", ended_at=None, ticket_id=ticket)
    record(row, facts.InteractionReopened(interaction=row.pk, undoes=undoes))
    return row


def _take_back_joining(row: Interaction) -> None:
    """The ticket that it was joined to says so too, on its page and in print."""
    joined = [r for r in journal.history(f"interaction/{row.pk}") if isinstance(r.fact, facts.ContactAdded)]
    if row.outcome != "addition" or row.ticket is None or not joined:
        return
    undone = facts.Undone(
        undoes=joined[-1].entry, undone_kind="ContactAdded", ticket=row.ticket_id, interaction=row.pk
    )
    journal.record(undone, company=row.ticket.company_id, centre=row.ticket.centre_id)


def _ending(interaction: int) -> int | None:
    """The journal's last entry about the contact's ending."""
    about = EntrySubject.objects.filter(subject=f"interaction/{interaction}").values("entry_id")
    found = Entry.objects.filter(id__in=about, kind="InteractionEnded").order_by("-id")
    ending: int | None = found.values_list("id", flat=True).first()
    return ending
