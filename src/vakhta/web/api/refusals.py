"""How the API's operations refuse: each error becomes a `Problem` with the field it is about."""

from __future__ import annotations

import json
import traceback
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from vakhta.kernel.database import is_full, is_gone
from vakhta.kernel.refusal import Invalid, Refused
from vakhta.web.api.answers import problem

log = structlog.get_logger(__name__)

WORDS = {
    "missing": "обязательное поле не передано",
    "extra_forbidden": "такого поля нет, проверьте имя",
    "string_too_long": "слишком длинное: можно не больше {max_length} знаков",
    "string_type": "нужна строка",
    "string_unicode": "нужна строка в UTF-8",
    "bool_parsing": "нужно true или false",
    "bool_type": "нужно true или false",
    "int_parsing": "нужно целое число",
    "int_parsing_size": "нужно целое число",
    "literal_error": "нужно одно из: {expected}",
    "timezone_aware": "нужно время с часовым поясом, например 2026-11-24T10:00:00+03:00",
    "datetime_from_date_parsing": "нужно время вида 2026-11-24T10:00:00+03:00",
    "datetime_parsing": "нужно время вида 2026-11-24T10:00:00+03:00",
    "datetime_type": "нужно время вида 2026-11-24T10:00:00+03:00",
    "model_attributes_type": "нужен объект JSON",
    "model_type": "нужен объект JSON",
    "dict_type": "нужен объект JSON",
}
PLACES = ("body", "said", "path", "query", "header")
"""Parts of an error's place that are ours and not a field's name."""


class Exact(Parser):
    """JSON in UTF-8 whose objects say each name once: of two values one would be lost in silence."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(request.body.decode(), object_pairs_hook=_once)
        return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            short = name[:80]
            raise Invalid(f"{short}: поле передано дважды, оставьте одно значение.", short)
        found[name] = value
    return found


def say_refusals(api: NinjaAPI) -> None:
    """Connects every error of the API's operations with its answer."""
    for error, answer in ANSWERS.items():
        api.exception_handler(error)(answer)


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(error.status, error.message, error.field)


def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first: dict[str, Any] = error.errors[0]
    field = ".".join(str(part) for part in first["loc"] if part not in PLACES)[:80]
    known = {"max_length": "", "expected": "", **first.get("ctx", {})}
    if first["type"] == "value_error":
        words = str(known["error"])
    else:
        words = WORDS.get(first["type"], "значение не подходит").format(**known).replace(" or ", " или ")
    return problem(422, f"{field or 'Тело запроса'}: {words}.", field or "body")


def _who(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    words = "Нужен действующий ключ доступа: заголовок Authorization: Bearer …"
    answer = problem(401, words, "Authorization")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The body: said twice, or no JSON at all."""
    if isinstance(error.__cause__, Refused):
        return _refused(request, error.__cause__)
    return problem(error.status_code, "Тело запроса не читается: нужен объект JSON в UTF-8.")


def _no_database(error: Exception) -> HttpResponse:
    what = "На диске базы данных кончилось место" if is_full(error) else "База данных не отвечает"
    answer = problem(503, f"{what}. Повторите через минуту с тем же Idempotency-Key.")
    answer["Retry-After"] = "60"
    return answer


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """A lost database, or a mistake of ours. The log gets its kind and place; its text may quote a person,
    so not that."""
    if is_gone(error):
        return _no_database(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/vakhta/" in f.filename]
    places = [f"{f.filename.rpartition('/vakhta/')[2]}:{f.lineno}" for f in frames]
    log.error("api_failed", error=type(error).__name__, at=places)
    return problem(500, "Ошибка сервиса, ничего не записано. Повторите позже с тем же Idempotency-Key.")


ANSWERS: dict[type[Exception], Any] = {
    Refused: _refused,
    ValidationError: _not_valid,
    AuthenticationError: _who,
    HttpError: _not_read,
    Exception: _failed,
}
