"""Everything but the live stream's LISTEN goes through PgBouncer in transaction mode: Debian's 1.18, so
without prepared statements. Fewer connections than threads, so each transaction may meet another one."""

from __future__ import annotations

from pathlib import Path

import httpx
import psycopg
import pytest

from tests.stories.cluster import Processes, Service, find, own, processes, until
from tests.stories.running import free_port
from tests.stories.test_faults import People
from tests.stories.test_parts import Screen
from vakhta.cli.embedded_postgres import ADMIN, APP, OWNER, EmbeddedPostgres
from vakhta.cli.simulation.hands import Operator, seats
from vakhta.cli.simulation.ledger import compare

pytestmark = pytest.mark.slow

SERVERS = 5
"""Connections to PostgreSQL for all processes together; the worker's mark holds one of them."""


def test_a_day_goes_through_a_pooler(tmp_path: Path) -> None:
    program = find("pgbouncer", "pgbouncer")
    server = EmbeddedPostgres(tmp_path / "postgres", settings={"fsync": "off"})
    try:
        server.start()
        with processes(tmp_path) as made:
            port = pooler(made, program, server, tmp_path)
            pooled = f"postgresql://{APP}@127.0.0.1:{port}/vakhta"
            service = Service(made, pooled, server.url(OWNER), live=server.url(APP), VAKHTA_PGBOUNCER="1")
            service.make_town()
            service.start()
            work(service, server)
    finally:
        server.stop()


def pooler(made: Processes, program: str, server: EmbeddedPostgres, folder: Path) -> int:
    port, home = free_port(), own(folder / "pgbouncer")
    (home / "users.txt").write_text(f'"{APP}" ""\n')
    (home / "pgbouncer.ini").write_text(
        f"""[databases]
vakhta = host={server.sockets} dbname=vakhta
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {home}/users.txt
pool_mode = transaction
default_pool_size = {SERVERS}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
"""
    )
    made.start("pgbouncer", program, str(home / "pgbouncer.ini"), is_ordinary=True)

    def answers() -> bool:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=APP, dbname="vakhta", connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    until(answers, "PgBouncer answers")
    return port


def work(service: Service, server: EmbeddedPostgres) -> None:
    people = People(service)  # type: ignore[arg-type]
    try:
        until(lambda: len(people.ledger.done) >= 3, "three jobs are done")
        heard(people, service, server)
    finally:
        people.go_home()
    with people.browser() as client:
        door = people.door(client)
        assert compare(people.ledger, door.contact, door.ticket) == []
    assert people.failures == {}
    with server.connect(ADMIN, "vakhta") as connection:

        def number(text: str) -> int:
            return int(str((connection.execute(text).fetchone() or (0,))[0]))

        until(
            lambda: number("SELECT min(entry) FROM follower_cursor") == number(HEAD),
            "followers have read all",
        )
        until(lambda: number(LATE) == 0, "every clock that is due is fired")
        connections = (
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'vakhta_app' AND client_addr IS NULL"
        )
        assert number(connections) <= SERVERS + 2, "the pool, and the stream's own two"
        assert number("SELECT count(*) FROM journal_entry WHERE kind = 'HandedOver'") >= 3
    assert service.vakhta("journal", "verify").startswith("Журнал цел")
    with psycopg.connect(service.env["DATABASE_URL"]) as pooled:
        for _time in range(3 * SERVERS):
            found = pooled.execute("SELECT count(*) FROM tickets_ticket").fetchone()
            pooled.rollback()
            assert found == (0,), "no transaction leaves its scope to the next one"


HEAD = "SELECT max(id) FROM journal_entry"
LATE = "SELECT count(*) FROM tickets_clock WHERE fire_at < now() - interval '1 second'"


def heard(people: People, service: Service, server: EmbeddedPostgres) -> None:
    """An operator's screen hears of what the others do."""
    with people.browser() as client:
        seat = next(seat for seat in seats(client) if seat.role == "Диспетчер")
        Operator(client, people.ledger).sign_in(seat)
        cookie = f"vakhta_session={client.cookies['vakhta_session']}"
    with server.connect(ADMIN, "vakhta") as connection:
        head = int(str((connection.execute(HEAD).fetchone() or (0,))[0]))
    measures = httpx.get(f"http://127.0.0.1:{service.live_port}/metrics", trust_env=False)
    assert measures.text.startswith("vakhta_live_screens ")
    screen = Screen(service.live_port, cookie, head)
    screen.comes_back(lambda: len(screen.entries) >= 5)
    assert screen.entries == sorted(set(screen.entries)), "each once, in order"
