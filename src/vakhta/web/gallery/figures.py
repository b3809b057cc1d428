"""Samples of the pages of indicators and staffing: a month of days, the longest names, a question that cannot be read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from vakhta.domain import staffing as erlang
from vakhta.reports.indicators import Asked, Calls, NormRow, Report, Row, Work
from vakhta.reports.staffing import Basis, Staffing
from vakhta.web.gallery import people as p
from vakhta.web.indicators import build, staffing_build
from vakhta.web.indicators import screens as s
from vakhta.web.screens import Choice, LinkView

SINCE = date(2026, 11, 1)
DAYS = 24


def _made(
    now: datetime, by: str, rows: tuple[Row, ...], norms: tuple[NormRow, ...] = (), left_out: int = 0
) -> s.Indicators:
    asked = Asked(since=now - timedelta(days=DAYS), until=now, zone="Europe/Moscow", by=by)
    calls = Calls(all=1204, repeats=118, late=9, answer=74)
    total = Row(
        key="",
        title="",
        calls=calls,
        work=Work(all=806, emergencies=96, open=31, done=12, closed=741, gone=22, broken=17),
    )
    made = Report(asked=asked, rows=rows, total=total, norms=norms, left_out=left_out)
    return s.Indicators(
        page=p.page("Показатели", now, current="indicators"),
        url="#",
        by=tuple(
            Choice(value=code, title=title, chosen=code == by) for code, title in build.BY_TITLES.items()
        ),
        companies=(Choice(value="", title="все", chosen=True), Choice(value="3", title=p.LONG_COMPANY)),
        values={"since": "2026-11-01", "until": "2026-11-24"},
        head=build.HEADS[by],
        groups=build.groups(by),
        lines=tuple(build.line(made, row, now, build.LISTS) for row in rows),
        total=build.line(made, total, now, build.LISTS, "Итого"),
        note=build.left_out(made),
        norms_head=build.norms_head(),
        norms=tuple(build.norm_line(made, row, build.LISTS) for row in norms),
        plot=build.plot(made, now) if by == "day" else None,
        rows=build.rows(made, now) if by != "day" else None,
        periods=tuple(
            LinkView(title=title, url="#") for title in ("сегодня", "вчера", "7 дней", "этот месяц")
        ),
        downloads=tuple(LinkView(title=kind, url="#") for kind in ("XLSX", "CSV", "PDF")),
    )


def _row(key: str, place: int, title: str = "") -> Row:
    all_, broken = 20 + place * 7 % 31, (place * 5 % 4) * (place % 3 == 0)
    return Row(
        key=key,
        title=title,
        calls=Calls(all=all_ + 15, repeats=place % 6, late=broken, answer=40.0 + place * 9 % 80),
        work=Work(
            all=all_,
            emergencies=place % 5,
            open=place % 4,
            done=1,
            closed=all_ - place % 4 - 1,
            broken=broken,
        ),
    )


def month(now: datetime) -> s.Indicators:
    days = ((SINCE + timedelta(days=place)).isoformat() for place in range(DAYS))
    norms = (
        NormRow(code="pp416.13.containment", kept=88, broken=8, running=2, late=760, reasons=(("нет трубы на складе", 4), ("не пускают в подвал", 2))),
        NormRow(code="pp416.13.answer", kept=1180, broken=9, running=0, late=95),
        NormRow(code="pp416.13.blockage", kept=41, broken=0, running=1, late=None),
    )  # fmt: skip
    return _made(now, "day", tuple(_row(day, place) for place, day in enumerate(days)), norms)


def houses(now: datetime) -> s.Indicators:
    """As many as a page shows of a city: the longest name first, some not in the stock."""
    names = (
        f"{p.LONG_STREET}, 118к2 стр. 3",
        "ул. Ленина, 15",
        "",
        *(f"ул. 8 Марта, {number}" for number in range(4, build.SHOWN + 1)),
    )
    rows = tuple(_row(str(place) if name else "", place, name) for place, name in enumerate(names, 3))
    return _made(now, "building", rows, left_out=3133)


def wrong(now: datetime) -> s.Indicators:
    return s.Indicators(
        page=p.page("Показатели", now, current="indicators"),
        url="#",
        by=(Choice(value="day", title="по дням", chosen=True),),
        companies=(),
        values={"since": "24.11.2026", "until": "01.11.2026"},
        errors={"until": "«По» раньше, чем «С»: поменяйте дни местами."},
    )


def staffing(now: datetime) -> s.StaffingPage:
    hours = tuple(erlang.day(erlang.of_accounts(120_000)))
    basis = Basis(handling=erlang.HANDLING, days=0, counted=12, accounts=120_000)
    made = Staffing(basis=basis, level=erlang.LEVEL, hours=hours)
    return s.StaffingPage(
        page=p.page("Сколько операторов", now, current="indicators"),
        url="#",
        indicators_url="#",
        values={"accounts": "120000", "minutes": "", "level": ""},
        **staffing_build.shown(made),
    )
