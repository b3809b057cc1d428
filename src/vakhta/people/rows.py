"""The row of a company, held while it is changed."""

from __future__ import annotations

from .models import Company


def held_company(pk: int | None) -> Company | None:
    """Locked until commit against whoever would hold it too, and against nobody else: a call of one of its houses
    refers to it and is written meanwhile (`FOR UPDATE` would let it wait)."""
    row: Company | None = Company.objects.select_for_update(no_key=True).filter(pk=pk).first()
    return row
