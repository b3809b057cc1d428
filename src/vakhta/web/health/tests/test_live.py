"""What only the stream's process knows, told under the same rule as the pages' measures."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from vakhta.web.live.app import LiveApp
from vakhta.web.live.hub import Hub, Screen


def asked(peer: str, headers: dict[str, str]) -> tuple[int, str]:
    app, sent = LiveApp(), list[dict[str, Any]]()
    app._hub = Hub({})
    app._hub._screens = {Screen(None), Screen(frozenset({1}))}
    app._hub.last = 17

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/metrics", "headers": raw, "client": (peer, 1)}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


def test_this_machine_reads_how_many_screens_there_are() -> None:
    status, body = asked("127.0.0.1", {"host": "127.0.0.1:8001"})
    assert (status, body) == (200, "vakhta_live_screens 2\nvakhta_live_entry 17\n")


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("10.0.0.5", {"host": "127.0.0.1:8001"}),
        ("127.0.0.1", {"host": "ads.example.org", "x-forwarded-proto": "https"}),
        ("127.0.0.1", {"host": "127.0.0.1", "authorization": "Bearer wrong"}),
    ],
)
def test_the_world_does_not(peer: str, headers: dict[str, str]) -> None:
    status, body = asked(peer, headers)
    assert status == 403 and "screens" not in body
