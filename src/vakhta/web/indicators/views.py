"""Indicators of chosen days, as a page and as files; how many operators are needed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.kernel.refusal import NotFound
from vakhta.reports import tables
from vakhta.reports.journal import keeper_of
from vakhta.reports.pdf import compile_pdf
from vakhta.web.indicators import build, staffing_build
from vakhta.web.indicators import screens as s
from vakhta.web.pages import asked, file_answer, page_for, page_view

MEDIA = tables.PAPER_TOO


@require_GET
@page_for("indicators.see")
def indicators(request: HttpRequest) -> HttpResponse:
    return asked(
        request,
        _("Показатели"),
        "office/indicators.html",
        "made",
        build.indicators,
        lambda page, said, errors: s.Indicators(**build.frame(page, said), errors=errors),
    )


@require_GET
@page_for("indicators.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in MEDIA:
        raise NotFound(_("Показатели сохраняются как PDF, XLSX или CSV."))
    made = build.indicators(page_view(request, ""), request.GET, is_whole=kind != "pdf")
    if kind == "pdf":
        text = compile_pdf("indicators", build.as_form(made, keeper_of().name))
    elif kind == "csv":
        text = tables.to_csv(build.columns(made), build.cells(made))
    else:
        text = tables.to_xlsx(_("Показатели"), build.columns(made), build.cells(made))
    return file_answer(text, MEDIA[kind], f"indicators.{kind}")


@require_GET
@page_for("indicators.see")
def staffing(request: HttpRequest) -> HttpResponse:
    """How many operators the five-minute norm needs, by the hour."""
    return asked(
        request,
        _("Сколько операторов"),
        "office/staffing.html",
        "made",
        staffing_build.staffing,
        lambda page, said, errors: s.StaffingPage(**staffing_build.frame(page, said), errors=errors),
    )
