"""Samples of outages: none yet, one whose term is over, long names; a form with lines that are not understood."""

from __future__ import annotations

from datetime import datetime, timedelta

from vakhta.web import show
from vakhta.web.gallery import people as p
from vakhta.web.outages import screens as s
from vakhta.web.screens import Choice, NormMark, StatusView

SECONDARY = NormMark(verified="secondary")
COLD = s.NormLine(
    service="ХВС",
    text="4 ч за раз, 8 ч за месяц",
    tone="bad",
    verdict="дольше, чем допускает норма",
    mark=SECONDARY,
)
HOT = s.NormLine(
    service="ГВС",
    text="4 ч за раз, 8 ч за месяц; ежегодная профилактика — 14 сут за раз",
    tone="warn",
    verdict="столько — только при этом условии",
    mark=NormMark(verified="unverified"),
)
SERVICES = ("ХВС", "ГВС", "водоотведение", "электричество", "газ", "отопление", "вывоз отходов")
HOUSES = tuple(f"{p.LONG_STREET}, {number}" for number in (1, 3, "5 к2", "118к2 стр. 3"))


def _row(
    now: datetime, pk: int, code: str, title: str, tone: str, since: float, until: float, **more: object
) -> s.OutageRow:
    begins, ends = now + timedelta(hours=since), now + timedelta(hours=until)
    known: dict[str, object] = {
        "services": "ХВС, ГВС",
        "kind": "плановое",
        "supplier": "Заречинский водоканал",
        "detail": "тлф-грамма 118 · замена задвижки в колодце ВК-14",
        "when": "14:00 – 18:00, 24 ноября, вт",
        "houses": ("ул. Ленина, 15", "ул. Ленина, 17", "ул. Ленина, 19 к2"),
        "more": 0,
        "all_houses": 3,
        "companies": "«Северная»",
        "prolong": s.Act(url="#prolong", seen="1", open_url="#do", until="24.11.2026 18:00", reason=""),
        "end": s.Act(url="#end", seen="1", open_url="#do", at=""),
        "withdraw": s.Act(url="#withdraw", seen="1", open_url="#do", reason=""),
    }
    return s.OutageRow(
        id=pk,
        status=StatusView(code=code, title=title, tone=tone),
        clock=show.plain_clock("До включения", begins, begins if code == "coming" else ends, now),
        **{**known, **more},  # type: ignore[arg-type]
    )


def _closed(now: datetime, pk: int, closed: str, **more: object) -> s.OutageRow:
    return _row(
        now,
        pk,
        "ended",
        "снято",
        "quiet",
        -9,
        -5,
        closed=closed,
        prolong=None,
        end=None,
        withdraw=None,
        **more,
    )


def listed(now: datetime) -> s.OutageList:
    last = _closed(now, 8, "снято сегодня, 13:40", back_url="#back")
    return s.OutageList(
        page=p.page("Отключения", now),
        url="#",
        new_url="#new",
        overdue=(
            _row(now, 1, "overdue", "срок вышел, не снято", "bad", -7, -3.2, withdraw=None,
                 prolong=s.Act(url="#prolong", seen="1", open_url="#do", is_open=True, until="24.11.2026 25:00", reason="",
                               errors={"until": "Дата и время не читаются: нужно вроде 24.11.2026 14:30."})),
        ),
        current=(
            _row(now, 2, "current", "идёт", "busy", -1, 0.5, services=", ".join(SERVICES[:5]), kind="аварийное",
                 supplier="Муниципальное унитарное предприятие «Водопроводно-канализационное хозяйство Северо-Восточного района»",
                 houses=HOUSES, more=214, all_houses=218, companies=f"{p.LONG_COMPANY}, «Северная», ТСЖ «Садовая, 8»", norms=(COLD, HOT)),
        ),
        coming=(_row(now, 3, "coming", "будет", "wait", 18, 21, services="электричество", end=None, supplier="Горэлектросеть"),),
        closed=(last, *(_closed(now, 20 + n, "снято 23 ноября, пн, 16:40") for n in range(9)),
                _closed(now, 40, "отменено 22 ноября, вс, 11:02", supplier=p.LONG_COMPANY)),
        last=last,
        lifts_url="#lifts",
        lifts=(f"{p.LONG_STREET}, 118к2 стр. 3, подъезд 12: {STANDS}", "ул. Ленина, 15, подъезд 2: стоит с 10:00: нет скорости"),
    )  # fmt: skip


