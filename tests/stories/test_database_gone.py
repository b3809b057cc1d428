"""The database is gone for a while: the open console says so and comes back by itself, callers' programs come again
with the same key, and nothing that was answered «accepted» is lost or held twice. Clocks that ran out meanwhile fire."""

from __future__ import annotations

import re
import threading
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.stories.faults import Demo
from tests.stories.running import Running
from tests.stories.test_first_contact import arrives_by_api, sign_in, step_is, takes_next

pytestmark = pytest.mark.browser

CALLERS = 3
WORDS = "течёт стояк в ванной, пока базы нет"


class Caller:
    """A partner's program: hands contacts over one after another, each until it is answered, as the API asks."""

    def __init__(self, running: Running, name: str) -> None:
        self._running, self._name = running, name
        self.accepted: dict[str, int] = {}
        self.told_503 = 0
        self.other: list[str] = []
        """Answers that nobody may get."""
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._works, daemon=True)
        self._thread.start()

    def _works(self) -> None:
        with httpx.Client(base_url=self._running.url, timeout=20.0, trust_env=False) as client:
            number = 0
            while not self._ends.is_set():
                number += 1
                key = f"gone-{self._name}-{number}"
                while (pk := self.hands_over(client, key)) is None:
                    self._ends.wait(0.1)
                self.accepted[key] = pk

    def hands_over(self, client: httpx.Client, key: str) -> int | None:
        said = {"channel": "phone", "text": key}
        headers = {"Authorization": f"Bearer {self._running.token}", "Idempotency-Key": key}
        try:
            answer = client.post("/api/v1/interactions", json=said, headers=headers)
        except httpx.HTTPError:
            return None
        if answer.status_code == 503:
            self.told_503 += 1
            if (
                "База данных не отвечает" not in answer.json()["message"]
                or "Retry-After" not in answer.headers
            ):
                self.other.append(answer.text)
            return None
        if answer.status_code not in (200, 201):
            self.other.append(f"{answer.status_code} {answer.text}")
            return None
        return int(answer.json()["id"])

    def ends(self) -> None:
        self._ends.set()
        self._thread.join(60)
        assert not self._thread.is_alive()


def test_a_database_that_was_gone_is_said_and_nothing_accepted_is_lost(
    lone: Running, browser: Browser
) -> None:
    demo = Demo(lone)
    desk = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(desk, lone.url, "Диспетчер")
    link = desk.locator("[data-link-state]").first
    expect(link).to_have_attribute("data-state", re.compile("on|slow"))
    arrives_by_api(lone, lone.known_caller().phone)
    takes_next(desk, desk.keyboard.press)
    desk.locator("#n-description").fill(WORDS)
    expect(desk.locator("input[name=classifier]").first).to_be_checked()

    callers = [Caller(lone, str(number)) for number in range(CALLERS)]
    lone.wait_for(lambda: all(len(caller.accepted) > 2 for caller in callers), "callers are at work")
    due = runs_out_soon(demo, [pk for caller in callers for pk in caller.accepted.values()])
    with demo.database_gone():
        expect(link).to_have_attribute("data-state", "gone")
        expect(link).to_contain_text("база данных не отвечает, набранное сохраняется")
        desk.keyboard.press("Control+Enter")
        expect(desk.locator("#alerts")).to_contain_text("База данных не отвечает, ничего не записано")
        expect(desk.locator("#n-description")).to_have_value(WORDS)
        lone.wait_for(lambda: all(caller.told_503 > 2 for caller in callers), "callers are told")
    demo.is_whole()
    expect(link).to_have_attribute("data-state", re.compile("on|slow"))

    held = {key: pk for caller in callers for key, pk in caller.accepted.items()}
    lone.wait_for(
        lambda: all(len(caller.accepted) > len(held) / CALLERS + 2 for caller in callers), "intake goes on"
    )
    for caller in callers:
        caller.ends()
        assert caller.other == []
    expect(desk.locator("#n-description")).to_have_value(WORDS)
    desk.keyboard.press("Control+Enter")
    step_is(desk, 3)
    nothing_is_lost(demo, lone, callers)
    clocks_fire_once(demo, lone, due)
    desk.context.close()


def runs_out_soon(demo: Demo, contacts: list[int]) -> list[int]:
    """Answer clocks of these run out while the database is gone, or are late already when it comes back."""
    rows = demo.sql(
        "UPDATE tickets_clock SET due_at = now() + interval '3 s', fire_at = now() + interval '3 s' "
        f"WHERE subject IN ({subjects(contacts)}) AND fire_at IS NOT NULL AND breached_at IS NULL "
        "RETURNING split_part(subject, '/', 2)::bigint"
    )
    assert rows
    return [int(str(row[0])) for row in rows]


def nothing_is_lost(demo: Demo, running: Running, callers: list[Caller]) -> None:
    accepted = {key: pk for caller in callers for key, pk in caller.accepted.items()}
    rows: list[Any] = demo.sql(
        "SELECT text, id FROM contacts_interaction WHERE text LIKE 'gone-%' ORDER BY id"
    )
    assert {str(text): int(str(pk)) for text, pk in rows} == accepted and len(rows) == len(accepted)
    assert told(demo, "InteractionReceived", list(accepted.values())) == (len(accepted), len(accepted))
    with httpx.Client(base_url=running.url, timeout=20.0, trust_env=False) as client:
        key, pk = next(iter(accepted.items()))
        assert callers[0].hands_over(client, key) == pk, "the same key is the same contact"
    assert running.vakhta("journal", "verify").returncode == 0


def clocks_fire_once(demo: Demo, running: Running, contacts: list[int]) -> None:
    fired = f"SELECT count(*) FROM tickets_clock WHERE subject IN ({subjects(contacts)}) AND breached_at IS NOT NULL"
    running.wait_for(lambda: demo.number(fired) == len(contacts), "clocks that ran out have fired")
    assert told(demo, "ClockBreached", contacts) == (len(contacts), len(contacts))


def told(demo: Demo, kind: str, contacts: list[int]) -> tuple[int, int]:
    """Entries of these contacts, and how many of the contacts have one."""
    rows = demo.sql(
        "SELECT count(*), count(DISTINCT subject) FROM journal_entry, unnest(subjects) AS subject "
        f"WHERE kind = '{kind}' AND subject IN ({subjects(contacts)})"
    )
    return int(str(rows[0][0])), int(str(rows[0][1]))


def subjects(contacts: list[int]) -> str:
    return ", ".join(f"'interaction/{pk}'" for pk in contacts)
