"""A company's table of accounts by `vakhta import`: rows a second, against a bare COPY of the same rows, and
whether the memory grows with the table."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company

ROWS_FLOOR, FLAT = 1_500, 1.2
ROWS = 20_000
HEADINGS = ("Город", "Улица", "Дом", "Кв.", "Подъезд", "Этаж", "Лиц. счёт", "ФИО", "Телефон", "E-mail")
FLATS = 100
CHILD = """
import resource, sys
from vakhta.cli.main import main
code = main(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


def imports(server: str, size: int) -> bool:
    """`server`: connection of the database for the bare COPY; `size`: accounts of the city, 0 for a small table."""
    rows = size or ROWS
    with tempfile.TemporaryDirectory(prefix="vakhta-import-") as name:
        small, whole = Path(name) / "small.csv", Path(name) / "whole.csv"
        _write(small, rows // 10)
        _write(whole, rows)
        _, low = _imported(small, "малая")
        took, high = _imported(whole, "большая")
        bare = _copied(server, whole)
    rate = rows / took
    print(
        f"import        {rate:,.0f} rows/s of {rows:,} (floor {ROWS_FLOOR:,}); {rate / (rows / bare):.3f} of a bare COPY; "
        f"peak memory {high // 1024} MB, {high / low:.2f} of a tenth's (ceiling {FLAT})"
    )
    return rate >= ROWS_FLOOR and high / low <= FLAT


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, delimiter=";")
        written.writerow(HEADINGS)
        for n in range(rows):
            house, flat = divmod(n, FLATS)
            street, number = divmod(house, 40)
            written.writerow(
                ("Измеров", f"ул. Мерная {street + 1}-я", number + 1, flat + 1, flat // 25 + 1, flat % 9 + 1, f"90-{n:07}",
                 f"Жильцов Иван {n}", f"+7916{n % 10_000_000:07}", f"j{n}@example.org")
            )  # fmt: skip


def _imported(path: Path, name: str) -> tuple[float, int]:
    """(seconds, peak resident memory in KB) of the command as it is typed, start of Python and all."""
    with reading(Scope.system("bench")):
        company = Company.objects.create(
            kind="management_company", name=f"УК «{name}»", short_name=f"«{name}»"
        )
    words = [sys.executable, "-c", CHILD, "import", str(path), "--company", str(company.pk)]
    start = time.perf_counter()
    made = subprocess.run(words, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if made.returncode:
        raise RuntimeError(f"import: {made.stderr or made.stdout}")
    return took, int(made.stdout.rpartition("peak ")[2])


def _copied(server: str, path: Path) -> float:
    """Seconds of a COPY of the same file into one table of text columns."""
    import psycopg

    columns = ", ".join(f"c{place} text" for place in range(len(HEADINGS)))
    with psycopg.connect(server) as connection:
        connection.execute(f"CREATE TEMP TABLE bare ({columns})".encode())
        start = time.perf_counter()
        with connection.cursor().copy(b"COPY bare FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)") as copy:
            copy.write(path.read_bytes())
        connection.commit()
        return time.perf_counter() - start
