"""A company's table of accounts and its old journal by `vakhta import`: rows a second, against a bare COPY of the same
rows, and whether the memory grows with the table."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from bench.limits import Figure, Results
from vakhta.kernel.clock import today
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import CENTRE, Agreement, Company

ROWS_FLOOR, FLAT = 1_500, 1.2
ROWS = 20_000
HEADINGS = ("Город", "Улица", "Дом", "Кв.", "Подъезд", "Этаж", "Лиц. счёт", "ФИО", "Телефон", "E-mail")
OLD_HEADINGS = ("№", "Дата", "Время", "Адрес", "Заявитель", "Телефон", "Содержание заявки", "Исполнитель", "Срок",
                "Дата выполнения", "Результат")  # fmt: skip
WORDS = (
    "течёт стояк холодной воды в ванной", "нет горячей воды во всей квартире", "засор канализации на кухне",
    "не горит свет в подъезде на третьем этаже", "лифт не едет, стоит на пятом", "капает смеситель, просят заменить",
    "холодные батареи в комнате", "позвонить жильцу по поводу собрания", "запах газа на площадке",
    "сломан доводчик на двери подъезда",
)  # fmt: skip
FLATS = 100
CHILD = """
import sys
from vakhta.cli.main import main
code = main(sys.argv[1:])
said = dict(line.split(":", 1) for line in open("/proc/self/status"))
print("peak", said["VmHWM"].split()[0])
sys.exit(code)
"""
"""The peak of this process alone, in KB: `ru_maxrss` begins with the peak of whoever has started it."""


def imports(results: Results, server: str, size: int) -> None:
    """`server`: connection of the database for the bare COPY; `size`: accounts of the city, 0 for a small table."""
    rows = size or ROWS
    with tempfile.TemporaryDirectory(prefix="vakhta-import-") as name:
        folder = Path(name)
        small, whole = folder / "small.csv", folder / "whole.csv"
        companies = _company("малая"), _company("большая")
        _write(small, HEADINGS, map(_account, range(rows // 10)))
        _write(whole, HEADINGS, map(_account, range(rows)))
        _measured(results, "import of accounts", server, companies, (small, whole), rows)
        _write(small, OLD_HEADINGS, map(_old_ticket, range(rows // 10)))
        _write(whole, OLD_HEADINGS, map(_old_ticket, range(rows)))
        _measured(results, "import of old tickets", server, companies, (small, whole), rows, "--tickets")


def _measured(
    results: Results, what: str, server: str, companies: tuple[int, int], paths: tuple[Path, Path], rows: int,
    *words: str,
) -> None:  # fmt: skip
    _, low = _imported(companies[0], paths[0], *words)
    took, high = _imported(companies[1], paths[1], *words)
    rate, bare = rows / took, rows / _copied(server, paths[1])
    results.add(
        Figure(
            what=what, value=rate, unit="rows/s", digits=0, bar=ROWS_FLOOR, is_floor=True, may_grow=True,
            note=f"of {rows:,}; {rate / bare:.3f} of a bare COPY of the same rows",
        )
    )  # fmt: skip
    results.add(
        Figure(
            what=f"{what}, peak memory of a tenth's", value=high / low, unit="×", digits=2, bar=FLAT,
            is_of_machine=False, note=f"{high // 1024} MB",
        )
    )  # fmt: skip


def _write(path: Path, headings: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, delimiter=";")
        written.writerow(headings)
        written.writerows(rows)


def _account(n: int) -> tuple[object, ...]:
    street, number, flat = _home(n)
    return ("Измеров", f"ул. Мерная {street}-я", number, flat, flat // 25 + 1, flat % 9 + 1, f"90-{n:07}",
            f"Жильцов Иван {n}", f"+7916{n % 10_000_000:07}", f"j{n}@example.org")  # fmt: skip


def _old_ticket(n: int) -> tuple[object, ...]:
    """A row of a dispatcher's journal about a flat of the stock; every seventh has no time, the words differ."""
    street, number, flat = _home(n)
    day = date(2018, 1, 1) + timedelta(days=n % 2900)
    return (n, f"{day:%d.%m.%Y}", "" if n % 7 == 0 else f"{n % 24}:{n % 60:02}", f"{street}-я Мерная, д. {number}, кв. {flat}",
            f"Жильцов И. {n}", f"8 916 {n % 1000:03}-{n % 100:02}-{n % 89:02}", f"{WORDS[n % len(WORDS)]}, звонок {n}",
            f"слесарь Зуев {n % 9}", f"{day:%d.%m.%Y}", f"{day:%d.%m.%Y}", "сделано")  # fmt: skip


def _home(n: int) -> tuple[int, int, int]:
    house, flat = divmod(n, FLATS)
    street, number = divmod(house, 40)
    return street + 1, number + 1, flat + 1


def _company(name: str) -> int:
    with reading(Scope.system("bench")):
        made = Company.objects.create(kind="management_company", name=f"УК «{name}»", short_name=f"«{name}»")
        centre = Company.objects.filter(kind=CENTRE).order_by("pk").first()
        Agreement.objects.create(company=made, centre=centre, since=today())
    return int(made.pk)


def _imported(company: int, path: Path, *more: str) -> tuple[float, int]:
    """(seconds, peak resident memory in KB) of the command as it is typed, start of Python and all."""
    words = [sys.executable, "-c", CHILD, "import", str(path), "--company", str(company), *more]
    start = time.perf_counter()
    made = subprocess.run(words, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if made.returncode:
        raise RuntimeError(f"import: {made.stderr or made.stdout}")
    return took, int(made.stdout.rpartition("peak ")[2])


def _copied(server: str, path: Path) -> float:
    """Seconds of a COPY of the same file into one table of text columns."""
    import psycopg

    with path.open(encoding="utf-8", newline="") as file:
        width = len(next(csv.reader(file, delimiter=";")))
    columns = ", ".join(f"c{place} text" for place in range(width))
    with psycopg.connect(server) as connection:
        connection.execute(f"CREATE TEMP TABLE bare ({columns})".encode())
        start = time.perf_counter()
        with connection.cursor().copy(b"COPY bare FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)") as copy:
            copy.write(path.read_bytes())
        connection.commit()
        return time.perf_counter() - start
