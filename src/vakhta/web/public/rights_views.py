"""Who may do what, as the one table of roles and verbs stands: a page to read and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.domain.permissions import RESIDENT, RIGHTS, ROLES, TITLES, VERBS
from vakhta.web.console import office_screens as o
from vakhta.web.pages import page_for, page_view
from vakhta.web.screens import PageView


@require_GET
@page_for("rights.see")
def rights(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Права"))
    return render(request, "office/rights.html", {"page": page, "rights": table(page)})


def table(page: PageView) -> o.RightsPage:
    """A row for each verb, a column for each role, for whoever holds the link of a letter, and for each right of a
    token."""
    holders = (*(role.code for role in ROLES), RESIDENT, *(right.holder for right in RIGHTS))
    return o.RightsPage(
        page=page,
        roles=(*(_(role.title) for role in ROLES), _("Житель по ссылке")),
        tokens=tuple(_(right.title) for right in RIGHTS),
        groups=tuple(
            o.RightsGroup(
                title=_(group),
                rows=tuple(
                    o.RightsRow(
                        verb=verb, title=_(title), may=tuple(holder in VERBS[verb] for holder in holders)
                    )
                    for verb, title in verbs.items()
                ),
            )
            for group, verbs in TITLES.items()
        ),
    )
