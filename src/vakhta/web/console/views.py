"""The console: thin views. Each change is one action inside `acting`; what is shown after it is
read in a transaction of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.contacts import actions as contacts
from vakhta.contacts import queries
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import NotFound, Refused
from vakhta.kernel.tenancy import reading
from vakhta.people import actions as people
from vakhta.places.search import find_addresses
from vakhta.web.console import build, panels
from vakhta.web.console import screens as c
from vakhta.web.console.answers import GIVEN_BACK, answered, done, only_said, seen, toast, work_of
from vakhta.web.console.duty import build_duty
from vakhta.web.console.line import answer, doubt_of
from vakhta.web.pages import nav, page_for, page_view
from vakhta.web.said import whole

# ── The screen and its fragments ─────────────────────────────────────────────────────────────


@require_GET
@page_for("console.see")
def console(request: HttpRequest) -> HttpResponse:
    """The one screen; `?contact=` opens a contact on it, else what its operator was last at: a page that was
    loaded anew loses nobody's caller."""
    now, staff = clock.now(), request.staff  # type: ignore[attr-defined]
    asked = whole(request.GET.get("contact", ""))
    if asked is None:
        asked = next((held.row.pk for held in queries.held(now)), None)
    row = _open_contact(asked) if asked is not None else None
    if row is not None:
        looked(f"interaction/{row.pk}", company=row.company_id)
    page = page_view(request, _("Пульт"))
    made = c.Console(
        page=page,
        top=build.top(staff, now, page.nav),
        queue=build.queue(now, page.zone, row.pk if row else None),
        threatened=build.threatened(now, page.zone),
        work=work_of(row, now) if row else c.Work(empty=build.teach()),
        foot=build.foot(),
        duty_url=panels.duty_url(),
    )
    return render(request, "console/console.html", {"page": page, "console": made})


def _open_contact(pk: int) -> Interaction | None:
    row = seen(pk)
    return row if row.state != "ended" else None


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
    context = {"page": page, "threatened": made, "channels": build.channels(page.now)}
    return render(request, "console/threatened.html", context)


@require_GET
@page_for("console.see")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    row = seen(pk)
    looked(f"interaction/{row.pk}", company=row.company_id)
    return answered(request, work_of(row, clock.now()), at=pk)


@require_GET
@page_for("duty.see")
def duty(request: HttpRequest) -> HttpResponse:
    """The duty directory as the side panel (F9)."""
    page = page_view(request, "")
    made = build_duty(page, reverse("console:duty"), request.GET.get("q", "")[:200])
    return render(request, "office/duty_body.html", {"page": page, "duty": made})


@require_GET
@page_for("duty.see")
def duty_page(request: HttpRequest) -> HttpResponse:
    """The whole directory as a page, with valves, keys and codes; it prints."""
    page = page_view(request, _("Справочник"))
    made = build_duty(page, reverse("console:duty_page"), request.GET.get("q", "")[:200])
    return render(request, "office/duty.html", {"page": page, "duty": made})


@require_GET
@page_for("console.see")
def addresses(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:200]
    hits = tuple(
        c.AddressHit(
            value=str(hit.premises.pk) if hit.premises else f"building/{hit.building.pk}",
            title=hit.title,
            detail=" ".join(filter(None, (hit.building.company.short_name, doubt_of(hit)))),
            forgiven=hit.forgiven,
        )
        for hit in find_addresses(asked)
    )
    return render(request, "console/addresses.html", {"hits": c.AddressHits(query=asked, hits=hits)})


# ── Taking ───────────────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("interaction.take")
def take_next(request: HttpRequest) -> HttpResponse:
    """F2: the contact that breaches next. Of two operators at once one gets it, the other the next. The open card
    stays when nobody waits. What this operator has just given back is passed over once."""
    given_back = request.session.pop(GIVEN_BACK, None)
    for _attempt in range(5):
        with reading(request.scope):  # type: ignore[attr-defined]
            pk = queries.next_waiting(clock.now(), rather_not=given_back)
            if pk is None:
                return only_said(request, _("Очередь пуста: никто не ждёт."))
        try:
            return done(request, pk, lambda pk=pk: contacts.take(pk))  # type: ignore[misc]
        except Refused:
            continue
    raise NotFound(_("Обращения разобрали другие диспетчеры. Нажмите F2 ещё раз."))


@require_POST
@page_for("interaction.take")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """`undo`: taken again by whoever gave it back."""
    said = toast(_("Отменено")) if "undo" in request.GET else None
    return done(request, pk, lambda: contacts.take(pk), says=lambda _row, _entry: said)


@require_POST
@page_for("interaction.type")
def new(request: HttpRequest) -> HttpResponse:
    """F4: a call that is typed. From the line it comes with its place, phone or first words."""
    said = request.GET
    with acting(request.scope):  # type: ignore[attr-defined]
        row = contacts.type_call(phone=said.get("phone", ""), address=said.get("address", ""))
        building, premises = whole(said.get("building", "")), whole(said.get("premises", ""))
        if building is not None:
            person = whole(said.get("person", ""))
            contacts.note_place(row.pk, building=building, premises=premises, person=person)
        if said.get("text") or said.get("classifier"):
            contacts.save_draft(
                row.pk, description=said.get("text", ""), classifier=said.get("classifier", "")
            )
    with reading(request.scope):  # type: ignore[attr-defined]
        return answered(request, work_of(seen(row.pk), clock.now()), at=row.pk)


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
    with acting(request.scope) as unit:  # type: ignore[attr-defined]
        row = crews.report_move(order, move)
    undo_url = (
        reverse("console:undo_move", args=[row.ticket.number, unit.last_entry]) if unit.last_entry else ""
    )
    with reading(request.scope):  # type: ignore[attr-defined]
        said = toast(_("Записано: %s") % _(row.get_state_display()), undo_url)
        return answered(request, c.Work(empty=build.teach()), said)


@require_POST
@page_for("interaction.take_over")
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """From an operator who cannot finish it."""
    return done(request, pk, lambda: contacts.take_over(pk))


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
