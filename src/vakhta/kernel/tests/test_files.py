"""Where attached bytes lie, and what is never taken."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from vakhta.kernel import files
from vakhta.kernel.refusal import Invalid

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
JPEG = b"\xff\xd8\xff\xe0" + b"j" * 50
WEBP = b"RIFF\x24\0\0\0WEBPVP8 "
PDF = b"%PDF-1.7\n" + b"p" * 50
PNG = b"\x89PNG\r\n\x1a\n" + b"n" * 50


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path


def upload(content: bytes, name: str = "фото.jpg", kind: str = "text/html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp"), (HEIC, "image/heic"), (PDF, "application/pdf")],
)  # fmt: skip
def test_the_content_tells_the_kind_and_not_the_name(content: bytes, kind: str) -> None:
    stored = files.store(upload(content, "страница.html"))
    assert (stored.media_type, stored.size) == (kind, len(content))
    with files.opened(stored.digest) as kept:
        assert kept.read() == content


def test_bytes_lie_once_under_their_digest(tmp_path: Path) -> None:
    digest = hashlib.sha256(JPEG).hexdigest()
    assert files.store(upload(JPEG)).digest == files.store(upload(JPEG, "другое.jpg")).digest == digest
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()] == [
        f"files/{digest[:2]}/{digest[2:]}"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<html><script>alert(1)</script>", "можно фото"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "можно фото"),
     (b"GIF89a" + b"x" * 40, "можно фото"), (b"PK\x03\x04docx", "можно фото"), (b"MZ" + b"\0" * 60, "можно фото"),
     (b"", "пуст"), (b" %PDF-1.7", "можно фото"), (b"\0\0\0\x18ftypqt  ", "можно фото")],
)  # fmt: skip
def test_other_kinds_are_refused_and_leave_nothing(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        files.store(upload(content), "photo")
    assert refused.value.field == "photo"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_one_byte_over_the_limit_is_refused(tmp_path: Path) -> None:
    with override_settings(MAX_UPLOAD_MB=1):
        files.store(upload(JPEG.ljust(1024 * 1024, b"j")))
        with pytest.raises(Invalid, match="больше 1 МБ"):
            files.store(upload(JPEG.ljust(1024 * 1024 + 1, b"j")))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_size_that_lies_is_counted_while_it_is_written(tmp_path: Path) -> None:
    lying = upload(JPEG.ljust(1024 * 1024 + 1, b"j"))
    lying.size = 10
    with override_settings(MAX_UPLOAD_MB=1), pytest.raises(Invalid, match="больше 1 МБ"):
        files.store(lying)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_full_disk_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(files.NoSpace, match="кончилось место"):
        files.store(upload(JPEG))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def sent(**parts: object) -> HttpRequest:
    return RequestFactory().post("/", {"csrfmiddlewaretoken": "t", **parts})


def test_a_file_over_the_limit_is_cut_off_while_it_arrives() -> None:
    with override_settings(MAX_UPLOAD_MB=1):
        request = sent(
            photo=[upload(b"x" * (3 * 1024 * 1024), "большое.jpg"), upload(JPEG, "малое.jpg")], note="слова"
        )
        assert [file.name for file in request.FILES.getlist("photo")] == ["малое.jpg"]
    assert getattr(request, files.TOO_BIG) == ("большое.jpg",)
    assert request.POST["note"] == "слова"
    request.close()


# ── Sweeping ─────────────────────────────────────────────────────────────────────────────────

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


def stored(content: bytes, age: timedelta = timedelta(days=2)) -> Path:
    """A content in its place, written so long ago."""
    path = files.path_of(files.store(upload(content)).digest)
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def swept(path: Path, named: set[str] = frozenset()) -> int:  # type: ignore[assignment]
    return files.sweep(int(path.parent.name, 16), before=YESTERDAY, known=lambda asked: named & set(asked))


def test_what_no_row_names_is_removed_after_a_day() -> None:
    path = stored(JPEG)
    assert swept(path) == 1
    assert not path.exists() and list(path.parent.iterdir()) == []


def test_what_a_row_names_stays_for_ever() -> None:
    path = stored(JPEG, timedelta(days=3000))
    assert swept(path, {path.parent.name + path.name}) == 0
    assert path.read_bytes() == JPEG


def test_what_is_young_stays_for_its_row_may_not_be_committed_yet() -> None:
    path = stored(JPEG, timedelta(hours=23))
    assert swept(path) == 0 and path.exists()


def test_a_content_that_comes_again_is_young_again() -> None:
    """The old bytes are nobody's, the new upload's row is not committed yet."""
    path = stored(JPEG)
    files.store(upload(JPEG))
    assert swept(path) == 0 and path.read_bytes() == JPEG


def test_a_content_that_comes_again_while_it_is_swept_stays() -> None:
    path = stored(JPEG)

    def known(asked: list[str]) -> set[str]:
        files.store(upload(JPEG))
        return set()

    assert files.sweep(int(path.parent.name, 16), before=YESTERDAY, known=known) == 0
    assert path.read_bytes() == JPEG


def test_an_upload_that_a_crash_broke_off_is_removed(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    broken, arriving = tmp_path / "files" / "incoming-a", tmp_path / "files" / "incoming-b"
    for path, age in ((broken, 2), (arriving, 0)):
        path.write_bytes(b"half")
        moment = (NOW - timedelta(days=age)).timestamp()
        os.utime(path, (moment, moment))
    assert files.sweep(0, before=YESTERDAY, known=lambda asked: pytest.fail("nothing to ask about")) == 1
    assert not broken.exists() and arriving.exists()
