"""Ivanova asks, Sidorova agrees, Gromova approves; only then the rota changes."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cast import Cast

from vakhta.domain.facts import ShiftChanged
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.shifts import rota, swaps
from vakhta.shifts.models import Swap
from vakhta.shifts.tests.watch import BEFORE, at, planned, stands, told


def day(number: int) -> date:
    return date(2026, 12, number)


def asked(cast: Cast, mine: int = 1, theirs: int = 3) -> Swap:
    """Ivanova offers a day of hers for one of Sidorova's."""
    with acting(cast.scope(cast.ivanova), at=BEFORE):
        return swaps.ask(day(mine), cast.sidorova.pk, day(theirs))


def does(cast: Cast, who: Staff, verb: str, row: Swap, now=BEFORE) -> Swap:  # type: ignore[no-untyped-def]
    with acting(cast.scope(who), at=now):
        made: Swap = getattr(swaps, verb)(row.pk)
        return made


@pytest.fixture
def december(cast: Cast) -> Cast:
    """Иванова ДН··ДН··, Сидорова ·ДН··ДН·."""
    planned(cast, ivanova=1, sidorova=2)
    return cast


def is_untouched(cast: Cast) -> bool:
    return (stands(cast, cast.ivanova), stands(cast, cast.sidorova)) == ("ДН··ДН··", "·ДН··ДН·")


def test_the_rota_changes_when_the_senior_says_so_and_not_before(december: Cast) -> None:
    cast = december
    row = asked(cast, 5, 3)
    assert is_untouched(cast)
    does(cast, cast.sidorova, "agree", row)
    assert is_untouched(cast)
    does(cast, cast.gromova, "approve", row)
    assert stands(cast, cast.ivanova) == "ДНН··Н··"
    assert stands(cast, cast.sidorova) == "·Д··ДДН·"
    assert told(cast, f"swap/{row.pk}") == ["SwapAsked", "SwapAgreed", "SwapApproved"]
    with reading(cast.scope(cast.gromova)):
        changes = [
            (r.fact.day[-2:], r.fact.turn_before, r.fact.turn_after)
            for r in journal.history(f"staff/{cast.sidorova.pk}")
            if isinstance(r.fact, ShiftChanged)
        ]
    assert changes == [("03", "night", ""), ("05", "", "day")]


def test_a_day_for_a_night_of_the_same_date(december: Cast) -> None:
    cast = december
    row = asked(cast, 2, 2)
    does(cast, cast.sidorova, "agree", row)
    does(cast, cast.gromova, "approve", row)
    assert stands(cast, cast.ivanova) == "ДД··ДН··"
    assert stands(cast, cast.sidorova) == "·НН··ДН·"


@pytest.mark.parametrize(
    ("mine", "theirs", "field", "says"),
    [
        (3, 2, "day", "меняться нечем"),
        (1, 4, "other_day", "меняться нечем"),
        (1, 6, "other_day", "уже есть смена"),
        (6, 3, "day", "уже есть смена"),
        (1, 12, "other_day", "сразу за другой"),
    ],
)
def test_what_could_not_be_worked_is_not_even_asked(
    december: Cast, mine: int, theirs: int, field: str, says: str
) -> None:
    with acting(december.scope(december.gromova), at=BEFORE):
        rota.change(december.sidorova.pk, day(12), "night", "extra")  # on the 13th Ivanova has her day
    with pytest.raises(Invalid, match=says) as refused:
        asked(december, mine, theirs)
    assert refused.value.field == field
    assert is_untouched(december)
    with reading(december.scope(december.gromova)):
        assert not Swap.objects.exists()


def test_what_has_begun_is_not_swapped(december: Cast) -> None:
    with pytest.raises(Invalid, match="уже началась"), acting(december.scope(december.ivanova), at=at(2, 9)):
        swaps.ask(day(2), december.sidorova.pk, day(2))


