"""The second step of signing in: one-time codes (TOTP), recovery codes and passkeys. Kept and checked by
django-allauth; what changes is a fact here. Its rows are the system scope's own, so every question of
them opens that scope by name. The one who acts is the person themself."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.kernel.tenancy import Scope, reading

from .models import Staff, User
from .sign_in import end_sessions

TOTP, RECOVERY, PASSKEY = "totp", "recovery_codes", "webauthn"
MOST_PASSKEYS = 10
_ODD = (AttributeError, LookupError, TypeError, ValueError, ValidationError)
"""What a credential that is none raises in the libraries that read it."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets encrypted by the service's key; our name, and no letters."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return _("Вахта")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": _("Вахта")}

    def send_notification_mail(self, *args: Any, **more: Any) -> None:
        """The journal tells it."""


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, None, b"vakhta second step").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))


@dataclass(frozen=True)
class Key:
    """A passkey as its owner sees it."""

    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Steps:
    """What a person has."""

    totp: bool = False
    recovery_left: int = 0
    passkeys: tuple[Key, ...] = ()

    @property
    def is_set(self) -> bool:
        return self.totp or bool(self.passkeys)


@contextmanager
def _for(request: HttpRequest) -> Iterator[None]:
    """The library asks for the running request, and for its rows, which are the system's."""
    with context.request_context(request), reading(Scope.system("sign-in")):
        yield


def steps_of(user: int) -> Steps:
    """One query, two with recovery codes."""
    from allauth.mfa.models import Authenticator

    with reading(Scope.system("sign-in")):
        rows = list(Authenticator.objects.filter(user_id=user).order_by("id"))
        keys = tuple(
            Key(row.pk, row.wrap().name, row.created_at, row.last_used_at)
            for row in rows
            if row.type == PASSKEY
        )
        codes = [row for row in rows if row.type == RECOVERY]
        left = len(codes[0].wrap().get_unused_codes()) if codes and _reads(codes[0]) else 0
    return Steps(any(row.type == TOTP for row in rows), left, keys)


def who_has_steps(users: Collection[int]) -> set[int]:
    """Of these people those who are asked for a second step. One query."""
    with reading(Scope.system("sign-in")):
        return set(_rows_of(users).values_list("user_id", flat=True))


def _rows_of(users: Collection[int]) -> Any:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user_id__in=users).exclude(type=RECOVERY)


def _reads(row: Any) -> bool:
    """False when the service's key is another one than it was written with."""
    try:
        Adapter().decrypt(row.data["seed"])
    except InvalidToken:
        return False
    return True


# ── Set by the person ────────────────────────────────────────────────────────────────────────


def new_secret(request: HttpRequest) -> tuple[str, str]:
    """(secret, address of `otpauth:` for the picture) of a code that is being set; kept in the session."""
    from allauth.mfa.totp.internal.auth import get_totp_secret

    staff = _myself()
    with context.request_context(request):
        secret: str = get_totp_secret()
        return secret, Adapter().build_totp_url(staff.user, secret)


def add_totp(request: HttpRequest, code: str) -> list[str]:
    """Codes are asked for from now on; returns new recovery codes, none when there are some already."""
    from allauth.mfa.totp.forms import ActivateTOTPForm
    from allauth.mfa.totp.internal.auth import TOTP as Totp
    from allauth.mfa.totp.internal.auth import clear_totp_secret

    staff = _myself(lock=True)
    code = _digits(code)
    if steps_of(staff.user_id).totp:
        raise Invalid("Коды уже настроены. Чтобы сменить приложение, сначала уберите прежние.", "code")
    with _for(request):
        form = ActivateTOTPForm({"code": code}, user=staff.user)
        if not form.is_valid():
            raise Invalid(
                "Код не подошёл. Проверьте время на телефоне и введите код, который на экране сейчас.", "code"
            )
        Totp.activate(staff.user, form.secret).validate_code(code)  # used: it does not open the door again
        clear_totp_secret(request)
    _record(staff, facts.SecondStepAdded(staff=staff.pk, step=TOTP))
    return _first_recovery(request, staff)


def drop_totp() -> None:
    staff = _myself(lock=True)
    _drop(staff, _rows(staff.user_id, type=TOTP), TOTP)


def passkey_options(request: HttpRequest) -> dict[str, Any]:
    """What the browser is asked to make a key of; its challenge is kept in the session."""
    from allauth.mfa.webauthn.internal.auth import begin_registration

    staff = _myself()
    with _for(request):
        options: dict[str, Any] = begin_registration(staff.user, True)
    return options


def add_passkey(request: HttpRequest, name: str, credential: str) -> list[str]:
    """A key that opens the door without a password; returns new recovery codes as `add_totp` does."""
    from allauth.mfa.webauthn.forms import AddWebAuthnForm
    from allauth.mfa.webauthn.internal.auth import WebAuthn

    staff = _myself(lock=True)
    name = clean(name, "name", "Название ключа", limit=60, required=True)
    keys = steps_of(staff.user_id).passkeys
    if len(keys) >= MOST_PASSKEYS:
        raise Invalid("Ключей уже %(most)s: уберите ненужный.", "name", most=MOST_PASSKEYS)
    if any(key.name == name for key in keys):
        raise Invalid("Ключ с таким названием уже есть. Назовите этот иначе.", "name")
    with _for(request):
        form = AddWebAuthnForm(
            {"name": name, "credential": _json(credential), "passwordless": "on"}, user=staff.user
        )
        if not _is_valid(form):
            raise Invalid("Ключ не записался. Нажмите «Добавить» и подтвердите на устройстве ещё раз.", "")
        WebAuthn.add(staff.user, name, form.cleaned_data["credential"])
    _record(staff, facts.SecondStepAdded(staff=staff.pk, step=PASSKEY))
    return _first_recovery(request, staff)


