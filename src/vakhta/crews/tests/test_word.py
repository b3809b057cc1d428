"""A crew that can do nothing until the dispatcher speaks is before the dispatcher's eyes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.crews.actions import last_hand_over
from vakhta.crews.models import WorkOrder
from vakhta.crews.queries import waiting_for_word
from vakhta.domain.facts import Recorded
from vakhta.domain.told import ticket_told
from vakhta.kernel import clock
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting, history
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.changes import undo_end, void_ticket
from vakhta.tickets.models import Ticket
from vakhta.tickets.word import return_ticket
from vakhta.web.tests.steps import browser_of, moved, now_of, ordered
from vakhta.wiring import FOLLOWERS

QUESTION = "Где ключ от подвала?"


def ask(cast: Cast, order: WorkOrder) -> None:
    with acting(cast.scope(cast.kuznetsov)):
        crews.ask(order.pk, QUESTION)


def refuse(cast: Cast, order: WorkOrder) -> None:
    moved(cast, order, "refuse")


def stand_before_a_door(cast: Cast, order: WorkOrder) -> None:
    moved(cast, order, "accept", "go", "no_access")


def answer(cast: Cast, ticket: Ticket) -> None:
    url = f"/console/ticket/{now_of(ticket).number}/comment/"
    assert browser_of(cast.ivanova).post(url, {"text": "У консьержа, подъезд 1"}).status_code in (200, 302)


def give_to_another(cast: Cast, ticket: Ticket) -> None:
    with acting(cast.scope(cast.ivanova)):
        crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)


def is_returned(cast: Cast, order: WorkOrder) -> None:
    moved(cast, order, "accept", "go", "arrive", "done")
    with acting(Scope(companies=None, actor=f"resident/{order.ticket_id}", role="system")):
        return_ticket(order.ticket_id, review="снова течёт")


def go_in(cast: Cast, ticket: Ticket) -> None:
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get(ticket=ticket, state="no_access")
    moved(cast, order, "arrive")


def agree_anew(cast: Cast, ticket: Ticket) -> None:
    url = f"/console/ticket/{now_of(ticket).number}/access/"
    said = {"since": "10:00", "until": "11:00", "reason": "течёт стояк", "worker": "Кузнецов И. А."}
    tomorrow = f"{clock.today() + timedelta(days=1):%d.%m.%Y}"
    assert browser_of(cast.ivanova).post(url, said | {"day": tomorrow}).status_code == 302
    for follower in FOLLOWERS:
        while follow(follower):
            pass


def waiting() -> list[int]:
    with reading(Scope.system("test")):
        return [order.pk for order in waiting_for_word()]


@pytest.mark.parametrize(
    ("happens", "words", "helps"),
    [
        (ask, "Вопрос диспетчеру", answer),
        (refuse, "Отказ: нужен другой исполнитель", give_to_another),
        (is_returned, "Заявитель вернул заявку", give_to_another),
        (is_returned, "«снова течёт»", give_to_another),
        (stand_before_a_door, "Нет доступа: согласуйте заново", go_in),
        (stand_before_a_door, "Нет доступа: согласуйте заново", agree_anew),
    ],
)
def test_it_stands_on_the_console_until_the_word_is_said(
    cast: Cast,
    happens: Callable[[Cast, WorkOrder], None],
    words: str,
    helps: Callable[[Cast, Ticket], None],
) -> None:
    ticket, order = ordered(cast)
    assert waiting() == []
    happens(cast, order)
    assert waiting() == [order.pk]
    page = browser_of(cast.ivanova).get("/console/threatened/").content.decode()
    assert words in page and (QUESTION in page) == (happens is ask) and 'data-key="Alt+Q"' in page
    helps(cast, ticket)
    assert waiting() == []
    assert words not in browser_of(cast.ivanova).get("/console/").content.decode()


def give_and_take_back(cast: Cast, ticket: Ticket) -> None:
    give_to_another(cast, ticket)
    handed = last_hand_over(ticket_records(ticket))
    assert handed is not None
    with acting(cast.scope(cast.ivanova)):
        crews.undo_assignment(ticket.pk, handed[0].entry)


def give_and_be_refused(cast: Cast, ticket: Ticket) -> None:
    give_to_another(cast, ticket)
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get(ticket=ticket, state="offered")
    moved(cast, order, "refuse")


def void_and_take_back(cast: Cast, ticket: Ticket) -> None:
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "по ошибке")
    with acting(cast.scope(cast.gromova)):
        undo_end(ticket.pk, ticket_records(ticket)[-1].entry)


@pytest.mark.parametrize("ends", [give_and_take_back, give_and_be_refused, void_and_take_back])
def test_a_returned_ticket_that_nobody_has_is_returned_whatever_was_tried(
    cast: Cast, ends: Callable[[Cast, Ticket], None]
) -> None:
    ticket, order = ordered(cast)
    is_returned(cast, order)
    ends(cast, ticket)
    assert now_of(ticket).state == ticket_told(ticket_records(ticket)).state == "returned"
    assert len(waiting()) == 1


def ticket_records(ticket: Ticket) -> list[Recorded]:
    with reading(Scope.system("test")):
        return history(f"ticket/{ticket.pk}")


def test_a_door_that_nobody_opens_is_not_hidden_by_a_question(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    stand_before_a_door(cast, order)
    ask(cast, order)
    for url in ("/console/threatened/", "/board/"):
        page = browser_of(cast.gromova).get(url).content.decode().lower()
        assert "нет доступа" in page and "вопрос диспетчеру" not in page


def test_the_answer_is_on_the_crew_s_phone(cast: Cast) -> None:
    ticket, order = ordered(cast)
    ask(cast, order)
    answer(cast, ticket)
    page = browser_of(cast.kuznetsov).get(f"/field/{order.pk}/").content.decode()
    top, history = page.partition("<h1")[0], page.partition('class="job-history"')[2]
    assert top.index(QUESTION) < top.index("У консьержа, подъезд 1"), "as it was said"
    assert history.index("У консьержа, подъезд 1") < history.index(QUESTION), "the newest first"


def test_the_board_says_who_asks(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    ask(cast, order)
    assert "вопрос диспетчеру" in browser_of(cast.gromova).get("/board/").content.decode()


def test_another_company_does_not_hear_it(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    ask(cast, order)
    with reading(Scope(companies=frozenset({cast.foreign.pk}), actor="staff/1")):
        assert waiting_for_word() == []
