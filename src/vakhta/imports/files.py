"""A table from outside as rows of text: XLSX, CSV in UTF-8 or Windows-1251 with «;» or «,», DBF in CP866.

Rows are read one after another; memory does not grow with the file. What is no such table is refused in
Russian before a row is given.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import dbf
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from vakhta.kernel.refusal import Invalid

Row = list[str]

MOST_BYTES = 200 * 1024 * 1024
MOST_UNPACKED = 2 * 1024 * 1024 * 1024
"""Bytes of a workbook when it is unpacked; and no part of it may be packed tighter than `TIGHTEST`."""
TIGHTEST = 300
MOST_COLUMNS = 200
MOST_CELL = 4000
"""Characters of a cell: a longer one is cut, no field of the stock holds so much."""
SAMPLE = 64 * 1024


@contextmanager
def opened(path: Path, name: str = "") -> Iterator[Iterator[tuple[int, Row]]]:
    """Rows of a file, of a book its first sheet, with their numbers as its program shows them, the heading row among
    them. `name`: as its sender called it, when it lies under another one. Raises Invalid (field "file")."""
    with sheets(path, name) as found:
        yield next(found)[1]


@contextmanager
def sheets(path: Path, name: str = "") -> Iterator[Iterator[tuple[str, Iterator[tuple[int, Row]]]]]:
    """The same of every sheet that has something on it: its title, "" where a file has no sheets or just one, and
    its rows, to be read before the next one is asked for."""
    with closing(_parts(path, name)) as found:
        yield found


def _parts(path: Path, name: str) -> Any:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise Invalid("Файл не читается: %(why)s.", "file", why=error.strerror) from error
    if size > MOST_BYTES:
        raise Invalid("Файл больше %(most)s МБ: разделите его.", "file", most=MOST_BYTES // 1024 // 1024)
    if size == 0:
        raise Invalid("Файл пуст.", "file")
    if head[:2] == b"PK":
        yield from _workbook(path)
        return
    if head[:4] == b"\xd0\xcf\x11\xe0":
        raise Invalid("Это старая книга Excel (.xls): сохраните её как .xlsx или .csv.", "file")
    is_dbf = Path(name or path.name).suffix.lower() == ".dbf"
    with closing(_dbf(path) if is_dbf else _csv(path)) as rows:
        yield "", rows


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────


def _csv(path: Path) -> Any:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(SAMPLE)
        if "\0" in sample:
            raise Invalid("Это не таблица: в файле нулевые байты. Нужен XLSX, CSV или DBF.", "file")
        first = next((line for line in sample.splitlines() if line.strip()), "")
        delimiter = max(";,\t", key=first.count)
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Invalid(
                    "Строка %(line)s: CSV не читается (%(error)s).",
                    "file",
                    line=reader.line_num,
                    error=error,
                ) from error
            except UnicodeDecodeError as error:
                raise Invalid(
                    "После строки %(line)s текст не в %(encoding)s: сохраните файл в UTF-8.",
                    "file",
                    line=reader.line_num,
                    encoding=encoding,
                ) from error
            yield reader.line_num, [_text(cell) for cell in row[:MOST_COLUMNS]]


def _encoding(path: Path) -> str:
    """UTF-8 when all of it is, else Windows-1251, which any bytes are. Reads the file once, in pieces."""
    with path.open("rb") as file:
        if file.read(3) == b"\xef\xbb\xbf":
            return "utf-8-sig"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1251"
    return "utf-8"


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────


_BROKEN = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, SyntaxError,
)  # fmt: skip
"""What the reader of workbooks raises for one that is none; a fault of its XML is a SyntaxError."""


def _workbook(path: Path) -> Any:
    _check_packed(path)
    with path.open("rb") as file:  # a book that does not open would leave its file open
        try:
            book = load_workbook(file, read_only=True, data_only=True)
            if not book.worksheets:
                raise Invalid("В книге нет листов с таблицей.", "file")
            for sheet in book.worksheets:
                title = sheet.title if len(book.worksheets) > 1 else ""
                yield title, _guarded(_filled(sheet.iter_rows(values_only=True), _merged(path, sheet)))
            book.close()
        except _BROKEN as error:
            raise Invalid(_NOT_READ, "file") from error


_NOT_READ = "Книга Excel не читается: откройте её в Excel и сохраните заново."


def _guarded(rows: Any) -> Any:
    try:
        yield from rows
    except _BROKEN as error:
        raise Invalid(_NOT_READ, "file") from error


def _filled(rows: Any, merged: list[tuple[int, int, int]]) -> Any:
    """A cell that is merged over several rows, «12.03.2024» of a whole day, is each of theirs; the reader has it at
    the first one only."""
    waiting, held = iter(merged), dict[int, tuple[int, str]]()
    ahead = next(waiting, None)
    for number, row in enumerate(rows, 1):
        cells = [_text(cell) for cell in itertools.islice(row, MOST_COLUMNS)]
        while ahead is not None and ahead[0] <= number:
            first, column, last = ahead
            if column < len(cells) and last >= number:
                held[column] = last, cells[column] if first == number else ""
            ahead = next(waiting, None)
        for column, (last, text) in list(held.items()):
            if last < number:
                del held[column]
            elif column < len(cells) and not cells[column]:
                cells[column] = text
        yield number, cells


def _merged(path: Path, sheet: Any) -> list[tuple[int, int, int]]:
    """(first row, column from 0, last row) of cells merged over rows, by rows. The part of the book is read as a
    stream once more: the list stands behind the rows."""
    found: list[tuple[int, int, int]] = []
    with zipfile.ZipFile(path) as packed, packed.open(sheet._worksheet_path.lstrip("/")) as part:
        rest = b""
        while piece := part.read(1 << 20):
            text = rest + piece
            for letters, top, bottom in _MERGE.findall(text):
                column = column_index_from_string(letters.decode())
                if int(bottom) > int(top) and column <= MOST_COLUMNS and len(found) < MOST_MERGED:
                    found.append((int(top), column - 1, int(bottom)))
            rest = text[text.rfind(b"<") :] if b"<" in text else b""
    return sorted(found)


_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
MOST_MERGED = 100_000
"""Merged cells that are looked at; a book with more is read without the rest."""


def _check_packed(path: Path) -> None:
    """A bomb is known by what its own directory says, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Invalid("Книга Excel не читается: откройте её в Excel и сохраните заново.", "file") from error
    whole = sum(part.file_size for part in parts)
    tight = any(part.file_size > TIGHTEST * max(part.compress_size, 1) for part in parts)
    if whole > MOST_UNPACKED or tight:
        raise Invalid("Книга распаковывается в слишком большой файл: сохраните таблицу в CSV.", "file")


