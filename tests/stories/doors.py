"""Every address of the pages as a row: who may use it, what a right form says, whose thing it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from tests.cast import DAY, Cast
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews import teams
from vakhta.crews.models import BulkItem, BulkRun, Crew, CrewMember
from vakhta.domain import facts, rotas
from vakhta.imports.models import ImportRun
from vakhta.incidents.actions import outage_seen
from vakhta.incidents.models import Outage, OutageBuilding
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Counter
from vakhta.kernel.tenancy import Scope, reading, scoped_models
from vakhta.lists.models import SavedView
from vakhta.people import agreements, offices, staff
from vakhta.people.models import Agreement, Company, DutyContact, SignIn, Staff, User
from vakhta.places import edit
from vakhta.places.duty import line_seen
from vakhta.places.lifts import lift_seen
from vakhta.places.models import AccessNote, Account, Building, Consent, Lift, Person, Premises
from vakhta.places.parts import part_seen
from vakhta.shifts import handover, rota
from vakhta.shifts.models import Shift, Swap
from vakhta.tickets.changes import correct_ticket, merge_ticket
from vakhta.tickets.files import attach_file
from vakhta.tickets.models import NormCorrection, OldJournal, Ticket
from vakhta.web.cabinet.links import ticket_link
from vakhta.web.tests.steps import photo

ROOMS = (
    "stock",
    "outages",
    "offices",
    "public",
    "console",
    "board",
    "lists",
    "field",
    "cabinet",
    "reports",
    "indicators",
    "security",
    "shifts",
)
OTHERS_NUMBERS = 500
"""Tickets of another centre begin here, so that a number is one ticket's in the whole test."""


@dataclass(frozen=True)
class Things:
    """One company's contacts in each state, its tickets, an order, a file, a resident's link."""

    company: int
    queued: int
    taken: int
    """No ticket yet."""
    stepping: int
    """With a ticket, the steps 4–9 before it."""
    ended: int
    ending: int
    """The entry that an undo takes back."""
    working: int
    """Its ticket is handed over, and nobody has accepted it."""
    handing: int
    """The entry that an undo takes back."""
    merged: str
    merging: int
    """The entry that an undo takes back."""
    gas: str
    """A ticket that no own crew may end."""
    correcting: int
    """The entry of its correction."""
    ticket: str
    ticket_pk: int
    open_ticket: int
    other: str
    order: int
    file: int
    token: str
    """Of a ticket whose work is done."""
    closed: str
    """Of a ticket that its applicant has confirmed."""
    crew: int
    view: int
    """A saved view of the list, of whoever comes."""
    gone_view: int
    run: int
    """An act on many tickets, begun by whoever comes."""
    looked: int
    """A table that was looked at."""
    waiting: int
    """A table that waits for a reader."""
    carried: int
    """A table of an old journal whose ticket was carried over."""
    served: int
    """A company that the centre serves."""
    house: int
    flat: int
    person: int
    consent: int
    account: int
    note: int
    lift: int
    """Of the house."""
    stopped: int
    """A lift of the house that stands."""
    outage: int
    """That stands."""
    gone_outage: int
    """That was ended."""
    duty: int
    """A line of the duty directory: a person on call."""
    gone_duty: int
    """One that was removed."""
    asked: int
    """A swap that waits for the holder's word."""
    agreed: int
    """A swap that waits for the senior."""
    handover: int
    """A sheet that somebody else has signed."""
    term: int
    """An agreement of the company, or of one like it."""
    partner: int
    """A company whose agreement is over."""
    worker: int
    """Somebody of the company, with a second step and a session, in the crew `team`."""
    gone_worker: int
    team: int
    gone_team: int
    act: int
    """The entry of an act: what was over its term was deleted."""
    marks: dict[str, str]
    """What the forms of these were drawn from."""


Args = Callable[[Things], tuple[object, ...]]


@dataclass(frozen=True)
class Door:
    """`said`: a form that is right; `keeps`: fields that are cut, looked up or ignored, so that no
    text in them is refused."""

    name: str
    args: Args = lambda things: ()
    said: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    is_about_a_company: bool = True
    keeps: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    """Words of the address after «?»."""

    def url(self, things: Things) -> str:
        return reverse(self.name, args=self.args(things))

    def verb(self, things: Things) -> str:
        return str(getattr(resolve(self.url(things)).func, "verb", ""))

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def get(name: str, args: Args = lambda things: (), *query: str, about: bool | None = None) -> Door:
    is_about = bool(args.__code__.co_names) if about is None else about
    return Door(name, args, method="GET", query=query, is_about_a_company=is_about)


def general(name: str, /, *, keeps: tuple[str, ...] = (), query: tuple[str, ...] = (), **said: str) -> Door:
    return Door(name, said=said, is_about_a_company=False, keeps=keeps, query=query)


def contact(name: str, state: str, /, *more: object, keeps: tuple[str, ...] = (), **said: str) -> Door:
    return Door(f"console:{name}", lambda t: (getattr(t, state), *more), said, keeps=keeps)


def of_ticket(name: str, /, *, keeps: tuple[str, ...] = (), **said: str) -> Door:
    return Door(f"console:{name}", lambda t: (t.ticket,), said, keeps=keeps)


RISER = "flat.cold.riser"
CORRECTED = {
    "choice": RISER,
    "description": "течёт стояк у окна",
    "damage_at": "",
    "address": "",
    "applicant": "",
    "phone": "",
    "email": "",
}
"""Fields of a correction, each with what stood there when the form was drawn."""
REFUSED = {
    ("public:sign_in", "POST"),
    ("public:passkey", "POST"),
    ("public:oidc", "POST"),
    ("public:new_password", "GET"),
    ("public:new_password", "POST"),
    ("security:confirm", "POST"),
    ("security:password", "POST"),
    ("security:totp", "POST"),
    ("security:drop_totp", "POST"),
    ("security:recovery", "POST"),
    ("security:passkey", "POST"),
    ("security:drop_passkey", "POST"),
    ("security:end_session", "POST"),
    ("security:seat", "POST"),
    ("console:pause", "POST"),
    ("console:resume", "POST"),
    ("console:undo_move", "POST"),
}
"""Doors whose right form is refused all the same: there is nothing to pause, to end, to take away, no crew has moved
yet, and nobody here has a password; what they do is tried in their rooms."""

