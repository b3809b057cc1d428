"""Behind TLS the browser is told to come by TLS only, and nowhere else: a service on plain HTTP must stay reachable."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import httpx
import pytest

from tests.cast import Cast
from tests.stories.running import free_port
from tests.stories.test_logs import await_answer


@pytest.mark.parametrize(
    ("tls", "scheme", "has_it"),
    [("1", "https", True), ("1", "http", False), ("0", "https", False), ("0", "", False)],
)
def test_hsts_is_said_behind_tls_alone(
    people: Cast, start: Callable[..., subprocess.Popen[bytes]], tls: str, scheme: str, has_it: bool
) -> None:
    """`scheme`: what the proxy says in X-Forwarded-Proto; without VAKHTA_TLS anybody may have written it."""
    port = free_port()
    process = start("serve", VAKHTA_PORT=str(port), VAKHTA_TLS=tls, VAKHTA_ALLOWED_HOSTS="127.0.0.1")
    await_answer(f"http://127.0.0.1:{port}/health/live", process)
    said = {"X-Forwarded-Proto": scheme} if scheme else {}
    answer = httpx.get(f"http://127.0.0.1:{port}/sign-in/", headers=said)
    assert answer.status_code == 200
    told = answer.headers.get("Strict-Transport-Security", "")
    assert told.startswith("max-age=31536000") if has_it else told == ""
    cookies = answer.headers.get_list("Set-Cookie")
    assert cookies and all(("Secure" in cookie) == (tls == "1") for cookie in cookies)
