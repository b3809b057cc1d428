"""The console: thin views. Each change is one action inside `acting`; what is shown after it is
read in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.contacts import actions as contacts
from vakhta.contacts import queries
from vakhta.contacts.models import Interaction
from vakhta.contacts.steps import current_step
from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.domain.classifier import ENTRIES, SERVICES
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, NotFound, Refused
from vakhta.kernel.tenancy import reading
from vakhta.people import actions as people
from vakhta.places.models import Premises
from vakhta.places.search import find_addresses
from vakhta.tickets import actions as tickets
from vakhta.web.console import build, panels
from vakhta.web.console import screens as c
from vakhta.web.console.duty import build_duty
from vakhta.web.console.line import answer
from vakhta.web.pages import nav, page_for, page_view, said_by
from vakhta.web.said import day_and_time, local_moment, whole
from vakhta.web.screens import Errors, Toast
from vakhta.web.words import number_words

# ── The screen and its fragments ─────────────────────────────────────────────────────────────


@require_GET
@page_for("console.see")
def console(request: HttpRequest) -> HttpResponse:
    """The one screen; `?contact=` opens a contact on it."""
    now, staff = clock.now(), request.staff  # type: ignore[attr-defined]
    asked = whole(request.GET.get("contact", ""))
    row = _mine(asked) if asked is not None else None
    page = page_view(request, _("Пульт"))
    made = c.Console(
        page=page,
        top=build.top(staff, now, page.nav),
        queue=build.queue(now, page.zone, row.pk if row else None),
        threatened=build.threatened(now, page.zone),
        work=_work(row, now) if row else c.Work(empty=build.teach()),
        foot=build.foot(),
        duty_url=panels.duty_url(),
    )
    return render(request, "console/console.html", {"page": page, "console": made})


@require_GET
@page_for("console.see")
def queue(request: HttpRequest) -> HttpResponse:
    page = page_view(request, "")
    return render(request, "console/queue.html", {"page": page, "queue": build.queue(page.now, page.zone)})


@require_GET
@page_for("console.see")
def threatened(request: HttpRequest) -> HttpResponse:
    page = page_view(request, "")
    made = build.threatened(page.now, page.zone)
    return render(request, "console/threatened.html", {"page": page, "threatened": made})


@require_GET
@page_for("console.see")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, _seen(pk))


@require_GET
@page_for("duty.see")
def duty(request: HttpRequest) -> HttpResponse:
    """The duty directory as the side panel (F9)."""
    page = page_view(request, "")
    return render(request, "office/duty_body.html", {"page": page, "duty": build_duty(page)})


@require_GET
@page_for("duty.see")
def duty_page(request: HttpRequest) -> HttpResponse:
    """The whole directory as a page, with valves, keys and codes; it prints."""
    page = page_view(request, _("Справочник"))
    return render(request, "office/duty.html", {"page": page, "duty": build_duty(page)})


@require_GET
@page_for("console.see")
def addresses(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:200]
    hits = tuple(
        c.AddressHit(
            value=str(hit.premises.pk) if hit.premises else f"building/{hit.building.pk}",
            title=hit.title,
            detail=hit.building.company.short_name,
            forgiven=hit.forgiven,
        )
        for hit in find_addresses(asked)
    )
    return render(request, "console/addresses.html", {"hits": c.AddressHits(query=asked, hits=hits)})


# ── Taking ───────────────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("interaction.take")
def take_next(request: HttpRequest) -> HttpResponse:
    """F2: the contact that breaches next. Of two operators at once one gets it, the other the next."""
    for _attempt in range(5):
        with reading(request.scope):  # type: ignore[attr-defined]
            pk = queries.next_waiting(clock.now())
        if pk is None:
            with reading(request.scope):  # type: ignore[attr-defined]
                return _answer(request, None, _toast(_("Очередь пуста: никто не ждёт.")))
        try:
            return _done(request, pk, lambda pk=pk: contacts.take(pk))  # type: ignore[misc]
        except Refused:
            continue
    raise NotFound(_("Обращения разобрали другие диспетчеры. Нажмите F2 ещё раз."))


@require_POST
@page_for("interaction.take")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: contacts.take(pk))


@require_POST
@page_for("interaction.type")
def new(request: HttpRequest) -> HttpResponse:
    """F4: a call that is typed. From the line it comes with its place, phone or first words."""
    said = request.GET
    with acting(request.scope):  # type: ignore[attr-defined]
        row = contacts.type_call(phone=said.get("phone", ""))
        building = whole(said.get("building", ""))
        if building is not None:
            contacts.note_place(row.pk, building=building, premises=whole(said.get("premises", "")))
        if said.get("text"):
            contacts.save_draft(row.pk, description=said["text"], classifier="")
    with reading(request.scope):  # type: ignore[attr-defined]
        return _answer(request, _seen(row.pk))


@require_GET
@page_for("console.see")
def line(request: HttpRequest) -> HttpResponse:
    page = page_view(request, "")
    made = answer(request.GET.get("q", ""), page.now)
    return render(request, "console/line.html", {"page": page, "answer": made})


@require_POST
@page_for("work.report")
def report(request: HttpRequest, order: int, move: str) -> HttpResponse:
    """What a crew said by radio, recorded for it by the operator."""
    with acting(request.scope):  # type: ignore[attr-defined]
        row = crews.report_move(order, move)
    with reading(request.scope):  # type: ignore[attr-defined]
        return _answer(request, None, _toast(_("Записано: %s") % _(row.get_state_display())))


@require_POST
@page_for("interaction.take")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _ended(
        request, pk, lambda: contacts.give_back(pk, request.POST.get("note", "")), _("Вернулось в очередь")
    )


# ── The card ─────────────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("interaction.end")
def applicant(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: _note_applicant(request, contacts.mine(pk)))


def _note_applicant(request: HttpRequest, row: Interaction) -> None:
    """Who and where, as the applicant's form says it; only what it says otherwise than the row."""
    said = request.POST
    place = said.get("premises", "")
    known = str(row.premises_id or (f"building/{row.building_id}" if row.building_id else ""))
    if place and place != known:
        _note_place(row.pk, place)
    elif not place and said.get("address", "") != row.address:
        _place_from_text(row.pk, said.get("address", ""))
    name, phone, email = (said.get(field, "") for field in ("name", "phone", "email"))
    if (name, phone, email) != (row.caller, row.phone, row.email):
        contacts.note_applicant(row.pk, caller=name, phone=phone, email=email)


