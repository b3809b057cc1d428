"""The ticket that somebody's words mean, shown before it is acted on: for «Дополнение» and «Объединить»."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.kernel.refusal import Invalid, clean
from vakhta.kernel.words import number_words
from vakhta.tickets import queries as tickets
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.pages import page_for, page_view
from vakhta.web.screens import Choice, Found

SHOWN = 5


@require_GET
@page_for("ticket.see")
def found(request: HttpRequest) -> HttpResponse:
    """GET ?find= (or ?into=) answers with `console/found.html`."""
    said = request.GET.get("find", "") or request.GET.get("into", "")
    return render(request, "console/found.html", {"page": page_view(request, ""), "found": finds(said)})


def finds(said: str, seen: int | None = None) -> Found:
    """What the words mean, at most `SHOWN` tickets; chosen is the only one, or the one that was `seen`."""
    said = said.strip()[:160].replace("\0", "")
    rows = tickets.spoken_of(said, SHOWN) if said else []
    choices = tuple(
        Choice(
            value=str(row.pk),
            title=f"№ {number_words(row.number)} · {show.nature(row.classifier)}",
            detail=" · ".join((row.address or _("адрес не указан"), _(row.get_state_display()))),
            chosen=len(rows) == 1 or row.pk == seen,
        )
        for row in rows
    )
    return Found(query=said, choices=choices)


def the_one(said: str, seen: int | None, field: str, but: Ticket | None = None) -> Ticket:
    """The ticket that the words mean and that was `seen` beside them; nothing is done to one that was not.
    `but`: never that one. Raises Invalid about `field`."""
    said = clean(said, field, "Какая заявка", limit=160, required=True)
    rows = tickets.spoken_of(said, SHOWN)
    if rows == [but]:
        raise Invalid(_("Это она сама: назовите другую заявку."), field)
    if not rows:
        raise Invalid(
            _("По «%s» открытой заявки нет: проверьте номер, телефон или имя заявителя.") % said, field
        )
    one = next((row for row in rows if row.pk == seen), None)
    if one is None:
        ask = (
            _("Подходит несколько: выберите, какая.")
            if len(rows) > 1
            else _("Проверьте, та ли это заявка, и отправьте.")
        )
        raise Invalid(ask, field)
    return one
