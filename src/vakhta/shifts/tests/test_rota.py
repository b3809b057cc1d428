"""The senior plans December; days are changed; nobody is planned for what nobody can work."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.cast import Cast

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.shifts import handover, queries, rota
from vakhta.shifts.models import Rota, Shift
from vakhta.shifts.tests.watch import BEFORE, DECEMBER, at, planned, stands, told


def change(cast: Cast, who: str, day: int, turn: str, why: str, by: str = "gromova") -> None:
    with acting(cast.scope(getattr(cast, by)), at=BEFORE):
        rota.change(getattr(cast, who).pk, date(2026, 12, day), turn, why)


def test_a_month_is_planned_in_one_change(cast: Cast) -> None:
    planned(cast, ivanova=1, sidorova=2)
    assert stands(cast, cast.ivanova) == "ДН··ДН··"
    assert stands(cast, cast.sidorova) == "·ДН··ДН·"
    with reading(cast.scope(cast.gromova)):
        night = Shift.objects.get(staff=cast.ivanova, day=date(2026, 12, 2))
        assert (night.since, night.until) == (at(2, 20), at(3, 8))
        [made] = [r.fact for r in journal.history(f"staff/{cast.ivanova.pk}")]
    assert made == facts.RotaMade(
        staff=cast.ivanova.pk, month="2026-12", pattern="day_night", first="2026-12-01", shifts=16
    )


def test_the_next_month_goes_on_where_this_one_ended(cast: Cast) -> None:
    planned(cast, ivanova=1)
    with acting(cast.scope(cast.gromova), at=BEFORE):
        last = queries.last_rotas([cast.ivanova.pk], date(2027, 1, 1))[cast.ivanova.pk]
        rota.make(date(2027, 1, 1), [rota.Line(cast.ivanova.pk, last.pattern, last.first)])
    with reading(cast.scope(cast.gromova)):
        rows = Shift.objects.filter(staff=cast.ivanova, day__gte=date(2026, 12, 29)).order_by("day")[:4]
        assert [(row.day.day, row.turn) for row in rows] == [
            (29, "day"),
            (30, "night"),
            (2, "day"),
            (3, "night"),
        ]


def test_planned_anew_what_was_changed_by_hand_and_what_has_begun_stays(cast: Cast) -> None:
    planned(cast, ivanova=1)
    change(cast, "ivanova", 5, "", "sick")
    planned(cast, now=at(2, 21), ivanova=4)
    assert stands(cast, cast.ivanova, 9) == "ДН·Д···ДН"


def test_a_plan_that_puts_two_shifts_in_a_row_is_refused_whole(cast: Cast) -> None:
    planned(cast, ivanova=1)
    change(cast, "sidorova", 3, "night", "extra")
    with pytest.raises(Invalid, match=r"Сидорова М. А., 04.12.2026: смена сразу за другой") as refused:
        planned(cast, ivanova=2, sidorova=4)
    assert refused.value.field == "first"
    assert stands(cast, cast.ivanova) == "ДН··ДН··" and stands(cast, cast.sidorova) == "··Н·····"


def test_one_day_is_changed_and_the_journal_tells_what_it_was(cast: Cast) -> None:
    planned(cast, ivanova=1)
    change(cast, "ivanova", 1, "", "sick")
    change(cast, "ivanova", 4, "day", "extra")
    assert stands(cast, cast.ivanova) == "·Н·Д" + "ДН··"
    with reading(cast.scope(cast.gromova)):
        first, second = [r.fact for r in journal.history(f"staff/{cast.ivanova.pk}")][1:]
    assert (first.day, first.turn_before, first.turn_after, first.why) == ("2026-12-01", "day", "", "sick")
    assert (second.day, second.turn_before, second.turn_after, second.why) == (
        "2026-12-04",
        "",
        "day",
        "extra",
    )


@pytest.mark.parametrize(
    ("day", "turn", "why", "field"),
    [
        (3, "day", "extra", "turn"),  # right behind the night of the 2nd
        (1, "day", "other", "turn"),  # as it stands
        (1, "evening", "extra", "turn"),
        (1, "", "extra", "why"),
        (1, "night", "sick", "why"),
        (1, "", "swap", "why"),
        (1, "", "", "why"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_its_field(
    cast: Cast, day: int, turn: str, why: str, field: str
) -> None:
    planned(cast, ivanova=1)
    with pytest.raises(Invalid) as refused:
        change(cast, "ivanova", day, turn, why)
    assert refused.value.field == field
    assert stands(cast, cast.ivanova) == "ДН··ДН··"
    assert told(cast, f"staff/{cast.ivanova.pk}") == ["RotaMade"]


def test_a_day_of_long_ago_and_of_far_ahead_is_not_touched(cast: Cast) -> None:
    for day in (date(2026, 9, 1), date(2028, 1, 1)):
        with pytest.raises(Invalid, match="День можно менять"), acting(cast.scope(cast.gromova), at=BEFORE):
            rota.change(cast.ivanova.pk, day, "day", "extra")


@pytest.mark.parametrize("who", ["ivanova", "orlov", "kuznetsov", "client", "inspector"])
def test_only_a_senior_or_an_administrator_plans(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden), acting(cast.scope(getattr(cast, who)), at=BEFORE):
        rota.make(DECEMBER, [rota.Line(cast.ivanova.pk, "day_night", DECEMBER)])
    with pytest.raises(Forbidden):
        change(cast, "ivanova", 1, "day", "extra", by=who)
    with reading(Scope.system("test")):
        assert not Shift.objects.exists() and not Rota.objects.exists()


@pytest.mark.parametrize("who", ["kuznetsov", "orlov", "client", "kim"])
def test_who_takes_no_contacts_stands_in_no_rota(cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        planned(cast, **{who: 1})


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (("nights", DECEMBER), "pattern"),
        (("day_night", date(2027, 1, 1)), "first"),
        (("day_night", date(2025, 11, 1)), "first"),
    ],
)
def test_a_wrong_line_of_the_plan(cast: Cast, line: tuple[str, date], field: str) -> None:
    with pytest.raises(Invalid) as refused, acting(cast.scope(cast.gromova), at=BEFORE):
        rota.make(DECEMBER, [rota.Line(cast.ivanova.pk, *line)])
    assert refused.value.field == field


def test_an_empty_plan_asks_for_somebody(cast: Cast) -> None:
    with pytest.raises(Invalid, match="хотя бы для одного"), acting(cast.scope(cast.gromova), at=BEFORE):
        rota.make(DECEMBER, [])


def test_the_database_itself_has_nobody_twice_at_once(cast: Cast) -> None:
    planned(cast, ivanova=1)
    with pytest.raises(IntegrityError), transaction.atomic(), reading(cast.scope(cast.gromova)):
        Shift.objects.create(
            company=cast.centre, staff=cast.ivanova, day=date(2026, 12, 3), turn="day",
            since=at(3, 7), until=at(3, 9),
        )  # fmt: skip


def watch_at(cast: Cast, now: datetime) -> queries.Watch:
    return queries.watch(queries.near(cast.centre.pk, now), now)


def test_who_is_on_and_who_is_next(cast: Cast) -> None:
    planned(cast, ivanova=1, sidorova=2)
    with reading(cast.scope(cast.gromova)):
        evening = watch_at(cast, at(2, 21))
        edge = watch_at(cast, at(2, 20))
        nobody = watch_at(cast, BEFORE)
    assert [row.staff for row in evening.on] == [cast.ivanova]
    assert [row.staff for row in evening.next] == [cast.sidorova] and evening.next_at == at(3, 20)
    assert [row.staff for row in edge.on] == [cast.ivanova], "who goes at 20 is gone, who comes is here"
    assert nobody.on == () and nobody.next_at == at(1, 8)
    assert evening.of(cast.ivanova.pk) is not None and evening.of(cast.sidorova.pk) is None


def handed(cast: Cast, gives: Staff, takes: Staff, moment: datetime) -> None:
    with acting(cast.scope(gives), at=moment):
        row = handover.sign()
    with acting(cast.scope(takes), at=moment):
        handover.accept(row.pk)


def on_at(cast: Cast, now: datetime) -> list[tuple[Staff, datetime]]:
    with reading(cast.scope(cast.gromova)):
        return [(row.staff, row.until) for row in watch_at(cast, now).on]


def test_who_has_handed_over_is_on_no_more_and_who_accepted_is(cast: Cast) -> None:
    planned(cast, ivanova=1, sidorova=2)
    early = at(2, 19, 50)
    handed(cast, cast.sidorova, cast.ivanova, early)
    assert on_at(cast, early - timedelta(minutes=1)) == [(cast.sidorova, at(2, 20))]
    assert on_at(cast, early) == [(cast.ivanova, at(3, 8))], "with her own shift, which begins at 20"
    with reading(cast.scope(cast.gromova)):
        assert watch_at(cast, early).next_at == at(3, 20), "and she comes no second time"
    assert on_at(cast, at(2, 20, 5)) == [(cast.ivanova, at(3, 8))]


def test_who_has_no_shift_stays_for_the_rest_of_the_one_that_was_left(cast: Cast) -> None:
    planned(cast, ivanova=1)
    handed(cast, cast.ivanova, cast.gromova, at(1, 12))
    assert on_at(cast, at(1, 13)) == [(cast.gromova, at(1, 20))]
    assert on_at(cast, at(1, 20)) == []


def test_a_shift_that_was_given_back_is_the_first_one_s_again(cast: Cast) -> None:
    planned(cast, ivanova=1)
    handed(cast, cast.ivanova, cast.gromova, at(1, 12))
    handed(cast, cast.gromova, cast.ivanova, at(1, 14))
    assert on_at(cast, at(1, 15)) == [(cast.ivanova, at(1, 20))]


def test_a_colleague_who_stays_is_on_as_before(cast: Cast) -> None:
    planned(cast, ivanova=1, sidorova=1)
    handed(cast, cast.ivanova, cast.sidorova, at(1, 12))
    assert on_at(cast, at(1, 13)) == [(cast.sidorova, at(1, 20))]


def test_another_centre_sees_nothing_of_the_rota(cast: Cast) -> None:
    planned(cast, ivanova=1)
    with reading(Scope(frozenset({cast.foreign.pk}), "staff/0", "senior", centre=cast.foreign.pk)):
        assert not Shift.objects.exists() and not Rota.objects.exists()
