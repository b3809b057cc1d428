"""Handing work over, and a technician's moves. Every move is checked here, on the server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from vakhta.domain import facts
from vakhta.domain.facts import Recorded
from vakhta.domain.histories import taken_back
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import TICKET, WORK_ORDER, MoveRefused
from vakhta.domain.told import last_move, order_state, ticket_told
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, clean, require
from vakhta.people.models import Staff
from vakhta.tickets import actions as tickets
from vakhta.tickets.files import attach_file
from vakhta.tickets.models import Ticket
from vakhta.tickets.rows import UNDO_FOR, advance_ticket, move_ticket, open_ticket, still_open, the_ticket

from .models import Crew, WorkOrder
from .moments import made_at
from .queries import whose

NOTE_REQUIRED = frozenset({"refuse", "done", "no_access"})
NOT_BEGUN = frozenset({"offered", "no_access"})
"""States of an order that may be taken away without a word: nobody has set out yet, or a locked door keeps them."""
TECHNICIAN_MOVES = ("accept", "go", "arrive", "contain", "no_access", "done", "refuse")
KEYS_KEPT = 20
PHOTOS_AT_ONCE = 10


def assign_ticket(
    ticket: int,
    *,
    crew: int | None = None,
    assignee: int | None = None,
    interaction: int | None = None,
    seen: int | None = None,
    reason: str = "",
) -> WorkOrder:
    """Step 8: hands the ticket to a crew or a technician. An open order of another one is withdrawn: one that
    is begun for a `reason`, which its crew reads. `seen`: the open order that the form was drawn with, 0 for none;
    when it is another one by now, somebody was quicker and is not overwritten unseen."""
    require("work.assign")
    row = open_ticket(ticket)
    if (crew is None) == (assignee is None):
        raise Invalid("Выберите бригаду или исполнителя.", "crew")
    _check_whom(crew, assignee)
    open_order = _open_order(row.pk)
    _check_seen(open_order, seen)
    if open_order is not None and (open_order.crew_id, open_order.assignee_id) == (crew, assignee):
        raise Conflict(
            "Заявка и так у них (%(state)s). Выберите другую бригаду.",
            "crew",
            state=gettext(open_order.get_state_display()),
        )
    if open_order is not None:
        _withdraw(open_order, row, _why_taken(open_order, reason))
    return _offer(row, crew=crew, assignee=assignee, interaction=interaction)


def _check_whom(crew: int | None, assignee: int | None) -> None:
    """Raises NotFound for a crew or a technician who works no more."""
    if crew is not None and not Crew.objects.filter(pk=crew, is_active=True).exists():
        raise NotFound("Такой бригады нет.", "crew")
    if (
        assignee is not None
        and not Staff.objects.filter(pk=assignee, role="technician", is_active=True).exists()
    ):
        raise NotFound("Такого исполнителя нет.", "assignee")


def _check_seen(order: WorkOrder | None, seen: int | None) -> None:
    """Raises Conflict when the open order is another one than the form was drawn with."""
    if seen is None or seen == (order.pk if order else 0):
        return
    if order is None:
        raise Conflict(
            "Пока вы выбирали, наряд отозвали. Если заявку надо передать, назначьте снова.", "crew"
        )
    holder = order.crew or order.assignee
    raise Conflict(
        "Пока вы выбирали, заявку передали: %(who)s. Если нужна другая бригада, назначьте снова.",
        "crew",
        who=holder.name if holder else "",
    )


def undo_assignment(ticket: int, entry: int) -> Ticket:
    """Takes back the hand-over that journal entry `entry` recorded, while nobody has accepted it and
    for ten minutes: a compensating fact. A crew that the hand-over took the order from has it again."""
    require("work.assign")
    row = open_ticket(ticket)
    order = _open_order(row.pk)
    handed = last_hand_over(journal.history(f"ticket/{row.pk}"))
    if handed is None or handed[0].entry != entry or order is None or handed[1].work_order != order.pk:
        raise Conflict("Отменять уже нечего: наряд с тех пор изменился.")
    if order.state != "offered":
        raise Conflict(
            "Наряд уже в работе (%(state)s): передайте заявку другим и напишите почему.",
            state=gettext(order.get_state_display()),
        )
    if journal.current_unit().at - handed[0].recorded_at > UNDO_FOR:
        raise Conflict("Прошло больше десяти минут: передайте заявку другой бригаде.")
    _withdraw(order, row)
    advance_ticket(row, TICKET.next_state(row.state, "take_back"))
    interaction = None if handed[1].interaction is None else int(handed[1].interaction)
    undone = facts.Undone(
        undoes=entry, undone_kind="HandedOver", ticket=row.pk, work_order=order.pk, interaction=interaction
    )
    journal.record(undone, company=row.company_id, centre=row.centre_id)
    before = WorkOrder.objects.filter(ticket=row, state="withdrawn", ended_at=order.offered_at).first()
    if before is not None:
        _offer_again(row, before, interaction)
    return row


def take_back(ticket: int, *, seen: int | None = None, reason: str = "") -> Ticket:
    """Takes the order from whoever has it: the ticket is nobody's again. `seen` and `reason` as of a hand-over."""
    require("work.assign")
    row = open_ticket(ticket)
    order = _open_order(row.pk)
    _check_seen(order, seen)
    if order is None:
        raise Conflict("Заявка ни у кого: забирать не у кого.")
    _withdraw(order, row, _why_taken(order, reason))
    advance_ticket(row, "registered")
    return row


