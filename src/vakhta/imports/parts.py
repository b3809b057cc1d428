"""Entrances, risers and lifts of a table's rows into the stock, as `homes` does it with flats: what is missing is added,
what differs is changed, what is the same is left alone. A cell that is empty says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from vakhta.domain.layouts import fold_key
from vakhta.places.models import Building, Entrance, Lift, Riser

from .lines import Home
from .reading import Report


def put_parts(
    homes: Sequence[Home],
    buildings: Mapping[int, Building],
    report: Report,
    refuse: Callable[[Home, str, str], None],
    made: Collection[int],
) -> Sequence[Home]:
    """`buildings`: row of the file → its house; `refuse`: takes a bad row, its field and the reason; `made`: houses that
    the file itself has brought. Gives the rows that stand, without those whose lift is another house's.
    A table that says nothing of parts costs no query."""
    if any(home.cabin for home in homes):
        homes = _lifts(homes, buildings, report, refuse, made)
    if any(home.door for home in homes):
        _entrances(homes, buildings, report)
    if any(home.pipe for home in homes):
        _risers(homes, buildings, report)
    return homes


class _Rows:
    """Rows of one table by their key: those that are there and those that the file brings."""

    def __init__(self, model: Any, counted: str, report: Report, known: Mapping[Any, Any]) -> None:
        self._model, self._counted, self._report = model, counted, report
        self.known = dict(known)
        self._new: list[Any] = []
        self._changed: dict[int, Any] = {}
        self._fields: set[str] = set()

    def put(
        self, key: Any, plain: Mapping[str, Any], said: Sequence[tuple[str, str, Any]], name: str
    ) -> None:
        """`plain`: what the key is made of; `said`: (field, its title, value) that may differ; `name`: of the row in
        the report."""
        told = [(field, title, value) for field, title, value in said if value not in (None, "")]
        row = self.known.get(key)
        if row is None:
            row = self.known[key] = self._model(**plain, **{field: value for field, _title, value in told})
            self._new.append(row)
            return
        for field, title, value in told:
            was = getattr(row, field)
            if was == value:
                continue
            if row.pk is not None:
                self._report.differs(
                    self._counted, f"{name}: {title} {shown(row, field, was)} → {shown(row, field, value)}"
                )
                self._changed[row.pk] = row
                self._fields.add(field)
            setattr(row, field, value)

    def write(self) -> None:
        self._model.objects.bulk_create(self._new)
        self._report.added[self._counted] += len(self._new)
        if self._changed:
            self._model.objects.bulk_update(self._changed.values(), sorted(self._fields))


def shown(row: Any, field: str, value: Any) -> str:
    """A value as a person reads it in the report."""
    choices = dict(row._meta.get_field(field).choices or ())
    return str(choices.get(value, value)) if value not in (None, "") else "не было"


def _of(
    homes: Sequence[Home], buildings: Mapping[int, Building], part: str
) -> Iterator[tuple[Home, Building, Any]]:
    for home in homes:
        if (said := getattr(home, part)) is not None:
            yield home, buildings[home.row], said


def _houses(homes: Sequence[Home], buildings: Mapping[int, Building], part: str) -> set[int]:
    return {house.pk for _home, house, _said in _of(homes, buildings, part)}


def _entrances(homes: Sequence[Home], buildings: Mapping[int, Building], report: Report) -> None:
    known = Entrance.objects.filter(building_id__in=_houses(homes, buildings, "door"))
    rows = _Rows(Entrance, "подъезды", report, {(row.building_id, row.number): row for row in known})
    for home, house, said in _of(homes, buildings, "door"):
        rows.put(
            (house.pk, home.entrance),
            {"company_id": house.company_id, "building": house, "number": home.entrance},
            [("code", "код двери", said.code), ("first_flat", "квартиры с", said.first), ("last_flat", "квартиры по", said.last)],
            f"{house}, подъезд {home.entrance}",
        )  # fmt: skip
    rows.write()


def _risers(homes: Sequence[Home], buildings: Mapping[int, Building], report: Report) -> None:
    """A riser has no number: it is known by its house, entrance, system and by what it feeds."""
    known = Riser.objects.filter(building_id__in=_houses(homes, buildings, "pipe")).order_by("-id")
    rows = _Rows(
        Riser,
        "стояки",
        report,
        {(row.building_id, row.entrance, row.service, fold_key(row.feeds)): row for row in known},
    )
    titles = dict(Riser.SERVICES)
    for home, house, said in _of(homes, buildings, "pipe"):
        rows.put(
            (house.pk, home.entrance, said.service, fold_key(said.feeds)),
            {"company_id": house.company_id, "building": house, "entrance": home.entrance,
             "service": said.service, "feeds": said.feeds},
            [("valve", "где перекрыть", said.valve)],
            f"{house}, стояк {titles[said.service]}",
        )  # fmt: skip
    rows.write()


def _lifts(
    homes: Sequence[Home],
    buildings: Mapping[int, Building],
    report: Report,
    refuse: Callable[[Home, str, str], None],
    made: Collection[int],
) -> list[Home]:
    """A lift is known by its registration number, one in the company."""
    company = next(iter(buildings.values())).company_id
    numbers = {said.number for _home, _house, said in _of(homes, buildings, "cabin")}
    known = Lift.objects.select_related("building").filter(company_id=company, number__in=numbers)
    rows = _Rows(Lift, "лифты", report, {row.number: row for row in known})
    refused: set[int] = set()
    with_lift: dict[int, Building] = {}
    for home, house, said in _of(homes, buildings, "cabin"):
        there = rows.known.get(said.number)
        if there is not None and there.building_id != house.pk:
            refuse(home, "lift", f"Лифт {said.number} уже у дома «{there.building}».")
            refused.add(home.row)
            continue
        rows.put(
            said.number,
            {"company_id": company, "building": house, "number": said.number},
            [("entrance", "подъезд", home.entrance), ("kind", "вид", said.kind),
             ("serviced_by", "обслуживает", said.service), ("phone", "телефон службы", said.phone)],
            f"{house}, лифт {said.number}",
        )  # fmt: skip
        if not house.has_lift:
            house.has_lift = True
            with_lift[house.pk] = house
            if house.pk not in made:
                report.differs("дома", f"{house}: лифта не было → есть")
    rows.write()
    Building.objects.bulk_update(with_lift.values(), ["has_lift"])
    return [home for home in homes if home.row not in refused]
