"""`vakhta backup`: the database, the files and the journal's signed head, as one file.

The dump and the head are of one snapshot. Files are taken after it: their bytes never change and are
not deleted while a row names them, so what the snapshot names is there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vakhta.cli import archive
from vakhta.cli.main import Mistake, anchor_key
from vakhta.cli.office import find_service
from vakhta.cli.pg_programs import environment, program
from vakhta.kernel.reasons import database_reason, reason


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("backup", help="резервная копия: база, файлы, отметка журнала")
    parser.add_argument("--to", metavar="DIR", help="куда; без него — папка backups в папке данных")
    parser.add_argument(
        "--keep", type=int, metavar="N", help="оставить в папке N последних копий, прежние удалить"
    )


def run(args: argparse.Namespace) -> int:
    if args.keep is not None and args.keep < 1:
        raise Mistake(f"--keep={args.keep}: нужно целое число больше нуля.")
    find_service()
    from django.conf import settings

    from vakhta.kernel import clock

    owner_address()
    anchor_key()
    folder = Path(args.to) if args.to else settings.DATA_DIR / "backups"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"--to={folder}: папка недоступна ({reason(error)}).") from error
    made, manifest = make(folder, clock.now())
    print(
        f"Копия: {made} ({made.stat().st_size / 1e6:.1f} МБ), записей журнала {manifest.anchor['entry']}, "
        f"файлов {manifest.files}. Ключей в ней нет: храните VAKHTA_SECRET_KEY и VAKHTA_ANCHOR_KEY отдельно."
    )
    for old in forget(folder, args.keep) if args.keep else ():
        print(f"Удалена прежняя: {old.name}")
    if manifest.lost:
        print(f"✗ Файлов нет в папке данных, хотя заявки их называют: {len(manifest.lost)}.", file=sys.stderr)
        return 1
    return 0


def owner_address() -> dict[str, Any]:
    """The database under its owner, who sees all rows. Raises `Mistake`."""
    from django.conf import settings

    address: dict[str, Any] = settings.DATABASES["owner"]
    if not settings.OPTIONS["VAKHTA_OWNER_DATABASE_URL"]:
        raise Mistake("не задана VAKHTA_OWNER_DATABASE_URL: под ролью приложения видны не все строки.")
    return address


def make(folder: Path, at: datetime) -> tuple[Path, archive.Manifest]:
    """Writes one backup into `folder`; its file and what is in it."""
    from django.conf import settings

    data: Path = settings.DATA_DIR
    path = folder / at.astimezone(UTC).strftime("vakhta-%Y-%m-%dT%H%M%SZ.tar")
    with tempfile.TemporaryDirectory(prefix=".vakhta-backup-", dir=folder) as beside:
        dump = Path(beside) / archive.DUMP
        said, digests = _dump(dump, at)
        there = [f"files/{digest[:2]}/{digest[2:]}" for digest in digests]
        names = [name for name in there if (data / name).exists()]
        anchors = sorted(f"anchors/{file.name}" for file in (data / "anchors").glob("*.json"))
        manifest = archive.Manifest(
            format=archive.FORMAT,
            version=version("vakhta"),
            made_at=at.astimezone(UTC).isoformat(),
            dump=archive.sha256_of(dump),
            dump_bytes=dump.stat().st_size,
            files=len(names),
            file_bytes=sum((data / name).stat().st_size for name in names),
            anchors=len(anchors),
            lost=sorted(set(digests) - {name[6:8] + name[9:] for name in names}),
            **said,
        )
        print(f"Собираю копию: файлов {len(names)}…", flush=True)
        archive.write(path, manifest, dump, data, [*anchors, *names])
    return path, manifest


def _dump(dump: Path, at: datetime) -> tuple[dict[str, Any], list[str]]:
    """(what the manifest says of the database, digests of the files that its rows name), of the very
    snapshot that is dumped."""
    from django.conf import settings
    from django.db import Error, connections, transaction

    from vakhta.kernel.journal import GENESIS
    from vakhta.kernel.verify import sign

    connection = connections["owner"]
    try:
        with transaction.atomic(using="owner"), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000")
            snapshot, major = cursor.fetchone()
            cursor.execute("SELECT id, hash FROM journal_entry ORDER BY id DESC LIMIT 1")
            entry, value = cursor.fetchone() or (0, GENESIS)
            cursor.execute("SELECT DISTINCT digest FROM tickets_ticketfile ORDER BY 1")
            digests = [str(row[0]) for row in cursor.fetchall()]
            print(f"Выгружаю базу: записей журнала {entry}…", flush=True)
            _run_dump(program("pg_dump", major), str(snapshot), dump)
            heads = migration_heads(connection)
    except Error as error:
        raise Mistake(f"база недоступна: {database_reason(error)}") from error
    finally:
        connection.close()
    anchor = sign(anchor_key(), int(entry), bytes(value).hex(), at)
    roles = {alias: str(settings.DATABASES[alias]["USER"]) for alias in ("default", "owner")}
    return {"server": major, "roles": roles, "migrations": heads, "anchor": asdict(anchor)}, digests


def _run_dump(words: str, snapshot: str, dump: Path) -> None:
    from django.conf import settings

    made = subprocess.run(  # nosec B603  # the found pg_dump, words of our own, no shell
        [words, "--format=custom", f"--snapshot={snapshot}", f"--file={dump}", "--no-password"],
        env=environment(settings.DATABASES["owner"]), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise Mistake(f"база не выгружена: {(made.stderr.strip().splitlines() or ['без объяснений'])[-1]}")


def migration_heads(connection: Any) -> dict[str, list[str]]:
    """App → its newest applied migrations."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations)
    heads: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        key = (app, name)
        children = loader.graph.node_map[key].children if key in loader.graph.node_map else set()
        if not any(child.key[0] == app and child.key in applied for child in children):
            heads.setdefault(app, []).append(name)
    return heads


def forget(folder: Path, keep: int) -> list[Path]:
    """Removes all but the newest `keep` backups; other files in the folder are left alone."""
    known = sorted(path for path in folder.glob("vakhta-*.tar") if archive.NAME.fullmatch(path.name))
    for path in known[:-keep]:
        path.unlink(missing_ok=True)
    return known[:-keep]
