"""Counting beside rows: an annotation that the index of what is counted answers, without a join."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce


def how_many(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many of `rows` there are, 0 when none; they are filtered by an `OuterRef` in their column `by`."""
    counted = rows.order_by().values(by).annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(counted), 0)
