"""Lists of tickets and contacts: filters in the address, words in any writing, the same as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.contacts.finding import find as find_contacts
from vakhta.crews.finding import find
from vakhta.kernel import clock
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.reports import tables
from vakhta.web.lists import build, contacts_build
from vakhta.web.lists import screens as s
from vakhta.web.pages import asked, file_answer, page_for

MOST_ROWS = 50_000
"""Rows of one file: more is no list that anybody reads, and an office program opens it badly."""


@require_GET
@page_for("ticket.see")
def tickets(request: HttpRequest) -> HttpResponse:
    return asked(
        request,
        _("Заявки"),
        "lists/tickets.html",
        "list",
        build.tickets,
        lambda page, said, errors: s.TicketList(**build.frame(page, said), errors=errors),
    )


@require_GET
@page_for("interaction.see")
def contacts(request: HttpRequest) -> HttpResponse:
    return asked(
        request,
        _("Обращения"),
        "lists/contacts.html",
        "list",
        contacts_build.contacts,
        lambda page, said, errors: s.ContactList(**contacts_build.frame(page, said), errors=errors),
    )


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
    if kind not in tables.MEDIA:
        raise NotFound(_("Список сохраняется как XLSX или CSV."))
    shown = [_(column) for column in columns]
    if kind == "csv":
        text = tables.to_csv(shown, islice(rows, MOST_ROWS))
    else:
        text = tables.to_xlsx(title, shown, islice(rows, MOST_ROWS))
    if next(rows, None) is not None:
        raise Invalid(_("Больше 50 000 строк: сузьте отбор, например днями, и сохраните частями."), "since")
    return file_answer(text, tables.MEDIA[kind], f"{name}.{kind}")
