"""«Вход и безопасность»: one's own password, second step and sessions. What opens the door is changed only a
short time after the password was typed: a desk is left alone more often than a password is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, Refused, errors_of
from vakhta.kernel.tenancy import reading
from vakhta.people import second_step as steps
from vakhta.people import sign_in as people
from vakhta.people.models import Staff
from vakhta.people.tries import TooMany
from vakhta.web.middleware import MUST_ADD_STEP, SEAT, SIGN_IN
from vakhta.web.pages import own_address, page_for, page_view, said_by
from vakhta.web.security import door
from vakhta.web.security import screens as s

DONE = {
    "password": marked("Пароль сменён, остальные сеансы закончены."),
    "totp-dropped": marked("Коды из приложения больше не спрашиваются."),
    "passkey": marked("Ключ входа добавлен."),
    "passkey-dropped": marked("Ключ входа убран."),
    "totp": marked("Коды из приложения настроены: их спросят при следующем входе."),
    "ended": marked("Сеанс закончен."),
    "others": marked("Остальные сеансы закончены."),
}
"""What a page says that was come back to."""
View = Callable[..., HttpResponse]


def confirmed(view: View) -> View:
    """Only a short time after the password; else it is asked for, and then one is back on the page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if door.is_confirmed(request):
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("security:home")
        return HttpResponseRedirect(f"{reverse('security:confirm')}?{urlencode({'next': back})}")

    return wrapped


@require_GET
@page_for("security.own")
def home(request: HttpRequest) -> HttpResponse:
    return _home(request, said=DONE.get(request.GET.get("done", ""), ""))


def _home(request: HttpRequest, error: Refused | None = None, *, said: str = "") -> HttpResponse:
    """Inside a scope."""
    staff = request.staff  # type: ignore[attr-defined]
    has, now, mine = steps.steps_of(staff.user_id), clock.now(), request.session.get(SIGN_IN)
    back = urlencode({"next": reverse("security:home")})
    made = s.Security(
        page=page_view(request, _("Вход и безопасность")),
        login=staff.user.email,
        confirm_url="" if door.is_confirmed(request) else f"{reverse('security:confirm')}?{back}",
        must_add=bool(request.session.get(MUST_ADD_STEP)),
        said=_(said) if said else "",
        has_totp=has.totp,
        recovery_left=has.recovery_left,
        passkeys=tuple(
            s.PasskeyRow(
                name=key.name,
                added_at=key.added_at,
                used_at=key.used_at,
                drop_url=reverse("security:drop_passkey", args=[key.pk]),
            )
            for key in has.passkeys
        ),
        sessions=tuple(
            s.SessionRow(
                title=row.browser or _("неизвестный браузер"),
                address=row.address or "",
                begun_at=row.begun_at,
                seen_at=row.seen_at,
                end_url="" if row.pk == mine else reverse("security:end_session", args=[row.pk]),
            )
            for row in people.sessions_of(staff.user_id, now)
        ),
        seats=tuple(_seats(staff)),
        totp_url=reverse("security:totp"),
        drop_totp_url=reverse("security:drop_totp"),
        recovery_url=reverse("security:recovery"),
        passkey_url=reverse("security:passkey"),
        options_url=reverse("security:passkey_options"),
        password_url=reverse("security:password"),
        end_others_url=reverse("security:end_others"),
        errors=errors_of(error),
    )
    return door.shown(request, "security/home.html", {"page": made.page, "own": made}, error)


def _seats(staff: Staff) -> Iterable[s.SeatRow]:
    """All of one's work, when there is more than one."""
    seats = people.seats_of(staff.user_id)
    for row in seats if len(seats) > 1 else ():
        url = "" if row.pk == staff.pk else reverse("security:seat", args=[row.pk])
        yield s.SeatRow(role=_(row.get_role_display()), company=row.company.short_name, url=url)


@require_POST
@page_for("security.own")
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Another of one's roles in this browser, to its first page. A role that needs a second step asks for one first."""
    staff = request.staff  # type: ignore[attr-defined]
    row = people.choose_seat(staff.user_id, pk)
    request.session[SEAT] = row.pk
    request.session.pop(MUST_ADD_STEP, None)
    if row.role in settings.SECOND_STEP_FOR and not steps.steps_of(staff.user_id).is_set:
        request.session[MUST_ADD_STEP] = True
        return HttpResponseRedirect(reverse("security:home"))
    return HttpResponseRedirect(reverse("public:home"))


