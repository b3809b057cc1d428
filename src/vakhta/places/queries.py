"""Finding in the housing stock: who calls, which house, who lives there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from vakhta.domain.addresses import parse_address

from .models import Building, Person, Phone, Premises


@dataclass(frozen=True)
class Caller:
    """Who and where, as far as a phone and an address tell."""

    person: Person | None = None
    """Who lives there and calls."""
    building: Building | None = None
    premises: Premises | None = None
    by_phone: Person | None = None
    """Who calls, wherever that one lives."""

    @property
    def company(self) -> int | None:
        return self.building.company_id if self.building else None


def find_caller(phone: str, address: str) -> Caller:
    """Who calls by the one person of this phone; where it is by the address that was said, else by that
    person's home. A said address that is not certain gives no place, unless the home is among what it may
    mean: a crew must not drive home because its owner called from elsewhere. Ambiguity gives nothing:
    the operator decides."""
    known = _of_phone(phone) if phone else None
    home = known.premises if known else None
    if not address:
        return Caller(known, home.building, home, known) if known and home else Caller(by_phone=known)
    from .search import find_addresses

    best = next(iter(find_addresses(address, limit=2)), None)
    if best and home and best.building == home.building and best.premises in (None, home) and not best.unread:
        return Caller(known, home.building, home, known)
    if best and best.is_certain:
        return Caller(None, best.building, best.premises, known)
    return Caller(by_phone=known)


def _of_phone(phone: str) -> Person | None:
    rows = Phone.objects.filter(number=phone).select_related("person__premises__building")[:2]
    people = [row.person for row in rows]
    return people[0] if len(people) == 1 else None


def address_text(building: Building | None, premises: Premises | None) -> str:
    """ "ул. Ленина, 15, кв. 42", as it is said and printed."""
    if building is None:
        return ""
    return f"{building}, кв. {premises.number}" if premises else str(building)


NOT_LISTED = (
    *(
        f"building__{field}"
        for field in ("street_key", "house_key", "guid", "has_lift", "has_gas", "has_chute")
    ),
    *(f"person__{field}" for field in ("family_key", "relation", "email")),
)
"""Of a row's house and person what no list shows: left in the database."""


def proper_address(building: Building | None, premises: Premises | None, said: str) -> str:
    """The address as the stock writes it, for a house that was found, with what `place_in` adds. What was
    said, when no house was found."""
    if building is None:
        return said
    return ", ".join(filter(None, (address_text(building, premises), place_in(building, premises, said))))


def place_in(building: Building, premises: Premises | None, said: str) -> str:
    """What was said of the place and the stock does not have: «подвал», «кв. 999», «вход со двора»."""
    known = address_text(building, premises)
    if f"{said}, ".startswith(f"{known}, "):
        return said.removeprefix(known).removeprefix(", ")
    parsed = parse_address(said)
    flat = f"кв. {parsed.flat}" if parsed.flat and premises is None else ""
    return ", ".join(filter(None, (flat, parsed.rest)))


def only_city(houses: QuerySet[Building]) -> str:
    """The city in which all these houses stand; "" when there are none, or several cities."""
    cities = list(houses.order_by("city").values_list("city", flat=True).distinct()[:2])
    return cities[0] if len(cities) == 1 else ""