STANDS = (
    "стоит с 09:20, 22 ноября: заказана плата управления у завода-изготовителя, без неё лебёдка не пускается; "
    "обещали пустить 18:00, 23 ноября, пущен ли — не отмечено"
)


def _lift(pk: int, where: str, **more: object) -> s.LiftRow:
    known: dict[str, object] = {
        "title": "Лифт пассажирский, № 12-345",
        "service": "Лифт-Сервис +7\u00a0495\u00a0000-00-09",
        "stands": "",
        "stop": s.Act(url="#stop", seen="1", reason="", at="", until=""),
    }
    return s.LiftRow(id=pk, where=where, **{**known, **more})  # type: ignore[arg-type]


def lifts(now: datetime) -> s.LiftList:
    wrong = {"until": "Обещанное время уже прошло: укажите другое или оставьте пустым."}
    start = s.Act(url="#start", seen="1", at="")
    return s.LiftList(
        page=p.page("Лифты", now),
        url="#",
        list_url="#list",
        query="ул. Ленина, 15",
        found=(
            _lift(1, "ул. Ленина, 15, подъезд 1"),
            _lift(2, "ул. Ленина, 15, подъезд 2", stands="стоит с 10:00: нет скорости", start=start),
            _lift(3, "ул. Ленина, 15, подъезд 3", title="Лифт грузовой, № 12-346",
                  stop=s.Act(url="#stop", seen="1", reason="трос", at="", until="23.11.2026 18:00", errors=wrong)),
        ),
        standing=(
            _lift(4, f"{p.LONG_STREET}, 118к2 стр. 3, подъезд 12", stands=STANDS, is_late=True, start=start,
                  service="Общество с ограниченной ответственностью «Северо-Восточная лифтовая компания» +7\u00a0495\u00a0000-00-09"),
        ),
    )  # fmt: skip


def no_lifts(now: datetime) -> s.LiftList:
    return s.LiftList(page=p.page("Лифты", now), url="#", list_url="#list", query="", found=(), standing=())


def nothing(now: datetime) -> s.OutageList:
    return s.OutageList(
        page=p.page("Отключения", now), url="#", new_url="#new", overdue=(), current=(), coming=(), closed=()
    )


def _form(now: datetime, **more: object) -> s.OutageForm:
    known: dict[str, object] = {
        "services": tuple(Choice(value=title, title=title) for title in SERVICES),
        "kinds": (
            Choice(value="planned", title="плановое", chosen=True),
            Choice(value="emergency", title="аварийное"),
        ),
        "suppliers": ("Заречинский водоканал", "Теплосеть"),
        "since": "24.11.2026 09:00",
    }
    return s.OutageForm(
        page=p.page("Новое отключение", now),
        url="#",
        list_url="#list",
        preview_url="/demo/gallery/fragment/outage-preview/",
        houses_url="#houses",
        **{**known, **more},  # type: ignore[arg-type]
    )


def empty_form(now: datetime) -> s.OutageForm:
    return _form(now)


def preview(now: datetime) -> s.Preview:
    return s.Preview(
        asked=True,
        told="218 домов, 13 952 помещения, 31 204 жителя",
        companies=(f"{p.LONG_COMPANY}: 200 домов", "«Северная»: 18 домов"),
        houses=HOUSES * 4,
        more=202,
        forgiven=("линина → ленина",),
        wrong=(
            s.WrongLine(line="ул. Ленина, 1-15", why="«1-15» — это дома подряд или квартира? Напишите номера домов через запятую."),
            s.WrongLine(line="ул. Неведомая, 3", why="улицы «ул. Неведомая» среди наших домов нет"),
            s.WrongLine(line=f"{p.LONG_STREET}, 14", why=f"{p.LONG_STREET}: дома 14 нет, рядом есть 12, 16"),
        ),
        norms=(COLD, HOT),
        length="6 ч",
    )  # fmt: skip


def wrong_form(now: datetime) -> s.OutageForm:
    return _form(
        now,
        services=tuple(Choice(value=title, title=title, chosen=title in SERVICES[:2]) for title in SERVICES),
        supplier=p.LONG_COMPANY,
        document="тлф-грамма 118",
        reason="порыв на магистрали",
        until="24.11.2026 15:00",
        houses="ул. Ленина, 1-15\nул. Неведомая, 3\nлинина 15, 17",
        preview=preview(now),
        errors={
            "houses": "Не понятно строк: 3. Исправьте или уберите их.",
            "until": "Конец должен быть позже начала.",
        },
    )
