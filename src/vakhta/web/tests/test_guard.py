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


def test_a_program_is_told_so_in_json() -> None:
    answer = Client(HTTP_HOST="ads.example.org").get("/api/v1/interactions/1")
    assert answer.status_code == 400 and "«ads.example.org»" in answer.json()["message"]
