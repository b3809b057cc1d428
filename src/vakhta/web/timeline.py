"""How an entry of the journal looks in a timeline; what it says is told by `reports.sayings`."""

from __future__ import annotations

GOOD = frozenset({"DamageContained", "PassengersEvacuated", "WorkDone", "TicketConfirmed", "QualityChecked"})
BAD = frozenset(
    {
        "ClockBreached",
        "TicketReturned",
        "WorkRefused",
        "NoAccess",
        "NoticeFailed",
        "TicketVoided",
        "CallAbandoned",
    }
)
WAIT = frozenset({"ClockAtRisk", "QuestionAsked", "ClockPaused", "StepSkipped"})


def tone(kind: str) -> str:
    return "good" if kind in GOOD else "bad" if kind in BAD else "wait" if kind in WAIT else ""
