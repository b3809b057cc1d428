"""The technician's pages: plain forms that work without JavaScript, one action each, then a redirect."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.crews.queries import orders_of
from vakhta.kernel.files import TOO_BIG, too_big_words
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, NotFound
from vakhta.kernel.tenancy import current_scope, reading
from vakhta.web.field import build
from vakhta.web.field import screens as f
from vakhta.web.pages import page_for, page_view, said_by


@require_GET
@page_for("work.do")
def orders(request: HttpRequest) -> HttpResponse:
    """What is to be done. The live refresh takes only the list."""
    page = page_view(request, _("Наряды"))
    mine = orders_of(current_scope().staff or 0)
    since = build.shift_start(page.now, page.zone)
    done = mine.filter(state="done", ended_at__gte=since).count()
    jobs = build.jobs(page, list(mine.filter(state__in=WorkOrder.OPEN)), done)
    template = "field/jobs_list.html" if request.headers.get("HX-Request") else "field/jobs.html"
    return render(request, template, {"page": page, "jobs": jobs})


@require_GET
@page_for("work.do")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return _job(request, pk, said=request.GET.get("said", ""))


@require_POST
@page_for("work.do")
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One move, or a question. What was typed comes back when it is refused."""
    if move not in build.TITLES:
        raise NotFound(_("Такого действия нет."))
    said = request.POST
    note, key = said.get("note", ""), said.get("key", "")
    try:
        cut = getattr(request, TOO_BIG, ())
        if cut:
            raise Invalid(too_big_words(cut[0]), "photo")
        with acting(request.scope):  # type: ignore[attr-defined]
            if move == "ask":
                crews.ask(pk, note, key=key)
            else:
                photos = request.FILES.getlist("photo")
                crews.move(pk, move, note=note, place=said.get("place", ""), photos=photos, key=key)
    except Invalid as error:
        field = error.field if error.field in ("note", "photo") else ""
        message = _said_plainly(move, error)
        wrong = build.make_move(pk, move, key=key, note=note, errors={field: message})
        with reading(request.scope):  # type: ignore[attr-defined]
            form = _job(request, pk, wrong=wrong, status=422)
            return said_by(form, request, Invalid(message, field))
    except Conflict as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            return _job(request, pk, failed=f"{error.message} {_('Ничего не записано.')}", status=409)
    return HttpResponseRedirect(f"{reverse('field:order', args=[pk])}?said={move}")


def _said_plainly(move: str, error: Invalid) -> str:
    if move == "done" and error.field == "note":
        return _("Напишите, что сделано, хотя бы двумя словами. Фото выберите ещё раз.")
    return error.message


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
    page = page_view(request, _("Наряд № %s") % row.ticket.number)
    made = build.job(page, row, said=said, failed=failed, wrong=wrong)
    return render(request, "field/job.html", {"page": page, "job": made}, status=status)
