"""Files with something broken in them: what can be read is read, and what cannot is told with its row, column and
reason; on the page, by the command and by whoever reads them."""

from __future__ import annotations

import random
import struct
import tempfile
from pathlib import Path
from typing import Any

import dbf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast

from vakhta.imports.csv_table import MOST_LINES
from vakhta.imports.files import opened
from vakhta.imports.homes import Stock
from vakhta.imports.reading import Report, headings_of, read
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope

SYSTEM = Scope.system("test")
HEADINGS = "Улица;Дом;Кв.;ФИО;Тел."


def told(path: Path) -> list[list[str]]:
    """All rows below the headings that can be read whole."""
    with opened(path) as rows:
        found, rest = headings_of(rows)
        return [list(found.said(row).values()) for number, row in rest if number and not _why(found, row)]


def _why(found: Any, row: list[str]) -> str:
    try:
        found.said(row)
    except Invalid as error:
        return error.message
    return ""


def wrong(cast: Cast, path: Path) -> list[tuple[int, str, str]]:
    """(row, column, reason) of what a dry run finds bad; the rest is read."""
    with opened(path) as rows:
        found, rest = headings_of(rows)
        stock = Stock(cast.north.pk, found, Report(), "Заречье")
        report = read(rest, stock, path.name, Scope.system("import"), is_dry=True)
    bad = [row for row in report.wrong if row.row]
    assert report.bad_rows == len(bad)
    return [(row.row, row.column, row.reason) for row in report.wrong]


def lines(path: Path, *rows: str | bytes, headings: str = HEADINGS, encoding: str = "utf-8") -> Path:
    said = (row.encode(encoding) if isinstance(row, str) else row for row in (headings, *rows))
    path.write_bytes(b"\r\n".join(said) + b"\r\n")
    return path


BELOVA, GUSEV, ORLOV = "Мира;3;1;Белова Анна;", "Мира;3;2;Гусев Пётр;", "Мира;3;3;Орлов Иван;"
WHOLE = [["Мира", "3", "1", "Белова Анна", ""], ["Мира", "3", "3", "Орлов Иван", ""]]


# ── Letters ──────────────────────────────────────────────────────────────────────────────────


def test_a_byte_that_is_no_letter_of_windows_stops_its_row_alone(cast: Cast, tmp_path: Path) -> None:
    bad = GUSEV.encode("cp1251").replace("ё".encode("cp1251"), b"\x98")
    path = lines(tmp_path / "t.csv", BELOVA, bad, ORLOV, encoding="cp1251")
    assert told(path) == WHOLE
    ((row, column, reason),) = wrong(cast, path)
    assert (row, column) == (3, "ФИО") and "«Гусев П�тр»" in reason


def test_a_line_of_windows_among_utf8_stops_no_other(cast: Cast, tmp_path: Path) -> None:
    path = lines(tmp_path / "t.csv", BELOVA, GUSEV.encode("cp1251"), ORLOV)
    assert told(path) == WHOLE
    assert [(row, column) for row, column, _ in wrong(cast, path)] == [(3, "Улица")]


def test_letters_that_cannot_be_read_where_nobody_needs_them_stop_nothing(tmp_path: Path) -> None:
    path = lines(tmp_path / "t.csv", "Мира;3;1;Белова Анна;;".encode("cp1251") + b"\x98", headings=f"{HEADINGS};Прим.", encoding="cp1251")  # fmt: skip
    assert told(path) == WHOLE[:1]


# ── A row that has no end, a cell that has none ──────────────────────────────────────────────


def test_a_cell_longer_than_any_stops_its_row_alone(cast: Cast, tmp_path: Path) -> None:
    path = lines(tmp_path / "t.csv", BELOVA, f"Мира;3;2;{'Г' * 140_000};", ORLOV)
    assert told(path) == WHOLE
    assert wrong(cast, path) == [(3, "ФИО", "Ячейка длиннее 131 072 знаков: сократите её.")]


@pytest.mark.parametrize("after", [1, 20, MOST_LINES, 5000])
def test_a_quotation_mark_that_is_not_closed_swallows_nothing(cast: Cast, tmp_path: Path, after: int) -> None:
    rest = [f"Мира;3;{n};Жилец {n};" for n in range(3, after + 3)]
    path = lines(tmp_path / "t.csv", BELOVA, 'Мира;3;2;"Гусев Пётр;', *rest)
    assert len(told(path)) == 1 + after
    assert [(row, column) for row, column, _ in wrong(cast, path)] == [(3, "ФИО")]


def test_a_cell_of_several_lines_is_still_one(tmp_path: Path) -> None:
    path = lines(tmp_path / "t.csv", 'Мира;3;1;"Белова\r\nАнна";', ORLOV)
    assert [row[3] for row in told(path)] == ["Белова\r\nАнна", "Орлов Иван"]


# ── DBF ──────────────────────────────────────────────────────────────────────────────────────

RECORDS = [("Мира", "3", n, f"Жилец {n}") for n in range(1, 6)]


def table(path: Path, codepage: str = "cp866") -> Path:
    made = dbf.Table(str(path), "UL C(20); DOM C(6); KV N(5,0); FIO C(30)", codepage=codepage)
    made.open(dbf.READ_WRITE)
    for record in RECORDS:
        made.append(record)
    made.close()
    return path


def patched(path: Path, *changes: tuple[int, bytes]) -> Path:
    content = bytearray(path.read_bytes())
    for place, said in changes:
        content[place : place + len(said)] = said
    path.write_bytes(content)
    return path


