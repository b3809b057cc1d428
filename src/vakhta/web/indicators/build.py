"""The page of indicators from its question: every number with the list that it counts, the same as rows of a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.crews.models import Crew
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import day_words, grouped, length_words, short_name
from vakhta.people.models import Staff
from vakhta.reports import sayings, tables
from vakhta.reports.indicators import ANSWER, BY, Asked, Calls, NormRow, Report, Row, Work, report
from vakhta.tickets.models import OldJournal
from vakhta.web import show
from vakhta.web.indicators import screens as s
from vakhta.web.lists import parts
from vakhta.web.screens import Choice, LinkView, PageView

NAMES = ("by", "since", "until", "company", "old")
KINDS = ("xlsx", "csv", "pdf")
MOST_DAYS = 366
SHOWN = 200
"""Rows of the page and of paper; a table for a computer has them all."""
BY_TITLES = {
    "day": marked("по дням"),
    "company": marked("по организациям"),
    "building": marked("по домам"),
    "kind": marked("по неисправностям"),
    "operator": marked("по диспетчерам"),
    "crew": marked("по бригадам"),
}
HEADS = {
    "day": marked("День"),
    "company": marked("Организация"),
    "building": marked("Дом"),
    "kind": marked("Неисправность"),
    "operator": marked("Диспетчер"),
    "crew": marked("Бригада"),
}
UNKNOWN = {
    "building": marked("не в фонде"),
    "operator": marked("никто не принял"),
    "crew": marked("без бригады"),
}
CALLS = (marked("всего"), marked("повторных"), marked("ответ позже нормы"), marked("ответ, медиана"))
WORK = (
    marked("всего"),
    marked("аварий"),
    marked("открыты"),
    marked("ждут слова"),
    marked("закрыты"),
    marked("сняты"),
    marked("норма нарушена"),
)
OLD = {"yes": marked("и из прежних журналов")}
AT_DESK = ("operator", "senior")
LISTS = ("interaction.see", "ticket.see")
"""What a person may see of the lists behind the numbers."""
Sees = Collection[str]
NORMS_HEAD = (
    marked("Норма"),
    marked("в срок"),
    marked("нарушено"),
    marked("идут"),
    marked("доля в срок"),
    marked("опоздание, медиана"),
    marked("что записано о причинах"),
)


# ── What is asked ────────────────────────────────────────────────────────────────────────────


def asked(said: QueryDict, page_zone: str, now: datetime) -> Asked:
    """Reads the question; without days this month's until today. What cannot be read is refused with its field."""
    zone = ZoneInfo(page_zone)
    since, until = parts.days(said, page_zone)
    today = now.astimezone(zone).date()
    until = until or datetime.combine(today + timedelta(days=1), time.min, zone)
    last = until.astimezone(zone).date() - timedelta(days=1)
    since = since or datetime.combine(min(today, last).replace(day=1), time.min, zone)
    if until <= since:
        raise Invalid(_("«По» раньше, чем «С»: поменяйте дни местами."), "until")
    if (until - since).days > MOST_DAYS:
        raise Invalid(_("Больше года за раз не посчитать: выберите меньше дней."), "until")
    return Asked(
        since=since,
        until=until,
        zone=page_zone,
        by=_by(said),
        company=parts.a_number(said, "company"),
        with_old=bool(parts.one_of(said, "old", OLD)),
    )


def _offered() -> tuple[str, ...]:
    """What rows may be counted by: whoever sees neither operators nor crews would have rows without a name. No query
    for the centre's own people, two for others."""
    if current_scope().sees_centre:
        return BY
    seen = {
        "operator": Staff.objects.filter(role__in=AT_DESK).exists(),
        "crew": Crew.objects.exists(),
    }
    return tuple(by for by in BY if seen.get(by, True))


def _by(said: QueryDict) -> str:
    """What is asked for; refused when it is not offered."""
    by = parts.one_of(said, "by", BY) or "day"
    if by not in _offered():
        raise Invalid(
            _("Диспетчеры и бригады — другой организации, по ним здесь не посчитать: выберите другое."), "by"
        )
    return by


def _days(asked: Asked) -> tuple[date, date]:
    """First and last day, both in."""
    zone = ZoneInfo(asked.zone)
    last = asked.until.astimezone(zone).date() - timedelta(days=1)
    return asked.since.astimezone(zone).date(), last


# ── The page ─────────────────────────────────────────────────────────────────────────────────


