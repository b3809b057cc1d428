"""How every form of the ticket page is answered: with a redirect to the page, with the form as it was sent and
what was wrong, or with the words of two people side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import Conflict as Stale
from vakhta.kernel.refusal import Invalid, NotFound, Refused
from vakhta.kernel.tenancy import reading
from vakhta.kernel.words import number_words
from vakhta.reports import sayings
from vakhta.tickets import queries
from vakhta.tickets.changes import SPOKEN
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.console import ticket_build as build
from vakhta.web.console.ticket_parts import Answer
from vakhta.web.pages import page_view, said_by
from vakhta.web.screens import Conflict

DONE = {
    "comment": marked("Комментарий записан"),
    "correct": marked("Заявка исправлена"),
    "service_word": marked("Слова службы приняты, заявка выполнена"),
    "told": marked("Отмечено: номер назван"),
    "terms": marked("Срок назван"),
    "access": marked("Допуск согласован, бригада видит"),
    "merge": marked("Заявка объединена"),
    "void": marked("Заявка аннулирована, номер сохранён"),
    "undo": marked("Отменено: заявка открыта, проверьте, у кого она"),
    "undo_move": marked("Отметка о ходе работ отменена: наряд такой, как был до неё"),
    "uncorrect": marked("Исправление отменено, заявка такая, как была"),
    "assign": marked("Наряд выдан"),
    "take": marked("Наряд забран, заявка ждёт бригаду"),
    "pause": marked("Срок приостановлен"),
    "resume": marked("Срок возобновлён"),
    "file": marked("Файл приложен"),
}


def the(number: str) -> tuple[Ticket, list[Ticket]]:
    row, merged = queries.by_number(number)
    if row is None:
        raise NotFound(
            _("Заявки № %s нет среди тех, что вам видны. Проверьте номер или найдите её по адресу.")
            % number_words(number[:20])
        )
    return row, merged


def done(
    request: HttpRequest, number: str, what: str, act: Callable[[Ticket], Any], *, drawn: str = ""
) -> HttpResponse:
    """Acts, then redirects to the page, which says that `what` is done. What was wrong is shown in its form, called as
    the act or `drawn`, and the words of two people who changed the same side by side."""
    form = drawn or what
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            act(the(number)[0])
    except (Invalid, Stale) as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            if error.field == "version":
                return page_of(request, number, _both_words(request, number), error.status)
            said = {name: str(value) for name, value in request.POST.items()}
            refused = Answer(form=form, errors=_named(form, error), said=said)
            return said_by(page_of(request, number, refused, error.status), request, error)
    return HttpResponseRedirect(f"{reverse('console:ticket', args=[number])}?done={what}")


def _named(form: str, error: Refused) -> dict[str, str]:
    fields = {
        "comment": ("text",),
        "file": ("file",),
        "correct": ("description", "damage_at", "reason", "address", "applicant", "phone", "email"),
        "service_word": ("who", "at", "note"),
        "told": ("at",),
        "terms": ("until", "late_reason"),
        "access": (
            "day",
            "since",
            "until",
            "access_day",
            "access_since",
            "access_until",
            "access_reason",
            "access_worker",
        ),
        "merge": ("into", "reason"),
        "void": ("reason",),
        "pause": ("choice", "until", "reason"),
        "resume": ("choice",),
        "assign": ("reason",),
    }
    name = (
        error.field
        if error.field in fields.get(form, ())
        else {"note": "reason", "until_day": "until"}.get(error.field, error.field)
    )
    if form in ("comment", "file"):
        name = fields[form][0]
    return {name if name in fields.get(form, ()) else "": error.message}


def _both_words(request: HttpRequest, number: str) -> Answer:
    """The conflict: who corrected the ticket meanwhile and how; the form keeps my words, and now
    carries the version that I have seen."""
    row = the(number)[0]
    records = [r for r in journal.history(f"ticket/{row.pk}") if isinstance(r.fact, facts.TicketCorrected)]
    last = records[-1]
    known = sayings.known([last], row.zone, last.recorded_at)
    post = request.POST
    said = {  # what was not touched here stands as somebody else has put it
        name: str(value)
        for name, value in post.items()
        if name not in SPOKEN or changed(post, name) is not None
    }
    corrected = last.fact
    assert isinstance(corrected, facts.TicketCorrected)
    other = "" if corrected.description_after else sayings.words(corrected, known)
    conflict = Conflict(
        who=sayings.who(last.actor, known, full=True),
        at=last.recorded_at,
        theirs=other or row.description,
        mine=", ".join(filter(None, _mine(post))),
    )
    return Answer(form="correct", said=said, conflict=conflict)


def _mine(post: QueryDict) -> list[str]:
    """The words of whoever comes second, of the fields that they touched."""
    words = {name: changed(post, name) or "" for name in SPOKEN}
    moment, kind = changed(post, "damage_at"), changed(post, "choice")
    damaged = [_("повреждение: %s") % moment] if moment else []
    return [*words.values(), *damaged, *([show.nature(kind)] if kind in ENTRIES else [])]


def touched(said: QueryDict) -> set[str]:
    """What a correction is about, by the names of `corrected_since`."""
    names = {name for name in (*SPOKEN, "damage_at") if changed(said, name) is not None}
    if said.get("premises"):
        names.add("address")
    return names | ({"classifier"} if changed(said, "choice") is not None else set())


def page_of(request: HttpRequest, number: str, answer: Answer, status: int = 200) -> HttpResponse:
    """The page as it stands now; inside a scope."""
    row, merged = the(number)
    if request.method == "GET":
        looked(f"ticket/{row.pk}", company=row.company_id)
    page = page_view(request, _("Заявка № %s") % show.number_of(row))
    made = build.ticket_page(page, row, merged, answer, print_url=reverse("console:print", args=[row.number]))
    return render(request, "console/ticket.html", {"page": page, "ticket": made}, status=status)


def changed(said: QueryDict, name: str) -> str | None:
    """What the form says otherwise than it was drawn; None when the person left it: then somebody
    else's correction of it stands."""
    now, was = said.get(name), said.get(f"was_{name}")
    if now is None or (was is not None and _lines(now) == _lines(was)):
        return None
    return now


def _lines(text: str) -> str:
    """Browsers send every line's end as two signs."""
    return text.replace("\r\n", "\n").strip()
