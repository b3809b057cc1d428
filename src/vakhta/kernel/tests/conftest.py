"""What the kernel's tests write with: facts that no other room reacts to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vakhta.domain.facts import CommentAdded, StockChanged
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope

OURS, THEIRS = 1, 2
"""Companies of the entries: the journal's tables know them by number only."""


@pytest.fixture
def writes(committed: str) -> Callable[..., int]:
    """Commits comments (with words) about ticket 1, each in its own change; the last entry's id."""

    def write(*texts: str, company: int = OURS) -> int:
        last = 0
        for text in texts:
            with acting(Scope.system("test")) as unit:
                journal.record(CommentAdded(ticket=1, text=text), company=company)
            last = unit.last_entry
        return last

    return write


@pytest.fixture
def six(writes: Callable[..., int]) -> None:
    """A journal of six entries: comments with words, except the fourth, which has none."""
    writes("один", "два", "три")
    with acting(Scope.system("test")):
        journal.record(StockChanged(what="дома", rows=60), company=OURS)
    writes("пять", "шесть")
