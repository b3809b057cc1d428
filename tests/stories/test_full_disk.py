"""The database's disk is full: people are told so, what was accepted is held, what only reads goes on, and the same
request is taken when there is room again."""

from __future__ import annotations

import errno
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.stories.lacking import lacks
from vakhta.cli.embedded_postgres import EmbeddedPostgres
from vakhta.contacts.models import Interaction
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.web.tests.steps import registered

pytestmark = pytest.mark.slow

SIZE = "96m"
MANY = 3000
"""Tries until the disk is full: each needs some pages."""


@pytest.fixture
def small_disk(people: Cast, committed: str, server: EmbeddedPostgres) -> Iterator[Path]:
    """The test's database lies on a disk of its own of `SIZE`."""
    folder = Path(tempfile.mkdtemp(prefix="disk-", dir=server.folder.parent))
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=False
    ).returncode:
        folder.rmdir()
        lacks("права монтировать", remedy="станьте root")
    try:
        known = server.folder.stat()
        space = folder / "space"
        for each in (folder, space):
            each.mkdir(exist_ok=True)
            os.chown(each, known.st_uid, known.st_gid)
        connections.close_all()
        with server.connect() as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            connection.execute(f"ALTER DATABASE {committed} SET TABLESPACE small")
        yield folder
    finally:
        connections.close_all()
        with server.connect() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {committed} WITH (FORCE)")
            connection.execute("DROP TABLESPACE IF EXISTS small")
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


def fill(disk: Path) -> Path:
    """Not a page of room is left."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError as error:
            assert error.errno == errno.ENOSPC
    return path


def words(number: int, length: int) -> str:
    return "".join(Random(number).choices("абвгдежзиклмнопрстуфхцчшэюя0123456789", k=length))


def send(people: Cast, number: int) -> Any:
    """A partner's contact; a long text needs room of its own."""
    return Client(raise_request_exception=False).post(
        "/api/v1/interactions",
        {"channel": "web", "text": words(number, 9000)},
        "application/json",
        headers={"Authorization": f"Bearer {people.token}", "Idempotency-Key": f"full-{number}"},
    )


def test_a_full_disk_is_said_and_nothing_accepted_is_lost(people: Cast, small_disk: Path) -> None:
    desk = Client(raise_request_exception=False)
    desk.force_login(people.ivanova.user)
    ticket = registered(people)
    filler, accepted = fill(small_disk), list[int]()

    for number in range(MANY):
        if (answer := send(people, number)).status_code != 201:
            break
        accepted.append(answer.json()["id"])
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "кончилось место" in answer.json()["message"]

    comment, url = (
        reverse("console:comment", args=[ticket.number]),
        reverse("console:ticket", args=[ticket.number]),
    )
    for each in range(MANY):
        told = desk.post(comment, {"text": words(each, 1900)}, headers={"HX-Request": "true"})
        if told.status_code != 302:
            break
    assert told.status_code == 503 and told["HX-Retarget"] == "#alerts", "said above the form, which stays"
    assert "На диске базы данных кончилось место, ничего не записано" in told.content.decode()
    for page in ("/console/queue/", "/console/threatened/", "/board/"):
        assert desk.get(page).status_code == 200, "what only reads goes on"
    card = desk.get(url)  # who looked is written too, and nobody looks at a person unwritten
    assert card.status_code == 503 and "кончилось место" in card.content.decode()

    filler.unlink()
    again = send(people, number)
    assert again.status_code == 201
    with reading(Scope.system("test")):
        held = set(Interaction.objects.filter(key__contains="full-").values_list("pk", flat=True))
        entries = Counter(
            subject
            for subjects in Entry.objects.filter(kind="InteractionReceived").values_list(
                "subjects", flat=True
            )
            for subject in subjects
        )
    assert held == {*accepted, again.json()["id"]}, "what was refused has left nothing"
    assert {entries[f"interaction/{pk}"] for pk in held} == {1}
