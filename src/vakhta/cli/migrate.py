"""`vakhta migrate`: creates or upgrades the tables as the owner of the database."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.main import Mistake, setup_django


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("migrate", help="создать или обновить базу")
    parser.add_argument("--check", action="store_true", help="только проверить, что у моделей нет новых миграций")


def run(args: argparse.Namespace) -> int:
    setup_django()

    if args.check:
        return _check()
    migrate()
    print("База готова.")
    return 0


def migrate() -> None:
    from django.core.management import call_command
    from django.db import OperationalError, connections

    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
    except OperationalError as error:
        raise Mistake(f"база недоступна: {str(error).strip().splitlines()[-1]}") from error
    finally:
        connections["owner"].close()


def _check() -> int:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=1, skip_checks=True)
    return 0
