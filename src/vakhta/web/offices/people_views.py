"""The people of an office by hand: each form is one action, then the page again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import NotFound
from vakhta.people import staff as actions
from vakhta.places.phones import own_phone
from vakhta.reports.journal import keeper_of
from vakhta.reports.pdf import compile_pdf
from vakhta.reports.tables import PAPER_TOO, to_csv, to_xlsx
from vakhta.shifts import leaving
from vakhta.web.offices import people as build
from vakhta.web.offices.forms import NOTHING, Said, answered
from vakhta.web.pages import file_answer, page_for, page_view
from vakhta.web.said import whole

DONE = {
    "invited": marked("Сотрудник добавлен, приглашение отправлено на почту."),
    "hired": marked("Сотрудник добавлен. Он входит, как входил: письма не будет."),
    "again": marked("Приглашение отправлено ещё раз."),
    "own": marked("Записано."),
    "dismissed": marked("Сотрудник уволен: сеансы закончены."),
    "returned": marked("Сотрудник снова работает."),
    "ended": marked("Сеансы сотрудника закончены."),
    "reset": marked("Второй шаг сброшен, сеансы закончены: следующий вход — по одному паролю."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("offices.manage")
def people(request: HttpRequest) -> HttpResponse:
    """GET: the list; POST: somebody new, and on to their page."""
    if request.method != "POST":
        return _people(request)

    def add() -> tuple[int, bool]:
        said = request.POST
        row = actions.hire(
            actions.Seat(
                company=whole(said.get("company", "")) or 0,
                role=said.get("role", ""),
                email=said.get("email", ""),
                name=said.get("name", ""),
                trade=said.get("trade", ""),
                phone=own_phone(said.get("phone", "")),
            )
        )
        return row.pk, not row.user.has_usable_password()

    def to(made: tuple[int, bool]) -> str:
        return f"{reverse('offices:person', args=[made[0]])}?done={'invited' if made[1] else 'hired'}"

    return answered(request, "person", add, to, lambda said: _people(request, said))


def _people(request: HttpRequest, said: Said = NOTHING) -> HttpResponse:
    made = build.people(page_view(request, _("Люди")), request.GET, said)
    return render(request, "offices/people.html", {"page": made.page, "list": made})


@require_GET
@page_for("offices.manage")
def people_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it was asked for, all of it: whose names and phones were saved, is registered."""
    if kind not in PAPER_TOO:
        raise NotFound(_("Такого файла нет."))
    page = page_view(request, _("Люди"), live_url="")
    rows = list(build.found_people(request.GET))
    told = build.as_rows(page, rows)
    if kind == "pdf":
        made = compile_pdf("list", build.as_form(page, keeper_of().name, told))
    elif kind == "csv":
        made = to_csv(build.columns(), told)
    else:
        made = to_xlsx(str(page.title), build.columns(), told)
    home = request.staff.company_id  # type: ignore[attr-defined]
    looked("list/people", company=home, how="saved", kind=kind, rows=len(rows))
    return file_answer(made, PAPER_TOO[kind], f"people-{page.today:%Y-%m-%d}.{kind}")


@require_GET
@page_for("offices.manage")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _person(request, pk)


def _person(request: HttpRequest, pk: int, said: Said = NOTHING) -> HttpResponse:
    row = build.the_person(pk)
    done = DONE.get(request.GET.get("done", ""), "")
    made = build.person(page_view(request, row.name), row, said, _(done) if done else "")
    return render(request, "offices/person.html", {"page": made.page, "person": made})


def _act(request: HttpRequest, pk: int, form: str, act: Callable[[], object], done: str) -> HttpResponse:
    url = f"{reverse('offices:person', args=[pk])}?done={done}"
    return answered(request, form, act, lambda _made: url, lambda said: _person(request, pk, said))


@require_POST
@page_for("offices.manage")
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("name", "role", "trade")}
    seen = request.POST.get("seen", "")

    def change() -> object:
        return actions.change_seat(pk, seen, said | {"phone": own_phone(request.POST.get("phone", ""))})

    return _act(request, pk, "own", change, "own")


@require_POST
@page_for("offices.manage")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "dismiss", lambda: leaving.dismiss(pk), "dismissed")


@require_POST
@page_for("offices.manage")
def return_person(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "return", lambda: actions.take_again(pk), "returned")


@require_POST
@page_for("offices.manage")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "invite", lambda: actions.invite(pk), "again")


@require_POST
@page_for("offices.manage")
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "sessions", lambda: actions.end_sessions(pk), "ended")


@require_POST
@page_for("offices.manage")
def reset_step(request: HttpRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _act(request, pk, "reset", lambda: actions.reset_step(pk, reason), "reset")
