"""Every fact goes into the journal and comes out the same."""

from __future__ import annotations

import json
import types
import typing
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vakhta.domain.codec import UnknownFact, decode, encode, moment_text, to_json
from vakhta.domain.facts import FACTS, CommentAdded, Fact
from vakhta.kernel import journal
from vakhta.kernel.journal import acting, spelled
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
WHOLE = st.integers(-(2**62), 2**62)
MOMENT = st.datetimes(
    datetime(1901, 1, 1),  # noqa: DTZ001  # the zone comes below
    datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=3, minutes=30))]),
)
SCALAR = st.one_of(TEXT, WHOLE, st.booleans(), st.none())


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field by its type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*(of(part) for part in inner if part is not str or int not in inner))
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXT, SCALAR, max_size=3)
    return {str: TEXT, int: WHOLE, bool: st.booleans(), datetime: MOMENT, type(None): st.none()}[hint]


def facts_of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: of(hint) for name, hint in hints.items() if name != "TITLE"})


@pytest.mark.parametrize("kind", FACTS.values(), ids=lambda kind: kind.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_fact_comes_back_as_it_was(kind: type[Fact], data: st.DataObject) -> None:
    fact = data.draw(facts_of(kind))
    body, words = encode(fact)
    again = decode(fact.kind, json.loads(json.dumps(body)), words)
    assert again == fact
    assert not set(body) & set(kind.personal_fields()), "no personal word in what is chained"
    assert set(words) <= set(kind.personal_fields())


@pytest.mark.parametrize("kind", FACTS.values(), ids=lambda kind: kind.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_fact_whose_words_were_erased_still_reads(kind: type[Fact], data: st.DataObject) -> None:
    body, words = encode(data.draw(facts_of(kind)))
    again = decode(kind.__name__, {**body, **{name: {"digest": "x"} for name in words}})
    assert all(getattr(again, name) == "" for name in kind.personal_fields())


def test_every_kind_goes_through_the_database_and_verifies(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "projections", [])
    written = [example(kind) for kind in FACTS.values()]
    with acting(Scope.system("test")):
        for fact in written:
            journal.record(fact, company=1)
    with reading(Scope.system("test")):
        assert [r.fact for r in journal.recorded(Entry.objects.order_by("id"))] == written
        assert verify().is_whole


def example(kind: type[Fact]) -> Fact:
    """A fact with every field filled by what is hard to keep."""
    odd = 'ё «кавычки» \\ " \n\t 🔥 عا <b> \u2028 e\u0301'
    moment = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)

    def value(hint: Any) -> Any:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (types.UnionType, typing.Union):
            return value(inner[0])
        if origin is tuple:
            return (value(inner[0]),)
        if origin is dict:
            return {"я": odd, "a": 2**53 + 1, "b": True, "c": None}
        return {str: odd, int: 2**53 + 1, bool: True, datetime: moment}[hint]

    hints = typing.get_type_hints(kind)
    return kind(**{name: value(hint) for name, hint in hints.items() if name != "TITLE"})


@settings(deadline=None)
@given(st.dictionaries(TEXT, SCALAR, max_size=6))
def test_one_content_has_one_spelling(content: dict[str, Any]) -> None:
    turned = dict(reversed(content.items()))
    assert spelled(content) == spelled(turned)
    expected = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert spelled(content) == expected.encode(), "whoever checks the chain needs nothing but a JSON library"


@settings(deadline=None)
@given(MOMENT)
def test_one_moment_has_one_spelling(moment: datetime) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=-9)))
    assert moment_text(moment) == moment_text(elsewhere)
    assert datetime.fromisoformat(moment_text(moment)) == moment


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", object(), {1, 2}, datetime(2026, 1, 1)])  # noqa: DTZ001 - that is the point
def test_what_has_no_one_spelling_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        to_json({"a": [value]})


def test_an_unknown_kind_is_told() -> None:
    with pytest.raises(UnknownFact, match="Прилёт"):
        decode("Прилёт", {})


def test_a_field_that_this_version_does_not_know_is_passed_over() -> None:
    assert decode("CommentAdded", {"ticket": 1, "later": 2}, {"text": "да"}) == CommentAdded(
        ticket=1, text="да"
    )
