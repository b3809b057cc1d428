"""Our own PostgreSQL: what it survives, and how it says what it does not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vakhta.cli import embedded_postgres
from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres
from vakhta.cli.main import Mistake


@pytest.fixture
def own(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "postgres", settings={"max_connections": "20"})
    yield server
    server.stop()


def test_it_keeps_what_was_committed_across_kill_and_restart(own: EmbeddedPostgres) -> None:
    process = own.start()
    with own.connect(OWNER, "vakhta") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    own.start()
    with own.connect(OWNER, "vakhta") as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_the_application_is_weak_and_no_port_is_open(own: EmbeddedPostgres) -> None:
    own.start()
    with psycopg.connect(own.url(APP)) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, False, False, False)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_nobody_else_reaches_the_socket_and_its_folder_goes_with_the_server(own: EmbeddedPostgres) -> None:
    own.start()
    assert {path.stat().st_mode & 0o777 for path in (own.folder, own.sockets)} == {0o700}
    own.stop()
    assert not own.sockets.exists()


def test_a_server_left_over_from_before_is_ended_and_its_folder_taken(own: EmbeddedPostgres) -> None:
    before = own.start()
    other = EmbeddedPostgres(own.folder)
    other.start()
    assert before.wait() == 0
    other.stop()


def test_a_folder_of_another_version_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("13\n")
    with pytest.raises(Mistake, match=r"от PostgreSQL 13, а этот — 18.*VAKHTA_DATA_DIR"):
        EmbeddedPostgres(tmp_path).start()
    assert [path.name for path in tmp_path.iterdir()] == ["PG_VERSION"]


def test_a_folder_whose_version_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_bytes(b"\xac\xff\x00broken")
    with pytest.raises(Mistake, match=r"PG_VERSION не читается.*VAKHTA_DATA_DIR"):
        EmbeddedPostgres(tmp_path).start()


def test_a_full_disk_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 99, 1))
    with pytest.raises(Mistake, match=r"^на диске с папкой \S+ меньше 200 МБ: освободите место\.$"):
        EmbeddedPostgres(tmp_path / "postgres").start()


def test_a_folder_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Mistake, match=r"^папка данных \S+ недоступна: "):
        EmbeddedPostgres(tmp_path / "file" / "postgres").start()


def test_a_damaged_folder_says_why_and_where_the_log_is(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text(f"{embedded_postgres.VERSION}\n")
    with pytest.raises(Mistake, match=r"^PostgreSQL не запустился: .*журнал: \S+postgres\.log"):
        EmbeddedPostgres(folder).start()


def test_a_broken_off_creation_leaves_nothing_and_is_done_again(own: EmbeddedPostgres) -> None:
    half = own.folder.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    own.start()
    assert not half.exists()


def test_a_note_stays_with_the_database_and_goes_with_it(own: EmbeddedPostgres) -> None:
    own.start()
    assert own.note() == ""
    own.set_note("it's made")
    own.stop()
    own.start()
    assert own.note() == "it's made"
    with own.connect(OWNER, "vakhta") as connection:
        connection.execute("CREATE TABLE half_made ()")
    own.empty()
    assert own.note() == ""
    with own.connect(OWNER, "vakhta") as connection:
        assert connection.execute("SELECT to_regclass('half_made')").fetchone() == (None,)


def test_programs_that_are_not_there_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"^в папке \S+ нет программ PostgreSQL: нужны postgres и initdb$"):
        EmbeddedPostgres(tmp_path / "postgres", programs=tmp_path)


def test_where_namespaces_are_forbidden_the_project_may_lie_in_a_home_that_only_root_opens(
    tmp_path: Path,
) -> None:
    if os.geteuid():
        assert embedded_postgres._as_ordinary_user() == ()  # whoever is not root stays who they are
        return
    tmp_path.chmod(0o700)
    program = tmp_path / "postgres"
    shutil.copy(shutil.which("true") or "", program)
    look = f"import os, sys; sys.exit(not (os.getuid() and os.access({str(program)!r}, os.X_OK)))"
    words = [*embedded_postgres._as_user("daemon"), sys.executable, "-c", look]
    assert subprocess.run(words, check=False).returncode == 0