DOORS = (
    get("public:home"),
    get("public:sign_in", lambda t: (), "next"),
    general("public:sign_in", login="a@example.org", password="wrong", next="/", keeps=("next",)),
    general("public:sign_out"),
    get("public:second_step"),
    general("public:second_step", code="123456", credential="", keeps=("code", "credential")),
    get("public:passkey_options"),
    general("public:passkey", credential="{}", next="/", keeps=("next",)),
    general("public:oidc"),
    get("public:lost_password"),
    general("public:lost_password", login="ivanova@example.org"),
    get("public:new_password", lambda t: (t.token,), about=False),
    Door(
        "public:new_password", lambda t: (t.token,), {"password": "новый-пароль-9"}, is_about_a_company=False
    ),
    get("security:home", lambda t: (), "done"),
    get("security:confirm", lambda t: (), "next"),
    general("security:confirm", username="a", password="wrong", next="/", keeps=("next", "username")),
    general(
        "security:password",
        username="a",
        old_password="wrong",
        password="новый-пароль-9",
        keeps=("username",),
    ),
    get("security:totp"),
    general("security:totp", code="123456"),
    general("security:drop_totp"),
    general("security:recovery"),
    get("security:passkey_options"),
    general("security:passkey", name="отпечаток", credential="{}"),
    Door("security:drop_passkey", lambda t: (1,), is_about_a_company=False),
    Door("security:end_session", lambda t: (1,), is_about_a_company=False),
    general("security:end_others"),
    Door("security:seat", lambda t: (1,), is_about_a_company=False),
    get("public:norms"),
    get("public:rights"),
    get("public:classifier", lambda t: (), "q", about=False),
    get("public:entry", lambda t: ("flat.taps",), "from", about=False),
    Door(
        "public:edit_entry",
        lambda t: ("flat.taps",),
        {
            "seen": "0",
            "severity": "urgent",
            "skill": "plumber",
            "services": "edds",
            "norms": "pp416.13.containment",
            "plan": "Слесарь едет сразу.",
            "questions": "Капает?\nЛьёт?",
            "safety": "Перекройте вентиль.\nНе крутите силой.",
            "danger": "Горячая вода.",
            "words": "гусачок, кафель",
            "needs_access": "yes",
            "is_off": "yes",
            "reason": "решение инженера",
        },
        is_about_a_company=False,
        keeps=("seen", "needs_access", "is_off"),
    ),
    get("public:correct_norm", lambda t: ("pp416.13.containment",)),
    Door(
        "public:correct_norm",
        lambda t: ("pp416.13.containment",),
        {
            "limit": "20",
            "since": "2026-12-01",
            "edition": "ред. 1",
            "item": "13",
            "verified": "text",
            "reason": "письмо ГЖИ",
        },
        is_about_a_company=False,
    ),
    get("public:promise_norm", lambda t: ("pp416.13.containment",), "company"),
    Door(
        "public:promise_norm",
        lambda t: ("pp416.13.containment",),
        {"company": "{company}", "limit": "20", "document": "договор № 5"},
    ),
    get("stock:houses", lambda t: (), "q", "company", "after", about=False),
    general(
        "stock:houses",
        company="{served}",
        street="ул. Новая",
        house="1",
        city="Заречье",
        floors="2",
        entrances="1",
        flats="4",
        has_lift="yes",
        has_gas="yes",
        has_chute="yes",
        keeps=("company", "has_lift", "has_gas", "has_chute"),
    ),
    get("stock:house", lambda t: (t.house,)),
    Door(
        "stock:change_house",
        lambda t: (t.house,),
        {
            "street": "ул. Дверная",
            "house": "2",
            "city": "Заречье",
            "floors": "9",
            "entrances": "2",
            "guid": "",
            "has_gas": "yes",
            "has_lift": "yes",
            "has_chute": "yes",
            "seen": "{house_seen}",
        },
        keeps=("has_gas", "has_lift", "has_chute"),
    ),
    Door(
        "stock:add_flats", lambda t: (t.house,), {"first": "50", "last": "52", "entrance": "1", "floor": "2"}
    ),
    Door("stock:add_note", lambda t: (t.house,), {"kind": "key", "title": "чердак", "where": "у консьержа"}),
    Door("stock:drop_note", lambda t: (t.house, t.note)),
    Door("stock:fill_entrances", lambda t: (t.house,)),
    Door(
        "stock:add_part",
        lambda t: (t.house, "entrance"),
        {"number": "1", "first_flat": "1", "last_flat": "20", "floors": "5", "code": "38К"},
    ),
    Door(
        "stock:add_part",
        lambda t: (t.house, "riser"),
        {"service": "hot_water", "entrance": "1", "feeds": "кухни", "valve": "подвал"},
    ),
    Door(
        "stock:add_part",
        lambda t: (t.house, "lift"),
        {
            "entrance": "1",
            "number": "L-new-{company}",
            "kind": "passenger",
            "serviced_by": "Лифт-Сервис",
            "phone": "104",
        },
    ),
    Door(
        "stock:change_part",
        lambda t: (t.house, "lift", t.lift),
        {
            "entrance": "1",
            "number": "L-{company}",
            "kind": "freight",
            "serviced_by": "Лифт-Сервис",
            "phone": "104",
            "seen": "{lift_seen}",
        },
    ),
    Door("stock:drop_part", lambda t: (t.house, "lift", t.lift)),
    get("stock:flat", lambda t: (t.flat,)),
    Door(
        "stock:change_flat",
        lambda t: (t.flat,),
        {"number": "2", "entrance": "1", "floor": "1", "seen": "{flat_seen}"},
    ),
    Door("stock:add_account", lambda t: (t.flat,), {"number": "900900", "holder": "Ким"}),
    Door(
        "stock:change_account",
        lambda t: (t.flat, t.account),
        {"number": "900901", "holder": "Ким", "seen": "{account_seen}"},
    ),
    Door("stock:drop_account", lambda t: (t.account,)),
    Door(
        "stock:add_person",
        lambda t: (t.flat,),
        {"name": "Ким А.", "relation": "owner", "phones": "8 900 000-99-99", "email": "kim@example.org"},
    ),
    Door(
        "stock:change_person",
        lambda t: (t.flat, t.person),
        {"name": "Ким Б.", "relation": "lives", "phones": "", "email": "", "seen": "{person_seen}"},
    ),
    Door("stock:drop_person", lambda t: (t.flat, t.person)),
    Door(
        "stock:give_consent",
        lambda t: (t.flat, t.person),
        {"purpose": "advertising", "document": "бланк 2, дело 15", "given_on": "2026-11-01"},
    ),
    Door("stock:withdraw_consent", lambda t: (t.flat, t.consent), {"withdrawn_on": "2026-11-20"}),
    get("outages:outages", lambda t: (), "do", "closed", "made"),
    get("outages:new", lambda t: (), "services", "houses", "since", "until", "kind"),
    general(
        "outages:new",
        services="cold_water",
        kind="planned",
        supplier="Водоканал",
        document="тлф 5",
        reason="порыв",
        since="24.05.2099 10:00",
        until="24.05.2099 18:00",
        houses="ул. Ленина, 15",
    ),
    general(
        "outages:preview",
        services="cold_water",
        kind="planned",
        since="24.05.2099 10:00",
        until="24.05.2099 18:00",
        houses="ул. Ленина, 15",
        keeps=("services", "kind", "since", "until", "houses"),
    ),
    get("outages:houses", lambda t: (), "q"),
    Door(
        "outages:prolong",
        lambda t: (t.outage,),
        {"until": "{later}", "reason": "ждём насос", "seen": "{outage_seen}"},
    ),
    Door("outages:end", lambda t: (t.outage,), {"at": "", "seen": "{outage_seen}"}),
    Door("outages:withdraw", lambda t: (t.outage,), {"reason": "ошиблись", "seen": "{outage_seen}"}),
    Door("outages:take_back", lambda t: (t.gone_outage,)),
    get("outages:lifts", lambda t: (), "q", "house"),
    Door(
        "outages:stop_lift",
        lambda t: (t.lift,),
        {"reason": "нет скорости", "at": "", "until": "{later}", "seen": "{stand_seen}"},
    ),
    Door("outages:start_lift", lambda t: (t.stopped,), {"at": "", "seen": "{stopped_seen}"}),
    get("stock:duty", lambda t: (), "change", "at", "way", "removed"),
    Door(
        "stock:add_duty",
        lambda t: ("service",),
        {"code": "", "name": "Горсвет", "phone": "+7 495 000-00-31", "note": "фонари"},
        is_about_a_company=False,
    ),
    Door(
        "stock:add_duty",
        lambda t: ("on_call",),
        {"company": "{company}", "name": "Ким Б.", "phone": "104", "note": ""},
        keeps=("company",),
    ),
    Door(
        "stock:change_duty",
        lambda t: (t.duty,),
        {
            "company": "{company}",
            "code": "",
            "name": "Ким А.",
            "phone": "104",
            "note": "",
            "seen": "{duty_seen}",
        },
        keeps=("company", "code"),
    ),
    Door("stock:move_duty", lambda t: (t.duty, "up")),
    Door("stock:drop_duty", lambda t: (t.duty,)),
    Door("stock:restore_duty", lambda t: (t.gone_duty,)),
    get("offices:companies", lambda t: (), "done"),
    general(
        "offices:companies",
        kind="management_company",
        name="УК «Дверная»",
        short_name="Дверная",
        phone="8 495 000-00-01",
        email="door@example.org",
        zone="Europe/Moscow",
        since="01.02.2025",
        until="",
        keeps=("short_name",),
    ),
    get("offices:company", lambda t: (t.company,)),
    Door(
        "offices:change_company",
        lambda t: (t.company,),
        {
            "name": "УК «Иная дверь»",
            "short_name": "дверь",
            "phone": "",
            "email": "",
            "zone": "Europe/Moscow",
            "auto_close_days": "5",
            "seen": "{company_seen}",
        },
    ),
    Door(
        "offices:change_term",
        lambda t: (t.term,),
        {"since": "01.01.2025", "until": "01.01.2099", "seen": "{term_seen}"},
    ),
    Door("offices:serve_again", lambda t: (t.partner,), {"since": "01.02.2025", "until": ""}),
    get("offices:people", lambda t: (), "q", "company", "role", "state", "after", about=False),
    Door(
        "offices:people",
        said={
            "name": "Новая Дарья",
            "email": "new@example.org",
            "company": "{company}",
            "role": "{role}",
            "trade": "",
            "phone": "",
        },
    ),
    get("offices:people_file", lambda t: ("csv",), "q", "company", "role", "state", about=False),
    get("offices:person", lambda t: (t.worker,), "done"),
    Door(
        "offices:change_person",
        lambda t: (t.worker,),
        {
            "name": "Новая Дарья",
            "role": "technician",
            "trade": "сантехник",
            "phone": "8 900 000-15-99",
            "seen": "{worker_seen}",
        },
    ),
    Door("offices:dismiss", lambda t: (t.worker,)),
    Door("offices:return_person", lambda t: (t.gone_worker,)),
    Door("offices:invite", lambda t: (t.worker,)),
    Door("offices:end_sessions", lambda t: (t.worker,)),
    Door("offices:reset_step", lambda t: (t.worker,), {"reason": "потерял телефон"}),
    get("offices:crews"),
    Door(
        "offices:new_crew",
        said={"company": "{company}", "number": "99", "name": "ночная", "skill-plumber": "yes"},
        keeps=("skill-plumber",),
    ),
    get("offices:crew", lambda t: (t.team,), "done"),
    Door(
        "offices:change_crew",
        lambda t: (t.team,),
        {"number": "98", "name": "дневная", "skill-plumber": "yes", "seen": "{team_seen}"},
        keeps=("skill-plumber",),
    ),
    Door("offices:put_member", lambda t: (t.team,), {"staff": "{helper}"}),
    Door("offices:drop_member", lambda t: (t.team, t.worker)),
    Door("offices:drop_crew", lambda t: (t.team,), {"to": ""}),
    Door("offices:return_crew", lambda t: (t.gone_team,)),
    get("stock:imports"),
    general(
        "stock:imports",
        company="{served}",
        city="Заречье",
        kind="stock",
        file="{table}",
        keeps=("company", "file"),
    ),
    get("stock:sample"),
    get("stock:run", lambda t: (t.looked,)),
    Door(
        "stock:look",
        lambda t: (t.looked,),
        {"c0": "street", "c1": "house", "city": "Заречье", "keeps_unknown": "yes"},
        keeps=("keeps_unknown",),
    ),
    Door("stock:load", lambda t: (t.looked,)),
    Door("stock:stop", lambda t: (t.waiting,)),
    Door("stock:drop", lambda t: (t.looked,)),
    Door("stock:take_back", lambda t: (t.carried,), {"reason": "не та организация"}),
    get("stock:sample_tickets"),
    get("stock:wrong", lambda t: (t.looked,)),
    get("console:console", lambda t: (), "contact"),
    get("console:queue"),
    get("console:threatened"),
    get("console:line", lambda t: (), "q"),
    get("console:addresses", lambda t: (), "q"),
    get("console:found", lambda t: (), "find", "into"),
    general("console:next"),
    general("console:new", query=("phone", "building", "premises", "text")),
    general("console:ready"),
    Door("console:report", lambda t: (t.order, "accept")),
    get("console:paper", lambda t: (), "reason", "day", "entered", "lines"),
    Door(
        "console:paper_natures",
        lambda t: (1,),
        {"description-1": "засор", "classifier-1": RISER},
        is_about_a_company=False,
        keeps=("description-1", "classifier-1"),
    ),
    Door(
        "console:paper",
        said={"reason": "не было света", "day": "24.11.2026", "sheet": ""}
        | {
            f"{name}-1": said
            for name, said in {
                "received_at": "03:10",
                "answered_at": "03:11",
                "channel": "phone",
                "caller": "Петрова",
                "phone": "+79000001542",
                "address": "ул. Ленина, 15",
                "outside": "",
                "description": "течёт стояк",
                "classifier": RISER,
                "outcome": "ticket",
                "about": "",
                "service_1": "edds",
                "service_1_at": "03:12",
                "service_1_who": "дежурный",
                "service_2": "",
                "service_2_at": "",
                "service_2_who": "",
                "terms_told_at": "03:15",
                "terms_until": "",
                "access_since": "",
                "access_until": "",
                "access_worker": "",
                "access_reason": "",
                "performer": "",
                "handed_at": "",
                "on_the_way_at": "",
                "on_site_at": "",
                "contained_at": "",
                "done_at": "",
                "done_note": "",
            }.items()
        },
        is_about_a_company=False,
        keeps=("outside-1",),
    ),
    get("console:duty", lambda t: (), "q"),
    get("console:duty_page", lambda t: (), "q"),
    get("console:contact", lambda t: (t.taken,)),
    contact("take", "queued"),
    contact("give_back", "taken", description="позвонят позже"),
    contact(
        "applicant",
        "taken",
        name="Петрова",
        phone="+79000001542",
        email="a@example.org",
        letters="yes",
        address="",
        premises="",
        keeps=("premises", "letters"),
    ),
    contact(
        "typed",
        "taken",
        address="лен15",
        premises="",
        outside="",
        name="Петрова",
        phone="+79000001542",
        email="a@example.org",
        letters="yes",
    ),
    contact(
        "suggest",
        "taken",
        description="течёт",
        classifier=RISER,
        chosen="1",
        keeps=("description", "classifier", "chosen"),
    ),
    get("console:near", lambda t: (t.taken,)),
    contact("presence", "taken"),
    contact(
        "register",
        "taken",
        classifier=RISER,
        chosen="1",
        description="течёт стояк",
        damage_at="",
        outside="yes",
        keeps=("outside", "chosen"),
    ),
    get("console:step", lambda t: (t.stepping, 4)),
    contact("step", "stepping", 3),
    contact("step", "stepping", 4, note="выслать бригаду"),
    Door("console:step", lambda t: (t.stepping, 5), {"service": "edds", "who-edds": "Смирнов"}),
    contact(
        "step",
        "stepping",
        6,
        until_day="2099-11-24",
        until_time="18:00",
        how="phone",
        late_reason="ждём насос с завода",
    ),
    contact(
        "step",
        "stepping",
        7,
        needed="yes",
        day=f"{clock.today() + timedelta(days=30)}",
        since="10:00",
        until="12:00",
        reason="осмотр стояка",
        worker="Кузнецов",
    ),
    contact("step", "stepping", 8, crew="{crew}", note="ключ у консьержа"),
    contact("skip", "stepping", 4, reason="план уже есть"),
    Door("console:service", lambda t: (t.stepping, "edds"), {"who-edds": "Смирнов"}),
    Door("console:join", lambda t: (t.taken, t.open_ticket), {"description": "тот же стояк"}),
    contact("end", "taken", "redirected", note="не наш кран", choice="water_utility"),
    contact("end", "taken", "addition", find="{other}", seen="{other_pk}", note="где бригада?"),
    Door("console:undo", lambda t: (t.ended, t.ending)),
    contact("take_over", "taken"),
    Door("console:take_back", lambda t: (t.working, t.handing)),
    Door("console:undo_end", lambda t: (t.merged, t.merging)),
    Door("console:undo_correction", lambda t: (t.gas, t.correcting)),
    Door("console:undo_assign", lambda t: (t.other, t.handing)),
    Door("console:undo_move", lambda t: (t.other, t.handing)),
    get("console:ticket", lambda t: (t.ticket,), "done"),
    of_ticket("comment", text="ждём слесаря"),
    of_ticket("natures", description="засор", choice=RISER, keeps=("description", "choice")),
    of_ticket(
        "correct",
        keeps=("version", "premises", "outside", *(f"was_{name}" for name in CORRECTED)),
        version="1/0",
        reason="уточнение",
        **{
            **{f"was_{name}": said for name, said in CORRECTED.items()},
            **CORRECTED,
            "was_description": "течёт",
        },
        premises="",
        outside="",
    ),
    Door(
        "console:service_word",
        lambda t: (t.gas,),
        {"choice": "gas_service", "who": "Петров", "at": "{now}", "note": "устранено"},
    ),
    of_ticket("told", at="{now}"),
    of_ticket("void", reason="ошибка записи"),
    of_ticket("terms", until="24.11.2027 10:00", late_reason="нет запчасти"),
    of_ticket(
        "access", day="24.11.2027", since="10:00", until="11:00", reason="течёт", worker="Кузнецов И. А."
    ),
    Door(
        "console:merge",
        lambda t: (t.other,),
        {"into": "{ticket}", "seen": "{ticket_pk}", "reason": "одно и то же"},
    ),
    of_ticket("assign", crew="{crew}", version="0", keeps=("version",)),
    of_ticket("pause", choice="", until="", reason="нет доступа"),
    of_ticket("resume", choice=""),
    of_ticket("presence_of"),
    of_ticket("attach", file="{photo}"),
    get("console:print", lambda t: (t.ticket,)),
    get("console:file", lambda t: (t.file,)),
    get("reports:duty", lambda t: (), "houses"),
    get("reports:blank"),
    general("public:language", language="en", next="/", keeps=("language", "next")),
    get("board:board"),
    get(
        "lists:tickets",
        lambda t: (),
        "q",
        "state",
        "severity",
        "origin",
        "kind",
        "channel",
        "company",
        "crew",
        "house",
        "since",
        "until",
        "broken",
        "kept",
        "running",
        "after",
        "order",
        "columns",
        "view",
        "removed",
    ),
    get("lists:count", lambda t: (), "q", "state", "since", "until"),
    get("lists:download", lambda t: ("csv",), "q", "state", "since", "until", "columns"),
    general("lists:keep_view", list="tickets", name="Стояки", asked="state=open", keeps=("asked",)),
    Door("lists:rename_view", lambda t: (t.view,), {"name": "Подвалы"}),
    Door(
        "lists:replace_view",
        lambda t: (t.view,),
        {"list": "tickets", "asked": "state=work"},
        keeps=("asked",),
    ),
    Door("lists:default_view", lambda t: (t.view,)),
    Door("lists:share_view", lambda t: (t.view,)),
    Door("lists:unshare_view", lambda t: (t.view,)),
    Door("lists:remove_view", lambda t: (t.view,)),
    Door("lists:restore_view", lambda t: (t.gone_view,)),
    *(
        Door(
            f"lists:bulk_{what}",
            said={"ticket": "{ticket_pk}", **said},
            keeps=("why",) if what == "pause" else (),
        )
        for what, said in {
            "assign": {"crew": "{crew}", "assign-text": "авария важнее"},
            "take_back": {"take_back-text": "авария важнее"},
            "comment": {"comment-text": "ждём насос"},
            "pause": {"why": "no_access", "pause-text": "нет дома", "until": "24.11.2027 10:00"},
            "void": {"void-text": "повтор"},
        }.items()
    ),
    Door("lists:bulk_print", said={"ticket": "{ticket_pk}"}),
    get("lists:run", lambda t: (t.run,)),
    Door("lists:go", lambda t: (t.run,)),
    Door("lists:stop", lambda t: (t.run,)),
    Door("lists:resume", lambda t: (t.run,)),
    Door("lists:undo", lambda t: (t.run,)),
    get(
        "lists:contacts",
        lambda t: (),
        "q",
        "house",
        "state",
        "channel",
        "outcome",
        "company",
        "operator",
        "broken",
        "kept",
        "running",
        "since",
        "until",
        "after",
        "order",
        "columns",
        "view",
        about=False,
    ),
    get("lists:contacts_download", lambda t: ("csv",), "q", "state", "since", "until", about=False),
    get("indicators:indicators", lambda t: (), "by", "since", "until", "company", "old"),
    get("indicators:staffing", lambda t: (), "accounts", "minutes", "level"),
    get("indicators:download", lambda t: ("csv",), "by", "since", "until", about=False),
    get("shifts:month", lambda t: (), "month", "staff", "day"),
    get("shifts:download", lambda t: ("xlsx",), "month", about=False),
    Door(
        "shifts:make",
        said={"month": "{month}", "staff": "{worker}", "pattern": "day_night", "first": "{first}"},
    ),
    Door(
        "shifts:change", said={"staff": "{worker}", "day": "{working_day}", "turn": "night", "why": "other"}
    ),
    Door("shifts:ask", said={"day": "{my_day}", "with": "{their_shift}"}),
    Door("shifts:agree", lambda t: (t.asked,)),
    Door("shifts:approve", lambda t: (t.agreed,)),
    Door("shifts:decline", lambda t: (t.asked,)),
    Door("shifts:reject", lambda t: (t.agreed,)),
    get("shifts:handover"),
    general("shifts:sign", notes="ключ у консьержа", contacts_go="hand", to="{worker}"),
    get("shifts:sheets", lambda t: (), "before"),
    get("shifts:sheet", lambda t: (t.handover,)),
    Door("shifts:accept", lambda t: (t.handover,), {"remark": "ключа нет"}),
    get("shifts:print", lambda t: (t.handover,)),
    get("reports:journal", lambda t: (), "since", "until", "before", "number", "company"),
    get("reports:looks", lambda t: (), "since", "until", "number", "staff", "how", "person", "after"),
    get("reports:terms", lambda t: (), "after"),
    get("reports:act", lambda t: (t.act,)),
    get("reports:download", lambda t: ("csv",), "since", "until"),
    get("field:orders"),
    get("field:order", lambda t: (t.order,), "said"),
    get("field:worker"),
    get("field:no_network"),
    Door(
        "field:move",
        lambda t: (t.order, "accept"),
        {"note": "", "place": "", "key": "", "ago": "0", "move": "accept"},
        keeps=("key", "move"),
    ),
    Door("field:move", lambda t: (t.order, "ask"), {"note": "какой подъезд?", "key": "k"}, keeps=("key",)),
    get("cabinet:ticket", lambda t: (t.token,)),
    Door("cabinet:confirm", lambda t: (t.token,)),
    Door("cabinet:return", lambda t: (t.token,), {"review": "снова течёт"}),
    Door("cabinet:rate", lambda t: (t.closed,), {"rating": "5", "review": "спасибо"}),
)


