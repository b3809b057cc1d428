"""The law as frozen tables, one file per act, and the one registry of them."""

from __future__ import annotations

from vakhta.domain.norms import Norms
from vakhta.domain.regulations import (
    contracts,
    gosstroy170,
    lifts,
    people_and_calls,
    pp354,
    pp416,
    pp416_answers,
)

STATUS: dict[str, str] = {gosstroy170.ACT: gosstroy170.STATUS}
"""Act → what has to be known of the whole of it."""

NORMS = Norms(
    (
        *pp416.NORMS,
        *pp416_answers.NORMS,
        *pp354.NORMS,
        *gosstroy170.NORMS,
        *lifts.NORMS,
        *contracts.NORMS,
        *people_and_calls.NORMS,
    )
)
