"""`vakhta worker`: deliveries (доставка), tables that were brought on the page, and once a day what is over its term of
keeping. Ends by SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.check import start_service
from vakhta.cli.processes import stop_by_signal


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("worker", help="письма, загрузка таблиц, удаление по срокам")


def run(args: argparse.Namespace) -> int:
    start_service()
    from vakhta.wiring import worker_loop

    worker_loop(stop_by_signal())
    return 0