def addresses() -> set[str]:
    """The names of all addresses of the pages, as the table of addresses stands."""
    return {f"{room}:{name}" for room, name in _walk(get_resolver().url_patterns, "") if room in ROOMS}


def _walk(patterns: list[URLPattern | URLResolver], room: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, pattern.namespace or room)
        elif pattern.name:
            yield room, pattern.name


# ── The stage ────────────────────────────────────────────────────────────────────────────────


def contractor_of(cast: Cast) -> Staff:
    """The office of a contractor that works for the centre; made once."""
    with acting(Scope.system("test")):
        company, is_new = Company.objects.get_or_create(
            kind="contractor", name="ООО «Дверь»", short_name="«Дверь»"
        )
        if is_new:
            Agreement.objects.create(centre=cast.centre, company=company, since=date(2025, 1, 1))
            user = User.objects.create(email="contractor@example.org", name="Подрядова Инна", password="!")
            Staff.objects.create(company=company, user=user, role="contractor", name=user.name)
        row: Staff = Staff.objects.select_related("user", "company").get(company=company, role="contractor")
        return row


def things_of(
    cast: Cast,
    company: Company,
    holder: Staff | None = None,
    comer: Staff | None = None,
    contractor: Company | None = None,
) -> Things:
    """Contacts and tickets of the centre itself, of a company that it serves, or of another centre,
    held by `holder` (Ivanova, or the other centre's own operator). Of `comer`, or the holder: what is a person's own.
    `contractor`: whose crew has the order."""
    is_foreign = company == cast.foreign
    scope = _other_centre(cast) if is_foreign else _seat(cast, holder or cast.ivanova)
    phone = "+79000001542" if company == cast.north else ""
    with acting(scope):
        crew = _crew_of(cast, company) if contractor is None else _team_of(contractor)
        queued, *rows = [_received(scope, phone) for _ in range(9)]
        taken, stepping, ended, working, done, over, twice, smelling = [contacts.take(row.pk) for row in rows]
        first, second, third, fourth, fifth = (
            _registered(row.pk) for row in (stepping, working, done, over, twice)
        )
        smelt = contacts.register(
            smelling.pk, classifier="house.gas.smell", description="пахнет газом", is_outside=True
        )
        Ticket.objects.filter(pk=third.pk).update(state="done", done_at=journal.current_unit().at)
        Ticket.objects.filter(pk=fourth.pk).update(state="closed", closed_at=journal.current_unit().at)
        file = attach_file(second.pk, photo())
    with acting(scope) as unit:
        contacts.end(ended.pk, "consultation", note="спросили про отопление")
    with acting(scope) as handing:
        order = crews.assign_ticket(second.pk, crew=crew.pk, interaction=working.pk)
    with acting(scope) as merging:
        merge_ticket(fifth.pk, second.pk, "та же течь")
    with acting(scope) as correcting:
        correct_ticket(smelt.pk, version=1, reason="ослышалась", description="пахнет газом в подъезде")
    with acting(Scope.system("test")) as unit_of_tables:
        looked, waiting = (
            ImportRun.objects.create(
                company=company, name="жильцы.csv", digest="0" * 64, headings=["Улица", "Дом"], state=state,
                total=1, rows=1, made_at=unit_of_tables.at, wrong=[[2, "Дом", "пусто"]],
            )
            for state in ("looked", "queued")
        )  # fmt: skip
        carried = _carried(cast, company, unit_of_tables.at)
    with acting(Scope.system("test")) as erasing:
        journal.record(facts.OverdueErased(act="26-1", rows={"письма": 3}), company=company.pk)
    home, shifts = _home_of(company), _shifts_of(cast, company, scope)
    office = _office_of(cast, company, contractor or company)
    views, run = _own_of(comer or holder or cast.ivanova, company, second, unit_of_tables.at)
    with reading(scope):
        numbers = dict(
            Ticket.objects.filter(pk__in=(first.pk, second.pk, fifth.pk, smelt.pk)).values_list(
                "pk", "number"
            )
        )
    return Things(
        company=company.pk,
        queued=queued.pk,
        taken=taken.pk,
        stepping=stepping.pk,
        ended=ended.pk,
        ending=unit.last_entry,
        working=working.pk,
        handing=handing.last_entry,
        merged=numbers[fifth.pk],
        merging=merging.last_entry,
        gas=numbers[smelt.pk],
        correcting=correcting.last_entry,
        ticket=numbers[first.pk],
        ticket_pk=first.pk,
        open_ticket=second.pk,
        other=numbers[second.pk],
        order=order.pk,
        file=file.pk,
        token=ticket_link(third.pk).split("/")[2],
        closed=ticket_link(fourth.pk).split("/")[2],
        crew=crew.pk,
        view=views[0],
        gone_view=views[1],
        run=run,
        looked=looked.pk,
        waiting=waiting.pk,
        carried=carried.pk,
        act=erasing.last_entry,
        served=cast.north.pk,
        **{**home, **shifts, **office, "marks": home["marks"] | shifts["marks"] | office["marks"]},
    )


