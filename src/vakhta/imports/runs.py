"""A table on its way in, step by step: brought, its columns matched, looked at, loaded or stopped; of an old journal
taken back too.

The verbs run inside `kernel.journal.acting`. `work` is the worker's: it reads one waiting table in transactions of
its own. A worker that dies leaves the table to another one, which begins anew: what was read stands and is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

import psycopg
import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import Error, OperationalError
from django.db.models import Q
from django.utils.translation import gettext

from vakhta.kernel import files, journal
from vakhta.kernel.claims import NOBODY, Owner, dead
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, Refused, check, clean, require
from vakhta.kernel.sessions import address
from vakhta.kernel.tenancy import Scope, current_scope
from vakhta.people.models import HOUSING, Company
from vakhta.tickets import old
from vakhta.tickets.models import OldJournal

from .columns import OLD_TICKETS, STOCK, Table, match
from .files import opened, sheets
from .homes import StockBook
from .models import ImportRun
from .old import OldBook, Source
from .reading import Report, headings_of, read_sheets

SAMPLES = 3
"""Rows that are shown under the headings."""
KEPT_FOR = timedelta(days=7)
"""So long the file and the words in it are kept after the end of a run."""
KEPT_WRONG = 1000
TABLES: dict[str, Table] = {"stock": STOCK, "tickets": OLD_TICKETS}
"""Kind of a run → what its table has."""
log = structlog.get_logger("vakhta.imports")


def bring(
    company: int,
    uploaded: UploadedFile[Any],
    city: str = "",
    kind: str = "stock",
    *,
    keeps_unknown: bool = False,
) -> ImportRun:
    """A file of a company; its headings are read at once, so that what is no table is refused now."""
    require("stock.load" if kind == "stock" else "ticket.carry_over")
    if kind not in TABLES:
        raise Invalid("Выберите, что в таблице: жилищный фонд или прежний журнал.", "kind")
    office = Company.objects.filter(pk=company, kind__in=HOUSING).first()
    if office is None:
        raise Invalid("Выберите организацию, чья это таблица.", "company")
    city = clean(city, "city", "Город", limit=60)
    name = _name(uploaded.name or "")
    stored = files.store(uploaded, kinds=files.TABLES)
    headings, samples = _looked_into(stored.digest, name, TABLES[kind])
    made: ImportRun = ImportRun.objects.create(
        company=office,
        staff_id=current_scope().staff,
        kind=kind,
        keeps_unknown=keeps_unknown and kind == "tickets",
        name=name,
        digest=stored.digest,
        city=city,
        headings=headings,
        samples=samples,
        made_at=journal.current_unit().at,
    )
    return made


def _name(said: str) -> str:
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", said.replace("\\", "/").rpartition("/")[2])
    return name[-200:].strip(" .") or "таблица"


def _looked_into(digest: str, name: str, table: Table) -> tuple[list[str], list[list[str]]]:
    """Headings and the first rows, of a book those of the first sheet that is such a table; of a table
    without headings that we know, the first row is taken for them."""
    with sheets(files.path_of(digest), name) as found:
        for _title, rows in found:
            try:
                known, rest = headings_of(rows, None, table)
                return list(known.headings), _samples(rest)
            except Invalid as error:
                if error.field != "match" and not _title:
                    raise
    with opened(files.path_of(digest), name) as rows:
        filled = ((number, row) for number, row in rows if any(row))
        first = next(filled, None)
        if first is None:
            raise Invalid("В файле нет ни одной строки: проверьте, тот ли это файл.", "file")
        return list(first[1]), _samples(filled)


def _samples(rows: Iterable[tuple[int, Sequence[str]]]) -> list[list[str]]:
    return [[cell[:60] for cell in row] for _number, row in islice(rows, SAMPLES)]


def look(run: int, said: Mapping[str, str], city: str = "", *, keeps_unknown: bool = False) -> ImportRun:
    """The columns as somebody says them, then a dry run that tells what would change."""
    row = _the_run(run, *_RESTING)
    row.keeps_unknown = keeps_unknown and row.kind == "tickets"
    row.said = {heading: code for heading, code in said.items() if heading and heading in row.headings}
    row.city = clean(city, "city", "Город", limit=60)
    match(0, row.headings, row.said, TABLES[row.kind])
    return _queue(row, is_dry=True)


def load(run: int) -> ImportRun:
    """For real. Only what was looked at, so that nobody loads what they have not seen."""
    return _queue(_the_run(run, "looked", "stopped", "done"), is_dry=False)


def stop(run: int) -> ImportRun:
    """What is read already stands; the rest waits for another start."""
    row = _the_run(run, *ImportRun.WAITING)
    row.wants_stop = True
    if row.state == "queued":
        row.state, row.ended_at = "stopped", journal.current_unit().at
    row.save(update_fields=["wants_stop", "state", "ended_at"])
    return row


def take_back(run: int, reason: str) -> ImportRun:
    """All that was carried over from this file, whenever: a worker does it, as it may take long. Refused at once when
    somebody has worked with one of the tickets."""
    row = _the_run(run, *_RESTING, needs_file=False)
    if row.old_journal_id is None:
        raise Conflict("Из этой таблицы ничего не перенесено: отменять нечего.")
    reason = clean(reason, "reason", "Почему", limit=300, required=True)
    old.check_untouched(row.old_journal_id)
    return _queue(row, is_dry=False, back_reason=reason)


def drop(run: int) -> None:
    """Takes the run and its file off the list."""
    row = _the_run(run, *_RESTING)
    if row.old_journal_id is not None:
        raise Conflict(
            "Из этой таблицы перенесены заявки: она остаётся в списке, чтобы перенос можно было отменить."
        )
    row.delete()


_RESTING = ("match", "looked", "done", "stopped", "failed", "back")


def _the_run(run: int, *states: str, needs_file: bool = True) -> ImportRun:
    require("stock.load")
    row: ImportRun | None = ImportRun.objects.select_for_update(of=("self",)).filter(pk=run).first()
    if row is None:
        raise NotFound("Такой загрузки нет.")
    if row.state not in states:
        raise Conflict(
            "Загрузка «%(name)s»: %(state)s. Обновите страницу.",
            name=row.name,
            state=gettext(row.get_state_display()),
        )
    if not row.digest and needs_file:
        raise Conflict("Файл этой загрузки уже удалён: прошла неделя. Загрузите его ещё раз.")
    return row


def _queue(row: ImportRun, *, is_dry: bool, back_reason: str = "") -> ImportRun:
    row.state, row.is_dry, row.wants_stop, row.owner = "queued", is_dry, False, NOBODY
    row.back_reason = back_reason
    row.message, row.ended_at, row.staff_id = "", None, current_scope().staff or row.staff_id
    _show(row, Report())
    row.save()
    return row


def _show(row: ImportRun, report: Report) -> None:
    row.rows, row.bad_rows = report.rows, report.bad_rows
    for name in ("added", "changed", "notes"):
        setattr(row, name, {what: count for what, count in getattr(report, name).items() if count})
    row.examples = list(report.examples)
    row.wrong = [[bad.row, bad.column, bad.reason, bad.sheet] for bad in report.wrong[:KEPT_WRONG]]


# ── The worker's ─────────────────────────────────────────────────────────────────────────────


def work(owner: Owner, has_to_end: Callable[[], bool]) -> int:
    """Reads one waiting table, if there is one; returns how many. A table whose reader has died is read anew."""
    row = _claim(owner)
    if row is None:
        return 0
    report = Report()
    try:
        _read(row, report, has_to_end)
    except Refused as error:
        _end(row, report, "failed", error.message)
        return 1
    except Error:
        raise
    except psycopg.Error as error:
        raise OperationalError(str(error)) from error
    except Exception:
        log.exception("import_failed", run=row.pk)
        _end(
            row,
            report,
            "failed",
            "Таблица не прочитана до конца: внутренняя ошибка, сообщите администратору сервера.",
        )
        return 1
    if row.back_reason:
        _end(row, report, "back", "")
    elif not report.is_stopped:
        _end(row, report, "looked" if row.is_dry else "done", "")
    elif has_to_end():
        _end(row, report, "queued", "")
    else:
        _end(row, report, "stopped", "")
    return 1


def _claim(owner: Owner) -> ImportRun | None:
    number = owner.stand()
    with acting(Scope.system("imports")):
        waiting = list(
            ImportRun.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(Q(state="queued") | Q(state="running"))
            .order_by("id")[:20]
        )
        # What stands under our own number was left when the database went in the middle of it.
        gone = dead({row.owner for row in waiting if row.state == "running"} - {NOBODY}) | {number, NOBODY}
        row = next((row for row in waiting if row.state == "queued" or row.owner in gone), None)
        if row is not None:
            row.state, row.owner, row.rows, row.bad_rows = "running", number, 0, 0
            row.save(update_fields=["state", "owner", "rows", "bad_rows"])
    return row


def _read(row: ImportRun, report: Report, has_to_end: Callable[[], bool]) -> None:
    """In the scope of whoever started it: the journal says who changed the stock."""
    scope = Scope(
        companies=frozenset({row.company_id}),
        actor=f"staff/{row.staff_id}" if row.staff_id else "system/imports",
        role="administrator",
        staff=row.staff_id,
    )
    check(scope, "stock.load")
    if row.back_reason:
        with acting(scope):
            assert row.old_journal_id is not None
            report.changed["заявки"] = old.take_back(row.old_journal_id, row.back_reason)
        return
    path = files.path_of(row.digest)
    with _Aside(row.pk) as aside:

        def goes_on(told: Report) -> bool:
            return not aside.says_stop(told) and not has_to_end()

        if row.kind == "tickets":
            source = Source(
                company=row.company_id, name=row.name, digest=row.digest, keeps_unknown=row.keeps_unknown
            )
            book = OldBook(source, report, row.said)
            with sheets(path, row.name) as found:
                read_sheets(found, book.sheet, report, row.name, scope, is_dry=row.is_dry, progress=goes_on)
        else:
            stock = StockBook(row.company_id, report, row.city, row.said)
            with sheets(path, row.name) as found:
                read_sheets(found, stock.sheet, report, row.name, scope, is_dry=row.is_dry, progress=goes_on)


class _Aside:
    """Tells how far a reading is and hears of a stop, beside the transaction that a dry run takes back."""

    def __init__(self, run: int) -> None:
        self._run = run

    def __enter__(self) -> _Aside:
        self._session = psycopg.connect(**address(), prepare_threshold=None)
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    def says_stop(self, report: Report) -> bool:
        with self._session.transaction():
            self._session.execute("SELECT set_config('vakhta.scope', '*', true)")
            row = self._session.execute(
                "UPDATE imports_importrun SET rows = %s, bad_rows = %s WHERE id = %s RETURNING wants_stop",
                [report.rows, report.bad_rows, self._run],
            ).fetchone()
        return row is None or bool(row[0])


def _end(row: ImportRun, report: Report, state: str, message: str) -> None:
    with acting(Scope.system("imports")) as unit:
        _show(row, report)
        row.state, row.message, row.owner = state, message[:500], NOBODY
        row.ended_at = None if state == "queued" else unit.at
        if state in ("looked", "done"):
            row.total = report.rows
        if state == "back":
            row.total = 0
        if state != "queued":
            row.back_reason = ""
        if row.kind == "tickets" and row.digest:
            row.old_journal = OldJournal.objects.filter(company_id=row.company_id, digest=row.digest).first()
        row.save(
            update_fields=["state", "message", "owner", "ended_at", "total", "rows", "bad_rows", "added", "changed",
                           "notes", "examples", "wrong", "back_reason", "old_journal"]
        )  # fmt: skip


def tidy() -> int:
    """Drops the files and words of runs that ended a week ago; returns how many. Inside `acting`."""
    before = journal.current_unit().at - KEPT_FOR
    return _forget(Q(ended_at__lt=before) | Q(ended_at=None, made_at__lt=before))


def forget(companies: Collection[int]) -> int:
    """The same of all runs of these companies that wait for nobody: a person of theirs is erased."""
    return _forget(Q(company_id__in=companies))


def _forget(which: Q) -> int:
    """The file goes with the next sweep: no row names it any more."""
    rows = ImportRun.objects.filter(which).exclude(digest="").exclude(state__in=ImportRun.WAITING)
    return int(rows.update(digest="", samples=[], examples=[], wrong=[]))