def place(path: Path, record: int, column: int) -> int:
    """Of a cell in the file; column 0 is the mark of a deleted record."""
    start, size = struct.unpack("<HH", path.read_bytes()[8:12])
    return int(start + record * size + (0, 1, 21, 27, 32)[column])


def counted(path: Path, count: int) -> Path:
    return patched(path, (4, struct.pack("<I", count)))


def flats(path: Path) -> list[str]:
    return [row[2] for row in told(path)]


@pytest.mark.parametrize("said", [b"abc**", b"*****", b"1-2  ", b"1E99 ", b"\xff    "])
def test_a_number_that_is_none_stops_its_row_alone(cast: Cast, tmp_path: Path, said: bytes) -> None:
    path = table(tmp_path / "t.dbf")
    patched(path, (place(path, 1, 3), said))
    if said != b"1E99 ":
        assert flats(path) == ["1", "3", "4", "5"]
    ((row, column, reason),) = wrong(cast, path)
    assert (row, column) == (3, "KV") and reason


def test_cells_that_are_filled_up_with_nul_are_filled_up(tmp_path: Path) -> None:
    path = table(tmp_path / "t.dbf")
    patched(
        path,
        (place(path, 0, 1), "Ленина".encode("cp866").ljust(20, b"\0")),
        (place(path, 1, 3), b"7\0\0\0\0"),
        (place(path, 2, 3), b"\0" * 5),
        (place(path, 3, 4), b"\0" * 30),
    )
    rows = told(path)
    assert (
        rows[0][0] == "Ленина" and [row[2] for row in rows] == ["1", "7", "", "4", "5"] and rows[3][3] == ""
    )


def test_a_nul_inside_a_word_stops_its_row_alone(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.dbf")
    patched(path, (place(path, 1, 4), b"\x8c\0\x8c"))
    assert flats(path) == ["1", "3", "4", "5"]
    ((row, column, reason),) = wrong(cast, path)
    assert (row, column) == (3, "FIO") and "нулевой байт" in reason


def test_a_table_that_is_cut_off_is_read_up_to_there(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.dbf")
    path.write_bytes(path.read_bytes()[:-20])
    assert flats(path) == ["1", "2", "3", "4"]
    ((row, column, reason),) = wrong(cast, path)
    assert (row, column) == (6, "") and "обрывается" in reason


@pytest.mark.parametrize("count", [0, 3, 8, 2**31])
def test_a_header_that_counts_wrongly_is_remarked_on(cast: Cast, tmp_path: Path, count: int) -> None:
    path = counted(table(tmp_path / "t.dbf"), count)
    assert flats(path) == ["1", "2", "3", "4", "5"]
    ((row, column, reason),) = wrong(cast, path)
    assert (row, column) == (0, "") and f"записей {count}, а в нём самом 5" in reason


@pytest.mark.parametrize("tail", [b"", b"\x1a" * 400, b"\0" * 400, b"\x1a\0\0"])
def test_what_fills_up_the_last_block_is_no_record(cast: Cast, tmp_path: Path, tail: bytes) -> None:
    path = table(tmp_path / "t.dbf")
    path.write_bytes(path.read_bytes()[:-1] + tail)
    assert flats(path) == ["1", "2", "3", "4", "5"] and wrong(cast, path) == []


def test_every_kind_of_cell_is_read_as_by_another_reader(tmp_path: Path) -> None:
    path = tmp_path / "t.dbf"
    made = dbf.Table(str(path), "A C(8); B N(9,2); C N(14,0); D D; E L; F T; G I; H B; I Y", dbf_type="vfp", codepage="cp1251")  # fmt: skip
    made.open(dbf.READ_WRITE)
    made.append(("Мира", 1.5, 98765432101234, dbf.Date(2024, 3, 12), True, dbf.DateTime(2024, 3, 12, 8, 40), 42, 2.25, 100))  # fmt: skip
    made.append(("", None, None, None, None, None, None, None, None))
    made.close()
    with opened(path) as rows:
        assert [row for _, row in rows][1:] == [
            ["Мира", "1.5", "98765432101234", "12.03.2024", "да", "12.03.2024 08:40", "42", "2.25", "100"],
            ["", "", "", "", "", "", "0", "0", "0"],
        ]


def spoiled(content: bytes, seed: int) -> bytes:
    """A file as a bad line or a bad disk gives it back."""
    chance, made = random.Random(seed), bytearray(content)
    for _ in range(chance.randrange(1, 8)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made[: chance.randrange(1, len(made))]) if chance.random() < 0.3 else bytes(made)


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(["dbf", "csv", "xlsx"]))
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(
    seed: int, kind: str, made: dict[str, bytes]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{kind}"
        path.write_bytes(spoiled(made[kind], seed))
        try:
            with opened(path) as rows:
                for _, row in rows:
                    "\n".join(row).encode()
        except Invalid as error:
            assert error.field == "file" and error.message


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    from openpyxl import Workbook

    folder = tmp_path_factory.mktemp("whole")
    book = Workbook()
    assert book.active is not None
    for record in RECORDS:
        book.active.append(record)
    book.save(folder / "t.xlsx")
    table(folder / "t.dbf")
    lines(folder / "t.csv", BELOVA, GUSEV, 'Мира;3;3;"Орлов\nИван";', encoding="cp1251")
    return {kind: (folder / f"t.{kind}").read_bytes() for kind in ("dbf", "csv", "xlsx")}
