"""The simulator's own parts: forms of pages, the pace, the door with its keys, the comparison."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
from argparse import ArgumentParser
from html import escape
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from vakhta.cli import demo, simulate
from vakhta.cli.main import Mistake, main
from vakhta.cli.simulation import play
from vakhta.cli.simulation.door import Door, body_of
from vakhta.cli.simulation.hands import (
    LAST_STEP,
    NoAnswer,
    NotPossible,
    Operator,
    Seat,
    Technician,
    entry_of,
    seats,
)
from vakhta.cli.simulation.ledger import Ledger, Told, compare, summary
from vakhta.cli.simulation.memory import Watch, of_tree
from vakhta.cli.simulation.pace import LATE, LONGEST_GAP, STEPS, Pace, endless_days, minutes_before, one_day
from vakhta.cli.simulation.pages import any_number, form_to, forms_of, told_number
from vakhta.cli.simulation.play import Phone, Play, Waiting
from vakhta.demo.calls import ScriptedContact, calls
from vakhta.demo.phrases import DONE, words_of_done
from vakhta.domain.classifier import ENTRIES, SKILLS

PAGE = """
<body hx-headers='{&quot;X-CSRFToken&quot;: &quot;secret&quot;}'>
<form method="post" action="/console/contact/5/step/8/"><input type="hidden" name="csrfmiddlewaretoken" value="secret">
<label><input type="radio" name="crew" value="3"><b>Сантехники, север</b></label>
<label><input type="radio" name="crew" value="4" checked> Аварийная</label>
<input type="checkbox" name="urgent" value="1"><input type="checkbox" name="service" value="gas" checked>
<input type="checkbox" name="service" value="fire" checked>
<select name="how"><option value="phone">по телефону</option><option value="email" selected>письмом</option></select>
<select name="route"><option value="a">А</option><option value="b">Б</option></select>
<textarea name="note">
Первая строка
вторая &amp; третья</textarea><input type="file" name="photo"><input name="off" value="x" disabled>
<button>Передать</button></form>
<form action="/console/contact/5/skip/8/"><input name="reason"></form>
<span class="number">№&nbsp;26-104</span> <span class="number number-large">№&nbsp;26-204&nbsp;337</span>
"""


def contact(key: str = "1", **said: Any) -> ScriptedContact:
    known: dict[str, Any] = {
        "key": key, "offset": 0.0, "channel": "phone", "phone": "+79480100001", "caller": "", "email": "",
        "address": "", "building": "Ленина 15", "premises": "42", "text": "течёт стояк", "outcome": "ticket",
        "classifier": "flat.cold.riser",
    }  # fmt: skip
    return ScriptedContact(**{**known, **said})


# ── Pages ────────────────────────────────────────────────────────────────────────────────────


def test_a_form_is_sent_as_a_browser_would_send_it() -> None:
    form = form_to(PAGE, r"/step/8/")
    assert form is not None
    assert form.filled(note="слово") == {
        "csrfmiddlewaretoken": "secret",
        "crew": "4",
        "service": ["gas", "fire"],
        "how": "email",
        "route": "a",
        "note": "слово",
    }
    assert form.chosen("note") == "Первая строка\nвторая & третья"


def test_choices_know_their_words() -> None:
    form = forms_of(PAGE)[0]
    assert [(c.value, c.words.strip()) for c in form.choices["crew"]] == [
        ("3", "Сантехники, север"),
        ("4", "Аварийная"),
    ]
    assert form.choices["how"][1].words == "письмом"


def test_a_form_that_is_not_there() -> None:
    assert form_to(PAGE, r"/register/") is None
    assert forms_of("") == []
    assert forms_of('<template data-moves><form action="/field/1/go/"></form></template>') == [], "not shown"


def test_the_number_that_is_told_is_the_large_one() -> None:
    assert told_number(PAGE) == "26-204337"
    assert any_number(PAGE) == "26-104"
    assert told_number("<p>№ 26-1</p>") == ""


# ── Pace ─────────────────────────────────────────────────────────────────────────────────────


def test_the_day_begins_at_its_first_hour_and_ends_with_the_night_before_it() -> None:
    pace = Pace(speed=60, first_hour=9)
    assert pace.delay(9 * 3600) == 0
    assert pace.delay(10 * 3600) == 60
    assert pace.delay(8 * 3600) == 23 * 60
    assert pace.real(120) == 2


def test_one_day_has_every_contact_in_the_order_of_the_play() -> None:
    timed = one_day(1, "ordinary", 200, Pace(speed=60, first_hour=9))
    delays = [delay for delay, _ in timed]
    assert len(timed) == 200 and delays == sorted(delays) and delays[-1] < 24 * 60
    assert timed[0][1].offset >= 9 * 3600 > timed[-1][1].offset


def test_the_endless_day_never_lets_a_visitor_wait() -> None:
    timed = list(islice(endless_days(1, "ordinary", 100, Pace(speed=16, first_hour=9)), 400))
    delays = [0.0, *(delay for delay, _ in timed)]
    assert all(0 <= after - before <= LONGEST_GAP for before, after in pairwise(delays))
    assert len({contact.key for _, contact in timed}) == 400
    by_key = {contact.key: contact for _, contact in timed}
    followers = [contact for _, contact in timed if contact.repeat_of in by_key]
    assert followers and all(by_key[c.repeat_of].building == c.building for c in followers)


def test_some_technicians_answer_late() -> None:
    random = Random(1)
    waits = [minutes_before("accept", random) for _ in range(2000)]
    late = sum(1 for wait in waits if wait > STEPS["accept"][1])
    assert 0.5 * LATE < late / len(waits) < 1.5 * LATE
    assert all(STEPS["done"][0] <= minutes_before("done", random) <= STEPS["done"][1] for _ in range(200))


def test_operators_take_contacts_when_their_moment_has_come() -> None:
    waiting, stop = Waiting(), Event()
    waiting.put(2.0, contact("late"), 2)
    waiting.put(1.0, contact("early"), 1)
    waiting.close()
    taken = [waiting.take(stop), waiting.take(stop), waiting.take(stop)]
    assert taken == [(contact("early"), 1), (contact("late"), 2), None]


def test_a_stopped_play_hands_nothing_over_though_it_is_behind_the_day() -> None:
    service, ledger, stop = Service(), Ledger(), Event()
    day = play.Play(play.Plan(Pace(60.0), 1), door(service, ledger), ledger, httpx.Client, stop)
    stop.set()
    day._call(contact(), False, 0.0)
    assert ledger.contacts == {} and ledger.unanswered == []


def test_operators_who_leave_take_no_more() -> None:
    waiting = Waiting()
    waiting.put(0, contact("1"), 1)
    waiting.put(0, contact("2"), 2)
    waiting.close()
    assert waiting.take(Event()) is not None
    waiting.drop()
    assert waiting.take(Event()) is None


def test_a_stopped_play_gives_nothing_out() -> None:
    waiting, stop = Waiting(), Event()
    waiting.put(0.0, contact(), 1)
    stop.set()
    assert waiting.take(stop) is None


# ── The door ─────────────────────────────────────────────────────────────────────────────────


class Service:
    """An API that loses answers: the request is taken and the line breaks."""

    def __init__(self, *, lost: int = 0, status: int = 201) -> None:
        self.lost, self.status = lost, status
        self.held: dict[str, int] = {}
        self.bodies: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            pk = int(request.url.path.rpartition("/")[2])
            known = pk in self.held.values()
            return httpx.Response(200, json={"id": pk}) if known else httpx.Response(404, json={})
        if self.status >= 400:
            return httpx.Response(self.status, json={"message": "нет"})
        self.bodies.append(json.loads(request.content))
        key = request.headers["Idempotency-Key"]
        is_new = key not in self.held
        self.held.setdefault(key, len(self.held) + 1)
        if self.lost:
            self.lost -= 1
            raise httpx.ReadError("оборвалось")
        return httpx.Response(201 if is_new else 200, json={"id": self.held[key]})


def door(service: Service, ledger: Ledger) -> Door:
    client = httpx.Client(base_url="http://service.example", transport=httpx.MockTransport(service))
    return Door(client, ledger, "run", wait=lambda seconds: False)


def test_a_lost_answer_is_asked_for_again_with_the_same_key() -> None:
    service, ledger = Service(lost=3), Ledger()
    assert door(service, ledger).hand_over(contact("7")) == 1
    assert len(service.held) == 1 and len(service.bodies) == 4
    assert ledger.contacts["7"] == Told("7", 1, "phone", "течёт стояк")


def test_a_refusal_is_counted_and_not_accepted() -> None:
    ledger = Ledger()
    assert door(Service(status=422), ledger).hand_over(contact()) is None
    assert not ledger.contacts and ledger.refusals == {"API 422": 1}


def test_only_what_a_caller_would_say_is_sent() -> None:
    assert body_of(contact()) == {"channel": "phone", "phone": "+79480100001", "text": "течёт стояк"}
    assert body_of(contact(is_emergency=True, channel="lift"))["emergency"] is True
    for scripted in calls(1, "storm", 300):
        body = body_of(scripted)
        assert not {"outcome", "classifier", "group", "building"} & set(body)
        assert all(body.values())


def test_what_is_not_held_is_none() -> None:
    service, ledger = Service(), Ledger()
    its = door(service, ledger)
    its.hand_over(contact())
    assert its.contact(1) == {"id": 1}
    assert its.contact(99) is None


# ── The comparison ───────────────────────────────────────────────────────────────────────────


def told(**said: Any) -> Ledger:
    ledger = Ledger()
    ledger.accepted("1", 10, "phone", "Течёт кран")
    for name, value in said.items():
        {"outcome": ledger.ended, "ticket": ledger.numbered}[name]("1", value)
    return ledger


def held(**said: Any) -> dict[str, Any]:
    told_so = {"channel": "phone", "text": "Течёт кран"}
    return {"state": "ended", "outcome": "ticket", "ticket": "26-1", "done_at": None, **told_so, **said}


@pytest.mark.parametrize(
    ("ledger", "of_contact", "of_ticket", "differences"),
    [
        (told(), held(state="queued", outcome="", ticket=""), None, 0),
        (told(outcome="ticket", ticket="26-1"), held(), held(state="assigned"), 0),
        (told(outcome="consultation"), held(outcome="consultation", ticket=""), None, 0),
        (told(), held(text=""), None, 1),
        (told(), held(text=None, channel="web"), None, 2),
        (told(), None, None, 1),
        (told(outcome="ticket"), held(state="taken", outcome=""), None, 1),
        (told(outcome="consultation"), held(outcome="silence"), None, 1),
        (told(ticket="26-1"), held(ticket="26-2"), held(), 1),
        (told(ticket="26-1"), held(), None, 1),
        (told(outcome="ticket", ticket="26-1"), None, None, 2),
    ],
)
def test_every_difference_is_found(ledger: Ledger, of_contact: Any, of_ticket: Any, differences: int) -> None:
    found = compare(ledger, lambda pk: of_contact, lambda number: of_ticket)
    assert len(found) == differences
    assert ("Расхождений" in summary(ledger, found)) == bool(differences)


def test_the_end_tells_how_fast_the_service_was_and_what_memory_it_took() -> None:
    ledger = told(outcome="ticket")
    ledger.times["приём обращения"] = [0.010] * 90 + [0.200] * 10
    said = summary(ledger, [], memory=[500.2, 620.0, 580.0])
    assert "Приём обращения: половина ответов за 10 мс, 95 из 100 за 200 мс, всего 100." in said
    assert "Память службы: вначале 500 МБ, больше всего 620, в конце 580." in said
    assert "Страница" not in said, "nobody worked at one"


def test_an_answer_is_timed_whole_and_by_its_kind() -> None:
    ledger = Ledger()
    answers = httpx.MockTransport(lambda request: httpx.Response(200, content=iter([b"{}"])))
    with httpx.Client(
        transport=answers, base_url="http://вахта", event_hooks={"response": [ledger.timed]}
    ) as client:
        client.post("/api/v1/interactions", json={})
        client.get("/api/v1/interactions/1")
        client.get("/console/")
    assert [len(times) for times in ledger.times.values()] == [1, 2]


def process(folder: Path, pid: int, parent: int, pss: int | None) -> None:
    own = folder / str(pid)
    own.mkdir()
    (own / "stat").write_text(f"{pid} (a (strange) name) S {parent} 1 1")
    if pss is not None:
        (own / "smaps_rollup").write_text(f"Rss: 999999 kB\nPss:   {pss} kB\n")


def test_the_memory_of_a_service_is_that_of_all_its_parts(tmp_path: Path) -> None:
    for pid, parent, pss in ((10, 1, 1024), (11, 10, 2048), (12, 11, 1024), (13, 10, None), (20, 1, 9999)):
        process(tmp_path, pid, parent, pss)
    assert of_tree(10, tmp_path) == 4.0
    assert of_tree(13, tmp_path) is None, "somebody else's: its memory is not told"
    assert of_tree(99, tmp_path) is None


def test_the_memory_is_looked_at_while_the_play_goes_on() -> None:
    with Watch(os.getpid()) as memory:
        pass
    assert memory.sizes and memory.sizes[0] > 1
    with Watch(None) as nobody_s:
        pass
    assert nobody_s.sizes == []


def test_two_keys_must_not_share_a_contact() -> None:
    ledger = Ledger()
    ledger.accepted("1", 10, "phone", "Течёт кран")
    ledger.accepted("2", 10, "phone", "Течёт кран")
    assert len(compare(ledger, lambda pk: held(), lambda number: held())) == 1


def test_one_key_must_not_become_two_contacts() -> None:
    ledger = Ledger()
    ledger.accepted("1", 10, "phone", "Течёт кран")
    ledger.accepted("1", 11, "phone", "Течёт кран")
    assert [str(d) for d in compare(ledger, lambda pk: held(), lambda number: held())] == [
        "ключ 1: сказано «обращение 10», в системе «обращение 11»"
    ]


@pytest.mark.parametrize(
    ("state", "done_at", "differences"),
    [
        ("done", "2026-11-24T10:00:00Z", 0),
        ("closed", None, 0),
        ("registered", "2026-11-24T10:00:00Z", 0),
        ("on_site", None, 1),
    ],
)
def test_done_that_was_accepted_is_held(state: str, done_at: str | None, differences: int) -> None:
    """A ticket that came back is open again and keeps the moment when it was done."""
    ledger = Ledger()
    ledger.worked("done", "26-1")
    assert (
        len(compare(ledger, lambda pk: None, lambda number: held(state=state, done_at=done_at)))
        == differences
    )


def test_what_was_never_answered_is_no_difference() -> None:
    ledger = Ledger()
    ledger.lost("5")
    assert compare(ledger, lambda pk: None, lambda number: None) == []
    assert "без ответа осталось: 1" in summary(ledger, [])


# ── Hands ────────────────────────────────────────────────────────────────────────────────────


def step_page(number: int, extra: str = "") -> str:
    return (
        f'<form action="/console/contact/5/step/{number}/"><input type="hidden" name="csrfmiddlewaretoken" value="t">'
        f"{extra}</form>"
    )


class Console:
    """Answers like the console: the next step after each one. Keeps what was sent."""

    def __init__(self, *, taken: bool = False, crews: bool = True) -> None:
        self.taken, self.crews, self.sent = taken, crews, list[tuple[str, str]]()
        self._page, self._lost = "", 0

    def lose_answer(self, number: int) -> None:
        """The answer to the n-th change from now is lost, the change is not."""
        self._lost = len(self.sent) + number

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, body = request.url.path, request.content.decode()
        if path.startswith("/console/contact/") and request.method == "GET":
            return httpx.Response(302, headers={"location": "/console/?contact=5"})
        if request.method == "GET":
            return httpx.Response(200, text=self._page)
        self.sent.append((path, body))
        if path.endswith("/take/") and self.taken:
            return httpx.Response(409)
        self.taken = self.taken or path.endswith(f"/step/{LAST_STEP}/")
        self._page = self._after(path)
        if len(self.sent) == self._lost:
            raise httpx.ReadError("оборвалось")
        return httpx.Response(200, text=self._page)

    def _after(self, path: str) -> str:
        if path.endswith("/take/"):
            return FIRST + ENDINGS
        if path.endswith("/register/"):
            return LARGE + step_page(3)
        last = path.rstrip("/").rpartition("/")[2]
        number = int(last) if last.isdigit() else LAST_STEP
        crew = '<input type="radio" name="crew" value="4">' if self.crews else ""
        return step_page(number + 1, crew if number == 7 else "") if number < LAST_STEP else "<p>Очередь</p>"


FIRST = '<form action="/console/contact/5/register/"><textarea name="description"></textarea></form>'
LARGE = '<span class="number number-large">№&nbsp;26-204&nbsp;337</span>'
ENDINGS = """<form action="/console/contact/5/end/addition/"><label><input type="radio" name="choice" value="88">
№ 26-204&nbsp;337 · ХВС</label><input name="note"></form>"""


def operator(console: Console, ledger: Ledger) -> Operator:
    ledger.accepted("1", 5, "phone", "Течёт кран")
    return Operator(httpx.Client(base_url="http://c.example", transport=httpx.MockTransport(console)), ledger)


def test_an_operator_walks_the_nine_steps() -> None:
    console, ledger = Console(), Ledger()
    operator(console, ledger).answer(contact(), 5, "")
    paths = [path.removeprefix("/console/contact/5/") for path, _ in console.sent]
    assert paths == ["take/", "register/", *[f"step/{n}/" for n in range(3, 10)]]
    assert "crew=4" in console.sent[7][1]
    assert ledger.contacts["1"] == Told("1", 5, "phone", "Течёт кран", outcome="ticket", ticket="26-204337")


def test_without_a_crew_the_step_is_skipped_with_a_reason() -> None:
    console, ledger = Console(crews=False), Ledger()
    operator(console, ledger).answer(contact(), 5, "")
    assert ("/console/contact/5/skip/8/") in [path for path, _ in console.sent]
    assert ledger.contacts["1"].outcome == "ticket"


@pytest.mark.parametrize("lost_at", range(1, 9))
def test_an_intake_whose_answer_was_lost_goes_on_where_the_page_is(lost_at: int) -> None:
    """The change was made and the line broke: nothing is done twice."""
    console, ledger = Console(), Ledger()
    person = operator(console, ledger)
    console.lose_answer(lost_at)
    with pytest.raises(NoAnswer):
        person.answer(contact(), 5, "")
    person.answer(contact(), 5, "", again=True)
    paths = [path.removeprefix("/console/contact/5/") for path, _ in console.sent]
    assert paths == ["take/", "register/", *[f"step/{n}/" for n in range(3, 10)]]
    assert ledger.contacts["1"].outcome == "ticket"


def test_a_contact_that_was_not_taken_yet_is_taken_at_the_second_look() -> None:
    """The request itself was lost; the card of a waiting contact shows its endings to everybody."""
    console, ledger = Console(), Ledger()
    console._page = ENDINGS
    operator(console, ledger).answer(contact(outcome="consultation"), 5, "", again=True)
    paths = [path.removeprefix("/console/contact/5/") for path, _ in console.sent]
    assert paths == ["take/", "end/consultation/"] and ledger.contacts["1"].outcome == "consultation"


def test_an_intake_that_was_ended_is_not_begun_anew() -> None:
    """The answer to the last step was lost: the contact is no longer to be taken."""
    console, ledger = Console(), Ledger()
    person = operator(console, ledger)
    console.lose_answer(9)
    with pytest.raises(NoAnswer):
        person.answer(contact(), 5, "")
    with pytest.raises(NotPossible, match="take 409"):
        person.answer(contact(), 5, "", again=True)
    assert ledger.contacts["1"] == Told("1", 5, "phone", "Течёт кран", ticket="26-204337")


def test_a_service_that_says_later_is_asked_again() -> None:
    client = httpx.Client(
        base_url="http://c.example", transport=httpx.MockTransport(lambda request: httpx.Response(503))
    )
    with pytest.raises(NoAnswer, match="take 503"):
        Operator(client, Ledger()).answer(contact(), 5, "")


def test_a_contact_that_somebody_else_took_is_left_alone() -> None:
    console, ledger = Console(taken=True), Ledger()
    with pytest.raises(NotPossible, match="take 409"):
        operator(console, ledger).answer(contact(), 5, "")
    assert len(console.sent) == 1 and ledger.contacts["1"].outcome == ""


def test_a_repeated_call_joins_the_ticket_that_it_is_about() -> None:
    console, ledger = Console(), Ledger()
    operator(console, ledger).answer(contact(outcome="addition", repeat_of="0"), 5, "26-204337")
    path, body = console.sent[1]
    assert path.endswith("/end/addition/") and "choice=88" in body
    assert ledger.contacts["1"].outcome == "addition"


def test_a_repeated_call_about_no_ticket_becomes_a_consultation() -> None:
    console, ledger = Console(), Ledger()
    operator(console, ledger).answer(contact(outcome="addition", repeat_of="0"), 5, "")
    assert console.sent[1][0].endswith("/end/consultation/")
    assert ledger.contacts["1"].outcome == "consultation"


def test_a_redirected_call_names_the_service() -> None:
    console, ledger = Console(), Ledger()
    operator(console, ledger).answer(contact(outcome="redirected", service="gas_service"), 5, "")
    assert "choice=gas_service" in console.sent[1][1]


def test_a_technician_makes_the_move_that_the_page_offers() -> None:
    sent = []

    def phone(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent.append((request.url.path, request.content.decode()))
            return httpx.Response(302, headers={"location": "/field/17/?said=done"})
        if request.url.path == "/field/":
            return httpx.Response(200, text='<a href="/field/17/">наряд</a><a href="/field/17/">ещё</a>')
        form = '<form action="/field/17/{0}/"><input type="hidden" name="key" value="k"><textarea name="note"></textarea></form>'
        return httpx.Response(200, text=form.format("refuse") + form.format("done") + LARGE)

    ledger = Ledger()
    technician = Technician(
        httpx.Client(base_url="http://f.example", transport=httpx.MockTransport(phone)), ledger
    )
    assert technician.jobs() == [17]
    offered = technician.next_move(17)
    assert offered is not None and offered[0] == "done"
    technician.make(*offered, Random(1))
    assert sent[0][0] == "/field/17/done/" and "key=k" in sent[0][1] and "note=" in sent[0][1]
    assert ledger.done == {"26-204337"}


def test_work_is_told_to_be_done_in_the_words_of_its_trade() -> None:
    """A lawyer's request is not cleared with a cable, and a riser is not answered by post."""
    random, said = (
        Random(1),
        {code: entry_of(f"<h2>{escape(entry.title)}</h2>") for code, entry in ENTRIES.items()},
    )
    for code, found in said.items():
        assert found is not None and found.code == code
    assert set(DONE) == {*SKILLS, "sewer", "heating"}
    for entry in ENTRIES.values():
        words = words_of_done(entry, random)
        assert ("Прочистил" in words or "Засор" in words) <= ("sewer" in entry.code), (entry.code, words)
        assert (words in DONE["office"]) == (entry.skill == "office"), (entry.code, words)


