"""«Бумажная ночь»: lines of the paper journal entered in the morning, with their real times and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid, clean, require
from vakhta.tickets import actions as tickets
from vakhta.tickets.models import Ticket

from . import actions as contacts


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """A line of the paper journal, entered in the morning. Moments are those of the paper; None when
    it did not happen or was not written down."""

    message: contacts.Message
    received_at: datetime
    answered_at: datetime | None
    classifier: str
    description: str
    terms_told_at: datetime | None = None
    contained_at: datetime | None = None
    done_at: datetime | None = None
    done_note: str = ""


def enter_paper(line: PaperLine) -> Ticket:
    """Enters a line of the paper journal with its real moments, inside `acting(…, late_reason=…)`
    whose reason is written with every entry. Steps that the paper does not have are skipped with it."""
    scope = require("journal.enter_late")
    _check_order(line)
    registered_at = line.answered_at or line.received_at
    with journal.happening(line.received_at):
        row, _ = contacts.receive(line.message, centre=scope.centre or 0)
    with journal.happening(registered_at):
        contacts.take(row.pk)
        ticket = contacts.register(row.pk, classifier=line.classifier, description=line.description)
    if line.terms_told_at:
        with journal.happening(line.terms_told_at):
            tickets.tell_terms(ticket.pk, None, interaction=row.pk)
    with journal.happening(line.terms_told_at or registered_at):
        for step in (4, 5, 7, 8) if line.terms_told_at else (4, 5, 6, 7, 8):
            contacts.skip_step(row.pk, step, "внесено с бумажного журнала")
        contacts.complete(contacts.mine(row.pk))
    for moment, state in ((line.contained_at, "contained"), (line.done_at, "done")):
        if moment:
            with journal.happening(moment):
                tickets.record_progress(ticket.pk, state, line.done_note)
    return ticket


OLDEST_PAPER = timedelta(days=31)
"""Older paper is not entered line by line: its year's numbers may be closed."""


def _check_order(line: PaperLine) -> None:
    """The moments must be possible: nothing before the contact, the answer before the work."""
    if journal.current_unit().at - line.received_at > OLDEST_PAPER:
        raise Invalid("Обращению больше месяца: с бумаги вносят не старше 31 дня.", "received_at")
    if clean(line.done_note, "done_note", "Что сделано", limit=2000) and not line.done_at:
        raise Invalid("Сказано, что сделано, но не когда: укажите «Выполнено».", "done_at")
    known = [
        ("answered_at", "Ответ", line.answered_at),
        ("terms_told_at", "Сроки названы", line.terms_told_at),
        ("contained_at", "Локализовано", line.contained_at),
        ("done_at", "Выполнено", line.done_at),
    ]
    for field, title, moment in known:
        if moment is not None and moment < (
            line.answered_at or line.received_at if field != "answered_at" else line.received_at
        ):
            raise Invalid(f"«{title}» раньше самого обращения: проверьте время.", field)
    if line.contained_at and line.done_at and line.done_at < line.contained_at:
        raise Invalid("«Выполнено» раньше, чем «Локализовано»: проверьте время.", "done_at")
