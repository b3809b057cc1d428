"""`vakhta migrate`: creates or upgrades the tables as the owner of the database."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.main import Mistake, setup_django
from vakhta.kernel.reasons import database_reason


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("migrate", help="создать или обновить базу")
    parser.add_argument(
        "--check", action="store_true", help="только проверить, что у моделей нет новых миграций"
    )


def run(args: argparse.Namespace) -> int:
    setup_django()
    if args.check:
        return _check()
    migrate()
    print("База готова.")
    return 0


def migrate() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import Error, OperationalError, connections

    if not settings.DATABASES["owner"].get("NAME"):
        raise Mistake("не задана VAKHTA_OWNER_DATABASE_URL: адрес базы под её владельцем.")
    try:
        later = _of_later_version()
        if later:
            raise Mistake(
                f"база обновлена более новой Вахтой: миграций {', '.join(later)} эта не знает. Поставьте ту версию или "
                "укажите другую базу (в показе — другую папку в VAKHTA_DATA_DIR)."
            )
        call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
    except OperationalError as error:
        raise Mistake(
            f"база не обновлена: {database_reason(error)}. Запущена ли она, верен ли адрес VAKHTA_OWNER_DATABASE_URL?"
        ) from error
    except Error as error:
        raise Mistake(f"база не обновлена: {database_reason(error)}") from error
    finally:
        connections["owner"].close()


def _of_later_version() -> list[str]:
    """«tickets.0999_tomorrow»: what the database has been through and this code does not know of its own apps."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connections["owner"])
    known = {
        *loader.disk_migrations,
        *(old for new in loader.disk_migrations.values() for old in new.replaces),
    }
    unknown = {*loader.applied_migrations} - known
    return sorted(f"{app}.{name}" for app, name in unknown if app in loader.migrated_apps)


def _check() -> int:
    """Are all models in the migrations? Needs no database."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils import translation

    loader = MigrationLoader(None)
    with translation.override(None):  # migrations hold the names as the code writes them
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
    missing = [
        f"{app}: {operation.describe()}"
        for app, migrations in changes.items()
        for migration in migrations
        for operation in migration.operations
    ]
    for line in missing:
        print(f"нет миграции — {line}")
    return 1 if missing else 0
