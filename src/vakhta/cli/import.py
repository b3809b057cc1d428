"""`vakhta import FILE`: houses, flats, accounts and residents out of a company's table, or tickets out of the journal
that was kept before."""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from pathlib import Path
from typing import Any

from vakhta.cli.main import Mistake
from vakhta.cli.office import find_service, named
from vakhta.cli.processes import stop_by_signal
from vakhta.kernel.reasons import reason

COLUMNS = ("строка", "столбец", "причина", "лист")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "import", help="жилищный фонд или прежний журнал из таблицы XLSX, CSV или DBF"
    )
    parser.add_argument("file", metavar="FILE", help="таблица; первая строка — заголовки столбцов")
    parser.add_argument(
        "--company", type=int, metavar="N", help="чья это таблица; номера показывает vakhta company list"
    )
    parser.add_argument("--city", default="", metavar="ГОРОД", help="город домов, если в таблице его нет")
    parser.add_argument(
        "--match", action="append", default=[], metavar="СТОЛБЕЦ=ПОЛЕ", help="какой столбец что значит; пустое поле — пропустить"
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="показать, что изменится, и ничего не менять")
    parser.add_argument("--errors", metavar="FILE", help="куда записать негодные строки (CSV)")
    parser.add_argument(
        "--tickets", action="store_true", help="это прежний журнал: перенести его заявки закрытыми"
    )
    parser.add_argument(
        "--without-house", action="store_true", help="переносить и заявки, чей дом не найден: с адресом как написан"
    )  # fmt: skip
    parser.add_argument(
        "--take-back", action="store_true", help="отменить перенос журнала из этого файла целиком"
    )
    parser.add_argument("--reason", default="", metavar="ТЕКСТ", help="почему его отменяют")


def run(args: argparse.Namespace) -> int:
    said = dict(_pair(text) for text in args.match)
    stop = stop_by_signal()
    find_service()
    from vakhta.imports.reading import Report
    from vakhta.kernel.refusal import Refused

    def progress(report: Report) -> bool:
        if sys.stderr.isatty():
            print(f"\rпрочитано строк: {report.rows}", end="", file=sys.stderr, flush=True)
        return not stop.is_set()

    company, city = _company(args.company, args.city)
    path = Path(args.file)
    try:
        if args.take_back:
            return _take_back(company, path, args.reason)
        read = _read_tickets if args.tickets else _read_stock
        report = read(args, company, city, path, said, progress)
    except Refused as error:
        raise Mistake(named(error)) from None
    if sys.stderr.isatty():
        print(file=sys.stderr)
    _say(report, args)
    return 1 if report.wrong or report.is_stopped else 0


def _read_stock(
    args: argparse.Namespace, company: int, city: str, path: Path, said: dict[str, str], progress: Any
) -> Any:
    from vakhta.imports.homes import StockBook
    from vakhta.imports.reading import Report
    from vakhta.kernel.tenancy import Scope

    return _read_book(
        StockBook(company, Report(), city, said), path, Scope.system("import"), args.dry_run, progress
    )


def _read_tickets(
    args: argparse.Namespace, company: int, city: str, path: Path, said: dict[str, str], progress: Any
) -> Any:
    from vakhta.imports.old import OldBook, Source
    from vakhta.imports.reading import Report

    source = Source(company=company, name=path.name, digest=_digest(path), keeps_unknown=args.without_house)
    return _read_book(OldBook(source, Report(), said), path, _only(company), args.dry_run, progress)


def _read_book(book: Any, path: Path, scope: Any, is_dry: bool, progress: Any) -> Any:
    """Every sheet of a file that is such a table; the report of all."""
    from vakhta.imports.files import sheets
    from vakhta.imports.reading import read_sheets

    def into(title: str, rows: Any) -> Any:
        sheet, rest = book.sheet(title, rows)
        if title:
            print(f"лист «{title}»:")
        _say_columns(sheet.match)
        return sheet, rest

    with sheets(path) as found:
        return read_sheets(found, into, book.report, path.name, scope, is_dry=is_dry, progress=progress)


def _take_back(company: int, path: Path, reason: str) -> int:
    from vakhta.kernel.journal import acting
    from vakhta.tickets.models import OldJournal
    from vakhta.tickets.old import take_back

    with acting(_only(company)):
        found = OldJournal.objects.filter(company_id=company, digest=_digest(path)).first()
        if found is None:
            raise Mistake("--take-back: из этого файла ничего не перенесено (или файл с тех пор изменён).")
        count = take_back(found.pk, reason)
    print(f"Перенос отменён, заявок: {count}.")
    return 0


