"""The pages and the API as a WSGI application."""

from __future__ import annotations

import multiprocessing
import os
import signal

from vakhta.config.parents import end_with

parent = multiprocessing.parent_process()
if parent is not None and parent.pid is not None:  # a worker of `vakhta serve`
    end_with(parent.pid, signal.SIGTERM)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vakhta.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from vakhta.wiring import connect

connect()
