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


def token_of(user: User) -> str:
    return signing.dumps([user.pk, user.get_session_auth_hash()], salt=SALT)


def whose(token: str) -> User:
    """The person that a link is for; raises `Conflict` for one that is old, used or changed."""
    try:
        pk, password = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError):
        pk, password = 0, ""
    user = the_person(pk)
    if user is None or not constant_time_compare(user.get_session_auth_hash(), password):
        raise Conflict("Ссылка больше не действует: ей час, и она на один раз. Попросите новое письмо.")
    return user


def set_by_letter(token: str, password: str) -> None:
    """Another password by the link of the letter; every session of the person ends."""
    user = whose(token)
    check_new_password(password, user)
    with acting(Scope.system("sign-in")):
        staff = Staff.objects.filter(user=user).order_by("id").first()
        if staff is None:
            raise Conflict("Работы для вас ни в одной организации нет. Обратитесь к администратору.")
        change_password(staff, user, password)
