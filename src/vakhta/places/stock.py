"""Housing stock as an administrator enters it: houses with their flats, residents with their phones.

Rows only: whoever loads them records the fact (`crews.stock.load`). A house, a flat or a resident
that is there already is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vakhta.domain.layouts import fold_key
from vakhta.kernel.refusal import Invalid, NotFound, clean, is_email
from vakhta.people.models import Company
from vakhta.people.offices import known_zone

from .models import Account, Building, Person, Phone, Premises
from .phones import own_phone

MOST_FLATS = 3000
RELATIONS = dict(Person.RELATIONS)


@dataclass(frozen=True, kw_only=True)
class House:
    """`flats`: so many, numbered from 1, spread evenly over entrances and floors; `premises`: other
    numbers, «Н-1», at the first entrance."""

    company: str
    city: str
    street: str
    house: str
    floors: int = 1
    entrances: int = 1
    lift: bool = False
    gas: bool = False
    chute: bool = False
    flats: int = 0
    premises: tuple[str, ...] = ()
    zone: str = ""


@dataclass(frozen=True, kw_only=True)
class Resident:
    company: str
    street: str
    house: str
    flat: str
    name: str
    relation: str = "lives"
    phone: str = ""
    email: str = ""
    account: str = ""


def add_building(said: House, company: Company) -> int:
    """Rows that were added: the house and its premises, those that were missing."""
    for name, most in (("floors", 200), ("entrances", 100)):
        if not 1 <= getattr(said, name) <= most:
            raise Invalid("Нужно число от 1 до %(most)s.", name, most=most)
    if not 0 <= said.flats <= MOST_FLATS:
        raise Invalid("Нужно число от 0 до %(most)s.", "flats", most=MOST_FLATS)
    street = clean(said.street, "street", "Улица", limit=120, required=True)
    house = clean(said.house, "house", "Дом", limit=20, required=True)
    row, is_new = Building.objects.get_or_create(
        company=company,
        city=clean(said.city, "city", "Город", limit=80, required=True),
        street_key=fold_key(street),
        house_key=fold_key(house),
        defaults={
            "street": street,
            "house": house,
            "zone": known_zone(said.zone or company.zone),
            "floors": said.floors,
            "entrances": said.entrances,
            "has_lift": said.lift,
            "has_gas": said.gas,
            "has_chute": said.chute,
        },
    )
    known = set(Premises.objects.filter(building=row).values_list("number_key", flat=True))
    missing = {flat.number_key: flat for flat in _flats(said, row)}
    added = Premises.objects.bulk_create(flat for key, flat in missing.items() if key not in known)
    return int(is_new) + len(added)


def _flats(said: House, row: Building) -> Iterator[Premises]:
    on_entrance = -(-said.flats // said.entrances)
    on_floor = max(1, -(-on_entrance // said.floors))
    for place in range(said.flats):
        entrance, inside = divmod(place, on_entrance)
        yield _premises(row, str(place + 1), entrance + 1, inside // on_floor + 1)
    for number in said.premises:
        yield _premises(row, clean(number, "premises", "Помещение", limit=12, required=True), 1, 1)


def _premises(row: Building, number: str, entrance: int, floor: int) -> Premises:
    return Premises(
        company_id=row.company_id,
        building=row,
        number=number,
        number_key=fold_key(number),
        entrance=entrance,
        floor=floor,
    )


def add_resident(said: Resident, company: Company) -> int:
    """Rows that were added: the resident, the phone, the account."""
    name = clean(said.name, "name", "Имя", limit=160, required=True)
    if said.relation not in RELATIONS:
        raise Invalid("Нужно одно из: %(known)s.", "relation", known=", ".join(RELATIONS))
    home = _home(said, company)
    whose = {"company": company, "premises": home}
    person, is_new = Person.objects.get_or_create(
        **whose, name=name, defaults={"relation": said.relation, "email": email_said(said.email)}
    )
    added = int(is_new)
    if said.phone:
        added += Phone.objects.get_or_create(company=company, person=person, number=own_phone(said.phone))[1]
    if said.account:
        number = clean(said.account, "account", "Лицевой счёт", limit=20)
        account, is_first = Account.objects.get_or_create(
            company=company, number=number, defaults={"premises": home, "holder": name}
        )
        if account.premises_id != home.pk:
            raise Invalid("Этот лицевой счёт уже у другого помещения: проверьте номер.", "account")
        added += is_first
    return added


def _home(said: Resident, company: Company) -> Premises:
    house: Building | None = Building.objects.filter(
        company=company, street_key=fold_key(said.street), house_key=fold_key(said.house)
    ).first()
    if house is None:
        raise NotFound(
            "Дома «%(street)s, %(house)s» у «%(company)s» нет.",
            "house",
            street=said.street,
            house=said.house,
            company=company,
        )
    flat: Premises | None = Premises.objects.filter(building=house, number_key=fold_key(said.flat)).first()
    if flat is None:
        raise NotFound("Помещения «%(flat)s» в доме «%(house)s» нет.", "flat", flat=said.flat, house=house)
    return flat


def email_said(said: str) -> str:
    text = clean(said, "email", "Почта", limit=254)
    if text and not is_email(text):
        raise Invalid("Почта не читается: нужна вроде petrova@example.org.", "email")
    return text
