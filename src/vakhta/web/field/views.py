"""The technician's pages: plain forms that work without JavaScript, one action each, then a redirect."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.crews import actions as crews
from vakhta.crews import moments
from vakhta.crews.models import WorkOrder
from vakhta.crews.queries import orders_of
from vakhta.kernel import clock
from vakhta.kernel.files import TOO_BIG, too_big_words
from vakhta.kernel.journal import acting
from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, Refused
from vakhta.kernel.tenancy import current_scope, reading
from vakhta.web.field import build
from vakhta.web.field import screens as f
from vakhta.web.field.worker import release, script
from vakhta.web.pages import page_for, page_view, said_by, theme_of
from vakhta.web.said import whole
from vakhta.web.screens import PageView

JSON = "application/json"
LONGEST_AGO = 10**8
"""seconds; more is no time"""


@require_GET
@page_for("work.do")
def orders(request: HttpRequest) -> HttpResponse:
    """What is to be done. The live refresh takes only the list."""
    page = page_view(request, _("Наряды"))
    mine = orders_of(current_scope().staff or 0)
    since = build.shift_start(page.now, page.zone)
    done = mine.filter(state="done", ended_at__gte=since).count()
    taken = list(mine.filter(state="withdrawn", ended_at__gte=page.now - build.TAKEN_SHOWN))
    jobs = build.jobs(page, list(mine.filter(state__in=WorkOrder.OPEN)), done, taken)
    template = "field/jobs_list.html" if request.headers.get("HX-Request") else "field/jobs.html"
    return render(request, template, {"page": page, "jobs": jobs, "release": release()})


@require_GET
@page_for("work.do")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return _job(request, pk, said=request.GET.get("said", ""))


@require_POST
@page_for("work.do")
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One move, or a question: a plain form is answered with the page, the page's script with JSON.
    What was typed comes back when it is refused."""
    is_script = request.headers.get("Accept") == JSON
    try:
        _make(request, pk, move)
    except Refused as error:
        if is_script:
            return JsonResponse({"message": error.message, "field": error.field}, status=error.status)
        return _refused(request, pk, move, error)
    if is_script:
        return JsonResponse({"move": move})
    return HttpResponseRedirect(f"{reverse('field:order', args=[pk])}?said={move}")


def _make(request: HttpRequest, pk: int, move: str) -> None:
    """One action. `ago` is a phone's that was without a network: seconds from the press to the sending."""
    if move not in build.TITLES:
        raise NotFound(_("Такого действия нет."))
    said = request.POST
    cut = getattr(request, TOO_BIG, ())
    if cut:
        raise Invalid(too_big_words(cut[0]), "photo")
    ago = _ago(said.get("ago", ""))
    note, key = said.get("note", ""), said.get("key", "")
    with acting(request.scope, late_reason=moments.late_reason(ago)):  # type: ignore[attr-defined]
        if move == "ask":
            crews.ask(pk, note, key=key, ago=ago)
        else:
            photos = request.FILES.getlist("photo")
            crews.move(pk, move, note=note, place=said.get("place", ""), photos=photos, key=key, ago=ago)


def _ago(text: str) -> timedelta:
    """Whole seconds, possibly below zero: what a clock that was set back leads to."""
    number = whole(text.removeprefix("-")) if text else 0
    if number is None or number > LONGEST_AGO:
        raise Invalid(_("Время отметки не читается."), moments.FIELD)
    return timedelta(seconds=-number if text.startswith("-") else number)


def _refused(request: HttpRequest, pk: int, move: str, error: Refused) -> HttpResponse:
    """The page of the order with the words of the refusal and with what was typed."""
    if isinstance(error, Invalid):
        field = error.field if error.field in ("note", "photo") else ""
        message = _said_plainly(move, error)
        key, note = request.POST.get("key", ""), request.POST.get("note", "")
        wrong = build.make_move(pk, move, key=key, note=note, errors={field: message})
        with reading(request.scope):  # type: ignore[attr-defined]
            form = _job(request, pk, wrong=wrong, status=422)
            return said_by(form, request, Invalid(message, field))
    if isinstance(error, Conflict):
        with reading(request.scope):  # type: ignore[attr-defined]
            return _job(request, pk, failed=" ".join((error.message, _("Ничего не записано."))), status=409)
    raise error


def _said_plainly(move: str, error: Invalid) -> str:
    if move == "done" and error.field == "note":
        return _("Напишите, что сделано, хотя бы двумя словами. Фото выберите ещё раз.")
    return error.message


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of these pages: under their own address, so that it is theirs only."""
    answer = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def no_network(request: HttpRequest) -> HttpResponse:
    """What the worker shows instead of a page that the phone has not kept. Nobody's words are in it."""
    page = PageView(title=_("Нет связи"), now=clock.now(), theme=theme_of(request))
    return render(request, "field/no_network.html", {"page": page})


def _job(
    request: HttpRequest,
    pk: int,
    *,
    said: str = "",
    failed: str = "",
    wrong: f.Move | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an order; inside a scope."""
    row = (
        orders_of(current_scope().staff or 0)
        .select_related("ticket__building", "ticket__premises", "ticket__person", "ticket__centre", "crew")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise NotFound(_("Такого наряда у вас нет. Вернитесь к списку: там то, что выдано вам."))
    if request.method == "GET":
        looked(f"ticket/{row.ticket_id}", company=row.company_id)
    page = page_view(request, _("Наряд № %s") % row.ticket.number)
    made = build.job(page, row, said=said, failed=failed, wrong=wrong)
    context = {"page": page, "job": made, "release": release()}
    return render(request, "field/job.html", context, status=status)
