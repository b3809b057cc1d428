"""The pages and the API as a WSGI application."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal

_PR_SET_PDEATHSIG = 1
parent = multiprocessing.parent_process()
if parent is not None:  # a worker of `vakhta serve`: alone it would hold the port, and no other could start
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if not parent.is_alive():
        os._exit(1)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vakhta.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from vakhta.wiring import connect

connect()