def undo_take_back(ticket: int, entry: int) -> WorkOrder:
    """Whoever had the order that journal entry `entry` took away has it again, as a new one: a compensating fact,
    for ten minutes and while nobody else has the ticket."""
    require("work.assign")
    row = open_ticket(ticket)
    gone = next((r for r in journal.history(f"ticket/{row.pk}") if r.entry == entry), None)
    withdrawn = gone.fact.work_order if gone and isinstance(gone.fact, facts.WorkWithdrawn) else None
    order: WorkOrder | None = WorkOrder.objects.filter(pk=withdrawn, ticket=row, state="withdrawn").first()
    if gone is None or order is None or row.state not in Ticket.FREE:
        raise Conflict("Отменять уже нечего: наряд с тех пор изменился.")
    if journal.current_unit().at - gone.recorded_at > UNDO_FOR:
        raise Conflict("Прошло больше десяти минут: передайте заявку бригаде ещё раз.")
    undone = facts.Undone(undoes=entry, undone_kind="WorkWithdrawn", ticket=row.pk, work_order=order.pk)
    journal.record(undone, company=row.company_id, centre=row.centre_id)
    return _offer_again(row, order)


def undo_giving(ticket: int, entry: int) -> Ticket:
    """Takes back what journal entry `entry` did to whose the ticket is: it was handed over, or taken away."""
    held = next((r for r in journal.history(f"ticket/{ticket}") if r.entry == entry), None)
    if held is not None and isinstance(held.fact, facts.WorkWithdrawn):
        return undo_take_back(ticket, entry).ticket
    return undo_assignment(ticket, entry)


def last_hand_over(records: Sequence[Recorded]) -> tuple[Recorded, facts.HandedOver] | None:
    """The last hand-over in a ticket's history that nothing took back, with its envelope."""
    gone = taken_back(records)
    for recorded in reversed(records):
        if isinstance(recorded.fact, facts.HandedOver) and recorded.entry not in gone:
            return recorded, recorded.fact
    return None


def _offer(row: Ticket, *, crew: int | None, assignee: int | None, interaction: int | None) -> WorkOrder:
    order: WorkOrder = WorkOrder.objects.create(
        company_id=row.company_id, ticket=row, crew_id=crew, assignee_id=assignee, offered_at=journal.moment()
    )
    advance_ticket(row, "assigned")
    about: dict[str, Any] = {"ticket": row.pk, "work_order": order.pk, "crew": crew, "assignee": assignee}
    for fact in (facts.WorkAssigned(**about), facts.HandedOver(interaction=interaction, **about)):
        journal.record(fact, company=row.company_id, centre=row.centre_id)
    return order


