"""The ticket page: its timeline, its forms, two people at once."""

from __future__ import annotations

import errno
import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.cli.simulation.pages import form_to
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain import facts
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.models import Building
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import correct_ticket
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.word import return_ticket
from vakhta.web.cabinet.links import ticket_link
from vakhta.web.console.ticket_forms import NOBODY
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
    registered,
)  # fmt: skip


def at(name: str, ticket: Ticket) -> str:
    return reverse(f"console:{name}", args=[ticket.number])


def look(cast: Cast, ticket: Ticket, who: str = "gromova") -> str:
    answer = browser_of(getattr(cast, who)).get(at("ticket", ticket))
    assert answer.status_code == 200
    return answer.content.decode()


def version(text: str) -> str:
    found = re.search(r'name="version" value="(\d+/\d+)"', text)
    assert found is not None
    return found[1]


# ── What is seen ─────────────────────────────────────────────────────────────────────────────


def test_the_whole_life_of_a_ticket_is_told(cast: Cast) -> None:
    ticket = finished(cast)
    Client().post(f"{ticket_link(ticket.pk)}return/", {"review": "Опять капает"})
    text = look(cast, ticket)
    for words in (
        "Заявка зарегистрирована", "Иванова О. П.", "Кузнецов П. А.", "Наряд принят", "Бригада выехала", "Бригада на месте",
        "Повреждение локализовано", "Работы выполнены", "заменён участок стояка", "Заявитель вернул заявку", "Опять капает",
        "Обращение поступило", "Ответ заявителю", "ПП 416, п. 13", "бригада 4",
    ):  # fmt: skip
        assert words in text, words


def test_of_an_order_the_hour_says_what_it_is_of(cast: Cast) -> None:
    """«выполнено · 23:59» was the hour in which it was given."""
    ticket, order = ordered(cast)
    with reading(Scope.system("test")):
        WorkOrder.objects.filter(pk=order.pk).update(offered_at=clock.now() - timedelta(days=40))

    def works() -> str:
        found = re.search(r'<ul class="ticket-works">.*?</ul>', look(cast, ticket), re.S)
        assert found is not None
        return re.sub(r"<[^>]+>", "", found[0]).replace("\u00a0", " ")

    assert re.search(r"выдан \d\d:\d\d, \d+ ", works())
    moved(cast, order, "accept", "go", "arrive", "contain", "done")
    assert "выдан" not in works() and not re.search(r"\d\d:\d\d, \d+ ", works())


def test_a_late_entry_shows_both_times_and_why(cast: Cast) -> None:
    ticket = registered(cast)
    now = clock.now()
    with acting(
        cast.scope(cast.ivanova), happened_at=now, at=now + timedelta(hours=6), late_reason="бумажная ночь"
    ):
        tickets.comment(ticket.pk, "приходил сосед")
    text = look(cast, ticket)
    assert "внесено" in text and "бумажная ночь" in text


