"""What the commands that run for long share: stopping by a signal, and a port that is free."""

from __future__ import annotations

import errno
import signal
import socket
import threading

from vakhta.cli.main import Mistake
from vakhta.kernel.reasons import reason


def stop_by_signal() -> threading.Event:
    """Set by SIGTERM and SIGINT, however often they come.

    A thread sets it: a handler runs between two steps of the main thread, which may just then hold
    the event's own lock (in `stop.wait`, or in this handler for the same signal's twin), and would
    wait for itself for ever.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=stop.set, daemon=True).start())
    return stop


def check_port(host: str, port: int, setting: str, hint: str = "") -> None:
    """Raises `Mistake` when somebody else listens there, or the address is another machine's."""
    why = _why_not(host, port)
    if isinstance(why, OSError) and why.errno == errno.EADDRNOTAVAIL:
        raise Mistake(
            f"VAKHTA_HOST=«{host}»: у этой машины нет такого адреса, нужен её адрес, например 127.0.0.1."
        )
    if why is not None:
        said = reason(why) if isinstance(why, OSError) else "нет такого порта"
        raise Mistake(
            f"порт {port} занят или недоступен ({said}). Укажите другой: {setting}={port + 10}{hint}."
        )


def free_port(host: str, port: int) -> int:
    """The first port from this one on that nobody listens on."""
    while _why_not(host, port):
        port += 1
    return port


def _why_not(host: str, port: int) -> OSError | OverflowError | None:
    """None when the port can be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            return error
    return None
