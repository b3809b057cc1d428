"""What the simulator was told «accepted», and whether the system holds it: the proof of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import httpx

DONE_STATES = frozenset({"done", "closed"})

Held = Mapping[str, Any] | None
"""What the API holds of a contact or a ticket; None when it knows none."""


@dataclass
class Told:
    """What was answered about one contact of the script."""

    key: str
    id: int
    channel: str
    text: str
    """As they were handed over."""
    outcome: str = ""
    """How its end was accepted; empty when it was not ended by the simulator."""
    ticket: str = ""
    """The number that was told."""


@dataclass(frozen=True)
class Difference:
    """Something that was accepted and is not held so."""

    what: str
    said: str
    held: str

    def __str__(self) -> str:
        return f"{self.what}: сказано «{self.said}», в системе «{self.held}»"


@dataclass
class Ledger:
    """Everything that was answered, by all threads."""

    contacts: dict[str, Told] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    """Numbers of tickets whose «done» was accepted."""
    unanswered: list[str] = field(default_factory=list)
    """Keys to which no answer came at all: they may be held or not, neither is a difference."""
    refusals: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=lambda: {"приём обращения": [], "страница": []})
    """Seconds of each answer: of the API to a contact, of a page to whoever works at it."""
    differences: list[Difference] = field(default_factory=list)
    """Seen on the way: a repeated key that gave another contact."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def numbers(self) -> set[str]:
        """Of the tickets that were told or whose work was accepted."""
        return {told.ticket for told in self.contacts.values() if told.ticket} | self.done

    def accepted(self, key: str, pk: int, channel: str, text: str) -> Told:
        """The API took a contact. The same key must always be the same contact."""
        with self._lock:
            told = self.contacts.setdefault(key, Told(key, pk, channel, text))
            if told.id != pk:
                self.differences.append(Difference(f"ключ {key}", f"обращение {told.id}", f"обращение {pk}"))
            return told

    def ended(self, key: str, outcome: str) -> None:
        with self._lock:
            self.contacts[key].outcome = outcome

    def numbered(self, key: str, number: str) -> None:
        with self._lock:
            self.contacts[key].ticket = number

    def worked(self, move: str, number: str) -> None:
        with self._lock:
            self.moves[move] += 1
            if move == "done" and number:
                self.done.add(number)

    def timed(self, answer: httpx.Response) -> None:
        """A hook of the clients: takes the time of the whole answer."""
        answer.read()
        is_contact = answer.request.method == "POST" and answer.request.url.path.startswith("/api/")
        self.times["приём обращения" if is_contact else "страница"].append(answer.elapsed.total_seconds())

    def lost(self, key: str) -> None:
        with self._lock:
            self.unanswered.append(key)

    def refused(self, why: str) -> None:
        with self._lock:
            self.refusals[why] += 1


def compare(
    ledger: Ledger, contact: Callable[[int], Held], ticket: Callable[[str], Held]
) -> list[Difference]:
    """Every difference between what was accepted and what is held. `contact` and `ticket` ask the
    API; an outcome or a number that the simulator was not told is not looked at."""
    found = list(ledger.differences)
    found += _shared_contacts(ledger.contacts.values())
    for told in sorted(ledger.contacts.values(), key=lambda t: t.id):
        found += _contact_differences(told, contact(told.id))
    for number in sorted(ledger.numbers):
        found += _ticket_differences(number, ticket(number), is_done=number in ledger.done)
    return found


def unended(ledger: Ledger, contact: Callable[[int], Held]) -> int:
    """How many contacts the system holds that still wait for their end: work that is left, no difference."""
    left = [contact(told.id) for told in ledger.contacts.values() if not told.outcome]
    return sum(1 for held in left if held is not None and held["state"] != "ended")


