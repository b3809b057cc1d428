"""What is done on the card of a contact: who speaks and from where, what is typed, who else has it
open, the ways to end it without a ticket, and their undo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.contacts import actions as contacts
from vakhta.contacts import queries, rows
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews.queries import order_of
from vakhta.domain.classifier.shared import TERMS
from vakhta.domain.regulations import NORMS
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.kernel.tenancy import reading
from vakhta.kernel.words import inside, moment_words, number_words
from vakhta.places.models import Premises
from vakhta.places.search import find_addresses
from vakhta.tickets import queries as tickets
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.console import build, endings, panels
from vakhta.web.console import screens as c
from vakhta.web.console.answers import GIVEN_BACK, answered, done, ended, seen, toast, work_of
from vakhta.web.console.found import the_one
from vakhta.web.pages import page_for, page_view
from vakhta.web.said import whole
from vakhta.web.screens import Toast

# ── The card ─────────────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("interaction.end")
def applicant(request: HttpRequest, pk: int) -> HttpResponse:
    return done(request, pk, lambda: note_applicant(request, rows.mine(pk)))


def note_applicant(request: HttpRequest, row: Interaction) -> None:
    """Who and where, as the applicant's form says it; only what it says otherwise than the row."""
    said = request.POST
    place = said.get("premises", "")
    known = str(row.premises_id or (f"building/{row.building_id}" if row.building_id else ""))
    if place and place != known:
        _note_place(row.pk, place)
    elif not place and said.get("outside") == "yes":  # its words stand: no house is guessed from them
        contacts.note_place(row.pk, building=None, address=said.get("address", ""))
    elif not place and said.get("address", "") != row.address:
        _place_from_text(row.pk, said.get("address", ""))
    name, phone, email = (said.get(field, "") for field in ("name", "phone", "email"))
    letters = said.get("letters") == "yes"
    if (name, phone, email, letters) != (row.caller, row.phone, row.email, row.wants_letters):
        contacts.note_applicant(row.pk, caller=name, phone=phone, email=email, wants_letters=letters)
    contacts.forget_typed(row)


@require_POST
@page_for("interaction.end")
def typed(request: HttpRequest, pk: int) -> HttpResponse:
    """What the applicant's form holds, a second after the last key; the answer is empty."""
    with acting(request.scope):  # type: ignore[attr-defined]
        seen(pk)
        _keep_typed(request, pk)
    return HttpResponse()


def _keep_typed(request: HttpRequest, pk: int) -> None:
    contacts.keep_typed(pk, {field: request.POST.get(field, "") for field in contacts.TYPED})


def _note_place(pk: int, place: str) -> None:
    """A place that was chosen from the list: «building/12» or the id of the premises."""
    if place.startswith("building/"):
        contacts.note_place(pk, building=whole(place.removeprefix("building/")) or 0)
        return
    flat = Premises.objects.filter(pk=whole(place) or 0).first()
    if flat is None:
        raise NotFound(_("Такого помещения нет."), "address")
    contacts.note_place(pk, building=flat.building_id, premises=flat.pk)


def _place_from_text(pk: int, text: str) -> None:
    """An address that was typed and not chosen: taken when it is certain, else kept as free text."""
    hits = find_addresses(text[:250], limit=2)
    if hits and hits[0].is_certain:
        flat = hits[0].premises
        contacts.note_place(pk, building=hits[0].building.pk, premises=flat.pk if flat else None)
    else:
        contacts.note_place(pk, building=None, address=text)


@require_POST
@page_for("interaction.end")
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggestions while typing; what was typed is kept on the row as well."""
    text = request.POST.get("description", "")[:4000].replace("\0", "")
    chosen = request.POST.get("classifier", "")
    with acting(request.scope):  # type: ignore[attr-defined]
        staff = request.scope.staff  # type: ignore[attr-defined]
        Interaction.objects.filter(pk=pk, state="taken", taken_by_id=staff, ticket=None).update(
            description=text
        )
        if "address" in request.POST:  # the applicant's form is on the screen, and stands behind ours
            with suppress(Invalid):  # told by the form itself
                _keep_typed(request, pk)
    with reading(request.scope):  # type: ignore[attr-defined]
        row, now = seen(pk), clock.now()
        around = tickets.around(row.building_id, build.subject_of(row), row.phone)
        made = panels.suggestions(row, around, text, chosen if request.POST.get("chosen") else "", now)
        return render(
            request, "console/suggestions.html", {"page": page_view(request, ""), "suggestions": made}
        )


@require_GET
@page_for("console.see")
def near(request: HttpRequest, pk: int) -> HttpResponse:
    """The tickets of the contact's house, as they are now."""
    row = seen(pk)
    around = tickets.around(row.building_id, build.subject_of(row), row.phone)
    tab = build.tickets_tab(row, around, clock.now())
    return render(
        request, "console/near.html", {"page": page_view(request, ""), "tab": tab, "is_alone": True}
    )