def frame(page: PageView, said: QueryDict) -> dict[str, Any]:
    """The form as it was filled, without numbers. One query."""
    companies = parts.companies()
    by, company = said.get("by", "") or "day", said.get("company", "")
    return {
        "page": page,
        "url": reverse("indicators:indicators"),
        "staffing_url": reverse("indicators:staffing"),
        "by": tuple(Choice(value=code, title=_(BY_TITLES[code]), chosen=code == by) for code in _offered()),
        "companies": parts.choices(parts.company_choices(companies), company),
        "old": _old(said),
        "values": {name: said.get(name, "").strip()[:40] for name in NAMES},
        "periods": _periods(page, said),
    }


def _old(said: QueryDict) -> tuple[Choice, ...]:
    """Which tickets are counted; none to choose from where no journal was carried over. One query."""
    if not OldJournal.objects.exists():
        return ()
    chosen = said.get("old", "")
    known = {"": _("только принятые здесь"), **{code: _(title) for code, title in OLD.items()}}
    return tuple(Choice(value=code, title=title, chosen=code == chosen) for code, title in known.items())


def _periods(page: PageView, said: QueryDict) -> tuple[LinkView, ...]:
    today = page.today
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    spans = (
        (_("сегодня"), today, today),
        (_("вчера"), today - timedelta(days=1), today - timedelta(days=1)),
        (_("7 дней"), today - timedelta(days=6), today),
        (_("этот месяц"), month, today),
        (_("прошлый месяц"), before, month - timedelta(days=1)),
    )
    return tuple(
        LinkView(title=title, url=parts.query(said, NAMES, since=since.isoformat(), until=until.isoformat()))
        for title, since, until in spans
    )


def indicators(page: PageView, said: QueryDict, *, is_whole: bool = False) -> s.Indicators:
    """The busiest rows, all of them when it is whole. Ten queries at most, four more for a company that a centre serves."""
    question = asked(said, page.zone, page.now)
    made, since_until = report(question, page.now, None if is_whole else SHOWN), _days(question)
    known = {"since": since_until[0].isoformat(), "until": since_until[1].isoformat()}
    links = parts.query(said, NAMES, **known)
    shown, sees = frame(page, said), [verb for verb in LISTS if may(current_scope().role, verb)]
    return s.Indicators(
        **{**shown, "values": {**shown["values"], **known}},
        head=_(HEADS[question.by]),
        groups=groups(question.by),
        lines=tuple(line(made, row, page.now, sees) for row in made.rows),
        total=line(made, made.total, page.now, sees, _("Итого")) if made.rows else None,
        note=left_out(made),
        norms_head=norms_head(),
        norms=tuple(norm_line(made, row, sees) for row in made.norms),
        plot=plot(made, page.now) if question.by == "day" and len(made.rows) > 1 else None,
        rows=rows(made, page.now) if question.by != "day" and len(made.rows) > 1 else None,
        downloads=tuple(
            LinkView(title=kind.upper(), url=reverse("indicators:download", args=[kind]) + links)
            for kind in KINDS
        ),
    )


def left_out(made: Report) -> str:
    """How many rows are shown of how many, when it is not all."""
    if not made.left_out:
        return ""
    counts = {"shown": len(made.rows), "all": grouped(_all_rows(made))}
    return _("Показаны %(shown)s из %(all)s: у кого больше всего дел. Все — в XLSX и CSV.") % counts


def _all_rows(made: Report) -> int:
    return len(made.rows) + made.left_out


def groups(by: str) -> tuple[s.Group, ...]:
    calls = s.Group(title=_("Обращения"), columns=tuple(_(title) for title in CALLS))
    work = s.Group(title=_("Заявки"), columns=tuple(_(title) for title in WORK))
    return (calls,) if by == "operator" else (work,) if by in ("kind", "crew") else (calls, work)


def line(made: Report, row: Row, now: datetime, sees: Sees, title: str = "") -> s.Line:
    by = made.asked.by
    calls = None if by in ("kind", "crew") else row.calls
    work = None if by == "operator" else row.work
    narrow = {} if title else _narrow(by, row)
    cells = (
        *(_calls(made.asked, calls, narrow, "interaction.see" in sees) if calls else ()),
        *(_work(made.asked, work, narrow, "ticket.see" in sees) if work else ()),
    )
    day = date.fromisoformat(row.key) if by == "day" and row.key else None
    return s.Line(title=title or _title(made.asked, row, now), cells=cells, day=day)


def _title(asked: Asked, row: Row, now: datetime) -> str:
    if not row.key:
        return _(UNKNOWN.get(asked.by, ""))
    if asked.by == "day":
        noon = datetime.combine(date.fromisoformat(row.key), time(12), ZoneInfo(asked.zone))
        return day_words(noon, asked.zone, now)
    if asked.by == "kind":
        return show.nature(row.key)
    return short_name(row.title) if asked.by == "operator" else row.title


