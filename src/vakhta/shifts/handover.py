"""Сдача смены: who leaves signs what is open, who comes accepts it. All inside `acting`."""

from __future__ import annotations

from datetime import datetime, timedelta

from vakhta.contacts import actions as contacts
from vakhta.contacts.models import Interaction
from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, clean, require
from vakhta.people.models import Company, Staff

from .models import Handover, Shift
from .rows import centre, held, with_handed
from .sheet import digest_of, sheet_of

LONGEST_NOTES = 2000
LATE = timedelta(hours=4)
"""So long after its end a shift is still the one that is handed over."""
BACK, HAND = "back", "hand"
"""What becomes of the contacts that the one who leaves still has: into the queue, or to a colleague."""


def sign(notes: str = "", *, contacts_go: str = "", to: int | None = None) -> Handover:
    """Who acts leaves: the sheet of this moment with their signature. A contact in work goes `BACK` into the queue or
    `HAND` to a colleague `to`; refused while it is not said where. A sheet of theirs that nobody accepted is replaced.
    Locks the person."""
    scope = require("handover.sign")
    company, me = centre(), scope.staff or 0
    if (given := given_over(shift_of(me, journal.moment()))) and given.taker:
        raise Conflict(
            "Эту смену вы уже сдали, её принял(а) %(who)s: второй лист не нужен.", who=given.taker.name
        )
    notes = clean(notes, "notes", "Заметки", limit=LONGEST_NOTES)
    held(company, {me}, "")
    _let_go(company, me, contacts_go, to)
    now = journal.moment()
    sheet = sheet_of(company, now)
    kept = sheet.kept()
    shift = shift_of(me, now)
    Handover.objects.filter(staff=me, state="signed").update(state="replaced")
    row: Handover = Handover.objects.create(
        company=company, staff_id=me, shift=shift, signed_at=now, sheet=kept, digest=digest_of(kept), notes=notes
    )  # fmt: skip
    fact = facts.HandoverSigned(
        handover=row.pk,
        staff=me,
        since=shift.since if shift else None,
        until=shift.until if shift else None,
        tickets=tuple(ticket.ticket for ticket in sheet.tickets),
        interactions=tuple(contact.interaction for contact in sheet.contacts),
        digest=row.digest,
        notes=notes,
    )
    journal.record(fact, company=company.pk)
    return row


def shift_of(staff: int, now: datetime) -> Shift | None:
    """The shift that the person hands over at this moment: the last one that has begun, unless it ended long ago."""
    rows = Shift.objects.filter(staff=staff, since__lte=now, until__gt=now - LATE).order_by("-since")
    found: Shift | None = with_handed(rows).first()
    return found


def given_over(shift: Shift | None) -> Handover | None:
    """The accepted sheet of what `shift_of` found: there is nothing left to sign. None when its person has accepted
    another one since: that shift they leave by a sheet of its own. Two queries, none when nobody has accepted."""
    if shift is None or not shift.is_handed:
        return None
    rows = Handover.objects.select_related("taker").defer("sheet").filter(state="accepted")
    given: Handover | None = rows.filter(staff=shift.staff_id, shift=shift).order_by("-accepted_at").first()
    if given is None or rows.filter(taker=shift.staff_id, accepted_at__gt=given.accepted_at).exists():
        return None
    return given


def _let_go(company: Company, me: int, go: str, to: int | None) -> None:
    rows = Interaction.objects.filter(centre=company, state="taken", taken_by=me).order_by("pk")
    mine = list(rows.values_list("pk", "ticket"))
    if not mine:
        return
    if go == BACK:
        if any(ticket for _pk, ticket in mine):
            raise Invalid(
                "Среди ваших обращений есть с заявкой: их приём не закончен, передайте их сменщику.",
                "contacts_go",
            )
        for pk, _ticket in mine:
            contacts.give_back(pk, "сдача смены")
    elif go == HAND:
        if to is None or to == me:
            raise Invalid("Выберите, кому передать обращения: сменщика из списка.", "to")
        [taker] = held(company, {to}, "to").values()
        for pk, _ticket in mine:
            contacts.hand_to(pk, taker)
    else:
        raise Invalid(
            "У вас в работе обращений: %(count)s. Верните их в очередь или передайте сменщику.",
            "contacts_go",
            count=len(mine),
        )


def accept(handover: int, remark: str = "") -> Handover:
    """Who acts has come and takes the shift over, with a remark when something is not as the sheet says. Of two who
    press at once the first one has it."""
    scope = require("handover.sign")
    company = centre()
    remark = clean(remark, "remark", "Замечание", limit=LONGEST_NOTES)
    row: Handover | None = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("taker")
        .filter(pk=handover, company=company)
        .first()
    )
    if row is None:
        raise NotFound("Такой сдачи смены нет.")
    if row.staff_id == scope.staff:
        raise Forbidden("Смену принимает сменщик: свою подпись вы уже поставили.")
    if row.state == "replaced":
        raise Conflict("Этот лист подписан заново: примите новый.")
    if row.state == "accepted":
        taker = row.taker.name if row.taker else ""
        raise Conflict("Смену уже принял(а) %(who)s.", who=taker)
    taker = Staff.objects.get(pk=scope.staff)
    row.state, row.taker, row.accepted_at, row.remark = "accepted", taker, journal.moment(), remark
    row.save(update_fields=["state", "taker", "accepted_at", "remark"])
    fact = facts.HandoverAccepted(handover=row.pk, staff=taker.pk, remark=remark)
    journal.record(fact, company=company.pk)
    return row
