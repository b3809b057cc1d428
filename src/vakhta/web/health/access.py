"""Who may read how the service is: this machine itself, or whoever has the token.

A web server on the same machine brings the world's requests from a loopback address too. It names
the service by its outer name or says for whom it asks; either way the reader is not this machine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.utils.crypto import constant_time_compare

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "via")


def may_read(remote: str, headers: Mapping[str, str], token: str) -> bool:
    """`remote`: the peer's address; `headers`: names in lower case; `token`: the setting, "" for none."""
    said = headers.get("authorization", "")
    if said:
        kind, _, offered = said.partition(" ")
        return bool(token) and kind.lower() == "bearer" and constant_time_compare(offered.strip(), token)
    if any(name in headers for name in FORWARDED):
        return False
    return _is_loopback(remote) and _is_loopback(_host(headers.get("host", "")))


def _host(text: str) -> str:
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