def _narrow(by: str, row: Row) -> dict[str, str] | None:
    """What of the lists' filters the row is; None when no filter says it."""
    if not row.key:
        field = {"building": "house"}.get(by, by)
        return {field: parts.NONE} if by in UNKNOWN else None
    if by == "day":
        return {"since": row.key, "until": row.key}
    return {"q": row.title} if by == "building" else {by: row.key}


def _calls(asked: Asked, calls: Calls, narrow: dict[str, str] | None, sees: bool) -> Iterator[s.Cell]:
    link = _linked("lists:contacts", asked, narrow, sees)
    yield _cell(calls.all, link())
    yield _cell(calls.repeats, link(outcome="addition"))
    yield _cell(calls.late, link(broken=ANSWER), "bad")
    yield s.Cell(text=_median(calls.answer))


def _work(asked: Asked, work: Work, narrow: dict[str, str] | None, sees: bool) -> Iterator[s.Cell]:
    link = _linked("lists:tickets", asked, narrow, sees)
    yield _cell(work.all, link())
    yield _cell(work.emergencies, link(severity="emergency"))
    yield _cell(work.open, link(state="open"))
    yield _cell(work.done, link(state="done"))
    yield _cell(work.closed, link(state="closed"))
    yield _cell(work.gone, link(state="gone"))
    yield _cell(work.broken, link(broken="yes"), "bad")


def _cell(number: int, url: str, tone: str = "") -> s.Cell:
    """Of nothing there is no list."""
    return s.Cell(text=tables.number(number), url=url if number else "", tone=tone if number else "")


def _linked(view: str, asked: Asked, narrow: dict[str, str] | None, sees: bool) -> Callable[..., str]:
    """The address of the list of a row's numbers, by what else its filters say; "" for whoever may not see it."""
    if narrow is None or not sees:
        return lambda **more: ""
    since, until = _days(asked)
    said = {"since": since.isoformat(), "until": until.isoformat(), "company": str(asked.company or "")}
    origin = {"origin": "own"} if view == "lists:tickets" and not asked.with_old else {}
    question = {**said, **origin, **narrow}
    row = f"{reverse(view)}?{urlencode({name: value for name, value in question.items() if value})}"
    return lambda **more: f"{row}&{urlencode(more)}" if more else row


def norms_head() -> tuple[str, ...]:
    return tuple(_(title) for title in NORMS_HEAD)


def norm_line(made: Report, row: NormRow, sees: Sees) -> s.NormLine:
    norm = NORMS.get(row.code)
    of_contacts = bool(norm and norm.channels)
    view, verb = ("lists:contacts", "interaction.see") if of_contacts else ("lists:tickets", "ticket.see")

    link = _linked(view, made.asked, {}, verb in sees)
    return s.NormLine(
        title=_(norm.title) if norm else row.code,
        basis=sayings.law(row.code),
        cells=(
            _cell(row.kept, link(kept=row.code)),
            _cell(row.broken, link(broken=row.code), "bad"),
            _cell(row.running, link(running=row.code)),
            s.Cell(text=_share(row.share)),
            s.Cell(text=_median(row.late)),
        ),
        reasons="; ".join(f"{why} — {count}" for why, count in row.reasons),
    )


def _share(part: float | None) -> str:
    return "—" if part is None else tables.share(part, f"{part:.0%}".replace("%", "\u00a0%"))


def _median(seconds: float | None) -> str:
    return "—" if seconds is None else tables.span(seconds, length_words(seconds))


# ── The plot ─────────────────────────────────────────────────────────────────────────────────

WIDTH, HEIGHT = 960, 120
EDGE = 16
"""Half of a day's name: the first one stays inside."""
BEAMS = 12
"""Rows of the plot of whatever is no day, at most."""
LABELS = 10
"""Days that are named below the plot, at most."""