def test_one_offer_of_a_day_at_a_time(december: Cast) -> None:
    row = asked(december, 5, 3)
    with pytest.raises(Conflict, match="уже предложен"):
        asked(december, 5, 3)
    does(december, december.ivanova, "decline", row)
    asked(december, 5, 3)


@pytest.mark.parametrize("who", ["ivanova", "gromova", "orlov", "kim"])
def test_nobody_agrees_for_the_other(december: Cast, who: str) -> None:
    row = asked(december, 5, 3)
    with pytest.raises(Forbidden):
        does(december, getattr(december, who), "agree", row)
    assert told(december, f"swap/{row.pk}") == ["SwapAsked"]


@pytest.mark.parametrize("who", ["ivanova", "sidorova", "orlov", "kuznetsov", "inspector"])
def test_only_who_plans_approves(december: Cast, who: str) -> None:
    row = asked(december, 5, 3)
    does(december, december.sidorova, "agree", row)
    with pytest.raises(Forbidden):
        does(december, getattr(december, who), "approve", row)
    assert is_untouched(december)


@pytest.mark.parametrize(
    ("who", "verb"),
    [("ivanova", "decline"), ("sidorova", "decline"), ("gromova", "reject"), ("kim", "reject")],
)
def test_each_of_them_may_end_it_and_that_is_the_end(december: Cast, who: str, verb: str) -> None:
    row = asked(december, 5, 3)
    does(december, getattr(december, who), verb, row)
    for again, whom in (
        ("agree", "sidorova"),
        ("approve", "gromova"),
        ("decline", "ivanova"),
        ("reject", "kim"),
    ):
        with pytest.raises(Conflict, match="уже решён"):
            does(december, getattr(december, whom), again, row)
    assert is_untouched(december)
    assert told(december, f"swap/{row.pk}") == ["SwapAsked", "SwapDeclined"]


@pytest.mark.parametrize(
    ("who", "verb"),
    [
        ("orlov", "decline"),
        ("gromova", "decline"),
        ("kim", "decline"),
        ("sidorova", "reject"),
        ("orlov", "reject"),
    ],
)
def test_a_stranger_to_the_swap_does_not_end_it(december: Cast, who: str, verb: str) -> None:
    row = asked(december, 5, 3)
    with pytest.raises(Forbidden):
        does(december, getattr(december, who), verb, row)
    assert told(december, f"swap/{row.pk}") == ["SwapAsked"]


def test_the_senior_does_not_approve_what_the_other_has_not_agreed_to(december: Cast) -> None:
    with pytest.raises(Conflict, match="рано"):
        does(december, december.gromova, "approve", asked(december, 5, 3))
    assert is_untouched(december)


def test_a_rota_that_changed_meanwhile_is_not_swapped(december: Cast) -> None:
    cast = december
    row = asked(cast, 5, 3)
    does(cast, cast.sidorova, "agree", row)
    with acting(cast.scope(cast.gromova), at=BEFORE):
        rota.change(cast.sidorova.pk, day(3), "", "sick")
    with pytest.raises(Conflict, match="с тех пор изменился"):
        does(cast, cast.gromova, "approve", row)
    assert stands(cast, cast.ivanova) == "ДН··ДН··"


def test_another_centre_s_swap_is_not_there(december: Cast) -> None:
    row = asked(december, 5, 3)
    foreign = december.foreign.pk
    stranger = Scope(frozenset({foreign}), "staff/0", "senior", centre=foreign, staff=0)
    for verb in (swaps.agree, swaps.approve, swaps.decline, swaps.reject):
        with pytest.raises(NotFound), acting(stranger, at=BEFORE):
            verb(row.pk)


def test_nobody_swaps_with_oneself_or_a_stranger(december: Cast) -> None:
    for other, wrong in ((december.ivanova, Invalid), (december.kuznetsov, NotFound)):
        with pytest.raises(wrong), acting(december.scope(december.ivanova), at=BEFORE):
            swaps.ask(day(5), other.pk, day(3))
