"""`vakhta check`: what the service lacks to work, and which part of it has fallen silent; one line each."""

from __future__ import annotations

import argparse
import errno
import smtplib
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from vakhta.cli.journal import find_demo
from vakhta.cli.main import Mistake, setup_django, setup_service
from vakhta.kernel.reasons import database_reason, reason


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("check", help="чего не хватает для работы, какая часть молчит")


def run(args: argparse.Namespace) -> int:
    find_demo()
    setup_django()
    problems = [problem for check in CHECKS for problem in check()]
    for problem in problems:
        print(f"✗ {problem}")
    print("Всё готово к работе." if not problems else f"Не в порядке: {len(problems)}.")
    return 1 if problems else 0


ASKED = 5.0
"""Seconds for which a start waits for the database's word."""


def start_service() -> None:
    """`setup_service` for what serves: refuses to sign with no key, a folder that takes no file, a role or a database that the server
    does not know or let in, a role that row security does not hold, and a database that is behind this code. A
    database that is silent is no reason: each part waits for it by itself."""
    setup_service()
    found = [*_secret(), *_folder()]
    asking = Thread(target=lambda: found.extend(_database_alone()), daemon=True)
    asking.start()
    asking.join(ASKED)
    if found:
        raise Mistake(f"ничего не запущено: {'; '.join(found)}.")


def _database_alone() -> list[str]:
    """Over a connection of this thread's own: none is left to the workers that are forked later."""
    from django.db import Error, connection

    try:
        return _role() or _migrations()
    except Error:
        return _refused()
    finally:
        connection.close()


def _refused() -> list[str]:
    """Is it what DATABASE_URL says for which the server does not let us in? Its password is not said."""
    from django.db import connection

    from vakhta.kernel.database import refused_as

    where = connection.settings_dict
    role, name = where["USER"], where["NAME"]
    about = {
        "28P01": f"пароль роли {role} не подходит или такой роли нет",
        "28000": f"роли {role} нет или pg_hba.conf её не пускает",
        "3D000": f"базы {name} нет",
    }.get(refused_as(where))
    said = f"DATABASE_URL=«{_address(role)}»"
    return [f"{said}: {about}; роль, пароль и база: docs/howto/production.md, раздел 2"] if about else []


def _secret() -> list[str]:
    from django.conf import settings

    given = settings.OPTIONS["VAKHTA_SECRET_KEY"]
    return [] if given else ["VAKHTA_SECRET_KEY не задан: ключ подписей: сеансы и ссылки жителям"]


def _secrets() -> list[str]:
    from django.conf import settings

    given = settings.OPTIONS["VAKHTA_ANCHOR_KEY"]
    return [
        *_secret(),
        *([] if given else ["VAKHTA_ANCHOR_KEY не задан: ключ отметок журнала, храните его вне базы"]),
    ]


def _folder() -> list[str]:
    from django.conf import settings

    folder: Path = settings.DATA_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # what may be written into /proc nobody's rights tell
    except OSError as error:
        if error.errno != errno.ENOSPC:  # a full disk is told by what is then not written
            why = f"в папку не записать ({reason(error)})"
            return [f"VAKHTA_DATA_DIR=«{folder}»: {why}, нужен путь к папке, где служба может писать"]
    return []


def _assets() -> list[str]:
    from vakhta.cli.assets import VENDOR

    return [] if (VENDOR / "icons.svg").exists() else ["нет библиотек страниц: выполните make setup"]