def _shifts_of(cast: Cast, company: Company, scope: Scope) -> dict[str, Any]:
    """Days of whoever holds the contacts and of a colleague, two swaps between them, the colleague's signed sheet."""
    is_foreign = company == cast.foreign
    centre, me, today = cast.foreign if is_foreign else cast.centre, scope.staff or 0, clock.today()
    with acting(Scope.system("test")) as unit:
        if is_foreign:
            user = User.objects.create(email="second@example.org", name="Чужая Вера", password="!")
            other = Staff.objects.create(company=centre, user=user, role="operator", name=user.name)
        else:
            other = cast.sidorova
        for staff, days in ((me, (10, 18, 22)), (other.pk, (12, 16, 24))):
            for ahead in days:
                each = rotas.shift(staff, today + timedelta(days=ahead), "day", centre.zone)
                Shift.objects.update_or_create(
                    staff_id=staff, day=each.day,
                    defaults={"company": centre, "turn": "day", "since": each.since, "until": each.until},
                )  # fmt: skip
        asked, agreed = (
            Swap.objects.create(
                company=centre, staff=other, day=today + timedelta(days=theirs), turn="day", other_id=me,
                other_day=today + timedelta(days=mine), other_turn="day", state=state, asked_at=unit.at,
            )
            for theirs, mine, state in ((12, 10, "asked"), (16, 18, "agreed"))
        )  # fmt: skip
    with acting(replace(scope, actor=f"staff/{other.pk}", staff=other.pk)):
        signed = handover.sign("ждём Водоканал")
    first = rota.next_month(today)
    marks = {
        "{worker}": str(other.pk),
        "{working_day}": (today + timedelta(days=12)).isoformat(),
        "{my_day}": (today + timedelta(days=22)).isoformat(),
        "{their_shift}": f"{other.pk}/{(today + timedelta(days=24)).isoformat()}",
        "{month}": f"{first:%Y-%m}",
        "{first}": f"{first:%d.%m.%Y}",
    }
    return {"asked": asked.pk, "agreed": agreed.pk, "handover": signed.pk, "marks": marks}


