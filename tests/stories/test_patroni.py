"""Two PostgreSQL under Patroni with etcd and HAProxy, one of them a synchronous standby: the primary and
its Patroni are killed with -9 while people work, and everything that was answered «accepted» is in the
journal exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.stories.cluster import Processes, Service, find, make_roles, own, processes, until
from tests.stories.lacking import lacks
from tests.stories.running import free_port
from tests.stories.test_faults import People
from vakhta.cli.embedded_postgres import ADMIN, APP, OWNER
from vakhta.cli.simulation.ledger import compare

pytestmark = pytest.mark.slow

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
BEFORE, AFTER = 25, 25
"""Contacts that must be accepted before the primary dies, and again after."""


@dataclass
class Node:
    """One PostgreSQL with its Patroni."""

    name: str
    folder: Path
    port: int
    rest: int
    patroni: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Path:
        return self.folder / "patroni.json"

    def is_primary(self) -> bool:
        return self.role("/primary")

    def is_synchronous(self) -> bool:
        return self.role("/synchronous")

    def role(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rest}{path}", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self, made: Processes) -> None:
        """Patroni first, so that it cannot start its server anew, then the postmaster; backends follow."""
        assert self.patroni is not None
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(self.patroni.pid, signal.SIGKILL)
        os.kill(postmaster, signal.SIGKILL)
        made.kill(self.patroni)


def test_the_primary_dies_and_nothing_that_was_accepted_is_lost(tmp_path: Path) -> None:
    if not (PROGRAMS / "postgres").exists():
        lacks("PostgreSQL 15", "postgresql-15")
    with processes(tmp_path) as made:
        nodes, port = cluster(made, tmp_path)
        make_roles(port)
        address = "postgresql://{}@127.0.0.1:{}/vakhta"
        service = Service(made, address.format(APP, port), address.format(OWNER, port))
        service.make_town()
        service.start()
        primary, standby = sorted(nodes, key=lambda node: not node.is_primary())
        assert standby.is_synchronous(), "nothing is answered before the standby has it"
        people = People(service)  # type: ignore[arg-type]
        try:
            until(lambda: len(people.ledger.contacts) >= BEFORE, "contacts before")
            until(lambda: bool(people.ledger.done), "everybody is at work")
            primary.kill(made)
            until(standby.is_primary, "the standby is the primary")
            reached = len(people.ledger.contacts)
            until(lambda: len(people.ledger.contacts) >= reached + AFTER, "contacts after")
        finally:
            people.go_home()
        prove(people, service, standby)


def cluster(made: Processes, folder: Path) -> tuple[list[Node], int]:
    """Two nodes, the second of them the synchronous standby, and HAProxy's port that leads to the primary."""
    programs = {name: find(name, package) for name, package in PACKAGES.items()}
    client, peer, port = free_port(), free_port(), free_port()
    home = own(folder / "etcd")
    made.start(
        "etcd", programs["etcd"], "--data-dir", str(home / "data"), "--name", "one",
        "--listen-client-urls", f"http://127.0.0.1:{client}", "--advertise-client-urls", f"http://127.0.0.1:{client}",
        "--listen-peer-urls", f"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
        "--initial-cluster", f"one=http://127.0.0.1:{peer}", "--unsafe-no-fsync",
    )  # fmt: skip
    nodes = [Node(name, own(folder / name), free_port(), free_port()) for name in ("first", "second")]
    made.servers += [node.folder / "data" for node in nodes]
    for node in nodes:
        node.settings.write_text(json.dumps(patroni_of(node, client), indent=1))
        node.patroni = made.start(node.name, programs["patroni"], str(node.settings), is_ordinary=True)
        if node is nodes[0]:
            until(node.is_primary, "the first node is the primary")
    until(nodes[1].is_synchronous, "the second node follows at once")
    (folder / "haproxy.cfg").write_text(haproxy_of(nodes, port))
    made.start("haproxy", programs["haproxy"], "-db", "-f", str(folder / "haproxy.cfg"))

    def leads() -> bool:
        """Eight in a row: before its first checks HAProxy trusts both nodes."""
        try:
            return not any(is_standby(port) for _time in range(8))
        except psycopg.Error:
            return False

    until(leads, "HAProxy leads to the primary")
    return nodes, port


