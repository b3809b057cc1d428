"""The people of an office as an administrator enters them on pages: who works, in which role, since when no longer. No
password is known to anybody but its owner: whoever is new is sent a letter. All inside `acting`; each change is a fact.

A seat (`Staff`) is made in the system's scope, by name (migration 0007). What opens somebody's door, the second step and
the sessions, belongs to the person, so it is touched only where all of their work is the administrator's to see: who
knows a colleague's address elsewhere cannot, by giving them a seat here, take their second step away there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vakhta.domain import facts
from vakhta.domain.permissions import ROLES, may_work
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.kernel.seen import check_seen, seen_of
from vakhta.kernel.tenancy import Scope, reading

from . import second_step, sign_in
from .models import Company, Staff, User
from .offices import email_said, the_company, user_of
from .rows import held_company

TITLES = {role.code: role.title for role in ROLES}
_EVERYWHERE = Scope.system("staff")
_SEAT = ("name", "role", "trade", "phone")


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A person's work as it is entered; `phone` as `places.phones` keeps it."""

    company: int
    role: str
    email: str
    name: str
    trade: str = ""
    phone: str = ""


def hire(said: Seat) -> Staff:
    """A person gets work in one role. Who is new to the service is invited by a letter; who signs in already, for
    whichever company, keeps what they sign in with, and the seat has the name that is said here."""
    require("offices.manage")
    office = the_company(said.company, "company")
    role = _role(said.role, office)
    email = email_said(said.email, "email")
    kept = {
        "name": clean(said.name, "name", "Фамилия, имя, отчество", limit=120, required=True),
        "trade": clean(said.trade, "trade", "Специальность", limit=60),
        "phone": clean(said.phone, "phone", "Телефон", limit=20),
    }
    user = user_of(email)
    with reading(_EVERYWHERE):
        if user is None:
            user = User(email=email, name=kept["name"])
            user.set_unusable_password()
            user.save()
        elif Staff.objects.filter(company=office, user=user, role=role).exists():
            raise Invalid(
                "С этой почтой уже есть %(role)s в «%(company)s».",
                "email",
                role=TITLES[role].lower(),
                company=office,
            )
        row: Staff = Staff.objects.create(company=office, user=user, role=role, **kept)
    _record(row, f"сотрудник № {row.pk} добавлен: {TITLES[role].lower()}")
    if not user.has_usable_password():
        journal.record(facts.StaffInvited(staff=row.pk), company=row.company_id)
    return row


def invite(staff: int) -> Staff:
    """The letter once more: the one before it was lost, or its link is old."""
    require("offices.manage")
    row = the_seat(staff)
    if not row.is_active:
        raise Conflict("Сотрудник уволен: сначала верните его.")
    if row.user.has_usable_password():
        raise Conflict("Пароль у сотрудника уже есть: забытый он сменит сам, по ссылке «Забыли пароль».")
    journal.record(facts.StaffInvited(staff=row.pk), company=row.company_id)
    return row


def seat_seen(row: Staff) -> str:
    return seen_of(row, *_SEAT)


def change_seat(staff: int, seen: str, said: Mapping[str, str]) -> Staff:
    """`said`: name, role, trade, phone (as `places.phones` keeps it)."""
    require("offices.manage")
    row = the_seat(staff)
    check_seen(seen, seat_seen(row))
    role = _role(said["role"], row.company)
    changes = {
        "name": clean(said["name"], "name", "Фамилия, имя, отчество", limit=120, required=True),
        "role": role,
        "trade": clean(said["trade"], "trade", "Специальность", limit=60),
        "phone": clean(said["phone"], "phone", "Телефон", limit=20),
    }
    if role != row.role:
        if Staff.objects.filter(company_id=row.company_id, user_id=row.user_id, role=role).exists():
            raise Invalid("Эта роль здесь у него уже есть.", "role")
        _keep_an_administrator(row)
    differs = [name for name in _SEAT if getattr(row, name) != changes[name]]
    if not differs:
        return row
    was = row.role
    for name in differs:
        setattr(row, name, changes[name])
    row.save(update_fields=differs)
    _record(row, f"сотрудник № {row.pk} исправлен: {', '.join(NAMES[name] for name in differs)}")
    if role != was:
        journal.record(facts.StaffRoleChanged(staff=row.pk, role=role, was=was), company=row.company_id)
    return row


