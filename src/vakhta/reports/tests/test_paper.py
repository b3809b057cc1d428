"""«Бумажная ночь»: the light was out, the paper journal is entered in the morning, sheet by sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.cast import Cast

from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.crews.models import WorkOrder
from vakhta.domain.facts import Recorded
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import reading
from vakhta.reports.paper import Access, LinesRefused, PaperLine, Told, enter_sheet, near
from vakhta.tickets.models import Clock, Ticket

REASON = "не было света с 02:10 до 05:40"
MINUTE = timedelta(minutes=1)


def line(night: datetime, **more: object) -> PaperLine:
    known = {
        "message": arrival.Message(channel="phone", phone="8 900 000-15-42"),
        "received_at": night,
        "answered_at": night + 2 * MINUTE,
        "classifier": "flat.cold.riser",
        "description": "течёт стояк",
        "terms_told_at": night + 10 * MINUTE,
        "contained_at": night + 25 * MINUTE,
        "done_at": night + 180 * MINUTE,
    }
    return PaperLine(**{**known, **more})  # type: ignore[arg-type]


def whole(cast: Cast, night: datetime) -> PaperLine:
    """A line in which every column of the sheet is filled."""
    return line(
        night,
        services=(
            Told(service="water_utility", at=night + 4 * MINUTE, who="Смирнов"),
            Told(service="edds", at=night + 5 * MINUTE, who="дежурный"),
        ),
        terms_until=night + 300 * MINUTE,
        access=Access(since=night + 20 * MINUTE, until=night + 60 * MINUTE, worker="Кузнецов П. А.", reason="кран в квартире"),
        crew=cast.crew4.pk,
        handed_at=night + 6 * MINUTE,
        on_the_way_at=night + 8 * MINUTE,
        on_site_at=night + 20 * MINUTE,
        done_note="заменён участок стояка",
        about="соседям сказано",
    )  # fmt: skip


@pytest.fixture
def night() -> datetime:
    return clock.now() - timedelta(hours=6)


def entered(cast: Cast, *lines: PaperLine) -> list[Ticket | Interaction]:
    with acting(cast.scope(cast.ivanova), late_reason=REASON):
        return enter_sheet(lines)


def history(cast: Cast, ticket: Ticket | Interaction) -> list[Recorded]:
    subject = "ticket" if isinstance(ticket, Ticket) else "interaction"
    with reading(cast.scope(cast.ivanova)):
        return journal.history(f"{subject}/{ticket.pk}")


def counted(cast: Cast) -> tuple[int, int]:
    with reading(cast.scope(cast.ivanova)):
        return Ticket.objects.count(), Interaction.objects.count()


def test_the_clocks_count_from_the_night_and_not_from_the_morning(cast: Cast, night: datetime) -> None:
    (ticket,) = entered(cast, line(night))
    with reading(cast.scope(cast.ivanova)):
        clocks = {c.norm: c for c in Clock.objects.filter(subject=f"ticket/{ticket.pk}")}
    told = history(cast, ticket)
    contained = clocks["pp416.13.containment"]
    assert contained.started_at == night + 2 * MINUTE
    assert contained.stopped_at == night + 25 * MINUTE
    assert contained.fire_at is None, "met in time, whenever it was entered"
    assert {r.late_reason for r in told} == {REASON}
    assert all(r.recorded_at - r.happened_at > timedelta(hours=2) for r in told)


def test_every_column_of_the_sheet_is_a_fact_at_its_own_moment(cast: Cast, night: datetime) -> None:
    (ticket,) = entered(cast, whole(cast, night))
    told = [(r.fact.kind, (r.happened_at - night) // MINUTE) for r in history(cast, ticket)]
    for expected in (
        ("TicketRegistered", 2), ("ServiceTold", 4), ("ServiceTold", 5), ("ServicesDecided", 5),
        ("TermsTold", 10), ("AccessAgreed", 10), ("HandedOver", 6), ("WorkAccepted", 8), ("CrewOnTheWay", 8),
        ("CrewOnSite", 20), ("DamageContained", 25), ("WorkDone", 180), ("IntakeCompleted", 10),
    ):  # fmt: skip
        assert expected in told
    facts = {r.fact.kind: r.fact for r in history(cast, ticket)}
    assert facts["WorkDone"].note == "заменён участок стояка"  # type: ignore[attr-defined]
    assert facts["CommentAdded"].text == "соседям сказано"  # type: ignore[attr-defined]
    assert facts["TermsTold"].until == night + 300 * MINUTE  # type: ignore[attr-defined]
    assert "NumberTold" not in facts, "at night there was no number to tell"
    skipped = [r.fact.step for r in history(cast, ticket) if r.fact.kind == "StepSkipped"]  # type: ignore[attr-defined]
    assert skipped == [4], "only the plan has no column"
    with reading(cast.scope(cast.ivanova)):
        order = WorkOrder.objects.get(ticket_id=ticket.pk)
        assert (order.crew_id, order.state) == (cast.crew4.pk, "done")
        assert Ticket.objects.get(pk=ticket.pk).done_at == night + 180 * MINUTE
        assert Interaction.objects.get().state == "ended"


def test_a_technician_may_have_the_work_and_be_on_his_way(cast: Cast, night: datetime) -> None:
    said = line(
        night,
        assignee=cast.kuznetsov.pk,
        handed_at=night + 5 * MINUTE,
        on_the_way_at=night + 9 * MINUTE,
        contained_at=None,
        done_at=None,
    )
    (ticket,) = entered(cast, said)
    with reading(cast.scope(cast.ivanova)):
        assert Ticket.objects.get(pk=ticket.pk).state == "on_the_way"


@pytest.mark.parametrize(
    ("outcome", "about"),
    [
        ("consultation", "сказано: в декабре"),
        ("redirected", "Электросеть"),
        ("not_ours", ""),
        ("silence", ""),
    ],
)
def test_a_contact_that_became_no_ticket_is_entered_too(
    cast: Cast, night: datetime, outcome: str, about: str
) -> None:
    said = PaperLine(
        message=arrival.Message(channel="walk_in", text="когда собрание?"),
        received_at=night,
        outcome=outcome,
        about=about,
        description="когда собрание?",
    )
    (row,) = entered(cast, said)
    last = history(cast, row)[-1]
    assert (last.fact.kind, last.fact.outcome, last.happened_at) == ("InteractionEnded", outcome, night)  # type: ignore[attr-defined]
    assert about in (last.fact.note, last.fact.redirected_to, "")  # type: ignore[attr-defined]
    assert counted(cast) == (0, 1) and last.late_reason == REASON


def test_an_addition_names_its_ticket_by_number(cast: Cast, night: datetime) -> None:
    (ticket,) = entered(cast, line(night, done_at=None))
    with reading(cast.scope(cast.ivanova)):
        number = Ticket.objects.get().number
    said = PaperLine(
        message=arrival.Message(channel="phone"),
        received_at=night + 30 * MINUTE,
        outcome="addition",
        about=f"№ {number}",
        description="где бригада?",
    )
    entered(cast, said)
    assert history(cast, ticket)[-1].fact.kind in ("ContactAdded", "InteractionEnded")
    with pytest.raises(LinesRefused) as refused:
        entered(cast, replace(said, about="26-999999"))
    assert refused.value.field == "about"


LATER = timedelta(days=1)
REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "answered before it rang": ({"answered_at": -MINUTE}, "answered_at"),
    "terms before the answer": ({"terms_told_at": MINUTE}, "terms_told_at"),
    "done before contained": ({"done_at": 5 * MINUTE}, "done_at"),
    "contained in the future": ({"contained_at": LATER, "done_at": None}, "contained_at"),
    "done without its moment": ({"done_at": None, "done_note": "готово"}, "done_at"),
    "a term that was over when it was told": ({"terms_until": 9 * MINUTE}, "terms_until"),
    "a term that nobody told": ({"terms_told_at": None, "terms_until": 99 * MINUTE}, "terms_told_at"),
    "handed to nobody": ({"handed_at": 5 * MINUTE}, "performer"),
    "on the way, nobody": ({"on_the_way_at": 5 * MINUTE}, "performer"),
    "handed over at no time, worked without being there": ({"crew": "crew4"}, "handed_at on_site_at"),
    "worked without being there": ({"crew": "crew4", "handed_at": 5 * MINUTE}, "on_site_at"),
    "on the way before the order": (
        {"crew": "crew4", "handed_at": 9 * MINUTE, "on_the_way_at": 8 * MINUTE, "on_site_at": 20 * MINUTE},
        "on_the_way_at",
    ),
    "no such service": ({"services": (Told(service="astrology"),)}, "service_1"),
    "a service told before the call": (
        {"services": lambda night: (Told(service="edds", at=night - MINUTE),)},
        "service_1_at",
    ),
    "an access without a reason": (
        {"access": lambda night: Access(since=night + 60 * MINUTE, worker="Ким")},
        "access_reason",
    ),
    "an access that was over": (
        {"access": lambda night: Access(since=night + MINUTE, worker="Ким", reason="кран")},
        "access_since",
    ),
    "no nature": ({"classifier": ""}, "classifier"),
    "works of a consultation": ({"outcome": "consultation"}, "outcome"),
    "more words than are kept": ({"about": "о" * 2001}, "about"),
    "more words than were said": ({"description": "о" * 4001}, "description"),
    "an unknown ending": (
        {"outcome": "lottery", "classifier": "", "terms_told_at": None, "contained_at": None, "done_at": None},
        "outcome",
    ),
    "redirected to nowhere": (
        {"outcome": "redirected", "classifier": "", "terms_told_at": None, "contained_at": None, "done_at": None},
        "about",
    ),
}  # fmt: skip


def shifted(cast: Cast, night: datetime, said: Mapping[str, object]) -> dict[str, object]:
    """Spans of a case as moments of the night, «crew4» as the crew."""
    found = {name: value(night) if callable(value) else value for name, value in said.items()}
    found = {name: night + value if isinstance(value, timedelta) else value for name, value in found.items()}
    return {name: cast.crew4.pk if value == "crew4" else value for name, value in found.items()}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_have_been_is_refused_and_nothing_of_the_sheet_is_entered(
    cast: Cast, night: datetime, case: str
) -> None:
    said, field = REFUSED[case]
    with pytest.raises(LinesRefused) as refused:
        entered(cast, line(night), line(night, **shifted(cast, night, said)))
    assert list(refused.value.errors) == [(1, name) for name in field.split()], (
        "and nothing follows from it that nobody wrote"
    )
    assert counted(cast) == (0, 0)


def test_all_that_is_wrong_with_a_sheet_is_told_at_once(cast: Cast, night: datetime) -> None:
    """The paper lies on the desk: one look at it for all of the mistakes, not one for each."""
    unfound = replace(line(night).message, phone="нет", address="Лениа 15555")
    sheet = [
        line(night, answered_at=night - MINUTE, classifier="", message=unfound, terms_until=9 * MINUTE + night),
        line(night, crew=999_999, services=(Told(service="astrology"), Told(service="edds", at=night - MINUTE)),
             access=Access(since=night + MINUTE, worker="", reason=""), about="о" * 2001),
        line(night),
        line(clock.now() + LATER, classifier=""),
    ]  # fmt: skip
    with pytest.raises(LinesRefused) as refused:
        entered(cast, *sheet)
    assert set(refused.value.errors) == {
        (0, "answered_at"), (0, "classifier"), (0, "phone"), (0, "address"), (0, "terms_until"),
        (1, "handed_at"), (1, "on_site_at"), (1, "performer"), (1, "service_1"), (1, "service_2_at"),
        (1, "access_reason"), (1, "access_worker"), (1, "access_since"), (1, "about"),
        (3, "received_at"), (3, "classifier"),
    }  # fmt: skip
    assert counted(cast) == (0, 0)


def test_what_the_applicant_said_is_the_note_of_an_ending_without_one(cast: Cast, night: datetime) -> None:
    said = PaperLine(
        message=arrival.Message(channel="phone"), received_at=night, outcome="consultation",
        description="когда собрание?",
    )  # fmt: skip
    (row,) = entered(cast, said)
    assert history(cast, row)[-1].fact.note == "когда собрание?"  # type: ignore[attr-defined]
    with pytest.raises(LinesRefused) as refused:
        entered(cast, replace(said, description=""))
    assert list(refused.value.errors) == [(0, "about")]


def test_a_sheet_gives_its_numbers_in_the_order_of_its_lines(cast: Cast, night: datetime) -> None:
    made = entered(cast, line(night), line(night + 30 * MINUTE), line(night + 60 * MINUTE))
    numbers = [int(row.number.partition("-")[2]) for row in made if isinstance(row, Ticket)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_without_a_reason_nothing_is_entered_after_the_fact(cast: Cast, night: datetime) -> None:
    with pytest.raises(ValueError, match="причину"), acting(cast.scope(cast.ivanova)):
        enter_sheet([line(night)])
    assert counted(cast) == (0, 0)


def test_paper_of_another_century_opens_no_new_register(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        entered(cast, line(clock.now() - timedelta(days=40)))
    assert refused.value.field == "received_at"
    assert counted(cast) == (0, 0)


def test_a_technician_enters_no_sheet(cast: Cast, night: datetime) -> None:
    from vakhta.kernel.refusal import Forbidden

    with pytest.raises(Forbidden), acting(cast.scope(cast.kuznetsov), late_reason=REASON):
        enter_sheet([line(night)])


@pytest.mark.parametrize(
    ("hour", "after", "said"),
    [
        ("02:10", None, "24 02:10"),
        ("23:50", "24 23:40", "24 23:50"),
        ("00:20", "24 23:50", "25 00:20"),
        ("02:10", "25 00:20", "25 02:10"),
        ("23:40", "24 23:50", "24 23:40"),
        ("11:30", "24 23:40", "25 11:30"),
        ("11:50", "24 23:40", "24 11:50"),
    ],
)
def test_small_hours_after_a_late_evening_are_the_next_day_s(hour: str, after: str | None, said: str) -> None:
    """Half a day is the bound: beyond it an earlier hour is a slip, which the order of moments refuses."""
    zone = ZoneInfo("Europe/Moscow")

    def moment(text: str) -> datetime:
        day, clock_time = text.split()
        return datetime.combine(date(2026, 11, int(day)), time.fromisoformat(clock_time), zone)

    found = near(
        time.fromisoformat(hour), date(2026, 11, 24), moment(after).astimezone(UTC) if after else None, zone
    )
    assert found == moment(said)
