"""«Сроки хранения»: how long personal data is kept, and the acts of its deletion."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.kernel.models import Entry
from vakhta.kernel.refusal import NotFound
from vakhta.privacy.act import act_pdf, overdue_act
from vakhta.web.console import office_screens as o
from vakhta.web.journal import terms_build
from vakhta.web.pages import asked, file_answer, page_for


@require_GET
@page_for("terms.see")
def terms(request: HttpRequest) -> HttpResponse:
    return asked(
        request,
        _("Сроки хранения"),
        "office/terms.html",
        "terms",
        terms_build.terms,
        lambda page, said, errors: o.TermsPage(page=page, rows=terms_build.rows()),
    )


@require_GET
@page_for("terms.see")
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """The act of a batch as a PDF. The act of a person's request is not kept here: it names them."""
    entry = Entry.objects.filter(pk=pk, kind="OverdueErased").first()
    if entry is None:
        raise NotFound(_("Такого акта нет."))
    made = overdue_act(entry)
    return file_answer(act_pdf(made), "application/pdf", f"act-{entry.pk}.pdf", shown=True)
