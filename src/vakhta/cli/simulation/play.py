"""One run: callers, operators and technicians at once, until the day is over or somebody stops it."""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from math import inf
from random import Random
from threading import Condition, Event, Thread

import httpx

from vakhta.cli.simulation.door import Door
from vakhta.cli.simulation.hands import NoAnswer, NotPossible, Operator, Seat, Technician
from vakhta.cli.simulation.ledger import Ledger
from vakhta.cli.simulation.pace import AFTER, Pace, Timed, minutes_before
from vakhta.demo.calls import ScriptedContact

CALLERS = 6
"""Contacts that are being handed over at one moment."""

THINKING = 25.0
"""Seconds of the scripted day from a contact's arrival to an operator's hand."""

REPEATED = 0.02
"""The part of requests that are sent twice with one key, as a bad line does."""

LINGERING = 6 * 3600.0
"""Seconds of the scripted day that technicians have for what is left when the last call has ended."""

PERSISTENCE = 60.0
"""Real seconds for which people repeat what is not answered: a killed part is back long before."""

REFUSALS = 3
"""A job whose moves were refused so often is left to the people at the screens."""

LOOK_OFTEN, LOOK_AGAIN = 0.3, 2.0
"""Real seconds between two looks of a technician at the phone, at least and at most."""


@dataclass(frozen=True)
class Plan:
    pace: Pace
    seed: int
    patience: tuple[float, float] = (0.0, 0.0)
    """Real seconds, from and to, for which a contact is left to the people at the screens before a
    simulated operator takes it."""
    slow_seat: int = 1
    """The first technician's steps last so many times longer: that phone is for the visitor."""
    has_visitors: bool = False
    """A job that somebody else has moved is theirs from then on."""
    overtime: float | None = None
    """Minutes of the scripted day after its last call when operators leave; None: they bring all to its end."""