def test_everybody_whom_the_demo_lets_in() -> None:
    html = '<form action="/demo/as/8/"><button><b>Исполнитель</b><span>Зуев</span></button></form>'
    client = httpx.Client(
        base_url="http://d.example",
        transport=httpx.MockTransport(lambda request: httpx.Response(200, text=html)),
    )
    assert seats(client) == [Seat("Исполнитель", "/demo/as/8/")]


def test_who_waits_for_the_service_says_so_at_once_and_once(capsys: pytest.CaptureFixture[str]) -> None:
    refusals = [httpx.ConnectError("refused"), httpx.ConnectError("refused")]

    def answer(_: httpx.Request) -> httpx.Response:
        if refusals:
            raise refusals.pop()
        return httpx.Response(200, json={"openapi": "3.1.0"})

    class AtOnce(Event):
        def wait(self, timeout: float | None = None) -> bool:
            return False

    with httpx.Client(base_url="http://service", transport=httpx.MockTransport(answer)) as client:
        simulate._wait_until_open(client, AtOnce())
    assert capsys.readouterr().err == "Жду, когда откроется http://service: до 90 с.\n"


def service(status: int, text: str = "") -> httpx.Client:
    return httpx.Client(
        base_url="http://service", transport=httpx.MockTransport(lambda _: httpx.Response(status, text=text))
    )


