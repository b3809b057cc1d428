"""The demo's town as rows: stock in bulk, the past walked through the real actions.

Written once into an empty database; a second start finds it and does nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.crews.models import Crew, CrewMember, WorkOrder
from vakhta.demo import City, city
from vakhta.demo.phrases import words_of_done
from vakhta.demo.shapes import DemoBuilding, DemoCompany, DemoPast
from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.layouts import fold_key
from vakhta.domain.permissions import ALL_RIGHTS
from vakhta.incidents.models import Outage, OutageBuilding
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import make_token, scope_of_user
from vakhta.people.models import Agreement, Company, DutyContact, Staff, User
from vakhta.places.models import (
    AccessNote,
    Account,
    Building,
    Entrance,
    Lift,
    Person,
    Phone,
    Premises,
    Riser,
)
from vakhta.shifts import rota
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.word import close_unanswered, confirm_ticket

SYSTEM = Scope.system("demo")


def ensure_demo_city() -> None:
    """Loads the town into an empty database. One change, so a kill leaves it empty or whole."""
    with reading(SYSTEM):
        known = Company.objects.filter(kind="dispatch_centre").first()
    if known is not None:
        _mend_token(known)
        return
    town = city()
    now = clock.now()
    with acting(SYSTEM):
        loaded = _Loaded(town, now)
        journal.record(facts.StockChanged(what="demo", rows=loaded.rows), company=loaded.centre.pk)
        token = make_token(loaded.centre.pk, "Сайт и имитатор", rights=ALL_RIGHTS)
    _leave_word(token, loaded)
    for past in town.history:
        loaded.live_through(past, now)
    loaded.plan_shifts(now)


def _leave_word(token: str, loaded: _Loaded) -> None:
    """The API token and a resident whom the service knows, for the simulator and the tests."""
    folder = settings.DATA_DIR
    (folder / "api-token").write_text(token)
    person, street = loaded.caller
    (folder / "demo-caller").write_text(f"{person}\t{street}")


def _mend_token(centre: Company) -> None:
    """A kill between the change and the file leaves a town without a key: it gets a new one."""
    if not (settings.DATA_DIR / "api-token").exists():
        with acting(SYSTEM):
            (settings.DATA_DIR / "api-token").write_text(
                make_token(centre.pk, "Сайт и имитатор", rights=ALL_RIGHTS)
            )


class _Loaded:
    """The town's rows by their keys while it is being written."""

    def __init__(self, town: City, now: datetime) -> None:
        self.rows = 0
        self.caller = ("", "")
        today = clock.today(now)
        self.centre = self._company(town.centre, town.zone)
        self.companies = {c.key: self._company(c, town.zone) for c in (*town.companies, *town.contractors)}
        self.companies[town.centre.key] = self.centre
        self._agreements(town, today)
        self.staff = self._staff(town)
        self.crews = self._crews(town)
        self._duty(town)
        self.flats: dict[tuple[str, str], tuple[Premises, Person | None]] = {}
        self.buildings = self._buildings(town)
        self._outages(town, now)

    def _company(self, known: DemoCompany, zone: str) -> Company:
        self.rows += 1
        row: Company = Company.objects.create(
            kind=known.kind, name=known.name, short_name=known.short_name, phone=known.phone, email=known.email,
            zone=zone, stricter_norms=known.stricter_norms, auto_close_days=known.auto_close_days,
        )  # fmt: skip
        return row

    def _agreements(self, town: City, today: date) -> None:
        for known in town.agreements:
            Agreement.objects.create(
                centre=self.centre,
                company=self.companies[known.company],
                since=today - timedelta(days=known.since_days_ago),
            )

    def _staff(self, town: City) -> dict[str, Staff]:
        found = {}
        for known in town.staff:
            user = User(email=known.email, name=known.name)
            user.set_unusable_password()
            user.save()
            found[known.key] = Staff.objects.create(
                company=self.companies[known.company], user=user, role=known.role, name=known.name,
                trade=known.trade, phone=known.phone,
            )  # fmt: skip
        return found

    def _crews(self, town: City) -> dict[int, Crew]:
        found = {}
        for known in town.crews:
            company = self.companies[known.company]
            crew = Crew.objects.create(
                company=company, number=known.number, name=known.name, skills=list(known.skills)
            )
            for member in known.members:
                CrewMember.objects.create(company=company, crew=crew, staff=self.staff[member])
            found[known.number] = crew
        return found

    def _duty(self, town: City) -> None:
        DutyContact.objects.bulk_create(
            DutyContact(
                company=self.companies[d.company], kind=d.kind, code=d.code, name=d.name, phone=d.phone, note=d.note,
                place=place,
            )
            for place, d in enumerate(town.duty)
        )  # fmt: skip

    def _buildings(self, town: City) -> dict[str, Building]:
        found = {}
        for known in town.buildings:
            building = Building.objects.create(
                company=self.companies[known.company], city=town.name, street=known.street, house=known.house,
                street_key=fold_key(known.street), house_key=fold_key(known.house), zone=town.zone,
                floors=known.floors, entrances=known.entrances, has_lift=known.has_lift, has_gas=known.has_gas,
                has_chute=known.has_chute,
            )  # fmt: skip
            found[known.key] = building
            self._flats(known, building)
            AccessNote.objects.bulk_create(
                AccessNote(
                    company_id=building.company_id,
                    building=building,
                    kind=a.kind,
                    title=a.title,
                    where=a.where,
                )
                for a in known.access
            )
            self._parts(known, building, town)
        return found

    def _parts(self, known: DemoBuilding, building: Building, town: City) -> None:
        """Entrances with their flats and codes, risers with their valves, lifts."""
        whose: dict[str, Any] = {"company_id": building.company_id, "building": building}
        codes = {a.title.rpartition(" ")[2]: a.where for a in known.access if a.kind == "code"}
        service = next(d for d in town.duty if d.code == "lift_service")
        for number in range(1, known.entrances + 1):
            flats = [f for f in known.premises if f.entrance == number]
            Entrance.objects.create(
                **whose, number=number, floors=known.floors, code=codes.get(str(number), ""),
                first_flat=int(flats[0].number), last_flat=int(flats[-1].number),
            )  # fmt: skip
            columns: dict[int, list[str]] = {}
            for flat in flats:
                columns.setdefault(flat.riser, []).append(flat.number)
            Riser.objects.bulk_create(
                Riser(
                    **whose, service=code, entrance=number, feeds=f"кв. {', '.join(column)}"[:120],
                    valve=f"подвал, п. {number}, под кв. {column[0]}, бирка {word}",
                )
                for column in columns.values()
                for code, word in (("cold_water", "Х"), ("hot_water", "Г"))
            )  # fmt: skip
            if known.has_lift:
                Lift.objects.create(
                    **whose, entrance=number, number=f"{building.pk:03d}-{number}", serviced_by=service.name[:120],
                    phone=service.phone,
                )  # fmt: skip

    def _flats(self, known: DemoBuilding, building: Building) -> None:
        whose: dict[str, Any] = {"company_id": building.company_id}
        premises = Premises.objects.bulk_create(
            Premises(
                building=building, number=f.number, number_key=fold_key(f.number), entrance=f.entrance, floor=f.floor,
                **whose,
            )
            for f in known.premises
        )  # fmt: skip
        pairs = list(zip(known.premises, premises, strict=True))
        Account.objects.bulk_create(
            Account(premises=row, number=flat.account, holder=flat.holder, **whose) for flat, row in pairs
        )
        said = [(person, flat, row) for flat, row in pairs for person in flat.people]
        people = Person.objects.bulk_create(
            Person(premises=row, name=p.name, relation=p.relation, email=p.email, **whose)
            for p, _, row in said
        )
        Phone.objects.bulk_create(
            Phone(person=row, number=p.phone, **whose)
            for (p, _, _), row in zip(said, people, strict=True)
            if p.phone
        )
        first: dict[int, Person] = {}
        for (p, _flat, home), row in zip(said, people, strict=True):
            first.setdefault(home.pk, row)
            if p.phone and p.email and not self.caller[0]:
                self.caller = (p.phone, building.street)
        for flat, home in pairs:
            self.flats[known.key, flat.number] = (home, first.get(home.pk))
        self.rows += len(premises) + len(people)

    def _outages(self, town: City, now: datetime) -> None:
        for known in town.outages:
            outage = Outage.objects.create(
                company=self.companies[known.company], services=list(known.services), supplier=known.supplier,
                document=known.document, reason=known.reason, is_planned=known.is_planned,
                since=now + known.starts, until=now + known.ends,
            )  # fmt: skip
            houses = [self.buildings[key] for key in known.buildings]
            OutageBuilding.objects.bulk_create(
                OutageBuilding(company_id=outage.company_id, outage=outage, building=house)
                for house in houses
                if house.company_id == outage.company_id
            )
            journal.record(
                facts.OutageAnnounced(
                    outage=outage.pk, services=known.services, buildings=tuple(house.pk for house in houses),
                    since=outage.since, until=outage.until, supplier=known.supplier, document=known.document,
                    reason=known.reason, is_planned=known.is_planned,
                ),
                company=outage.company_id,
            )  # fmt: skip

    # ── The past, through the same actions as today ──────────────────────────────────────────

    def live_through(self, past: DemoPast, now: datetime) -> None:
        """One ticket of the past: received, registered, handed over, done, and the applicant's word."""
        start = now - past.ago
        home, person = self.flats.get((past.building, past.premises), (None, None))
        operator = next(s for s in self.staff.values() if s.role == "operator")
        crew = self.crews[past.crew]
        scope = self._scope(operator, now)
        message = arrival.Message(
            channel="phone",
            caller=person.name if person else "",
            email=person.email if person and past.outcome == "unheard" else "",
            address=self._address(past, home),
            text=past.text,
        )
        with acting(SYSTEM, at=start):
            row, _ = arrival.receive(message, centre=self.centre.pk)
        with acting(scope, at=start + timedelta(seconds=40)):
            contacts.take(row.pk)
            ticket = contacts.register(row.pk, classifier=past.classifier, description=past.text)
        with acting(scope, at=start + timedelta(minutes=3)):
            self._hand_over(ticket.pk, row.pk, past, crew)
        with acting(scope, at=start + timedelta(minutes=3, seconds=20)):
            contacts.finish_intake(row.pk)
        if past.outcome == "voided":
            with acting(SYSTEM, at=start + timedelta(minutes=9)):
                void_ticket(ticket.pk, "зарегистрирована повторно")
            return
        self._work(ticket.pk, start, past)
        self._word(ticket.pk, start + past.took, past)

    def _hand_over(self, ticket: int, contact: int, past: DemoPast, crew: Crew) -> None:
        entry = ENTRIES[past.classifier]
        tickets.make_plan(ticket, entry.plan, interaction=contact)
        tickets.decide_services(ticket, (), interaction=contact)
        tickets.tell_terms(ticket, None, interaction=contact)
        tickets.agree_access(ticket, needed=False, interaction=contact)
        crews.assign_ticket(ticket, crew=crew.pk, interaction=contact)

    def _work(self, ticket: int, start: datetime, past: DemoPast) -> None:
        moves = ("accept", "go", "arrive", "contain", "done")
        done = words_of_done(ENTRIES[past.classifier], Random(past.text))
        for number, name in enumerate(moves, 1):
            at = start + timedelta(minutes=4) + (past.took - timedelta(minutes=4)) * number / len(moves)
            with acting(SYSTEM, at=at):
                row = WorkOrder.objects.get(ticket_id=ticket, ended_at=None)
                crews.move(row.pk, name, note=done if name == "done" else "")

    def _word(self, ticket: int, at: datetime, past: DemoPast) -> None:
        if past.outcome == "unheard":
            return
        if past.outcome == "unanswered":
            with acting(SYSTEM, at=at + timedelta(days=3)):
                close_unanswered(ticket)
            return
        resident = Scope(companies=None, actor=f"resident/{ticket}", role="system")
        with acting(resident, at=at + timedelta(hours=2)):
            confirm_ticket(ticket, rating=past.rating, review=past.review)

    def plan_shifts(self, now: datetime) -> None:
        """This month and the next from the watch that stands now: four in turn round the clock, the others by day."""
        local = now.astimezone(ZoneInfo(self.centre.zone))
        watch = local.replace(
            hour=20 if local.hour >= 20 or local.hour < 8 else 8, minute=0, second=0, microsecond=0
        )
        begun, today = watch - timedelta(days=local.hour < 8, seconds=1), clock.today(now)
        operators = [row for row in self.staff.values() if row.role == "operator"]
        senior = next(row for row in self.staff.values() if row.role == "senior")
        lines = [
            rota.Line(row.pk, "day_night" if place < 4 else "two_two", today - timedelta(days=place + 4))
            for place, row in enumerate(operators)
        ]
        lines.append(rota.Line(senior.pk, "five_two", today - timedelta(days=today.weekday())))
        for month in (today, rota.next_month(today)):
            with acting(self._scope(senior, now), at=begun):
                rota.make(month, lines)

    def _address(self, past: DemoPast, home: Premises | None) -> str:
        building = self.buildings[past.building]
        return f"{building}, кв. {home.number}" if home else str(building)

    def _scope(self, staff: Staff, now: datetime) -> Scope:
        found = scope_of_user(staff.user_id, clock.today(now))
        assert found is not None
        return found[0]
