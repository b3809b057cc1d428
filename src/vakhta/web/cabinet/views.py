"""The resident's page by the signed link: no password, no JavaScript, one question a screen.

The link is looked up in the system scope, because it is the question of what may be seen; all else
runs in the scope of the ticket's own company."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.domain import facts
from vakhta.domain.permissions import RESIDENT
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, check
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import number_words
from vakhta.people.models import Company
from vakhta.tickets.models import Ticket
from vakhta.tickets.word import confirm_ticket, rate_ticket, return_ticket
from vakhta.web.cabinet import build
from vakhta.web.cabinet.links import linked_ticket
from vakhta.web.pages import theme_of
from vakhta.web.public import screens as r
from vakhta.web.screens import Errors, PageView, PhoneView


@require_GET
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    row = _linked(token)
    return _page(request, row, token) if row is not None else _dead(request)


@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """«Да, исправили»: closes the ticket. Pressed twice, it is confirmed once."""
    return _word(request, token, _is_closed, lambda pk: confirm_ticket(pk, rating=None))


@require_POST
def give_back(request: HttpRequest, token: str) -> HttpResponse:
    """«Нет, вернуть заявку»: opens it again with the resident's words. A ticket that was closed meanwhile, in
    another window too, cannot be returned: who says so is told what to do."""
    review = request.POST.get("review", "")

    def heard(row: Ticket) -> bool:
        return row.state == "returned" and _returned_with(row) == review.strip()

    return _word(request, token, heard, lambda pk: return_ticket(pk, review=review))


@require_POST
def rate(request: HttpRequest, token: str) -> HttpResponse:
    said, review = request.POST.get("rating", ""), request.POST.get("review", "")
    rating = int(said) if said in ("1", "2", "3", "4", "5") else None
    return _word(request, token, lambda row: False, lambda pk: rate_ticket(pk, rating=rating, review=review))


def _word(
    request: HttpRequest, token: str, is_heard: Callable[[Ticket], bool], act: Callable[[int], Any]
) -> HttpResponse:
    """The resident's word as one action. `is_heard`: whether a repeated press finds that it has been heard, and the
    page shows so. Words that come too late stand on the page, to copy or to read out."""
    row = _linked(token)
    if row is None:
        return _dead(request)
    scope = _scope(row)
    check(scope, "link.answer")
    try:
        with acting(scope):
            act(row.pk)
    except Invalid as error:
        return _page(request, _linked(token) or row, token, {error.field: error.message}, 422)
    except Conflict as error:
        now = _linked(token) or row
        if not is_heard(now):
            return _page(request, now, token, {"": _too_late(now, error)}, 409)
    return HttpResponseRedirect(reverse("cabinet:ticket", args=[token]))


def _too_late(row: Ticket, error: Conflict) -> str:
    if row.state == "closed" and row.rating is None:
        asks = _("Если не исправлено, позвоните диспетчеру и назовите её номер: он заведёт новую.")
        return f"{_closed_words(row)} {asks}"
    return _("%s Ниже — как заявка стоит сейчас.") % error.message


def _closed_words(row: Ticket) -> str:
    if _is_closed(row):
        return _("Эта заявка уже подтверждена, возможно, в другом окне, и закрыта: вернуть её нельзя.")
    return _("Эта заявка уже закрыта: вернуть её нельзя.")


def _is_closed(row: Ticket) -> bool:
    """By the word «исправили», not by silence."""
    return build.question_of(row, _history(row)) in ("rate", "thanks")


def _returned_with(row: Ticket) -> str:
    returned = [r.fact for r in _history(row) if isinstance(r.fact, facts.TicketReturned)]
    return returned[-1].review if returned else ""


def _history(row: Ticket) -> list[facts.Recorded]:
    with reading(_scope(row)):
        return journal.history(f"ticket/{row.pk}")


def _scope(row: Ticket) -> Scope:
    return Scope(
        companies=frozenset({row.company_id}),
        actor=f"resident/{row.pk}",
        role=RESIDENT,
        centre=row.centre_id,
    )


def _linked(token: str) -> Ticket | None:
    pk = linked_ticket(token)
    if pk is None:
        return None
    with reading(Scope.system("link")):
        row: Ticket | None = (
            Ticket.objects.select_related("company", "centre", "building", "premises", "merged_into")
            .filter(pk=pk)
            .first()
        )
    return row


def _page(
    request: HttpRequest, row: Ticket, token: str, errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    page = _frame(request, _("Заявка № %s") % number_words(row.number), row.zone)
    said, scope = request.POST.get("rating", ""), _scope(row)
    check(scope, "link.see")
    with reading(scope):
        made = build.resident_ticket(
            page,
            row,
            token,
            errors=errors,
            review=request.POST.get("review", "")[:2000],
            rating=int(said) if said in ("1", "2", "3", "4", "5") else 0,
            is_late=status == 409,
        )
    return _private(render(request, "public/ticket.html", {"page": page, "ticket": made}, status=status))


def _dead(request: HttpRequest) -> HttpResponse:
    title = _("Ссылка не открывается")
    page = _frame(request, title)
    text = _(
        "Она устарела или скопирована не целиком. Откройте её прямо из письма или позвоните: "
        "состояние заявки скажет диспетчер."
    )
    made = r.LinkDead(page=page, title=title, text=text, phone=_only_phone())
    return _private(render(request, "public/link_dead.html", {"page": page, "dead": made}, status=404))


def _only_phone() -> PhoneView | None:
    """The phone of the one dispatch centre; where there are several, a dead link tells none."""
    with reading(Scope.system("link")):
        phones = list(Company.objects.filter(kind="dispatch_centre").values_list("phone", flat=True)[:2])
    return PhoneView(phone=phones[0]) if len(phones) == 1 and phones[0] else None


def _frame(request: HttpRequest, title: str, zone: str = "Europe/Moscow") -> PageView:
    return PageView(title=title, now=clock.now(), zone=zone, theme=theme_of(request))


def _private(answer: HttpResponse) -> HttpResponse:
    """Whoever has the address sees the ticket: it is not to be indexed or passed on."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "same-origin"
    return answer
