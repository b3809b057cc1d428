"""Which saved views stand above a list."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from vakhta.kernel.kept import Param, kept
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Staff

from .models import SavedView


def views_of(name: str) -> list[SavedView]:
    """Of the list `name`: the acting person's own ones, the default first, then those that others share in the
    same company. One query."""
    me = current_scope().staff
    rows = _views_of(me=me, list=name)
    return sorted(rows, key=lambda row: (row.staff_id != me, not row.is_default, row.pk))


@kept
def _views_of() -> QuerySet[SavedView]:
    home = Staff.objects.filter(pk=Param("me")).values("company_id")
    seen = Q(staff=Param("me")) | Q(is_shared=True, company_id__in=home)
    return SavedView.objects.select_related("staff").filter(seen, list=Param("list"), removed_at=None)