def _note_place(pk: int, place: str) -> None:
    """A place that was chosen from the list: «building/12» or the id of the premises."""
    if place.startswith("building/"):
        contacts.note_place(pk, building=whole(place.removeprefix("building/")) or 0)
        return
    flat = Premises.objects.filter(pk=whole(place) or 0).first()
    if flat is None:
        raise NotFound(_("Такого помещения нет."), "address")
    contacts.note_place(pk, building=flat.building_id, premises=flat.pk)


def _place_from_text(pk: int, text: str) -> None:
    """An address that was typed and not chosen: taken when it is certain, else kept as free text."""
    hits = find_addresses(text[:250], limit=2)
    if hits and hits[0].is_certain:
        flat = hits[0].premises
        contacts.note_place(pk, building=hits[0].building.pk, premises=flat.pk if flat else None)
    else:
        contacts.note_place(pk, building=None, address=text)


@require_POST
@page_for("interaction.end")
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggestions while typing; what was typed is kept on the row as well."""
    text = request.POST.get("description", "")[:4000].replace("\0", "")
    chosen = request.POST.get("classifier", "")
    with acting(request.scope):  # type: ignore[attr-defined]
        staff = request.scope.staff  # type: ignore[attr-defined]
        Interaction.objects.filter(pk=pk, state="taken", taken_by_id=staff, ticket=None).update(
            description=text
        )
    with reading(request.scope):  # type: ignore[attr-defined]
        row, now = _seen(pk), clock.now()
        made = panels.suggestions(row, text, chosen if request.POST.get("chosen") else "", now)
        return render(
            request, "console/suggestions.html", {"page": page_view(request, ""), "suggestions": made}
        )


@require_POST
@page_for("console.see")
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    with acting(request.scope) as unit:  # type: ignore[attr-defined]
        row = _seen(pk)
        names = queries.see(f"interaction/{row.pk}", row.company_id, unit.at)
    return render(request, "console/presence.html", {"presence": c.Presence(names=tuple(names))})


# ── The nine steps ───────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("ticket.register")
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2, and the number of step 3."""

    def act() -> None:
        row = contacts.mine(pk)
        if "name" in request.POST:  # the applicant's form came along, typed and not saved
            _note_applicant(request, row)
        zone = row.building.zone if row.building else "Europe/Moscow"
        contacts.register(
            pk,
            classifier=request.POST.get("classifier", ""),
            description=_with_answers(request),
            number_told=False,
            damage_at=local_moment(request.POST.get("damage_at", ""), zone, "damage_at"),
        )

    return _done(request, pk, act, step=2)


