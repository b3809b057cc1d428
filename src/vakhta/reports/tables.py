"""Rows of text as a file that an office program opens: CSV and XLSX. What a book may reckon with is said by whoever
makes the row (`number`, `moment`, `span`, `share`); nothing that a stranger wrote is reckoned."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .files import harmless, text_cell

Rows = Iterable[Sequence[str]]
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""Ending of a file → its media type."""
PAPER_TOO = {**MEDIA, "pdf": "application/pdf"}
TYPED, DAY = "dd.mm.yyyy hh:mm", "dd.mm.yyyy"
LENGTH = "[h]:mm:ss"


class Reckoned(str):
    """Text that is a number, a moment or a length of time too: a page, a paper and a CSV say the text, a book holds
    the `value` and shows it by the `form`."""

    value: float | datetime | timedelta
    form: str


def _reckoned(text: str, value: float | datetime | timedelta, form: str) -> Reckoned:
    made = Reckoned(text)
    made.value, made.form = value, form
    return made


def number(value: float, text: str = "") -> Reckoned:
    return _reckoned(text or str(value), value, "General")


def share(value: float, text: str) -> Reckoned:
    return _reckoned(text, value, "0%")


def span(seconds: float, text: str) -> Reckoned:
    return _reckoned(text, timedelta(seconds=round(seconds)), LENGTH)


def moment(local: datetime, *, has_time: bool = True) -> Reckoned:
    """`local`: in the zone that it is told in; a book knows of none."""
    form = "%d.%m.%Y %H:%M" if has_time else "%d.%m.%Y"
    bare = local.replace(tzinfo=None, second=0, microsecond=0)
    return _reckoned(local.strftime(form), bare, TYPED if has_time else DAY)


def day(day: date) -> Reckoned:
    return _reckoned(day.strftime("%d.%m.%Y"), datetime.combine(day, time.min), DAY)


def to_csv(columns: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with BOM and semicolons: opens in a Russian office program by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, columns: Sequence[str], rows: Rows) -> bytes:
    """One sheet with a filter over its head; every cell is text but those that are `Reckoned`."""
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "Вахта", title
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"
    for place in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 22
    sheet.append([text_cell(sheet, column, Font(bold=True)) for column in columns])
    plain = Font()
    for row in rows:
        sheet.append([_cell(sheet, cell, plain) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str, font: Font) -> Any:
    cell = text_cell(sheet, text, font)
    if isinstance(text, Reckoned):
        cell.value, cell.number_format = text.value, text.form
    return cell
