"""Signing in by the organisation's own OpenID Connect server: django-allauth speaks with it, we ask it for nothing
but a confirmed address. Nobody is made by it and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from vakhta.kernel.refusal import Conflict, NotFound
from vakhta.web.public import sign_in_views

PROVIDER = "oidc"
NO_ANSWER = marked("«%(server)s» не ответил. Войдите по паролю или попробуйте позже.")


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Where the library would find or make a person of its own, it is asked for the address, and our door goes on."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:
        emails = [known.email for known in sociallogin.email_addresses if known.verified]
        next_url = sociallogin.state.get("next") or ""
        if not emails:
            answer = sign_in_views.not_vouched(
                request,
                _(
                    "«%(server)s» не подтвердил адрес вашей почты: служба знает людей по нему. Войдите по паролю."
                ),
                server=settings.OIDC_NAME,
            )
        else:
            answer = sign_in_views.by_other(request, emails[0], next_url)
        raise ImmediateHttpResponse(answer)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **more: Any
    ) -> NoReturn:
        words = NO_ANSWER
        if error == "cancelled":
            words = _("Вход через «%(server)s» отменён. Войдите по паролю или попробуйте ещё раз.")
        raise ImmediateHttpResponse(sign_in_views.not_vouched(request, words, server=settings.OIDC_NAME))


@require_POST
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """To the organisation's own server."""
    from allauth.socialaccount.providers.openid_connect.views import login

    return _spoken(request, login)


@require_GET
@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it."""
    from allauth.socialaccount.providers.openid_connect.views import callback as back

    if provider_id != PROVIDER:
        raise NotFound(_("Такой страницы нет."))
    return _spoken(request, back)


def _spoken(request: HttpRequest, view: Callable[..., HttpResponse]) -> HttpResponse:
    """Outside any transaction: another server may be slow, or gone, or say what nobody can read."""
    if not settings.OIDC_URL:
        raise Conflict(_("Вход через сервер организации не настроен."))
    try:
        return view(request, PROVIDER)
    except (RequestException, OAuth2Error, LookupError, TypeError, ValueError):
        return sign_in_views.not_vouched(request, NO_ANSWER, server=settings.OIDC_NAME)
