"""What everybody of one scope is shown alike, made once for all who ask for it after the same entry of the journal.

Fifty desks ask for their queue anew with each change, all within half a second, and each was answered by the same five
statements (docs/adr/0021-one-answer-for-all-desks.md). The first of them makes it, the others wait for that one. What
belongs to the person who asks is no part of it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import get_language

from vakhta.kernel.kept import kept
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, current_scope

SECONDS = 1.0
"""For so long what only time changes may stand as it was; whatever anybody does is an entry."""
MOST = 64
"""Scopes in as many languages and zones of which an answer is kept; of more the one that was asked for longest ago goes."""
Made = TypeVar("Made")


@dataclass
class _Answer(Generic[Made]):
    """`entry`: the newest when it was made; `at`: seconds of the process's clock."""

    entry: int = -1
    at: float = 0.0
    made: Made | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def shared(make: Callable[..., Made]) -> Callable[..., Made]:
    """`make(now, *asked)`, made once for all who `asked` alike in one scope. It must depend on nothing else: neither on who
    acts nor on `now` to less than `SECONDS`. One query when it is known already."""
    answers: OrderedDict[Hashable, _Answer[Made]] = OrderedDict()
    lock = threading.Lock()

    @wraps(make)
    def answer(now: datetime, *asked: Hashable) -> Made:
        key = (_seen_by(current_scope()), get_language(), *asked)
        entry = next(iter(newest_entry()), 0)  # before it is made: of what comes meanwhile the next one tells
        with lock:
            known = answers.setdefault(key, _Answer())
            answers.move_to_end(key)
            while len(answers) > MOST:
                answers.popitem(last=False)
        with known.lock:
            if known.made is None or known.entry != entry or time.monotonic() - known.at > SECONDS:
                known.made, known.entry, known.at = make(now, *asked), entry, time.monotonic()
            return known.made

    return answer


def _seen_by(scope: Scope) -> tuple[Any, ...]:
    """All that decides which rows a scope sees and what its role may do with them."""
    return scope.companies, scope.centre, scope.role, scope.classifier, scope.lent_to, scope.lent_since


@kept
def newest_entry() -> QuerySet[Entry, int]:
    return Entry.objects.order_by("-id").values_list("id", flat=True)[:1]
