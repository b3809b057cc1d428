"""The rota's month from rows: people down, days across, what is short, what may be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from vakhta.domain import rotas
from vakhta.domain.calendars import RUSSIA
from vakhta.domain.permissions import may
from vakhta.domain.rotas import OFF, TURNS, Gap
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import is_russian, moment_words, short_name, time_words
from vakhta.people.models import Company, Staff
from vakhta.reports import tables
from vakhta.reports.sayings import turn_words
from vakhta.reports.staffing import staffing_of
from vakhta.shifts import queries, rota, rows
from vakhta.shifts.models import Shift
from vakhta.web import show
from vakhta.web.screens import LinkView, PageView
from vakhta.web.shifts import screens as s
from vakhta.web.shifts.forms import change_form, chosen_of, plan_form, swap_form, swap_row
from vakhta.web.shifts.known import Known, Wrong, day_said, month_said, title_of

KINDS = ("pdf", "xlsx")


def month(page: PageView, said: QueryDict, wrong: Wrong | None = None) -> s.Month:
    """Twelve queries at most, however many people there are. A refused form keeps its month."""
    today, company = page.today, rows.centre()
    first = wrong.month(today) if wrong else month_said(said.get("month", ""), today)
    known = _known(page, company, first, today)
    watch = queries.watch(queries.near(company.pk, page.now), page.now)
    may_plan, may_swap = (may(current_scope().role, verb) for verb in ("shifts.plan", "shifts.swap"))
    chosen = chosen_of(known, wrong.said if wrong else said)
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
        swaps=tuple(swap_row(row, page, known.me, may_plan) for row in queries.open_swaps(company.pk)),
        change=change_form(known, chosen, wrong) if may_plan and chosen else None,
        swap=swap_form(known, chosen, wrong) if may_swap and chosen and chosen[0] == known.me else None,
        plan=plan_form(known, wrong) if may_plan else None,
        is_planned=is_planned(known.shifts, first, known.after),
        errors=wrong.errors if wrong and "month" in wrong.errors else {},
    )


def is_planned(shifts: Mapping[rotas.Cell, Shift], first: date, after: date) -> bool:
    """Does anybody work in the month? The days beside it, which are read for swaps, do not count."""
    return any(shift.turn and first <= day < after for (_person, day), shift in shifts.items())


def _known(page: PageView, company: Company, first: date, today: date) -> Known:
    """Six queries."""
    after, people = rota.next_month(first), rows.people(company)
    shifts = queries.month_of(people, first - timedelta(days=1), after + timedelta(days=1))
    since = max(first, today)
    gaps: list[Gap] = []
    if since < after and is_planned(shifts, first, after):
        need = [hour.operators for hour in staffing_of(page.now, company.zone).hours]
        gaps = queries.gaps(company, since, after, need)
    return Known(page, company, first, after, today, people, shifts, gaps, current_scope().staff or 0)


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


def _heads(known: Known) -> Iterator[s.DayHead]:
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
    known: Known, staff: Staff, chosen: rotas.Cell | None, may_plan: bool, may_swap: bool
) -> s.PersonRow:
    total, cells = timedelta(0), []
    for day in rotas.days(known.month, known.after):
        shift = known.shifts.get((staff.pk, day))
        if shift and shift.since and shift.until:
            total += shift.until - shift.since
        is_mine = may_swap and staff.pk == known.me and shift and shift.since and shift.since > known.page.now
        cells.append(_cell(known, staff, day, shift, (staff.pk, day) == chosen, bool(may_plan or is_mine)))
    hours = total / timedelta(hours=1)
    return s.PersonRow(
        name=short_name(staff.name),
        full_name=staff.name,
        cells=tuple(cells),
        hours=tables.number(hours, f"{hours:g}".replace(".", ",")),
        is_me=staff.pk == known.me,
    )


def _cell(
    known: Known, staff: Staff, day: date, shift: Shift | None, is_chosen: bool, opens: bool
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


def _gap_lines(known: Known) -> Iterator[s.GapLine]:
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


# ── The same as a file ───────────────────────────────────────────────────────────────────────


def columns(made: s.Month) -> list[str]:
    return [_("Диспетчер"), *(f"{head.number}, {head.weekday}" for head in made.days), _("часов")]


def cells(made: s.Month) -> Iterator[Sequence[str]]:
    """People, and below them how many are missing."""
    for row in made.rows:
        yield (row.full_name, *(cell.letter + ("*" if cell.mark else "") for cell in row.cells), row.hours)
    if any(head.lacks for head in made.days):
        yield (_("не хватает"), *(tables.number(head.lacks) if head.lacks else "" for head in made.days), "")


def as_form(made: s.Month, keeper: str) -> dict[str, Any]:
    """What the printed form needs."""
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
        "foot": show.printed(made.page),
    }
