"""Shapes of the demo town. Keys are strings that hold inside one `City`; moments are distances from
the moment of loading, so that the town is never yesterday's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class DemoCompany:
    key: str
    kind: str
    """Of `people.Company.KINDS`."""
    name: str
    short_name: str
    phone: str
    email: str
    stricter_norms: dict[str, int] = field(default_factory=dict, hash=False)
    """Norm code → seconds, stricter than the law."""
    auto_close_days: int = 3


@dataclass(frozen=True, kw_only=True)
class DemoAgreement:
    """The centre serves `company` since so many days ago."""

    company: str
    since_days_ago: int


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    name: str
    """Family name, name, patronymic."""
    relation: str
    """owner, tenant, lives"""
    phone: str = ""
    """E.164 or empty."""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class DemoPremises:
    number: str
    entrance: int
    floor: int
    riser: int
    """Which riser (стояк) of the entrance the flat stands on, from 1: flats above each other."""
    account: str
    people: tuple[DemoPerson, ...] = ()

    @property
    def holder(self) -> str:
        return self.people[0].name if self.people else ""


@dataclass(frozen=True, kw_only=True)
class DemoAccess:
    """A valve (задвижка), a key or a door's code."""

    kind: str
    """valve, key, code"""
    title: str
    where: str


@dataclass(frozen=True, kw_only=True)
class DemoBuilding:
    key: str
    """«Ленина 15»: the short street and the house."""
    company: str
    street: str
    """As it is printed: «ул. Ленина»."""
    house: str
    floors: int
    entrances: int
    has_lift: bool
    has_gas: bool
    has_chute: bool
    premises: tuple[DemoPremises, ...]
    access: tuple[DemoAccess, ...]

    @property
    def address(self) -> str:
        return f"{self.street}, {self.house}"


@dataclass(frozen=True, kw_only=True)
class DemoStaff:
    key: str
    company: str
    role: str
    """Of `domain.permissions.ROLES`."""
    name: str
    trade: str
    phone: str
    email: str


@dataclass(frozen=True, kw_only=True)
class DemoCrew:
    number: int
    name: str
    skills: tuple[str, ...]
    """Keys of `domain.classifier.SKILLS`."""
    members: tuple[str, ...]
    """Keys of staff."""
    company: str = "centre"
    """Key of a company: the centre's own, or a contractor's."""


@dataclass(frozen=True, kw_only=True)
class DemoDuty:
    """A line of the duty directory, in the order of the directory."""

    company: str
    kind: str
    """service, on_call"""
    code: str
    """Key of `domain.classifier.SERVICES`, empty for people."""
    name: str
    phone: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DemoOutage:
    company: str
    services: tuple[str, ...]
    """cold_water, hot_water, electricity, heating …"""
    supplier: str
    document: str
    reason: str
    is_planned: bool
    starts: timedelta
    ends: timedelta
    """From the moment of loading; a negative one has passed."""
    buildings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DemoPast:
    """A ticket of the past: enough to walk it through its moves."""

    building: str
    premises: str
    """Number of the flat, or empty for the whole house."""
    classifier: str
    text: str
    ago: timedelta
    """From its registration to the moment of loading."""
    took: timedelta
    """From registration to the end of the work."""
    outcome: str
    """confirmed, unanswered, returned (came back and was done again), voided, unheard (the word is awaited)"""
    rating: int | None
    review: str
    crew: int


@dataclass(frozen=True, kw_only=True)
class City:
    name: str
    zone: str
    centre: DemoCompany
    companies: tuple[DemoCompany, ...]
    contractors: tuple[DemoCompany, ...]
    """They work for the centre and serve no house."""
    agreements: tuple[DemoAgreement, ...]
    buildings: tuple[DemoBuilding, ...]
    staff: tuple[DemoStaff, ...]
    crews: tuple[DemoCrew, ...]
    duty: tuple[DemoDuty, ...]
    outages: tuple[DemoOutage, ...]
    history: tuple[DemoPast, ...]

    def building(self, key: str) -> DemoBuilding:
        return next(building for building in self.buildings if building.key == key)

    def flats(self) -> Iterator[tuple[DemoBuilding, DemoPremises]]:
        for building in self.buildings:
            for premises in building.premises:
                yield building, premises
