"""Partners hand over contacts: what is taken, what is refused, and that a refusal leaves nothing."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.domain.permissions import ALL_RIGHTS
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import make_token
from vakhta.people.models import ApiToken
from vakhta.places.models import Building
from vakhta.web.api.urls import BODY_LIMIT, REMEMBERED

PETROVA = "8 900 000-15-42"
URL = "/api/v1/interactions"
MOST_QUERIES = 16
"""Of one contact by a known phone, BEGIN and COMMIT counted: what it costs now."""
MOST_QUERIES_OF_A_TICKET = 23
"""Of a contact that becomes a numbered ticket with its clocks in one request."""


class Partner:
    """A partner's program with its token."""

    def __init__(self, token: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.token = token

    def sends(self, key: str = "k-1", body: bytes | None = None, **said: Any) -> HttpResponse:
        raw = body if body is not None else json.dumps(said).encode()
        return self.client.post(URL, raw, content_type="application/json", headers=self._headers(key))  # type: ignore[return-value]

    def registers(self, key: str = "t-1", **said: Any) -> HttpResponse:
        raw = json.dumps({"classifier": "flat.cold.riser", **said}).encode()
        return self.client.post(  # type: ignore[return-value]
            "/api/v1/tickets", raw, content_type="application/json", headers=self._headers(key)
        )

    def asks(self, path: str) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", headers=self._headers(""))  # type: ignore[return-value]

    def _headers(self, key: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return {**headers, "Idempotency-Key": key} if key else headers


@pytest.fixture
def partner(cast: Cast) -> Partner:
    return Partner(cast.token)


def kept() -> tuple[int, int]:
    """(contacts, journal entries) that there are."""
    with reading(Scope.system("test")):
        return Interaction.objects.count(), Entry.objects.count()


def said(answer: HttpResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_a_contact_is_taken_once_however_often_it_is_sent(partner: Partner, cast: Cast) -> None:
    first = partner.sends(channel="web", phone=PETROVA, text="течёт стояк")
    again = partner.sends(channel="web", phone=PETROVA, text="течёт стояк")
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(first) == said(again)
    assert said(first)["state"] == "queued" and said(first)["answer_due_at"] > said(first)["received_at"]
    assert kept()[0] == 1
    with reading(Scope.system("test")):
        row = Interaction.objects.get()
        heard = journal.history(f"interaction/{row.pk}")
    assert (row.person_id, row.company_id, row.centre_id) == (cast.petrova.pk, cast.north.pk, cast.centre.pk)
    assert [r.fact.kind for r in heard] == ["InteractionReceived"]


def test_a_key_is_of_one_contact(partner: Partner) -> None:
    partner.sends(channel="web", text="течёт стояк")
    before = kept()
    answer = partner.sends(channel="web", text="нет света")
    assert (answer.status_code, said(answer)["field"], kept()) == (409, "Idempotency-Key", before)


def test_two_partners_may_use_the_same_key(partner: Partner, cast: Cast) -> None:
    with reading(Scope.system("test")):
        other = Partner(make_token(cast.centre.pk, "другой партнёр", rights=ALL_RIGHTS))
    answers = [p.sends(channel="web", text="течёт стояк").status_code for p in (partner, other)]
    assert answers == [201, 201]


def test_the_words_of_a_contact_go_back_only_to_whoever_sent_them(partner: Partner, cast: Cast) -> None:
    with reading(Scope.system("test")):
        other = Partner(make_token(cast.centre.pk, "другой партнёр", rights=ALL_RIGHTS))
    pk = said(partner.sends(channel="web", text="течёт стояк"))["id"]
    own, foreign = (said(p.asks(f"interactions/{pk}")) for p in (partner, other))
    assert (own["channel"], own["text"]) == ("web", "течёт стояк")
    assert (foreign["channel"], foreign["text"]) == ("web", None)


def test_a_contact_that_is_handed_over_late_keeps_its_own_time(partner: Partner) -> None:
    came = clock.now() - timedelta(hours=2)
    in_zone = came.astimezone(timezone(timedelta(hours=7))).isoformat()
    sent = {"channel": "email", "text": "сыро", "happened_at": in_zone, "late_reason": "не было связи"}
    answer, again = (partner.sends(key="поздно", **sent) for _ in range(2))
    assert (answer.status_code, again.status_code) == (201, 200)
    assert said(answer)["received_at"] == said(again)["received_at"]
    with reading(Scope.system("test")):
        entry = journal.history(f"interaction/{said(answer)['id']}")[0]
        assert Interaction.objects.get().received_at == came
    assert (entry.happened_at, entry.late_reason) == (came, "не было связи")


def test_a_management_company_hands_over_its_own_contacts(cast: Cast) -> None:
    """Its token sees only itself, and the contact waits at the centre that serves it."""
    with reading(Scope.system("test")):
        token = make_token(cast.north.pk, "сайт «Северной»", rights=ALL_RIGHTS)
    answer = Partner(token).sends(channel="web", phone="8 495 999-99-99", text="нет воды")
    assert answer.status_code == 201, answer.content
    with reading(Scope.system("test")):
        row = Interaction.objects.get()
    assert (row.company_id, row.centre_id) == (cast.north.pk, cast.centre.pk)


def test_a_company_without_a_dispatch_centre_is_told_so(cast: Cast) -> None:
    with reading(Scope.system("test")):
        token = make_token(cast.foreign.pk, "сайт «Чужой»", rights=ALL_RIGHTS)
    answer = Partner(token).sends(channel="web", text="нет воды")
    assert answer.status_code == 403 and "договора" in said(answer)["message"]


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"channel": "telex"}, 422, "channel"),
        ({}, 422, "channel"),
        ({"channel": 5}, 422, "channel"),
        ({"channel": None}, 422, "channel"),
        ({"channel": "web", "txt": "опечатка"}, 422, "txt"),
        ({"channel": "web", "text": 5}, 422, "text"),
        ({"channel": "web", "text": ["а"]}, 422, "text"),
        ({"channel": "web", "text": "я" * 10_001}, 422, "text"),
        ({"channel": "web", "text": "а\x00б"}, 422, "text"),
        ({"channel": "web", "text": "\ud800"}, 422, "text"),
        ({"channel": "web", "caller": "я" * 161}, 422, "caller"),
        ({"channel": "web", "phone": "1" * 41}, 422, "phone"),
        ({"channel": "web", "email": "не почта"}, 422, "email"),
        ({"channel": "web", "emergency": "да"}, 422, "emergency"),
        ({"channel": "web", "emergency": 1}, 422, "emergency"),
        ({"channel": "web", "happened_at": "вчера", "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": "2026-11-24T10:00:00", "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": "SECONDS", "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": "SECONDS AS TEXT", "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": True, "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": "2999-11-24T10:00:00Z", "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": "1999-11-24T10:00:00Z", "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": "TWENTY HOURS AHEAD", "late_reason": "x"}, 422, "happened_at"),
        ({"channel": "web", "happened_at": "NOW"}, 422, "late_reason"),
        ({"channel": "web", "late_reason": "x"}, 422, "happened_at"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    partner: Partner, wrong: dict[str, Any], status: int, field: str
) -> None:
    earlier = clock.now() - timedelta(hours=1)
    moments = {
        "NOW": earlier.isoformat(),
        "SECONDS": int(earlier.timestamp()),
        "SECONDS AS TEXT": f"{earlier.timestamp():.0f}",
        "TWENTY HOURS AHEAD": earlier.astimezone(timezone(timedelta(hours=20))).isoformat(),
    }
    if "happened_at" in wrong:
        wrong = {**wrong, "happened_at": moments.get(wrong["happened_at"], wrong["happened_at"])}
    before = kept()
    answer = partner.sends(**wrong)
    assert (answer.status_code, said(answer)["field"]) == (status, field), answer.content
    assert any("а" <= letter <= "я" for letter in said(answer)["message"])
    assert kept() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 415),
        (b"{", 400),
        ('{"channel": "web", "text": "сыро"}'.encode("utf-16"), 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"\xff\xfe", 400),
        (b'{"channel": NaN}', 422),
        (b"[" * 50_000, 400),
        (b'{"channel":"web","text":"' + b"x" * BODY_LIMIT + b'"}', 413),
    ],
)
def test_a_body_that_is_no_contact_is_refused(partner: Partner, body: bytes, status: int) -> None:
    before = kept()
    answer = partner.sends(body=body)
    assert answer.status_code == status, answer.content
    assert said(answer)["message"] and kept() == before


