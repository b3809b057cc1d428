"""What `vakhta clock` does between deadlines: anchors, files that are nobody's; a full disk stops nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.kernel import anchors, clock, files
from vakhta.kernel.journal import acting
from vakhta.tickets.files import attach_file
from vakhta.wiring import keep_house

NAMED, NAMELESS = b"\xff\xd8\xff\xe0 named", b"\xff\xd8\xff\xe0 nameless"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path / "data"


def old(digest: str) -> Path:
    path = files.path_of(digest)
    moment = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(path, (moment, moment))
    return path


def a_round() -> None:
    """A clock's minutes until every folder has had its turn."""
    now = clock.now()
    for minute in range(256):
        keep_house(now + timedelta(minutes=minute))


def test_in_a_round_of_minutes_what_no_ticket_names_goes_and_the_rest_stays(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="8 900 000-15-42")
        ticket = contacts.register(row.pk, classifier="flat.taps", description="капает")
        attached = attach_file(ticket.pk, SimpleUploadedFile("a.jpg", NAMED))
    named = old(attached.digest)
    nameless = old(files.store(SimpleUploadedFile("b.jpg", NAMELESS)).digest)
    a_round()
    assert named.read_bytes() == NAMED and not nameless.exists()


def test_the_hour_has_its_anchor(db: None) -> None:
    keep_house(datetime(2026, 11, 25, 1, 20, tzinfo=UTC))
    keep_house(datetime(2026, 11, 25, 1, 21, tzinfo=UTC))
    assert [path.name for path in anchors.folder().iterdir()] == ["2026-11-25T01.json"]


def test_a_folder_that_cannot_be_written_stops_no_deadline(db: None, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    keep_house(clock.now())
    assert anchors.newest() is None
