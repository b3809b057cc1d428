"""What the machine lacks for a story."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacks(what: str, package: str = "", remedy: str = "") -> NoReturn:
    """Skips the test and says how to get what it needs; under CI=true nothing is skipped: it fails."""
    remedy = remedy or f"установите пакет {package} (apt-get install {package})"
    line = f"нет {what}: {remedy} и повторите make test"
    if os.environ.get("CI") == "true":
        pytest.fail(line)
    pytest.skip(line)
