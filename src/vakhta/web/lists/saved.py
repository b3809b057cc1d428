"""Saved views above a list: as links, and the one that is open with what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from vakhta.domain.permissions import may
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import short_name
from vakhta.lists.models import SavedView
from vakhta.web.lists import screens as s
from vakhta.web.said import whole

KEYS = 8
"""Alt+9 opens the rooms."""


def address(row: SavedView) -> str:
    """The question of a view as the query of an address."""
    said = {"q": row.said} if row.said else {}
    return "?" + urlencode({**said, **row.asked, "view": row.pk})


def default_of(views: Sequence[SavedView]) -> SavedView | None:
    """The acting person's own view that the list opens with."""
    me = current_scope().staff
    return next((row for row in views if row.is_default and row.staff_id == me), None)


def above(said: QueryDict, asked: Mapping[str, str], code: str, views: Sequence[SavedView]) -> dict[str, Any]:
    """What stands above the list `code`, whose question is `asked`. No queries."""
    row = next((row for row in views if row.pk == whole(said.get("view", ""))), None)
    removed = whole(said.get("removed", ""))
    return {
        "saved": tuple(_link(view, n, view is row) for n, view in enumerate(views, 1)),
        "view": _open(row, asked) if row else None,
        "save_url": reverse("lists:keep_view"),
        "save_list": code,
        "restore_url": reverse("lists:restore_view", args=[removed]) if removed else "",
    }


def _link(row: SavedView, place: int, is_open: bool) -> s.SavedLink:
    is_own = row.staff_id == current_scope().staff
    return s.SavedLink(
        title=row.name,
        url=address(row),
        key=f"Alt+{place}" if place <= KEYS else "",
        current=is_open,
        is_default=row.is_default and is_own,
        shared_by="" if is_own else short_name(row.staff.name),
    )


def _open(row: SavedView, asked: Mapping[str, str]) -> s.OpenView:
    scope = current_scope()
    is_own, shares = row.staff_id == scope.staff, may(scope.role, "views.share")
    before = {**({"q": row.said} if row.said else {}), **row.asked}

    def url(name: str, allowed: bool) -> str:
        return reverse(f"lists:{name}", args=[row.pk]) if allowed else ""

    return s.OpenView(
        name=row.name,
        is_changed=before != dict(asked),
        is_shared=row.is_shared,
        is_default=row.is_default and is_own,
        rename_url=url("rename_view", is_own or shares),
        replace_url=url("replace_view", is_own or shares),
        remove_url=url("remove_view", is_own or shares),
        share_url=url("unshare_view" if row.is_shared else "share_view", shares),
        default_url=url("default_view", is_own),
    )
