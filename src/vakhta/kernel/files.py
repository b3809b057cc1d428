"""Files that people attach: their bytes, in the data folder under their SHA-256.

`DATA_DIR/files/ab/cdef…` holds each content once. A file is written to a temporary name, synced
and renamed, so a crash leaves either the whole file or nothing under its name. What a rolled-back
transaction has left is swept by `vakhta clock` a day later. What a file is
follows from its first bytes and never from its name or from what the browser said. Files are
served as images or as attachments, never as a page (`headers_of`).
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as marked

from vakhta.kernel.refusal import Invalid, NotFound, Refused

HEAD = 32
"""Bytes that tell what a file is."""
TOO_BIG = "vakhta_too_big"
"""Attribute of a request: names of files that were cut off while they arrived."""
TOGETHER = 12
"""One request may carry as many full-sized files."""

KINDS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "application/pdf": "PDF",
}
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What browsers draw by themselves; everything else is saved."""
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


class NoSpace(Refused):
    """The disk is full."""

    status = 507


@dataclass(frozen=True)
class Kinds:
    """What a place takes: the media type of a head, "" for what it does not take, and its words of refusal."""

    type_of: Callable[[bytes], str]
    not_taken: str
    too_big: str


@dataclass(frozen=True)
class Stored:
    """A stored content: SHA-256 in hex, bytes, media type by content."""

    digest: str
    size: int
    media_type: str


