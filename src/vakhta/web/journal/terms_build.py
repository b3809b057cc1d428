"""The page «Сроки хранения»: the terms as they are set, the acts as the journal has them."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain.facts import OverdueErased, PersonErased
from vakhta.domain.keeping import TERMS, YEAR
from vakhta.domain.permissions import may
from vakhta.kernel.journal import recorded
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import NBSP, counted_words
from vakhta.people.models import Company
from vakhta.privacy.overdue import acts, in_order
from vakhta.web.console import office_screens as o
from vakhta.web.lists import parts
from vakhta.web.screens import NormMark, PageView

SHOWN = 50


def terms(page: PageView, said: QueryDict) -> o.TermsPage:
    """Three queries."""
    found = acts(SHOWN + 1, parts.a_number(said, "after"))
    shown, role = found[:SHOWN], current_scope().role
    return o.TermsPage(
        page=page,
        rows=rows(),
        acts=erased(shown),
        more_url=parts.query(said, (), after=shown[-1].pk) if len(found) > SHOWN else "",
        journal_url=reverse("reports:journal") if may(role, "journal.see") else "",
        looks_url=reverse("reports:looks") if may(role, "looks.see") else "",
    )


def rows() -> tuple[o.TermRow, ...]:
    return tuple(
        o.TermRow(
            title=_(term.title),
            length=length(settings.KEEP_DAYS[code]),
            since=_(term.since),
            goes=_(term.goes),
            stays=_(term.stays),
            why=_(term.why),
            act=term.act,
            item=term.item.replace(". ", f".{NBSP}"),
            mark=NormMark(verified=term.verified),
            own="" if settings.KEEP_DAYS[code] == term.days else length(term.days),
        )
        for code, term in TERMS.items()
    )


def length(days: int) -> str:
    """«3 года» of whole years, else days."""
    years, rest = divmod(days, YEAR)
    if rest or not years:
        return counted_words(days, "%s день", "%s дня", "%s дней") % days
    return counted_words(years, "%s год", "%s года", "%s лет") % years


def erased(entries: Sequence[Entry]) -> tuple[o.ErasedRow, ...]:
    """Two queries."""
    names = dict(
        Company.objects.filter(pk__in={entry.company_id for entry in entries}).values_list("pk", "short_name")
    )
    made = []
    for entry, record in zip(entries, recorded(entries), strict=True):
        fact = record.fact
        assert isinstance(fact, (OverdueErased, PersonErased))
        if isinstance(fact, OverdueErased):
            title, url = _("Акт № %s, по сроку хранения") % fact.act, reverse("reports:act", args=[entry.pk])
        else:
            title, url = _("По просьбе человека: %s") % fact.basis, ""
        made.append(
            o.ErasedRow(
                at=entry.recorded_at,
                title=title,
                company=names.get(entry.company_id, ""),
                what=", ".join(f"{_(name)}: {count}" for name, count in in_order(fact.rows)),
                url=url,
            )
        )
    return tuple(made)
