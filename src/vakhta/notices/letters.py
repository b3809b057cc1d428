"""What a letter to an applicant says, in words that need no knowledge of the trade. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.domain.deadlines import Clock
from vakhta.kernel.words import written_moment

PROMISES = {
    "TermsTold": marked("назовём вам, когда всё будет сделано"),
    "CrewOnSite": marked("приедем"),
    "PassengersEvacuated": marked("освободим людей из лифта"),
    "DamageContained": marked("остановим аварию (перекроем или обезопасим)"),
    "QualityChecked": marked("придём и проверим"),
    "AnswerGiven": marked("ответим на запрос"),
    "WorkDone": marked("устраним неисправность"),
}
"""The fact that stops a norm's clock → what the applicant may expect, in the order of happening."""
UNKNOWN_ITEM = ", пункт не установлен"


@dataclass(frozen=True)
class TermLine:
    """«остановим аварию: до 14:35 24 ноября (ПП 416, п. 13)»."""

    promise: str
    due: str
    law: str


def term_lines(clocks: Iterable[Clock], zone: str, now: datetime) -> list[TermLine]:
    """What is promised by the terms that run, the nearest first; of two that promise the same, the nearer."""
    running = [clock for clock in clocks if clock.due_at and clock.stopped_at is None]
    found: dict[str, TermLine] = {}
    for clock in sorted(running, key=lambda clock: (clock.due_at or now, clock.norm.code)):
        promise = next((text for kind, text in PROMISES.items() if kind in clock.norm.stops), "")
        if clock.due_at and promise and promise not in found:
            law = clock.norm.short_provenance.removesuffix(UNKNOWN_ITEM)
            found[promise] = TermLine(_(promise), written_moment(clock.due_at, zone, now), law)
    return list(found.values())
