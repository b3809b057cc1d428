"""A DBF table as rows of text, of whatever program: dBase, Clipper, FoxPro.

Records are read as they lie in the file, whatever its header says of their number: a cell that is none of its kind stops
its row and no other, and a file that is cut off is read to its end. Records that are marked as deleted are not there.
"""

from __future__ import annotations

import datetime
import re
import struct
from collections.abc import Callable, Generator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from vakhta.kernel.refusal import Invalid

from .cells import BrokenRow, Row, Unread, text_of

NUMBER = "Число «%s» не читается: исправьте ячейку и сохраните таблицу заново."
DAY = "Дата «%s» не читается: исправьте ячейку и сохраните таблицу заново."
TICK = "«%s» — ни да, ни нет: исправьте ячейку и сохраните таблицу заново."
ELSEWHERE = "Текст лежит в другом файле (DBT или FPT): сохраните таблицу в CSV или XLSX."
CUT_OFF = "Запись обрывается: файл передан или записан не до конца. Сохраните таблицу заново."
COUNT = "В заголовке файла записей %s, а в нём самом %s. Прочитано, что есть: проверьте, вся ли таблица."
_HEAD, _FIELD = 32, 32
_END = b"\x1a"
_EMPTY = b" \0"
_CODEPAGES = {0xC9: "cp1251", 0x57: "cp1251", 0x26: "cp866", 0x65: "cp866"}
"""By the mark in the header; without one DOS is meant, as most programs of the trade write it."""
_JULIAN = 1_721_425
"""Days of the count of FoxPro before the first day of ours."""


@dataclass(frozen=True)
class _Column:
    name: str
    kind: str
    start: int
    """Of its bytes in a record; the first byte is the mark of a deleted one."""
    size: int


@dataclass(frozen=True)
class _Head:
    columns: tuple[_Column, ...]
    count: int
    """Of records, as the header says."""
    start: int
    size: int
    """Bytes of a record."""
    codepage: str


def dbf_rows(path: Path) -> Generator[tuple[int, Row], None, None]:
    """Numbers of rows begin at 1 with the names of the columns, as if they were a line of the table. A remark on the whole
    is a `BrokenRow` with the number 0. Raises Invalid (field "file")."""
    with path.open("rb") as file:
        head = _head(file)
        yield 1, [column.name for column in head.columns]
        file.seek(head.start)
        found = 0
        while (record := file.read(head.size)) and record[:1] != _END:
            if found >= head.count and not record.strip(b"\0\x1a"):
                break  # the file is filled up to the end of a block
            found += 1
            if len(record) < head.size:
                yield found + 1, BrokenRow([], CUT_OFF)
            elif record[:1] != b"*":
                yield found + 1, [_cell(column, record, head.codepage) for column in head.columns]
        if found != head.count:
            yield 0, BrokenRow([], COUNT % (head.count, found))


def _head(file: BinaryIO) -> _Head:
    head = file.read(_HEAD)
    if len(head) < _HEAD:
        raise _no_table()
    count, start, size = struct.unpack("<IHH", head[4:12])
    codepage = _CODEPAGES.get(head[29], "cp866")
    columns: list[_Column] = []
    place = 1
    while file.tell() + _FIELD <= start and (said := file.read(_FIELD))[:1] != b"\r":
        if len(said) < _FIELD:
            raise _no_table()
        name, kind = said[:11].split(b"\0")[0], chr(said[11])
        wide = said[16] + 256 * said[17] if kind == "C" else said[16]
        columns.append(_Column(name.decode(codepage, "replace").strip(), kind, place, wide))
        place += wide
    if (
        not columns
        or place != size
        or not all(column.kind in "CVWQ0" or column.kind in _KINDS for column in columns)
    ):
        raise _no_table()
    return _Head(tuple(columns), count, start, size, codepage)


def _no_table() -> Invalid:
    return Invalid(
        "Таблица DBF не читается: файл повреждён или это не DBF. Выгрузите её ещё раз или сохраните как XLSX.",
        "file",
    )


def _cell(column: _Column, record: bytes, codepage: str) -> str:
    said = record[column.start : column.start + column.size]
    read = _KINDS.get(column.kind)
    if read is not None:
        return read(said)
    return text_of(said.decode(codepage, "surrogateescape"))


def _shown(said: bytes) -> str:
    return said.strip(_EMPTY).decode("ascii", "replace")


def _number(said: bytes) -> str:
    """Asterisks are a number too long for its column: it is lost."""
    bare = said.strip(_EMPTY)
    if not bare:
        return ""
    if not _A_NUMBER.fullmatch(bare):
        return Unread(_shown(said), NUMBER % _shown(said))
    plain = f"{Decimal(bare.decode().replace(',', '.')):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


_A_NUMBER = re.compile(rb"[+-]?(\d+[.,]?\d*|[.,]\d+)(E[+-]?\d{1,2})?", re.IGNORECASE)


def _day(said: bytes) -> str:
    bare = said.strip(_EMPTY)
    if not bare.strip(b"0"):
        return ""
    try:
        if len(bare) != 8 or not bare.isdigit():
            raise ValueError
        return text_of(datetime.date(int(bare[:4]), int(bare[4:6]), int(bare[6:])))
    except ValueError:
        return Unread(_shown(said), DAY % _shown(said))


def _tick(said: bytes) -> str:
    sign = said.strip(_EMPTY + b"?").upper()
    if sign in (b"T", b"Y", b"F", b"N", b""):
        return text_of(sign in (b"T", b"Y")) if sign else ""
    return Unread(_shown(said), TICK % _shown(said))


def _elsewhere(said: bytes) -> str:
    """The text itself is in a file beside; here is only its place, if there is one."""
    return Unread("", ELSEWHERE) if said.strip(_EMPTY + b"0") else ""


def _packed(form: str, told: Callable[..., object]) -> Callable[[bytes], str]:
    """Of a number as the machine has it."""

    def read(said: bytes) -> str:
        if len(said) != struct.calcsize(form):
            return _elsewhere(said)
        try:
            return text_of(told(*struct.unpack(form, said)))
        except (ValueError, OverflowError):
            return Unread("", NUMBER % said.hex())

    return read


def _moment(days: int, thousandths: int) -> object:
    if not days:
        return None
    day = datetime.datetime.combine(datetime.date.fromordinal(days - _JULIAN), datetime.time.min)
    return day + datetime.timedelta(milliseconds=thousandths)


_KINDS: dict[str, Callable[[bytes], str]] = {
    "N": _number,
    "F": _number,
    "D": _day,
    "L": _tick,
    "M": _elsewhere,
    "G": _elsewhere,
    "P": _elsewhere,
    "I": _packed("<i", int),
    "+": _packed("<i", int),
    "B": _packed("<d", float),
    "O": _packed("<d", float),
    "Y": _packed("<q", lambda money: Decimal(money) / 10_000),
    "T": _packed("<ii", _moment),
    "@": _packed("<ii", _moment),
}
"""Kind of a column → how its cell is read; of any other as text."""
