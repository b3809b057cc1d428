"""A change on five hundred open screens: from its commit to the event on each of them, and what a screen costs."""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bench.limits import Figure, Results, p95
from bench.pages import signed_in
from bench.service import Bench
from vakhta.cli.processes import free_port
from vakhta.cli.simulation.memory import of_tree
from vakhta.cli.supervisor import spawn
from vakhta.domain.facts import CommentAdded
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope

SCREENS, CHANGES, EVERY = 500, 40, 0.2
"""Screens, changes, seconds between two of them."""
TOLD_MS = 300
_ID = re.compile(rb"^id: (\d+)", re.M)


@contextmanager
def live_part(folder: Path) -> Iterator[tuple[int, int]]:
    """`vakhta live` as in production: (its port, its pid)."""
    port = free_port("127.0.0.1", 18900)
    os.environ["VAKHTA_LIVE_PORT"] = str(port)
    part = spawn([sys.executable, "-m", "vakhta.cli", "live"], folder / "live.log")
    try:
        yield port, part.pid
    finally:
        part.terminate()
        part.wait()


def screens(results: Results, bench: Bench, scope: Scope) -> None:
    browser, _ = signed_in("operator")
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    with live_part(bench.folder) as (port, pid):
        times, each = asyncio.run(_told(port, pid, cookie, scope))
    half = statistics.median(times)
    told = Figure(
        what=f"a change on {SCREENS} screens, p95", value=p95(times), bar=TOLD_MS, fastest=half,
        note=f"p50 {half:.0f} ms, {CHANGES} changes × {SCREENS} screens",
    )  # fmt: skip
    results.add(told)
    results.add(Figure(what="memory of a screen", value=each, unit="KB"))


async def _told(port: int, pid: int, cookie: str, scope: Scope) -> tuple[list[float], float]:
    """(milliseconds from commit to each screen, KB of each screen)."""
    heard: dict[int, list[float]] = {}
    first = await _opened(port, cookie)
    before = _kilobytes(pid)
    lines = [first, *[await _opened(port, cookie) for _ in range(SCREENS - 1)]]
    listening = [asyncio.create_task(_listen(reader, heard)) for reader, _ in lines]
    await asyncio.sleep(1)
    each = (_kilobytes(pid) - before) / (SCREENS - 1)
    written: dict[int, float] = {}
    for _ in range(CHANGES):
        entry, at = await asyncio.to_thread(_change, scope)
        written[entry] = at
        await asyncio.sleep(EVERY)
    await asyncio.sleep(2)
    for task in listening:
        task.cancel()
    for _, writer in lines:
        writer.close()
    lost = {entry: SCREENS - len(heard.get(entry, ())) for entry in written}
    if any(lost.values()):
        raise RuntimeError(f"screens were not told: {lost}")
    return [max(0.0, (got - at) * 1000) for entry, at in written.items() for got in heard[entry]], each


async def _opened(port: int, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(600):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except OSError:
            await asyncio.sleep(0.1)
    else:
        raise RuntimeError("the stream did not answer in a minute")
    writer.write(f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise RuntimeError(head.decode("latin-1"))
    await reader.readuntil(b"beat")
    return reader, writer


async def _listen(reader: asyncio.StreamReader, heard: dict[int, list[float]]) -> None:
    while piece := await reader.read(65536):
        at = time.perf_counter()
        for entry in _ID.findall(piece):
            heard.setdefault(int(entry), []).append(at)


def _change(scope: Scope) -> tuple[int, float]:
    """(entry, when its commit was answered)."""
    assert scope.companies
    with acting(scope) as unit:
        journal.record(CommentAdded(ticket=1, text="измерение"), company=min(scope.companies))
    return unit.last_entry, time.perf_counter()


def _kilobytes(pid: int) -> float:
    size = of_tree(pid)
    assert size is not None
    return size * 1024