def plot(made: Report, now: datetime) -> s.Plot:
    """Tickets of each day, those with a broken norm in front; days without any stand there too."""
    by_day = {row.key: row.work for row in made.rows if row.work}
    first, last = (date.fromisoformat(made.rows[place].key) for place in (0, -1))
    days = [first + timedelta(days=more) for more in range((last - first).days + 1)]
    most = max((work.all for work in by_day.values()), default=0) or 1
    step = WIDTH / len(days)
    every = -(-len(days) // LABELS)
    bars = []
    for place, day in enumerate(days):
        work = by_day.get(day.isoformat()) or Work()
        noon = datetime.combine(day, time(12), ZoneInfo(made.asked.zone))
        words = {"day": day_words(noon, made.asked.zone, now), "all": work.all, "broken": work.broken}
        high, broken = HEIGHT * work.all / most, HEIGHT * work.broken / most
        bars.append(
            s.Bar(
                x=f"{place * step + step * 0.1:.1f}",
                middle=f"{max(place * step + step / 2, EDGE):.1f}",
                width=f"{step * 0.8:.1f}",
                top=f"{HEIGHT - high:.1f}",
                height=f"{high:.1f}",
                broken_top=f"{HEIGHT - broken:.1f}",
                broken=f"{broken:.1f}",
                title=_("%(day)s: заявок %(all)s, с нарушенной нормой %(broken)s") % words,
                label=f"{day:%d.%m}" if place % every == 0 else "",
            )
        )
    return s.Plot(width=WIDTH, height=HEIGHT, bars=tuple(bars), most=most)


def rows(made: Report, now: datetime) -> s.Rows:
    """The busiest rows, those with a broken norm in front; of an operator contacts and late answers."""
    of_calls = made.asked.by == "operator"
    shown = made.rows[:BEAMS]
    counted = [
        (row.calls.all, row.calls.late) if of_calls and row.calls else (row.work.all, row.work.broken) if row.work else (0, 0)
        for row in shown
    ]  # fmt: skip
    most = max((all_ for all_, _broken in counted), default=0) or 1
    words = (
        _("Обращения; красным — с ответом позже нормы")
        if of_calls
        else _("Заявки; красным — с нарушенной нормой")
    )
    if len(made.rows) > BEAMS:
        words += _(". Самые занятые: %(shown)s из %(all)s") % {
            "shown": BEAMS,
            "all": grouped(_all_rows(made)),
        }
    return s.Rows(
        words=words,
        beams=tuple(
            s.Beam(
                title=_title(made.asked, row, now) or "—",
                all=all_,
                broken=broken,
                width=f"{100 * all_ / most:.1f}",
                broken_width=f"{100 * broken / most:.1f}",
            )
            for row, (all_, broken) in zip(shown, counted, strict=True)
        ),
    )


# ── The same as a file ───────────────────────────────────────────────────────────────────────


def columns(made: s.Indicators) -> list[str]:
    return [made.head, *(f"{group.title}: {title}" for group in made.groups for title in group.columns)]


def cells(made: s.Indicators) -> Iterator[Sequence[str]]:
    """The rows, a day of which is a date, their sum, and behind an empty line the norms under their own head."""
    for line in (*made.lines, *((made.total,) if made.total else ())):
        yield (tables.day(line.day) if line.day else line.title, *(cell.text for cell in line.cells))
    width = len(columns(made))
    yield ("",) * width
    yield made.norms_head
    yield from _norm_cells(made)


def _norm_cells(made: s.Indicators) -> Iterator[tuple[str, ...]]:
    for norm in made.norms:
        title = f"{norm.title} ({norm.basis})" if norm.basis else norm.title
        yield (title, *(cell.text for cell in norm.cells), norm.reasons)


def as_form(made: s.Indicators, keeper: str) -> dict[str, Any]:
    """What the printed form needs."""
    since, until = (date.fromisoformat(made.values[name]) for name in ("since", "until"))
    about = [
        keeper,
        _("с %(since)s по %(until)s") % {"since": f"{since:%d.%m.%Y}", "until": f"{until:%d.%m.%Y}"},
    ]
    company = next((choice.title for choice in made.companies if choice.chosen and choice.value), "")
    by = next(choice.title for choice in made.by if choice.chosen)
    return {
        "title": _("Показатели %s") % by,
        "lines": [*about, *([company] if company else [])],
        "head": made.head,
        "empty": _("За эти дни обращений и заявок нет"),
        "groups": [{"title": group.title, "columns": group.columns} for group in made.groups],
        "rows": [[line.title, *(cell.text for cell in line.cells)] for line in made.lines],
        "note": made.note,
        "total": [made.total.title, *(cell.text for cell in made.total.cells)] if made.total else [],
        "norms_head": made.norms_head,
        "norms": list(_norm_cells(made)),
        "norms_title": _("Нормы"),
        "plot": dataclasses.asdict(made.plot) if made.plot else None,
        "plot_words": _("Заявки по дням; красным — с нарушенной нормой"),
        "beams": dataclasses.asdict(made.rows) if made.rows else None,
        "foot": show.printed(made.page),
    }
