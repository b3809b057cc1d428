"""`vakhta clock`: fires due clocks (сроки) and closes what nobody answered. Ends by SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.check import start_service
from vakhta.cli.processes import stop_by_signal


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("clock", help="сроки: под угрозой, нарушен")


def run(args: argparse.Namespace) -> int:
    start_service()
    from vakhta.wiring import clock_loop

    clock_loop(stop_by_signal())
    return 0
