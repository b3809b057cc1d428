from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect, sync_playwright

from tests import chromium
from tests.cast import Cast, make_cast
from tests.stories.lacking import lacks
from tests.stories.running import ALONE, VAKHTA, Running, kill, make_town
from vakhta.cli.embedded_postgres import APP, EmbeddedPostgres
from vakhta.kernel.tenancy import Scope, reading

# How long an expected thing is looked for: a bound for a busy machine, not a pace.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def settle(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Puts the demo's town into a data folder that is not there yet, and returns the folder. The town is made once for all
    workers: making it takes a quarter of a minute, a copy a moment."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    town = shared / "town" / "data"

    def settle(folder: Path) -> Path:
        town.parent.mkdir(exist_ok=True)
        with (town.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            made = town.parent / "made"
            if not made.exists():
                make_town(town)
                made.touch()
        subprocess.run(["cp", "-a", town, folder], check=True)
        return folder

    return settle


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, settle: Callable[[Path], Path]) -> Iterator[Running]:
    """The demo without its simulator: the stories are the only ones who act."""
    service = Running(settle(tmp_path_factory.mktemp("demo") / "data"), *ALONE)
    yield service
    service.stop()


@pytest.fixture
def lone(tmp_path: Path, settle: Callable[[Path], Path]) -> Iterator[Running]:
    """A demo of its own, with nobody else in the queue before the story and whatever it leaves after."""
    service = Running(settle(tmp_path / "data"), *ALONE)
    yield service
    service.stop()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Function, nextitem: pytest.Item | None) -> None:
    """With the last story on it the demo ends; they stand together (conftest.py)."""
    service = (item.funcargs or {}).get("running")
    if service and nextitem and "running" not in getattr(nextitem, "fixturenames", ()):
        service.stop()


@pytest.fixture
def people(committed: str) -> Cast:
    with reading(Scope.system("test")):
        return make_cast()


@pytest.fixture
def start(
    committed: str, server: EmbeddedPostgres, tmp_path: Path
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts `vakhta PART` over the test's database; whatever still runs is killed at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(part: str, **more: str) -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            "DATABASE_URL": server.url(APP, committed),
            "VAKHTA_DATA_DIR": str(tmp_path),
            "VAKHTA_SECRET_KEY": settings.SECRET_KEY,
            **more,
        }
        with (tmp_path / f"{part}.log").open("ab") as log:
            started.append(
                subprocess.Popen([*VAKHTA, part], env=env, stdout=log, stderr=log, start_new_session=True)
            )
        return started[-1]

    yield start
    for process in started:
        kill(process)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the stories are skipped, under CI=true they fail."""
    if chromium.program() is None:
        lacks("Chromium", chromium.PROGRAMS[0])
    chromium.use_wheels_node()
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop in this thread between its calls; Django takes what runs then for
        # asynchronous code and would refuse the database to the tests that come after.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = chromium.launch(playwright)
        yield started
        started.close()
