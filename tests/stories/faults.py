"""Faults on purpose: kill -9 of every part of a demo at random moments while people work in it.

Callers, an operator and the crews work through the public doors, as the simulator does, and their letters
are received by a mail server that is not killed. Meanwhile the parts die, in the order and at the moments
that the seed draws, also while others are still rising. Then four things are counted: what was answered
«accepted» and what the journal holds of it, clocks, letters, numbers.

`make faults SEEDS=20` (`python -m tests.stories.faults`) plays each seed in a demo of its own, prints a
line for each and ends with 1 when anything is wrong. The suite plays the first (test_faults.py).
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from itertools import count, cycle
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psycopg
from aiosmtpd.controller import Controller

from tests.stories.family import Family, Process
from tests.stories.running import ALONE, Running, make_town
from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.cli.simulation.door import Door
from vakhta.cli.simulation.hands import NotPossible, Operator, Technician, seats
from vakhta.cli.simulation.ledger import Ledger, compare
from vakhta.demo.calls import ScriptedContact, calls

PARTS = ("postgres", "serve", "pages", "live", "followers", "worker", "clock")
"""Who dies: the parts of a demo; "pages" is the process under `serve` that answers. The database dies twice."""
LONGEST = 1.5
"""Seconds between two deaths, at the most: a part needs two or three to rise, so they fall together too."""
JOBS = 3
"""Jobs that must be done before the faults and again after them, so that both fall amid work."""
WITHOUT_POST = (*ALONE, "--without", "mail")
"""Who works in the demo, and who receives its letters, is ours."""
PACE = 0.05
"""Seconds between two tries of one person."""
CALLS = 0.3
"""Seconds between two calls of one caller: intake goes on all the time, and leaves room for the work."""


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
            while not self._stop.wait(CALLS):
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


class Post:
    """A mail server that lives on: each letter as it came, complete before its sender hears «250»."""

    def __init__(self, port: int) -> None:
        self.received: list[tuple[str, str, str]] = []
        """(Message-ID, To, Subject)"""
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content)
        self.received.append((letter["Message-ID"], letter["To"], letter["Subject"]))
        return "250 kept"

    def __enter__(self) -> Post:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()


class Demo:
    """The demo under fault: its processes, and its tables as their owner sees them."""

    def __init__(self, running: Running) -> None:
        self.running, self.family = running, Family(running.folder)
        self._server = EmbeddedPostgres(running.folder / "postgres")
        self.begun = time.monotonic()
        self.killed: list[tuple[float, str]] = []
        """(seconds after the beginning, part)"""
        self.run_out: set[int] = set()
        """Contacts whose answer clock was moved into the past."""
        self.entry = self.number("SELECT coalesce(max(id), 0) FROM journal_entry")

    def part(self, name: str) -> Process | None:
        if name != "pages":
            return self.family.part(name, self.running.process.pid)
        serve = self.part("serve")
        below = self.family.children(serve.pid) if serve is not None else []
        return next((each for each in below if "resource_tracker" not in " ".join(each.words)), None)

    def sql(self, text: str) -> list[tuple[object, ...]]:
        """Rows of a query, or the affected rows' count."""
        with self._server.connect(OWNER, "vakhta") as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]

    def number(self, text: str) -> int:
        return int(str(self.sql(text)[0][0]))

    def database_answers(self) -> bool:
        try:
            return self.number("SELECT 1") == 1
        except psycopg.Error:
            return False

    def pages_answer(self) -> bool:
        try:
            return httpx.get(f"{self.running.url}/demo/", timeout=5.0).status_code == 200
        except httpx.HTTPError:
            return False

    def stream_answers(self) -> bool:
        port = int(self.running.env["VAKHTA_LIVE_PORT"])
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", port)) == 0

    # ── What happens to it ───────────────────────────────────────────────────────────────────

    def play(self, seed: int) -> None:
        """Every part dies once and the database twice, nobody waits until the last one is back."""
        random, pause = Random(seed), threading.Event()
        order = [*PARTS, "postgres"]
        random.shuffle(order)
        for name in order:
            pause.wait(random.uniform(0, LONGEST))
            if name in ("postgres", "clock"):
                self.running.wait_for(self._runs_out, "answers run out")
            self.kill(name)
        self.is_whole()

    def kill(self, name: str) -> None:
        """kill -9 of a part, as soon as it is there."""
        found: list[Process] = []

        def dies() -> bool:
            if (process := self.part(name)) is None:
                return False
            found.append(process)
            try:
                process.kill()
            except ProcessLookupError:
                return False
            return True

        self.running.wait_for(dies, f"{name} is there to be killed")
        self.killed.append((time.monotonic() - self.begun, name))

    def is_whole(self) -> None:
        """Until every part is there again and does its work."""
        self.running.wait_for(self.database_answers, "the database answers again")
        self.running.wait_for(self.pages_answer, "the pages answer again")
        self.running.wait_for(self.stream_answers, "the stream answers again")
        for name in PARTS:
            self.running.wait_for(lambda: self.part(name) is not None, f"{name} runs again")  # noqa: B023 - called at once

    @contextmanager
    def database_gone(self) -> Iterator[None]:
        """The database is stopped and nobody starts it, until the end of the block."""
        supervisor = self.running.process
        supervisor.send_signal(signal.SIGSTOP)
        try:
            self.kill("postgres")
            yield
        finally:
            supervisor.send_signal(signal.SIGCONT)

    def _runs_out(self) -> bool:
        """Moves the answer clocks of waiting calls into the past; False while there is no database."""
        try:
            rows = self.sql(
                "UPDATE tickets_clock SET due_at = now() - interval '1 s', fire_at = now() - interval '1 s' "
                "WHERE subject IN (SELECT 'interaction/' || id FROM contacts_interaction WHERE state = 'queued' "
                "ORDER BY id DESC LIMIT 10) AND fire_at IS NOT NULL AND breached_at IS NULL AND due_at > now() "
                "RETURNING split_part(subject, '/', 2)::bigint"
            )
        except psycopg.Error:
            return False
        self.run_out |= {int(str(row[0])) for row in rows}
        return True


