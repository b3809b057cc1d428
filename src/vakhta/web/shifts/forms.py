"""What may be done in the rota's month: a day changed, a swap offered, the month planned."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain import rotas
from vakhta.domain.rotas import OFF, PATTERNS, TURNS, RotaRefused
from vakhta.kernel.words import short_name, typed
from vakhta.reports.sayings import turn_words
from vakhta.shifts import queries
from vakhta.shifts.models import Shift, Swap
from vakhta.web.said import whole
from vakhta.web.screens import Choice, PageView
from vakhta.web.shifts import screens as s
from vakhta.web.shifts.known import Known, Wrong, day_said, title_of

SWAP_CHOICES = 120
"""Shifts of others that are offered for a swap, the nearest."""


def chosen_of(known: Known, said: QueryDict) -> rotas.Cell | None:
    """The cell that somebody opened, when it stands in the table."""
    staff = whole(said.get("staff", "")) or known.me
    try:
        day = date.fromisoformat(said.get("day", "")[:10])
    except ValueError:
        return None
    is_here = any(row.pk == staff for row in known.people) and known.month <= day < known.after
    return (staff, day) if is_here else None


def _name(known: Known, staff: int) -> str:
    return next(short_name(row.name) for row in known.people if row.pk == staff)


def change_form(known: Known, cell: rotas.Cell, wrong: Wrong | None) -> s.DayForm:
    shift = known.shifts.get(cell)
    turn, typed_ = (shift.turn if shift else OFF), wrong.said if wrong and wrong.form == "change" else None
    now = turn_words(turn)
    if shift and shift.why:
        now = f"{now}, {_(shift.get_why_display())}"
    wants = typed_.get("turn", "") if typed_ is not None else turn
    why = typed_.get("why", "") if typed_ is not None else ("sick" if turn else "extra")
    return s.DayForm(
        title=f"{_name(known, cell[0])}, {day_said(cell[1], known.page)}",
        now=now,
        post_url=reverse("shifts:change"),
        staff=str(cell[0]),
        day=cell[1].isoformat(),
        turns=tuple(
            Choice(
                value=code,
                title=turn_words(code),
                chosen=code == (wants if typed_ is not None else _other(turn)),
            )
            for code in (OFF, *TURNS)
        ),
        whys=tuple(
            Choice(value=code, title=_(title), chosen=code == why)
            for code, title in Shift.CHANGES
            if code != "swap"
        ),
        errors=wrong.errors if wrong and wrong.form == "change" else {},
    )


def _other(turn: str) -> str:
    """What a day most often becomes: off when there is work, a day's work when there is none."""
    return OFF if turn else "day"


def swap_form(known: Known, cell: rotas.Cell, wrong: Wrong | None) -> s.SwapForm | None:
    """For an own shift that has not begun; None for any other cell."""
    shift = known.shifts.get(cell)
    if shift is None or shift.since is None or shift.since <= known.page.now:
        return None
    is_wrong = wrong is not None and wrong.form == "swap"
    wanted = wrong.said.get("with", "") if wrong and is_wrong else ""
    found = [
        Choice(
            value=f"{staff}/{day.isoformat()}",
            title=f"{_name(known, staff)} — {day_said(day, known.page)}, {turn_words(known.shifts[staff, day].turn)}",
            chosen=f"{staff}/{day.isoformat()}" == wanted,
        )
        for staff, day in _swappable(known, cell)
    ]
    return s.SwapForm(
        title=_("Ваша смена: %(day)s, %(turn)s")
        % {"day": day_said(cell[1], known.page), "turn": turn_words(shift.turn)},
        post_url=reverse("shifts:ask"),
        day=cell[1].isoformat(),
        choices=tuple(found),
        errors=wrong.errors if wrong and is_wrong else {},
    )


def _swappable(known: Known, mine: rotas.Cell) -> list[rotas.Cell]:
    """Shifts of others that this one can be swapped for, the nearest days first. No query."""
    zone, by_person = known.company.zone, dict[int, dict[rotas.Cell, str]]()
    for cell, row in known.shifts.items():
        by_person.setdefault(cell[0], {})[cell] = row.turn
    ahead = [
        cell
        for cell, row in known.shifts.items()
        if cell[0] != mine[0]
        and row.since
        and row.since > known.page.now
        and known.month <= cell[1] < known.after
    ]
    ahead.sort(key=lambda cell: (abs(cell[1] - mine[1]), cell[1], _name(known, cell[0])))
    found = []
    for cell in ahead:
        two = {**by_person[mine[0]], **by_person[cell[0]]}
        try:
            rotas.check(rotas.shifts(rotas.swapped(two, mine, cell), zone))
        except RotaRefused:
            continue
        found.append(cell)
        if len(found) == SWAP_CHOICES:
            break
    return found


def swap_row(row: Swap, page: PageView, me: int, may_plan: bool) -> s.SwapRow:
    words = _("%(who)s отдаёт %(day)s, %(turn)s; %(other)s отдаёт %(other_day)s, %(other_turn)s") % {
        "who": short_name(row.staff.name),
        "day": day_said(row.day, page),
        "turn": turn_words(row.turn),
        "other": short_name(row.other.name),
        "other_day": day_said(row.other_day, page),
        "other_turn": turn_words(row.other_turn),
    }
    is_party = me in (row.staff_id, row.other_id)
    name = "decline" if is_party else "reject"
    return s.SwapRow(
        words=words,
        state=_(row.get_state_display()),
        agree_url=reverse("shifts:agree", args=[row.pk])
        if row.state == "asked" and me == row.other_id
        else "",
        approve_url=reverse("shifts:approve", args=[row.pk]) if row.state == "agreed" and may_plan else "",
        decline_url=reverse(f"shifts:{name}", args=[row.pk]) if is_party or may_plan else "",
    )


def plan_form(known: Known, wrong: Wrong | None) -> s.PlanForm:
    """Filled with how each one's last month was planned. One query."""
    is_wrong = wrong is not None and wrong.form == "plan"
    last = queries.last_rotas([row.pk for row in known.people], known.after)
    typed_ = _typed_plan(wrong.said) if wrong and is_wrong else {}
    made = []
    for staff in known.people:
        before = last.get(staff.pk)
        pattern, first = typed_.get(
            str(staff.pk), (before.pattern if before else "", typed(before.first) if before else "")
        )
        choices = (
            Choice(value="", title=_("не составлять"), chosen=not pattern),
            *(
                Choice(value=each.code, title=_(each.title), chosen=each.code == pattern)
                for each in PATTERNS.values()
            ),
        )
        made.append(
            s.PlanRow(staff=str(staff.pk), name=short_name(staff.name), patterns=choices, first=first)
        )
    return s.PlanForm(
        title=_("Составить: %s") % title_of(known.month),
        post_url=reverse("shifts:make"),
        month=f"{known.month:%Y-%m}",
        rows=tuple(made),
        errors=wrong.errors if wrong and is_wrong else {},
        is_open=is_wrong or not known.shifts,
    )


def _typed_plan(said: QueryDict) -> dict[str, tuple[str, str]]:
    lines = zip(said.getlist("staff"), said.getlist("pattern"), said.getlist("first"), strict=False)
    return {staff: (pattern[:20], first[:20]) for staff, pattern, first in lines}
