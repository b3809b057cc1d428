"""Acts on many tickets that somebody chose in a list: what worked stays, what was refused says why, all is undone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.crews import bulk
from vakhta.crews.models import BulkItem, BulkRun, Crew, WorkOrder
from vakhta.domain.histories import taken_back
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry, Look
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.word import return_ticket
from vakhta.web.tests.steps import browser_of, moved

RISER = "flat.cold.riser"
QUALITY = "house.cold.supply"


class Office:
    """Somebody with the list of tickets before them."""

    def __init__(self, staff: Staff) -> None:
        self.client: Client = browser_of(staff)

    def does(self, what: str, *tickets: Ticket, **said: str) -> Any:
        answer = self.begins(what, *tickets, **said)
        return self.goes_on(answer) if answer.status_code == 302 else answer

    def begins(self, what: str, *tickets: Ticket, **said: str) -> Any:
        """As the page sends it: each ticket with the version that it was drawn with."""
        with reading(Scope.system("test")):
            seen = dict(Ticket.objects.values_list("pk", "version"))
        said = {name.replace("_text", "-text"): value for name, value in said.items()}
        return self.sends(what, [f"{row.pk}/{seen[row.pk]}" for row in tickets], **said)

    def sends(self, what: str, chosen: list[str], **said: str) -> Any:
        return self.client.post(f"/tickets/bulk/{what}/", {"ticket": chosen, **said})

    def page(self, answer: Any) -> str:
        assert answer.status_code == 302, answer.content.decode()
        return self.client.get(answer["Location"]).content.decode()

    def undoes(self, answer: Any) -> str:
        return self.page(self.goes_on(self.client.post(f"{answer['Location']}undo/")))

    def goes_on(self, answer: Any) -> Any:
        """As the page does by itself: a slow machine needs several answers for a few tickets."""
        while f'hx-post="{answer["Location"]}go/"' in self.page(answer):
            self.client.post(f"{answer['Location']}go/")
        return answer


@pytest.fixture
def three(cast: Cast) -> list[Ticket]:
    return [made(cast) for _n in range(3)]


def made(cast: Cast, code: str = RISER) -> Ticket:
    with acting(Scope.system("api")):
        row, _new = arrival.receive(
            arrival.Message(channel="phone", address="ленина 15", text="течёт"), centre=cast.centre.pk
        )
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        return contacts.register(row.pk, classifier=code, description="течёт стояк", is_outside=True)


def states(*tickets: Ticket) -> list[str]:
    with reading(Scope.system("test")):
        found = dict(Ticket.objects.values_list("pk", "state"))
    return [found[row.pk] for row in tickets]


def held_by(ticket: Ticket) -> str:
    with reading(Scope.system("test")):
        row = WorkOrder.objects.filter(ticket=ticket, state__in=WorkOrder.OPEN).first()
        return row.crew.name if row else ""


def kinds(ticket: Ticket) -> list[str]:
    """What holds of a ticket's history."""
    with reading(Scope.system("test")):
        history = journal.history(f"ticket/{ticket.pk}")
    gone = taken_back(history)
    return [r.fact.kind for r in history if r.entry not in gone]


def items() -> list[tuple[str, str]]:
    with reading(Scope.system("test")):
        return list(BulkItem.objects.order_by("pk").values_list("state", "message"))


@pytest.fixture
def crew7(cast: Cast) -> Crew:
    with reading(Scope.system("test")):
        made: Crew = Crew.objects.create(company=cast.centre, number=7, name="бригада 7", skills=["plumber"])
    return made


# ── Each act and its undo ────────────────────────────────────────────────────────────────────


def test_three_are_handed_over_and_taken_back_again(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.ivanova)
    answer = office.does("assign", *three, crew=str(cast.crew4.pk))
    text = office.page(answer)
    assert "Сделано: 3 из 3" in text and "бригада 4" in text and 'data-key="Ctrl+Z"' in text
    assert states(*three) == ["assigned"] * 3
    assert [kinds(row).count("HandedOver") for row in three] == [1, 1, 1]
    assert "Отменено: 3 из 3" in office.undoes(answer)
    assert states(*three) == ["registered"] * 3 and [held_by(row) for row in three] == [""] * 3
    assert [kinds(row).count("HandedOver") for row in three] == [0, 0, 0]


def test_an_undone_hand_over_gives_the_order_to_whom_it_was_taken_from(
    cast: Cast, three: list[Ticket], crew7: Crew
) -> None:
    office = Office(cast.ivanova)
    office.does("assign", three[0], crew=str(cast.crew4.pk))
    answer = office.does("assign", *three, crew=str(crew7.pk))
    assert [held_by(row) for row in three] == ["бригада 7"] * 3
    office.undoes(answer)
    assert [held_by(row) for row in three] == ["бригада 4", "", ""]


