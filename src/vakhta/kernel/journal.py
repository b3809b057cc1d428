"""The journal: facts collected while an action works, written last, chained by hash.

`acting(scope)` is the one way to change anything. While its block runs, actions change rows and
`record` facts. When it ends, projections bring derived rows up to date (clocks), numbers are given
(`numbering`), and `journal_append` has the references of all these rows checked and writes the entries under one advisory
lock held to commit. So entry ids are in commit order, every entry chains the hash of the one before it, and nothing slow
happens under the lock: a check waits for whoever holds the row that is referred to, and waits before it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import orjson
from django.db import connection

from vakhta.domain.codec import decode, encode, moment_text
from vakhta.domain.facts import ERASED, FACTS, Fact, Recorded, WordsErased
from vakhta.kernel import clock
from vakhta.kernel.models import Entry, EntrySubject, EntryWords
from vakhta.kernel.tenancy import Scope, reading

Asked = TypeVar("Asked")
GENESIS = b"\0" * 32
LATE = "late_reason"


@dataclass
class Pending:
    """A fact that waits for the end of its transaction."""

    fact: Fact
    company: int
    centre: int | None
    happened_at: datetime
    recorded_at: datetime
    actor: str
    late_reason: str = ""

    @property
    def recorded(self) -> Recorded:
        return Recorded(self.fact, self.happened_at, self.recorded_at, self.actor, self.late_reason)


@dataclass
class Unit:
    """One change of the service: its scope, its moment, its facts in order."""

    scope: Scope
    at: datetime
    pending: list[Pending] = field(default_factory=list)
    late_reason: str = ""
    happened_at: datetime | None = None
    last_entry: int = 0
    """Id of the last entry written, once the block has ended."""
    projected: list[Any] = field(default_factory=list)
    """Rows that projections made of these facts, for an answer that needs no second look."""
    _numbered: list[Callable[[], None]] = field(default_factory=list)
    _asked: dict[str, Any] = field(default_factory=dict)

    def before_writing(self, step: Callable[[], None]) -> None:
        """Runs `step` when the block has ended, before the entries are written: gapless numbers."""
        self._numbered.append(step)


_unit: ContextVar[Unit | None] = ContextVar("vakhta_unit", default=None)

projections: list[Callable[[Unit], None]] = []
"""Filled by `wiring`: each brings derived rows up to date from a unit's pending facts."""


def once(name: str, ask: Callable[[], Asked]) -> Asked:
    """What `ask` answers, asked once within the running change; each time outside of one."""
    unit = _unit.get()
    if unit is None:
        return ask()
    if name not in unit._asked:
        unit._asked[name] = ask()
    answer: Asked = unit._asked[name]
    return answer


class NotActing(RuntimeError):
    """A fact was recorded outside `acting`."""


def current_unit() -> Unit:
    unit = _unit.get()
    if unit is None:
        raise NotActing("Факт записывают только внутри acting().")
    return unit


def moment() -> datetime:
    """When what the running change records happened: now, or the moment of an entry after the fact."""
    unit = current_unit()
    return unit.happened_at or unit.at


@contextmanager
def acting(
    scope: Scope, *, at: datetime | None = None, happened_at: datetime | None = None, late_reason: str = ""
) -> Iterator[Unit]:
    """One transaction that changes things. Nested, it joins the outer one.

    `at`: the moment of recording (default now). `happened_at` with `late_reason`: an entry after
    the fact («бумажная ночь»); the reason is obligatory then and the moment may not be in the
    future.
    """
    outer = _unit.get()
    if outer is not None:
        yield outer
        return
    at = at or clock.now()
    if happened_at is not None:
        _check_late(happened_at, at, late_reason)
    with reading(scope):
        unit = Unit(scope=scope, at=at, late_reason=late_reason, happened_at=happened_at)
        token = _unit.set(unit)
        try:
            yield unit
            _write(unit)
        finally:
            _unit.reset(token)


@contextmanager
def happening(moment: datetime) -> Iterator[None]:
    """Inside an entry after the fact: what is recorded in this block happened at `moment`."""
    unit = current_unit()
    _check_late(moment, unit.at, unit.late_reason)
    before, unit.happened_at = unit.happened_at, moment
    try:
        yield
    finally:
        unit.happened_at = before


def _check_late(happened_at: datetime, at: datetime, reason: str) -> None:
    if happened_at > at:
        raise ValueError("Время события не может быть в будущем.")
    if not reason.strip():
        raise ValueError("Запись задним числом: укажите причину.")


