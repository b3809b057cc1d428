"""How long a supply may be off: ПП 354, приложение 1, beside the length that somebody announces.

It judges one break by itself; how many hours of a month a flat was without it is counted where bills are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from vakhta.domain.regulations.pp354 import BREAKS, Break

OUTAGE_SERVICES = ("cold_water", "hot_water", "sewerage", "electricity", "gas", "heating", "waste")
"""The seven of ГИС ЖКХ, as outages name them."""
_OF = {"electricity": "power"}
"""Where the act's table has another name."""
_ONLY_PLANNED = frozenset({"hot_water.maintenance"})
_ONLY_BROKEN = frozenset({"hot_water.dead_end", "cold_water.network"})


@dataclass(frozen=True)
class Judged:
    """One service. `state`: kept; depends, when only a row with a condition allows so long a break; exceeded."""

    service: str
    state: str
    rows: tuple[Break, ...]
    """Of the act's table, those that may concern such a break."""


def limit_of(row: Break) -> timedelta:
    """The longest single break of a row; where only the month is limited, that; where no hours are, any."""
    hours = row.once if row.once is not None else row.month
    return timedelta.max if hours is None else timedelta(hours=hours)


def judge(service: str, length: timedelta, *, is_planned: bool) -> Judged:
    """What the act says of a break of `length`. Raises ValueError for a service that outages do not have."""
    if service not in OUTAGE_SERVICES:
        raise ValueError(f"unknown service {service}")
    others = _ONLY_BROKEN if is_planned else _ONLY_PLANNED
    rows = tuple(row for row in BREAKS if row.service == _OF.get(service, service) and row.code not in others)
    fits = [row for row in rows if length <= limit_of(row)]
    if not fits:
        return Judged(service, "exceeded", rows)
    is_kept = len(fits) == len(rows) or any(not row.when for row in fits)
    return Judged(service, "kept" if is_kept else "depends", rows)
