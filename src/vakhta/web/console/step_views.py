"""The nine steps of the intake: what each form says, and the action that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vakhta.contacts import actions as contacts
from vakhta.contacts import rows
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.crews.queries import who_comes
from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES
from vakhta.domain.histories import agreed_access
from vakhta.kernel import clock, journal
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.kernel.words import number_words
from vakhta.tickets import actions as tickets
from vakhta.tickets import queries
from vakhta.tickets.classifier import OF_SERVICES, entries
from vakhta.tickets.models import Ticket
from vakhta.tickets.rows import the_ticket
from vakhta.web.console.answers import answered, done, ended, seen, toast, work_of
from vakhta.web.console.card_views import note_applicant
from vakhta.web.pages import page_for
from vakhta.web.said import day_and_time, hours, local_moment, whole
from vakhta.web.screens import Toast


@require_POST
@page_for("ticket.register")
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2, and the number of step 3."""

    def act() -> None:
        row = rows.mine(pk)
        if "name" in request.POST:  # the applicant's form came along, typed and not saved
            note_applicant(request, row)
        zone = row.building.zone if row.building else "Europe/Moscow"
        contacts.register(
            pk,
            classifier=request.POST.get("classifier", ""),
            description=_with_answers(request),
            number_told=False,
            damage_at=local_moment(request.POST.get("damage_at", ""), zone, "damage_at"),
            is_outside=request.POST.get("outside") == "yes",
        )

    return done(request, pk, act, step=2)


def _with_answers(request: HttpRequest) -> str:
    """The description with the answers to the entry's questions under it, one a line."""
    said = request.POST.get("description", "")
    entry = entries().get(request.POST.get("classifier", ""))
    answers = [
        f"{question} {answer}"
        for number, question in enumerate(entry.questions if entry else ())
        if (answer := request.POST.get(f"ask-{number}", "").strip())
    ]
    return "\n".join([said, *answers])


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("ticket.register")
def step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """GET shows a step's panel again, POST does the step."""
    if request.method != "POST":
        return answered(request, work_of(seen(pk), clock.now(), shown=number), at=pk)
    if number not in STEP_ACTIONS:
        raise NotFound(_("Такого шага нет."))
    if number == 9:
        return ended(request, pk, "ticket", lambda: contacts.finish_intake(pk), _("Приём завершён"))
    act = partial(STEP_ACTIONS[number], request)
    return done(request, pk, lambda: act(_held(pk)), step=number, says=partial(_handed, pk))


def _held(pk: int) -> Interaction:
    row = rows.mine(pk)
    if row.ticket_id is None:
        raise Invalid(_("Сначала зарегистрируйте заявку."), "description")
    return row


def _tell_number(request: HttpRequest, row: Interaction) -> None:
    tickets.tell_number(row.ticket_id or 0, interaction=row.pk)


def _make_plan(request: HttpRequest, row: Interaction) -> None:
    tickets.make_plan(row.ticket_id or 0, request.POST.get("note", ""), interaction=row.pk)


def _decide_services(request: HttpRequest, row: Interaction) -> None:
    chosen = tuple(code[:30] for code in request.POST.getlist("service"))
    _require_executor(the_ticket(row.ticket_id or 0), chosen)
    for code in chosen:
        _require_who(request, code)
        tickets.tell_service(
            row.ticket_id or 0, code, request.POST.get(f"who-{code}", ""), interaction=row.pk
        )
    tickets.decide_services(row.ticket_id or 0, chosen, interaction=row.pk)


def _require_executor(ticket: Ticket, chosen: Collection[str]) -> None:
    """Work that another service does is nobody's until that one is told: not to tell it is to skip the step, with a
    reason."""
    executor = OF_SERVICES.get(ticket.classifier, "")
    if not executor or executor in chosen:
        return
    told = {
        record.fact.service
        for record in journal.history(f"ticket/{ticket.pk}")
        if isinstance(record.fact, facts.ServiceTold)
    }
    if executor not in told:
        raise Invalid(
            _(
                "%(service)s выполняет эту работу: известите и запишите, кто принял, или пропустите шаг с причиной (Alt+S)."
            )
            % {"service": _(SERVICES[executor])},
            f"who-{executor}",
        )


