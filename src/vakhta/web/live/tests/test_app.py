"""Whose the stream is is asked again while it runs: it ends with the session, and when somebody may hear of others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from vakhta.kernel.tenancy import Scope
from vakhta.web.live import app as live
from vakhta.web.live.hub import Event, Hub

OF_ONE, OF_TWO = (Scope(actor="staff/1", companies=frozenset(companies)) for companies in ({1}, {1, 2}))


def lives(
    monkeypatch: pytest.MonkeyPatch,
    later: Callable[[], Scope | None],
    *,
    again: float = 0.01,
    told: Event | None = None,
) -> bool:
    """Is the stream of somebody of one company still there when `later` has been asked three times, every `again`
    seconds? `told`: what the journal tells once the stream is there."""
    asked: list[int] = []
    enough = asyncio.Event()

    def who(_cookie: str) -> Scope | None:
        asked.append(1)
        if len(asked) > 3:
            enough.set()
        return OF_ONE if len(asked) == 1 else later()

    monkeypatch.setattr(live, "_scope_of", who)
    monkeypatch.setattr(live, "ASKED_AGAIN", again)
    app = live.LiveApp()

    async def receive() -> Any:
        await asyncio.Event().wait()

    started = asyncio.Event()

    async def send(_message: Any) -> None:
        started.set()

    async def both() -> bool:
        app._hub = Hub({})
        app._hub._ready.set()
        heard = asyncio.create_task(
            app({"type": "http", "method": "GET", "path": "/live/", "headers": []}, receive, send)
        )
        if told is not None:
            await started.wait()
            while OF_ONE.actor not in app._hub._whose:
                await asyncio.sleep(0)
            app._hub.spread(told)
        waited = asyncio.create_task(enough.wait())
        await asyncio.wait({heard, waited}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        is_there = not heard.done()
        for task in (heard, waited):
            task.cancel()
        await asyncio.gather(heard, waited, return_exceptions=True)
        return is_there

    return asyncio.run(both())


def gone() -> Scope | None:
    raise OperationalError("the database is gone")


@pytest.mark.parametrize(
    ("later", "is_there"),
    [(lambda: OF_ONE, True), (lambda: None, False), (lambda: OF_TWO, False), (gone, True)],
    ids=["the same", "the session was ended", "another company is served", "the database is gone"],
)
def test_the_stream_ends_with_the_session(
    monkeypatch: pytest.MonkeyPatch, later: Callable[[], Scope | None], is_there: bool
) -> None:
    assert lives(monkeypatch, later) is is_there


@pytest.mark.parametrize("kind", ["SignedOut", "SessionsEnded", "StaffRoleChanged", "StaffDismissed"])
def test_whoever_was_dismissed_hears_nothing_more_from_that_moment(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert not lives(monkeypatch, lambda: None, again=3600, told=Event(7, 1, kind, ("staff/1",)))


def test_of_somebody_else_s_sign_out_nobody_is_asked() -> None:
    async def hears(event: Event) -> bool:
        hub = Hub({})
        waits = asyncio.create_task(hub.heard_of("staff/1"))
        await asyncio.sleep(0)
        hub.spread(event)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        is_told = waits.done()
        waits.cancel()
        return is_told

    for event, is_told in (
        (Event(8, 1, "SignedOut", ("staff/2",)), False),
        (Event(9, 1, "TicketRegistered", ("staff/1", "ticket/5")), False),
        (Event(10, 1, "SignedOut", ("staff/1",)), True),
    ):
        assert asyncio.run(hears(event)) is is_told
