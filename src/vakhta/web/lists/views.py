"""Lists of tickets and contacts: filters in the address, words in any writing, the same as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.contacts.finding import find as find_contacts
from vakhta.crews.finding import find
from vakhta.kernel import clock
from vakhta.kernel.refusal import Invalid, NotFound, errors_of
from vakhta.reports import tables
from vakhta.web.lists import build, contacts_build
from vakhta.web.lists import screens as s
from vakhta.web.pages import page_for, page_view, said_by
from vakhta.web.screens import PageView

MOST_ROWS = 50_000
"""Rows of one file: more is no list that anybody reads, and an office program opens it badly."""
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_GET
@page_for("ticket.see")
def tickets(request: HttpRequest) -> HttpResponse:
    return _list(request, _("Заявки"), "lists/tickets.html", s.TicketList, build.tickets, build.frame)


@require_GET
@page_for("interaction.see")
def contacts(request: HttpRequest) -> HttpResponse:
    return _list(
        request,
        _("Обращения"),
        "lists/contacts.html",
        s.ContactList,
        contacts_build.contacts,
        contacts_build.frame,
    )


def _list(
    request: HttpRequest,
    title: str,
    template: str,
    kind: Callable[..., Any],
    make: Callable[[PageView, QueryDict], Any],
    frame: Callable[[PageView, QueryDict], dict[str, Any]],
) -> HttpResponse:
    """The list, or its form as it was filled with what cannot be read in it."""
    page = page_view(request, title)
    try:
        made = make(page, request.GET)
    except Invalid as error:
        wrong = kind(**frame(page, request.GET), errors=errors_of(error))
        answer = render(request, template, {"page": page, "list": wrong}, status=error.status)
        return said_by(answer, request, error)
    return render(request, template, {"page": page, "list": made})


@require_GET
@page_for("ticket.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    found = find(build.asked(request.GET, zone), clock.now())
    return _file(_("Заявки"), "tickets", kind, build.COLUMNS, build.cells(found))


@require_GET
@page_for("interaction.see")
def contacts_download(request: HttpRequest, kind: str) -> HttpResponse:
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    found = find_contacts(contacts_build.asked(request.GET, zone))
    return _file(_("Обращения"), "contacts", kind, contacts_build.COLUMNS, contacts_build.cells(found, zone))


def _file(
    title: str, name: str, kind: str, columns: Iterable[str], rows: Iterator[tuple[str, ...]]
) -> HttpResponse:
    if kind not in MEDIA:
        raise NotFound(_("Список сохраняется как XLSX или CSV."))
    shown = [_(column) for column in columns]
    if kind == "csv":
        text = tables.to_csv(shown, islice(rows, MOST_ROWS))
    else:
        text = tables.to_xlsx(title, shown, islice(rows, MOST_ROWS))
    if next(rows, None) is not None:
        raise Invalid(_("Больше 50 000 строк: сузьте отбор, например днями, и сохраните частями."), "since")
    answer = HttpResponse(text, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
