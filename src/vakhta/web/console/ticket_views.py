"""The ticket page and its forms: each change is one action, then a redirect; a refused form comes
back with everything that was typed."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.contacts import queries as contacts
from vakhta.crews import actions as crews
from vakhta.crews.queries import orders_of
from vakhta.kernel import files
from vakhta.kernel.journal import acting
from vakhta.kernel.looks import looked
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.kernel.tenancy import current_scope, reading
from vakhta.places.models import Building, Premises
from vakhta.places.search import find_addresses
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import (
    Place,
    correct_ticket,
    corrected_since,
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
from vakhta.web.console import ticket_screens as t
from vakhta.web.console.answers import only_said
from vakhta.web.console.found import the_one
from vakhta.web.console.ticket_answers import DONE, changed, done, page_of, the, touched
from vakhta.web.console.ticket_forms import NOBODY, natures
from vakhta.web.console.ticket_parts import Answer, local_value
from vakhta.web.pages import page_for
from vakhta.web.said import local_moment, whole
from vakhta.web.screens import Toast


@require_GET
@page_for("ticket.see")
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """`done`: what was done here just now. `say`: a word is waited for, so the hands are in the comment."""
    form = request.GET.get("done", "")
    if not form and request.GET.get("say") == "yes":
        return page_of(request, number, Answer(form="comment"))
    done = Toast(text=_(DONE[form]), tone="good") if form in DONE else None
    return page_of(request, number, Answer(form=form if done else "", last=done))


@require_POST
@page_for("ticket.comment")
def comment(request: HttpRequest, number: str) -> HttpResponse:
    return done(request, number, "comment", lambda row: crews.answer(row.pk, request.POST.get("text", "")))


@require_POST
@page_for("ticket.correct")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Corrects words and nature. What somebody else has corrected since the form was shown is never overwritten
    unseen; what they left alone, and a crew that moved on meanwhile, is no conflict."""
    said = request.POST

    def act(row: Ticket) -> None:
        version, entry = _seen(said.get("version", ""))
        locked = the_ticket(row.pk)
        damaged = changed(said, "damage_at") or ""
        if damaged == local_value(locked.damage_at, locked.zone):
            damaged = ""  # not touched: the field has no seconds
        others = corrected_since(row.pk, entry)
        correct_ticket(
            row.pk,
            version=version if others.intersection(touched(said)) else locked.version,
            reason=said.get("reason", ""),
            classifier=changed(said, "choice") or None,
            description=changed(said, "description"),
            place=_place(said),
            applicant=changed(said, "applicant"),
            phone=changed(said, "phone"),
            email=changed(said, "email"),
            damage_at=local_moment(damaged, locked.zone, "damage_at"),
        )

    return done(request, number, "correct", act)


def _place(said: QueryDict) -> Place | None:
    """The place that was chosen from the list, the one certain house of what was typed, or its words
    when the tick says that they are not in the stock."""
    words, chosen = changed(said, "address"), said.get("premises", "")
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
        row = the(number)[0]
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

    return done(request, number, "service_word", act)


def _seen(version: str) -> tuple[int, int]:
    """(version of the row, last entry) that the form was drawn from; zeros when it says nonsense,
    which no row has."""
    row, _slash, entry = version.partition("/")
    return whole(row) or 0, whole(entry) or 0


