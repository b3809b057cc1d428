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
from vakhta.kernel.looks import looked
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
    return _file(request, _("Заявки"), "tickets", kind, build.COLUMNS, build.cells(found))


@require_GET
@page_for("interaction.see")
def contacts_download(request: HttpRequest, kind: str) -> HttpResponse:
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    found = find_contacts(contacts_build.asked(request.GET, zone))
    return _file(
        request, _("Обращения"), "contacts", kind, contacts_build.COLUMNS, contacts_build.cells(found, zone)
    )


class _Counted:
    """Rows as they go by, and how many went."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        for row in self._rows:
            self.count += 1
            yield row


def _file(
    request: HttpRequest,
    title: str,
    name: str,
    kind: str,
    columns: Iterable[str],
    rows: Iterator[tuple[str, ...]],
) -> HttpResponse:
    """The file; that it was saved stands in the register of looks, with what was asked for but for the words of
    the search, which may name a resident."""
    if kind not in tables.MEDIA:
        raise NotFound(_("Список сохраняется как XLSX или CSV."))
    shown = [_(column) for column in columns]
    counted = _Counted(islice(rows, MOST_ROWS))
    text = tables.to_csv(shown, counted) if kind == "csv" else tables.to_xlsx(title, shown, counted)
    if next(rows, None) is not None:
        raise Invalid(_("Больше 50 000 строк: сузьте отбор, например днями, и сохраните частями."), "since")
    home = request.staff.company_id  # type: ignore[attr-defined]
    said = {key: value[:60] for key, value in request.GET.items() if value and key != "q"}
    looked(f"list/{name}", company=home, how="saved", **{**said, "kind": kind, "rows": counted.count})
    return file_answer(text, tables.MEDIA[kind], f"{name}.{kind}")
