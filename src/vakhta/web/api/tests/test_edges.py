"""At the edges of the API every refusal is the same JSON, in Russian, with its field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast

from vakhta.domain.permissions import ALL_RIGHTS, RIGHTS
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import make_token
from vakhta.web.api.tests.test_interactions import Partner, kept, partner, said

__all__ = ["partner"]


def problem(answer: HttpResponse, status: int, field: str = "") -> str:
    """The message of a refusal that has the one shape."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/json")
    found = said(answer)
    assert set(found) == {"status", "message", "field"}
    assert (found["status"], found["field"]) == (status, field)
    assert any("а" <= letter <= "я" for letter in found["message"])
    return str(found["message"])


def test_an_unknown_address_is_refused_in_json(partner: Partner) -> None:
    client = partner.client
    for path in ("/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/interactions", "/api/v1/interactions/1/x"):
        for method in ("GET", "POST", "DELETE"):
            assert "/api/v1/docs" in problem(client.generic(method, path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/interactions", "POST"),
        ("DELETE", "/api/v1/interactions", "POST"),
        ("PUT", "/api/v1/tickets", "POST"),
        ("POST", "/api/v1/interactions/1", "GET"),
        ("PATCH", "/api/v1/tickets/26-1", "GET"),
        ("OPTIONS", "/api/v1/tickets/26-1", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_one(partner: Partner, method: str, path: str, allowed: str) -> None:
    before = kept()
    answer = partner.client.generic(method, path, headers=partner._headers("k"))
    assert allowed in problem(answer, 405) and answer["Allow"] == allowed
    assert kept() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"channel": "web", "text": "течёт", "text": "горит"}', "text"),
        ('{"channel": "web", "channel": "web"}', "channel"),
        ('{"channel": "web", "wrong": {"a": 1, "a": 2}}', "a"),
        ('{"channel": "web", "нет\\ud800": 1, "нет\\ud800": 2}', "нет?"),
    ],
)
def test_of_two_values_none_is_chosen(partner: Partner, body: str, field: str) -> None:
    before = kept()
    assert "дважды" in problem(partner.sends(body=body.encode()), 422, field)
    assert kept() == before


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"x"'])
def test_a_body_that_is_no_object_is_named(partner: Partner, body: bytes) -> None:
    assert "Тело запроса" in problem(partner.sends(body=body), 422, "body")


def test_a_name_of_half_letters_is_refused_in_whole_ones(partner: Partner) -> None:
    problem(partner.sends(body=b'{"channel": "web", "\\ud800": 1}'), 422, "body")


def test_what_stands_before_the_api_refuses_in_json_too(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem(partner.asks("tickets/%00"), 400)
    problem(partner.asks("tickets/26-1?a=%00"), 400)
    problem(partner.client.get("/api/v1/tickets/26-1", headers={"Host": "чужой"}), 400)

    def gone(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("vakhta.web.middleware.scope_of_user", gone)
    with reading(Scope.system("test")):
        from vakhta.people.models import User

        user = User.objects.get(email="ivanova@example.org")
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(user)
    answer = signed_in.get("/api/v1/nothing")
    assert problem(answer, 503) and answer["Retry-After"]


def test_a_standby_that_is_becoming_the_primary_is_said_as_a_database_that_is_gone(partner: Partner) -> None:
    """For a second it only reads: nothing is written, and the same key is taken later."""
    before = kept()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        answer = partner.sends(channel="web", text="течёт")
        transaction.set_rollback(True)
    assert problem(answer, 503) and answer["Retry-After"]
    assert kept() == before


def test_the_document_tells_each_refusal_of_each_operation(partner: Partner) -> None:
    document = partner.client.get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            codes = {"400", "401", "403", "404", "405", "422", "500", "503"}
            codes |= {"409", "413", "415"} if method == "post" else set()
            assert codes <= set(operation["responses"]), f"{method} {path}"
            for code in codes:
                schema = operation["responses"][code]["content"]["application/json"]["schema"]
                assert schema["$ref"].endswith("/Problem")


# ── Rights of a token ────────────────────────────────────────────────────────────────────────


def holder(cast: Cast, *rights: str) -> Partner:
    with reading(Scope.system("test")):
        return Partner(make_token(cast.centre.pk, "партнёр", rights=rights))


USES: dict[str, Any] = {
    "interactions": lambda one, pk: one.sends(key="new", channel="web", text="течёт"),
    "tickets": lambda one, pk: one.registers(key="new", address="ленина 15", text="течёт"),
    "read": lambda one, pk: one.asks(f"interactions/{pk}"),
}


@pytest.mark.parametrize("asked", USES)
@pytest.mark.parametrize("given", [right.code for right in RIGHTS])
def test_a_token_does_what_it_has_the_right_to(partner: Partner, cast: Cast, given: str, asked: str) -> None:
    pk = said(partner.sends(channel="web", text="течёт стояк"))["id"]
    before = kept()
    answer = USES[asked](holder(cast, given), pk)
    if given == asked:
        assert answer.status_code in (200, 201), answer.content
        return
    assert asked in problem(answer, 403, "Authorization")
    assert kept() == before


def test_a_token_without_rights_opens_no_operation(partner: Partner, cast: Cast) -> None:
    """Every operation of the document, those of tomorrow too."""
    nobody = holder(cast)
    said(partner.sends(channel="web", text="течёт стояк"))
    before = kept()
    whole, contact = '{"channel": "web", "classifier": "flat.cold.riser"}', '{"channel": "web"}'
    for path, methods in partner.client.get("/api/v1/openapi.json").json()["paths"].items():
        for method in methods:
            url, headers = path.replace("{id}", "1").replace("{number}", "26-1"), nobody._headers("new")
            asked = whole if path.endswith("tickets") else contact
            answer = nobody.client.generic(method.upper(), url, asked, "application/json", headers=headers)
            problem(answer, 403, "Authorization")
    assert kept() == before


def test_a_right_is_no_role(partner: Partner, cast: Cast) -> None:
    """A token with every right is refused what only people may."""
    from vakhta.domain.permissions import TOKEN, VERBS, may

    allowed = {verb for verb in VERBS if may(TOKEN, verb, ALL_RIGHTS)}
    assert allowed == {"interaction.send", "ticket.register", "state.ask"}
    assert not any(may(TOKEN, verb) for verb in VERBS)


def test_refusals_are_letters_not_escapes(partner: Partner) -> None:
    raw = partner.asks("nothing").content
    assert "Такого адреса" in raw.decode() and b"\\u" not in raw
    assert json.loads(raw)["status"] == 404
