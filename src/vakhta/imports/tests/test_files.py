"""Tables as companies send them: every way to write one, and what is no table at all."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path

import dbf
import pytest
from openpyxl import Workbook

from vakhta.imports import files
from vakhta.imports.cells import MOST_CELL
from vakhta.imports.files import opened, sheets
from vakhta.kernel.refusal import Invalid

TABLE = [["Улица", "Дом", "Кв"], ["ул. Ленина", "15", "42"], ["ул. Ёлочная", "8А", "1"]]


def rows(path: Path) -> list[list[str]]:
    with opened(path) as found:
        return [row for _, row in found]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_in_any_of_its_ways(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in TABLE)
    assert rows(written(tmp_path / "t.csv", text, encoding)) == TABLE


def test_a_quoted_cell_keeps_its_comma_and_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", 'Улица,Дом\n"ул. Ленина,\nугол",15\nул. Мира,3\n')
    with opened(path) as found:
        assert list(found) == [
            (1, ["Улица", "Дом"]),
            (3, ["ул. Ленина,\nугол", "15"]),
            (4, ["ул. Мира", "3"]),
        ]


def test_a_workbook_tells_numbers_and_days_as_they_are_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (*TABLE, [42, 15.0, 1.5], [date(2026, 11, 24), True, None]):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    assert rows(tmp_path / "t.xlsx") == [*TABLE, ["42", "15", "1.5"], ["24.11.2026", "да", ""]]


@pytest.mark.parametrize("codepage", ["cp866", "cp1251"])
def test_dbf_of_dos_and_of_windows(tmp_path: Path, codepage: str) -> None:
    path = tmp_path / "t.dbf"
    table = dbf.Table(str(path), "UL C(40); DOM C(10); KV N(5,0)", codepage=codepage)
    table.open(dbf.READ_WRITE)
    for row in (("ул. Ленина", "15", 42), ("ул. Ёлочная", "8А", 1), ("удалена", "1", 1)):
        table.append(row)
    dbf.delete(table[2])
    table.close()
    assert rows(path) == [["UL", "DOM", "KV"], *TABLE[1:]]


def test_dbf_without_a_mark_of_its_letters_is_dos(tmp_path: Path) -> None:
    test_dbf_of_dos_and_of_windows(tmp_path, "cp866")
    path = tmp_path / "t.dbf"
    content = bytearray(path.read_bytes())
    content[29] = 0
    path.write_bytes(content)
    assert rows(path)[1][0] == "ул. Ленина"


def refused(path: Path, words: str) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        rows(path)
    assert caught.value.field == "file"


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "none.csv", "не читается: такого файла или папки нет")
    refused(tmp_path, "не читается: это папка")
    refused(written(tmp_path / "empty.csv", ""), "пуст")
    refused(written(tmp_path / "zero.csv", "a;b\0;c"), "нулевые байты")
    refused(written(tmp_path / "t.xlsx", "PK\3\4 not a book"), "заново")
    refused(written(tmp_path / "t.dbf", "not a table"), "DBF")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    refused(tmp_path / "old.xls", "старая книга")


def test_a_book_that_is_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as packed:
        packed.writestr("hello.txt", "hello")
    refused(tmp_path / "t.xlsx", "заново")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    assert (tmp_path / "t.xlsx").stat().st_size < 100_000
    refused(tmp_path / "t.xlsx", "слишком большой")


ENTITIES = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&c;&f;</t></is></c></row></sheetData></worksheet>"""


def test_entities_in_a_workbook_name_no_file_of_ours(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as bad:
        for part in good.infolist():
            said = ENTITIES if part.filename == "xl/worksheets/sheet1.xml" else good.read(part)
            bad.writestr(part.filename, said)
    try:
        found = rows(tmp_path / "t.xlsx")
    except Invalid as error:
        assert error.field == "file"
    else:
        assert "root:" not in str(found)


def test_a_file_that_is_too_large_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    refused(written(tmp_path / "t.csv", "Улица;Дом\nМира;3"), "разделите")


def test_a_cell_and_a_row_have_an_end(tmp_path: Path) -> None:
    found = rows(written(tmp_path / "t.csv", ";".join(["x" * 5000] * 300)))
    assert len(found[0]) == files.MOST_COLUMNS and len(found[0][0]) == MOST_CELL


# ── Books of a dispatcher ────────────────────────────────────────────────────────────────────


def test_a_moment_of_a_cell_keeps_its_time(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [datetime(2024, 3, 12, 8, 40, tzinfo=UTC).replace(tzinfo=None), time(8, 40), date(2024, 3, 12)]
    )
    book.save(tmp_path / "t.xlsx")
    assert rows(tmp_path / "t.xlsx") == [["12.03.2024 08:40", "08:40", "12.03.2024"]]


def test_a_cell_merged_over_rows_is_each_of_theirs(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["День", "Адрес", "Суть"], ["12.03.2024", "Мира 3", "течь"], [None, None, "свет"], [None, "Мира 5", "лифт"],
                ["13.03.2024", "Мира 7", None]):  # fmt: skip
        sheet.append(row)
    for cells in ("A2:A4", "B2:B3", "A6:C6"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "t.xlsx")
    assert rows(tmp_path / "t.xlsx")[1:5] == [
        ["12.03.2024", "Мира 3", "течь"],
        ["12.03.2024", "Мира 3", "свет"],
        ["12.03.2024", "Мира 5", "лифт"],
        ["13.03.2024", "Мира 7", ""],
    ]


def test_sheets_are_told_by_their_titles_and_a_file_without_them_by_none(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Март"
    first.append(["1"])
    book.create_sheet("Апрель").append(["2"])
    book.save(tmp_path / "t.xlsx")
    with sheets(tmp_path / "t.xlsx") as found:
        assert [(title, list(rows)) for title, rows in found] == [
            ("Март", [(1, ["1"])]),
            ("Апрель", [(1, ["2"])]),
        ]
    with sheets(written(tmp_path / "t.csv", "а;б\n")) as found:
        assert [(title, list(rows)) for title, rows in found] == [("", [(1, ["а", "б"])])]
