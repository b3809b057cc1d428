"""Letters: queued by reactions, delivered by `vakhta worker`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any

import structlog
from django.db.models import F, Q
from django.template.loader import render_to_string

from vakhta.domain import facts
from vakhta.kernel import claims, clock, journal
from vakhta.kernel.claims import NOBODY, Owner
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope

from .models import Delivery
from .ports import Channel, ChannelError, Letter

log = structlog.get_logger(__name__)

WAITS = timedelta(seconds=10)
"""A letter that is not urgent leaves after the seconds in which what caused it can be undone."""
BATCH = 20
TOGETHER = timedelta(seconds=20)
"""A batch that takes longer is broken off and its rest given back: a slow mail server must not make
the worker look dead, nor hold letters that another worker could send."""
RETRIES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600))
"""Waits between tries; after the last one the letter is failed."""


def queue_letter(
    *,
    template: str,
    to: str,
    company: int,
    ticket: int | None,
    key: str,
    context: dict[str, Any],
    urgent: bool,
) -> Delivery | None:
    """Queues the letter `letters/<template>.txt` (first line: subject) once per `key`; None when it
    is queued already. One that is not `urgent` waits the seconds of undo."""
    unit = journal.current_unit()
    text = render_to_string(f"letters/{template}.txt", context).strip()
    subject, _, body = text.partition("\n")
    row: Delivery
    row, created = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "company_id": company,
            "ticket_id": ticket,
            "template": template,
            "to": to,
            "subject": subject.strip(),
            "body": body.strip() + "\n",
            "queued_at": unit.at,
            "due_at": unit.at if urgent else unit.at + WAITS,
            "message_id": make_msgid(domain="vakhta.local"),
        },
    )
    if not created:
        return None
    fact = facts.NoticeQueued(delivery=row.pk, ticket=ticket, template=template, to=to)
    journal.record(fact, company=company)
    return row


def drop_letters(ticket: int) -> set[str]:
    """What was queued about a ticket and has not left is not sent: a compensating fact for each.
    Returns the templates of what has left or is leaving."""
    return _drop(Q(ticket_id=ticket))


def drop_letter(key: str) -> bool:
    """The same of the one that was queued under `key`; True when it has left or is leaving."""
    return bool(_drop(Q(key=key)))


def _drop(which: Q) -> set[str]:
    unsent = Delivery.objects.select_for_update().filter(which, state="queued", attempts=0)
    for row in unsent.order_by("pk"):
        row.state = "dropped"
        row.save(update_fields=["state"])
        queued = journal.history(f"delivery/{row.pk}")[0]
        fact = facts.Undone(undoes=queued.entry, undone_kind="NoticeQueued", ticket=row.ticket_id)
        journal.record(fact, company=row.company_id)
    left = Delivery.objects.filter(which).exclude(state__in=("dropped", "failed"))
    return set(left.values_list("template", flat=True))


def deliver(
    channels: dict[str, Channel], owner: Owner, *, has_to_end: Callable[[], bool] = lambda: False
) -> int:
    """Claims a batch of due letters, sends them outside any transaction, records what became of
    them as one change; returns how many were tried. A crash after sending repeats a letter with
    the same Message-ID, as soon as another owner looks."""
    begun = clock.now()
    number = owner.stand()
    rows = _claim(number, begun)
    results: list[tuple[Delivery, ChannelError | None]] = []
    for row in rows:
        # Without the number the rest may be another's already; the mail server may be slow.
        if has_to_end() or clock.now() - begun > TOGETHER or not owner.stands():
            break
        results.append((row, _send(channels, row)))
    if rows:
        with acting(Scope.system("worker")) as unit:
            ours = _still_ours(rows, number)
            for row, error in results:
                if row.pk in ours:
                    _finish(row, error, unit.at)
            untried = ours - {row.pk for row, _ in results}
            Delivery.objects.filter(pk__in=untried).update(
                state="queued", owner=NOBODY, attempts=F("attempts") - 1
            )
    return len(results)


def _claim(number: int, at: datetime) -> list[Delivery]:
    """Due letters, and those whose owner lives no more, become this owner's. What already bears its
    number is left from a batch whose end could not be written."""
    with acting(Scope.system("worker")):
        others = Delivery.objects.filter(state="sending").values_list("owner", flat=True).distinct()
        free = claims.dead(set(others) - {number}) | {number}
        due = Q(state="queued") | Q(state="sending", owner__in=free)
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(due, due_at__lte=at)
            .order_by("due_at")[:BATCH]
        )
        for row in rows:
            row.state, row.owner, row.attempts = "sending", number, row.attempts + 1
            row.save(update_fields=["state", "owner", "attempts"])
    return rows


def _still_ours(rows: list[Delivery], number: int) -> set[int]:
    """Those that nobody has taken over while the database was gone; locks them."""
    mine = Delivery.objects.select_for_update().filter(state="sending", owner=number)
    return set(mine.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _send(channels: dict[str, Channel], row: Delivery) -> ChannelError | None:
    channel = channels.get(row.channel)
    if channel is None:
        return ChannelError("канал не подключён")
    try:
        channel.send(Letter(to=row.to, subject=row.subject, body=row.body, message_id=row.message_id))
    except ChannelError as error:
        log.warning("delivery_failed", delivery=row.pk, permanent=error.permanent)
        return error
    return None


def _finish(row: Delivery, error: ChannelError | None, at: datetime) -> None:
    row.owner = NOBODY
    fact: facts.Fact
    if error is None:
        row.state, row.sent_at, row.error = "sent", at, ""
        fact = facts.NoticeSent(delivery=row.pk, ticket=row.ticket_id, message_id=row.message_id)
    else:
        final = error.permanent or row.attempts > len(RETRIES)
        row.state = "failed" if final else "queued"
        row.error = str(error)[:300]
        if not final:
            row.due_at = at + RETRIES[row.attempts - 1]
        fact = facts.NoticeFailed(
            delivery=row.pk, ticket=row.ticket_id, why=type(error).__name__, permanent=error.permanent
        )
    row.save(update_fields=["state", "sent_at", "error", "due_at", "owner"])
    if error is None or row.state == "failed" or row.attempts == 1:
        journal.record(fact, company=row.company_id)