def _carried(cast: Cast, company: Company, at: datetime) -> ImportRun:
    kept_in = OldJournal.objects.create(
        company=company, name="журнал.csv", digest=f"{company.pk:064}", brought_at=at
    )
    Ticket.objects.create(
        company=company, centre=cast.centre, number=f"П-{company.pk}", state="closed", registered_at=at,
        severity="ordinary", old_journal=kept_in, old_number="1547", old_key="1547",
    )  # fmt: skip
    return ImportRun.objects.create(  # type: ignore[no-any-return]
        company=company, kind="tickets", name="журнал.csv", digest="0" * 64, state="done", old_journal=kept_in,
        made_at=at,
    )  # fmt: skip


def _own_of(staff: Staff, company: Company, ticket: Ticket, at: datetime) -> tuple[list[int], int]:
    """Two saved views of a person, the second one removed, and an act that is half done."""
    with acting(Scope.system("test")):
        views = [
            SavedView.objects.create(
                company=company, staff=staff, list="tickets", name=name, made_at=at, removed_at=removed
            ).pk
            for name, removed in (("Открытые", None), ("Убранные", at))
        ]
        run = BulkRun.objects.create(company=company, staff=staff, what="comment", text="ждём", made_at=at)
        BulkItem.objects.create(
            company=ticket.company, run=run, ticket=ticket, version=1, state="done", at=at
        )
    return views, run.pk


