"""Who is let in to read how the service is."""

from __future__ import annotations

import pytest

from vakhta.web.health.access import may_read

TOKEN = "t" * 40
HERE = {"host": "127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("may", "remote", "headers", "token"),
    [
        (True, "127.0.0.1", HERE, ""),
        (True, "::1", {"host": "[::1]:8000"}, ""),
        (True, "127.0.0.1", {"host": "localhost"}, TOKEN),
        (False, "10.0.0.5", HERE, ""),
        (False, "", HERE, ""),
        (False, "127.0.0.1", {"host": "ads.example.org"}, ""),
        (False, "127.0.0.1", {}, ""),
        (False, "127.0.0.1", {"host": "[::1"}, ""),
        (False, "127.0.0.1", HERE | {"x-forwarded-for": "203.0.113.9"}, ""),
        (False, "127.0.0.1", HERE | {"x-forwarded-proto": "https"}, ""),
        (True, "10.0.0.5", HERE | {"authorization": f"Bearer {TOKEN}"}, TOKEN),
        (True, "127.0.0.1", {"host": "ads.example.org", "authorization": f"bearer {TOKEN}"}, TOKEN),
        (False, "10.0.0.5", HERE | {"authorization": "Bearer "}, ""),
        (False, "10.0.0.5", HERE | {"authorization": "Bearer wrong"}, TOKEN),
        (False, "10.0.0.5", HERE | {"authorization": f"Basic {TOKEN}"}, TOKEN),
        (False, "127.0.0.1", HERE | {"authorization": "Bearer wrong"}, TOKEN),
    ],
)
def test_this_machine_or_the_token(may: bool, remote: str, headers: dict[str, str], token: str) -> None:
    assert may_read(remote, headers, token) is may
