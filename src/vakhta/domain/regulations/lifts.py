"""Lifts and gas. ПП РФ от 24.06.2017 № 743 lost force on 01.09.2024; ПП РФ от 20.10.2023 № 1744 followed.

Whether № 1744 repeats the thirty minutes is not verified: ГОСТ Р 55964 carries them.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from vakhta.domain.norms import IMMEDIATELY, Elapsed, Norm
from vakhta.domain.regulations.pp416 import NO_ITEM

_evacuation = partial(
    Norm,
    code="lifts.evacuation",
    title="Освобождение из лифта",
    item=NO_ITEM,
    limit=Elapsed(timedelta(minutes=30)),
    trigger="TicketRegistered",
    stops=("PassengersEvacuated",),
    verified="secondary",
)
_repair = partial(
    Norm,
    code="lifts.repair",
    title="Ремонт лифта",
    item=NO_ITEM,
    limit=Elapsed(timedelta(hours=24)),
    trigger="TicketRegistered",
    stops=("WorkDone",),
)

_OLD_ACT, _OLD_EDITION, _OLD_END = "ПП РФ от 24.06.2017 № 743", "24.06.2017 № 743", date(2024, 8, 31)
_ACT, _EDITION, _BEGIN = "ПП РФ от 20.10.2023 № 1744", "20.10.2023 № 1744", date(2024, 9, 1)

NORMS: tuple[Norm, ...] = (
    _evacuation(act=_OLD_ACT, edition=_OLD_EDITION, in_force_to=_OLD_END, source="S33"),
    _evacuation(
        act="ГОСТ Р 55964",
        edition="редакция не установлена",
        in_force_from=_BEGIN,
        source="S34",
        note="Число в ПП № 1744 не сверено; срок взят по ГОСТ.",
    ),
    _repair(act=_OLD_ACT, edition=_OLD_EDITION, in_force_to=_OLD_END, verified="secondary", source="S33"),
    _repair(
        act=_ACT,
        edition=_EDITION,
        in_force_from=_BEGIN,
        note="Кроме капитальных работ; срок прежнего акта, в ПП № 1744 не сверен.",
    ),
    Norm(
        act=_ACT,
        edition=_EDITION,
        in_force_from=_BEGIN,
        code="lifts.service",
        title="Аварийное обслуживание лифтов",
        item="4 «г»",
        limit=None,
        verified="secondary",
        source="S63",
        note="Владелец организует аварийное обслуживание, в том числе освобождение пассажиров.",
    ),
    Norm(
        code="lifts.draft2026",
        title="Проект правил для лифтовых подрядчиков",
        act="Проект Минстроя 2026 года",
        item=NO_ITEM,
        edition="проект, принятие не установлено",
        limit=None,
        source="S35",
        note="30 минут, прибытие 2 часа, 1 сутки, круглосуточно. Как норма не применяется.",
    ),
    Norm(
        code="gas.smell",
        title="Запах газа",
        act="Правила пользования газом в быту",
        item=NO_ITEM,
        edition="редакция не установлена",
        limit=IMMEDIATELY,
        verified="secondary",
        source="S36",
        note="04, 104 или 112 вне всякой очереди; без искр, проветрить. Бригада УО газ не ремонтирует.",
    ),
)
