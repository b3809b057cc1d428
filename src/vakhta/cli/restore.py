"""`vakhta restore FILE`: puts a backup back and shows that it is whole.

Everything is checked before anything is changed. The database changes in one transaction: either the
backup stands in it or what was there before.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from vakhta.cli import archive
from vakhta.cli.backup import owner_address
from vakhta.cli.main import Mistake
from vakhta.cli.office import find_service
from vakhta.cli.pg_programs import environment, program
from vakhta.kernel.reasons import database_reason

PATIENCE = "10s"
"""So long we wait for others to leave the tables that are replaced."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("restore", help="восстановить из резервной копии")
    parser.add_argument("file", metavar="FILE", help="файл, который сделала vakhta backup")
    parser.add_argument("--replace", action="store_true", help="база не пуста: заменить всё, что в ней есть")
    parser.add_argument(
        "--without-anchor",
        action="store_true",
        help="прежний ключ отметок утерян: проверить журнал без отметки",
    )


def run(args: argparse.Namespace) -> int:
    find_service()
    owner_address()
    path = Path(args.file)
    print("1/5 Проверяю копию…", flush=True)
    manifest = archive.verify(path, _progress)
    anchor = None if args.without_anchor else _anchor(manifest)
    print(
        f"    копия от {_local(manifest.made_at)}, Вахта {manifest.version}, записей журнала {manifest.anchor['entry']}, "
        f"файлов {manifest.files}"
    )
    major = _check_target(manifest, may_replace=args.replace)
    print("2/5 Возвращаю файлы…", flush=True)
    with tempfile.TemporaryDirectory(prefix=".vakhta-restore-", dir=_data()) as beside:
        dump = _unpack(path, Path(beside))
        print("3/5 Возвращаю базу…", flush=True)
        _load(dump, major)
    print("4/5 Обновляю таблицы…", flush=True)
    _migrate()
    print("5/5 Проверяю журнал и файлы…", flush=True)
    return _prove(manifest, anchor)


def _local(moment: str) -> str:
    """A moment of the manifest as the service's clock shows it, «30.11.2026 23:08 (МСК)»."""
    from django.conf import settings

    from vakhta.kernel.words import zone_words

    at = datetime.fromisoformat(moment)
    zone: str = settings.TIME_ZONE
    return f"{at.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M} ({zone_words(zone, at)})"


def _data() -> Path:
    from django.conf import settings

    folder: Path = settings.DATA_DIR
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _progress(done: int, whole: int) -> None:
    if sys.stderr.isatty() and whole:
        print(f"\r    {done * 100 // whole} %", end="" if done < whole else "\n", file=sys.stderr, flush=True)


def _anchor(manifest: archive.Manifest) -> Any:
    """The journal's head as it was signed; `Mistake` when it was signed with another key."""
    import json

    from django.conf import settings

    from vakhta.kernel.verify import read_anchor

    try:
        return read_anchor(json.dumps(manifest.anchor), settings.ANCHOR_KEY)
    except ValueError:
        raise Mistake(
            "отметка журнала в копии заверена другим ключом: задайте прежний VAKHTA_ANCHOR_KEY. Если он утерян, "
            "повторите с --without-anchor: журнал проверится сам по себе."
        ) from None


def _check_target(manifest: archive.Manifest, *, may_replace: bool) -> int:
    """May this backup go there? The server's major version. Changes nothing."""
    from django.conf import settings
    from django.db import Error, connections

    for alias, name in manifest.roles.items():
        if settings.DATABASES[alias]["USER"] != name:
            variable = "DATABASE_URL" if alias == "default" else "VAKHTA_OWNER_DATABASE_URL"
            raise Mistake(f"права в копии выданы роли {name}: заведите её и назовите в {variable}.")
    unknown = _unknown_migrations(manifest)
    if unknown:
        raise Mistake(
            f"копию сделала более новая Вахта ({manifest.version}): обновите программу. Не знаем: {unknown}."
        )
    try:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000, "
                "(SELECT count(*) FROM pg_tables WHERE schemaname = 'public')"
            )
            major, tables = cursor.fetchone()
    except Error as error:
        raise Mistake(f"база недоступна: {database_reason(error)}") from error
    finally:
        connections["owner"].close()
    if major < manifest.server:
        raise Mistake(
            f"копия сделана с PostgreSQL {manifest.server}, а этот сервер — {major}: нужен не старше."
        )
    if tables and not may_replace:
        raise Mistake(
            f"база не пуста (таблиц {tables}): ничего не изменено. Восстановите в пустую или повторите с --replace."
        )
    return int(major)


