"""A table read to its end, whatever it is of: batches, bad rows, a dry run, a stop.

What rows become is a `Target`'s: homes of the stock (`homes`), tickets of an old journal (`old`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import Any, Protocol

from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope

from .columns import LOOK_FOR_HEADINGS, STOCK, Match, Table, Wrong, key_of, looks_like_headings
from .columns import match as match_columns

BATCH = 1000
EXAMPLES = 30
"""Differences that a report tells by name; the rest it counts."""
MOST_WRONG = 1000
"""Bad rows that a report keeps; the rest it counts."""
Rows = Iterator[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class BadRow:
    row: int
    column: str
    """The heading of the file."""
    reason: str
    sheet: str = ""
    """Of a book that has several."""


@dataclass
class Report:
    """What became of a file, or would become of it."""

    rows: int = 0
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    """What else there is to know of its rows → how many."""
    examples: list[str] = field(default_factory=list)
    wrong: list[BadRow] = field(default_factory=list)
    bad_rows: int = 0
    is_stopped: bool = False

    def differs(self, what: str, said: str) -> None:
        self.changed[what] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(said)

    def refuse(self, row: int, column: str, reason: str, sheet: str = "") -> None:
        self.bad_rows += 1
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(BadRow(row, column, reason, sheet))

    def remark(self, reason: str, sheet: str = "") -> None:
        """Of a whole file or sheet: it stands before the bad rows and is none of them."""
        place = sum(not bad.row for bad in self.wrong)
        self.wrong.insert(place, BadRow(0, "", reason, sheet))


class Empty(Invalid):
    """A file or a sheet with nothing on it."""


class Target(Protocol):
    """What rows are read into."""

    report: Report

    def line(self, number: int, row: Sequence[str]) -> Any:
        """What a row says; None for one that says nothing. Raises Wrong."""

    def heading(self, field: str) -> str:
        """How the file calls the column of a field."""

    def put(self, lines: Sequence[Any], name: str) -> None:
        """Inside `kernel.journal.acting`: so many rows and their facts. `name`: of the file."""


def _batches(rows: Rows, target: Target, sheet: str) -> Iterator[list[Any]]:
    """Rows as what they say, a thousand at a time; bad rows go into the report."""
    lines = _lines(rows, target, sheet)
    while found := list(islice(lines, BATCH)):
        yield found


def _lines(rows: Rows, target: Target, sheet: str) -> Iterator[Any]:
    report = target.report
    for number, row in rows:
        try:
            line = target.line(number, row)
        except Wrong as error:
            if not number:
                report.remark(error.message, sheet)
                continue
            report.rows += 1
            column = target.heading(error.field) if error.field else error.column
            report.refuse(number, column, error.message, sheet)
            continue
        if line is not None:
            report.rows += 1
            yield line


class OnlyLooking(Exception):
    """Ends a dry run: everything that it did is rolled back."""


def read(
    rows: Rows,
    target: Target,
    name: str,
    scope: Scope,
    *,
    is_dry: bool = False,
    progress: Callable[[Report], bool] = lambda _: True,
) -> Report:
    """Reads a file to its end, a change for each thousand rows, so that what was read before a kill stands. A
    dry run does the same in one change and takes all of it back. `progress` hears of every thousand and stops
    the reading by saying False."""
    return read_sheets(
        [("", rows)],
        lambda _sheet, rows: (target, rows),
        target.report,
        name,
        scope,
        is_dry=is_dry,
        progress=progress,
    )


def read_sheets(
    sheets: Iterable[tuple[str, Rows]],
    into: Callable[[str, Rows], tuple[Target, Rows]],
    report: Report,
    name: str,
    scope: Scope,
    *,
    is_dry: bool = False,
    progress: Callable[[Report], bool] = lambda _: True,
) -> Report:
    """The same of all sheets of a book. `into`: a sheet's target and the rows behind its headings, or Invalid when
    it is no such table: the sheet is remarked on and stops no other; an empty one says nothing."""

    def put_all(change: Callable[[], AbstractContextManager[Any]]) -> None:
        for sheet, rows in sheets:
            try:
                target, rest = into(sheet, rows)
            except Invalid as error:
                if not sheet:
                    raise
                if not isinstance(error, Empty):
                    report.remark(error.message, sheet)
                continue
            for lines in _batches(rest, target, sheet):
                with change():
                    target.put(lines, name)
                    if is_dry:
                        journal.current_unit().pending.clear()  # nobody will write them: memory must stay flat
                if not progress(report):
                    report.is_stopped = True
                    return

    if is_dry:
        with suppress(OnlyLooking), acting(scope):
            put_all(nullcontext)
            raise OnlyLooking
    else:
        put_all(partial(acting, scope))
    return report


def headings_of(
    rows: Rows, said: Mapping[str, str] | None = None, table: Table = STOCK, *, is_strict: bool = True
) -> tuple[Match, Rows]:
    """The heading row, past a title above it, matched; and the rows after it. Headings may stand in two rows, one
    merged over the other, and be numbered below («1 2 3»). Where nothing looks like headings, the first row that is
    not empty is taken for them. `is_strict`: what was said of a column that is not there is refused, not passed
    over. Raises Invalid."""

    def matched(number: int, row: Sequence[str]) -> Match:
        keys = {key_of(cell) for cell in row}
        told = {
            heading: code for heading, code in (said or {}).items() if is_strict or key_of(heading) in keys
        }
        return match_columns(number, row, told, table)

    seen: list[tuple[int, Sequence[str]]] = []
    for number, row in islice(rows, LOOK_FOR_HEADINGS):
        if looks_like_headings(row, said or {}, table):
            below = next(rows, None)
            if below is not None and _are_headings_too(below[1], said or {}, table):
                number, row = below[0], _joined(row, below[1], table)
                below = next(rows, None)
            if below is None or _only_numbers(below[1]):
                below = None
            return matched(number, row), chain([below], rows) if below else rows
        if any(row):
            seen.append((number, row))
    if not seen:
        raise Empty("В файле нет ни одной строки: проверьте, тот ли это файл.", "file")
    return matched(*seen[0]), chain(seen[1:], rows)


def _are_headings_too(row: Sequence[str], said: Mapping[str, str], table: Table) -> bool:
    """A row below headings: «Квартира» and «Собственник» stand in rows of homes as well, beside their figures."""
    told = {key_of(heading) for heading in said}
    figures = [key_of(cell) for cell in row if any(sign.isdigit() for sign in cell)]
    is_known = all(key in told or table.field_of(key)[0] for key in figures)
    return is_known and looks_like_headings(row, said, table)


def _joined(above: Sequence[str], below: Sequence[str], table: Table) -> list[str]:
    """Two rows of headings as one: the lower word where there is one; both where they are known together, «Отметка о
    выполнении» over «дата | время», or where the lower word stands under several others and tells nothing alone."""
    width = max(len(above), len(below))
    first, second = ([*row, *[""] * (width - len(row))] for row in (above, below))
    often = Counter(key_of(low) for low in second if low)
    joined, over = [], ""
    for high, low in zip(first, second, strict=True):
        over = high or (over if low else "")
        both = f"{over}: {low}"
        field, is_whole = table.field_of(key_of(both))
        is_told = bool(field) and not (is_whole and table.field_of(key_of(low))[0])
        is_one = over and low and key_of(over) != key_of(low) and (is_told or often[key_of(low)] > 1)
        joined.append(both if is_one else low or high)
    return joined


def _only_numbers(row: Sequence[str]) -> bool:
    """«1 2 3 4»: columns of a form that are numbered below their headings."""
    said = [cell for cell in row if cell]
    return len(said) > 2 and said == [str(place) for place in range(1, len(said) + 1)]
