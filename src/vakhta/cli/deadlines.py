"""`vakhta deadlines FILE [--at TIME]`: the clocks of facts that stand in a file, as JSON lines.

Pure: no database, no settings. Either every clock is printed, or nothing but what is wrong and where.
Described with examples in docs/deadlines.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, time, timedelta
from typing import IO, Any
from zoneinfo import ZoneInfo

from vakhta.domain.deadlines import Clock, FactsRefused, clocks
from vakhta.domain.fact_lines import MAX_LINE, LineRefused, moment, read_line
from vakhta.domain.facts import Recorded, Undone
from vakhta.kernel.clock import now
from vakhta.kernel.reasons import reason

HELP = "сроки по фактам из файла (строки JSON), без базы данных"
MOST_ERRORS = 20


UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""How a file begins that an office program or a Windows console wrote."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("deadlines", help=HELP, description=HELP)
    parser.add_argument("file", metavar="FILE", help="файл с фактами, по одному в строке; - читает из потока")
    parser.add_argument(
        "--at",
        metavar="TIME",
        help="момент, на который сказать состояние (2026-11-24T10:00:00+03:00); без него — сейчас",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: every clock is printed. 2: nothing is, and stderr says what is wrong."""
    try:
        at = moment(args.at, "--at") if args.at is not None else now()
        with _opened(args.file) as stream:
            lines = list(_read(stream))
        found = _clocks(lines, at)
    except _Wrong as wrong:
        print(*wrong.messages, sep="\n", file=sys.stderr)
        return 2
    except LineRefused as refused:
        print(f"{refused.field}: {refused.reason}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"не удалось прочитать {args.file}: {reason(error)}", file=sys.stderr)
        return 2
    return _print(json.dumps(as_json(clock), ensure_ascii=False) for clock in found)


class _Wrong(Exception):
    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if name == "-" else open(name, "rb")


def _read(stream: IO[bytes]) -> Iterator[tuple[int, Recorded]]:
    """(line number, fact) of every line that is not empty. Raises _Wrong with all that is wrong."""
    wrong: list[str] = []
    number = 0
    while raw := stream.readline(MAX_LINE + 2):
        number += 1
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
            if raw.startswith(UTF_16):  # of every line the same would be said
                raise _Wrong([_message(1, "", "файл в кодировке UTF-16: сохраните его в UTF-8")])
        try:
            if raw.strip():
                yield number, read_line(raw)
        except LineRefused as refused:
            wrong.append(_message(number, refused.field, refused.reason))
            while raw and not raw.endswith(b"\n"):  # the rest of a line that is too long
                raw = stream.readline(MAX_LINE)
            if len(wrong) == MOST_ERRORS:
                break
    if wrong:
        raise _Wrong(wrong)


def _clocks(lines: list[tuple[int, Recorded]], at: datetime) -> tuple[Clock, ...]:
    if wrong := list(_wrong_entries(lines)):
        raise _Wrong(wrong[:MOST_ERRORS])
    try:
        return clocks([recorded for _, recorded in lines], now=at, strict=True)
    except FactsRefused as refused:
        told = (refused, *refused.others)[:MOST_ERRORS]
        wrong = [
            _message(number, one.field, one.reason)
            for number, recorded in lines
            for one in told
            if recorded == one.recorded
        ]
        raise _Wrong(list(dict.fromkeys(wrong))[:MOST_ERRORS]) from None


def _wrong_entries(lines: list[tuple[int, Recorded]]) -> Iterator[str]:
    """An entry's number belongs to one fact, and an undo names one that is there."""
    entries: dict[int, Recorded] = {}
    for number, recorded in lines:
        if recorded.entry and entries.setdefault(recorded.entry, recorded) != recorded:
            yield _message(number, "entry", f"записью {recorded.entry} уже назван другой факт")
    for number, recorded in lines:
        if isinstance(recorded.fact, Undone) and recorded.fact.undoes not in entries:
            yield _message(number, "undoes", f"записи {recorded.fact.undoes} в файле нет")


def _message(number: int, field: str, reason: str) -> str:
    place = f"строка {number}, поле {_printable(field)}" if field else f"строка {number}"
    return f"{place}: {_printable(reason)}"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:300]


def as_json(clock: Clock) -> dict[str, Any]:
    """A clock as it is printed: moments in the building's zone, lengths in seconds."""
    zone, norm = ZoneInfo(clock.zone), clock.norm

    def local(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat() if at else None

    return {
        "subject": clock.subject,
        "norm": norm.code,
        "title": norm.title,
        "act": norm.act,
        "item": norm.item,
        "edition": norm.edition,
        "verified": norm.verified,
        "limit": norm.limit_text,
        "started": local(clock.started_at),
        "at_risk": local(clock.at_risk_at),
        "due": local(clock.due_at),
        "stopped": local(clock.stopped_at),
        "stopped_by": clock.stopped_by or None,
        "stopped_recorded": local(clock.stopped_recorded_at),
        "paused": clock.paused,
        "paused_for": _seconds(clock.paused_for),
        "state": clock.state,
        "recorded_late": clock.recorded_late,
        "late_by": _seconds(_late(clock)),
        "breach_written": clock.breach_written,
    }


def _late(clock: Clock) -> timedelta:
    """After a term that ends with its day it is late from midnight on: the last microsecond of the day is how such
    a term is written. What is late at that midnight itself is late by it all the same."""
    ends_with_day = clock.due_at.astimezone(ZoneInfo(clock.zone)).time() == time.max
    return clock.late_by - _MOMENT if ends_with_day and clock.late_by > _MOMENT else clock.late_by


_MOMENT = timedelta.resolution


def _seconds(length: timedelta) -> int | float:
    return length.total_seconds() if length.microseconds else int(length.total_seconds())


def _print(lines: Iterable[str]) -> int:
    text = "".join(f"{line}\n" for line in lines)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
