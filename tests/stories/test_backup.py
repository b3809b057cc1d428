"""The machine is lost: data folder, database, keys in the hand. A backup brings all of it back."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.stories.lacking import lacks
from tests.stories.running import ALONE, VAKHTA, Running, free_port
from vakhta.cli.archive import NAME
from vakhta.cli.embedded_postgres import ADMIN, APP, OWNER, EmbeddedPostgres
from vakhta.web.tests.steps import photo

pytestmark = pytest.mark.slow

PASSWORD = "слово для возвращения"
MOVING = ("heartbeat", "django_session")
"""Tables that change while nobody works."""


@dataclass(frozen=True)
class Lost:
    """What is left of a service that is gone: backups, keys, and what was true of it."""

    amid_work: Path
    last: Path
    keys: dict[str, str]
    tables: dict[str, str]
    head: int
    mail: str
    file: str
    """The address of an attached photo."""
    ticket: str


def tables_of(server: EmbeddedPostgres) -> dict[str, str]:
    """Table → digest of all of its rows; columns and policies too."""
    with server.connect(ADMIN, "vakhta") as connection:
        names = [
            str(row[0])
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
        ]
        found = {"policies": str(connection.execute(
            "SELECT array_agg(p::text ORDER BY p::text) FROM pg_policies p WHERE schemaname = 'public'"
        ).fetchone())}  # fmt: skip
        found["rights"] = str(connection.execute(
            "SELECT array_agg(g::text ORDER BY g::text) FROM information_schema.role_table_grants g "
            "WHERE table_schema = 'public'"
        ).fetchone())  # fmt: skip
        for name in names:
            if name not in MOVING:
                said = f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t"
                found[name] = str(connection.execute(said).fetchone())
    return found


def signed_in(url: str, mail: str, password: str) -> httpx.Client:
    client = httpx.Client(base_url=url, trust_env=False, timeout=20)
    client.get("/sign-in/")
    said = {"login": mail, "password": password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    answer = client.post("/sign-in/", data=said)
    assert answer.status_code == 302, answer.text[:500]
    return client


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory, settle: Callable[[Path], Path]) -> Lost:
    folder = tmp_path_factory.mktemp("lost")
    safe = folder / "elsewhere"
    demo = Running(settle(folder / "data"), *ALONE)
    try:
        mail = next(line for line in demo.vakhta("staff", "list").stdout.splitlines() if "старш" in line)
        mail = mail.partition("<")[2].partition(">")[0]
        asked = [*VAKHTA, "staff", "password", "--email", mail]
        subprocess.run(asked, env=demo.env, input=PASSWORD + "\n", text=True, check=True, capture_output=True)
        words = ("simulate", "--url", demo.url, "--contacts", "25", "--speed", "5000", "--from-hour", "9")
        work = threading.Thread(target=demo.vakhta, args=words)
        work.start()
        server = EmbeddedPostgres(demo.folder / "postgres")
        demo.wait_for(lambda: tickets_in(server) >= 3, "the simulator has registered tickets")
        amid = backup(demo, safe)
        work.join()
        ticket = newest_ticket(server)
        file = attach(demo.url, mail, ticket)
        last, tables = quiet_backup(demo, server, safe)
        keys = {name: (demo.folder / file_).read_text().strip() for name, file_ in KEYS.items()}
        with server.connect(ADMIN, "vakhta") as connection:
            head = int(str(connection.execute("SELECT max(id) FROM journal_entry").fetchone()[0]))  # type: ignore[index]
    finally:
        demo.stop()
    shutil.rmtree(demo.folder)
    return Lost(amid, last, keys, tables, head, mail, file, ticket)


KEYS = {"VAKHTA_SECRET_KEY": "secret-key", "VAKHTA_ANCHOR_KEY": "anchor-key"}


def tickets_in(server: EmbeddedPostgres) -> int:
    with server.connect(ADMIN, "vakhta") as connection:
        row = connection.execute(
            "SELECT count(*) FROM journal_entry WHERE kind = 'TicketRegistered' AND recorded_at > now() - interval '5 min'"
        ).fetchone()
    return int(str(row[0])) if row else 0


def newest_ticket(server: EmbeddedPostgres) -> str:
    with server.connect(ADMIN, "vakhta") as connection:
        row = connection.execute(
            "SELECT number FROM tickets_ticket WHERE state NOT IN ('merged', 'voided') AND number <> '' "
            "ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])


def attach(url: str, mail: str, ticket: str) -> str:
    with closing(signed_in(url, mail, PASSWORD)) as client:
        page = f"/console/ticket/{ticket}/"
        uploaded = photo()
        said = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = client.post(
            f"{page}file/", data=said, files={"file": ("стояк.png", uploaded.read(), "image/png")}
        )
        assert answer.status_code in (200, 302), answer.text[:500]
        found = re.search(r'"(/console/file/\d+/)"', client.get(page).text)
        assert found, "the ticket shows its photo"
        return found[1]


def backup(demo: Running, to: Path, *more: str) -> Path:
    made = demo.vakhta("backup", "--to", str(to), *more)
    assert made.returncode == 0, made.stdout + made.stderr
    return max(path for path in to.iterdir() if NAME.fullmatch(path.name))


def quiet_backup(demo: Running, server: EmbeddedPostgres, to: Path) -> tuple[Path, dict[str, str]]:
    """A backup before and after which every row was the same: the last letters leave while one is made."""
    for _time in range(20):
        before = tables_of(server)
        made = backup(demo, to)
        if tables_of(server) == before:
            return made, before
    raise AssertionError("the service never came to rest")


class Machine:
    """A new one: an empty database, an empty data folder, the keys of the old one."""

    def __init__(self, folder: Path, keys: dict[str, str], programs: Path | None = None) -> None:
        self.server = EmbeddedPostgres(folder / "postgres", settings={"fsync": "off"}, programs=programs)
        self.server.start()
        self.data, self.port = folder / "data", free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("VAKHTA_")}
        self.env = {
            **clean,
            **keys,
            "VAKHTA_DATA_DIR": str(self.data),
            "VAKHTA_PORT": str(self.port),
            "DATABASE_URL": self.server.url(APP),
            "VAKHTA_OWNER_DATABASE_URL": self.server.url(OWNER),
        }

    def vakhta(self, *words: str, **env: str) -> tuple[int, str]:
        made = subprocess.run(
            [*VAKHTA, *words], env=self.env | env, capture_output=True, text=True, timeout=120, check=False
        )
        return made.returncode, made.stdout + made.stderr


@pytest.fixture
def machine(tmp_path: Path, lost: Lost) -> Iterator[Machine]:
    made = Machine(tmp_path, lost.keys)
    yield made
    made.server.stop()


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (folder / "files").rglob("*")
        if path.is_file()
    }


def test_all_comes_back(lost: Lost, machine: Machine) -> None:
    code, said = machine.vakhta("restore", str(lost.last))
    assert code == 0, said
    assert [line[:3] for line in said.splitlines() if line[1:2] == "/"] == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    assert f"Восстановлено. Журнал цел: записей {lost.head}" in said
    assert re.search(r"копия от \d\d\.\d\d\.\d{4} \d\d:\d\d \(МСК", said), "by the service's clock"
    assert tables_of(machine.server) == lost.tables

    anchors = sorted((machine.data / "anchors").glob("*.json"))
    assert anchors, "the hour's signed heads are back too"
    assert machine.vakhta("journal", "verify", "--anchor", str(anchors[-1]))[0] == 0
    files = files_of(machine.data)
    assert files
    assert all(digest.endswith(name) for name, digest in files.items())

    pages = subprocess.Popen([*VAKHTA, "serve"], env=machine.env, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{machine.port}"
        await_pages(url)
        with closing(signed_in(url, lost.mail, PASSWORD)) as client:
            assert lost.ticket in client.get(f"/console/ticket/{lost.ticket}/").text
            photo_of_ticket = client.get(lost.file)
            assert hashlib.sha256(photo_of_ticket.content).hexdigest() in files.values()
    finally:
        pages.terminate()
        pages.wait(20)


def await_pages(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the pages did not answer")


def test_a_backup_amid_work_is_of_one_moment(lost: Lost, machine: Machine) -> None:
    """And what stands in the database is replaced only when that is said."""
    assert machine.vakhta("restore", str(lost.last))[0] == 0
    code, said = machine.vakhta("restore", str(lost.amid_work))
    assert code == 2 and "база не пуста" in said and "--replace" in said
    assert tables_of(machine.server) == lost.tables, "nothing was changed"
    code, said = machine.vakhta("restore", str(lost.amid_work), "--replace")
    assert code == 0, said
    found = re.search(r"Журнал цел: записей (\d+)", said)
    assert found and 0 < int(found[1]) < lost.head


def test_a_damaged_one_is_refused_before_anything_is_changed(
    lost: Lost, machine: Machine, tmp_path: Path
) -> None:
    whole = lost.last.read_bytes()
    with tarfile.open(lost.last) as tar:
        places = {member.name: (member.offset_data, member.size) for member in tar}
    dump, manifest = places["database.dump"], places["manifest.json"]
    photo_at = next(place for name, place in places.items() if name.startswith("files/"))
    last = max(start + size for start, size in places.values())
    cases = {
        "dump": flipped(whole, dump[0] + dump[1] // 2),
        "photo": flipped(whole, photo_at[0] + 1),
        "manifest": flipped(whole, manifest[0] + manifest[1] // 2),
        "cut in the dump": whole[: dump[0] + dump[1] // 2],
        "cut after the dump": whole[: (dump[0] + dump[1] + 511) // 512 * 512],
        "cut at the end": whole[: last - 1],
        "not ours": b"PK\x03\x04" + whole[:2000],
        "empty": b"",
    }
    for name, content in cases.items():
        broken = tmp_path / "broken.tar"
        broken.write_bytes(content)
        code, said = machine.vakhta("restore", str(broken))
        assert code == 2 and "копия повреждена" in said and "Traceback" not in said, f"{name}: {said}"
        assert not re.search(r"\w+Error", said), f"{name}: in words and not by the name of a class: {said}"
    assert "policies" in tables_of(machine.server) and len(tables_of(machine.server)) == 2, (
        "no table was made"
    )
    assert not (machine.data / "files").exists()


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def rewritten(source: Path, into: Path, **said: object) -> Path:
    """A backup whose manifest says something else, with the right checksum."""
    with tarfile.open(source) as old, tarfile.open(into, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            text = content.read()
            if member.name == "manifest.json":
                text = changed = json.dumps(json.loads(text) | said).encode()
            if member.name == "manifest.sha256":
                text = hashlib.sha256(changed).hexdigest().encode()
            member.size = len(text)
            new.addfile(member, io.BytesIO(text))
    return into


def test_what_cannot_go_there_is_said(lost: Lost, machine: Machine, tmp_path: Path) -> None:
    newer = rewritten(
        lost.last, tmp_path / "newer.tar", migrations={"tickets": ["0999_of_tomorrow"]}, version="9.9"
    )
    code, said = machine.vakhta("restore", str(newer))
    assert code == 2 and "более новая Вахта (9.9)" in said and "0999_of_tomorrow" in said
    format_ = rewritten(lost.last, tmp_path / "format.tar", format=2)
    assert "обновите" in machine.vakhta("restore", str(format_))[1].lower()
    server = rewritten(lost.last, tmp_path / "server.tar", server=99)
    assert "PostgreSQL 99" in machine.vakhta("restore", str(server))[1]
    role = rewritten(lost.last, tmp_path / "role.tar", roles={"default": "other_app", "owner": OWNER})
    assert "other_app" in machine.vakhta("restore", str(role))[1]
    code, said = machine.vakhta("restore", str(lost.last), VAKHTA_ANCHOR_KEY="another key, " + "k" * 40)
    assert code == 2 and "прежний VAKHTA_ANCHOR_KEY" in said
    assert machine.vakhta("restore", str(tmp_path / "nothing.tar"))[0] == 2
    assert len(tables_of(machine.server)) == 2, "no table was made"


def test_nothing_secret_is_inside_and_nobody_else_may_read_it(lost: Lost) -> None:
    assert lost.last.stat().st_mode & 0o077 == 0
    content = lost.last.read_bytes()
    for key in lost.keys.values():
        assert key.encode() not in content


def test_old_ones_are_forgotten_by_rule(tmp_path: Path, machine: Machine, lost: Lost) -> None:
    assert machine.vakhta("restore", str(lost.last))[0] == 0
    for day in range(1, 6):
        (tmp_path / f"vakhta-2026-01-0{day}T000000Z.tar").write_bytes(b"old")
    (tmp_path / "vakhta-notes.tar").write_bytes(b"mine")
    code, said = machine.vakhta("backup", "--to", str(tmp_path), "--keep", "3")
    assert code == 0, said
    names = sorted(path.name for path in tmp_path.glob("*.tar"))
    assert names[:2] == ["vakhta-2026-01-04T000000Z.tar", "vakhta-2026-01-05T000000Z.tar"]
    assert len(names) == 4 and "vakhta-notes.tar" in names
    assert not list(tmp_path.glob(".vakhta-*"))


def test_a_lost_photo_is_told(machine: Machine, lost: Lost, tmp_path: Path) -> None:
    assert machine.vakhta("restore", str(lost.last))[0] == 0
    shutil.rmtree(machine.data / "files")
    code, said = machine.vakhta("backup", "--to", str(tmp_path))
    assert code == 1 and "Файлов нет в папке данных" in said


OLDEST = Path("/usr/lib/postgresql/15/bin")


def test_the_oldest_postgresql_s_backup_goes_there_and_to_the_newest(tmp_path: Path) -> None:
    """Each by the programs of its own version; a newer one's settings are unknown to an older server."""
    if not (OLDEST / "pg_dump").exists():
        lacks("PostgreSQL 15", "postgresql-15")
    keys = {name: name * 3 for name in KEYS}
    machines = [
        Machine(tmp_path / name, keys, programs)
        for name, programs in (("old", OLDEST), ("also", OLDEST), ("new", None))
    ]
    try:
        old, *others = machines
        assert old.vakhta("migrate")[0] == 0
        added = (
            "company",
            "add",
            "--kind",
            "dispatch_centre",
            "--name",
            "АДС «Заречье»",
            "--phone",
            "8 495 000-01-00",
        )
        assert old.vakhta(*added)[0] == 0
        assert old.vakhta("backup", "--to", str(tmp_path))[0] == 0
        (made,) = tmp_path.glob("vakhta-*.tar")
        for other in others:
            code, said = other.vakhta("restore", str(made))
            assert code == 0 and "Журнал цел: записей 1," in said, said
            assert "АДС «Заречье»" in other.vakhta("company", "list")[1]
    finally:
        for machine in machines:
            machine.server.stop()
