"""Отключения: the list, a new one, and what is done with one that stands."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.domain.addresses import parse_address
from vakhta.incidents import actions
from vakhta.incidents.models import Outage
from vakhta.kernel.refusal import Invalid, Refused, errors_of
from vakhta.kernel.tenancy import reading
from vakhta.places.house_lists import read_house_list
from vakhta.places.models import Building
from vakhta.places.search import find_addresses
from vakhta.web.console import screens as c
from vakhta.web.outages import build
from vakhta.web.pages import answered, page_for, page_view
from vakhta.web.said import local_moment

OFFERED = 8


@require_GET
@page_for("outage.see")
def outages(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, form: str = "", error: Refused | None = None) -> HttpResponse:
    page = page_view(request, _("Отключения"))
    made = build.outages(page, request.GET, request.POST, form, errors_of(error))
    return render(
        request, "outages/list.html", {"page": page, "list": made}, status=error.status if error else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("outage.announce")
def new(request: HttpRequest) -> HttpResponse:
    """GET: the form; POST: the announcement, and on to the list."""
    if request.method != "POST":
        return _new(request, request.GET)
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    return answered(
        request,
        lambda: _announce(request.POST, zone),
        lambda rows: f"{reverse('outages:outages')}?made={rows[0].pk}",
        lambda error: _new(request, request.POST, error),
    )


def _new(request: HttpRequest, said: QueryDict, error: Refused | None = None) -> HttpResponse:
    page = page_view(request, _("Новое отключение"))
    made = build.form(page, said, errors_of(error))
    return render(
        request, "outages/new.html", {"page": page, "form": made}, status=error.status if error else 200
    )


def _announce(said: QueryDict, zone: str) -> list[Outage]:
    since = local_moment(said.get("since", ""), zone, "since")
    until = local_moment(said.get("until", ""), zone, "until", until=True)
    found = read_house_list(said.get("houses", ""))
    if found.wrong:
        lines = "; ".join(f"«{line.line[:60]}»: {line.why}" for line in found.wrong[:3])
        more = "; …" if len(found.wrong) > 3 else ""
        words = _("Не понятно строк: %(count)s. Исправьте или уберите их. %(lines)s")
        raise Invalid(words % {"count": len(found.wrong), "lines": lines + more}, "houses")
    kind = said.get("kind", "")
    if kind not in ("planned", "emergency"):
        raise Invalid(_("Выберите: плановое или аварийное."), "kind")
    return actions.announce(
        actions.Announcement(
            services=tuple(said.getlist("services")),
            supplier=said.get("supplier", ""),
            document=said.get("document", ""),
            reason=said.get("reason", ""),
            is_planned=kind == "planned",
            since=since,
            until=until,
            buildings=found.pks,
        )
    )


@require_POST
@page_for("outage.announce")
def preview(request: HttpRequest) -> HttpResponse:
    """Whom it would concern, while the form is filled in. Changes nothing."""
    with reading(request.scope):  # type: ignore[attr-defined]
        page = page_view(request, "")
        made = build.preview(page, request.POST)
    return render(request, "outages/preview.html", {"page": page, "preview": made})


@require_GET
@page_for("outage.announce")
def houses(request: HttpRequest) -> HttpResponse:
    """What the words may mean, as the line finds it: whole streets first, then houses."""
    asked = request.GET.get("q", "")[:200]
    hits = find_addresses(asked, limit=OFFERED)
    found = [
        c.AddressHit(value=str(hit.building.pk), title=str(hit.building), detail=hit.building.company.short_name,
                     forgiven=hit.forgiven)
        for hit in hits
    ]  # fmt: skip
    if hits and not parse_address(asked).number:
        streets = dict.fromkeys(hit.building.street for hit in hits)
        counts = {street: Building.objects.filter(street=street).count() for street in list(streets)[:3]}
        found = [
            c.AddressHit(value=street, title=street, detail=_("вся улица: %s") % build.houses_words(count))
            for street, count in counts.items()
        ] + found
    return render(request, "console/addresses.html", {"hits": c.AddressHits(query=asked, hits=tuple(found))})


def _done(request: HttpRequest, pk: int, name: str, act: Callable[[], list[Outage]]) -> HttpResponse:
    def to(rows: list[Outage]) -> str:
        is_closed = rows[0].ended_at or rows[0].withdrawn_at
        return (
            f"{reverse('outages:outages')}{f'?closed={rows[0].pk}' if is_closed else f'#outage-{rows[0].pk}'}"
        )

    return answered(request, act, to, lambda error: _list(request, f"{name}/{pk}", error))


def _zone(request: HttpRequest) -> str:
    return str(request.staff.company.zone)  # type: ignore[attr-defined]


@require_POST
@page_for("outage.announce")
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    said = request.POST

    def act() -> list[Outage]:
        until = local_moment(said.get("until", ""), _zone(request), "until", until=True)
        return actions.prolong(pk, said.get("seen", ""), until, said.get("reason", ""))

    return _done(request, pk, "prolong", act)


@require_POST
@page_for("outage.announce")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    said = request.POST

    def act() -> list[Outage]:
        return actions.end(pk, said.get("seen", ""), local_moment(said.get("at", ""), _zone(request), "at"))

    return _done(request, pk, "end", act)


@require_POST
@page_for("outage.announce")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    said = request.POST
    return _done(
        request, pk, "withdraw", lambda: actions.withdraw(pk, said.get("seen", ""), said.get("reason", ""))
    )


@require_POST
@page_for("outage.announce")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The outage stands again."""
    return _done(request, pk, "", lambda: actions.take_back(pk))
