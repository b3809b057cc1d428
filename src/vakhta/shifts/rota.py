"""The rota of a month: planned from patterns in one change, then changed day by day. All inside `acting`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vakhta.domain import facts, rotas
from vakhta.domain.rotas import OFF, PATTERNS, TURNS
from vakhta.kernel import clock, journal
from vakhta.kernel.refusal import Invalid, require

from .models import Rota, Shift
from .rows import around, centre, check, held, plan, write

BACK = timedelta(days=366)
"""So long ago a pattern may have begun."""
PAST = timedelta(days=62)
"""So long a day can be put right afterwards: two periods of pay."""
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Line:
    """A person's month: by which pattern, from which day on."""

    staff: int
    pattern: str
    first: date


def next_month(month: date) -> date:
    """The first day of the month behind."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def make(month: date, lines: Sequence[Line]) -> int:
    """Plans the month of these people anew; returns how many shifts it has. What has begun and what was changed by
    hand stays. Locks the people. Raises `Invalid` and changes nothing when somebody could not work it: all or none.
    Five queries and one for each person."""
    require("shifts.plan")
    company, month = centre(), month.replace(day=1)
    after, now = next_month(month), journal.moment()
    if not lines:
        raise Invalid("Выберите порядок смен хотя бы для одного человека.", "pattern")
    for line in lines:
        _check_line(line, month, after)
    known = held(company, {line.staff for line in lines}, "staff")
    rows = Shift.objects.filter(staff__in=known, day__gte=month, day__lt=after)
    rows.filter(why="", since__gt=now).delete()
    stays = {(row.staff_id, row.day) for row in rows}
    made = []
    for line in lines:
        for day, turn in rotas.laid(line.pattern, line.first, month, after).items():
            if turn != OFF and (line.staff, day) not in stays:
                each = rotas.shift(line.staff, day, turn, company.zone)
                if each.since > now:
                    made.append(each)
    planned = {(each.person, each.day): each.turn for each in made}
    check({**around(known, (month, after)), **planned}, known, company.zone, "first")
    Shift.objects.bulk_create(
        Shift(
            company=company,
            staff_id=each.person,
            day=each.day,
            turn=each.turn,
            since=each.since,
            until=each.until,
        )
        for each in made
    )
    for line in lines:
        Rota.objects.update_or_create(
            staff_id=line.staff,
            month=month,
            defaults={"company": company, "pattern": line.pattern, "first": line.first},
        )
        fact = facts.RotaMade(
            staff=line.staff,
            month=f"{month:%Y-%m}",
            pattern=line.pattern,
            first=line.first.isoformat(),
            shifts=sum(each.person == line.staff for each in made),
        )
        journal.record(fact, company=company.pk)
    return len(made)


def _check_line(line: Line, month: date, after: date) -> None:
    if line.pattern not in PATTERNS:
        raise Invalid("Такого порядка смен нет: выберите из списка.", "pattern")
    if not month - BACK <= line.first < after:
        raise Invalid("Первый день должен быть в этом месяце или раньше, не больше чем на год.", "first")


def change(staff: int, day: date, turn: str, why: str) -> None:
    """One day of one person: off sick, on leave, an extra or another turn. Locks the person. Seven queries."""
    require("shifts.plan")
    company, today = centre(), clock.today(journal.moment())
    if turn != OFF and turn not in TURNS:
        raise Invalid("Такой смены нет: выберите из списка.", "turn")
    if why not in dict(Shift.CHANGES) or why == "swap":
        raise Invalid("Выберите, почему меняется день.", "why")
    if (turn == OFF) != (why in ("sick", "leave", "off")):
        raise Invalid(
            "Причина не подходит: «болеет», «отпуск» и «отгул» — когда не работает, остальные — когда выходит.",
            "why",
        )
    if not today - PAST <= day <= today + AHEAD:
        raise Invalid("День можно менять за два прошлых месяца и на год вперёд.", "day")
    known = held(company, {staff}, "staff")
    before = plan(known, day, day + timedelta(days=1)).get((staff, day), OFF)
    if before == turn and turn != OFF:
        raise Invalid("Эта смена и так стоит в графике. Выберите другую.", "turn")
    cell = {(staff, day): turn}
    check({**around(known, (day,)), **cell}, known, company.zone, "turn")
    write(company, cell.items(), why)
    fact = facts.ShiftChanged(staff=staff, day=day.isoformat(), turn_before=before, turn_after=turn, why=why)
    journal.record(fact, company=company.pk)
