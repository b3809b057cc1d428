"""Which saved views stand above a list."""

from __future__ import annotations

from django.db.models import Q

from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Staff

from .models import SavedView


def views_of(name: str) -> list[SavedView]:
    """Of the list `name`: the acting person's own ones, the default first, then those that others share in the
    same company. One query."""
    me = current_scope().staff
    home = Staff.objects.filter(pk=me).values("company_id")
    rows = SavedView.objects.select_related("staff").filter(
        Q(staff_id=me) | Q(is_shared=True, company_id__in=home), list=name, removed_at=None
    )
    return sorted(rows, key=lambda row: (row.staff_id != me, not row.is_default, row.pk))
