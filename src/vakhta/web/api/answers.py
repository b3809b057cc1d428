"""The one shape of every refusal under /api/, whoever refuses: an operation, the table of addresses,
what stands before every page, or Django itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

API = "/api/"


def is_of_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def problem(status: int, message: str, field: str = "") -> HttpResponse:
    """{status, message, field} as JSON with Russian as letters. Half letters that a field's name may
    carry have no UTF-8 and are shown as «?»."""
    said = {"status": status, "message": _whole(message), "field": _whole(field)}
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()
