"""A day of the dispatch centre as a script: who calls when, from where, and what is true about it.

Shares are those of a dispatch centre in November (anchors: 38 % of tickets are emergencies, 1.2
consultations for a ticket); a storm brings breaks that a whole house calls about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from vakhta.demo import phrases
from vakhta.demo.curve import moment_of_day
from vakhta.demo.people import MOBILE, mail_of
from vakhta.demo.shapes import City, DemoBuilding, DemoPerson, DemoPremises
from vakhta.demo.stock import short_street
from vakhta.demo.town import city
from vakhta.domain.classifier import ENTRIES

DAYS = ("ordinary", "storm")

_DAY = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class ScriptedContact:
    """One contact. `outcome` and what follows it are the truth, known to the play and not to the
    service."""

    key: str
    """Unique in the day: "17"."""
    offset: float
    """Seconds from midnight."""
    channel: str
    phone: str
    caller: str
    email: str
    address: str
    """As the caller says it; empty when the phone tells it."""
    building: str
    premises: str
    text: str
    outcome: str
    """ticket, addition, consultation, redirected, not_ours, silence"""
    classifier: str = ""
    """What it really is: for tickets and additions."""
    service: str = ""
    """For the redirected: key of `classifier.SERVICES`."""
    group: str = ""
    """Contacts about one break have one group."""
    repeat_of: str = ""
    """Key of the contact whose ticket this one is about."""
    is_emergency: bool = False
    """The channel itself says so (lift intercom)."""


@dataclass(frozen=True)
class _Mix:
    """Weights of the kinds of units that make a day, and how many callers a break has."""

    ticket: float
    repeated: float
    cluster: float
    consultation: float
    redirected: float
    not_ours: float
    silence: float
    neighbours: tuple[int, int]


_MIXES = {
    "ordinary": _Mix(30, 5, 1.2, 45, 6, 3, 3, (2, 5)),
    "storm": _Mix(30, 12, 7, 20, 5, 3, 4, (4, 25)),
}
_STORM_WEIGHT = {"house.power.none": 8, "house.heating.cold": 2, "facade.falling": 6, "roof.leak": 4, "lift.people": 3,
                 "house.power.sparks": 3, "yard.cleaning": 4, "entrance.light": 2, "yard.tree": 8, "house.power.wire": 6,
                 "house.power.voltage": 4, "roof.gutter": 3, "facade.seams": 2}  # fmt: skip

_CLUSTERS = {
    "flat.cold.riser": "riser",
    "flat.hot.riser": "riser",
    "flat.sewer.blockage": "riser",
    "flat.flood": "riser",
    "house.hot.supply": "house",
    "house.cold.supply": "house",
    "house.heating.cold": "house",
    "house.power.none": "house",
    "lift.stopped": "entrance",
    "house.gas.smell": "entrance",
}
"""What many call about at once, and how far it reaches."""

_CHANNELS = {"phone": 74, "web": 9, "chat": 5, "messenger": 6, "email": 4, "walk_in": 1, "partner": 1}


def calls(seed: int, day: str = "ordinary", contacts: int = 500) -> Iterator[ScriptedContact]:
    """`contacts` contacts of one day in the order of time; the same for a seed. ValueError for an
    unknown day."""
    if day not in DAYS:
        raise ValueError(f"неизвестный день «{day}»: есть {', '.join(DAYS)}")
    play = _Play(city(), day, Random(f"{seed}:{day}:calls"))
    made: list[ScriptedContact] = []
    while len(made) < contacts:
        made += play.unit(contacts - len(made))
    yield from sorted(made, key=lambda contact: contact.offset)


class _Play:
    """Writes the day unit by unit. A unit is one contact, or a contact and those that follow it."""

    def __init__(self, town: City, day: str, random: Random) -> None:
        self._random = random
        self._day = day
        self._mix = _MIXES[day]
        self._lived = [(b, p) for b, p in town.flats() if p.people]
        self._count = 0
        self._codes = list(ENTRIES)
        storm = day == "storm"
        self._weights = [
            ENTRIES[c].frequency * (_STORM_WEIGHT.get(c, 1) if storm else 1) for c in self._codes
        ]

    def unit(self, room: int) -> list[ScriptedContact]:
        """The next unit, of at most `room` contacts."""
        mix = self._mix
        kinds = {
            self._ticket: mix.ticket,
            self._repeated: mix.repeated,
            self._cluster: mix.cluster,
            self._consultation: mix.consultation,
            self._redirected: mix.redirected,
            self._not_ours: mix.not_ours,
            self._silence: mix.silence,
        }
        kind = self._random.choices(list(kinds), list(kinds.values()))[0]
        return kind()[:room]

    # ── Units ────────────────────────────────────────────────────────────────────────────────

    def _ticket(self) -> list[ScriptedContact]:
        code = self._random.choices(self._codes, self._weights)[0]
        building, premises = self._place(code)
        channel = self._channel(code)
        return [
            self._said(
                building,
                premises,
                channel,
                text=phrases.complaint(code, channel, self._random),
                outcome="ticket",
                classifier=code,
                is_emergency=channel == "lift",
            )
        ]

    def _repeated(self) -> list[ScriptedContact]:
        """The same person asks once or twice where the crew is."""
        first = self._ticket()[0]
        found, at = [first], first.offset
        for _ in range(self._random.choice((1, 1, 2))):
            wait = self._random.randint(12, 110)
            at += wait * 60
            found.append(
                replace(
                    first,
                    key=self._key(),
                    offset=min(at, _DAY - 1),
                    channel="phone",
                    text=phrases.impatience(wait, self._random),
                    outcome="addition",
                    repeat_of=first.key,
                    is_emergency=False,
                )
            )
        return found

    def _cluster(self) -> list[ScriptedContact]:
        """One break, many callers: the first makes the ticket, the others come within the hour."""
        codes = list(_CLUSTERS)
        weights = [self._weights[self._codes.index(code)] for code in codes]
        code = self._random.choices(codes, weights)[0]
        building, premises = self._place(code)
        first = self._said(
            building,
            premises,
            "phone",
            text=phrases.complaint(code, "phone", self._random),
            outcome="ticket",
            classifier=code,
        )
        group = f"{code}/{first.key}"
        found = [replace(first, group=group)]
        near = [
            p for p in building.premises if p.people and p is not premises and _reaches(code, premises, p)
        ]
        self._random.shuffle(near)
        at = first.offset
        for neighbour in near[: self._random.randint(*self._mix.neighbours)]:
            # Intervals grow: the whole stairwell notices in the first minutes.
            at += self._random.expovariate(1 / (60 + 25 * len(found)))
            said = self._said(
                building,
                neighbour,
                self._channel(""),
                text=phrases.complaint_of_neighbour(code, self._random),
                outcome="addition",
                classifier=code,
            )
            found.append(replace(said, offset=min(at, _DAY - 1), group=group, repeat_of=first.key))
        return found

    def _consultation(self) -> list[ScriptedContact]:
        return [self._of_anyone(self._random.choice(phrases.CONSULTATIONS), outcome="consultation")]

    def _redirected(self) -> list[ScriptedContact]:
        service, text = self._random.choice(phrases.REDIRECTED)
        return [replace(self._of_anyone(text, outcome="redirected"), service=service)]

    def _not_ours(self) -> list[ScriptedContact]:
        address, text = self._random.choice(phrases.NOT_OURS)
        made = self._of_anyone(text, outcome="not_ours")
        return [replace(made, address=address, building="", premises="", caller="", phone=self._stranger())]

    def _silence(self) -> list[ScriptedContact]:
        made = self._of_anyone(self._random.choice(phrases.SILENCE), outcome="silence")
        phone = self._random.choice((self._stranger(), ""))
        return [
            replace(
                made, channel="phone", caller="", email="", address="", building="", premises="", phone=phone
            )
        ]

    # ── Parts ────────────────────────────────────────────────────────────────────────────────

    def _of_anyone(self, text: str, *, outcome: str) -> ScriptedContact:
        building, premises = self._random.choice(self._lived)
        return self._said(building, premises, self._channel(""), text=text, outcome=outcome)

    def _said(
        self,
        building: DemoBuilding,
        premises: DemoPremises,
        channel: str,
        *,
        text: str,
        outcome: str,
        classifier: str = "",
        is_emergency: bool = False,
    ) -> ScriptedContact:
        person = self._random.choice(premises.people)
        phone, is_known = self._phone(person, channel)
        says_address = not is_known or self._random.random() < 0.4
        return ScriptedContact(
            key=self._key(),
            offset=moment_of_day(self._random, self._day),
            channel=channel,
            phone=phone,
            caller=person.name if channel != "lift" and self._random.random() < 0.7 else "",
            email=self._mail(person, channel),
            address=self._address(building, premises, channel) if says_address else "",
            building=building.key,
            premises=premises.number,
            text=text,
            outcome=outcome,
            classifier=classifier,
            is_emergency=is_emergency,
        )

    def _key(self) -> str:
        self._count += 1
        return str(self._count)

    def _place(self, code: str) -> tuple[DemoBuilding, DemoPremises]:
        """A flat where this trouble can be."""
        while True:
            building, premises = self._random.choice(self._lived)
            if _can_be(code, building, premises):
                return building, premises

    def _channel(self, code: str) -> str:
        if code == "lift.people":
            return self._random.choice(("lift", "lift", "phone"))
        if code and ENTRIES[code].severity == "emergency" and self._random.random() < 0.8:
            return "phone"
        return self._random.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]

    def _phone(self, person: DemoPerson, channel: str) -> tuple[str, bool]:
        """(number as it is written, does the service know it)."""
        if channel in ("lift", "partner"):
            return "", False
        dice = self._random.random()
        if dice < 0.03 and channel == "phone":
            return "", False
        if dice < 0.15 or not person.phone:
            return self._stranger(), False
        return _written(person.phone, self._random), True

    def _stranger(self) -> str:
        return f"{MOBILE}02{self._random.randint(0, 99_999):05d}"

    def _mail(self, person: DemoPerson, channel: str) -> str:
        if channel in ("email", "web"):
            return person.email or mail_of(person.name, self._count)
        return ""

    def _address(self, building: DemoBuilding, premises: DemoPremises, channel: str) -> str:
        street, house, flat = short_street(building.street), building.house, premises.number
        if channel == "lift":
            return f"{building.address}, подъезд {premises.entrance}"
        return self._random.choice(
            (
                f"{building.street}, {house}, кв. {flat}",
                f"{building.street}, д. {house}, кв. {flat}",
                f"{street} {house}-{flat}",
                f"{street.lower()} {house.lower()} кв {flat}",
            )
        )


def _written(phone: str, random: Random) -> str:
    """People write their numbers as they like."""
    digits = phone[2:]
    return random.choice(
        (
            phone,
            phone,
            f"8{digits}",
            f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}",
            f"8 ({digits[:3]}) {digits[3:6]} {digits[6:8]} {digits[8:]}",
        )
    )


def _can_be(code: str, building: DemoBuilding, premises: DemoPremises) -> bool:
    if code.startswith("lift"):
        return building.has_lift
    if code in ("house.gas.smell", "house.gas.none", "flat.gas.appliance", "flat.draught"):
        return building.has_gas
    if code == "flat.power.stove":
        return not building.has_gas
    if code == "entrance.chute":
        return building.has_chute
    if code == "roof.leak":
        return premises.floor == building.floors
    if code == "flat.flood":
        return premises.floor < building.floors
    return True


def _reaches(code: str, origin: DemoPremises, other: DemoPremises) -> bool:
    """Does the break at `origin` reach the other flat of the house?"""
    scope = _CLUSTERS[code]
    if scope == "house":
        return True
    if origin.entrance != other.entrance:
        return False
    return scope == "entrance" or origin.riser == other.riser
