"""Houses, flats and residents by hand: each form is one action, then the page again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.kernel.journal import acting
from vakhta.kernel.looks import looked
from vakhta.places import consents, edit, parts
from vakhta.places.stock import House
from vakhta.web.offices.forms import NOTHING, Said, answered
from vakhta.web.pages import page_for, page_view
from vakhta.web.said import local_day, whole
from vakhta.web.stock import houses as build


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("stock.edit")
def houses(request: HttpRequest) -> HttpResponse:
    """GET: the list; POST: a new house, and on to its page."""
    if request.method != "POST":
        return _houses(request)
    company = whole(request.POST.get("company", "")) or 0
    return answered(
        request,
        "new",
        lambda: edit.new_building(company, _new(request)),
        lambda row: reverse("stock:house", args=[row.pk]),
        lambda said: _houses(request, said),
    )


def _new(request: HttpRequest) -> House:
    said = request.POST

    def count(name: str, least: int, most: int) -> int:
        return edit.number(said.get(name, "") or str(least), name, least, most)

    return House(
        company="",
        city=said.get("city", ""),
        street=said.get("street", ""),
        house=said.get("house", ""),
        floors=count("floors", 1, edit.MOST_FLOORS),
        entrances=count("entrances", 1, edit.MOST_ENTRANCES),
        flats=count("flats", 0, edit.MOST_AT_ONCE),
        lift=said.get("has_lift") == "yes",
        gas=said.get("has_gas") == "yes",
        chute=said.get("has_chute") == "yes",
    )


def _houses(request: HttpRequest, said: Said = NOTHING) -> HttpResponse:
    page = page_view(request, _("Дома"))
    context = {"page": page, "list": build.houses(page, request.GET, said)}
    return render(request, "stock/houses.html", context)


@require_GET
@page_for("stock.edit")
def house(request: HttpRequest, pk: int) -> HttpResponse:
    return _house(request, pk)


def _house(request: HttpRequest, pk: int, said: Said = NOTHING) -> HttpResponse:
    row = build.the_house(pk)
    page = page_view(request, str(row))
    return render(request, "stock/house.html", {"page": page, "house": build.house(page, row, said)})


@require_GET
@page_for("stock.edit")
def flat(request: HttpRequest, pk: int) -> HttpResponse:
    return _flat(request, pk)


def _flat(request: HttpRequest, pk: int, said: Said = NOTHING) -> HttpResponse:
    row = build.the_flat(pk)
    if request.method == "GET":
        looked(f"premises/{row.pk}", company=row.company_id)
    page = page_view(request, str(row))
    return render(request, "stock/flat.html", {"page": page, "flat": build.flat(page, row, said)})


def _of_house(request: HttpRequest, pk: int, form: str, act: Callable[[], object]) -> HttpResponse:
    url = reverse("stock:house", args=[pk])
    return answered(request, form, act, lambda _made: url, lambda said: _house(request, pk, said))


def _of_flat(request: HttpRequest, pk: int, form: str, act: Callable[[], object]) -> HttpResponse:
    url = reverse("stock:flat", args=[pk])
    return answered(request, form, act, lambda _made: url, lambda said: _flat(request, pk, said))


def _said(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


@require_POST
@page_for("stock.edit")
def change_house(request: HttpRequest, pk: int) -> HttpResponse:
    said = _said(
        request, "street", "house", "city", "floors", "entrances", "guid", "has_lift", "has_gas", "has_chute"
    )
    seen = request.POST.get("seen", "")
    return _of_house(request, pk, "house", lambda: edit.change_building(pk, seen, said))


@require_POST
@page_for("stock.edit")
def add_flats(request: HttpRequest, pk: int) -> HttpResponse:
    said = _said(request, "first", "last", "entrance", "floor")
    return _of_house(request, pk, "flats", lambda: edit.add_flats(pk, **said))


@require_POST
@page_for("stock.edit")
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_house(request, pk, "note", lambda: edit.add_note(pk, _said(request, "kind", "title", "where")))


@require_POST
@page_for("stock.edit")
def drop_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    return _of_house(request, pk, "", lambda: edit.drop_note(pk, note))


@require_POST
@page_for("stock.edit")
def fill_entrances(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_house(request, pk, "entrance", lambda: parts.fill_entrances(pk))


@require_POST
@page_for("stock.edit")
def add_part(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    return _of_house(
        request,
        pk,
        kind,
        lambda: parts.put_part(pk, kind, None, "", _said(request, *parts.part_of(kind).fields)),
    )


@require_POST
@page_for("stock.edit")
def change_part(request: HttpRequest, pk: int, kind: str, part: int) -> HttpResponse:
    seen = request.POST.get("seen", "")
    return _of_house(
        request,
        pk,
        f"{kind}/{part}",
        lambda: parts.put_part(pk, kind, part, seen, _said(request, *parts.part_of(kind).fields)),
    )


@require_POST
@page_for("stock.edit")
def drop_part(request: HttpRequest, pk: int, kind: str, part: int) -> HttpResponse:
    return _of_house(request, pk, "", lambda: parts.drop_part(pk, kind, part))


@require_POST
@page_for("stock.edit")
def change_flat(request: HttpRequest, pk: int) -> HttpResponse:
    said, seen = _said(request, "number", "entrance", "floor"), request.POST.get("seen", "")
    return _of_flat(request, pk, "flat", lambda: edit.change_flat(pk, seen, said))


@require_POST
@page_for("stock.edit")
def add_account(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_flat(request, pk, "account", lambda: edit.add_account(pk, _said(request, "number", "holder")))


@require_POST
@page_for("stock.edit")
def change_account(request: HttpRequest, pk: int, account: int) -> HttpResponse:
    said, seen = _said(request, "number", "holder"), request.POST.get("seen", "")
    return _of_flat(request, pk, f"account/{account}", lambda: edit.change_account(pk, account, seen, said))


@require_POST
@page_for("stock.edit")
def drop_account(request: HttpRequest, pk: int) -> HttpResponse:
    with acting(request.scope):  # type: ignore[attr-defined]
        home = edit.drop_account(pk)
    return HttpResponseRedirect(reverse("stock:flat", args=[home.pk]))


@require_POST
@page_for("stock.edit")
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    return _person(request, pk, None, "person")


@require_POST
@page_for("stock.edit")
def change_person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    return _person(request, pk, person, f"person/{person}")


def _person(request: HttpRequest, pk: int, person: int | None, form: str) -> HttpResponse:
    said, seen = _said(request, "name", "relation", "phones", "email"), request.POST.get("seen", "")
    return _of_flat(request, pk, form, lambda: edit.put_person(pk, person, seen, said))


@require_POST
@page_for("stock.edit")
def drop_person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    return _of_flat(request, pk, "", lambda: edit.drop_person(pk, person))


@require_POST
@page_for("stock.edit")
def give_consent(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    said = _said(request, "purpose", "document")

    def give() -> object:
        return consents.give(
            pk, person, **said, given_on=local_day(request.POST.get("given_on", ""), "given_on")
        )

    return _of_flat(request, pk, f"consent/{person}", give)


@require_POST
@page_for("stock.edit")
def withdraw_consent(request: HttpRequest, pk: int, consent: int) -> HttpResponse:
    def withdraw() -> object:
        day = local_day(request.POST.get("withdrawn_on", ""), "withdrawn_on")
        return consents.take_back(pk, consent, day)

    return _of_flat(request, pk, f"withdrawn/{consent}", withdraw)
