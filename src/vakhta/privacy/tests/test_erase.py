"""A resident asks to be forgotten: nothing of her is left in any column, and the journal holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.cast import Cast

from vakhta.cli.main import main
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import ContactWord, Interaction
from vakhta.crews import actions as crews
from vakhta.domain.facts import ERASED, PersonErased, WorkDone
from vakhta.imports.models import ImportRun
from vakhta.kernel import clock, files, journal
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading, scoped_models
from vakhta.kernel.verify import verify
from vakhta.notices.models import Delivery
from vakhta.people.models import Staff
from vakhta.places.models import Account, Consent, Person, Phone
from vakhta.privacy.erase import Whom, erase_person
from vakhta.reports.files import to_csv
from vakhta.reports.journal import journal_print
from vakhta.reports.ticket import ticket_pdf
from vakhta.tickets import actions as tickets
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.files import attach_file
from vakhta.tickets.models import Ticket, TicketFile
from vakhta.tickets.word import confirm_ticket
from vakhta.web.cabinet.links import ticket_link
from vakhta.web.tests.steps import browser_of, photo
from vakhta.wiring import FOLLOWERS

SYSTEM = Scope.system("test")
PHONE = "+79000001542"
BASIS = "заявление от 20.11.2026 № 5"
TRACE = r"[Пп]етров(?!на)|[Аа]нна Сергеевна|9[^0-9]*000[^0-9]*001[^0-9]*542|9[^0-9]*00[^0-9]*000[^0-9]*15[^0-9]*42|petrova@"
"""Anything by which she would be known, written apart from how the service looks for it. «Петровна»
is the operator."""
Capture = Callable[..., Any]


def places_of(trace: str = TRACE) -> dict[str, str]:
    """Every column of every table of the database that has the trace → a value that has it."""
    with reading(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found: dict[str, str] = {}
        for table in tables:
            cursor.execute(
                f"SELECT c.key, c.value FROM {table} t, jsonb_each_text(to_jsonb(t)) c WHERE c.value ~ %s",
                [trace],
            )
            found |= {f"{table}.{column}": value for column, value in cursor.fetchall()}
    return found


class Story:
    """Petrova's contact by the API becomes a ticket with everything that a ticket can have; she asks
    once more by phone; a neighbour and an operator speak of her in a ticket of another house."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        with reading(SYSTEM):
            Person.objects.filter(pk=cast.petrova.pk).update(email="petrova@mail.example")
            neighbour = Person.objects.create(company=cast.north, name="Соседов Илья")
            for person, paper in (
                (cast.petrova, "бланк 2, дело Петровой"),
                (neighbour, f"принесла соседка, {PHONE}"),
            ):
                Consent.objects.create(
                    company_id=person.company_id,
                    person=person,
                    purpose="mass",
                    document=paper,
                    given_on=date(2026, 1, 15),
                )
        self.operator, self.technician = cast.scope(cast.ivanova), cast.scope(cast.kuznetsov)
        self.ticket = self._ticket()
        self._work()
        self._asks_again()
        self.other = self._of_another_house()
        self._was_in_a_table()
        for follower in FOLLOWERS:
            follow(follower)

    def _was_in_a_table(self) -> None:
        with acting(SYSTEM) as unit:
            ImportRun.objects.create(
                company=self.cast.north, name="жильцы.csv", digest="a" * 64, state="looked", made_at=unit.at,
                headings=["ФИО"], samples=[["Петрова Анна Сергеевна"]], wrong=[[2, "Тел.", f"{PHONE} не читается"]],
                examples=["лицевой счёт 40-42: Петрова А. → Петрова Анна Сергеевна"],
            )  # fmt: skip

    def _ticket(self) -> Ticket:
        said = {
            "channel": "web",
            "caller": "Петрова Анна Сергеевна",
            "phone": PHONE,
            "text": "Это Петрова из 42, перезвоните на 8 (900) 000-15-42, petrova@mail.example",
        }
        answer = Client().post(
            "/api/v1/interactions",
            json.dumps(said),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.cast.token}", "Idempotency-Key": f"{PHONE}/1"},
        )
        assert answer.status_code == 201, answer.content
        pk = answer.json()["id"]
        with acting(self.operator):
            contacts.take(pk)
            contacts.note_applicant(pk, caller="Петрова А. С.", phone=PHONE, email="petrova@mail.example")
            ticket = contacts.register(pk, classifier="flat.cold.riser", description="у Петровой течёт стояк")
        with acting(self.operator):
            tickets.make_plan(ticket.pk, "выслать бригаду", interaction=pk)
            tickets.tell_service(ticket.pk, "edds", "Смирнов", interaction=pk)
            tickets.decide_services(ticket.pk, ("edds",), interaction=pk)
            tickets.tell_terms(ticket.pk, None, interaction=pk)
            tickets.agree_access(
                ticket.pk,
                needed=True,
                since=clock.now() + timedelta(hours=1),
                reason="откроет Петрова",
                worker="Кузнецов",
                interaction=pk,
            )
            crews.assign_ticket(ticket.pk, crew=self.cast.crew4.pk, interaction=pk)
        with acting(self.operator):
            contacts.finish_intake(pk)
        return ticket

    def _work(self) -> None:
        ticket = self.ticket.pk
        with reading(SYSTEM):
            order = self.ticket.work_orders.get().pk
        with acting(self.operator):
            tickets.comment(ticket, "Петровой не дозвониться")
            attach_file(ticket, photo("Петрова кв 42.png"))
            self.shown = TicketFile.objects.get(ticket_id=ticket).digest
        with acting(self.technician):
            crews.ask(order, "Петрова дома?")
        for name in ("accept", "go", "arrive", "contain", "done"):
            with acting(self.technician):
                crews.move(order, name, note="заменён участок стояка" if name == "done" else "")

    def _asks_again(self) -> None:
        with acting(SYSTEM):
            row, _ = arrival.receive(
                arrival.Message(channel="phone", phone=PHONE, text="когда включат отопление"),
                centre=self.cast.centre.pk,
            )
        with acting(self.operator):
            contacts.take(row.pk)
            contacts.end(row.pk, "consultation", note="Петровой сказано: 1 октября")
        came = arrival.Message(
            channel="walk_in", caller="Петрова", address="Ленина 15-42", text="звонить мужу"
        )
        with acting(SYSTEM):
            row, _ = arrival.receive(came, centre=self.cast.centre.pk)
        with acting(self.operator):
            contacts.take(row.pk)
            contacts.end(row.pk, "consultation", note="Просила позвонить мужу")

    def _of_another_house(self) -> Ticket:
        with acting(SYSTEM):
            row, _ = arrival.receive(
                arrival.Message(
                    channel="phone", phone="8 900 000-03-12", text="соседка Анна Петрова просила позвонить"
                ),
                centre=self.cast.centre.pk,
            )
        with acting(self.operator):
            contacts.take(row.pk)
            ticket = contacts.register(
                row.pk, classifier="flat.cold.riser", description="затопило, пишет Петрова А. С. из дома 15"
            )
        with acting(self.operator):
            tickets.comment(ticket.pk, "её телефон 8-900-000-15-42")
            tickets.comment(ticket.pk, "ждём слесаря")
        return ticket

    def close(self) -> None:
        """Only what is finished can be forgotten."""
        with acting(Scope(None, f"resident/{self.ticket.pk}", "system")):
            confirm_ticket(self.ticket.pk, rating=5, review="Спасибо, Анна Сергеевна")


