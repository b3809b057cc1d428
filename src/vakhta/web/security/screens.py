"""View-models of the door and of one's own page of signing in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import Errors, PageView


@dataclass(frozen=True, kw_only=True)
class SignIn:
    page: PageView
    post_url: str
    login: str = ""
    next_url: str = ""
    is_over: bool = False
    """They had been signed in, and worked."""
    is_new: bool = False
    """Their password was changed by a letter just now."""
    lost_url: str = ""
    """Empty where no letters are sent."""
    passkey_url: str = ""
    options_url: str = ""
    oidc_url: str = ""
    oidc_name: str = ""
    """What the organisation's own server is called; empty when there is none."""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LostPassword:
    page: PageView
    post_url: str
    back_url: str
    login: str = ""
    is_sent: bool = False
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NewPassword:
    page: PageView
    post_url: str
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SecondStep:
    """After the password: a code, or a key that is held to the machine."""

    page: PageView
    post_url: str
    cancel_url: str
    has_codes: bool = True
    """False: the person has keys only, and a field for recovery codes."""
    options_url: str = ""
    """Empty: no keys."""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PasskeyRow:
    name: str
    added_at: datetime
    drop_url: str
    used_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    title: str
    """«Firefox, Windows»"""
    address: str
    begun_at: datetime
    seen_at: datetime
    end_url: str = ""
    """Empty: this very one."""


@dataclass(frozen=True, kw_only=True)
class SeatRow:
    """Work of the person; without `url` it is the one of this browser now."""

    role: str
    company: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Security:
    page: PageView
    login: str
    has_totp: bool
    recovery_left: int
    passkeys: tuple[PasskeyRow, ...]
    sessions: tuple[SessionRow, ...]
    confirm_url: str = ""
    """Where one says again who one is; empty when that was a moment ago: then all can be changed."""
    must_add: bool = False
    """The role needs a second step and there is none."""
    seats: tuple[SeatRow, ...] = ()
    """All work of somebody who has more than one."""
    said: str = ""
    """What was done just now."""
    totp_url: str = ""
    drop_totp_url: str = ""
    recovery_url: str = ""
    passkey_url: str = ""
    options_url: str = ""
    password_url: str = ""
    end_others_url: str = ""
    errors: Errors = field(default_factory=dict)

    @property
    def has_step(self) -> bool:
        return self.has_totp or bool(self.passkeys)

    @property
    def recovery_is_low(self) -> bool:
        return self.has_step and self.recovery_left < 3


@dataclass(frozen=True, kw_only=True)
class TotpSetup:
    page: PageView
    post_url: str
    back_url: str
    picture: str
    """A `data:` address of the QR code."""
    secret: str
    """For whoever cannot take a picture, in groups of four."""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecoveryCodes:
    page: PageView
    codes: tuple[str, ...]
    """«1234 5678»"""
    done_url: str
    login: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Confirm:
    """Who sits there says by the password that it is still the same person."""

    page: PageView
    post_url: str
    next_url: str
    login: str
    errors: Errors = field(default_factory=dict)
