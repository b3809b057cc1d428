"""What stands before every page: addresses that cannot be meant, methods that a page does not have,
and the words for a request that Django refuses itself or that met a lost database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import is_valid_path
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found, server_error

from vakhta.kernel.database import is_full, is_gone
from vakhta.kernel.refusal import Refused, clean
from vakhta.web.api.answers import is_of_api, problem
from vakhta.web.pages import refusal

NAME_SHOWN = 80
"""Letters of a host's name that an answer repeats."""
RETRY_AFTER = "5"
"""Seconds: a database that was killed is back sooner."""


class BadRequest(Refused):
    status = 400


class TooLong(Refused):
    status = 413


class WrongMethod(Refused):
    status = 405


class Unavailable(Refused):
    status = 503


class Guard:
    """Refuses NUL in an address, in its question or in a cookie: PostgreSQL knows no such text. An
    answer «405» gets words; to a person who opens the address of a form, its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = (request.path_info, unquote(request.META.get("QUERY_STRING", "")), *request.COOKIES.values())
        if any("\0" in text for text in said):
            return refusal(
                request, BadRequest(_("В адресе есть знак, которого там не бывает. Наберите его заново."))
            )
        answer = self._get_response(request)
        if answer.status_code == 405 and _is_opened(request):
            return HttpResponseRedirect(_page_above(request.path_info))
        if answer.status_code == 405 and (is_of_api(request) or not answer.content):
            allowed = answer.get("Allow", "")
            answer = refusal(request, WrongMethod(_method_words(request, allowed)))
            answer["Allow"] = allowed
        if not _is_read(request):
            # The server lets go of the line: who asks again on it would be lost.
            answer["Connection"] = "close"
        return answer


def _is_read(request: HttpRequest) -> bool:
    """Did anybody read what came with it to its end? A body that was refused unread stays in the line."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        return False  # of a length that nobody said: none of it is read
    stream = getattr(request, "_stream", None)
    return getattr(stream, "_pos", 0) >= getattr(stream, "limit", 0)


def _is_opened(request: HttpRequest) -> bool:
    """By a person in a browser: typed, loaded anew, restored with the window."""
    wants_a_page = request.headers.get("Accept", "").startswith("text/html")
    return (
        request.method == "GET"
        and wants_a_page
        and "HX-Request" not in request.headers
        and not is_of_api(request)
    )


def _page_above(path: str) -> str:
    """The nearest address above that somebody has: a form is sent to one below its page. Ends at «/»."""
    while path != "/":
        path = path[: path.rstrip("/").rfind("/") + 1]
        if is_valid_path(path):
            break
    return path


def _method_words(request: HttpRequest, allowed: str) -> str:
    if is_of_api(request):
        return _("Этот адрес API так не спрашивают. Можно: %s.") % allowed
    return _("Так эту страницу не открывают: откройте её по ссылке или отправьте форму на ней.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler400`: too many fields, too long a form, a body that is no form; a name that the service is not
    opened by, which is the first thing that a new installation meets."""
    if isinstance(exception, DisallowedHost):
        said = clean(request.META.get("HTTP_HOST", "")[:NAME_SHOWN], "", "", limit=NAME_SHOWN)
        words = _(
            "По имени «%s» эту службу не открывают. Откройте её по обычному имени; если это имя верное, пусть администратор назовёт его в настройке VAKHTA_ALLOWED_HOSTS."
        )
        return refusal(request, BadRequest(words % said))
    if isinstance(exception, RequestDataTooBig):
        words = _(
            "Больше %(limit)s МБ текста за раз не принимается, ничего не записано. Вернитесь (Alt+←), сократите самое длинное поле и отправьте снова."
        ) % {"limit": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20}
        return refusal(request, TooLong(words))
    if isinstance(exception, TooManyFieldsSent):
        words = _(
            "Больше %(limit)s отмеченных строк и полей за раз не принимается, ничего не записано. Вернитесь (Alt+←) и отправьте частями."
        ) % {"limit": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
        return refusal(request, TooLong(words))
    words = _("Запрос не читается, ничего не записано. Вернитесь (Alt+←) и отправьте форму снова.")
    return refusal(request, BadRequest(words))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: an address that nobody has."""
    if is_of_api(request):
        return problem(404, _("Такого адреса в API нет. Все адреса названы на странице /api/v1/docs."))
    return page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """`handler500`: a lost database will be back, so 503 and when to come again; what was refused while it was read is
    told in its own words; the rest is our fault."""
    error = sys.exc_info()[1]
    if isinstance(error, Refused):
        return refusal(request, error)
    if is_gone(error):
        if is_full(error):
            words = _("На диске базы данных кончилось место, ничего не записано. Скажите администратору.")
        else:
            words = _("База данных не отвечает, ничего не записано. Подождите несколько секунд и повторите.")
        answer = refusal(request, Unavailable(words))
        answer["Retry-After"] = RETRY_AFTER
        return answer
    if is_of_api(request):
        return problem(500, _("Ошибка сервиса, ничего не записано. Повторите позже."))
    return server_error(request)