def test_a_crew_is_taken_off_and_put_back(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.orlov)
    office.does("assign", *three[:2], crew=str(cast.crew4.pk))
    answer = office.does("take-back", *three)
    assert "Сделано: 2 из 3" in office.page(answer) and "забирать не у кого" in office.page(answer)
    assert states(*three) == ["registered"] * 3
    assert kinds(three[0])[-1] == "WorkWithdrawn"
    office.undoes(answer)
    assert [held_by(row) for row in three] == ["бригада 4", "бригада 4", ""]
    assert states(*three) == ["assigned", "assigned", "registered"]


def test_those_that_are_on_their_way_are_turned_round_for_a_reason(
    cast: Cast, three: list[Ticket], crew7: Crew
) -> None:
    office = Office(cast.ivanova)
    office.does("assign", *three, crew=str(cast.crew4.pk))
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get(ticket=three[0])
    moved(cast, order, "accept", "go")
    text = office.page(office.does("assign", *three, crew=str(crew7.pk)))
    assert "Сделано: 2 из 3" in text and "По наряду уже работают (в пути). Напишите, почему" in text
    office.does("assign", three[0], crew=str(crew7.pk), assign_text="бригада 4 нужна у лифта")
    assert [held_by(row) for row in three] == ["бригада 7"] * 3


def test_a_returned_ticket_is_returned_again_when_its_crew_is_taken_off(
    cast: Cast, three: list[Ticket]
) -> None:
    office, row = Office(cast.ivanova), three[0]
    office.does("assign", row, crew=str(cast.crew4.pk))
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get(ticket=row)
    moved(cast, order, "accept", "go", "arrive", "contain", "done")
    with acting(Scope.system("cabinet")):
        return_ticket(row.pk, review="снова")
    office.does("assign", row, crew=str(cast.crew4.pk))
    office.does("take-back", row)
    assert states(row) == ["returned"]


def test_a_comment_on_all_and_its_undo(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.ivanova)
    answer = office.does("comment", *three, comment_text="ждём насос")
    assert [kinds(row)[-1] for row in three] == ["CommentAdded"] * 3
    office.undoes(answer)
    assert ["CommentAdded" in kinds(row) for row in three] == [False] * 3
    assert "ждём насос" in office.client.get(f"/console/ticket/{three[0].number}/").content.decode()


def test_a_senior_voids_and_opens_again(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.gromova)
    answer = office.does("void", *three, void_text="проверка связи")
    assert states(*three) == ["voided"] * 3
    office.undoes(answer)
    assert states(*three) == ["registered"] * 3


def test_an_act_is_told_by_its_own_fields_alone(cast: Cast, three: list[Ticket]) -> None:
    """The page sends what stands in the forms of all acts: a crew and a reason chosen there by themselves."""
    office = Office(cast.gromova)
    others = {
        "crew": str(cast.crew4.pk),
        "why": "agreed",
        "until": "31.02.2026 99:99",
        "pause_text": "после обеда",
    }
    answer = office.does("void", *three, void_text="массовая проверка", **others)
    assert states(*three) == ["voided"] * 3, "what is wrong in another act's form is no matter of this one"
    told = re.search(r'class="office-lead">([^<]*)<', office.page(answer))
    assert told is not None and told[1] == "массовая проверка"
    with reading(Scope.system("test")):
        run = BulkRun.objects.get()
    assert (run.crew_id, run.why, run.until) == (None, "", None)


def test_a_term_stands_where_its_norm_allows_it_and_goes_on_as_if_it_never_stood(
    cast: Cast, three: list[Ticket]
) -> None:
    office, quality = Office(cast.ivanova), made(cast, QUALITY)
    until = f"{clock.now() + timedelta(days=2):%d.%m.%Y} 12:00"
    with reading(Scope.system("test")):
        before = dict(Clock.objects.values_list("pk", "due_at"))
    answer = office.does("pause", quality, three[0], why="agreed", until=until, pause_text="жилец на работе")
    text = office.page(answer)
    assert "Сделано: 1 из 2" in text and "закон разрешает приостановить" in text
    with reading(Scope.system("test")):
        later = [row.subject for row in Clock.objects.all() if row.due_at != before[row.pk]]
    assert later == [f"ticket/{quality.pk}"]
    office.undoes(answer)
    with reading(Scope.system("test")):
        assert dict(Clock.objects.values_list("pk", "due_at")) == before


