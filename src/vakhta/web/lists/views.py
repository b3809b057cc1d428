"""Lists of tickets: filters in the address, words in any writing, the same as a file."""

from __future__ import annotations

from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.crews.finding import find
from vakhta.kernel import clock
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.reports import tables
from vakhta.web.lists import build
from vakhta.web.lists import screens as s
from vakhta.web.pages import page_for, page_view, said_by

MOST_ROWS = 50_000
"""Rows of one file: more is no list that anybody reads, and an office program opens it badly."""
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_GET
@page_for("ticket.see")
def tickets(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Заявки"))
    try:
        made = build.tickets(page, request.GET)
    except Invalid as error:
        wrong = s.TicketList(**build.frame(page, request.GET), errors={error.field: error.message})  # type: ignore[arg-type]
        answer = render(request, "lists/tickets.html", {"page": page, "list": wrong}, status=error.status)
        return said_by(answer, request, error)
    return render(request, "lists/tickets.html", {"page": page, "list": made})


@require_GET
@page_for("ticket.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in MEDIA:
        raise NotFound(_("Список сохраняется как XLSX или CSV."))
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    found = find(build.asked(request.GET, zone), clock.now())
    rows = build.cells(found)
    columns = [_(title) for title in build.COLUMNS]
    if kind == "csv":
        text = tables.to_csv(columns, islice(rows, MOST_ROWS))
    else:
        text = tables.to_xlsx(_("Заявки"), columns, islice(rows, MOST_ROWS))
    if next(rows, None) is not None:
        raise Invalid(_("Больше 50 000 строк: сузьте отбор, например днями, и сохраните частями."), "since")
    answer = HttpResponse(text, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="tickets.{kind}"'
    return answer
