"""The board: what breaches next, what nobody does, who is loaded, how the day goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast import Cast

from vakhta.crews.models import Crew
from vakhta.kernel import clock
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets import queries
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.board import build
from vakhta.web.console import build as console
from vakhta.web.pages import PageView
from vakhta.web.tests.steps import at_most, browser_of, finished, moved, ordered, registered


def board(cast: Cast, who: str = "gromova", later: timedelta = timedelta(0)):  # type: ignore[no-untyped-def]
    staff = getattr(cast, who)
    page = PageView(title="Табло", now=clock.now() + later)
    with reading(cast.scope(staff)):
        return build.board(page, staff.company)


def figures(made) -> dict[str, tuple[str, str, str]]:  # type: ignore[no-untyped-def]
    return {figure.title: (figure.value, figure.detail, figure.tone) for figure in made.figures}


def due(ticket: Ticket, norm: str, at) -> None:  # type: ignore[no-untyped-def]
    with reading(Scope.system("test")):
        Clock.objects.filter(subject=f"ticket/{ticket.pk}", norm=norm).update(due_at=at)


def test_an_unassigned_emergency_stands_first(cast: Cast) -> None:
    ticket = registered(cast)
    made = board(cast)
    assert [row.number.number for row in made.unassigned] == [ticket.number]
    assert made.unassigned[0].where == "ул. Ленина, 15, кв. 42"
    assert made.unassigned_total == 1


def test_what_nobody_has_stands_by_what_it_breaches_next(cast: Cast) -> None:
    """Not by gravity: an ordinary ticket whose term is nearer comes first; what is late stands behind, newest first."""
    soon, later, late, later_late = (registered(cast) for _ in range(4))
    now = clock.now()
    for ticket, minutes in ((soon, 20), (later, 95), (late, -5), (later_late, -60)):
        with reading(Scope.system("test")):
            Clock.objects.filter(subject=f"ticket/{ticket.pk}").update(
                due_at=now + timedelta(minutes=minutes)
            )
    shown = [row.number.number for row in board(cast).unassigned]
    assert shown == [soon.number, later.number, late.number, later_late.number]


def test_what_runs_out_within_ten_minutes_with_who_does_it(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    assert board(cast).breaching == ()
    made = board(cast, later=timedelta(minutes=25))
    assert [(row.number.number, row.who) for row in made.breaching] == [(ticket.number, "бригада 4, в пути")]
    assert made.breaching_total == 1


def test_a_calm_board_says_which_terms_come_next(cast: Cast) -> None:
    ticket = registered(cast)
    made = board(cast)
    assert made.breaching == ()
    assert [(row.number.number, row.clock.title, row.who) for row in made.following] == [
        (ticket.number, "Локализация", "")
    ]
    assert board(cast, later=timedelta(minutes=25)).following == (), "it stands among the nearest then"


def breached(cast: Cast, hours: int, phone: str = "8 900 000-15-42") -> Ticket:
    """A ticket all of whose terms passed so many hours ago."""
    ticket = registered(cast, phone=phone)
    for norm in ("pp416.13.containment", "pp416.13.terms", "pp416.13.elimination"):
        due(ticket, norm, clock.now() - timedelta(hours=hours))
    return ticket


def threatened(cast: Cast, later: timedelta = timedelta(0)):  # type: ignore[no-untyped-def]
    with reading(cast.scope(cast.gromova)):
        return console.threatened(clock.now() + later, "Europe/Moscow")


def test_what_can_be_kept_stands_before_what_is_late_and_the_newest_breach_before_the_old(cast: Cast) -> None:
    old, fresh = breached(cast, 20), breached(cast, 5, "8 900 000-03-12")
    kept = registered(cast)
    later = timedelta(minutes=25)
    wanted = [kept.number, fresh.number, old.number]
    made = board(cast, later=later)
    assert [row.number.number for row in made.breaching] == wanted
    assert made.breaching_total == 3 and made.following == ()
    left = threatened(cast, later)
    assert [row.number.number for row in left.rows] == wanted and left.total == 3
    assert made.breaching_late == left.late == 2
    assert figures(made)["заявки просрочены"] == ("2", "", "bad")


def test_nothing_is_called_calm_while_a_ticket_is_late(cast: Cast) -> None:
    browser = browser_of(cast.gromova)
    assert "с запасом" in browser.get(reverse("board:board")).content.decode()
    ticket = breached(cast, 20)
    for page in (reverse("board:board"), reverse("console:console"), reverse("console:threatened")):
        text = browser.get(page).content.decode()
        assert "с запасом" not in text and ticket.number in text, page


def test_a_ticket_that_is_done_is_not_late_any_more(cast: Cast) -> None:
    """Its clock of «terms told» may run on: nobody can be told of them any more."""
    ticket = finished(cast)
    due(ticket, "pp416.13.terms", clock.now() - timedelta(hours=20))
    made = board(cast)
    assert figures(made)["заявок просрочено"] == ("0", "", "")
    assert made.breaching == () and threatened(cast).total == 0


def test_of_many_late_tickets_a_list_reads_what_it_has_room_for_and_counts_the_rest(cast: Cast) -> None:
    for _n in range(4):
        registered(cast)
    later = clock.now() + timedelta(days=30)
    with reading(cast.scope(cast.gromova)):
        few, total, late = queries.threatened(later, 1)
        every, *same = queries.threatened(later, 50)
    assert (total, late) == (4, 4) == tuple(same)
    assert few == every[:1]


def test_the_board_asks_fifteen_times_at_most(cast: Cast) -> None:
    breached(cast, 20)
    registered(cast)
    ordered(cast)
    with reading(cast.scope(cast.gromova)), at_most(15):
        build.board(PageView(title="Табло", now=clock.now() + timedelta(minutes=25)), cast.gromova.company)


def test_crews_stand_by_their_load(cast: Cast) -> None:
    with reading(Scope.system("test")):
        Crew.objects.create(company=cast.centre, number=9, name="бригада 9", skills=["lift"])
    _ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    loads = [(load.title, load.jobs, load.free, load.state) for load in board(cast).crews]
    assert loads == [
        ("Бригада 4", 1, False, "на месте, ул. Ленина, 15"),
        ("Бригада 9", 0, True, "без нарядов"),
    ]


def named(cast: Cast, name: str) -> None:
    with reading(Scope.system("test")):
        Crew.objects.filter(pk=cast.crew4.pk).update(name=name)


def test_what_a_crew_does_fits_any_name_and_its_number_stands_beside(cast: Cast) -> None:
    named(cast, "Теплотехники")
    _ticket, order = ordered(cast)
    states = []
    for move in ("", "accept", "go", "arrive", "contain"):
        moved(cast, order, *filter(None, [move]))
        states.append(board(cast).crews[0].state)
    place = "ул. Ленина, 15"
    assert states == [
        f"{said}, {place}" for said in ("ещё не принято", "принято", "в пути", "на месте", "локализовано")
    ]
    made = board(cast, later=timedelta(minutes=25))
    assert made.crews[0].title == "Бр. 4 · Теплотехники"
    assert made.breaching == () or made.breaching[0].who == "бр. 4 · Теплотехники, локализовано"


def test_the_console_says_the_same_words_as_the_board(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept")
    page = browser_of(cast.gromova).get(reverse("console:ticket", args=[ticket.number])).content.decode()
    assert "принято" in page and board(cast).crews[0].state.startswith("принято")


def test_the_norm_kept_today(cast: Cast) -> None:
    finished(cast)
    late = registered(cast)
    due(late, "pp416.13.containment", clock.now() - timedelta(seconds=1))
    kept = figures(board(cast))
    assert kept["ответ в норме сегодня"] == ("100\u00a0%", "2 из 2", "")
    assert kept["сроки в норме сегодня"][1:] == ("нарушено 1", "warn")


def test_calls_that_wait_are_told_with_the_longest(cast: Cast) -> None:
    from vakhta.contacts import arrival
    from vakhta.kernel.journal import acting

    with acting(Scope.system("api")):
        arrival.receive(arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk)
        arrival.receive(arrival.Message(channel="email", text="нет света"), centre=cast.centre.pk)
    made = figures(board(cast, later=timedelta(minutes=6)))
    assert made["звонок ждёт"][0] == "1" and made["звонок ждёт"][2] == "bad"
    assert made["сообщение ждёт"][0] == "1" and made["сообщение ждёт"][2] == ""


def test_a_company_sees_only_its_own(cast: Cast) -> None:
    own, other = registered(cast), registered(cast, phone="8 900 000-03-12")
    assert {row.number.number for row in board(cast, "client").unassigned} == {own.number}
    assert {row.number.number for row in board(cast, "orlov").unassigned} == {own.number, other.number}
    text = browser_of(cast.client).get(reverse("board:board")).content.decode()
    assert "ул. Ленина, 15" in text and "ул. Мира, 3" not in text


def test_who_sees_no_crews_is_not_told_that_there_are_none(cast: Cast) -> None:
    """The centre's crews work for the company, which does not see them; a centre without any is told so."""
    ordered(cast)
    assert board(cast, "client").crews is None
    assert "b-crews" not in browser_of(cast.client).get(reverse("board:board")).content.decode()
    with reading(Scope.system("test")):
        Crew.objects.update(is_active=False)
    assert board(cast).crews == ()
    assert "На смене нет бригад" in browser_of(cast.gromova).get(reverse("board:board")).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("kuznetsov", 403), ("inspector", 403), ("kim", 403), ("ivanova", 200), ("client", 200)],
)
def test_who_may_look(cast: Cast, who: str, status: int) -> None:
    assert browser_of(getattr(cast, who)).get(reverse("board:board")).status_code == status


def test_the_live_refresh_takes_only_the_body(cast: Cast) -> None:
    registered(cast)
    ordered(cast)
    client = browser_of(cast.gromova)
    body = client.get(reverse("board:board"), headers={"HX-Request": "true"}).content.decode()
    assert body.strip().startswith("<div") and "<html" not in body
    with at_most(16):
        client.get(reverse("board:board"), headers={"HX-Request": "true"})
