"""Consents of residents (согласия): given as a document, taken back on a day, never written over. Every verb runs inside
`kernel.journal.acting` and records the number of the row and its purpose, without anybody's name.
"""

from __future__ import annotations

from datetime import date

from vakhta.kernel import clock
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require

from .edit import record_house, the_flat, the_person
from .models import Consent, Premises

PURPOSES = dict(Consent.PURPOSES)


def give(flat: int, person: int, purpose: str, document: str, given_on: date | None) -> Consent:
    """A consent of a resident of this flat. One of each purpose stands at a time; the next is given when that one has
    been taken back."""
    require("stock.edit")
    home = the_flat(flat)
    who = the_person(home, person)
    if purpose not in PURPOSES:
        raise Invalid("Выберите, на что согласие.", "purpose")
    if Consent.objects.filter(person=who, purpose=purpose, withdrawn_on=None).exists():
        raise Invalid("Такое согласие уже действует: новое записывают, когда прежнее отозвано.", "purpose")
    row: Consent = Consent.objects.create(
        company_id=home.company_id,
        person=who,
        purpose=purpose,
        document=clean(document, "document", "Документ", limit=200, required=True),
        given_on=_past(given_on, "given_on"),
    )
    _record(home, row, "дано")
    return row


def take_back(flat: int, consent: int, withdrawn_on: date | None) -> Consent:
    """The resident has withdrawn it; the row stays. The day may be that on which it was given, and never before."""
    require("stock.edit")
    home = the_flat(flat)
    row: Consent | None = (
        Consent.objects.select_for_update(of=("self",)).filter(pk=consent, person__premises=home).first()
    )
    if row is None:
        raise NotFound("Такого согласия в этом помещении нет.")
    if row.withdrawn_on is not None:
        raise Conflict("Это согласие уже отозвано.")
    day = _past(withdrawn_on, "withdrawn_on")
    if day < row.given_on:
        raise Invalid("Отозвано раньше, чем дано: проверьте день.", "withdrawn_on")
    row.withdrawn_on = day
    row.save(update_fields=["withdrawn_on"])
    _record(home, row, "отозвано")
    return row


def _past(day: date | None, field: str) -> date:
    if day is None:
        raise Invalid("Укажите день, как на документе.", field)
    if day > clock.today():
        raise Invalid("Этот день ещё не наступил: проверьте дату.", field)
    return day


def _record(home: Premises, row: Consent, what: str) -> None:
    purpose = PURPOSES[row.purpose]
    record_house(
        home.building,
        f"помещение № {home.pk}: житель № {row.person_id}: согласие № {row.pk} ({purpose}) {what}",
    )
