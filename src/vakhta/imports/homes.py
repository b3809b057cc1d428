"""Homes into the stock: what is missing is added, what differs is changed, what is the same is left alone.

So a file that is read twice changes nothing the second time, and one that was cut off ends the same when it
is read again. Nothing is ever removed: a table says who lives there, not who does not.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vakhta.domain import facts
from vakhta.domain.addresses import normal_house, street_kind, street_words, town_key
from vakhta.domain.layouts import fold_key
from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid, NotFound, require
from vakhta.people.rows import held_company
from vakhta.places.models import Account, Building, Person, Phone, Premises

from .columns import Match, key_of
from .lines import Home, read_home
from .parts import put_parts, shown
from .reading import Empty, Report, Rows, headings_of
from .told import Told


class StockBook:
    """The stock of one company while a file is read into it, whatever sheets it has. `said`: of its columns."""

    def __init__(
        self, company: int, report: Report, city: str = "", said: Mapping[str, str] | None = None
    ) -> None:
        self._company, self._city, self._said = company, city, dict(said or {})
        self.report = report
        self._told = Told()
        self._first: tuple[str, frozenset[str]] | None = None
        """Title and headings of the sheet that was read first."""

    def sheet(self, title: str, rows: Rows) -> tuple[Stock, Rows]:
        """A sheet and its rows behind the headings. Only the headings of the first one have been looked at by
        somebody, so a sheet with others is not read. Raises Invalid (field "match"), Empty."""
        try:
            match, rest = headings_of(rows, self._said)
        except Empty:
            raise
        except Invalid:
            if self._first is None:
                raise
            match, rest = None, rows
        keys = frozenset(key_of(heading) for heading in match.headings if heading) if match else frozenset()
        if self._first is None:
            self._first = title, keys
        if match is None or keys != self._first[1]:
            raise Invalid(
                "Лист не прочитан: заголовки не те, что на листе «%(first)s». Если на нём тоже фонд, сохраните его "
                "отдельным файлом и загрузите.",
                "match",
                first=self._first[0],
            )
        return Stock(self._company, match, self.report, self._city, sheet=title, told=self._told), rest


class Stock:
    """One table (`reading.Target`). Each `put` runs inside `kernel.journal.acting` and holds the company's row until
    commit: two imports of one company wait for each other."""

    def __init__(
        self, company: int, match: Match, report: Report, city: str = "", *, sheet: str = "", told: Told | None = None
    ) -> None:  # fmt: skip
        self._company_id, self.match, self._city = company, match, city
        self.report, self._sheet, self._told = report, sheet, told or Told()

    def line(self, number: int, row: Sequence[str]) -> Home | None:
        return read_home(number, row, self.match, self._city)

    def heading(self, field: str) -> str:
        return self.match.heading(field)

    def put(self, homes: Sequence[Home], name: str) -> None:
        """One thousand rows and the fact of them. `name`: of the file, for the journal."""
        require("stock.load")
        company = held_company(self._company_id)
        if company is None:
            raise NotFound("Организации № %(pk)s нет.", pk=self._company_id)
        self._company = company
        self._whose: dict[str, Any] = {"company_id": self._company.pk}
        before = self.report.added.total() + self.report.changed.total()
        streets = self._streets()
        homes = [_on_known_street(home, streets) for home in homes]
        homes = [home for home in homes if self._agrees(home)]
        buildings = self._buildings(homes)
        homes = [home for home in homes if home.row in buildings]
        homes = put_parts(homes, buildings, self.report, self._refuse, self._told.made)
        flats = self._flats(homes, buildings)
        kept = self._accounts(homes, flats)
        people = self._people(kept, flats)
        self._phones(kept, people)
        rows = self.report.added.total() + self.report.changed.total() - before
        if rows:
            journal.record(facts.StockChanged(what=name[:80], rows=rows), company=self._company.pk)

    def _refuse(self, home: Home, field: str, reason: str) -> None:
        self.report.refuse(home.row, self.heading(field), reason, self._sheet)

    def _agrees(self, home: Home) -> bool:
        """Does no earlier row of the file say otherwise? Asked before anything of the row is written."""
        clash = self._told.clash(home, self._sheet)
        if clash:
            self._refuse(home, *clash)
        return clash is None

    def _streets(self) -> dict[tuple[str, ...], list[str]]:
        """A town and the words of a street of it without its kind → the ways that the company's houses write it."""
        known: dict[tuple[str, ...], list[str]] = {}
        rows = Building.objects.filter(**self._whose).order_by("street").values_list("city", "street")
        for city, street in rows.distinct():
            known.setdefault((town_key(city), *street_words(street)), []).append(street)
        return known

    # ── Houses and flats ─────────────────────────────────────────────────────────────────────

    def _buildings(self, homes: Sequence[Home]) -> dict[int, Building]:
        """Row of the file → its house, by its code of ФИАС before its address. A row whose code is another house's is
        refused: one wrong code would make one house of many."""
        keys = {home.building_key for home in homes}
        found = Building.objects.filter(**self._whose, street_key__in={street for _, street, _ in keys})
        of_key = {(town_key(row.city), row.street_key, row.house_key): row for row in found}
        known = {key: row for key, row in of_key.items() if key in keys}
        coded = self._coded(homes, known)
        new: dict[tuple[str, str, str], Building] = {}
        changed: dict[int, Building] = {}
        sizes = {id(row): (row.entrances, row.floors) for row in (*known.values(), *coded.values())}
        of_row: dict[int, Building] = {}
        for home in homes:
            row = known.get(home.building_key) or new.get(home.building_key)
            its = coded.get(home.guid) if home.guid else None
            if its is not None and its is not row:
                if row is not None or normal_house(its.house) != normal_house(home.house):
                    self._refuse_code(home, its)
                    continue
                self.report.notes["дома найдены по коду ФИАС, улица записана иначе"] += 1
                row = its
            if row is None:
                _town, street, house = home.building_key
                row = Building(
                    **self._whose, city=home.city, street=home.street, house=home.house,
                    street_key=street, house_key=house, zone=self._company.zone, guid=home.guid,
                )  # fmt: skip
                new[home.building_key] = row
            if home.guid and row.guid != home.guid:
                self.report.differs("дома", f"{row}: код ФИАС {row.guid or 'не было'} → {home.guid}")
                row.guid = home.guid
                changed[id(row)] = row
            for name, value in (("entrances", home.entrance), ("floors", home.floor)):
                if value is not None and value > getattr(row, name):
                    setattr(row, name, value)
                    changed[id(row)] = row
            of_row[home.row] = row
            if home.guid:
                coded[home.guid] = row
        Building.objects.bulk_create(new.values())
        self.report.added["дома"] += len(new)
        mended = [row for row in changed.values() if row not in new.values()]
        Building.objects.bulk_update(mended, ["guid", "entrances", "floors"])
        self._told.made.update(row.pk for row in new.values())
        for row in mended:
            self._tell_size(row, *sizes[id(row)])
        return of_row

    def _tell_size(self, row: Building, entrances: int, floors: int) -> None:
        """A house grows with what a row says of an entrance or a floor: a slip of the pen must be seen."""
        for title, was, now in (("подъездов", entrances, row.entrances), ("этажей", floors, row.floors)):
            if was != now and row.pk not in self._told.made:
                self.report.differs("дома", f"{row}: {title} {was} → {now}")

    def _coded(
        self, homes: Sequence[Home], known: Mapping[tuple[str, str, str], Building]
    ) -> dict[uuid.UUID, Building]:
        """Code of ФИАС → the house that has it, the same object as in `known`. One query when a row has a code."""
        guids = {home.guid for home in homes if home.guid}
        same = {row.pk: row for row in known.values()}
        rows = Building.objects.filter(**self._whose, guid__in=guids) if guids else ()
        return {row.guid: same.get(row.pk, row) for row in rows}

    def _refuse_code(self, home: Home, its: Building) -> None:
        reason = f"Код ФИАС записан у дома «{its}», а в строке «{home.street}, {home.house}»: проверьте код и адрес."
        self._refuse(home, "guid", reason)

    def _flats(self, homes: Sequence[Home], buildings: dict[int, Building]) -> dict[int, Premises]:
        """Row of the file → its flat, for rows that name one."""
        houses = {building.pk for building in buildings.values()}
        numbers = {fold_key(home.flat) for home in homes if home.flat}
        known: dict[tuple[int, str], Premises] = {
            (row.building_id, row.number_key): row
            for row in Premises.objects.filter(building_id__in=houses, number_key__in=numbers)
        }
        new: dict[tuple[int, str], Premises] = {}
        changed: dict[int, Premises] = {}
        found: dict[int, tuple[int, str]] = {}
        for home in homes:
            if not home.flat:
                continue
            key = buildings[home.row].pk, fold_key(home.flat)
            found[home.row] = key
            row = known.get(key) or new.get(key)
            if row is None:
                new[key] = Premises(
                    **self._whose, building=buildings[home.row], number=home.flat, number_key=key[1],
                    entrance=home.entrance or 1, floor=home.floor if home.floor is not None else 1,
                )  # fmt: skip
                continue
            for name, title, value in (("entrance", "подъезд", home.entrance), ("floor", "этаж", home.floor)):
                was = getattr(row, name)
                if value is not None and was != value:
                    if row.pk is not None:
                        told = f"{buildings[home.row]}, кв. {row.number}: {title} {was} → {value}"
                        self.report.differs("помещения", told)
                        changed[row.pk] = row
                    setattr(row, name, value)
        Premises.objects.bulk_create(new.values())
        self.report.added["помещения"] += len(new)
        Premises.objects.bulk_update(changed.values(), ["entrance", "floor"])
        known |= new
        return {row: known[key] for row, key in found.items()}

    # ── Accounts and people ──────────────────────────────────────────────────────────────────

    def _accounts(self, homes: Sequence[Home], flats: dict[int, Premises]) -> list[Home]:
        """Accounts of the rows; gives the rows that stand, without those whose account is another's."""
        numbers = {home.account for home in homes if home.account}
        known: dict[str, Account] = {
            row.number: row
            for row in Account.objects.select_related("premises__building").filter(
                **self._whose, number__in=numbers
            )
        }
        new: dict[str, Account] = {}
        changed: dict[str, Account] = {}
        kept = []
        for home in homes:
            if not home.account:
                kept.append(home)
                continue
            row, flat = known.get(home.account) or new.get(home.account), flats[home.row]
            if row is None:
                new[home.account] = Account(
                    **self._whose, premises=flat, number=home.account, holder=home.name
                )
                if home.name:
                    self._told.holds(home.account, home.name)
            elif row.premises_id != flat.pk:
                where = f"{row.premises.building}, кв. {row.premises.number}"
                self._refuse(home, "account", f"Лицевой счёт {home.account} уже у {where}.")
                continue
            elif home.name and self._told.holds(home.account, home.name) and row.holder != home.name:
                if home.account not in new:
                    was = row.holder or "не было"
                    self.report.differs("лицевые счета", f"лицевой счёт {row.number}: {was} → {home.name}")
                    changed[row.number] = row
                row.holder = home.name
            kept.append(home)
        Account.objects.bulk_create(new.values())
        self.report.added["лицевые счета"] += len(new)
        Account.objects.bulk_update(changed.values(), ["holder"])
        return kept

    def _people(self, homes: Sequence[Home], flats: dict[int, Premises]) -> dict[int, Person]:
        """Row of the file → who is named in it."""
        homes = [home for home in homes if home.name]
        known: dict[tuple[int, str], Person] = {
            (row.premises_id or 0, fold_key(row.name)): row
            for row in Person.objects.filter(premises_id__in={flats[home.row].pk for home in homes}).order_by(
                "-id"
            )
        }
        new: dict[tuple[int, str], Person] = {}
        changed: dict[int, Person] = {}
        found: dict[int, tuple[int, str]] = {}
        for home in homes:
            key = flats[home.row].pk, fold_key(home.name)
            found[home.row] = key
            row = known.get(key) or new.get(key)
            if row is None:
                new[key] = Person(
                    **self._whose, premises=flats[home.row], name=home.name, email=home.email,
                    relation=home.relation or "lives",
                )  # fmt: skip
                continue
            for name, title, value in (
                ("email", "почта", home.email), ("relation", "кто он", home.relation),
            ):  # fmt: skip
                was = getattr(row, name)
                if value and was != value:
                    if row.pk is not None:
                        told = f"{row.name}: {title} {shown(row, name, was)} → {shown(row, name, value)}"
                        self.report.differs("жильцы", told)
                        changed[row.pk] = row
                    setattr(row, name, value)
        Person.objects.bulk_create(new.values())
        self.report.added["жильцы"] += len(new)
        Person.objects.bulk_update(changed.values(), ["email", "relation"])
        known |= new
        return {row: known[key] for row, key in found.items()}

    def _phones(self, homes: Sequence[Home], people: dict[int, Person]) -> None:
        said = {
            (people[home.row].pk, number) for home in homes if home.row in people for number in home.phones
        }
        ids = {person for person, _ in said}
        known = set(Phone.objects.filter(person_id__in=ids).values_list("person_id", "number"))
        new = sorted(said - known)
        Phone.objects.bulk_create(
            Phone(**self._whose, person_id=person, number=number) for person, number in new
        )
        self.report.added["телефоны"] += len(new)


def _on_known_street(home: Home, known: dict[tuple[str, ...], list[str]]) -> Home:
    """The street as the company's other houses write it: «Ленина», «улица Ленина» and «ул. Ленина» are one,
    where no other kind of street has that name."""
    words, kind = (town_key(home.city), *street_words(home.street)), street_kind(home.street)
    ways = known.get(words, [])
    alike = [way for way in ways if not kind or street_kind(way) in ("", kind)]
    if len(alike) == 1:
        return replace(home, street=alike[0])
    if not ways:
        known[words] = [home.street]
    return home
