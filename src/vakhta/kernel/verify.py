"""Is the journal whole? Finds any changed, removed, inserted, reordered or cut-off entry, and a
gapless number that was passed over, given twice or will be: its counter was set back.

The chain shows everything but a cut of its end and a wholesale recomputation by the database's
owner. A cut is found where something still tells of what was there: histories, words, whoever has read on, the
counters of numbers. Against a thorough one an anchor (id and hash of the head, signed by a key outside the database) is
kept elsewhere, and `verify` compares with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection
from psycopg.types.json import set_json_loads

from vakhta.domain.codec import moment_text
from vakhta.kernel.journal import GENESIS, chained, digest, digests_of, spelled
from vakhta.kernel.models import Counter, Cursor, Entry


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


POINTER = "указатель записи изменён: она скрыта от своей заявки или показана у чужой"


@dataclass(frozen=True)
class Anchor:
    """The signed head: what the journal ended with at `at`."""

    entry: int
    hash: str
    at: str
    signature: str


def verify(anchor: Anchor | None = None, *, progress: Callable[[int], None] | None = None) -> Verdict:
    """Reads the whole journal in the running scope (it must be the system scope: a filtered journal
    has gaps) as one stream, past the models, which would take most of the time: the database makes
    rows while we judge them, and memory is flat. `progress` hears of every `STRIDE` entries."""
    before, expected, checked = GENESIS, 1, 0
    read, given = _read_by_followers(), _given()
    erased, odd = _erased(), _odd_pointer()
    numbers: Numbers = {}
    with closing(_rows()) as rows:
        for row in rows:
            problem = _problem(row, expected, before, erased)
            if not problem and odd is not None and odd <= row.id:
                return Verdict(checked, before.hex(), odd, POINTER)
            if not problem and anchor and row.id == anchor.entry and row.hash.hex() != anchor.hash:
                problem = "не совпадает с заверенной отметкой"
            problem = problem or _number_problem(row.content, numbers)
            if problem:
                return Verdict(checked, before.hex(), min(row.id, expected), problem)
            before, expected, checked = row.hash, expected + 1, checked + 1
            if progress and checked % STRIDE == 0:
                progress(checked)
    if progress:
        progress(checked)
    if odd is not None:
        return Verdict(checked, before.hex(), odd, f"журнал обрезан: на запись {odd} ещё указывают истории")
    if (stray := _first(_STRAY_WORDS, checked)) is not None:
        return Verdict(checked, before.hex(), stray, "слова есть, а самой записи нет")
    lost = _lost_number(given, numbers)
    problem = f"журнал обрезан или подменён: номер {lost} дан, а записи о нём нет" if lost else ""
    return _ended(checked, before, anchor, read, problem or _set_back(_given(), numbers))


class Row(NamedTuple):
    """An entry as it is stored, with its personal words."""

    id: int
    content: dict[str, Any]
    """What the hash is taken of: company, centre, kind, happened_at, recorded_at, actor, subjects, body. Empty
    when it is no JSON of ours."""
    hash: bytes
    words_of: int | None
    """Company of the words; None when there are none."""
    salt: bytes | None
    words: Any
    """Name → words, or what somebody has put in their place."""


STRIDE = 5000
AT_ONCE = 100
"""Rows that the driver hands over together."""
_ROWS = """
SELECT e.id, json_build_object(
           'company', e.company_id, 'centre', e.centre_id, 'kind', e.kind, 'actor', e.actor,
           'happened_at', e.happened_at, 'recorded_at', e.recorded_at,
           'subjects', e.subjects, 'body', e.body),
       e.hash, w.company_id, w.salt, w.words
FROM journal_entry AS e LEFT JOIN journal_words AS w ON w.entry_id = e.id
ORDER BY e.id
"""
"""In UTC, where the database spells a moment as we do but for zeros at the end of its microseconds."""
_SECONDS, _ZONE = len("2026-01-01T00:00:00"), len("+00:00")
_WHOLE = len("2026-01-01T00:00:00.000000+00:00")
_SUM = """
SELECT ROW(count(*), coalesce(sum(
    hashtextextended(subject, hashint8extended(entry, hashint8extended(company, %s)))::numeric
), 0))
"""
_SAME_POINTERS = f"""
SELECT ({_SUM} FROM (SELECT id, company_id, unnest(subjects) FROM journal_entry) AS said (entry, company, subject))
     = ({_SUM} FROM (SELECT entry_id, company_id, subject FROM journal_subject) AS kept (entry, company, subject))