def test_the_chosen_are_one_pdf(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.ivanova)
    answer = office.client.post("/tickets/bulk/tickets.pdf", {"ticket": [f"{row.pk}/1" for row in three]})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert len(re.findall(rb"/Type\s*/Page\b", answer.content)) >= 3
    with reading(Scope.system("test")):
        seen = set(Look.objects.filter(how="printed").values_list("subject", flat=True))
    assert seen == {f"ticket/{row.pk}" for row in three}


# ── What is refused ──────────────────────────────────────────────────────────────────────────


def test_what_was_refused_says_why_and_what_worked_stays(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.gromova)
    office.does("void", three[1], void_text="повтор")
    answer = office.does("void", *three, void_text="проверка связи")
    text = office.page(answer)
    assert "Сделано: 2 из 3" in text and f"/console/ticket/{three[1].number}/" in text
    assert "уже нельзя изменить" in text and states(*three) == ["voided"] * 3
    assert [state for state, _why in items()[1:]] == ["done", "refused", "done"]


def test_of_two_people_at_once_one_wins_and_the_other_is_told(
    cast: Cast, three: list[Ticket], crew7: Crew
) -> None:
    """Both chose the same three from the same list; Sidorova presses first."""
    with reading(Scope.system("test")):
        seen = [f"{row.pk}/{row.version}" for row in Ticket.objects.order_by("pk")]
    first = Office(cast.sidorova).sends("assign", seen[:2], crew=str(cast.crew4.pk))
    assert first.status_code == 302
    second = Office(cast.ivanova)
    text = second.page(second.sends("assign", seen, crew=str(crew7.pk)))
    assert "Сделано: 1 из 3" in text and text.count("изменил кто-то другой") == 2
    assert [held_by(row) for row in three] == ["бригада 4", "бригада 4", "бригада 7"]


def test_what_a_crew_has_accepted_is_not_undone_and_is_named(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.ivanova)
    answer = office.does("assign", *three, crew=str(cast.crew4.pk))
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get(ticket=three[1])
    moved(cast, order, "accept")
    text = office.undoes(answer)
    assert "Отменено: 2 из 3" in text and "Отменить нельзя" in text and "передайте заявку другим" in text
    assert states(*three) == ["registered", "accepted", "registered"]


def test_an_undo_has_its_ten_minutes(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.ivanova)
    answer = office.does("comment", *three, comment_text="ждём насос")
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        late = office.client.post(f"{answer['Location']}undo/")
        assert late.status_code == 409 and "десяти минут" in late.content.decode()
        assert "undo/" not in office.page(answer)
    assert ["CommentAdded" in kinds(row) for row in three] == [True] * 3


@pytest.mark.parametrize(
    ("what", "said", "words"),
    [
        ("assign", {"crew": ""}, "Выберите бригаду"),
        ("assign", {"crew": "999"}, "Выберите бригаду"),
        ("comment", {"comment-text": " "}, "Заполните поле «Комментарий»"),
        ("void", {"void-text": ""}, "Заполните поле «Причина»"),
        ("pause", {"why": "lunch"}, "Выберите, почему срок стоит"),
        ("pause", {"why": "agreed", "until": "завтра"}, "Дата не читается"),
    ],
)
def test_a_form_that_is_wrong_comes_back_with_what_was_chosen(
    cast: Cast, three: list[Ticket], what: str, said: dict[str, str], words: str
) -> None:
    office = Office(cast.gromova)
    answer = office.sends(what, [f"{three[0].pk}/1", f"{three[2].pk}/1"], asked="state=open", **said)
    text = answer.content.decode()
    assert answer.status_code == 422 and words in text
    assert re.findall(r'value="(\d+)/\d+" checked', text) == [str(three[2].pk), str(three[0].pk)]
    assert items() == [] and states(*three) == ["registered"] * 3


@pytest.mark.parametrize(
    ("who", "what"),
    [("ivanova", "void"), ("orlov", "void"), ("orlov", "pause"), ("client", "assign"), ("client", "take-back"),
     ("inspector", "comment"), ("inspector", "assign"), ("kim", "assign"), ("kuznetsov", "comment")],
)  # fmt: skip
def test_who_may_not_does_not(cast: Cast, three: list[Ticket], who: str, what: str) -> None:
    with reading(Scope.system("test")):
        before = Entry.objects.count()
    answer = Office(getattr(cast, who)).sends(what, [f"{three[0].pk}/1"], crew=str(cast.crew4.pk))
    assert answer.status_code == 403
    with reading(Scope.system("test")):
        assert Entry.objects.count() == before and not BulkRun.objects.exists()


