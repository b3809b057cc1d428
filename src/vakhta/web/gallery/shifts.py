"""Samples of the pages of shifts: a month of twenty people with the longest names, none, a refused day, sheets."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

from vakhta.domain import rotas
from vakhta.domain.calendars import RUSSIA
from vakhta.domain.rotas import PATTERNS, TURNS
from vakhta.reports.sayings import turn_words
from vakhta.shifts.models import Shift
from vakhta.web.gallery import people as p
from vakhta.web.screens import Choice, LinkView, StatusView
from vakhta.web.shifts import screens as s
from vakhta.web.shifts.month import weekday

FIRST, AFTER = date(2026, 12, 1), date(2027, 1, 1)
NAMES = (
    "Иванова О. П.", "Сидорова М. А.", "Громова В. И.", "Константинопольский-Задорожный М. К.", "Белова А. С.",
    "Гусев П. И.", "Зимина Т. Ю.", "Калугин Р. О.", "Лапина Ж. Е.", "Морозов Ф. Н.", "Орехова Д. В.", "Прохоров И. А.",
)  # fmt: skip
CYCLES = ("two_two_two", "day_night", "full_three", "five_two")
LINKS = (
    LinkView(title="Сдача смены", url="#", key="Alt+H"),
    LinkView(title="Листы сдачи", url="#"),
)


def _row(place: int, name: str) -> s.PersonRow:
    cycle = CYCLES[3] if place == 2 else CYCLES[place % 3]
    turns = rotas.laid(cycle, FIRST - timedelta(days=1 if place == 2 else place), FIRST, AFTER)
    cells = []
    for day, turn in turns.items():
        is_ill = place == 4 and 9 <= day.day <= 12
        known = None if is_ill else TURNS.get(turn)
        cells.append(
            s.DayCell(
                turn=known.code if known else "",
                letter=known.letter if known else "",
                title=f"{name}, {day.day} декабря, {turn_words('' if is_ill else turn)}",
                mark="болеет" if is_ill else "",
                url="#day",
                is_rest=not RUSSIA.is_working(day),
                is_today=day.day == 3,
                is_chosen=place == 1 and day.day == 8,
            )
        )
    return s.PersonRow(name=name, full_name=name, cells=tuple(cells), hours="168", is_me=place == 0)


def month(now: datetime) -> s.Month:
    return s.Month(
        page=p.page("Смены", now, current="month"),
        title="Декабрь 2026",
        months=(
            LinkView(title="Ноябрь 2026", url="#"),
            LinkView(title="Декабрь 2026", url="#", current=True),
            LinkView(title="Январь 2027", url="#"),
        ),
        links=LINKS,
        downloads=(LinkView(title="PDF", url="#"), LinkView(title="XLSX", url="#")),
        on=(
            s.OnShift(name=NAMES[0], words="до 20:00, готовность отмечена"),
            s.OnShift(name=NAMES[3], words="до 20:00, пауза: обед"),
        ),
        next="с 20:00: Сидорова М. А., Гусев П. И.",
        days=tuple(
            s.DayHead(
                number=day.day,
                weekday=weekday(day),
                is_rest=not RUSSIA.is_working(day),
                is_today=day.day == 3,
                lacks={5: 1, 9: 2, 10: 1}.get(day.day, 0),
            )
            for day in rotas.days(FIRST, AFTER)
        ),
        rows=tuple(_row(place, name) for place, name in enumerate(NAMES)),
        legend=tuple((turn.letter, f"{turn.title} {turn.hours}") for turn in TURNS.values()),
        gaps=(
            s.GapLine(day="5 декабря, сб", words=("с 02:00 до 04:00 нужен ещё один",)),
            s.GapLine(day="9 декабря, ср", words=("с 08:00 до 12:00 нужны ещё двое", "с 17:00 до 20:00 нужен ещё один")),
            s.GapLine(day="10 декабря, чт", words=("с 08:00 до 11:00 нужен ещё один",)),
        ),
        enough="Нужно — по странице «Сколько операторов»: чтобы на звонок отвечали за пять минут.",
        need_url="#",
        swaps=(
            s.SwapRow(
                words="Иванова О. П. отдаёт 5 декабря, сб, день 08–20; Сидорова М. А. отдаёт 3 декабря, чт, ночь 20–08",
                state="ждёт старшего", approve_url="#", decline_url="#",
            ),
        ),
        plan=plan(),
        is_planned=True,
    )  # fmt: skip


def plan(is_open: bool = False) -> s.PlanForm:
    return s.PlanForm(
        title="Составить: Декабрь 2026",
        post_url="#",
        month="2026-12",
        rows=tuple(
            s.PlanRow(
                staff=str(place),
                name=name,
                patterns=(
                    Choice(value="", title="не составлять"),
                    *(Choice(value=c.code, title=c.title, chosen=c.code == CYCLES[place % 3]) for c in PATTERNS.values()),
                ),
                first="01.12.2026",
            )
            for place, name in enumerate(NAMES[:4])
        ),
        is_open=is_open,
    )  # fmt: skip


def day(now: datetime) -> s.Month:
    """A senior changes a day, and is refused."""
    form = s.DayForm(
        title="Сидорова М. А., 8 декабря, вт",
        now="ночь 20–08",
        post_url="#",
        staff="1",
        day="2026-12-08",
        turns=tuple(
            Choice(value=code, title=turn_words(code), chosen=code == "day") for code in ("", *TURNS)
        ),
        whys=tuple(Choice(value=code, title=title) for code, title in Shift.CHANGES if code != "swap"),
        errors={
            "turn": "Сидорова М. А., 08.12.2026: смена сразу за другой, это запрещено (ТК РФ, ст. 103). Оставьте отдых между ними."
        },
    )
    return dataclasses.replace(month(now), change=form)


def swap(now: datetime) -> s.Month:
    """An operator looks for whom to swap with."""
    form = s.SwapForm(
        title="Ваша смена: 8 декабря, вт, день 08–20",
        post_url="#",
        day="2026-12-08",
        choices=tuple(
            Choice(value=f"{n}/2026-12-0{n}", title=f"{NAMES[n]} — {n} декабря, ночь 20–08")
            for n in range(2, 6)
        ),
    )
    return dataclasses.replace(month(now), swap=form, plan=None, gaps=(), swaps=())


def empty(now: datetime) -> s.Month:
    return dataclasses.replace(
        month(now), rows=(), is_planned=False, gaps=(), swaps=(), on=(), next="", plan=plan(is_open=True)
    )


# ── The hand-over ────────────────────────────────────────────────────────────────────────────


def _ticket(
    serial: int, address: str, nature: str, tone: str = "", word: str = "", who: str = ""
) -> s.TicketLine:
    return s.TicketLine(
        number=p.number(serial), severity=p.EMERGENCY if serial % 2 else p.ORDINARY, address=address, nature=nature,
        status=p.ON_WAY if who else p.NEW, who=who, due="21:40" if tone else "14:00, 6 декабря, вс",
        norm="устранение повреждения", tone=tone, tone_word=word,
    )  # fmt: skip


def sheet() -> s.SheetView:
    tickets = (
        _ticket(
            204331, "ул. Ленина, 15, кв. 38", "ХВС: течь стояка", "bad", "просрочено на 12:40", "бригада 4"
        ),
        _ticket(
            204318, f"{p.LONG_STREET}, 118к2, кв. 1204", "Лифт: стоит, людей нет", "warn", "через 1 ч 20 мин"
        ),
        _ticket(204340, "ул. Мира, 3", "Подъезд: нет света", who="Электрики, север"),
    )
    parts = (
        s.Part(title="Обращения не закончены", empty="", lines=(
            s.Line(title="звонок", text="с 19:51, ведёт Иванова О. П."), s.Line(title="почта", text="с 19:40, ждёт в очереди"))),
        s.Part(title="Бригады ждут слова", empty="", lines=(
            s.Line(number=p.number(204331), title="бригада 4", text="бригада ждёт ответа на вопрос, наряд выдан в 18:20"),)),
        s.Part(title="Согласованы допуски", empty="", lines=(
            s.Line(number=p.number(204340), title="21:00 – 22:00", text="ул. Мира, 3, кв. 12"),)),
        s.Part(title="Письма не ушли", lines=(), empty="Все письма по открытым заявкам ушли."),
    )  # fmt: skip
    return s.SheetView(tickets=tickets, tickets_total=3, soon=2, parts=parts)


def _listed(now: datetime, state: str, title: str, tone: str, taker: str = "") -> s.SheetRow:
    return s.SheetRow(
        url="#", at=now, shift="3 декабря, чт, 08:00–20:00", who="Иванова О. П.", taker=taker,
        accepted_at=now if taker else None, status=StatusView(code=state, title=title, tone=tone),
        words="ключ от подвала у консьержа, Водоканал обещал бригаду к 23:00",
    )  # fmt: skip


def handover(now: datetime) -> s.HandoverPage:
    return s.HandoverPage(
        page=p.page("Сдача смены", now, current="month"),
        links=(LinkView(title="Смены", url="#"), LINKS[1]),
        shift="3 декабря, чт, 08:00–20:00",
        sheet=sheet(),
        waiting=(_listed(now, "signed", "ждёт сменщика", "wait"),),
        form=s.SignForm(
            post_url="#",
            held=2,
            takers=(Choice(value="2", title="Сидорова М. А.", detail="по графику", chosen=True), Choice(value="3", title=NAMES[3])),
            values={"notes": "ключ от подвала у консьержа"},
            errors={"contacts_go": "У вас в работе обращений: 2. Верните их в очередь или передайте сменщику."},
        ),
    )  # fmt: skip


def calm(now: datetime) -> s.HandoverPage:
    parts = tuple(
        dataclasses.replace(part, lines=(), empty=words)
        for part, words in zip(
            sheet().parts,
            ("Все обращения закончены.", "Все бригады ответили, вопросов нет.", "Согласованных допусков впереди нет.", "Все письма по открытым заявкам ушли."),
            strict=True,
        )
    )  # fmt: skip
    return dataclasses.replace(
        handover(now), waiting=(), sheet=s.SheetView(tickets=(), tickets_total=0, soon=0, parts=parts),
        form=s.SignForm(post_url="#", held=0),
    )  # fmt: skip


def signed(now: datetime) -> s.SheetPage:
    return s.SheetPage(
        page=p.page("Сдача смены", now, current="month"),
        title="Сдача смены, 19:58",
        links=(LinkView(title="Смены", url="#"), *LINKS),
        status=StatusView(code="signed", title="ждёт сменщика", tone="wait"),
        shift="3 декабря, чт, 08:00–20:00",
        signatures=(
            s.Signature(
                role="Сдал(а)", name="Иванова Ольга Петровна", at=now,
                words="ключ от подвала у консьержа, Водоканал обещал бригаду к 23:00",
            ),
        ),
        sheet=sheet(),
        proof="Лист такой же, каким его подписали: отпечаток 5f1c0b6a93d27e44 есть в журнале.",
        print_url="#",
        accept_url="#",
    )  # fmt: skip


def listed(now: datetime) -> s.SheetList:
    rows = (
        _listed(now, "signed", "ждёт сменщика", "wait"),
        *(
            _listed(now - timedelta(hours=12 * n), "accepted", "принята", "good", NAMES[3])
            for n in range(1, 6)
        ),
    )
    return s.SheetList(
        page=p.page("Листы сдачи смен", now, current="month"), links=LINKS[:1], rows=rows, older_url="#"
    )
