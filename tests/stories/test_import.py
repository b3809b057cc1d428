"""A company's table while things break: what was read stands, and the same table finishes it."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from tests.stories.running import VAKHTA, Running
from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.kernel.tenancy import Scope

ROWS = 6_000


def table(folder: Path) -> Path:
    path = folder / "дома.csv"
    lines = [f"Новая;{n // 100 + 1};{n % 100 + 1};80-{n};Жилец {n}" for n in range(ROWS)]
    path.write_text("Улица;Дом;Кв.;Лиц. счёт;ФИО\n" + "\n".join(lines), encoding="cp1251")
    return path


def test_an_import_that_was_killed_ends_the_same(running: Running, tmp_path: Path) -> None:
    server, path = EmbeddedPostgres(running.folder / "postgres"), table(tmp_path)

    def accounts() -> int:
        with server.connect(OWNER, "vakhta") as connection:
            connection.execute(
                "SELECT set_config('vakhta.scope', %s, false)", [Scope.system("test").setting()]
            )
            found = connection.execute(
                "SELECT count(*) FROM places_account WHERE number LIKE '80-%'"
            ).fetchone()
            assert found is not None
            return int(found[0])

    words = ["import", str(path), "--company", "3", "--city", "Заречинск"]
    process = subprocess.Popen(
        [*VAKHTA, *words], env=running.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    running.wait_for(lambda: accounts() > 0 or process.poll() is not None, "the first thousand is read")
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = accounts()
    assert 0 < kept < ROWS and kept % 1000 == 0, "whole thousands, or nothing of one"
    again = running.vakhta(*words)
    assert again.returncode == 0, again.stderr
    assert f"лицевые счета {ROWS - kept}" in again.stdout
    assert accounts() == ROWS
    assert "Добавлено: ничего.\nИзменено: ничего." in running.vakhta(*words).stdout
    assert running.vakhta("journal", "verify").returncode == 0
