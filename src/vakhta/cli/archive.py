"""A backup as one file: a tar of `manifest.json`, its checksum, `database.dump` (PostgreSQL's custom
format), `anchors/…` and `files/ab/cdef…`, the contents that the dump's rows name.

No keys are inside: whoever finds a backup has its data, and still cannot sign as the service.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from vakhta.cli.main import Mistake

FORMAT = 1
MANIFEST, CHECKSUM, DUMP = "manifest.json", "manifest.sha256", "database.dump"
_CONTENT = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{62}")
_ANCHOR = re.compile(r"anchors/[0-9TZ-]{10,20}\.json")
PIECE = 1 << 20
"""Bytes that are read at once."""
NAME = re.compile(r"vakhta-\d{4}-\d\d-\d\dT\d{6}Z\.tar")
"""Of a backup's file; its moment is UTC."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `migrations`: app → names of its newest ones; `server`: PostgreSQL's major
    version; `roles`: names of the owner and of the application's role; `anchor`: the journal's signed head,
    as in a file of `anchors`; `dump`: SHA-256 of the dump; `files`, `file_bytes`: how many contents;
    `lost`: digests that rows name and the data folder has not."""

    format: int
    version: str
    made_at: str
    server: int
    roles: dict[str, str]
    migrations: dict[str, list[str]]
    anchor: dict[str, Any]
    dump: str
    dump_bytes: int
    files: int
    file_bytes: int
    anchors: int
    lost: list[str]


Progress = Callable[[int, int], None]
"""(bytes done, bytes in all)"""


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, manifest: Manifest, dump: Path, folder: Path, names: list[str]) -> None:
    """Whole or not at all. `names`: what is taken from the data folder, as it is called in the tar."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with open(beside, "wb", opener=_private) as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                text = json.dumps(dataclasses.asdict(manifest), ensure_ascii=False, indent=1).encode()
                _add(tar, MANIFEST, text)
                _add(tar, CHECKSUM, hashlib.sha256(text).hexdigest().encode())
                for name, source in ((DUMP, dump), *((name, folder / name) for name in names)):
                    with source.open("rb") as content:
                        tar.addfile(_info(name, source.stat().st_size), content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    """People stand in it: only its owner may read it."""
    return os.open(path, flags, 0o600)


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _add(tar: tarfile.TarFile, name: str, text: bytes) -> None:
    tar.addfile(_info(name, len(text)), io.BytesIO(text))


class Damaged(Mistake):
    def __init__(self, why: str) -> None:
        super().__init__(f"копия повреждена ({why}): ничего не изменено. Возьмите другую.")


@contextmanager
def opened(path: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """The manifest and the tar behind it. Raises `Mistake`."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield _manifest(tar), tar
    except (tarfile.TarError, EOFError) as error:
        raise Damaged("файл не дочитать: он оборван или это не копия Вахты") from error
    except FileNotFoundError as error:
        raise Mistake(f"{path}: такого файла нет.") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    text, said = (_read(tar, name) for name in (MANIFEST, CHECKSUM))
    if hashlib.sha256(text).hexdigest().encode() != said:
        raise Damaged("опись не сходится со своей контрольной суммой")
    found = json.loads(text)
    if found.get("format") != FORMAT:
        raise Mistake(
            f"копия другого вида ({found.get('format')}): её сделала более новая Вахта. Обновите программу."
        )
    return Manifest(**found)


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.next()
    if member is None or member.name != name or not member.isreg() or member.size > 64 * PIECE:
        raise Damaged(f"нет {name}: это не копия Вахты")
    content = tar.extractfile(member)
    assert content is not None
    return content.read()


def contents(tar: tarfile.TarFile) -> Iterator[tuple[str, tarfile.TarInfo, IO[bytes]]]:
    """(name, member, bytes) of the dump, the anchors and the files; anything else is a damage."""
    while (member := tar.next()) is not None:
        is_known = member.name == DUMP or _CONTENT.fullmatch(member.name) or _ANCHOR.fullmatch(member.name)
        content = tar.extractfile(member) if member.isreg() and is_known else None
        if content is None:
            raise Damaged(f"лишнее: {member.name[:80]!r}")
        yield member.name, member, content


def verify(path: Path, progress: Progress) -> Manifest:
    """Reads all of it and compares with the manifest; changes nothing. Raises `Damaged`."""
    counted = {"dump": 0, "files": 0, "anchors": 0}
    done, whole = 0, path.stat().st_size if path.exists() else 0
    with opened(path) as (manifest, tar):
        for name, member, content in contents(tar):
            digest = _digest(content)
            if name == DUMP and digest != manifest.dump:
                raise Damaged("выгрузка базы изменена")
            kind = "dump" if name == DUMP else name.partition("/")[0]
            if kind == "files" and digest != name.removeprefix("files/").replace("/", ""):
                raise Damaged(f"файл {name} изменён")
            counted[kind] += 1
            done = member.offset_data + member.size
            progress(done, whole)
    wanted = {"dump": 1, "files": manifest.files, "anchors": manifest.anchors}
    if counted != wanted:
        raise Damaged(f"есть {counted}, а записано {wanted}")
    return manifest


def _digest(content: IO[bytes]) -> str:
    sha = hashlib.sha256()
    while piece := content.read(PIECE):
        sha.update(piece)
    return sha.hexdigest()


def save(content: IO[bytes], path: Path) -> None:
    """One content into its place, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "wb", opener=_private) as out:
            while piece := content.read(PIECE):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
