"""A CSV as rows of text. A row that cannot be told apart is given up alone: the reading goes on at the line after it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Generator
from typing import TextIO

from .cells import BrokenRow, Row, text_of

MOST_COLUMNS = 200
MOST_LINES = 100
"""Lines of one row. A row that goes on for longer has a quotation mark too many: it would swallow all that follows."""
TOO_LONG = "Ячейка длиннее 131 072 знаков: сократите её."
NOT_CLOSED = "Кавычка в начале ячейки не закрыта: закройте её или уберите."


class _Lines:
    """Lines of a text, from which those of a row that does not end are taken back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        """Of the row at hand."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES:
            raise csv.Error(NOT_CLOSED)
        line = self._again.popleft() if self._again else self._file.readline()
        if not line:
            if len(self.taken) > 1 and "".join(self.taken).count('"') % 2:
                raise csv.Error(NOT_CLOSED)
            raise StopIteration
        self.taken.append(line)
        return line

    def give_up(self) -> str:
        """The first line of the row at hand; the others are read again."""
        self._again.extendleft(reversed(self.taken[1:]))
        return self.taken[0]


def csv_rows(file: TextIO, delimiter: str) -> Generator[tuple[int, Row], None, None]:
    """Rows with the number of their last line."""
    lines, number = _Lines(file), 0
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            number += 1
            yield number, _broken(lines.give_up(), delimiter)
            reader = csv.reader(lines, delimiter=delimiter)
            continue
        number += len(lines.taken)
        yield number, [text_of(cell) for cell in row[:MOST_COLUMNS]]


def _broken(line: str, delimiter: str) -> BrokenRow:
    cells = line.rstrip("\r\n").split(delimiter)
    most = csv.field_size_limit()
    long = next((place for place, cell in enumerate(cells) if len(cell) > most), None)
    opened = next((place for place, cell in enumerate(cells) if cell.count('"') % 2), None)
    why = NOT_CLOSED if long is None else TOO_LONG
    return BrokenRow([text_of(cell) for cell in cells[:MOST_COLUMNS]], why, opened if long is None else long)
