"""The technician's pages: plain forms on a bad network, checked by the server."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.models import AccessNote
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.field.worker import ASSETS, release
from vakhta.web.tests.steps import (
    at_most,
    browser_of,
    everything,
    finished,
    kinds,
    moved,
    now_of,
    order_now,
    ordered,
    photo,
)  # fmt: skip

WAY = (
    ("accept", {}, "accepted", "WorkAccepted", "Принято"),
    ("go", {}, "on_the_way", "CrewOnTheWay", "Выезд записан"),
    ("arrive", {"place": "55.75,37.61±12"}, "on_site", "CrewOnSite", "Прибытие записано"),
    ("contain", {}, "contained", "DamageContained", "Записано"),
    ("done", {"note": "заменён участок стояка"}, "done", "WorkDone", "Выполнение записано"),
)


WAY_IN = ("accept", "go", "arrive")


def press(client: Client, order: WorkOrder, move: str, **said: object):  # type: ignore[no-untyped-def]
    return client.post(reverse("field:move", args=[order.pk, move]), said)


def page(client: Client, order: WorkOrder) -> str:
    return client.get(reverse("field:order", args=[order.pk])).content.decode()


def test_the_whole_way_by_plain_forms(cast: Cast) -> None:
    ticket, order = ordered(cast)
    phone = browser_of(cast.kuznetsov)
    assert "ул. Ленина, 15" in phone.get(reverse("field:orders")).content.decode()
    for move, said, state, kind, words in WAY:
        answer = press(phone, order, move, **said)
        assert answer.status_code == 302
        assert words in phone.get(answer["Location"]).content.decode()
        assert (order_now(order).state, kinds(ticket)[-1]) == (state, kind)
    assert now_of(ticket).state == "done"
    assert "Сделано за смену" in phone.get(reverse("field:orders")).content.decode()


@pytest.mark.parametrize(
    ("state", "button"),
    [((), "Принять наряд"), (("accept",), "Выехал"), (("accept", "go"), "На месте"),
     (("accept", "go", "arrive"), "Локализовано"), (("accept", "go", "arrive", "contain"), "Выполнено")],
)  # fmt: skip
def test_the_wide_button_is_the_next_move(cast: Cast, state: tuple[str, ...], button: str) -> None:
    _ticket, order = ordered(cast)
    moved(cast, order, *state)
    wide = page(browser_of(cast.kuznetsov), order).partition('class="job-next"')[2]
    assert button in wide


@pytest.mark.parametrize("move", ["go", "contain", "done", "no_access"])
def test_a_move_out_of_turn_changes_nothing(cast: Cast, move: str) -> None:
    ticket, order = ordered(cast)
    before = everything(ticket)
    answer = press(browser_of(cast.kuznetsov), order, move, note="заменено")
    assert answer.status_code == 409
    assert "невозможно: сейчас" in answer.content.decode()
    assert everything(ticket) == before


def test_a_form_sent_twice_is_done_once(cast: Cast) -> None:
    """no_access, agreed anew, arrived again: the first form comes late once more."""
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    phone = browser_of(cast.kuznetsov)
    for _ in range(2):
        assert press(phone, order, "no_access", note="не открыли", key="k1").status_code == 302
    press(phone, order, "arrive", key="k2")
    assert press(phone, order, "no_access", note="не открыли", key="k1").status_code == 302
    assert kinds(ticket).count("NoAccess") == 1
    assert order_now(order).state == "on_site"


@pytest.mark.parametrize("place", ["999,999±5", "55.7", "в подвале", "55.7,181", "<b>1,1</b>", "NaN,1"])
def test_a_place_that_is_nowhere_is_refused_and_nothing_moves(cast: Cast, place: str) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    before = kinds(ticket)
    answer = press(browser_of(cast.kuznetsov), order, "arrive", place=place)
    assert answer.status_code == 422 and "Место не читается" in answer.content.decode()
    assert (kinds(ticket), order_now(order).state) == (before, "on_the_way")


def test_a_question_sent_twice_is_asked_once(cast: Cast) -> None:
    ticket, order = ordered(cast)
    phone = browser_of(cast.kuznetsov)
    for key in ("q1", "q1", "q2"):
        assert press(phone, order, "ask", note="Где ключ от подвала?", key=key).status_code == 302
    assert kinds(ticket).count("QuestionAsked") == 2
    assert "Где ключ от подвала?" in page(phone, order)


def says(cast: Cast, ticket: Ticket, text: str) -> None:
    """The dispatcher's word on the ticket."""
    with acting(cast.scope(cast.ivanova)):
        crews.answer(ticket.pk, text)


