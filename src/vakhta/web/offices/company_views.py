"""Organisations and their agreements by hand: each form is one action, then the page again."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.contacts.leaving import check_left
from vakhta.kernel import clock
from vakhta.kernel.refusal import Invalid
from vakhta.people import agreements, offices
from vakhta.people.models import Agreement
from vakhta.places.phones import company_phone
from vakhta.web.offices import companies as build
from vakhta.web.offices.forms import NOTHING, Said, answered
from vakhta.web.pages import page_for, page_view
from vakhta.web.said import local_day

DONE = {
    "new": marked("Организация добавлена."),
    "own": marked("Записано."),
    "term": marked("Срок договора записан."),
    "again": marked("Договор добавлен."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("offices.manage")
def companies(request: HttpRequest) -> HttpResponse:
    """GET: the list; POST: a new organisation with its agreement, and on to its page, or to the list while the
    agreement has not begun."""
    if request.method != "POST":
        return _companies(request)

    def add() -> tuple[int, bool]:
        since, until = _days(request)
        row = agreements.open_company(_new(request), since, until)
        return row.pk, since <= clock.today()

    return answered(request, "company", add, _after_adding, lambda said: _companies(request, said))


def _after_adding(made: tuple[int, bool]) -> str:
    pk, has_begun = made
    return (
        reverse("offices:company", args=[pk]) if has_begun else reverse("offices:companies")
    ) + "?done=new"


def _new(request: HttpRequest) -> offices.Office:
    said = request.POST
    return offices.Office(
        kind=said.get("kind", ""),
        name=said.get("name", ""),
        short_name=said.get("short_name", ""),
        phone=company_phone(said.get("phone", "")),
        email=said.get("email", "").strip(),
        zone=said.get("zone", ""),
    )


def _days(request: HttpRequest) -> tuple[date, date | None]:
    since = local_day(request.POST.get("since", ""), "since")
    if since is None:
        raise Invalid(_("Укажите, с какого дня договор."), "since")
    return since, local_day(request.POST.get("until", ""), "until")


def _companies(request: HttpRequest, said: Said = NOTHING) -> HttpResponse:
    made = build.companies(page_view(request, _("Организации")), said, _done(request))
    return render(request, "offices/companies.html", {"page": made.page, "list": made})


def _done(request: HttpRequest) -> str:
    done = DONE.get(request.GET.get("done", ""), "")
    return _(done) if done else ""


@require_GET
@page_for("offices.manage")
def company(request: HttpRequest, pk: int) -> HttpResponse:
    return _company(request, pk)


def _company(request: HttpRequest, pk: int, said: Said = NOTHING) -> HttpResponse:
    row = build.the_company(pk)
    made = build.company(page_view(request, row.short_name), row, said, _done(request))
    return render(request, "offices/company.html", {"page": made.page, "company": made})


@require_POST
@page_for("offices.manage")
def change_company(request: HttpRequest, pk: int) -> HttpResponse:
    said = {
        name: request.POST.get(name, "")
        for name in ("name", "short_name", "email", "zone", "auto_close_days")
    }
    seen = request.POST.get("seen", "")

    def change() -> object:
        return offices.change_company(
            pk, seen, said | {"phone": company_phone(request.POST.get("phone", ""))}
        )

    url = reverse("offices:company", args=[pk])
    return answered(
        request, "own", change, lambda _made: f"{url}?done=own", lambda said: _company(request, pk, said)
    )


@require_POST
@page_for("offices.manage")
def change_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Of an agreement that stands on its company's page, or, when it is not in force, on the list. One that ends at
    once with open work is asked about first: `anyway`."""
    said = request.POST

    def change() -> Agreement:
        row = agreements.change_term(pk, said.get("seen", ""), *_days(request))
        if said.get(build.ANYWAY) != "yes":
            check_left(row.company_id, row.until)
        return row

    return answered(
        request,
        f"term/{pk}",
        change,
        lambda row: _place_of(row.company_id, agreements.is_in_force(row, clock.today())) + "?done=term",
        lambda said: _term_page(request, pk, said),
    )


def _place_of(company: int, is_seen: bool) -> str:
    return reverse("offices:company", args=[company]) if is_seen else reverse("offices:companies")


def _term_page(request: HttpRequest, pk: int, said: Said) -> HttpResponse:
    term = next((row for row in agreements.all_of(agreements.own_centre()) if row.pk == pk), None)
    if term is not None and agreements.is_in_force(term, clock.today()):
        return _company(request, term.company_id, said)
    return _companies(request, said)


@require_POST
@page_for("offices.manage")
def serve_again(request: HttpRequest, pk: int) -> HttpResponse:
    return answered(
        request,
        "again",
        lambda: agreements.serve_again(pk, *_days(request)),
        lambda row: f"{reverse('offices:company', args=[row.company_id])}?done=again",
        lambda said: _company(request, pk, said),
    )
