"""Смены: the rota's month, its changes and swaps; the hand-over, its sheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, NotFound, Refused, errors_of
from vakhta.reports import tables
from vakhta.reports.journal import keeper_of
from vakhta.reports.pdf import compile_pdf
from vakhta.shifts import handover as handovers
from vakhta.shifts import rota, swaps
from vakhta.web.pages import answered, asked, file_answer, page_for, page_view
from vakhta.web.said import local_day, whole
from vakhta.web.screens import Errors, PageView
from vakhta.web.shifts import month as build
from vakhta.web.shifts import screens as s
from vakhta.web.shifts import sheets
from vakhta.web.shifts.known import Wrong, month_said

# ── The month ────────────────────────────────────────────────────────────────────────────────


@require_GET
@page_for("shifts.see")
def month(request: HttpRequest) -> HttpResponse:
    def wrong(page: PageView, said: QueryDict, errors: Errors) -> s.Month:
        return build.month(page, said, Wrong("month", errors, said))

    return asked(request, _("Смены"), "shifts/month.html", "made", build.month, wrong)


def _shown(request: HttpRequest, form: str, error: Refused) -> HttpResponse:
    """The month with the form that was refused; inside a scope."""
    page, said = page_view(request, _("Смены")), request.POST
    made = build.month(page, said, Wrong(form, errors_of(error), said))
    return render(request, "shifts/month.html", {"page": page, "made": made}, status=error.status)


def _done(
    request: HttpRequest, form: str, act: Callable[[], object], first: Callable[[], date]
) -> HttpResponse:
    """Acts and goes back to the month; a refused form is shown as it was sent."""
    return answered(
        request,
        act,
        lambda _made: f"{reverse('shifts:month')}?month={first():%Y-%m}",
        lambda error: _shown(request, form, error),
    )


@require_GET
@page_for("shifts.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in build.KINDS:
        raise NotFound(_("График сохраняется как PDF или XLSX."))
    made = build.month(page_view(request, ""), request.GET)
    if kind == "pdf":
        return file_answer(
            compile_pdf("rota", build.as_form(made, keeper_of().name)),
            "application/pdf",
            "shifts.pdf",
            shown=True,
        )
    text = tables.to_xlsx(made.title, build.columns(made), build.cells(made))
    return file_answer(text, tables.MEDIA["xlsx"], "shifts.xlsx")


@require_POST
@page_for("shifts.plan")
def make(request: HttpRequest) -> HttpResponse:
    """The month of all who have a pattern in the form, in one change."""
    said = request.POST

    def act() -> int:
        return rota.make(_month(request), _lines(said, _month(request)))

    return _done(request, "plan", act, lambda: _month(request))


def _month(request: HttpRequest) -> date:
    said = request.POST.get("month", "")
    if not said.strip():
        raise Invalid(_("Укажите месяц: нужен вроде 2026-12."), "month")
    return month_said(said, clock.today())


def _lines(said: QueryDict, first: date) -> list[rota.Line]:
    """What the rows of the form say; a row without a pattern plans nothing."""
    columns = [said.getlist(name) for name in ("staff", "pattern", "first")]
    if len({len(column) for column in columns}) > 1:
        raise Invalid(_("Форма пришла не целиком: откройте страницу заново."), "pattern")
    lines = []
    for staff, pattern, begins in zip(*columns, strict=True):
        if pattern:
            day = local_day(begins, "first", first)
            if day is None:
                raise Invalid(_("Укажите первый день порядка: вроде 01.12.2026."), "first")
            lines.append(rota.Line(_person(staff, "staff"), pattern, day))
    return lines


def _person(text: str, field: str) -> int:
    found = whole(text)
    if found is None:
        raise Invalid(_("Выберите человека из списка."), field)
    return found


def _day(text: str, field: str) -> date:
    day = local_day(text, field)
    if day is None:
        raise Invalid(_("Выберите день."), field)
    return day


@require_POST
@page_for("shifts.plan")
def change(request: HttpRequest) -> HttpResponse:
    """One day of one person."""
    said = request.POST

    def act() -> None:
        staff, day = _person(said.get("staff", ""), "staff"), _day(said.get("day", ""), "day")
        rota.change(staff, day, said.get("turn", ""), said.get("why", ""))

    return _done(request, "change", act, lambda: _day(said.get("day", ""), "day"))


@require_POST
@page_for("shifts.swap")
def ask(request: HttpRequest) -> HttpResponse:
    """An own shift is offered for another's: `with` is «7/2026-12-05»."""
    said = request.POST

    def act() -> object:
        person, _slash, day = said.get("with", "").partition("/")
        if not day:
            raise Invalid(_("Выберите, на какую смену меняетесь."), "with")
        return swaps.ask(_day(said.get("day", ""), "day"), _person(person, "with"), _day(day, "with"))

    return _done(request, "swap", act, lambda: _day(said.get("day", ""), "day"))