def media_type_of(head: bytes) -> str:
    """The media type that the first `HEAD` bytes tell, "" when it is none of `KINDS`."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return ""


DOCUMENTS = Kinds(
    media_type_of,
    marked("можно фото (JPEG, PNG, WebP, HEIC) или PDF. Если это документ, сохраните его как PDF."),
    marked("Сожмите его или снимите фото поменьше."),
)
TABLES = Kinds(
    lambda head: "application/octet-stream",
    marked("нужна таблица XLSX, CSV или DBF."),
    marked("Разделите его или загрузите командой vakhta import."),
)
"""Any bytes: whoever reads the table tells what is none. It is never served."""


def store(uploaded: UploadedFile[Any], field: str = "file", kinds: Kinds = DOCUMENTS) -> Stored:
    """Writes an upload into the data folder; raises `Invalid` about `field` when it is empty, too
    big or of a kind that is not taken. A content that is there already is not written again. When
    the transaction around it is rolled back the bytes stay, unnamed by any row, until `sweep`."""
    root = Path(settings.DATA_DIR) / "files"
    limit = int(settings.MAX_UPLOAD_MB) * 1024 * 1024
    if uploaded.size is not None and uploaded.size > limit:
        raise Invalid(too_big_words(uploaded.name or "", kinds), field)
    with _room(field):
        root.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="incoming-", dir=root)
        try:
            with os.fdopen(handle, "wb") as out:
                stored = _write(uploaded.chunks(), out, limit, uploaded.name or "", field, kinds)
                out.flush()
                os.fsync(out.fileno())
            _rename(Path(name), path_of(stored.digest))
        finally:
            Path(name).unlink(missing_ok=True)
    return stored


@contextmanager
def _room(field: str = "") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(
                "На сервере кончилось место: файл не сохранён. Сообщите администратору.", field
            ) from error
        raise


def _write(chunks: Iterable[bytes], out: Any, limit: int, name: str, field: str, kinds: Kinds) -> Stored:
    sha, size, head = hashlib.sha256(), 0, b""
    for chunk in chunks:
        head = (head + chunk[:HEAD])[:HEAD] if len(head) < HEAD else head
        size += len(chunk)
        if size > limit:
            raise Invalid(too_big_words(name, kinds), field)
        sha.update(chunk)
        out.write(chunk)
    if not size:
        raise Invalid("Файл «%(name)s» пуст. Выберите другой.", field, name=name[:80])
    kind = kinds.type_of(head)
    if not kind:
        raise Invalid(
            "Файл «%(name)s» не принят: %(not_taken)s",
            field,
            name=name[:80],
            not_taken=gettext(kinds.not_taken),
        )
    return Stored(sha.hexdigest(), size, kind)


def _rename(temporary: Path, final: Path) -> None:
    try:
        os.utime(final)  # it is there: young again, so that no sweep takes it before our row stands
        return
    except FileNotFoundError:
        pass
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def too_big_words(name: str, kinds: Kinds = DOCUMENTS) -> str:
    said = {"name": name[:80], "most": settings.MAX_UPLOAD_MB, "too_big": gettext(kinds.too_big)}
    return gettext("Файл «%(name)s» больше %(most)s МБ. %(too_big)s") % said


SUFFIXES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
}


def name_as(name: str, media_type: str) -> str:
    """The name under which a file is saved: it ends as its content is, so that «act.pdf.html» opens as no page."""
    known = SUFFIXES.get(media_type, (".bin",))
    return name if name.lower().endswith(known) else f"{name}{known[0]}"


def path_of(digest: str) -> Path:
    """Where a content lies, whether it is there or not."""
    return Path(settings.DATA_DIR) / "files" / digest[:2] / digest[2:]


def opened(digest: str) -> Any:
    """The stored bytes, open for reading; `NotFound` when the data folder lacks them."""
    try:
        return path_of(digest).open("rb")
    except FileNotFoundError:
        raise NotFound("Файл записан в журнале, но в хранилище его нет. Сообщите администратору.") from None


def headers_of(media_type: str) -> dict[str, str]:
    """Headers under which a stored file can do nothing to the one who opens it."""
    return {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def sweep(shelf: int, *, before: datetime, known: Callable[[list[str]], Collection[str]]) -> int:
    """Removes what is older than `before` and nobody's: of one of the 256 folders the contents that
    no row names (`known` tells which of these digests one does), and uploads that a crash broke off.
    Returns how many files. One folder at a time, so that a clock between two deadlines can do it."""
    root = Path(settings.DATA_DIR) / "files"
    removed = [_removed(path, before) for path in root.glob("incoming-*")]
    folder = root / f"{shelf:02x}"
    old = {folder.name + path.name: path for path in folder.glob("[0-9a-f]*") if _is_old(path, before)}
    nameless = set(old) - set(known(list(old))) if old else set()
    return sum([*removed, *(_removed(old[digest], before) for digest in sorted(nameless))])


def _is_old(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _removed(path: Path, before: datetime) -> bool:
    """Takes the file aside first and looks again: `store` may have made it young just now."""
    aside = path.with_name(f".{path.name}")
    try:
        if not _is_old(path, before):
            return False
        path.rename(aside)
    except FileNotFoundError:
        return False
    if not _is_old(aside, before):
        aside.rename(path)
        return False
    aside.unlink()
    return True


class LimitedUploads(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: stops a file at the limit while it arrives, before it fills
    memory or disk. The cut file is left out of `request.FILES`; its name stands in `TOO_BIG`."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._arrived = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        limit = int(settings.MAX_UPLOAD_MB) * 1024 * 1024
        self._arrived += len(raw_data)
        self._together = getattr(self, "_together", 0) + len(raw_data)
        if self._arrived <= limit and self._together <= limit * TOGETHER:
            return raw_data
        cut = getattr(self.request, TOO_BIG, ())
        setattr(self.request, TOO_BIG, (*cut, self.file_name or ""))
        if self._together > limit * TOGETHER:
            raise StopUpload(connection_reset=True)
        raise SkipFile

    def file_complete(self, file_size: int) -> None:
        return None


class ArrivingFiles(TemporaryFileUploadHandler):
    """Last of FILE_UPLOAD_HANDLERS: a disk that fills while a file arrives is said, and what has arrived goes at once."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            with _room(self.field_name or ""):
                super().receive_data_chunk(raw_data, start)
        except NoSpace:
            with suppress(OSError):  # what stands in its buffer has no room either
                self.upload_interrupted()
            raise
