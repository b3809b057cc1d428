"""The journal's print-out as a file: CSV, XLSX, PDF."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from vakhta.kernel.words import number_words

from .journal import Print
from .lines import COLUMNS, Line
from .pdf import compile_pdf, qr

A4 = 9
"""Excel's code of the paper."""
WIDTHS = (12, 19, 10, 24, 28, 36, 40, 44, 18, 50, 32)
TIME = COLUMNS.index("Время")
_PHONE = re.compile("\\+[0-9]{1,3}[ \xa0][0-9][0-9 \xa0()-]{5,20}")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def to_csv(made: Print) -> bytes:
    """UTF-8 with BOM and semicolons: opens in a Russian office program by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in made.lines:
        writer.writerow([harmless(cell) for cell in line.cells()])
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text that begins like a formula gets an apostrophe before it: it came from strangers. A phone in our
    own writing is left alone: no program reckons figures in groups."""
    is_formula = text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _PHONE.fullmatch(text)
    return f"'{text}" if is_formula else text


def to_xlsx(made: Print) -> bytes:
    """Times are real dates; everything else is text, so nothing that a stranger wrote is reckoned."""
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "Вахта", _title(made)
    book.properties.created = book.properties.modified = made.made_at.replace(tzinfo=None)
    sheet = book.create_sheet("Журнал")
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJK"[place]].width = width
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.left.text = f"{_title(made)}. {_printed(made)}"
    sheet.oddFooter.right.text = "стр. &P из &N"
    sheet.auto_filter.ref = f"A1:K{len(made.lines) + 1}"
    sheet.append([text_cell(sheet, title, Font(bold=True)) for title in COLUMNS])
    plain, struck = Font(), Font(strike=True)
    for line in made.lines:
        cells = [text_cell(sheet, text, plain) for text in line.cells()]
        if line.is_void:
            cells[0].font = struck
        cells[TIME].value = line.at.replace(tzinfo=None)
        cells[TIME].number_format = "dd.mm.yyyy hh:mm:ss"
        sheet.append(cells)
    about = book.create_sheet("Сведения")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 80
    for name, said in _about(made):
        about.append([text_cell(about, name, Font(bold=True)), text_cell(about, said, plain)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _about(made: Print) -> list[tuple[str, str]]:
    """What a sheet of a book has no head for: whose journal, which days, who printed it and when."""
    return [
        ("Журнал", made.keeper),
        ("Дни", f"с {made.since:%d.%m.%Y} по {made.until:%d.%m.%Y}, время {made.zone}"),
        ("Напечатано", _printed(made).removeprefix("Напечатано ")),
        ("Заявок", f"{made.tickets}, из них аннулировано: {made.void}"),
        ("Обращений без своей заявки", f"{len(made.lines) - made.tickets}: {made.endings}"),
        ("Последняя запись журнала", str(made.head_entry)),
        ("Её отпечаток", made.head_hash),
    ]


def _printed(made: Print) -> str:
    return f"Напечатано {made.made_at:%d.%m.%Y %H:%M}, {made.made_by}"


def text_cell(sheet: Any, text: str, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, value=_UNPRINTABLE.sub("", text)[:32_767])
    cell.data_type = "s"
    cell.font = font
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def to_pdf(made: Print) -> bytes:
    """A4, landscape, text of 10 points: eleven columns in seven, each named in the head, and the actions as
    a band below each line's own cells. The QR holds the journal's head: with an anchor anybody can check
    that what is printed is what stood there."""
    return compile_pdf(
        "journal",
        {
            "title": "Журнал учёта заявок",
            "lines": [
                made.keeper,
                f"с {made.since:%d.%m.%Y} по {made.until:%d.%m.%Y}, время {made.zone}",
                _printed(made),
            ],
            "columns": COLUMNS,
            "rows": [_pdf_row(line) for line in made.lines],
            "total": f"Всего строк: {len(made.lines)}. Заявок: {made.tickets}, из них аннулировано: {made.void}. "
            f"Обращений без своей заявки: {len(made.lines) - made.tickets} ({made.endings}).",
            "qr": qr(f"vakhta journal {made.head_entry} {made.head_hash}"),
            "foot": f"{_title(made)}. {_printed(made)}. "
            f"Журнал на этот момент: запись {made.head_entry}, отпечаток {made.head_hash[:16]}. "
            "Проверка цепи: vakhta journal verify.",
        },
    )


def _pdf_row(line: Line) -> dict[str, Any]:
    """A line's cells by their places on paper; its moment on two lines, its number grouped for the voice."""
    cells = dict(zip(COLUMNS, line.cells(), strict=True))
    cells["Номер"] = number_words(line.number)
    cells["Время"] = f"{line.at:%d.%m.%Y}\n{line.at:%H:%M:%S}"
    cells["Действия"] = cells["Действия"].replace("\n", "; ")
    return {"cells": cells, "void": line.is_void, "long": _is_long(line)}


def _is_long(line: Line) -> bool:
    """May the line need more than a page? Then it breaks; others stay whole."""
    return len(line.actions) > 1500 or any(len(cell) > 500 for cell in line.cells() if cell != line.actions)


def _title(made: Print) -> str:
    return f"Журнал учёта заявок, {made.keeper}, {made.since:%d.%m.%Y}–{made.until:%d.%m.%Y}"
