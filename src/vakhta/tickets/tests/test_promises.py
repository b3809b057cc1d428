"""A company may be stricter than the law, and by contract have terms that the law has not; never laxer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.norm_actions import promise_norm
from vakhta.web.tests.steps import registered

CONTAINMENT = "pp416.13.containment"


def promise(
    cast: Cast, code: str, minutes: int | None, document: str = "договор № 5", who: str = "kim"
) -> None:
    with acting(cast.scope(getattr(cast, who))):
        promise_norm(
            code,
            company=cast.north.pk,
            limit=None if minutes is None else timedelta(minutes=minutes),
            document=document,
        )


def promised(cast: Cast) -> dict[str, int]:
    with reading(Scope.system("test")):
        return dict(Company.objects.get(pk=cast.north.pk).stricter_norms)


def minutes_of(ticket: Ticket) -> dict[str, int]:
    """Norm → minutes from its start to its term."""
    with reading(Scope.system("test")):
        rows = Clock.objects.filter(subject=f"ticket/{ticket.pk}")
        return {
            row.norm: round((row.due_at - row.started_at).total_seconds() / 60) for row in rows if row.due_at
        }


def test_twenty_minutes_instead_of_thirty_hold_for_the_next_ticket(cast: Cast) -> None:
    before = registered(cast)
    promise(cast, CONTAINMENT, 20)
    after = registered(cast)
    assert (minutes_of(before)[CONTAINMENT], minutes_of(after)[CONTAINMENT]) == (30, 20)
    promise(cast, CONTAINMENT, None, "договор № 5 расторгнут")
    assert minutes_of(registered(cast))[CONTAINMENT] == 30


def test_the_contract_has_terms_that_the_law_has_not(cast: Cast) -> None:
    promise(cast, "contract.arrival", 40)
    promise(cast, "contract.repair", 24 * 60)
    terms = minutes_of(registered(cast))
    assert (terms["contract.arrival"], terms["contract.repair"]) == (40, 1440)
    assert terms[CONTAINMENT] == 30, "the law's own clocks run on beside them"


def test_a_contract_promises_containment_only_where_there_is_something_to_contain(cast: Cast) -> None:
    promise(cast, "contract.containment", 25)
    assert "contract.containment" in minutes_of(registered(cast))
    assert "contract.containment" not in minutes_of(registered(cast, "flat.taps"))


def test_every_promise_is_a_fact_with_its_document(cast: Cast) -> None:
    promise(cast, CONTAINMENT, 20)
    with reading(Scope.system("test")):
        facts = [r.fact for r in journal.recorded(journal.after(0, 1000)) if r.fact.kind == "NormPromised"]
    assert [(f.norm, f.limit, f.document, f.organisation) for f in facts] == [  # type: ignore[attr-defined]
        (CONTAINMENT, 1200, "договор № 5", cast.north.pk)
    ]


@pytest.mark.parametrize(
    ("code", "minutes", "document", "field", "words"),
    [
        (CONTAINMENT, 31, "договор", "limit", "мягче нормы"),
        (CONTAINMENT, 30, "договор", "limit", "Укажите меньше"),
        (CONTAINMENT, 0, "договор", "limit", "от секунды"),
        (CONTAINMENT, 20, " ", "document", "Договор или решение"),
        ("pp416.answer.complaint.none", 20, "договор", "", "Такой нормы нет"),
    ],
)
def test_what_no_company_may_promise(
    cast: Cast, code: str, minutes: int, document: str, field: str, words: str
) -> None:
    with pytest.raises((Invalid, NotFound), match=words) as refused:
        promise(cast, code, minutes, document)
    assert refused.value.field == field
    assert promised(cast) == {}


@pytest.mark.parametrize("who", ["ivanova", "gromova", "orlov", "client", "inspector", "kuznetsov"])
def test_only_the_administrator_promises(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        promise(cast, CONTAINMENT, 20, who=who)
    assert promised(cast) == {}


def test_a_company_that_is_not_served_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotFound, match="из списка"), acting(cast.scope(cast.kim)):
        promise_norm(CONTAINMENT, company=cast.foreign.pk, limit=timedelta(minutes=20), document="договор")
    with reading(Scope.system("test")):
        assert Company.objects.get(pk=cast.foreign.pk).stricter_norms == {}
