"""Crews by hand: each form is one action, then the page again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_GET, require_POST

from vakhta.crews import teams
from vakhta.web import show
from vakhta.web.offices import crews as build
from vakhta.web.offices.forms import NOTHING, Said, answered
from vakhta.web.pages import page_for, page_view
from vakhta.web.said import whole

DONE = {
    "new": marked("Бригада добавлена. Теперь скажите, кто в ней."),
    "own": marked("Записано."),
    "in": marked("Состав записан."),
    "dropped": marked("Бригада убрана: нарядов ей больше не дают."),
    "returned": marked("Бригада снова работает."),
}


@require_GET
@page_for("crews.lead")
def crews(request: HttpRequest) -> HttpResponse:
    return _crews(request)


@require_POST
@page_for("offices.manage")
def new_crew(request: HttpRequest) -> HttpResponse:
    """A crew without anybody, and on to its page."""
    said = request.POST

    def add() -> int:
        kept = {"number": said.get("number", ""), "name": said.get("name", "")}
        return teams.new_crew(whole(said.get("company", "")) or 0, kept, build.skills_of(said)).pk

    return answered(
        request,
        "crew",
        add,
        lambda pk: f"{reverse('offices:crew', args=[pk])}?done=new",
        lambda said: _crews(request, said),
    )


def _crews(request: HttpRequest, said: Said = NOTHING) -> HttpResponse:
    made = build.crews(page_view(request, _("Бригады")), said)
    return render(request, "offices/crews.html", {"page": made.page, "list": made})


@require_GET
@page_for("crews.lead")
def crew(request: HttpRequest, pk: int) -> HttpResponse:
    return _crew(request, pk)


def _crew(request: HttpRequest, pk: int, said: Said = NOTHING) -> HttpResponse:
    row = build.the_crew(pk)
    done = DONE.get(request.GET.get("done", ""), "")
    made = build.crew(page_view(request, show.crew_name(row)), row, said, _(done) if done else "")
    return render(request, "offices/crew.html", {"page": made.page, "crew": made})


def _act(request: HttpRequest, pk: int, form: str, act: Callable[[], object], done: str) -> HttpResponse:
    url = f"{reverse('offices:crew', args=[pk])}?done={done}"
    return answered(request, form, act, lambda _made: url, lambda said: _crew(request, pk, said))


@require_POST
@page_for("offices.manage")
def change_crew(request: HttpRequest, pk: int) -> HttpResponse:
    said = request.POST
    kept = {"number": said.get("number", ""), "name": said.get("name", "")}
    skills, seen = build.skills_of(said), said.get("seen", "")
    return _act(request, pk, "own", lambda: teams.change_crew(pk, seen, kept, skills), "own")


@require_POST
@page_for("crews.lead")
def put_member(request: HttpRequest, pk: int) -> HttpResponse:
    staff = whole(request.POST.get("staff", "")) or 0
    return _act(request, pk, "member", lambda: teams.put_member(pk, staff), "in")


@require_POST
@page_for("crews.lead")
def drop_member(request: HttpRequest, pk: int, staff: int) -> HttpResponse:
    return _act(request, pk, "out", lambda: teams.drop_member(pk, staff), "in")


@require_POST
@page_for("offices.manage")
def drop_crew(request: HttpRequest, pk: int) -> HttpResponse:
    said = request.POST.get("to", "").strip()
    to = (whole(said) or 0) if said else None
    return _act(request, pk, "drop", lambda: teams.drop_crew(pk, to), "dropped")


@require_POST
@page_for("offices.manage")
def return_crew(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "return", lambda: teams.return_crew(pk), "returned")