@pytest.mark.parametrize(("status", "text"), [(404, "not found"), (200, "<html>"), (302, "")])
def test_another_service_at_the_address_is_said_at_once(status: int, text: str) -> None:
    with service(status, text) as client, pytest.raises(Mistake, match="отвечает не Вахта"):
        simulate._wait_until_open(client, Event())


def test_a_wrong_key_is_said_at_once() -> None:
    with service(401) as client, pytest.raises(Mistake, match="--token-file"):
        simulate._check_key(client)


def test_a_day_of_which_nothing_was_accepted_proves_nothing() -> None:
    ledger = Ledger()
    ledger.refused("API 404")
    assert "сверять нечего" in summary(ledger, [])
    assert verdict(ledger, 404) == 1


def verdict(ledger: Ledger, status: int, *, state: str = "ended", is_alone: bool = False) -> int:
    body = json.dumps(held(state=state, outcome="consultation", ticket=""))
    door = Door(service(status, body), ledger, "day", lambda _: False)
    return simulate._verdict(ledger, door, is_alone=is_alone)


def test_a_contact_that_is_held_and_was_not_accepted_is_told_and_alone_a_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The system kept one of them twice, or somebody else sent it."""
    ledger = Ledger()
    ledger.accepted("1", 10, "phone", "Течёт кран")
    ledger.accepted("2", 12, "phone", "Течёт кран")
    assert verdict(ledger, 200) == 0
    assert "Из других источников за это время: 1" in capsys.readouterr().out
    assert verdict(ledger, 200, is_alone=True) == 1
    assert "ещё 1" in capsys.readouterr().out
    ledger.lost("3")
    assert verdict(ledger, 200, is_alone=True) == 0, "one that was never answered may be held"


def test_a_contact_that_operators_did_not_end_is_said_and_no_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is held, waiting or taken; whether somebody ended it, the system knows better than the answers."""
    ledger = Ledger()
    ledger.accepted("1", 10, "phone", "Течёт кран")
    for state in ("queued", "taken"):
        assert verdict(ledger, 200, state=state) == 0
        said = capsys.readouterr().out
        assert "Не доведено: 1" in said and "в системе есть, и ровно один раз" in said
    assert verdict(ledger, 200) == 0
    assert "Не доведено" not in capsys.readouterr().out, "the answer to its end was lost"
    assert verdict(ledger, 404) == 1, "it is not there at all"