def _seat(cast: Cast, staff: Staff) -> Scope:
    """The scope in which the holder prepares the stage, whatever the role."""
    return replace(cast.scope(staff), role="senior", centre=cast.centre.pk)


def _home_of(company: Company) -> dict[str, Any]:
    """A house with a flat of the company, somebody in it, an account, a valve; people on call."""
    whose = {"company": company}
    with acting(Scope.system("test")):
        house = Building.objects.create(
            **whose, city="Заречье", street="ул. Дверная", house="1", street_key="ул дверная", house_key="1"
        )
        flat = Premises.objects.create(**whose, building=house, number="1", number_key="1")
        person = Person.objects.create(**whose, premises=flat, name="Дверной Пётр")
        consent = Consent.objects.create(
            **whose, person=person, purpose="mass", document="бланк 3", given_on=date(2026, 1, 15)
        )
        account = Account.objects.create(**whose, premises=flat, number=f"door-{company.pk}")
        note = AccessNote.objects.create(**whose, building=house, kind="valve", title="ввод", where="подвал")
        lift, stopped = (
            Lift.objects.create(
                **whose, building=house, entrance=1, number=f"door{which}-{company.pk}", **more
            )
            for which, more in (("", {}), (2, {"stopped_since": clock.now(), "stop_reason": "трос"}))
        )
        called, gone = (
            DutyContact.objects.create(
                **whose, kind="on_call", name=name, phone="+79000000700", place=1, removed_at=removed
            )
            for name, removed in (("Дверной дежурный", None), ("Прежний дежурный", clock.now()))
        )
        house, flat = Building.objects.get(pk=house.pk), Premises.objects.get(pk=flat.pk)
    marks = {
        "{house_seen}": edit.building_seen(house),
        "{flat_seen}": edit.flat_seen(flat),
        "{person_seen}": edit.person_seen(person),
        "{account_seen}": edit.account_seen(account),
    }
    marks["{duty_seen}"] = line_seen(called)
    marks["{lift_seen}"] = part_seen("lift", lift)
    marks["{stand_seen}"], marks["{stopped_seen}"] = lift_seen(lift), lift_seen(stopped)
    stands, gone_outage = _outages_of(company, house)
    marks["{outage_seen}"] = outage_seen(stands)
    marks["{later}"] = f"{clock.now() + timedelta(days=3):%d.%m.%Y %H:%M}"
    return {
        "lift": lift.pk,
        "stopped": stopped.pk,
        "outage": stands.pk,
        "gone_outage": gone_outage.pk,
        "duty": called.pk,
        "gone_duty": gone.pk,
        "house": house.pk,
        "flat": flat.pk,
        "person": person.pk,
        "consent": consent.pk,
        "account": account.pk,
        "note": note.pk,
        "marks": marks,
    }


