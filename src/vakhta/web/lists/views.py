"""Lists of tickets and contacts: filters, order and columns in the address, words in any writing, the same as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.contacts.finding import find as find_contacts
from vakhta.crews.bulk import MOST
from vakhta.crews.finding import find
from vakhta.kernel import clock
from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.lists.models import SavedView
from vakhta.lists.queries import views_of
from vakhta.reports import tables
from vakhta.web.lists import build, contacts_build, parts, saved
from vakhta.web.lists import screens as s
from vakhta.web.lists.columns import Plain
from vakhta.web.pages import asked, file_answer, page_for, page_view

MOST_ROWS = 50_000
"""Rows of one file: more is no list that anybody reads, and an office program opens it badly."""


@require_GET
@page_for("ticket.see")
def tickets(request: HttpRequest) -> HttpResponse:
    def wrong(views: Sequence[SavedView], page: Any, said: Any, errors: Any) -> s.TicketList:
        return s.TicketList(**{**build.frame(page, said, views), "errors": errors})

    return _list(request, build.KIND, _("Заявки"), build.tickets, wrong)


@require_GET
@page_for("interaction.see")
def contacts(request: HttpRequest) -> HttpResponse:
    def wrong(views: Sequence[SavedView], page: Any, said: Any, errors: Any) -> s.ContactList:
        return s.ContactList(**{**contacts_build.frame(page, said, views), "errors": errors})

    return _list(request, contacts_build.KIND, _("Обращения"), contacts_build.contacts, wrong)


def _list(
    request: HttpRequest, kind: parts.Kind, title: str, make: Callable[..., Any], wrong: Callable[..., Any]
) -> HttpResponse:
    """The list as it was asked for; asked for nothing, it opens with the person's own default view."""
    views = views_of(kind.code)
    usual = saved.default_of(views)
    if usual is not None and not request.GET:
        return HttpResponseRedirect(reverse(kind.page) + saved.address(usual))
    return asked(
        request, title, f"lists/{kind.code}.html", "list", partial(make, views=views), partial(wrong, views)
    )


@require_GET
@page_for("ticket.see")
def count(request: HttpRequest) -> HttpResponse:
    """How many tickets are asked for, as the choice of all of them."""
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    found = len(find(build.asked(request.GET, zone), clock.now()).keys(MOST + 1))
    made = s.CountLine(count=min(found, MOST), is_too_many=found > MOST)
    return render(request, "lists/count.html", {"line": made})


@require_GET
@page_for("ticket.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    found = find(build.asked(request.GET, zone), clock.now())
    return _file(request, _("Заявки"), build.KIND, kind, partial(build.cells, found), build.frame)


@require_GET
@page_for("interaction.see")
def contacts_download(request: HttpRequest, kind: str) -> HttpResponse:
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    found = find_contacts(contacts_build.asked(request.GET, zone))
    rows = partial(contacts_build.cells, found, zone)
    return _file(request, _("Обращения"), contacts_build.KIND, kind, rows, contacts_build.frame)


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
    kind: parts.Kind,
    ending: str,
    rows: Callable[[Sequence[Plain[Any]]], Iterator[tuple[str, ...]]],
    frame: Callable[..., Mapping[str, Any]],
) -> HttpResponse:
    """The list as a file. That it was saved stands in the register of looks, with what was asked for in words, but for
    those of the search, which may name a resident."""
    if ending not in tables.MEDIA:
        raise NotFound(_("Список сохраняется как XLSX или CSV."))
    columns = kind.columns.of_file(kind.columns.chosen(request.GET))
    found = rows(columns)
    heads = [_(column.title) for column in columns]
    counted = _Counted(islice(found, MOST_ROWS))
    text = tables.to_csv(heads, counted) if ending == "csv" else tables.to_xlsx(title, heads, counted)
    if next(found, None) is not None:
        raise Invalid(_("Больше 50 000 строк: сузьте отбор, например днями, и сохраните частями."), "since")
    with translation.override("ru"):
        told = parts.told(frame(page_view(request, title), request.GET, ()))
    home = request.staff.company_id  # type: ignore[attr-defined]
    looked(f"list/{kind.code}", company=home, how="saved", kind=ending, rows=counted.count, asked=told)
    return file_answer(text, tables.MEDIA[ending], f"{kind.code}.{ending}")
