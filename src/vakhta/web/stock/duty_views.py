"""The duty directory edited: each form is one action, then the page again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.kernel.refusal import NotFound
from vakhta.people.models import DutyContact
from vakhta.places import duty as actions
from vakhta.web.offices.forms import NOTHING, Said, answered
from vakhta.web.pages import page_for, page_view
from vakhta.web.stock import duty as build

FIELDS = ("code", "company", "name", "phone", "note")


@require_GET
@page_for("duty.edit")
def duty(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, said: Said = NOTHING) -> HttpResponse:
    page = page_view(request, _("Дежурный справочник"))
    context = {"page": page, "duty": build.directory(page, request.GET, said)}
    return render(request, "stock/duty.html", context)


def _done(
    request: HttpRequest, form: str, act: Callable[[], DutyContact], more: str = "at=%s"
) -> HttpResponse:
    return answered(
        request,
        form,
        act,
        lambda row: f"{reverse('stock:duty')}?{more % row.pk}",
        lambda said: _page(request, said),
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
