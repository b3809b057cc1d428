"""«Кто смотрел»: who opened whose card, printed a ticket, saved a list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.web.console import office_screens as o
from vakhta.web.journal import looks_build
from vakhta.web.pages import asked, page_for


@require_GET
@page_for("looks.see")
def looks(request: HttpRequest) -> HttpResponse:
    return asked(
        request,
        _("Кто смотрел"),
        "office/looks.html",
        "looks",
        looks_build.looks,
        lambda page, said, errors: o.LooksPage(**looks_build.frame(page, said), errors=errors),
    )
