"""What is over its term of keeping goes by itself: words, letters, files, looks, each batch with its act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection, transaction
from django.test import Client
from psycopg.errors import InsufficientPrivilege
from tests.cast import Cast

from vakhta.cli.main import main
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.domain.facts import ERASED, OverdueErased
from vakhta.domain.keeping import TERMS, YEAR, read_days
from vakhta.kernel import clock
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry, EntryWords, Look
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify
from vakhta.notices.models import Delivery
from vakhta.privacy import overdue as room
from vakhta.privacy.overdue import batches, erase_overdue, overdue
from vakhta.tickets.files import attach_file
from vakhta.tickets.models import Ticket, TicketFile, TicketWord
from vakhta.web.tests.steps import browser_of, photo, registered
from vakhta.wiring import FOLLOWERS, _daily

SYSTEM = Scope.system("test")
LONG_AGO = timedelta(days=4 * YEAR)


@pytest.fixture
def old(cast: Cast) -> Ticket:
    """A ticket of four years ago with its contact, a photo, a letter and a look; beside it one of today."""
    row = registered(cast)
    with acting(cast.scope(cast.ivanova)):
        attach_file(row.pk, photo())
    for follower in FOLLOWERS:
        while follow(follower):
            pass
    at = clock.now() - LONG_AGO
    with reading(SYSTEM):
        Ticket.objects.filter(pk=row.pk).update(state="closed", registered_at=at, done_at=at, closed_at=at)
        Interaction.objects.filter(ticket=row).update(state="ended", received_at=at, ended_at=at)
        Delivery.objects.filter(ticket_id=row.pk).update(state="sent", queued_at=at, sent_at=at)
        for when in (at, clock.now()):
            Look.objects.create(
                company_id=cast.north.pk, actor="staff/1", subject=f"ticket/{row.pk}", how="opened", at=when,
                slot=int(when.timestamp()),
            )  # fmt: skip
    registered(cast)
    return row


def kept() -> dict[str, Any]:
    """Everything that a term may take away."""
    with reading(SYSTEM):
        return {
            "tickets": list(
                Ticket.objects.order_by("pk").values_list("pk", "applicant", "phone", "description")
            ),
            "contacts": list(
                Interaction.objects.order_by("pk").values_list("pk", "caller", "phone", "description")
            ),
            "letters": list(Delivery.objects.order_by("pk").values_list("pk", "to", "body")),
            "files": list(TicketFile.objects.order_by("pk").values_list("pk", "digest")),
            "looks": list(Look.objects.order_by("pk").values_list("pk", flat=True)),
            "words": sorted(EntryWords.objects.values_list("entry_id", flat=True)),
            "entries": Entry.objects.count(),
        }


def test_what_is_over_its_term_is_nobody_s_and_the_rest_stands(cast: Cast, old: Ticket) -> None:
    before = kept()
    with reading(SYSTEM):
        counted = overdue(clock.now())
    acts = erase_overdue(clock.now())
    assert [act.act for act in acts] == [f"{clock.today():%y}-1"]
    rows = dict(acts[0].rows)
    assert rows.pop("слова в записях журнала") == len(before["words"]) - len(kept()["words"]) > 0
    assert rows == counted == {"заявки": 1, "обращения": 1, "файлы": 1, "письма": 1, "просмотры карточек": 1}
    with reading(SYSTEM):
        row = Ticket.objects.get(pk=old.pk)
        contact = Interaction.objects.get(ticket=row)
        letter = Delivery.objects.filter(ticket_id=old.pk).first()
        assert (row.applicant, row.description, row.phone, row.email, row.person) == (
            ERASED,
            ERASED,
            "",
            "",
            None,
        )
        assert (row.number, row.address, row.classifier) == (old.number, old.address, old.classifier)
        assert (contact.caller, contact.description, contact.phone, contact.person) == (
            ERASED,
            ERASED,
            "",
            None,
        )
        assert letter is not None and (letter.to, letter.body) == (ERASED, ERASED)
        assert not TicketFile.objects.exists() and Look.objects.count() == 1
        words = set(TicketWord.objects.filter(ticket=old.pk).values_list("word", flat=True))
        assert not words & {"петров", "стояк"}
        young = Ticket.objects.exclude(pk=old.pk).get()
        assert (young.applicant, young.description) == ("Петрова Анна Сергеевна", "течёт стояк в ванной")
        assert verify().is_whole
    assert erase_overdue(clock.now()) == []


@pytest.mark.parametrize("state", ["registered", "on_site", "done"])
def test_a_ticket_that_is_not_closed_keeps_its_words_however_old(cast: Cast, old: Ticket, state: str) -> None:
    with reading(SYSTEM):
        Ticket.objects.filter(pk=old.pk).update(state=state, closed_at=None)
        Delivery.objects.all().delete()
    erase_overdue(clock.now())
    with reading(SYSTEM):
        assert Ticket.objects.get(pk=old.pk).applicant == "Петрова Анна Сергеевна"
        assert Interaction.objects.get(ticket=old).caller == "Петрова Анна Сергеевна", (
            "it waits for its ticket"
        )
        assert TicketFile.objects.count() == 1


def test_a_ticket_that_was_asked_about_since_keeps_its_words(cast: Cast, old: Ticket) -> None:
    """A neighbour's call of yesterday joined it: one entry of the journal has the words of both."""
    with reading(SYSTEM):
        Interaction.objects.filter(ticket=old).update(ended_at=clock.now() - timedelta(days=1))
    erase_overdue(clock.now())
    with reading(SYSTEM):
        assert Ticket.objects.get(pk=old.pk).applicant == "Петрова Анна Сергеевна"
        assert verify().is_whole


