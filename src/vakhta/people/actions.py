"""What people at work say of themselves: ready for contacts, or on a pause."""

from __future__ import annotations

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import NotFound, clean, require

from .models import Staff


def pause(reason: str = "") -> Staff:
    """The one who acts takes no contacts for a while. Said again with the same reason it is one pause."""
    row, reason = _myself(), clean(reason, "reason", "Причина паузы", limit=120)
    if row.is_ready or row.pause_reason != reason:
        _set(row, is_ready=False, reason=reason)
        journal.record(facts.StaffPaused(staff=row.pk, reason=reason), company=row.company_id)
    return row


def be_ready() -> Staff:
    """The pause of the one who acts is over; nothing when there is none."""
    row = _myself()
    if not row.is_ready:
        _set(row, is_ready=True, reason="")
        journal.record(facts.StaffReady(staff=row.pk), company=row.company_id)
    return row


def _myself() -> Staff:
    """The row of the one who acts, held to the end of the change."""
    scope = require("interaction.take")
    row: Staff | None = (
        Staff.objects.select_for_update(of=("self",))
        .select_related("company", "user")
        .filter(pk=scope.staff)
        .first()
    )
    if row is None:
        raise NotFound("Готовность отмечает сотрудник, который принимает обращения.")
    return row


def _set(row: Staff, *, is_ready: bool, reason: str) -> None:
    row.is_ready, row.pause_reason = is_ready, reason
    row.save(update_fields=["is_ready", "pause_reason"])