def _offer_again(row: Ticket, order: WorkOrder, interaction: int | None = None) -> WorkOrder:
    """To whoever had it before, if they still work; raises NotFound."""
    _check_whom(order.crew_id, order.assignee_id)
    return _offer(row, crew=order.crew_id, assignee=order.assignee_id, interaction=interaction)


def _open_order(ticket: int) -> WorkOrder | None:
    """The ticket's open order, locked until commit."""
    row: WorkOrder | None = (
        WorkOrder.objects.select_for_update().filter(ticket_id=ticket, state__in=WorkOrder.OPEN).first()
    )
    return row


def _why_taken(order: WorkOrder, said: str) -> str:
    """Whoever has set out must read why to turn round: raises Invalid without a word."""
    reason = clean(said, "reason", "Почему", limit=500)
    if not reason and order.state not in NOT_BEGUN:
        raise Invalid(
            "По наряду уже работают (%(state)s). Напишите, почему забираете: исполнитель это прочтёт.",
            "reason",
            state=gettext(order.get_state_display()),
        )
    return reason


def _withdraw(order: WorkOrder, ticket: Ticket, reason: str = "") -> None:
    order.state, order.ended_at = "withdrawn", journal.moment()
    order.save(update_fields=["state", "ended_at"])
    fact = facts.WorkWithdrawn(ticket=ticket.pk, work_order=order.pk, reason=reason)
    journal.record(fact, company=order.company_id, centre=ticket.centre_id)


def move(
    order: int,
    name: str,
    *,
    note: str = "",
    place: str = "",
    photos: Sequence[UploadedFile[Any]] = (),
    key: str = "",
    ago: timedelta = timedelta(0),
) -> WorkOrder:
    """One move of the technician: accept, go, arrive, contain, no_access, done, refuse. A form that
    a phone on a bad network sends twice has the same `key` (or asks for the state that already is)
    and changes nothing the second time, photos included. `ago`: how long before its sending the move
    was made, by a phone without a network (`moments`); the running change has its late reason then."""
    row = my_order(order)
    if _is_repeat(row, key) or (name in TECHNICIAN_MOVES and row.state == WORK_ORDER.moves[name].ends):
        return row
    if len(photos) > PHOTOS_AT_ONCE:
        raise Invalid("Фото сразу можно приложить не больше %(most)s.", "photo", most=PHOTOS_AT_ONCE)
    with _when(row, ago):
        row = _move(row, name, note, place, key)
        for photo in photos:
            attach_file(row.ticket_id, photo, field="photo")
    return row


def _when(row: WorkOrder, ago: timedelta) -> AbstractContextManager[None]:
    """What is recorded inside happened when the phone says that it did."""
    moment = made_at(ago, at=journal.current_unit().at, offered_at=row.offered_at)
    return nullcontext() if moment is None else journal.happening(moment)


def _is_repeat(row: WorkOrder, key: str) -> bool:
    return bool(key) and _kept(key) in row.keys


def _keep_key(row: WorkOrder, key: str) -> None:
    if key:
        row.keys = [*row.keys, _kept(key)][-KEYS_KEPT:]


def _kept(key: str) -> str:
    """A form's own key as it is kept: PostgreSQL knows no NUL in a text."""
    return key[:40].replace("\0", "")


BY_RADIO = "со слов бригады"
"""The note of a move that a crew told without another word."""


def report_move(order: int, name: str, note: str = BY_RADIO) -> WorkOrder:
    """A move that a crew said by radio or phone, or wrote on paper, recorded by the operator."""
    require("work.report")
    return _move(the_order(order), name, note, "")


