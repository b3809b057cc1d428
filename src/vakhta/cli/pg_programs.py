"""PostgreSQL's own programs for a server: of its major version, Debian's, of the PATH or of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vakhta.cli.main import Mistake


def program(name: str, major: int) -> str:
    """`pg_dump`, `pg_restore`, `psql` of this major version; `Mistake` says which package has it. Of the
    same version: a dump by a newer one has settings in it that an older server does not know."""
    for folder in _folders(major):
        path = folder / name
        if path.exists() and _major(path) == major:
            return str(path)
    raise Mistake(
        f"нет программы {name} для PostgreSQL {major}: установите пакет postgresql-client-{major} и повторите."
    )


def _folders(major: int) -> Iterator[Path]:
    from vakhta.cli.embedded_postgres import binaries

    yield Path(f"/usr/lib/postgresql/{major}/bin")
    found = shutil.which("pg_dump")
    if found:
        yield Path(found).parent
    yield binaries()


def _major(path: Path) -> int:
    said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False).stdout  # nosec B603  # a program that the machine's owner has installed, no shell
    found = re.search(r" (\d+)", said)
    return int(found[1]) if found else 0


def environment(address: dict[str, Any]) -> dict[str, str]:
    """A Django database as libpq reads it; the password never stands in the words of a command."""
    names = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",  # nosec B105  # the name of a variable
        "NAME": "PGDATABASE",
    }
    said = {theirs: str(address[ours]) for ours, theirs in names.items() if address.get(ours)}
    return {**os.environ, **said, "PGCONNECT_TIMEOUT": "10", "LC_ALL": "C.UTF-8"}
