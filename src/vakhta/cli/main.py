"""`vakhta COMMAND`: each command is a module with `add_parser` and `run`, imported when it is asked for.

A mistake of the person who typed is one clear line on standard error and exit 2, never a traceback.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from vakhta.cli.parser import Parser, unknown_command

COMMANDS = {
    "demo": "показ на выдуманном городе: всё одной командой",
    "serve": "страницы и API",
    "live": "поток событий для открытых экранов",
    "worker": "письма, загрузка таблиц, удаление по срокам",
    "followers": "реакции на записи журнала",
    "clock": "сроки: под угрозой, нарушен",
    "mail": "почтовый приёмник показа",
    "migrate": "создать или обновить базу",
    "check": "чего не хватает для работы, какая часть молчит",
    "backup": "резервная копия: база, файлы, отметка журнала",
    "restore": "восстановить из резервной копии",
    "journal": "проверить и напечатать журнал",
    "company": "организации: добавить, показать",
    "staff": "сотрудники: добавить, сменить пароль, показать",
    "import": "жилищный фонд из таблицы: XLSX, CSV, DBF",
    "load": "дома, жильцы, бригады и службы из файла",
    "token": "ключи доступа к API: выдать, изменить права, отозвать",  # nosec B105  # the command's help
    "erase": "удалить сведения о человеке по 152-ФЗ",
    "deadlines": "сроки по фактам из файла, без базы",
    "simulate": "день диспетчерской через настоящие входы",
    "assets": "библиотеки страниц (для установки и проверки)",
}


class Mistake(Exception):
    """What the person can mend; the text says how."""


def main(words: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if words is None else words)
    parser = Parser(prog="vakhta", description="Вахта: рабочее место диспетчерской службы ЖКХ")
    parser.add_argument("--version", action="version", version=f"Вахта {version('vakhta')}", help="версия")
    subparsers = parser.add_subparsers(dest="command", metavar="КОМАНДА", title="Команды")
    asked = next((word for word in words if not word.startswith("-")), "")
    if asked and asked not in COMMANDS:
        print(f"vakhta: {unknown_command(asked, list(COMMANDS))}", file=sys.stderr)
        return 2
    for name, about in COMMANDS.items():
        if name == asked:
            importlib.import_module(f"vakhta.cli.{name}").add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=about, add_help=False)
    args = parser.parse_args(words)
    if not args.command:
        parser.print_help()
        return 2
    try:
        return int(importlib.import_module(f"vakhta.cli.{args.command}").run(args))
    except Mistake as error:
        print(f"vakhta {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        said = _no_space(error) or _unreachable(error)
        if not said:
            raise
        print(f"vakhta {args.command}: {said}", file=sys.stderr)
        return 2


def _no_space(error: Exception) -> str:
    """The disk of ours or of the database."""
    if not is_full(error):
        return ""
    where = error.filename if isinstance(error, OSError) and error.filename else ""
    return f"на диске нет места ({where})." if where else "на диске нет места."


def is_full(error: BaseException | None) -> bool:
    """Is this, or what it came of, a disk without room? By name: the driver is not loaded for every command."""
    if error is None:
        return False
    here = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return here or type(error).__name__ == "DiskFull" or is_full(error.__cause__)


def _unreachable(error: Exception) -> str:
    """A connection to the database that could not be made or was lost."""
    from vakhta.kernel.reasons import database_reason

    if type(error).__name__ != "OperationalError" or "connection" not in str(error):
        return ""
    return f"база данных недоступна: {database_reason(error)}. Запущена ли она?"


def setup_django() -> None:
    """Settings and models; a wrong setting is a `Mistake`."""
    from vakhta.config.options import WrongOption

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vakhta.config.settings")
    try:
        import django
        from django.apps import apps

        if not apps.ready:  # a second set-up would tie the log to whatever stderr is by then
            django.setup()
    except WrongOption as error:
        raise Mistake(f"настройки не годятся, ничего не запущено:\n{error}") from error


def setup_service() -> None:
    """Django with the journal's projections connected and a database to talk to."""
    setup_django()
    from django.conf import settings

    from vakhta.wiring import connect

    if not settings.DATABASES["default"].get("NAME"):
        raise Mistake(
            "не задана DATABASE_URL: адрес базы, например postgresql://vakhta_app@localhost/vakhta. "
            "Без своей базы есть показ: vakhta demo."
        )
    connect()


def anchor_key() -> str:
    """What signs the journal's head; `Mistake` where there is no key: what everybody can sign proves nothing."""
    from django.conf import settings

    if not (settings.OPTIONS["VAKHTA_ANCHOR_KEY"] or settings.OPTIONS["VAKHTA_SECRET_KEY"]):
        raise Mistake(
            "не задан VAKHTA_ANCHOR_KEY: ключ отметок журнала, не короче 32 знаков, храните его вне базы."
        )
    return str(settings.ANCHOR_KEY)