def _unknown_migrations(manifest: archive.Manifest) -> str:
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None).disk_migrations)
    return ", ".join(
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if (app, name) not in known
    )


def _unpack(path: Path, beside: Path) -> Path:
    """Files and anchors into the data folder, the dump beside; the dump's path. A file that is there
    already is of the same bytes: its name says so."""
    data, dump = _data(), beside / archive.DUMP
    with archive.opened(path) as (_manifest, tar):
        for name, _member, content in archive.contents(tar):
            target = dump if name == archive.DUMP else data / name
            if not target.exists() or _is_other(target, name):
                archive.save(content, target)
    return dump


def _is_other(path: Path, name: str) -> bool:
    """A content of the data folder that is not what its name says."""
    return name.startswith("files/") and archive.sha256_of(path) != name.removeprefix("files/").replace(
        "/", ""
    )


def _load(dump: Path, major: int) -> None:
    """pg_restore makes SQL, psql takes it within one transaction; COMMIT is said only when pg_restore has
    ended well, so a pipe that breaks leaves what was there before."""
    from django.conf import settings

    env = environment(settings.DATABASES["owner"])
    words = [program("pg_restore", major), "--file=-", "--no-owner", str(dump)]
    asked = [
        program("psql", major),
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "-v",
        "ON_ERROR_STOP=1",
        "-o",
        "/dev/null",
    ]
    with tempfile.TemporaryFile() as said:
        made = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=said)  # nosec B603  # the found pg_restore, words of our own, no shell
        taken = subprocess.Popen(  # nosec B603  # psql, words of our own, no shell
            asked, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=env
        )
        assert made.stdout is not None and taken.stdin is not None
        is_whole = _pump(made, made.stdout, taken.stdin)
        if not is_whole:
            made.kill()
        made.wait()
        if taken.wait() or not is_whole:
            said.seek(0)
            raise Mistake(
                f"база не восстановлена, в ней то же, что было: {_why(said.read().decode(errors='replace'))}"
            )


def _pump(made: subprocess.Popen[bytes], source: IO[bytes], into: IO[bytes]) -> bool:
    """True when all of it and the COMMIT were sent."""
    try:
        into.write(
            f"BEGIN; SET LOCAL lock_timeout = '{PATIENCE}'; DROP OWNED BY CURRENT_USER CASCADE;\n".encode()
        )
        shutil.copyfileobj(source, into, archive.PIECE)
        if made.wait():
            return False
        into.write(b"\nCOMMIT;\n")
        into.close()
    except BrokenPipeError:  # psql has stopped at an error and says which
        return False
    finally:
        source.close()
        if not into.closed:
            with contextlib.suppress(BrokenPipeError):
                into.close()
    return True


def _why(said: str) -> str:
    lines = [line for line in said.splitlines() if "ERROR" in line or "error" in line]
    if any("lock timeout" in line for line in lines):
        return "таблицы заняты. Остановите все службы Вахты и повторите"
    return lines[0] if lines else "без объяснений"


def _migrate() -> None:
    from django.db import connections

    from vakhta.cli.migrate import migrate

    connections.close_all()
    migrate()


def _prove(manifest: archive.Manifest, anchor: Any) -> int:
    """Is the journal whole up to the signed head, and is every file there that a row names?"""
    from vakhta.kernel.files import path_of
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.kernel.verify import verify
    from vakhta.tickets.models import TicketFile

    with reading(Scope.system("restore")):
        verdict = verify(anchor)
        digests = set(TicketFile.objects.values_list("digest", flat=True))
    if not verdict.is_whole or verdict.checked != manifest.anchor["entry"]:
        print(f"Журнал повреждён. Запись {verdict.entry}: {verdict.problem}.")
        return 1
    lost = {digest for digest in digests if not path_of(digest).exists()} - set(manifest.lost)
    if lost:
        print(f"Файлов не хватает: {len(lost)}.")
        return 1
    print(
        f"Восстановлено. Журнал цел: записей {verdict.checked}, отпечаток {verdict.head[:16]}; файлов {len(digests)}."
    )
    if manifest.lost:
        print(f"Файлов не было уже в копии: {len(manifest.lost)}.")
    return 0
