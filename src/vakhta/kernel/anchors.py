"""The hourly anchor: the journal's signed head as a file outside the database.

`vakhta clock` writes `DATA_DIR/anchors/2026-11-25T01.json` (UTC) once an hour. Kept are every hour of
two days, the first of each day for a year and the first of each month for ever: who rewrites the
journal is found to the hour while it is fresh, and to the month when it is old.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from vakhta.kernel.models import Entry
from vakhta.kernel.verify import Anchor, make_anchor

HOURLY_FOR, DAILY_FOR = timedelta(days=2), timedelta(days=366)
LATE = timedelta(hours=2)
"""An anchor as old as this says that nobody writes them."""
_NAME = "%Y-%m-%dT%H"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "anchors"


def anchor_hourly(at: datetime) -> Path | None:
    """Writes the anchor of the hour of `at` unless it is there, and removes those that the rule
    does not keep; the new file, or None. In the system scope. Raises OSError."""
    path = folder() / f"{at.astimezone(UTC):{_NAME}}.json"
    if path.exists():
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    write_anchor(path, make_anchor(settings.ANCHOR_KEY, at))
    known = _known()
    for moment in set(known) - kept(known, at):
        known[moment].unlink(missing_ok=True)
    return path


def write_anchor(path: Path, anchor: Anchor) -> None:
    """Whole or not at all, whatever dies in between. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as out:
            json.dump(asdict(anchor), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def kept(moments: Collection[datetime], at: datetime) -> set[datetime]:
    """Those of the anchors' hours (UTC) that the rule keeps at `at`."""
    first_of_day: dict[object, datetime] = {}
    first_of_month: dict[object, datetime] = {}
    for moment in sorted(moments):
        first_of_day.setdefault(moment.date(), moment)
        first_of_month.setdefault((moment.year, moment.month), moment)
    hourly = {moment for moment in moments if at - moment < HOURLY_FOR}
    daily = {moment for moment in first_of_day.values() if at - moment < DAILY_FOR}
    return hourly | daily | set(first_of_month.values())


def newest() -> Path | None:
    known = _known()
    return known[max(known)] if known else None


def fits(anchor: Anchor) -> bool:
    """Has the journal still the entry that the anchor signs? In the system scope; one query: enough to
    find a journal that was cut or recomputed, and no substitute for `verify`."""
    found = Entry.objects.filter(pk=anchor.entry).values_list("hash", flat=True).first()
    return not anchor.entry or (found is not None and bytes(found).hex() == anchor.hash)


def _known() -> dict[datetime, Path]:
    """Hour → file; what else lies in the folder is left alone."""
    found = {}
    for path in folder().glob("*.json"):
        try:
            found[datetime.strptime(path.stem, _NAME).replace(tzinfo=UTC)] = path
        except ValueError:
            continue
    return found
