"""Saved views: kept, renamed, replaced, shared, removed. Each is one action, then the list again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.lists import actions
from vakhta.lists.models import SavedView
from vakhta.web.lists import build, contacts_build, parts, saved
from vakhta.web.pages import page_for

KINDS: dict[str, tuple[parts.Kind, Callable[[QueryDict, str], object]]] = {
    "tickets": (build.KIND, build.asked),
    "contacts": (contacts_build.KIND, contacts_build.asked),
}


def _question(request: HttpRequest, of: str) -> tuple[str, dict[str, str]]:
    """(words, the rest) of the question that the form brings as an address; one that the list itself would refuse is
    refused."""
    if of not in KINDS:
        raise Invalid("Такого списка нет.", "list")
    kind, read = KINDS[of]
    said = QueryDict(request.POST.get("asked", "")[:4000].lstrip("?"))
    read(said, request.staff.company.zone)  # type: ignore[attr-defined]
    kind.columns.chosen(said)
    values = {name: value for name, value in parts.values_of(said, kind.names).items() if value}
    return values.pop("q", ""), values


@require_POST
@page_for("ticket.see")
def keep(request: HttpRequest) -> HttpResponse:
    of = request.POST.get("list", "")[:10]
    words, asked = _question(request, of)
    with acting(request.scope):  # type: ignore[attr-defined]
        row = actions.keep_view(request.POST.get("name", ""), of=of, said=words, asked=asked)
    return _opened(row)


@require_POST
@page_for("ticket.see")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    with acting(request.scope):  # type: ignore[attr-defined]
        row = actions.rename_view(pk, request.POST.get("name", ""))
    return _opened(row)


@require_POST
@page_for("ticket.see")
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    words, asked = _question(request, request.POST.get("list", "")[:10])
    with acting(request.scope):  # type: ignore[attr-defined]
        row = actions.replace_view(pk, said=words, asked=asked)
    return _opened(row)


def _done(verb: str, change: Callable[[int], SavedView]) -> Callable[..., HttpResponse]:
    """The view of what needs to be told nothing but of which view it is."""

    @require_POST
    @page_for(verb)
    def changed(request: HttpRequest, pk: int) -> HttpResponse:
        with acting(request.scope):  # type: ignore[attr-defined]
            row = change(pk)
        return _opened(row)

    return changed


default = _done("ticket.see", actions.choose_default)
share = _done("views.share", actions.share_view)
unshare = _done("views.share", actions.unshare_view)
restore = _done("ticket.see", actions.restore_view)


@require_POST
@page_for("ticket.see")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    with acting(request.scope):  # type: ignore[attr-defined]
        row = actions.remove_view(pk)
    return HttpResponseRedirect(f"{reverse(KINDS[row.list][0].page)}?removed={row.pk}")


def _opened(row: SavedView) -> HttpResponse:
    return HttpResponseRedirect(reverse(KINDS[row.list][0].page) + saved.address(row))
