"""The cast of the stories: one dispatch centre, the companies that it serves, people with names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vakhta.crews.models import Crew, CrewMember
from vakhta.domain.layouts import fold_key
from vakhta.domain.permissions import ALL_RIGHTS
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import make_token, scope_of_user
from vakhta.people.models import Agreement, Company, DutyContact, Staff, User
from vakhta.places.models import AccessNote, Account, Building, Person, Phone, Premises

DAY = date(2026, 11, 24)


@dataclass
class Cast:
    """Заречье: the centre «АДС Заречье» serves «Северная» and the cooperative «Луч»; «Чужая» has no
    agreement with it."""

    centre: Company
    north: Company
    luch: Company
    foreign: Company
    lenina15: Building
    flat42: Premises
    petrova: Person
    mira3: Building
    foreign_house: Building
    ivanova: Staff
    sidorova: Staff
    gromova: Staff
    orlov: Staff
    kuznetsov: Staff
    kim: Staff
    client: Staff
    inspector: Staff
    crew4: Crew
    token: str

    def scope(self, staff: Staff) -> Scope:
        found = scope_of_user(staff.user_id, DAY)
        assert found is not None
        return found[0]


def make_cast() -> Cast:
    """Writes the cast in the system scope of the running transaction."""
    with reading(Scope.system("cast")):
        centre = Company.objects.create(
            kind="dispatch_centre", name="АДС «Заречье»", short_name="АДС «Заречье»", phone="+74950000100"
        )
        north = Company.objects.create(
            kind="management_company", name="УК «Северная»", short_name="«Северная»"
        )
        luch = Company.objects.create(kind="housing_cooperative", name="ЖСК «Луч»", short_name="«Луч»")
        foreign = Company.objects.create(kind="management_company", name="УК «Чужая»", short_name="«Чужая»")
        for company in (north, luch):
            Agreement.objects.create(centre=centre, company=company, since=date(2025, 1, 1))
        lenina15, flat42, petrova = _home(
            north, "ул. Ленина", "15", "42", "Петрова Анна Сергеевна", "+79000001542"
        )
        mira3, _, _ = _home(luch, "ул. Мира", "3", "12", "Козлов Дмитрий Иванович", "+79000000312")
        foreign_house, _, _ = _home(foreign, "ул. Чужая", "1", "1", "Чужой Иван", "+79000000001")
        AccessNote.objects.create(
            company=north, building=lenina15, kind="valve", title="ввод ХВС", where="подвал, подъезд 2"
        )
        people = _people(centre, north)
        crew4 = Crew.objects.create(
            company=centre, number=4, name="бригада 4", skills=["plumber", "electrician"]
        )
        CrewMember.objects.create(company=centre, crew=crew4, staff=people["kuznetsov"])
        for place, (code, name, phone) in enumerate(
            (
                ("gas_service", "Аварийная газовая служба", "104"),
                ("edds", "ЕДДС", "112"),
                ("water_utility", "Водоканал", "+74950000001"),
            )
        ):
            DutyContact.objects.create(
                company=centre, kind="service", code=code, name=name, phone=phone, place=place
            )
        token = make_token(centre.pk, "сайт", rights=ALL_RIGHTS)
    return Cast(
        centre=centre, north=north, luch=luch, foreign=foreign, lenina15=lenina15, flat42=flat42, petrova=petrova,
        mira3=mira3, foreign_house=foreign_house, crew4=crew4, token=token, **people,
    )  # fmt: skip


def _home(company: Company, street: str, house: str, flat: str, name: str, phone: str):  # type: ignore[no-untyped-def]
    building = Building.objects.create(
        company=company, city="Заречье", street=street, house=house, street_key=fold_key(street),
        house_key=fold_key(house), floors=9, entrances=4, has_lift=True, has_gas=True, has_chute=True,
    )  # fmt: skip
    premises = Premises.objects.create(
        company=company, building=building, number=flat, number_key=fold_key(flat), entrance=2, floor=4
    )
    person = Person.objects.create(
        company=company, premises=premises, name=name, relation="owner", email="resident@example.org"
    )
    Phone.objects.create(company=company, person=person, number=phone)
    Account.objects.create(company=company, premises=premises, number=f"40-{flat}", holder=name)
    return building, premises, person


def _people(centre: Company, north: Company) -> dict[str, Staff]:
    rows = {
        "ivanova": (centre, "operator", "Иванова Ольга Петровна"),
        "sidorova": (centre, "operator", "Сидорова Мария Андреевна"),
        "gromova": (centre, "senior", "Громова Вера Ильинична"),
        "orlov": (centre, "foreman", "Орлов Пётр Сергеевич"),
        "kuznetsov": (centre, "technician", "Кузнецов Пётр Андреевич"),
        "kim": (centre, "administrator", "Ким Ирина Олеговна"),
        "inspector": (centre, "inspector", "Строгов Илья Львович"),
        "client": (north, "client", "Белова Нина Юрьевна"),
    }
    people = {}
    for login, (company, role, name) in rows.items():
        user = User.objects.create(email=f"{login}@example.org", name=name, password="!")
        people[login] = Staff.objects.create(company=company, user=user, role=role, name=name)
    return people