def test_the_worker_does_it_a_batch_at_a_time_and_then_rests_for_a_day(
    cast: Cast, old: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = _daily(batches)
    monkeypatch.setattr(room, "_letters", broken := Mock(side_effect=OSError("диск")))
    with pytest.raises(OSError, match="диск"):
        step()
    broken.side_effect, broken.return_value = None, 0
    assert step() == 1, "what broke off began anew"
    with reading(SYSTEM):
        assert Ticket.objects.get(pk=old.pk).applicant == ERASED
    assert [step(), step()] == [0, 0]
    with reading(SYSTEM):
        Delivery.objects.update(state="sent", queued_at=clock.now() - LONG_AGO)
    monkeypatch.undo()
    assert step() == 0
    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr("vakhta.wiring.clock.now", lambda: tomorrow)
    assert step() == 1


def test_a_batch_that_breaks_off_leaves_everything(
    cast: Cast, old: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept()

    def no_disk(rows: Any) -> int:
        raise OSError("диск")

    monkeypatch.setattr(room, "erase_files", no_disk)
    with pytest.raises(OSError, match="диск"):
        erase_overdue(clock.now())
    assert kept() == before


def test_each_batch_has_its_own_act(cast: Cast, old: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "TOGETHER", 1)
    second = registered(cast)
    at = clock.now() - LONG_AGO
    with reading(SYSTEM):
        Ticket.objects.filter(pk=second.pk).update(state="voided", registered_at=at)
        Interaction.objects.filter(ticket=second).update(state="ended", received_at=at, ended_at=at)
    acts = erase_overdue(clock.now())
    assert [act.rows.get("заявки") for act in acts] == [1, 1]
    assert [act.act.partition("-")[2] for act in acts] == ["1", "2"]


def test_looks_of_the_last_year_are_taken_by_nobody(cast: Cast, old: Ticket) -> None:
    at = clock.now()
    for scope, before in ((SYSTEM, at), (cast.scope(cast.kim), at - LONG_AGO)):
        with pytest.raises(Exception) as refused, reading(scope), connection.cursor() as cursor:
            cursor.execute("SELECT looks_forget(%s, %s, 10)", [cast.north.pk, before])
        assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    with pytest.raises(Exception) as refused, reading(SYSTEM), transaction.atomic():
        Look.objects.all().delete()
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    with reading(SYSTEM):
        assert Look.objects.count() == 2


# ── By hand ──────────────────────────────────────────────────────────────────────────────────


def test_the_command_looks_first(cast: Cast, old: Ticket, capsys: pytest.CaptureFixture[str]) -> None:
    before = kept()
    assert main(["erase", "--overdue"]) == 0
    said = capsys.readouterr().out
    assert "Ничего не удалено" in said and "заявки: 1" in said
    assert kept() == before
    assert main(["erase", "--overdue", "--yes"]) == 0
    assert "Акт № " in capsys.readouterr().out
    assert main(["erase", "--overdue"]) == 0
    assert "ни у чего не истёк" in capsys.readouterr().out


def test_a_person_is_not_deleted_without_a_basis(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    before = kept()
    assert main(["erase", "--phone", "8 900 000-15-42", "--by", "kim@example.org"]) == 2
    assert "--basis" in capsys.readouterr().err
    assert kept() == before


# ── What is shown ────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_the_terms_and_the_acts(cast: Cast, old: Ticket) -> None:
    administrator: Client = browser_of(cast.kim)
    empty = administrator.get("/journal/terms/").content.decode()
    assert all(term.title in empty for term in TERMS.values()) and "Ничего ещё не удалялось" in empty
    (act,) = erase_overdue(clock.now())
    page = administrator.get("/journal/terms/").content.decode().replace("\u00a0", " ")
    assert f"Акт № {act.act}" in page and "заявки: 1" in page and "Петров" not in page
    with reading(SYSTEM):
        entry = Entry.objects.get(kind=OverdueErased.__name__)
    paper = administrator.get(f"/journal/acts/{entry.pk}.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF-")
    assert administrator.get(f"/journal/acts/{entry.pk - 1}.pdf").status_code == 404
    assert browser_of(cast.ivanova).get(f"/journal/acts/{entry.pk}.pdf").status_code == 403
    assert "сроку хранения" in browser_of(cast.kim).get("/journal/").content.decode()


# ── Terms ────────────────────────────────────────────────────────────────────────────────────


def test_an_office_keeps_longer_or_shorter_within_the_law() -> None:
    assert read_days("")["letters"] == YEAR
    said = read_days("tickets=1827, letters=180")
    assert (said["tickets"], said["letters"], said["contacts"]) == (1827, 180, 3 * YEAR)


@pytest.mark.parametrize(
    "text", ["tickets=365", "tickets", "people=30", "letters=скоро", "looks=0", "files=99999999"]
)
def test_a_term_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_days(text)


def test_a_contact_that_became_nothing_has_a_term_of_its_own(cast: Cast) -> None:
    with acting(Scope.system("api")):
        row, _ = arrival.receive(arrival.Message(channel="web", text="спасибо"), centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        contacts.end(row.pk, "consultation", note="поблагодарила")
    with reading(SYSTEM):
        Interaction.objects.filter(pk=row.pk).update(ended_at=clock.now() - LONG_AGO)
    (act,) = erase_overdue(clock.now())
    assert act.rows["обращения"] == 1
    with reading(SYSTEM):
        assert Interaction.objects.get(pk=row.pk).text == ERASED