def undo_move(ticket: int, entry: int) -> WorkOrder:
    """Takes back a crew's last move, which journal entry `entry` recorded: the wrong crew was understood, the wrong
    button pressed. For ten minutes and while nothing came after it: a compensating fact. Order and ticket stand as
    before it, and what clocks it stopped run as if it had not been."""
    require("work.report")
    row = the_ticket(ticket)
    records = journal.history(f"ticket/{row.pk}")
    moved = last_move(records)
    if entry not in {record.entry for record in moved}:
        raise Conflict("Отменять уже нечего: ход работ с тех пор изменился.")
    if journal.current_unit().at - moved[-1].recorded_at > UNDO_FOR:
        raise Conflict("Прошло больше десяти минут: отметьте, как есть на самом деле.")
    before = [record for record in records if record.entry < moved[0].entry]
    order = the_order(int(moved[0].fact.work_order))  # type: ignore[attr-defined]  # every move is of one
    _check_whom(order.crew_id, order.assignee_id)
    order.state, order.ended_at, order.version = order_state(before, order.pk), None, order.version + 1
    order.save(update_fields=["state", "ended_at", "version"])
    move_ticket(row, ticket_told(before).state, done_at=None)
    for record in moved:
        undone = facts.Undone(
            undoes=record.entry, undone_kind=record.fact.kind, ticket=row.pk, work_order=order.pk
        )
        journal.record(undone, company=row.company_id, centre=row.centre_id)
    return order


def _move(row: WorkOrder, name: str, note: str, place: str, key: str = "") -> WorkOrder:
    if name not in TECHNICIAN_MOVES:
        raise Invalid("Неизвестное действие.", "move")
    if row.state == WORK_ORDER.moves[name].ends:
        return row
    ticket = still_open(row.ticket)
    note = clean(note, "note", "Комментарий", limit=2000, required=name in NOTE_REQUIRED)
    place = _where(place)
    try:
        row.state = WORK_ORDER.next_state(row.state, name)
        ticket_state = TICKET.next_state(ticket.state, name)
    except MoveRefused as error:
        raise Conflict(
            "Действие «%(move)s» невозможно: сейчас «%(state)s».",
            move=gettext(error.move),
            state=gettext(error.state),
        ) from error
    row.version += 1
    if row.state not in WorkOrder.OPEN:
        row.ended_at = journal.moment()
    _keep_key(row, key)
    row.save(update_fields=["state", "version", "ended_at", "keys"])
    advance_ticket(ticket, ticket_state)
    for fact in _facts_of(name, row, ticket, note, place):
        journal.record(fact, company=row.company_id, centre=ticket.centre_id)
    return row


_PLACE = re.compile(r"(-?\d{1,2}(?:\.\d{1,7})?),(-?\d{1,3}(?:\.\d{1,7})?)(?:±(\d{1,8}))?", re.ASCII)


def _where(said: str) -> str:
    """Where the phone was, «55.75000,37.61000±12»: degrees of latitude and longitude, metres; "" unknown."""
    place = clean(said, "place", "Место", limit=60)
    found = _PLACE.fullmatch(place)
    if place and (found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180):
        raise Invalid(
            "Место не читается: нужны координаты вроде 55.75,37.61±12. Отметьте без места.", "place"
        )
    return place


def _facts_of(name: str, row: WorkOrder, ticket: Ticket, note: str, place: str) -> list[facts.Fact]:
    """The facts of a move. For people in a lift and for a check of quality «contained» is the
    moment that stops their clocks, so its fact is theirs."""
    about: dict[str, Any] = {"ticket": ticket.pk, "work_order": row.pk}
    if name == "refuse":
        return [facts.WorkRefused(reason=note, **about)]
    if name == "no_access":
        return [facts.NoAccess(note=note, **about)]
    if name == "arrive":
        return [facts.CrewOnSite(place=place, **about)]
    stops = {stop for norm in ticket.norms if norm["code"] in NORMS for stop in NORMS[norm["code"]].stops}
    if name == "contain":
        kinds: list[str] = [name for name in ("PassengersEvacuated", "QualityChecked") if name in stops]
        return [facts.FACTS[kind](**about) for kind in kinds or ["DamageContained"]]
    if name == "done":
        done: list[facts.Fact] = [facts.WorkDone(note=note, place=place, **about)]
        return done
    return [facts.FACTS[WORK_ORDER.moves[name].fact](**about)]


