"""What goes over the wire compressed, and what does not."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse
from tests.cast import Cast

from vakhta.web.compress import Compressed
from vakhta.web.tests.steps import PNG, browser_of, ordered

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
LONG = b"<p>\xd1\x81\xd1\x82\xd0\xbe\xd1\x8f\xd0\xba</p>" * 300


def through(answer: HttpResponseBase, **headers: str) -> Any:
    request: HttpRequest = RequestFactory().get("/", headers=headers or GZIP)
    return Compressed(lambda _request: answer)(request)


def test_a_page_is_compressed_for_a_browser_that_can_read_it(cast: Cast) -> None:
    _ticket, order = ordered(cast)
    phone, page = browser_of(cast.kuznetsov), reverse("field:order", args=[order.pk])
    plain, small = phone.get(page), phone.get(page, headers=GZIP)
    assert small["Content-Encoding"] == "gzip" and "Accept-Encoding" in small["Vary"]
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 2
    assert "ул. Ленина, 15" in gzip.decompress(small.content).decode()
    assert not plain.has_header("Content-Encoding") and "Accept-Encoding" in plain["Vary"]


@pytest.mark.parametrize("name", ["css/base.css", "js/field.js", "vendor/htmx.min.js", "vendor/icons.svg"])
def test_files_of_the_release_are_compressed_whole(name: str) -> None:
    plain, small = Client().get(f"/static/{name}"), Client().get(f"/static/{name}", headers=GZIP)
    content = b"".join(small)
    assert small["Content-Encoding"] == "gzip" and int(small["Content-Length"]) == len(content)
    assert gzip.decompress(content) == b"".join(plain)


@pytest.mark.parametrize(
    "answer",
    [
        lambda: HttpResponse(PNG * 100, content_type="image/png"),
        lambda: HttpResponse(LONG, content_type="font/woff2"),
        lambda: HttpResponse(b"<p>short</p>"),
        lambda: HttpResponse(LONG, headers={"Content-Encoding": "br"}),
        lambda: HttpResponse(LONG, status=206),
        lambda: StreamingHttpResponse(iter([LONG])),
    ],
    ids=["photo", "font", "short", "already", "part", "stream"],
)
def test_what_passes_as_it_is(answer) -> None:  # type: ignore[no-untyped-def]
    made = answer()
    before = made.get("Content-Encoding")
    assert through(made).get("Content-Encoding") == before


def test_a_browser_that_cannot_read_it_gets_it_plain() -> None:
    made = through(HttpResponse(LONG), **{"Accept-Encoding": "br"})
    assert made.content == LONG and made["Vary"] == "Accept-Encoding"


def test_a_file_is_sent_whole() -> None:
    made = through(FileResponse(iter([LONG[:100], LONG[100:]]), content_type="text/css"))
    assert gzip.decompress(b"".join(made)) == LONG
