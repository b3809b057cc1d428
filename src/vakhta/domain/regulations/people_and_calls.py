"""Personal data, calls, debts and messengers: what a dispatch service must keep to beside its terms.

Standing rules and terms that no fact of a ticket starts. None of the full texts was at hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from vakhta.domain.norms import CalendarDays, Elapsed, Norm, WorkingDays
from vakhta.domain.regulations.pp416 import NO_ITEM

_norm = partial(Norm, item=NO_ITEM, edition="редакция не установлена", limit=None, verified="secondary")
_data = partial(_norm, act="ФЗ от 27.07.2006 № 152-ФЗ")
_debts = partial(_norm, act="ФЗ от 03.07.2016 № 230-ФЗ")
_advertising = partial(_norm, act="ФЗ от 13.03.2006 № 38-ФЗ")
_messengers = partial(_norm, act="Жилищный кодекс РФ", item="ст. 165 ч. 6")

PERSONAL_DATA = (
    _data(
        code="fz152.18.russia",
        title="Базы данных в России",
        item="ст. 18 ч. 5",
        in_force_from=date(2025, 7, 1),
        source="S37",
        note="Сведения при приёме записывают сразу в базы в России: без зарубежных форм, виджетов и облаков.",
    ),
    _data(
        code="fz152.basis",
        title="Основание обработки",
        source="S38",
        note="Заявку ведут по договору и обязанности по закону, согласие для неё не нужно. Для рекламы — отдельно.",
    ),
    _data(
        code="fz152.consent",
        title="Согласие — отдельный документ",
        in_force_from=date(2025, 9, 1),
        verified="unverified",
        note="Со своей редакцией и днём; его можно отозвать.",
    ),
    _data(
        code="fz152.destroy.inaccurate",
        title="Уничтожить неверное",
        limit=WorkingDays(7),
        source="S39",
        note="Сведения неполны или получены незаконно, и это подтверждено.",
    ),
    _data(
        code="fz152.destroy.unlawful",
        title="Уничтожить обработанное незаконно",
        limit=WorkingDays(10),
        source="S39",
    ),
    _data(
        code="fz152.destroy.purpose",
        title="Уничтожить ненужное",
        limit=CalendarDays(30),
        source="S39",
        note="Цель достигнута или согласие отозвано, а другого основания нет.",
    ),
    _norm(
        code="rkn179.act",
        title="Акт об уничтожении",
        act="Приказ Роскомнадзора № 179",
        source="S39",
        note="Акт и выгрузка из журнала событий; хранятся три года.",
    ),
    _data(
        code="fz152.breach.first",
        title="Сообщить об утечке",
        limit=Elapsed(timedelta(hours=24)),
        source="S40",
        note="В Роскомнадзор, с предполагаемой причиной и мерами.",
    ),
    _data(
        code="fz152.breach.findings",
        title="Сообщить, что выяснено об утечке",
        limit=Elapsed(timedelta(hours=72)),
        source="S40",
    ),
    _data(code="fz152.register", title="Уведомить Роскомнадзор об обработке", source="S41"),
    _norm(
        code="pp1119.protection",
        title="Уровень защищённости",
        act="ПП РФ от 01.11.2012 № 1119",
        verified="unverified",
        note="Права по ролям и запись о том, кто что читал; меры — по приказу ФСТЭК № 21.",
    ),
    _norm(
        code="calls.recording",
        title="Запись разговора",
        act="ФЗ от 27.07.2006 № 152-ФЗ",
        source="S42",
        note="Предупредить в начале; срок хранения и список слушавших. По голосу никого не опознают.",
    ),
    _norm(
        code="debts.lists",
        title="Списки должников",
        act="КоАП РФ",
        source="S43",
        note="Имена должников не называют в общих каналах: штраф юридическому лицу 300–700 тысяч рублей.",
    ),
)

CALLS = (
    _norm(
        code="fz41.marking",
        title="Маркировка звонков",
        act="ФЗ от 01.04.2025 № 41-ФЗ",
        in_force_from=date(2025, 9, 1),
        source="S44",
        note="Договор с оператором связи, список номеров, подпись не длиннее 32 знаков (ПП РФ № 1300).",
    ),
    _norm(
        code="fz41.mass_calls",
        title="Массовые вызовы",
        act="ФЗ от 01.04.2025 № 41-ФЗ",
        in_force_from=date(2025, 9, 1),
        source="S45",
        note="Абонент вправе отказаться, согласие надо уметь доказать. Освобождены органы власти и список.",
    ),
    _norm(
        code="fz41.mass_unknown",
        title="Что считать массовым вызовом",
        act="ФЗ от 01.04.2025 № 41-ФЗ",
        source="S46",
        note="Не определено, решает оператор связи; есть ли УО в списке — не установлено. Обзвоны не включены.",
    ),
    _advertising(
        code="fz38.18.consent",
        title="Реклама по телефону и в сообщениях",
        item="ст. 18",
        source="S47",
        note="Только с предварительного согласия.",
    ),
    _advertising(
        code="fz38.information",
        title="Справка — не реклама",
        source="S48",
        note="Отключение, долг, показания — справка, если в том же сообщении ничего не предлагают.",
    ),
    _debts(
        code="fz230.calls",
        title="Звонки о долге",
        limit=None,
        verified="unverified",
        source="S49",
        note="Не больше 1 в день, 2 в неделю, 8 в месяц; в рабочие дни с 8 до 22, в выходные с 9 до 20.",
    ),
    _debts(
        code="fz230.messages",
        title="Сообщения о долге",
        verified="unverified",
        source="S49",
        note="Не больше 2 в день, 4 в неделю, 16 в месяц, включая автоматические звонки.",
    ),
    _debts(
        code="fz230.housing",
        title="Долг за жильё взыскивает сама УО",
        item="ст. 1",
        verified="unverified",
        source="S50",
        note="Похоже, закон тогда не применяется; ограничения соблюдаются всё равно.",
    ),
    _norm(
        code="debts.collectors",
        title="Долг не уступают взыскателям",
        act="Жилищный кодекс РФ",
        source="S51",
    ),
)

MESSENGERS = (
    _messengers(
        code="housing.165.channels",
        title="ГИС ЖКХ и национальный мессенджер",
        source="S52, S53, S54",
        note="Для УО, поставщиков, оператора ТКО, капремонта и подрядчиков по общему имуществу. "
        "В Москве — по решению города.",
    ),
    _norm(
        code="minstroy.messenger",
        title="Сведения УО в мессенджере",
        act="Приказ Минстроя от 29.12.2025",
        in_force_from=date(2026, 2, 17),
        source="S55",
        note="Часы приёма, телефоны, почта, данные диспетчерской; обмен сообщениями. Номер приказа не установлен, "
        "своего срока ответа не найдено: 10 рабочих дней, при аварии — ПП 416, п. 13.",
    ),
    _norm(
        code="minstroy.suppliers",
        title="Отключения и аварии в мессенджере",
        act="Приказ Минстроя от 29.12.2025",
        in_force_from=date(2026, 2, 17),
        source="S56",
        note="Поставщики сообщают о них без промедления.",
    ),
    _norm(
        code="koap.7.23.3",
        title="Штраф за мессенджер и ГИС ЖКХ",
        act="КоАП РФ",
        item="ст. 7.23.3",
        verified="unverified",
        source="S55",
        note="Должностному лицу 50 тысяч рублей, юридическому 300 тысяч; называют и 250.",
    ),
    _norm(
        code="fz41.foreign",
        title="Иностранные мессенджеры",
        act="ФЗ от 01.04.2025 № 41-ФЗ",
        in_force_from=date(2025, 6, 1),
        source="S57, S58",
        note="Запрещены органам власти, банкам, компаниям с долей государства больше половины. Частные УО "
        "не названы, муниципальные — под вопросом.",
    ),
)

STATE_SYSTEM = (
    _norm(
        code="gis.api",
        title="Обмен с ГИС ЖКХ",
        act="Регламент обмена ГИС ЖКХ",
        verified="unverified",
        source="S59",
        note="Асинхронный SOAP с подписью по ГОСТ; новейшая версия форматов не установлена.",
    ),
    _norm(
        code="gis.appeals",
        title="Обращения в ГИС ЖКХ",
        act="Регламент обмена ГИС ЖКХ",
        verified="unverified",
        source="S60",
        note="Ответ до 10 000 знаков, перенаправление, продление с датой. Своего срока не найдено: сроки ПП 416.",
    ),
    _norm(
        code="gis.outages",
        title="Отключения в ГИС ЖКХ",
        act="Регламент обмена ГИС ЖКХ",
        verified="unverified",
        source="S61",
        note="Только плановые: услуга, начало, конец, причина.",
    ),
    _norm(
        code="gis.content",
        title="Что размещать в ГИС ЖКХ",
        act="Приказ Минкомсвязи и Минстроя от 29.02.2016 № 74/114-пр",
        source="S62",
        note="Срок размещения отключений и действующая редакция не найдены.",
    ),
    _norm(
        code="pp354.2.notices",
        title="Извещения через ГИС ЖКХ",
        act="ПП РФ от 06.05.2011 № 354",
        item="2(1)",
        source="S21",
    ),
)

NORMS: tuple[Norm, ...] = (*PERSONAL_DATA, *CALLS, *MESSENGERS, *STATE_SYSTEM)
