"""The rota's month from rows: people down, days across, what is short, what may be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from vakhta.domain import rotas
from vakhta.domain.calendars import RUSSIA
from vakhta.domain.permissions import may
from vakhta.domain.rotas import OFF, PATTERNS, TURNS, Gap, RotaRefused
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import (
    day_words,
    is_russian,
    moment_words,
    short_name,
    time_words,
    typed,
)
from vakhta.people.models import Company, Staff
from vakhta.reports.sayings import turn_words
from vakhta.reports.staffing import staffing_of
from vakhta.shifts import queries, rota, rows
from vakhta.shifts.models import Shift, Swap
from vakhta.web.said import whole
from vakhta.web.screens import Choice, Errors, LinkView, PageView
from vakhta.web.shifts import screens as s

KINDS = ("pdf", "xlsx")
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
PAST_YEARS, AHEAD_YEARS = 5, 2
SWAP_CHOICES = 120
"""Shifts of others that are offered for a swap, the nearest."""


def month_said(text: str, today: date) -> date:
    """The first day of the month «2026-12»; of this one when nothing was said."""
    if not text.strip():
        return today.replace(day=1)
    if not _MONTH.fullmatch(text.strip()):
        raise Invalid(_("Месяц не читается: нужен вроде 2026-12."), "month")
    found = _known_month(text.strip(), today)
    if found is None:
        raise Invalid(_("Такого месяца в графике не бывает: проверьте месяц и год."), "month")
    return found


def _known_month(text: str, today: date) -> date | None:
    """None for what is no month of a rota."""
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    is_near = today.year - PAST_YEARS <= int(found[1]) <= today.year + AHEAD_YEARS
    return date(int(found[1]), int(found[2]), 1) if is_near else None


@dataclass(frozen=True)
class Wrong:
    """A form that was refused: which one, what was wrong, what was typed."""

    form: str
    """month, plan, change, swap"""
    errors: Errors
    said: QueryDict

    def month(self, today: date) -> date:
        """Of the form as it was sent; this one when that was wrong too."""
        asked = self.said.get("month", "") or self.said.get("day", "")[:7]
        return _known_month(asked.strip(), today) or today.replace(day=1)


@dataclass(frozen=True)
class _Known:
    page: PageView
    company: Company
    month: date
    after: date
    today: date
    people: list[Staff]
    shifts: Mapping[rotas.Cell, Shift]
    gaps: Sequence[Gap]
    me: int


def today_of(page: PageView) -> date:
    return page.now.astimezone(ZoneInfo(page.zone)).date()


def month(page: PageView, said: QueryDict, wrong: Wrong | None = None) -> s.Month:
    """Twelve queries at most, however many people there are. A refused form keeps its month."""
    today, company = today_of(page), rows.centre()
    first = wrong.month(today) if wrong else month_said(said.get("month", ""), today)
    known = _known(page, company, first, today)
    watch = queries.watch(queries.near(company.pk, page.now), page.now)
    may_plan, may_swap = (may(current_scope().role, verb) for verb in ("shifts.plan", "shifts.swap"))
    chosen = _chosen(known, wrong.said if wrong else said)
    return s.Month(
        page=page,
        title=title_of(first),
        months=_months(first, today),
        links=links("month"),
        downloads=tuple(
            LinkView(
                title=kind.upper(), url=reverse("shifts:download", args=[kind]) + f"?month={first:%Y-%m}"
            )
            for kind in KINDS
        ),
        on=tuple(_on(row, page) for row in watch.on),
        next=next_words(watch, page),
        days=tuple(_heads(known)),
        rows=tuple(_row(known, staff, chosen, may_plan, may_swap) for staff in known.people),
        legend=tuple((_(turn.letter), f"{_(turn.title)} {turn.hours}") for turn in TURNS.values()),
        gaps=tuple(_gap_lines(known)),
        enough=_("Нужно — по странице «Сколько операторов»: чтобы на звонок отвечали за пять минут."),
        need_url=reverse("indicators:staffing") if may(current_scope().role, "indicators.see") else "",
        swaps=tuple(_swap_row(row, page, known.me, may_plan) for row in queries.open_swaps(company.pk)),
        change=_change(known, chosen, wrong) if may_plan and chosen else None,
        swap=_swap(known, chosen, wrong) if may_swap and chosen and chosen[0] == known.me else None,
        plan=_plan(known, wrong) if may_plan else None,
        is_planned=bool(known.shifts),
        errors=wrong.errors if wrong and "month" in wrong.errors else {},
    )


def _known(page: PageView, company: Company, first: date, today: date) -> _Known:
    """Six queries."""
    after, people = rota.next_month(first), rows.people(company)
    shifts = queries.month_of(people, first - timedelta(days=1), after + timedelta(days=1))
    since = max(first, today)
    gaps: list[Gap] = []
    if since < after and any(first <= day < after for _person, day in shifts):
        need = [hour.operators for hour in staffing_of(page.now, company.zone).hours]
        gaps = queries.gaps(company, since, after, need)
    return _Known(page, company, first, after, today, people, shifts, gaps, current_scope().staff or 0)


def links(here: str) -> tuple[LinkView, ...]:
    """The ways between the pages of shifts that the role may go."""
    ways = (
        ("month", "shifts.see", _("Смены"), ""),
        ("handover", "handover.sign", _("Сдача смены"), "Alt+H"),
        ("sheets", "shifts.see", _("Листы сдачи"), ""),
    )
    role = current_scope().role
    return tuple(
        LinkView(title=title, url=reverse(f"shifts:{name}"), key=key)
        for name, verb, title, key in ways
        if name != here and may(role, verb)
    )


# ── The table ────────────────────────────────────────────────────────────────────────────────


def title_of(first: date) -> str:
    """«Декабрь 2026»"""
    return dateformat.format(first, "F Y")


def _months(first: date, today: date) -> tuple[LinkView, ...]:
    before = (first - timedelta(days=1)).replace(day=1)
    near = {before, first, rota.next_month(first), today.replace(day=1)}
    return tuple(
        LinkView(
            title=title_of(each), url=f"{reverse('shifts:month')}?month={each:%Y-%m}", current=each == first
        )
        for each in sorted(near)
    )


def weekday(day: date) -> str:
    said = dateformat.format(day, "D")
    return said.lower() if is_russian() else said


def _heads(known: _Known) -> Iterator[s.DayHead]:
    lacks: dict[date, int] = {}
    for gap in known.gaps:
        lacks[gap.day] = max(lacks.get(gap.day, 0), gap.lacks)
    for day in rotas.days(known.month, known.after):
        yield s.DayHead(
            number=day.day,
            weekday=weekday(day),
            is_rest=not RUSSIA.is_working(day),
            is_today=day == known.today,
            lacks=lacks.get(day, 0),
        )


def _row(
    known: _Known, staff: Staff, chosen: rotas.Cell | None, may_plan: bool, may_swap: bool
) -> s.PersonRow:
    total, cells = timedelta(0), []
    for day in rotas.days(known.month, known.after):
        shift = known.shifts.get((staff.pk, day))
        if shift and shift.since and shift.until:
            total += shift.until - shift.since
        is_mine = may_swap and staff.pk == known.me and shift and shift.since and shift.since > known.page.now
        cells.append(_cell(known, staff, day, shift, (staff.pk, day) == chosen, bool(may_plan or is_mine)))
    return s.PersonRow(
        name=short_name(staff.name),
        full_name=staff.name,
        cells=tuple(cells),
        hours=f"{total / timedelta(hours=1):g}".replace(".", ","),
        is_me=staff.pk == known.me,
    )


def _cell(
    known: _Known, staff: Staff, day: date, shift: Shift | None, is_chosen: bool, opens: bool
) -> s.DayCell:
    turn = TURNS.get(shift.turn) if shift else None
    mark = _(shift.get_why_display()) if shift and shift.why else ""
    question = urlencode({"month": f"{known.month:%Y-%m}", "staff": staff.pk, "day": day.isoformat()})
    said = ", ".join(
        filter(
            None,
            (
                short_name(staff.name),
                day_said(day, known.page),
                turn_words(shift.turn if shift else OFF),
                mark,
            ),
        )
    )
    return s.DayCell(
        turn=turn.code if turn else "",
        letter=_(turn.letter) if turn else "",
        title=said,
        mark=mark,
        url=f"{reverse('shifts:month')}?{question}#day" if opens else "",
        is_rest=not RUSSIA.is_working(day),
        is_today=day == known.today,
        is_chosen=is_chosen,
    )


def day_said(day: date, page: PageView) -> str:
    """«3 декабря, чт»"""
    return day_words(datetime.combine(day, time(12), ZoneInfo(page.zone)), page.zone, page.now)


# ── Who is on ────────────────────────────────────────────────────────────────────────────────


def _on(row: queries.Duty, page: PageView) -> s.OnShift:
    words = _("до %s") % moment_words(row.until, page.zone, page.now)
    ready = _("готовность отмечена") if row.staff.is_ready else _("пауза")
    why = f": {row.staff.pause_reason}" if row.staff.pause_reason else ""
    return s.OnShift(name=short_name(row.staff.name), words=f"{words}, {ready}{why}")


def next_words(watch: queries.Watch, page: PageView) -> str:
    """«с 20:00: Сидорова М. А., Громова В. И.»; "" when the rota says nothing."""
    if watch.next_at is None:
        return ""
    names = ", ".join(short_name(row.staff.name) for row in watch.next)
    return _("с %(at)s: %(names)s") % {
        "at": moment_words(watch.next_at, page.zone, page.now),
        "names": names,
    }


# ── What is short ────────────────────────────────────────────────────────────────────────────


def _gap_lines(known: _Known) -> Iterator[s.GapLine]:
    by_day: dict[date, list[Gap]] = {}
    for gap in known.gaps:
        by_day.setdefault(gap.day, []).append(gap)
    for day, found in by_day.items():
        yield s.GapLine(
            day=day_said(day, known.page), words=tuple(gap_words(gap, known.company.zone) for gap in found)
        )


def gap_words(gap: Gap, zone: str) -> str:
    """«с 02:00 до 04:00 нужен ещё один»; an end at midnight is 24:00."""
    until = time_words(gap.until, zone)
    said = {"since": time_words(gap.since, zone), "until": "24:00" if until == "00:00" else until}
    if gap.lacks == 1:
        who = _("нужен ещё один")
    elif gap.lacks == 2:
        who = _("нужны ещё двое")
    elif gap.lacks == 3:
        who = _("нужны ещё трое")
    else:
        who = _("нужно ещё %(count)s") % {"count": gap.lacks}
    return _("с %(since)s до %(until)s %(who)s") % {**said, "who": who}


# ── What may be done ─────────────────────────────────────────────────────────────────────────


def _chosen(known: _Known, said: QueryDict) -> rotas.Cell | None:
    """The cell that somebody opened, when it stands in the table."""
    staff = whole(said.get("staff", "")) or known.me
    try:
        day = date.fromisoformat(said.get("day", "")[:10])
    except ValueError:
        return None
    is_here = any(row.pk == staff for row in known.people) and known.month <= day < known.after
    return (staff, day) if is_here else None


def _name(known: _Known, staff: int) -> str:
    return next(short_name(row.name) for row in known.people if row.pk == staff)


def _change(known: _Known, cell: rotas.Cell, wrong: Wrong | None) -> s.DayForm:
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


def _swap(known: _Known, cell: rotas.Cell, wrong: Wrong | None) -> s.SwapForm | None:
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


def _swappable(known: _Known, mine: rotas.Cell) -> list[rotas.Cell]:
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


def _swap_row(row: Swap, page: PageView, me: int, may_plan: bool) -> s.SwapRow:
    words = _("%(who)s отдаёт %(day)s, %(turn)s, берёт у %(other)s %(other_day)s, %(other_turn)s") % {
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


def _plan(known: _Known, wrong: Wrong | None) -> s.PlanForm:
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


# ── The same as a file ───────────────────────────────────────────────────────────────────────


def columns(made: s.Month) -> list[str]:
    return [_("Диспетчер"), *(f"{head.number}, {head.weekday}" for head in made.days), _("часов")]


def cells(made: s.Month) -> Iterator[Sequence[str]]:
    """People, and below them how many are missing."""
    for row in made.rows:
        yield (row.full_name, *(cell.letter + ("*" if cell.mark else "") for cell in row.cells), row.hours)
    if any(head.lacks for head in made.days):
        yield (_("не хватает"), *(str(head.lacks or "") for head in made.days), "")


def as_form(made: s.Month, keeper: str) -> dict[str, Any]:
    """What the printed form needs."""
    printed = made.page.now.astimezone(ZoneInfo(made.page.zone))
    return {
        "title": _("График смен: %s") % made.title,
        "lines": [keeper, "; ".join(f"{letter} — {words}" for letter, words in made.legend)],
        "who": _("Диспетчер"),
        "hours": _("часов"),
        "days": [
            {"number": str(head.number), "weekday": head.weekday, "rest": head.is_rest} for head in made.days
        ],
        "rows": [
            [row.name, *(cell.letter + ("*" if cell.mark else "") for cell in row.cells), row.hours]
            for row in made.rows
        ],
        "note": _("Звёздочка — день изменён против порядка смен."),
        "gaps_title": _("Где не хватает людей"),
        "gaps": [[line.day, "; ".join(line.words)] for line in made.gaps],
        "agreed": _("С графиком ознакомлены"),
        "foot": _("Напечатано %s") % f"{printed:%d.%m.%Y %H:%M}",
    }
