"""Companies, staff, crews, the duty directory and outages of the town."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from vakhta.demo.people import MAIL, family, full_name
from vakhta.demo.shapes import (
    DemoAgreement,
    DemoBuilding,
    DemoCompany,
    DemoCrew,
    DemoDuty,
    DemoOutage,
    DemoStaff,
)

TOWN = "Заречинск"
CENTRE = "centre"


def _line(number: int) -> str:
    """A town telephone: the code 480 is no region's."""
    return f"+7480200{number:04d}"


COMPANIES = (
    DemoCompany(
        key="uk_svr",
        kind="management_company",
        name="Управляющая компания «Жилищно-коммунальное хозяйство Северо-Восточного района»",
        short_name="УК «ЖКХ Северо-Восточного района»",
        phone=_line(110),
        email=f"svr@{MAIL}",
    ),
    DemoCompany(
        key="uk_uyut",
        kind="management_company",
        name="Общество с ограниченной ответственностью «Уют-Сервис»",
        short_name="УК «Уют-Сервис»",
        phone=_line(120),
        email=f"uyut@{MAIL}",
        stricter_norms={"pp416.13.terms": 20 * 60, "gosstroy170.2.lighting": 3 * 86400},
    ),
    DemoCompany(
        key="tszh",
        kind="homeowners_association",
        name="Товарищество собственников жилья «Садовая, 8»",
        short_name="ТСЖ «Садовая, 8»",
        phone=_line(130),
        email=f"sadovaya8@{MAIL}",
        auto_close_days=7,
    ),
    DemoCompany(
        key="zhsk",
        kind="housing_cooperative",
        name="Жилищно-строительный кооператив «Энергетик-2»",
        short_name="ЖСК «Энергетик-2»",
        phone=_line(140),
        email=f"energetik2@{MAIL}",
    ),
    DemoCompany(
        key="tsn",
        kind="homeowners_association",
        name="Товарищество собственников недвижимости «Речной квартал»",
        short_name="ТСН «Речной квартал»",
        phone=_line(150),
        email=f"rechnoy@{MAIL}",
        stricter_norms={"pp416.13.containment": 20 * 60},
    ),
)

LIFTS = "lift_master"
CONTRACTORS = (
    DemoCompany(
        key=LIFTS,
        kind="contractor",
        name="Общество с ограниченной ответственностью «Лифт-Мастер»",
        short_name="«Лифт-Мастер»",
        phone=_line(304),
        email=f"lift@{MAIL}",
    ),
)
"""They work for the centre and see the tickets that their crews were given."""

THE_CENTRE = DemoCompany(
    key=CENTRE,
    kind="dispatch_centre",
    name="Единая диспетчерская «Заречье»",
    short_name="ЕД «Заречье»",
    phone=_line(100),
    email=f"dispatch@{MAIL}",
)

AGREEMENTS = (
    DemoAgreement(company="uk_svr", since_days_ago=2200),
    DemoAgreement(company="uk_uyut", since_days_ago=1100),
    DemoAgreement(company="tszh", since_days_ago=700),
    DemoAgreement(company="zhsk", since_days_ago=420),
    DemoAgreement(company="tsn", since_days_ago=95),
    DemoAgreement(company=LIFTS, since_days_ago=1500),
)

CREWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Сантехники, север", ("plumber",), ("слесарь-сантехник", "слесарь-сантехник")),
    ("Сантехники, юг", ("plumber",), ("слесарь-сантехник", "слесарь-сантехник")),
    ("Аварийная, ночная", ("plumber", "electrician"), ("слесарь-сантехник", "электромонтёр", "сварщик")),
    ("Теплотехники", ("plumber",), ("слесарь по отоплению", "слесарь по отоплению")),
    ("Электрики", ("electrician",), ("электромонтёр", "электромонтёр")),
    ("Лифтёры", ("lift",), ("электромеханик по лифтам", "электромеханик по лифтам")),
    ("Кровельщики и плотники", ("roofer", "carpenter"), ("кровельщик", "плотник")),
    ("Двор и контора", ("janitor", "office"), ("дворник", "дворник", "специалист по расчётам")),
)
"""Name, skills, trades of the members; the number of a crew is its place."""


def staff_and_crews(random: Random) -> tuple[tuple[DemoStaff, ...], tuple[DemoCrew, ...]]:
    hire = _Hiring(random)
    for trade in ("диспетчер",) * 5:
        hire(CENTRE, "operator", trade, woman=0.8)
    hire(CENTRE, "senior", "старший диспетчер", woman=0.8)
    hire(CENTRE, "foreman", "мастер участка", woman=0.2)
    crews = []
    for number, (name, skills, trades) in enumerate(CREWS, 1):
        office = LIFTS if "lift" in skills else CENTRE
        members = tuple(
            hire(office, "technician", trade, woman=0.9 if "расчёт" in trade else 0.0) for trade in trades
        )
        crews.append(DemoCrew(number=number, name=name, skills=skills, members=members, company=office))
    for company in COMPANIES:
        hire(company.key, "client", "управляющий", woman=0.5)
    hire(CENTRE, "inspector", "инспектор ГЖИ", woman=0.5)
    hire(CENTRE, "administrator", "администратор", woman=0.3)
    hire(LIFTS, "contractor", "диспетчер подрядчика", woman=0.5)
    return tuple(hire.hired), tuple(crews)