def surplus(ledger: Ledger, contact: Callable[[int], Held]) -> list[int]:
    """Contacts that the system holds between the first and the last accepted here and that were not: of other
    sources, or the same one kept twice. Those without an answer may be among them."""
    accepted = {told.id for told in ledger.contacts.values()}
    between = range(min(accepted, default=0), max(accepted, default=-1) + 1)
    return [pk for pk in between if pk not in accepted and contact(pk) is not None]


def _shared_contacts(contacts: Iterable[Told]) -> list[Difference]:
    by_id: dict[int, list[str]] = {}
    for told in contacts:
        by_id.setdefault(told.id, []).append(told.key)
    return [
        Difference(f"обращение {pk}", "своё для каждого ключа", f"одно для ключей {', '.join(sorted(keys))}")
        for pk, keys in sorted(by_id.items())
        if len(keys) > 1
    ]


def _contact_differences(told: Told, held: Held) -> list[Difference]:
    what = f"обращение {told.id}"
    if held is None:
        return [Difference(what, "принято", "нет такого")]
    found = []
    for name in ("channel", "text"):
        if held[name] != getattr(told, name):
            found.append(Difference(f"{what}, {name}", getattr(told, name), str(held[name])))
    if told.outcome and (held["state"], held["outcome"]) != ("ended", told.outcome):
        found.append(Difference(what, f"завершено: {told.outcome}", f"{held['state']}: {held['outcome']}"))
    if told.ticket and held["ticket"] != told.ticket:
        found.append(Difference(what, f"заявка {told.ticket}", f"заявка {held['ticket'] or 'не указана'}"))
    return found


def _ticket_differences(number: str, held: Held, *, is_done: bool) -> list[Difference]:
    what = f"заявка {number}"
    if held is None:
        return [Difference(what, "зарегистрирована", "нет такой")]
    if is_done and not held["done_at"] and held["state"] not in DONE_STATES:
        return [Difference(what, "выполнена", str(held["state"]))]
    return []


def summary(
    ledger: Ledger,
    differences: list[Difference],
    others: int = 0,
    left: int = 0,
    memory: Sequence[float] = (),
) -> str:
    """What a person reads at the end. `others`: contacts of the same time that came from elsewhere; `left`:
    those that nobody has brought to an end; `memory`: MB of the service from time to time."""
    outcomes = Counter(told.outcome or "без завершения" for told in ledger.contacts.values())
    lines = [
        f"Принято обращений: {len(ledger.contacts)}, без ответа осталось: {len(ledger.unanswered)}.",
        "Завершено: "
        + (", ".join(f"{name} {count}" for name, count in outcomes.most_common()) or "ничего")
        + ".",
        f"Заявок названо: {sum(1 for told in ledger.contacts.values() if told.ticket)}, "
        f"выполнено работ: {len(ledger.done)}.",
    ]
    lines += [f"{kind.capitalize()}: {_times(times)}." for kind, times in ledger.times.items() if times]
    if memory:
        least, most = memory[0], max(memory)
        lines.append(
            f"Память службы: вначале {least:.0f} МБ, больше всего {most:.0f}, в конце {memory[-1]:.0f}."
        )
    if left:
        lines.append(f"Не доведено: {left}, они приняты и ждут диспетчеров.")
    if ledger.refusals:
        lines.append(
            "Отказы: " + ", ".join(f"{why} {count}" for why, count in ledger.refusals.most_common(8)) + "."
        )
    if others:
        lines.append(f"Из других источников за это время: {others}. Если их нет, запускайте с --alone.")
    if differences:
        lines.append(f"Расхождений: {len(differences)}.")
        lines += [f"  {difference}" for difference in differences[:20]]
    elif not ledger.contacts:
        lines.append("Ни одно обращение не принято: сверять нечего.")
    else:
        lines.append("Всё, что было принято, в системе есть, и ровно один раз.")
    return "\n".join(lines)


def _times(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    half, most = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.95))
    return f"половина ответов за {half:.0f} мс, 95 из 100 за {most:.0f} мс, всего {len(ordered)}"
