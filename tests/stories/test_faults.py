"""kill -9 of every part while people work: what was answered «accepted» is held, once.

A seed of the same play as `make faults`, and a database that stays away for a while.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stories.family import Family
from tests.stories.faults import SCRIPT, Demo, People, counted, jobs_are_done, under_fault
from tests.stories.running import ALONE, VAKHTA, Running, free_port

SEEDS = (1,)
TOGETHER = 5.0
"""Seconds in which Ctrl-C ends everything."""

pytestmark = pytest.mark.slow


def test_kill_nine_of_every_part_loses_and_repeats_nothing(
    tmp_path: Path, settle: Callable[[Path], Path]
) -> None:
    with under_fault(settle(tmp_path / "data")) as (demo, people, post):
        for seed in SEEDS:
            demo.play(seed)
        a_database_that_stays_away_is_said(demo, people)
        demo.is_whole()
        jobs_are_done(demo, people)
        people.go_home()
        made = counted(demo, people, post)
        assert made.wrong == []
        assert made.answered > 50 and made.clocks > 10 and made.letters > 2 * len(SEEDS)
        other_demos_are_refused(demo)
        held = demo_rows(demo)
        everything_ends_together(demo)
        the_supervisor_takes_all_with_it(demo.running.folder, held)


def a_database_that_stays_away_is_said(demo: Demo, people: People) -> None:
    """At once and in words, with the time to come again; the same request is taken when it is back."""
    said = {"channel": "web", "text": "течёт, пока базы нет"}
    with people.browser() as client, demo.database_gone():
        headers = {
            "Authorization": f"Bearer {demo.running.token}",
            "Idempotency-Key": "faults-while-it-was-gone",
        }
        begun = time.monotonic()
        told = client.post("/api/v1/interactions", json=said, headers=headers)
        client.cookies.set("vakhta_session", "somebody")
        page = client.get("/console/")
        health = client.get("/health")
        assert time.monotonic() - begun < TOGETHER, "nobody hangs"
    assert (told.status_code, told.headers["Retry-After"]) == (503, "60")
    assert "База данных не отвечает" in told.json()["message"]
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "База данных не отвечает, ничего не записано" in page.text
    assert health.status_code == 503
    contact = replace(SCRIPT[0], key="while-it-was-gone", channel="web", text=said["text"])
    with people.browser() as client:
        assert people.door(client).hand_over(contact) is not None


# ── Ends ─────────────────────────────────────────────────────────────────────────────────────


def other_demos_are_refused(demo: Demo) -> None:
    env = demo.running.env
    said_once(env, f"порт {env['VAKHTA_PORT']} занят")
    said_once({**env, **ports()}, "уже работает другой показ")


def test_a_folder_of_another_version_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("17\n")
    said_once({**os.environ, "VAKHTA_DATA_DIR": str(tmp_path), **ports()}, "от PostgreSQL 17")
    assert Family(tmp_path).living() == []


def test_a_folder_of_something_else_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "письмо.txt").write_text("не база")
    said_once(
        {**os.environ, "VAKHTA_DATA_DIR": str(tmp_path), **ports()}, "не пуста, а базы PostgreSQL в ней нет"
    )
    assert (tmp_path / "postgres" / "письмо.txt").exists()


def ports() -> dict[str, str]:
    return {name: str(free_port()) for name in ("VAKHTA_PORT", "VAKHTA_LIVE_PORT", "VAKHTA_MAIL_PORT")}


def said_once(env: dict[str, str], words: str) -> None:
    made = subprocess.run(
        [*VAKHTA, "demo", *ALONE],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 2, made.stdout + made.stderr
    assert words in made.stderr and made.stderr.count("\n") == 1, made.stderr


def everything_ends_together(demo: Demo) -> None:
    assert {process.part for process in demo.family.living()} >= {"postgres", "serve", "live", "clock"}
    start = time.monotonic()
    demo.running.process.send_signal(signal.SIGTERM)
    assert demo.running.process.wait(60) == 0
    assert time.monotonic() - start < TOGETHER
    assert demo.family.living() == []


def the_supervisor_takes_all_with_it(folder: Path, held: int) -> None:
    """The same folder again, with what it held; then kill -9 of the supervisor."""
    again = Running(folder, *ALONE)
    try:
        family = Family(again.folder)
        assert demo_rows(Demo(again)) == held
        again.process.kill()
        again.process.wait(10)
        nobody_left(family)
    finally:
        again.stop()


def demo_rows(demo: Demo) -> int:
    return demo.number(
        "SELECT (SELECT count(*) FROM contacts_interaction) + (SELECT count(*) FROM tickets_ticket)"
    )


def nobody_left(family: Family) -> None:
    end, pause = time.monotonic() + 2 * TOGETHER, threading.Event()
    while family.living() and time.monotonic() < end:
        pause.wait(0.05)
    assert family.living() == []
