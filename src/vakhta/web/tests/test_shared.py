"""What all desks are shown alike is made once after a change, and never shown to another scope."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connections
from django.test import Client
from django.utils import translation
from tests.cast import Cast, make_cast

from vakhta.contacts import actions as contacts
from vakhta.contacts.queries import queue
from vakhta.domain import facts
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.web import shared as sharing
from vakhta.web.shared import shared

Asked = Callable[..., int]


@pytest.fixture
def counted() -> tuple[list[str], Asked]:
    """(what was made, the shared function that makes it)."""
    made: list[str] = []

    @shared
    def make(now: datetime, *asked: str) -> int:
        made.append(" ".join(asked))
        return len(made)

    return made, make


def ask(make: Asked, scope: Scope, *asked: str) -> int:
    with reading(scope):
        return make(clock.now(), *asked)


def test_it_is_made_once_for_all_and_anew_after_a_change(
    cast: Cast, counted: tuple[list[str], Asked]
) -> None:
    made, make = counted
    assert [ask(make, cast.scope(who)) for who in (cast.ivanova, cast.sidorova, cast.ivanova)] == [1, 1, 1]
    with acting(cast.scope(cast.ivanova)):
        journal.record(facts.StockChanged(what="дом"), company=cast.north.pk)
    assert ask(make, cast.scope(cast.sidorova)) == 2
    assert len(made) == 2


def test_another_scope_role_language_or_question_has_its_own(
    cast: Cast, counted: tuple[list[str], Asked]
) -> None:
    made, make = counted
    for who in (cast.ivanova, cast.gromova, cast.client, cast.inspector):
        ask(make, cast.scope(who))
    with translation.override("en"):
        ask(make, cast.scope(cast.ivanova))
    ask(make, cast.scope(cast.ivanova), "Asia/Omsk")
    assert len(made) == 6


def test_what_time_changes_is_made_anew(
    cast: Cast, counted: tuple[list[str], Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, make = counted
    ask(make, cast.scope(cast.ivanova))
    later = sharing.time.monotonic() + sharing.SECONDS + 0.1
    monkeypatch.setattr(sharing.time, "monotonic", lambda: later)
    ask(make, cast.scope(cast.ivanova))
    assert len(made) == 2


def test_of_many_scopes_the_oldest_answer_goes(cast: Cast, counted: tuple[list[str], Asked]) -> None:
    made, make = counted
    for number in range(sharing.MOST + 1):
        ask(make, cast.scope(cast.ivanova), f"{number}")
    ask(make, cast.scope(cast.ivanova), f"{sharing.MOST}")
    assert len(made) == sharing.MOST + 1
    ask(make, cast.scope(cast.ivanova), "0")
    assert len(made) == sharing.MOST + 2


def test_who_comes_while_it_is_being_made_waits_for_it(committed: str) -> None:
    cast, made, begun = make_cast(), list[int](), threading.Event()

    @shared
    def make(now: datetime) -> int:
        begun.wait(20)
        made.append(len(queue(now)[0]))
        return len(made)

    def desk() -> int:
        try:
            return ask(make, cast.scope(cast.ivanova))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(desk) for _ in range(4)]
        begun.set()
        assert [answer.result() for answer in answers] == [1, 1, 1, 1]


def test_a_refusal_of_the_database_is_nobody_s_answer(cast: Cast) -> None:
    tried: list[int] = []

    @shared
    def make(now: datetime) -> int:
        tried.append(1)
        if len(tried) == 1:
            raise OSError
        return len(tried)

    with pytest.raises(OSError):
        ask(make, cast.scope(cast.ivanova))
    assert ask(make, cast.scope(cast.ivanova)) == 2


def test_a_queue_shows_the_next_call_at_once_and_nobody_else_s(cast: Cast) -> None:
    """Two desks of the centre and one of a served company that looks on."""
    desks = {who: Client() for who in (cast.ivanova, cast.sidorova)}
    for who, desk in desks.items():
        desk.force_login(who.user)
        assert "000-15-42" not in desk.get("/console/queue/").content.decode()
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="+79000001542")
        contacts.give_back(row.pk)
    for desk in desks.values():
        assert f'data-contact="{row.pk}"' in desk.get("/console/queue/").content.decode()
    with acting(cast.scope(cast.sidorova)):
        contacts.take(row.pk)
    assert f'data-contact="{row.pk}"' not in desks[cast.ivanova].get("/console/queue/").content.decode()
    assert f'data-contact="{row.pk}"' in desks[cast.sidorova].get("/console/queue/").content.decode()
