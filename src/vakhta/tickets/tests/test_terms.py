"""The term that the applicant is told beside the norm's: honest, and never later without a word why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets import actions as tickets
from vakhta.tickets.classifier import norms_of, the_entry
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.tests.steps import browser_of, everything, now_of, registered

BLOCKAGE = "flat.sewer.blockage"
"""Two hours by 416 п.13."""
RISER = "flat.cold.riser"
"""Contained in thirty minutes, eliminated in three days: only the second is the work's end."""


def tell(cast: Cast, ticket: Ticket, hours: float, reason: str = "") -> None:
    with acting(cast.scope(cast.ivanova), at=ticket.registered_at + timedelta(minutes=1)):
        tickets.tell_terms(ticket.pk, ticket.registered_at + timedelta(hours=hours), reason=reason)


def told(ticket: Ticket) -> facts.TermsTold:
    with reading(Scope.system("test")):
        (fact,) = [
            r.fact for r in journal.history(f"ticket/{ticket.pk}") if isinstance(r.fact, facts.TermsTold)
        ]
    return fact


@pytest.mark.parametrize(("code", "hours"), [(BLOCKAGE, 1), (BLOCKAGE, 2), (RISER, 5), (RISER, 72)])
def test_a_term_within_the_norm_needs_no_word(cast: Cast, code: str, hours: float) -> None:
    ticket = registered(cast, code)
    tell(cast, ticket, hours, reason="не нужна")
    assert (told(ticket).beyond, told(ticket).reason) == ("", "")


@pytest.mark.parametrize(
    ("code", "hours", "norm"), [(BLOCKAGE, 2.01, "Засор канализации"), (RISER, 73, "Устранение")]
)
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_later_one_without_a_reason_is_refused_and_nothing_changes(
    cast: Cast, code: str, hours: float, norm: str, reason: str
) -> None:
    ticket = registered(cast, code)
    before = everything(ticket)
    with pytest.raises(Invalid) as refused:
        tell(cast, ticket, hours, reason)
    assert refused.value.field == "late_reason" and f"«{norm}»" in refused.value.message
    assert everything(ticket) == before


def test_with_a_reason_it_is_told_and_the_norm_stays(cast: Cast) -> None:
    ticket = registered(cast, BLOCKAGE)
    tell(cast, ticket, 5, "машина занята на аварии до вечера")
    assert (told(ticket).beyond, told(ticket).reason) == (
        "pp416.13.blockage",
        "машина занята на аварии до вечера",
    )
    with reading(Scope.system("test")):
        row = Clock.objects.get(subject=f"ticket/{ticket.pk}", norm="pp416.13.blockage")
    assert row.due_at == ticket.registered_at + timedelta(hours=2) and row.stopped_at is None
    text = browser_of(cast.gromova).get(f"/console/ticket/{now_of(ticket).number}/").content.decode()
    assert "позже нормы «засор канализации» · машина занята на аварии до вечера" in text


def test_what_was_told_in_a_night_on_paper_was_told(cast: Cast) -> None:
    ticket = registered(cast, BLOCKAGE)
    later = ticket.registered_at + timedelta(hours=9)
    with acting(
        cast.scope(cast.ivanova),
        at=later,
        happened_at=ticket.registered_at + timedelta(minutes=5),
        late_reason="не было света",
    ):
        tickets.tell_terms(ticket.pk, ticket.registered_at + timedelta(hours=5))
    assert told(ticket).beyond == "pp416.13.blockage"


def test_the_panel_asks_for_the_reason_where_the_term_stands(cast: Cast) -> None:
    ticket = registered(cast, BLOCKAGE)
    with reading(Scope.system("test")):
        contact = Interaction.objects.get(ticket=ticket).pk
    later = (ticket.registered_at + timedelta(days=1)).astimezone(ZoneInfo(ticket.zone))
    form = {"until_day": f"{later:%d.%m.%Y}", "until_time": "18:00", "how": "phone"}
    ask = partial(
        browser_of(cast.ivanova).post, f"/console/contact/{contact}/step/6/", headers={"HX-Request": "true"}
    )
    refused = ask(form)
    text = refused.content.decode()
    assert refused.status_code == 422 and 'name="late_reason"' in text
    assert "Названный срок позже нормы «Засор канализации»" in text
    assert ask({**form, "late_reason": "машина занята"}).status_code == 200
    assert told(ticket).reason == "машина занята"


@pytest.mark.parametrize(
    ("month", "season"), [(1, "winter"), (4, "winter"), (5, "summer"), (9, "summer"), (10, "winter")]
)
def test_a_broken_window_has_the_term_of_its_season(cast: Cast, month: int, season: str) -> None:
    """Госстрой 170, приложение 2: a day in winter, three in summer; never both."""
    with reading(Scope.system("test")):
        kept = norms_of(
            the_entry("entrance.window"), cast.north.pk, datetime(2026, month, 15, 12, tzinfo=UTC)
        )
    assert [norm["code"] for norm in kept if "glass" in norm["code"]] == [f"gosstroy170.2.glass.{season}"]