@pytest.fixture
def story(cast: Cast) -> Story:
    made = Story(cast)
    made.close()
    return made


def erase(story: Story, staff: Staff | None = None, **whom: Any) -> Any:
    with acting(story.cast.scope(staff or story.cast.kim)):
        return erase_person(Whom(**(whom or {"phone": "8 900 000-15-42"})), basis=BASIS)


def test_nothing_of_her_is_left_anywhere(story: Story, django_capture_on_commit_callbacks: Capture) -> None:
    stood = {
        "tickets_ticket.applicant", "tickets_ticket.phone", "tickets_ticket.email", "tickets_ticket.description",
        "tickets_ticketfile.name", "contacts_interaction.caller", "contacts_interaction.text",
        "contacts_interaction.key", "crews_workorder.question", "notices_delivery.to", "notices_delivery.body",
        "places_person.name", "places_person.family_key", "places_phone.number", "places_account.holder",
        "journal_words.words",
    }  # fmt: skip
    assert stood <= set(places_of()) | {"places_person.family_key"}
    assert "places_consent.document" in places_of()
    assert files.path_of(story.shown).exists()
    with django_capture_on_commit_callbacks(execute=True):
        found = erase(story)
    assert places_of() == {}
    assert not files.path_of(story.shown).exists()
    assert (
        found.rows["согласия"]
        == found.rows["жильцы"]
        == found.rows["телефоны"]
        == found.rows["файлы"]
        == found.rows["заявки"]
        == 1
    )
    assert places_of("звонить мужу") == {}, "said at the desk: the flat and the name, no phone"
    assert found.rows["обращения"] == 3 and found.rows["письма"] >= 2
    with reading(SYSTEM):
        assert verify().is_whole


