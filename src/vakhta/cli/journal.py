"""`vakhta journal verify | anchor | print | looks`: is it whole, its signed head, its print-out, who saw whose card."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from vakhta.cli.main import Mistake, anchor_key, setup_service
from vakhta.kernel.reasons import reason

FORMATS = ("pdf", "xlsx", "csv")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("journal", help="проверить и напечатать журнал")
    what = parser.add_subparsers(dest="what", metavar="ДЕЙСТВИЕ", required=True)
    verify = what.add_parser(
        "verify", help="цел ли журнал: изменённая, удалённая, вставленная, отрезанная запись"
    )
    verify.add_argument(
        "--anchor", metavar="FILE", help="файл отметки: из папки anchors или сделанный vakhta journal anchor"
    )
    anchor = what.add_parser("anchor", help="заверить конец журнала ключом вне базы")
    anchor.add_argument("file", metavar="FILE")
    printed = what.add_parser("print", help="напечатать журнал за дни")
    looks = what.add_parser(
        "looks", help="кто открывал карточки, печатал заявки, сохранял списки: CSV за дни"
    )
    for parser in (printed, looks):
        parser.add_argument(
            "--from", dest="since", required=True, metavar="ДАТА", help="первый день, например 2026-11-01"
        )
        parser.add_argument(
            "--to", dest="until", required=True, metavar="ДАТА", help="последний день, включительно"
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="куда; без него — на стандартный вывод")
    printed.add_argument("--company", type=int, metavar="N", help="только эта организация (номер)")
    printed.add_argument("--centre", type=int, metavar="N", help="диспетчерская (номер), когда их несколько")
    printed.add_argument("--format", choices=FORMATS, default="pdf")


def run(args: argparse.Namespace) -> int:
    if args.what in ("print", "looks"):
        since, until = _day(args.since, "--from"), _day(args.until, "--to")
        if until < since:
            raise Mistake("--to раньше, чем --from.")
        _find_service()
        return _print(args, since, until) if args.what == "print" else _looks(args, since, until)
    _find_service()
    return _verify(args) if args.what == "verify" else _anchor(args)


def _find_service() -> None:
    """Settings and database."""
    find_demo()
    setup_service()


def find_demo() -> None:
    """Without DATABASE_URL the demo of VAKHTA_DATA_DIR is meant: its keys lie in its folder, its database must
    be running."""
    folder = demo_folder()
    if folder is not None:
        os.environ.update(_demo(folder))


def demo_folder() -> Path | None:
    """The folder of the demo that is meant where nobody says DATABASE_URL; None when there is none."""
    from vakhta.config.options import WrongOption, read_options, said_options

    try:
        options, (said, _) = read_options(os.environ), said_options(os.environ)
    except WrongOption as error:
        raise Mistake(f"настройки не годятся:\n{error}") from error
    folder = options["VAKHTA_DATA_DIR"] / ("" if "VAKHTA_DATA_DIR" in said else "demo")
    return folder if "DATABASE_URL" not in said and (folder / "postgres").is_dir() else None


def _demo(folder: Path) -> dict[str, str]:
    from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres

    keys = {"VAKHTA_SECRET_KEY": "secret-key", "VAKHTA_ANCHOR_KEY": "anchor-key"}  # nosec B105  # the name of the file that holds it
    found = {
        name: (folder / file).read_text().strip() for name, file in keys.items() if (folder / file).exists()
    }
    server = EmbeddedPostgres(folder / "postgres")
    found |= {"VAKHTA_DEMO": "1", "VAKHTA_DATA_DIR": str(folder)}
    return {**found, "DATABASE_URL": server.url(APP), "VAKHTA_OWNER_DATABASE_URL": server.url(OWNER)}


def _day(text: str, name: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Mistake(f"{name}=«{text}»: нужна дата вида 2026-11-24.") from None
    if not 2000 <= day.year < 2100:
        raise Mistake(f"{name}=«{text}»: нужен год от 2000 до 2099.")
    return day


def _verify(args: argparse.Namespace) -> int:
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.kernel.verify import read_anchor, verify

    anchor = None
    if args.anchor:
        try:
            anchor = read_anchor(Path(args.anchor).read_bytes(), anchor_key())
        except OSError as error:
            raise Mistake(f"файл отметки не читается: {reason(error)}") from error
        except ValueError as error:
            raise Mistake(str(error)) from error
    with reading(Scope.system("verify")):
        verdict = verify(anchor, progress=_progress)
    if verdict.is_whole:
        print(f"Журнал цел: записей {verdict.checked}, отпечаток {verdict.head[:16]}.")
        return 0
    print(
        f"Журнал повреждён. Запись {verdict.entry}: {verdict.problem}. До неё цело записей: {verdict.checked}."
    )
    return 1


def _progress(checked: int) -> None:
    if sys.stderr.isatty():
        print(f"\rпроверено {checked}", end="", file=sys.stderr, flush=True)


def _anchor(args: argparse.Namespace) -> int:
    from vakhta.kernel import clock
    from vakhta.kernel.anchors import write_anchor
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.kernel.verify import make_anchor

    with reading(Scope.system("anchor")):
        anchor = make_anchor(anchor_key(), clock.now())
    try:
        write_anchor(Path(args.file), anchor)
    except OSError as error:
        raise Mistake(f"файл {args.file} не записан: {reason(error)}") from error
    print(f"Отметка: запись {anchor.entry}, отпечаток {anchor.hash[:16]}. Храните файл вне базы.")
    return 0


def _print(args: argparse.Namespace, since: date, until: date) -> int:
    from django.db import DataError

    from vakhta.kernel import clock
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.models import Company
    from vakhta.reports import files
    from vakhta.reports.journal import journal_print

    with reading(Scope.system("print")):
        centre = _centre(args.centre)
        if args.company is not None and not Company.objects.filter(pk=args.company).exists():
            raise Mistake(f"--company={args.company}: такой организации нет.")
        try:
            made = journal_print(since, until, at=clock.now(), company=args.company, centre=centre)
        except DataError as error:
            raise Mistake("запись журнала не читается: проверьте его, vakhta journal verify.") from error
    text = {"pdf": files.to_pdf, "xlsx": files.to_xlsx, "csv": files.to_csv}[args.format](made)
    return _hand_out(args, text, len(made.lines))


def _looks(args: argparse.Namespace, since: date, until: date) -> int:
    """Days are the dispatch centre's own."""
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.reports import looks, tables
    from vakhta.reports.journal import keeper_of

    with reading(Scope.system("print")):
        zone = ZoneInfo(keeper_of().zone)
        first, behind = (datetime.combine(day, time.min, zone) for day in (since, until + timedelta(days=1)))
        rows = list(looks.cells(first, behind))
    return _hand_out(args, tables.to_csv(looks.COLUMNS, rows), len(rows))


def _hand_out(args: argparse.Namespace, text: bytes, lines: int) -> int:
    if args.output:
        _write(Path(args.output), text)
        print(f"Строк: {lines}. Записано: {args.output}")
    else:
        sys.stdout.buffer.write(text)
    return 0


def _centre(chosen: int | None) -> int | None:
    """Each dispatch centre keeps a journal with numbers of its own: several are not printed as one."""
    from vakhta.people.models import Company

    centres = dict(Company.objects.filter(kind="dispatch_centre").values_list("pk", "short_name"))
    if chosen is None and len(centres) < 2:
        return None
    if chosen not in centres:
        known = ", ".join(f"{pk} {name}" for pk, name in centres.items())
        raise Mistake(f"--centre: укажите номер диспетчерской, чей журнал печатать: {known}.")
    return chosen


def _write(path: Path, text: bytes) -> None:
    try:
        path.write_bytes(text)
    except OSError as error:
        raise Mistake(f"файл {path} не записан: {reason(error)}") from error
