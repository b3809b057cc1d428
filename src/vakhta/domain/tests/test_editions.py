"""An office's own edition of an entry: finished, never laxer than the law, never without what a life depends on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vakhta.domain.classifier import ENTRIES, suggest
from vakhta.domain.classifier.editions import Edition, EditionError, check, edited, edition_of, of_dict

RISER, GAS, TAPS = ENTRIES["flat.cold.riser"], ENTRIES["house.gas.smell"], ENTRIES["flat.taps"]


def of(entry, **changed: object) -> Edition:
    return replace(edition_of(entry, entry), **changed)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_every_entry_as_it_stands_is_a_finished_edition(entry) -> None:
    check(entry, of(entry))
    assert edited(entry, of(entry), 0) == entry
    assert of_dict(of(entry).as_dict()) == of(entry)


WRONG = [
    (RISER, {"severity": "горит"}, "severity"),
    (RISER, {"severity": ""}, "severity"),
    (RISER, {"skill": ""}, "skill"),
    (RISER, {"services": ("mayor",)}, "services"),
    (RISER, {"norms": ("pp416.13.agreed",)}, "norms"),
    (RISER, {"norms": ("pp416.13.answer",)}, "norms"),
    (RISER, {"norms": ("нет такой",)}, "norms"),
    (RISER, {"plan": ""}, "plan"),
    (RISER, {"plan": "я" * 121}, "plan"),
    (RISER, {"questions": ("Один?",)}, "questions"),
    (RISER, {"questions": ("А?", "Б?", "В?", "Г?", "Д?")}, "questions"),
    (RISER, {"questions": ("Первый?", "без вопроса")}, "questions"),
    (RISER, {"questions": ("Первый?", "я" * 60 + "?")}, "questions"),
    (RISER, {"safety": ()}, "safety"),
    (RISER, {"safety": ("Сядьте.", "я" * 116)}, "safety"),
    (RISER, {"danger": "я" * 116}, "danger"),
    (RISER, {"words": ("аб",)}, "words"),
    (RISER, {"words": ("riser",)}, "words"),
    (RISER, {"words": ("два слова",)}, "words"),
    (RISER, {"words": tuple("абв" + "г" * n for n in range(21))}, "words"),
    (GAS, {"is_off": True}, "is_off"),
    (GAS, {"danger": ""}, "danger"),
    (GAS, {"severity": "urgent"}, "severity"),
    (GAS, {"services": ("edds",)}, "services"),
    (GAS, {"services": ()}, "services"),
]


@pytest.mark.parametrize(("entry", "changed", "field"), WRONG)
def test_an_unfinished_edition_is_refused_at_its_field(entry, changed: dict[str, object], field: str) -> None:
    with pytest.raises(EditionError) as refused:
        check(entry, of(entry, **changed))
    assert refused.value.field == field
    assert refused.value.reason % refused.value.said


def test_norms_are_added_and_none_is_taken_away() -> None:
    edition = of(TAPS, norms=("pp416.13.containment",))
    check(TAPS, edition)
    assert edited(TAPS, edition, 1).norms == (*TAPS.norms, "pp416.13.containment")
    assert set(TAPS.norms) <= set(edited(TAPS, of(TAPS, norms=()), 1).norms)


def test_an_own_word_finds_its_entry_and_is_the_reason_shown() -> None:
    own = ENTRIES | {TAPS.code: edited(TAPS, of(TAPS, words=("гусачок",)), 1)}
    assert suggest("гусачок болтается") == suggest("гусачок болтается", entries=ENTRIES)
    best = suggest("гусачка нет, болтается гусачок", entries=own)[0]
    assert best.entry.code == TAPS.code and "гусачок" in best.why and best.tells_what


def test_what_is_off_is_not_offered() -> None:
    own = ENTRIES | {TAPS.code: edited(TAPS, of(TAPS, is_off=True), 1)}
    assert suggest("капает кран")[0].entry.code == TAPS.code
    assert TAPS.code not in [match.entry.code for match in suggest("капает кран", entries=own)]
