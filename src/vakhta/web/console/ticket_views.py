"""The ticket page and its forms: each change is one action, then a redirect; a refused form comes
back with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_GET, require_POST

from vakhta.contacts import queries as contacts
from vakhta.crews import actions as crews
from vakhta.crews.queries import orders_of
from vakhta.domain import facts
from vakhta.kernel import files, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict as Stale
from vakhta.kernel.refusal import Invalid, NotFound, Refused
from vakhta.kernel.tenancy import current_scope, reading
from vakhta.kernel.words import number_words
from vakhta.places.models import Building, Premises
from vakhta.places.search import find_addresses
from vakhta.reports import sayings
from vakhta.tickets import actions as tickets
from vakhta.tickets import queries
from vakhta.tickets.changes import (
    Place,
    correct_ticket,
    merge_ticket,
    pause_clock,
    resume_clock,
    undo_correction,
    undo_end,
    void_ticket,
)
from vakhta.tickets.files import attach_file, the_file
from vakhta.tickets.models import Ticket
from vakhta.tickets.rows import the_ticket
from vakhta.web.console import screens as c
from vakhta.web.console import ticket_build as build
from vakhta.web.console import ticket_screens as t
from vakhta.web.console.found import the_one
from vakhta.web.console.ticket_forms import Answer, local_value, natures
from vakhta.web.pages import page_for, page_view, said_by
from vakhta.web.said import local_moment, whole
from vakhta.web.screens import Conflict, Toast

DONE = {
    "comment": marked("Комментарий записан"),
    "correct": marked("Заявка исправлена"),
    "service_word": marked("Слова службы приняты, заявка выполнена"),
    "told": marked("Отмечено: номер назван"),
    "merge": marked("Заявка объединена"),
    "void": marked("Заявка аннулирована, номер сохранён"),
    "undo": marked("Отменено: заявка открыта, проверьте, у кого она"),
    "uncorrect": marked("Исправление отменено, заявка такая, как была"),
    "assign": marked("Наряд выдан"),
    "pause": marked("Срок приостановлен"),
    "resume": marked("Срок возобновлён"),
    "file": marked("Файл приложен"),
}


@require_GET
@page_for("ticket.see")
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    form = request.GET.get("done", "")
    done = Toast(text=_(DONE[form]), tone="good") if form in DONE else None
    return _page(request, number, Answer(form=form if done else "", last=done))


@require_POST
@page_for("ticket.comment")
def comment(request: HttpRequest, number: str) -> HttpResponse:
    return _done(request, number, "comment", lambda row: crews.answer(row.pk, request.POST.get("text", "")))


@require_POST
@page_for("ticket.correct")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Corrects words and nature. Somebody else's correction since the form was shown is never
    overwritten unseen; a crew that moved on meanwhile is no conflict."""
    said = request.POST

    def act(row: Ticket) -> None:
        version, entry = _seen(said.get("version", ""))
        locked = the_ticket(row.pk)
        damaged = said.get("damage_at", "")
        if damaged == local_value(locked.damage_at, locked.zone):
            damaged = ""  # not touched: the field has no seconds
        correct_ticket(
            row.pk,
            version=version if queries.is_corrected_since(row.pk, entry) else locked.version,
            reason=said.get("reason", ""),
            classifier=said.get("choice") or None,
            description=_changed(said, "description"),
            place=_place(said),
            applicant=_changed(said, "applicant"),
            phone=_changed(said, "phone"),
            damage_at=local_moment(damaged, locked.zone, "damage_at"),
        )

    return _done(request, number, "correct", act)


def _changed(said: QueryDict, name: str) -> str | None:
    """What the form says otherwise than it was drawn; None when the person left it: then somebody
    else's correction of it stands."""
    now, was = said.get(name), said.get(f"was_{name}")
    if now is None or (was is not None and _lines(now) == _lines(was)):
        return None
    return now


def _lines(text: str) -> str:
    """Browsers send every line's end as two signs."""
    return text.replace("\r\n", "\n").strip()


def _place(said: QueryDict) -> Place | None:
    """The place that was chosen from the list, the one certain house of what was typed, or its words
    when the tick says that they are not in the stock."""
    words, chosen = _changed(said, "address"), said.get("premises", "")
    if words is None and not chosen:
        return None
    if chosen.startswith("building/"):
        house = Building.objects.filter(pk=whole(chosen.removeprefix("building/")) or 0).first()
        if house is not None:
            return Place(building=house)
    flat = Premises.objects.select_related("building").filter(pk=whole(chosen) or 0).first()
    if flat is not None:
        return Place(building=flat.building, premises=flat)
    if said.get("outside") == "yes":
        return Place(address=words or "")
    hits = find_addresses((words or "")[:250], limit=2)
    if not hits or not hits[0].is_certain:
        raise Invalid(
            _("Дом не найден: выберите его из списка или отметьте, что адрес не в фонде."), "address"
        )
    hit = hits[0]
    beyond = _("кв. %s") % hit.unknown_flat if hit.unknown_flat else ""
    return Place(
        building=hit.building,
        premises=hit.premises,
        address=", ".join(part for part in (beyond, hit.rest) if part),
    )