# ── What is left of it ───────────────────────────────────────────────────────────────────────


@dataclass
class Counts:
    """Of one play. `wrong` says each thing that must not be, in a line."""

    answered: int = 0
    """Requests that were answered: contacts and tickets accepted, ends, works done."""
    said_503: int = 0
    clocks: int = 0
    """Fired, each once."""
    letters: int = 0
    """Received, each at least once."""
    repeated: int = 0
    """Of them received again, with the same Message-ID."""
    numbers: int = 0
    """Of tickets, without a gap."""
    wrong: list[str] = field(default_factory=list)

    def must(self, is_so: object, what: str) -> None:
        if not is_so:
            self.wrong.append(what)


def counted(demo: Demo, people: People, post: Post) -> Counts:
    """After everybody has gone home: waits until clocks and letters are through, then counts."""
    found = Counts()
    _clocks(demo, found)
    _answered(demo, people, found)
    _numbers(demo, found)
    _letters(demo, post, found)
    whole = demo.running.vakhta("journal", "verify")
    found.must(whole.returncode == 0, f"verify: {whole.stdout}{whole.stderr}")
    return found


def _clocks(demo: Demo, found: Counts) -> None:
    """Each mark of a row is one entry, each entry is a mark; nothing that is due is left."""
    due = "SELECT count(*) FROM tickets_clock WHERE fire_at < now()"
    demo.running.wait_for(lambda: demo.number(due) == 0, "due clocks fired")
    since = f"(SELECT recorded_at FROM journal_entry WHERE id = {demo.entry})"
    for kind, mark in (("ClockBreached", "breached_at"), ("ClockAtRisk", "warned_at")):
        fired = Counter(
            str(row[0])
            for row in demo.sql(
                "SELECT s.subject || ' ' || (e.body ->> 'norm') FROM journal_entry e "
                "JOIN journal_subject s ON s.entry_id = e.id "
                f"WHERE e.kind = '{kind}' AND e.id > {demo.entry} AND s.subject NOT LIKE 'norm/%'"
            )
        )
        marked = {
            str(row[0])
            for row in demo.sql(f"SELECT subject || ' ' || norm FROM tickets_clock WHERE {mark} > {since}")
        }
        twice = [name for name, times in fired.items() if times > 1]
        found.must(not twice, f"{kind} twice: {twice[:5]}")
        found.must(marked == set(fired), f"{kind} of rows and of entries: {sorted(marked ^ set(fired))[:5]}")
        found.clocks += len(fired)
        if kind == "ClockBreached":
            late = {int(name.split(" ")[0].partition("/")[2]) for name in fired if name.startswith("inter")}
            left = demo.run_out - late - _answered_between(demo)
            found.must(not left, f"answers that ran out unsaid: {sorted(left)[:5]}")


