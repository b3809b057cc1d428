"""The housing stock by hand: a house, a flat, an account, a resident, a valve. Every verb runs inside
`kernel.journal.acting` and records what was changed, by number and without anybody's name.

`seen`: how the row stood when its form was drawn (`seen_of`); a row that somebody has changed since is refused and
nothing is lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import models

from vakhta.domain import facts
from vakhta.domain.layouts import fold_key
from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid, NotFound, clean, require
from vakhta.kernel.seen import check_seen, seen_of
from vakhta.people.models import HOUSING, Company

from .models import AccessNote, Account, Building, Person, Phone, Premises
from .phones import is_whole, normal_phone
from .stock import House, add_building, email_said

MOST_FLOORS, MOST_ENTRANCES = 200, 100
MOST_AT_ONCE = 3000
"""Flats of one addition."""
PHONES = 10
"""Numbers of one person."""
_BUILDING = ("street", "house", "city", "floors", "entrances", "has_lift", "has_gas", "has_chute", "guid")


# ── Houses ───────────────────────────────────────────────────────────────────────────────────


def new_building(company: int, said: House) -> Building:
    """A house of a company of the running scope, with its flats; one that is there is refused."""
    require("stock.edit")
    office = Company.objects.filter(pk=company, kind__in=HOUSING).first()
    if office is None:
        raise Invalid("Выберите организацию, чей это дом.", "company")
    said = replace(
        said,
        street=clean(said.street, "street", "Улица", limit=120, required=True),
        house=clean(said.house, "house", "Дом", limit=20, required=True),
        city=clean(said.city, "city", "Город", limit=80, required=True),
    )
    there = Building.objects.filter(
        company=office, city=said.city, street_key=fold_key(said.street), house_key=fold_key(said.house)
    )
    if there.exists():
        raise _house_is_there(said.street, said.house)
    rows = add_building(said, office)
    row: Building = there.get()
    record_house(row, f"дом № {row.pk} добавлен", rows)
    return row


def _house_is_there(street: str, house: str) -> Invalid:
    return Invalid(
        "Дом «%(street)s, %(house)s» уже есть: найдите его в списке домов или проверьте номер.",
        "house",
        street=street,
        house=house,
    )


def building_seen(row: Building) -> str:
    return seen_of(row, *_BUILDING)


def change_building(building: int, seen: str, said: Mapping[str, Any]) -> Building:
    """`said`: of street, house, city, floors, entrances, has_lift, has_gas, has_chute, guid."""
    require("stock.edit")
    row = the_building(building)
    check_seen(seen, building_seen(row))
    street = clean(said["street"], "street", "Улица", limit=120, required=True)
    house = clean(said["house"], "house", "Дом", limit=20, required=True)
    city = clean(said["city"], "city", "Город", limit=80, required=True)
    keys = {"city": city, "street_key": fold_key(street), "house_key": fold_key(house)}
    if Building.objects.filter(company_id=row.company_id, **keys).exclude(pk=row.pk).exists():
        raise _house_is_there(street, house)
    guid = _guid(said.get("guid", ""))
    other = Building.objects.filter(company_id=row.company_id, guid=guid).exclude(pk=row.pk).first()
    if guid is not None and other is not None:
        raise Invalid(
            "Этот код уже у дома «%(house)s»: у каждого дома свой. Проверьте код.", "guid", house=other
        )
    changes = {
        "street": street,
        "house": house,
        **keys,
        "floors": number(said["floors"], "floors", 1, MOST_FLOORS),
        "entrances": number(said["entrances"], "entrances", 1, MOST_ENTRANCES),
        "guid": guid,
        **{name: bool(said.get(name)) for name in ("has_lift", "has_gas", "has_chute")},
    }
    if _changed(row, changes):
        record_house(row, f"дом № {row.pk} исправлен")
    return row


def _guid(said: str) -> uuid.UUID | None:
    text = clean(said, "guid", "Код дома ФИАС", limit=60)
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise Invalid("Код дома — 32 знака: цифры и буквы a–f, как в ФИАС.", "guid") from None


def number(said: str, field: str, least: int, most: int) -> int:
    """A whole number from a form. Raises Invalid about `field`."""
    text = str(said).strip()
    if not (
        text.isascii() and text.removeprefix("-").isdigit() and len(text) < 6 and least <= int(text) <= most
    ):
        raise Invalid("Нужно число от %(least)s до %(most)s.", field, least=least, most=most)
    return int(text)


def the_building(pk: int) -> Building:
    """The house, locked until commit."""
    row: Building | None = Building.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound("Такого дома нет.")
    return row


# ── Flats ────────────────────────────────────────────────────────────────────────────────────


def add_flats(building: int, first: str, last: str, entrance: str, floor: str) -> int:
    """Flats by number, «31»–«60», or one of any name, «Н-1»; those that are there stay as they are. How many were
    added."""
    require("stock.edit")
    house = the_building(building)
    way = number(entrance, "entrance", 1, house.entrances)
    level = number(floor, "floor", -5, MOST_FLOORS)
    names = list(_numbers(first, last))
    known = set(
        Premises.objects.filter(
            building=house, number_key__in=[fold_key(name) for name in names]
        ).values_list("number_key", flat=True)
    )
    made = [
        Premises(
            company_id=house.company_id, building=house, number=name, number_key=fold_key(name), entrance=way, floor=level
        )
        for name in dict.fromkeys(names)
        if fold_key(name) not in known
    ]  # fmt: skip
    if not made:
        raise Invalid("Такие помещения уже есть: впишите номера, которых ещё нет.", "first")
    Premises.objects.bulk_create(made)
    record_house(house, f"дом № {house.pk}: помещения добавлены", len(made))
    return len(made)


def _numbers(first: str, last: str) -> Iterable[str]:
    one = clean(first, "first", "Номер", limit=12, required=True)
    other = clean(last, "last", "по", limit=12)
    if not other:
        return [one]
    begin, end = number(one, "first", 1, 99999), number(other, "last", 1, 99999)
    if end < begin:
        raise Invalid("«По» меньше, чем «с»: поменяйте их местами.", "last")
    if end - begin >= MOST_AT_ONCE:
        raise Invalid("За раз — не больше %(most)s помещений.", "last", most=MOST_AT_ONCE)
    return [str(flat) for flat in range(begin, end + 1)]


def flat_seen(row: Premises) -> str:
    return seen_of(row, "number", "entrance", "floor")


def change_flat(flat: int, seen: str, said: Mapping[str, str]) -> Premises:
    """`said`: number, entrance, floor."""
    require("stock.edit")
    row = the_flat(flat)
    check_seen(seen, flat_seen(row))
    name = clean(said["number"], "number", "Номер", limit=12, required=True)
    if Premises.objects.filter(building=row.building, number_key=fold_key(name)).exclude(pk=row.pk).exists():
        raise Invalid("Помещение «%(name)s» в этом доме уже есть: впишите другой номер.", "number", name=name)
    changes = {
        "number": name,
        "number_key": fold_key(name),
        "entrance": number(said["entrance"], "entrance", 1, max(row.building.entrances, row.entrance)),
        "floor": number(said["floor"], "floor", -5, MOST_FLOORS),
    }
    if _changed(row, changes):
        record_house(row.building, f"помещение № {row.pk} исправлено")
    return row


def the_flat(pk: int) -> Premises:
    row: Premises | None = (
        Premises.objects.select_for_update(of=("self",)).select_related("building").filter(pk=pk).first()
    )
    if row is None:
        raise NotFound("Такого помещения нет.")
    return row


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────


def add_account(flat: int, said: Mapping[str, str]) -> Account:
    """`said`: number, holder."""
    require("stock.edit")
    home = the_flat(flat)
    row = Account(company_id=home.company_id, premises=home)
    _changed(row, _account_said(row, said))
    record_house(home.building, f"помещение № {home.pk}: лицевой счёт № {row.pk} добавлен")
    return row


def account_seen(row: Account) -> str:
    return seen_of(row, "number", "holder")


def change_account(flat: int, account: int, seen: str, said: Mapping[str, str]) -> Account:
    """`said`: number, holder."""
    require("stock.edit")
    home = the_flat(flat)
    row: Account | None = (
        Account.objects.select_for_update(of=("self",)).filter(pk=account, premises=home).first()
    )
    if row is None:
        raise NotFound("Такого лицевого счёта нет.")
    check_seen(seen, account_seen(row))
    if _changed(row, _account_said(row, said)):
        record_house(home.building, f"помещение № {home.pk}: лицевой счёт № {row.pk} исправлен")
    return row


def _account_said(row: Account, said: Mapping[str, str]) -> dict[str, str]:
    name = clean(said["number"], "number", "Лицевой счёт", limit=20, required=True)
    others = Account.objects.select_related("premises__building").filter(
        company_id=row.company_id, number=name
    )
    known = others.exclude(pk=row.pk).first()
    if known is not None:
        where = f"{known.premises.building}, кв. {known.premises.number}"
        raise Invalid(
            "Лицевой счёт %(name)s уже есть: %(where)s. Проверьте номер.", "number", name=name, where=where
        )
    return {"number": name, "holder": clean(said["holder"], "holder", "На кого", limit=160)}


def drop_account(account: int) -> Premises:
    """An account that was closed, or entered by mistake."""
    require("stock.edit")
    row = Account.objects.select_related("premises__building").filter(pk=account).first()
    if row is None:
        raise NotFound("Такого лицевого счёта нет.")
    home: Premises = row.premises
    pk = row.pk
    row.delete()
    record_house(home.building, f"помещение № {home.pk}: лицевой счёт № {pk} удалён")
    return home


# ── People ───────────────────────────────────────────────────────────────────────────────────


def person_seen(row: Person) -> str:
    return seen_of(row, "name", "relation", "email")


def put_person(flat: int, person: int | None, seen: str, said: Mapping[str, str]) -> Person:
    """A resident of a flat, new (`person` None) or changed. `said`: name, relation, email, phones (divided by commas
    or lines)."""
    require("stock.edit")
    home = the_flat(flat)
    row = Person(company_id=home.company_id, premises=home) if person is None else the_person(home, person)
    if person is not None:
        check_seen(seen, person_seen(row))
    row.name = clean(said["name"], "name", "Имя", limit=160, required=True)
    row.relation = said["relation"]
    if row.relation not in dict(Person.RELATIONS):
        raise Invalid("Выберите, кто он: собственник, наниматель, проживает.", "relation")
    row.email = email_said(said["email"])
    numbers = _phones(said["phones"])
    row.save()
    Phone.objects.filter(person=row).exclude(number__in=numbers).delete()
    known = set(Phone.objects.filter(person=row).values_list("number", flat=True))
    Phone.objects.bulk_create(
        Phone(company_id=home.company_id, person=row, number=one) for one in numbers if one not in known
    )
    record_house(
        home.building, f"помещение № {home.pk}: житель № {row.pk} {'исправлен' if person else 'добавлен'}"
    )
    return row


def drop_person(flat: int, person: int) -> None:
    """Who has moved out. Their tickets keep their words; these go by a deletion of personal data."""
    require("stock.edit")
    home = the_flat(flat)
    row = the_person(home, person)
    row.delete()
    record_house(home.building, f"помещение № {home.pk}: житель № {person} выбыл")


def the_person(home: Premises, pk: int) -> Person:
    """The resident of this flat, locked until commit."""
    row: Person | None = Person.objects.select_for_update(of=("self",)).filter(pk=pk, premises=home).first()
    if row is None:
        raise NotFound("Такого жителя в этом помещении нет.")
    return row


def _phones(said: str) -> list[str]:
    text = clean(said, "phones", "Телефоны", limit=400)
    found = []
    for part in text.replace("\n", ",").replace(";", ",").split(","):
        if not part.strip():
            continue
        one = normal_phone(part.strip())
        if not is_whole(one):
            raise Invalid(
                "Телефон «%(part)s» не читается: нужен вроде +7 916 123-45-67.",
                "phones",
                part=part.strip()[:40],
            )
        found.append(one)
    if len(found) > PHONES:
        raise Invalid("Телефонов у одного человека — не больше %(phones)s.", "phones", phones=PHONES)
    return list(dict.fromkeys(found))


# ── What a crew must know ────────────────────────────────────────────────────────────────────


def add_note(building: int, said: Mapping[str, str]) -> AccessNote:
    """A valve, a key, a code. `said`: kind, title, where."""
    require("stock.edit")
    house = the_building(building)
    if said["kind"] not in dict(AccessNote.KINDS):
        raise Invalid("Выберите: задвижка, ключ или код двери.", "kind")
    row: AccessNote = AccessNote.objects.create(
        company_id=house.company_id, building=house, kind=said["kind"],
        title=clean(said["title"], "title", "Что это", limit=120, required=True),
        where=clean(said["where"], "where", "Где или какой", limit=200, required=True),
    )  # fmt: skip
    record_house(house, f"дом № {house.pk}: доступ № {row.pk} добавлен")
    return row


def drop_note(building: int, note: int) -> None:
    require("stock.edit")
    house = the_building(building)
    if not AccessNote.objects.filter(pk=note, building=house).delete()[0]:
        raise NotFound("Такой записи о доступе нет.")
    record_house(house, f"дом № {house.pk}: доступ № {note} удалён")


# ── Each of them ─────────────────────────────────────────────────────────────────────────────


def _changed(row: models.Model, changes: Mapping[str, Any]) -> bool:
    """Saves what differs; False when nothing does."""
    differs = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in differs:
        setattr(row, name, changes[name])
    if differs:
        row.save(update_fields=differs if row.pk else None)
    return bool(differs)


def record_house(house: Building, what: str, rows: int = 1) -> None:
    journal.record(facts.StockChanged(what=what, rows=rows, building=house.pk), company=house.company_id)
