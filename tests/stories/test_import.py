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
    lines = [
        f"Новая;{n // 100 + 1};{n % 100 + 1};80-{n};Жилец {n};1;80-{n // 100};ХВС;подвал" for n in range(ROWS)
    ]
    path.write_text(
        "Улица;Дом;Кв.;Лиц. счёт;ФИО;Подъезд;№ лифта;Стояк;Вентиль\n" + "\n".join(lines), encoding="cp1251"
    )
    return path


def test_an_import_that_was_killed_ends_the_same(running: Running, tmp_path: Path) -> None:
    server, path = EmbeddedPostgres(running.folder / "postgres"), table(tmp_path)

    def count(what: str) -> int:
        with server.connect(OWNER, "vakhta") as connection:
            connection.execute(
                "SELECT set_config('vakhta.scope', %s, false)", [Scope.system("test").setting()]
            )
            found = connection.execute(f"SELECT count(*) FROM {what}").fetchone()  # type: ignore[arg-type]
            assert found is not None
            return int(found[0])

    def accounts() -> int:
        return count("places_account WHERE number LIKE '80-%'")

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
    parts = [count(f"places_{part} WHERE building_id IN (SELECT id FROM places_building WHERE street = 'Новая')")
             for part in ("lift", "riser")]  # fmt: skip
    assert parts == [ROWS // 100, ROWS // 100], "one of each house, however often its rows name it"
    assert "Добавлено: ничего.\nИзменено: ничего." in running.vakhta(*words).stdout
    assert running.vakhta("journal", "verify").returncode == 0


OLD_ROWS = 3_000


def journal_of(folder: Path) -> Path:
    path = folder / "журнал.csv"
    lines = [
        f"{n + 1};12.03.2024 8:{n % 60:02};Новая, д. {n // 100 + 1}, кв. {n % 100 + 1};течёт стояк"
        for n in range(OLD_ROWS)
    ]
    path.write_text("№;Дата и время;Адрес;Содержание\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_an_old_journal_that_was_killed_ends_the_same_and_is_taken_back(
    running: Running, tmp_path: Path
) -> None:
    server, path = EmbeddedPostgres(running.folder / "postgres"), journal_of(tmp_path)
    stock = running.vakhta("import", str(table(tmp_path)), "--company", "3", "--city", "Заречинск")
    assert stock.returncode == 0, stock.stderr

    def carried() -> int:
        with server.connect(OWNER, "vakhta") as connection:
            connection.execute(
                "SELECT set_config('vakhta.scope', %s, false)", [Scope.system("test").setting()]
            )
            found = connection.execute("SELECT count(*) FROM tickets_ticket WHERE old_key <> ''").fetchone()
            assert found is not None
            return int(found[0])

    words = ["import", str(path), "--company", "3", "--tickets"]
    process = subprocess.Popen(
        [*VAKHTA, *words], env=running.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    running.wait_for(lambda: carried() > 0 or process.poll() is not None, "the first thousand is read")
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = carried()
    assert 0 < kept < OLD_ROWS and kept % 1000 == 0, "whole thousands, or nothing of one"
    again = running.vakhta(*words)
    assert again.returncode == 0, again.stderr
    assert (
        f"Добавлено: заявки {OLD_ROWS - kept}." in again.stdout and f"Уже перенесены: {kept}." in again.stdout
    )
    assert carried() == OLD_ROWS
    assert "Добавлено: ничего." in running.vakhta(*words).stdout
    assert running.vakhta("journal", "verify").returncode == 0
    back = running.vakhta(*words[:-1], "--take-back", "--reason", "не та организация")
    assert f"Перенос отменён, заявок: {OLD_ROWS}." in back.stdout, back.stderr
    assert carried() == 0
    assert running.vakhta("journal", "verify").returncode == 0
