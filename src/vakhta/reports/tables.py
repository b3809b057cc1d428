"""Rows of text as a file that an office program opens: CSV and XLSX. Nothing that a stranger wrote is reckoned."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

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


def to_csv(columns: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with BOM and semicolons: opens in a Russian office program by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, columns: Sequence[str], rows: Rows) -> bytes:
    """One sheet with a filter over its head; every cell is text."""
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
        sheet.append([text_cell(sheet, cell, plain) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
