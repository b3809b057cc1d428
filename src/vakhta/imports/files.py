"""A table from outside as rows of text: XLSX, CSV in UTF-8 or Windows-1251 with «;» or «,», DBF in CP866.

Rows are read one after another; memory does not grow with the file. What is no such table is refused in
Russian before a row is given; what cannot be read of a table that is one is told in its place (`cells`).
"""

from __future__ import annotations

import codecs
import itertools
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as marked
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from vakhta.kernel.reasons import reason
from vakhta.kernel.refusal import Invalid

from .cells import Row, text_of
from .csv_table import MOST_COLUMNS, csv_rows
from .dbf_table import dbf_rows

MOST_BYTES = 200 * 1024 * 1024
MOST_UNPACKED = 2 * 1024 * 1024 * 1024
"""Bytes of a workbook when it is unpacked; and no part of it may be packed tighter than `TIGHTEST`."""
TIGHTEST = 300
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
        raise Invalid("Файл не читается: %(why)s.", "file", why=reason(error)) from error
    if size > MOST_BYTES:
        raise Invalid("Файл больше %(most)s МБ: разделите его.", "file", most=MOST_BYTES // 1024 // 1024)
    if size == 0:
        raise Invalid("Файл пуст: сохраните таблицу ещё раз и выберите её.", "file")
    if head[:2] == b"PK":
        yield from _workbook(path)
        return
    if head[:4] == b"\xd0\xcf\x11\xe0":
        raise Invalid("Это старая книга Excel (.xls): сохраните её как .xlsx или .csv.", "file")
    is_dbf = Path(name or path.name).suffix.lower() == ".dbf"
    with closing(dbf_rows(path) if is_dbf else _csv(path)) as rows:
        yield "", rows


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────


def _csv(path: Path) -> Generator[tuple[int, Row], None, None]:
    """Bytes that are no letters of the file's encoding are told by their cells (`cells.Unread`)."""
    with path.open(encoding=_encoding(path), errors="surrogateescape", newline="") as file:
        sample = file.read(SAMPLE)
        if "\0" in sample:
            raise Invalid("Это не таблица: в файле нулевые байты. Нужен XLSX, CSV или DBF.", "file")
        first = next((line for line in sample.splitlines() if line.strip()), "")
        file.seek(0)
        yield from csv_rows(file, max(";,\t", key=first.count))


def _encoding(path: Path) -> str:
    """UTF-8 when all of it is, or half of its lines with letters; else Windows-1251. Reads the file once, in pieces; one that is not
    UTF-8 throughout once more."""
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
            file.seek(0)
            told = Counter(_is_utf8(line) for line in file if not line.isascii())
            return "utf-8" if told[True] >= told[False] else "cp1251"
    return "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────


_BROKEN = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, ValueError, TypeError,
    AttributeError, SyntaxError, RuntimeError, ArithmeticError, OSError,
)  # fmt: skip
"""What the reader of workbooks raises for one that is none; a fault of its XML is a SyntaxError, a packing that is
not known or a password a RuntimeError."""


def _workbook(path: Path) -> Any:
    _check_packed(path)
    with path.open("rb") as file:  # a book that does not open would leave its file open
        try:
            book = load_workbook(file, read_only=True, data_only=True)
            if not book.worksheets:
                raise Invalid("В книге нет листов с таблицей: проверьте, тот ли это файл.", "file")
            for sheet in book.worksheets:
                title = sheet.title if len(book.worksheets) > 1 else ""
                yield title, _guarded(_filled(sheet.iter_rows(values_only=True), _merged(path, sheet)))
            book.close()
        except _BROKEN as error:
            raise Invalid(_NOT_READ, "file") from error


_NOT_READ = marked("Книга Excel не читается: откройте её в Excel и сохраните заново.")


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
        cells = [text_of(cell) for cell in itertools.islice(row, MOST_COLUMNS)]
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
    except _BROKEN as error:
        raise Invalid(_NOT_READ, "file") from error
    whole = sum(part.file_size for part in parts)
    tight = any(part.file_size > TIGHTEST * max(part.compress_size, 1) for part in parts)
    if whole > MOST_UNPACKED or tight:
        raise Invalid("Книга распаковывается в слишком большой файл: сохраните таблицу в CSV.", "file")
