"""Постановление Госстроя РФ от 27.09.2003 № 170, приложение 2: the longest terms of repair.

Counted from the report, or from the detection when staff had found the fault before
(`TicketRegistered.detected_at`). «Сутки» are 24 hours.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from vakhta.domain.norms import DETECTED, IMMEDIATELY, Elapsed, Norm

ACT = "Постановление Госстроя РФ от 27.09.2003 № 170"
STATUS = (
    "Действует ли этот акт в 2026 году, не подтверждено: его сроки — сроки по умолчанию. Местные акты и договоры "
    "ставят другие; сделать срок строже можно уточнением или своим сроком организации."
)
"""What a person has to know before they rely on any row of it."""

_norm = partial(
    Norm,
    act=ACT,
    item="приложение 2",
    edition="27.09.2003",
)


_WINTER = (10, 11, 12, 1, 2, 3, 4)
_SUMMER = (5, 6, 7, 8, 9)
_SEASON = "Акт не говорит, когда зима: взято время отопления, с октября по апрель."


def _repair(
    code: str, title: str, term: timedelta, source: str = "", note: str = "", months: tuple[int, ...] = ()
) -> Norm:
    return _norm(
        code=f"gosstroy170.2.{code}",
        title=title,
        limit=Elapsed(term),
        trigger="TicketRegistered",
        counted_from=DETECTED,
        stops=("WorkDone",),
        verified="secondary" if source else "unverified",
        source=source,
        note=note,
        months=months,
    )


def _at_once(code: str, title: str, source: str = "", note: str = "") -> Norm:
    return _norm(
        code=f"gosstroy170.2.{code}",
        title=title,
        limit=IMMEDIATELY,
        verified="secondary" if source else "unverified",
        source=source,
        note=note,
    )


_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)

NORMS: tuple[Norm, ...] = (
    _repair("roof", "Протечка кровли", _DAY, "S29"),
    _repair("gutters", "Водосток", 5 * _DAY, "S29"),
    _repair("bricks", "Выпадающие кирпичи", _DAY, "S29", "Оградить место немедленно."),
    _repair("flues", "Дымоходы, газоходы", _DAY, "S29"),
    _repair("glass.winter", "Стёкла и створки, зима", _DAY, "S29", _SEASON, _WINTER),
    _repair("glass.summer", "Стёкла и створки, лето", 3 * _DAY, "S29", _SEASON, _SUMMER),
    _repair("doors", "Входные двери", _DAY, "S29"),
    _repair("plaster", "Отслоение штукатурки", 5 * _DAY, "S29", "Меры безопасности немедленно."),
    _at_once("facade", "Облицовка и лепнина фасада", "S29", "Меры безопасности."),
    _repair("floors", "Протечка перекрытий", 3 * _DAY, "S29", "Гидроизоляция полов в санузлах."),
    _repair("stoves", "Трещины печей и дымоходов", _DAY, "S29", "Прекратить пользование: пожар, отравление."),
    _repair("taps", "Краны, смывные бачки", _DAY, "S30"),
    _at_once("pipes", "Аварии трубопроводов", "S30", "Вода, канализация, отопление, газ."),
    _repair("lighting", "Освещение общих мест", 7 * _DAY, "S5"),
    _repair("lift", "Неисправность лифта", _DAY, "S5"),
    _repair("feeder", "Питающий кабель, нет напряжения", 2 * _HOUR, note="Прибытие; переключение ввода."),
    _repair("switchgear", "ВРУ: предохранители, автоматы", 3 * _HOUR),
    _repair("riser_protection", "Защита стояков и линий", 3 * _HOUR),
    _at_once("short_circuit", "Короткое замыкание"),
    _repair("stove.part", "Электроплита: конфорка, духовка", 3 * _DAY),
    _repair("stove.whole", "Электроплита целиком", 3 * _HOUR),
)
