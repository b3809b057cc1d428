"""One change: rows and facts together or neither, late entries with their reason, numbers without gaps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from vakhta.domain.facts import CommentAdded, StockChanged
from vakhta.kernel import journal
from vakhta.kernel.journal import NotActing, acting
from vakhta.kernel.models import Counter, Entry, Heartbeat
from vakhta.kernel.numbering import give_number
from vakhta.kernel.tenancy import Scope, reading

from .conftest import OURS

SYSTEM = Scope.system("test")
NIGHT = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def entries() -> list[Entry]:
    with reading(SYSTEM):
        return list(Entry.objects.order_by("id"))


def comment(text: str = "слово") -> None:
    journal.record(CommentAdded(ticket=1, text=text), company=OURS)


def test_a_block_that_raises_leaves_neither_rows_nor_entries(committed: str) -> None:
    with pytest.raises(RuntimeError, match="сбой"), acting(SYSTEM):
        Heartbeat.objects.create(part="p", at=MORNING)
        comment()
        give_number("ticket", centre=1, at=MORNING, zone="UTC", then=lambda number: None)
        raise RuntimeError("сбой")
    assert entries() == [] and not Heartbeat.objects.exists() and not Counter.objects.exists()


def test_a_number_that_cannot_be_given_undoes_the_change(committed: str) -> None:
    def refused(number: str) -> None:
        raise RuntimeError("сбой")

    with pytest.raises(RuntimeError, match="сбой"), acting(SYSTEM):
        comment()
        give_number("ticket", centre=1, at=MORNING, zone="UTC", then=refused)
    assert entries() == [] and not Counter.objects.exists()


def test_a_nested_change_joins_the_outer_one(committed: str) -> None:
    with acting(SYSTEM) as outer:
        comment("снаружи")
        with acting(Scope.system("inner")) as inner:
            comment("внутри")
        assert inner is outer and entries_seen_by_others() == 0
    found = entries()
    assert [entry.actor for entry in found] == ["system/test", "system/test"]
    assert (outer.last_entry, len({entry.recorded_at for entry in found})) == (2, 1)


def entries_seen_by_others() -> int:
    """What a second connection sees: what has been committed."""
    seen: list[int] = []

    def look() -> None:
        with reading(SYSTEM):
            seen.append(Entry.objects.count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen[0]


def test_a_nested_change_that_fails_fails_the_whole(committed: str) -> None:
    with pytest.raises(RuntimeError), acting(SYSTEM):
        comment()
        with acting(SYSTEM):
            raise RuntimeError
    assert entries() == []


def test_without_a_change_nothing_is_recorded(db: None) -> None:
    with pytest.raises(NotActing):
        comment()
    with reading(SYSTEM), pytest.raises(NotActing):
        comment()


def test_a_change_without_facts_writes_no_entry(committed: str) -> None:
    with acting(SYSTEM) as unit:
        Heartbeat.objects.create(part="p", at=MORNING)
    assert entries() == [] and unit.last_entry == 0 and Heartbeat.objects.exists()


def test_facts_stand_in_the_order_of_their_recording(committed: str) -> None:
    with acting(SYSTEM):
        for text in ("один", "два", "три"):
            comment(text)
    with reading(SYSTEM):
        assert [r.fact.text for r in journal.history("ticket/1")] == ["один", "два", "три"]  # type: ignore[attr-defined]


# ── After the fact ───────────────────────────────────────────────────────────────────────────


def test_a_paper_night_keeps_both_times_and_its_reason(committed: str) -> None:
    with acting(SYSTEM, at=MORNING, happened_at=NIGHT, late_reason="не было света"):
        comment()
    with reading(SYSTEM):
        found = journal.history("ticket/1")[0]
    assert (found.happened_at, found.recorded_at, found.late_reason) == (NIGHT, MORNING, "не было света")


@pytest.mark.parametrize(
    ("happened_at", "reason", "refusal"),
    [
        (NIGHT, "", "укажите причину"),
        (NIGHT, "   ", "укажите причину"),
        (MORNING + timedelta(seconds=1), "причина", "в будущем"),
    ],
)
def test_a_late_entry_without_reason_or_from_the_future_is_refused(
    committed: str, happened_at: datetime, reason: str, refusal: str
) -> None:
    with (
        pytest.raises(ValueError, match=refusal),
        acting(SYSTEM, at=MORNING, happened_at=happened_at, late_reason=reason),
    ):
        comment()
    assert entries() == []


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────


def take_number(centre: int = 1, at: datetime = MORNING, zone: str = "Europe/Moscow") -> str:
    """A change that records its own number; the fact carries it."""
    with acting(SYSTEM):
        pending = journal.record(StockChanged(what=""), company=OURS)

        def numbered(number: str) -> None:
            pending.fact = replace(pending.fact, what=number)  # type: ignore[call-arg]

        give_number("ticket", centre=centre, at=at, zone=zone, then=numbered)
    assert isinstance(pending.fact, StockChanged)
    return pending.fact.what


def test_numbers_are_of_a_centre_and_a_year_of_its_zone(committed: str) -> None:
    new_year_in_moscow = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
    assert [take_number(), take_number(), take_number(centre=2)] == ["26-1", "26-2", "26-1"]
    assert take_number(at=new_year_in_moscow) == "27-1"
    assert take_number(at=new_year_in_moscow, zone="UTC") == "26-3"


def test_numbers_have_no_gap_when_many_take_them_and_some_fail(committed: str) -> None:
    """Eight at once, ten changes each; every third breaks off after its number was given."""
    taken: list[str] = []

    def work(worker: int) -> None:
        for turn in range(10):
            if (worker + turn) % 3:
                taken.append(take_number())
            else:
                with pytest.raises(RuntimeError), acting(SYSTEM):
                    journal.record(StockChanged(what="сбой"), company=OURS)
                    give_number("ticket", centre=1, at=MORNING, zone="UTC", then=_broken)
        connections.close_all()

    together([lambda worker=worker: work(worker) for worker in range(8)])  # type: ignore[misc]
    assert sorted(int(number.removeprefix("26-")) for number in taken) == list(range(1, len(taken) + 1))
    found = entries()
    assert [entry.id for entry in found] == list(range(1, len(found) + 1))
    assert {entry.body["what"] for entry in found} == set(taken)


def _broken(number: str) -> None:
    raise RuntimeError(number)


def together(tasks: list[Callable[[], None]]) -> None:
    """Runs the tasks at once; a failure of any is the test's."""
    failures: list[BaseException] = []

    def guarded(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def test_entries_are_chained_in_the_order_of_their_commits(committed: str) -> None:
    """What a reader with a cursor relies on: nobody commits an entry below one that was seen."""
    from vakhta.kernel.verify import verify

    def work() -> None:
        for _ in range(15):
            with acting(SYSTEM):
                comment()
        connections.close_all()

    together([work] * 6)
    with reading(SYSTEM):
        assert (verify().is_whole, verify().checked) == (True, 90)
