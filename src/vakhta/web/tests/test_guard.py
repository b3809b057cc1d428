"""What stands before every page: a refusal says what is wrong with this request."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("ads.example.org:8000", "«ads.example.org:8000»"),
        ("<b>x</b>", "«&lt;b&gt;x&lt;/b&gt;»"),
        ("a" * 300 + ".example.org", f"«{'a' * 80}»"),
    ],
)
def test_a_name_that_the_service_is_not_opened_by_is_named_with_its_setting(host: str, shown: str) -> None:
    """The first thing that a new installation meets; nothing of it is «too big»."""
    answer = Client(HTTP_HOST=host).get("/")
    page = answer.content.decode()
    assert (answer.status_code, "VAKHTA_ALLOWED_HOSTS" in page, shown in page) == (400, True, True)
    assert "слишком велик" not in page


def test_a_form_that_is_too_long_is_told_its_limit_and_what_to_do() -> None:
    browser = Client()
    too_long = browser.post("/sign-in/", {"login": "т" * (2 * 2**20)})
    page = too_long.content.decode()
    assert (
        too_long.status_code == 413
        and "Больше 2 МБ текста" in page
        and "сократите самое длинное поле" in page
    )
    assert too_long["Connection"] == "close", "what was not read stays in the line"
    line = browser.post("/sign-in/", {"login": "т" * (2 * 2**20)}, headers={"HX-Request": "true"})
    assert (
        line.status_code == 413
        and line["HX-Retarget"] == "#alerts"
        and "Больше 2 МБ" in line.content.decode()
    )
    fields = browser.post("/sign-in/", {f"f{n}": "" for n in range(1_100)})
    assert fields.status_code == 413 and "отправьте частями" in fields.content.decode()
    assert "Connection" not in browser.post("/sign-in/", {"login": "ivanova"})


def test_a_program_is_told_so_in_json() -> None:
    answer = Client(HTTP_HOST="ads.example.org").get("/api/v1/interactions/1")
    assert answer.status_code == 400 and "«ads.example.org»" in answer.json()["message"]


def test_the_address_of_a_form_opened_anew_is_the_page_that_the_form_is_on() -> None:
    """A refused form stands at the address that it was sent to: F5 there, or a tab restored in the morning, is a
    person who wants that page. A program is told what it did wrong."""
    browser = Client(HTTP_ACCEPT="text/html,application/xhtml+xml,*/*;q=0.8")
    for sent_to, page in (
        ("/console/ticket/26-17/merge/", "/console/ticket/26-17/"),
        ("/console/contact/17/join/3/", "/console/contact/17/"),
        ("/console/next/", "/console/"),
        ("/language/", "/"),
    ):
        answer = browser.get(sent_to)
        assert (answer.status_code, answer.headers.get("Location")) == (302, page), sent_to
    assert browser.delete("/console/next/").status_code == 405
    assert browser.get("/console/next/", headers={"HX-Request": "true"}).status_code == 405
    assert Client().get("/console/next/").status_code == 405
    assert browser.get("/api/v1/interactions").status_code == 405
