"""Fixtures of every room's tests: a real PostgreSQL, one for the whole run, seen as the application.

`db` (or `pytest.mark.django_db`): a transaction that is rolled back. `committed`: commits for real
in a database of its own. Tests connect as the role of the application, under row-level security.

VAKHTA_TEST_POSTGRES=/usr/lib/postgresql/15/bin runs them on a server made with these programs.
LAW_EXAMPLES=1000 tries more examples of each property.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres

TEMPLATE = "vakhta_template"
SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}

settings.register_profile(
    "suite",
    deadline=None,
    database=None,
    max_examples=int(os.environ.get("LAW_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")  # how slow a shared machine is says nothing about the service


TOGETHER = ("tests/stories/test_backup.py",)
"""Modules of stories that share one long beginning."""

DEMO = tuple(
    f"tests/stories/test_{name}.py"
    for name in (
        "basement", "drafts", "first_contact", "import", "import_page", "line", "live", "passkey", "phone",
        "work_and_word",
    )
)  # fmt: skip
"""Modules of stories on `running`: one worker takes them all, one after another, so that one demo is started and not
one in each worker, and it ends with the last of them (tests/stories/conftest.py): at rest it takes 6 % of a core."""


def _module(nodeid: str) -> str:
    return nodeid.partition("::")[0]


class Rooms(LoadScopeScheduling):
    """What a worker takes at a time: a story, all stories on the demo, or a whole module of quick tests. In the order
    of `testpaths`: the stories, which are long, go first, and the many short tests fill up what is left of the time."""

    def _split_scope(self, nodeid: str) -> str:
        module = _module(nodeid)
        if module in DEMO:
            return "demo"
        return nodeid if module.startswith("tests/stories/") and module not in TOGETHER else module


LOOPS = (
    "src/vakhta/web/health/tests/test_live.py",
    "src/vakhta/web/live/",
    "src/vakhta/cli/tests/test_commands.py",
)
"""Tests that run a loop of their own. They go first: a browser's story leaves one running in its process."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_demo = {item for item in items if "running" in getattr(item, "fixturenames", ())}
    if forgotten := {_module(item.nodeid) for item in on_demo} - {*DEMO}:
        raise pytest.UsageError(f"stories on `running` that DEMO of conftest.py does not name: {forgotten}")
    items.sort(
        key=lambda item: (
            not item.nodeid.startswith(LOOPS), _module(item.nodeid) not in DEMO, item not in on_demo
        )
    )  # fmt: skip


def pytest_collection_finish() -> None:
    gc.freeze()  # what is collected lives to the end: no later search for circles looks at it again


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return Rooms(config, log)


def _run_folder(config: pytest.Config) -> Path:
    """One folder for all workers of this run."""
    shared = os.environ.get("VAKHTA_TEST_RUN")
    if shared is None:
        shared = tempfile.mkdtemp(prefix="vakhta-test-")
        os.environ["VAKHTA_TEST_RUN"] = shared
    return Path(shared)


def _server(folder: Path) -> EmbeddedPostgres:
    """The run's server: of the package's PostgreSQL or of the one that the person names."""
    named = os.environ.get("VAKHTA_TEST_POSTGRES")
    return EmbeddedPostgres(folder / "db", settings=SPEED, programs=Path(named) if named else None)


def pytest_configure(config: pytest.Config) -> None:
    """The controller (or the only process) starts the server; workers find it by its folder."""
    folder = _run_folder(config)
    server = _server(folder)
    if not hasattr(config, "workerinput"):
        server.start()
        config.stash[SERVER] = server
    _settings(server, folder)


def _settings(server: EmbeddedPostgres, folder: Path) -> None:
    """What the tests' service is set to; pytest-django has read the settings before we are asked."""
    from django.conf import settings
    from django.db import connections

    for alias, role in (("default", APP), ("owner", OWNER)):
        address = {"NAME": TEMPLATE, "USER": role, "HOST": str(server.sockets), "PASSWORD": "", "PORT": ""}
        connections.settings[alias].update(address)
        settings.DATABASES[alias].update(address)
    settings.SECRET_KEY = "a key for tests only, nothing is signed with it"
    settings.OPTIONS["VAKHTA_SECRET_KEY"] = settings.SECRET_KEY
    settings.DATA_DIR = folder / os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.MAIL_DIR = settings.DATA_DIR / "mail"
    settings.STATIC_ROOT = None  # nothing is collected for tests; whitenoise asks the finders
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
    # What takes a tenth of a second by design is a minute of the suite; the stories' services have the real one.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


SERVER: pytest.StashKey[EmbeddedPostgres] = pytest.StashKey()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.stop()
        shutil.rmtree(server.folder.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> EmbeddedPostgres:
    """The running server; `connect(OWNER, name)` for what only an owner may do."""
    return _server(Path(os.environ["VAKHTA_TEST_RUN"]))


@pytest.fixture(scope="session")
def template(server: EmbeddedPostgres, django_db_blocker: object) -> str:
    """The migrated database that every other one is a copy of; made once for all workers."""
    with (Path(os.environ["VAKHTA_TEST_RUN"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with server.connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
        if not known:
            from django.core.management import call_command
            from django.db import connections

            with django_db_blocker.unblock():  # type: ignore[attr-defined]
                call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
                connections.close_all()
    return TEMPLATE


def _copy(server: EmbeddedPostgres, template: str, name: str) -> None:
    with (Path(os.environ["VAKHTA_TEST_RUN"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a template may have no other connection while it is copied
        with server.connect() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")


def _point_at(name: str) -> None:
    """Both connections of Django to another database."""
    from django.db import connections

    from vakhta.places import streets

    streets.forget()
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
        connections.settings[alias]["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(server: EmbeddedPostgres, template: str, django_db_blocker: object) -> Iterator[None]:
    """pytest-django's setup in our way: the worker's own copy of the template."""
    name = f"vakhta_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _copy(server, template, name)
        _point_at(name)
        import vakhta.wiring

        vakhta.wiring.connect()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        from django.db import connections

        connections.close_all()


@pytest.fixture
def committed(
    django_db_setup: None, server: EmbeddedPostgres, template: str, django_db_blocker: object
) -> Iterator[str]:
    """A fresh database in which the test commits for real; its name."""
    from django.db import connections

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"vakhta_{worker}_committed"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _copy(server, template, name)
        _point_at(name)
        yield name
        connections.close_all()
        _point_at(f"vakhta_{worker}")


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test speaks to the world."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def cast(db: None):  # type: ignore[no-untyped-def]
    """The people of the stories, see tests/cast.py."""
    from tests.cast import make_cast

    return make_cast()