# ── DBF ──────────────────────────────────────────────────────────────────────────────────────


def _dbf(path: Path) -> Any:
    """Numbers of rows begin at 1 with the names of the columns, as if they were a line of the table."""
    try:
        table = dbf.Table(str(path), codepage=_codepage(path), on_disk=True)
        table.open(dbf.READ_ONLY)
    except (dbf.DbfError, OSError, ValueError, IndexError, KeyError, LookupError) as error:
        raise Invalid("Таблица DBF не читается: файл повреждён или это не DBF.", "file") from error
    try:
        yield 1, [str(name) for name in table.field_names]
        for number, record in enumerate(table, 2):
            if not dbf.is_deleted(record):
                yield number, [_text(cell) for cell in record]
    except (dbf.DbfError, UnicodeDecodeError, ValueError) as error:
        raise Invalid("Запись DBF не читается: сохраните таблицу в CSV.", "file") from error
    finally:
        table.close()


_CODEPAGES = {0xC9: "cp1251", 0x57: "cp1251", 0x26: "cp866", 0x65: "cp866"}


def _codepage(path: Path) -> str:
    """By the mark in the header; without one DOS is meant, as most programs of the trade write it."""
    with path.open("rb") as file:
        head = file.read(32)
    return _CODEPAGES.get(head[29] if len(head) == 32 else 0, "cp866")


# ── Cells ────────────────────────────────────────────────────────────────────────────────────


def _text(cell: object) -> str:
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
    return str(cell).strip()[:MOST_CELL]
