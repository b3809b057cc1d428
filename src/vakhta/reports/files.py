"""Print-outs as files: CSV, XLSX, PDF."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import segno
import typst
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from .journal import COLUMNS, Print

WIDTHS = (12, 19, 10, 24, 28, 36, 40, 44, 18, 44, 32)


def to_csv(made: Print) -> bytes:
    """UTF-8 with BOM and semicolons: opens in a Russian office program by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in made.lines:
        writer.writerow([harmless(cell) for cell in line.cells()])
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(made: Print) -> bytes:
    """Times are real dates; text that a program would take for a formula is kept as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Журнал")
    for column, width in zip("ABCDEFGHIJK", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, title, font=Font(bold=True)) for title in COLUMNS])
    for line in made.lines:
        cells = [_cell(sheet, text, font=Font(strike=line.is_void)) for text in line.cells()]
        cells[1].value = line.at.replace(tzinfo=None)
        cells[1].number_format = "dd.mm.yyyy hh:mm:ss"
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str, *, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, value=harmless(text))
    cell.font = font
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def harmless(text: str) -> str:
    """Text that begins like a formula gets an apostrophe before it: it came from strangers."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────

HOUSE_STYLE = """
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"), size: 10pt, lang: "ru")
#let data = json(bytes(sys.inputs.data))
#let foot(words) = context [
  #set text(size: 8pt)
  #grid(columns: (1fr, auto), words, [стр. #counter(page).display() из #counter(page).final().first()])
]
"""

JOURNAL = (
    HOUSE_STYLE
    + """
#set page(paper: "a4", flipped: true, margin: (x: 9mm, top: 10mm, bottom: 14mm), footer: foot(data.foot))
#grid(columns: (1fr, auto), gutter: 8pt,
  [#text(size: 15pt, weight: "bold")[Журнал заявок] \\ #data.centre \\ #data.period],
  image(bytes(data.qr), format: "svg", height: 19mm))
#v(4pt)
#set text(size: 7pt)
#set par(leading: 0.45em)
#table(
  columns: (13mm, 17mm, 12mm, 24mm, 25mm, 33mm, 37mm, 41mm, 17mm, 1fr, 30mm),
  inset: 2.4pt, stroke: 0.4pt + luma(60%), align: left + top,
  table.header(..data.columns.map(name => text(weight: "bold", name))),
  ..data.rows.map(row => row.cells.enumerate().map(((i, cell)) =>
    if row.void and i == 0 { strike(cell) } else { text(cell) })).flatten()
)
#if data.rows.len() == 0 [За эти дни обращений не было.]
"""
)


def to_pdf(made: Print) -> bytes:
    """A4, landscape; the QR holds the journal's head, against which the print can be checked."""
    head = f"vakhta journal {made.head_entry} {made.head_hash}"
    return compile_pdf(
        JOURNAL,
        {
            "centre": made.centre,
            "period": f"с {made.since:%d.%m.%Y} по {made.until:%d.%m.%Y}",
            "columns": COLUMNS,
            "rows": [{"cells": line.cells(), "void": line.is_void} for line in made.lines],
            "qr": qr(head),
            "foot": f"Напечатано {made.made_at:%d.%m.%Y %H:%M}. Журнал: запись {made.head_entry}, "
            f"отпечаток {made.head_hash[:16]}. Проверка: vakhta journal verify.",
        },
    )


def compile_pdf(template: str, data: dict[str, Any]) -> bytes:
    """Words come in as data, never as markup: a resident's «#» stays a «#»."""
    made = typst.compile(template.encode(), format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    assert isinstance(made, bytes)
    return made


def qr(text: str) -> str:
    """A QR code as SVG."""
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="svg", xmldecl=False, border=0)
    return image.getvalue().decode()