@require_POST
@page_for("ticket.correct")
def natures_of(request: HttpRequest, number: str) -> HttpResponse:
    """The natures that the words of the correction may mean, while they are typed."""
    said = request.POST
    with reading(request.scope):  # type: ignore[attr-defined]
        row = _the(number)[0]
        offered = natures(row, said.get("description", "")[:4000], said.get("choice", ""))
    form = t.TicketForm(
        code="correct", title="", key="", post_url="", choices=offered, choice_title=_("Неисправность"),
        choices_url=request.path,
    )  # fmt: skip
    return render(request, "console/ticket_choices.html", {"f": form})


@require_POST
@page_for("ticket.correct")
def service_word(request: HttpRequest, number: str) -> HttpResponse:
    """Another service says that it is done: the ticket ends like one that a crew has done."""
    said = request.POST

    def act(row: Ticket) -> None:
        tickets.accept_service_word(
            row.pk,
            service=said.get("choice", "")[:60],
            who=said.get("who", ""),
            at=local_moment(said.get("at", ""), row.zone, "at"),
            note=said.get("note", ""),
        )

    return _done(request, number, "service_word", act)


@require_POST
@page_for("ticket.register")
def told(request: HttpRequest, number: str) -> HttpResponse:
    """The number was announced, at a moment that is written down now."""

    def act(row: Ticket) -> None:
        at = local_moment(request.POST.get("at", ""), row.zone, "at")
        if at is None:
            raise Invalid(_("Укажите, когда номер назван."), "at")
        tickets.tell_number(row.pk, interaction=contacts.first_of(row.pk), at=at)

    return _done(request, number, "told", act)


def _seen(version: str) -> tuple[int, int]:
    """(version of the row, last entry) that the form was drawn from; zeros when it says nonsense,
    which no row has."""
    row, _slash, entry = version.partition("/")
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) < 19 else 0 for part in (row, entry)
    )  # type: ignore[return-value]


