"""The console over HTTP: what is typed comes along, what was wrong is undone, two people on one card."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews.models import Crew, CrewMember, WorkOrder
from vakhta.domain import facts
from vakhta.domain.histories import taken_back
from vakhta.kernel import clock, journal
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import number_words, time_words
from vakhta.notices.models import Delivery
from vakhta.people.models import Company, DutyContact, Staff
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import moved, ordered, registered
from vakhta.wiring import FOLLOWERS

RISER = "flat.cold.riser"


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(cast.ivanova.user)
    return client


def typed_call(cast: Cast, phone: str = "8 900 000-15-42") -> Interaction:
    with acting(cast.scope(cast.ivanova)):
        return contacts.type_call(phone=phone)


@pytest.mark.parametrize("said", ["http://[", "//x", "javascript:alert(1)", "\u0410"])
def test_a_page_that_cannot_be_what_the_browser_says_is_no_mistake_of_ours(
    cast: Cast, desk: Client, said: str
) -> None:
    assert desk.get("/console/", headers={"HX-Current-URL": said}).status_code == 200


def test_who_calls_again_from_a_phone_that_nobody_knows_is_connected_to_the_open_ticket(
    cast: Cast, desk: Client
) -> None:
    """«Где бригада?» before any address was said: the card tells of the ticket, and the addition offers it."""
    first = typed_call(cast, "8 916 555-44-33")
    with acting(cast.scope(cast.ivanova)):
        contacts.note_place(first.pk, building=cast.lenina15.pk, premises=cast.flat42.pk)
        ticket = contacts.register(first.pk, classifier=RISER, description="течёт стояк")
    again = typed_call(cast, "8 916 555-44-33")
    page = unescape(desk.get(f"/console/contact/{again.pk}/").content.decode()).replace("\xa0", " ")
    assert f"С этого номера открыта заявка № {number_words(ticket.number)}" in page
    assert f'value="{ticket.pk}"' in page, "the addition offers it"
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "проверка")
    assert "С этого номера" not in desk.get(f"/console/contact/{again.pk}/").content.decode()


def test_answers_to_the_questions_stand_under_the_description(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    answer = desk.post(
        f"/console/contact/{row.pk}/register/",
        {"classifier": RISER, "description": "течёт стояк", "ask-2": "да, кв. 38"},
    )
    assert answer.status_code == 200
    with reading(cast.scope(cast.ivanova)):
        words = Ticket.objects.get(interactions=row.pk).description.split("\n")
    assert words[0] == "течёт стояк"
    assert words[1].endswith("? да, кв. 38") and len(words) == 2


def test_an_applicant_who_was_typed_and_not_saved_is_on_the_ticket(cast: Cast, desk: Client) -> None:
    row = typed_call(cast, "")
    desk.post(
        f"/console/contact/{row.pk}/register/",
        {
            "classifier": RISER,
            "description": "течёт",
            "name": "Козлов Д. И.",
            "phone": "8 900 111-22-33",
            "email": "",
            "address": "мира 3-12",
            "premises": "",
        },
    )
    with reading(cast.scope(cast.ivanova)):
        ticket = Ticket.objects.get(interactions=row.pk)
        assert (ticket.applicant, ticket.phone) == ("Козлов Д. И.", "+79001112233")
        assert (ticket.company_id, ticket.address) == (cast.luch.pk, "ул. Мира, 3, кв. 12")


@pytest.mark.parametrize("wish", ["yes", ""])
def test_who_wants_no_letters_gets_none(cast: Cast, desk: Client, wish: str) -> None:
    row = typed_call(cast)
    said = {"name": "Козлов Д. И.", "phone": "8 900 000-15-42", "email": "kozlov@example.org"}
    said |= {"address": row.address, "premises": str(row.premises_id)}
    page = desk.post(f"/console/contact/{row.pk}/applicant/", said | ({"letters": wish} if wish else {}))
    assert ('name="letters" value="yes" checked' in page.content.decode()) == bool(wish)
    with acting(cast.scope(cast.ivanova)):
        ticket = contacts.register(row.pk, classifier=RISER, description="течёт")
    for follower in FOLLOWERS:
        while follow(follower):
            pass
    with reading(Scope.system("test")):
        assert Delivery.objects.filter(ticket_id=ticket.pk, to="kozlov@example.org").exists() == bool(wish)
        noted = [r.fact for r in journal.history(f"interaction/{row.pk}") if r.fact.kind == "ApplicantNoted"]
        assert isinstance(noted[-1], facts.ApplicantNoted) and noted[-1].wants_letters == bool(wish)


def test_a_contact_that_nobody_has_is_taken_from_its_card_and_not_ended(cast: Cast, desk: Client) -> None:
    with acting(Scope.system("api")):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    page = desk.get(f"/console/contact/{row.pk}/").content.decode()
    take = reverse("console:take", args=[row.pk])
    assert f'hx-post="{take}"' in page and "end-silence" not in page and "Вернуть в очередь" not in page
    page = desk.post(take).content.decode()
    assert "end-silence" in page and "Взять это обращение" not in page
    inspector = Client(headers={"HX-Request": "true"})
    inspector.force_login(cast.inspector.user)
    assert "end-silence" not in inspector.get(f"/console/contact/{row.pk}/").content.decode()


@pytest.mark.parametrize("outcome", ["silence", "not_ours"])
def test_what_asks_nothing_ends_at_once_and_can_be_undone(cast: Cast, desk: Client, outcome: str) -> None:
    row = typed_call(cast)
    page = desk.get(f"/console/contact/{row.pk}/").content.decode()
    end = reverse("console:end", args=[row.pk, outcome])
    assert f'<dialog id="end-{outcome}"' not in page and f'hx-post="{end}"' in page
    answer = desk.post(end, {"description": "музыка, реклама"}).content.decode()
    undo = re.search(rf"/console/contact/{row.pk}/undo/\d+/", answer)
    assert undo, answer
    with reading(Scope.system("test")):
        row.refresh_from_db()
        ended = [
            r.fact for r in journal.history(f"interaction/{row.pk}") if r.fact.kind == "InteractionEnded"
        ]
        assert isinstance(ended[-1], facts.InteractionEnded) and ended[-1].note == "музыка, реклама"
        assert (row.state, row.outcome) == ("ended", outcome)
    desk.post(undo.group())
    with reading(Scope.system("test")):
        row.refresh_from_db()
        assert (row.state, row.outcome) == ("taken", "")


def test_back_into_the_queue_takes_one_key_keeps_the_words_and_can_be_undone(
    cast: Cast, desk: Client
) -> None:
    """Nothing is asked, as nothing is lost: the last letters and what is typed beside them go along."""
    row = new_call(cast)
    link = reverse("console:give_back", args=[row.pk])
    page = desk.get(reverse("console:contact", args=[row.pk])).content.decode()
    assert re.search(rf'<form [^>]*hx-post="{link}"[^>]*>(?:(?!</form>).)*data-key="F8"', page, re.S)
    assert '<dialog id="end-give_back"' not in page
    said = {"description": "течёт стояк", "address": "", "name": "Петрова", "phone": ""}
    shown = desk.post(link, said).content.decode()
    take = reverse("console:take", args=[row.pk]) + "?undo=yes"
    assert "Вернулось в очередь" in shown and f'hx-post="{take}"' in shown
    with reading(Scope.system("test")):
        row.refresh_from_db()
    assert (row.state, row.description, (typed_of(row) or {})["name"]) == ("queued", "течёт стояк", "Петрова")
    assert "Отменено" in desk.post(take).content.decode()
    with reading(Scope.system("test")):
        row.refresh_from_db()
    assert (row.state, row.taken_by_id, row.description) == ("taken", cast.ivanova.pk, "течёт стояк")


def test_who_gave_one_back_gets_another_by_the_next_key(cast: Cast, desk: Client) -> None:
    """F8 and F2 must not open the same card again. Once: it waits by its term like the others, and where it is the
    only one it comes back."""
    first = new_call(cast)
    with acting(Scope.system("api")):
        second, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    give, take = reverse("console:give_back", args=[first.pk]), reverse("console:next")
    desk.post(give)
    assert held_by(cast.ivanova) == []
    desk.post(take)
    assert held_by(cast.ivanova) == [second.pk]
    desk.post(take)
    assert held_by(cast.ivanova) == [first.pk, second.pk]
    desk.post(give)
    desk.post(take)
    assert held_by(cast.ivanova) == [first.pk, second.pk], "nobody else waits"


def held_by(staff: Staff) -> list[int]:
    with reading(Scope.system("test")):
        held = Interaction.objects.filter(taken_by=staff, state="taken").order_by("pk")
        return list(held.values_list("pk", flat=True))


def test_a_letter_is_no_reason(cast: Cast, desk: Client) -> None:
    step = at_step(cast, desk, 7)
    answer = desk.post(step.replace("/step/", "/skip/"), {"reason": "x"})
    assert answer.status_code == 422 and "Напишите причину словом" in answer.content.decode()
    page = desk.post(step.replace("/step/", "/skip/"), {"reason": ""}).content.decode()
    dialog = page[page.index('id="skip"') :]
    assert "Заполните поле «Причина пропуска»." in dialog and ">Причина пропуска" in dialog
    assert "Почему" not in dialog[: dialog.index("</dialog>")], "the field has one name"


def test_a_joining_that_is_taken_back_is_struck_on_the_ticket_and_in_print(cast: Cast, desk: Client) -> None:
    ticket = registered(cast)
    row = typed_call(cast, "8 495 999-99-99")
    form = {"find": ticket.number, "seen": str(ticket.pk), "note": "проба"}
    said = desk.post(f"/console/contact/{row.pk}/end/addition/", form).content.decode()
    undo = re.search(r'hx-post="([^"]+/undo/\d+/)"', said)
    assert undo and desk.post(undo[1]).status_code == 200
    page = Client()
    page.force_login(cast.ivanova.user)
    line = page.get(f"/console/ticket/{ticket.number}/").content.decode()
    struck = re.findall(r"data-undone>.*?</li>", line, re.S)
    assert len(struck) == 2 and all("отменено" in each for each in struck)
    assert "Обращение завершено" in struck[0], "its end as an addition is no more either"
    assert "Обращение присоединено" in struck[1]
    desk.post(f"/console/contact/{row.pk}/end/addition/", form)
    line = page.get(f"/console/ticket/{ticket.number}/").content.decode()
    assert line.count("data-undone") == 2, "joined once more, it holds"
    with reading(Scope.system("test")):
        found = journal.history(f"ticket/{ticket.pk}")
        added = next(r for r in found if isinstance(r.fact, facts.ContactAdded))
        assert added.entry in taken_back(found)


def test_an_intake_whose_end_was_undone_has_no_mark_at_its_ninth_step(cast: Cast) -> None:
    row = typed_call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.register(row.pk, classifier=RISER, description="течёт")
    with acting(cast.scope(cast.ivanova)):
        for step in range(4, 9):
            contacts.skip_step(row.pk, step, "проба")
    with acting(cast.scope(cast.ivanova)) as unit:
        contacts.finish_intake(row.pk)
    with acting(cast.scope(cast.ivanova)):
        contacts.reopen(row.pk, unit.last_entry)
    with reading(cast.scope(cast.ivanova)):
        assert set(Interaction.objects.get(pk=row.pk).steps) == set("12345678")
    with acting(cast.scope(cast.ivanova)):
        contacts.finish_intake(row.pk)
    with reading(cast.scope(cast.ivanova)):
        assert "9" in Interaction.objects.get(pk=row.pk).steps


def test_an_addition_shows_whose_its_tickets_are_and_chooses_no_neighbour_s(cast: Cast, desk: Client) -> None:
    """Two strangers' tickets in the house: the wrong one would be joined by Enter alone."""
    row = typed_call(cast)

    def offered() -> list[tuple[str, bool, str]]:
        page = desk.get(f"/console/contact/{row.pk}/").content.decode()
        dialog = page.partition('<dialog id="end-addition"')[2].partition("</dialog>")[0]
        found = re.findall(r'name="choice" value="(\d+)"( checked)?.*?check-detail">([^<]*)', dialog, re.S)
        return [(pk, bool(checked), detail) for pk, checked, detail in found]

    first = registered(cast, "flat.taps")
    assert offered() == [(str(first.pk), True, offered()[0][2])], "the only one"
    with acting(Scope.system("test")):
        Ticket.objects.filter(pk=first.pk).update(premises=None)
    second = registered(cast, "flat.taps")
    with acting(Scope.system("test")):
        Ticket.objects.filter(pk=second.pk).update(premises=None)
    assert [checked for _pk, checked, _detail in offered()] == [False, False]
    assert all(re.match(r"дом · \d+ (с|мин) назад · зарегистрирована", detail) for *_, detail in offered())
    own = registered(cast, "flat.taps")
    assert [pk for pk, checked, _detail in offered() if checked] == [str(own.pk)], "of the caller's own flat"
    assert any(detail.startswith("кв. 42 · ") for *_, detail in offered())


