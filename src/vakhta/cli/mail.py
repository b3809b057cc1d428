"""`vakhta mail`: an SMTP server that keeps what it receives as files: the demo's post office."""

from __future__ import annotations

import argparse
import os
import secrets
from pathlib import Path
from typing import Any

from vakhta.cli.main import setup_django
from vakhta.cli.processes import check_port, stop_by_signal


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("mail", help="почтовый приёмник показа")


class Keep:
    """aiosmtpd's handler: one .eml file a letter, complete before the sender hears «250»."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        name = secrets.token_hex(8)
        hidden = self._folder / f".{name}"
        with hidden.open("wb") as file:
            file.write(envelope.content)
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(self._folder / f"{name}.eml")
        return "250 kept"


def run(args: argparse.Namespace) -> int:
    setup_django()
    from aiosmtpd.controller import Controller
    from django.conf import settings

    port = settings.OPTIONS["VAKHTA_MAIL_PORT"]
    check_port("127.0.0.1", port, "VAKHTA_MAIL_PORT")
    controller = Controller(Keep(settings.MAIL_DIR), hostname="127.0.0.1", port=port)
    controller.start()
    stop_by_signal().wait()
    controller.stop()
    return 0
