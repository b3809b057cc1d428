"""One act on many tickets: the verbs that stand for one ticket, each ticket in a transaction of its own.

Not all in one: a hundred tickets under one change would hold a hundred rows, and the journal's lock at its end, against
everybody else, and one refusal would lose the work on the others. So what is refused is listed with its reason and what
worked stays. A ticket that somebody has moved since it was chosen is refused: of two people one wins, the other is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db.models import Count

from vakhta.domain.norms import PAUSE_REASONS
from vakhta.domain.regulations import NORMS
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, Refused, clean, require
from vakhta.kernel.tenancy import Scope, current_scope
from vakhta.people.models import Staff
from vakhta.tickets import actions as tickets
from vakhta.tickets import changes
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.rows import UNDO_FOR, said_of, the_ticket

from . import actions as crews
from .models import BulkItem, BulkRun, Crew

MOST = 1_000
"""Tickets of one act: more is no choice that anybody has looked at."""
KEPT_FOR = timedelta(days=1)
AT_ONCE = 0.8
"""seconds of work for one answer: then the page says how far it is and goes on"""


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is to be done. Of `crew`, `why`, `until` and `text` what the act needs."""

    what: str
    crew: int | None = None
    why: str = ""
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True)
class Verb:
    needs: str
    """The verb of `domain.permissions`."""
    do: Callable[[BulkRun, int], object]
    undo: Callable[[int, int], object]
    """Ticket, journal entry."""
    kind: str
    """Of the facts that are taken back."""
    takes: tuple[str, ...] = ()
    """What of an `Act` it is done with; a form of several acts sends the fields of all of them."""
    is_about_what_was_seen: bool = True
    """Refused when somebody has moved the ticket since it was chosen."""


def _pause(run: BulkRun, ticket: int) -> None:
    """Every running clock whose norm allows the reason."""
    clocks = Clock.objects.filter(
        subject=f"ticket/{ticket}", stopped_at=None, is_paused=False, is_ended=False
    )
    able = [row.norm for row in clocks if row.norm in NORMS and run.why in NORMS[row.norm].pausable]
    if not able:
        raise Conflict("У заявки нет идущего срока, который закон разрешает приостановить по этой причине.")
    for norm in able:
        changes.pause_clock(ticket, norm, run.why, run.text, until=run.until)


VERBS: dict[str, Verb] = {
    "assign": Verb(
        "work.assign",
        lambda run, ticket: crews.assign_ticket(ticket, crew=run.crew_id, reason=run.text),
        crews.undo_assignment,
        "HandedOver",
        ("crew", "text"),
    ),
    "take_back": Verb(
        "work.assign",
        lambda run, ticket: crews.take_back(ticket, reason=run.text),
        crews.undo_take_back,
        "WorkWithdrawn",
        ("text",),
    ),
    "comment": Verb(
        "ticket.comment",
        lambda run, ticket: crews.answer(ticket, run.text),
        tickets.undo_comment,
        "CommentAdded",
        ("text",),
        is_about_what_was_seen=False,
    ),
    "void": Verb(
        "ticket.void",
        lambda run, ticket: changes.void_ticket(ticket, run.text),
        changes.undo_end,
        "TicketVoided",
        ("text",),
    ),
    "pause": Verb("ticket.correct", _pause, changes.undo_pause, "ClockPaused", ("why", "until", "text")),
}


# ── Beginning ────────────────────────────────────────────────────────────────────────────────


def begin(act: Act, chosen: Sequence[tuple[int, int | None]]) -> BulkRun:
    """A run over the `chosen` tickets: id, and version as it was seen (None: as it stands now). Inside `acting`; does
    nothing to them yet. What is wrong with the act itself is refused here, once for all."""
    verb = VERBS.get(act.what)
    if verb is None:
        raise NotFound("Такого действия над списком нет.")
    scope = require(verb.needs)
    rows = Ticket.objects.filter(pk__in=[pk for pk, _version in chosen[: MOST + 1]]).only(
        "pk", "company_id", "version"
    )
    found = {row.pk: row for row in rows}
    if not chosen:
        raise Invalid("Выберите хотя бы одну заявку: пробелом в строке или отметкой мышью.", "ticket")
    if not found:
        raise NotFound("Такой заявки нет.")
    text = _checked(act)
    if len(chosen) > MOST:
        raise Invalid("За раз можно не больше %(most)s заявок: сузьте отбор.", "ticket", most=MOST)
    me = Staff.objects.filter(pk=scope.staff).first()
    if me is None:
        raise NotFound("Это делает сотрудник.")
    at = journal.current_unit().at
    BulkRun.objects.filter(staff=me, made_at__lt=at - KEPT_FOR).delete()
    run: BulkRun = BulkRun.objects.create(
        company_id=me.company_id, staff=me, what=act.what, crew_id=act.crew, why=act.why, until=act.until,
        text=text, made_at=at,
    )  # fmt: skip
    BulkItem.objects.bulk_create(
        BulkItem(
            company_id=found[pk].company_id,
            run=run,
            ticket_id=pk,
            version=found[pk].version if seen is None else seen,
        )
        for pk, seen in dict(chosen).items()
        if pk in found
    )
    return run


