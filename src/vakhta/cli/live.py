"""`vakhta live`: the stream of changes for open screens under granian (ASGI)."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.check import start_service
from vakhta.cli.processes import check_port


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("live", help="поток событий для открытых экранов")


def run(args: argparse.Namespace) -> int:
    start_service()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    options = settings.OPTIONS
    check_port(options["VAKHTA_HOST"], options["VAKHTA_LIVE_PORT"], "VAKHTA_LIVE_PORT")
    Granian(
        "vakhta.config.asgi:application",
        address=options["VAKHTA_HOST"],
        port=options["VAKHTA_LIVE_PORT"],
        interface=Interfaces.ASGI,
        workers=1,
        backpressure=4096,
        log_access=False,
        log_dictconfig=settings.LOGGING,
        workers_kill_timeout=1,
    ).serve()
    return 0
