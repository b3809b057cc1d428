"""Consents of residents: what is written when one is given and taken back, and what is not taken."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.cast import Cast

from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places import consents, edit
from vakhta.places.models import Consent, Person

GIVEN = date(2026, 9, 1)
PAPER = "бланк 2, ред. 01.09.2025, дело 15"


@pytest.fixture
def resident(cast: Cast) -> Person:
    with reading(Scope.system("test")):
        return Person.objects.select_related("premises").filter(premises__isnull=False).earliest("id")


def does(cast: Cast, act: Any, *said: Any) -> Any:
    with acting(cast.scope(cast.kim)):
        return act(*said)


def gives(
    cast: Cast, who: Person, purpose: str = "mass", document: str = PAPER, day: date | None = GIVEN
) -> Consent:
    made: Consent = does(cast, consents.give, who.premises_id, who.pk, purpose, document, day)
    return made


def told() -> list[str]:
    with reading(Scope.system("test")):
        rows = Entry.objects.filter(kind="StockChanged").order_by("id")
        return [row.body["what"] for row in rows if "согласие" in row.body["what"]]


def test_it_is_given_taken_back_and_given_again_and_all_of_it_stays_told(
    cast: Cast, resident: Person
) -> None:
    first = gives(cast, resident)
    does(cast, consents.take_back, resident.premises_id, first.pk, date(2026, 10, 1))
    second = gives(cast, resident, document="бланк 3", day=date(2026, 11, 1))
    with reading(Scope.system("test")):
        rows = list(
            Consent.objects.filter(person=resident).values_list("pk", "document", "given_on", "withdrawn_on")
        )
    assert rows == [
        (first.pk, PAPER, GIVEN, date(2026, 10, 1)),
        (second.pk, "бланк 3", date(2026, 11, 1), None),
    ]
    about = f"помещение № {resident.premises_id}: житель № {resident.pk}: согласие № "
    assert told() == [
        f"{about}{first.pk} (массовые звонки и сообщения) дано",
        f"{about}{first.pk} (массовые звонки и сообщения) отозвано",
        f"{about}{second.pk} (массовые звонки и сообщения) дано",
    ]
    assert not any(resident.name.partition(" ")[0] in what for what in told()), "nobody's name"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": "всё"}, "purpose"),
        ({"document": "  "}, "document"),
        ({"document": "я" * 201}, "document"),
        ({"day": None}, "given_on"),
        ({"day": clock.today() + timedelta(days=2)}, "given_on"),
    ],
)
def test_what_is_no_document_is_refused(
    cast: Cast, resident: Person, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        gives(cast, resident, **more)
    assert refused.value.field == field and told() == []
    with reading(Scope.system("test")):
        assert not Consent.objects.exists()


def test_one_of_each_purpose_stands(cast: Cast, resident: Person) -> None:
    gives(cast, resident)
    gives(cast, resident, "advertising")
    with pytest.raises(Invalid) as refused:
        gives(cast, resident)
    assert refused.value.field == "purpose" and len(told()) == 2
    with pytest.raises(IntegrityError), reading(Scope.system("test")), transaction.atomic():
        Consent.objects.create(
            company_id=resident.company_id, person=resident, purpose="mass", document="мимо", given_on=GIVEN
        )


def test_it_is_not_taken_back_before_it_was_given_nor_twice(cast: Cast, resident: Person) -> None:
    row = gives(cast, resident)
    for day in (GIVEN - timedelta(days=1), clock.today() + timedelta(days=2), None):
        with pytest.raises(Invalid) as refused:
            does(cast, consents.take_back, resident.premises_id, row.pk, day)
        assert refused.value.field == "withdrawn_on"
    does(cast, consents.take_back, resident.premises_id, row.pk, GIVEN)
    with pytest.raises(Conflict):
        does(cast, consents.take_back, resident.premises_id, row.pk, date(2026, 11, 1))
    with pytest.raises(NotFound):
        does(cast, consents.take_back, resident.premises_id, row.pk + 1, GIVEN)
    assert len(told()) == 2


def test_who_may_not_edit_the_stock_gives_none(cast: Cast, resident: Person) -> None:
    with pytest.raises(Forbidden), acting(cast.scope(cast.ivanova)):
        consents.give(resident.premises_id or 0, resident.pk, "mass", PAPER, GIVEN)
    assert told() == []


def test_who_has_moved_out_takes_the_consents_along(cast: Cast, resident: Person) -> None:
    gives(cast, resident)
    does(cast, edit.drop_person, resident.premises_id, resident.pk)
    with reading(Scope.system("test")):
        assert not Consent.objects.exists()
