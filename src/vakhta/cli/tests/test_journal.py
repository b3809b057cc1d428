"""`vakhta journal`: verify, anchor, print, and what is said when the person is mistaken."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from vakhta.cli import journal as command
from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.cli.main import main
from vakhta.domain.facts import CommentAdded
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Look
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company

Out = pytest.CaptureFixture[str]


@pytest.fixture
def five(committed: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A journal of five entries in a database of its own, which the command finds."""
    monkeypatch.setattr(command, "_find_service", lambda: None)
    with reading(Scope.system("test")):
        centre = Company.objects.create(kind="dispatch_centre", name="АДС «Заречье»", short_name="«Заречье»")
    for n in range(5):
        with acting(Scope.system("test")):
            journal.record(CommentAdded(ticket=1, text=f"слово {n}"), company=centre.pk)
    return committed


def test_a_whole_journal_is_said_to_be_whole(five: str, capsys: Out) -> None:
    assert main(["journal", "verify"]) == 0
    assert capsys.readouterr().out.startswith("Журнал цел: записей 5, отпечаток ")


def test_the_first_bad_entry_is_named(five: str, server: EmbeddedPostgres, capsys: Out) -> None:
    with server.connect(OWNER, five) as connection:
        connection.execute("DELETE FROM journal_entry WHERE id = 3")
    assert main(["journal", "verify"]) == 1
    assert "Запись 3: запись удалена. До неё цело записей: 2." in capsys.readouterr().out


def test_a_cut_journal_is_found_by_its_anchor(
    five: str, server: EmbeddedPostgres, tmp_path: Path, capsys: Out
) -> None:
    anchor = str(tmp_path / "anchor.json")
    assert main(["journal", "anchor", anchor]) == 0
    assert main(["journal", "verify", "--anchor", anchor]) == 0
    with server.connect(OWNER, five) as connection:
        for table, key in (
            ("journal_entry", "id"),
            ("journal_words", "entry_id"),
            ("journal_subject", "entry_id"),
        ):
            connection.execute(f"DELETE FROM {table} WHERE {key} = 5")
    assert main(["journal", "verify"]) == 0, "who cuts with care leaves nothing behind"
    assert main(["journal", "verify", "--anchor", anchor]) == 1
    assert "обрезан" in capsys.readouterr().out


def test_an_anchor_that_was_changed_is_refused(five: str, tmp_path: Path, capsys: Out) -> None:
    anchor = tmp_path / "anchor.json"
    main(["journal", "anchor", str(anchor)])
    anchor.write_text(json.dumps({**json.loads(anchor.read_text()), "entry": 4}))
    assert main(["journal", "verify", "--anchor", str(anchor)]) == 2
    assert "Подпись отметки журнала не сходится" in capsys.readouterr().err


def test_the_head_is_not_signed_without_a_key(
    five: str, tmp_path: Path, settings: SimpleNamespace, capsys: Out
) -> None:
    """A signature that everybody can make proves nothing."""
    settings.OPTIONS = {**settings.OPTIONS, "VAKHTA_SECRET_KEY": "", "VAKHTA_ANCHOR_KEY": ""}
    anchor = tmp_path / "anchor.json"
    assert main(["journal", "anchor", str(anchor)]) == 2
    assert "не задан VAKHTA_ANCHOR_KEY" in capsys.readouterr().err and not anchor.exists()


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "csv"])
def test_the_journal_is_printed_into_a_file(five: str, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"j.{kind}"
    words = [
        "journal",
        "print",
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-30",
        "--format",
        kind,
        "-o",
        str(target),
    ]
    assert main(words) == 0
    assert target.read_bytes()[:2] in (b"%P", b"PK", b"\xef\xbb")


def test_who_looked_is_a_table_of_the_days(five: str, tmp_path: Path) -> None:
    with reading(Scope.system("test")):
        centre = Company.objects.get(kind="dispatch_centre")
        for day in (1, 2, 3):
            at = datetime(2026, 11, day, 23, 30, tzinfo=ZoneInfo("Europe/Moscow"))
            Look.objects.create(
                company_id=centre.pk, actor="staff/1", subject="list/tickets", how="saved", at=at, slot=day,
                detail={"kind": "csv", "rows": 2, "asked": "Состояние: открытые"},
            )  # fmt: skip
    target = tmp_path / "looks.csv"
    words = ["looks", "--from", "2026-11-02", "--to", "2026-11-02", "-o", str(target)]
    assert main(["journal", *words]) == 0
    head, *rows = target.read_text("utf-8-sig").splitlines()
    assert head.startswith("Когда;Кто") and len(rows) == 1
    assert "2026-11-02T" in rows[0] and "список заявок;CSV, 2 строки · Состояние: открытые" in rows[0]


DAYS = ["--from", "2026-11-01", "--to", "2026-11-02"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["print", "--from", "вчера", "--to", "2026-11-02"], "--from=«вчера»: нужна дата вида 2026-11-24."),
        (["print", "--from", "2026-11-01", "--to", "2026-02-30"], "--to=«2026-02-30»: нужна дата"),
        (["print", "--from", "9999-12-31", "--to", "9999-12-31"], "нужен год от 2000 до 2099"),
        (["print", "--from", "2026-11-02", "--to", "2026-11-01"], "--to раньше, чем --from"),
        (["print", *DAYS, "-o", "/nowhere/j.pdf"], "не записан"),
        (["looks", *DAYS, "-o", "/nowhere/looks.csv"], "не записан"),
        (["print", *DAYS, "--company", "999"], "такой организации нет"),
        (["print", *DAYS, "--centre", "999"], "«Заречье»"),
        (["anchor", "/nowhere/anchor"], "не записан"),
        (["verify", "--anchor", "/nowhere/anchor"], "не читается"),
    ],
)
def test_a_mistake_is_one_clear_line(five: str, capsys: Out, words: list[str], said: str) -> None:
    assert main(["journal", *words]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1 and "Traceback" not in err


def test_an_entry_that_cannot_be_read_is_said_and_no_file_is_written(
    five: str, server: EmbeddedPostgres, tmp_path: Path, capsys: Out
) -> None:
    with server.connect(OWNER, five) as connection:
        connection.execute(
            "UPDATE journal_entry SET happened_at = happened_at - interval '4000 years' WHERE id = 3"
        )
    file = tmp_path / "journal.csv"
    words = ["--from", "2000-01-01", "--to", "2099-12-31", "--format", "csv", "--output", str(file)]
    main(["journal", "print", *words])
    assert main(["journal", "verify"]) == 1
    assert "Запись 3" in capsys.readouterr().out


def test_of_two_centres_one_is_chosen(five: str, tmp_path: Path, capsys: Out) -> None:
    with reading(Scope.system("test")):
        other = Company.objects.create(kind="dispatch_centre", name="АДС «Луг»", short_name="«Луг»")
    assert main(["journal", "print", *DAYS, "-o", str(tmp_path / "j.pdf")]) == 2
    assert "--centre: укажите номер диспетчерской" in capsys.readouterr().err
    assert main(["journal", "print", *DAYS, "--centre", str(other.pk), "-o", str(tmp_path / "j.pdf")]) == 0
