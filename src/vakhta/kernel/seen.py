"""Of two people at one form the second is told: a form carries a mark of what it was drawn from."""

from __future__ import annotations

import zlib

from django.db import models

from vakhta.kernel.refusal import Conflict

FIELD = "seen"
"""Of a form, and of the refusal."""


def mark(*said: object) -> str:
    whole = "\x1f".join(map(str, said))
    return f"{zlib.crc32(whole.encode()):08x}"


def seen_of(row: models.Model, *names: str) -> str:
    """A mark of what a form was drawn from."""
    return mark(*(getattr(row, name) for name in names))


def check_seen(seen: str, now: str) -> None:
    """Raises `Conflict` about `seen` when the row is no more what the form was drawn from. The page draws the form once
    more with what was typed and, beside it, what is there now."""
    if seen != now:
        raise Conflict(
            "Пока вы правили, это изменил кто-то другой. Ваши слова остались в форме, рядом — что записано сейчас: сверьте и отправьте ещё раз.",
            FIELD,
        )