def _only(company: int) -> Any:
    """An administrator's own command, and no other company's houses."""
    from vakhta.kernel.tenancy import Scope

    return Scope(companies=frozenset({company}), actor="system/import", role="administrator")


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Mistake(f"Файл не читается: {reason(error)}.") from error


def _say_columns(match: Any) -> None:
    for code, place in sorted(match.places.items(), key=lambda pair: pair[1]):
        print(f"  {match.headings[place]} → {match.table.fields[code].title}")
    if match.unknown:
        print(f"  не нужны: {', '.join(match.unknown)}")


def _pair(text: str) -> tuple[str, str]:
    heading, sign, code = text.rpartition("=")
    if not sign or not heading.strip():
        raise Mistake(f"--match: «{text}»: нужно СТОЛБЕЦ=ПОЛЕ, например «Лиц. сч.=Лицевой счёт».")
    return heading.strip(), code.strip()


def _company(said: int | None, city: str) -> tuple[int, str]:
    """The company that was named, or the only one that is served now and has a stock of its own, as the page offers
    them; and the city of its houses."""
    from vakhta.kernel.clock import today
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.access import centre_of
    from vakhta.people.models import HOUSING, Company
    from vakhta.places.models import Building
    from vakhta.places.queries import only_city

    with reading(Scope.system("import")):
        if said is None:
            with_stock = Company.objects.filter(kind__in=HOUSING)
            found = [row for row in with_stock if centre_of(row.pk, today()) != row.pk]
            if len(found) != 1:
                raise Mistake("--company: скажите, чей это фонд; номера показывает vakhta company list.")
            office = found[0]
        else:
            named_one = Company.objects.filter(pk=said).first()
            if named_one is None:
                raise Mistake(f"--company: организации № {said} нет.")
            office = named_one
        if office.kind not in HOUSING:
            raise Mistake(
                f"--company: № {office.pk} {office.name} ({office.get_kind_display().lower()}) своих домов не имеет. Назовите "
                "организацию, чьи это дома; номера показывает vakhta company list."
            )
        if centre_of(office.pk, today()) == office.pk:
            raise Mistake(
                f"--company: № {office.pk} {office.name} сегодня не обслуживается: договора нет, он кончился или ещё не "
                "начался. Договоры показывает vakhta company list."
            )
        return office.pk, city or only_city(Building.objects.filter(company=office))


def _say(report: Any, args: argparse.Namespace) -> None:
    print(f"Строк прочитано: {report.rows}, негодных: {report.bad_rows}.")
    verb = "Добавится" if args.dry_run else "Добавлено"
    added = ", ".join(f"{what} {count}" for what, count in report.added.items() if count)
    print(f"{verb}: {added or 'ничего'}.")
    verb = "Изменится" if args.dry_run else "Изменено"
    changed = ", ".join(f"{what} {count}" for what, count in report.changed.items() if count)
    print(f"{verb}: {changed or 'ничего'}.")
    for what, count in report.notes.items():
        if count:
            print(f"{what[:1].upper()}{what[1:]}: {count}.")
    for example in report.examples:
        print(f"  {example}")
    if report.is_stopped:
        kept = "" if args.dry_run else " Прочитанное записано; повторите, и остальное допишется."
        print(f"Остановлено.{kept}")
    for bad in report.wrong[: 0 if args.errors else 20]:
        print(f"  {': '.join(filter(None, (_where(bad), bad.reason)))}")
    if args.errors:
        with Path(args.errors).open("w", encoding="utf-8-sig", newline="") as file:
            written = csv.writer(file, delimiter=";")
            written.writerow(COLUMNS)
            written.writerows((bad.row or "", bad.column, bad.reason, bad.sheet) for bad in report.wrong)
        print(f"Негодные строки: {args.errors}")


def _where(bad: Any) -> str:
    """«лист «Март», строка 15, «Дата»»; a remark on a sheet has no row, a row that is not told apart no column."""
    sheet = f"лист «{bad.sheet}»" if bad.sheet else ""
    row = f"строка {bad.row}" if bad.row else ""
    column = f"«{bad.column}»" if bad.column else ""
    return ", ".join(filter(None, (sheet, row, column)))