class _Hiring:
    """Hires people one by one; calling it gives the key of the new one."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.hired: list[DemoStaff] = []

    def __call__(self, company: str, role: str, trade: str, *, woman: float) -> str:
        number = sum(1 for known in self.hired if known.role == role) + 1
        key = f"{role}{number}"
        name = full_name(self._random, family(self._random), is_woman=self._random.random() < woman)
        self.hired.append(
            DemoStaff(
                key=key,
                company=company,
                role=role,
                name=name,
                trade=trade,
                phone=f"+7948009{len(self.hired) + 1:04d}",
                email=f"{key}@{MAIL}",
            )
        )
        return key


def duty(staff: tuple[DemoStaff, ...]) -> tuple[DemoDuty, ...]:
    """What saves lives stands first; then suppliers; then the people on call."""
    rows = (
        ("fire", "Пожарные и спасатели", "101", "Огонь, дым, кого-то надо спасать"),
        (
            "edds",
            "Единая служба спасения, ЕДДС",
            "112",
            "Всё, что угрожает людям; работает без денег и сим-карты",
        ),
        ("ambulance", "Скорая помощь", "103", ""),
        (
            "gas_service",
            "Аварийная газовая служба, Заречинскгаз",
            "104",
            "Вне очереди, сразу; назвать подъезд и код домофона",
        ),
        (
            "power_grid",
            "Заречинская горэлектросеть, диспетчер",
            _line(301),
            "Нет напряжения на вводе, провода на земле",
        ),
        (
            "water_utility",
            "Заречинский водоканал, диспетчер",
            _line(302),
            "Ввод, колодец, наружная сеть; телефонограмма",
        ),
        (
            "heat_supply",
            "Заречинская теплосеть, диспетчер",
            _line(303),
            "Параметры на вводе, порыв теплотрассы",
        ),
        (
            "lift_service",
            "«Лифт-Мастер», аварийная",
            _line(304),
            "Круглосуточно; застрявшие — приезд до 30 минут",
        ),
        ("waste_operator", "Вывоз отходов, диспетчер", _line(305), "Площадка, номер контейнера"),
    )
    services = [
        DemoDuty(company=CENTRE, kind="service", code=code, name=name, phone=phone, note=note)
        for code, name, phone, note in rows
    ]
    foreman = next(person for person in staff if person.role == "foreman")
    on_call = [
        DemoDuty(company=CENTRE, kind="on_call", code="", name=f"Мастер: {foreman.name}", phone=foreman.phone,
                 note="Решения о перекрытии дома, подрядчики"),
    ]  # fmt: skip
    for person in staff:
        if person.role == "client":
            company = next(c for c in COMPANIES if c.key == person.company)
            on_call.append(
                DemoDuty(company=person.company, kind="on_call", code="", name=f"{company.short_name}: {person.name}",
                         phone=person.phone, note="Управляющий; ночью — только аварии")
            )  # fmt: skip
    return (*services, *on_call)


def outages(buildings: tuple[DemoBuilding, ...]) -> tuple[DemoOutage, ...]:
    """One that is going on, one that broke out, one of tomorrow."""

    def of(company: str, street: str) -> tuple[str, ...]:
        return tuple(b.key for b in buildings if b.company == company and b.street == street)

    hour = timedelta(hours=1)
    return (
        DemoOutage(
            company="uk_svr", services=("cold_water",), supplier="Заречинский водоканал", document="тлф-грамма 118",
            reason="замена задвижки в колодце ВК-14", is_planned=True, starts=-hour, ends=3 * hour,
            buildings=of("uk_svr", "ул. Ленина"),
        ),
        DemoOutage(
            company="zhsk", services=("hot_water", "heating"), supplier="Заречинская теплосеть",
            document="тлф-грамма 41", reason="порыв теплотрассы у ЦТП-3", is_planned=False, starts=-2 * hour,
            ends=6 * hour, buildings=of("zhsk", "бул. Космонавтов"),
        ),
        DemoOutage(
            company="uk_uyut", services=("electricity",), supplier="Заречинская горэлектросеть", document="исх. 77/э",
            reason="ремонт ТП-208", is_planned=True, starts=18 * hour, ends=21 * hour,
            buildings=of("uk_uyut", "ул. 8 Марта"),
        ),
    )  # fmt: skip
