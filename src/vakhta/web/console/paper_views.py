"""«Бумажная ночь»: sheets of the paper journal entered in the morning, with their real times."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, clean
from vakhta.kernel.tenancy import reading
from vakhta.reports import paper as paper_night
from vakhta.tickets.models import Ticket
from vakhta.web import marks
from vakhta.web.console import paper_build as build
from vakhta.web.pages import page_for, page_view, said_by

NUMBERS_SHOWN = paper_night.ROWS


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("journal.enter_late")
def paper(request: HttpRequest) -> HttpResponse:
    """GET shows an empty sheet, POST enters one, all of its lines or none, and shows the next."""
    if request.method != "POST":
        return _form(request, {}, {})
    said = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        made = _enter(request, said)
    except (Invalid, Conflict) as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            return said_by(_form(request, said, _errors(error), error.status), request, error)
    numbers = [row.number for row in made if isinstance(row, Ticket)]
    kept = {name: said.get(name, "")[:200] for name in ("reason", "day")}
    told = {"entered": ",".join(numbers), "lines": len(made), **kept}
    return HttpResponseRedirect(f"{reverse('console:paper')}?{urlencode(told)}")


@require_POST
@page_for("journal.enter_late")
def natures(request: HttpRequest, line: int) -> HttpResponse:
    """The options of a line's nature while its words are typed."""
    words = request.POST.get(f"description-{line}", "")[:4000]
    with reading(request.scope):  # type: ignore[attr-defined]
        options = build.natures(words, request.POST.get(f"classifier-{line}", ""))
    return HttpResponse(marks.options(options))


def _enter(request: HttpRequest, said: Mapping[str, str]) -> list[object]:
    """Raises Conflict, or `SheetRefused` with all that is wrong: what cannot be read, and what cannot have been in
    what can."""
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    reason = clean(said.get("reason", ""), "reason", _("Причина"), limit=300)
    if not reason:
        raise Invalid(_("Укажите причину: например, «не было света с 02:10 до 05:40»."), "reason")
    lines, wrong = build.lines_of(said, zone)
    key = clean(said.get("sheet", ""), "", _("Лист"), limit=40)
    try:
        with acting(request.scope, at=clock.now(), late_reason=reason):  # type: ignore[attr-defined]
            made = paper_night.enter_sheet(list(lines.values()), key=key and f"paper-{key}")
            if wrong:
                raise build.SheetRefused(wrong)
            return list(made)
    except paper_night.LinesRefused as error:
        raise build.SheetRefused({**_by_the_page(error, list(lines)), **wrong}) from error


def _by_the_page(error: paper_night.LinesRefused, numbers: list[int]) -> dict[str, str]:
    """What is wrong by the names of the page's fields; what is of no field names its line."""
    found: dict[str, str] = {}
    for (line, field), message in error.errors.items():
        if field in paper_night.TITLES:
            found[f"{field}-{numbers[line]}"] = message
        else:
            words = _("Строка %(number)s: %(message)s") % {"number": numbers[line], "message": message}
            found[""] = " ".join(part for part in (found.get("", ""), words) if part)
    return found


def _errors(error: Invalid | Conflict) -> dict[str, str]:
    """What is wrong, beside its fields, and above all of them that nothing was entered."""
    if isinstance(error, Conflict):
        return {"": error.message}
    errors = dict(error.errors) if isinstance(error, build.SheetRefused) else {error.field: error.message}
    kept = _("Лист не записан, набранное сохранено: исправьте отмеченное и запишите ещё раз.")
    return {**errors, "": " ".join(part for part in (errors.get("", ""), kept) if part)}


def _form(
    request: HttpRequest, said: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> HttpResponse:
    page = page_view(request, _("Записать с бумаги"))
    asked = request.GET
    reason = said.get("reason", asked.get("reason", ""))[:300]
    day = said.get("day") or asked.get("day", "")[:20]
    first = "received_at-1" if reason else "reason"
    focus = next((name for name in build.NAMES if errors.get(name)), first)
    context = {
        "page": page,
        "sheet": said.get("sheet", "")[:40] or uuid.uuid4().hex,
        "reason": reason,
        "day": day or build.yesterday(page.now, page.zone),
        "errors": errors,
        "focus": focus,
        "lines": build.sheet(said, focus),
        "entered": [n for n in asked.get("entered", "")[:200].split(",") if n][:NUMBERS_SHOWN],
        "count": asked.get("lines", "")[:2],
    }
    return render(request, "console/paper.html", context, status=status)
