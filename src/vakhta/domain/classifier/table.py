"""All entries, in one table."""

from __future__ import annotations

from vakhta.domain.classifier import (
    electricity,
    gas,
    heating,
    lifts,
    office,
    outside,
    sewer,
    structures,
    territory,
    water,
)
from vakhta.domain.classifier.entry import Entry

_ROOMS = (water, heating, sewer, electricity, gas, lifts, structures, territory, outside, office)

ENTRIES: dict[str, Entry] = {entry.code: entry for room in _ROOMS for entry in room.ENTRIES}
