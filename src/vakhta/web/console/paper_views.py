"""«Бумажная ночь»: lines of the paper journal entered in the morning, with their real times."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vakhta.contacts import actions as contacts
from vakhta.contacts import paper as paper_night
from vakhta.domain.classifier import ENTRIES
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, clean
from vakhta.kernel.tenancy import reading
from vakhta.web import show
from vakhta.web.pages import page_for, page_view, said_by
from vakhta.web.said import local_moment
from vakhta.web.screens import Choice

MOMENTS = ("received_at", "answered_at", "terms_told_at", "contained_at", "done_at")


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("journal.enter_late")
def paper(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST enters one line and shows the form for the next."""
    if request.method != "POST":
        return _form(request, {}, {})
    said = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    zone = request.staff.company.zone  # type: ignore[attr-defined]
    try:
        reason = clean(said.get("reason", ""), "reason", _("Причина"), limit=300)
        if not reason:
            raise Invalid(_("Укажите причину: например, «не было света с 02:10 до 05:40»."), "reason")
        with acting(request.scope, at=clock.now(), late_reason=reason):  # type: ignore[attr-defined]
            ticket = paper_night.enter_paper(_line(said, zone))
    except Invalid as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            form = _form(request, said, {error.field: error.message}, 422)
            return said_by(form, request, error)
    except ValueError as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            return _form(request, said, {"received_at": str(error)}, 422)
    return HttpResponseRedirect(f"{reverse('console:paper')}?entered={ticket.number}&reason={reason[:200]}")


def _line(said: dict[str, str], zone: str) -> paper_night.PaperLine:
    moments = {name: local_moment(said.get(name, ""), zone, name) for name in MOMENTS}
    received = moments.pop("received_at")
    if received is None:
        raise Invalid(_("Укажите, когда обратились: день и время из бумажного журнала."), "received_at")
    message = contacts.Message(
        channel=said.get("channel", "phone"),
        caller=said.get("caller", ""),
        phone=said.get("phone", ""),
        address=said.get("address", ""),
        text=said.get("description", ""),
    )
    return paper_night.PaperLine(
        message=message,
        received_at=received,
        classifier=said.get("classifier", ""),
        description=said.get("description", ""),
        done_note=said.get("done_note", ""),
        **moments,
    )


def _form(
    request: HttpRequest, said: dict[str, str], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    page = page_view(request, _("Записать с бумаги"))
    kinds = tuple(
        Choice(
            value=entry.code,
            title=f"{_(entry.place)} › {show.nature(entry.code)}",
            chosen=said.get("classifier") == entry.code,
        )
        for entry in sorted(ENTRIES.values(), key=lambda entry: (entry.place, entry.title))
    )
    said.setdefault("reason", request.GET.get("reason", ""))
    context = {
        "page": page,
        "said": said,
        "errors": errors,
        "kinds": (Choice(value="", title=_("— выберите —")), *kinds),
        "entered": request.GET.get("entered", "")[:20],
    }
    return render(request, "console/paper.html", context, status=status)
