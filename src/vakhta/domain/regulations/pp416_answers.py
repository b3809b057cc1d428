"""ПП РФ от 15.05.2013 № 416, section VIII: answers to requests of owners, users and others.

A request is a ticket (справка) whose snapshot names one of these norms; it is registered on the day
that it came, and `AnswerGiven` (or `WorkDone`) stops its clock.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from vakhta.domain.norms import IMMEDIATELY, CalendarDays, Elapsed, Norm, WorkingDays
from vakhta.domain.regulations.pp416 import ACT, NO_ITEM

_norm = partial(Norm, act=ACT, edition="27.03.2018 № 331", in_force_from=date(2019, 3, 1))
_answer = partial(_norm, trigger="TicketRegistered", stops=("AnswerGiven", "WorkDone"))

NORMS: tuple[Norm, ...] = (
    _answer(
        code="pp416.answer.disclosure",
        title="Ответ: раскрытие информации",
        item=NO_ITEM,
        limit=CalendarDays(1),
        verified="secondary",
        source="S17",
        note="Не позднее дня, следующего за днём запроса. Выходной не переносит срок.",
    ),
    _answer(
        code="pp416.answer.readings",
        title="Ответ: показания ОДПУ, копия акта",
        item=NO_ITEM,
        limit=WorkingDays(3),
        note="Объёмы и показания ОДПУ; копия акта о причинении ущерба или о качестве услуги.",
    ),
    _answer(
        code="pp416.36.answer",
        title="Ответ на запрос",
        item="36",
        limit=WorkingDays(10),
        verified="secondary",
        source="S5, S17",
        note="Всё остальное, о чём спрашивает собственник или пользователь помещения.",
    ),
    _answer(
        code="pp416.answer.others",
        title="Ответ: не собственнику",
        item=NO_ITEM,
        limit=CalendarDays(30),
        verified="secondary",
        source="S17",
        note="Продление ещё на 30 дней возможно по общим сведениям; срок здесь не продлевается сам.",
    ),
    _answer(
        code="pp491.40.works",
        title="Ответ: выполненные работы",
        act="ПП РФ от 13.08.2006 № 491",
        item="40 «а»",
        edition="редакция не установлена",
        in_force_from=None,
        limit=WorkingDays(5),
        verified="secondary",
        source="S18",
    ),
    _norm(
        code="pp354.31.charges",
        title="Проверка начислений",
        act="ПП РФ от 06.05.2011 № 354",
        item="31 «д»",
        edition="редакция не установлена",
        in_force_from=None,
        limit=IMMEDIATELY,
        verified="secondary",
        source="S18",
        note="Непосредственно при обращении на приёме.",
    ),
    _norm(
        code="pp416.request.register",
        title="Регистрация запроса",
        item="27, 28, 35, 38",
        limit=CalendarDays(0),
        note="В день поступления; ответ тем же способом; запрос и ответ хранятся 3 года.",
    ),
    _norm(
        code="pp416.28.office",
        title="Представительство и приём",
        item="27, 28",
        limit=None,
        verified="secondary",
        source="S19, приём",
        note="Не далее 3 км от дома; приём не реже раза в месяц. Расстояние — по общим сведениям.",
    ),
    _norm(
        code="pp491.inspection",
        title="Внеочередной осмотр после аварии",
        act="ПП РФ от 13.08.2006 № 491",
        item=NO_ITEM,
        edition="редакция не установлена",
        in_force_from=None,
        limit=Elapsed(timedelta(days=1)),
        verified="secondary",
        source="S32",
        note="В течение суток после аварии, с записью в журнале.",
    ),
    _norm(
        code="pp290.repair",
        title="Аварийный ремонт и заявки населения",
        act="ПП РФ от 03.04.2013 № 290",
        item=NO_ITEM,
        edition="редакция не установлена",
        in_force_from=None,
        limit=None,
        note="Аварии устраняются в установленные предельные сроки, заявки населения выполняются.",
    ),
)