def _with_answers(request: HttpRequest) -> str:
    """The description with the answers to the entry's questions under it, one a line."""
    said = request.POST.get("description", "")
    entry = ENTRIES.get(request.POST.get("classifier", ""))
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
        return _answer(request, _seen(pk), shown=number)
    if number not in STEP_ACTIONS:
        raise NotFound(_("Такого шага нет."))
    if number == 9:
        return _ended(request, pk, lambda: contacts.finish_intake(pk), _("Приём завершён"))
    act = partial(STEP_ACTIONS[number], request)
    return _done(request, pk, lambda: act(_held(pk)), step=number, says=partial(_handed, pk))


def _held(pk: int) -> Interaction:
    row = contacts.mine(pk)
    if row.ticket_id is None:
        raise Invalid(_("Сначала зарегистрируйте заявку."), "description")
    return row


def _tell_number(request: HttpRequest, row: Interaction) -> None:
    tickets.tell_number(row.ticket_id or 0, interaction=row.pk)


def _make_plan(request: HttpRequest, row: Interaction) -> None:
    tickets.make_plan(row.ticket_id or 0, request.POST.get("note", ""), interaction=row.pk)


def _decide_services(request: HttpRequest, row: Interaction) -> None:
    chosen = tuple(code[:30] for code in request.POST.getlist("service"))
    for code in chosen:
        tickets.tell_service(
            row.ticket_id or 0, code, request.POST.get(f"who-{code}", ""), interaction=row.pk
        )
    tickets.decide_services(row.ticket_id or 0, chosen, interaction=row.pk)


def _tell_terms(request: HttpRequest, row: Interaction) -> None:
    ticket = tickets.the_ticket(row.ticket_id or 0)
    until = day_and_time(
        request.POST.get("until_day", ""), request.POST.get("until_time", ""), ticket.zone, "until_day"
    )
    how = request.POST.get("how", "phone")
    if how not in ("phone", "email", "person"):
        raise Invalid(_("Выберите, как сообщены сроки."), "how")
    tickets.tell_terms(ticket.pk, until, how=how, interaction=row.pk)


def _agree_access(request: HttpRequest, row: Interaction) -> None:
    ticket = tickets.the_ticket(row.ticket_id or 0)
    said = request.POST
    if said.get("needed") not in ("yes", "no"):
        raise Invalid(_("Выберите, нужен ли допуск."), "needed")
    needed = said["needed"] == "yes"
    day, until = said.get("day", ""), said.get("until", "")
    tickets.agree_access(
        ticket.pk,
        needed=needed,
        since=day_and_time(day, said.get("since", ""), ticket.zone, "day") if needed else None,
        until=day_and_time(day, until, ticket.zone, "day") if needed and until else None,
        reason=said.get("reason", ""),
        worker=said.get("worker", ""),
        interaction=row.pk,
    )


def _hand_over(request: HttpRequest, row: Interaction) -> WorkOrder:
    crew = whole(request.POST.get("crew", ""))
    note = request.POST.get("note", "").strip()
    if note:
        tickets.comment(row.ticket_id or 0, note)
    return crews.assign_ticket(row.ticket_id or 0, crew=crew, interaction=row.pk)


