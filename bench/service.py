"""A running service over the demo's town, grown to a city, in a folder of its own that is removed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from bench.size import Size
from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres, binaries
from vakhta.cli.main import setup_service
from vakhta.cli.processes import free_port
from vakhta.cli.supervisor import spawn

if TYPE_CHECKING:
    from vakhta.kernel.tenancy import Scope
    from vakhta.people.models import Staff

CLIENTS = 8


@dataclass(frozen=True)
class Bench:
    """`operator`, `phone` and `token` are the town's: who works, who calls, whose key it is."""

    folder: Path
    postgres: EmbeddedPostgres
    port: int
    operator: Staff
    phone: str
    token: str

    @property
    def scope(self) -> Scope:
        """The operator's."""
        from vakhta.kernel import clock
        from vakhta.people.access import scope_of_user

        found = scope_of_user(self.operator.user_id, clock.today())
        assert found is not None
        return found[0]


@contextlib.contextmanager
def running_service(size: Size | None) -> Iterator[Bench]:
    """`size` of the city; None leaves the town as it is."""
    with tempfile.TemporaryDirectory(prefix="vakhta-bench-") as name:
        folder = Path(name)
        postgres = EmbeddedPostgres(folder / "postgres")
        postgres.start()
        web = None
        try:
            os.environ.update(
                DATABASE_URL=postgres.url(APP), VAKHTA_OWNER_DATABASE_URL=postgres.url(OWNER),
                VAKHTA_DATA_DIR=str(folder), VAKHTA_DEMO="1", VAKHTA_SECRET_KEY="bench" * 10,
                VAKHTA_ALLOWED_HOSTS="127.0.0.1,testserver",
            )  # fmt: skip
            operator, phone = _town(folder)
            if size is not None:
                _grow(operator.company_id, size)
            words = [sys.executable, "-m", "vakhta.cli", "serve", "--workers", str(os.cpu_count() or 1)]
            # Chosen now: a city takes minutes to build, and the port may be another's by then.
            port = free_port("127.0.0.1", 18800)
            os.environ["VAKHTA_PORT"] = str(port)
            log, token = folder / "serve.log", (folder / "api-token").read_text().strip()
            web = spawn(words, log)
            _wait(web, port, token, log)
            yield Bench(folder, postgres, port, operator, phone, token)
        finally:
            if web is not None:
                web.terminate()
                web.wait()
            postgres.stop()


def pgbench(postgres: EmbeddedPostgres, statements: Path, seconds: float, **variables: object) -> str:
    """What pgbench says of this file of statements as the application's role, prepared, with `CLIENTS` clients."""
    words = [
        str(binaries() / "pgbench"),
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "2",
        "-T",
        f"{seconds:.0f}",
    ]
    words += ["-f", str(statements), "-h", str(postgres.sockets), "-U", APP]
    words += [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    made = subprocess.run([*words, "vakhta"], capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"pgbench: {made.stderr or made.stdout}")
    return made.stdout


def _town(folder: Path) -> tuple[Staff, str]:
    setup_service()
    from vakhta.cli.demo_city import ensure_demo_city
    from vakhta.cli.migrate import migrate
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.models import Staff

    migrate()
    ensure_demo_city()
    with reading(Scope.system("bench")):
        operator = Staff.objects.filter(role="operator").order_by("id").first()
    assert operator is not None
    return operator, (folder / "demo-caller").read_text().split("\t")[0]


def _grow(centre: int, size: Size) -> None:
    from bench.city import build_city
    from vakhta.kernel import clock

    start = time.perf_counter()
    build_city(centre, size, clock.now())
    print(
        f"city of {size.accounts:,} accounts, {size.tickets:,} tickets in {time.perf_counter() - start:.0f} s"
    )


def _wait(web: subprocess.Popen[bytes], port: int, token: str, log: Path) -> None:
    """Until our own pages answer: a question with the token of this town, which nobody else knows, finds no such
    contact. Whoever else holds the port refuses the token."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if web.poll() is not None:
            raise SystemExit(f"pages ended with {web.returncode}: {log.read_text()[-2000:]}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/v1/interactions/0", headers={"Authorization": f"Bearer {token}"})
            if connection.getresponse().status == 404:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.05)
    raise SystemExit("pages did not answer in 60 s")
