"""Around every page: the language, security headers, the scope of whoever asks, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.crypto import constant_time_compare

from vakhta.kernel import clock
from vakhta.kernel.refusal import Refused
from vakhta.kernel.tenancy import Scope
from vakhta.people.access import scope_of_user
from vakhta.people.models import Staff
from vakhta.people.sign_in import seen
from vakhta.web.pages import live_url, refusal

GetResponse = Callable[[HttpRequest], HttpResponse]


class ScopedRequest(HttpRequest):
    """A request after `ScopeMiddleware`."""

    scope: Scope | None
    staff: Staff | None


def policy(request: HttpRequest) -> str:
    """The Content Security Policy: own files only, no inline script or style, no eval."""
    live = urlsplit(live_url(request))
    origin = f" {live.scheme}://{live.netloc}" if live.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data: blob:",
            f"connect-src 'self'{origin}",
            "object-src 'none'",
            "base-uri 'none'",
            f"form-action 'self'{_vouching()}",
            "frame-ancestors 'none'",
        )
    )


def _vouching() -> str:
    """A form that asks for signing in by the organisation's own server is led on there."""
    own = urlsplit(settings.OIDC_URL)
    return f" {own.scheme}://{own.netloc}" if own.netloc else ""


class ChosenLanguage:
    """Russian, unless the person chose another language in the settings menu (a cookie). What the
    browser would accept is not asked: a phone set to English belongs to a Russian resident too."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecurityHeaders:
    """The policy on every answer, and nothing cached that shows people."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy(request))
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ScopeMiddleware:
    """`request.scope` and `request.staff` of the signed-in person, None when nobody is. Views open
    the scope themselves with `reading` and `acting`. A `Refused` becomes its page or fragment."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = request.staff = None  # type: ignore[attr-defined]
        request.must_add_step = False  # type: ignore[attr-defined]
        found = person_of(request.session)
        if found is not None:
            self._admit(request, found)
        return self._get_response(request)

    def _admit(self, request: HttpRequest, found: tuple[Scope, Staff]) -> None:
        """Whose role needs a second step and has none sees only the page that sets it."""
        session = request.session
        if session.get(MUST_ADD_STEP) and not request.path_info.startswith(OWN_PAGES):
            request.must_add_step = True  # type: ignore[attr-defined]
            return
        request.scope, request.staff = found  # type: ignore[attr-defined]
        before = getattr(found[1], "seen_at", None)
        if before is not None and seen(session[SIGN_IN], before, clock.now()):
            session.modified = True  # the hours of rest begin anew

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return refusal(request, error)


SIGN_IN, MUST_ADD_STEP, SEAT = "sign_in", "must_add_step", "seat"
"""Of a session: the row of the list that it is in; it may not go on without a second step; the work that was chosen of
several."""
OWN_PAGES = ("/security/", "/sign-out/", "/language/")


def person_of(session: SessionBase) -> tuple[Scope, Staff] | None:
    """Who is signed in by this session, and in which scope. One query."""
    user = session.get(SESSION_KEY)
    if user is None:
        return None
    found = scope_of_user(int(user), clock.today(), session.get(SIGN_IN), session.get(SEAT))
    return found if found is not None and is_of_password(session, found[1]) else None


def is_of_password(session: SessionBase, staff: Staff) -> bool:
    """Was the session begun with the password that the person has now? Another one ends the old."""
    known = session.get(HASH_SESSION_KEY, "")
    return constant_time_compare(known, staff.user.get_session_auth_hash())