def _checked(act: Act) -> str:
    """Words, crew and reason, refused before anything begins."""
    if act.what == "assign" and not Crew.objects.filter(pk=act.crew, is_active=True).exists():
        raise Invalid("Выберите бригаду.", "crew")
    if act.what == "pause":
        if act.why not in PAUSE_REASONS:
            raise Invalid("Выберите, почему срок стоит.", "why")
        if act.until is not None and act.until <= journal.current_unit().at:
            raise Invalid("Согласованное время уже прошло: укажите будущее.", "until")
    limits = {
        "assign": ("Почему", 500, False),
        "take_back": ("Почему", 500, False),
        "comment": ("Комментарий", 4000, True),
        "void": ("Причина", 500, True),
        "pause": ("Пояснение", 500, False),
    }
    if act.what not in limits:
        return ""
    title, limit, is_required = limits[act.what]
    return clean(act.text, "text", title, limit=limit, required=is_required)


# ── Going on ─────────────────────────────────────────────────────────────────────────────────


def go_on(pk: int, scope: Scope, *, for_so_long: float = AT_ONCE) -> None:
    """Works on the run until it is done, stopped, or `for_so_long` seconds have passed; at least one ticket is done.
    Outside of any transaction. Two pages that go on with one run share its tickets."""
    end = monotonic() + for_so_long
    while _one(pk, scope) and monotonic() < end:
        pass


def _one(pk: int, scope: Scope) -> bool:
    """The next ticket of the run, done or undone; False when there is none."""
    item = 0
    try:
        with acting(scope) as unit:
            run = my_run(pk)
            found = _next(run)
            if found is None:
                return False
            item = found.pk
            if run.is_undoing:
                _undo(run, found)
            else:
                _do(run, found)
                found.at = unit.at
            found.state = "undone" if run.is_undoing else "done"
            found.save(update_fields=["state", "at"])
    except Refused as error:
        if not item:
            raise
        with acting(scope):
            for waiting, ended in (("waiting", "refused"), ("done", "kept")):
                BulkItem.objects.filter(pk=item, state=waiting).update(
                    state=ended, message=error.message[:500]
                )
    return True


def _next(run: BulkRun) -> BulkItem | None:
    """Locked until commit; the one that another page works on is passed over."""
    if run.is_stopped:
        return None
    waiting = "done" if run.is_undoing else "waiting"
    item: BulkItem | None = (
        run.items.select_for_update(skip_locked=True).filter(state=waiting).order_by("pk").first()
    )
    return item


def _do(run: BulkRun, item: BulkItem) -> None:
    verb = VERBS[run.what]
    require(verb.needs)
    row = the_ticket(item.ticket_id)
    if verb.is_about_what_was_seen and row.version != item.version:
        raise Conflict(
            "Пока вы выбирали, заявку изменил кто-то другой: теперь она %(state)s. Посмотрите её и решите ещё раз.",
            **said_of(row),
        )
    verb.do(run, row.pk)


def _undo(run: BulkRun, item: BulkItem) -> None:
    """The facts of the act are those of its kind that the person recorded at its moment."""
    verb = VERBS[run.what]
    actor = current_scope().actor
    made = [
        record.entry
        for record in journal.history(f"ticket/{item.ticket_id}")
        if (record.recorded_at, record.actor, record.fact.kind) == (item.at, actor, verb.kind)
    ]
    if not made:
        raise Conflict("Отменять уже нечего: заявка с тех пор изменилась.")
    for entry in made:
        verb.undo(item.ticket_id, entry)


def my_run(pk: int) -> BulkRun:
    """The acting person's own run; nobody else's is to be seen."""
    run: BulkRun | None = (
        BulkRun.objects.select_related("crew").filter(pk=pk, staff_id=current_scope().staff).first()
    )
    if run is None:
        raise NotFound("Такого действия над списком у вас нет: оно хранится сутки.")
    return run


def stop(pk: int) -> BulkRun:
    """What is done stays; the rest is left, until it is gone on with."""
    return _set(pk, is_stopped=True)


def resume(pk: int) -> BulkRun:
    return _set(pk, is_stopped=False)


def undo(pk: int) -> BulkRun:
    """From here on the run is taken back, ticket by ticket, by `go_on`; what was not begun is left."""
    run = my_run(pk)
    if not run.items.filter(state="done").exists():
        raise Conflict("Отменять нечего: ни одна заявка не изменена или всё уже отменено.")
    if not can_undo(run, journal.current_unit().at):
        raise Conflict("Прошло больше десяти минут: отменить всё сразу уже нельзя.")
    return _set(pk, is_undoing=True, is_stopped=False)


def can_undo(run: BulkRun, now: datetime) -> bool:
    return now - run.made_at <= UNDO_FOR


def _set(pk: int, **changes_: bool) -> BulkRun:
    run = my_run(pk)
    for name, value in changes_.items():
        setattr(run, name, value)
    run.save(update_fields=list(changes_))
    return run


def counted(run: BulkRun) -> dict[str, int]:
    """State → how many tickets of the run. One query."""
    none = dict.fromkeys((state for state, _title in BulkItem.STATES), 0)
    return none | dict(run.items.order_by().values_list("state").annotate(Count("pk")))


def told(run: BulkRun, limit: int = 200) -> list[BulkItem]:
    """Those that were refused, by doing or by undoing. One query."""
    rows = run.items.select_related("ticket").filter(state__in=("refused", "kept"))
    return list(rows.order_by("pk")[:limit])
