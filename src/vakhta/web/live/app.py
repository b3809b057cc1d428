"""The live stream as a plain ASGI application: `GET /live/` with the session's cookie.

Answers server-sent events `{entry, kind, subjects}`; resumes after `Last-Event-ID` (or `?after=`).
It runs in a process of its own: pages are WSGI, and a stream must not hold a page's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import SimpleCookie
from random import uniform
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError, connection

from vakhta.kernel.sessions import address
from vakhta.kernel.tenancy import Scope
from vakhta.web.health.access import may_read
from vakhta.web.live.hub import Hub, stream
from vakhta.web.middleware import MUST_ADD_STEP, person_of

log = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT = 15.0
"""Seconds of silence after which a beat is sent, so that proxies keep the line."""
ASKED_AGAIN = 300.0
"""Seconds, more or less, after which it is asked again whose stream it is, where the journal does not tell it at once: a
session ends by itself, a contract begins. An asking is some ten milliseconds; screens that came together, after a
restart, do not ask together."""


class LiveApp:
    """One hub for the process, started with the first event loop."""

    def __init__(self) -> None:
        self._hub: Hub | None = None
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    def _started(self) -> Hub:
        if self._hub is None:
            self._hub = Hub(address())
            # Kept: the loop holds tasks weakly, and a collected hub is a silent stream.
            self._task = asyncio.get_running_loop().create_task(self._hub.run())
        return self._hub

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._started()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._task is not None:
                    self._task.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        answer = _common_headers(headers)
        if scope["method"] == "OPTIONS":
            return await _answer(send, 204, answer, b"")
        if scope["method"] == "GET" and scope["path"] == "/metrics":
            return await self._metrics(scope, headers, send)
        if scope["method"] != "GET" or scope["path"].rstrip("/") not in ("/live", ""):
            return await _answer(send, 404, answer, b"")
        cookie = headers.get("cookie", "")
        try:
            who = await sync_to_async(_scope_of)(cookie)
        except (OperationalError, InterfaceError):
            return await _answer(send, 503, answer, "База недоступна, экран подключится сам.".encode())
        if who is None:
            return await _answer(send, 403, answer, "Войдите снова: сеанс закончился.".encode())
        await self._stream(who, cookie, _after(scope, headers), receive, send, answer)

    async def _metrics(self, scope: Message, headers: dict[str, str], send: Send) -> None:
        """What only this process knows: how many screens are open, and up to which entry they are told."""
        peer = (scope.get("client") or ("",))[0]
        if not may_read(peer, headers, settings.METRICS_TOKEN):
            return await _answer(send, 403, [], b"from this machine or with the token only\n")
        hub = self._started()
        said = {"vakhta_live_screens": hub.screens, "vakhta_live_entry": hub.last}
        await _answer(send, 200, [], "".join(f"{name} {value}\n" for name, value in said.items()).encode())

    async def _stream(
        self,
        who: Scope,
        cookie: str,
        after: int | None,
        receive: Receive,
        send: Send,
        answer: list[tuple[bytes, bytes]],
    ) -> None:
        answer += [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": answer})

        async def write() -> None:
            async for part in stream(self._started(), after, who.companies, BEAT):
                await send({"type": "http.response.body", "body": part, "more_body": True})

        ends = [asyncio.create_task(each) for each in (write(), _gone(receive), self._other(who, cookie))]
        _done, pending = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        for outcome in await asyncio.gather(*ends, return_exceptions=True):
            if isinstance(outcome, Exception):  # the browser comes again with what it saw last
                log.warning("live_stream_broken", error=type(outcome).__name__)

    async def _other(self, who: Scope, cookie: str) -> None:
        """Returns when the session is over or may hear of other companies: the browser comes again, with what it saw
        last, and is told anew."""
        found: Scope | None = who
        while found is not None and found.companies == who.companies:
            with suppress(TimeoutError):
                spread = uniform(0.5, 1.5)  # nosec B311  # spreads the work, hides nothing
                async with asyncio.timeout(ASKED_AGAIN * spread):
                    await self._started().heard_of(who.actor)
            with suppress(OperationalError, InterfaceError):
                found = await sync_to_async(_scope_of)(cookie)


async def _gone(receive: Receive) -> None:
    """Returns when the browser has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, (b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _common_headers(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """CORS for exactly the pages' origin: the public address, or this very host on another port."""
    found = [(b"x-content-type-options", b"nosniff"), (b"vary", b"Origin")]
    origin = headers.get("origin", "")
    here = urlsplit(f"//{headers.get('host', '')}").hostname
    public = urlsplit(settings.PUBLIC_URL)
    said = urlsplit(origin)
    if origin and (
        f"{public.scheme}://{public.netloc}" == origin or (settings.DEMO and said.hostname == here)
    ):
        found += [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
        ]
    return found


def _after(scope: Message, headers: dict[str, str]) -> int | None:
    """The last entry that the screen knows; None when it says none."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", [""])[0]
    said = headers.get("last-event-id", "") or asked
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def _scope_of(cookie: str) -> Scope | None:
    """The scope of the session's person; the connection goes back at once."""
    jar = SimpleCookie(cookie)
    key = jar.get(settings.SESSION_COOKIE_NAME)
    try:
        session = SessionStore(key.value if key else None)
        found = person_of(session) if key else None
        return found[0] if found and not session.get(MUST_ADD_STEP) else None
    finally:
        connection.close()


application = LiveApp()
