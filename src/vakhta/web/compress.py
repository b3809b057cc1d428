"""Pages, styles and scripts go over the wire compressed: a phone in a basement pays for every kilobyte.

Photos and fonts are compressed already and pass as they are. The tokens in a page are masked anew for
each answer, so that its length tells nothing about them.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

KINDS = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"})
SHORT = 1400
"""bytes; what fits into one packet is not made shorter by being smaller"""
LEVEL = 5
BODILESS = frozenset({204, 206, 304})
"""Answers without a body, and parts of one."""


class Compressed:
    """First of the middleware: it sees the answers of all others, static files among them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._get_response(request)
        kind = answer.get("Content-Type", "").partition(";")[0]
        if kind not in KINDS or answer.status_code in BODILESS or answer.has_header("Content-Encoding"):
            return answer
        patch_vary_headers(answer, ("Accept-Encoding",))
        if "gzip" not in request.headers.get("Accept-Encoding", "") or request.method == "HEAD":
            return answer
        if isinstance(answer, FileResponse):
            content = _of_file(b"".join(answer))
            answer.streaming_content = [content]
        elif isinstance(answer, HttpResponse) and len(answer.content) >= SHORT:
            content = answer.content = gzip.compress(answer.content, LEVEL, mtime=0)
        else:
            return answer
        answer["Content-Encoding"] = "gzip"
        answer["Content-Length"] = str(len(content))
        return answer


@lru_cache(maxsize=64)
def _of_file(content: bytes) -> bytes:
    """A file of the release, compressed once for each process."""
    return gzip.compress(content, 9, mtime=0)
