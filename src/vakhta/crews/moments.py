"""When a technician's move was made, if the phone could tell of it only later.

The phone's clock serves as a stopwatch only: a move says how long *before its sending* it was made.
A phone whose clock stands wrong is right about that too; one whose clock was moved meanwhile is not,
so what is possible has bounds, and beyond them the move is refused in words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from vakhta.kernel.refusal import Invalid

PROMPT = timedelta(seconds=10)
"""A slow network may take so long: the move counts as made when it arrived."""
SLIP = timedelta(minutes=1)
"""So far the phone's clock may have been corrected meanwhile."""
KEPT_FOR = timedelta(hours=13)
"""A shift and its hand-over: a phone that was silent longer is not asked for moments any more."""
LATE_REASON = "отмечено в телефоне без связи"
FIELD = "ago"


def late_reason(ago: timedelta) -> str:
    """Why the entry comes after the fact; "" when it does not."""
    return LATE_REASON if ago >= PROMPT else ""


def made_at(ago: timedelta, *, at: datetime, offered_at: datetime) -> datetime | None:
    """The moment of a move that arrived at `at` and was made `ago` before; None when that is now.
    Never before the order was given out. Raises `Invalid` about `ago`."""
    if ago < -SLIP:
        raise Invalid("Часы телефона перевели назад: когда это было, не узнать.", FIELD)
    if ago < PROMPT:
        return None
    if ago > KEPT_FOR:
        raise Invalid("Отмечено больше 13 часов назад: такое время с телефона не принимается.", FIELD)
    moment = at - ago
    if moment < offered_at - SLIP:
        raise Invalid("По часам телефона это было раньше, чем выдан наряд.", FIELD)
    return max(moment, offered_at)