def _answered_between(demo: Demo) -> set[int]:
    """Contacts that somebody took between the moving of their clock and its firing: their facts put the term right again,
    and by that they were answered in time."""
    met = (
        "SELECT split_part(subject, '/', 2)::bigint FROM tickets_clock "
        "WHERE subject LIKE 'interaction/%' AND breached_at IS NULL AND stopped_at <= due_at"
    )
    return {int(str(row[0])) for row in demo.sql(met)}


def _answered(demo: Demo, people: People, found: Counts) -> None:
    """The API's contacts once as rows and once in the journal; what the pages said, by the API."""
    told = people.ledger
    accepted = {each.key: each.id for each in told.contacts.values()}
    rows = demo.sql(
        "SELECT i.id, substring(i.key from 'faults-(.*)$'), count(e.id) FROM contacts_interaction i "
        "LEFT JOIN journal_subject s ON s.subject = 'interaction/' || i.id "
        "LEFT JOIN journal_entry e ON e.id = s.entry_id AND e.kind = 'InteractionReceived' "
        "WHERE i.key LIKE '%faults-%' GROUP BY i.id"
    )
    held = {str(key): int(str(pk)) for pk, key, _ in rows}
    found.must(len(held) == len(rows), "two rows of one key")
    not_once = [str(key) for _, key, times in rows if times != 1]
    found.must(not not_once, f"contacts not once in the journal: {not_once[:5]}")
    lost = [key for key, pk in accepted.items() if held.get(key) != pk]
    found.must(not lost, f"accepted and not held: {lost[:5]}")
    twice = demo.sql(
        "SELECT s.subject, e.kind, count(*) FROM journal_entry e JOIN journal_subject s ON s.entry_id = e.id "
        f"WHERE e.id > {demo.entry} AND e.kind IN ('TicketRegistered', 'WorkDone') GROUP BY 1, 2 HAVING count(*) > 1"
    )
    found.must(not [row for row in twice if str(row[0]).startswith("ticket/")], f"twice: {twice[:5]}")
    with people.browser() as client:
        door = people.door(client)
        differences = compare(told, door.contact, door.ticket)
    found.must(not differences, f"told otherwise than held: {[str(each) for each in differences[:5]]}")
    found.said_503 = sum(n for said, n in people.failures.items() if said.startswith("503 "))
    wrong = {said: n for said, n in people.failures.items() if not said.startswith("503 ")}
    found.must(not wrong, f"a lost database is a 503 and nothing else fails: {wrong}")
    refused = [why for why in told.refusals if why.startswith("API")]
    found.must(not refused, f"refused by the API: {refused}")
    ended = sum(1 for each in told.contacts.values() if each.outcome)
    tickets = sum(1 for each in told.contacts.values() if each.ticket)
    found.answered = len(accepted) + tickets + ended + sum(told.moves.values())


