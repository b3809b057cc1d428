"""Tickets of a journal that was kept before (прежний журнал): carried over closed, and taken back together.

They have no norms, no clocks and none of our numbers, and no letter goes out about them. Each has its entry in the
journal, which says where it comes from. The verbs run inside `kernel.journal.acting`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import connection

from vakhta.domain import facts
from vakhta.domain.layouts import fold_key
from vakhta.kernel import journal
from vakhta.kernel.models import Entry, EntrySubject
from vakhta.kernel.refusal import Conflict, NotFound, clean, require

from .models import OldJournal, Ticket, TicketWord
from .queries import subject
from .words import index_tickets

TOGETHER = 1000
"""Entries whose words one act deletes."""
_NOT_WORK = ("TicketImported", "WordsErased")
"""Kinds of facts about an old ticket that nobody's work is."""


@dataclass(frozen=True, kw_only=True)
class OldTicket:
    """One row of an old journal, checked. What it does not say is empty; moments are with a zone."""

    sheet: str
    row: int
    number: str
    registered_at: datetime
    has_time: bool
    """False when the journal has the day alone."""
    done_at: datetime | None
    classifier: str
    """Guessed from the words; "" when they tell none."""
    severity: str
    building: int | None
    premises: int | None
    zone: str
    address: str
    """As the journal has it."""
    description: str
    applicant: str
    phone: str
    """In E.164, or "" when what is written is none."""
    said_phone: str
    performer: str
    term: str
    result: str

    @cached_property
    def key(self) -> str:
        """What the row is known by when its table is brought again, mended or not: its number and moment; all that
        it says where it has no number."""
        said = [self.registered_at.isoformat(), fold_key(self.number)]
        if not self.number:
            said += [fold_key(self.address), fold_key(self.description), fold_key(self.applicant)]
        return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]


def old_journal(company: int, name: str, digest: str) -> OldJournal:
    """The journal of a file, made when it is brought for the first time and locked until commit: who takes it back
    and who goes on reading it wait for each other."""
    require("ticket.carry_over")
    made, _is_new = OldJournal.objects.select_for_update(of=("self",)).get_or_create(
        company_id=company, digest=digest, defaults={"name": name, "brought_at": journal.current_unit().at}
    )
    return made  # type: ignore[no-any-return]


def carry_over(kept_in: OldJournal, centre: int, rows: Sequence[OldTicket]) -> None:
    """Tickets of rows that are not there yet (`known_rows`), each with its entry. Four statements for all of them."""
    require("ticket.carry_over")
    ids = _new_ids(len(rows))
    _write(kept_in, centre, ids, rows)
    for pk, row in zip(ids, rows, strict=True):
        journal.record(_carried(pk, row, kept_in.name), company=kept_in.company_id, centre=centre)
    index_tickets(ids, are_new=True)


def _new_ids(count: int) -> list[int]:
    """So many ids that nobody else has: an old ticket is called by its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [pk for (pk,) in cursor.fetchall()]


_SAID = {
    "classifier": "text", "severity": "text", "description": "text", "building": "bigint", "premises": "bigint",
    "address": "text", "applicant": "text", "phone": "text", "registered_at": "timestamptz", "zone": "text",
    "done_at": "timestamptz", "number": "text", "key": "text",
}  # fmt: skip
"""Fields of `OldTicket` that stand in the ticket's row → their types in the database."""
_WRITE = f"""
INSERT INTO tickets_ticket
    (id, company_id, centre_id, old_journal_id, number, state, classifier, severity, description, building_id, premises_id,
     address, applicant, phone, email, wants_letters, channel, registered_at, norms, zone, done_at, closed_at, version,
     old_number, old_key)
SELECT id, %s, %s, %s, 'П-' || id, 'closed', classifier, severity, description, building, premises, address, applicant,
       phone, '', false, '', registered_at, '[]', zone, done_at, done_at, 1, number, key
FROM unnest(%s::bigint[], {", ".join(f"%s::{kind}[]" for kind in _SAID.values())}) AS said (id, {", ".join(_SAID)})
"""  # nosec B608
"""Written by hand: rows of the model cost a third of the whole import."""


def _write(kept_in: OldJournal, centre: int, ids: Sequence[int], rows: Sequence[OldTicket]) -> None:
    said = [[getattr(row, name) for row in rows] for name in _SAID]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [kept_in.company_id, centre, kept_in.pk, list(ids), *said])


def _carried(pk: int, row: OldTicket, name: str) -> facts.TicketImported:
    return facts.TicketImported(
        ticket=pk,
        journal=name,
        sheet=row.sheet,
        row=row.row,
        old_number=row.number,
        registered_at=row.registered_at,
        has_time=row.has_time,
        done_at=row.done_at,
        classifier=row.classifier,
        severity=row.severity,
        building=row.building,
        premises=row.premises,
        zone=row.zone,
        description=row.description,
        applicant=row.applicant,
        phone=row.said_phone,
        address=row.address,
        performer=row.performer,
        term=row.term,
        result=row.result,
    )


def known_rows(company: int, keys: set[str]) -> dict[str, Ticket]:
    """Key → the ticket that was carried over with it. One query."""
    # Of a thousand keys the database does not see that none is empty, and would read all tickets of the company.
    found = Ticket.objects.exclude(old_key="").filter(company_id=company, old_key__in=keys)
    return {row.old_key: row for row in found.only("old_key", "address", "description")}


# ── Taken back ───────────────────────────────────────────────────────────────────────────────


def check_untouched(pk: int) -> OldJournal:
    """The journal, locked until commit, when nobody has worked with its tickets since they came. Raises Conflict
    with how many they are, and the number of one."""
    require("ticket.carry_over")
    row: OldJournal | None = OldJournal.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound("Этот журнал не перенесён или перенос уже отменён.")
    theirs = Ticket.objects.filter(old_journal=row)
    list(theirs.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    worked = EntrySubject.objects.filter(
        subject__in=theirs.values(of=subject("ticket")),
        entry_id__in=Entry.objects.exclude(kind__in=_NOT_WORK).values("id"),
    )
    touched = sorted(set(worked.values_list("subject", flat=True)))
    if touched:
        one = Ticket.objects.get(pk=touched[0].partition("/")[2])
        raise Conflict(
            "С перенесёнными заявками уже работали: %(count)s, среди них № %(number)s. Отменить перенос целиком нельзя.",
            count=len(touched),
            number=one.said_number,
        )
    return row


def take_back(pk: int, reason: str) -> int:
    """Takes a whole journal back: its tickets go and so do the words of their entries, whose digests stay. How many
    they were. The same file can be brought anew."""
    row = check_untouched(pk)
    reason = clean(reason, "reason", "Почему", limit=300, required=True)
    theirs = Ticket.objects.filter(old_journal=row)
    entries = list(
        EntrySubject.objects.filter(subject__in=theirs.values(of=subject("ticket")))
        .order_by("entry_id")
        .values_list("entry_id", flat=True)
        .distinct()
    )
    for start in range(0, len(entries), TOGETHER):
        journal.erase_words(
            entries[start : start + TOGETHER], basis="перенос журнала отменён", company=row.company_id
        )
    TicketWord.objects.filter(ticket__in=theirs).delete()
    with connection.cursor() as cursor:  # the models would read each row to look for what hangs on it
        cursor.execute("DELETE FROM tickets_ticket WHERE old_journal_id = %s", [row.pk])
        count: int = cursor.rowcount
    journal.record(
        facts.OldJournalTakenBack(journal=row.name, count=count, reason=reason), company=row.company_id
    )
    row.delete()
    return count
