"""The way in and out: password, second step, passkey, the organisation's own server."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.kernel import clock
from vakhta.kernel.refusal import Invalid, Refused, errors_of
from vakhta.people import second_step as steps
from vakhta.people import sign_in as people
from vakhta.people import tries
from vakhta.people.access import scope_of_user
from vakhta.web.middleware import SIGN_IN
from vakhta.web.pages import page_view
from vakhta.web.security import door
from vakhta.web.security import screens as s


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """By e-mail and password. The answer to a wrong pair says neither which part was wrong nor
    whether the person exists."""
    if request.method != "POST":
        return _sign_in_page(request, next_url=request.GET.get("next", ""))
    said = {
        "login": request.POST.get("login", "")[:254].replace("\0", ""),
        "next_url": request.POST.get("next", ""),
    }
    try:
        user = people.person_by_password(
            request,
            said["login"],
            request.POST.get("password", "")[:200],
            address=door.address_of(request),
            known=door.known_browser(request, said["login"]),
            now=clock.now(),
        )
        if user is None:
            raise Invalid(_("Имя или пароль не те. Проверьте раскладку и Caps Lock."), "password")
        return door.enter(request, user, "password", said["next_url"])
    except Refused as error:
        return _sign_in_page(request, error, **said)


def _sign_in_page(request: HttpRequest, error: Refused | None = None, **said: str) -> HttpResponse:
    made = s.SignIn(
        page=page_view(request, _("Вход"), live_url=""),
        post_url=reverse("public:sign_in"),
        passkey_url=reverse("public:passkey"),
        options_url=reverse("public:passkey_options"),
        oidc_url=reverse("public:oidc") if settings.OIDC_URL else "",
        oidc_name=settings.OIDC_NAME,
        is_over="over" in request.GET,
        is_new="new" in request.GET,
        lost_url=reverse("public:lost_password") if settings.SMTP_URL else "",
        errors=errors_of(error),
        **said,
    )
    return door.shown(request, "office/sign_in.html", {"page": made.page, "sign_in": made}, error)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """A code from the application, a recovery code, or a key."""
    half = door.half_of(request)
    if half is None:
        return HttpResponseRedirect(reverse("public:sign_in"))
    if request.method != "POST":
        return _second_step_page(request, half)
    found = scope_of_user(half.user.pk, clock.today())
    try:
        counted = tries.count({f"step:{half.user.pk}": tries.FEW}, clock.now())
        step = _step_of(request, half)
        if not step or found is None:
            if found is not None:
                people.step_failed(*found)
            raise Invalid(_wrong_step(request), "" if request.POST.get("credential") else "code")
        tries.take_back(counted)
    except Refused as error:
        return _second_step_page(request, half, error)
    return door.begin(request, half.user, found, f"{half.how}+{step}", half.next_url, has_step=True)


def _step_of(request: HttpRequest, half: door.Half) -> str:
    credential = request.POST.get("credential", "")
    if credential:
        whose = steps.opens_by_passkey(request, half.user, credential)
        return steps.PASSKEY if whose == half.user else ""
    return steps.opens_by_code(request, half.user, request.POST.get("code", ""))


def _wrong_step(request: HttpRequest) -> str:
    if request.POST.get("credential"):
        return _("Ключ не подошёл. Попробуйте ещё раз или введите код.")
    return _("Код не подошёл. Введите тот, что на экране сейчас, или один из неиспользованных резервных.")


def _second_step_page(request: HttpRequest, half: door.Half, error: Refused | None = None) -> HttpResponse:
    has = steps.steps_of(half.user.pk)
    made = s.SecondStep(
        page=page_view(request, _("Второй шаг входа"), live_url=""),
        post_url=reverse("public:second_step"),
        cancel_url=reverse("public:sign_in"),
        has_codes=has.totp,
        options_url=reverse("public:passkey_options") if has.passkeys else "",
        errors=errors_of(error),
    )
    return door.shown(request, "office/second_step.html", {"page": made.page, "step": made}, error)


@require_GET
@never_cache
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What a key is to sign: one of the half-entered person's, or whichever the browser has."""
    half = door.half_of(request)
    if half is None:  # each is a row of somebody unknown
        tries.count({f"asks:{tries.network_of(door.address_of(request))}": tries.MANY}, clock.now())
    return JsonResponse(steps.ask_for_passkey(request, half.user if half else None))


@require_POST
@never_cache
def passkey(request: HttpRequest) -> HttpResponse:
    """In by a key alone."""
    next_url = request.POST.get("next", "")
    try:
        limits = {f"network:{tries.network_of(door.address_of(request))}": tries.MANY}
        counted = tries.count(limits, clock.now())
        user = steps.opens_by_passkey(request, None, request.POST.get("credential", ""))
        if user is None:
            raise Invalid(_("Ключ не подошёл. Попробуйте ещё раз или войдите по паролю."), "")
        tries.take_back(counted)
        return door.enter(request, user, steps.PASSKEY, next_url)
    except Refused as error:
        return _sign_in_page(request, error, next_url=next_url)


def by_other(request: HttpRequest, email: str, next_url: str) -> HttpResponse:
    """In by the word of the organisation's own server: it knows the person, we know the work."""
    try:
        user = people.person_by_email(email)
        if user is None:
            raise Invalid(
                _(
                    "«%(server)s» знает вас, а служба нет: сотрудника с адресом %(email)s здесь не завели. Обратитесь к администратору."
                ),
                "",
                server=settings.OIDC_NAME,
                email=email,
            )
        return door.enter(request, user, "oidc", next_url)
    except Refused as error:
        return _sign_in_page(request, error, next_url=next_url)


def not_vouched(request: HttpRequest, message: str, **said: object) -> HttpResponse:
    """The organisation's own server did not say who it is."""
    return _sign_in_page(request, Invalid(message, "", **said))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    scope, staff = request.scope, request.staff  # type: ignore[attr-defined]
    if scope is not None and staff is not None:
        people.signed_out(scope, staff, request.session.get(SIGN_IN))
    logout(request)
    return HttpResponseRedirect(reverse("public:home"))
