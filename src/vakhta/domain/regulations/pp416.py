"""Постановление Правительства РФ от 15.05.2013 № 416: the dispatch service (section IV).

Item 13 gives the clocks; the other items are standing rules. Amendments of 2019–2025 were not at
hand, hence the marks.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from vakhta.domain.norms import DAMAGE, IMMEDIATELY, Elapsed, Norm

ACT = "ПП РФ от 15.05.2013 № 416"
NO_ITEM = "пункт не установлен"

VOICE = ("phone", "lift")
WRITTEN = ("email", "web", "chat", "messenger", "partner")
"""A partner's message stands here too: it passes on the words of a resident."""

_norm = partial(Norm, act=ACT, edition="27.03.2018 № 331", in_force_from=date(2019, 3, 1))
_contact = partial(_norm, item="13", verified="text", source="S8, S9")
_ticket = partial(_norm, item="13", trigger="TicketRegistered", verified="secondary", source="S10, S11")

ANSWER_CALL = _contact(
    code="pp416.13.answer",
    title="Ответ на звонок",
    trigger="InteractionReceived",
    channels=VOICE,
    stops=("InteractionAnswered", "InteractionEnded"),
    limit=Elapsed(timedelta(minutes=5)),
    note="Потерянный звонок завершает этот срок: дальше идёт срок обратного звонка.",
)

CALL_BACK = _contact(
    code="pp416.13.callback",
    title="Обратный звонок",
    trigger="CallAbandoned",
    counted_from="InteractionReceived",
    channels=VOICE,
    stops=("CallbackMade", "InteractionAnswered"),
    limit=Elapsed(timedelta(minutes=10)),
    note="Десять минут идут от поступления звонка, а не от того, как звонивший положил трубку.",
)

CONSIDER_MESSAGE = _contact(
    code="pp416.13.message",
    title="Рассмотрение сообщения",
    trigger="InteractionReceived",
    channels=WRITTEN,
    stops=("InteractionAnswered", "InteractionEnded"),
    limit=Elapsed(timedelta(minutes=10)),
)

TELL_TERMS = _ticket(
    code="pp416.13.terms",
    title="Сообщить сроки",
    stops=("TermsTold",),
    lapses=("WorkDone",),
    limit=Elapsed(timedelta(minutes=30)),
    verified="unverified",
    source="S12, отрывок",
    note="Сообщают планируемые сроки: выполненная работа снимает срок, называть уже нечего.",
)

CONTAIN_DAMAGE = _ticket(
    code="pp416.13.containment",
    title="Локализация",
    stops=("DamageContained", "WorkDone"),
    limit=Elapsed(timedelta(minutes=30)),
    note="ХВС, ГВС, водоотведение, отопление, электроснабжение. Выполненная работа тоже останавливает срок.",
)

CLEAR_BLOCKAGE = _ticket(
    code="pp416.13.blockage",
    title="Засор канализации",
    stops=("WorkDone",),
    limit=Elapsed(timedelta(hours=2)),
)

CLEAR_CHUTE = _ticket(
    code="pp416.13.chute",
    title="Засор мусоропровода",
    stops=("WorkDone",),
    limit=Elapsed(timedelta(hours=2)),
    window=(8, 23),
    note="Время идёт с 8 до 23 часов по времени дома: ночная заявка отсчитывается с 8 утра.",
)

ELIMINATE_DAMAGE = _ticket(
    code="pp416.13.elimination",
    title="Устранение",
    counted_from=DAMAGE,
    stops=("WorkDone",),
    limit=Elapsed(timedelta(days=3)),
    source="S11",
    note=(
        "Считаем 72 часа от момента повреждения. Чтение по ГК РФ ст. 191 и 194 (до конца третьего дня) "
        "мягче; этот срок наступает не позже при любом из двух чтений."
    ),
)

INVOLVE_SERVICES = _norm(
    code="pp416.14.services",
    title="Известить службы РСО",
    item="14",
    limit=IMMEDIATELY,
    note="Аварийные службы РСО, газ, связь: немедленно, устранять самим или вместе с ними.",
)

STANDING = (
    _norm(
        code="pp416.13.agreed",
        title="Мелкие неисправности",
        item="13",
        limit=None,
        note="Круглосуточно; время и перечень работ согласуются с заявителем.",
    ),
    _norm(
        code="pp416.13.supply",
        title="Восстановление подачи",
        item="13",
        limit=None,
        verified="secondary",
        source="S10",
        note="В пределах перерывов приложения 1 к ПП РФ № 354.",
    ),
    _norm(
        code="pp416.13.municipality",
        title="Известить ОМС",
        item="13, 14",
        limit=None,
        verified="secondary",
        source="S14",
        note="О характере повреждения и планируемом времени ремонта; срок в минутах не найден.",
    ),
    _norm(
        code="pp416.10.control",
        title="Круглосуточный приём и контроль",
        item="10",
        limit=None,
        verified="secondary",
        source="S13",
        note="Регистрация заявок, контроль исполнения и качества ресурсов на границе сетей.",
    ),
    _norm(
        code="pp416.11.equipment",
        title="Загазованность и связь с лифтом",
        item="11",
        limit=None,
        verified="text",
        source="S8",
        note="Контроль загазованности подвалов, двусторонняя связь с пассажирами лифтов.",
    ),
    _norm(
        code="pp416.12.monitoring",
        title="Учёт показаний оборудования",
        item="12",
        limit=None,
        note="Непрерывно; можно в электронном виде.",
    ),
    _norm(
        code="pp416.15.channels",
        title="Приём заявок",
        item="15",
        limit=None,
        verified="secondary",
        source="S15",
        note="Лично, по телефону, по связи из подъезда и лифта, иными средствами.",
    ),
    _norm(
        code="pp416.16.journal",
        title="Журнал или система учёта",
        item="16, 17",
        limit=None,
        verified="secondary",
        source="S15",
        note="С записью разговоров; бумажный журнал прошнурован, пронумерован, опечатан, хранится в АДС.",
    ),
    _norm(
        code="pp416.number",
        title="Назвать номер, сроки и меры",
        item=NO_ITEM,
        limit=IMMEDIATELY,
        note="Номер заявки, регламентные сроки и меры; решение о привлечении служб записывается.",
    ),
    _norm(
        code="pp416.access",
        title="Согласовать допуск",
        item=NO_ITEM,
        limit=None,
        note="Если нужен доступ: дата и время, причина, ФИО работника. Удостоверение, бейдж, бахилы.",
    ),
    _norm(
        code="pp416.quality",
        title="Контроль сроков и качества",
        item=NO_ITEM,
        limit=None,
        verified="secondary",
        source="S14, частично",
        note="Фотографии, оперативные и периодические опросы.",
    ),
    _norm(
        code="pp416.max",
        title="Взаимодействие через MAX",
        item=NO_ITEM,
        edition="26.01.2026 № 40",
        in_force_from=date(2026, 9, 1),
        limit=None,
        verified="secondary",
        source="S1, S2",
        note="УО, ТСЖ, ЖК общаются и через MAX; телефон, бумага и приём остаются. Отдельного срока нет.",
    ),
)

NORMS: tuple[Norm, ...] = (
    ANSWER_CALL,
    CALL_BACK,
    CONSIDER_MESSAGE,
    TELL_TERMS,
    CONTAIN_DAMAGE,
    CLEAR_BLOCKAGE,
    CLEAR_CHUTE,
    ELIMINATE_DAMAGE,
    INVOLVE_SERVICES,
    *STANDING,
)
