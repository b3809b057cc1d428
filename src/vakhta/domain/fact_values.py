"""What the fields of facts may hold beyond their types: tables, read where facts come from outside.

The service itself writes no such values; a file for `vakhta deadlines` may, and a clock reckoned from a
word that means nothing would look right.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from vakhta.domain import facts
from vakhta.domain.facts import CHANNELS, FACTS, OUTCOMES, SEVERITIES, Fact, Recorded
from vakhta.domain.norms import VERIFIED, NormError, correction_day, is_of_contract, seconds
from vakhta.domain.regulations import NORMS

ID_LENGTH = 100

WORDS: dict[tuple[type[Fact], str], Collection[str]] = {
    (facts.InteractionReceived, "channel"): CHANNELS,
    (facts.InteractionEnded, "outcome"): OUTCOMES,
    (facts.TicketRegistered, "severity"): SEVERITIES,
    (facts.NormCorrected, "verified"): ("", *VERIFIED),
}
"""Fields that hold one of a few words."""

NUMBERS: dict[tuple[type[Fact], str], tuple[int, int]] = {
    (facts.TicketConfirmed, "rating"): (1, 5),
    (facts.TicketRated, "rating"): (1, 5),
    (facts.TicketReturned, "rating"): (1, 5),
    (facts.StepSkipped, "step"): (1, 9),
}
"""Fields that hold a number of a short scale: the least and the greatest."""

ABOVE_ZERO: dict[type[Fact], Collection[str]] = {
    facts.InteractionTaken: ("before",),
    facts.NormPromised: ("organisation",),
    facts.OutageAnnounced: ("buildings",),
    facts.PersonErased: ("tickets", "interactions"),
    facts.WordsErased: ("entries",),
    facts.EntryParked: ("parked",),
    facts.HandoverSigned: ("tickets", "interactions"),
}
"""Numbers of rows and entries, alone or in a list; an `Id` has its own rule, `check_id`."""

SPANS: tuple[type[Fact], ...] = (facts.AccessAgreed, facts.OutageAnnounced, facts.HandoverSigned)
"""Facts with `since` and `until`."""


class ValueRefused(ValueError):
    """`field` and the reason in Russian."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


def check_values(recorded: Recorded) -> None:
    """Raises ValueRefused for the first field that holds what it cannot mean."""
    fact = recorded.fact
    if recorded.entry < 0:
        raise ValueRefused("нужно число не меньше нуля", "entry")
    _check_tables(fact)
    _check_above_zero(fact)
    if isinstance(fact, SPANS):
        _check_span(fact)
    elif isinstance(fact, facts.TermsTold):
        _check_told(fact, recorded.happened_at)
    elif isinstance(fact, (facts.NormCorrected, facts.NormPromised)):
        _check_limit(fact)
    elif isinstance(fact, (facts.ClockAtRisk, facts.ClockBreached)):
        _check_norm(fact.norm)
        if fact.ticket is None and fact.interaction is None:
            raise ValueRefused("нужна заявка или обращение (interaction)", "ticket")
        if isinstance(fact, facts.ClockBreached) and fact.due_at > recorded.happened_at:
            raise ValueRefused("срок позже, чем само нарушение", "due_at")
    elif isinstance(fact, facts.Undone) and fact.undone_kind and fact.undone_kind not in FACTS:
        raise ValueRefused(f"неизвестный факт «{fact.undone_kind[:40]}»", "undone_kind")


def _check_tables(fact: Fact) -> None:
    for (kind, name), words in WORDS.items():
        if type(fact) is kind and getattr(fact, name) not in words:
            raise ValueRefused(f"бывает: {', '.join(filter(None, words))}", name)
    for (kind, name), (least, greatest) in NUMBERS.items():
        value = getattr(fact, name) if type(fact) is kind else None
        if value is not None and not least <= value <= greatest:
            raise ValueRefused(f"нужно число от {least} до {greatest}", name)


def _check_above_zero(fact: Fact) -> None:
    for name in ABOVE_ZERO.get(type(fact), ()):
        value = getattr(fact, name)
        numbers = value if isinstance(value, tuple) else (value,)
        if any(number is not None and number <= 0 for number in numbers):
            raise ValueRefused("нужен номер больше нуля", name)


def check_id(value: int | str, field: str) -> None:
    """An id names something: a number above zero or a short printed word. Raises ValueRefused."""
    if isinstance(value, int):
        if value <= 0:
            raise ValueRefused("нужен номер больше нуля", field)
    elif not value.strip():
        raise ValueRefused("пусто: нужен номер", field)
    elif len(value) > ID_LENGTH:
        raise ValueRefused(f"номер длиннее {ID_LENGTH} знаков", field)
    elif not value.isprintable():
        raise ValueRefused("непечатный символ в номере", field)


def _check_told(fact: facts.TermsTold, at: datetime) -> None:
    if fact.until is not None and fact.until <= at:
        raise ValueRefused("названный срок не позже, чем он сообщён", "until")


def _check_span(fact: Any) -> None:
    if fact.since is not None and fact.until is not None and fact.until < fact.since:
        raise ValueRefused("раньше, чем since", "until")


def _check_limit(fact: facts.NormCorrected | facts.NormPromised) -> None:
    _check_norm(fact.norm)
    field = "since"
    try:
        if isinstance(fact, facts.NormCorrected):
            correction_day(fact)
            field = "reason"
            if not fact.reason.strip():
                raise ValueRefused("нужна причина уточнения", "reason")
        field = "limit"
        if fact.limit is not None:
            seconds(fact.limit)
    except NormError as error:
        raise ValueRefused(str(error), field) from None


def _check_norm(code: str) -> None:
    if code not in NORMS and not is_of_contract(code):
        raise ValueRefused(f"неизвестная норма «{code[:40]}»", "norm")
