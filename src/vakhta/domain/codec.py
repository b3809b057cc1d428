"""Facts as JSON values and back. Pure; the journal and the command line use it.

`encode` parts a fact into its body and its personal words; `decode` makes the fact again. Moments
become UTC text with microseconds; tuples become lists. Floats are refused: the hash of an entry
must come out the same wherever it is computed.
"""

from __future__ import annotations

import dataclasses
import typing
from datetime import UTC, datetime
from functools import cache
from typing import Any

from vakhta.domain.facts import FACTS, Fact


class UnknownFact(ValueError):
    """The journal holds a kind that this version does not know."""


def encode(fact: Fact) -> tuple[dict[str, Any], dict[str, str]]:
    """(body, words) of a fact. Empty words and None are left out of both."""
    body: dict[str, Any] = {}
    words: dict[str, str] = {}
    personal = set(fact.personal_fields())
    for name in _fields(fact.kind):
        value = getattr(fact, name)
        if name in personal:
            if value:
                words[name] = value
        elif value is not None:
            body[name] = to_json(value)
    return body, words


def decode(kind: str, body: dict[str, Any], words: dict[str, str] | None = None) -> Fact:
    """The fact of a journal entry; digests in `body` are passed over, erased words come as ""."""
    cls = FACTS.get(kind)
    if cls is None:
        raise UnknownFact(kind)
    moments = _moments(kind)
    personal = set(cls.personal_fields())
    values: dict[str, Any] = dict(words or {})
    for name, value in body.items():
        if name in personal:
            continue
        if name in moments and isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, list):
            value = tuple(value)
        values[name] = value
    known = set(_fields(kind))
    return cls(**{name: value for name, value in values.items() if name in known})


def to_json(value: Any) -> Any:
    """A value as JSON carries it; raises TypeError for what a fact may not hold."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    raise TypeError(f"a fact cannot hold {type(value).__name__}")


def moment_text(moment: datetime) -> str:
    """UTC text with microseconds: one moment, one spelling."""
    if moment.tzinfo is None:
        raise TypeError("a moment without a zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@cache
def _fields(kind: str) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(FACTS[kind]))


@cache
def _moments(kind: str) -> frozenset[str]:
    hints = typing.get_type_hints(FACTS[kind])
    return frozenset(
        name for name in _fields(kind) if datetime in (hints[name], *typing.get_args(hints[name]))
    )