class Desk:
    """An operator without a service: what happens at each try to end a contact."""

    def __init__(self, *tries: Exception | None) -> None:
        self.tries, self.looked = list(tries), list[bool]()

    def answer(self, contact: ScriptedContact, pk: int, number: str, *, again: bool = False) -> None:
        self.looked.append(again)
        if (why := self.tries.pop(0)) is not None:
            raise why


def tried(desk: Desk, monkeypatch: pytest.MonkeyPatch, contacts: int = 1) -> Play:
    """Contacts at this desk; each wait between two tries lasts no time and counts for 2 s."""
    now = [0.0]
    monkeypatch.setattr(play, "time", SimpleNamespace(monotonic=lambda: now[0]))
    stop = Event()

    def wait(timeout: float | None = None) -> bool:
        now[0] += timeout or 0.0
        return False

    monkeypatch.setattr(stop, "wait", wait)
    made = Play(cast(Any, None), cast(Any, None), Ledger(), cast(Any, None), stop)
    for pk in range(contacts):
        made._answer(cast(Any, desk), contact(), pk)
    return made


LATER, NOT_NOW = NoAnswer("take 503"), NotPossible("take 409")


def test_an_operator_waits_until_the_service_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(*[LATER] * 25, None)
    assert tried(desk, monkeypatch).ledger.refusals == {"take 503": 25}
    assert desk.looked == [False] + [True] * 25


