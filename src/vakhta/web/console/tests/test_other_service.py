"""A ticket whose work is another service's: no crew is asked for, and nobody's hands are missing on the board."""

from __future__ import annotations

import pytest
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.crews.models import WorkOrder
from vakhta.kernel import journal
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.models import Delivery
from vakhta.tickets import actions as tickets
from vakhta.tickets.models import Ticket
from vakhta.web.console import panels
from vakhta.web.tests.steps import browser_of, everything, kinds, registered
from vakhta.wiring import FOLLOWERS

GAS = "house.gas.smell"


@pytest.fixture
def smell(cast: Cast) -> tuple[Interaction, Ticket]:
    ticket = registered(cast, GAS)
    with reading(Scope.system("test")):
        return Interaction.objects.get(ticket=ticket), ticket


def test_step_8_proposes_the_service_and_one_key_writes_it_down(
    cast: Cast, smell: tuple[Interaction, Ticket]
) -> None:
    row, ticket = smell
    with reading(cast.scope(cast.ivanova)):
        first, *others = panels.handover(row, ticket, ticket.registered_at, {}).crews
    assert (first.value, first.title, first.chosen) == ("gas_service", "Аварийная газовая служба", True)
    assert not any(other.chosen for other in others)
    url = f"/console/contact/{row.pk}/step/8/"
    assert browser_of(cast.ivanova).post(url, {"crew": first.value, "note": ""}).status_code in (200, 302)
    with reading(Scope.system("test")):
        last = journal.history(f"ticket/{ticket.pk}")[-1].fact
        assert last.kind == "StepSkipped" and not WorkOrder.objects.exists()
        assert last.reason == "исполняет служба: Аварийная газовая служба"  # type: ignore[attr-defined]
        assert "8" in Interaction.objects.get(pk=row.pk).steps


def test_the_words_to_say_and_the_letters_name_the_service_and_its_phone(
    cast: Cast, smell: tuple[Interaction, Ticket]
) -> None:
    row, ticket = smell
    with reading(cast.scope(cast.ivanova)):
        said = panels.number(row, ticket, ticket.registered_at, {}).say
    assert "Аварийная газовая служба, 104" in said and "бригада" not in said
    with acting(cast.scope(cast.ivanova)):
        tickets.tell_terms(ticket.pk, None, interaction=row.pk)
    for follower in FOLLOWERS:
        while follow(follower):
            pass
    with reading(Scope.system("test")):
        letters = {letter.template: letter.body for letter in Delivery.objects.filter(ticket_id=ticket.pk)}
    for template in ("registered", "terms"):
        assert "Работу выполняет другая служба: Аварийная газовая служба, 104." in letters[template]
    assert "назначены сроки" not in letters["terms"]


def test_a_service_is_told_when_somebody_has_taken_it(cast: Cast, smell: tuple[Interaction, Ticket]) -> None:
    row, ticket = smell
    url, before = f"/console/contact/{row.pk}/step/5/", everything(ticket)
    desk = browser_of(cast.ivanova)
    answer = desk.post(url, {"service": ["gas_service", "edds"], "who-edds": "Сомов", "who-gas_service": " "})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Запишите, кто принял" in page
    assert 'id="who-gas_service-about"' in page and 'id="who-edds-about"' not in page
    assert everything(ticket) == before
    said = {"service": ["gas_service"], "who-gas_service": "дежурная Лис"}
    assert desk.post(url, said).status_code in (200, 302)
    assert "ServiceTold" in kinds(ticket)


def test_who_does_the_work_is_told_or_the_step_is_skipped_with_a_reason(
    cast: Cast, smell: tuple[Interaction, Ticket]
) -> None:
    """«Службы не нужны» of a smell of gas: the ticket would be another service's, and nobody had called it."""
    row, ticket = smell
    url, desk, before = f"/console/contact/{row.pk}/step/5/", browser_of(cast.ivanova), everything(ticket)
    for said in ({}, {"service": ["edds"], "who-edds": "Сомов"}):
        answer = desk.post(url, said, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Аварийная газовая служба выполняет эту работу: известите" in page
        assert 'id="who-gas_service-about"' in page
        assert everything(ticket) == before
    skipped = desk.post(f"/console/contact/{row.pk}/skip/5/", {"reason": "служба уже на месте"})
    assert skipped.status_code == 302 and kinds(ticket)[-1] == "StepSkipped"


@pytest.mark.parametrize("crew", ["edds", "gas_service ", "crew", ""])
def test_another_service_is_no_executor(cast: Cast, smell: tuple[Interaction, Ticket], crew: str) -> None:
    row, ticket = smell
    with reading(Scope.system("test")):
        before = journal.history(f"ticket/{ticket.pk}")
    answer = browser_of(cast.ivanova).post(f"/console/contact/{row.pk}/step/8/", {"crew": crew})
    assert answer.status_code == 422
    with reading(Scope.system("test")):
        assert journal.history(f"ticket/{ticket.pk}") == before


def test_the_board_shows_it_with_the_service_that_does_it(
    cast: Cast, smell: tuple[Interaction, Ticket]
) -> None:
    """An open emergency is never out of sight, whoever works on it."""
    page = browser_of(cast.gromova).get("/board/").content.decode()
    assert "Газ: запах газа · Аварийная газовая служба" in page and "Всё роздано" not in page


def test_a_pipe_is_not_for_the_gas_service(cast: Cast) -> None:
    ticket = registered(cast)
    with reading(Scope.system("test")):
        row = Interaction.objects.get(ticket=ticket)
    answer = browser_of(cast.ivanova).post(f"/console/contact/{row.pk}/step/8/", {"crew": "gas_service"})
    assert answer.status_code == 422
