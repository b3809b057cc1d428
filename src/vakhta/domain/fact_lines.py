"""A recorded fact as one line of JSON, read strictly: what `vakhta deadlines` takes.

`{"fact": "WorkDone", "ticket": "26-1", "happened_at": "2026-11-24T10:00:00+03:00"}`; beside the
fact's own fields a line may hold the envelope's: recorded_at, actor, late_reason, entry.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from vakhta.domain.fact_values import ValueRefused, check_id, check_values
from vakhta.domain.facts import FACTS, Fact, Recorded

MAX_LINE = 1 << 20
"""Bytes: a longer line is not a fact."""
YEARS = 1990, 2100
"""Moments outside are mistakes."""

_ENVELOPE = ("fact", "happened_at", "recorded_at", "actor", "late_reason", "entry")
_BIGGEST = 1 << 53
_KINDS: dict[Any, str] = {str: "строка", int: "целое число", bool: "true или false", dict: "объект"}


class LineRefused(ValueError):
    """`field` ("" when the whole line is meant) and the reason in Russian."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


def read_line(line: bytes) -> Recorded:
    """The recorded fact of a line. Raises LineRefused."""
    try:
        recorded = _recorded(_object(line))
        check_values(recorded)
    except ValueRefused as refused:
        raise LineRefused(refused.reason, refused.field) from None
    return recorded


_NEEDED = frozenset({("TicketRegistered", "norms")})
"""What a line must say although its fact could do without: a ticket of no norms would print nothing, as if nothing
were to be kept. Who means that says `[]`."""
FARTHEST = timedelta(hours=14)
"""No place on Earth is farther from UTC."""


def _recorded(values: dict[str, Any]) -> Recorded:
    kind = values.get("fact")
    if "fact" not in values:
        raise LineRefused("обязательное поле отсутствует", "fact")
    cls = FACTS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise LineRefused(f"неизвестный факт {_shown(kind)}", "fact")
    fields = _fields(cls)
    for name in values:
        if name not in fields and name not in _ENVELOPE:
            raise LineRefused(f"у факта {cls.__name__} нет такого поля", name)
    if "happened_at" not in values:
        raise LineRefused("обязательное поле отсутствует", "happened_at")
    happened_at = moment(values["happened_at"], "happened_at")
    recorded_at = moment(values["recorded_at"], "recorded_at") if "recorded_at" in values else happened_at
    if recorded_at < happened_at:
        raise LineRefused("записано раньше, чем произошло", "recorded_at")
    own = {}
    for name, (hint, required) in fields.items():
        if name in values:
            own[name] = _value(values[name], hint, name)
        elif required or (kind, name) in _NEEDED:
            raise LineRefused("обязательное поле отсутствует", name)
    return Recorded(
        fact=cls(**own),
        happened_at=happened_at,
        recorded_at=recorded_at,
        actor=_value(values.get("actor", ""), str, "actor"),
        late_reason=_value(values.get("late_reason", ""), str, "late_reason"),
        entry=_value(values.get("entry", 0), int, "entry"),
    )


def moment(value: object, field: str) -> datetime:
    """A moment with its zone. Raises LineRefused."""
    if not isinstance(value, str):
        raise LineRefused("нужен момент строкой, например 2026-11-24T10:00:00+03:00", field)
    try:
        if value[10:11] not in ("T", " ", ""):  # Python takes any sign between a day and an hour
            raise ValueError
        found = datetime.fromisoformat(value)
        offset = found.utcoffset()
    except ValueError:
        raise LineRefused(f"{_shown(value)} — не момент времени", field) from None
    if offset is not None and abs(offset) > FARTHEST:
        raise LineRefused(f"{_shown(value)} — такого часового пояса нет", field)
    if offset is None:
        raise LineRefused(f"{_shown(value)} — без часового пояса; нужно, например, +03:00", field)
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise LineRefused(f"год {found.year} — не от {YEARS[0]} до {YEARS[1]}", field)
    return found


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise LineRefused(f"строка длиннее {MAX_LINE} байт")
    if b"\0" in line:
        raise LineRefused("нулевой символ")
    try:
        values = json.loads(line.decode(), object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise LineRefused("не UTF-8") from None
    except json.JSONDecodeError as error:
        raise LineRefused(f"не JSON: ошибка в символе {error.pos + 1}") from None
    except RecursionError:
        raise LineRefused("слишком глубоко вложено") from None
    except LineRefused:
        raise
    except ValueError:  # a number of thousands of digits
        raise LineRefused("не JSON: слишком длинное число") from None
    if not isinstance(values, dict):
        raise LineRefused("нужен объект JSON: {…}")
    return values


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise LineRefused("поле повторяется", next(name for name in names if names.count(name) > 1))
    return found


def _no_constant(name: str) -> None:
    raise LineRefused(f"не JSON: {name}")


@cache
def _fields_of(name: str) -> dict[str, tuple[Any, bool]]:
    cls = FACTS[name]
    hints = typing.get_type_hints(cls)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(cls)
    }


def _fields(cls: type[Fact]) -> dict[str, tuple[Any, bool]]:
    """Name → (type, is it required)."""
    return _fields_of(cls.__name__)


def _value(value: Any, hint: Any, field: str) -> Any:
    """The value as the fact's field holds it; refused when it has another type."""
    if hint in _KINDS:
        return _plain(value, hint, field)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in args:
            return None
        return _one_of(value, [arg for arg in args if arg is not type(None)], field)
    if hint is datetime:
        return moment(value, field)
    if origin is tuple:
        if not isinstance(value, list):
            raise LineRefused("нужен список [ … ]", field)
        return tuple(_value(item, args[0], field) for item in value)
    return _plain(value, origin, field)


def _plain(value: Any, plain: Any, field: str) -> Any:
    if type(value) is not plain:  # exactly: True is no number here, and 1.0 neither
        raise LineRefused(f"нужно: {_KINDS[plain]}, а не {_shown(value)}", field)
    if isinstance(value, int) and abs(value) > _BIGGEST:
        raise LineRefused("слишком большое число", field)
    if isinstance(value, str):
        _check_text(value, field)
    if isinstance(value, dict):
        _check_text(json.dumps(value, ensure_ascii=False), field)
    return value


def _one_of(value: Any, hints: list[Any], field: str) -> Any:
    if len(hints) == 1:
        return _value(value, hints[0], field)
    for hint in hints:
        if type(value) is hint:
            found = _value(value, hint, field)
            check_id(found, field)  # only an Id is a number or a word
            return _number_of(found)
    raise LineRefused(f"нужно: {' или '.join(_KINDS[hint] for hint in hints)}, а не {_shown(value)}", field)


def _number_of(said: int | str) -> int | str:
    """ "17" and 17 are one id."""
    if not isinstance(said, str) or not said.isascii() or not said.isdigit() or said[0] == "0":
        return said
    return int(said) if len(said) <= len(str(_BIGGEST)) else said


def _check_text(value: str, field: str) -> None:
    if "\0" in value or "\\u0000" in value:
        raise LineRefused("нулевой символ", field)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise LineRefused("половина символа UTF-16", field) from None


def _shown(value: object) -> str:
    """A value as a message quotes it: short, on one line, printable."""
    text = json.dumps(value, ensure_ascii=True) if not isinstance(value, str) else f"«{value}»"
    text = "".join(char if char.isprintable() else "?" for char in text)
    return text if len(text) <= 60 else f"{text[:57]}…"
