"""A connection of one's own beside Django's: for LISTEN, and for what lasts as long as the process."""

from __future__ import annotations

from typing import Any

from django.db import connections

_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}  # nosec B105  # libpq's name of a setting


_OF_STATEMENTS = ("server_side_binding", "prepare_threshold")
"""Django's own options, of how it asks."""


def address() -> dict[str, Any]:
    """The application's database as `psycopg.connect` takes it, with what a lost machine is noticed by."""
    known = connections["default"].settings_dict
    bounds = {name: value for name, value in known["OPTIONS"].items() if name not in _OF_STATEMENTS}
    return {ours: known[theirs] for theirs, ours in _NAMES.items() if known.get(theirs)} | bounds