def test_an_operator_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(*[LATER] * 100)
    tried(desk, monkeypatch)
    assert 30 <= len(desk.looked) <= 32


def test_when_the_service_is_gone_for_good_the_rest_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(*[LATER] * 200)
    tried(desk, monkeypatch, contacts=50)
    assert 80 <= len(desk.looked) <= 82
    desk = Desk(*[LATER] * 36, None, *[LATER] * 25, None)
    tried(desk, monkeypatch, contacts=7)
    assert desk.tries == [], "it has come back: there is patience again"


def test_a_refused_operator_looks_how_it_is_and_goes_on_or_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for desk, tries in (
        (Desk(NOT_NOW, None), 2),
        (Desk(NOT_NOW, NOT_NOW), 2),
        (Desk(LATER, NOT_NOW, None), 3),
    ):
        tried(desk, monkeypatch)
        assert len(desk.looked) == tries and all(desk.looked[1:])


@pytest.mark.parametrize(
    "words",
    [
        ["--operators", "-3"],
        ["--operators", "101"],
        ["--from-hour", "24"],
        ["--url", "ftp://x"],
        ["--url", "http://["],
        ["--url", "x"],
    ],
)
def test_what_cannot_be_simulated_is_refused_in_russian(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["simulate", *words])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert f"{words[0]}: нуж" in said