def test_the_answer_to_a_question_stands_at_the_top(cast: Cast) -> None:
    ticket, order = ordered(cast)
    says(cast, ticket, "Жилец торопит")
    phone = browser_of(cast.kuznetsov)
    asked = press(phone, order, "ask", note="Где ключ от подвала?")["Location"]
    top = phone.get(asked).content.decode().partition("<h1")[0]
    assert "Вопрос отправлен" in top and "Вы спросили" not in top and "Жилец торопит" not in top
    says(cast, ticket, "У консьержа, подъезд 1")
    for address in (asked, reverse("field:order", args=[order.pk])):
        top = phone.get(address).content.decode().partition("<h1")[0]
        told = re.sub(r"<[^>]+>", "", top)
        assert "Вопрос отправлен" not in top
        assert re.search(r"Вы спросили:\s+Где ключ от подвала\?", told)
        assert re.search(r"Диспетчер ответил в \d\d:\d\d:\s+У консьержа, подъезд 1", told)
    says(cast, ticket, "Нет, у дворника")
    top = page(phone, order).partition("<h1")[0]
    assert "У консьержа" in top and "Нет, у дворника" in top


def test_a_new_question_waits_for_its_own_answer(cast: Cast) -> None:
    ticket, order = ordered(cast)
    phone = browser_of(cast.kuznetsov)
    press(phone, order, "ask", note="Где ключ от подвала?")
    says(cast, ticket, "У консьержа, подъезд 1")
    asked = press(phone, order, "ask", note="А от чердака?")["Location"]
    top = phone.get(asked).content.decode().partition("<h1")[0]
    assert "Вопрос отправлен" in top and "У консьержа" not in top


def test_an_answer_to_another_order_is_not_told(cast: Cast) -> None:
    """The crew before asked; whoever has the ticket now reads it in the history only."""
    ticket, order = ordered(cast)
    press(browser_of(cast.kuznetsov), order, "ask", note="Где ключ от подвала?")
    moved(cast, order, "refuse")
    with acting(cast.scope(cast.ivanova)):
        again = crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)
    says(cast, ticket, "У консьержа, подъезд 1")
    assert "У консьержа" not in page(browser_of(cast.kuznetsov), again).partition("<h1")[0]


def test_who_comes_to_answer_has_the_hands_in_the_comment(cast: Cast) -> None:
    ticket, order = ordered(cast)
    press(browser_of(cast.kuznetsov), order, "ask", note="Где ключ от подвала?")
    desk = browser_of(cast.ivanova)
    asked = desk.get("/console/threatened/").content.decode()
    (link,) = re.findall(r'href="(/console/ticket/[^"]+)" data-key="Alt\+Q"', asked)
    answered = desk.get(link).content.decode()
    assert re.search(r'<textarea id="c-text"[^>]* data-key="Alt\+Q"[^>]* autofocus', answered)
    unasked = desk.get(f"/console/ticket/{ticket.number}/").content.decode()
    assert not re.search(r'<textarea id="c-text"[^>]* autofocus', unasked)


