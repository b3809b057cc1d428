"""Acts on chosen tickets: begun here, gone on with in parts, taken back; the run's page says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.crews import bulk
from vakhta.crews.finding import find
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import Invalid, NotFound, errors_of
from vakhta.kernel.tenancy import reading
from vakhta.lists.queries import views_of
from vakhta.reports.ticket import MOST_AT_ONCE, tickets_pdf
from vakhta.tickets.models import Ticket
from vakhta.web.lists import build, bulk_build
from vakhta.web.lists.bulk_forms import Wrong
from vakhta.web.pages import file_answer, page_for, page_view, said_by
from vakhta.web.said import local_moment, whole

Chosen = list[tuple[int, int | None]]


def _chosen(request: HttpRequest) -> Chosen:
    """Id and version of each chosen ticket; of all that are asked for, as they stand now. Inside a scope."""
    said = request.POST
    if said.get("all") == "yes":
        zone = request.staff.company.zone  # type: ignore[attr-defined]
        question = QueryDict(said.get("asked", "")[:4000])
        return [(pk, None) for pk in find(build.asked(question, zone), clock.now()).keys(bulk.MOST + 1)]
    found: Chosen = []
    for value in said.getlist("ticket"):
        key, _slash, version = value.partition("/")
        if (pk := whole(key)) is not None:
            found.append((pk, whole(version)))
    return found


def _begin(request: HttpRequest, what: str) -> HttpResponse:
    """Begins the act and does the first part of it at once: most are ready with it."""
    scope = request.scope  # type: ignore[attr-defined]
    try:
        with acting(scope):
            run = bulk.begin(_act(request, what), _chosen(request))
    except Invalid as error:
        return _refused(request, what, error)
    bulk.go_on(run.pk, scope)
    return HttpResponseRedirect(reverse("lists:run", args=[run.pk]))


def _act(request: HttpRequest, what: str) -> bulk.Act:
    """With its own fields alone: the page sends those of every act, opened or not."""
    said, zone = request.POST, request.staff.company.zone  # type: ignore[attr-defined]
    read: dict[str, Callable[[], Any]] = {
        "crew": lambda: whole(said.get("crew", "")),
        "why": lambda: said.get("why", "")[:30],
        "until": lambda: local_moment(said.get("until", ""), zone, "until", until=True),
        "text": lambda: said.get(f"{what}-text", ""),
    }
    return bulk.Act(what=what, **{name: read[name]() for name in bulk.VERBS[what].takes})


def _refused(request: HttpRequest, what: str, error: Invalid) -> HttpResponse:
    """The list again, with what was chosen and typed."""
    said = request.POST
    pks = (whole(value.partition("/")[0]) for value in said.getlist("ticket"))
    words = {name: str(value) for name, value in said.items()}
    wrong = Wrong(what, words, frozenset(pk for pk in pks if pk is not None), errors_of(error))
    question = QueryDict(said.get("asked", "")[:4000])
    with reading(request.scope):  # type: ignore[attr-defined]
        page = page_view(request, _("Заявки"))
        try:
            made = build.tickets(page, question, views_of("tickets"), wrong)
        except Invalid:
            made = build.tickets(page, QueryDict(), views_of("tickets"), wrong)
        answer = render(request, "lists/tickets.html", {"page": page, "list": made}, status=error.status)
        return said_by(answer, request, error)


def act(what: str) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one act, for whoever may do it to a single ticket."""

    @require_POST
    @page_for(bulk.VERBS[what].needs)
    def begin(request: HttpRequest) -> HttpResponse:
        return _begin(request, what)

    return begin


@require_POST
@page_for("ticket.see")
def print_pdf(request: HttpRequest) -> HttpResponse:
    """The chosen tickets as one PDF, each from a new page; nothing changes but the register of looks."""
    with reading(request.scope):  # type: ignore[attr-defined]
        pks = [pk for pk, _version in _chosen(request)]
        if len(pks) > MOST_AT_ONCE:
            said = {"most": MOST_AT_ONCE}
            raise Invalid(_("За раз печатается не больше %(most)s заявок: сузьте выбор.") % said, "ticket")
        companies = dict(Ticket.objects.filter(pk__in=pks).values_list("pk", "company_id"))
        if pks and not companies:
            raise NotFound("Такой заявки нет.")
        if not pks:
            raise Invalid(_("Выберите хотя бы одну заявку: пробелом в строке или отметкой мышью."), "ticket")
        made = tickets_pdf([pk for pk in dict.fromkeys(pks) if pk in companies])
        for pk, company in companies.items():
            looked(f"ticket/{pk}", company=company, how="printed")
    return file_answer(made, "application/pdf", "tickets.pdf", shown=True)


# ── The run ──────────────────────────────────────────────────────────────────────────────────


@require_GET
@page_for("ticket.see")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, pk)


def _shown(request: HttpRequest, pk: int) -> HttpResponse:
    page = page_view(request, _("Действие над списком"))
    made = bulk_build.run(page, bulk.my_run(pk))
    template = "lists/bulk_body.html" if request.headers.get("HX-Request") else "lists/bulk.html"
    return render(request, template, {"page": page, "bulk": made})


@require_POST
@page_for("ticket.see")
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """The next part; the page asks for it by itself until nothing is left."""
    bulk.go_on(pk, request.scope)  # type: ignore[attr-defined]
    return _again(request, pk)


def _set(change: Callable[[int], object]) -> Callable[..., HttpResponse]:
    @require_POST
    @page_for("ticket.see")
    def changed(request: HttpRequest, pk: int) -> HttpResponse:
        with acting(request.scope):  # type: ignore[attr-defined]
            change(pk)
        return _again(request, pk)

    return changed


stop, resume = _set(bulk.stop), _set(bulk.resume)


@require_POST
@page_for("ticket.see")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    with acting(request.scope):  # type: ignore[attr-defined]
        bulk.undo(pk)
    bulk.go_on(pk, request.scope)  # type: ignore[attr-defined]
    return _again(request, pk)


def _again(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("lists:run", args=[pk]))
    with reading(request.scope):  # type: ignore[attr-defined]
        return _shown(request, pk)
