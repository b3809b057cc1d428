"""A table on its way into the stock, step by step: brought, its columns matched, looked at, loaded or stopped.

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

from vakhta.domain.permissions import may
from vakhta.kernel import files, journal
from vakhta.kernel.claims import NOBODY, Owner, dead
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, Refused, clean, require
from vakhta.kernel.sessions import address
from vakhta.kernel.tenancy import Scope, current_scope
from vakhta.people.models import CENTRE, Company

from .columns import match
from .files import opened
from .homes import Report, Stock, headings_of, read
from .models import ImportRun

SAMPLES = 3
"""Rows that are shown under the headings."""
KEPT_FOR = timedelta(days=7)
"""So long the file and the words in it are kept after the end of a run."""
KEPT_WRONG = 1000
log = structlog.get_logger("vakhta.imports")


def bring(company: int, uploaded: UploadedFile[Any], city: str = "") -> ImportRun:
    """A file for the stock of a company; its headings are read at once, so that what is no table is refused now."""
    require("stock.load")
    office = Company.objects.filter(pk=company).exclude(kind=CENTRE).first()
    if office is None:
        raise Invalid("Выберите организацию, чей это фонд.", "company")
    city = clean(city, "city", "Город", limit=60)
    name = _name(uploaded.name or "")
    stored = files.store(uploaded, kinds=files.TABLES)
    headings, samples = _looked_into(stored.digest, name)
    made: ImportRun = ImportRun.objects.create(
        company=office,
        staff_id=current_scope().staff,
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


def _looked_into(digest: str, name: str) -> tuple[list[str], list[list[str]]]:
    """Headings and the first rows; of a table without headings that we know, the first row is taken for them."""
    try:
        with opened(files.path_of(digest), name) as rows:
            known, rest = headings_of(rows)
            return list(known.headings), _samples(rest)
    except Invalid as error:
        if error.field != "match":
            raise
    with opened(files.path_of(digest), name) as rows:
        filled = ((number, row) for number, row in rows if any(row))
        _number, headings = next(filled)
        return list(headings), _samples(filled)


def _samples(rows: Iterable[tuple[int, Sequence[str]]]) -> list[list[str]]:
    return [[cell[:60] for cell in row] for _number, row in islice(rows, SAMPLES)]


def look(run: int, said: Mapping[str, str], city: str = "") -> ImportRun:
    """The columns as somebody says them, then a dry run that tells what would change."""
    row = _the_run(run, *_RESTING)
    row.said = {heading: code for heading, code in said.items() if heading and heading in row.headings}
    row.city = clean(city, "city", "Город", limit=60)
    match(0, row.headings, row.said)
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


def drop(run: int) -> None:
    """Takes the run and its file off the list."""
    row = _the_run(run, *_RESTING)
    row.delete()


_RESTING = ("match", "looked", "done", "stopped", "failed")


def _the_run(run: int, *states: str) -> ImportRun:
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
    if not row.digest:
        raise Conflict("Файл этой загрузки уже удалён: прошла неделя. Загрузите его ещё раз.")
    return row


def _queue(row: ImportRun, *, is_dry: bool) -> ImportRun:
    row.state, row.is_dry, row.wants_stop, row.owner = "queued", is_dry, False, NOBODY
    row.message, row.ended_at, row.staff_id = "", None, current_scope().staff or row.staff_id
    _show(row, Report())
    row.save()
    return row


def _show(row: ImportRun, report: Report) -> None:
    row.rows, row.bad_rows = report.rows, report.bad_rows
    row.added = {what: count for what, count in report.added.items() if count}
    row.changed = {what: count for what, count in report.changed.items() if count}
    row.examples = list(report.examples)
    row.wrong = [[bad.row, bad.column, bad.reason] for bad in report.wrong[:KEPT_WRONG]]


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
    if not report.is_stopped:
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
    assert may(scope.role, "stock.load")
    with _Aside(row.pk) as aside, opened(files.path_of(row.digest), row.name) as rows:
        known, rest = headings_of(rows, row.said)
        stock = Stock(row.company_id, known, report, row.city)
        read(
            rest,
            known,
            stock,
            row.name,
            scope,
            is_dry=row.is_dry,
            progress=lambda told: not aside.says_stop(told) and not has_to_end(),
        )


class _Aside:
    """Tells how far a reading is and hears of a stop, beside the transaction that a dry run takes back."""

    def __init__(self, run: int) -> None:
        self._run = run

    def __enter__(self) -> _Aside:
        self._session = psycopg.connect(**address(), connect_timeout=5, prepare_threshold=None)
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
        row.save(
            update_fields=["state", "message", "owner", "ended_at", "total", "rows", "bad_rows", "added", "changed",
                           "examples", "wrong"]
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