def test_only_what_is_alike_is_offered_to_be_joined(cast: Cast, desk: Client) -> None:
    """A smell of gas in a house where a tap drips is no addition to the tap."""
    ticket = registered(cast, "flat.taps")
    row = typed_call(cast)
    link = reverse("console:suggest", args=[row.pk])
    for words, is_alike in (("пахнет газом", False), ("капает кран", True), ("", False)):
        page = desk.post(link, {"description": words}).content.decode()
        assert (f"join-{ticket.number}" in page) == is_alike, words


def test_what_is_suggested_has_the_terms_that_the_ticket_will_have(cast: Cast, desk: Client) -> None:
    """The company's own, the administrator's corrections, the season of today."""
    row = typed_call(cast)
    with acting(Scope.system("test")):
        Company.objects.filter(pk=cast.north.pk).update(stricter_norms={"pp416.13.containment": 1200})

    def suggested(words: str) -> str:
        return desk.post(reverse("console:suggest", args=[row.pk]), {"description": words}).content.decode()

    assert "локализация 20 минут · устранение 3 суток" in suggested("течёт стояк ХВС")
    assert suggested("разбито окно в подъезде").count("стёкла и створки") == 1


def test_a_crew_other_than_was_promised_is_said(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    with acting(cast.scope(cast.ivanova)):
        ticket = contacts.register(row.pk, classifier=RISER, description="течёт")
        tickets.agree_access(
            ticket.pk,
            needed=True,
            since=clock.now() + timedelta(hours=1),
            reason="течёт",
            worker="Козлов П. П.",
        )
    said = desk.post(reverse("console:step", args=[row.pk, 8]), {"crew": cast.crew4.pk}).content.decode()
    assert f"Заявителю назван Козлов П. П., а приедет {cast.kuznetsov.name}" in said


def test_a_consultation_says_about_what(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    answer = desk.post(f"/console/contact/{row.pk}/end/consultation/", {"note": " "})
    assert answer.status_code == 422 and "о чём спросили" in answer.content.decode()
    with acting(cast.scope(cast.ivanova)):
        contacts.save_draft(row.pk, description="когда собрание?", classifier="")
    answer = desk.post(f"/console/contact/{row.pk}/end/consultation/", {"note": " "})
    assert answer.status_code < 400, "what the applicant said is what was asked"


def test_what_was_refused_is_open_and_stands_as_it_was_said(cast: Cast, desk: Client) -> None:
    row = typed_call(cast, "")
    said = {"classifier": RISER, "description": "течёт", "damage_at": "30.11.2099 10:00", "name": "",
            "phone": "", "email": "", "address": "овраг за школой", "premises": "", "outside": "yes"}  # fmt: skip
    link = f"/console/contact/{row.pk}/register/"
    page = desk.post(link, said).content.decode()
    assert '<details class="damage" open>' in page and "не может быть позже регистрации" in page
    assert 'name="outside" value="yes" checked' in page
    page = desk.post(link, said | {"damage_at": "01.01.2020 10:00"}).content.decode()
    assert "больше чем за год до заявки" in page, "a slip of the year breaks no norm"
    page = desk.post(link, said | {"classifier": "", "damage_at": ""}).content.decode()
    assert 'aria-describedby="n-classifier-about"' in page and 'id="n-classifier-about"' in page
    assert 'name="outside" value="yes" checked' in page


def test_words_that_fit_no_fault_are_not_told_to_choose_one(cast: Cast, desk: Client) -> None:
    row = typed_call(cast, "")
    said = {"classifier": "", "address": "ул. Ленина, 15", "outside": "yes"}
    link = f"/console/contact/{row.pk}/register/"
    for words, expected in (
        ("течёт стояк", "нажмите Alt+↓"),
        ("", "нажмите Alt+↓"),
        ("абракадабра", "ничего не нашлось"),
    ):
        page = desk.post(link, said | {"description": words}).content.decode()
        about = re.search(r'id="n-classifier-about">.*?</p>', page, re.S)
        assert about and expected in about[0]
        assert page.count("ничего не нашлось") == (words == "абракадабра"), "it is said once"


def test_a_caller_who_called_before_and_says_nothing_leaves_no_dot_behind(cast: Cast, desk: Client) -> None:
    for _ in range(2):
        with acting(Scope.system("api")):
            arrival.receive(arrival.Message(channel="phone", phone="8 495 999-99-99"), centre=cast.centre.pk)
    page = desk.get("/console/").content.decode()
    detail = re.search(r'<span class="row-detail">(<b>звонил уже.*?)</span>', page, re.S)
    assert detail and re.sub(r"<[^>]+>", "", detail[1]).strip() == "звонил уже: 1"


def test_the_wrong_crew_is_undone_in_the_foot(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    with acting(cast.scope(cast.ivanova)):
        ticket = contacts.register(row.pk, classifier="flat.cold.riser", description="течёт")
    step = reverse("console:step", args=[row.pk, 8])
    said = desk.post(step, {"crew": cast.crew4.pk}, headers={"HX-Request": "true"}).content.decode()
    assert "передана: бригада 4" in said
    link = re.search(r'hx-post="([^"]+/take-back/\d+/)"', said)
    assert link, "the foot offers Ctrl+Z"
    answer = desk.post(link[1], headers={"HX-Request": "true"}).content.decode()
    assert "Отменено" in answer
    with reading(cast.scope(cast.ivanova)):
        assert Ticket.objects.get(pk=ticket.pk).state == "registered"
    again = desk.post(link[1], headers={"HX-Request": "true"})
    assert again.status_code == 409 and "нечего" in again.content.decode()


# ── Two people on one card ───────────────────────────────────────────────────────────────────


def test_a_senior_takes_over_and_nobody_loses_words(cast: Cast, desk: Client) -> None:
    """Ivanova types on, Gromova has taken the contact: Gromova's card wins, Ivanova sees both words."""
    row = typed_call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.save_draft(row.pk, description="течёт в ванной", classifier="")
    senior = Client(headers={"HX-Request": "true"})
    senior.force_login(cast.gromova.user)
    queue = senior.get(reverse("console:queue")).content.decode()
    assert "У других" in queue and "Иванова О. П." in queue
    link = reverse("console:take_over", args=[row.pk])
    seen = senior.get(reverse("console:contact", args=[row.pk])).content.decode()
    assert link in seen and 'id="panel"' not in seen, "another's contact is seen, not edited"
    assert "течёт в ванной" in senior.post(link).content.decode(), "with what was typed"

    poll = desk.post(reverse("console:presence", args=[row.pk]), {"holds": "yes"}).content.decode()
    assert "теперь ведёт Громова" in poll
    answer = desk.post(
        reverse("console:register", args=[row.pk]),
        {"classifier": RISER, "description": "течёт у соседей снизу"},
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Громова" in text and "течёт в ванной" in text and "течёт у соседей снизу" in text
    with reading(cast.scope(cast.ivanova)):
        now = Interaction.objects.get(pk=row.pk)
        assert (now.taken_by_id, now.ticket_id, now.description) == (cast.gromova.pk, None, "течёт в ванной")
        assert journal.history(f"interaction/{row.pk}")[-1].fact == facts.InteractionTaken(
            interaction=row.pk, operator=cast.gromova.pk, before=cast.ivanova.pk
        )


TYPED = {"address": "ул. Дальняя, у кольца", "premises": "", "outside": "yes", "name": "Петрова Анна",
         "phone": "8 916 123-45", "email": "petrova@", "letters": ""}  # fmt: skip


def test_a_senior_takes_over_the_applicant_s_words_too(cast: Cast, desk: Client) -> None:
    """Ivanova has typed half a phone and half an address when her computer dies: Gromova goes on from there. The
    words are no fact and are gone when they are saved."""
    row = new_call(cast)
    before = facts_of(row)
    assert desk.post(reverse("console:typed", args=[row.pk]), TYPED).status_code == 200
    senior = Client(headers={"HX-Request": "true"})
    senior.force_login(cast.gromova.user)
    seen = senior.get(reverse("console:contact", args=[row.pk])).content.decode()
    assert "Дальняя" not in seen, "a draft is shown to whoever holds the card"
    assert facts_of(row) == before
    seen = senior.post(reverse("console:take_over", args=[row.pk])).content.decode()
    for words in ("ул. Дальняя, у кольца", "Петрова Анна", "8 916 123-45", "petrova@"):
        assert f'value="{words}"' in seen, words
    assert 'name="outside" value="yes" checked' in seen and 'name="letters" value="yes" checked' not in seen

    late = desk.post(reverse("console:typed", args=[row.pk]), {**TYPED, "name": "Сидорова"})
    assert late.status_code == 200 and typed_of(row) == TYPED, "who lost the card changes nothing on it"
    right = {**TYPED, "phone": "8 916 123-45-67", "email": "petrova@example.org"}
    assert senior.post(reverse("console:applicant", args=[row.pk]), right).status_code == 200
    assert typed_of(row) is None
    with reading(cast.scope(cast.gromova)):
        now = Interaction.objects.get(pk=row.pk)
    assert (now.caller, now.phone, now.address) == ("Петрова Анна", "+79161234567", "ул. Дальняя, у кольца")


def test_words_that_are_typed_beside_the_description_are_kept_and_end_with_the_contact(
    cast: Cast, desk: Client
) -> None:
    row = new_call(cast)
    link = reverse("console:suggest", args=[row.pk])
    desk.post(link, {"description": "когда собрание?", **TYPED})
    assert typed_of(row) == TYPED
    assert desk.post(link, {"description": "когда собрание дома?"}).status_code == 200
    assert typed_of(row) == TYPED, "a form that is not on the screen says nothing"
    refused = desk.post(reverse("console:typed", args=[row.pk]), {**TYPED, "name": "я" * 161})
    assert refused.status_code == 422 and typed_of(row) == TYPED
    found = desk.post(link, {"description": "течёт кран", **TYPED, "name": "я" * 161})
    assert found.status_code == 200 and "entry-" in found.content.decode(), "the fault is found all the same"
    desk.post(f"/console/contact/{row.pk}/end/consultation/", {"note": "о собрании"})
    assert typed_of(row) is None


def new_call(cast: Cast) -> Interaction:
    """Of nobody known, taken by Ivanova."""
    with acting(cast.scope(cast.ivanova)):
        return contacts.type_call()


def typed_of(row: Interaction) -> dict[str, str] | None:
    with reading(Scope.system("test")):
        found: dict[str, str] | None = Interaction.objects.get(pk=row.pk).typed
    return found


def facts_of(row: Interaction) -> list[facts.Fact]:
    with reading(Scope.system("test")):
        return [recorded.fact for recorded in journal.history(f"interaction/{row.pk}")]


def test_who_looks_on_is_shown_when_the_contact_is_taken_and_ended(cast: Cast, desk: Client) -> None:
    """Gromova has a waiting contact open; Ivanova takes it and ends it. The poll brings the card anew each time."""
    with acting(cast.scope(cast.ivanova)):
        row, _ = arrival.receive(
            arrival.Message(channel="web", text="когда дадут воду"), centre=cast.centre.pk
        )
    senior = Client(headers={"HX-Request": "true"})
    senior.force_login(cast.gromova.user)

    def poll(shown: str) -> tuple[str, str | None]:
        answer = senior.post(reverse("console:presence", args=[row.pk]), {"seen_as": shown})
        return answer.content.decode(), answer.headers.get("HX-Retarget")

    def shown(card: str) -> str:
        found = re.search(r'"seen_as": "([^"]*)"', unescape(card))
        assert found
        return found[1]

    waiting = shown(senior.get(reverse("console:contact", args=[row.pk])).content.decode())
    assert poll(waiting)[1] is None, "nothing has changed: what is open stays"
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
    card, where = poll(waiting)
    assert where == "#work" and "Ведёт: Иванова" in card
    with acting(cast.scope(cast.ivanova)):
        contacts.end(row.pk, "consultation", note="вода будет к шести вечера")
    card, where = poll(shown(card))
    assert where == "#work" and "Завершено: консультация" in card and "Иванова" in card
    assert poll(shown(card))[1] is None


def test_an_operator_takes_over_nothing(cast: Cast) -> None:
    row = typed_call(cast)
    other = Client(headers={"HX-Request": "true"})
    other.force_login(cast.sidorova.user)
    assert other.post(reverse("console:take_over", args=[row.pk])).status_code == 403
    assert "take-over" not in other.get(reverse("console:contact", args=[row.pk])).content.decode()
    assert "У других" not in other.get(reverse("console:queue")).content.decode()
    with reading(cast.scope(cast.ivanova)):
        assert Interaction.objects.get(pk=row.pk).taken_by_id == cast.ivanova.pk


def test_an_ending_that_is_refused_is_open_again_with_its_words(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    end = desk.post(
        reverse("console:end", args=[row.pk, "redirected"]), {"choice": "", "note": "не наш кран"}
    )
    text = end.content.decode()
    assert end.status_code == 422
    dialog = text[text.index('id="end-redirected"') :]
    assert "data-open" in dialog[:200] and "Заполните поле «Кому»" in dialog[: dialog.index("</dialog>")]


def test_who_is_redirected_is_told_a_number(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    text = desk.get(reverse("console:contact", args=[row.pk])).content.decode()
    dialog = text[text.index('id="end-redirected"') :]
    dialog = dialog[: dialog.index("</dialog>")].replace("\xa0", " ")
    assert "Водоканал" in dialog and "+7 495 000-00-01" in dialog and "104" in dialog


def test_who_is_redirected_may_be_told_a_number_of_the_directory_of_their_company(
    cast: Cast, desk: Client
) -> None:
    """Own services of the centre, and who is on call at the centre and in the caller's company; nobody else's."""
    row = typed_call(cast)
    with reading(Scope.system("test")):
        lines = [
            DutyContact.objects.create(company=whose, kind=kind, code=code, name=name, phone=phone)
            for whose, kind, code, name, phone in (
                (cast.centre, "service", "own-7", "Домофонная служба", "+74950000007"),
                (cast.north, "on_call", "", "Мастер Орлов Иван", "+79000000707"),
                (cast.luch, "on_call", "", "Мастер Чужой", "+79000000808"),
                (cast.foreign, "on_call", "", "Мастер Дальний", "+79000000909"),
            )
        ]
    text = desk.get(reverse("console:contact", args=[row.pk])).content.decode()
    dialog = text[text.index('id="end-redirected"') :]
    dialog = dialog[: dialog.index("</dialog>")].replace("\xa0", " ")
    assert "Домофонная служба" in dialog and "Мастер Орлов Иван" in dialog and "«Северная»" in dialog
    assert "Чужой" not in dialog and "Дальний" not in dialog
    url = reverse("console:end", args=[row.pk, "redirected"])
    for other in (lines[2], lines[3]):
        assert desk.post(url, {"choice": f"duty/{other.pk}"}).status_code == 422
    desk.post(url, {"choice": f"duty/{lines[1].pk}"})
    with reading(cast.scope(cast.ivanova)):
        fact = journal.history(f"interaction/{row.pk}")[-1].fact
    assert isinstance(fact, facts.InteractionEnded)
    assert fact.redirected_to.replace("\xa0", " ") == "дежурный, «Северная», +7 900 000-07-07", (
        "a person's name stays out of what must stay"
    )


def test_a_crowd_of_calls_from_one_house_is_said(cast: Cast, desk: Client) -> None:
    first, *_rest = [typed_call(cast) for _ in range(3)]
    assert (
        "За час из этого дома обращений: 3"
        in desk.get(reverse("console:contact", args=[first.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("step", "said", "words"),
    [
        (6, {"until_day": "01.01.2020", "until_time": "10:00", "how": "phone"}, "уже прошёл"),
        (6, {"until_day": "", "until_time": "12:00", "how": "phone"}, "Укажите день"),
        (6, {"until_day": "", "until_time": "", "how": "phone"}, "до какого дня и времени"),
        (7, {"needed": "yes", "day": "01.01.2020", "since": "10:00", "reason": "осмотр", "worker": "Жаров"}, "уже прошло"),
        (7, {"needed": "yes", "day": "", "since": "10:00", "reason": "осмотр", "worker": "Жаров"}, "Укажите день"),
        (7, {"needed": "yes", "day": "01.01.2099", "since": "", "reason": "осмотр", "worker": "Жаров"}, "с какого времени"),
        (7, {"needed": "yes", "day": "01.01.2099", "since": "10:00", "reason": "осмотр", "worker": "Жаров"}, "больше года: проверьте год"),
        (7, {"needed": "yes", "day": "01.01.2099", "since": "", "until": "11:00", "reason": "осмотр", "worker": "Жаров"}, "с какого времени"),
    ],
)  # fmt: skip
def test_nothing_is_promised_for_the_past_or_for_no_time_at_all(
    cast: Cast, desk: Client, step: int, said: dict[str, str], words: str
) -> None:
    row = typed_call(cast)
    with acting(cast.scope(cast.ivanova)):
        ticket = contacts.register(row.pk, classifier=RISER, description="течёт")
    answer = desk.post(reverse("console:step", args=[row.pk, step]), said)
    assert answer.status_code == 422 and words in answer.content.decode()
    with reading(cast.scope(cast.ivanova)):
        assert str(step) not in Interaction.objects.get(pk=row.pk).steps
        kinds = {r.fact.kind for r in journal.history(f"ticket/{ticket.pk}")}
    assert not kinds & {"TermsTold", "AccessAgreed"}


def test_nobody_is_redirected_to_a_service_that_there_is_not(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    answer = desk.post(reverse("console:end", args=[row.pk, "redirected"]), {"choice": "mars", "note": ""})
    assert answer.status_code == 422
    with reading(cast.scope(cast.ivanova)):
        assert Interaction.objects.get(pk=row.pk).state == "taken"


def test_a_ticket_without_an_address_is_refused_beside_its_field(cast: Cast, desk: Client) -> None:
    """What was typed is not saved and not lost: the page's draft keeps it; the tick makes it a ticket."""
    row = typed_call(cast, "")
    form = {
        "classifier": RISER,
        "description": "провал",
        "name": "",
        "phone": "",
        "email": "",
        "premises": "",
    }
    refused = desk.post(f"/console/contact/{row.pk}/register/", {**form, "address": "трасса М-5"})
    text = refused.content.decode()
    assert refused.status_code == 422 and 'id="a-address-about"' in text and "не найден" in text
    with reading(cast.scope(cast.ivanova)):
        assert not Ticket.objects.exists()
    said = {**form, "address": "трасса М-5", "outside": "yes"}
    assert desk.post(f"/console/contact/{row.pk}/register/", said).status_code == 200
    with reading(cast.scope(cast.ivanova)):
        ticket = Ticket.objects.get(interactions=row.pk)
        assert (ticket.address, ticket.building) == ("трасса М-5", None)


def test_words_that_were_let_stand_are_not_made_a_house(cast: Cast, desk: Client) -> None:
    row = typed_call(cast, "")
    form = {
        "classifier": RISER,
        "description": "провал",
        "name": "",
        "phone": "",
        "email": "",
        "premises": "",
    }
    desk.post(f"/console/contact/{row.pk}/register/", {**form, "address": "ленина 15", "outside": "yes"})
    with reading(cast.scope(cast.ivanova)):
        ticket = Ticket.objects.get(interactions=row.pk)
        assert (ticket.address, ticket.building) == ("ленина 15", None)


def test_the_tab_counts_what_its_list_shows(cast: Cast, desk: Client) -> None:
    """A ticket that is registered elsewhere while the card is open."""
    row = typed_call(cast, "8 900 000-15-42")
    assert 'id="count-tickets">0<' in desk.get(f"/console/contact/{row.pk}/").content.decode()
    registered(cast)
    live = desk.get(f"/console/contact/{row.pk}/near/").content.decode()
    assert 'id="count-tickets" hx-swap-oob="true">1<' in live


def test_who_asks_where_the_crew_is_is_told_which_one_and_until_when(cast: Cast, desk: Client) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    row = typed_call(cast)
    answer = desk.post(
        f"/console/contact/{row.pk}/end/addition/", {"choice": str(ticket.pk), "note": "где бригада?"}
    )
    until = time_words(ticket.registered_at + timedelta(minutes=30), ticket.zone)
    said = f"№ {number_words(ticket.number)}: бригада в пути · {cast.crew4.name} · локализация до {until}"
    assert answer.status_code == 200 and said in answer.content.decode()


@pytest.mark.parametrize("said", ["{number}", "{short}", "8 900 000-15-42", "петрова", "Петрова Анна"])
def test_a_contact_without_a_house_finds_its_ticket(cast: Cast, desk: Client, said: str) -> None:
    """«Где бригада?» from a phone that nobody knows."""
    ticket = registered(cast)
    row = typed_call(cast, "8 495 999-99-99")
    assert 'id="end-addition"' in desk.get(f"/console/contact/{row.pk}/").content.decode()
    find = said.format(number=ticket.number, short=ticket.number.partition("-")[2])
    link, form = f"/console/contact/{row.pk}/end/addition/", {"find": find, "note": "где бригада?"}
    shown = desk.get("/console/found/", {"find": find}).content.decode()
    blind = desk.post(link, form)
    assert blind.status_code == 422 and "Проверьте, та ли это заявка" in blind.content.decode()
    for page in (shown, blind.content.decode()):
        assert f'name="seen" value="{ticket.pk}" checked' in page and "зарегистрирована" in page
    answer = desk.post(link, form | {"seen": str(ticket.pk)})
    assert answer.status_code == 200
    assert (
        f"Присоединено к заявке № {number_words(ticket.number)}: зарегистрирована" in answer.content.decode()
    )
    with reading(cast.scope(cast.ivanova)):
        kept = Interaction.objects.get(pk=row.pk)
        assert (kept.outcome, kept.ticket_id) == ("addition", ticket.pk)


@pytest.mark.parametrize(
    ("find", "says"),
    [("", "Выберите заявку"), ("26-999", "открытой заявки нет"), ("яя", "открытой заявки нет"),
     ("Петрова", "Подходит несколько")],
)  # fmt: skip
def test_what_is_not_one_ticket_is_asked_again(cast: Cast, desk: Client, find: str, says: str) -> None:
    registered(cast)
    registered(cast)
    row = typed_call(cast, "8 495 999-99-99")
    answer = desk.post(f"/console/contact/{row.pk}/end/addition/", {"find": find, "note": ""})
    assert answer.status_code == 422 and says in answer.content.decode()
    with reading(cast.scope(cast.ivanova)):
        assert Interaction.objects.get(pk=row.pk).state == "taken"


def at_step(cast: Cast, desk: Client, step: int) -> str:
    row = typed_call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.register(row.pk, classifier=RISER, description="течёт")
    return reverse("console:step", args=[row.pk, step])


@pytest.mark.parametrize(
    ("step", "said", "field"),
    [
        (6, {"until_day": "01.01.2099", "until_time": "25:99", "how": "phone"}, "t-until_time"),
        (7, {"needed": "yes", "day": "01.01.2099", "since": "9", "reason": "осмотр", "worker": "Жаров"}, "since"),
    ],
)  # fmt: skip
def test_an_hour_that_no_clock_has_is_named_beside_its_own_field(
    cast: Cast, desk: Client, step: int, said: dict[str, str], field: str
) -> None:
    answer = desk.post(at_step(cast, desk, step), said)
    text = answer.content.decode()
    assert answer.status_code == 422 and text.count("Время не читается") == 1
    about = re.search(r'id="([^"]*)-about"><svg.*?Время не читается', text, re.S)
    assert about is not None and about[1].endswith(field)


def test_a_visit_is_promised_within_the_term_of_containment(cast: Cast, desk: Client) -> None:
    panel = desk.get(at_step(cast, desk, 7)).content.decode()
    since, until = (re.search(rf'name="{name}" value="(\d\d):(\d\d)"', panel) for name in ("since", "until"))
    assert since is not None and until is not None
    length = (int(until[1]) - int(since[1])) % 24 * 60 + int(until[2]) - int(since[2])
    assert 15 <= length <= 30


def test_the_last_step_shows_what_was_decided_at_each(cast: Cast, desk: Client) -> None:
    link = at_step(cast, desk, 4)
    row = int(link.split("/")[3])
    steps = {
        4: {"note": "перекрыть стояк"},
        5: {"service": ["water_utility"], "who-water_utility": "Смирнова"},
        6: {"until_day": f"{clock.today() + timedelta(days=1):%d.%m.%Y}", "until_time": "", "how": "phone"},
    }
    for step, said in steps.items():
        assert desk.post(reverse("console:step", args=[row, step]), said).status_code == 200
    skipped = desk.post(reverse("console:skip", args=[row, 7]), {"reason": "заявитель положил трубку"})
    assert skipped.status_code == 200
    desk.post(reverse("console:step", args=[row, 8]), {"crew": str(cast.crew4.pk)})
    panel = desk.get(reverse("console:step", args=[row, 9])).content.decode()
    lines = panel[panel.index("journal-lines") :].split("</ol>")[0]
    for words in (
        "перекрыть стояк",
        "Водоканал",
        "Смирнова",
        "по телефону",
        "пропущен:",
        "положил трубку",
        "бригада 4",
    ):
        assert words in lines, words


def test_a_page_that_was_loaded_anew_opens_the_caller_who_is_held(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    page = Client()
    page.force_login(cast.ivanova.user)
    text = page.get(reverse("console:console")).content.decode()
    assert f'data-contact="{row.pk}"' in text[text.index('id="work"') :]
    assert "К следующему из своих" in text
    other = Client()
    other.force_login(cast.sidorova.user)
    assert "Возьмите обращение" in other.get(reverse("console:console")).content.decode()


def test_the_number_that_was_told_is_in_the_journal(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    desk.post(reverse("console:end", args=[row.pk, "redirected"]), {"choice": "gas_service"})
    with reading(cast.scope(cast.ivanova)):
        fact = journal.history(f"interaction/{row.pk}")[-1].fact
    assert isinstance(fact, facts.InteractionEnded)
    assert fact.redirected_to == "Аварийная газовая служба, 104"


def test_the_directory_has_the_people_of_the_companies_that_are_served(cast: Cast, desk: Client) -> None:
    with acting(Scope.system("test")):
        for company, name in ((cast.north, "Ночной Пётр"), (cast.foreign, "Чужой Пётр")):
            DutyContact.objects.create(
                company=company, kind="on_call", code="", name=name, phone="+79000000777"
            )
    page = desk.get(reverse("console:duty_page")).content.decode()
    assert "Ночной Пётр" in page and "«Северная»" in page and "Чужой Пётр" not in page


def test_the_crew_of_whoever_was_promised_is_proposed_and_marked(cast: Cast, desk: Client) -> None:
    link = at_step(cast, desk, 7)
    said = {
        "needed": "yes",
        "day": f"{clock.today() + timedelta(days=1):%d.%m.%Y}",
        "since": "10:00",
        "reason": "осмотр",
        "worker": "Кузнецов П. А.",
    }
    with acting(Scope.system("test")):
        crew = Crew.objects.create(company=cast.centre, number=1, name="бригада 1", skills=["plumber"])
        CrewMember.objects.create(company=cast.centre, crew=crew, staff=cast.orlov)
    crew_of = re.compile(r'name="crew" value="(\d+)" checked')
    for staff, theirs in ((cast.orlov, crew), (cast.kuznetsov, cast.crew4)):
        desk.post(link, said | {"worker": staff.name})
        panel = desk.get(link.replace("/7/", "/8/")).content.decode()
        chosen = crew_of.search(panel)
        assert chosen is not None and chosen[1] == str(theirs.pk)
        assert panel.count("назван заявителю") == 1


def test_a_crew_that_has_refused_is_not_proposed_again(cast: Cast, desk: Client) -> None:
    """While the caller is still on the line: step 8 is gone back to."""
    link = at_step(cast, desk, 8)
    desk.post(link, {"crew": str(cast.crew4.pk)})
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get()
    with acting(cast.scope(cast.kuznetsov)):
        crews.move(order.pk, "refuse", note="застряли на Мира")
    panel = desk.get(link).content.decode()
    assert "отказ: застряли на Мира" in panel
    assert not re.search(r'name="crew" value="\d+" checked', panel), "nobody else can do it"


def test_the_next_one_is_taken_though_the_page_knows_of_nobody(cast: Cast, desk: Client) -> None:
    """A page hears of a call a moment late: F2 asks the server. The open card stays where nobody waits."""
    button = re.compile(r'<button[^>]*hx-post="/console/next/"[^>]*>')
    drawn = button.search(desk.get("/console/queue/").content.decode())
    assert drawn is not None and "disabled" not in drawn[0]
    answer = desk.post("/console/next/")
    said = answer.content.decode()
    assert answer.status_code == 200 and "Очередь пуста: никто не ждёт." in said
    assert answer["HX-Retarget"] == "#foot" and 'id="work"' not in said
    with acting(Scope.system("api")):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    assert desk.post("/console/next/").status_code == 200
    with reading(Scope.system("test")):
        assert Interaction.objects.get(pk=row.pk).taken_by_id == cast.ivanova.pk
