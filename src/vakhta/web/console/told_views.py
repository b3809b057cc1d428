"""What the applicant is told after the intake: the number of a night on paper, a term, an hour of access."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vakhta.contacts import queries as contacts
from vakhta.kernel.refusal import Invalid
from vakhta.tickets import actions as tickets
from vakhta.tickets.models import Ticket
from vakhta.web.console.ticket_answers import done
from vakhta.web.pages import page_for
from vakhta.web.said import hours, local_moment


@require_POST
@page_for("ticket.register")
def told(request: HttpRequest, number: str) -> HttpResponse:
    """The number was announced, at a moment that is written down now."""

    def act(row: Ticket) -> None:
        at = local_moment(request.POST.get("at", ""), row.zone, "at")
        if at is None:
            raise Invalid(_("Укажите, когда номер назван."), "at")
        tickets.tell_number(row.pk, interaction=contacts.first_of(row.pk), at=at)

    return done(request, number, "told", act)


@require_POST
@page_for("ticket.register")
def terms(request: HttpRequest, number: str) -> HttpResponse:
    """A term, told anew: after a return, a door that nobody opened, a night on paper."""

    def act(row: Ticket) -> None:
        until = local_moment(request.POST.get("until", ""), row.zone, "until", until=True)
        if until is None:
            raise Invalid(_("Укажите, до какого времени."), "until")
        tickets.tell_terms(row.pk, until, reason=request.POST.get("late_reason", ""))

    return done(request, number, "terms", act)


@require_POST
@page_for("ticket.register")
def access(request: HttpRequest, number: str) -> HttpResponse:
    """An hour of access, agreed anew."""

    def act(row: Ticket) -> None:
        said = request.POST
        since, until = hours(said.get("day", ""), said.get("since", ""), said.get("until", ""), row.zone)
        tickets.agree_access(
            row.pk,
            needed=True,
            since=since,
            until=until,
            reason=said.get("reason", ""),
            worker=said.get("worker", ""),
        )

    return done(request, number, "access", act)
