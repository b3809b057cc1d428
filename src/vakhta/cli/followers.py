"""`vakhta followers`: reactions to the journal (реакции). Ends by SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.check import start_service
from vakhta.cli.processes import stop_by_signal


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("followers", help="реакции на записи журнала")


def run(args: argparse.Namespace) -> int:
    start_service()
    from vakhta.wiring import followers_loop

    followers_loop(stop_by_signal())
    return 0