def is_standby(port: int) -> bool:
    with psycopg.connect(
        host="127.0.0.1", port=port, user=ADMIN, dbname="postgres", connect_timeout=2
    ) as asked:
        found = asked.execute("SELECT pg_is_in_recovery()").fetchone()
    return bool(found and found[0])


PACKAGES = {"etcd": "etcd-server", "patroni": "patroni", "haproxy": "haproxy"}


def patroni_of(node: Node, etcd: int) -> dict[str, object]:
    return {
        "scope": "vakhta",
        "name": node.name,
        "restapi": {"listen": f"127.0.0.1:{node.rest}", "connect_address": f"127.0.0.1:{node.rest}"},
        "etcd3": {"host": f"127.0.0.1:{etcd}"},
        "bootstrap": {
            "dcs": {
                "ttl": 20,
                "loop_wait": 1,
                "retry_timeout": 3,
                "synchronous_mode": True,
                "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 100}},
            },
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth": "trust"}],
            "pg_hba": [
                "local all all trust",
                "host all all 127.0.0.1/32 trust",
                "host replication all 127.0.0.1/32 trust",
            ],
        },
        "postgresql": {
            "listen": f"127.0.0.1:{node.port}",
            "connect_address": f"127.0.0.1:{node.port}",
            "data_dir": str(node.folder / "data"),
            "bin_dir": str(PROGRAMS),
            "pgpass": str(node.folder / "pgpass"),
            "parameters": {"unix_socket_directories": "", "fsync": "off"},
            "authentication": {"superuser": {"username": ADMIN}, "replication": {"username": "replicator"}},
        },
    }


def haproxy_of(nodes: list[Node], port: int) -> str:
    servers = "\n".join(
        f"    server {node.name} 127.0.0.1:{node.port} check port {node.rest}" for node in nodes
    )
    return f"""defaults
    mode tcp
    timeout connect 2s
    timeout client 30m
    timeout server 30m
    timeout check 2s
listen primary
    bind 127.0.0.1:{port}
    option httpchk GET /primary
    http-check expect status 200
    default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


def prove(people: People, service: Service, primary: Node) -> None:
    """What was answered is held, each contact once, and the journal is whole."""
    accepted = {told.key: told.id for told in people.ledger.contacts.values()}
    with psycopg.connect(host="127.0.0.1", port=primary.port, user=ADMIN, dbname="vakhta") as connection:
        rows = connection.execute(
            "SELECT i.id, substring(i.key from 'faults-(.*)$'), count(e.id) FROM contacts_interaction i "
            "LEFT JOIN journal_subject s ON s.subject = 'interaction/' || i.id "
            "LEFT JOIN journal_entry e ON e.id = s.entry_id AND e.kind = 'InteractionReceived' "
            "WHERE i.key LIKE '%faults-%' GROUP BY i.id"
        ).fetchall()
    held = {str(key): int(pk) for pk, key, _ in rows}
    assert len(held) == len(rows), "one row a key"
    assert {key: times for _, key, times in rows if times != 1} == {}, "one entry a contact"
    assert len(accepted) >= BEFORE + AFTER
    assert accepted.items() <= held.items(), "all that was accepted, under the number that was told"
    with people.browser() as client:
        door = people.door(client)
        assert compare(people.ledger, door.contact, door.ticket) == []
    wrong = {said: times for said, times in people.failures.items() if not said.startswith("503 ")}
    assert wrong == {}, "a primary that is gone is said as 503, and nothing else fails"
    assert service.vakhta("journal", "verify").startswith("Журнал цел")
    until(service.is_ready, "every part goes on with the new primary")