@require_POST
@page_for("ticket.void")
def void(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return done(request, number, "void", lambda row: void_ticket(row.pk, reason))


@require_POST
@page_for("ticket.correct")
def merge(request: HttpRequest, number: str) -> HttpResponse:
    def act(row: Ticket) -> None:
        target = the_one(request.POST.get("into", ""), whole(request.POST.get("seen", "")), "into", row)
        merge_ticket(row.pk, target.pk, request.POST.get("reason", ""))

    return done(request, number, "merge", act)


@require_POST
@page_for("ticket.correct")
def undo(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Takes back a voiding or a merging within ten minutes."""
    return done(request, number, "undo", lambda row: undo_end(row.pk, entry))


@require_POST
@page_for("ticket.correct")
def undo_correct(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Takes back the last correction."""
    return done(request, number, "uncorrect", lambda row: undo_correction(row.pk, entry))


@require_POST
@page_for("work.assign")
def undo_assign(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Takes back a hand-over that nobody has accepted, or that the order was taken away."""
    return done(request, number, "undo", lambda row: crews.undo_giving(row.pk, entry))


@require_POST
@page_for("work.report")
def undo_move(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Takes back what was recorded of a crew: from the ticket's page, or from the console's foot, which leaves the card
    in work as it is."""
    if not request.headers.get("HX-Request"):
        return done(request, number, "undo_move", lambda row: crews.undo_move(row.pk, entry))
    with acting(request.scope):  # type: ignore[attr-defined]
        crews.undo_move(the(number)[0].pk, entry)
    with reading(request.scope):  # type: ignore[attr-defined]
        return only_said(request, _("Отменено"))


@require_POST
@page_for("work.assign")
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """To a crew, or to nobody: the ticket waits again. A form that does not say which order it was drawn with was
    drawn with none: nobody's crew is sent home unseen."""
    said, seen = request.POST.get("crew", ""), whole(request.POST.get("version", "")) or 0
    reason = request.POST.get("reason", "")
    if said == NOBODY:
        return done(
            request,
            number,
            "take",
            lambda row: crews.take_back(row.pk, seen=seen, reason=reason),
            drawn="assign",
        )
    crew = whole(said)
    return done(
        request,
        number,
        "assign",
        lambda row: crews.assign_ticket(row.pk, crew=crew, seen=seen, reason=reason),
    )


@require_POST
@page_for("ticket.correct")
def pause(request: HttpRequest, number: str) -> HttpResponse:
    def act(row: Ticket) -> None:
        norm, slash, why = request.POST.get("choice", "").partition("/")
        if not slash:
            raise Invalid(_("Выберите срок и причину."), "choice")
        until = local_moment(request.POST.get("until", ""), row.zone, "until", until=True)
        pause_clock(row.pk, norm[:60], why[:30], request.POST.get("reason", ""), until=until)

    return done(request, number, "pause", act)


@require_POST
@page_for("ticket.correct")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    def act(row: Ticket) -> None:
        norm = request.POST.get("choice", "")
        if not norm:
            raise Invalid(_("Выберите срок."), "choice")
        resume_clock(row.pk, norm[:60])

    return done(request, number, "resume", act)


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

    return done(request, number, "file", act)


@require_POST
@page_for("console.see")
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Who else has the ticket open; asked every 15 seconds."""
    with acting(request.scope) as unit:  # type: ignore[attr-defined]
        row = the(number)[0]
        names = contacts.see(f"ticket/{row.pk}", row.company_id, unit.at)
    return render(request, "console/presence.html", {"presence": c.Presence(names=tuple(names))})


@require_GET
@page_for("ticket.see")
def print_pdf(request: HttpRequest, number: str) -> HttpResponse:
    from vakhta.reports.ticket import ticket_pdf

    row = the(number)[0]
    looked(f"ticket/{row.pk}", company=row.company_id, how="printed")
    answer = HttpResponse(ticket_pdf(row.pk), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
@page_for("files.see")  # type: ignore[arg-type]  # a FileResponse streams
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes of a file: an image is shown, everything else is saved; never a page. A technician
    and a contractor see files of tickets that are or were theirs."""
    row, scope = the_file(pk), current_scope()
    if (
        scope.role in ("technician", "contractor")
        and not orders_of(scope.staff or 0).filter(ticket_id=row.ticket_id).exists()
    ):
        raise NotFound(_("Такого файла нет."))
    answer = FileResponse(
        files.opened(row.digest),
        as_attachment=row.media_type not in files.SHOWN_INLINE,
        filename=files.name_as(row.name, row.media_type),
        content_type=row.media_type,
    )
    for name, value in files.headers_of(row.media_type).items():
        answer[name] = value
    return answer
