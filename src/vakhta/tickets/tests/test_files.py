"""Files of a ticket, and how their bytes are given out."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.cast import Cast

from vakhta.kernel.files import name_as
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.files import attach_file
from vakhta.tickets.models import Ticket, TicketFile
from vakhta.web.tests.steps import browser_of, everything, kinds, moved, ordered, photo, registered

PDF = b"%PDF-1.7\n" + b"p" * 50


def attached(cast: Cast, ticket: Ticket, content: bytes | None = None, name: str = "труба.png") -> TicketFile:
    with acting(cast.scope(cast.ivanova)):
        return attach_file(ticket.pk, photo(name, content) if content else photo(name))


def test_a_file_is_a_row_and_a_fact(cast: Cast) -> None:
    ticket = registered(cast)
    row = attached(cast, ticket)
    assert (row.company_id, row.media_type, row.name) == (cast.north.pk, "image/png", "труба.png")
    assert kinds(ticket)[-1] == "FileAttached"


def test_the_same_photo_twice_is_one_file(cast: Cast) -> None:
    ticket = registered(cast)
    assert attached(cast, ticket).pk == attached(cast, ticket, name="ещё раз.png").pk
    assert kinds(ticket).count("FileAttached") == 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [("../../etc/passwd.png", "passwd.png"), ("C:\\фото\\кран.png", "кран.png"), ("a<b>\"c'.png", "a_b_c'.png"),
     ("я" * 300 + ".png", "я" * 196 + ".png"), ("...", "файл"), ("\u202egnp.exe", "gnp.exe")],
)  # fmt: skip
def test_names_are_made_harmless(cast: Cast, said: str, kept: str) -> None:
    uploaded = photo()
    uploaded._name = said
    ticket = registered(cast)
    with acting(cast.scope(cast.ivanova)):
        assert attach_file(ticket.pk, uploaded).name == kept


def test_who_may_not_attach_changes_nothing(cast: Cast) -> None:
    ticket = registered(cast)
    before = everything(ticket)
    with pytest.raises(Forbidden), acting(cast.scope(cast.inspector)):
        attach_file(ticket.pk, photo())
    with (
        pytest.raises(NotFound),
        acting(Scope(companies=frozenset({cast.foreign.pk}), actor="x", role="operator")),
    ):
        attach_file(ticket.pk, photo())
    with pytest.raises(Invalid), acting(cast.scope(cast.ivanova)):
        attach_file(ticket.pk, photo("x.png", b"<html>"))
    assert everything(ticket) == before


def test_an_image_is_shown_and_can_do_nothing(cast: Cast) -> None:
    row = attached(cast, registered(cast))
    answer = browser_of(cast.ivanova).get(reverse("console:file", args=[row.pk]))
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"].startswith("inline")


def test_a_document_is_saved_and_not_opened(cast: Cast) -> None:
    row = attached(cast, registered(cast), PDF, "акт.pdf")
    answer = browser_of(cast.client).get(reverse("console:file", args=[row.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"
    answer.close()


@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("act.pdf.html", "application/pdf", "act.pdf.html.pdf"),
        ("photo.html", "image/png", "photo.html.png"),
        ("Акт.PDF", "application/pdf", "Акт.PDF"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("фото", "image/webp", "фото.webp"),
    ],
)
def test_a_file_is_saved_under_a_name_that_ends_as_its_content_is(
    name: str, media_type: str, saved: str
) -> None:
    assert name_as(name, media_type) == saved


def test_a_file_of_another_company_is_not_there(cast: Cast) -> None:
    row = attached(cast, registered(cast, phone="8 900 000-03-12"))
    assert browser_of(cast.client).get(reverse("console:file", args=[row.pk])).status_code == 404


def test_a_technician_sees_files_of_his_orders_only(cast: Cast) -> None:
    other, (mine, order) = registered(cast), ordered(cast)
    phone = browser_of(cast.kuznetsov)
    moved(cast, order, "accept")
    theirs, own = attached(cast, other), attached(cast, mine, PDF, "акт.pdf")
    assert phone.get(reverse("console:file", args=[theirs.pk])).status_code == 404
    answer = phone.get(reverse("console:file", args=[own.pk]))
    assert answer.status_code == 200
    answer.close()


def test_bytes_that_are_gone_are_told(cast: Cast) -> None:
    row = attached(cast, registered(cast))
    with reading(Scope.system("test")):
        TicketFile.objects.filter(pk=row.pk).update(digest="0" * 64)
    answer = browser_of(cast.ivanova).get(reverse("console:file", args=[row.pk]))
    assert answer.status_code == 404 and "в хранилище его нет" in answer.content.decode()
