"""Everybody's own first page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from vakhta.people.access import HOMES

HOME_PAGES = {
    "console": "console:console",
    "board": "board:board",
    "field": "field:orders",
    "journal": "reports:journal",
    "norms": "public:norms",
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """In the demo a newcomer chooses whom to be."""
    if request.must_add_step:  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("security:home"))
    scope = request.scope  # type: ignore[attr-defined]
    if scope is None:
        return HttpResponseRedirect(reverse("demo:people" if settings.DEMO else "public:sign_in"))
    return HttpResponseRedirect(home_of(scope.role))


def home_of(role: str) -> str:
    return reverse(HOME_PAGES[HOMES.get(role, "norms")])
