"""A sign-in that ends in the middle of the work: the way back, and a word about what was typed."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast

from vakhta.kernel.tenancy import Scope, reading

PASSWORD = "secret password"
HERE = "http://testserver"


def way_back(location: str) -> str:
    return parse_qs(urlsplit(location).query)["next"][0]


def test_a_page_that_was_asked_for_opens_after_signing_in(cast: Cast) -> None:
    answer = Client().get("/tickets/?broken=yes")
    assert way_back(answer["Location"]) == "/tickets/?broken=yes"
    assert "Вход закончился" not in Client().get(answer["Location"]).content.decode()


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_words_sent_after_the_sign_in_was_over_lead_back_to_their_page_and_it_is_said(
    cast: Cast, header: str
) -> None:
    """The address of a form takes words only: nobody can be led back to it."""
    headers = {header: f"{HERE}/console/paper/?day=1"}
    if header == "HX-Current-URL":
        headers["HX-Request"] = "true"
    answer = Client().post("/console/next/", {}, headers=headers)
    location = answer["HX-Redirect" if "HX-Request" in headers else "Location"]
    assert way_back(location) == "/console/paper/?day=1"
    page = Client().get(location).content.decode()
    assert "Вход закончился" in page and "/console/paper/?day=1" in page


@pytest.mark.parametrize(
    "said", ["", "https://elsewhere.example/console/", "javascript:alert(1)", "//x", "http://["]
)
def test_a_foreign_page_is_no_way_back(cast: Cast, said: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": said}
    location = Client().post("/console/next/", {}, headers=headers)["HX-Redirect"]
    assert way_back(location) == "/"


def test_who_signs_in_again_is_back_where_they_typed(cast: Cast) -> None:
    user = cast.gromova.user
    user.set_password(PASSWORD)
    with reading(Scope.system("test")):
        user.save()
    browser = Client()
    sent: HttpResponse = browser.post("/console/next/", {}, headers={"Referer": f"{HERE}/console/paper/"})
    shown = browser.get(sent["Location"])
    words = {"login": user.get_username(), "password": PASSWORD, "next": way_back(sent["Location"])}
    assert shown.status_code == 200
    assert browser.post("/sign-in/", words)["Location"] == "/console/paper/"
