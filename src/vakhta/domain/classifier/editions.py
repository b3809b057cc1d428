"""An office's own edition of an entry: what it may change, and what it may never take away.

The norms of an entry are the law's: an edition adds to them and removes none. What a life may depend on is not
switched off and stays an emergency.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

from vakhta.domain.classifier.entry import SERVICES, SEVERITIES, SKILLS, Entry
from vakhta.domain.regulations import NORMS

QUESTION, SAFETY, PLAN, DANGER = 60, 115, 120, 115
"""Letters that can be said in one breath."""
LINES = (2, 4)
"""How many questions, and how many words of safety."""
TIMED = tuple(
    code
    for code, norm in NORMS.items()
    if norm.is_clock and norm.limit is not None and norm.trigger == "TicketRegistered"
)
"""Norms that a ticket may have."""
_GRAVEST = tuple(SEVERITIES)
MOST_WORDS, WORD = 20, re.compile(r"[а-я]{3,30}")


class EditionError(ValueError):
    """A template of the reason in Russian, the field, and what is said in the reason: as `Refused` has them."""

    def __init__(self, reason: str, field: str, **said: object) -> None:
        super().__init__(reason)
        self.field, self.reason, self.said = field, reason, said


@dataclass(frozen=True, kw_only=True)
class Edition:
    """All that an office may change of an entry, as it is to be."""

    severity: str
    skill: str
    plan: str
    questions: tuple[str, ...]
    safety: tuple[str, ...]
    services: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()
    """Beside the entry's own."""
    danger: str = ""
    needs_access: bool = False
    words: tuple[str, ...] = ()
    is_off: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Values that JSON can carry; `of_dict` reads them."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def of_dict(said: dict[str, Any]) -> Edition:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    return Edition(**values)


def edition_of(entry: Entry, base: Entry) -> Edition:
    """What an edition would say for the entry to be as it is; `base`: as the program has it."""
    kept = {field.name: getattr(entry, field.name) for field in fields(Edition) if field.name != "norms"}
    return Edition(**kept, norms=tuple(code for code in entry.norms if code not in base.norms))


def edited(base: Entry, edition: Edition, version: int) -> Entry:
    """The entry as an office has it."""
    kept = {field.name: getattr(edition, field.name) for field in fields(edition) if field.name != "norms"}
    norms = (*base.norms, *(code for code in edition.norms if code not in base.norms))
    return replace(base, **kept, norms=norms, version=version)


def check(base: Entry, edition: Edition) -> None:
    """Raises EditionError for the first field that leaves the entry unfinished or takes away what must stay."""
    _check_choices(edition)
    _check_text("plan", (edition.plan,), PLAN)
    _check_lines("questions", edition.questions, QUESTION)
    if not all(text.endswith("?") for text in edition.questions):
        raise EditionError("Каждый вопрос кончается знаком «?», по одному в строке.", "questions")
    _check_lines("safety", edition.safety, SAFETY)
    if edition.danger:
        _check_text("danger", (edition.danger,), DANGER)
    _check_words(edition.words)
    if base.danger:
        _check_danger(base, edition)
    if base.services and edition.services[:1] != base.services[:1]:
        service = SERVICES[base.services[0]]
        raise EditionError("Служба «%(service)s» остаётся: ей сообщают первой.", "services", service=service)


def _check_choices(edition: Edition) -> None:
    for name, known in (("severity", SEVERITIES), ("skill", SKILLS)):
        if getattr(edition, name) not in known:
            raise EditionError("Выберите из списка.", name)
    if not set(edition.services) <= set(SERVICES):
        raise EditionError("Выберите службы из списка.", "services")
    if not set(edition.norms) <= set(TIMED):
        raise EditionError("Выберите нормы со сроком из списка.", "norms")


def _check_words(words: tuple[str, ...]) -> None:
    if len(words) > MOST_WORDS:
        raise EditionError("Слов не больше %(most)s.", "words", most=MOST_WORDS)
    for word in words:
        if not WORD.fullmatch(word):
            raise EditionError("«%(word)s»: нужно начало слова, от 3 русских букв.", "words", word=word[:40])


def _check_danger(base: Entry, edition: Edition) -> None:
    """On this entry's words a life may depend."""
    if _GRAVEST.index(edition.severity) > _GRAVEST.index(base.severity):
        raise EditionError(
            "Срочность не ниже «%(severity)s».", "severity", severity=SEVERITIES[base.severity]
        )
    if edition.is_off:
        raise EditionError("Этот вид не отключается: от него может зависеть жизнь.", "is_off")
    if not edition.danger:
        raise EditionError("Предупреждение об опасности остаётся: от него может зависеть жизнь.", "danger")


def _check_lines(name: str, texts: tuple[str, ...], most: int) -> None:
    least, limit = LINES
    if not least <= len(texts) <= limit:
        raise EditionError(
            "Строк от %(least)s до %(most)s, сейчас %(now)s.", name, least=least, most=limit, now=len(texts)
        )
    _check_text(name, texts, most)


def _check_text(name: str, texts: tuple[str, ...], most: int) -> None:
    for text in texts:
        if not text:
            raise EditionError("Заполните: без этого вид неисправности не закончен.", name)
        if len(text) > most:
            raise EditionError(
                "«%(text)s…»: короче, до %(most)s знаков, чтобы сказать на одном дыхании.",
                name,
                text=text[:30],
                most=most,
            )
