"""Tables of a company on their way in, its stock or its old journal: brought, matched, looked at, loaded, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.imports import runs
from vakhta.imports.models import ImportRun
from vakhta.kernel import files
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, Refused, errors_of
from vakhta.reports import tables
from vakhta.web.pages import answered, file_answer, page_for, page_view
from vakhta.web.said import whole
from vakhta.web.stock import build

SAMPLE = (
    ("Улица", "Дом", "Квартира", "Подъезд", "Этаж", "Лицевой счёт", "ФИО", "Телефон", "Почта"),
    ("ул. Садовая", "1", "1", "1", "1", "100001", "Белова Анна Сергеевна", "+7 900 000-00-01", "belova@example.org"),
    ("ул. Садовая", "1", "2", "1", "1", "100002", "Гусев Пётр Ильич", "", ""),
)  # fmt: skip
SAMPLE_TICKETS = (
    ("№", "Дата", "Время", "Адрес", "Заявитель", "Телефон", "Содержание заявки", "Исполнитель", "Срок",
     "Дата выполнения", "Результат"),
    ("1547", "12.03.2024", "8:40", "ул. Садовая, 1, кв. 2", "Гусев П. И.", "8 900 000-00-02", "Течёт стояк в ванной",
     "слесарь", "13.03.2024", "12.03.2024 11:20", "поставлен хомут"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("stock.load")
def imports(request: HttpRequest) -> HttpResponse:
    """GET: what was brought; POST: another table, and on to its page."""
    if request.method != "POST":
        return _list(request)
    return answered(
        request,
        lambda: _bring(request),
        lambda row: reverse("stock:run", args=[row.pk]),
        lambda error: _list(request, error),
    )


def _bring(request: HttpRequest) -> ImportRun:
    cut = getattr(request, files.TOO_BIG, ())
    if cut:
        raise Invalid(files.too_big_words(cut[0], files.TABLES), "file")
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise Invalid(_("Выберите таблицу: XLSX, CSV или DBF."), "file")
    return runs.bring(
        whole(request.POST.get("company", "")) or 0,
        uploaded,
        request.POST.get("city", ""),
        request.POST.get("kind", "stock"),
    )


def _list(request: HttpRequest, error: Refused | None = None) -> HttpResponse:
    page = page_view(request, _("Загрузка таблиц"))
    made = build.imports(page, request.POST, errors_of(error))
    return render(
        request, "stock/imports.html", {"page": page, "list": made}, status=error.status if error else 200
    )


@require_GET
@page_for("stock.load")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    row = build.the_run(pk)
    page = page_view(request, row.name)
    template = "stock/run_body.html" if request.headers.get("HX-Request") else "stock/run.html"
    return render(request, template, {"page": page, "run": build.run(page, row)})


def _done(request: HttpRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    """Acts and goes back to the page of the run; what was wrong is shown there with what was chosen."""

    def shows(error: Refused) -> HttpResponse:
        row = build.the_run(pk)
        page = page_view(request, row.name)
        made = build.run(page, row, request.POST, errors_of(error))
        return render(request, "stock/run.html", {"page": page, "run": made}, status=error.status)

    return answered(request, act, lambda _made: reverse("stock:run", args=[pk]), shows)


@require_POST
@page_for("stock.load")
def look(request: HttpRequest, pk: int) -> HttpResponse:
    def act() -> None:
        headings = build.the_run(pk).headings
        said = {heading: request.POST.get(f"c{number}", "")[:40] for number, heading in enumerate(headings)}
        keeps_unknown = request.POST.get("keeps_unknown") == "yes"
        runs.look(pk, said, request.POST.get("city", ""), keeps_unknown=keeps_unknown)

    return _done(request, pk, act)


@require_POST
@page_for("stock.load")
def load(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: runs.load(pk))


@require_POST
@page_for("stock.load")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: runs.stop(pk))


@require_POST
@page_for("ticket.carry_over")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """All tickets that were carried over from the file."""
    return _done(request, pk, lambda: runs.take_back(pk, request.POST.get("reason", "")))


@require_POST
@page_for("stock.load")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    with acting(request.scope):  # type: ignore[attr-defined]
        runs.drop(pk)
    return HttpResponseRedirect(reverse("stock:imports"))


@require_GET
@page_for("stock.load")
def wrong(request: HttpRequest, pk: int) -> HttpResponse:
    """The bad rows as a table: mended there, they are brought again."""
    row = build.the_run(pk)
    columns = [_("Строка"), _("Столбец"), _("Причина"), _("Лист")]
    rows = ([str(n or ""), column, why, "".join(sheet)] for n, column, why, *sheet in row.wrong)
    return _csv(columns, rows, "wrong.csv")


@require_GET
@page_for("stock.load")
def sample(request: HttpRequest) -> HttpResponse:
    """A table as it may look, to be filled in."""
    heading, *rows = SAMPLE
    return _csv(heading, rows, "sample.csv")


@require_GET
@page_for("ticket.carry_over")
def sample_tickets(request: HttpRequest) -> HttpResponse:
    """A journal as it may look."""
    heading, *rows = SAMPLE_TICKETS
    return _csv(heading, rows, "sample-tickets.csv")


def _csv(heading: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    return file_answer(tables.to_csv(list(heading), map(list, rows)), tables.MEDIA["csv"], name)