def drop_passkey(pk: int) -> None:
    staff = _myself(lock=True)
    _drop(staff, _rows(staff.user_id, type=PASSKEY, pk=pk), PASSKEY)


def new_recovery_codes(request: HttpRequest) -> list[str]:
    """Ten new ones; those before them no longer open the door."""
    staff = _myself(lock=True)
    if not steps_of(staff.user_id).is_set:
        raise Invalid("Сначала настройте коды из приложения или ключ входа: резервные коды им замена.", "")
    with reading(Scope.system("sign-in")):
        _rows(staff.user_id, type=RECOVERY).delete()
    return _first_recovery(request, staff)


def _first_recovery(request: HttpRequest, staff: Staff) -> list[str]:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with _for(request):
        if _rows(staff.user_id, type=RECOVERY).exists():
            return []
        codes: list[str] = RecoveryCodes.activate(staff.user).generate_codes()
    _record(staff, facts.RecoveryCodesMade(staff=staff.pk))
    return codes


def _drop(staff: Staff, rows: Any, step: str) -> None:
    """The last step takes the recovery codes with it."""
    with reading(Scope.system("sign-in")):
        if not rows.exists():
            raise Conflict("Этого способа входа уже нет.")
        keeps = _rows(staff.user_id).exclude(type=RECOVERY).exclude(pk__in=rows.values("pk"))
        if staff.role in settings.SECOND_STEP_FOR and not keeps.exists():
            raise Invalid(
                "Вашей роли нужен второй шаг входа. Сначала добавьте другой, потом уберите этот.", ""
            )
        rows.delete()
        if not _rows(staff.user_id).exclude(type=RECOVERY).exists():
            _rows(staff.user_id).delete()
    _record(staff, facts.SecondStepRemoved(staff=staff.pk, step=step))


def _rows(user: int, **which: Any) -> Any:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user_id=user, **which)


def _myself(*, lock: bool = False) -> Staff:
    scope = require("security.own")
    rows = Staff.objects.select_related("user")
    row: Staff | None = (
        (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=scope.staff).first()
    )
    if row is None:
        raise NotFound("Способы входа настраивает сам сотрудник.")
    return row


def _record(staff: Staff, fact: facts.Fact) -> None:
    journal.record(fact, company=staff.company_id)


def _digits(code: str) -> str:
    """Codes are said in groups: «123 456», «1234-5678»."""
    return "".join(sign for sign in code[:40] if sign.isascii() and sign.isdigit())


def _json(text: str) -> str:
    """Text that is JSON of one object; anything else is an empty one."""
    try:
        return text if len(text) < 20_000 and isinstance(json.loads(text), dict) else "{}"
    except (ValueError, RecursionError):
        return "{}"


def _is_valid(form: Any) -> bool:
    try:
        return bool(form.is_valid())
    except _ODD:
        return False


# ── Shown at the door ────────────────────────────────────────────────────────────────────────


def opens_by_code(request: HttpRequest, user: User, code: str) -> str:
    """Which step the code is of, "totp" or "recovery_codes", and used up by it; "" when of none."""
    from allauth.mfa.base.forms import AuthenticateForm

    with _for(request):
        form = AuthenticateForm({"code": _digits(code)}, user=user)
        try:
            if not form.is_valid():
                return ""
        except InvalidToken:  # the service's key is another one: the secret cannot be read
            return ""
        form.authenticator.record_usage()
        return str(form.authenticator.type)


def ask_for_passkey(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """What the browser is asked to sign: for this person's keys, or for whichever key it has."""
    from allauth.mfa.webauthn.internal.auth import begin_authentication

    with _for(request):
        options: dict[str, Any] = begin_authentication(user)
    return options


def opens_by_passkey(request: HttpRequest, user: User | None, credential: str) -> User | None:
    """Whose key has signed what was asked; None when nobody's, or not this person's."""
    from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm

    with _for(request):
        said = {"credential": _json(credential)}
        form = AuthenticateWebAuthnForm(said, user=user) if user else LoginWebAuthnForm(said)
        if not _is_valid(form):
            return None
        authenticator = form.cleaned_data["credential"]
        authenticator.record_usage()
        whose: User = authenticator.user
        return whose


# ── By an administrator ──────────────────────────────────────────────────────────────────────


def reset_steps(user: User, reason: str, *, seat: Staff | None = None) -> int:
    """A colleague who has lost phone and codes signs in by the password alone; returns how many steps went. Every
    session of theirs ends. `seat`: whose fact it is; the first one of the person otherwise."""
    require("offices.manage")
    reason = clean(reason, "reason", "Причина", limit=300, required=True)
    with reading(Scope.system("sign-in")):
        seat = seat or Staff.objects.filter(user=user).order_by("id").first()
        if seat is None:
            raise NotFound("Сотрудника с таким адресом нет.", "email")
        count: int = _rows(user.pk).exclude(type=RECOVERY).count()
        if not count:
            raise NotFound("У этого сотрудника второго шага нет.", "email")
        _rows(user.pk).delete()
    _record(seat, facts.SecondStepReset(staff=seat.pk, reason=reason))
    end_sessions(seat)
    return count