@require_POST
@page_for("console.see")
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else has the card open. Who only looks on has nothing to lose: when the contact has gone to another or is
    ended, the card comes anew."""
    with acting(request.scope) as unit:  # type: ignore[attr-defined]
        row = seen(pk)
        names = queries.see(f"interaction/{row.pk}", row.company_id, unit.at)
        is_lost = request.POST.get("holds") == "yes" and row.taken_by_id != request.scope.staff  # type: ignore[attr-defined]
        taken_by = row.taken_by.name if is_lost and row.taken_by else ""
        shown = request.POST.get("seen_as", "")
        if shown and shown != build.seen_as(row):
            fresh = answered(request, work_of(row, unit.at))
            fresh["HX-Retarget"], fresh["HX-Reswap"] = "#work", "outerHTML"
            return fresh
    made = c.Presence(names=tuple(names), taken_by=taken_by)
    return render(request, "console/presence.html", {"presence": made})


# ── Other endings ────────────────────────────────────────────────────────────────────────────


@require_POST
@page_for("interaction.end")
def join(request: HttpRequest, pk: int, ticket: int) -> HttpResponse:
    note = request.POST.get("description", "")
    return _joined(request, pk, ticket, note)


def _joined(request: HttpRequest, pk: int, ticket: int | None, note: str) -> HttpResponse:
    def act() -> object:
        find = request.POST.get("find", "").strip()
        found = the_one(find, whole(request.POST.get("seen", "")), "find").pk if find else ticket
        if found is None:
            raise Invalid(_("Выберите заявку или найдите её: номер, телефон или имя заявителя."), "find")
        return contacts.join_ticket(pk, found, note)

    return ended(request, pk, "addition", act, _joined_words)


def _joined_words(contact: object) -> str:
    """What the caller is told: which ticket it is and what of it."""
    ticket = contact.ticket if isinstance(contact, Interaction) else None
    if ticket is None:
        return _("Присоединено к заявке")
    said = _("Присоединено к заявке № %(number)s: %(state)s") % {
        "number": number_words(ticket.number),
        "state": _(ticket.get_state_display()),
    }
    return " · ".join((said, *_how_it_stands(ticket, clock.now())))


def _how_it_stands(ticket: Ticket, now: datetime) -> Iterator[str]:
    """«Где бригада?»: which one it is and by when the next of its work is due. Three queries."""
    order = order_of(ticket.pk)
    if order is not None:
        yield show.performer_name(order)
    due = tickets.nearest([each for each in tickets.clocks_of(ticket.pk)[ticket.pk] if each.norm != TERMS])
    if due is not None and due.due_at is not None and due.due_at > now and due.norm in NORMS:
        yield _("%(norm)s до %(at)s") % {
            "norm": inside(_(NORMS[due.norm].title)),
            "at": moment_words(due.due_at, ticket.zone, now),
        }


def _told(pk: int, outcome: str, choice: str) -> str:
    """Whose number, and which, as they were told to who is redirected."""
    if outcome != "redirected":
        return ""
    return endings.told_words(Interaction.objects.filter(pk=pk).first(), choice)


@require_POST
@page_for("interaction.end")
def end(request: HttpRequest, pk: int, outcome: str) -> HttpResponse:
    note = request.POST.get("note") or request.POST.get("description", "")
    choice = request.POST.get("choice", "")
    if outcome == "addition":
        return _joined(request, pk, whole(choice), note)
    words = _("Завершено: %s") % _(dict(Interaction.OUTCOMES).get(outcome, ""))
    return ended(
        request,
        pk,
        outcome,
        lambda: contacts.end(pk, outcome, note=note, redirected_to=_told(pk, outcome, choice)),
        words,
    )


@require_POST
@page_for("interaction.take")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """F8, at once: who did not mean it takes it again."""
    said = request.POST

    def act() -> None:
        if "address" in said:
            _keep_typed(request, pk)
        contacts.give_back(pk, description=said.get("description"))
        request.session[GIVEN_BACK] = pk

    again = reverse("console:take", args=[pk]) + "?undo=yes"
    return ended(request, pk, "give_back", act, _("Вернулось в очередь"), undo_url=again)


@require_POST
@page_for("interaction.end")
def undo(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    return done(request, pk, lambda: contacts.reopen(pk, entry), says=_undone)


@require_POST
@page_for("work.assign")
def take_back(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Ctrl+Z after step 8: the crew has not accepted it yet."""
    return done(request, pk, lambda: crews.undo_assignment(seen(pk).ticket_id or 0, entry), says=_undone)


def _undone(made: object, entry: int) -> Toast:
    return toast(_("Отменено"))