@require_POST
@page_for("ticket.void")
def void(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _done(request, number, "void", lambda row: void_ticket(row.pk, reason))


@require_POST
@page_for("ticket.correct")
def merge(request: HttpRequest, number: str) -> HttpResponse:
    def act(row: Ticket) -> None:
        target = the_one(request.POST.get("into", ""), whole(request.POST.get("seen", "")), "into")
        merge_ticket(row.pk, target.pk, request.POST.get("reason", ""))

    return _done(request, number, "merge", act)


@require_POST
@page_for("ticket.correct")
def undo(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Takes back a voiding or a merging within ten minutes."""
    return _done(request, number, "undo", lambda row: undo_end(row.pk, entry))


@require_POST
@page_for("ticket.correct")
def undo_correct(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Takes back the last correction."""
    return _done(request, number, "uncorrect", lambda row: undo_correction(row.pk, entry))


@require_POST
@page_for("work.assign")
def undo_assign(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Takes back a hand-over that nobody has accepted."""
    return _done(request, number, "undo", lambda row: crews.undo_assignment(row.pk, entry))


@require_POST
@page_for("work.assign")
def assign(request: HttpRequest, number: str) -> HttpResponse:
    said = request.POST.get("crew", "")
    crew = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None
    return _done(request, number, "assign", lambda row: crews.assign_ticket(row.pk, crew=crew))


@require_POST
@page_for("ticket.correct")
def pause(request: HttpRequest, number: str) -> HttpResponse:
    def act(row: Ticket) -> None:
        norm, slash, why = request.POST.get("choice", "").partition("/")
        if not slash:
            raise Invalid(_("Выберите срок и причину."), "choice")
        until = local_moment(request.POST.get("until", ""), row.zone, "until")
        pause_clock(row.pk, norm[:60], why[:30], request.POST.get("reason", ""), until=until)

    return _done(request, number, "pause", act)


@require_POST
@page_for("ticket.correct")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    def act(row: Ticket) -> None:
        norm = request.POST.get("choice", "")
        if not norm:
            raise Invalid(_("Выберите срок."), "choice")
        resume_clock(row.pk, norm[:60])

    return _done(request, number, "resume", act)


@require_POST
@page_for("files.attach")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    def act(row: Ticket) -> None:
        cut = getattr(request, files.TOO_BIG, ())
        if cut:
            raise Invalid(files.too_big_words(cut[0]), "file")
        uploaded = request.FILES.get("file")
        if uploaded is None:
            raise Invalid(_("Выберите файл: фото или PDF."), "file")
        attach_file(row.pk, uploaded)

    return _done(request, number, "file", act)


@require_POST
@page_for("console.see")
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Who else has the ticket open; asked every 15 seconds."""
    with acting(request.scope) as unit:  # type: ignore[attr-defined]
        row = _the(number)[0]
        names = contacts.see(f"ticket/{row.pk}", row.company_id, unit.at)
    return render(request, "console/presence.html", {"presence": c.Presence(names=tuple(names))})


@require_GET
@page_for("ticket.see")
def print_pdf(request: HttpRequest, number: str) -> HttpResponse:
    from vakhta.reports.ticket import ticket_pdf

    row = _the(number)[0]
    answer = HttpResponse(ticket_pdf(row.pk), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
@page_for("files.see")  # type: ignore[arg-type]  # a FileResponse streams
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes of a file: an image is shown, everything else is saved; never a page. A technician
    sees files of tickets that are or were his."""
    row, scope = the_file(pk), current_scope()
    if (
        scope.role == "technician"
        and not orders_of(scope.staff or 0).filter(ticket_id=row.ticket_id).exists()
    ):
        raise NotFound(_("Такого файла нет."))
    answer = FileResponse(
        files.opened(row.digest),
        as_attachment=row.media_type not in files.SHOWN_INLINE,
        filename=row.name,
        content_type=row.media_type,
    )
    for name, value in files.headers_of(row.media_type).items():
        answer[name] = value
    return answer


# ── How every form is answered ───────────────────────────────────────────────────────────────


def _the(number: str) -> tuple[Ticket, list[Ticket]]:
    row, merged = queries.by_number(number)
    if row is None:
        raise NotFound(_("Заявки № %s нет среди тех, что вам видны.") % number_words(number[:20]))
    return row, merged


def _done(request: HttpRequest, number: str, form: str, act: Callable[[Ticket], Any]) -> HttpResponse:
    """Acts, then redirects to the page. What was wrong is shown in its form, and the words of two
    people who changed the same side by side."""
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            act(_the(number)[0])
    except (Invalid, Stale) as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            if error.field == "version":
                return _page(request, number, _both_words(request, number), error.status)
            said = {name: str(value) for name, value in request.POST.items()}
            refused = Answer(form=form, errors=_named(form, error), said=said)
            return said_by(_page(request, number, refused, error.status), request, error)
    return HttpResponseRedirect(f"{reverse('console:ticket', args=[number])}?done={form}")


def _named(form: str, error: Refused) -> dict[str, str]:
    fields = {
        "comment": ("text",),
        "file": ("file",),
        "correct": ("description", "damage_at", "reason", "address", "applicant", "phone"),
        "service_word": ("who", "at", "note"),
        "told": ("at",),
        "merge": ("into", "reason"),
        "void": ("reason",),
        "pause": ("choice", "until", "reason"),
        "resume": ("choice",),
    }
    name = (
        error.field
        if error.field in fields.get(form, ())
        else {"note": "reason"}.get(error.field, error.field)
    )
    if form in ("comment", "file"):
        name = fields[form][0]
    return {name if name in fields.get(form, ()) else "": error.message}


def _both_words(request: HttpRequest, number: str) -> Answer:
    """The conflict: who corrected the ticket meanwhile and how; the form keeps my words, and now
    carries the version that I have seen."""
    row = _the(number)[0]
    records = [r for r in journal.history(f"ticket/{row.pk}") if isinstance(r.fact, facts.TicketCorrected)]
    last = records[-1]
    known = sayings.known([last], "UTC", last.recorded_at)
    post = request.POST
    said = {
        name: str(value)
        for name, value in post.items()
        if name not in MERGED or _changed(post, name) is not None
    }
    corrected = last.fact
    assert isinstance(corrected, facts.TicketCorrected)
    other = "" if corrected.description_after else sayings.words(corrected, known)
    conflict = Conflict(
        who=sayings.who(last.actor, known, full=True),
        at=last.recorded_at,
        theirs=other or row.description,
        mine=", ".join(said[name] for name in MERGED if said.get(name)),
    )
    words = _("%(who)s: «%(theirs)s». Ваши слова ниже: сложите нужное и отправьте ещё раз.") % {
        "who": conflict.who,
        "theirs": conflict.theirs,
    }
    return Answer(form="correct", errors={"": words}, said=said, conflict=conflict)


MERGED = ("description", "address", "applicant", "phone")
"""Fields of a correction that stand as somebody else has put them unless they were touched here."""


def _page(request: HttpRequest, number: str, answer: Answer, status: int = 200) -> HttpResponse:
    """The page as it stands now; inside a scope."""
    row, merged = _the(number)
    page = page_view(request, _("Заявка № %s") % number_words(row.number))
    made = build.ticket_page(page, row, merged, answer, print_url=reverse("console:print", args=[row.number]))
    return render(request, "console/ticket.html", {"page": page, "ticket": made}, status=status)
