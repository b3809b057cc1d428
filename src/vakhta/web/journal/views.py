"""The journal as a page: entries of chosen days, company or ticket, the newest first; its print-outs;
the papers for a blackout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.domain.permissions import may
from vakhta.kernel import clock
from vakhta.kernel.journal import recorded
from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import Invalid, NotFound, errors_of
from vakhta.kernel.tenancy import current_scope
from vakhta.places.house_lists import read_house_list
from vakhta.reports import files, tables
from vakhta.reports.duty import blank_forms_pdf, duty_pdf
from vakhta.reports.journal import Print, journal_print, keeper_of
from vakhta.web.console import office_screens as o
from vakhta.web.console.duty import build_duty
from vakhta.web.journal import build
from vakhta.web.pages import file_answer, page_for, page_view, said_by
from vakhta.web.screens import LinkView, PageView

SHOWN = 200
KINDS: dict[str, tuple[Callable[[Print], bytes], str]] = {
    "pdf": (files.to_pdf, "application/pdf"),
    "xlsx": (files.to_xlsx, tables.MEDIA["xlsx"]),
    "csv": (files.to_csv, tables.MEDIA["csv"]),
}
MOST_DAYS = 366


@require_GET
@page_for("journal.see")
def journal(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Журнал"))
    try:
        asked = build.asked(request.GET, page.today)
        found = list(build.entries(asked, page.zone)[: SHOWN + 1])
    except Invalid as error:
        return said_by(_asked_wrong(request, page, error), request, error)
    shown = found[:SHOWN]
    whole, broken = build.verified("verify" in request.GET, page.now, page.zone)
    made = o.JournalPage(
        page=page,
        rows=build.rows(recorded(shown), page.now, page.zone),
        since=asked.since,
        until=asked.until,
        number=asked.number,
        companies=build.companies(asked.company),
        post_url=reverse("reports:journal"),
        looks_url=reverse("reports:looks") if may(current_scope().role, "looks.see") else "",
        terms_url=reverse("reports:terms") if may(current_scope().role, "terms.see") else "",
        downloads=tuple(
            LinkView(title=kind.upper(), url=reverse("reports:download", args=[kind]) + asked.query())
            for kind in KINDS
        ),
        older_url=asked.query(before=shown[-1].id) if len(found) > SHOWN else "",
        verified=whole,
        broken=broken,
        verify_url="" if whole or broken else asked.query(verify=1),
    )
    return render(request, "office/journal.html", {"page": page, "journal": made})


def _asked_wrong(request: HttpRequest, page: PageView, error: Invalid) -> HttpResponse:
    """The question as it was typed, with what is wrong beside its field, and no entries."""
    said = request.GET
    made = o.JournalPage(
        page=page,
        rows=(),
        since=said.get("since", ""),
        until=said.get("until", ""),
        number=said.get("number", "")[:40],
        companies=build.companies(None),
        post_url=reverse("reports:journal"),
        errors=errors_of(error),
    )
    return render(request, "office/journal.html", {"page": page, "journal": made}, status=422)


@require_GET
@page_for("journal.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The print-out of the chosen days (and company) as a file."""
    if kind not in KINDS:
        raise NotFound(_("Журнал печатается как PDF, XLSX или CSV."))
    now = clock.now()
    asked = build.asked(request.GET, now.astimezone(ZoneInfo(keeper_of().zone)).date())
    if (asked.until - asked.since).days > MOST_DAYS:
        raise Invalid(_("Больше года за раз не напечатать: выберите меньше дней."), "until")
    make, media_type = KINDS[kind]
    made = journal_print(asked.since, asked.until, at=now, company=asked.company)
    days = f"с: {asked.since:%d.%m.%Y}; по: {asked.until:%d.%m.%Y}"
    home = request.staff.company_id  # type: ignore[attr-defined]
    looked("list/journal", company=home, how="saved", kind=kind, rows=len(made.lines), asked=days)
    return file_answer(make(made), media_type, f"journal-{asked.since}-{asked.until}.{kind}")


@require_GET
@page_for("duty.see")
def duty(request: HttpRequest) -> HttpResponse:
    """?houses: a list of them as people write it; all houses without one. A list that is not understood stands in its
    form on the directory's page."""
    asked = request.GET.get("houses", "")
    try:
        chosen = _houses(asked)
    except Invalid as error:
        page = page_view(request, _("Справочник"))
        made = replace(build_duty(page, reverse("console:duty_page")), chosen=asked, errors=errors_of(error))
        answer = render(request, "office/duty.html", {"page": page, "duty": made}, status=error.status)
        return said_by(answer, request, error)
    return file_answer(duty_pdf(chosen), "application/pdf", "duty.pdf", shown=True)


def _houses(text: str) -> tuple[int, ...] | None:
    if not text.strip():
        return None
    found = read_house_list(text)
    if found.wrong:
        raise Invalid(
            _("Не понятно: «%(line)s»: %(why)s. Исправьте или уберите эту строку.")
            % {"line": found.wrong[0].line[:60], "why": found.wrong[0].why},
            "houses",
        )
    return found.pks


@require_GET
@page_for("duty.see")
def blank(request: HttpRequest) -> HttpResponse:
    return file_answer(blank_forms_pdf(), "application/pdf", "journal-blank.pdf", shown=True)
