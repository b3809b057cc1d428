"""Лифты: which of them stand, and a house's own to be marked stopped or working."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.kernel.refusal import Refused
from vakhta.places import lifts as places
from vakhta.places.models import Lift
from vakhta.web.offices.forms import errors
from vakhta.web.outages import lifts as build
from vakhta.web.pages import answered, page_for, page_view
from vakhta.web.said import local_moment

FIELDS = {"reason", "at", "until"}


@require_GET
@page_for("outage.see")
def lifts(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, form: str = "", error: Refused | None = None) -> HttpResponse:
    page = page_view(request, _("Лифты"))
    wrong = errors(error, FIELDS) if error else {}
    made = build.page_of(page, request.GET, request.POST, form, wrong)
    context = {"page": page, "list": made}
    return render(request, "outages/lifts.html", context, status=error.status if error else 200)


def _marked(request: HttpRequest, pk: int, name: str, act: Callable[[str, str], Lift]) -> HttpResponse:
    """`act` with the mark of the form and the zone of the lift's house."""

    def change() -> Lift:
        row = Lift.objects.select_related("building").filter(pk=pk).first()
        return act(request.POST.get("seen", ""), row.building.zone if row else "UTC")

    return answered(
        request,
        change,
        lambda row: f"{reverse('outages:lifts')}?house={row.building_id}#lift-{row.pk}",
        lambda error: _page(request, f"{name}/{pk}", error),
    )


@require_POST
@page_for("lift.mark")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    said = request.POST

    def act(seen: str, zone: str) -> Lift:
        since = local_moment(said.get("at", ""), zone, "at")
        until = local_moment(said.get("until", ""), zone, "until", until=True)
        return places.stop(pk, seen, said.get("reason", ""), since, until)

    return _marked(request, pk, "stop", act)


@require_POST
@page_for("lift.mark")
def start(request: HttpRequest, pk: int) -> HttpResponse:
    return _marked(
        request, pk, "start", lambda seen, zone: places.start(pk, seen, local_moment(request.POST.get("at", ""), zone, "at"))
    )  # fmt: skip
