"""A forgotten password: a letter with a link that sets another one. The link is good for an hour and for once: it is
signed over the password that it is to replace. It takes no second step away."""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.utils.crypto import constant_time_compare

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict
from vakhta.kernel.tenancy import Scope

from . import tries
from .models import Staff, User
from .sign_in import change_password, check_new_password, the_person

SALT = "vakhta.lost-password"
VALID_FOR = 3600
"""seconds"""
INVITATION = "vakhta.invitation"
INVITED_FOR = 3 * 24 * 3600
"""seconds: a letter to a new colleague is often read on another day; there is no password yet that it could replace"""
LETTERS = ((3, tries.HOUR),)
"""To one person: more would be somebody's jest."""


def ask_for_letter(email: str, *, address: str, now: datetime) -> None:
    """Somebody says that they are this person: whoever works here is written to. Says nothing of who does. Raises
    `tries.TooMany`."""
    person, network = f"letter:{email.strip().lower()}", f"letters:{tries.network_of(address)}"
    tries.count({person: LETTERS, network: tries.MANY}, now)
    with acting(Scope.system("sign-in")):
        works = Staff.objects.filter(is_active=True, user__is_active=True)
        staff = works.filter(user__email__iexact=email.strip()).order_by("id").first()
        if staff is not None:
            journal.record(facts.PasswordLetterAsked(staff=staff.pk), company=staff.company_id)


def token_of(user: User, *, is_first: bool = False) -> str:
    """`is_first`: of an invitation, which is good for longer."""
    return signing.dumps([user.pk, user.get_session_auth_hash()], salt=INVITATION if is_first else SALT)


def whose(token: str) -> User:
    """The person that a link is for; raises `Conflict` for one that is old, used or changed."""
    pk, password = _said(token, SALT, VALID_FOR) or _said(token, INVITATION, INVITED_FOR) or (0, "")
    user = the_person(pk)
    if user is None or not constant_time_compare(user.get_session_auth_hash(), password):
        raise Conflict("Ссылка больше не действует: она на один раз и ненадолго. Попросите новое письмо.")
    return user


def _said(token: str, salt: str, valid_for: int) -> tuple[int, str] | None:
    try:
        pk, password = signing.loads(token, salt=salt, max_age=valid_for)
    except (signing.BadSignature, ValueError):
        return None
    return pk, password


def set_by_letter(token: str, password: str) -> None:
    """Another password by the link of the letter; every session of the person ends."""
    user = whose(token)
    check_new_password(password, user)
    with acting(Scope.system("sign-in")):
        staff = Staff.objects.filter(user=user).order_by("id").first()
        if staff is None:
            raise Conflict("Работы для вас ни в одной организации нет. Обратитесь к администратору.")
        change_password(staff, user, password)