def test_what_the_law_keeps_stays(story: Story) -> None:
    with reading(SYSTEM):
        before = Ticket.objects.values("number", "address", "classifier", "state", "norms", "rating").get(
            pk=story.ticket.pk
        )
        clocks = list(story.ticket.interactions.values_list("received_at", "answered_at", "outcome"))
    erase(story)
    with reading(SYSTEM):
        after = Ticket.objects.get(pk=story.ticket.pk)
        history = journal.history(f"ticket/{story.ticket.pk}")
        assert {name: getattr(after, name) for name in before} == before
        assert list(after.interactions.values_list("received_at", "answered_at", "outcome")) == clocks
    done = next(r.fact for r in history if isinstance(r.fact, WorkDone))
    assert done.note == "заменён участок стояка", "the service's own words about its work"
    said = {r.fact.kind: r.fact for r in history}
    assert said["ServiceTold"].who == "Смирнов"
    assert said["AccessAgreed"].reason == ERASED, "they spoke of her"
    assert said["TicketConfirmed"].review == ERASED


def test_of_another_s_ticket_only_the_mention_goes(story: Story) -> None:
    erase(story)
    with reading(SYSTEM):
        other = Ticket.objects.get(pk=story.other.pk)
        said = [r.fact.text for r in journal.history(f"ticket/{other.pk}") if r.fact.kind == "CommentAdded"]
    assert other.description == f"затопило, пишет {ERASED} из дома 15"
    assert other.applicant == "Козлов Дмитрий Иванович" and other.phone == "+79000000312"
    assert said == [ERASED, "ждём слесаря"]


def test_what_is_typed_of_her_and_not_saved_goes_too(story: Story) -> None:
    """Of a neighbour's open contact the mention; of her own ended one, whatever was left there, all."""
    words = {"name": "Козлов, сосед Петровой А. С.", "phone": "8 900 000-15-42", "address": "Ленина 15"}
    with acting(story.cast.scope(story.cast.ivanova)):
        row = contacts.type_call()
        contacts.keep_typed(row.pk, words)
    with acting(SYSTEM):
        own = Ticket.objects.get(pk=story.ticket.pk).interactions.filter(outcome="ticket")
        assert own.update(typed=words) == 1
    erase(story)
    with reading(SYSTEM):
        kept = Interaction.objects.get(pk=row.pk).typed
        assert own.get().typed is None
    assert kept["name"] == f"Козлов, сосед {ERASED}" and kept["phone"] == ERASED
    assert kept["address"] == "Ленина 15"


