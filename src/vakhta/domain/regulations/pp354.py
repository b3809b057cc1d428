"""Постановление Правительства РФ от 06.05.2011 № 354: quality of supplies, breaks, readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from vakhta.domain.norms import DETECTED, IMMEDIATELY, REPORTED, CalendarDays, Elapsed, Norm, WorkingDays
from vakhta.domain.regulations.pp416 import NO_ITEM

ACT = "ПП РФ от 06.05.2011 № 354"

_norm = partial(Norm, act=ACT, edition="редакция не установлена")
_ticket = partial(_norm, trigger="TicketRegistered", verified="secondary")

INFORM_CONSUMERS = _ticket(
    code="pp354.104.inform",
    title="Известить о нарушении",
    item="104",
    counted_from=DETECTED,
    stops=("TermsTold",),
    limit=Elapsed(timedelta(hours=24)),
    source="S20",
    note="Исполнитель сам обнаружил нарушение: записать начало и причину, известить потребителей.",
)

CHECK_QUALITY = _ticket(
    code="pp354.108.check",
    title="Проверка качества",
    item="108",
    counted_from=REPORTED,
    stops=("QualityChecked",),
    limit=Elapsed(timedelta(hours=2)),
    pausable=("agreed",),
    source="S5, S21",
    note=(
        "Два часа от сообщения, если с потребителем не согласовано иное время: до него срок "
        "приостанавливается. Перенос — только из-за аварии или непреодолимой силы, до назначенного времени."
    ),
)

STANDING = (
    _norm(
        code="pp354.105.register",
        title="Регистрация сообщения о качестве",
        item="105, 106",
        limit=IMMEDIATELY,
        verified="secondary",
        source="S20, частично",
        note="ФИО, адрес, вид услуги; диспетчер называет себя, номер и время регистрации.",
    ),
    _norm(
        code="pp354.107.cause",
        title="Причина известна — сказать",
        item="107",
        limit=IMMEDIATELY,
        note="Сообщить сразу и отметить в журнале.",
    ),
    _norm(
        code="pp354.109.act",
        title="Акт проверки",
        item="109",
        limit=None,
        verified="secondary",
        source="S22",
        note="По окончании проверки: время, отклонения, метод, начало нарушения; экземпляры всем.",
    ),
    _norm(
        code="pp354.110.absent",
        title="Акт без исполнителя",
        item="110(1)",
        limit=Elapsed(timedelta(hours=2)),
        note="Исполнитель не пришёл за 2 часа: акт подписывают два потребителя и председатель совета дома.",
    ),
    _norm(
        code="pp354.111.start",
        title="Начало нарушения",
        item="111",
        limit=None,
        verified="secondary",
        source="S22",
        note="Время сообщения или время, записанное прибором.",
    ),
    _norm(
        code="pp354.112.end",
        title="Окончание нарушения",
        item="112, 113",
        limit=None,
        note="Возобновление проверяется, его время записывается.",
    ),
    _norm(
        code="pp354.31.planned",
        title="Известить о плановом перерыве",
        item="31",
        limit=WorkingDays(10),
        note="Не позднее чем за столько дней до начала.",
    ),
    _norm(
        code="pp354.31.works",
        title="Известить о работах в помещении",
        item="31, 34",
        limit=WorkingDays(3),
        note="Не позднее чем за столько дней; для ликвидации аварии доступ — в любое время.",
    ),
    _norm(
        code="pp354.readings",
        title="Показания счётчиков",
        item=NO_ITEM,
        limit=None,
        verified="secondary",
        source="S7",
        note="До 25-го числа; обычай «с 23-го по 25-е» — договорный.",
    ),
    _norm(
        code="pp354.119.debt",
        title="Ограничение за долг",
        item="119",
        limit=CalendarDays(20),
        verified="secondary",
        source="S23",
        note="Письменное предупреждение, двадцать дней, затем ограничение.",
    ),
    _norm(
        code="zhk.payment",
        title="Оплата и платёжные документы",
        act="Жилищный кодекс РФ",
        item=NO_ITEM,
        limit=None,
        verified="secondary",
        source="S6",
        note="С 01.03.2026: платить до 15-го числа, документы — до 5-го.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Break:
    """Allowed break of a supply (приложение 1): hours, per premises, service and month.

    Each hour above takes 0.15 % off the payment. None: that kind of limit is not set; where neither is, the row is
    one without hours, and its length is what technical norms say (`BY_TECHNICAL_NORMS`).
    """

    code: str
    service: str
    title: str
    month: int | None
    once: int | None
    when: str = ""
    """The condition of this row in Russian; empty: always."""
    verified: str = "secondary"
    source: str = ""

    @property
    def is_without_hours(self) -> bool:
        return self.month is None and self.once is None


BY_TECHNICAL_NORMS = "по техническим нормам"

BREAKS: tuple[Break, ...] = (
    Break(code="cold_water", service="cold_water", title="ХВС", month=8, once=4, source="S25"),
    Break(
        code="cold_water.network",
        service="cold_water",
        title="ХВС",
        month=None,
        once=None,
        when="авария на централизованной сети",
        source="S25",
    ),
    Break(code="hot_water", service="hot_water", title="ГВС", month=8, once=4, source="S26"),
    Break(
        code="hot_water.dead_end",
        service="hot_water",
        title="ГВС",
        month=None,
        once=24,
        when="авария на тупиковой магистрали",
        source="S26",
    ),
    Break(
        code="hot_water.maintenance",
        service="hot_water",
        title="ГВС",
        month=None,
        once=14 * 24,
        when="ежегодная профилактика",
        verified="unverified",
    ),
    Break(code="sewerage", service="sewerage", title="Водоотведение", month=8, once=4, source="S27"),
    Break(
        code="power.two_sources",
        service="power",
        title="Электроснабжение",
        month=None,
        once=2,
        when="два независимых источника",
        source="S24",
    ),
    Break(
        code="power.one_source",
        service="power",
        title="Электроснабжение",
        month=None,
        once=24,
        when="один источник",
        source="S24",
    ),
    Break(code="gas", service="gas", title="Газоснабжение", month=4, once=None, source="S27"),
    Break(
        code="heating.12",
        service="heating",
        title="Отопление",
        month=24,
        once=16,
        when="в помещении от +12 °C до нормы",
        source="S24",
    ),
    Break(
        code="heating.10",
        service="heating",
        title="Отопление",
        month=24,
        once=8,
        when="в помещении от +10 до +12 °C",
        source="S24",
    ),
    Break(
        code="heating.8",
        service="heating",
        title="Отопление",
        month=24,
        once=4,
        when="в помещении от +8 до +10 °C",
        source="S24",
    ),
    Break(
        code="waste.warm",
        service="waste",
        title="Обращение с ТКО",
        month=72,
        once=24,
        when="на улице теплее +5 °C",
        source="S5, только разовый срок",
    ),
    Break(
        code="waste.cold",
        service="waste",
        title="Обращение с ТКО",
        month=72,
        once=48,
        when="на улице +5 °C и холоднее",
        source="S5, только разовый срок",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Temperature:
    """Hot water: degrees by which it may leave 60–75 °C, in local hours (from, to)."""

    hours: tuple[int, int]
    deviation: int
    verified: str
    source: str = ""


HOT_WATER_RANGE = (60, 75)
HOT_WATER: tuple[Temperature, ...] = (
    Temperature(hours=(0, 5), deviation=5, verified="secondary", source="S26"),
    Temperature(hours=(5, 24), deviation=3, verified="unverified"),
)

NORMS: tuple[Norm, ...] = (INFORM_CONSUMERS, CHECK_QUALITY, *STANDING)