def test_another_company_s_tickets_are_not_touched(cast: Cast, three: list[Ticket]) -> None:
    """Belova sees the tickets of «Северная» alone."""
    with acting(Scope.system("api")):
        row, _new = arrival.receive(arrival.Message(channel="phone", address="мира 3"), centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        luch = contacts.register(row.pk, classifier=RISER, description="течёт", is_outside=True)
    office = Office(cast.client)
    office.sends("comment", [f"{luch.pk}/1", f"{three[0].pk}/1"], **{"comment-text": "видели"})
    assert "CommentAdded" not in kinds(luch) and "CommentAdded" in kinds(three[0])
    assert office.sends("comment", [f"{luch.pk}/1"], **{"comment-text": "видели"}).status_code == 404


def test_a_run_is_its_person_s_own(cast: Cast, three: list[Ticket]) -> None:
    answer = Office(cast.ivanova).does("comment", *three, comment_text="ждём насос")
    other = Office(cast.sidorova).client
    for path in ("", "go/", "undo/", "stop/", "resume/"):
        ask = other.post if path else other.get
        assert ask(f"{answer['Location']}{path}").status_code == 404
    assert ["CommentAdded" in kinds(row) for row in three] == [True] * 3


# ── Many ─────────────────────────────────────────────────────────────────────────────────────


def test_all_that_were_asked_for_are_chosen(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.gromova)
    office.does("void", three[0], void_text="повтор")
    assert "все 2 по этому отбору" in office.client.get("/tickets/count/?state=open").content.decode()
    office.sends("comment", [], all="yes", asked="state=open", **{"comment-text": "ждём насос"})
    assert ["CommentAdded" in kinds(row) for row in three] == [False, True, True]


def test_more_than_one_act_may_have_is_refused(
    cast: Cast, three: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("vakhta.crews.bulk.MOST", "vakhta.web.lists.views.MOST"):
        monkeypatch.setattr(place, 2)
    office = Office(cast.ivanova)
    assert "По отбору больше 2" in office.client.get("/tickets/count/").content.decode()
    answer = office.sends("comment", [], all="yes", **{"comment-text": "ждём"})
    assert answer.status_code == 422 and "не больше 2 заявок" in answer.content.decode()
    assert items() == []


def test_a_long_one_goes_on_in_parts_and_can_be_stopped(
    cast: Cast, three: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk.go_on, "__kwdefaults__", {"for_so_long": 0})
    office = Office(cast.ivanova)
    answer = office.begins("comment", *three, comment_text="ждём насос")
    text = office.page(answer)
    assert "1 / 3" in text and f'hx-post="{answer["Location"]}go/"' in text
    stopped = office.page(office.client.post(f"{answer['Location']}stop/"))
    assert "Сделано: 1 из 3" in stopped and "Не тронуто: 2" in stopped and "Продолжить" in stopped
    office.client.post(f"{answer['Location']}go/")
    assert [state for state, _why in items()] == ["done", "waiting", "waiting"]
    office.client.post(f"{answer['Location']}resume/")
    part = office.client.post(f"{answer['Location']}go/", headers={"HX-Request": "true"}).content.decode()
    assert "2 / 3" in part and "<!doctype" not in part
    assert "Сделано: 3 из 3" in office.page(office.client.post(f"{answer['Location']}go/"))
    assert office.client.post(f"{answer['Location']}go/").status_code == 302


def test_a_stopped_one_is_undone_as_far_as_it_went(
    cast: Cast, three: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk.go_on, "__kwdefaults__", {"for_so_long": 0})
    office = Office(cast.ivanova)
    answer = office.begins("comment", *three, comment_text="ждём насос")
    office.client.post(f"{answer['Location']}stop/")
    assert "Отменено: 1 из 1" in office.undoes(answer)
    assert [state for state, _why in items()] == ["undone", "waiting", "waiting"]


def test_yesterday_s_runs_are_forgotten(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.ivanova)
    office.does("comment", three[0], comment_text="ждём насос")
    with time_machine.travel(clock.now() + timedelta(days=2)):
        office = Office(cast.ivanova)
        office.does("comment", three[1], comment_text="ждём насос")
    with reading(Scope.system("test")):
        assert BulkRun.objects.count() == 1


def test_a_crew_s_question_is_answered_by_the_comment(cast: Cast, three: list[Ticket]) -> None:
    office = Office(cast.ivanova)
    office.does("assign", three[0], crew=str(cast.crew4.pk))
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get(ticket=three[0])
    with acting(cast.scope(cast.kuznetsov)):
        crews.ask(order.pk, "какой подъезд?")
    office.does("comment", three[0], comment_text="второй")
    with reading(Scope.system("test")):
        assert WorkOrder.objects.get(pk=order.pk).question == ""
