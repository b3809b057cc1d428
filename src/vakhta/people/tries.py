"""How often a secret may be guessed: counts in the database, so that all processes hold one.

A try is counted before it is made (guesses side by side cannot outrun the count) and taken back when it was right.
An address that many people share is given many tries, and a browser in which somebody has signed in before
has its own: neither a colleague's typos nor a stranger's guesses shut it out.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.translation import gettext_noop as marked

from vakhta.kernel.refusal import Refused
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import counted_words

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FEW = ((5, MINUTE), (20, HOUR))
"""(tries, within) of one person, from wherever, or of one known browser."""
MANY = ((60, MINUTE), (600, HOUR))
"""Of one network: an office of a hundred people whose keyboards are in the wrong layout."""
KNOWN_FOR = timedelta(days=90)
KNOWN_AT_MOST = 20
"""People that one browser is known for: those of all shifts at one desk."""
_SALT = "vakhta.known-browser"
Limits = Mapping[str, Iterable[tuple[int, timedelta]]]
"""What is limited → (tries, within)."""


WAIT = marked("Слишком много попыток. Подождите %(wait)s и попробуйте снова.")


class TooMany(Refused):
    """`wait`: seconds until the next try."""

    status = 429

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(WAIT, wait=_waiting(wait))


def _waiting(seconds: int) -> str:
    if seconds < 60:
        return counted_words(seconds, "%s секунду", "%s секунды", "%s секунд") % seconds
    minutes = -(-seconds // 60)
    return counted_words(minutes, "%s минуту", "%s минуты", "%s минут") % minutes


@dataclass(frozen=True)
class Counted:
    """What a try was counted under: (key, end of the count)."""

    rows: tuple[tuple[str, datetime], ...]


def sign_in_limits(email: str, address: str, known: str) -> Limits:
    """Under what a try to sign in counts. `known`: the nonce of a browser in which this person has signed in."""
    if known:
        return {f"browser:{known}:{_folded(email)}": FEW}
    return {f"person:{_folded(email)}": FEW, f"network:{network_of(address)}": MANY}


def count(limits: Limits, now: datetime) -> Counted:
    """Counts one try under each; raises `TooMany` when one of them has had its number. Commits by itself."""
    rows, until = [], now
    with reading(Scope.system("sign-in")), connection.cursor() as cursor:
        cursor.execute(_FORGET, [now])
        for name, of_name in sorted(limits.items()):
            for most, within in of_name:
                key, ends_at = _key(name, within), _end(now, within)
                cursor.execute(_COUNT, [key, ends_at])
                rows.append((key, ends_at))
                if cursor.fetchone()[0] > most:
                    until = max(until, ends_at)
    if until > now:
        raise TooMany(max(1, round((until - now).total_seconds())))
    return Counted(tuple(rows))


def take_back(counted: Counted) -> None:
    """The try was right: it does not count."""
    with reading(Scope.system("sign-in")), connection.cursor() as cursor:
        for key, ends_at in counted.rows:
            cursor.execute(_TAKE_BACK, [key, ends_at])


_COUNT = """
INSERT INTO people_try (key, ends_at, tries) VALUES (%s, %s, 1)
ON CONFLICT (key, ends_at) DO UPDATE SET tries = people_try.tries + 1 RETURNING tries
"""
_TAKE_BACK = "UPDATE people_try SET tries = tries - 1 WHERE key = %s AND ends_at = %s AND tries > 0"
_FORGET = """
DELETE FROM people_try WHERE id IN (
    SELECT id FROM people_try WHERE ends_at <= %s ORDER BY ends_at LIMIT 100 FOR UPDATE SKIP LOCKED
)
"""


def _end(now: datetime, within: timedelta) -> datetime:
    """The end of the stretch that `now` is in: stretches follow one another, so twice the number fits around an end."""
    length = int(within.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // length + 1) * length, UTC)


def _key(name: str, within: timedelta) -> str:
    return f"{int(within.total_seconds())}:{_keyed(name)}"


def _keyed(text: str) -> str:
    return hmac.new(f"vakhta.tries{settings.SECRET_KEY}".encode(), text.encode(), hashlib.sha256).hexdigest()


def _folded(email: str) -> str:
    return email.strip().lower()


def known_address(said: str) -> str | None:
    """The address as the database takes it; None for what is none."""
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None


def network_of(address: str) -> str:
    """The address of IPv4; of IPv6 its /64, of which one browser has all."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if known.version == 6 and not known.ipv4_mapped:
        return str(ipaddress.ip_network(f"{known}/64", strict=False))
    return str(known)


# ── A browser that is known ──────────────────────────────────────────────────────────────────


def known_browser(cookie: str, email: str) -> str:
    """The nonce of a browser that this person has signed in with; "" for another browser or person."""
    nonce, people = _read(cookie)
    return nonce if nonce and _keyed(_folded(email))[:16] in people else ""


def with_person(cookie: str, email: str, nonce: str) -> str:
    """The browser's cookie after this person has signed in; `nonce` for one that had none."""
    known, people = _read(cookie)
    mark = _keyed(_folded(email))[:16]
    kept = [mark, *(person for person in people if person != mark)][:KNOWN_AT_MOST]
    return signing.dumps([known or nonce, *kept], salt=_SALT)


def _read(cookie: str) -> tuple[str, list[str]]:
    try:
        nonce, *people = signing.loads(cookie, salt=_SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError):
        return "", []
    return nonce, people