def test_photos_come_with_done_once(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    phone = browser_of(cast.kuznetsov)
    for _ in range(2):
        answer = press(
            phone,
            order,
            "done",
            note="заменено",
            key="d1",
            photo=[photo(), photo("вторая.png", b"\xff\xd8\xffdata")],
        )
        assert answer.status_code == 302
    assert kinds(ticket)[-3:] == ["WorkDone", "FileAttached", "FileAttached"]
    assert kinds(ticket).count("FileAttached") == 2


def test_a_photo_that_is_no_photo_keeps_the_words(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    before = everything(ticket)
    answer = press(
        browser_of(cast.kuznetsov),
        order,
        "done",
        note="заменён хомут",
        photo=photo("страница.png", b"<html>"),
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "заменён хомут" in text and "можно фото" in text
    assert re.search(
        r'<input id="m-done-photo"[^>]* autofocus [^>]*aria-describedby="m-done-photo-about"', text
    )
    assert everything(ticket) == before


@pytest.mark.parametrize(
    ("way", "move"), [((), "refuse"), ((), "ask"), (("accept", "go"), "no_access"), (WAY_IN, "done")]
)
def test_words_are_asked_for(cast: Cast, way: tuple[str, ...], move: str) -> None:
    """The words of the refusal stand at the field, and the page opens there."""
    ticket, order = ordered(cast)
    moved(cast, order, *way)
    before = everything(ticket)
    phone = browser_of(cast.kuznetsov)
    field = rf'<textarea id="m-{move}-note" name="note" rows="2" required'
    assert re.search(rf"{field}>", page(phone, order))
    answer = press(phone, order, move, note="  ")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'{field} autofocus aria-invalid="true"', text)
    assert re.search(rf'id="m-{move}-note-about">.*(Заполните поле|Напишите, что сделано)', text)
    assert everything(ticket) == before


def test_a_door_that_nobody_opens_says_why(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    phone = browser_of(cast.kuznetsov)
    assert 'data-fill="m-no_access-note">не открыли<' in page(phone, order)
    assert press(phone, order, "no_access", note="не открыли").status_code == 302
    shown = browser_of(cast.ivanova).get(f"/console/ticket/{ticket.number}/").content.decode()
    assert "не открыли" in shown.partition('class="timeline"')[2]


def test_a_refusal_gives_the_ticket_back(cast: Cast) -> None:
    ticket, order = ordered(cast)
    phone = browser_of(cast.kuznetsov)
    answer = press(phone, order, "refuse", note="нет запчасти")
    text = phone.get(answer["Location"]).content.decode()
    assert "Отказ записан" in text and "вы отказались" in text
    assert now_of(ticket).state == "registered"


@pytest.mark.parametrize("who", ["ivanova", "gromova", "orlov", "client", "inspector", "kim"])
def test_only_technicians_come_here(cast: Cast, who: str) -> None:
    ticket, order = ordered(cast)
    before = everything(ticket)
    client = browser_of(getattr(cast, who))
    assert client.get(reverse("field:orders")).status_code == 403
    assert client.get(reverse("field:order", args=[order.pk])).status_code == 403
    assert press(client, order, "accept").status_code == 403
    assert everything(ticket) == before


def test_an_order_of_another_crew_is_not_his(cast: Cast) -> None:
    ticket, order = ordered(cast)
    with reading(Scope.system("test")):
        cast.crew4.memberships.all().delete()
    before = everything(ticket)
    phone = browser_of(cast.kuznetsov)
    assert phone.get(reverse("field:order", args=[order.pk])).status_code == 404
    assert press(phone, order, "accept").status_code == 403
    assert everything(ticket) == before


def test_nobody_is_sent_to_sign_in(cast: Cast) -> None:
    ticket, order = ordered(cast)
    before = everything(ticket)
    assert press(Client(), order, "accept")["Location"].startswith(reverse("public:sign_in"))
    assert everything(ticket) == before


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    ticket, order = ordered(cast)
    before = everything(ticket)
    assert press(browser_of(cast.kuznetsov, checks_csrf=True), order, "accept").status_code == 403
    assert everything(ticket) == before


def test_each_form_has_a_key_of_its_own(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    found = re.findall(r'name="key" value="([^"]+)"', page(browser_of(cast.kuznetsov), order))
    assert len(found) == len(set(found)) >= 3


def test_an_unknown_move_is_told(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    assert press(browser_of(cast.kuznetsov), order, "explode").status_code == 404


def test_the_pages_ask_little_of_the_database(cast: Cast) -> None:
    finished(cast)
    _ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    phone = browser_of(cast.kuznetsov)
    phone.get(reverse("field:orders"))
    with at_most(12):
        phone.get(reverse("field:orders"))
    with at_most(12):
        phone.get(reverse("field:order", args=[order.pk]))


def due_in(ticket: Ticket, minutes: int | None, *, is_paused: bool = False) -> None:
    """The ticket has one clock, that ends so many minutes from now; None: it has none."""
    with reading(Scope.system("test")):
        clocks = Clock.objects.filter(subject=f"ticket/{ticket.pk}")
        first = clocks.earliest("pk").pk
        clocks.exclude(pk=first if minutes is not None else None).delete()
        clocks.update(
            due_at=clock.now() + timedelta(minutes=minutes or 0), stopped_at=None, is_paused=is_paused
        )


def test_the_list_goes_by_what_breaches_next(cast: Cast) -> None:
    """The one job that is done now is first and marked; those at which somebody was are no more than due."""
    jobs = {name: ordered(cast) for name in ("timeless", "paused", "days", "contained", "new", "here")}
    for name, way in (("contained", (*WAY_IN, "contain")), ("here", WAY_IN), ("days", ("accept",))):
        moved(cast, jobs[name][1], *way)
    due_in(jobs["timeless"][0], None)
    due_in(jobs["paused"][0], 5, is_paused=True)
    for name, left in (("days", 4000), ("contained", 4300), ("new", 27), ("here", 5000)):
        due_in(jobs[name][0], left)
    phone = browser_of(cast.kuznetsov)
    text = phone.get(reverse("field:orders")).content.decode()
    lines = re.findall(r'class="job-line"( data-current)?><a href="/field/(\d+)/"', text)
    names = {order.pk: name for name, (_ticket, order) in jobs.items()}
    assert [names[int(pk)] for _now, pk in lines] == [
        "here",
        "new",
        "days",
        "contained",
        "paused",
        "timeless",
    ]
    assert [bool(now) for now, _pk in lines] == [True, False, False, False, False, False]
    with at_most(12):
        phone.get(reverse("field:orders"))


@pytest.mark.parametrize("said", ["8 900 000-15-42", "+7 948 010-14-48", "+7 (948) 010-14-48", "89000001542"])
def test_a_phone_among_words_is_one_piece(cast: Cast, said: str) -> None:
    _ticket, order = ordered(cast)
    phone = browser_of(cast.kuznetsov)
    press(phone, order, "ask", note=f"<b>Звонить {said}?")
    assert f'&lt;b&gt;Звонить <span class="whole">{said}</span>?' in page(phone, order)


def test_the_house_tells_its_valves_and_the_codes_of_this_entrance(cast: Cast) -> None:
    with reading(Scope.system("test")):
        for entrance, code in ((1, "11К11"), (2, "22К22")):
            AccessNote.objects.create(
                company=cast.north,
                building=cast.lenina15,
                kind="code",
                title=f"Домофон, подъезд {entrance}",
                where=code,
            )
    _ticket, order = ordered(cast)
    text = page(browser_of(cast.kuznetsov), order)
    assert "22К22" in text and "11К11" not in text
    assert "подвал, подъезд 2" in text


# ── A phone without a network ────────────────────────────────────────────────────────────────


def send(client: Client, order: WorkOrder, move: str, **said: object):  # type: ignore[no-untyped-def]
    """As the page's script sends what waited in the phone."""
    return client.post(
        reverse("field:move", args=[order.pk, move]), said, headers={"Accept": "application/json"}
    )


def test_what_waited_in_the_phone_is_answered_in_json_once(cast: Cast) -> None:
    ticket, order = ordered(cast)
    phone = browser_of(cast.kuznetsov)
    for _ in range(2):
        answer = send(phone, order, "accept", key="k", ago="0")
        assert (answer.status_code, answer.json()) == (200, {"move": "accept"})
    assert kinds(ticket).count("WorkAccepted") == 1


@pytest.mark.parametrize(
    ("move", "said", "status", "field"),
    [
        ("contain", {}, 409, ""), ("refuse", {"note": " "}, 422, "note"), ("explode", {}, 404, ""),
        ("accept", {"ago": "7200"}, 422, "ago"), ("accept", {"ago": "-3600"}, 422, "ago"),
        ("accept", {"ago": "вчера"}, 422, "ago"), ("accept", {"ago": "9" * 30}, 422, "ago"),
    ],
)  # fmt: skip
def test_a_refusal_reaches_the_phone_in_words(cast: Cast, move, said, status, field) -> None:  # type: ignore[no-untyped-def]
    ticket, order = ordered(cast)
    before = everything(ticket)
    answer = send(browser_of(cast.kuznetsov), order, move, **said)
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert re.search("[а-яё]{4}", answer.json()["message"])
    assert everything(ticket) == before


def test_an_order_that_was_taken_back_meanwhile_says_so(cast: Cast) -> None:
    ticket, order = ordered(cast)
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "повтор")
        crews.recall(ticket.pk, clock.now())
    before = everything(ticket)
    answer = send(browser_of(cast.kuznetsov), order, "accept", ago="0")
    assert answer.status_code == 409 and "аннулирована" in answer.json()["message"]
    assert everything(ticket) == before


def test_the_phone_brings_along_every_move_that_may_follow(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    text = page(browser_of(cast.kuznetsov), order)
    shown, _, later = text.partition("<template data-moves>")
    for code in ("accept", "refuse", "ask"):
        assert f'data-code="{code}"' in shown and f'data-code="{code}"' not in later
    for code in ("go", "arrive", "contain", "no_access", "done"):
        assert f'data-code="{code}"' in later and f'data-code="{code}"' not in shown


# ── The worker ───────────────────────────────────────────────────────────────────────────────


def test_the_worker_keeps_every_file_that_the_pages_name(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    phone = browser_of(cast.kuznetsov)
    text = page(phone, order) + phone.get(reverse("field:orders")).content.decode()
    named = set(re.findall(r'/static/([^"#]+)', text))
    for name in [name for name in ASSETS if name.endswith((".js", ".css"))]:
        source = Path(str(finders.find(name))).read_text()
        named |= {f"js/{other}" for other in re.findall(r'^import .*"\./([\w.]+)";', source, re.MULTILINE)}
        named |= set(re.findall(r'url\("\.\./([^"]+)"\)', source))
    assert named == set(ASSETS)


def test_the_worker_is_never_stale_and_stands_before_these_pages_only(cast: Cast) -> None:
    answer = Client().get(reverse("field:worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert reverse("field:worker").rpartition("/")[0] + "/" == reverse("field:orders")
    assert release() in answer.content.decode()
    _ticket, order = ordered(cast)
    assert f'data-release="{release()}"' in page(browser_of(cast.kuznetsov), order)


def test_a_page_for_anybody_without_a_network_names_nobody(cast: Cast) -> None:
    ordered(cast)
    text = browser_of(cast.kuznetsov).get(reverse("field:no_network")).content.decode()
    assert "не сохранена" in text
    assert "Кузнецов" not in text and "Ленина" not in text and "draft-owner" not in text