def _numbers(demo: Demo, found: Counts) -> None:
    rows = demo.sql(
        "SELECT centre_id, split_part(number, '-', 1), split_part(number, '-', 2)::int FROM tickets_ticket "
        "ORDER BY 1, 2, 3"
    )
    series: dict[tuple[object, object], list[int]] = {}
    for centre, year, number in rows:
        series.setdefault((centre, year), []).append(int(str(number)))
    for numbers in series.values():
        found.must(numbers == list(range(numbers[0], numbers[0] + len(numbers))), "a gap in the numbers")
    found.numbers = len(rows)


def _letters(demo: Demo, post: Post, found: Counts) -> None:
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
    rows = demo.sql("""SELECT message_id, "to" FROM notices_delivery WHERE state <> 'dropped'""")
    queued = {str(message): str(to) for message, to in rows}
    received = Counter(post.received)
    missing = set(queued.items()) - {(message, to) for message, to, _ in received}
    found.must(not missing, f"letters that nobody received: {sorted(missing)[:5]}")
    strange = {(message, to) for message, to, _ in received} - set(queued.items())
    found.must(not strange, f"letters that nobody queued: {sorted(strange)[:5]}")
    same: dict[tuple[str, str], set[str]] = defaultdict(set)
    for message, to, subject in received:
        same[to, subject].add(message)
    again = [key for key, messages in same.items() if len(messages) > 1]
    found.must(not again, f"one letter under two Message-IDs: {again[:5]}")
    twice = demo.sql("SELECT ticket_id, template FROM notices_delivery GROUP BY 1, 2 HAVING count(*) > 1")
    found.must(not twice, f"queued twice: {twice[:5]}")
    found.letters, found.repeated = len(queued), sum(1 for times in received.values() if times > 1)


# ── By hand ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def under_fault(folder: Path) -> Iterator[tuple[Demo, People, Post]]:
    """A demo amid work: the first jobs are done. It is stopped at the end."""
    running = Running(folder, *WITHOUT_POST)
    try:
        with Post(int(running.env["VAKHTA_MAIL_PORT"])) as post:
            demo, people = Demo(running), People(running)
            jobs_are_done(demo, people)
            yield demo, people, post
    finally:
        running.stop()


def jobs_are_done(demo: Demo, people: People) -> None:
    before = len(people.ledger.done)
    demo.running.wait_for(lambda: len(people.ledger.done) >= before + JOBS, "jobs are done")


HEAD = (
    "| seed | killed, seconds after the beginning | answered | 503 | clocks fired | letters | again, same id | wrong |\n"
    "|---|---|---|---|---|---|---|---|"
)


def play(seed: int, town: Path) -> tuple[str, Counts]:
    """One seed in a demo of its own, a copy of `town`: its line of the table, its counts."""
    folder = Path(tempfile.mkdtemp(prefix=f"vakhta-faults-{seed}-"))
    try:
        subprocess.run(["cp", "-a", town, folder / "data"], check=True)
        with under_fault(folder / "data") as (demo, people, post):
            demo.play(seed)
            jobs_are_done(demo, people)
            people.go_home()
            made = counted(demo, people, post)
        killed = ", ".join(f"{name} {at:.1f}" for at, name in demo.killed)
        cells = (
            seed,
            killed,
            made.answered,
            made.said_503,
            made.clocks,
            made.letters,
            made.repeated,
            len(made.wrong),
        )
        return "| " + " | ".join(str(cell) for cell in cells) + " |", made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds are played")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    asked = parser.parse_args()
    print(HEAD, flush=True)
    wrong, town = 0, Path(tempfile.mkdtemp(prefix="vakhta-faults-town-")) / "data"
    try:
        make_town(town)
        for seed in range(asked.first, asked.first + asked.seeds):
            line, made = play(seed, town)
            print(line, *(f"  seed {seed}: {what}" for what in made.wrong), sep="\n", flush=True)
            wrong += len(made.wrong)
    finally:
        shutil.rmtree(town.parent, ignore_errors=True)
    print(f"\n{asked.seeds} seeds, wrong: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
