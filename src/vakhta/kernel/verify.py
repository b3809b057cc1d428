"""Is the journal whole? Finds any changed, removed, inserted, reordered or cut-off entry, and a
gapless number that was passed over or given twice.

The chain shows everything but a cut of its end and a wholesale recomputation by the database's
owner; against these an anchor (id and hash of the head, signed by a key outside the database) is
kept elsewhere, and `verify` compares with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vakhta.domain.codec import moment_text
from vakhta.kernel.journal import GENESIS, canonical, chained, digest
from vakhta.kernel.models import Cursor, Entry, EntrySubject, EntryWords


@dataclass(frozen=True)
class Verdict:
    """`entry`: the first bad one; `problem`: what is wrong with it, in Russian. Whole when empty."""

    checked: int
    head: str
    entry: int = 0
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.problem


@dataclass(frozen=True)
class Anchor:
    """The signed head: what the journal ended with at `at`."""

    entry: int
    hash: str
    at: str
    signature: str


def verify(
    anchor: Anchor | None = None, *, batch: int = 2000, progress: Callable[[int], None] | None = None
) -> Verdict:
    """Reads the whole journal in the running scope (it must be the system scope: a filtered
    journal has gaps). Memory is flat: `batch` entries at a time; `progress` hears of each batch."""
    before, expected, checked, erased = GENESIS, 1, 0, _erased()
    numbers: dict[tuple[int | None, str, str], int] = {}
    for entries in _batches(batch):
        ids = [entry.id for entry in entries]
        words = {row.entry_id: row for row in EntryWords.objects.filter(entry_id__in=ids)}
        pointers = _pointers(ids)
        for entry in entries:
            problem = _problem(entry, expected, before, words.get(entry.id), erased)
            if not problem and pointers.get(entry.id, set()) != {
                (s, entry.company_id) for s in entry.subjects
            }:
                problem = "указатель записи изменён: она скрыта от своей заявки или показана у чужой"
            if not problem and anchor and entry.id == anchor.entry and bytes(entry.hash).hex() != anchor.hash:
                problem = "не совпадает с заверенной отметкой"
            problem = problem or _number_problem(entry, numbers)
            if problem:
                return Verdict(checked, before.hex(), min(entry.id, expected), problem)
            before, expected, checked = bytes(entry.hash), expected + 1, checked + 1
        if progress:
            progress(checked)
    return _ended(checked, before, anchor)


def _ended(checked: int, before: bytes, anchor: Anchor | None) -> Verdict:
    if anchor and anchor.entry > checked:
        return Verdict(
            checked, before.hex(), checked + 1, f"журнал обрезан: отметка заверяет запись {anchor.entry}"
        )
    read = max(Cursor.objects.values_list("entry", flat=True), default=0)
    if read > checked:
        return Verdict(
            checked, before.hex(), checked + 1, f"журнал обрезан: обработчики уже читали запись {read}"
        )
    return Verdict(checked, before.hex())


def _batches(size: int) -> Iterator[list[Entry]]:
    entries = list(Entry.objects.order_by("id")[:size])
    while entries:
        yield entries
        entries = list(Entry.objects.filter(id__gt=entries[-1].id).order_by("id")[:size])


def _pointers(entries: list[int]) -> dict[int, set[tuple[str, int]]]:
    """Entry → (subject, company) of its rows in the index by which histories are found."""
    found: dict[int, set[tuple[str, int]]] = {}
    rows = EntrySubject.objects.filter(entry_id__in=entries).values_list("entry_id", "subject", "company_id")
    for entry, subject, company in rows:
        found.setdefault(entry, set()).add((subject, company))
    return found


def _problem(entry: Entry, expected: int, before: bytes, words: EntryWords | None, erased: set[int]) -> str:
    if entry.id > expected:
        return "запись удалена"
    if entry.id < expected:
        return "лишняя запись"
    if chained(before, entry.id, canonical(envelope(entry))) != bytes(entry.hash):
        return "запись изменена, вставлена или переставлена"
    return _words_problem(entry, words, erased)


def _number_problem(entry: Entry, last: dict[tuple[int | None, str, str], int]) -> str:
    """Gapless numbers ("26-204337", per centre, kind of fact and year) stand in the journal in their
    order; a series may begin anywhere. So a counter that was set by hand is found here."""
    number = entry.body.get("number")
    year, dash, place = number.partition("-") if isinstance(number, str) else ("", "", "")
    if not dash or not place.isdecimal():
        return ""
    series = (entry.centre_id, entry.kind, year)
    before, last[series] = last.get(series), int(place)
    if before is None or last[series] == before + 1:
        return ""
    return f"номер {number} после {year}-{before}: пропущен или дан дважды"


def _words_problem(entry: Entry, words: EntryWords | None, erased: set[int]) -> str:
    digests = {k: v["digest"] for k, v in entry.body.items() if isinstance(v, dict) and set(v) == {"digest"}}
    if not digests:
        return "" if words is None else "слова приписаны к записи"
    if words is None:
        return "" if entry.id in erased else "слова удалены без акта"
    if words.company_id != entry.company_id:
        return "слова приписаны другой организации"
    if set(words.words) != set(digests):
        return "состав слов изменён"
    salt = bytes(words.salt)
    for name, text in words.words.items():
        if digest(salt, text) != digests[name]:
            return f"слова изменены ({name})"
    return ""


def _erased() -> set[int]:
    """Entries whose words were deleted with an act."""
    acts = Entry.objects.filter(kind="WordsErased").values_list("body", flat=True)
    return {entry for body in acts for entry in body["entries"]}


def envelope(entry: Entry) -> dict[str, Any]:
    """What the hash of a stored entry is taken of."""
    return {
        "company": entry.company_id,
        "centre": entry.centre_id,
        "kind": entry.kind,
        "happened_at": moment_text(entry.happened_at),
        "recorded_at": moment_text(entry.recorded_at),
        "actor": entry.actor,
        "subjects": entry.subjects,
        "body": entry.body,
    }


def make_anchor(key: str, at: datetime) -> Anchor:
    """The head of the journal, signed with `key`; entry 0 when the journal is empty."""
    head = Entry.objects.order_by("-id").first()
    entry, value = (head.id, bytes(head.hash).hex()) if head else (0, GENESIS.hex())
    return sign(key, entry, value, at)


def sign(key: str, entry: int, value: str, at: datetime) -> Anchor:
    moment = moment_text(at)
    return Anchor(entry, value, moment, _signature(key, entry, value, moment))


def read_anchor(text: str, key: str) -> Anchor:
    """An anchor from its file. Raises ValueError in Russian when it is not one or its signature
    is not of `key`."""
    try:
        found = json.loads(text)
        anchor = Anchor(int(found["entry"]), str(found["hash"]), str(found["at"]), str(found["signature"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            "Файл отметки журнала не читается: нужен файл из папки anchors или созданный «vakhta journal anchor»."
        ) from error
    if not hmac.compare_digest(anchor.signature, _signature(key, anchor.entry, anchor.hash, anchor.at)):
        raise ValueError("Подпись отметки журнала не сходится: файл изменён или заверен другим ключом.")
    return anchor


def _signature(key: str, entry: int, value: str, at: str) -> str:
    return hmac.new(key.encode(), f"{entry}|{value}|{at}".encode(), hashlib.sha256).hexdigest()