def _outages_of(company: Company, house: Building) -> tuple[Outage, Outage]:
    """One that stands since yesterday, and one that was ended a moment ago."""
    day = timedelta(days=1)
    with acting(Scope.system("test")) as unit:
        made = []
        for ended in (None, unit.at):
            row = Outage.objects.create(
                company=company, services=["cold_water"], supplier="Водоканал", since=unit.at - day,
                until=unit.at + day, ended_at=ended,
            )  # fmt: skip
            OutageBuilding.objects.create(company=company, outage=row, building=house)
            if ended:
                journal.record(facts.OutageEnded(outage=row.pk, at=ended), company=company.pk)
            made.append(row)
    with reading(Scope.system("test")):
        return Outage.objects.get(pk=made[0].pk), made[1]


def _team_of(company: Company) -> Crew:
    made: Crew = Crew.objects.get_or_create(company=company, number=77, defaults={"name": "дверная"})[0]
    return made


def _office_of(cast: Cast, company: Company, works_for: Company) -> dict[str, Any]:
    """People and crews of `works_for`, an agreement that goes on and one that is over."""
    from allauth.mfa.models import Authenticator

    serves = company if company == cast.foreign else cast.centre
    served = cast.luch if company == cast.centre else company
    with acting(Scope.system("test")) as unit:
        partner = Company.objects.create(
            kind="homeowners_association", name="ТСЖ «Прежнее»", short_name="Прежнее"
        )
        Agreement.objects.create(
            centre=serves, company=partner, since=date(2024, 1, 1), until=date(2025, 1, 1)
        )
        term = Agreement.objects.filter(company=served).first() or Agreement.objects.create(
            centre=serves, company=served, since=date(2025, 1, 1)
        )
        worker, gone, helper, mate = (
            Staff.objects.create(
                company=works_for, role="technician", name=name, is_active=name != "Ушедший Илья",
                user=User.objects.create(email=f"{login}@door.example.org", name=name, password="!"),
            )
            for login, name in (("one", "Дверной Олег"), ("two", "Ушедший Илья"), ("three", "Помощник Егор"), ("four", "Напарник Ян"))
        )  # fmt: skip
        Authenticator.objects.create(user=worker.user, type="totp", data={})
        SignIn.objects.create(user=worker.user, begun_at=unit.at, seen_at=unit.at)
        team = _team_of(works_for)
        gone_team = Crew.objects.create(company=works_for, number=78, name="прежняя", is_active=False)
        for member in (worker, mate):
            CrewMember.objects.create(company=works_for, crew=team, staff=member)
        team.refresh_from_db()
        company.refresh_from_db()
    marks = {
        "{company_seen}": offices.company_seen(company),
        "{term_seen}": agreements.agreement_seen(term),
        "{worker_seen}": staff.seat_seen(worker),
        "{team_seen}": teams.crew_seen(team),
        "{helper}": str(helper.pk),
        "{role}": "operator",
    }
    return {
        "term": term.pk,
        "partner": partner.pk,
        "worker": worker.pk,
        "gone_worker": gone.pk,
        "team": team.pk,
        "gone_team": gone_team.pk,
        "marks": marks,
    }


