"""The board on the wall: one page, refreshed by the live stream."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.web.board import build
from vakhta.web.pages import page_for, page_view


@require_GET
@page_for("board.see")
def board(request: HttpRequest) -> HttpResponse:
    """The live refresh takes only the body."""
    page = page_view(request, _("Табло"))
    made = build.board(page, request.staff.company)  # type: ignore[attr-defined]
    template = "board/body.html" if request.headers.get("HX-Request") else "board/board.html"
    return render(request, template, {"page": page, "board": made})
