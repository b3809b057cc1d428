"""A clock says the limit that it counts, not the one of another ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vakhta.tickets.models import Clock
from vakhta.web.show import clock_view

START = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("norm", "counted", "said"),
    [
        ("pp416.13.containment", timedelta(minutes=30), "30 минут"),
        ("pp416.13.containment", timedelta(minutes=20), "20 минут, строже закона (30 минут)"),
        ("pp416.13.elimination", timedelta(days=3), "3 суток"),
        ("pp416.13.elimination", timedelta(days=2), "2 суток, строже закона (3 суток)"),
    ],
)
def test_the_limit_of_this_clock(norm: str, counted: timedelta, said: str) -> None:
    row = Clock(norm=norm, started_at=START, due_at=START + counted, at_risk_at=START)
    assert clock_view(row, START).norm_text.endswith(f"— {said}")