@dataclass
class Waiting:
    """Contacts that operators may take, each when its moment has come."""

    _heap: list[tuple[float, int, ScriptedContact, int]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _changed: Condition = field(default_factory=Condition)
    _closed: bool = False

    def put(self, at: float, contact: ScriptedContact, pk: int) -> None:
        with self._changed:
            heapq.heappush(self._heap, (at, next(self._order), contact, pk))
            self._changed.notify()

    def close(self) -> None:
        """No more will come: `take` gives what is left and then None."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def drop(self) -> None:
        """What is left is nobody's."""
        with self._changed:
            self._heap.clear()
            self._changed.notify_all()

    def take(self, stop: Event) -> tuple[ScriptedContact, int] | None:
        """Waits for the next contact whose moment has come: contact, id. None when it is over."""
        with self._changed:
            while not stop.is_set():
                if self._heap:
                    ahead = self._heap[0][0] - time.monotonic()
                    if ahead <= 0 or self._closed:
                        _, _, contact, pk = heapq.heappop(self._heap)
                        return contact, pk
                    self._changed.wait(min(ahead, LOOK_AGAIN))
                elif self._closed:
                    return None
                else:
                    self._changed.wait(LOOK_AGAIN)
        return None


class Play:
    """Threads of one run around one ledger. `browser` makes a new HTTP client for a person."""

    def __init__(
        self, plan: Plan, door: Door, ledger: Ledger, browser: Callable[[], httpx.Client], stop: Event
    ) -> None:
        self.plan, self.door, self.ledger, self.stop = plan, door, ledger, stop
        self._browser = browser
        self._waiting = Waiting()
        self._handing_over = Event()
        """Set while work may still be handed to technicians."""
        self._is_over = Event()
        self._silent_since = inf
        """Since when operators have had no answer: what is gone for good is not waited for anew each time."""

    def run(self, script: Iterable[Timed], operators: list[Seat], technicians: list[Seat]) -> None:
        """Plays the script to its end, then lets the technicians finish what they have."""
        self._handing_over.set()
        desks = [
            Thread(target=self._operator, args=(seat, i), daemon=True) for i, seat in enumerate(operators)
        ]
        phones = [
            Thread(target=self._technician, args=(seat, i), daemon=True) for i, seat in enumerate(technicians)
        ]
        for thread in (*desks, *phones):
            thread.start()
        self._callers(script)
        self._waiting.close()
        self._leave(desks)
        self._handing_over.clear()
        end = time.monotonic() + self.plan.pace.real(LINGERING) + LOOK_AGAIN * 20
        for thread in phones:
            thread.join(max(0.0, end - time.monotonic()))
        self._is_over.set()
        for thread in phones:
            thread.join()

    def _leave(self, desks: list[Thread]) -> None:
        """Who has a contact in hand brings it to its end."""
        if self.plan.overtime is not None:
            end = time.monotonic() + self.plan.pace.real(self.plan.overtime * 60)
            for thread in desks:
                thread.join(max(0.0, end - time.monotonic()))
            self._waiting.drop()
        for thread in desks:
            thread.join()

    # ── Callers ──────────────────────────────────────────────────────────────────────────────

    def _callers(self, script: Iterable[Timed]) -> None:
        """Each contact at its moment; when the machine cannot keep up they come as fast as it can."""
        start = time.monotonic()
        random = Random(f"{self.plan.seed}:callers")
        with ThreadPoolExecutor(CALLERS) as pool:
            for delay, contact in script:
                ahead = start + delay - time.monotonic()
                if ahead > 0 and self.stop.wait(ahead):
                    break
                if self.stop.is_set():
                    pool.shutdown(wait=False, cancel_futures=True)
                    break
                pool.submit(
                    self._call, contact, random.random() < REPEATED, random.uniform(*self.plan.patience)
                )

    def _call(self, contact: ScriptedContact, is_repeated: bool, patience: float) -> None:
        if self.stop.is_set():  # whoever is behind has the rest of the day waiting here
            return
        pk = self.door.hand_over(contact)
        if pk is None:
            return
        if is_repeated:
            self.door.hand_over(contact)
        at = time.monotonic() + self.plan.pace.real(THINKING) + patience
        self._waiting.put(at, contact, pk)

    # ── Operators ────────────────────────────────────────────────────────────────────────────

    def _operator(self, seat: Seat, number: int) -> None:
        with self._browser() as client:
            person = Operator(client, self.ledger)
            if not self._sign_in(person, seat):
                return
            while (taken := self._waiting.take(self.stop)) is not None:
                self._answer(person, *taken)

    def _answer(self, person: Operator, contact: ScriptedContact, pk: int) -> None:
        """Until the contact is ended. Without an answer the same person, whose it may be already, looks again
        for a while how far it is; refused, once more: then it is ended or somebody else's."""
        begun, refusals, again = time.monotonic(), 0, False
        while refusals < 2:
            try:
                person.answer(contact, pk, self._number_of(contact), again=again)
                self._silent_since = inf
                return
            except NotPossible as why:
                self.ledger.refused(str(why))
                is_silent = isinstance(why, NoAnswer)
            refusals += not is_silent
            self._silent_since = min(self._silent_since, time.monotonic()) if is_silent else inf
            since = min(begun, self._silent_since)
            if time.monotonic() > since + PERSISTENCE or self.stop.wait(LOOK_AGAIN):
                return
            again = True

    def _number_of(self, contact: ScriptedContact) -> str:
        first = self.ledger.contacts.get(contact.repeat_of)
        return first.ticket if first else ""

    # ── Technicians ──────────────────────────────────────────────────────────────────────────

    def _technician(self, seat: Seat, number: int) -> None:
        """Looks at the phone, makes each job's next move when its time has come, until no more
        work can come and none is left."""
        slow = self.plan.slow_seat if number == 0 else 1
        with self._browser() as client:
            phone = Phone(
                Technician(client, self.ledger), self.plan.pace, Random(f"{self.plan.seed}:{seat.url}"), slow,
                has_visitors=self.plan.has_visitors,
            )  # fmt: skip
            if not self._sign_in(phone.person, seat):
                return
            while not (self.stop.is_set() or self._is_over.is_set()):
                had_work_to_come = self._handing_over.is_set()
                try:
                    left = phone.look()
                except NotPossible as why:
                    self.ledger.refused(str(why))
                    left = True
                if not had_work_to_come and not left:
                    return
                self.stop.wait(max(LOOK_OFTEN, min(LOOK_AGAIN, self.plan.pace.real(60))))

    def _sign_in(self, person: Operator | Technician, seat: Seat) -> bool:
        end = time.monotonic() + PERSISTENCE
        while time.monotonic() < end:
            try:
                person.sign_in(seat)
            except (NotPossible, httpx.HTTPError) as why:
                self.ledger.refused(f"вход: {why}")
                if self.stop.wait(LOOK_AGAIN):
                    return False
            else:
                return True
        return False


class Phone:
    """A technician's phone: when each job's next move is due. With visitors a job that offers another move than
    it did after our last one was moved by somebody who has taken this seat too, and is left to them; what stood
    there at the first look is taken on as it is."""

    def __init__(
        self, person: Technician, pace: Pace, random: Random, slow: int, *, has_visitors: bool = False
    ) -> None:
        self.person = person
        self._pace, self._random, self._slow = pace, random, slow
        self._has_visitors = has_visitors
        self._adopted: set[int] | None = None
        self._offers: dict[int, str] = {}
        """Job → the move that it offered when we left it."""
        self._due: dict[int, float] = {}
        self._refused: Counter[int] = Counter()

    def look(self) -> bool:
        """Makes the moves that are due; False when no job is left."""
        left = False
        jobs = self.person.jobs()
        if self._adopted is None:
            self._adopted = set(jobs)
        for job in jobs:
            if self._refused[job] >= REFUSALS:
                continue
            left = True
            now = time.monotonic()
            if self._due.setdefault(job, now + self._wait_for("accept")) <= now:
                self._go_on(job)
        return left

    def _go_on(self, job: int) -> None:
        """The move that the page offers, and when the one after it is due. A job is looked at only
        when something is due: a phone in a pocket asks nobody."""
        offered = self.person.next_move(job)
        if offered is None:
            self._refused[job] = REFUSALS
            return
        move, form, number = offered
        if self._is_visitor_s(job, move):
            self._refused[job] = REFUSALS
            return
        try:
            self.person.make(move, form, number, self._random)
        except NotPossible as why:
            self._refused[job] += not isinstance(why, NoAnswer)
            raise
        if self._has_visitors:
            after = self.person.next_move(job)
            self._offers[job] = after[0] if after else ""
        self._due[job] = time.monotonic() + self._wait_for(AFTER.get(move, ""))

    def _is_visitor_s(self, job: int, move: str) -> bool:
        if not self._has_visitors or (job in (self._adopted or ()) and job not in self._offers):
            return False
        return move != self._offers.get(job, "accept")

    def _wait_for(self, move: str) -> float:
        return self._pace.real(minutes_before(move, self._random) * 60) * self._slow