def _handed(contact: int, order: object, entry: int) -> Toast | None:
    """«№ 26-204 337 передана: бригада 4», which can be undone; what was said aloud cannot."""
    if not isinstance(order, WorkOrder):
        return None
    words = {"number": number_words(order.ticket.number), "crew": order.crew or order.assignee}
    undo_url = reverse("console:take_back", args=[contact, entry])
    return _toast(_("№\u00a0%(number)s передана: %(crew)s") % words, undo_url)


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
    return _done(
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
        tickets.tell_service(
            row.ticket_id or 0, code, request.POST.get(f"who-{code}", ""), interaction=row.pk
        )

    return _done(request, pk, act, step=5)


# ── Other endings ────────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("interaction.end")
def join(request: HttpRequest, pk: int, ticket: int) -> HttpResponse:
    note = request.POST.get("description", "")
    return _ended(request, pk, lambda: contacts.join_ticket(pk, ticket, note), _("Присоединено к заявке"))


@require_POST
@page_for("interaction.end")
def end(request: HttpRequest, pk: int, outcome: str) -> HttpResponse:
    note, choice = request.POST.get("note", ""), request.POST.get("choice", "")
    if outcome == "addition":
        target = whole(choice)
        if target is None:
            raise Invalid(_("Выберите заявку, к которой присоединить."), "choice")
        return _ended(request, pk, lambda: contacts.join_ticket(pk, target, note), _("Присоединено к заявке"))
    to = SERVICES.get(choice, choice) if outcome == "redirected" else ""
    words = dict(Interaction.OUTCOMES).get(outcome, "")
    return _ended(
        request,
        pk,
        lambda: contacts.end(pk, outcome, note=note, redirected_to=to),
        _("Завершено: %s") % words,
    )


@require_POST
@page_for("interaction.end")
def undo(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    return _done(request, pk, lambda: contacts.reopen(pk, entry), says=_undone)


@require_POST
@page_for("work.assign")
def take_back(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Ctrl+Z after step 8: the crew has not accepted it yet."""
    return _done(request, pk, lambda: crews.undo_assignment(_seen(pk).ticket_id or 0, entry), says=_undone)


def _undone(made: object, entry: int) -> Toast:
    return _toast(_("Отменено"))


@require_POST
@page_for("console.see")
def ready(request: HttpRequest) -> HttpResponse:
    """Ready or on a pause: as `set` says, else the other one. From the line with a reason; the top bar
    comes out of band then, and what is in work stays."""
    asked = request.GET.get("set", "")
    with acting(request.scope):  # type: ignore[attr-defined]
        wants = asked == "yes" if asked else not request.staff.is_ready  # type: ignore[attr-defined]
        row = people.be_ready() if wants else people.pause(request.GET.get("reason", ""))
    with reading(request.scope):  # type: ignore[attr-defined]
        context = {
            "page": page_view(request, ""),
            "top": build.top(row, clock.now(), nav(request)),
            "oob": request.headers.get("HX-Target") != "top",
        }
    return render(request, "console/top.html", context)


# ── How every change is answered ─────────────────────────────────────────────────────────────


def _done(
    request: HttpRequest,
    pk: int,
    act: Callable[[], object],
    *,
    step: int = 0,
    named: str = "",
    says: Callable[[object, int], Toast | None] = lambda made, entry: None,
) -> HttpResponse:
    """Acts, then shows the contact at its current step. A wrong field is shown beside the field,
    with what was typed kept by the page's draft. `says`: what stands in the foot then, from what the
    act made and the last entry that it wrote."""
    try:
        with acting(request.scope) as unit:  # type: ignore[attr-defined]
            made = act()
    except Invalid as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            field = named or error.field.removeprefix("access_")
            form = _answer(request, _seen(pk), shown=step or None, errors={field: error.message}, status=422)
            return said_by(form, request, error)
    with reading(request.scope):  # type: ignore[attr-defined]
        return _answer(request, _seen(pk), says(made, unit.last_entry))


def _ended(request: HttpRequest, pk: int, act: Callable[[], object], words: str) -> HttpResponse:
    """Acts; the contact is gone from the screen, and the foot offers to undo it for ten seconds."""
    try:
        with acting(request.scope) as unit:  # type: ignore[attr-defined]
            act()
    except Invalid as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            form = _answer(request, _seen(pk), errors={error.field: error.message}, status=422)
            return said_by(form, request, error)
    undoable = words != _("Вернулось в очередь")
    link = reverse("console:undo", args=[pk, unit.last_entry]) if undoable else ""
    with reading(request.scope):  # type: ignore[attr-defined]
        return _answer(request, None, _toast(words, link))


def _toast(text: str, undo_url: str = "") -> Toast:
    until = clock.now() + build.UNDO_FOR if undo_url else None
    return Toast(text=text, undo_url=undo_url, undo_until=until)


def _answer(
    request: HttpRequest,
    row: Interaction | None,
    toast: Toast | None = None,
    *,
    shown: int | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    """The work area, and the foot when something is to be said there. The queue and the threatened
    hear of the change by the live stream, like everybody's. Inside a scope."""
    if not request.headers.get("HX-Request") and status == 200:
        asked = f"?contact={row.pk}" if row is not None else ""
        link = f"{reverse('console:console')}{asked}"
        return HttpResponseRedirect(link)  # the browser sent the form itself
    page = page_view(request, "")
    work = _work(row, page.now, shown, errors) if row is not None else c.Work(empty=build.teach())
    context: dict[str, Any] = {"page": page, "work": work}
    if toast is not None:
        context["foot"] = build.foot(toast)
    return render(request, "console/work_answer.html", context, status=status)


def _work(row: Interaction, now: datetime, shown: int | None = None, errors: Errors | None = None) -> c.Work:
    zone = row.building.zone if row.building else "Europe/Moscow"
    if row.state != "taken":
        return c.Work(card=build.card(row, now), steps=build.steps(row, now, zone))
    here = shown or current_step(row.steps)
    return c.Work(
        card=build.card(row, now),
        panel=panels.panel(row, min(here, 9), now, errors),
        steps=build.steps(row, now, zone, min(here, 9)),
    )


def _seen(pk: int) -> Interaction:
    row: Interaction | None = (
        Interaction.objects.select_related("building", "premises", "person", "company", "ticket__premises")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise NotFound(_("Такого обращения нет."))
    return row


def _mine(pk: int) -> Interaction | None:
    row = _seen(pk)
    return row if row.state != "ended" else None
