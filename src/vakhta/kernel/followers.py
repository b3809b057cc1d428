"""Reactions behind cursors: a follower reads the journal in order and loses and repeats nothing.

The cursor moves in the transaction of the effects, so kill -9 leaves both done or neither. An
entry that fails three times is parked: written into the journal for the administrator, and the
cursor goes on. Nobody is a leader: whoever locks the cursor's row works, others pass by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import transaction

from vakhta.domain.facts import EntryParked, Recorded
from vakhta.kernel import journal
from vakhta.kernel.models import Cursor, Entry
from vakhta.kernel.tenancy import Scope, reading

log = structlog.get_logger(__name__)

BATCH = 50
TRIES = 3


@dataclass(frozen=True)
class Follower:
    """`react(company, recorded)` calls actions; `kinds` are the facts that it wants."""

    name: str
    kinds: frozenset[str]
    react: Callable[[Entry, Recorded], None]


def follow(follower: Follower) -> int:
    """One batch; returns how many entries the cursor passed, 0 when there is nothing or another
    process holds the cursor. Locks the cursor's row until commit."""
    scope = Scope.system(follower.name)
    Cursor.objects.get_or_create(follower=follower.name)
    with journal.acting(scope):
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(pk=follower.name).first()
        if cursor is None:
            return 0
        passed, failed = _work_through(follower, cursor, journal.after(cursor.entry, BATCH))
        cursor.save()
    if failed:
        log.warning("follower_failed", follower=follower.name, entry=cursor.failing, failures=cursor.failures)
    return passed


def _work_through(follower: Follower, cursor: Cursor, entries: list[Entry]) -> tuple[int, bool]:
    """Reacts entry by entry; stops at the first that fails and is not parked yet."""
    for passed, entry in enumerate(entries):
        if entry.kind in follower.kinds and not _reacted(follower, cursor, entry):
            return passed, True
        cursor.entry = entry.id
    return len(entries), False


def _reacted(follower: Follower, cursor: Cursor, entry: Entry) -> bool:
    """True when the cursor may pass: the reaction is done, or the entry is parked."""
    unit = journal.current_unit()
    kept, steps = len(unit.pending), len(unit._numbered)
    try:
        with transaction.atomic():
            follower.react(entry, journal.recorded([entry])[0])
    except Exception as error:
        del unit.pending[kept:], unit._numbered[steps:]
        cursor.failures = cursor.failures + 1 if cursor.failing == entry.id else 1
        cursor.failing = entry.id
        log.exception("reaction_failed", follower=follower.name, entry=entry.id)
        if cursor.failures < TRIES:
            return False
        journal.record(
            EntryParked(follower=follower.name, parked=entry.id, error=type(error).__name__),
            company=entry.company_id,
            centre=entry.centre_id,
        )
    return True


def lag(follower: str) -> int:
    """How many entries the follower has before it."""
    with reading(Scope.system("lag")):
        head = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        at = Cursor.objects.filter(pk=follower).values_list("entry", flat=True).first() or 0
    return int(head - at)
