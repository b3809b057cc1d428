"""Whether a lift goes: stopped, its reason and term put right, started. Every verb runs inside `kernel.journal.acting`
and is a fact of the house; `seen` as in `places.edit`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid, NotFound, clean, require
from vakhta.kernel.seen import check_seen, seen_of

from .models import Lift

STANDING = ("stopped_since", "stop_reason", "expected_at")
"""What is known of a lift that stands."""


def lift_seen(row: Lift) -> str:
    return seen_of(row, *STANDING)


def standing() -> list[Lift]:
    """Lifts of the running scope that stand, the longest first. One query."""
    return list(
        Lift.objects.select_related("building").filter(stopped_since__isnull=False).order_by("stopped_since", "id")
    )  # fmt: skip


def of_houses(buildings: Sequence[int]) -> list[Lift]:
    """Lifts of these houses, house by house. One query."""
    return list(
        Lift.objects.select_related("building").filter(building_id__in=buildings).order_by("building_id", "entrance", "id")
    )  # fmt: skip


def stop(lift: int, seen: str, reason: str, since: datetime | None, until: datetime | None) -> Lift:
    """It stands, since `since` or now; of one that stands: another reason or term. `until`: when it is promised to go."""
    require("lift.mark")
    row, now = _lift(lift, seen), journal.current_unit().at
    since = since or row.stopped_since or now
    if since > now:
        raise Invalid("Лифт не может стоять с будущего времени.", "at")
    if until is not None and until <= now:
        raise Invalid("Обещанное время уже прошло: укажите другое или оставьте пустым.", "until")
    row.stop_reason = clean(reason, "reason", "Почему стоит", limit=200, required=True)
    row.stopped_since, row.expected_at = since, until
    row.save(update_fields=STANDING)
    fact = facts.LiftStopped(
        lift=row.pk, building=row.building_id, number=row.number, entrance=row.entrance, since=since, until=until,
        reason=row.stop_reason,
    )  # fmt: skip
    journal.record(fact, company=row.company_id)
    return row


def start(lift: int, seen: str, at: datetime | None) -> Lift:
    """It goes again, since `at` or now."""
    require("lift.mark")
    row, now = _lift(lift, seen), journal.current_unit().at
    moment = at or now
    if row.stopped_since is None:
        raise Invalid("Лифт и так работает.", "at")
    if not row.stopped_since <= moment <= now:
        raise Invalid("Пустили не раньше, чем он встал, и не позже, чем сейчас.", "at")
    row.stopped_since, row.stop_reason, row.expected_at = None, "", None
    row.save(update_fields=STANDING)
    fact = facts.LiftStarted(
        lift=row.pk, building=row.building_id, number=row.number, entrance=row.entrance, at=moment
    )
    journal.record(fact, company=row.company_id)
    return row


def _lift(pk: int, seen: str) -> Lift:
    """The lift, locked until commit."""
    row: Lift | None = (
        Lift.objects.select_for_update(of=("self",)).select_related("building").filter(pk=pk).first()
    )
    if row is None:
        raise NotFound("Такого лифта нет: его уже убрали.")
    check_seen(seen, lift_seen(row))
    return row
