"""What the commands that run for long share: stopping by a signal, and a port that is free."""

from __future__ import annotations

import signal
import socket
import threading

from vakhta.cli.main import Mistake


def stop_by_signal() -> threading.Event:
    """Set by SIGTERM and SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def check_port(host: str, port: int, setting: str) -> None:
    """Raises `Mistake` when somebody else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Mistake(
                f"порт {port} занят или недоступен ({error.strerror}). Укажите другой: {setting}={port + 10}."
            ) from error