"""  # nosec B608  # constants of this module only
"""Do entries and the index by which histories are found name the same? By sums of hashes whose seed is new each time, so
that nobody can make a change that leaves its sum; comparing them one by one takes three times as long."""
_ODD_POINTER = """
SELECT min(coalesce(said.id, kept.entry_id))
FROM (SELECT id, company_id, unnest(subjects) AS subject FROM journal_entry) AS said
FULL JOIN journal_subject AS kept
    ON (kept.entry_id, kept.subject, kept.company_id) = (said.id, said.subject, said.company_id)
WHERE said.id IS NULL OR kept.entry_id IS NULL
"""
"""The first entry that the index shows otherwise than it is. One comparison of the whole: asked at each entry it took
most of the time."""
_STRAY_WORDS = """
SELECT min(w.entry_id) FROM journal_words AS w
WHERE w.entry_id NOT BETWEEN 1 AND %s AND NOT EXISTS (SELECT FROM journal_entry AS e WHERE e.id = w.entry_id)
"""
"""The first number under which words lie that no entry has: beside those that were read, of which none is missing."""
Numbers = dict[tuple[int | None, str, str], int]
"""Centre, kind of fact and year → the last number of the series."""
NUMBERED = {"ticket": "TicketRegistered"}
"""Series of numbers → the kind of fact that carries them."""


def _rows() -> Generator[Row]:
    """The keys of both tables are in order already: sorting them first would keep us waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL TimeZone = 'UTC'")
        set_json_loads(_loads, cursor.cursor)  # for this cursor alone
        found = cursor.stream(_ROWS, size=AT_ONCE)
        try:
            yield from map(Row._make, found)
        finally:  # whoever has seen enough still has a transaction to go on with
            deque(found, maxlen=0)
        cursor.execute("SET LOCAL enable_sort TO DEFAULT; SET LOCAL TimeZone TO DEFAULT")


def _loads(text: str | bytes) -> Any:
    """What is no JSON of ours, is nobody's: the database keeps numbers past any float and a thousand brackets."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return ()


def _spelling(content: dict[str, Any]) -> bytes:
    """What the hash is taken of; b"" of what cannot have been written by us: a body that is no object."""
    if not content or not isinstance(content["body"], dict):
        return b""
    for name in ("happened_at", "recorded_at"):
        if len(moment := content[name]) != _WHOLE:
            content[name] = _spelled_out(moment)
    return spelled(content)


def _spelled_out(moment: str) -> str:
    """As `codec.moment_text` spells it. What is no moment of ours, before our era or without an end, becomes something
    that no hash of ours fits either."""
    said, zone = moment[:-_ZONE], moment[-_ZONE:]
    return f"{said}{'.000000'[len(said) - _SECONDS :]}{zone}"


def _odd_pointer() -> int | None:
    seed = secrets.randbits(63)
    with connection.cursor() as cursor:
        cursor.execute(_SAME_POINTERS, (seed, seed))
        is_same = cursor.fetchone()[0]
    return None if is_same else _first(_ODD_POINTER)


def _first(sql: str, *values: int) -> int | None:
    """The entry that the statement names; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: int | None = cursor.fetchone()[0]
    return found


def _given() -> Numbers:
    """The last number of each series by its counter, keyed as `_number_problem` keys them. Asked before the rows,
    like how far somebody has read."""
    rows = Counter.objects.filter(series__in=NUMBERED).values_list("centre_id", "series", "year", "last")
    return {(centre, NUMBERED[series], f"{year % 100:02d}"): last for centre, series, year, last in rows}


def _lost_number(given: Numbers, told: Numbers) -> str:
    """A number that the counter gave and no entry tells, «26-50»; "" when there is none."""
    return next((f"{key[2]}-{last}" for key, last in given.items() if last > told.get(key, 0)), "")


def _set_back(given: Numbers, told: Numbers) -> str:
    """What of a counter that stands before the last number of its series; "" when none does. `given` is asked
    after the rows: whoever registers meanwhile moves the counter with the entry."""
    kinds = NUMBERED.values()
    behind = ((key, last) for key, last in told.items() if key[1] in kinds and last > given.get(key, 0))
    for key, last in behind:
        stands = f"номер {key[2]}-{last} дан, а счётчик стоит на {given.get(key, 0)}"
        return f"счётчик номеров переставлен назад: {stands}, следующая заявка получит номер во второй раз"
    return ""


