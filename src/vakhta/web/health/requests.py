"""Each request as one line of the log and one measure: its route, never its address, which may hold
a resident's token. `X-Request-ID` of a web server is kept when it looks like one, else made here."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from vakhta.web.health.measures import REQUESTS, SECONDS

log = structlog.get_logger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUEST_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""nginx's $request_id or a UUID; nothing that a person could be named by."""


class Watched:
    """After the static files, before everything that can refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.headers.get("X-Request-ID", "")
        number = said if REQUEST_ID.fullmatch(said) else secrets.token_hex(8)
        begun, queries = time.perf_counter(), Queries()
        with structlog.contextvars.bound_contextvars(request=number), connection.execute_wrapper(queries):
            answer = self._get_response(request)
            _tell(request, answer, time.perf_counter() - begun, queries.number)
        answer.headers.setdefault("X-Request-ID", number)
        return answer


class Named(CommonMiddleware):
    """Refuses a name that the service is not opened by. A machine that asks how the service is names an address or
    nothing, and no link is made of it: what it may read `web.health.access` decides."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path_info in FOR_MACHINES else super().process_request(request)


FOR_MACHINES = frozenset({"/health", "/health/ready", "/health/live", "/metrics"})


class Queries:
    """Counts what goes to the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)


def _tell(request: HttpRequest, answer: HttpResponse, seconds: float, queries: int) -> None:
    method = request.method if request.method in METHODS else "OTHER"
    route = route_of(request)
    REQUESTS.labels(route, method, str(answer.status_code)).inc()
    SECONDS.labels(route, method).observe(seconds)
    log.info(
        "request",
        route=route,
        method=method,
        status=answer.status_code,
        ms=round(seconds * 1000, 1),
        queries=queries,
        **_who(request),
    )


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, as the table of addresses writes it; "none" for what nobody has."""
    match = request.resolver_match
    return "/" + match.route if match is not None else "none"


def _who(request: HttpRequest) -> dict[str, Any]:
    """Ids of whoever is signed in or whose token it is."""
    scope = getattr(request, "scope", None) or getattr(request, "auth", None)
    staff = getattr(request, "staff", None)
    return {
        "actor": getattr(scope, "actor", ""),
        "company": getattr(staff, "company_id", None) or getattr(scope, "centre", None),
    }
