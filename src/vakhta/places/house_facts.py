"""What a house hides, in one query: its valves, keys and codes, its entrances, risers and lifts.

Four small tables asked as one, so that a card that shows all of it asks no more than it did for the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from vakhta.domain.layouts import fold_key
from vakhta.kernel.kept import Param, kept

from .models import AccessNote, Building, Entrance, Lift, Riser


@dataclass(frozen=True)
class HouseFact:
    """`what`: note, entrance, riser, lift. `kind`: of a note as `AccessNote.KINDS`, of a riser its service, of a lift
    passenger or freight."""

    building: int
    what: str
    pk: int
    kind: str
    entrance: int | None
    """None: of the whole house, or not said."""
    title: str
    """Of a note; the flats of a riser; the number of a lift."""
    where: str
    """Of a note; the valve of a riser; who services a lift; the code of an entrance."""
    phone: str = ""
    first: int | None = None
    last: int | None = None
    """Flats of an entrance."""
    floors: int | None = None
    since: datetime | None = None
    """Since when a lift stands."""
    reason: str = ""
    until: datetime | None = None
    """When it is promised to go again."""


_ORDER = {"riser": 0, "lift": 1, "note": 2, "entrance": 3}


def house_facts(buildings: Iterable[int] | None) -> list[HouseFact]:
    """Of these houses, None: of all of the running scope; house by house, unsorted among themselves. One query."""
    found = _of_all() if buildings is None else _of_houses(houses=list(buildings))
    return sorted(
        (HouseFact(*row) for row in found),
        key=lambda f: (
            f.building,
            f.entrance is None,
            f.entrance or 0,
            _ORDER[f.what],
            f.kind,
            f.title,
            f.pk,
        ),
    )


@kept
def _of_all() -> QuerySet[Any, tuple[Any, ...]]:
    return _written()


@kept
def _of_houses() -> QuerySet[Any, tuple[Any, ...]]:
    return _written(building_id__among=Param("houses"))


def _written(**which: Param) -> QuerySet[Any, tuple[Any, ...]]:
    """The fields of `HouseFact`."""
    no_number, no_text, no_time = (
        Cast(Value(None), IntegerField()),
        Value("", output_field=CharField()),
        Cast(Value(None), DateTimeField()),
    )

    def rows(model: Any, what: str, **said: Any) -> Any:
        plain = {
            "a_kind": no_text, "a_entrance": no_number, "a_title": no_text, "a_where": no_text, "a_phone": no_text,
            "a_first": no_number, "a_last": no_number, "a_floors": no_number, "a_since": no_time, "a_reason": no_text, "a_until": no_time,
        }  # fmt: skip
        known = {**plain, **{f"a_{name}": value for name, value in said.items()}}
        asked = (
            model.objects.filter(**which)
            .order_by()
            .annotate(a_what=Value(what, output_field=CharField()), **known)
        )
        return asked.values_list("building_id", "a_what", "pk", *known)

    def whole(name: str) -> Any:
        return Cast(F(name), IntegerField())

    found: QuerySet[Any, tuple[Any, ...]] = rows(
        AccessNote, "note", kind=F("kind"), title=F("title"), where=F("where")
    ).union(
        rows(Entrance, "entrance", entrance=whole("number"), where=F("code"), first=whole("first_flat"),
             last=whole("last_flat"), floors=whole("floors")),
        rows(Riser, "riser", kind=F("service"), entrance=whole("entrance"), title=F("feeds"), where=F("valve")),
        rows(Lift, "lift", kind=F("kind"), entrance=whole("entrance"), title=F("number"), where=F("serviced_by"),
             phone=F("phone"), since=F("stopped_since"), reason=F("stop_reason"), until=F("expected_at")),
        all=True,
    )  # fmt: skip
    return found


def of_house(building: Building) -> list[HouseFact]:
    """The same of one house, asked once for its row."""
    known: list[HouseFact] | None = getattr(building, "_facts", None)
    if known is None:
        known = house_facts([building.pk])
        building._facts = known  # type: ignore[attr-defined]
    return known


def told_once(facts: Iterable[HouseFact]) -> list[HouseFact]:
    """Of one house, without the notes that say the code of an entrance's door over again."""
    known = list(facts)
    doors = {(str(fact.entrance), fold_key(fact.where)) for fact in known if fact.what == "entrance"}
    return [fact for fact in known if (_door_of(fact), fold_key(fact.where)) not in doors]


def _door_of(note: HouseFact) -> str:
    """The number of the entrance whose door the code of `note` opens; empty where it says more than that."""
    if note.what != "note" or note.kind != "code":
        return ""
    words = _DOOR.sub("", fold_key(note.title)).split()
    return words[0] if len(words) == 1 else ""


_DOOR = re.compile(r"\b(?:домофон|код|двер|подъезд|п\b)\w*")


SERVICES_OF = {
    "ХВС": ("cold_water",),
    "ГВС": ("hot_water",),
    "ХВС и ГВС": ("cold_water", "hot_water"),
    "Водоотведение": ("sewerage",),
    "Отопление": ("heating",),
    "Электроснабжение": ("electricity",),
    "Газ": ("gas",),
}
"""System of the classifier → services of its risers."""
LIFT = "Лифт"


def for_system(
    facts: Iterable[HouseFact], system: str, entrance: int | None, flat: str = ""
) -> list[HouseFact]:
    """Risers or lifts that a fault of this system is about: of the `entrance` and of the whole house, of all entrances
    when it is not known. Where some of them name the `flat`, those and the ones that name none."""
    services = SERVICES_OF.get(system, ())
    found = [
        fact
        for fact in facts
        if (fact.what == "riser" and fact.kind in services) or (fact.what == "lift" and system == LIFT)
        if entrance is None or fact.entrance in (None, entrance)
    ]
    own = {fact.pk for fact in found if fact.what == "riser" and flat in _NUMBERS.findall(fact.title)}
    if not own:
        return found
    return [
        fact for fact in found if fact.pk in own or fact.what != "riser" or not _NUMBERS.findall(fact.title)
    ]


_NUMBERS = re.compile(r"\d+")
