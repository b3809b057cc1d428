"""A forgotten password: asking for the letter, and setting another one by its link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vakhta.kernel import clock
from vakhta.kernel.refusal import Invalid, Refused, errors_of
from vakhta.people import lost_password
from vakhta.people.tries import TooMany
from vakhta.web.pages import page_view
from vakhta.web.security import door
from vakhta.web.security import screens as s


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lost(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether somebody with this address works here or not."""
    if request.method != "POST":
        return _lost_page(request)
    said = request.POST.get("login", "").replace("\0", "")
    try:
        if not said.strip() or len(said) > 254:
            raise Invalid(_("Введите почту, которой входите."), "login")
        lost_password.ask_for_letter(said, address=door.address_of(request), now=clock.now())
    except (Invalid, TooMany) as error:
        return _lost_page(request, error, login=said[:254])
    return _lost_page(request, is_sent=True)


def _lost_page(
    request: HttpRequest, error: Refused | None = None, *, login: str = "", is_sent: bool = False
) -> HttpResponse:
    made = s.LostPassword(
        page=page_view(request, _("Забыли пароль"), live_url=""),
        post_url=reverse("public:lost_password"),
        back_url=reverse("public:sign_in"),
        login=login,
        is_sent=is_sent,
        errors=errors_of(error),
    )
    return door.shown(request, "office/lost_password.html", {"page": made.page, "made": made}, error)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of the letter."""
    if request.method != "POST":
        lost_password.whose(token)
        return _new_page(request, token)
    try:
        said = request.POST.get("password", "")
        if len(said) > 200:
            raise Invalid(_("Пароль длиннее 200 знаков: сократите его."), "password")
        lost_password.set_by_letter(token, said)
    except Invalid as error:
        return _new_page(request, token, error)
    return HttpResponseRedirect(f"{reverse('public:sign_in')}?new=1")


def _new_page(request: HttpRequest, token: str, error: Refused | None = None) -> HttpResponse:
    made = s.NewPassword(
        page=page_view(request, _("Новый пароль"), live_url=""),
        post_url=reverse("public:new_password", args=[token]),
        errors=errors_of(error),
    )
    return door.shown(request, "office/new_password.html", {"page": made.page, "made": made}, error)
