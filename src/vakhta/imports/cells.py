"""What stands in a table from outside: a cell as text, and what could not be read of it."""

from __future__ import annotations

import datetime
import re

Row = list[str]

MOST_CELL = 4000
"""Characters of a cell: a longer one is cut, no field of the stock holds so much."""
NUL = "В ячейке нулевой байт посреди текста: исправьте её и сохраните таблицу заново."
FOREIGN = "Буквы не читаются («%s»): ячейка не в той кодировке, что вся таблица. Исправьте её или сохраните таблицу в UTF-8."
_LOST = re.compile("[\ud800-\udfff]+")
"""Bytes that are no letters of the table's encoding, as `surrogateescape` keeps them."""
_PADDING = "\0 \t\r\n\v\f\u00a0"


class Unread(str):
    """A cell that cannot be read, as far as it can be shown. `why`: what a report says of it. It stops its row where its
    column is wanted, and nothing where it is not."""

    __slots__ = ("why",)
    why: str

    def __new__(cls, shown: str, why: str) -> Unread:
        made = super().__new__(cls, shown[:MOST_CELL])
        made.why = why
        return made


class BrokenRow(Row):
    """A row that cannot be told apart into cells. `place`: of the column where it breaks, when that is known."""

    def __init__(self, cells: Row, why: str, place: int | None = None) -> None:
        super().__init__(cells)
        self.why, self.place = why, place


def text_of(cell: object) -> str:
    """A cell as a person reads it: 42, not 42.0; a day as 24.11.2026, with its time when it has one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() != datetime.time():
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, datetime.date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, datetime.time):
        return f"{cell:%H:%M}"
    text = str(cell).strip()
    return text[:MOST_CELL] if text.isprintable() else _checked(text)


def _checked(text: str) -> str:
    """Of a text with signs that are not to be seen. Programs fill a cell up with NULs as with spaces."""
    text = text.strip(_PADDING)
    if "\0" in text:
        return Unread(text.replace("\0", "\ufffd"), NUL)
    if _LOST.search(text):
        shown = _LOST.sub("\ufffd", text)
        return Unread(shown, FOREIGN % shown[:40])
    return text[:MOST_CELL]
