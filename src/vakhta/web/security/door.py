"""What happens between the first step of signing in and the first page: the second step, the session, its mark."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.kernel import clock
from vakhta.kernel.refusal import Forbidden, Refused
from vakhta.kernel.tenancy import Scope
from vakhta.people import sign_in, tries
from vakhta.people.access import scope_of_user
from vakhta.people.models import Staff, User
from vakhta.people.second_step import PASSKEY, steps_of
from vakhta.web.middleware import MUST_ADD_STEP, SIGN_IN
from vakhta.web.pages import own_address

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF, CONFIRMED = "half_in", "confirmed_at"
HALF_FOR = timedelta(minutes=10)
"""So long the second step is waited for."""
CONFIRMED_FOR = timedelta(minutes=15)
"""So long after the password what opens the door may be changed."""
KNOWN_BROWSER = "vakhta_known"


@dataclass(frozen=True)
class Half:
    """Somebody whose first step was right."""

    user: User
    how: str
    next_url: str


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], error: Refused | None = None
) -> HttpResponse:
    """The page, with what was refused beside the field; one who has to wait is told for how long."""
    answer = render(request, template, context, status=error.status if error else 200)
    if isinstance(error, tries.TooMany):
        answer["Retry-After"] = str(error.wait)
    return answer


def address_of(request: HttpRequest) -> str:
    """Whose network it is. Behind TLS the web server says for whom it asks, last in its list; a word of the
    browser's own would stand before."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def known_browser(request: HttpRequest, email: str) -> str:
    return tries.known_browser(request.COOKIES.get(KNOWN_BROWSER, ""), email)


def enter(request: HttpRequest, user: User, how: str, next_url: str) -> HttpResponse:
    """The first step was right: to the second, where there is one. A passkey is both: it asks for a finger or a PIN.
    Raises `Forbidden` for whoever has no work."""
    found = scope_of_user(user.pk, clock.today())
    if found is None:
        raise Forbidden(
            _("Пароль верный, но работы для вас ни в одной организации нет. Обратитесь к администратору.")
        )
    steps = steps_of(user.pk)
    if steps.is_set and how != PASSKEY:
        sign_in.replaced(request.session.get(SIGN_IN))
        request.session.flush()
        request.session[HALF] = {
            "user": user.pk, "how": how, "at": clock.now().isoformat(), "next": next_url[:2000],
            "password": user.get_session_auth_hash(),
        }  # fmt: skip
        return HttpResponseRedirect(reverse("public:second_step"))
    return begin(request, user, found, how, next_url, has_step=steps.is_set)


def half_of(request: HttpRequest) -> Half | None:
    """Whose second step is waited for: not longer than ten minutes, and not after the password was changed."""
    said: dict[str, Any] | None = request.session.get(HALF)
    if said is None or clock.now() - datetime.fromisoformat(said["at"]) > HALF_FOR:
        return None
    user = sign_in.the_person(said["user"])
    if user is None or user.get_session_auth_hash() != said["password"]:
        return None
    return Half(user, said["how"], said["next"])


def begin(
    request: HttpRequest, user: User, found: tuple[Scope, Staff], how: str, next_url: str, *, has_step: bool
) -> HttpResponse:
    """A session, its row, its fact; then to the page that was meant, or to the one that sets the second step."""
    scope, staff = found
    address = address_of(request)
    known = request.COOKIES.get(KNOWN_BROWSER, "")
    sign_in.replaced(request.session.get(SIGN_IN))
    login(request, user, backend=BACKEND)
    request.session.pop(HALF, None)
    row = sign_in.began(
        scope,
        staff,
        agent=request.headers.get("User-Agent", ""),
        address=tries.known_address(address),
        how=how,
    )
    request.session[SIGN_IN] = row.pk
    confirm(request)
    must_add = not has_step and staff.role in settings.SECOND_STEP_FOR
    if must_add:
        request.session[MUST_ADD_STEP] = True
    answer = HttpResponseRedirect(reverse("security:home") if must_add else own_address(request, next_url))
    answer.set_cookie(
        KNOWN_BROWSER,
        tries.with_person(known, user.email, secrets.token_urlsafe(12)),
        max_age=tries.KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path=reverse("public:sign_in"),
    )
    return answer


def confirm(request: HttpRequest) -> None:
    request.session[CONFIRMED] = clock.now().isoformat()


def is_confirmed(request: HttpRequest) -> bool:
    said = request.session.get(CONFIRMED, "")
    return bool(said) and clock.now() - datetime.fromisoformat(said) < CONFIRMED_FOR
