"""kill -9 of every part while people work: what was answered «accepted» is held, once.

Callers, an operator and the crews work through the public doors of `vakhta demo`, as the simulator
does. Meanwhile each part dies by kill -9 in its turn, the database's postmaster first.
"""

from __future__ import annotations

import email
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path
from random import Random

import httpx
import psycopg
import pytest

from tests.stories.family import Family, Process
from tests.stories.running import VAKHTA, Running, free_port
from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.cli.simulation.door import Door
from vakhta.cli.simulation.hands import NotPossible, Operator, Technician, seats
from vakhta.cli.simulation.ledger import Ledger, compare
from vakhta.demo.calls import ScriptedContact, calls

KILLED = ("postgres", "serve", "live", "followers", "worker", "clock", "postgres")
"""In this order; the database again at the end, among parts that are young themselves."""
JOBS = 5
"""Jobs that must be done before the faults and again after them, so that both fall amid work."""
PACE = 0.05
"""Seconds between two calls of one caller, two tries of one person."""
TOGETHER = 5.0
"""Seconds in which Ctrl-C ends everything."""

pytestmark = pytest.mark.slow


class People:
    """Two callers, an operator and the crews, each in a thread, until `go_home`."""

    def __init__(self, running: Running) -> None:
        self.running, self.ledger = running, Ledger()
        self.failures: Counter[str] = Counter()
        """Answers 5xx: status, method and path without numbers."""
        self._stop, self._numbers = threading.Event(), count()
        self._mistakes: list[BaseException] = []
        works = (self._call, self._call, self._operate, self._repair)
        self._threads = [threading.Thread(target=self._keep, args=(work,), daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def browser(self) -> httpx.Client:
        def note(answer: httpx.Response) -> None:
            if answer.status_code >= 500:
                path = re.sub(r"\d+", "N", answer.request.url.path)
                self.failures[f"{answer.status_code} {answer.request.method} {path}"] += 1

        hooks = {"response": [note]}
        return httpx.Client(base_url=self.running.url, timeout=20.0, trust_env=False, event_hooks=hooks)

    def door(self, client: httpx.Client) -> Door:
        client.headers["Authorization"] = f"Bearer {self.running.token}"
        return Door(client, self.ledger, "faults", lambda seconds: self._stop.wait(PACE))

    def _keep(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self._mistakes.append(error)

    def _call(self) -> None:
        """Calls that nobody takes, so that their answer clocks run out."""
        with self.browser() as client:
            door = self.door(client)
            while not self._stop.wait(PACE):
                number = next(self._numbers)
                door.hand_over(replace(SCRIPT[number % len(SCRIPT)], key=f"call-{number}", email=""))

    def _operate(self) -> None:
        """Jobs from the call to the crew; every applicant gets letters."""
        with self.browser() as client, self.browser() as desk:
            door, operator = self.door(client), Operator(desk, self.ledger)
            self._sign_in(operator, "Диспетчер")
            for contact in cycle(SCRIPT):
                number = next(self._numbers)
                contact = replace(contact, key=f"job-{number}", email=f"resident-{number}@example.org")
                pk = None if self._stop.is_set() else door.hand_over(contact)
                if pk is None:
                    return
                self._tries(lambda: operator.answer(contact, pk, ""))  # noqa: B023 - called at once

    def _repair(self) -> None:
        random = Random(1)
        with ExitStack() as opened:
            phones = [opened.enter_context(self.browser()) for _ in self._seats("Исполнитель")]
            crews = [Technician(phone, self.ledger) for phone in phones]
            for place, technician in enumerate(crews):
                self._sign_in(technician, "Исполнитель", place)
            while not self._stop.wait(PACE):
                for technician in crews:
                    self._tries(lambda: work_on(technician, random))  # noqa: B023 - called at once

    def _seats(self, role: str) -> list[object]:
        with self.browser() as client:
            return [seat for seat in seats(client) if seat.role == role]

    def _sign_in(self, person: Operator | Technician, role: str, place: int = 0) -> None:
        person.sign_in(self._seats(role)[place])  # type: ignore[arg-type]

    def _tries(self, work: Callable[[], object]) -> None:
        try:
            work()
        except NotPossible as why:
            self.ledger.refused(str(why))

    def go_home(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads)
        if self._mistakes:
            raise self._mistakes[0]


SCRIPT: list[ScriptedContact] = [
    replace(contact, channel="phone", is_emergency=False)
    for contact in calls(1, "storm", 120)
    if contact.outcome == "ticket"
]


def work_on(technician: Technician, random: Random) -> None:
    """One move at each job of the phone's list."""
    for job in technician.jobs():
        offered = technician.next_move(job)
        if offered is not None:
            technician.make(*offered, random)


class Demo:
    """The demo under fault: its processes, and its tables as their owner sees them."""

    def __init__(self, running: Running) -> None:
        self.running, self.family = running, Family(running.folder)
        self._server = EmbeddedPostgres(running.folder / "postgres")

    def part(self, name: str) -> Process | None:
        return self.family.part(name, self.running.process.pid)

    def sql(self, text: str) -> list[tuple[object, ...]]:
        """Rows of a query, or the affected rows' count."""
        with self._server.connect(OWNER, "vakhta") as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]

    def number(self, text: str) -> int:
        return int(str(self.sql(text)[0][0]))

    def kill(self, name: str) -> None:
        """kill -9, then waits until the part is there anew and does its work."""
        killed = self.part(name)
        assert killed is not None, f"{name} does not run"
        killed.kill()
        self.running.wait_for(lambda: self._is_new(name, killed), f"{name} runs again")
        if name in WORKS:
            self.running.wait_for(lambda: WORKS[name](self), f"{name} works again")

    def _is_new(self, name: str, killed: Process) -> bool:
        found = self.part(name)
        return found is not None and found.pid != killed.pid

    def pages_answer(self) -> bool:
        try:
            return httpx.get(f"{self.running.url}/demo/", timeout=5.0).status_code == 200
        except httpx.HTTPError:
            return False

    def database_answers(self) -> bool:
        try:
            return self.number("SELECT 1") == 1
        except psycopg.Error:
            return False

    def stream_answers(self) -> bool:
        port = int(self.running.env["VAKHTA_LIVE_PORT"])
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", port)) == 0

    def let_answers_run_out(self) -> list[int]:
        """Moves the answer clocks of waiting calls into the past; contacts whose clock it was."""
        rows = self.sql(
            "UPDATE tickets_clock SET due_at = now() - interval '1 s', fire_at = now() - interval '1 s' "
            "WHERE subject IN (SELECT 'interaction/' || id FROM contacts_interaction WHERE state = 'queued' "
            "ORDER BY id DESC LIMIT 10) AND fire_at IS NOT NULL AND breached_at IS NULL AND due_at > now() "
            "RETURNING split_part(subject, '/', 2)::bigint"
        )
        return [int(str(row[0])) for row in rows]


WORKS: dict[str, Callable[[Demo], bool]] = {
    "postgres": Demo.database_answers,
    "serve": Demo.pages_answer,
    "live": Demo.stream_answers,
}


def test_kill_nine_of_every_part_loses_and_repeats_nothing(tmp_path: Path) -> None:
    running = Running(tmp_path / "data", "--without", "simulate")
    demo = Demo(running)
    try:
        people = People(running)
        work_through_the_faults(demo, people)
        what_was_answered_is_held(demo, people)
        numbers_have_no_gaps(demo)
        every_letter_was_received(demo)
        whole = running.vakhta("journal", "verify")
        assert whole.returncode == 0, whole.stdout + whole.stderr
        other_demos_are_refused(demo)
        held = demo_rows(demo)
        everything_ends_together(demo)
        the_supervisor_takes_all_with_it(demo.running.folder, held)
    finally:
        running.stop()


def work_through_the_faults(demo: Demo, people: People) -> None:
    done = people.ledger.done
    demo.running.wait_for(lambda: len(done) >= JOBS, "the first jobs are done")
    run_out: list[int] = []
    for name in KILLED:
        if name in ("clock", "postgres"):
            run_out += demo.let_answers_run_out()
        demo.kill(name)
    web = demo.part("serve")
    assert web is not None
    for worker in demo.family.children(web.pid):
        worker.kill()
    demo.running.wait_for(demo.pages_answer, "a killed process of the pages is replaced")
    before = len(done)
    demo.running.wait_for(lambda: len(done) >= before + JOBS, "jobs are done after the faults")
    people.go_home()
    assert len(run_out) > 10
    clocks_fired_once(demo, run_out)


def clocks_fired_once(demo: Demo, run_out: list[int]) -> None:
    demo.running.wait_for(
        lambda: demo.number("SELECT count(*) FROM tickets_clock WHERE fire_at < now()") == 0,
        "due clocks fired",
    )
    fired = Counter(
        str(row[0])
        for row in demo.sql(
            "SELECT s.subject || ' ' || (e.body ->> 'norm') FROM journal_entry e "
            "JOIN journal_subject s ON s.entry_id = e.id WHERE e.kind = 'ClockBreached' AND s.subject NOT LIKE 'norm/%'"
        )
    )
    assert not [name for name, times in fired.items() if times > 1]
    breached = {
        int(name.split(" ")[0].partition("/")[2]) for name in fired if name.startswith("interaction/")
    }
    assert set(run_out) <= breached


def what_was_answered_is_held(demo: Demo, people: People) -> None:
    """The API's contacts once as rows and once in the journal; what the pages said, by the API."""
    accepted = {told.key: told.id for told in people.ledger.contacts.values()}
    assert len(accepted) > 50
    rows = demo.sql(
        "SELECT i.id, substring(i.key from 'faults-(.*)$'), count(e.id) FROM contacts_interaction i "
        "LEFT JOIN journal_subject s ON s.subject = 'interaction/' || i.id "
        "LEFT JOIN journal_entry e ON e.id = s.entry_id AND e.kind = 'InteractionReceived' "
        "WHERE i.key LIKE '%faults-%' GROUP BY i.id"
    )
    held = {str(key): int(str(pk)) for pk, key, _ in rows}
    assert len(held) == len(rows), "one row a key"
    assert {str(key): times for _, key, times in rows if times != 1} == {}, "one entry a contact"
    assert accepted.items() <= held.items()
    with people.browser() as client:
        door = people.door(client)
        assert compare(people.ledger, door.contact, door.ticket) == []
    wrong = {said: times for said, times in people.failures.items() if not said.startswith("503 ")}
    assert wrong == {}, "a lost database is said as 503, and nothing else fails"
    assert not [why for why in people.ledger.refusals if why.startswith("API")]


def numbers_have_no_gaps(demo: Demo) -> None:
    rows = demo.sql(
        "SELECT centre_id, split_part(number, '-', 1), split_part(number, '-', 2)::int FROM tickets_ticket "
        "ORDER BY 1, 2, 3"
    )
    series: dict[tuple[object, object], list[int]] = {}
    for centre, year, number in rows:
        series.setdefault((centre, year), []).append(int(str(number)))
    for numbers in series.values():
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


LEFT = """SELECT message_id, "to" FROM notices_delivery WHERE state <> 'dropped'"""


def every_letter_was_received(demo: Demo) -> None:
    """What a killed worker held leaves without help; only the waits between tries are cut short."""

    def all_sent() -> bool:
        demo.sql("UPDATE notices_delivery SET due_at = now() WHERE state = 'queued' AND due_at > now()")
        return (
            demo.number("SELECT count(*) FROM notices_delivery WHERE state NOT IN ('sent', 'dropped')") == 0
        )

    tickets = demo.number("SELECT count(*) FROM tickets_ticket WHERE email LIKE 'resident-%'")
    registered = (
        "SELECT count(DISTINCT ticket_id) FROM notices_delivery "
        "WHERE template = 'registered' AND \"to\" LIKE 'resident-%'"
    )
    demo.running.wait_for(lambda: demo.number(registered) == tickets, "the reactions have caught up")
    demo.running.wait_for(all_sent, "all letters are sent")
    queued = {str(row[0]): str(row[1]) for row in demo.sql(LEFT)}
    received: dict[str, set[str]] = {}
    for path in (demo.running.folder / "mail").glob("*.eml"):
        letter = email.message_from_bytes(path.read_bytes())
        received.setdefault(letter["Message-ID"], set()).add(letter["To"])
    assert received == {message: {to} for message, to in queued.items()}
    twice = "SELECT count(*) FROM (SELECT 1 FROM notices_delivery GROUP BY ticket_id, template HAVING count(*) > 1)"
    assert demo.number(f"{twice} AS repeated") == 0, "one letter a stage, whatever was killed"


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
        [*VAKHTA, "demo", "--without", "simulate"],
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
    again = Running(folder, "--without", "simulate")
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
