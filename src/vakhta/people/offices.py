"""Companies and the people who work in them, as an administrator enters them. All inside `acting`;
each change is a fact. Said again, the same is no second company, agreement or seat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from vakhta.domain import facts
from vakhta.domain.calendars import zone_of
from vakhta.domain.permissions import ROLES, may_work
from vakhta.kernel import clock, journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, is_email, require
from vakhta.kernel.seen import check_seen, seen_of
from vakhta.kernel.tenancy import Scope, reading

from .models import CENTRE, Agreement, Company, Staff, User
from .rows import held_company

KINDS = dict(Company.KINDS)


@dataclass(frozen=True, kw_only=True)
class Office:
    """A company as it is entered; the short name is what lists show."""

    kind: str
    name: str
    short_name: str = ""
    phone: str = ""
    email: str = ""
    zone: str = "Europe/Moscow"


def add_company(said: Office, *, company: int | None = None) -> tuple[Company, bool]:
    """(company, True when it is new): known by its kind and name. `company`: whose fact it is, when it is not its
    own."""
    require("offices.manage")
    if said.kind not in KINDS:
        raise Invalid("Такого вида организаций нет. Есть: %(known)s.", "kind", known=", ".join(KINDS))
    name = clean(said.name, "name", "Название", limit=200, required=True)
    known = Company.objects.filter(kind=said.kind, name=name).first()
    if known is not None:
        return known, False
    row: Company = Company.objects.create(
        kind=said.kind,
        name=name,
        short_name=clean(said.short_name, "short_name", "Короткое название", limit=60) or _short(name),
        phone=clean(said.phone, "phone", "Телефон", limit=20),
        email=email_said(said.email, "email") if said.email else "",
        zone=known_zone(said.zone),
    )
    what = f"организация № {row.pk} добавлена: {KINDS[row.kind].lower()}"
    _record(company or row.pk, what, row.kind == CENTRE)
    return row, True


_COMPANY = ("name", "short_name", "phone", "email", "zone", "auto_close_days")


def company_seen(row: Company) -> str:
    return seen_of(row, *_COMPANY)


def already_there() -> Invalid:
    return Invalid(
        "Организация такого вида с этим названием уже есть: найдите её в списке или впишите другое название.",
        "name",
    )


def change_company(company: int, seen: str, said: Mapping[str, str]) -> Company:
    """`said`: name, short_name, phone (as `places.phones` keeps it), email, zone, auto_close_days. The kind stays: people, houses and agreements
    hang on it."""
    require("offices.manage")
    row = held_company(company)
    if row is None:
        raise NotFound("Организации № %(pk)s нет.", pk=company)
    check_seen(seen, company_seen(row))
    name = clean(said["name"], "name", "Название", limit=200, required=True)
    if _is_known(row.kind, name, but=row.pk):
        raise already_there()
    days = said["auto_close_days"].strip()
    changes: dict[str, Any] = {
        "name": name,
        "short_name": clean(said["short_name"], "short_name", "Короткое название", limit=60) or _short(name),
        "phone": clean(said["phone"], "phone", "Телефон", limit=20),
        "email": email_said(said["email"], "email") if said["email"].strip() else "",
        "zone": known_zone(said["zone"]),
        "auto_close_days": int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
    }
    if not 1 <= changes["auto_close_days"] <= LONGEST_WAIT:
        raise Invalid("Нужно число дней от 1 до %(most)s.", "auto_close_days", most=LONGEST_WAIT)
    differs = [field for field in _COMPANY if getattr(row, field) != changes[field]]
    if not differs:
        return row
    what = ", ".join(TITLES[field] for field in differs)
    for field in differs:
        setattr(row, field, changes[field])
    row.save(update_fields=differs)
    _record(row.pk, f"организация № {row.pk} исправлена: {what}")
    return row


TITLES = {
    "name": "название",
    "short_name": "короткое название",
    "phone": "телефон",
    "email": "почта",
    "zone": "часовой пояс",
    "auto_close_days": "дней до закрытия без ответа",
}
"""Field of a company → how a fact calls it."""


def _is_known(kind: str, name: str, but: int) -> bool:
    with reading(Scope.system("offices")):
        return Company.objects.filter(kind=kind, name=name).exclude(pk=but).exists()


LONGEST_WAIT = 60
"""Days that a resident's word may be waited for."""


def close_after(company: int, days: int) -> Company:
    """So many days after the work a ticket that its applicant said nothing about closes by itself; of tickets that
    wait already too."""
    require("offices.manage")
    if not 1 <= days <= LONGEST_WAIT:
        raise Invalid("Нужно число дней от 1 до %(most)s.", "close_after", most=LONGEST_WAIT)
    row = the_company(company, "company")
    if row.auto_close_days == days:
        return row
    was, row.auto_close_days = row.auto_close_days, days
    row.save(update_fields=["auto_close_days"])
    _record(row.pk, f"организация № {row.pk}: заявки без ответа закрываются через {days} дн., было {was}")
    return row


