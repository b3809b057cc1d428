"""Norms as data: what each must say, who may change it and how a ticket keeps it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from vakhta.domain.facts import FACTS, NormCorrected
from vakhta.domain.norms import (
    PAUSE_REASONS,
    VERIFIED,
    CalendarDays,
    Elapsed,
    Norm,
    NormError,
    Norms,
    WorkingDays,
    effective,
    limit_text,
    plural,
    resolve,
    snapshot,
    stricter,
)
from vakhta.domain.norms_page import page
from vakhta.domain.regulations import NORMS
from vakhta.domain.regulations.pp354 import BREAKS, HOT_WATER
from vakhta.domain.regulations.sources import SOURCES

from .facts_of_a_day import CONTAINMENT, REPAIR

TODAY = date(2026, 11, 24)
ALL = [norm for code in NORMS for norm in NORMS.editions(code)]


@pytest.mark.parametrize("norm", ALL, ids=lambda norm: f"{norm.code} {norm.edition}")
def test_a_norm_says_where_it_is_from(norm: Norm) -> None:
    assert norm.act and norm.item and norm.edition
    assert norm.verified in VERIFIED
    assert norm.verified == "unverified" or norm.source, "a verified norm names its source"
    assert set(re.findall(r"S\d+", norm.source)) <= set(SOURCES)
    assert len(norm.title) <= 40, "a title stands in a row"


@pytest.mark.parametrize("norm", ALL, ids=lambda norm: f"{norm.code} {norm.edition}")
def test_a_clock_has_facts_that_start_and_stop_it(norm: Norm) -> None:
    assert bool(norm.trigger) == bool(norm.stops)
    assert {norm.trigger, *norm.stops} - {""} <= set(FACTS)
    assert set(norm.pausable) <= set(PAUSE_REASONS)
    if norm.is_clock and norm.limit is None:
        assert norm.code.startswith("contract.")
    if isinstance(norm.limit, Elapsed) and norm.is_clock:
        assert norm.limit.length > timedelta(0)


@pytest.mark.parametrize("code", NORMS)
def test_editions_do_not_overlap(code: str) -> None:
    editions = NORMS.editions(code)
    for older, newer in pairwise(editions):
        assert older.in_force_to is not None and newer.in_force_from is not None
        assert older.in_force_to < newer.in_force_from


def test_no_law_but_the_check_of_quality_lets_its_clock_stand_still() -> None:
    lawful = {norm.code for norm in NORMS.values() if norm.pausable and not norm.code.startswith("contract.")}
    assert lawful == {"pp354.108.check"}


def test_the_breaks_of_354_say_how_long_and_how_well_they_are_known() -> None:
    for allowed in BREAKS:
        assert allowed.month or allowed.once or allowed.code == "cold_water.network"
        assert set(re.findall(r"S\d+", allowed.source)) <= set(SOURCES)
    assert len({allowed.code for allowed in BREAKS}) == len(BREAKS)
    assert [(t.hours, t.deviation) for t in HOT_WATER] == [((0, 5), 5), ((5, 24), 3)]


def test_an_act_whose_force_is_not_confirmed_says_so_on_the_page() -> None:
    assert "№ 170. Действует ли этот акт в 2026 году, не подтверждено" in page()


@pytest.mark.parametrize(
    ("code", "day", "act"),
    [
        ("lifts.evacuation", "2024-08-31", "№ 743"),
        ("lifts.evacuation", "2024-09-01", "ГОСТ"),
        ("gosstroy170.2.roof", "2010-01-01", "№ 170"),
    ],
)
def test_the_edition_in_force_is_taken(code: str, day: str, act: str) -> None:
    assert act in NORMS.on(code, date.fromisoformat(day)).act


@pytest.mark.parametrize(("code", "day"), [(CONTAINMENT, "2019-02-28"), ("pp416.max", "2026-08-31")])
def test_a_norm_out_of_force_is_refused(code: str, day: str) -> None:
    with pytest.raises(NormError, match="не действует"):
        NORMS.on(code, date.fromisoformat(day))


# ── Stricter, never laxer ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "own", "limit"),
    [
        (CONTAINMENT, timedelta(minutes=20), Elapsed(timedelta(minutes=20))),
        (CONTAINMENT, timedelta(minutes=30), Elapsed(timedelta(minutes=30))),
        ("pp416.36.answer", timedelta(days=5), WorkingDays(5)),
        ("pp416.answer.others", timedelta(days=30), CalendarDays(30)),
        (REPAIR, timedelta(days=5), Elapsed(timedelta(days=5))),
    ],
)
def test_a_company_may_be_stricter(code: str, own: timedelta, limit: object) -> None:
    assert stricter(NORMS[code], own).limit == limit


@pytest.mark.parametrize(
    ("code", "own", "words"),
    [
        (
            CONTAINMENT,
            timedelta(minutes=30, seconds=1),
            r"30 минут 1 секунда мягче нормы «Локализация» .*416, п. 13",
        ),
        ("pp416.36.answer", timedelta(days=11), "11 рабочих дней мягче"),
        ("pp416.36.answer", timedelta(hours=30), "целое число суток"),
        (CONTAINMENT, timedelta(0), "от секунды"),
        (CONTAINMENT, timedelta(minutes=-1), "от секунды"),
    ],
)
def test_a_laxer_or_senseless_term_is_refused_with_its_reason(code: str, own: timedelta, words: str) -> None:
    with pytest.raises(NormError, match=words):
        stricter(NORMS[code], own)


# ── Corrections and snapshots ────────────────────────────────────────────────────────────────


def correction(since: str, limit: int | None = None, edition: str = "", verified: str = "") -> NormCorrected:
    return NormCorrected(norm=CONTAINMENT, since=since, limit=limit, edition=edition, verified=verified)


def test_corrections_apply_from_their_dates_in_their_order() -> None:
    changes = [
        correction("2026-11-01", 900, edition="2026 № 2"),
        correction("2026-10-01", 3600, edition="2026 № 1"),
        correction("2027-01-01", 60),
    ]
    norm = effective(NORMS[CONTAINMENT], changes, TODAY)
    assert (norm.limit, norm.edition, norm.corrected) == (Elapsed(timedelta(minutes=15)), "2026 № 2", True)
    earlier = effective(NORMS[CONTAINMENT], changes, date(2026, 10, 31))
    assert earlier.limit == Elapsed(timedelta(hours=1))
    assert effective(NORMS[CONTAINMENT], changes, date(2026, 9, 30)) == NORMS[CONTAINMENT]


def test_only_a_new_edition_makes_the_law_milder() -> None:
    with pytest.raises(NormError, match="мягче"):
        effective(NORMS[CONTAINMENT], [correction("2026-11-01", 3600)], TODAY)
    milder = effective(NORMS[CONTAINMENT], [correction("2026-11-01", 3600, edition="новая")], TODAY)
    assert milder.limit == Elapsed(timedelta(hours=1))


def test_an_administrator_may_take_strictness_back_as_far_as_the_law_goes() -> None:
    changes = [correction("2026-10-01", 900), correction("2026-11-01", 1500)]
    assert effective(NORMS[CONTAINMENT], changes, TODAY).limit == Elapsed(timedelta(minutes=25))
    with pytest.raises(NormError, match="мягче"):
        effective(NORMS[CONTAINMENT], [*changes, correction("2026-11-02", 1801)], TODAY)


def test_after_a_milder_edition_stricter_is_measured_by_it() -> None:
    changes = [correction("2026-10-01", 7200, edition="новая"), correction("2026-11-01", 3600)]
    assert effective(NORMS[CONTAINMENT], changes, TODAY).limit == Elapsed(timedelta(hours=1))


def test_an_edition_newer_than_a_correction_supersedes_it() -> None:
    published = replace(NORMS[CONTAINMENT], limit=Elapsed(timedelta(minutes=10)), in_force_from=TODAY)
    assert effective(published, [correction("2026-11-01", 900)], TODAY) == published


def test_an_administrator_may_mark_a_norm_as_verified() -> None:
    norm = effective(NORMS[CONTAINMENT], [correction("2026-11-01", verified="text")], TODAY)
    assert (norm.verified, norm.limit) == ("text", NORMS[CONTAINMENT].limit)


def test_a_correction_of_another_norm_changes_nothing() -> None:
    other = NormCorrected(norm=REPAIR, since="2026-11-01", limit=60)
    assert effective(NORMS[CONTAINMENT], [other], TODAY) == NORMS[CONTAINMENT]


@pytest.mark.parametrize("own", [None, timedelta(minutes=20)])
@pytest.mark.parametrize(
    "changes",
    [[], [correction("2026-11-01", 1500)], [correction("2026-11-01", 1200, edition="новая")]],
    ids=["as published", "stricter", "new edition"],
)
def test_a_ticket_keeps_the_term_that_held_without_knowing_the_corrections(
    own: timedelta | None, changes: list[NormCorrected]
) -> None:
    norm = effective(NORMS[CONTAINMENT], changes, TODAY)
    kept = resolve(snapshot(norm, own), NORMS, day=TODAY)
    assert (kept.limit, kept.edition) == (stricter(norm, own).limit if own else norm.limit, norm.edition)


def test_a_milder_edition_needs_its_correction() -> None:
    changes = [correction("2026-11-01", 3600, edition="новая")]
    kept = snapshot(effective(NORMS[CONTAINMENT], changes, TODAY))
    assert resolve(kept, NORMS, day=TODAY, corrections=changes).limit == Elapsed(timedelta(hours=1))
    with pytest.raises(NormError, match="мягче"):
        resolve(kept, NORMS, day=TODAY)


def test_a_snapshot_is_small() -> None:
    assert snapshot(NORMS[CONTAINMENT]) == {"code": CONTAINMENT, "edition": NORMS[CONTAINMENT].edition}
    assert snapshot(NORMS[CONTAINMENT], timedelta(minutes=20))["limit"] == 1200


def test_a_ticket_of_an_old_edition_keeps_it() -> None:
    old = NORMS.editions("lifts.evacuation")[0]
    assert resolve(snapshot(old), NORMS, day=TODAY) == old


def test_a_new_edition_in_code_does_not_reach_old_tickets() -> None:
    published = replace(
        NORMS[CONTAINMENT],
        edition="новая",
        limit=Elapsed(timedelta(minutes=20)),
        in_force_from=date(2026, 1, 1),
    )
    newer = Norms([*ALL, published])
    kept = snapshot(NORMS[CONTAINMENT])
    assert newer[CONTAINMENT].edition == "новая"
    assert resolve(kept, newer, day=TODAY).limit == Elapsed(timedelta(minutes=30))


def test_contract_terms_take_their_limit_and_edition_from_the_snapshot() -> None:
    norm = resolve({"code": "contract.windows", "edition": "№ 5", "limit": 7200}, NORMS, day=TODAY)
    assert (norm.code, norm.edition, norm.limit) == ("contract.windows", "№ 5", Elapsed(timedelta(hours=2)))
    assert norm.stops == ("WorkDone",)


# ── The page of docs ─────────────────────────────────────────────────────────────────────────


def test_the_page_of_norms_tells_the_law_of_the_code() -> None:
    written = (Path(__file__).parents[4] / "docs" / "norms.md").read_text()
    assert written == page(), "python -m vakhta.domain.norms_page > docs/norms.md"


@pytest.mark.parametrize("norm", ALL, ids=lambda norm: f"{norm.code} {norm.edition}")
def test_the_page_has_every_norm_with_all_it_says(norm: Norm) -> None:
    rows = [line for line in page().splitlines() if line.startswith(f"| `{norm.code}` |")]
    said = (norm.title, norm.limit_text, norm.act, norm.item, norm.edition, VERIFIED[norm.verified])
    assert any(all(word in row for word in said) for row in rows)


# ── Words ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (Elapsed(timedelta(minutes=5)), "5 минут"),
        (Elapsed(timedelta(minutes=1)), "1 минута"),
        (Elapsed(timedelta(minutes=90)), "1 час 30 минут"),
        (Elapsed(timedelta(hours=2)), "2 часа"),
        (Elapsed(timedelta(hours=24)), "24 часа"),
        (Elapsed(timedelta(days=3)), "3 суток"),
        (Elapsed(timedelta(seconds=42)), "42 секунды"),
        (Elapsed(timedelta(0)), "немедленно"),
        (WorkingDays(1), "1 рабочий день"),
        (WorkingDays(3), "3 рабочих дня"),
        (WorkingDays(10), "10 рабочих дней"),
        (CalendarDays(0), "в тот же день"),
        (CalendarDays(21), "21 день"),
    ],
)
def test_a_limit_in_words(limit: Elapsed | WorkingDays | CalendarDays, text: str) -> None:
    assert limit_text(limit) == text


def test_the_words_of_a_norms_limit() -> None:
    words = [NORMS[code].limit_text for code in ("pp416.13.chute", REPAIR, "pp416.10.control")]
    assert words == ["2 часа, с 8 до 23", "по договору", "постоянно"]


@pytest.mark.parametrize(
    ("number", "word"), [(1, "час"), (3, "часа"), (11, "часов"), (21, "час"), (112, "часов")]
)
def test_the_plural(number: int, word: str) -> None:
    assert plural(number, "час", "часа", "часов") == word
