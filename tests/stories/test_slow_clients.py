"""Clients that are slow or too big on purpose, at `vakhta serve` itself: others are answered meanwhile, and its
memory does not grow. Forms that arrive slowly are for the web server before it (docs/adr/0017-faults.md)."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import httpx
import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.stories.running import free_port, until
from vakhta.kernel.tenancy import Scope, reading
from vakhta.web.tests.steps import browser_of, registered

pytestmark = pytest.mark.slow

MB = 1024 * 1024
SLOW, THREADS = 300, 4
"""Connections of one attacker; threads of the pages, as they are set."""
AT_MOST = 24
"""MB that a process may keep of whatever was sent to it."""


class Pages:
    """`vakhta serve` with its memory as the system sees it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port, self.url = process, port, f"http://127.0.0.1:{port}"

    def answers(self, path: str = "/health/live", timeout: float = 2.0) -> bool:
        try:
            return httpx.get(self.url + path, timeout=timeout, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def memory(self) -> int:
        """MB that are resident, of the process and its children together."""
        pids = [self.process.pid]
        for pid in pids:
            with suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                pids += [int(each) for each in children.split()]
        return sum(_resident(pid) for pid in pids) // 1024

    def line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


def _resident(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0


@pytest.fixture
def pages(people: Cast, start: Callable[..., subprocess.Popen[bytes]]) -> Iterator[Pages]:
    port = free_port()
    made = Pages(start("serve", VAKHTA_PORT=str(port)), port)
    until(made.answers, "the pages answer")
    yield made


HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"""POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r
Content-Type: application/x-www-form-urlencoded\r\n"""
COOKIE = b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n"
"""With it the form is read for its token, so a thread of the pages waits for its end."""


def test_slow_and_huge_requests_hold_nobody_and_stay_in_no_memory(pages: Pages, people: Cast) -> None:
    for _warm in range(20):
        pages.answers("/sign-in/")
    before = pages.memory()
    for begun, lines in (
        (HEAD, SLOW),
        (BODY + b"\r\nlogin=", SLOW),
        (BODY + COOKIE + b"\r\nlogin=", THREADS - 1),
    ):
        with ExitStack() as opened:
            for _slow in range(lines):
                opened.enter_context(pages.line()).sendall(begun)
            assert pages.answers("/sign-in/", timeout=10.0), "others are answered meanwhile"
    assert pages.memory() - before <= AT_MOST
    a_hundred_megabytes_are_refused_with_their_field(pages, people)
    assert pages.memory() - before <= AT_MOST


def a_hundred_megabytes_are_refused_with_their_field(pages: Pages, people: Cast) -> None:
    """They are cut off while they arrive; the page says which field and how much it may be."""
    ticket, token = registered(people), "a" * 32
    cookies = {
        "vakhta_session": browser_of(people.ivanova).cookies["vakhta_session"].value,
        "csrftoken": token,
    }
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n--x\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    ).encode()
    end = b"\r\n--x--\r\n"

    def body() -> Iterator[bytes]:
        yield parts
        yield from (b"\x89PNG\r\n\x1a\n".ljust(MB, b"x") for _each in range(100))
        yield end

    answer = httpx.post(
        f"{pages.url}{reverse('console:attach', args=[ticket.number])}",
        content=body(),
        headers={
            "Content-Length": str(len(parts) + 100 * MB + len(end)),
            "Content-Type": "multipart/form-data; boundary=x",
        },
        cookies=cookies,
        timeout=60.0,
        trust_env=False,
    )
    assert answer.status_code == 422 and "«a.png» больше 20 МБ" in answer.text
    with reading(Scope.system("test")):
        assert not ticket.files.exists()


def test_who_is_refused_unread_is_told_that_the_line_is_closed(pages: Pages, people: Cast) -> None:
    """A partner that keeps its line would send the next contact into a closed one."""
    head = {
        "Authorization": f"Bearer {people.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "one",
    }

    def asks(line: HTTPConnection, body: bytes, **more: str) -> HTTPResponse:
        with suppress(
            BrokenPipeError, ConnectionResetError
        ):  # refused before all is sent: the answer is there
            line.request("POST", "/api/v1/interactions", body, {**head, **more})
        answer = line.getresponse()
        answer.read()
        return answer

    for letters in (70 * 1024, MB):
        line = HTTPConnection("127.0.0.1", pages.port, timeout=10)
        refused = asks(line, b'{"channel":"web","text":"' + b"x" * letters + b'"}')
        assert (refused.status, refused.headers["Connection"]) == (413, "close"), letters
        line.close()
    line = HTTPConnection("127.0.0.1", pages.port, timeout=10)
    for words, status in (("{}", 422), ('{"channel":"web","text":"течёт стояк","address":"Ленина 15"}', 201)):
        kept = asks(line, words.encode(), **{"Idempotency-Key": words[:20]})
        assert (kept.status, kept.headers["Connection"]) == (status, None), "the line stays"
    line.close()
