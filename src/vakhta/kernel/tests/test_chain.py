"""Whoever touches the journal past the service is found, and the first bad entry is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.domain.facts import ERASED, CommentAdded, TicketRegistered
from vakhta.kernel import journal
from vakhta.kernel import verify as verifying
from vakhta.kernel.followers import Follower, follow
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Counter, Entry, EntryWords
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import Anchor, Verdict, make_anchor, read_anchor, verify

from .conftest import OURS, THEIRS

KEY = "a key that the database's owner does not have"
AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SYSTEM = Scope.system("test")


@pytest.fixture
def as_owner(server: EmbeddedPostgres, committed: str) -> Callable[[str], None]:
    """Runs SQL as the owner of the database, who may do everything in it."""

    def run(sql: str) -> None:
        with server.connect(OWNER, committed) as connection:
            connection.execute(sql.encode())

    return run


def verdict(anchor: Anchor | None = None) -> Verdict:
    with reading(SYSTEM):
        return verify(anchor)


def anchored() -> Anchor:
    with reading(SYSTEM):
        return make_anchor(KEY, AT)


def test_an_untouched_journal_is_whole(six: None) -> None:
    found = verdict(anchored())
    assert (found.is_whole, found.checked) == (True, 6)


@pytest.mark.parametrize("micros", [0, 1, 10, 500_000, 120_000, 999_999])
def test_a_moment_with_noughts_at_its_end_is_spelled_as_it_was(committed: str, micros: int) -> None:
    """The database leaves them out where it makes JSON."""
    with acting(SYSTEM, at=AT.replace(microsecond=micros)):
        journal.record(CommentAdded(ticket=1, text="ждём слесаря"), company=OURS)
    assert verdict().is_whole


def test_after_a_broken_journal_the_transaction_goes_on(six: None, as_owner: Callable[[str], None]) -> None:
    as_owner("UPDATE journal_entry SET actor = 'staff/9' WHERE id = 2")
    with reading(SYSTEM):
        assert verify().entry == 2
        assert Entry.objects.count() == 6


def test_an_empty_journal_is_whole(committed: str) -> None:
    assert verdict(anchored()).is_whole


COPY = "INSERT INTO journal_entry SELECT {id}, company_id, centre_id, kind, happened_at, recorded_at, actor, subjects, body, hash FROM journal_entry WHERE id = {of}"

TOUCHED = [
    ("its body", "UPDATE journal_entry SET body = body || '{\"ticket\": 2}' WHERE id = 3", 3, "изменена"),
    (
        "its moment",
        "UPDATE journal_entry SET happened_at = happened_at - interval '1 hour' WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "its recording",
        "UPDATE journal_entry SET recorded_at = recorded_at + interval '1 us' WHERE id = 1",
        1,
        "изменена",
    ),
    ("its actor", "UPDATE journal_entry SET actor = 'staff/9' WHERE id = 6", 6, "изменена"),
    ("its kind", "UPDATE journal_entry SET kind = 'TicketVoided' WHERE id = 2", 2, "изменена"),
    ("its company", f"UPDATE journal_entry SET company_id = {THEIRS} WHERE id = 2", 2, "изменена"),
    ("its centre", "UPDATE journal_entry SET centre_id = 5 WHERE id = 2", 2, "изменена"),
    ("its subjects", "UPDATE journal_entry SET subjects = '{ticket/2}' WHERE id = 2", 2, "изменена"),
    ("its hash", "UPDATE journal_entry SET hash = sha256('x') WHERE id = 2", 2, "изменена"),
    ("one is removed", "DELETE FROM journal_entry WHERE id = 4", 4, "удалена"),
    ("two are removed", "DELETE FROM journal_entry WHERE id IN (3, 4)", 3, "удалена"),
    ("the first is removed", "DELETE FROM journal_entry WHERE id = 1", 1, "удалена"),
    ("one is put behind", COPY.format(id=7, of=6), 7, "вставлена"),
    ("one is put far behind", COPY.format(id=70, of=6), 7, "удалена"),
    ("one is put before the first", COPY.format(id=0, of=1), 0, "лишняя"),
    ("one is put at a number below zero", COPY.format(id=-5, of=1), -5, "лишняя"),
    (
        "two change places",
        "UPDATE journal_entry SET id = 99 WHERE id = 3; UPDATE journal_entry SET id = 3 WHERE id = 4;"
        "UPDATE journal_entry SET id = 4 WHERE id = 99",
        3,
        "переставлена",
    ),
    (
        "one takes the place of a removed one",
        "DELETE FROM journal_entry WHERE id = 3; UPDATE journal_entry SET id = id - 1 WHERE id > 3",
        3,
        "изменена",
    ),
    (
        "other words",
        'UPDATE journal_words SET words = \'{"text": "нет"}\' WHERE entry_id = 2',
        2,
        "слова изменены",
    ),
    (
        "more words",
        'UPDATE journal_words SET words = words || \'{"x": "y"}\' WHERE entry_id = 2',
        2,
        "состав слов",
    ),
    ("another salt", "UPDATE journal_words SET salt = 'x' WHERE entry_id = 2", 2, "слова изменены"),
    ("its words go without an act", "DELETE FROM journal_words WHERE entry_id = 5", 5, "без акта"),
    (
        "words that were never said",
        f"INSERT INTO journal_words VALUES (4, {OURS}, 'x', '{{\"what\": \"y\"}}')",
        4,
        "приписаны",
    ),
    (
        "words go to another company",
        f"UPDATE journal_words SET company_id = {THEIRS} WHERE entry_id = 2",
        2,
        "другой организации",
    ),
    ("words that are none", "UPDATE journal_words SET words = 'null' WHERE entry_id = 2", 2, "состав слов"),
    ("a number for words", "UPDATE journal_words SET words = '5' WHERE entry_id = 2", 2, "состав слов"),
    (
        "a number for a word",
        "UPDATE journal_words SET words = '{\"text\": 5}' WHERE entry_id = 2",
        2,
        "слова изменены",
    ),
    (
        "an object for a word",
        "UPDATE journal_words SET words = '{\"text\": {}}' WHERE entry_id = 2",
        2,
        "слова изменены",
    ),
    ("a body that is none", "UPDATE journal_entry SET body = 'null' WHERE id = 3", 3, "изменена"),
    ("a body that is a list", "UPDATE journal_entry SET body = '[]' WHERE id = 3", 3, "изменена"),
    (
        "a number past any float",
        "UPDATE journal_entry SET body = body || '{\"zz\": 1e400}' WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "an act of erasure made of another entry",
        "UPDATE journal_entry SET kind = 'WordsErased' WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "an act of erasure that names nothing",
        "UPDATE journal_entry SET kind = 'WordsErased', body = '{\"entries\": [{}, null]}' WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "an act of erasure without a body",
        "UPDATE journal_entry SET kind = 'WordsErased', body = 'null' WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "a moment that never comes",
        "UPDATE journal_entry SET happened_at = 'infinity' WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "a moment before our era",
        "UPDATE journal_entry SET happened_at = (to_char(happened_at, 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "its recording before our era",
        "UPDATE journal_entry SET recorded_at = (to_char(recorded_at, 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz WHERE id = 3",
        3,
        "изменена",
    ),
    (
        "a number past any float for words",
        "UPDATE journal_words SET words = '{\"text\": 1e400}' WHERE entry_id = 2",
        2,
        "состав слов",
    ),
    (
        "a thousand brackets for words",
        "UPDATE journal_words SET words = (repeat('[', 2000) || repeat(']', 2000))::jsonb WHERE entry_id = 2",
        2,
        "состав слов",
    ),
    (
        "words of an entry that never was",
        f"INSERT INTO journal_words VALUES (99999, {OURS}, 'x', '{{\"a\": \"b\"}}')",
        99999,
        "самой записи нет",
    ),
    (
        "words at a number below zero",
        f"INSERT INTO journal_words VALUES (-5, {OURS}, 'x', '{{\"a\": \"b\"}}')",
        -5,
        "самой записи нет",
    ),
    ("it is hidden from its ticket", "DELETE FROM journal_subject WHERE entry_id = 3", 3, "указател"),
    (
        "it is shown at another ticket",
        f"INSERT INTO journal_subject VALUES ('ticket/9', 3, {OURS})",
        3,
        "указател",
    ),
    (
        "a history has an entry that never was",
        f"INSERT INTO journal_subject VALUES ('ticket/1', 0, {OURS})",
        0,
        "указател",
    ),
    (
        "its pointer goes to another company",
        f"UPDATE journal_subject SET company_id = {THEIRS} WHERE entry_id = 3",
        3,
        "указател",
    ),
]


@pytest.mark.parametrize(
    ("sql", "entry", "problem"), [row[1:] for row in TOUCHED], ids=[row[0] for row in TOUCHED]
)
def test_a_touch_by_the_owner_is_found(
    six: None, as_owner: Callable[[str], None], sql: str, entry: int, problem: str
) -> None:
    as_owner(sql)
    found = verdict()
    assert found.entry == entry and problem in found.problem, found
    assert not found.is_whole


def test_the_first_of_several_is_named(six: None, as_owner: Callable[[str], None]) -> None:
    as_owner(
        "UPDATE journal_entry SET actor = 'x' WHERE id = 5; DELETE FROM journal_words WHERE entry_id = 2"
    )
    assert (verdict().entry, verdict().checked) == (2, 1)


# ── What the chain alone cannot show ─────────────────────────────────────────────────────────


CUT = "; ".join(
    f"DELETE FROM {table} WHERE {key} > 4"
    for table, key in (
        ("journal_entry", "id"),
        ("journal_words", "entry_id"),
        ("journal_subject", "entry_id"),
    )
)


def test_a_cut_is_found_by_the_pointers_that_it_left(six: None, as_owner: Callable[[str], None]) -> None:
    as_owner("DELETE FROM journal_entry WHERE id > 4; DELETE FROM journal_words WHERE entry_id > 4")
    assert (verdict().entry, verdict().problem) == (
        5,
        "журнал обрезан: на запись 5 ещё указывают истории",
    )


def test_a_cut_is_found_by_the_anchor(six: None, as_owner: Callable[[str], None]) -> None:
    anchor = anchored()
    as_owner(CUT)
    assert verdict().is_whole, "the end of a chain does not show that it was longer"
    found = verdict(anchor)
    assert found.entry == 5 and "обрезан" in found.problem


def test_a_cut_is_found_by_those_who_have_read_further(six: None, as_owner: Callable[[str], None]) -> None:
    follow(Follower("reader", frozenset(), lambda entry, recorded: None))
    as_owner(CUT)
    assert verdict().entry == 5


def test_a_cut_is_found_by_the_number_that_was_given(committed: str, as_owner: Callable[[str], None]) -> None:
    """Entries, words, pointers and cursors are cut; the counter of the year still knows its last number."""
    give((OURS, "26-1"), (OURS, "26-2"))
    assert verdict().is_whole
    as_owner(
        "DELETE FROM journal_entry WHERE id > 1; DELETE FROM journal_words WHERE entry_id > 1; DELETE FROM journal_subject WHERE entry_id > 1"
    )
    assert (verdict().entry, "26-2" in verdict().problem) == (2, True)


def test_what_is_written_and_read_while_we_verify_is_no_cut(
    six: None, as_owner: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = verifying._rows

    def read_further() -> Generator[verifying.Row]:
        yield from rows()
        as_owner("INSERT INTO follower_cursor VALUES ('reader', 9, 0, 0)")

    monkeypatch.setattr(verifying, "_rows", read_further)
    assert verdict().is_whole


def test_everything_cut_is_found_by_the_anchor(six: None, as_owner: Callable[[str], None]) -> None:
    anchor = anchored()
    as_owner("TRUNCATE journal_entry, journal_words, journal_subject")
    assert verdict(anchor).entry == 1


def test_a_journal_written_anew_is_found_by_the_anchor(
    six: None, as_owner: Callable[[str], None], writes: Callable[..., int]
) -> None:
    """The owner can reckon a whole new chain; what was signed outside does not fit it."""
    anchor = anchored()
    as_owner("TRUNCATE journal_entry, journal_words, journal_subject")
    writes("один", "два", "три", "четыре", "пять", "шесть", "семь")
    assert verdict().is_whole
    found = verdict(anchor)
    assert found.entry == 6 and "отметкой" in found.problem


def test_a_journal_that_has_grown_fits_its_old_anchor(six: None, writes: Callable[..., int]) -> None:
    anchor = anchored()
    writes("семь")
    assert verdict(anchor).is_whole


def test_an_anchor_survives_its_file(six: None) -> None:
    anchor = anchored()
    assert read_anchor(json.dumps(asdict(anchor)), KEY) == anchor


@pytest.mark.parametrize(
    "change",
    [
        {"entry": 5},
        {"hash": "00"},
        {"at": "2026-11-25"},
        {"signature": "0" * 64},
        {"signature": "ы"},
        {"signature": "\ud800"},
        {"hash": "\ud800"},
    ],
)
def test_a_changed_anchor_is_refused(six: None, change: dict[str, object]) -> None:
    text = json.dumps({**asdict(anchored()), **change})
    with pytest.raises(ValueError, match="Подпись"):
        read_anchor(text, KEY)


def test_an_anchor_of_another_key_is_refused(six: None) -> None:
    with pytest.raises(ValueError, match="Подпись"):
        read_anchor(json.dumps(asdict(anchored())), KEY + "!")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"entry": "x"}', "журнал", "null", b"\xff\xfe", '{"entry": 1e400}', "[" * 100_000],
)
def test_a_file_that_is_no_anchor_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="не читается"):
        read_anchor(text, KEY)


# ── Deletion by law ──────────────────────────────────────────────────────────────────────────


def test_words_erased_with_an_act_leave_the_journal_whole(six: None) -> None:
    with acting(SYSTEM):
        removed = journal.erase_words([2, 3], basis="152-ФЗ, ст. 21, акт 7", company=OURS)
    assert removed == 2
    assert verdict().is_whole
    with reading(SYSTEM):
        said = [r.fact.text for r in journal.history("ticket/1") if isinstance(r.fact, CommentAdded)]
        assert not EntryWords.objects.filter(entry_id__in=[2, 3]).exists()
    assert said == ["один", ERASED, ERASED, "пять", "шесть"]


def test_words_of_another_company_are_not_erased(six: None, writes: Callable[..., int]) -> None:
    theirs = writes("чужое", company=THEIRS)
    with acting(SYSTEM):
        assert journal.erase_words([theirs], basis="акт", company=OURS) == 0
    with reading(SYSTEM):
        assert EntryWords.objects.filter(entry_id=theirs).exists()


def test_one_salt_a_fact_and_no_word_in_the_chain(six: None, writes: Callable[..., int]) -> None:
    """The same words give another digest each time: nobody finds a phone by trying all phones."""
    one, two = writes("+79161234567"), writes("+79161234567")
    with reading(SYSTEM):
        bodies = [Entry.objects.get(pk=pk).body for pk in (one, two)]
    assert bodies[0]["text"] != bodies[1]["text"]
    assert "79161234567" not in json.dumps(bodies)


# ── Gapless numbers ──────────────────────────────────────────────────────────────────────────

CENTRE, OTHER = 1, 2


def give(*told: tuple[int, str]) -> None:
    """Tickets of a centre with these numbers, as somebody who sets the counter would make them."""
    for ticket, (centre, number) in enumerate(told, 1):
        with acting(SYSTEM):
            journal.record(TicketRegistered(ticket=ticket, number=number), company=OURS, centre=centre)
            year, _, place = number.partition("-")
            if place:
                series = {"centre_id": centre, "series": "ticket", "year": 2000 + int(year)}
                Counter.objects.update_or_create(**series, defaults={"last": int(place)})


@pytest.mark.parametrize(
    ("spoils", "stands"),
    [("UPDATE numbering_counter SET last = 1", "1"), ("DELETE FROM numbering_counter", "0")],
)
def test_a_counter_that_was_set_back_is_found_before_it_gives_a_number_twice(
    committed: str, as_owner: Callable[[str], None], spoils: str, stands: str
) -> None:
    give((CENTRE, "26-1"), (CENTRE, "26-2"))
    assert verdict().is_whole
    as_owner(spoils)
    said = f"счётчик номеров переставлен назад: номер 26-2 дан, а счётчик стоит на {stands}"
    assert (verdict().entry, verdict().problem) == (
        3,
        f"{said}, следующая заявка получит номер во второй раз",
    )


def test_a_ticket_that_is_registered_while_we_verify_sets_no_counter_back(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counters that we asked for first are behind it by then."""
    give((CENTRE, "26-1"), (CENTRE, "26-2"))
    first, given = iter([{(CENTRE, "TicketRegistered", "26"): 1}]), verifying._given
    monkeypatch.setattr(verifying, "_given", lambda: next(first, None) or given())
    found = verdict()
    assert (found.is_whole, found.checked) == (True, 2)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ([(CENTRE, "26-7"), (CENTRE, "26-8"), (CENTRE, "26-9")], ""),
        ([(CENTRE, "26-7"), (OTHER, "26-1"), (CENTRE, "26-8"), (OTHER, "26-2")], ""),
        ([(CENTRE, "26-7"), (CENTRE, "27-1"), (CENTRE, "26-8"), (CENTRE, "27-2")], ""),
        ([(CENTRE, "26-7"), (CENTRE, ""), (CENTRE, "26-8")], ""),
        ([(CENTRE, "26-7"), (CENTRE, "26-9")], "номер 26-9 после 26-7: пропущен или дан дважды"),
        ([(CENTRE, "26-7"), (CENTRE, "26-7")], "номер 26-7 после 26-7: пропущен или дан дважды"),
        ([(CENTRE, "26-7"), (CENTRE, "26-3")], "номер 26-3 после 26-7: пропущен или дан дважды"),
    ],
)
def test_a_number_that_was_passed_over_or_given_twice_is_found(
    committed: str, told: list[tuple[int, str]], problem: str
) -> None:
    give(*told)
    found = verdict()
    assert (found.entry, found.problem) == ((len(told), problem) if problem else (0, ""))