def test_a_late_entry_stands_where_it_belongs(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept")
    earlier = now_of(ticket).registered_at - timedelta(minutes=1)
    with acting(cast.scope(cast.ivanova), happened_at=earlier, late_reason="бумажная ночь"):
        tickets.comment(ticket.pk, "соседка предупреждала вечером")
    text = look(cast, ticket)
    assert (
        text.index("Наряд принят")
        < text.index("Заявка зарегистрирована")
        < text.index("соседка предупреждала")
    )


def test_an_undone_entry_is_marked(cast: Cast) -> None:
    ticket = registered(cast)
    with acting(Scope.system("api")):
        second, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    with acting(cast.scope(cast.ivanova)) as unit:
        contacts.take(second.pk)
        contacts.join_ticket(second.pk, ticket.pk, "где бригада?")
    with acting(cast.scope(cast.gromova)):
        tickets.comment(ticket.pk, "слово")
    assert "data-undone" not in look(cast, ticket)
    with acting(cast.scope(cast.ivanova)):
        from vakhta.kernel import journal

        journal.record(
            facts.Undone(undoes=unit.last_entry, undone_kind="InteractionEnded", ticket=ticket.pk),
            company=cast.north.pk,
        )
    assert "data-undone" in look(cast, ticket)


def test_deleted_words_leave_no_trace_and_no_failure(cast: Cast) -> None:
    from vakhta.kernel import journal

    ticket = registered(cast)
    with acting(cast.scope(cast.ivanova)):
        tickets.comment(ticket.pk, "телефон соседа у консьержа")
    with reading(Scope.system("test")):
        entries = [record.entry for record in journal.history(f"ticket/{ticket.pk}")]
    with acting(Scope.system("erase")):
        journal.erase_words(entries, basis="152-ФЗ ст. 21", company=cast.north.pk)
    text = look(cast, ticket)
    assert "Комментарий" in text and "телефон соседа" not in text


def test_another_company_finds_nothing(cast: Cast) -> None:
    ticket = registered(cast, phone="8 900 000-03-12")
    client = browser_of(cast.client)
    for answer in (client.get(at("ticket", ticket)), client.post(at("comment", ticket), {"text": "чужое"})):
        assert answer.status_code == 404
        assert "ул. Мира" not in answer.content.decode()
    assert "CommentAdded" not in kinds(ticket)


def test_a_client_sees_its_ticket_without_what_it_may_not_do(cast: Cast) -> None:
    ticket, _order = ordered(cast)
    text = look(cast, ticket, "client")
    assert "сотрудник службы" in text and "Иванова" not in text
    assert "form-void" not in text and "form-correct" not in text and "form-assign" not in text


# ── What is done ─────────────────────────────────────────────────────────────────────────────


def test_a_comment(cast: Cast) -> None:
    ticket = registered(cast)
    client = browser_of(cast.ivanova)
    answer = client.post(at("comment", ticket), {"text": "Ключ у консьержа"})
    page = client.get(answer["Location"]).content.decode()
    typed = re.compile(r'<textarea[^>]* rows="2"[^>]* autofocus')
    assert "Комментарий записан" in page and typed.search(page), "the next word is typed there"
    assert not typed.search(look(cast, ticket))
    assert "Ключ у консьержа" in look(cast, ticket)


def test_a_correction_tells_what_was_and_what_became(cast: Cast) -> None:
    ticket = registered(cast)
    client = browser_of(cast.ivanova)
    seen = version(client.get(at("ticket", ticket)).content.decode())
    said = {
        "version": seen,
        "reason": "ослышалась",
        "description": "течёт в туалете",
        "choice": ticket.classifier,
    }
    assert client.post(at("correct", ticket), said).status_code == 302
    assert now_of(ticket).description == "течёт в туалете"
    assert "было «течёт стояк в ванной», стало «течёт в туалете»" in look(cast, ticket)


def test_the_moment_of_the_damage_moves_the_term_of_elimination(cast: Cast) -> None:
    """416 п.13: three days from the date of the damage, not of the call."""
    ticket = registered(cast)
    client = browser_of(cast.ivanova)
    damaged = (ticket.registered_at - timedelta(hours=5)).astimezone(ZoneInfo("Europe/Moscow"))
    said = {
        "version": version(client.get(at("ticket", ticket)).content.decode()),
        "reason": "выяснилось",
        "description": ticket.description,
        "damage_at": damaged.strftime("%Y-%m-%dT%H:%M"),
    }
    assert client.post(at("correct", ticket), said).status_code == 302
    with reading(Scope.system("test")):
        due = Clock.objects.get(subject=f"ticket/{ticket.pk}", norm="pp416.13.elimination").due_at
    assert due == damaged.replace(second=0, microsecond=0) + timedelta(days=3)


def test_a_crew_that_moves_meanwhile_is_no_conflict(cast: Cast) -> None:
    ticket, order = ordered(cast)
    client = browser_of(cast.ivanova)
    seen = version(client.get(at("ticket", ticket)).content.decode())
    moved(cast, order, "accept", "go")
    said = {"version": seen, "reason": "уточнение", "description": "течёт у ввода"}
    assert client.post(at("correct", ticket), said).status_code == 302


def test_two_who_correct_at_once_lose_neither_word(cast: Cast) -> None:
    ticket = registered(cast)
    hers, his = browser_of(cast.ivanova), browser_of(cast.sidorova)
    seen = version(hers.get(at("ticket", ticket)).content.decode())
    his.post(
        at("correct", ticket), {"version": seen, "reason": "со слов соседа", "description": "течёт на кухне"}
    )
    before = everything(ticket)
    answer = hers.post(
        at("correct", ticket), {"version": seen, "reason": "перезвонили", "description": "течёт в туалете"}
    )
    text = answer.content.decode()
    assert (answer.status_code, everything(ticket)) == (409, before)
    form = text[text.index('id="form-correct"') :]
    assert "Сидорова Мария Андреевна" in form and "течёт в туалете" in form
    assert form.count("<p>течёт на кухне</p>") == text.count('role="alert"') == 1, "told once, in the form"
    again = {"version": version(text), "reason": "сложили", "description": "течёт на кухне и в туалете"}
    assert hers.post(at("correct", ticket), again).status_code == 302
    assert now_of(ticket).description == "течёт на кухне и в туалете"


FIELD = re.compile(
    r'<(?:input|textarea)[^>]* name="(was_\w+)"(?: value="([^"]*)")?[^>]*>(?:([^<]*)</textarea>)?'
)


def drawn(text: str) -> dict[str, str]:
    """A form of correction as a browser would send it untouched."""
    form = text[text.index('id="form-correct"') :]
    form = form[: form.index("</dialog>")]
    was = {name: html.unescape(value or words) for name, value, words in FIELD.findall(form)}
    now = {name.removeprefix("was_"): value for name, value in was.items()}
    return {"version": version(form), **was, **now}


def test_two_who_correct_different_things_are_no_conflict(cast: Cast) -> None:
    """Sidorova puts the name and the nature right, Ivanova the words: both stay, and nobody is told that the
    other had the same field."""
    ticket = registered(cast)
    hers, his = browser_of(cast.ivanova), browser_of(cast.sidorova)
    form = drawn(hers.get(at("ticket", ticket)).content.decode())
    other = {**form, "applicant": "Петрова А. С., дочь", "choice": "flat.taps", "reason": "перезвонили"}
    assert his.post(at("correct", ticket), other).status_code == 302
    own = {**form, "description": "течёт у ввода", "reason": "уточнила"}
    assert hers.post(at("correct", ticket), own).status_code == 302
    now = now_of(ticket)
    assert (now.applicant, now.classifier, now.description) == (
        "Петрова А. С., дочь", "flat.taps", "течёт у ввода"
    )  # fmt: skip


def test_of_two_moments_of_the_damage_each_is_told_as_it_was_typed(cast: Cast) -> None:
    ticket = registered(cast)
    hers, his = browser_of(cast.ivanova), browser_of(cast.sidorova)
    form = drawn(hers.get(at("ticket", ticket)).content.decode())
    local = (ticket.registered_at - timedelta(hours=5)).astimezone(ZoneInfo("Europe/Moscow"))
    first, second = (f"{local - timedelta(hours=more):%d.%m.%Y %H:%M}" for more in (0, 1))
    his.post(at("correct", ticket), {**form, "damage_at": first, "reason": "сосед"})
    answer = hers.post(at("correct", ticket), {**form, "damage_at": second, "reason": "сказал сам"})
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    told = re.search(r"повреждение: ([^·»]*)", text)
    assert told and f"{local:%H:%M}" in told[1], "the other's, on the building's clock"
    assert f"повреждение: {second}" in text, "mine"


def test_merging_keeps_the_number(cast: Cast) -> None:
    target, ticket = registered(cast), registered(cast)
    said = {"into": f"№ {target.number}", "reason": "одна авария"}
    blind = browser_of(cast.ivanova).post(at("merge", ticket), said)
    assert blind.status_code == 422 and f'name="seen" value="{target.pk}" checked' in blind.content.decode()
    answer = browser_of(cast.ivanova).post(at("merge", ticket), said | {"seen": str(target.pk)})
    assert answer.status_code == 302
    assert now_of(ticket).state == "merged"
    assert f"№ {target.number[:3]}" in look(cast, ticket) and "Вошли заявки" in look(cast, target)


def test_what_would_move_a_term_or_mix_houses_is_not_merged(cast: Cast) -> None:
    """416 п.13: the days are counted from the damage that was told first."""
    older, newer = registered(cast), registered(cast)
    elsewhere = registered(cast)
    with acting(Scope.system("test")):
        house = Building.objects.create(company=cast.north, city="Заречье", street="ул. Мира", house="9")
        Ticket.objects.filter(pk=elsewhere.pk).update(building=house, premises=None)
    earlier = clock.now() - timedelta(hours=5)
    with acting(cast.scope(cast.ivanova)):
        correct_ticket(newer.pk, version=now_of(newer).version, reason="сказал позже", damage_at=earlier)
    for row, into, words in (
        (older, newer, "позже этой"),
        (newer, older, "началось раньше"),
        (elsewhere, older, "по другому адресу"),
        (older, older, "Это она сама"),
    ):
        before = everything(row)
        said = {"into": into.number, "seen": str(into.pk), "reason": "одна"}
        answer = browser_of(cast.ivanova).post(at("merge", row), said)
        assert answer.status_code == 422 and words in answer.content.decode()
        assert everything(row) == before


def test_a_ticket_named_to_be_merged_with_itself_is_told_at_once(cast: Cast) -> None:
    ticket = registered(cast)
    said = {"into": ticket.number, "reason": "одна"}
    answer = browser_of(cast.ivanova).post(at("merge", ticket), said)
    assert answer.status_code == 422 and "Это она сама" in answer.content.decode()


def test_voiding_keeps_the_number(cast: Cast) -> None:
    ticket, order = ordered(cast)
    assert browser_of(cast.gromova).post(at("void", ticket), {"reason": "повтор"}).status_code == 302
    assert (now_of(ticket).state, now_of(ticket).number) == ("voided", ticket.number)
    with acting(Scope.system("followers")):
        crews.recall(ticket.pk, clock.now())
    assert order_now(order).state == "withdrawn"
    assert (
        "отозван диспетчером"
        in browser_of(cast.kuznetsov).get(reverse("field:order", args=[order.pk])).content.decode()
    )


def test_a_term_is_named_again_after_a_return(cast: Cast) -> None:
    ticket = finished(cast)
    with acting(Scope(companies=None, actor=f"resident/{ticket.pk}", role="system")):
        return_ticket(ticket.pk, review="капает")
    desk, page = browser_of(cast.ivanova), look(cast, ticket)
    assert 'id="form-terms"' in page and 'id="form-access"' in page
    soon = f"{clock.now().astimezone(ZoneInfo('Europe/Moscow')) + timedelta(hours=2):%d.%m.%Y %H:%M}"
    assert desk.post(at("terms", ticket), {"until": soon}).status_code == 302
    assert kinds(ticket)[-1] == "TermsTold"
    said = Client().get(ticket_link(ticket.pk)).content.decode()
    assert "Исправим" in said and "Здесь появится новый срок" not in said


@pytest.mark.parametrize(
    ("form", "said", "words"),
    [
        ("terms", {"until": ""}, "Укажите, до какого времени"),
        ("terms", {"until": "01.01.2020 10:00"}, "уже прошёл"),
        ("terms", {"until": "24.11.2099 10:00"}, "позже нормы"),
        ("access", {"day": "", "since": "10:00", "until": "", "reason": "течёт", "worker": "Ким"}, "Укажите день"),
        ("access", {"day": "24.11.2099", "since": "10:00", "until": "09:00", "reason": "т", "worker": "К"}, "позже начала"),
        ("access", {"day": "24.11.2099", "since": "10:00", "until": "11:00", "reason": "", "worker": "Ким"}, "Причина допуска"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_said_beside_its_field(
    cast: Cast, form: str, said: dict[str, str], words: str
) -> None:
    ticket = registered(cast)
    before = everything(ticket)
    answer = browser_of(cast.ivanova).post(at(form, ticket), said)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and f'id="form-{form}" ' in page
    assert 'class="form-error"' not in page, "beside the field"
    assert everything(ticket) == before


def test_the_undo_outlives_the_page_that_is_drawn_anew(cast: Cast) -> None:
    ticket, desk = registered(cast), browser_of(cast.gromova)
    answer = desk.post(at("void", ticket), {"reason": "повтор"})
    page = desk.get(answer["Location"]).content.decode()
    asked = re.search(r'id="ticket"[^>]*hx-get="([^"]+)"', page)
    assert asked and 'data-key="Ctrl+Z Alt+Z"' in desk.get(asked[1]).content.decode()


def test_assigning(cast: Cast) -> None:
    ticket = registered(cast)
    assert browser_of(cast.orlov).post(at("assign", ticket), {"crew": str(cast.crew4.pk)}).status_code == 302
    assert now_of(ticket).state == "assigned"


def test_who_assigns_what_somebody_has_assigned_meanwhile_is_told_to_whom(cast: Cast) -> None:
    """Neither overwrites the other unseen; the form that tells it is drawn anew, and the second word holds."""
    with reading(Scope.system("test")):
        other = Crew.objects.create(company=cast.centre, number=7, name="бригада 7")
    ticket = registered(cast)
    said = {"crew": str(other.pk), "version": "0"}
    assert browser_of(cast.orlov).post(at("assign", ticket), said).status_code == 302
    before = everything(ticket)
    slower = browser_of(cast.ivanova)
    answer = slower.post(at("assign", ticket), {"crew": str(cast.crew4.pk), "version": "0"})
    page = answer.content.decode()
    assert (answer.status_code, everything(ticket)) == (409, before)
    assert "заявку передали: бригада\u00a07" in page
    form = form_to(page, "/assign/")
    assert form is not None and form.chosen("crew") == str(cast.crew4.pk), "what was chosen stays"
    assert slower.post(form.action, form.filled()).status_code == 302
    with reading(Scope.system("test")):
        assert WorkOrder.objects.get(ticket=ticket, state="offered").crew == cast.crew4


def test_a_crew_that_refused_is_not_the_one_that_ctrl_enter_sends(cast: Cast) -> None:
    """It stands behind the others of its skill with its reason, until its refusal is taken back."""
    with reading(Scope.system("test")):
        other = Crew.objects.create(company=cast.centre, number=9, name="бригада 9", skills=cast.crew4.skills)
    ticket, order = ordered(cast)

    def chosen() -> str:
        form = form_to(look(cast, ticket), "/assign/")
        assert form is not None
        return form.chosen("crew")

    with acting(cast.scope(cast.kuznetsov)) as unit:
        crews.move(order.pk, "refuse", note="нужен сварщик")
    assert chosen() == str(other.pk)
    assert "отказ: нужен сварщик" in look(cast, ticket)
    with acting(cast.scope(cast.orlov)):
        crews.undo_move(ticket.pk, unit.last_entry)
    assert "отказ: нужен сварщик" not in look(cast, ticket)


def test_a_crew_of_nobody_yet_stands_among_the_others(cast: Cast) -> None:
    """A crew without people has no name to shorten; the page of every ticket offers it."""
    with reading(Scope.system("test")):
        Crew.objects.create(company=cast.centre, number=7, name="бригада 7")
    assert "бригада 7" in look(cast, registered(cast))


def test_the_foreman_takes_a_hand_over_back_from_the_page(cast: Cast) -> None:
    ticket = registered(cast)
    foreman = browser_of(cast.orlov)
    page = foreman.post(at("assign", ticket), {"crew": str(cast.crew4.pk)}, follow=True).content.decode()
    link = re.search(r'action="([^"]+/take-back/\d+/)" data-undo', page)
    assert link, "the word «Наряд выдан» comes with its undo"
    assert foreman.post(link[1]).status_code == 302
    assert now_of(ticket).state == "registered"
    assert "take-back" not in look(cast, ticket)


def test_what_the_crew_accepted_offers_no_undo(cast: Cast) -> None:
    ticket, order = ordered(cast)
    assert "take-back" in look(cast, ticket)
    moved(cast, order, "accept")
    assert "take-back" not in look(cast, ticket)


def test_a_disk_that_fills_while_a_file_arrives_is_said(
    cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has arrived of it goes at once: it is what fills the disk."""

    def full(_self: object, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space")

    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    monkeypatch.setattr(TemporaryUploadedFile, "write", full)
    huge = SimpleUploadedFile(
        "фото.png", b"\x89PNG\r\n\x1a\n".ljust(3 * 2**20, b"n"), content_type="image/png"
    )
    browser = browser_of(cast.ivanova)
    browser.raise_request_exception = False
    answer = browser.post(at("attach", registered(cast)), {"file": huge})
    assert answer.status_code == 507 and "кончилось место" in answer.content.decode()
    assert not list(tmp_path.iterdir())


def test_a_file_is_attached_and_shown(cast: Cast) -> None:
    ticket = registered(cast)
    assert browser_of(cast.ivanova).post(at("attach", ticket), {"file": photo()}).status_code == 302
    assert "труба.png" in look(cast, ticket)


def test_a_contract_term_is_paused_and_resumed(cast: Cast) -> None:
    """The law allows no pause; a contract does, for its reasons."""
    ticket = with_contract(cast)
    client = browser_of(cast.ivanova)
    assert "form-pause" in look(cast, ticket)
    said = {"choice": "contract.repair/no_access", "reason": "жильца нет дома"}
    assert client.post(at("pause", ticket), said).status_code == 302
    assert client.post(at("pause", ticket), said).status_code == 409, "it stands already"
    assert "Срок приостановлен" in look(cast, ticket) and "form-resume" in look(cast, ticket)
    assert client.post(at("resume", ticket), {"choice": "contract.repair"}).status_code == 302
    assert kinds(ticket)[-2:] == ["ClockPaused", "ClockResumed"]


def test_another_time_that_was_agreed_has_to_be_told(cast: Cast) -> None:
    ticket = with_contract(cast)
    client, said = browser_of(cast.ivanova), {"choice": "contract.repair/agreed", "reason": "будет в пятницу"}
    answer = client.post(at("pause", ticket), said)
    assert answer.status_code == 422 and "Укажите согласованное время" in answer.content.decode()
    answer = client.post(at("pause", ticket), said | {"until": "2020-01-01T10:00"})
    assert answer.status_code == 422 and "уже прошло" in answer.content.decode()
    assert "ClockPaused" not in kinds(ticket)
    until = (clock.now() + timedelta(days=1)).strftime("%d.%m.%Y 10:00")
    assert client.post(at("pause", ticket), said | {"until": until}).status_code == 302
    assert "Срок приостановлен" in look(cast, ticket) and "form-resume" not in look(cast, ticket)


def with_contract(cast: Cast) -> Ticket:
    from vakhta.kernel import journal

    ticket = registered(cast)
    norms = ({"code": "contract.repair", "edition": "по договору", "limit": 7200},)
    with acting(cast.scope(cast.ivanova)):
        fact = facts.TicketCorrected(ticket=ticket.pk, norms=norms, reason="договор")
        journal.record(fact, company=cast.north.pk, centre=cast.centre.pk)
    with reading(Scope.system("test")):
        Ticket.objects.filter(pk=ticket.pk).update(norms=list(norms))
    return ticket


REFUSED = [
    ("comment", {"text": "  "}, "ivanova", 422),
    ("comment", {"text": "слово"}, "inspector", 403),
    ("comment", {"text": "слово"}, "kuznetsov", 403),
    ("correct", {"version": "1/0", "reason": "", "description": "новое"}, "ivanova", 422),
    (
        "correct",
        {"version": "nonsense", "reason": "почему", "description": "течёт стояк в ванной"},
        "ivanova",
        422,
    ),
    ("correct", {"version": "1/0", "reason": "почему", "choice": "no.such"}, "ivanova", 422),
    ("correct", {"version": "1/0", "reason": "почему", "description": "новое"}, "orlov", 403),
    ("correct", {"version": "1/0", "reason": "почему", "damage_at": "вчера"}, "ivanova", 422),
    ("correct", {"version": "1/0", "reason": "почему", "damage_at": "2999-01-01T00:00"}, "ivanova", 422),
    ("void", {"reason": "повтор"}, "ivanova", 403),
    ("void", {"reason": ""}, "gromova", 422),
    ("merge", {"into": "26-999999", "reason": "одна"}, "ivanova", 422),
    ("merge", {"into": "", "reason": "одна"}, "ivanova", 422),
    ("merge", {"into": "26-1", "reason": "одна"}, "client", 403),
    ("assign", {"crew": ""}, "ivanova", 422),
    ("assign", {"crew": "1"}, "client", 403),
    ("pause", {"choice": "", "reason": "так"}, "ivanova", 422),
    ("pause", {"choice": "pp416.13.containment/agreed", "reason": "так"}, "ivanova", 422),
    ("resume", {"choice": "pp416.13.containment"}, "ivanova", 422),
    ("attach", {}, "ivanova", 422),
    ("attach", {}, "inspector", 403),
]


@pytest.mark.parametrize(("form", "said", "who", "status"), REFUSED)
def test_a_refusal_is_plain_and_changes_nothing(
    cast: Cast, form: str, said: dict[str, str], who: str, status: int
) -> None:
    ticket = registered(cast)
    before = everything(ticket)
    answer = browser_of(getattr(cast, who)).post(at(form, ticket), said)
    assert answer.status_code == status
    assert everything(ticket) == before
    if status == 422:
        text = answer.content.decode()
        assert "field-error" in text or 'class="form-error"' in text or 'data-tone="bad"' in text
        for typed in (said.get("text", ""), said.get("into", "")):
            assert typed.strip() in text


def test_words_for_a_ticket_that_was_closed_meanwhile_are_not_lost(cast: Cast) -> None:
    ticket = finished(cast)
    before = everything(ticket)
    said = {"version": "1/0", "reason": "почему", "description": "течёт у соседей"}
    answer = browser_of(cast.ivanova).post(at("correct", ticket), said)
    text = answer.content.decode()
    assert (answer.status_code, everything(ticket)) == (409, before)
    assert "её уже нельзя изменить" in text and "течёт у соседей" in text


def test_a_crew_of_nobody_knows_is_told(cast: Cast) -> None:
    ticket = registered(cast)
    before = everything(ticket)
    assert browser_of(cast.ivanova).post(at("assign", ticket), {"crew": "999999"}).status_code == 404
    assert everything(ticket) == before


def test_a_crew_on_its_way_is_turned_round_and_reads_why(cast: Cast) -> None:
    """A graver emergency: the ticket goes to nobody for now, Ctrl+Z sends the crew there again."""
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    desk = browser_of(cast.ivanova)
    form = form_to(desk.get(at("ticket", ticket)).content.decode(), "/assign/")
    assert form is not None and form.chosen("crew") == "0", "whoever has it is not offered it"
    before = everything(ticket)
    refused = desk.post(form.action, form.filled())
    page = refused.content.decode()
    assert (refused.status_code, everything(ticket)) == (422, before)
    assert "По наряду уже работают (в пути)" in page and 'class="form-error"' not in page, "beside the field"
    again = form_to(page, "/assign/")
    assert again is not None and again.chosen("crew") == "0"
    page = desk.post(again.action, again.filled(reason="авария важнее"), follow=True).content.decode()
    assert "Наряд забран, заявка ждёт бригаду" in page and "причина: авария важнее" in page
    assert (order_now(order).state, now_of(ticket).state) == ("withdrawn", "registered")
    phone = browser_of(cast.kuznetsov).get(reverse("field:order", args=[order.pk])).content.decode()
    assert "отозван диспетчером" in phone and "Диспетчер забрал наряд: авария важнее" in phone
    assert 'class="clock' not in phone, "a term that is no longer theirs hurries nobody"
    listed = browser_of(cast.kuznetsov).get(reverse("field:orders")).content.decode().replace("\u00a0", " ")
    assert "Диспетчер забрал наряд: ул. Ленина, 15" in listed and "авария важнее" in listed
    undo = re.search(r'action="([^"]+/take-back/\d+/)"', page)
    assert undo, "it can be taken back where it was done"
    assert desk.post(undo[1]).status_code == 302
    assert now_of(ticket).state == "assigned"
    assert kinds(ticket)[-3:] == ["Undone", "WorkAssigned", "HandedOver"]
    assert "забрал" not in browser_of(cast.kuznetsov).get(reverse("field:orders")).content.decode()


def test_the_form_that_was_drawn_before_the_crew_set_out_asks_why(cast: Cast) -> None:
    ticket, order = ordered(cast)
    desk = browser_of(cast.ivanova)
    form = form_to(desk.get(at("ticket", ticket)).content.decode(), "/assign/")
    assert form is not None and "reason" not in form.filled()
    moved(cast, order, "accept", "go")
    answer = desk.post(form.action, form.filled())
    assert answer.status_code == 422
    again = form_to(answer.content.decode(), "/assign/")
    assert again is not None and "reason" in again.filled(), "there is a place for it now"


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "0"}, {"version": "nonsense"}])
def test_a_form_that_does_not_say_whose_the_ticket_was_takes_it_from_nobody(
    cast: Cast, version: dict[str, str]
) -> None:
    ticket, order = ordered(cast)
    before, desk = everything(ticket), browser_of(cast.ivanova)
    answers = [desk.post(at("assign", ticket), {"crew": crew, **version}) for crew in (NOBODY, cast.crew4.pk)]
    assert {answer.status_code for answer in answers} == {409} and everything(ticket) == before
    assert order_now(order).state == order.state


def test_who_else_looks_is_told(cast: Cast) -> None:
    ticket = registered(cast)
    browser_of(cast.sidorova).post(at("presence_of", ticket))
    assert "Сидорова" in browser_of(cast.ivanova).post(at("presence_of", ticket)).content.decode()


def test_it_prints(cast: Cast) -> None:
    answer = browser_of(cast.client).get(at("print", finished(cast)))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")


def test_the_page_asks_little_of_the_database(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    with acting(cast.scope(cast.kuznetsov)):
        crews.ask(order.pk, "где вентиль?")
    client = browser_of(cast.gromova)
    client.post(at("attach", ticket), {"file": photo()})
    with at_most(18):
        assert client.get(at("ticket", ticket)).status_code == 200