def _other_centre(cast: Cast) -> Scope:
    with reading(Scope.system("doors")):
        user = User.objects.create(email="other@example.org", name="Чужая Анна", password="!")
        staff = Staff.objects.create(company=cast.foreign, user=user, role="senior", name=user.name)
        year = DAY.year
        Counter.objects.create(centre_id=cast.foreign.pk, series="ticket", year=year, last=OTHERS_NUMBERS)
    pk = cast.foreign.pk
    return Scope(frozenset({pk}), f"staff/{staff.pk}", "senior", centre=pk, staff=staff.pk)


def _crew_of(cast: Cast, company: Company) -> Crew:
    if company != cast.foreign:
        return cast.crew4
    made: Crew = Crew.objects.create(company=company, number=1, name="чужая бригада", skills=["plumber"])
    return made


def _received(scope: Scope, phone: str) -> Interaction:
    row, _is_new = arrival.receive(
        arrival.Message(
            channel="phone", phone=phone, email="resident@example.org", address="" if phone else "у моста"
        ),
        centre=scope.centre or 0,
    )
    return row


def _registered(interaction: int) -> Ticket:
    return contacts.register(
        interaction, classifier=RISER, description="течёт стояк в ванной", is_outside=True
    )


# ── What is held ─────────────────────────────────────────────────────────────────────────────


def everything() -> dict[str, tuple[int, int]]:
    """Rows and a sum over their contents of every table that people's work changes."""
    tables = [model._meta.db_table for model in (*scoped_models(), NormCorrection, Counter)]
    text = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t"
        for table in tables
    )
    with reading(Scope.system("doors")), connection.connection.cursor() as cursor:
        cursor.execute(text, prepare=True)  # some thousands of times: planned once
        return {name: (rows, int(contents)) for name, rows, contents in cursor.fetchall()}


WRITTEN = """
    SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid))
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
"""What pg_stat_xact_user_tables tells, without its joins."""


def touched() -> int:
    """Rows that the running transaction has written so far, also those that it took back: while the number stands, nothing
    has changed, and nobody needs to read every table."""
    with connection.connection.cursor() as cursor:
        cursor.execute(WRITTEN, prepare=True)  # after each request: planned once
        count: int = cursor.fetchone()[0]
    return count


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
