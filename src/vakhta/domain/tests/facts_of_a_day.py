"""Short words for the tests of clocks: moments of one day in Moscow, and recorded facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vakhta.domain.deadlines import Clock, clocks
from vakhta.domain.facts import Fact, InteractionReceived, Recorded, TicketRegistered

MOSCOW = ZoneInfo("Europe/Moscow")

CONTAINMENT = "pp416.13.containment"
TERMS = "pp416.13.terms"
ELIMINATION = "pp416.13.elimination"
CHUTE = "pp416.13.chute"
REPAIR = "contract.repair"


def at(text: str, zone: str = "Europe/Moscow") -> datetime:
    """ "10:05" of 24 November 2026, a Tuesday; "25 10:05" of another day; or a whole ISO moment."""
    if len(text) <= 8:
        day, _, hour = text.rpartition(" ")
        text = f"2026-11-{day or '24'}T{hour}"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def happened(
    fact: Fact, when: str | datetime, recorded: str | datetime | None = None, entry: int = 0
) -> Recorded:
    moment = at(when) if isinstance(when, str) else when
    later = at(recorded) if isinstance(recorded, str) else recorded
    return Recorded(fact=fact, happened_at=moment, recorded_at=later or moment, entry=entry)


def registered(
    when: str | datetime, *codes: str, ticket: int | str = 1, entry: int = 0, **fields: Any
) -> Recorded:
    """A ticket with these norms; contract terms are of four hours."""
    norms = tuple({"code": c, "limit": 4 * 3600} if c.startswith("contract.") else {"code": c} for c in codes)
    return happened(TicketRegistered(ticket=ticket, norms=norms, **fields), when, entry=entry)


def received(when: str, channel: str = "phone", **fields: Any) -> Recorded:
    return happened(InteractionReceived(interaction=5, channel=channel, **fields), when)


def the_clock(*events: Recorded, code: str = "", now: str | datetime | None = None, **rest: Any) -> Clock:
    """The only clock of the facts, or the one of a norm."""
    moment = at(now) if isinstance(now, str) else now
    found = [clock for clock in clocks(events, now=moment, **rest) if code in ("", clock.norm.code)]
    assert len(found) == 1, [clock.norm.code for clock in found]
    return found[0]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
