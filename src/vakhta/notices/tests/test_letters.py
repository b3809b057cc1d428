"""A letter is read by a resident: human dates, a phone to call, no word of the trade, no full stop twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.domain.regulations import NORMS
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import clause, written_moment
from vakhta.notices.letters import PROMISES
from vakhta.notices.models import Delivery
from vakhta.places.models import Building
from vakhta.reports.paper import FROM_PAPER
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import merge_ticket, undo_end, void_ticket
from vakhta.tickets.models import Ticket
from vakhta.wiring import FOLLOWERS

REGISTERED = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
JARGON = (
    "дн.",
    "Локализация",
    "норма",
    "ПП РФ от",
    "пункт не установлен",
    "None",
    "+7495",
    "24.11",
    "Сообщить сроки",
)


def react(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vakhta.kernel.clock.now", lambda: at)
    for follower in FOLLOWERS:
        while follow(follower):
            pass


def registered(cast: Cast, at: datetime = REGISTERED, address: str = "") -> Ticket:
    with acting(cast.scope(cast.ivanova), at=at):
        if address:
            message = arrival.Message(channel="phone", address=address, email="resident@example.org")
            row, _new = arrival.receive(message, centre=cast.centre.pk)
            contacts.take(row.pk)
        else:
            row = contacts.type_call(phone="8 900 000-15-42")
        return contacts.register(row.pk, classifier="flat.cold.riser", description="течёт стояк")


def done(cast: Cast, ticket: Ticket, note: str, at: datetime) -> None:
    with acting(cast.scope(cast.ivanova), at=at):
        order = crews.assign_ticket(ticket.pk, assignee=cast.kuznetsov.pk)
    with acting(cast.scope(cast.kuznetsov), at=at):
        for move in ("accept", "go", "arrive", "contain"):
            crews.move(order.pk, move)
        crews.move(order.pk, "done", note=note)


def letter(ticket: Ticket, template: str) -> tuple[str, str]:
    """Subject and body of the last letter of this kind, its spaces plain ones."""
    with reading(Scope.system("test")):
        row = Delivery.objects.filter(ticket_id=ticket.pk, template=template).latest("pk")
    return row.subject.replace("\u00a0", " "), row.body.replace("\u00a0", " ")


def test_a_registration_tells_what_will_be_done_and_by_when(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = registered(cast)
    react(REGISTERED, monkeypatch)
    subject, body = letter(ticket, "registered")
    assert subject == f"Заявка № {ticket.number} принята"
    assert "Ваша заявка зарегистрирована в 14:05 24 ноября." in body
    assert "Адрес: ул. Ленина, 15, кв. 42" in body
    assert "— остановим аварию (перекроем или обезопасим): до 14:35 24 ноября (ПП 416, п. 13)" in body
    assert "— устраним неисправность: до 14:05 27 ноября (ПП 416, п. 13)" in body
    assert "Телефон диспетчерской: +7 495 000-01-00" in body
    assert body.count("устраним неисправность") == 1, "of two such terms the nearer is told"


def test_terms_are_told_as_a_day_and_an_hour_of_the_house(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(Scope.system("test")):
        Building.objects.update(zone="Asia/Yekaterinburg")
    ticket = registered(cast)
    with acting(cast.scope(cast.ivanova), at=REGISTERED):
        tickets.tell_terms(ticket.pk, datetime(2026, 11, 27, 10, 0, tzinfo=UTC))
    react(REGISTERED, monkeypatch)
    assert f"По заявке № {ticket.number} назначен срок: до 15:00 27 ноября." in letter(ticket, "terms")[1]


def test_no_term_is_promised_of_what_is_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = registered(cast)
    with acting(cast.scope(cast.ivanova), at=REGISTERED):
        tickets.tell_terms(ticket.pk, None)
    done(cast, ticket, "готово", REGISTERED)
    react(REGISTERED, monkeypatch)
    with reading(Scope.system("test")):
        sent = set(Delivery.objects.filter(ticket_id=ticket.pk).values_list("template", flat=True))
    assert sent == {"registered", "done"}


def test_a_done_ticket_says_when_it_closes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = registered(cast)
    done(cast, ticket, "заменён участок стояка", REGISTERED + timedelta(hours=1))
    react(REGISTERED + timedelta(hours=1), monkeypatch)
    body = letter(ticket, "done")[1]
    days = cast.north.auto_close_days
    assert f"Если ответа не будет до 15:05 {24 + days} ноября, заявка закроется сама." in body


@pytest.mark.parametrize(
    "note", ["заменён кран", "заменён кран.", "заменён кран. ", "заменён кран!", "заменён кран…"]
)
def test_a_sentence_ends_once(cast: Cast, monkeypatch: pytest.MonkeyPatch, note: str) -> None:
    ticket = registered(cast)
    done(cast, ticket, note, REGISTERED)
    react(REGISTERED, monkeypatch)
    body = letter(ticket, "done")[1]
    assert "выполнены: заменён кран.\n" in body and not re.search(r"[.!…,;]\s*\.", body)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("готово.", "готово"), ("готово?", "готово?"), (" два слова ;", "два слова"), ("…", "")],
)
def test_words_of_somebody_are_the_end_of_our_sentence(said: str, kept: str) -> None:
    assert clause(said) == kept


@pytest.mark.parametrize(
    ("now", "said"),
    [(REGISTERED, "14:05 24 ноября"), (REGISTERED + timedelta(days=60), "14:05 24 ноября 2026")],
)
def test_the_year_is_written_when_it_is_another_one(now: datetime, said: str) -> None:
    assert written_moment(REGISTERED, "Europe/Moscow", now).replace("\u00a0", " ") == said


def test_an_address_is_written_as_the_stock_does(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = registered(cast, address="ленина 15-42")
    react(REGISTERED, monkeypatch)
    assert "Адрес: ул. Ленина, 15, кв. 42" in letter(ticket, "registered")[1]


def test_how_the_end_of_the_work_was_heard_is_not_what_was_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """«бр4 выполнено» by the line or a paper line without words: the journal says whose word it is, the letter does not."""
    for note in (crews.BY_RADIO, FROM_PAPER):
        ticket = registered(cast)
        done(cast, ticket, note, REGISTERED)
        react(REGISTERED, monkeypatch)
        body = letter(ticket, "done")[1]
        assert "выполнены.\n" in body
        assert note not in body


def every_letter(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A story that gives each letter there is once."""
    first, second, third, fourth = (registered(cast) for _ in range(4))
    with acting(cast.scope(cast.ivanova), at=REGISTERED):
        tickets.tell_terms(first.pk, None)
    react(REGISTERED, monkeypatch)
    done(cast, first, "готово.", REGISTERED)
    react(REGISTERED, monkeypatch)
    with reading(Scope.system("test")):
        Delivery.objects.update(state="sent")
    with acting(cast.scope(cast.gromova), at=REGISTERED):
        merge_ticket(fourth.pk, second.pk, "одна")
    react(REGISTERED, monkeypatch)
    with acting(cast.scope(cast.gromova), at=REGISTERED) as unit:
        void_ticket(third.pk, "ошибка")
    react(REGISTERED, monkeypatch)
    with reading(Scope.system("test")):
        Delivery.objects.update(state="sent")
    with acting(cast.scope(cast.gromova), at=REGISTERED):
        undo_end(third.pk, unit.last_entry)
    react(REGISTERED, monkeypatch)
    with reading(Scope.system("test")):
        return {row.template: f"{row.subject}\n{row.body}" for row in Delivery.objects.all()}


def test_no_letter_speaks_the_language_of_the_trade(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = every_letter(cast, monkeypatch)
    assert set(letters) == {"registered", "terms", "done", "merged", "voided", "reopened"}
    for name, text in letters.items():
        assert not [word for word in JARGON if word in text], (name, text)
        assert "\n\n\n" not in text, f"{name} has a hole in it"


def test_letters_of_an_english_installation_are_english(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    data = re.compile(
        r"УК «Северная»|ул\. Ленина, 15|кв\. 42|течёт стояк|готово|ПП 416, п\. 13|ПП 354, п\. 108"
    )
    for name, text in every_letter(cast, monkeypatch).items():
        assert not re.search("[А-Яа-я]", data.sub("", text)), (name, text)


def test_every_norm_that_runs_on_a_ticket_promises_something(cast: Cast) -> None:
    silent = [
        norm.code
        for norm in NORMS.values()
        if norm.stops and norm.trigger == "TicketRegistered" and not set(norm.stops) & set(PROMISES)
    ]
    assert silent == []