# ── Where, with which key ────────────────────────────────────────────────────────────────────

KEY = "Ab-_" * 10 + "xyz"


def where(*words: str) -> tuple[str, str]:
    parser = ArgumentParser()
    simulate.add_parser(parser.add_subparsers())
    return simulate._service(parser.parse_args(["simulate", *words]))


@pytest.fixture
def beside_a_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which somebody stands whose demo has noted its key and its address."""
    for name in ("DATABASE_URL", "VAKHTA_DATA_DIR", "VAKHTA_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    demo = tmp_path / "var" / "demo"
    (demo / "postgres").mkdir(parents=True)
    (demo / "api-token").write_text(KEY + "\n")
    (demo / "address").write_text("http://127.0.0.1:8123")
    return tmp_path


def test_the_demo_beside_is_found_by_itself(beside_a_demo: Path) -> None:
    assert where() == ("http://127.0.0.1:8123", KEY)
    assert where("--url", "http://10.0.0.1") == ("http://10.0.0.1", KEY)


def test_a_service_of_its_own_is_not_taken_for_the_demo(
    beside_a_demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/vakhta")
    with pytest.raises(Mistake, match="var/api-token"):
        where()
    (beside_a_demo / "var" / "api-token").write_text(KEY)
    assert where() == ("http://127.0.0.1:8000", KEY)


def test_a_key_that_was_just_made_is_one(tmp_path: Path) -> None:
    file, made = tmp_path / "file", secrets.token_urlsafe(32)
    file.write_text(made)
    assert where("--token-file", str(file))[1] == made


def test_a_demo_notes_its_address(tmp_path: Path) -> None:
    demo._note(tmp_path, {"VAKHTA_PUBLIC_URL": "http://127.0.0.1:8123"})
    assert (tmp_path / "address").read_text() == "http://127.0.0.1:8123"


@pytest.mark.parametrize("text", ["root:x:0:0:root:/root\n", "", KEY + "x", KEY[1:], "\xff" * 43, "ж" * 43])
def test_a_file_that_is_no_key_is_said_at_once_without_its_content(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(Mistake, match="не ключ") as refused:
        where("--token-file", str(file))
    assert str(refused.value).count(str(file)) == 1 and (not text or text.strip() not in str(refused.value))


def test_who_is_stopped_while_waiting_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(KEY)
    words = [
        sys.executable,
        "-m",
        "vakhta.cli",
        "simulate",
        "--url",
        "http://127.0.0.1:1",
        "--token-file",
        str(file),
    ]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None and process.stderr.readline().startswith("Жду")
        process.terminate()
        said = process.stderr.read()
    assert (process.returncode, said) == (130, "vakhta simulate: остановлено, служба так и не открылась.\n")


def test_a_service_that_closes_again_is_one_line() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("оборвалось")

    client = httpx.Client(base_url="http://service", transport=httpx.MockTransport(answer))
    with client, pytest.raises(Mistake, match="не отвечает"):
        simulate._check_key(client)


class Pocket:
    """A technician without a service: what each job offers, and what was made of it."""

    def __init__(self, **offers: str) -> None:
        self.offers = {int(job.strip("j")): move for job, move in offers.items()}
        self.made: list[tuple[int, str]] = []

    def jobs(self) -> list[int]:
        return sorted(self.offers)

    def next_move(self, job: int) -> tuple[str, Any, str]:
        return self.offers[job], job, "26-1"

    def make(self, move: str, job: Any, number: str, random: Random) -> None:
        self.made.append((job, move))
        self.offers[job] = {"accept": "go", "go": "arrive", "arrive": "done"}.get(move, "done")


def phone_of(pocket: Pocket, *, has_visitors: bool) -> Phone:
    return Phone(cast(Any, pocket), Pace(1e9, 0), Random(1), 1, has_visitors=has_visitors)


def made_next(phone: Phone, pocket: Pocket) -> None:
    """Looks until one more move is made; each is due a moment after the one before."""
    before = len(pocket.made)
    for _ in range(1000):
        phone.look()
        if len(pocket.made) > before:
            return


def test_a_job_that_a_visitor_has_moved_is_left_to_the_visitor() -> None:
    pocket = Pocket(j1="arrive")
    phone = phone_of(pocket, has_visitors=True)
    made_next(phone, pocket)
    assert pocket.made == [(1, "arrive")], "what stood there before anybody came is taken on"
    pocket.offers = {2: "accept", 3: "go"}
    made_next(phone, pocket)
    assert pocket.made[1:] == [(2, "accept")], "the third was accepted by somebody else"
    pocket.offers[2] = "arrive"
    for _ in range(5):
        phone.look()
    assert (2, "arrive") not in pocket.made, "somebody set out with the second"


def test_a_job_waits_for_the_service_and_is_left_when_it_is_refused() -> None:
    pocket = Pocket(j1="go")
    phone, refusals = phone_of(pocket, has_visitors=False), [*[LATER] * 20, NOT_NOW, NOT_NOW, LATER, NOT_NOW]

    def make(move: str, job: Any, number: str, random: Random) -> None:
        raise refusals.pop(0)

    pocket.make = make  # type: ignore[method-assign]
    looks = 0
    while refusals:
        with contextlib.suppress(NotPossible):
            assert phone.look(), "work is left"
        looks += 1
    assert looks < 1000 and not phone.look()


def test_where_nobody_visits_every_job_is_done() -> None:
    pocket = Pocket(j1="go")
    phone = phone_of(pocket, has_visitors=False)
    for _ in range(3):
        made_next(phone, pocket)
    assert [move for _, move in pocket.made] == ["go", "arrive", "done"]


@pytest.mark.parametrize("count", ["0", "-5", "99999999999999"])
def test_a_day_that_no_machine_holds_is_refused(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its plan alone took all memory, and could not be stopped."""
    parser = ArgumentParser()
    simulate.add_parser(parser.add_subparsers())
    with pytest.raises(SystemExit) as refused:
        parser.parse_args(["simulate", "--contacts", count])
    assert refused.value.code == 2 and "нужно число от 1 до 1000000" in capsys.readouterr().err
