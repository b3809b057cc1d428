"""Where the workers of the pages add up what they counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from vakhta.cli.serve import share_counts


def test_each_start_begins_with_an_empty_folder_and_takes_away_a_killed_one_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    killed = share_counts(8000, tmp_path)
    (killed / "counter_1.db").write_bytes(b"1")
    other = share_counts(9000, tmp_path)
    again = share_counts(8000, tmp_path)
    assert not killed.exists() and other.exists()
    assert list(again.iterdir()) == [] and again.stat().st_mode & 0o077 == 0