def _read_by_followers() -> int:
    """How far somebody has read. Asked before the rows: the service goes on writing and reading meanwhile, and
    a later answer would be beyond the last row that we saw."""
    return max(Cursor.objects.values_list("entry", flat=True), default=0)


def _ended(checked: int, before: bytes, anchor: Anchor | None, read: int, miscounted: str) -> Verdict:
    if anchor and anchor.entry > checked:
        return Verdict(
            checked, before.hex(), checked + 1, f"журнал обрезан: отметка заверяет запись {anchor.entry}"
        )
    if read > checked:
        return Verdict(
            checked, before.hex(), checked + 1, f"журнал обрезан: обработчики уже читали запись {read}"
        )
    if miscounted:
        return Verdict(checked, before.hex(), checked + 1, miscounted)
    return Verdict(checked, before.hex())


def _problem(row: Row, expected: int, before: bytes, erased: set[int]) -> str:
    if row.id > expected:
        return "запись удалена"
    if row.id < expected:
        return "лишняя запись"
    spelling = _spelling(row.content)
    if not spelling or chained(before, row.id, spelling) != row.hash:
        return "запись изменена, вставлена или переставлена"
    return _words_problem(row, spelling, erased)


def _number_problem(content: dict[str, Any], last: Numbers) -> str:
    """Gapless numbers ("26-204337", per centre, kind of fact and year) stand in the journal in their
    order; a series may begin anywhere. So a counter that was set by hand is found here."""
    number = content["body"].get("number")
    if not isinstance(number, str):
        return ""
    year, dash, place = number.partition("-")
    if not dash or not place.isdecimal():
        return ""
    series = (content["centre"], content["kind"], year)
    before, last[series] = last.get(series), int(place)
    if before is None or last[series] == before + 1:
        return ""
    return f"номер {number} после {year}-{before}: пропущен или дан дважды"


def _words_problem(row: Row, spelling: bytes, erased: set[int]) -> str:
    digests = digests_of(row.content["body"]) if b"digest" in spelling else {}  # most say nothing personal
    if not digests:
        return "" if row.words_of is None else "слова приписаны к записи"
    if row.words_of is None:
        return "" if row.id in erased else "слова удалены без акта"
    if row.words_of != row.content["company"]:
        return "слова приписаны другой организации"
    if not isinstance(row.words, dict) or row.words.keys() != digests.keys():
        return "состав слов изменён"
    for name, text in row.words.items():
        if not isinstance(text, str) or digest(row.salt or b"", text) != digests[name]:
            return f"слова изменены ({name})"
    return ""


def _erased() -> set[int]:
    """Entries whose words were deleted with an act. Whether the acts are true, their own turn shows."""
    acts = Entry.objects.filter(kind="WordsErased").values_list("body", flat=True)
    named = (body.get("entries") for body in acts if isinstance(body, dict))
    return {
        entry for entries in named if isinstance(entries, list) for entry in entries if isinstance(entry, int)
    }


def make_anchor(key: str, at: datetime) -> Anchor:
    """The head of the journal, signed with `key`; entry 0 when the journal is empty."""
    head = Entry.objects.order_by("-id").values_list("id", "hash").first()
    entry, value = (head[0], bytes(head[1]).hex()) if head else (0, GENESIS.hex())
    return sign(key, entry, value, at)


def sign(key: str, entry: int, value: str, at: datetime) -> Anchor:
    moment = moment_text(at)
    return Anchor(entry, value, moment, _signature(key, entry, value, moment))


def read_anchor(text: str | bytes, key: str) -> Anchor:
    """An anchor from its file. Raises ValueError in Russian when it is not one or its signature
    is not of `key`."""
    try:
        found = json.loads(text)
        anchor = Anchor(int(found["entry"]), str(found["hash"]), str(found["at"]), str(found["signature"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(
            "Файл отметки журнала не читается: нужен файл из папки anchors или созданный «vakhta journal anchor»."
        ) from error
    ours = _signature(key, anchor.entry, anchor.hash, anchor.at)
    if not hmac.compare_digest(anchor.signature.encode(errors="replace"), ours.encode()):
        raise ValueError("Подпись отметки журнала не сходится: файл изменён или заверен другим ключом.")
    return anchor


def _signature(key: str, entry: int, value: str, at: str) -> str:
    return hmac.new(
        key.encode(), f"{entry}|{value}|{at}".encode(errors="replace"), hashlib.sha256
    ).hexdigest()