def test_seconds_since_1970_are_no_moment_that_somebody_wrote(partner: Partner) -> None:
    seconds = int((clock.now() - timedelta(hours=1)).timestamp())
    answer = partner.sends(channel="web", text="сыро", happened_at=seconds, late_reason="не было связи")
    assert answer.status_code == 422 and "2026-11-24T10:00:00+03:00" in str(said(answer)["message"])


def test_what_is_too_big_is_the_body_whichever_field_it_was(partner: Partner) -> None:
    answer = partner.sends(body=b'{"channel":"web","address":"' + b"x" * BODY_LIMIT + b'"}')
    assert (answer.status_code, said(answer)["field"]) == (413, "body")
    assert "65 КБ, можно не больше 64 КБ" in str(said(answer)["message"])


def test_a_form_is_no_json(partner: Partner) -> None:
    answer = partner.client.post(URL, {"channel": "web"}, headers=partner._headers("k"))
    assert (answer.status_code, said(answer)["field"]) == (415, "Content-Type")  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["", "   ", "k" * 101])
def test_a_contact_needs_a_key_of_its_own(partner: Partner, key: str) -> None:
    answer = partner.sends(key=key, channel="web")
    assert (answer.status_code, said(answer)["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize("token", ["", "чужой", "x" * 5000, "Bearer"])
def test_a_stranger_is_sent_away_before_the_body_is_read(cast: Cast, token: str) -> None:
    before = kept()
    answer = Partner(token).client.post(
        URL, b"{" * 100, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 401 and kept() == before
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_ends_within_seconds(
    partner: Partner, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert partner.asks("interactions/1").status_code == 404
    with reading(Scope.system("test")):
        ApiToken.objects.filter(company=cast.centre).update(revoked_at=clock.now())
    later = clock.now() + REMEMBERED
    monkeypatch.setattr(clock, "now", lambda: later)
    assert partner.asks("interactions/1").status_code == 401


def test_a_token_s_rights_are_never_another_s(partner: Partner, cast: Cast) -> None:
    """What is remembered of one token says nothing of the next."""
    pk = said(partner.sends(channel="web", phone=PETROVA, text="течёт"))["id"]
    with reading(Scope.system("test")):
        luch = Partner(make_token(cast.luch.pk, "сайт «Луча»", rights=ALL_RIGHTS))
    assert [p.asks(f"interactions/{pk}").status_code for p in (partner, luch, partner, luch)] == [
        200,
        404,
        200,
        404,
    ]


def test_emoji_and_letters_of_any_script_are_kept_and_direction_marks_are_not(partner: Partner) -> None:
    answer = partner.sends(channel="messenger", text="🔥 горит, عاجل \u202etxt")
    assert answer.status_code == 201
    with reading(Scope.system("test")):
        assert Interaction.objects.get().text == "🔥 горит, عاجل txt"


def test_a_ticket_is_found_by_its_number_as_it_is_said(partner: Partner, cast: Cast) -> None:
    pk = said(partner.sends(channel="web", phone=PETROVA, text="течёт"))["id"]
    with acting(cast.scope(cast.ivanova)):
        contacts.take(pk)
        ticket = contacts.register(pk, classifier="flat.cold.riser", description="течёт стояк")
    number = ticket.number
    assert said(partner.asks(f"interactions/{pk}"))["ticket"] == number
    found = said(partner.asks(f"tickets/{number[:3]} {number[3:]}"))
    assert (found["number"], found["state"], found["building_guid"]) == (number, "registered", None)
    assert {row["norm"] for row in found["clocks"]} >= {"pp416.13.containment", "pp416.13.elimination"}
    code = "0c5b2444-70a0-4932-980c-b4dc0d3f02b5"
    with reading(Scope.system("test")):
        Building.objects.filter(pk=cast.lenina15.pk).update(guid=code)
    assert said(partner.asks(f"tickets/{number}"))["building_guid"] == code


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({}, "Нет адреса"),
        ({"phone": "8 495 999-99-99"}, "Нет адреса"),
        ({"address": "Лондон, Бейкер-стрит"}, "«Лондон, Бейкер-стрит» не найден"),
        ({"address": "ленина"}, "не найден"),
        ({"address": "Лондон, Бейкер-стрит", "phone": PETROVA}, "не найден"),
    ],
)
def test_a_ticket_without_a_house_is_refused(partner: Partner, where: dict[str, str], says: str) -> None:
    before = kept()
    answer = partner.registers(text="течёт", **where)
    assert (answer.status_code, said(answer)["field"], kept()) == (422, "address", before)
    assert says in said(answer)["message"]
    assert partner.registers(text="течёт", address="ленина 15-42").status_code == 201, "the key is still free"


def test_the_document_tells_that_a_ticket_needs_a_house(partner: Partner) -> None:
    document = partner.client.get("/api/v1/openapi.json").json()
    assert "422" in document["paths"]["/api/v1/tickets"]["post"]["responses"]
    field = document["components"]["schemas"]["TicketIn"]["properties"]["address"]
    assert "422" in field["description"]
    assert 'field: "address"' in document["paths"]["/api/v1/tickets"]["post"]["description"]


def test_another_company_s_ticket_and_contact_are_not_there(partner: Partner, cast: Cast) -> None:
    """«Луч» asks by its token for what belongs to «Северная»: both look like nothing."""
    pk = said(partner.sends(channel="web", phone=PETROVA, text="течёт"))["id"]
    with acting(cast.scope(cast.ivanova)):
        contacts.take(pk)
        number = contacts.register(pk, classifier="flat.cold.riser", description="течёт стояк").number
    with reading(Scope.system("test")):
        luch = Partner(make_token(cast.luch.pk, "сайт «Луча»", rights=ALL_RIGHTS))
    for path in (f"interactions/{pk}", f"tickets/{number}", "interactions/999999", "tickets/26-999"):
        assert luch.asks(path).status_code == 404, path


@pytest.mark.parametrize(
    "path", ["interactions/0", f"interactions/{2**63}", "interactions/-1", "tickets/%00", "tickets/я"]
)
def test_an_odd_address_is_just_not_there(partner: Partner, path: str) -> None:
    assert partner.asks(path).status_code in (400, 404, 422)


def test_a_contact_costs_a_known_number_of_queries(partner: Partner) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert partner.sends(channel="phone", phone=PETROVA).status_code == 201
    assert len(queries) <= MOST_QUERIES, "\n".join(q["sql"][:100] for q in queries)


# ── A ticket at once ─────────────────────────────────────────────────────────────────────────


def test_a_partner_s_ticket_gets_its_number_and_clocks_in_one_request(partner: Partner, cast: Cast) -> None:
    answer = partner.registers(phone=PETROVA, text="течёт стояк")
    assert answer.status_code == 201, answer.content
    found = said(answer)
    assert found["number"].endswith("-1")
    assert {row["norm"] for row in found["clocks"]} == {
        "pp416.13.terms",
        "pp416.13.containment",
        "pp416.13.elimination",
    }
    with reading(Scope.system("test")):
        contact = Interaction.objects.select_related("ticket").get(pk=found["interaction"])
        kinds = [r.fact.kind for r in journal.history(f"interaction/{contact.pk}")]
    assert (contact.state, contact.outcome, contact.ticket.number) == ("ended", "ticket", found["number"])
    assert kinds == [
        "InteractionReceived",
        "InteractionAnswered",
        "TicketRegistered",
        "NumberTold",
        "InteractionEnded",
    ]


def test_a_repeated_registration_is_the_same_ticket(partner: Partner) -> None:
    first, again = (partner.registers(phone=PETROVA, text="течёт") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(first) == said(again)
    before = kept()
    for other in ({"text": "другое"}, {"text": "течёт", "phone": PETROVA, "classifier": "flat.cold.tap"}):
        assert partner.registers(**other).status_code in (409, 422) and kept() == before


def test_a_key_of_a_contact_is_not_one_of_a_ticket(partner: Partner) -> None:
    partner.sends(key="k-1", channel="partner", text="течёт")
    assert partner.registers(key="k-1", text="течёт").status_code == 409


@pytest.mark.parametrize("classifier", ["", "нет такого", "flat", "x" * 61, 5, None])
def test_an_unknown_nature_is_refused_and_leaves_nothing(partner: Partner, classifier: object) -> None:
    before = kept()
    answer = partner.registers(classifier=classifier, text="течёт")
    assert (answer.status_code, said(answer)["field"], kept()) == (422, "classifier", before)


def test_a_ticket_at_once_costs_a_known_number_of_queries(partner: Partner) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert partner.registers(phone=PETROVA, text="течёт").status_code == 201
    assert len(queries) <= MOST_QUERIES_OF_A_TICKET, "\n".join(q["sql"][:100] for q in queries)


def test_a_mistake_of_ours_says_nothing_of_people(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("+79000001542 Петрова")

    monkeypatch.setattr(arrival, "receive", broken)
    before = kept()
    answer = partner.sends(channel="web", phone=PETROVA)
    assert answer.status_code == 500 and kept() == before
    out = caplog.text + answer.content.decode()
    assert "RuntimeError" in out and "Петрова" not in out and "1542" not in out and "Traceback" not in out


def test_the_document_and_its_page_tell_every_operation(cast: Cast) -> None:
    client = Client()
    document = client.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) >= {"/api/v1/interactions", "/api/v1/tickets/{number}"}
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "unsafe" not in page["Content-Security-Policy"]
    for path in document["paths"]:
        assert path in page.content.decode()


@pytest.mark.parametrize(
    ("said", "phone", "text"),
    [
        ("12", "12", "течёт"),
        ("5", "5", "течёт"),
        ("٩١٦", "916", "течёт"),
        ("٨٩١٦١٢٣٤٥٦٧", "+79161234567", "течёт"),
        ("8 (916) 123-45-67", "+79161234567", "течёт"),
        ("anonymous", "", "течёт\nТелефон, как передан: anonymous"),
        ("anonymous@10.0.0.1", "", "течёт\nТелефон, как передан: anonymous@10.0.0.1"),
        ("1" * 20, "", "течёт\nТелефон, как передан: " + "1" * 20),
        ("+", "", "течёт\nТелефон, как передан: +"),
    ],
)
def test_no_contact_is_refused_for_its_number_and_no_number_is_lost(
    partner: Partner, cast: Cast, said: str, phone: str, text: str
) -> None:
    for _again in range(2):
        assert partner.sends(channel="phone", phone=said, text="течёт").status_code in (200, 201)
    with reading(cast.scope(cast.ivanova)):
        row = Interaction.objects.get()
    assert (row.phone, row.text) == (phone, text)
