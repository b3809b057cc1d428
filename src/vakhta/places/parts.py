"""Entrances, risers and lifts of a house by hand; whether a lift goes is said in `places.lifts`. Every verb runs inside `kernel.journal.acting` and records what was
changed, by number; `seen` as in `places.edit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from vakhta.kernel.refusal import Invalid, NotFound, clean, require
from vakhta.kernel.seen import check_seen, seen_of

from .edit import MOST_FLOORS, number, record_house, the_building
from .models import Building, Entrance, Lift, Premises, Riser
from .phones import office_phone

Said = Mapping[str, str]
"""Texts of a form."""
MOST_FLAT = 99_999


@dataclass(frozen=True)
class Part:
    """A table of a house's page. `reads`: the form's words as the row's fields."""

    model: Any
    title: str
    fields: tuple[str, ...]
    reads: Callable[[Building, Any, Said], dict[str, Any]]


def part_of(kind: str) -> Part:
    found = PARTS.get(kind)
    if found is None:
        raise NotFound("Такой таблицы у дома нет.")
    return found


def part_seen(kind: str, row: Any) -> str:
    return seen_of(row, *part_of(kind).fields)


def put_part(building: int, kind: str, part: int | None, seen: str, said: Said) -> Any:
    """A row of one of the tables, new (`part` None) or changed."""
    require("stock.edit")
    table, house = part_of(kind), the_building(building)
    row = (
        table.model(company_id=house.company_id, building=house) if part is None else _row(table, house, part)
    )
    before = part_seen(kind, row)
    if part is not None:
        check_seen(seen, before)
    for name, value in table.reads(house, row, said).items():
        setattr(row, name, value)
    if part is not None and part_seen(kind, row) == before:
        return row
    row.save()
    record_house(
        house, f"дом № {house.pk}: {table.title} № {row.pk} {'добавлен' if part is None else 'исправлен'}"
    )
    return row


def drop_part(building: int, kind: str, part: int) -> None:
    require("stock.edit")
    table, house = part_of(kind), the_building(building)
    _row(table, house, part).delete()
    record_house(house, f"дом № {house.pk}: {table.title} № {part} удалён")


def fill_entrances(building: int) -> int:
    """Entrances that are missing, by the house's flats: their numbers and floors. How many were added."""
    require("stock.edit")
    house = the_building(building)
    known = set(Entrance.objects.filter(building=house).values_list("number", flat=True))
    flats: dict[int, list[int]] = {}
    for way, name in Premises.objects.filter(building=house).values_list("entrance", "number"):
        flats.setdefault(way, []).extend([int(name)] if name.isascii() and name.isdigit() else [])
    floors = dict(
        Premises.objects.filter(building=house).order_by().values("entrance").annotate(top=Max("floor"))
        .values_list("entrance", "top")
    )  # fmt: skip
    made = [
        Entrance(
            company_id=house.company_id, building=house, number=way, floors=max(1, floors.get(way) or house.floors),
            first_flat=min(flats.get(way) or [0]) or None, last_flat=max(flats.get(way) or [0]) or None,
        )
        for way in sorted({*range(1, house.entrances + 1), *flats})
        if way not in known
    ]  # fmt: skip
    if not made:
        raise Invalid("Все подъезды уже есть: чтобы прибавить ещё, измените их число у дома.")
    Entrance.objects.bulk_create(made)
    record_house(house, f"дом № {house.pk}: подъезды добавлены", len(made))
    return len(made)


def _row(table: Part, house: Building, part: int) -> Any:
    row = table.model.objects.select_for_update(of=("self",)).filter(pk=part, building=house).first()
    if row is None:
        raise NotFound("Такой строки у дома нет: её уже убрали.")
    return row


def _entrance_number(house: Building, said: Said, *, required: bool) -> int | None:
    text = str(said.get("entrance", "")).strip()
    return number(text, "entrance", 1, house.entrances) if text or required else None


def _count(said: Said, name: str, most: int) -> int | None:
    text = str(said.get(name, "")).strip()
    return number(text, name, 1, most) if text else None


def _entrance(house: Building, row: Entrance, said: Said) -> dict[str, Any]:
    which = number(str(said.get("number", "")), "number", 1, house.entrances)
    if Entrance.objects.filter(building=house, number=which).exclude(pk=row.pk).exists():
        raise Invalid("Подъезд %(number)s уже есть: впишите другой номер.", "number", number=which)
    first, last = _count(said, "first_flat", MOST_FLAT), _count(said, "last_flat", MOST_FLAT)
    if (first is None) != (last is None):
        raise Invalid(
            "Укажите и первую квартиру, и последнюю.", "first_flat" if first is None else "last_flat"
        )
    if first is not None and last is not None and last < first:
        raise Invalid("«По» меньше, чем «с»: поменяйте их местами.", "last_flat")
    return {
        "number": which,
        "floors": _count(said, "floors", MOST_FLOORS),
        "first_flat": first,
        "last_flat": last,
        "code": clean(said.get("code"), "code", "Код двери", limit=40),
    }


def _riser(house: Building, row: Riser, said: Said) -> dict[str, Any]:
    if said.get("service") not in dict(Riser.SERVICES):
        raise Invalid("Выберите, чей это стояк: ХВС, отопление…", "service")
    return {
        "service": said["service"],
        "entrance": _entrance_number(house, said, required=False),
        "feeds": clean(said.get("feeds"), "feeds", "Что питает", limit=120),
        "valve": clean(said.get("valve"), "valve", "Где перекрыть", limit=200, required=True),
    }


def _lift(house: Building, row: Lift, said: Said) -> dict[str, Any]:
    name = clean(said.get("number"), "number", "Регистрационный номер", limit=30, required=True)
    other = (
        Lift.objects.select_related("building")
        .filter(company_id=house.company_id, number=name)
        .exclude(pk=row.pk)
    )
    if (known := other.first()) is not None:
        raise Invalid(
            "Лифт с этим номером уже есть: %(house)s. Проверьте номер.", "number", house=known.building
        )
    if said.get("kind") not in dict(Lift.KINDS):
        raise Invalid("Выберите: пассажирский или грузовой.", "kind")
    return {
        "entrance": _entrance_number(house, said, required=True),
        "number": name,
        "kind": said["kind"],
        "serviced_by": clean(said.get("serviced_by"), "serviced_by", "Кто обслуживает", limit=120),
        "phone": office_phone(said.get("phone", "")),
    }


PARTS = {
    "entrance": Part(Entrance, "подъезд", ("number", "floors", "first_flat", "last_flat", "code"), _entrance),
    "riser": Part(Riser, "стояк", ("service", "entrance", "feeds", "valve"), _riser),
    "lift": Part(
        Lift,
        "лифт",
        ("entrance", "number", "kind", "serviced_by", "phone"),
        _lift,
    ),
}
"""Code of a table, as its addresses name it → the table."""
