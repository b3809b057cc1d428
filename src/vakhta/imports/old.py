"""Tickets of an old journal: each row once, however often its table is brought; one that differs is reported.

A house is taken where the address names it and no other; a nature is guessed by the classifier. What cannot be told is
told in the report: the address stays as it is written, if that was asked for, and the nature stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from vakhta.domain.addresses import ParsedAddress, normal_house, parse_address, street_kind, street_words
from vakhta.domain.classifier import Entry
from vakhta.domain.facts import ERASED
from vakhta.domain.layouts import fold_key
from vakhta.kernel.clock import now as moment_now
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import centre_of
from vakhta.people.models import Company
from vakhta.places.models import Building, Premises
from vakhta.places.search import find_addresses
from vakhta.tickets.classifier import suggest
from vakhta.tickets.old import OldTicket, carry_over, known_rows, old_journal

from .columns import OLD_TICKETS, Match
from .house_cells import read_house
from .old_lines import OldLine, read_line
from .reading import Report, Rows, headings_of

MOST_KEPT = 20_000
"""Addresses whose houses, and words whose natures, are remembered while a table is read."""
_FLAT = re.compile(r"[,\s]+кв(?:артира)?\.?\s*(\d{1,4})$", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, kw_only=True)
class Source:
    """The file that is read: what it is called and known by, whose tickets they are, and what becomes of an address
    that names no house of theirs."""

    company: int
    name: str
    digest: str
    keeps_unknown: bool = False
    """True: such a ticket is carried over without a house; False: its row is a bad one."""


@dataclass(frozen=True)
class _Street:
    kind: str
    houses: Mapping[str, list[tuple[int, str]]]
    """House, as it is compared → (its id, its zone), several where several towns have it."""


@dataclass(frozen=True)
class _Place:
    """A house that an address names; `flat` as it is said there."""

    building: int
    zone: str
    flat: str


class OldBook:
    """The journal of one file while it is read, whatever sheets it has."""

    def __init__(self, source: Source, report: Report, said: Mapping[str, str] | None = None) -> None:
        self.source, self.report = source, report
        self._said = dict(said or {})
        self.now: datetime = moment_now()
        with reading(Scope.system("import")):
            self.zone = Company.objects.only("zone").get(pk=source.company).zone
        self.centre = centre_of(source.company, self.now.date())
        self._houses: dict[tuple[str, ...], _Place | None] = {}
        self._natures: dict[str, Entry | None] = {}
        self._read: dict[str, ParsedAddress] = {}
        self._stock: dict[tuple[str, ...], list[_Street]] | None = None

    def sheet(self, title: str, rows: Rows) -> tuple[OldSheet, Rows]:
        """A sheet and its rows behind the headings. What was said of columns holds for each sheet that has them."""
        match, rest = headings_of(rows, self._said, OLD_TICKETS, is_strict=not title)
        return OldSheet(self, title, match), rest

    def nature(self, description: str) -> Entry | None:
        """What the words mean, never by a stretch. They are the letters alone: «кв. 5» and «кв. 6» are asked once."""
        key = " ".join(_LETTERS.findall(description))
        if key not in self._natures:
            if len(self._natures) >= MOST_KEPT:
                self._natures.clear()
            best = next(iter(suggest(description, 1)), None)
            is_told = best is not None and best.tells_what and not best.is_stretched
            self._natures[key] = best.entry if best and is_told else None
        return self._natures[key]

    def place(self, line: OldLine) -> _Place | None:
        """The house that the row names, letter for letter and no other; None when that is not certain. At most four
        queries for a house, none for one that was asked for."""
        if line.street:
            if read_house(line.house) is None:
                return None  # «15-17», a day that Excel made: half of it would be a neighbour's house
            known = self._known(line.street, line.house)
            if known:
                return _Place(*known[0], "") if len(known) == 1 else None
        return self._named(line.address)

    def _known(self, street: str, house: str) -> list[tuple[int, str]]:
        """Houses of the company that are written so, however the kind of their street is. One query for all rows."""
        if self._stock is None:
            self._stock = {}
            rows = Building.objects.filter(company_id=self.source.company).order_by("street")
            for written, group in groupby(
                rows.values_list("street", "house", "pk", "zone"), key=lambda row: row[0]
            ):
                houses: dict[str, list[tuple[int, str]]] = {}
                for _, number, pk, zone in group:
                    houses.setdefault(normal_house(number), []).append((pk, zone))
                self._stock.setdefault(street_words(written), []).append(
                    _Street(street_kind(written), houses)
                )
        kind, number = street_kind(street), normal_house(house)
        return [
            house
            for way in self._stock.get(street_words(street), [])
            if not kind or way.kind in ("", kind)
            for house in way.houses.get(number, ())
        ]

    def _named(self, text: str) -> _Place | None:
        parsed, flat = self._parsed(text)
        if not parsed.street_words or not parsed.number:
            return None
        # «12 к10» is a corpus or a flat: which one is said by the stock.
        doubt = parsed.flat if parsed.may_be_corpus else ""
        key = (parsed.town, parsed.kind, *parsed.street_words, parsed.house, doubt)
        if key not in self._houses:
            if len(self._houses) >= MOST_KEPT:
                self._houses.clear()
            best = next(iter(find_addresses(text, limit=2)), None)
            is_it = best and best.is_certain and not best.unknown_house and not (doubt and best.unknown_flat)
            self._houses[key] = (
                _Place(best.building.pk, best.building.zone, doubt if best.premises else "")
                if best and is_it
                else None
            )
        place = self._houses[key]
        return place if place is None or doubt else replace(place, flat=flat)

    def _parsed(self, text: str) -> tuple[ParsedAddress, str]:
        """(what the address says of the house, the flat). A house is read once, whatever flats of it follow."""
        said = _FLAT.search(text)
        house = text[: said.start()] if said else text
        parsed = self._read.get(house)
        if parsed is None:
            if len(self._read) >= MOST_KEPT:
                self._read.clear()
            parsed = self._read[house] = parse_address(house)
        if said is None:
            return parsed, parsed.flat
        if parsed.number and not parsed.flat and not parsed.rest:
            return parsed, said[1]
        whole = parse_address(text)
        return whole, whole.flat


class OldSheet:
    """One sheet (`reading.Target`). Each `put` runs inside `kernel.journal.acting`."""

    def __init__(self, book: OldBook, title: str, match: Match) -> None:
        self._book, self._title, self.match = book, title, match
        self.report = book.report

    def line(self, number: int, row: Sequence[str]) -> OldLine | None:
        return read_line(number, row, self.match, self._book.zone, self._book.now)

    def heading(self, field: str) -> str:
        return self.match.heading(field)

    def put(self, lines: Sequence[OldLine], name: str) -> None:
        source = self._book.source
        kept_in = old_journal(source.company, name, source.digest)
        new = self._new([self._ticket(line, place, flat) for line, place, flat in self._placed(lines)])
        carry_over(kept_in, self._book.centre, new)
        self.report.added["заявки"] += len(new)
        for what, count in (
            ("без дома, адрес как написан", sum(row.building is None for row in new)),
            ("неисправность по словам не узнана", sum(not row.classifier for row in new)),
            ("без времени поступления", sum(not row.has_time for row in new)),
        ):
            self.report.notes[what] += count

    def _placed(self, lines: Sequence[OldLine]) -> Iterator[tuple[OldLine, _Place | None, int | None]]:
        """(row, its house, its flat) of the rows that stand. One query beside those for houses."""
        places = {line.row: self._book.place(line) for line in lines}
        said = {
            line.row: (place.building, fold_key(line.flat or place.flat))
            for line in lines
            if (place := places[line.row]) and (line.flat or place.flat)
        }
        found = Premises.objects.filter(
            building_id__in={building for building, _ in said.values()},
            number_key__in={flat for _, flat in said.values()},
        )
        flats = {
            (building, key): pk for building, key, pk in found.values_list("building_id", "number_key", "pk")
        }
        for line in lines:
            place = places[line.row]
            if place is None and not self._book.source.keeps_unknown:
                self._refuse(line, "address", _unknown(line.address))
                continue
            yield line, place, flats.get(said.get(line.row, (0, "")))

    def _ticket(self, line: OldLine, place: _Place | None, flat: int | None) -> OldTicket:
        entry = self._book.nature(line.description)
        return OldTicket(
            sheet=self._title,
            row=line.row,
            number=line.number,
            registered_at=line.registered_at,
            has_time=line.has_time,
            done_at=line.done_at,
            classifier=entry.code if entry else "",
            severity=entry.severity if entry else "ordinary",
            building=place.building if place else None,
            premises=flat,
            zone=place.zone if place else self._book.zone,
            address=f"{line.address}, кв. {line.flat}".removeprefix(", ") if line.flat else line.address,
            description=line.description,
            applicant=line.applicant,
            phone=line.phone,
            said_phone=line.said_phone,
            performer=line.performer,
            term=line.term,
            result=line.result,
        )

    def _new(self, rows: Sequence[OldTicket]) -> list[OldTicket]:
        """Those that are not there yet; one that is there and says otherwise is a bad row. One query."""
        there = {
            key: (row.address, row.description)
            for key, row in known_rows(self._book.source.company, {row.key for row in rows}).items()
        }
        new = []
        for row in rows:
            known = there.get(row.key)
            if known is None:
                there[row.key] = (row.address, row.description)
                new.append(row)
            elif ERASED in known or known == (row.address, row.description):
                self.report.notes["уже перенесены"] += 1
            else:
                self._refuse(
                    row,
                    "number",
                    f"Заявка № {row.number} этого времени уже перенесена, и сказано в ней другое: «{known[1][:80]}».",
                )
        return new

    def _refuse(self, line: OldLine | OldTicket, field: str, reason: str) -> None:
        field = field if field in self.match.places else _INSTEAD[field]
        self.report.refuse(line.row, self.heading(field), reason, self._title)


_INSTEAD = {"address": "street", "number": "ordinal"}
"""Field of a refusal → the one that stands for it in a table without it."""


def _unknown(address: str) -> str:
    if not address:
        return "Адреса нет. Чтобы переносить и такие заявки, отметьте «без дома»."
    return f"Дома «{address[:80]}» среди домов организации нет, или он не один такой."
