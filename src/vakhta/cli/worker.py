"""`vakhta worker`: deliveries (доставка). Ends by SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.check import start_service
from vakhta.cli.processes import stop_by_signal


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("worker", help="доставка писем")


def run(args: argparse.Namespace) -> int:
    start_service()
    from vakhta.wiring import worker_loop

    worker_loop(stop_by_signal())
    return 0
