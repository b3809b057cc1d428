"""A forgotten password: a letter with a link that sets another one. The link is good for an hour and for once: it is
signed over the password that it is to replace. It takes no second step away."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid
from vakhta.kernel.tenancy import Scope, reading

from . import tries
from .models import SignIn, Staff, User

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
    with reading(Scope.system("sign-in")):
        user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), password):
        raise Conflict("Ссылка больше не действует: ей час, и она на один раз. Попросите новое письмо.")
    return user


def set_by_letter(token: str, password: str) -> None:
    """Another password by the link of the letter; every session of the person ends."""
    user = whose(token)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), "password") from None
    with acting(Scope.system("sign-in")):
        staff = Staff.objects.filter(user=user).order_by("id").first()
        if staff is None:
            raise Conflict("Работы для вас ни в одной организации нет. Обратитесь к администратору.")
        user.set_password(password)
        user.save(update_fields=["password"])
        journal.record(facts.PasswordChanged(staff=staff.pk), company=staff.company_id)
        ended, _each = SignIn.objects.filter(user=user).delete()
        if ended:
            journal.record(facts.SessionsEnded(staff=staff.pk, sessions=ended), company=staff.company_id)
