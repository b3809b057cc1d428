"""`vakhta serve`: the pages and the API under granian (WSGI)."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.main import Mistake, setup_service
from vakhta.cli.processes import check_port


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("serve", help="страницы и API")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="сколько процессов")


def run(args: argparse.Namespace) -> int:
    setup_service()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    options = settings.OPTIONS
    if not options["VAKHTA_SECRET_KEY"]:
        raise Mistake("не задан VAKHTA_SECRET_KEY: ключ подписей, не короче 32 знаков, храните его в тайне.")
    check_port(options["VAKHTA_HOST"], options["VAKHTA_PORT"], "VAKHTA_PORT")
    Granian(
        "vakhta.config.wsgi:application",
        address=options["VAKHTA_HOST"],
        port=options["VAKHTA_PORT"],
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=options["VAKHTA_THREADS"],
        backpressure=256,
        log_access=False,
        workers_kill_timeout=2,
    ).serve()
    return 0
