"""Streets and houses of the town."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from vakhta.demo.people import Residents
from vakhta.demo.shapes import DemoAccess, DemoBuilding, DemoPremises

LONG_STREET = "ул. Строителей Северо-Восточной железнодорожной магистрали"


@dataclass(frozen=True)
class _Kind:
    """A series of houses: how it is built and what it has."""

    floors: int
    entrances: int
    on_floor: int
    has_lift: bool
    has_gas: bool
    has_chute: bool


_KINDS = {
    "барак": _Kind(2, 1, 4, False, True, False),
    "сталинка": _Kind(4, 3, 3, False, True, False),
    "хрущёвка": _Kind(5, 4, 3, False, True, False),
    "длинная": _Kind(5, 6, 3, False, True, False),
    "панель": _Kind(9, 2, 4, True, True, True),
    "панель4": _Kind(9, 4, 4, True, True, True),
    "башня": _Kind(12, 1, 6, True, False, True),
    "новая": _Kind(10, 2, 5, True, False, False),
}

_STREETS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("ул. Ленина", "uk_svr", (("9", "сталинка"), ("11", "сталинка"), ("15", "панель"), ("15А", "хрущёвка"),
                              ("17", "хрущёвка"), ("23/2", "панель"))),
    ("ул. Мира", "uk_svr", (("3", "хрущёвка"), ("5", "хрущёвка"), ("7", "длинная"), ("12 к1", "панель"),
                            ("12 к2", "панель"))),
    ("ул. Садовая", "tszh", (("8", "новая"), ("8 стр. 2", "барак"))),
    ("ул. 8 Марта", "uk_uyut", (("2", "сталинка"), ("4", "хрущёвка"), ("12", "панель"), ("12 к2", "башня"),
                                ("20", "хрущёвка"))),
    ("пр-т 50 лет Октября", "uk_svr", (("1", "панель4"), ("3", "панель4"), ("6", "башня"), ("8", "башня"),
                                       ("14А", "панель"))),
    ("ул. Лесная", "uk_uyut", (("1", "барак"), ("3", "барак"), ("10", "хрущёвка"), ("14", "хрущёвка"))),
    ("пер. Артёма Зуева", "uk_uyut", (("2", "барак"), ("5", "сталинка"), ("7", "хрущёвка"))),
    ("бул. Космонавтов", "zhsk", (("4", "панель"), ("6", "панель"))),
    ("ул. Энергетиков", "zhsk", (("11", "панель"), ("13", "хрущёвка"), ("13А", "хрущёвка"))),
    (LONG_STREET, "uk_svr", (("7", "хрущёвка"), ("9", "хрущёвка"), ("18 к3", "панель"))),
    ("наб. Речная", "tsn", (("1", "новая"), ("1 к2", "новая"), ("5", "башня"))),
    ("ул. Чехова", "uk_svr", (("16", "хрущёвка"), ("18", "хрущёвка"), ("22", "длинная"), ("30", "сталинка"),
                              ("33", "барак"))),
    ("пл. Вокзальная", "uk_uyut", (("1", "сталинка"), ("2", "сталинка"), ("4", "хрущёвка"))),
    ("ул. Академика Вавилова", "uk_uyut", (("5", "панель"), ("7", "панель"), ("9 к1", "башня"), ("19", "хрущёвка"),
                                           ("21", "хрущёвка"), ("40", "длинная"), ("42", "хрущёвка"))),
    ("ул. Заводская", "uk_svr", (("6", "сталинка"), ("8", "хрущёвка"), ("10", "хрущёвка"), ("27", "барак"))),
)  # fmt: skip
"""Street, company, houses. One street name has 58 letters: screens must stand it."""


def buildings(random: Random) -> tuple[DemoBuilding, ...]:
    residents = Residents(random)
    found: list[DemoBuilding] = []
    for street, company, houses in _STREETS:
        for house, kind in houses:
            found.append(_building(street, company, house, _KINDS[kind], len(found) + 1, residents, random))
    return tuple(found)


def short_street(street: str) -> str:
    """«ул. 8 Марта» → «8 Марта»: how it is said."""
    return street.split(" ", 1)[1]


def _building(
    street: str, company: str, house: str, kind: _Kind, place: int, residents: Residents, random: Random
) -> DemoBuilding:
    return DemoBuilding(
        key=f"{short_street(street)} {house}",
        company=company,
        street=street,
        house=house,
        floors=kind.floors,
        entrances=kind.entrances,
        has_lift=kind.has_lift,
        has_gas=kind.has_gas,
        has_chute=kind.has_chute,
        premises=_premises(kind, place, residents),
        access=_access(kind, random),
    )


def _premises(kind: _Kind, place: int, residents: Residents) -> tuple[DemoPremises, ...]:
    """Flats are numbered as everywhere: entrance by entrance, floor by floor, from the left."""
    found: list[DemoPremises] = []
    for entrance in range(1, kind.entrances + 1):
        for floor in range(1, kind.floors + 1):
            for riser in range(1, kind.on_floor + 1):
                number = len(found) + 1
                found.append(
                    DemoPremises(
                        number=str(number),
                        entrance=entrance,
                        floor=floor,
                        riser=riser,
                        account=f"40-{place:03d}-{number:04d}",
                        people=residents.settle(),
                    )
                )
    return tuple(found)


def _access(kind: _Kind, random: Random) -> tuple[DemoAccess, ...]:
    """Where to shut off and how to get in: every house has its own hidden corners."""
    entrance = random.randint(1, kind.entrances)
    side = random.choice(
        ("слева от входа", "справа от входа", "за лестницей", "у торцевой стены", "под первым маршем")
    )
    node = f"подвал, п. {entrance}, {side}"
    valves = [
        DemoAccess(kind="valve", title="Задвижка ХВС на вводе", where=f"{node}, № {random.randint(10, 40)}"),
        DemoAccess(kind="valve", title="Задвижки отопления", where=f"теплоузел: {node}"),
        DemoAccess(
            kind="valve",
            title="Стояки ХВС и ГВС",
            where="подвал, под каждым подъездом, бирка с номерами квартир",
        ),
    ]
    if kind.has_gas:
        valves.append(
            DemoAccess(
                kind="valve", title="Кран газа на вводе", where=f"фасад, п. {entrance}, 1,8 м от земли"
            )
        )
    keys = [
        DemoAccess(
            kind="key",
            title="Подвал",
            where=random.choice(("ящик № %d в диспетчерской", "у мастера, крючок %d"))
            % random.randint(1, 60),
        ),
        DemoAccess(kind="key", title="Электрощитовая", where=f"п. {entrance}, ключ у дежурного электрика"),
        DemoAccess(
            kind="key",
            title="Чердак и кровля",
            where=f"люк в п. {random.randint(1, kind.entrances)}, ключ в диспетчерской",
        ),
    ]
    codes = [
        DemoAccess(
            kind="code",
            title=f"Домофон, подъезд {n}",
            where=f"{random.randint(1, 99)}К{random.randint(1000, 9999)}",
        )
        for n in range(1, kind.entrances + 1)
    ]
    return (*valves, *keys, *codes)
