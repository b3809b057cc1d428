"""Samples of the list of tickets: rows of every state, the longest names, nothing found."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from vakhta.web.gallery import people as p
from vakhta.web.lists import screens as s
from vakhta.web.lists.bulk_forms import Wrong, acts
from vakhta.web.screens import Choice, LinkView, StatusView

HEADS = tuple(
    s.Head(code=code, title=title)
    for code, title in (("ticket", "Заявка"), ("what", "Что случилось"), ("where", "Где и кто"), ("stands", "Стоит"),
                        ("term", "Срок"), ("company", "Организация"))
)  # fmt: skip
CAME = tuple(
    s.Head(code=code, title=title)
    for code, title in (("came", "Поступило"), ("who", "Кто и откуда"), ("about", "О чём"), ("result", "Итог"),
                        ("by", "Диспетчер"), ("company", "Организация"))
)  # fmt: skip
CELLS = tuple(s.Cell(code=head.code, text="УК «Северная»") for head in HEADS)


def _above(code: str, heads: tuple[s.Head, ...]) -> dict[str, Any]:
    """Saved views, columns and files of a list."""
    files = tuple(LinkView(title=kind, url=f"#{kind}") for kind in ("XLSX", "CSV"))
    return {
        "all_url": "#all", "question": "state=open", "save_url": "#save", "save_list": code, "heads": heads,
        "columns": (
            *(s.ColumnChoice(code=h.code, title=h.title, chosen=True, holds="номер, принята") for h in heads),
            s.ColumnChoice(code="flat", title="Квартира"),
            s.ColumnChoice(code="email", title="Почта"),
        ),
        "downloads": tuple(s.Download(title=title, links=files) for title in ("Столбцы как на экране", "Все столбцы")),
        "saved": (
            s.SavedLink(title="Мои открытые", url="#v1", key="Alt+1", current=True, is_default=True),
            s.SavedLink(title="Нарушены за неделю: стояки и подвалы Северо-Восточного района", url="#v2", key="Alt+2"),
            s.SavedLink(title="Не назначенные", url="#v3", key="Alt+3", shared_by="Громова В. И."),
        ),
        "view": s.OpenView(name="Мои открытые", is_changed=False, is_default=True, rename_url="#", replace_url="#",
                           remove_url="#", share_url="#", default_url="#"),
    }  # fmt: skip


def _row(number: int, now: datetime, **more: object) -> s.TicketRow:
    known: dict[str, object] = {
        "choice": f"{number}/1", "cells": CELLS, "number": p.number(number), "registered_at": now - timedelta(minutes=40), "zone": "Europe/Moscow",
        "severity": p.EMERGENCY, "what": "ХВС: течь стояка", "words": "Течёт стояк в ванной, соседи снизу звонят",
        "where": "ул. Ленина, 15, кв. 42", "who": "Петрова Анна Сергеевна", "phone": "+7 916 123-45-67",
        "status": p.ON_WAY, "crew": "бригада 4", "clock": None, "broken": "", "kept_late": "", "company": "УК «Северная»",
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
            "cells": tuple(s.Cell(code=h.code, text="УК «Северная»") for h in CAME), "channel": p.channel("phone"), "received_at": now - timedelta(minutes=9), "who": "Петрова Анна Сергеевна",
            "phone": "+7 916 123-45-67", "where": "ул. Ленина, 15, кв. 42", "words": "Где бригада? Ждём второй час",
            "operator": "Иванова О. П.", "answered_at": now - timedelta(minutes=8), "company": "УК «Северная»",
            "status": StatusView(code="addition", title="дополнение к заявке", tone="quiet"),
            "ticket": p.number(204331), "url": "",
        }  # fmt: skip
        return s.ContactRow(**{**known, **more})  # type: ignore[arg-type]

    return s.ContactList(
        page=p.page("Обращения", now, current="tickets"),
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
        **_above("contacts", CAME),
    )  # fmt: skip


def tickets(now: datetime) -> s.TicketList:
    return s.TicketList(
        page=p.page("Заявки", now, current="tickets"),
        rows=(
            _row(204331, now, clock=p.contain(now, 252)),
            _old(now),
            _row(204330, now, clock=p.contain(now, -75), status=p.ON_SITE, broken="Локализация"),
            _row(204318, now, severity=p.URGENT, where=f"{p.LONG_STREET}, 118к2 стр. 3, кв. 1204, вход со двора",
                 who="Константинопольский Вениамин Константинович", company=p.LONG_COMPANY, status=p.NEW, crew=""),
            _row(204301, now, words="", who="", phone="", where="", status=p.RETURNED,
                 kept_late="Локализация"),
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
        **_above("tickets", HEADS),
        acts=acts("senior", [(1, "бригада 4"), (2, "Электрики Северо-Восточного участка")], None),
        count_url="/demo/gallery/fragment/count/",
        print_url="#print",
        more_url="#more",
    )  # fmt: skip


def nothing(now: datetime) -> s.TicketList:
    made = tickets(now)
    return s.TicketList(**{**vars(made), "rows": (), "more_url": "", "gone": ("Бригада",), "restore_url": "#restore",
                           "errors": {"since": "Дата не читается: нужна вроде 24.11.2026."}})  # fmt: skip


def chosen(now: datetime) -> s.TicketList:
    """An act that was refused, its words and its tickets kept; columns of one's own choice."""
    made = tickets(now)
    heads = tuple(s.Head(code=code, title=title) for code, title in (
        ("number", "Номер"), ("severity", "Срочность"), ("address", "Адрес"), ("flat", "Квартира"), ("phone", "Телефон"),
        ("crew", "Исполнитель"), ("due", "Срок по норме"), ("norm", "Норма")))  # fmt: skip
    texts = {"address": f"{p.LONG_STREET}, 118к2", "flat": "1204", "phone": "+7 916 123-45-67",
             "crew": "бригада 4", "due": "24.11.2026 09:12", "norm": "локализация повреждения"}  # fmt: skip
    cells = tuple(s.Cell(code=head.code, text=texts.get(head.code, "")) for head in heads)
    rows = tuple(
        s.TicketRow(**{**vars(row), "cells": cells, "chosen": place < 2})
        for place, row in enumerate(made.rows)
    )
    wrong = Wrong("void", {"void-text": ""}, frozenset(), {"text": "Заполните поле «Причина»."})
    return s.TicketList(
        **{**vars(made), "heads": heads, "rows": rows, "acts": acts("senior", [(1, "бригада 4")], wrong)}
    )