NAMES = {"name": "имя", "role": "роль", "trade": "специальность", "phone": "телефон"}
"""Field of a seat → how a fact calls it."""


def dismiss(staff: int) -> Staff:
    """The person works here no longer: every session ends at once. `crews.teams.dismiss` asks first what they have
    in hand."""
    require("offices.manage")
    row = the_seat(staff)
    if not row.is_active:
        return row
    _keep_an_administrator(row)
    row.is_active, row.is_ready, row.pause_reason = False, True, ""
    row.save(update_fields=["is_active", "is_ready", "pause_reason"])
    journal.record(facts.StaffDismissed(staff=row.pk), company=row.company_id)
    sign_in.end_sessions(row)
    return row


def take_again(staff: int) -> Staff:
    """Dismissed by mistake, or back: with the password that the person had."""
    require("offices.manage")
    row = the_seat(staff)
    if not row.is_active:
        row.is_active = True
        row.save(update_fields=["is_active"])
        journal.record(facts.StaffReturned(staff=row.pk), company=row.company_id)
    return row


def end_sessions(staff: int) -> int:
    """All of the person's sessions are over at once; returns how many."""
    require("offices.manage")
    row = the_seat(staff)
    _check_theirs_alone(row)
    ended = sign_in.end_sessions(row)
    if not ended:
        raise Conflict("Сеансов у сотрудника нет: он нигде не вошёл.")
    return ended


def reset_step(staff: int, reason: str) -> Staff:
    """The second step of somebody who has lost phone and codes; every session of theirs ends."""
    require("offices.manage")
    row = the_seat(staff)
    _check_theirs_alone(row)
    second_step.reset_steps(row.user, reason, seat=row)
    return row


def the_seat(pk: int) -> Staff:
    """The seat of the running scope, locked until commit."""
    rows = Staff.objects.select_for_update(of=("self",)).select_related("company", "user")
    row: Staff | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound("Такого сотрудника нет.")
    return row


def works_elsewhere(row: Staff) -> bool:
    """Has the person work that the running scope does not see?"""
    seats = Staff.objects.filter(user_id=row.user_id, is_active=True).count()
    with reading(_EVERYWHERE):
        return Staff.objects.filter(user_id=row.user_id, is_active=True).count() > seats


def _check_theirs_alone(row: Staff) -> None:
    if works_elsewhere(row):
        raise Conflict(
            "Этот человек работает и там, где вы ничего не видите: его вход — дело администратора сервера (vakhta staff)."
        )


def _keep_an_administrator(row: Staff) -> None:
    """Somebody is always there who can let people in: the last administrator of a company stays."""
    if row.role != "administrator" or not row.is_active:
        return
    held_company(row.company_id)  # of two that dismiss each other one waits
    others = Staff.objects.filter(
        company_id=row.company_id, role="administrator", is_active=True, user__is_active=True
    ).exclude(pk=row.pk)
    if not any(other.user_id != row.user_id for other in others):
        raise Conflict(
            "Это последний администратор «%(company)s»: сначала добавьте другого.", company=row.company
        )


def _role(said: str, office: Company) -> str:
    if said not in TITLES:
        raise Invalid("Выберите роль.", "role")
    if not may_work(said, office.kind):
        raise Invalid("У организации такого вида этой роли нет: выберите другую.", "role")
    return said


def _record(row: Staff, what: str) -> None:
    journal.record(facts.StockChanged(what=what), company=row.company_id)
