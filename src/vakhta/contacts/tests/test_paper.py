"""«Бумажная ночь»: the light was out, the paper journal is entered in the morning."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import paper
from vakhta.contacts.models import Interaction
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import reading
from vakhta.tickets.models import Clock, Ticket

REASON = "не было света с 02:10 до 05:40"


def line(night: datetime, **more: object) -> paper.PaperLine:
    known = {
        "message": contacts.Message(channel="phone", phone="8 900 000-15-42"),
        "received_at": night,
        "answered_at": night + timedelta(minutes=2),
        "classifier": "flat.cold.riser",
        "description": "течёт стояк",
        "terms_told_at": night + timedelta(minutes=10),
        "contained_at": night + timedelta(minutes=25),
        "done_at": night + timedelta(hours=3),
    }
    return paper.PaperLine(**{**known, **more})  # type: ignore[arg-type]


def test_the_clocks_count_from_the_night_and_not_from_the_morning(cast: Cast) -> None:
    night = clock.now() - timedelta(hours=6)
    with acting(cast.scope(cast.ivanova), late_reason=REASON):
        ticket = paper.enter_paper(line(night))
    with reading(cast.scope(cast.ivanova)):
        clocks = {c.norm: c for c in Clock.objects.filter(subject=f"ticket/{ticket.pk}")}
        history = journal.history(f"ticket/{ticket.pk}")
    contained = clocks["pp416.13.containment"]
    assert contained.started_at == night + timedelta(minutes=2)
    assert contained.stopped_at == night + timedelta(minutes=25)
    assert contained.fire_at is None, "met in time, whenever it was entered"
    assert {r.late_reason for r in history} == {REASON}
    assert all(r.recorded_at - r.happened_at > timedelta(hours=2) for r in history)


@pytest.mark.parametrize(
    ("field", "moved"),
    [
        ("answered_at", timedelta(minutes=-1)),
        ("terms_told_at", timedelta(minutes=-9)),
        ("done_at", timedelta(minutes=5)),
    ],
)
def test_impossible_times_are_refused_and_nothing_is_entered(
    cast: Cast, field: str, moved: timedelta
) -> None:
    night = clock.now() - timedelta(hours=6)
    with pytest.raises(Invalid) as refused, acting(cast.scope(cast.ivanova), late_reason=REASON):
        paper.enter_paper(line(night, **{field: night + moved}))
    assert refused.value.field == field
    with reading(cast.scope(cast.ivanova)):
        assert (Ticket.objects.count(), Interaction.objects.count()) == (0, 0)


def test_without_a_reason_nothing_is_entered_after_the_fact(cast: Cast) -> None:
    with pytest.raises(ValueError, match="причину"), acting(cast.scope(cast.ivanova)):
        paper.enter_paper(line(clock.now() - timedelta(hours=6)))
    with reading(cast.scope(cast.ivanova)):
        assert Interaction.objects.count() == 0


def test_paper_of_another_century_opens_no_new_register(cast: Cast) -> None:
    old = clock.now() - timedelta(days=40)
    with pytest.raises(Invalid) as refused, acting(cast.scope(cast.ivanova), late_reason=REASON):
        paper.enter_paper(line(old))
    assert refused.value.field == "received_at"
    with reading(cast.scope(cast.ivanova)):
        assert Ticket.objects.count() == 0