def _swap(request: HttpRequest, act: Callable[[int], object], pk: int) -> HttpResponse:
    with acting(request.scope):  # type: ignore[attr-defined]
        row = act(pk)
    return HttpResponseRedirect(f"{reverse('shifts:month')}?month={row.day:%Y-%m}")  # type: ignore[attr-defined]


@require_POST
@page_for("shifts.swap")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    return _swap(request, swaps.agree, pk)


@require_POST
@page_for("shifts.plan")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _swap(request, swaps.approve, pk)


@require_POST
@page_for("shifts.swap")
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    return _swap(request, swaps.decline, pk)


@require_POST
@page_for("shifts.plan")
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    return _swap(request, swaps.reject, pk)


# ── The hand-over ────────────────────────────────────────────────────────────────────────────


@require_GET
@page_for("handover.sign")
def handover(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Сдача смены"))
    return render(request, "shifts/handover.html", {"page": page, "made": sheets.handover_page(page)})


@require_POST
@page_for("handover.sign")
def sign(request: HttpRequest) -> HttpResponse:
    said = request.POST

    def shows(error: Refused) -> HttpResponse:
        page = page_view(request, _("Сдача смены"))
        made = sheets.handover_page(page, said, errors_of(error))
        return render(request, "shifts/handover.html", {"page": page, "made": made}, status=error.status)

    return answered(
        request,
        lambda: handovers.sign(
            said.get("notes", ""), contacts_go=said.get("contacts_go", ""), to=whole(said.get("to", ""))
        ),
        lambda row: reverse("shifts:sheet", args=[row.pk]),
        shows,
    )


@require_GET
@page_for("shifts.see")
def sheets_(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Листы сдачи смен"))
    return render(request, "shifts/sheets.html", {"page": page, "made": sheets.sheet_list(page, request.GET)})


@require_GET
@page_for("shifts.see")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    return _sheet(request, pk)


def _sheet(request: HttpRequest, pk: int, error: Refused | None = None) -> HttpResponse:
    row, page = sheets.the_sheet(pk), page_view(request, _("Сдача смены"))
    made = sheets.sheet_page(page, row, request.POST, errors_of(error))
    return render(
        request, "shifts/sheet.html", {"page": page, "made": made}, status=error.status if error else 200
    )


@require_POST
@page_for("handover.sign")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    return answered(
        request,
        lambda: handovers.accept(pk, request.POST.get("remark", "")),
        lambda row: reverse("shifts:sheet", args=[row.pk]),
        lambda error: _sheet(request, pk, error),
    )


@require_GET
@page_for("shifts.see")
def print_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    row = sheets.the_sheet(pk)
    text = compile_pdf("handover", sheets.as_form(row, page_view(request, ""), keeper_of().name))
    return file_answer(text, "application/pdf", f"handover-{row.pk}.pdf", shown=True)
