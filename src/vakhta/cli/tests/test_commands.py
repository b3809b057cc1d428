"""The commands as a person types them: mistakes are one clear line and exit 2."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import smtplib
import socket
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.db import connections
from tests.stories.running import free_port as some_port

from vakhta.cli import assets, check, demo, locks
from vakhta.cli.embedded_postgres import ADMIN, APP, OWNER, EmbeddedPostgres
from vakhta.cli.mail import Keep
from vakhta.cli.main import COMMANDS, Mistake, main
from vakhta.cli.processes import check_port, free_port
from vakhta.config.options import _database
from vakhta.kernel import anchors, clock, heartbeats, verify
from vakhta.kernel.database import refused_as
from vakhta.kernel.models import Heartbeat
from vakhta.kernel.tenancy import Scope, reading


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr().out
    assert all(about.split(",")[0] in said.replace("\n", " ") for about in COMMANDS.values())


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["demoo"], "нет команды «demoo». Может быть, demo?"),
        (["zzz"], "нет команды «zzz». Есть: demo, serve"),
        (["demo", "--witout", "clock"], "лишнее: --witout clock"),
        (["demo", "--without", "sound"], "--without: «sound» здесь не бывает, есть: "),
        (["serve", "--workers", "many"], "--workers: «many» — не целое число"),
        (["journal"], "не хватает: "),
    ],
)
def test_a_mistyped_command_is_one_russian_line(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code: object = main(words)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    assert code == 2
    assert says in said and said.count("\n") == 1


def test_migrations_need_to_know_where(
    settings: SimpleNamespace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["owner"], "NAME", "")
    assert main(["migrate"]) == 2
    assert "VAKHTA_OWNER_DATABASE_URL" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asks", ["vakhta.cli.migrate._of_later_version", "django.core.management.call_command"]
)
def test_migrations_without_a_database_say_what_to_look_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asks: str
) -> None:
    """Whichever asks first, or last, when the database goes away."""
    from django.db import OperationalError

    def unreachable(*args: object, **options: object) -> None:
        raise OperationalError("connection failed: Connection refused\n\tIs the server running?")

    monkeypatch.setattr("vakhta.cli.migrate._of_later_version", list)
    monkeypatch.setattr(asks, unreachable)
    assert main(["migrate"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("vakhta migrate: база не обновлена: ") and said.count("\n") == 1
    assert said.endswith("Запущена ли она, верен ли адрес VAKHTA_OWNER_DATABASE_URL?\n")


def test_a_wrong_setting_stops_the_demo_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("VAKHTA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VAKHTA_PORT", "нет")
    assert main(["demo"]) == 2
    assert "VAKHTA_PORT=«нет»: нужно число от 1 до 65535." in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_taken_port_stops_the_demo_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, busy: int
) -> None:
    monkeypatch.setenv("VAKHTA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VAKHTA_PORT", str(busy))
    assert main(["demo"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"vakhta demo: порт {busy} занят или недоступен (его занимает другая программа).")
    assert said.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_free_port_is_found_beyond_the_busy_ones(busy: int) -> None:
    assert free_port("127.0.0.1", busy) > busy
    with pytest.raises(Mistake, match="VAKHTA_LIVE_PORT"):
        check_port("127.0.0.1", busy, "VAKHTA_LIVE_PORT")


def test_a_port_that_nobody_said_is_chosen_when_the_parts_start(
    monkeypatch: pytest.MonkeyPatch, busy: int
) -> None:
    """Building the town takes half a minute, and another program may take a port meanwhile."""
    for name in ("VAKHTA_LIVE_URL", "VAKHTA_SMTP_URL", *demo.PORTS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(demo, "check_port", lambda *args: None)
    monkeypatch.setenv("VAKHTA_PORT", str(busy - 1))
    assert not set(demo._settings()) & {"VAKHTA_LIVE_URL", *demo.PORTS}
    chosen = demo._ports()
    live, mail = (int(chosen[name]) for name in demo.PORTS)
    assert busy < live < mail
    assert chosen["VAKHTA_LIVE_URL"] == f":{live}/live/"
    monkeypatch.setenv("VAKHTA_LIVE_PORT", "8999")
    monkeypatch.setenv("VAKHTA_LIVE_URL", ":1/other/")
    said = demo._ports()
    assert (said["VAKHTA_LIVE_PORT"], said["VAKHTA_LIVE_URL"]) == ("8999", ":1/other/")


def test_a_key_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full at the first start, a kill -9: the next start makes the key that this one did not."""

    def full(*args: object, **options: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(Path, "write_text", full)
        demo._keys(tmp_path)
    keys = demo._keys(tmp_path)
    assert {len(key) for key in keys.values()} == {64} and demo._keys(tmp_path) == keys
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_other_people_call_at_every_start_of_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(demo, "spawn", lambda words, _log: started.append(words))
    for name in ("simulate", "simulate", "clock"):
        demo._starter(name, tmp_path)()
    again = demo._starter("simulate", tmp_path)
    again()
    again()
    *days, clock_ = started[0], started[1], *started[3:], started[2]
    assert len({words[-1] for words in days}) == 4, "a part that was killed, too"
    assert clock_[-1] == "clock"


@pytest.mark.parametrize(
    ("raised", "has_room", "is_said"),
    [
        (psycopg.errors.DiskFull("could not extend file: No space left on device"), True, True),
        (OSError(errno.ENOSPC, "No space left on device"), True, True),
        (psycopg.OperationalError("server closed the connection unexpectedly"), False, True),
        (psycopg.OperationalError("server closed the connection unexpectedly"), True, False),
        (ValueError("a bug"), False, False),
    ],
)
def test_a_disk_that_fills_while_the_town_is_built_is_one_line(
    tmp_path: Path, raised: Exception, has_room: bool, is_said: bool
) -> None:
    """Other faults stay faults, and a database that dies on a disk with room is one of them."""
    postgres: Any = SimpleNamespace(folder=tmp_path / "postgres", has_room=lambda: has_room)
    with pytest.raises(Exception) as told, demo._room(postgres):
        try:
            raise raised
        except Exception as cause:
            raise RuntimeError("not saved") from cause
    said = str(told.value)
    assert isinstance(told.value, Mistake) == is_said
    assert not is_said or said.startswith(f"на диске с папкой {tmp_path} кончилось место, город показа не")


def test_two_demos_do_not_share_a_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from vakhta.cli.demo import _held

    monkeypatch.setenv("VAKHTA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VAKHTA_PORT", str(some_port()))
    with _held(tmp_path):
        assert main(["demo"]) == 2
    assert "уже работает другой показ" in capsys.readouterr().err


# ── mail ─────────────────────────────────────────────────────────────────────────────────────


def test_the_receiver_keeps_each_letter_whole(tmp_path: Path) -> None:
    controller = Controller(Keep(tmp_path), hostname="127.0.0.1", port=some_port())
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", controller.port) as client:
            client.sendmail("ads@a.example", ["x@b.example"], "Subject: one\r\n\r\nтекст\r\n".encode())
    finally:
        controller.stop()
    (letter,) = tmp_path.iterdir()
    assert letter.suffix == ".eml"
    assert "текст" in letter.read_text(encoding="utf-8")


def test_a_letter_that_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    keep = Keep(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(OSError):
        asyncio.run(keep.handle_DATA(None, None, SimpleNamespace(content=b"x")))


# ── check ────────────────────────────────────────────────────────────────────────────────────


def test_check_says_what_is_missing(
    db: None, settings: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{some_port()}"
    settings.OPTIONS = {**settings.OPTIONS, "VAKHTA_SECRET_KEY": "", "VAKHTA_ANCHOR_KEY": "x" * 40}
    assert check.run(Namespace()) == 1
    said = capsys.readouterr().out
    assert "✗ VAKHTA_SECRET_KEY не задан" in said
    assert "не отвечает: соединение отклонено" in said
    assert "VAKHTA_ANCHOR_KEY" not in said
    assert "слишком сильна" not in said and "миграций" not in said


def test_check_refuses_a_role_that_row_security_does_not_hold(
    django_db_setup: None,
    server: EmbeddedPostgres,
    django_db_blocker: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        monkeypatch.setattr("django.db.connection", connections["owner"])
        found = check._database()
        connections["owner"].close()
    assert any(f"роль {OWNER} слишком сильна" in line for line in found)


def test_check_names_a_database_that_does_not_answer(tmp_path: Path) -> None:
    """As a child process: another database needs other settings."""
    env = {
        "PATH": os.environ["PATH"],
        "VAKHTA_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://vakhta_app@/vakhta?host=" + str(tmp_path / "nowhere"),
    }
    made = subprocess.run(
        [sys.executable, "-m", "vakhta.cli", "check"], env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 1, made.stderr
    assert "✗ база недоступна: сервер " in made.stdout and ": такого файла или папки нет\n" in made.stdout
    assert "✗ VAKHTA_SMTP_URL не задан" in made.stdout
    assert "Traceback" not in made.stderr


def test_check_finds_the_demo_that_the_journal_finds(tmp_path: Path) -> None:
    """The database, the keys and the mail of a demo are its own: none of them is said to be missing."""
    (tmp_path / "postgres").mkdir()
    for key in ("secret-key", "anchor-key"):
        (tmp_path / key).write_text(key * 5)
    env = {"PATH": os.environ["PATH"], "VAKHTA_DATA_DIR": str(tmp_path)}
    made = subprocess.run(
        [sys.executable, "-m", "vakhta.cli", "check"], env=env, capture_output=True, text=True, check=False
    )
    assert (made.returncode, made.stderr) == (1, "")
    where = EmbeddedPostgres(tmp_path / "postgres").sockets
    first, last = made.stdout.splitlines()
    assert first.startswith(f"✗ база недоступна: сервер {where}/") and last == "Не в порядке: 1."


SERVING = ("serve", "live", "worker", "followers", "clock")


def serving(part: str, folder: Path | str, url: str, **more: str) -> tuple[int, str]:
    """A part as a child process that ends by itself: (exit code, standard error)."""
    env = {"PATH": os.environ["PATH"], "VAKHTA_DATA_DIR": str(folder), "DATABASE_URL": url}
    env |= {"VAKHTA_SECRET_KEY": "x" * 40, "VAKHTA_PORT": str(some_port()), **more}
    words = [sys.executable, "-m", "vakhta.cli", part]
    made = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=20)
    return made.returncode, made.stderr


@pytest.mark.parametrize("part", SERVING)
def test_nothing_serves_under_a_role_that_row_security_does_not_hold(
    committed: str, server: EmbeddedPostgres, tmp_path: Path, part: str
) -> None:
    for role in (OWNER, ADMIN):
        url = server.url(role, committed).replace("@", ":hunter2@")
        code, said = serving(part, tmp_path, url)
        assert code == 2 and said.count("\n") == 1, said
        assert said.startswith(f"vakhta {part}: ничего не запущено: DATABASE_URL=«postgresql://{role}@")
        assert f"роль {role} слишком сильна" in said and "роль приложения" in said and "hunter2" not in said


@pytest.mark.parametrize("part", SERVING)
def test_nothing_serves_without_a_key_to_sign_with(
    committed: str, server: EmbeddedPostgres, tmp_path: Path, part: str
) -> None:
    """The clock would sign anchors, the followers residents' links, with what stands in the source."""
    code, said = serving(part, tmp_path, server.url(APP, committed), VAKHTA_SECRET_KEY="")
    assert code == 2 and said.count("\n") == 1, said
    assert said.startswith(f"vakhta {part}: ничего не запущено: VAKHTA_SECRET_KEY не задан: ключ подписей")
    assert not (tmp_path / "anchors").exists()


@pytest.mark.parametrize("part", SERVING)
def test_nothing_serves_over_a_database_that_is_behind(
    committed: str, server: EmbeddedPostgres, tmp_path: Path, part: str
) -> None:
    with server.connect(database=committed) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'tickets' AND name > '0002'")
    code, said = serving(part, tmp_path, server.url(APP, committed))
    assert code == 2 and said.count("\n") == 1, said
    assert said.startswith(f"vakhta {part}: ничего не запущено: база не обновлена, миграций впереди: ")
    assert said.endswith("выполните vakhta migrate.\n")


def test_a_database_of_a_later_version_is_named_and_left_alone(
    committed: str, server: EmbeddedPostgres, tmp_path: Path
) -> None:
    """A folder that a newer Вахта has upgraded, a copy of one: this code does not know what its tables hold."""
    with server.connect(database=committed) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tickets', '0999_tomorrow', now()), "
            "('gone', '0001_initial', now())"
        )
    env = os.environ | {
        "DATABASE_URL": server.url(APP, committed),
        "VAKHTA_OWNER_DATABASE_URL": server.url(OWNER, committed),
        "VAKHTA_DATA_DIR": str(tmp_path),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "vakhta.cli", "migrate"], env=env, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "vakhta migrate: база обновлена более новой Вахтой: миграций tickets.0999_tomorrow эта не знает. Поставьте ту "
        "версию или укажите другую базу (в показе — другую папку в VAKHTA_DATA_DIR).\n"
    )


def test_a_member_of_the_owner_is_an_owner(committed: str, server: EmbeddedPostgres, tmp_path: Path) -> None:
    with server.connect() as connection:
        connection.execute(f"CREATE ROLE almost_owner LOGIN IN ROLE {OWNER}")
    try:
        assert (
            "роль almost_owner слишком"
            in serving("clock", tmp_path, server.url("almost_owner", committed))[1]
        )
    finally:
        with server.connect() as connection:
            connection.execute("DROP ROLE almost_owner")


@pytest.mark.parametrize("part", SERVING)
def test_nothing_serves_without_a_folder_to_write_into(
    committed: str, server: EmbeddedPostgres, part: str
) -> None:
    for folder in ("/proc/x", "/proc", "/etc/passwd/x"):
        code, said = serving(part, folder, server.url(APP, committed))
        assert code == 2 and f"VAKHTA_DATA_DIR=«{folder}»" in said and said.count("\n") == 1, said


@pytest.fixture
def refusing() -> Iterator[Callable[[str], str]]:
    """Servers that speak Russian, ask for a password and then refuse with this SQLSTATE; their addresses."""
    listening = []

    def start(code: str) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)
        threading.Thread(target=_refuse, args=(server, code.encode()), daemon=True).start()
        return f"postgresql://vakhta_app:hunter2@127.0.0.1:{server.getsockname()[1]}/vakhta"

    yield start
    for server in listening:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def _refuse(server: socket.socket, code: bytes) -> None:
    with contextlib.suppress(OSError):  # the test has ended
        while True:
            client, _ = server.accept()
            with client, client.makefile("rb") as said:
                while said.read(int.from_bytes(said.read(4)) - 4)[:4] in (SSL, GSS):
                    client.sendall(b"N")
                client.sendall(b"R" + (8).to_bytes(4) + (3).to_bytes(4))
                said.readline(5)
                words = (
                    b"S" + "ВАЖНО".encode() + b"\0VFATAL\0C" + code + b"\0M" + "не пущу".encode() + b"\0\0"
                )
                client.sendall(b"E" + (len(words) + 4).to_bytes(4) + words)


SSL, GSS = (80877103).to_bytes(4), (80877104).to_bytes(4)


def test_a_wrong_password_is_no_database_to_wait_for(tmp_path: Path, refusing: Callable[[str], str]) -> None:
    url = refusing("28P01")
    code, said = serving("worker", tmp_path, url)
    assert code == 2 and said.count("\n") == 1, said
    asked = f"DATABASE_URL=«{url.replace(':hunter2', '')}»: пароль роли vakhta_app не подходит"
    assert said.startswith(f"vakhta worker: ничего не запущено: {asked}")
    assert said.endswith("docs/howto/production.md, раздел 2.\n") and "hunter2" not in said


def test_only_a_role_or_a_database_that_is_wrong_is_refused(
    server: EmbeddedPostgres, refusing: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that starts, is full or is not there is waited for; waiting mends none of the others."""

    def said(url: str) -> tuple[str, str]:
        address = SimpleNamespace(settings_dict=_database(url))
        monkeypatch.setattr("django.db.connection", address)
        return refused_as(address.settings_dict), "".join(check._refused()).partition("»: ")[2]

    behind = "; роль, пароль и база: docs/howto/production.md, раздел 2"
    assert said(server.url("nobody")) == ("28000", f"роли nobody нет или pg_hba.conf её не пускает{behind}")
    assert said(server.url(APP, "nothing")) == ("3D000", f"базы nothing нет{behind}")
    for code in ("57P03", "53300"):
        assert said(refusing(code)) == (code, "")
    assert said(f"postgresql://vakhta_app@127.0.0.1:{some_port()}/vakhta") == ("", "")
    assert said(server.url(ADMIN, "postgres")) == ("", "")


def test_an_address_that_is_not_this_machine_s_is_named_and_no_port() -> None:
    with pytest.raises(Mistake, match=r"^VAKHTA_HOST=«192\.0\.2\.1»: ") as refused:
        check_port("192.0.2.1", some_port(), "VAKHTA_PORT")
    assert "VAKHTA_PORT" not in str(refused.value)


@pytest.fixture
def ready(db: None, settings: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service that lacks nothing and whose parts all beat and anchor; its data folder."""
    settings.DATA_DIR = tmp_path
    settings.OPTIONS = {**settings.OPTIONS, "VAKHTA_SECRET_KEY": "x" * 40, "VAKHTA_ANCHOR_KEY": "x" * 40}
    monkeypatch.setattr(check, "CHECKS", [made for made in check.CHECKS if made is not check._mail])
    for part in heartbeats.PARTS:
        beaten(part, timedelta(seconds=15))
    anchored(timedelta(minutes=70))
    return tmp_path


def beaten(part: str, ago: timedelta) -> None:
    Heartbeat.objects.filter(part=part).delete()
    heartbeats.beat(part, None, clock.now() - ago)


def anchored(ago: timedelta) -> Path:
    with reading(Scope.system("test")):
        path = anchors.anchor_hourly(clock.now() - ago)
    assert path is not None
    return path


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    return check.run(Namespace()), capsys.readouterr().out


def test_a_service_that_works_lacks_nothing(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(capsys) == (0, "Всё готово к работе.\n")


def test_a_service_that_was_never_started_has_no_silent_parts(
    ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Heartbeat.objects.all().delete()
    (anchors.newest() or ready).unlink()
    assert checked(capsys)[0] == 0


@pytest.mark.parametrize("part", heartbeats.PARTS)
def test_a_silent_part_is_named_with_the_time_and_what_to_do(
    ready: Path, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    beaten(part, timedelta(minutes=12))
    since = (clock.now() - timedelta(minutes=12)).astimezone(ZoneInfo("Europe/Moscow"))
    code, said = checked(capsys)
    assert code == 1 and said.count("✗") == 1
    assert f"✗ vakhta {part} молчит с {since:%d.%m.%Y %H:}" in said
    assert f"systemctl restart vakhta@{part}" in said


def test_a_part_that_never_ran_beside_others_is_named(
    ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Heartbeat.objects.filter(part="worker").delete()
    code, said = checked(capsys)
    assert (
        code == 1
        and "✗ vakhta worker ни разу не работал (письма не уходят, таблицы не загружаются, истёкшее не удаляется)"
        in said
    )


def test_an_old_anchor_a_missing_and_a_false_one_are_said(
    ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (anchors.newest() or ready).unlink()
    assert f"✗ в {ready / 'anchors'} нет отметок журнала" in checked(capsys)[1]
    path = anchored(timedelta(minutes=121))
    code, said = checked(capsys)
    assert code == 1 and said.count("✗") == 1 and "старше двух часов" in said
    path.write_text(path.read_text().replace('"entry": 0', '"entry": 9'))
    assert "Подпись отметки журнала не сходится" in checked(capsys)[1]
    anchors.write_anchor(path, verify.sign(django_settings.ANCHOR_KEY, 9, "00", clock.now()))
    assert "✗ журнал обрезан или переписан: записи 9, заверенной отметкой, в нём нет." in checked(capsys)[1]


# ── locks and icons ──────────────────────────────────────────────────────────────────────────


def test_the_locks_are_of_today_s_inputs() -> None:
    assert locks.check() == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("# made of", "# made by"), "make lock"),
        (("aiosmtpd==1", "aiosmtpd @ https://host.example/packages/a-1.whl\nx==1"), "address"),
    ],
)
def test_a_lock_with_an_address_or_of_other_inputs_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    change: tuple[str, str], says: str,
) -> None:  # fmt: skip
    spoiled = tmp_path / "requirements.lock"
    spoiled.write_text(locks.LOCK.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    monkeypatch.setattr(locks, "LOCK", spoiled)
    assert locks.check() == 1
    assert says in capsys.readouterr().err


def test_libraries_that_npm_could_not_fetch_are_told_in_npm_s_own_words(tmp_path: Path) -> None:
    """The line of the Makefile itself, in a copy, against a registry that is not there."""
    root = locks.LOCK.parent
    (line,) = [line for line in (root / "Makefile").read_text().splitlines() if ".ci/npm ci" in line]
    (tmp_path / ".venv").symlink_to(root / ".venv")
    for name in (".ci/npm", "package.json", "package-lock.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((root / name).read_bytes())
    nowhere = f"http://127.0.0.1:{some_port()}/"
    env = os.environ | {"npm_config_registry": nowhere, "npm_config_fetch_retries": "0"}
    env |= {"npm_config_cache": str(tmp_path / "cache"), "npm_config_prefer_offline": "false"}
    made = subprocess.run(
        ["bash", "-c", line.strip().removeprefix("@")],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode != 0 and made.stdout == ""
    assert "npm error code ECONNREFUSED" in made.stderr


def test_the_sprite_holds_each_icon_once_and_names_a_missing_one(tmp_path: Path) -> None:
    (tmp_path / "phone.svg").write_text('<svg width="24" height="24">\n  <path d="M1 1" />\n</svg>')
    made = assets.sprite(tmp_path, ["phone", "phone"])
    assert made.count("<symbol") == 1
    assert '<symbol id="phone" viewBox="0 0 24 24"><path d="M1 1" /></symbol>' in made
    with pytest.raises(Mistake, match="нет значка telephone"):
        assets.sprite(tmp_path, ["telephone"])


def test_a_database_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    env = os.environ | {
        "DATABASE_URL": f"postgresql://app@127.0.0.1:{some_port()}/vakhta",
        "VAKHTA_DATA_DIR": str(tmp_path),
        "VAKHTA_SECRET_KEY": "x" * 40,
        "VAKHTA_ANCHOR_KEY": "y" * 40,
    }
    for words in (["company", "list"], ["journal", "verify"]):
        ended = subprocess.run(
            [sys.executable, "-m", "vakhta.cli", *words], env=env, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 2
        assert ended.stderr.startswith(f"vakhta {words[0]}: база данных недоступна: сервер 127.0.0.1, порт ")
        assert ended.stderr.endswith(": соединение отклонено. Запущена ли она?\n")
        assert ended.stderr.count("\n") == 1
