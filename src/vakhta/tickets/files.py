"""Files of a ticket: photos and documents, each attached by a fact."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from vakhta.domain import facts
from vakhta.kernel import files, journal
from vakhta.kernel.refusal import Invalid, NotFound, clean, require

from .models import TicketFile
from .rows import said_of, the_ticket

MOST = 60
"""Files of one ticket."""


def attach_file(ticket: int, uploaded: UploadedFile[Any], *, field: str = "file") -> TicketFile:
    """Attaches a photo or document; the same content a second time is the same file. A closed
    ticket takes files too: a photo often comes after the word «done»."""
    require("files.attach")
    row = the_ticket(ticket)
    if row.state in ("merged", "voided"):
        raise Invalid(
            "Заявка № %(number)s %(state)s: файлы к ней не прикладывают.",
            field,
            **said_of(row),
        )
    stored = files.store(uploaded, field)
    known: TicketFile | None = TicketFile.objects.filter(ticket=row, digest=stored.digest).first()
    if known is not None:
        return known
    if TicketFile.objects.filter(ticket=row).count() >= MOST:
        raise Invalid("У заявки уже %(most)s файлов: больше приложить нельзя.", field, most=MOST)
    kept: TicketFile = TicketFile.objects.create(
        company_id=row.company_id,
        ticket=row,
        name=_name(uploaded.name or "", field),
        media_type=stored.media_type,
        size=stored.size,
        digest=stored.digest,
        added_at=journal.current_unit().at,
    )
    fact = facts.FileAttached(ticket=row.pk, file=kept.pk, digest=stored.digest, name=kept.name)
    journal.record(fact, company=row.company_id, centre=row.centre_id)
    return kept


def _name(said: str, field: str) -> str:
    """The sender's name of the file without folders and signs that file systems dislike."""
    name = re.sub(r'[\\/:*?"<>|\n\t]+', "_", said.replace("\\", "/").rpartition("/")[2])
    return clean(name[-200:], field, "Имя файла", limit=200).strip(" .") or "файл"


def the_file(pk: int) -> TicketFile:
    """The file of the running scope."""
    row: TicketFile | None = TicketFile.objects.select_related("ticket").filter(pk=pk).first()
    if row is None:
        raise NotFound("Такого файла нет.")
    return row
