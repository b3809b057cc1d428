"""The applicant's word on a ticket that is done: confirmed, returned, rated, or silence.
Every verb runs inside `kernel.journal.acting`."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Value

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, clean

from .models import Ticket
from .rows import change_ticket, move_ticket, record, said_of, the_ticket


def confirm_ticket(ticket: int, *, rating: int | None, review: str = "") -> Ticket:
    """The applicant confirms a done ticket: it closes."""
    row = the_ticket(ticket)
    _check_done(row)
    review = clean(review, "review", "Отзыв", limit=2000)
    if rating is not None and not 1 <= rating <= 5:
        raise Invalid("Оценка — число от 1 до 5.", "rating")
    move_ticket(row, "closed", closed_at=journal.moment(), rating=rating)
    record(row, facts.TicketConfirmed(ticket=row.pk, rating=rating, review=review))
    return row


def rate_ticket(ticket: int, *, rating: int | None, review: str = "") -> Ticket:
    """The applicant's 1–5 and a review of a closed ticket, once; the same rating again changes
    nothing (a page that is sent twice)."""
    row = the_ticket(ticket)
    review = clean(review, "review", "Отзыв", limit=2000)
    if rating is None or not 1 <= rating <= 5:
        raise Invalid("Выберите оценку от 1 до 5.", "rating")
    if row.state != "closed":
        raise Conflict(
            "Заявка № %(number)s %(state)s: оценить можно закрытую.",
            **said_of(row),
        )
    if row.rating == rating:
        return row
    if row.rating is not None:
        raise Conflict("Оценка уже записана: %(rating)s из 5.", rating=row.rating)
    change_ticket(row, row.version, rating=rating)
    record(row, facts.TicketRated(ticket=row.pk, rating=rating, review=review))
    return row


def return_ticket(ticket: int, *, review: str, rating: int | None = None) -> Ticket:
    """The applicant says that it is not done: the ticket is open again and without an assignee."""
    row = the_ticket(ticket)
    if row.state != "done":
        raise Conflict("Заявка № %(number)s %(state)s: вернуть можно только выполненную.", **said_of(row))
    review = clean(review, "review", "Что не так", limit=2000, required=True)
    move_ticket(row, "returned", done_at=None, rating=rating)
    record(row, facts.TicketReturned(ticket=row.pk, rating=rating, review=review))
    return row


def close_unanswered(ticket: int) -> Ticket:
    """Done and unanswered for the configured term."""
    row = the_ticket(ticket)
    _check_done(row)
    move_ticket(row, "closed", closed_at=journal.moment())
    record(row, facts.TicketClosedUnanswered(ticket=row.pk))
    return row


def unanswered(limit: int = 100) -> list[int]:
    """Done tickets whose applicant has been silent for the company's term, the oldest first. One query: a company
    whose term is long holds nobody else's back."""
    at = journal.current_unit().at
    days = F("company__auto_close_days") * Value(timedelta(days=1), DurationField())
    last = ExpressionWrapper(Value(at) - ExpressionWrapper(days, DurationField()), DateTimeField())
    silent = Ticket.objects.filter(state="done", done_at__lt=last).order_by("done_at")
    return list(silent.values_list("pk", flat=True)[:limit])


def _check_done(row: Ticket) -> None:
    if row.state != "done":
        raise Conflict(
            "Заявка № %(number)s %(state)s: подтвердить можно только выполненную.",
            **said_of(row),
        )
