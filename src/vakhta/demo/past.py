"""Tickets of the past months: what a card of a house or a person has to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from vakhta.demo.shapes import DemoBuilding, DemoCrew, DemoPast
from vakhta.domain.classifier import ENTRIES

_TEXTS = {
    "flat.cold.riser": ("Течёт стояк холодной воды в туалете", "Свищ на стояке ХВС за унитазом"),
    "flat.water.pipe": ("Лопнула подводка под раковиной", "Сорвало кран в ванной, вода перекрыта"),
    "flat.flood": ("Капает с потолка в ванной, соседи не открывают", "Заливает сверху кухню"),
    "flat.taps": ("Капает смеситель на кухне", "Течёт бачок унитаза, вода не останавливается"),
    "house.hot.supply": ("Горячая вода еле тёплая второй день", "Нет горячей воды с утра"),
    "flat.heating.leak": ("Капает батарея в зале, подставили таз",),
    "house.heating.cold": ("Холодные батареи в двух комнатах", "В квартире 16 градусов, маленький ребёнок"),
    "flat.sewer.blockage": ("Не уходит вода в ванной и на кухне", "Засор, из унитаза поднимается вода"),
    "flat.power.none": ("Нет света на кухне, выбивает автомат",),
    "entrance.light": ("Не горит свет на площадке третьего этажа", "Темно у входа в подъезд"),
    "lift.stopped": ("Лифт стоит на первом этаже, двери открыты",),
    "entrance.chute": ("Забит мусоропровод между третьим и четвёртым",),
    "roof.leak": ("Течёт с потолка в комнате, верхний этаж",),
    "entrance.door": ("Дверь в подъезд не закрывается, сломан доводчик",),
    "yard.cleaning": ("Скользко на крыльце, не посыпано",),
    "information.act": ("Просит копию акта о заливе",),
}

_REVIEWS = {
    5: ("Приехали быстро, спасибо.", "Всё сделали, убрали за собой.", ""),
    4: ("Сделали, но ждала дольше, чем сказали.", ""),
    3: ("Течь убрали, плитку разбили.", ""),
    2: ("Пришлось звонить три раза.",),
}


def history(
    buildings: tuple[DemoBuilding, ...], crews: tuple[DemoCrew, ...], random: Random
) -> tuple[DemoPast, ...]:
    """Forty-odd tickets in a dozen houses, the latest last; one house has had many. The last one was done
    yesterday, and its applicant, who has mail, has not said a word yet."""
    lived = [building for building in buildings if len(building.premises) > 20]
    often, others = lived[2], random.sample(lived[3:], 11)
    found = [_past(often, crews, random) for _ in range(9)]
    for building in others:
        found += [_past(building, crews, random) for _ in range(3)]
    found.sort(key=lambda past: past.ago, reverse=True)
    return (*found, _unheard(often, crews, random))


def _unheard(building: DemoBuilding, crews: tuple[DemoCrew, ...], random: Random) -> DemoPast:
    written_to = [flat for flat in building.premises if flat.people and flat.people[0].email]
    return replace(
        _past(building, crews, random),
        premises=random.choice(written_to).number,
        classifier="flat.taps",
        text=_TEXTS["flat.taps"][0],
        crew=next(crew.number for crew in crews if ENTRIES["flat.taps"].skill in crew.skills),
        ago=timedelta(hours=26),
        took=timedelta(hours=4),
        outcome="unheard",
        rating=None,
        review="",
    )


def _past(building: DemoBuilding, crews: tuple[DemoCrew, ...], random: Random) -> DemoPast:
    codes = [code for code in _TEXTS if _fits(code, building)]
    code = random.choices(codes, [ENTRIES[code].frequency for code in codes])[0]
    entry = ENTRIES[code]
    lived = [premises for premises in building.premises if premises.people]
    outcome = random.choices(("confirmed", "unanswered", "returned", "voided"), (70, 20, 6, 4))[0]
    rating = (
        random.choices((5, 4, 3, 2), (55, 25, 13, 7))[0] if outcome in ("confirmed", "returned") else None
    )
    return DemoPast(
        building=building.key,
        premises=random.choice(lived).number,
        classifier=code,
        text=random.choice(_TEXTS[code]),
        ago=timedelta(days=random.randint(4, 320), minutes=random.randint(0, 1439)),
        took=_took(entry.severity, random),
        outcome=outcome,
        rating=rating,
        review=random.choice(_REVIEWS[rating]) if rating else "",
        crew=random.choice([crew.number for crew in crews if entry.skill in crew.skills]),
    )


def _fits(code: str, building: DemoBuilding) -> bool:
    return (building.has_lift or not code.startswith("lift")) and (
        building.has_chute or code != "entrance.chute"
    )


def _took(severity: str, random: Random) -> timedelta:
    least, most = {"emergency": (25, 300), "urgent": (60, 1200)}.get(severity, (180, 2800))
    return timedelta(minutes=random.randint(least, most))
