"""How every change of the console is answered: the work area as it is now, a wrong field beside the
field, somebody else's hold with both words, the last action with its undo in the foot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.contacts import queries as contacts
from vakhta.contacts.models import Interaction
from vakhta.contacts.rows import HELD
from vakhta.contacts.steps import current_step
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, NotFound
from vakhta.kernel.tenancy import reading
from vakhta.tickets import queries as tickets
from vakhta.web import screens
from vakhta.web.console import build, endings, panels
from vakhta.web.console import screens as c
from vakhta.web.pages import page_view, said_by
from vakhta.web.screens import Errors, Toast

WORDS = ("description", "note", "reason", "worker", "name", "phone", "email", "address")
"""Fields of the card's forms in which a person writes words."""
DIALOG_FIELDS = {"redirected_to": "choice", "reason": "note", "ticket": "choice"}
"""Field of an action → field of an ending's dialog."""

GIVEN_BACK = "given_back"
"""Of the session: the contact that its operator has just given back."""

Says = Callable[[object, int], Toast | None]
"""What stands in the foot after an act, from what the act made and the last entry that it wrote."""


def _says_nothing(made: object, entry: int) -> None:
    return None


def done(
    request: HttpRequest,
    pk: int,
    act: Callable[[], object],
    *,
    step: int = 0,
    named: str = "",
    says: Says = _says_nothing,
) -> HttpResponse:
    """Acts, then shows the contact at its current step. A wrong field is shown beside the field,
    with what was typed kept by the page's draft."""
    try:
        with acting(request.scope) as unit:  # type: ignore[attr-defined]
            made = act()
    except Invalid as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            field = named or error.field.removeprefix("access_")
            work = work_of(seen(pk), clock.now(), shown=step or None, errors={field: error.message})
            return said_by(answered(request, work, status=422), request, error)
    except Conflict as error:
        return _held_by_another(request, pk, error)
    with reading(request.scope):  # type: ignore[attr-defined]
        row = seen(pk)
        return answered(request, work_of(row, clock.now()), says(made, unit.last_entry), at=row.pk)


def ended(
    request: HttpRequest,
    pk: int,
    outcome: str,
    act: Callable[[], object],
    words: str | Callable[[object], str],
    *,
    undo_url: str = "",
) -> HttpResponse:
    """Acts; the contact is gone from the screen, and the foot says `words` (of what the act made) and offers
    to undo it for ten seconds, at `undo_url` when the act is no ending. What was wrong is shown in the dialog of the `outcome`."""
    try:
        with acting(request.scope) as unit:  # type: ignore[attr-defined]
            made = act()
    except Invalid as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            errors = {DIALOG_FIELDS.get(error.field, error.field): error.message}
            wrong = endings.Wrong(outcome, errors, request.POST)
            work = work_of(seen(pk), clock.now(), wrong_ending=wrong)
            return said_by(answered(request, work, status=422), request, error)
    except Conflict as error:
        return _held_by_another(request, pk, error)
    link = undo_url or reverse("console:undo", args=[pk, unit.last_entry])
    with reading(request.scope):  # type: ignore[attr-defined]
        said = words if isinstance(words, str) else words(made)
        return answered(request, c.Work(empty=build.teach()), toast(said, link))


def _held_by_another(request: HttpRequest, pk: int, error: Conflict) -> HttpResponse:
    """Two people on one card: who holds it wins; the other sees who that is, what stands there and the
    own words, which were not saved."""
    said = request.POST
    mine = "\n".join(text for name in WORDS if (text := said.get(name, "").strip()))
    if error.field != HELD or not request.headers.get("HX-Request"):
        raise error
    with reading(request.scope):  # type: ignore[attr-defined]
        row, now = seen(pk), clock.now()
        conflict = screens.Conflict(
            who=row.taken_by.name if row.taken_by else "",
            at=row.answered_at or row.received_at,
            theirs=row.description,
            mine=mine,
            held=True,
        )
        return answered(request, work_of(row, now, conflict=conflict), status=error.status)


def toast(text: str, undo_url: str = "") -> Toast:
    until = clock.now() + build.UNDO_FOR if undo_url else None
    return Toast(text=text, undo_url=undo_url, undo_until=until)


def answered(
    request: HttpRequest, work: c.Work, said: Toast | None = None, *, at: int | None = None, status: int = 200
) -> HttpResponse:
    """The work area, and the foot when something is to be said there. The queue and the threatened
    hear of the change by the live stream, like everybody's. `at`: the contact that a browser without
    scripts is led to. Inside a scope."""
    if not request.headers.get("HX-Request") and status == 200:
        asked = f"?contact={at}" if at is not None else ""
        link = f"{reverse('console:console')}{asked}"
        return HttpResponseRedirect(link)  # the browser sent the form itself
    if work.card is not None and request.POST.get("outside") == "yes":
        applicant = replace(work.card.applicant, outside=True)
        work = replace(work, card=replace(work.card, applicant=applicant))
    context: dict[str, Any] = {"page": page_view(request, ""), "work": work}
    if said is not None:
        context["foot"] = build.foot(said)
    return render(request, "console/work_answer.html", context, status=status)


def only_said(request: HttpRequest, words: str) -> HttpResponse:
    """Nothing was done and nothing is wrong: the foot says so, the work area stays as it is. Inside a scope."""
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("console:console"))
    context = {"page": page_view(request, ""), "foot": build.foot(toast(words))}
    answer = render(request, "console/foot.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#foot", "outerHTML"
    return answer


def work_of(
    row: Interaction,
    now: datetime,
    *,
    shown: int | None = None,
    errors: Errors | None = None,
    wrong_ending: endings.Wrong | None = None,
    conflict: screens.Conflict | None = None,
) -> c.Work:
    """The card, and the panel of a step where the acting person holds the contact."""
    zone = row.building.zone if row.building else "Europe/Moscow"
    around = tickets.around(row.building_id, build.subject_of(row), row.phone)
    card = build.card(row, around, now, conflict=conflict, wrong_ending=wrong_ending, wrong=errors)
    if row.state != "taken" or card.held_by:
        return c.Work(card=card, steps=build.steps(row, around, now, zone))
    here = min(shown or current_step(row.steps), 9)
    return c.Work(
        card=card,
        panel=panels.panel(row, around, here, now, errors),
        steps=build.steps(row, around, now, zone, here),
    )


def seen(pk: int) -> Interaction:
    """The contact with what its card shows. One query."""
    row = contacts.with_card(pk, clock.now())
    if row is None:
        raise NotFound(_("Такого обращения нет."))
    return row