def record(
    fact: Fact,
    *,
    company: int,
    centre: int | None = None,
    happened_at: datetime | None = None,
    actor: str | None = None,
) -> Pending:
    """Adds a fact to the running change. `company`: whose row changed."""
    unit = current_unit()
    pending = Pending(
        fact=fact,
        company=company,
        centre=centre if centre is not None else unit.scope.centre,
        happened_at=happened_at or moment(),
        recorded_at=unit.at,
        actor=actor or unit.scope.actor,
        late_reason=unit.late_reason,
    )
    unit.pending.append(pending)
    return pending


def _write(unit: Unit) -> None:
    if not unit.pending:
        return
    for project in projections:
        project(unit)
    for step in unit._numbered:
        step()
    rows = [_row(pending) for pending in unit.pending]
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_append(%s::jsonb)", [orjson.dumps(rows).decode()])
        unit.last_entry = cursor.fetchone()[0]


def _row(pending: Pending) -> dict[str, Any]:
    """One element of what `journal_append` takes."""
    body, words = encode(pending.fact)
    if pending.late_reason:
        words[LATE] = pending.late_reason
    salt = secrets.token_bytes(16) if words else b""
    for name, text in words.items():
        body[name] = {"digest": digest(salt, text)}
    envelope = {
        "company": pending.company,
        "centre": pending.centre,
        "kind": pending.fact.kind,
        "happened_at": moment_text(pending.happened_at),
        "recorded_at": moment_text(pending.recorded_at),
        "actor": pending.actor,
        "subjects": list(pending.fact.subjects),
        "body": body,
    }
    return {**envelope, "canonical": spelled(envelope).decode(), "salt": salt.hex(), "words": words or None}


def digest(salt: bytes, text: str) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()


_DIGEST = {"digest"}


def digests_of(body: dict[str, Any]) -> dict[str, str]:
    """Personal words of a stored body: name → the digest that stands in their place."""
    return {
        name: value["digest"]
        for name, value in body.items()
        if isinstance(value, dict) and value.keys() == _DIGEST
    }


def spelled(envelope: dict[str, Any]) -> bytes:
    """The one spelling of an entry that its hash is taken of: JSON in UTF-8, keys in the order of their
    letters, no spaces."""
    return orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS)


def chained(before: bytes, entry: int, spelling: bytes) -> bytes:
    """The hash of an entry: SHA-256 of the hash before it, its id (8 bytes) and its spelling."""
    return hashlib.sha256(before + entry.to_bytes(8, "big") + spelling).digest()


# ── Reading ──────────────────────────────────────────────────────────────────────────────────


def history(*subjects: str) -> list[Recorded]:
    """Facts about these subjects in the order of the journal, words included. Two queries."""
    ids = EntrySubject.objects.filter(subject__in=subjects).values("entry_id")
    return recorded(Entry.objects.filter(id__in=ids).order_by("id"))


def recorded(entries: Iterable[Entry]) -> list[Recorded]:
    """Entries as facts with their words (one query for these)."""
    found = list(entries)
    words: dict[int, dict[str, str]] = dict(
        EntryWords.objects.filter(entry_id__in=[entry.id for entry in found]).values_list("entry_id", "words")
    )
    return [_recorded(entry, words.get(entry.id, {})) for entry in found]


def _recorded(entry: Entry, words: dict[str, str]) -> Recorded:
    words = _marked(entry, words)
    return Recorded(
        fact=decode(entry.kind, entry.body, words),
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        late_reason=words.get(LATE, ""),
        entry=entry.id,
    )


def _marked(entry: Entry, words: dict[str, str]) -> dict[str, str]:
    """Words that were deleted by law are told as `ERASED`, once for an entry: in place of the first."""
    gone = set(digests_of(entry.body)) - set(words)
    if not gone:
        return words
    kind = FACTS.get(entry.kind)
    first = [name for name in (kind.personal_fields() if kind else ()) if name in gone][:1]
    return {**words, **{name: ERASED for name in (*first, *({LATE} & gone))}}


def after(cursor: int, limit: int) -> list[Entry]:
    """The next entries beyond `cursor`, for followers and live screens."""
    return list(Entry.objects.filter(id__gt=cursor).order_by("id")[:limit])


def erase_words(entries: Sequence[int], *, basis: str, company: int, **subject: int) -> int:
    """Deletes the personal words of entries by 152-ФЗ and records the act; returns how many had
    words. The chain still verifies: it holds the digests. `subject`: the ticket or interaction that
    all of them speak of."""
    current_unit()
    removed, _ = EntryWords.objects.filter(entry_id__in=entries, company_id=company).delete()
    record(WordsErased(entries=tuple(sorted(entries)), basis=basis, **subject), company=company)
    return removed
