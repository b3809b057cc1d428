"""A forgotten password: the letter, its link, and what neither of them opens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import time_machine
from django.conf import LazySettings
from django.test import Client
from tests.cast import Cast

from vakhta.kernel.followers import follow
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.models import Delivery
from vakhta.people.models import Staff
from vakhta.wiring import FOLLOWERS

from .test_door import PASSWORD, ivanova, knock, noon, set_codes, told

__all__ = ["ivanova", "noon"]
NEW = "новый-пароль-9"


def ask(login: str, **more: Any) -> Any:
    return Client().post("/sign-in/lost/", {"login": login}, **more)


def letters() -> list[Delivery]:
    """What is queued once the service has looked at the journal."""
    follow(FOLLOWERS[0])
    with reading(Scope.system("test")):
        return list(Delivery.objects.filter(template="password").order_by("pk"))


def link_of(letter: Delivery) -> str:
    found = re.search(r"http://127.0.0.1:8000(/sign-in/new/\S+/)", letter.body)
    assert found
    return found[1]


def test_the_link_of_the_letter_sets_another_password_and_ends_all_sessions(ivanova: Staff) -> None:
    desk = Client()
    knock(desk, ivanova.user.email)
    assert "письмо уже идёт" in ask(" IVANOVA@example.org ").content.decode()
    (letter,) = letters()
    assert letter.to == "ivanova@example.org" and letter.due_at == letter.queued_at
    link = link_of(letter)
    assert Client().get(link).status_code == 200
    assert Client().post(link, {"password": "короткий"}).status_code == 422
    assert Client().post(link, {"password": NEW})["Location"] == "/sign-in/?new=1"
    assert desk.get("/console/").status_code == 302
    assert knock(Client(), ivanova.user.email).status_code == 422
    assert knock(Client(), ivanova.user.email, NEW).status_code == 302
    for answer in (Client().get(link), Client().post(link, {"password": PASSWORD})):
        assert answer.status_code == 409 and "больше не действует" in answer.content.decode()
    kinds = [fact.kind for fact in told()]
    assert kinds == [
        "SignedIn",
        "PasswordLetterAsked",
        "NoticeQueued",
        "PasswordChanged",
        "SessionsEnded",
        "SignedIn",
    ]


def test_an_old_or_changed_link_opens_nothing(ivanova: Staff, noon: time_machine.Traveller) -> None:
    ask(ivanova.user.email)
    link = link_of(letters()[0])
    assert Client().post(link[:-2] + "x/", {"password": NEW}).status_code == 409
    noon.shift(timedelta(hours=1, seconds=1))
    assert Client().post(link, {"password": NEW}).status_code == 409
    assert knock(Client(), ivanova.user.email).status_code == 302


def test_an_unknown_person_and_one_who_has_left_get_the_same_answer_and_no_letter(
    ivanova: Staff, cast: Cast
) -> None:
    with reading(Scope.system("test")):
        cast.sidorova.is_active = False
        cast.sidorova.save()
    known, unknown, gone = (ask(f"{name}@example.org") for name in ("ivanova", "nobody", "sidorova"))
    seen = {re.sub(r'"X-CSRFToken": "\w+"', "", answer.content.decode()) for answer in (known, unknown, gone)}
    assert len(seen) == 1
    assert [letter.to for letter in letters()] == ["ivanova@example.org"]


def test_three_letters_an_hour_are_enough(ivanova: Staff) -> None:
    for _letter in range(3):
        assert ask(ivanova.user.email).status_code == 200
    answer = ask(ivanova.user.email, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429 and "Слишком много попыток" in answer.content.decode()
    assert len(letters()) == 3


def test_a_letter_takes_no_second_step_away(ivanova: Staff) -> None:
    browser = Client()
    knock(browser, ivanova.user.email)
    set_codes(browser)
    ask(ivanova.user.email)
    Client().post(link_of(letters()[0]), {"password": NEW})
    assert knock(Client(), ivanova.user.email, NEW)["Location"] == "/sign-in/second/"


def test_the_way_is_shown_only_where_letters_are_sent(db: None, settings: LazySettings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:8025"
    assert "/sign-in/lost/" in Client().get("/sign-in/").content.decode()
    settings.SMTP_URL = ""
    assert "/sign-in/lost/" not in Client().get("/sign-in/").content.decode()
