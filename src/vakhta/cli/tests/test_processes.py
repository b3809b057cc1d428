"""Stopping by a signal: once or twice, whatever the main thread is doing."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from vakhta.cli.processes import stop_by_signal


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops(number: signal.Signals) -> None:
    stop = stop_by_signal()
    assert not stop.is_set()
    signal.raise_signal(number)
    assert stop.wait(5)


def test_a_signal_that_comes_inside_the_event_itself_does_not_wait_for_ever() -> None:
    """The main thread holds the event's lock for a moment in every `stop.wait`, and in a handler."""
    stop = stop_by_signal()
    with stop._cond:  # type: ignore[attr-defined]
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
    assert stop.wait(5)
