"""The hourly anchor: when it is written, what it finds, which ones are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.kernel.anchors import anchor_hourly, fits, folder, kept, newest
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import read_anchor, verify

AT = datetime(2026, 11, 25, 1, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path


def written(at: datetime) -> Path | None:
    with reading(Scope.system("clock")):
        return anchor_hourly(at)


def test_one_anchor_an_hour_and_the_newest_is_found(writes: Callable[..., int]) -> None:
    writes("один", "два")
    first = written(AT)
    assert first is not None and first.name == "2026-11-25T01.json"
    assert written(AT + timedelta(minutes=39)) is None
    second = written(AT + timedelta(minutes=40))
    assert second is not None and newest() == second
    anchor = read_anchor(second.read_text(), settings.ANCHOR_KEY)
    with reading(Scope.system("test")):
        assert fits(anchor) and verify(anchor).is_whole
    assert (anchor.entry, anchor.at) == (2, "2026-11-25T02:00:00.000000+00:00")


@pytest.mark.parametrize(
    "harm", ["DELETE FROM journal_entry WHERE id = 2", "UPDATE journal_entry SET hash = 'x' WHERE id = 2"]
)
def test_a_cut_or_recomputed_journal_does_not_fit_its_anchor(
    writes: Callable[..., int], server: EmbeddedPostgres, committed: str, harm: str
) -> None:
    writes("один", "два")
    path = written(AT)
    assert path is not None
    with server.connect(OWNER, committed) as connection:
        connection.execute(harm.encode())
    with reading(Scope.system("test")):
        assert not fits(read_anchor(path.read_text(), settings.ANCHOR_KEY))


def test_an_empty_journal_has_an_anchor_too(committed: str) -> None:
    path = written(AT)
    assert path is not None
    with reading(Scope.system("test")):
        assert fits(read_anchor(path.read_text(), settings.ANCHOR_KEY))


def test_kept_are_two_days_of_hours_a_year_of_days_and_every_month() -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    hours = [now - n * HOUR for n in range(24 * 800)]
    found = sorted(kept(hours, now), reverse=True)
    assert found[:48] == hours[:48]
    daily = [moment for moment in found[48:] if now - moment < timedelta(days=366)]
    assert all(moment.hour == 0 for moment in daily) and len(daily) == 364
    monthly = [moment for moment in found if now - moment >= timedelta(days=366)]
    # The oldest month began before the first anchor: its first one is that anchor.
    assert all(moment.day == 1 and moment.hour == 0 for moment in monthly[:-1])
    assert monthly[-1] == hours[-1]


def test_what_is_kept_now_was_never_removed_before() -> None:
    """Hour by hour, as the clock does it: the same as all at once."""
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    hours = [now - n * HOUR for n in range(24 * 70)]
    living: set[datetime] = set()
    for hour in reversed(hours):
        living = kept(living | {hour}, hour)
    assert living == kept(hours, now)


def test_old_anchors_go_and_strangers_stay(committed: str) -> None:
    folder().mkdir()
    old, same_day = folder() / "2026-11-20T00.json", folder() / "2026-11-20T07.json"
    stranger = folder() / "отметка.json"
    for path in (old, same_day, stranger):
        path.write_text("{}")
    written(AT)
    assert old.exists() and stranger.exists() and not same_day.exists()
    assert [path.name for path in folder().glob(".*")] == []
