"""The resident's page by the signed link, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import merge_ticket, void_ticket
from vakhta.tickets.models import Ticket
from vakhta.tickets.word import close_unanswered
from vakhta.web.cabinet.links import ticket_link
from vakhta.web.tests.steps import everything, finished, kinds, moved, now_of, ordered, registered

QUESTION = "Всё исправили?"
RATE = "Как сработали?"


def look(ticket: Ticket) -> str:
    answer = Client().get(ticket_link(ticket.pk))
    assert answer.status_code == 200
    return answer.content.decode()


def say(ticket: Ticket, word: str, **said: str):  # type: ignore[no-untyped-def]
    return Client().post(f"{ticket_link(ticket.pk)}{word}/", said)


def as_clock(ticket: Ticket) -> None:
    with acting(Scope.system("clock")):
        close_unanswered(ticket.pk)


def test_confirmed_then_rated(cast: Cast) -> None:
    ticket = finished(cast)
    assert QUESTION in look(ticket)
    assert say(ticket, "confirm").status_code == 302
    assert now_of(ticket).state == "closed"
    assert RATE in look(ticket)
    assert say(ticket, "rate", rating="5", review="Пришли быстро").status_code == 302
    assert now_of(ticket).rating == 5
    assert "Ваша оценка: 5 из 5" in look(ticket)
    assert kinds(ticket)[-2:] == ["TicketConfirmed", "TicketRated"]


def test_returned_opens_it_again_with_the_words(cast: Cast) -> None:
    ticket = finished(cast)
    assert say(ticket, "return", review="Опять капает").status_code == 302
    assert now_of(ticket).state == "returned"
    assert kinds(ticket)[-1] == "TicketReturned"
    assert "Заявка снова в работе" in look(ticket)


def test_each_press_counts_once(cast: Cast) -> None:
    ticket = finished(cast)
    for word, said in (
        ("confirm", {}),
        ("confirm", {}),
        ("rate", {"rating": "4"}),
        ("rate", {"rating": "4"}),
    ):
        assert say(ticket, word, **said).status_code == 302
    assert (kinds(ticket).count("TicketConfirmed"), kinds(ticket).count("TicketRated")) == (1, 1)


def test_who_confirmed_in_one_window_and_returns_in_the_other_keeps_the_words(cast: Cast) -> None:
    """Two tabs of one link. A closed ticket cannot be returned: what to do is said, nothing typed is lost."""
    ticket = finished(cast)
    say(ticket, "confirm")
    before = everything(ticket)
    answer = say(ticket, "return", review="Опять капает")
    page = answer.content.decode()
    assert (answer.status_code, everything(ticket)) == (409, before)
    assert "уже подтверждена" in page and "Если не исправлено, позвоните диспетчеру" in page
    assert "подтвердить можно только" not in page
    assert "Ваши слова не отправлены" in page and ">Опять капает</textarea>" in page
    assert page.count("Опять капает") == 1, "and not as a review of what went well"
    assert page.count('href="tel:+74950000100"') == 1
    assert RATE in page


def test_other_words_of_a_return_that_was_made_are_not_lost(cast: Cast) -> None:
    ticket = finished(cast)
    say(ticket, "return", review="Опять капает")
    before = everything(ticket)
    assert say(ticket, "return", review="Опять капает ").status_code == 302, "sent twice, heard once"
    answer = say(ticket, "return", review="И в подъезде мокро")
    assert (answer.status_code, everything(ticket)) == (409, before)
    assert ">И в подъезде мокро</textarea>" in answer.content.decode()


def test_who_is_too_late_to_return_is_told_that_it_is_closed(cast: Cast) -> None:
    page = say(_silent(cast), "return", review="Опять капает").content.decode()
    assert "Эта заявка уже закрыта" in page and "подтверждена" not in page and "Опять капает" in page


def test_a_refused_word_has_the_hands_where_it_is_mended(cast: Cast) -> None:
    """Without a script: the page begins in the field that is wrong, and nowhere when nothing is."""
    ticket = finished(cast)
    assert " autofocus" not in look(ticket)
    refused = say(ticket, "return", review="").content.decode()
    assert re.search(r'<textarea id="r-review"[^>]* autofocus', refused)
    say(ticket, "confirm")
    refused = say(ticket, "rate", review="Спасибо").content.decode()
    assert re.findall(r"<(?:input|textarea)[^>]* autofocus", refused) == [
        '<input type="radio" name="rating" value="1" required autofocus'
    ]


def _assigned(cast: Cast) -> Ticket:
    return ordered(cast)[0]


def _on_site(cast: Cast) -> Ticket:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    return ticket


def _silent(cast: Cast) -> Ticket:
    ticket = finished(cast)
    as_clock(ticket)
    return ticket


def _void(cast: Cast) -> Ticket:
    ticket = registered(cast)
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "повтор")
    return ticket


def _merged(cast: Cast) -> Ticket:
    other, ticket = ordered(cast)[0], registered(cast)
    with acting(cast.scope(cast.gromova)):
        merge_ticket(ticket.pk, other.pk, "одна авария")
    return ticket


def _returned_and_told(cast: Cast) -> Ticket:
    ticket = finished(cast)
    say(ticket, "return", review="капает")
    with acting(cast.scope(cast.ivanova)):
        tickets.tell_terms(ticket.pk, clock.now() + timedelta(days=1))
    return ticket


@pytest.mark.parametrize(
    ("state", "words"),
    [(registered, "Заявка принята"), (_assigned, "Бригада назначена"), (_on_site, "Мастер на месте"), (finished, QUESTION),
     (_silent, "Ответа не было"), (_void, "аннулирована"), (_merged, "объединена с заявкой"), (_returned_and_told, "Исправим до")],
)  # fmt: skip
def test_each_state_has_its_page(cast: Cast, state, words: str) -> None:  # type: ignore[no-untyped-def]
    text = look(state(cast))
    assert words in text
    assert (QUESTION in text) == (words == QUESTION) and RATE not in text


def test_nothing_personal_of_others_is_said(cast: Cast) -> None:
    ticket, order = ordered(cast)
    with acting(cast.scope(cast.ivanova)):
        tickets.comment(ticket.pk, "соседка Козлова из кв. 38 жалуется")
    moved(cast, order, "accept", "go")
    text = look(ticket)
    for words in ("Козлова", "Петрова", "Иванова", "+7900", "resident@example.org", "течёт стояк в ванной"):
        assert words not in text
    assert "ул. Ленина, 15" in text


@pytest.mark.parametrize(
    ("word", "said", "state", "status"),
    [("confirm", {}, registered, 409), ("return", {"review": "нет"}, registered, 409), ("rate", {"rating": "5"}, finished, 409),
     ("return", {"review": "  "}, finished, 422), ("rate", {"rating": "9"}, _silent, 422), ("rate", {}, _silent, 422),
     ("rate", {"rating": "5", "review": "а" * 2001}, _silent, 422), ("confirm", {}, _void, 409)],
)  # fmt: skip
def test_a_word_at_a_wrong_time_changes_nothing(cast: Cast, word, said, state, status) -> None:  # type: ignore[no-untyped-def]
    ticket = state(cast)
    before = everything(ticket)
    answer = say(ticket, word, **said)
    assert answer.status_code == status
    assert everything(ticket) == before


def test_a_rating_is_not_taken_back(cast: Cast) -> None:
    ticket = finished(cast)
    say(ticket, "confirm")
    say(ticket, "rate", rating="2", review="грязь")
    before = everything(ticket)
    answer = say(ticket, "rate", rating="5")
    assert (answer.status_code, everything(ticket)) == (409, before)
    assert "Оценка уже записана: 2 из 5" in answer.content.decode()


@pytest.mark.parametrize("spoil", [lambda t: t[:-3] + "abc", lambda t: "17", lambda t: t.replace(":", "", 1)])
def test_a_spoilt_link_opens_nothing(cast: Cast, spoil) -> None:  # type: ignore[no-untyped-def]
    ticket = finished(cast)
    before = everything(ticket)
    token = ticket_link(ticket.pk).strip("/").split("/")[-1]
    for answer in (Client().get(f"/z/{spoil(token)}/"), Client().post(f"/z/{spoil(token)}/confirm/")):
        assert answer.status_code == 404
        assert "Ссылка не открывается" in answer.content.decode()
        assert "Ленина" not in answer.content.decode()
        assert 'href="tel:+74950000100"' in answer.content.decode()
    assert everything(ticket) == before


def test_a_link_of_two_years_ago_is_dead(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = finished(cast)
    monkeypatch.setattr("vakhta.web.cabinet.links.VALID_FOR", -1)
    assert Client().get(ticket_link(ticket.pk)).status_code == 404


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    ticket = finished(cast)
    before = everything(ticket)
    answer = Client(enforce_csrf_checks=True).post(f"{ticket_link(ticket.pk)}confirm/")
    assert (answer.status_code, everything(ticket)) == (403, before)


def test_the_page_is_not_indexed_and_keeps_its_address(cast: Cast) -> None:
    answer = Client().get(ticket_link(registered(cast).pk))
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"], answer["Cache-Control"]) == (
        "noindex, nofollow", "same-origin", "no-store",
    )  # fmt: skip
    assert "<script" not in answer.content.decode()


def test_the_resident_writes_the_journal_by_name(cast: Cast) -> None:
    ticket = finished(cast)
    say(ticket, "confirm")
    from vakhta.kernel import journal
    from vakhta.kernel.tenancy import reading

    with reading(Scope.system("test")):
        assert journal.history(f"ticket/{ticket.pk}")[-1].actor == f"resident/{ticket.pk}"


def test_of_two_windows_the_rating_that_counts_is_shown(cast: Cast) -> None:
    ticket = finished(cast)
    say(ticket, "confirm")
    say(ticket, "rate", rating="4")
    answer = say(ticket, "rate", rating="1")
    page = answer.content.decode()
    assert answer.status_code == 409 and "Оценка уже записана: 4 из 5" in page
    assert "Ваша оценка: 4 из 5" in page and "Ваша оценка: 1" not in page


def test_what_cannot_be_returned_says_return(cast: Cast) -> None:
    ticket = registered(cast)
    page = say(ticket, "return", review="Не пришли").content.decode()
    assert "вернуть можно только выполненную" in page and "подтвердить можно" not in page


def test_the_page_names_who_really_comes(cast: Cast) -> None:
    """The operator promised one master, and another crew was sent: the resident checks papers by this name."""
    ticket = registered(cast)
    since = clock.now() + timedelta(hours=1)

    def promised(worker: str) -> None:
        until = since + timedelta(hours=1)
        with acting(cast.scope(cast.ivanova)):
            tickets.agree_access(
                ticket.pk, needed=True, since=since, until=until, reason="осмотр", worker=worker
            )

    promised("Макаров Георгий Валентинович")
    assert "Придёт: Макаров Георгий Валентинович" in look(ticket)
    with acting(cast.scope(cast.ivanova)):
        crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)
    assert f"Придёт: {cast.kuznetsov.name}" in look(ticket) and "Макаров" not in look(ticket)
    promised(cast.kuznetsov.name)
    assert f"Придёт: {cast.kuznetsov.name}" in look(ticket)