def test_the_pages_and_the_papers_say_that_it_was_deleted(story: Story) -> None:
    erase(story)
    link = ticket_link(story.ticket.pk)
    page = browser_of(story.cast.gromova).get(f"/console/ticket/{story.ticket.number}/").content.decode()
    assert ERASED in page and BASIS in page and story.ticket.number.split("-")[1] in page
    assert "ул. Ленина, 15" in page and "Петров" not in page and "1542" not in page
    assert Client().get(link).status_code == 200
    with reading(story.cast.scope(story.cast.inspector)):
        day = clock.today()
        printed = to_csv(journal_print(day - timedelta(days=1), day, at=clock.now())).decode("utf-8-sig")
        assert ticket_pdf(story.ticket.pk, at=clock.now()).startswith(b"%PDF")
    assert ERASED in printed and "ул. Ленина, 15" in printed and "Петров" not in printed
    journal_page = browser_of(story.cast.kim).get("/journal/").content.decode()
    assert "Сведения о человеке удалены" in journal_page and "Петров" not in journal_page


def test_no_letter_goes_to_her_any_more(story: Story) -> None:
    erase(story)
    with reading(SYSTEM):
        assert not Delivery.objects.filter(
            ticket_id=story.ticket.pk, state__in=("queued", "sending")
        ).exists()
    for follower in FOLLOWERS:
        follow(follower)
    assert places_of() == {}


def test_a_file_that_another_ticket_has_too_keeps_its_bytes(
    story: Story, django_capture_on_commit_callbacks: Capture
) -> None:
    with acting(story.operator):
        attach_file(story.other.pk, photo("труба.png"))
    with django_capture_on_commit_callbacks(execute=True):
        erase(story)
    assert files.path_of(story.shown).exists()


# ── Whom, who, when ──────────────────────────────────────────────────────────────────────────


def everything() -> int:
    with reading(SYSTEM):
        return sum(hash(str(sorted(map(str, model.objects.values())))) for model in scoped_models())


def test_while_there_is_work_nothing_is_deleted(cast: Cast) -> None:
    story = Story(cast)
    before = everything()
    with pytest.raises(Conflict, match=story.ticket.number):
        erase(story)
    assert everything() == before


def test_only_an_administrator_deletes(story: Story) -> None:
    before = everything()
    for who in ("ivanova", "gromova", "orlov", "kuznetsov", "client", "inspector"):
        with pytest.raises(Forbidden):
            erase(story, getattr(story.cast, who))
    assert everything() == before


WRONG: tuple[tuple[dict[str, Any], str, type[Exception], str], ...] = (
    ({"phone": "8 900 111-22-33"}, BASIS, NotFound, "phone"),
    ({"phone": ""}, BASIS, Invalid, "phone"),
    ({"person": 999_999}, BASIS, NotFound, "person"),
    ({"phone": PHONE}, "", Invalid, "basis"),
    ({"phone": PHONE}, "заявление Петровой", Invalid, "basis"),
    ({"phone": PHONE}, "звонок с 8 900 000 15 42", Invalid, "basis"),
)


def test_a_wrong_request_deletes_nothing(story: Story) -> None:
    before = everything()
    for whom, basis, error, field in WRONG:
        with pytest.raises(error) as refused, acting(story.cast.scope(story.cast.kim)):
            erase_person(Whom(**whom), basis=basis)
        assert getattr(refused.value, "field", "") == field, basis
    assert everything() == before


def test_another_company_s_resident_is_not_there(story: Story) -> None:
    with pytest.raises(NotFound):
        erase(story, phone="+79000000001")


