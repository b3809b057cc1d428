"""`vakhta import FILE`: houses, flats, accounts and residents out of a company's table."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

from vakhta.cli.main import Mistake
from vakhta.cli.office import find_service, named
from vakhta.cli.processes import stop_by_signal

COLUMNS = ("строка", "столбец", "причина")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("import", help="жилищный фонд из таблицы XLSX, CSV или DBF")
    parser.add_argument("file", metavar="FILE", help="таблица; первая строка — заголовки столбцов")
    parser.add_argument(
        "--company", type=int, metavar="N", help="чей это фонд; номера показывает vakhta company list"
    )
    parser.add_argument("--city", default="", metavar="ГОРОД", help="город домов, если в таблице его нет")
    parser.add_argument(
        "--match", action="append", default=[], metavar="СТОЛБЕЦ=ПОЛЕ", help="какой столбец что значит; пустое поле — пропустить"
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="показать, что изменится, и ничего не менять")
    parser.add_argument("--errors", metavar="FILE", help="куда записать негодные строки (CSV)")


def run(args: argparse.Namespace) -> int:
    said = dict(_pair(text) for text in args.match)
    stop = stop_by_signal()
    find_service()
    from vakhta.imports.columns import FIELDS
    from vakhta.imports.files import opened
    from vakhta.imports.homes import Report, Stock, headings_of, read
    from vakhta.kernel.refusal import Refused
    from vakhta.kernel.tenancy import Scope

    def progress(report: Report) -> bool:
        if sys.stderr.isatty():
            print(f"\rпрочитано строк: {report.rows}", end="", file=sys.stderr, flush=True)
        return not stop.is_set()

    company, city = _company(args.company, args.city)
    path = Path(args.file)
    try:
        with opened(path) as rows:
            match, rest = headings_of(rows, said)
            for code, place in sorted(match.places.items(), key=lambda pair: pair[1]):
                print(f"  {match.headings[place]} → {FIELDS[code].title}")
            if match.unknown:
                print(f"  не нужны: {', '.join(match.unknown)}")
            stock = Stock(company, match, Report(), city)
            scope = Scope.system("import")
            report = read(rest, match, stock, path.name, scope, is_dry=args.dry_run, progress=progress)
    except Refused as error:
        raise Mistake(named(error)) from None
    if sys.stderr.isatty():
        print(file=sys.stderr)
    _say(report, args)
    return 1 if report.bad_rows or report.is_stopped else 0


def _pair(text: str) -> tuple[str, str]:
    heading, sign, code = text.rpartition("=")
    if not sign or not heading.strip():
        raise Mistake(f"--match: «{text}»: нужно СТОЛБЕЦ=ПОЛЕ, например «Лиц. сч.=account».")
    return heading.strip(), code.strip()


def _company(said: int | None, city: str) -> tuple[int, str]:
    """The company that was named, or the only one with a stock of its own; and the city of its houses."""
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.models import CENTRE, Company
    from vakhta.places.models import Building
    from vakhta.places.queries import only_city

    with reading(Scope.system("import")):
        found = list(
            Company.objects.filter(pk=said) if said is not None else Company.objects.exclude(kind=CENTRE)
        )
        if len(found) != 1:
            raise Mistake(
                f"--company: организации № {said} нет." if said is not None else
                "--company: скажите, чей это фонд; номера показывает vakhta company list."
            )  # fmt: skip
        return found[0].pk, city or only_city(Building.objects.filter(company=found[0]))


def _say(report: Any, args: argparse.Namespace) -> None:
    print(f"Строк прочитано: {report.rows}, негодных: {report.bad_rows}.")
    verb = "Добавится" if args.dry_run else "Добавлено"
    added = ", ".join(f"{what} {count}" for what, count in report.added.items() if count)
    print(f"{verb}: {added or 'ничего'}.")
    verb = "Изменится" if args.dry_run else "Изменено"
    changed = ", ".join(f"{what} {count}" for what, count in report.changed.items() if count)
    print(f"{verb}: {changed or 'ничего'}.")
    for example in report.examples:
        print(f"  {example}")
    if report.is_stopped:
        kept = "" if args.dry_run else " Прочитанное записано; повторите, и остальное допишется."
        print(f"Остановлено.{kept}")
    for bad in report.wrong[: 0 if args.errors else 20]:
        print(f"  строка {bad.row}, «{bad.column}»: {bad.reason}")
    if args.errors:
        with Path(args.errors).open("w", encoding="utf-8-sig", newline="") as file:
            written = csv.writer(file, delimiter=";")
            written.writerow(COLUMNS)
            written.writerows((bad.row, bad.column, bad.reason) for bad in report.wrong)
        print(f"Негодные строки: {args.errors}")