def move_orders(crew: Crew, to: Crew | None) -> int:
    """What a crew that is dropped has open goes to another one; returns how many orders. What it has begun it finishes
    first. Inside a change of the office, which has asked for its own right."""
    theirs = WorkOrder.objects.filter(crew=crew, state__in=WorkOrder.OPEN).order_by("ticket_id")
    of_theirs = Ticket.objects.filter(pk__in=theirs.order_by().values("ticket_id")).order_by("pk")
    list(of_theirs.select_for_update(of=("self",)))  # before their orders, as `the_order` does
    held = list(theirs.select_for_update(of=("self",)).select_related("ticket"))
    begun = [order.ticket.said_number for order in held if order.state not in NOT_BEGUN]
    if begun:
        raise Conflict(
            "Бригада уже работает по заявкам: № %(numbers)s. Дождитесь конца работ или сначала передайте эти заявки другой бригаде.",
            numbers=", № ".join(begun[:10]),
        )
    if held and to is None:
        raise Invalid(
            "У бригады открытых нарядов: %(count)s. Выберите, какой бригаде их передать.",
            "to",
            count=len(held),
        )
    for order in held:
        ticket = open_ticket(order.ticket_id)
        _withdraw(order, ticket)
        _offer(ticket, crew=to.pk if to else None, assignee=None, interaction=None)
    return len(held)


def recall(ticket: int, ended_at: datetime) -> None:
    """Takes back the open order of a ticket that was void, merged or done by another service at that moment; the crew
    sees it gone. An order that was given out since, the end being taken back, stands."""
    order = _open_order(ticket)
    if order is not None and order.offered_at <= ended_at:
        _withdraw(order, order.ticket)


def go_again(ticket: int) -> None:
    """Access was agreed anew: the order of a crew that stood before a door goes on from there, and its ticket
    waits for no word any more."""
    order = _open_order(ticket)
    if order is not None and order.state == "no_access":
        order.state = "accepted"
        order.save(update_fields=["state"])


def offer_again(ticket: int, since: datetime) -> None:
    """The order that was recalled at `since` or later: the ticket is open again, and its crew hears that."""
    row = the_ticket(ticket)
    gone = WorkOrder.objects.filter(ticket=row, state="withdrawn", ended_at__gte=since).order_by("pk").last()
    if gone is not None and row.state in Ticket.FREE and _open_order(ticket) is None:
        with suppress(NotFound):  # who works no more; the ticket waits for somebody else
            _offer_again(row, gone)


def ask(order: int, text: str, *, key: str = "", ago: timedelta = timedelta(0)) -> WorkOrder:
    """The technician asks the operator for clarification; the order stays where it is. `ago` as for
    `move`."""
    row = my_order(order)
    if _is_repeat(row, key):
        return row
    if row.state not in WorkOrder.OPEN:
        raise Conflict("Наряд закрыт: вопрос задать нельзя.")
    row.question = clean(text, "note", "Вопрос", limit=1000, required=True)
    _keep_key(row, key)
    row.save(update_fields=["question", "keys"])
    fact = facts.QuestionAsked(ticket=row.ticket_id, work_order=row.pk, text=row.question)
    with _when(row, ago):
        journal.record(fact, company=row.company_id, centre=row.ticket.centre_id)
    return row


def answer(ticket: int, text: str) -> Ticket:
    """The dispatcher's word on a ticket; a question of its crew is answered by it."""
    row = tickets.comment(ticket, text)
    WorkOrder.objects.filter(ticket=row, state__in=WorkOrder.OPEN).exclude(question="").update(question="")
    return row


def my_order(order: int) -> WorkOrder:
    """The order, locked until commit, if it is the acting technician's or of that one's crew, or of the contractor that
    the one who acts works for."""
    scope = require("work.do")
    row = the_order(order)
    if (
        not scope.is_system
        and not WorkOrder.objects.filter(whose(scope, scope.staff or 0), pk=order).exists()
    ):
        raise Forbidden("Этот наряд выдан другой бригаде.")
    return row


def the_order(order: int) -> WorkOrder:
    """The order and its ticket, locked until commit; the ticket first, as whoever hands it over locks it: of a move and
    a hand-over at the same moment one waits, and neither for the other."""
    ticket = WorkOrder.objects.filter(pk=order).values_list("ticket_id", flat=True).first()
    if ticket is None:
        raise NotFound("Такого наряда нет.")
    held = the_ticket(ticket)
    row: WorkOrder = WorkOrder.objects.select_for_update(of=("self",)).get(pk=order)
    row.ticket = held
    return row
