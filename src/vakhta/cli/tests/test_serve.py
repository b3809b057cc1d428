"""The workers of the pages: where they add up what they counted, and that they end with their server."""

from __future__ import annotations

import os
import select
import subprocess
import sys
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


SERVER = """
import multiprocessing, os, time

def work():
    import vakhta.config.wsgi
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    multiprocessing.get_context("spawn").Process(target=work).start()
    time.sleep(600)
"""


def test_a_worker_ends_with_a_server_that_was_killed(tmp_path: Path) -> None:
    """Alone it would answer on, hold the port, and let no other server start."""
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    server = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    worker = os.pidfd_open(int(server.stdout.readline()))
    server.kill()
    server.wait(10)
    server.stdout.close()
    ended, _, _ = select.select([worker], [], [], 10)
    os.close(worker)
    assert ended
