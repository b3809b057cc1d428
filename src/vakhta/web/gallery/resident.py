"""Samples of the resident's page by a signed link."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from vakhta.web.gallery import people as p
from vakhta.web.public import screens as r
from vakhta.web.screens import PageView, PhoneView


def _stages(now: datetime, current: int) -> tuple[r.Stage, ...]:
    titles = (
        "Заявка принята",
        "Бригада назначена",
        "Мастер выехал",
        "Мастер на месте",
        "Работы выполнены",
        "Вы подтвердили",
    )
    return tuple(
        r.Stage(title=title, state="done" if n < current else "current" if n == current else "todo",
                at=now - timedelta(minutes=9 * (current - n) + 4) if n <= current else None,
                note="бригада 4, Кузнецов П. А." if n == 1 and n <= current else "")
        for n, title in enumerate(titles)
    )  # fmt: skip


def in_work(now: datetime) -> r.ResidentTicket:
    return r.ResidentTicket(
        page=PageView(title="Заявка № 26-204 337", now=now), company="АДС «Северная», УК «Северная»", number=p.number(204337, ""),
        what="Течь стояка холодной воды", address=p.LENINA, stages=_stages(now, 2), term=now + timedelta(days=3),
        term_note="Воду перекроем сегодня до 09:32.",
        visit="Сегодня с 09:10 до 09:40 придёт слесарь Кузнецов Пётр Андреевич: удостоверение, бахилы.",
        phone=PhoneView(phone="+74950000112"),
    )  # fmt: skip


def asked(now: datetime) -> r.ResidentTicket:
    return dataclasses.replace(in_work(now), stages=_stages(now, 4), question="confirm", confirm_url="#", return_url="#",
                               company=p.LONG_COMPANY, address=p.LONG_ADDRESS)  # fmt: skip


def rated(now: datetime) -> r.ResidentTicket:
    return dataclasses.replace(in_work(now), stages=_stages(now, 5), question="rate", rate_url="#", rating=4,
                               errors={"": "Оценка не записана: связь прервалась. Нажмите ещё раз."})  # fmt: skip


def too_late(now: datetime) -> r.ResidentTicket:
    said = "Эта заявка уже подтверждена, возможно, в другом окне, и закрыта: вернуть её нельзя. Если не исправлено, позвоните диспетчеру и назовите её номер: он заведёт новую."
    return dataclasses.replace(in_work(now), stages=_stages(now, 6), question="rate", rate_url="#", errors={"": said},
                               unheard="Опять капает, и уже сильнее: под мойкой стоит таз, соседи снизу звонят.")  # fmt: skip


def thanked(now: datetime) -> r.ResidentTicket:
    return dataclasses.replace(in_work(now), stages=_stages(now, 6), question="thanks", rating=5)


def returned(now: datetime) -> r.ResidentTicket:
    return dataclasses.replace(in_work(now), stages=_stages(now, 1), question="returned")


def dead(now: datetime) -> r.LinkDead:
    return r.LinkDead(page=PageView(title="Ссылка не открывается", now=now), title="Ссылка не открывается",
                      text="Она устарела или скопирована не целиком. Откройте её прямо из письма или позвоните: состояние заявки скажет диспетчер.",
                      phone=PhoneView(phone="+74950000112"))  # fmt: skip
