"""Samples of the list of tickets: rows of every state, the longest names, nothing found."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from vakhta.web.gallery import people as p
from vakhta.web.lists import screens as s
from vakhta.web.screens import Choice, LinkView, StatusView


def _row(number: int, now: datetime, **more: object) -> s.TicketRow:
    known: dict[str, object] = {
        "number": p.number(number), "registered_at": now - timedelta(minutes=40), "zone": "Europe/Moscow",
        "severity": p.EMERGENCY, "what": "ХВС: течь стояка", "words": "Течёт стояк в ванной, соседи снизу звонят",
        "where": "ул. Ленина, 15, кв. 42", "who": "Петрова Анна Сергеевна", "phone": "+7 916 123-45-67",
        "status": p.ON_WAY, "crew": "бригада 4", "clock": None, "broken": "", "company": "УК «Северная»",
    }  # fmt: skip
    return s.TicketRow(**{**known, **more})  # type: ignore[arg-type]


def _old(now: datetime) -> s.TicketRow:
    """Of a journal that was kept before; it has the day alone."""
    return dataclasses.replace(
        _row(1, now), number=p.old_number(), registered_at=now - timedelta(days=988), has_time=False, crew="", phone="",
        what="ХВС: течь стояка (по словам)", severity=p.ORDINARY, status=StatusView(code="closed", title="закрыта", tone="good"),
    )  # fmt: skip


def contacts(now: datetime) -> s.ContactList:
    def row(**more: object) -> s.ContactRow:
        known: dict[str, object] = {
            "channel": p.channel("phone"), "received_at": now - timedelta(minutes=9), "who": "Петрова Анна Сергеевна",
            "phone": "+7 916 123-45-67", "where": "ул. Ленина, 15, кв. 42", "words": "Где бригада? Ждём второй час",
            "operator": "Иванова О. П.", "answered_at": now - timedelta(minutes=8), "company": "УК «Северная»",
            "status": StatusView(code="addition", title="дополнение к заявке", tone="quiet"),
            "ticket": p.number(204331), "url": "",
        }  # fmt: skip
        return s.ContactRow(**{**known, **more})  # type: ignore[arg-type]

    return s.ContactList(
        page=p.page("Обращения", now, current="lists"),
        rows=(
            row(status=StatusView(code="queued", title="ждёт ответа", tone="wait"), ticket=None, operator="",
                answered_at=None, url="#card", who="", words=""),
            row(),
            row(channel=p.channel("email"), where=f"{p.LONG_STREET}, 118к2 стр. 3, кв. 1204", phone="",
                who="Константинопольский Вениамин Константинович", company=p.LONG_COMPANY,
                status=StatusView(code="ticket", title="заявка", tone="good")),
        ),
        url="#",
        tickets_url="#tickets",
        said="8 916 123-45-67",
        read_as="по телефону заявителя",
        selects=(s.Select(name="state", label="Состояние", options=(Choice(value="", title="все", chosen=True),)),),
        values={},
        is_filtered=True,
        with_company=True,
        downloads=(LinkView(title="XLSX", url="#xlsx"), LinkView(title="CSV", url="#csv")),
    )  # fmt: skip


def tickets(now: datetime) -> s.TicketList:
    return s.TicketList(
        page=p.page("Заявки", now, current="lists"),
        rows=(
            _row(204331, now, clock=p.contain(now, 252)),
            _old(now),
            _row(204330, now, clock=p.contain(now, -75), status=p.ON_SITE, broken="Локализация"),
            _row(204318, now, severity=p.URGENT, where=f"{p.LONG_STREET}, 118к2 стр. 3, кв. 1204, вход со двора",
                 who="Константинопольский Вениамин Константинович", company=p.LONG_COMPANY, status=p.NEW, crew=""),
            _row(204301, now, words="", who="", phone="", where="", status=p.RETURNED),
        ),
        url="#",
        said="течёт стояк",
        read_as="по словам описания, адреса и заявителя",
        selects=tuple(
            s.Select(name=name, label=label, options=(Choice(value="", title="все", chosen=True),))
            for name, label in (("state", "Состояние"), ("severity", "Срочность"), ("kind", "Неисправность"),
                                ("crew", "Бригада"), ("company", "Организация"), ("channel", "Как обратились"))
        ),
        values={},
        is_filtered=True,
        with_company=True,
        downloads=(LinkView(title="XLSX", url="#x"), LinkView(title="CSV", url="#c")),
        more_url="#more",
    )  # fmt: skip


def nothing(now: datetime) -> s.TicketList:
    made = tickets(now)
    return s.TicketList(**{**vars(made), "rows": (), "more_url": "", "errors": {"since": "Дата не читается: нужна вроде 24.11.2026."}})  # fmt: skip