def serve(company: int, centre: int, since: date) -> tuple[Agreement, bool]:
    """The centre serves the company from `since` on; (agreement, True when it is new). An agreement
    that runs already is left as it is."""
    require("offices.manage")
    served, keeper = the_company(company, "company"), the_company(centre, "centre")
    if keeper.kind != CENTRE:
        raise Invalid("«%(keeper)s» не диспетчерская служба.", "centre", keeper=keeper)
    if served.kind == CENTRE:
        raise Invalid("Диспетчерская служба сама ведёт свой журнал: договор с другой ей не нужен.", "centre")
    known = Agreement.objects.filter(company=served, centre=keeper, until__isnull=True).first()
    if known is not None:
        return known, False
    other = Agreement.objects.filter(company=served, until__isnull=True).select_related("centre").first()
    if other is not None:
        raise Conflict(
            "У «%(served)s» уже есть договор с «%(centre)s».", "centre", served=served, centre=other.centre
        )
    ending = Agreement.objects.filter(company=served, until__gt=since).order_by("-until").first()
    if ending is not None:
        raise Conflict(
            "Прежний договор «%(served)s» действует до %(until)s: новый начинается не раньше.",
            "since",
            served=served,
            until=f"{ending.until:%d.%m.%Y}",
        )
    row: Agreement = Agreement.objects.create(company=served, centre=keeper, since=since)
    _record(served.pk, f"договор: диспетчерская № {keeper.pk} обслуживает организацию № {served.pk}")
    return row, True


def stop_serving(company: int, until: date) -> Agreement:
    """The centre serves the company no longer from `until` on: from that day it sees nothing of it, and another one
    may begin. An end that is still to come is moved by it, also to a later day: nobody's agreement follows that one."""
    require("offices.manage")
    served = the_company(company, "company")
    running = Agreement.objects.filter(company=served).select_related("centre").order_by("-since")
    row: Agreement | None = running.filter(Q(until__isnull=True) | Q(until__gt=clock.today())).first()
    if row is None:
        raise NotFound("У «%(served)s» нет договора, который действует.", "company", served=served)
    if until <= row.since:
        raise Invalid(
            "Договор начался %(since)s: закончиться он может позже.", "until", since=f"{row.since:%d.%m.%Y}"
        )
    if row.until == until:
        return row
    row.until = until
    row.save(update_fields=["until"])
    what = (
        f"договор: диспетчерская № {row.centre_id} обслуживает организацию № {served.pk} до {until:%d.%m.%Y}"
    )
    _record(served.pk, what)
    return row


def add_staff(*, company: int, role: str, email: str, name: str, password: str) -> tuple[Staff, bool]:
    """Gives a person work in one role; (seat, True when it is new). Who signs in with this address
    already keeps the name and the password: `password` is for a new one."""
    require("offices.manage")
    office = the_company(company, "company")
    if role not in {known.code for known in ROLES}:
        raise Invalid(
            "Такой роли нет. Есть: %(known)s.", "role", known=", ".join(known.code for known in ROLES)
        )
    if not may_work(role, office.kind):
        raise Invalid("У организации такого вида этой роли нет: выберите другую.", "role")
    email = email_said(email, "email")
    user = user_of(email)
    if user is not None:
        known = Staff.objects.filter(company=office, user=user, role=role).first()
        if known is not None:
            return known, False
    else:
        user = User(email=email, name=clean(name, "name", "Имя", limit=120, required=True))
        _give_password(user, password)
        user.save()
    row: Staff = Staff.objects.create(company=office, user=user, role=role, name=user.name)
    title = next(known.title for known in ROLES if known.code == role)
    _record(office.pk, f"сотрудник № {row.pk} добавлен: {title.lower()}")
    return row, True


def change_password(email: str, password: str) -> User:
    """Another password; every session of the person ends with the old one."""
    require("offices.manage")
    user = user_of(email_said(email, "email"))
    seat = Staff.objects.filter(user=user).order_by("id").first() if user else None
    if user is None or seat is None:
        raise NotFound("Сотрудника с таким адресом нет.", "email")
    _give_password(user, password)
    user.save(update_fields=["password"])
    _record(seat.company_id, f"сотрудник № {seat.pk}: задан новый пароль")
    return user


def user_of(email: str) -> User | None:
    """Whoever signs in with this address, for whatever company they work: asked in the system's scope."""
    with reading(Scope.system("people")):
        return User.objects.filter(email__iexact=email.strip()).first()


def the_company(pk: int, field: str) -> Company:
    """The company of the running scope."""
    row: Company | None = Company.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("Организации № %(pk)s нет.", field, pk=pk)
    return row


def _give_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), "password") from None
    user.set_password(password)


def email_said(said: str, field: str) -> str:
    """An address that mail can be sent to; raises `Invalid` about `field`."""
    text = clean(said, field, "Почта", limit=254, required=True)
    if not is_email(text):
        raise Invalid("Почта не читается: нужна вроде ivanova@example.org.", field)
    return User.objects.normalize_email(text)


def known_zone(said: str) -> str:
    """The name of a zone of time; raises `Invalid` about `zone` for any other word."""
    try:
        return zone_of(said).key
    except ValueError:
        raise Invalid("Такой зоны времени нет: нужна вроде Europe/Moscow.", "zone") from None


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:59]}…"


def _record(company: int, what: str, is_centre: bool = False) -> None:
    fact = facts.StockChanged(what=what)
    journal.record(fact, company=company, centre=company if is_centre else None)