def _bulk(now: datetime, **more: Any) -> s.BulkPage:
    known: dict[str, Any] = {
        "page": p.page("Действие над списком", now, current="tickets"), "title": "Передать бригаде", "told": "бригада 4",
        "total": 240, "ready": 240, "changed": 238, "undone": 0, "left": 0, "kept": (), "is_going": False,
        "is_undoing": False, "is_stopped": False, "url": "#", "go_url": "/demo/gallery/fragment/bulk/", "undo_url": "#undo", "list_url": "#list",
        "refused": (
            s.BulkRefusal(number=p.number(204331), reason="По наряду уже работают (в пути). Напишите, почему забираете: исполнитель это прочтёт."),
            s.BulkRefusal(number=p.number(204318), reason="Пока вы выбирали, заявку изменил кто-то другой: теперь она передана. Посмотрите её и решите ещё раз."),
        ),
    }  # fmt: skip
    return s.BulkPage(**{**known, **more})


def bulk(now: datetime) -> s.BulkPage:
    return _bulk(now)


def bulk_going(now: datetime) -> s.BulkPage:
    return _bulk(now, ready=87, is_going=True, refused=(), undo_url="", stop_url="#stop")


def bulk_undone(now: datetime) -> s.BulkPage:
    kept = (s.BulkRefusal(number=p.number(204330), reason="Наряд уже в работе (принято): передайте заявку другим и напишите почему."),)  # fmt: skip
    return _bulk(now, total=238, undone=237, is_undoing=True, undo_url="", refused=(), kept=kept)


def line() -> s.CountLine:
    return s.CountLine(count=240, is_too_many=False)