def _changed(request: HttpRequest, act: Callable[[], Any], done: str) -> HttpResponse:
    """Acts and comes back to the page; a refusal stands on it."""
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            codes = act()
    except (Invalid, TooMany) as error:
        return _refused(request, error)
    if done in ("totp", "passkey"):
        request.session.pop(MUST_ADD_STEP, None)
    if isinstance(codes, list) and codes:
        return _codes_page(request, codes)
    return HttpResponseRedirect(f"{reverse('security:home')}?{urlencode({'done': done})}")


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    with reading(request.scope):  # type: ignore[attr-defined]
        return said_by(_home(request, error), request, error)


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Recovery codes are shown once: no address leads to them."""
    with reading(request.scope):  # type: ignore[attr-defined]
        made = s.RecoveryCodes(
            page=page_view(request, _("Резервные коды")),
            codes=tuple(f"{code[:4]} {code[4:]}" for code in codes),
            done_url=reverse("security:home"),
            login=request.staff.user.email,  # type: ignore[attr-defined]
            made_at=clock.now(),
        )
        return render(request, "security/recovery.html", {"page": made.page, "made": made})


# ── Who sits there ───────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("security.own")
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more, then on to what was meant to be changed."""
    said = request.POST if request.method == "POST" else request.GET
    if request.method != "POST":
        return _confirm_page(request, said.get("next", ""))
    try:
        _check_password(request, "password")
    except (Invalid, TooMany) as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            return _confirm_page(request, said.get("next", ""), error)
    door.confirm(request)
    return HttpResponseRedirect(own_address(request, said.get("next", "")))


def _confirm_page(request: HttpRequest, next_url: str, error: Refused | None = None) -> HttpResponse:
    made = s.Confirm(
        page=page_view(request, _("Подтвердите, что это вы")),
        post_url=reverse("security:confirm"),
        next_url=next_url,
        login=request.staff.user.email,  # type: ignore[attr-defined]
        errors=errors_of(error),
    )
    return door.shown(request, "security/confirm.html", {"page": made.page, "made": made}, error)


def _check_password(request: HttpRequest, field: str) -> None:
    staff = request.staff  # type: ignore[attr-defined]
    if not people.check_own_password(staff, request.POST.get(field, "")[:200], clock.now()):
        raise Invalid(_("Пароль не тот. Проверьте раскладку и Caps Lock."), field)


@require_POST
@page_for("security.own")
def password(request: HttpRequest) -> HttpResponse:
    """Another password: the old one stands in the form itself."""
    said = request.POST.get("password", "")
    mine = request.session.get(SIGN_IN)
    try:
        if len(said) > 200:
            raise Invalid(_("Пароль длиннее 200 знаков: сократите его."), "password")
        _check_password(request, "old_password")
        with acting(request.scope):  # type: ignore[attr-defined]
            user = people.set_password(said, mine)
    except (Invalid, TooMany) as error:
        return _refused(request, error)
    request.user = user
    update_session_auth_hash(request, user)  # this one goes on
    door.confirm(request)
    return HttpResponseRedirect(f"{reverse('security:home')}?done=password")


# ── The second step ──────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("security.own")
@confirmed
def totp(request: HttpRequest) -> HttpResponse:
    """The picture, and the code that shows that it was taken."""
    if request.method != "POST":
        if steps.steps_of(request.staff.user_id).totp:  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("security:home"))
        return _totp_page(request)
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            codes = steps.add_totp(request, request.POST.get("code", ""))
    except Invalid as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            return _totp_page(request, error)
    return _changed(request, lambda: codes, "totp")


def _totp_page(request: HttpRequest, error: Refused | None = None) -> HttpResponse:
    secret, address = steps.new_secret(request)
    made = s.TotpSetup(
        page=page_view(request, _("Коды из приложения")),
        post_url=reverse("security:totp"),
        back_url=reverse("security:home"),
        picture=segno.make(address, error="l").svg_data_uri(scale=5, border=3, dark="#000", light="#fff"),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        errors=errors_of(error),
    )
    return door.shown(request, "security/totp.html", {"page": made.page, "made": made}, error)


@require_POST
@page_for("security.own")
@confirmed
def drop_totp(request: HttpRequest) -> HttpResponse:
    return _changed(request, steps.drop_totp, "totp-dropped")


@require_POST
@page_for("security.own")
@confirmed
def recovery(request: HttpRequest) -> HttpResponse:
    return _changed(request, lambda: steps.new_recovery_codes(request), "")


@require_GET
@page_for("security.own")
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser makes a key of; where the password has to be typed first, when it has not been."""
    if not door.is_confirmed(request):
        back = urlencode({"next": reverse("security:home")})
        return JsonResponse({"confirm": f"{reverse('security:confirm')}?{back}"})
    return JsonResponse(steps.passkey_options(request))


@require_POST
@page_for("security.own")
@confirmed
def passkey(request: HttpRequest) -> HttpResponse:
    name, credential = request.POST.get("name", ""), request.POST.get("credential", "")
    return _changed(request, lambda: steps.add_passkey(request, name, credential), "passkey")


@require_POST
@page_for("security.own")
@confirmed
def drop_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    return _changed(request, lambda: steps.drop_passkey(pk), "passkey-dropped")


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("security.own")
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    return _changed(request, lambda: people.end_session(pk), "ended")


@require_POST
@page_for("security.own")
def end_others(request: HttpRequest) -> HttpResponse:
    mine = request.session.get(SIGN_IN)
    return _changed(request, lambda: people.end_others(mine), "others")
