"""Обмен сменами: one asks, the other agrees, the senior approves; only then the rota changes. All inside `acting`."""

from __future__ import annotations

from datetime import date

from vakhta.domain import facts, rotas
from vakhta.domain.rotas import OFF, Cell, RotaRefused
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, require
from vakhta.people.models import Company, Staff

from .models import Shift, Swap
from .rows import around, centre, check, held, said, write


def ask(day: date, other: int, other_day: date) -> Swap:
    """Who acts offers their turn of `day` for the other's of `other_day`. Refused at once when the two could not work
    it. Locks both people."""
    scope = require("shifts.swap")
    company, me = centre(), scope.staff or 0
    if other == me:
        raise Invalid("Меняются с другим человеком: выберите его.", "other")
    known = held(company, {me, other}, "other")
    one, two = (me, day), (other, other_day)
    now = around(known, (day, other_day))
    _swapped(now, one, two, known, company)
    _check_ahead((one, "day"), (two, "other_day"))
    if Swap.objects.filter(staff=me, day=day, state__in=Swap.OPEN).exists():
        raise Conflict("Обмен этой смены уже предложен: дождитесь ответа или отзовите его.")
    row: Swap = Swap.objects.create(
        company=company, staff_id=me, day=day, turn=now[one], other_id=other, other_day=other_day,
        other_turn=now[two], asked_at=journal.moment(),
    )  # fmt: skip
    fact = facts.SwapAsked(
        swap=row.pk, staff=me, day=day.isoformat(), other=other, other_day=other_day.isoformat()
    )
    journal.record(fact, company=company.pk)
    return row


def agree(swap: int) -> Swap:
    """The other one agrees."""
    scope = require("shifts.swap")
    row = _open(swap)
    if row.other_id != scope.staff:
        raise Forbidden("Согласие даёт тот, с кем меняются.")
    if row.state != "asked":
        raise Conflict("Вы уже согласились: обмен ждёт старшего.")
    _set(row, "agreed", facts.SwapAgreed(swap=row.pk, staff=row.other_id))
    return row


def approve(swap: int) -> Swap:
    """The senior agrees: the days change hands, if they are still as they were when it was asked. Locks both people."""
    require("shifts.plan")
    company, row = centre(), _open(swap)
    if row.state != "agreed":
        raise Conflict("Сменщик ещё не согласился: утверждать рано.")
    known = held(company, {row.staff_id, row.other_id}, "other")
    one, two = (row.staff_id, row.day), (row.other_id, row.other_day)
    now = around(known, (row.day, row.other_day))
    if (now.get(one, OFF), now.get(two, OFF)) != (row.turn, row.other_turn):
        raise Conflict("График с тех пор изменился: отклоните обмен и предложите заново.")
    _check_ahead((one, "day"), (two, "other_day"))
    after = _swapped(now, one, two, known, company)
    cells = [(cell, turn) for cell, turn in after.items() if turn != now.get(cell, OFF)]
    write(company, cells, "swap")
    _set(row, "done", facts.SwapApproved(swap=row.pk))
    for (person, day), turn in sorted(cells):
        fact = facts.ShiftChanged(
            staff=person,
            day=day.isoformat(),
            turn_before=now.get((person, day), OFF),
            turn_after=turn,
            why="swap",
        )
        journal.record(fact, company=company.pk)
    return row


def decline(swap: int) -> Swap:
    """By the other one; whoever asked takes it back."""
    scope = require("shifts.swap")
    row = _open(swap)
    if scope.staff not in (row.staff_id, row.other_id):
        raise Forbidden("Отказаться от обмена могут те, кто меняется.")
    _set(row, "declined", facts.SwapDeclined(swap=row.pk))
    return row


def reject(swap: int) -> Swap:
    """By the senior."""
    require("shifts.plan")
    row = _open(swap)
    _set(row, "declined", facts.SwapDeclined(swap=row.pk))
    return row


def _open(swap: int) -> Swap:
    row: Swap | None = Swap.objects.select_for_update().filter(pk=swap, company=centre()).first()
    if row is None:
        raise NotFound("Такого обмена нет.")
    if row.state not in Swap.OPEN:
        raise Conflict("Этот обмен уже решён.")
    return row


def _set(row: Swap, state: str, fact: facts.Fact) -> None:
    row.state = state
    row.save(update_fields=["state"])
    journal.record(fact, company=row.company_id)


def _swapped(
    now: rotas.Plan, one: Cell, two: Cell, known: dict[int, Staff], company: Company
) -> dict[Cell, str]:
    try:
        after = rotas.swapped(now, one, two)
    except RotaRefused as refused:
        is_mine = (refused.person, refused.day) in (one, (two[0], one[1]))
        raise said(refused, known, "day" if is_mine else "other_day") from None
    check(after, known, company.zone, "other_day")
    return after


def _check_ahead(*cells: tuple[Cell, str]) -> None:
    """What has begun changes hands no more. One query for each."""
    for (person, day), field in cells:
        if not Shift.objects.filter(staff=person, day=day, since__gt=journal.moment()).exists():
            raise Invalid("Эта смена уже началась: меняются только будущими.", field)