def test_a_phone_of_a_family_needs_one_of_them_and_stays_with_the_other(story: Story) -> None:
    with reading(SYSTEM):
        husband = Person.objects.create(
            company=story.cast.north, premises=story.cast.flat42, name="Сомов Игорь Львович"
        )
        Phone.objects.create(company=story.cast.north, person=husband, number=PHONE)
    with pytest.raises(Conflict, match="Сомов"):
        erase(story)
    found = erase(story, person=story.cast.petrova.pk)
    assert found.shared == (PHONE,)
    with reading(SYSTEM):
        assert Phone.objects.get(number=PHONE).person_id == husband.pk
    assert "places_person.name" not in places_of("[Пп]етров")


def test_a_namesake_keeps_the_name(story: Story) -> None:
    with reading(SYSTEM):
        Person.objects.create(company=story.cast.luch, name="Петрова Анна Сергеевна", premises=None)
        Account.objects.create(
            company=story.cast.luch,
            premises=story.cast.luch.buildings.get().premises.get(),
            number="77",
            holder="Петрова Анна Сергеевна",
        )
    erase(story)
    with reading(SYSTEM):
        assert Person.objects.get(name="Петрова Анна Сергеевна").company_id == story.cast.luch.pk
        assert Account.objects.get(number="77").holder == "Петрова Анна Сергеевна"
        assert not Phone.objects.filter(number=PHONE).exists()


def test_who_is_not_in_the_stock_is_found_by_the_phone(cast: Cast) -> None:
    with acting(SYSTEM):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 911 222-33-44", caller="Зуев Олег Ильич"),
            centre=cast.centre.pk,
        )
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        contacts.end(row.pk, "consultation", note="Зуеву объяснили")
    with acting(cast.scope(cast.kim)):
        found = erase_person(Whom(phone="+79112223344"), basis=BASIS)
    assert found.name == "Зуев Олег Ильич"
    assert places_of("Зуев|9112223344") == {}


def of_a_passer_by(cast: Cast) -> tuple[int, Ticket]:
    """Somebody who lives nowhere here and hides the number tells of a yard: contact and ticket."""
    came = arrival.Message(channel="phone", caller="Зуев Олег Ильич", text="Зуев: фонтан во дворе Ленина 15")
    with acting(SYSTEM):
        row, _ = arrival.receive(came, centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        contacts.note_place(row.pk, building=cast.lenina15.pk, premises=None)
        ticket = contacts.register(row.pk, classifier="flat.cold.riser", description="Зуев видел воду")
    with acting(cast.scope(cast.ivanova)):
        for step in range(4, 9):
            contacts.skip_step(row.pk, step, "прохожий положил трубку")
    with acting(cast.scope(cast.ivanova)):
        contacts.finish_intake(row.pk)
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "ложный вызов")
    return row.pk, ticket


@pytest.mark.parametrize("by", ["contact", "ticket"])
def test_who_lives_nowhere_and_left_no_phone_is_found_by_what_was_told(cast: Cast, by: str) -> None:
    contact, ticket = of_a_passer_by(cast)
    whom = Whom(
        name="Зуев Олег Ильич", **({"contact": contact} if by == "contact" else {"ticket": ticket.number})
    )
    with acting(cast.scope(cast.kim)):
        found = erase_person(whom, basis=BASIS)
    assert (found.tickets, found.interactions) == ((ticket.pk,), (contact,))
    assert places_of("Зуев|фонтан") == {}
    with reading(SYSTEM):
        assert verify().is_whole


def test_what_somebody_else_told_is_not_deleted_by_a_wrong_number(story: Story) -> None:
    passer_by = of_a_passer_by(story.cast)[1]
    before = everything()
    wrong: tuple[tuple[dict[str, Any], type[Exception], str], ...] = (
        ({"name": "Зуев Олег Ильич", "ticket": story.ticket.number}, Conflict, "person"),
        ({"name": "Жук Иван Ильич", "ticket": passer_by.number}, Invalid, "name"),
        ({"name": "", "ticket": story.ticket.number}, Invalid, "name"),
        ({"name": "Зуев Олег Ильич", "ticket": "26-99999"}, NotFound, "ticket"),
        ({"name": "Зуев Олег Ильич", "contact": 999_999}, NotFound, "contact"),
    )
    for whom, error, field in wrong:
        with pytest.raises(error) as refused, acting(story.cast.scope(story.cast.kim)):
            erase_person(Whom(**whom), basis=BASIS)
        assert getattr(refused.value, "field", "") == field, whom
    assert everything() == before


