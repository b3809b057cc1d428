"""A table from outside as rows of text: XLSX, CSV in UTF-8 or Windows-1251 with «;» or «,», DBF in CP866.

Rows are read one after another; memory does not grow with the file. What is no such table is refused in
Russian before a row is given.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dbf
from openpyxl import load_workbook
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
    """Rows of a file with their numbers as its program shows them, the heading row among them. `name`: as its
    sender called it, when it lies under another one. Raises Invalid (field "file")."""
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
        rows = _workbook(path)
    elif head[:4] == b"\xd0\xcf\x11\xe0":
        raise Invalid("Это старая книга Excel (.xls): сохраните её как .xlsx или .csv.", "file")
    elif Path(name or path.name).suffix.lower() == ".dbf":
        rows = _dbf(path)
    else:
        rows = _csv(path)
    try:
        yield rows
    finally:
        rows.close()


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
            for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                yield number, [_text(cell) for cell in itertools.islice(row, MOST_COLUMNS)]
            book.close()
        except _BROKEN as error:
            raise Invalid(
                "Книга Excel не читается: откройте её в Excel и сохраните заново.", "file"
            ) from error


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
    """A cell as a person reads it: 42, not 42.0; a day as 24.11.2026."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, datetime.date):
        return f"{cell:%d.%m.%Y}"
    return str(cell).strip()[:MOST_CELL]
