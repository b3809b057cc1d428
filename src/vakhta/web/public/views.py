"""The way in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import HOMES
from vakhta.web.console import office_screens as o
from vakhta.web.pages import own_address, page_view

HOME_PAGES = {
    "console": "console:console",
    "board": "board:board",
    "field": "field:orders",
    "journal": "reports:journal",
    "norms": "public:norms",
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's own first page; in the demo a newcomer chooses whom to be."""
    scope = request.scope  # type: ignore[attr-defined]
    if scope is None:
        return HttpResponseRedirect(reverse("demo:people" if settings.DEMO else "public:sign_in"))
    return HttpResponseRedirect(home_of(scope.role))


def home_of(role: str) -> str:
    return reverse(HOME_PAGES[HOMES.get(role, "norms")])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """By e-mail and password. The answer to a wrong pair says neither which part was wrong nor
    whether the person exists."""
    said = {"login": "", "next_url": request.GET.get("next", "")}
    errors = {}
    if request.method == "POST":
        said = {
            "login": request.POST.get("login", "")[:254].replace("\0", ""),
            "next_url": request.POST.get("next", ""),
        }
        with reading(Scope.system("sign-in")):  # who it is, is not known yet
            user = authenticate(
                request, username=said["login"], password=request.POST.get("password", "")[:200]
            )
        if user is not None:
            login(request, user)
            return HttpResponseRedirect(own_address(request, said["next_url"]))
        errors = {"password": _("Имя или пароль не те. Проверьте раскладку и Caps Lock.")}
    page = page_view(request, _("Вход"), live_url="")
    made = o.SignIn(
        page=page, post_url=reverse("public:sign_in"), is_over="over" in request.GET, errors=errors, **said
    )
    return render(
        request, "office/sign_in.html", {"page": page, "sign_in": made}, status=422 if errors else 200
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("public:home"))