# ── The command and the act ──────────────────────────────────────────────────────────────────


@pytest.fixture
def command(story: Story, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setattr("vakhta.cli.erase.find_service", lambda: None)
    with_basis = ("--basis", BASIS, "--by", "kim@example.org")
    return lambda *words: main(["erase", *(words or ("--phone", PHONE)), *with_basis])


def test_without_yes_it_only_looks(command: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    before = everything()
    assert command() == 0
    assert "Ничего не удалено" in capsys.readouterr().out and everything() == before


def test_the_act_tells_what_was_deleted_and_is_kept_nowhere(
    command: Callable[..., int], story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = tmp_path / "акт.pdf"
    assert command("--phone", PHONE, "--yes", "--act", str(paper)) == 0
    act = capsys.readouterr().out
    assert paper.read_bytes().startswith(b"%PDF")
    assert "Петрова Анна Сергеевна" in act and BASIS in act and "Ким Ирина Олеговна" in act
    with reading(SYSTEM):
        last = journal.recorded(Entry.objects.filter(kind="PersonErased"))[0]
    assert isinstance(last.fact, PersonErased) and last.actor == f"staff/{story.cast.kim.pk}"
    assert f"Акт № {last.entry}" in act and f"№ {story.ticket.number}" in act
    assert last.fact.tickets == (story.ticket.pk,)
    assert places_of() == {}


MISTAKES = (
    (("--name", "Зуев Олег", "--ticket", "26-99999"), "--ticket: "),
    (("--ticket", "26-1"), "--name: "),
    (("--name", "Зуев Олег", "--contact", "999999"), "--contact: "),
    (("--phone", "8 900 111-22-33", "--yes"), "--phone: О таком человеке"),
    (("--phone", PHONE, "--yes", "--act", "/нет/акт.pdf"), "--act: файл"),
    (("--phone", PHONE, "--yes", "--by", "ivanova@example.org"), "нет права"),
    (("--phone", PHONE, "--yes", "--by", "nobody@example.org"), "--by: сотрудника"),
)


def test_a_mistake_of_the_command_deletes_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("vakhta.cli.erase.find_service", lambda: None)
    before = everything()
    for words, says in MISTAKES:
        by = () if "--by" in words else ("--by", "kim@example.org")
        assert main(["erase", "--basis", BASIS, *by, *words]) == 2
        assert says in capsys.readouterr().err
    assert everything() == before


def test_the_words_that_a_contact_without_a_ticket_is_found_by_go_with_it(cast: Cast) -> None:
    with acting(Scope.system("api")):
        asked = arrival.Message(channel="phone", phone=PHONE, text="Петрова про перерасчёт")
        mine, _ = arrival.receive(asked, centre=cast.centre.pk)
        about = arrival.Message(channel="email", email="a@example.org", text=f"перерасчёт просит {PHONE}")
        arrival.receive(about, centre=cast.centre.pk)
    with acting(cast.scope(cast.gromova)):
        contacts.take(mine.pk)
        contacts.end(mine.pk, "consultation", note="объяснили")
    for follower in FOLLOWERS:
        while follow(follower):
            pass
    with reading(SYSTEM):
        assert ContactWord.objects.filter(word="петров", interaction=mine.pk).exists()
    with acting(cast.scope(cast.kim)):
        erase_person(Whom(person=cast.petrova.pk), basis=BASIS)
    with reading(SYSTEM):
        words = set(ContactWord.objects.values_list("word", flat=True))
    assert not any("петр" in word or "1542" in word for word in words), words
    assert "перерасчет" in words, "the other's letter is still found"
