"""Samples of the whole console: ordinary, empty, storm, failing, unknown caller, each step."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from vakhta.web.console import screens as c
from vakhta.web.gallery import console_cards as cards
from vakhta.web.gallery import people as p
from vakhta.web.screens import Conflict, LinkView, Toast

FRAGMENT = "/demo/gallery/fragment/"


def top(*, ready: bool = True, broken: bool = False, long: bool = False) -> c.Top:
    return c.Top(
        centre=p.LONG_COMPANY if long else "АДС «Северная»", shift="смена 08–20", person=p.IVANOVA, ready=ready,
        watch="На смене: Иванова О. П. Дальше с 20:00: Сидорова М. А.", handover_url="#handover", handover_waits=not ready,
        ready_url=FRAGMENT + "top/", line_url=FRAGMENT + "line/",
        channels=(
            c.ChannelState(channel=p.channel("phone")),
            c.ChannelState(channel=p.channel("email"), ok=not broken, word="почта стоит 1 ч 05 мин", about="Почтовый сервер не принимает, писем ждёт: 12. Они уйдут сами, когда он ответит."),
            c.ChannelState(channel=p.channel("web")),
        ),
        nav=(LinkView(title="Пульт", url="#console", current=True), LinkView(title="Табло", url="#board"),
             LinkView(title="Журнал", url="#journal"), LinkView(title="Нормы", url="#norms")),
    )  # fmt: skip


def row(n: int, channel: str, clock: object, title: str, detail: str = "", **more: object) -> c.QueueRow:
    return c.QueueRow(id=n, channel=p.channel(channel), clock=clock, title=title, detail=detail,  # type: ignore[arg-type]
                      take_url=FRAGMENT + "work/", **more)  # type: ignore[arg-type]  # fmt: skip


def rows(now: datetime) -> tuple[c.QueueRow, ...]:
    return (
        row(
            1,
            "lift",
            p.answer(now, 251),
            "Мира, 3, лифт 2",
            "диспетчерская связь лифта",
            emergency=True,
        ),
        row(
            2,
            "missed",
            p.callback(now, -192),
            "+7 916 555-01-02",
            "не дождался ответа",
            repeated=2,
        ),
        row(
            3,
            "phone",
            p.answer(now, 41),
            "ул. Мира, 3, кв. 12",
            "Козлов Д. И., наниматель",
        ),
        row(
            4,
            "email",
            p.message(now, 130),
            "ул. Садовая, 8",
            "В подъезде третий день не работает лифт, звоню и пишу",
        ),
        row(
            9,
            "chat",
            p.message(now, 415),
            f"{p.LONG_STREET}, 118к2 стр. 3, кв. 1204",
            "когда дадут тепло?",
            taken_by="Сидорова",
        ),
        row(6, "messenger", p.message(now, 440), "Николаева Е. В.", "фото потолка"),
        row(7, "partner", p.message(now, 520), "Водоканал", "телефонограмма 119"),
    )


def storm_rows(now: datetime) -> tuple[c.QueueRow, ...]:
    streets = (
        "Ленина",
        "Мира",
        "Садовая",
        "Гагарина",
        "Первомайская",
        "Строителей",
        "8 Марта",
        "Набережная",
    )
    kinds = ("phone", "phone", "missed", "phone", "email", "messenger", "phone", "chat")
    found = []
    for n in range(200):
        left = -190 + n * 4.3
        kind = kinds[n % 8]
        clock = (
            p.callback(now, left)
            if kind == "missed"
            else p.answer(now, left)
            if kind == "phone"
            else p.message(now, left)
        )
        found.append(row(n, kind, clock, f"ул. {streets[n * 5 % 8]}, {n % 60 + 1}, кв. {n * 7 % 140 + 1}",
                         "нет света во всём доме" if n % 3 else "", emergency=n < 2, repeated=3 if n % 11 == 0 else 0))  # fmt: skip
    return tuple(found)


def queue(
    rows: tuple[c.QueueRow, ...],
    *,
    mine: tuple[c.QueueRow, ...] = (),
    total: int | None = None,
) -> c.Queue:
    return c.Queue(rows=rows, total=len(rows) if total is None else total, url=FRAGMENT + "queue/", mine=mine,
                   take_next_url=FRAGMENT + "work/", new_call_url=FRAGMENT + "work/")  # fmt: skip


def threatened(now: datetime, *, full: bool = True) -> c.Threatened:
    found = (
        c.ThreatRow(number=p.number(204330), clock=p.contain(now, -75), title="ул. Садовая, 8", severity=p.EMERGENCY, status=p.ON_WAY, url="#t"),
        c.ThreatRow(number=p.number(204331), clock=p.contain(now, 252), title="ул. Ленина, 15, кв. 38", severity=p.EMERGENCY, status=p.ACCEPTED, url="#t"),
        c.ThreatRow(number=p.number(204318), clock=p.clock(now, "Засор", 120, 1410, "устранить засор за 2 часа", "ПП 416, п. 13"),
                    title=p.LONG_STREET, severity=p.URGENT, status=p.NEW, url="#t"),
    )  # fmt: skip
    asked = (
        c.AskedRow(number=p.number(204326), what="Исполнитель спрашивает", words="Где ключ от подвала? Консьержа нет, дверь железная, замок навесной.",
                   title="ул. Мира, 12 к2, кв. 8", who="бригада 4", url="#t"),
        c.AskedRow(number=p.number(204311), what="Нет доступа: согласуйте заново", words="", title=p.LONG_STREET, who="Дежурный слесарь-сантехник Константинопольский Вениамин Константинович", url="#t"),
    )  # fmt: skip
    return c.Threatened(
        rows=found if full else (),
        total=3 if full else 0,
        url=FRAGMENT + "threatened/",
        all_url="#board",
        asked=asked if full else (),
        outages=(
            c.OverdueOutage(
                title="ХВС, ГВС, Заречинский водоканал", detail="обещали включить 05:48", over="3:12:40"
            ),
        )
        if full
        else (),
        outages_url="#outages",
    )


def foot(now: datetime, *, undo: bool = True) -> c.Foot:
    if not undo:
        return c.Foot()
    return c.Foot(
        last=Toast(
            text="№ 26-204 329 передана бригаде 4",
            undo_url=FRAGMENT + "work/",
            undo_until=now + timedelta(seconds=9),
        )
    )


def console(now: datetime, work: c.Work, **parts: object) -> c.Console:
    mine = (
        row(
            5,
            "phone",
            p.answer(now, 262),
            "ул. Ленина, 15, кв. 42",
            "Петрова А. С.",
            mine=True,
        ),
    )
    ready = {
        "page": p.page("Пульт", now, current="console"), "top": top(), "queue": queue(rows(now), mine=mine if work.card else ()),
        "threatened": threatened(now), "work": work, "foot": foot(now), "duty_url": FRAGMENT + "duty/",
    }  # fmt: skip
    return c.Console(**{**ready, **parts})  # type: ignore[arg-type]


def step(now: datetime, number: int, **more: object) -> c.Console:
    """The ordinary console at one step."""
    work = c.Work(
        card=cards.card(now, registered=number > 2),
        panel=cards.panel(now, number),
        steps=c.Steps(
            marks=cards.marks(now, number, skipped=(5,)),
            clock=p.terms(now, 1710) if number > 2 else p.answer(now, 262),
        ),
    )
    return console(now, work, **more)


def empty(now: datetime) -> c.Console:
    teach = c.Teach(title="Возьмите обращение", text="Здесь откроется карточка: кто звонит, откуда, что с домом. "
                    "Девять шагов приёма ведут от ответа до журнала, каждый делается с клавиатуры.",
                    button="Принять звонок вручную", key="F4", url=FRAGMENT + "work/")  # fmt: skip
    return console(
        now,
        c.Work(empty=teach),
        queue=queue(()),
        threatened=threatened(now, full=False),
        foot=foot(now, undo=False),
    )


def storm(now: datetime) -> c.Console:
    ready = step(now, 2)
    return dataclasses.replace(
        ready, queue=queue(storm_rows(now), total=1184), top=top(broken=True, long=True)
    )


def failing(now: datetime) -> c.Console:
    ready = step(now, 2)
    conflict = Conflict(held=True, who="Сидорова М. А.", at=now - timedelta(seconds=20), mine="течёт стояк в ванной, соседи снизу звонят",
                        theirs="течёт стояк в туалете, перекрыли сами")  # fmt: skip
    panel = dataclasses.replace(
        ready.work.panel,  # type: ignore[type-var]
        errors={"": "Заявка не записана: неисправность не выбрана. Всё набранное осталось здесь.",
                "description": "Опишите словами заявителя, хотя бы двумя.", "classifier": "По этим словам ничего не нашлось: скажите иначе, например «течёт кран», «нет света»."},
        suggestions=c.Suggestions(query="ыыы"),
    )  # fmt: skip
    work = dataclasses.replace(ready.work, card=cards.card(now, conflict=conflict), panel=panel)
    return dataclasses.replace(ready, work=work, top=top(ready=False, broken=True))


def unknown(now: datetime) -> c.Console:
    panel = c.NaturePanel(
        post_url=FRAGMENT + "work/",
        skip_url=FRAGMENT + "work/",
        suggest_url=FRAGMENT + "suggestions/",
    )
    return console(
        now,
        c.Work(
            card=cards.card(now, known=False),
            panel=panel,
            steps=c.Steps(marks=cards.marks(now, 2), clock=p.answer(now, 262)),
        ),
    )


def gas(now: datetime) -> c.Console:
    ready = step(now, 2)
    panel = dataclasses.replace(
        ready.work.panel,  # type: ignore[type-var]
        description="пахнет газом в подъезде",
        suggestions=cards.said_of("house.gas.smell"),
    )
    return dataclasses.replace(ready, work=dataclasses.replace(ready.work, panel=panel))


def stuck(now: datetime) -> c.Console:
    """A letter of many words, from a house with a long address and everything that can be told of one."""
    ready = long_names(now)
    panel = dataclasses.replace(
        ready.work.panel,  # type: ignore[type-var]
        description="застряли в лифте, двое взрослых и ребёнок, свет погас. " * 4,
        suggestions=cards.said_of("lift.people"),
    )
    return dataclasses.replace(ready, work=dataclasses.replace(ready.work, panel=panel))


def long_names(now: datetime) -> c.Console:
    ready = step(now, 2)
    card = cards.card(
        now,
        long=True,
        channel="email",
        text="Здравствуйте! " + "Третий день в подъезде нет света и течёт с потолка. " * 6,
    )
    return dataclasses.replace(ready, work=dataclasses.replace(ready.work, card=card), top=top(long=True))


def line(now: datetime) -> c.LineAnswer:
    return c.LineAnswer(query="ktybyf 15 42", results=(
        c.LineResult(kind="address", title="ул. Ленина, 15, кв. 42", does="Открыть карточку: ул. Ленина, 15, кв. 42",
                     url=FRAGMENT + "work/", forgiven="«ленина 15 42», раскладка", detail="Петрова А. С."),
        c.LineResult(kind="ticket", title="ХВС, течь стояка", number=p.number(204331, ""), clock=p.contain(now, 1080),
                     does="Открыть заявку № 26-204 331", url="#t", method="go"),
        c.LineResult(kind="person", title="Ленин Пётр Ильич", detail="ул. Мира, 3, кв. 1", does="Открыть карточку: Ленин Пётр Ильич", url=FRAGMENT + "work/"),
        c.LineResult(kind="action", title="пауза: обед", does="Поставить паузу «обед»", url=FRAGMENT + "work/", method="post"),
    ))  # fmt: skip
