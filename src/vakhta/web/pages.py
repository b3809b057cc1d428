"""What every view needs: who may see a page, what the frame of a page knows, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.domain.permissions import ROLES, may
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, Refused, errors_of
from vakhta.kernel.tenancy import reading
from vakhta.kernel.words import NBSP
from vakhta.web.api.answers import is_of_api, problem
from vakhta.web.screens import Errors, LinkView, PageView, PersonView
from vakhta.web.shared import newest_entry

View = Callable[..., HttpResponse]
Made = TypeVar("Made")

SIZES = tuple(str(size) for size in range(13, 21))
"""Sizes of letters that a person may choose, in pixels, as the cookie says them."""

NAV = (
    ("console.see", "console:console", marked("Пульт")),
    ("board.see", "board:board", marked("Табло")),
    ("ticket.see", "lists:tickets", marked("Заявки")),
    ("work.do", "field:orders", marked("Наряды")),
    ("journal.see", "reports:journal", marked("Журнал")),
    ("indicators.see", "indicators:indicators", marked("Показатели")),
    ("journal.enter_late", "console:paper", marked("С бумаги")),
    ("shifts.see", "shifts:month", marked("Смены")),
    ("outage.see", "outages:outages", marked("Отключения")),
    ("duty.see", "console:duty_page", marked("Справочник")),
    ("stock.edit", "stock:houses", marked("Дома")),
    ("stock.load", "stock:imports", marked("Загрузка")),
    ("offices.manage", "offices:companies", marked("Организации")),
    ("crews.lead", "offices:crews", marked("Бригады")),
    ("norms.see", "public:norms", marked("Нормы")),
    ("rights.see", "public:rights", marked("Права")),
)


CREWS = "offices:crews"
"""A part of the office for whoever sees the whole of it, a section of its own for who leads crews only."""
LINE = "console:console"
"""Where the line is: its key leads there from every other page."""


def page_for(verb: str) -> Callable[[View], View]:
    """A view for signed-in people whose role may do `verb`; others are sent to sign in or refused.
    A GET runs inside `reading(request.scope)`; a POST opens its own `acting`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            scope = request.scope  # type: ignore[attr-defined]
            if scope is None:
                return _to_sign_in(request)
            if not may(scope.role, verb):
                raise Forbidden(
                    _("Эта страница не для вашей роли. Вернитесь на свою: нажмите «Вахта» вверху.")
                )
            if request.method in ("GET", "HEAD"):
                with reading(scope):
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        wrapped.verb = verb  # type: ignore[attr-defined]
        return wrapped

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in ended while somebody worked: back to the page that they had before them, which still
    has their words; the address of a form only takes some, nobody can be led there."""
    if request.must_add_step:  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("security:home"))
    is_part = "HX-Request" in request.headers
    if not is_part and request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(_sign_in(request.get_full_path()))
    came_from = request.headers.get("HX-Current-URL" if is_part else "Referer", "")
    place = _sign_in(_own_page(request, came_from), over="1")
    if not is_part:
        return HttpResponseRedirect(place)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = place
    return answer


def _sign_in(page: str, **more: str) -> str:
    return f"{reverse('public:sign_in')}?{urlencode({'next': page, **more})}"


def _own_page(request: HttpRequest, address: str) -> str:
    """The page of an address as it stands behind our name."""
    parts = urlsplit(own_address(request, address))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def own_address(request: HttpRequest, said: str) -> str:
    """The address as somebody said it when it is one of ours; the first page's for any other, and for what
    is no address at all."""
    if url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure()):
        return said
    return reverse("public:home")


def theme_of(request: HttpRequest) -> str:
    """ "light" or "dark" as somebody chose; "" follows the system."""
    theme = request.COOKIES.get("vakhta_theme", "")
    return theme if theme in ("light", "dark") else ""


def live_url(request: HttpRequest) -> str:
    """Where this page finds the live stream. A setting like ":8001/live/" means the page's own host
    on another port (the demo, opened as localhost or as 127.0.0.1)."""
    url = str(settings.LIVE_URL)
    if url.startswith(":"):
        return f"{request.scheme}://{request.get_host().rsplit(':', 1)[0]}{url}"
    return url


def page_view(request: HttpRequest, title: str, **more: Any) -> PageView:
    """The frame's knowledge for the signed-in person; inside a scope."""
    scope, staff = request.scope, request.staff  # type: ignore[attr-defined]
    size = request.COOKIES.get("vakhta_size", "")
    known: dict[str, Any] = {
        "title": title,
        "now": clock.now(),
        "theme": theme_of(request),
        "size": int(size) if size in SIZES else 15,
        "letters": request.COOKIES.get("vakhta_letters") != "off",
    }
    if settings.DEMO:
        known["demo_url"] = reverse("demo:people")
    if scope is not None and staff is not None:
        roles = {role.code: _(role.title) for role in ROLES}
        known |= {
            "zone": staff.company.zone,
            # The stream tells of companies; what is lent is a ticket here and there: such a page asks by itself.
            "live_url": "" if scope.lent_to else live_url(request),
            "person": PersonView(name=staff.name, role=roles[staff.role].lower()),
            "nav": nav(request),
            "sign_out_url": reverse("public:sign_out"),
            "security_url": reverse("security:home"),
            "draft_owner": scope.actor,
        }
        if {**known, **more}["live_url"] and not request.headers.get("HX-Request"):
            known["live_from"] = next(iter(newest_entry()), 0)
    return PageView(**{**known, **more})