def _require_who(request: HttpRequest, code: str) -> None:
    """Who took the message proves that the service was told (416 п.13)."""
    if not request.POST.get(f"who-{code}", "").strip():
        raise Invalid(_("Запишите, кто принял: фамилия или «дежурный»."), f"who-{code}")


def _tell_terms(request: HttpRequest, row: Interaction) -> None:
    ticket = the_ticket(row.ticket_id or 0)
    until = day_and_time(
        request.POST.get("until_day", ""),
        request.POST.get("until_time", ""),
        ticket.zone,
        "until_day",
        "until_time",
    )
    if until is None and queries.work_term(queries.clocks_of(ticket.pk)[ticket.pk]):
        raise Invalid(
            _("Назовите, до какого дня и времени сделаем, или пропустите шаг с причиной."), "until_day"
        )
    how = request.POST.get("how", "phone")
    if how not in ("phone", "email", "person"):
        raise Invalid(_("Выберите, как сообщены сроки."), "how")
    reason = request.POST.get("late_reason", "")
    tickets.tell_terms(ticket.pk, until, how=how, reason=reason, interaction=row.pk)


def _agree_access(request: HttpRequest, row: Interaction) -> None:
    ticket = the_ticket(row.ticket_id or 0)
    said = request.POST
    if said.get("needed") not in ("yes", "no"):
        raise Invalid(_("Выберите, нужен ли допуск."), "needed")
    needed = said["needed"] == "yes"
    day, since, until = (said.get(name, "") for name in ("day", "since", "until"))
    start, end = hours(day, since, until, ticket.zone) if needed else (None, None)
    tickets.agree_access(
        ticket.pk,
        needed=needed,
        since=start,
        until=end,
        reason=said.get("reason", ""),
        worker=said.get("worker", ""),
        interaction=row.pk,
    )


def _hand_over(request: HttpRequest, row: Interaction) -> WorkOrder | None:
    """To a crew; a ticket of another service has no order of ours: the step is left out, and why is written."""
    said = request.POST.get("crew", "")
    crew = whole(said)
    note = request.POST.get("note", "").strip()
    if note:
        tickets.comment(row.ticket_id or 0, note)
    ticket = the_ticket(row.ticket_id or 0)
    if said and said == OF_SERVICES.get(ticket.classifier):
        contacts.skip_step(row.pk, 8, f"исполняет служба: {SERVICES[said]}")
        return None
    return crews.assign_ticket(row.ticket_id or 0, crew=crew, interaction=row.pk)


def _handed(contact: int, order: object, entry: int) -> Toast | None:
    """«№ 26-204 337 передана: бригада 4», which can be undone; what was said aloud cannot."""
    if not isinstance(order, WorkOrder):
        return None
    words = {"number": number_words(order.ticket.number), "crew": order.performer}
    undo_url = reverse("console:take_back", args=[contact, entry])
    said = _("№\u00a0%(number)s передана: %(crew)s") % words
    access = agreed_access(journal.history(f"ticket/{order.ticket_id}"))
    promised = access.worker if access else ""
    comes = who_comes(order, promised)
    if promised and comes and promised != comes:
        other = {"promised": promised, "comes": comes}
        said += ". " + _("Заявителю назван %(promised)s, а приедет %(comes)s: скажите ему") % other
    return toast(said, undo_url)


STEP_ACTIONS: dict[int, Callable[[HttpRequest, Interaction], object]] = {
    3: _tell_number,
    4: _make_plan,
    5: _decide_services,
    6: _tell_terms,
    7: _agree_access,
    8: _hand_over,
    9: lambda request, row: None,
}


@require_POST
@page_for("ticket.register")
def skip(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return done(
        request,
        pk,
        lambda: contacts.skip_step(pk, number, request.POST.get("reason", "")),
        step=number,
        named="skip",
    )


@require_POST
@page_for("ticket.register")
def service(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One service told now, before the step is closed."""

    def act() -> None:
        row = _held(pk)
        _require_who(request, code)
        tickets.tell_service(
            row.ticket_id or 0, code, request.POST.get(f"who-{code}", ""), interaction=row.pk
        )

    return done(request, pk, act, step=5)
