"""The live stream as an ASGI application."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vakhta.config.settings")

import django

django.setup()

from vakhta.web.live.app import application

__all__ = ["application"]
