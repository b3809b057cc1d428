"""The duty directory edited: each form is one action, then the page again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.kernel.refusal import NotFound, Refused, errors_of
from vakhta.people.models import DutyContact
from vakhta.places import duty as actions
from vakhta.web.pages import answered, page_for, page_view
from vakhta.web.stock import duty as build

FIELDS = ("code", "company", "name", "phone", "note")


@require_GET
@page_for("duty.edit")
def duty(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, form: str = "", error: Refused | None = None) -> HttpResponse:
    page = page_view(request, _("Дежурный справочник"))
    made = build.directory(page, request.GET, request.POST, form, errors_of(error))
    return render(
        request, "stock/duty.html", {"page": page, "duty": made}, status=error.status if error else 200
    )


def _done(
    request: HttpRequest, form: str, act: Callable[[], DutyContact], more: str = "at=%s"
) -> HttpResponse:
    return answered(
        request,
        act,
        lambda row: f"{reverse('stock:duty')}?{more % row.pk}",
        lambda error: _page(request, form, error),
    )


def _said(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in FIELDS}


@require_POST
@page_for("duty.edit")
def add(request: HttpRequest, kind: str) -> HttpResponse:
    return _done(request, kind, lambda: actions.add_line(kind, _said(request)))


@require_POST
@page_for("duty.edit")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    seen = request.POST.get("seen", "")
    return _done(request, str(pk), lambda: actions.change_line(pk, seen, _said(request)))


@require_POST
@page_for("duty.edit")
def move(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    if way not in ("up", "down"):
        raise NotFound(_("Строку двигают выше или ниже."))
    return _done(request, "", lambda: actions.move_line(pk, up=way == "up"), f"way={way}&at=%s")


@require_POST
@page_for("duty.edit")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, "", lambda: actions.remove_line(pk), "removed=%s")


@require_POST
@page_for("duty.edit")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, "", lambda: actions.restore_line(pk))
