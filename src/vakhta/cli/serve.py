"""`vakhta serve`: the pages and the API under granian (WSGI)."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from vakhta.cli.check import start_service
from vakhta.cli.processes import check_port

CONNECTIONS = 1000
"""Open at a time, in each process: those that say nothing too, so more than one machine opens in passing."""
HEAD_WITHIN = 10_000
"""Milliseconds in which a request must have said its head, and between two of one connection."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("serve", help="страницы и API")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="сколько процессов")


def run(args: argparse.Namespace) -> int:
    start_service()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    options = settings.OPTIONS
    check_port(options["VAKHTA_HOST"], options["VAKHTA_PORT"], "VAKHTA_PORT")
    counts = share_counts(options["VAKHTA_PORT"])
    server = Granian(
        "vakhta.config.wsgi:application",
        address=options["VAKHTA_HOST"],
        port=options["VAKHTA_PORT"],
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=options["VAKHTA_THREADS"],
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN),
        log_access=False,
        log_dictconfig=settings.LOGGING,
        workers_kill_timeout=2,
    )
    try:
        server.serve()
    finally:
        shutil.rmtree(counts, ignore_errors=True)
    return 0


def share_counts(port: int, memory: Path = Path("/dev/shm")) -> Path:  # nosec B108  # mkdtemp makes a folder there that is ours alone
    """A folder in which the workers add up their counts of requests (`web.health.measures`), empty at the
    start; what a killed server of this port has left is removed. The library reads its variable when it is
    imported, so it is set before any worker is.

    In memory: the library maps these files, and a mapped file on a full disk kills who writes into it.
    """
    where = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    for left in where.glob(f"vakhta-counts-{port}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"vakhta-counts-{port}-", dir=where))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return folder
