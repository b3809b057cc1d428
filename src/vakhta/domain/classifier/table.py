"""The most frequent entries, in one table."""

from __future__ import annotations

from vakhta.domain.classifier import building, office, water
from vakhta.domain.classifier.entry import Entry

ENTRIES: dict[str, Entry] = {
    entry.code: entry for entry in (*water.ENTRIES, *building.ENTRIES, *office.ENTRIES)
}
