"""Indicators of chosen days: the page and its files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.kernel.refusal import Invalid, NotFound, errors_of
from vakhta.reports import tables
from vakhta.reports.journal import keeper_of
from vakhta.reports.pdf import compile_pdf
from vakhta.web.indicators import build, staffing_build
from vakhta.web.indicators import screens as s
from vakhta.web.pages import page_for, page_view, said_by

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}


@require_GET
@page_for("indicators.see")
def indicators(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Показатели"))
    try:
        made = build.indicators(page, request.GET)
    except Invalid as error:
        wrong = s.Indicators(**build.frame(page, request.GET), errors=errors_of(error))
        answer = render(request, "office/indicators.html", {"page": page, "made": wrong}, status=error.status)
        return said_by(answer, request, error)
    return render(request, "office/indicators.html", {"page": page, "made": made})


@require_GET
@page_for("indicators.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in MEDIA:
        raise NotFound(_("Показатели сохраняются как PDF, XLSX или CSV."))
    made = build.indicators(page_view(request, ""), request.GET)
    if kind == "pdf":
        text = compile_pdf("indicators", build.as_form(made, keeper_of().name))
    elif kind == "csv":
        text = tables.to_csv(build.columns(made), build.cells(made))
    else:
        text = tables.to_xlsx(_("Показатели"), build.columns(made), build.cells(made))
    answer = HttpResponse(text, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="indicators.{kind}"'
    return answer


@require_GET
@page_for("indicators.see")
def staffing(request: HttpRequest) -> HttpResponse:
    """How many operators the five-minute norm needs, by the hour."""
    page = page_view(request, _("Сколько операторов"))
    try:
        made = staffing_build.staffing(page, request.GET)
    except Invalid as error:
        wrong = s.StaffingPage(**staffing_build.frame(page, request.GET), errors=errors_of(error))
        answer = render(request, "office/staffing.html", {"page": page, "made": wrong}, status=error.status)
        return said_by(answer, request, error)
    return render(request, "office/staffing.html", {"page": page, "made": made})
