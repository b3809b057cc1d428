"""What the service says of itself: JSON lines in production, readable lines in the demo.

A log names ids, routes, kinds of errors and places in the code; never a name, a phone, a word of a
person, an address with a token in it. So three things are cut here, whoever writes: the text of an
exception (a database quotes rows in it), the arguments of a library's message (paths, hosts) and a
library's message that has no arguments, because then its words may have been put together from them.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

OURS = "vakhta"
SPOKEN = ("_granian",)
"""Loggers whose finished sentences are known to hold process numbers and ports only."""


def places(error: BaseException) -> list[str]:
    """Where an error went through, outermost first: "web/guard.py:41", or the library's file."""
    found = []
    for frame in traceback.extract_tb(error.__traceback__)[-12:]:
        parts = frame.filename.rpartition("/vakhta/")[2].rpartition("site-packages/")[2].split("/")
        found.append(f"{'/'.join(parts[-3:])}:{frame.lineno}")
    return found


def without_text_of_errors(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """`exc_info` → `error` (kinds, the cause last) and `at` (places); what the error says stays out."""
    said = event.pop("exc_info", None)
    error = said if isinstance(said, BaseException) else said[1] if isinstance(said, tuple) else None
    if said is True:
        import sys

        error = sys.exc_info()[1]
    if error is not None:
        event["at"] = places(error)
        kinds: list[str] = []
        cause: BaseException | None = error
        while cause is not None and len(kinds) < 5:
            kinds.append(type(cause).__name__)
            cause = cause.__cause__
        event["error"] = " ← ".join(kinds)
    event.pop("stack_info", None)
    return event


def templates_of_libraries(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A record of `logging`: its template without the arguments; without a template its place only."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or event.get("_from_structlog"):
        return event
    event["logger"], arguments = record.name, event.pop("positional_args", None)
    if record.name in SPOKEN:
        event["event"] = record.getMessage()
    elif arguments and isinstance(record.msg, str):
        event["event"] = record.msg
    else:
        event["event"] = f"{record.module}:{record.lineno}"
    return event


_COMMON: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)


def renderer(*, is_human: bool) -> list[Processor]:
    """The end of the way of every record."""
    if is_human:
        console = structlog.dev.ConsoleRenderer(
            colors=False, timestamp_key="time", exception_formatter=lambda sio, info: None
        )
        last: list[Processor] = [console]
    else:
        last = [
            structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda thing: type(thing).__name__)
        ]
    return [
        templates_of_libraries,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        without_text_of_errors,
        *last,
    ]


def logging_settings(*, is_human: bool) -> dict[str, Any]:
    """Django's LOGGING; and structlog, so that both write the same lines into standard error."""
    structlog.configure(
        processors=[*_COMMON, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": list(_COMMON),
                "processors": renderer(is_human=is_human),
                "use_get_message": False,
                "pass_foreign_args": True,  # nosec B105  # whether arguments go on to the formatter
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            OURS: {"level": "INFO"},
            "_granian": {"level": "INFO"},
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
        },
    }