def _database() -> list[str]:
    from django.conf import settings
    from django.db import Error, connection

    if not settings.DATABASES["default"].get("NAME"):
        return ["DATABASE_URL не задана: адрес базы под ролью приложения"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            version = cursor.fetchone()[0]
        found = _role()
    except Error as error:
        return _refused() or [f"база недоступна: {database_reason(error)}"]
    if version < 150000:
        found.append(f"PostgreSQL {version // 10000}: нужен 15 или новее")
    return [*found, *_migrations()]


def _role() -> list[str]:
    """Is row security off for whom DATABASE_URL names? Its password is not said."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c "
            "WHERE c.relname = 'journal_entry' AND pg_has_role(r.oid, c.relowner, 'USAGE')) "
            "FROM pg_roles r WHERE r.rolname = current_user"
        )
        role, is_strong = cursor.fetchone()
    said = f"DATABASE_URL=«{_address(role)}»"
    why = f"роль {role} слишком сильна (суперпользователь, BYPASSRLS или владелец таблиц)"
    return [f"{said}: {why}, нужна роль приложения: docs/howto/production.md, раздел 2"] if is_strong else []


def _address(role: str) -> str:
    """DATABASE_URL without its password."""
    from django.db import connection

    where = connection.settings_dict
    port = f":{where['PORT']}" if where["PORT"] else ""
    return f"postgresql://{role}@{where['HOST']}{port}/{where['NAME']}"


def _migrations() -> list[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"база не обновлена, миграций впереди: {len(plan)}; выполните vakhta migrate"] if plan else []


PARTS = {
    "live": "поток событий открытым экранам",
    "followers": "реакции на записи журнала: письма не встают в очередь",
    "worker": "письма не уходят, таблицы не загружаются, истёкшее не удаляется",
    "clock": "сроки: никто не отмечает нарушенных",
}


def _parts() -> list[str]:
    """Which part is silent, since when, what to do. None has ever run: it is not started yet."""
    from vakhta.kernel import clock
    from vakhta.kernel.heartbeats import SILENT, beats

    if not _answers():
        return []
    now, known, found = clock.now(), beats(), []
    for part, about in PARTS.items() if known else ():
        last = known.get(part)
        if last is None:
            found.append(f"vakhta {part} ни разу не работал ({about}): systemctl enable --now vakhta@{part}")
        elif now - last > SILENT:
            found.append(
                f"vakhta {part} молчит с {_local(last)} ({about}): systemctl restart vakhta@{part}, "
                f"причина — journalctl -u vakhta@{part}"
            )
    return found


def _anchors() -> list[str]:
    """Is the newest hourly anchor young, ours, and true of the journal? Where the clock has run."""
    from vakhta.kernel.anchors import folder, newest
    from vakhta.kernel.heartbeats import beats

    if not _answers() or "clock" not in beats():
        return []
    path = newest()
    if path is None:
        return [
            f"в {folder()} нет отметок журнала: их каждый час пишет vakhta clock; есть ли ей куда писать?"
        ]
    problem = _problem_of(path)
    return [problem] if problem else []


def _problem_of(path: Path) -> str:
    """Empty when the anchor is young, of our key, and the journal still has the entry that it signs."""
    from django.conf import settings

    from vakhta.kernel import clock
    from vakhta.kernel.anchors import LATE, fits
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.kernel.verify import read_anchor

    try:
        anchor = read_anchor(path.read_bytes(), settings.ANCHOR_KEY)
    except (OSError, ValueError) as error:
        return f"отметка {path}: {error}"
    with reading(Scope.system("check")):
        is_true = fits(anchor)
    if not is_true:
        return (
            f"журнал обрезан или переписан: записи {anchor.entry}, заверенной отметкой, в нём нет. "
            f"Выполните vakhta journal verify --anchor {path}"
        )
    made_at = datetime.fromisoformat(anchor.at)
    if clock.now() - made_at > LATE:
        return (
            f"последняя отметка журнала от {_local(made_at)}, старше двух часов: работает ли vakhta clock, "
            f"есть ли место для {path.parent}"
        )
    return ""


def _answers() -> bool:
    """Is there a database of today's tables? What it lacks, `_database` says."""
    from django.conf import settings
    from django.db import Error

    from vakhta.kernel.heartbeats import beats

    if not settings.DATABASES["default"].get("NAME"):
        return False
    try:
        beats()
    except Error:
        return False
    return True


def _local(moment: datetime) -> str:
    from django.conf import settings

    return f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%d.%m.%Y %H:%M}"


def _mail() -> list[str]:
    from django.conf import settings

    if not settings.SMTP_URL and settings.DEMO:  # it has a receiver of its own
        return []
    if not settings.SMTP_URL:
        return ["VAKHTA_SMTP_URL не задан: письма жителям не уйдут"]
    url = urlsplit(settings.SMTP_URL)
    try:
        with smtplib.SMTP(url.hostname or "", url.port or 25, timeout=5):
            return []
    except OSError as error:
        return [f"почтовый сервер {url.hostname}:{url.port or 25} не отвечает: {reason(error)}"]


CHECKS: tuple[Callable[[], list[str]], ...] = (_secrets, _folder, _assets, _database, _mail, _parts, _anchors)
