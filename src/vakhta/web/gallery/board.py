"""Samples of the board."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from vakhta.web.board import screens as b
from vakhta.web.gallery import people as p
from vakhta.web.screens import SeverityView


def board(now: datetime) -> b.Board:
    page = p.page("Табло", now, current="board")

    def row(
        serial: int,
        where: str,
        what: str,
        left: float,
        who: str = "",
        severity: SeverityView = p.EMERGENCY,
    ) -> b.BoardRow:
        return b.BoardRow(
            number=p.number(serial, ""),
            where=where,
            what=what,
            clock=p.contain(now, left),
            severity=severity,
            who=who,
        )

    return b.Board(
        page=page, centre="АДС «Северная»", url="#", nav=page.nav,
        watch=b.Watch(
            on=(b.OnWatch(name="Иванова О. П.", until="20:00"), b.OnWatch(name="Гусев П. И.", until="20:00", pause="обед")),
            next="с 20:00: Сидорова М. А., Константинопольский-Задорожный М. К.",
        ),
        outages=("Отключение не снято, срок вышел 05:48: ХВС, Заречинский водоканал",),
        missed=("Смену до 08:00 сдали, но никто не принял: Морозов Ф. Н.",),
        figures=(
            b.Figure(title="звонка ждут", value="3", detail="дольше всех 04:10"),
            b.Figure(title="сообщения ждут", value="4"),
            b.Figure(title="заявка открыта", value="61", detail="7 аварий"),
            b.Figure(title="ответ в норме сегодня", value="98,2 %", detail="412 из 419"),
            b.Figure(title="сроки в норме сегодня", value="94,0 %", detail="нарушено 5", tone="warn"),
        ),
        breaching=(
            row(204331, "ул. Ленина, 15, кв. 38", "ХВС, течь стояка", 41, "бр. 4 · Теплотехники, на месте"),
            row(204318, p.LONG_STREET + ", 118к2", "Лифт, люди в кабине", 190),
            row(204340, "ул. Мира, 3", "Нет света в подъезде", 420, "бр. 7 · Электрики, принято", p.URGENT),
            row(204342, "ул. Гагарина, 40", "Отопление, течь", 560, "бр. 9 · Теплотехники, запад, в пути"),
            row(204330, "ул. Садовая, 8", "Засор канализации", -75, "бр. 2 · Сантехники, юг, в пути"),
        ),
        breaching_total=5,
        breaching_late=1,
        following=(
            row(204346, "ул. Строителей, 7", "Не работает домофон", 2400, severity=p.ORDINARY),
            row(204347, "ул. Гагарина, 4, кв. 12", "ГВС, нет воды", 5400, "бр. 4 · Теплотехники, принято", p.URGENT),
        ),
        unassigned=(
            b.Waiting(number=p.number(204344, ""), where="ул. Строителей, 7", what="Не работает домофон", since=now - timedelta(minutes=3), severity=p.ORDINARY),
            b.Waiting(number=p.number(204345, ""), where="ул. 8 Марта, 12", what="Газ: запах газа · Аварийная газовая служба", since=now - timedelta(minutes=1), severity=p.EMERGENCY, clock=p.contain(now, 1500)),
        ),
        unassigned_total=2,
        crews=(
            b.CrewLoad(title="Бр. 4 · Теплотехники", skill="", state="на месте, ул. Ленина, 15", jobs=1),
            b.CrewLoad(title="Бр. 2 · Сантехники, юг", skill="", state="в пути, ул. Садовая, 8", jobs=3),
            b.CrewLoad(title="Бр. 7 · Электрики", skill="", state="принято, ул. Мира, 3", jobs=2),
            b.CrewLoad(title="Бр. 9 · Теплотехники, запад", skill="", state="вопрос диспетчеру, ул. Гагарина, 40", jobs=5),
            b.CrewLoad(title="Бригада 11", skill="лифты", state="без нарядов", jobs=0, free=True),
        ),
    )  # fmt: skip


def calm(now: datetime) -> b.Board:
    return dataclasses.replace(
        board(now), breaching=(), breaching_total=0, following=(), unassigned=(), unassigned_total=0
    )


def storm(now: datetime) -> b.Board:
    full = board(now)
    rows = tuple(
        dataclasses.replace(full.breaching[n % 5], clock=p.contain(now, -300 + n * 21)) for n in range(30)
    )
    figures = (
        b.Figure(title="звонка ждут", value="1184", detail="дольше всех 41:10", tone="bad"),
        *full.figures[1:],
    )
    return dataclasses.replace(full, breaching=rows, breaching_total=208, unassigned=full.unassigned * 8, unassigned_total=97,
                               crews=(full.crews or ()) * 2, figures=figures, centre=p.LONG_COMPANY)  # fmt: skip