def nav(request: HttpRequest) -> tuple[LinkView, ...]:
    """The sections that the person's role may see."""
    role = request.scope.role  # type: ignore[attr-defined]
    here = urlsplit(own_address(request, request.headers.get("HX-Current-URL") or request.path)).path
    return tuple(
        LinkView(
            title=_(title),
            url=reverse(name) + ("#line" if name == LINE else ""),
            current=here == reverse(name),
            key="Ctrl+K" if name == LINE else "",
        )
        for verb, name, title in NAV
        if may(role, verb) and not (name == CREWS and may(role, "offices.manage"))
    )


def said_by(answer: HttpResponse, request: HttpRequest, error: Refused) -> HttpResponse:
    """The form with the words of its refusal beside a field; where the form has no such field, the
    refusal itself, so that it is never lost. Beside a field no line breaks a number (`words.bound`)."""
    drawn = answer.content.decode().replace(NBSP, " ")
    return answer if escape(error.message).replace(NBSP, " ") in drawn else refusal(request, error)


def answered(
    request: HttpRequest,
    act: Callable[[], Made],
    to: Callable[[Made], str],
    shows: Callable[[Refused], HttpResponse],
) -> HttpResponse:
    """Acts and goes on to a page, of what was made; a form that is wrong, or that somebody else was faster with, is
    shown as it was sent, by `shows` inside a scope."""
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            made = act()
    except (Invalid, Conflict) as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            answer = shows(error)
            answer.status_code = error.status
            return said_by(answer, request, error)
    return HttpResponseRedirect(to(made))


def asked(
    request: HttpRequest,
    title: str,
    template: str,
    name: str,
    make: Callable[[PageView, QueryDict], Any],
    wrong: Callable[[PageView, QueryDict, Errors], Any],
) -> HttpResponse:
    """What was asked for in the address, as `name` of the template; or, by `wrong`, its form as it was filled with
    what cannot be read in it."""
    page = page_view(request, title)
    try:
        made = make(page, request.GET)
    except Invalid as error:
        context = {"page": page, name: wrong(page, request.GET, errors_of(error))}
        return said_by(render(request, template, context, status=error.status), request, error)
    return render(request, template, {"page": page, name: made})


def file_answer(content: bytes, media_type: str, name: str, *, shown: bool = False) -> HttpResponse:
    """A file to save, or, `shown`, to look at in the browser."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    return answer


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal for a person: its own page, or for htmx the one line that the page shows; for a
    program that asks the API, its JSON."""
    if is_of_api(request):
        return problem(error.status, error.message, error.field)
    if request.headers.get("HX-Request"):
        answer = render(request, "parts/refusal.html", {"message": error.message}, status=error.status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#alerts", "innerHTML"
        return answer
    context = {"page": PageView(title=_("Не получилось"), now=clock.now()), "message": error.message}
    return render(request, "errors/refused.html", context, status=error.status)
