"""Who is at the door, and in which browsers they are signed in. The question of who it is comes before any
scope, so it opens the system's by name (docs/adr/0008, 0010); what a person does afterwards is in their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, require
from vakhta.kernel.tenancy import Scope, reading

from . import tries
from .models import SignIn, Staff, User

SEEN_EVERY = timedelta(minutes=5)
"""So often at most the row of a session is written while somebody works."""
BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
"""What stands in a browser's word about itself → how people call it; the first that is found."""


def browser_words(agent: str) -> str:
    """«Firefox, Windows»; empty when it says nothing known."""
    known = (_first(BROWSERS, agent), _first(SYSTEMS, agent))
    return ", ".join(word for word in known if word)


def _first(table: Iterable[tuple[str, str]], agent: str) -> str:
    return next((word for mark, word in table if re.search(rf"{mark}\b", agent)), "")


def person_by_password(
    request: HttpRequest, email: str, password: str, *, address: str, known: str, now: datetime
) -> User | None:
    """The active user of this pair; None for a wrong one. Unknown people take as long as known ones. Raises
    `tries.TooMany` before the password is looked at."""
    counted = tries.count(tries.sign_in_limits(email, address, known), now)
    with reading(Scope.system("sign-in")):
        user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        return None
    tries.take_back(counted)
    return user


def person_by_email(email: str) -> User | None:
    """The active user of an address that somebody else vouches for."""
    with reading(Scope.system("sign-in")):
        return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def the_person(pk: int) -> User | None:
    with reading(Scope.system("sign-in")):
        return User.objects.filter(pk=pk, is_active=True).first()


def step_failed(scope: Scope, staff: Staff) -> None:
    """Somebody knew the password and not the second step: the person is to see it in the journal. Who it was, is
    not known."""
    with acting(Scope.system("sign-in")):
        journal.record(facts.SecondStepFailed(staff=staff.pk), company=staff.company_id, centre=scope.centre)


def began(scope: Scope, staff: Staff, *, agent: str, address: str | None, how: str) -> SignIn:
    """A session of the person has begun."""
    with acting(scope) as unit:
        with reading(Scope.system("sign-in")):
            row = SignIn.objects.create(
                user_id=staff.user_id,
                browser=browser_words(agent),
                address=address,
                begun_at=unit.at,
                seen_at=unit.at,
            )
        journal.record(facts.SignedIn(staff=staff.pk, how=how), company=staff.company_id)
    return row


def forget_sessions(at: datetime) -> None:
    """What is over by its hours of rest goes, with the addresses that it was seen at. In the system's scope."""
    Session.objects.filter(expire_date__lt=at).delete()
    SignIn.objects.filter(seen_at__lt=at - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()


def replaced(pk: int | None) -> None:
    """In this browser somebody signs in anew: the session that was there is over."""
    if pk is not None:
        with reading(Scope.system("sign-in")):
            SignIn.objects.filter(pk=pk).delete()


def seen(pk: int, before: datetime, now: datetime) -> bool:
    """The session is in use; True when that was written, which is every few minutes."""
    if now - before < SEEN_EVERY:
        return False
    with reading(Scope.system("sign-in")):
        return bool(SignIn.objects.filter(pk=pk).update(seen_at=now))


def signed_out(scope: Scope, staff: Staff, pk: int | None) -> None:
    with acting(scope):
        with reading(Scope.system("sign-in")):
            SignIn.objects.filter(pk=pk or 0, user=staff.user_id).delete()
        journal.record(facts.SignedOut(staff=staff.pk), company=staff.company_id)


def sessions_of(user: int, now: datetime) -> list[SignIn]:
    """Those that go on, the latest used first."""
    rest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    with reading(Scope.system("sign-in")):
        return list(SignIn.objects.filter(user=user, seen_at__gte=now - rest).order_by("-seen_at", "-pk"))


def last_seen(users: Collection[int]) -> dict[int, datetime]:
    """When each of these people was last at work in a browser that is still signed in. One query."""
    with reading(Scope.system("sign-in")):
        seen_at = (
            SignIn.objects.filter(user_id__in=users).order_by().values("user_id").annotate(at=Max("seen_at"))
        )
        return dict(seen_at.values_list("user_id", "at"))


def seats_of(user: int) -> list[Staff]:
    """All work that somebody has, for whichever company: it is their own. One query."""
    with reading(Scope.system("sign-in")):
        rows = Staff.objects.select_related("company").filter(user_id=user, is_active=True)
        return list(rows.order_by("id"))


def choose_seat(user: int, pk: int) -> Staff:
    """From now on this browser works in another of one's roles. The fact is of that work, so it is written there."""
    row = next((seat for seat in seats_of(user) if seat.pk == pk), None)
    if row is None:
        raise Conflict("Этой работы у вас больше нет.")
    with acting(Scope.system("sign-in")):
        journal.record(
            facts.SignedIn(staff=row.pk, how="seat"), company=row.company_id, actor=f"staff/{row.pk}"
        )
    return row


def end_session(pk: int) -> None:
    """One's own session in some browser is over at once."""
    staff = _myself()
    with reading(Scope.system("sign-in")):
        gone, _each = SignIn.objects.filter(pk=pk, user=staff.user_id).delete()
    if not gone:
        raise Conflict("Этот сеанс уже закончен.")
    journal.record(facts.SessionsEnded(staff=staff.pk, sessions=1), company=staff.company_id)


def end_others(mine: int | None) -> int:
    """All of one's own sessions but this one are over at once; returns how many."""
    return end_sessions(_myself(), but=mine)


def end_sessions(staff: Staff, *, but: int | None = None) -> int:
    """All sessions of the person but one are over; returns how many. Inside `acting`."""
    with reading(Scope.system("sign-in")):
        gone, _each = SignIn.objects.filter(user=staff.user_id).exclude(pk=but or 0).delete()
    if gone:
        journal.record(facts.SessionsEnded(staff=staff.pk, sessions=gone), company=staff.company_id)
    return gone


def check_own_password(staff: Staff, password: str, now: datetime) -> bool:
    """Is it really the person who sits there? Raises `tries.TooMany`."""
    counted = tries.count({f"own:{staff.user_id}": tries.FEW}, now)
    if not staff.user.check_password(password):
        return False
    tries.take_back(counted)
    return True


def set_password(password: str, mine: int | None) -> User:
    """One's own new password; all other sessions end."""
    staff = _myself()
    check_new_password(password, staff.user)
    change_password(staff, staff.user, password, but=mine)
    return staff.user


def check_new_password(password: str, user: User) -> None:
    """Raises `Invalid` with all that is wrong with it."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), "password") from None


def change_password(staff: Staff, user: User, password: str, *, but: int | None = None) -> None:
    """A password that was checked; all sessions end but one. Inside `acting`."""
    user.set_password(password)
    user.save(update_fields=["password"])
    journal.record(facts.PasswordChanged(staff=staff.pk), company=staff.company_id)
    end_sessions(staff, but=but)


def _myself() -> Staff:
    scope = require("security.own")
    row: Staff | None = (
        Staff.objects.select_for_update(of=("self",)).select_related("user").filter(pk=scope.staff).first()
    )
    if row is None:
        raise NotFound("Своим входом управляет сам сотрудник.")
    return row
