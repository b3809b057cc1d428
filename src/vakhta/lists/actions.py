"""What is done with saved views. One's own are nobody else's business and stand in no journal; whatever changes a
shared one is a fact (docs/adr/0013-lists-of-an-office.md). Every verb runs inside `kernel.journal.acting`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import IntegrityError, transaction

from vakhta.domain import facts
from vakhta.domain.permissions import may
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Staff

from .models import SavedView

MOST = 30
"""Own views of one list: more are no row of links any more."""
REMOVED_FOR = timedelta(days=1)
"""So long a removed one can be had again."""
SEES = {"tickets": "ticket.see", "contacts": "interaction.see"}
"""The verb by which a list is seen."""


def keep_view(name: str, *, of: str, said: str, asked: Mapping[str, str]) -> SavedView:
    """A new own view of the list `of`. `said` and `asked` as `SavedView` holds them, read already."""
    if of not in SEES:
        raise Invalid("Такого списка нет.", "list")
    scope = require(SEES[of])
    me = Staff.objects.filter(pk=scope.staff).first()
    if me is None:
        raise NotFound("Отборы сохраняет сотрудник.")
    name = clean(name, "name", "Название отбора", limit=60, required=True)
    if SavedView.objects.filter(staff=me, list=of, removed_at=None).count() >= MOST:
        raise Invalid("Отборов уже %(most)s: уберите ненужные.", "name", most=MOST)
    at = journal.current_unit().at
    SavedView.objects.filter(staff=me, removed_at__lt=at - REMOVED_FOR).delete()
    row = SavedView(
        company_id=me.company_id, staff=me, list=of, name=name, said=said, asked=dict(asked), made_at=at,
    )  # fmt: skip
    _save(row)
    return row


def rename_view(pk: int, name: str) -> SavedView:
    row = _mine(pk)
    row.name = clean(name, "name", "Название отбора", limit=60, required=True)
    _save(row)
    _told(row, "renamed")
    return row


def replace_view(pk: int, *, said: str, asked: Mapping[str, str]) -> SavedView:
    """The view asks what is asked now; its name stays."""
    row = _mine(pk)
    row.said, row.asked = said, dict(asked)
    _save(row)
    _told(row, "replaced")
    return row


def share_view(pk: int) -> SavedView:
    return _shared(pk, True)


def unshare_view(pk: int) -> SavedView:
    return _shared(pk, False)


def _shared(pk: int, is_shared: bool) -> SavedView:
    require("views.share")
    row = _mine(pk)
    if row.is_shared != is_shared:
        row.is_shared = True
        _told(row, "shared" if is_shared else "unshared")
        row.is_shared = is_shared
        _save(row)
    return row


def choose_default(pk: int) -> SavedView:
    """The list opens with this own view; chosen again it does so no more."""
    row = _mine(pk)
    if row.staff_id != current_scope().staff:
        raise Conflict("По умолчанию открывается только свой отбор: сохраните этот себе под своим именем.")
    SavedView.objects.filter(staff_id=row.staff_id, list=row.list, is_default=True).exclude(pk=pk).update(
        is_default=False
    )
    row.is_default = not row.is_default
    _save(row)
    return row


def remove_view(pk: int) -> SavedView:
    row = _mine(pk)
    row.removed_at = journal.current_unit().at
    _save(row)
    _told(row, "removed")
    return row


def restore_view(pk: int) -> SavedView:
    """Undoes a removal; refused when another view has its name meanwhile."""
    row = _mine(pk, removed=True)
    row.removed_at = None
    if row.is_default:
        SavedView.objects.filter(
            staff_id=row.staff_id, list=row.list, is_default=True, removed_at=None
        ).update(is_default=False)
    _save(row)
    _told(row, "restored")
    return row


def _mine(pk: int, *, removed: bool = False) -> SavedView:
    """The view, locked until commit, if the acting person may change it: the owner, and a shared one whoever may
    share."""
    scope = current_scope()
    row: SavedView | None = (
        SavedView.objects.select_for_update(of=("self",))
        .select_related("staff")
        .filter(pk=pk, removed_at__isnull=not removed)
        .first()
    )
    if row is None or (row.staff_id != scope.staff and not row.is_shared):
        raise NotFound("Такого отбора нет.")
    if row.staff_id != scope.staff and not may(scope.role, "views.share"):
        raise Conflict("Это общий отбор: меняет его хозяин или старший. Сохраните себе под своим именем.")
    return row


def _save(row: SavedView) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid("Отбор с таким названием уже есть: назовите иначе.", "name") from None


def _told(row: SavedView, what: str) -> None:
    if row.is_shared:
        fact = facts.SharedViewChanged(staff=row.staff_id, list=row.list, what=what, name=row.name)
        journal.record(fact, company=row.company_id)
