"""Finding in the housing stock: who calls, which house, who lives there."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Building, Person, Phone, Premises


@dataclass(frozen=True)
class Caller:
    """Who and where, as far as a phone and an address tell."""

    person: Person | None = None
    building: Building | None = None
    premises: Premises | None = None

    @property
    def company(self) -> int | None:
        return self.building.company_id if self.building else None


def find_caller(phone: str, address: str) -> Caller:
    """The one person of this phone, else the one flat or house of this address. Ambiguity gives
    nothing: the operator decides."""
    if phone:
        people = [
            row.person
            for row in Phone.objects.filter(number=phone).select_related("person__premises__building")[:2]
        ]
        if len(people) == 1 and people[0].premises:
            premises = people[0].premises
            return Caller(people[0], premises.building, premises)
    if address:
        from .search import find_addresses

        found = find_addresses(address, limit=2)
        if found and found[0].is_certain:
            return Caller(None, found[0].building, found[0].premises)
    return Caller()


def address_text(building: Building | None, premises: Premises | None) -> str:
    """ "ул. Ленина, 15, кв. 42", as it is said and printed."""
    if building is None:
        return ""
    return f"{building}, кв. {premises.number}" if premises else str(building)
