"""`/health/live`, `/health`, `/metrics`: for machines, in English, without a person in them."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from vakhta.kernel import clock
from vakhta.web.health.access import may_read
from vakhta.web.health.build import Remembered
from vakhta.web.health.measures import exposition

_health = Remembered()


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database: restarting pages does not bring it back."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when a request would be served, else 503. Anybody may know that; the details are for readers."""
    found = _health.ask(clock.now())
    said = found.as_json() if _may(request) else {"status": "ok" if found.is_ready else "failing"}
    return JsonResponse(said, status=200 if found.is_ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may(request):
        return HttpResponse(
            "from this machine or with the token only\n", status=403, content_type="text/plain"
        )
    try:
        text = exposition(clock.now())
    except (DatabaseError, InterfaceError):
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may(request: HttpRequest) -> bool:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return may_read(request.META.get("REMOTE_ADDR", ""), headers, settings.METRICS_TOKEN)
