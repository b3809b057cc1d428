"""The only place where things meet: which fact causes which action, which projections keep rows in
line with the journal, which adapters are connected. And the loops that run them.

REACTIONS reads as a table: fact → what happens then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from vakhta.adapters.channels.email.channel import EmailChannel
from vakhta.contacts.steps import project_steps
from vakhta.crews import actions as crews
from vakhta.domain import facts
from vakhta.domain.deadlines import clocks
from vakhta.domain.facts import Recorded
from vakhta.kernel import clock, journal
from vakhta.kernel.anchors import anchor_hourly
from vakhta.kernel.claims import Owner
from vakhta.kernel.files import sweep
from vakhta.kernel.followers import Follower, follow
from vakhta.kernel.heartbeats import beat
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.actions import deliver, drop_letters, queue_letter
from vakhta.notices.ports import Channel
from vakhta.tickets import actions as tickets
from vakhta.tickets.clocks import corrections, fire_due, project_clocks
from vakhta.tickets.models import Ticket, TicketFile
from vakhta.web.cabinet.links import ticket_link

log = structlog.get_logger(__name__)

# ── Projections: rows that mirror the journal, in the same transaction ───────────────────────

PROJECTIONS = (project_steps, project_clocks)


def connect() -> None:
    """Called once when the application starts: from here on entries move their projections."""
    journal.projections[:] = PROJECTIONS


# ── Reactions: what follows from a fact, a moment later, exactly once ────────────────────────


def letter_registered(entry: Entry, fact: facts.TicketRegistered) -> None:
    _letter("registered", entry, int(fact.ticket))


def letter_terms(entry: Entry, fact: facts.TermsTold) -> None:
    _letter("terms", entry, int(fact.ticket), until=_local_text(fact.until) if fact.until else "")


def letter_done(entry: Entry, fact: facts.WorkDone) -> None:
    _letter("done", entry, int(fact.ticket), note=fact.note.rstrip(" ."))


def letter_ended(entry: Entry, fact: facts.TicketVoided | facts.TicketMerged) -> None:
    """Letters that still wait are not sent; an applicant who has had one is told."""
    if drop_letters(int(fact.ticket)):
        into = Ticket.objects.get(pk=fact.into).number if isinstance(fact, facts.TicketMerged) else ""
        _letter("merged" if into else "voided", entry, int(fact.ticket), into=into)


def letter_reopened(entry: Entry, fact: facts.Undone) -> None:
    """The voiding or merging was taken back: its letter does not leave, or is corrected; an applicant
    who was told of nothing yet is told of the registration."""
    if fact.undone_kind not in ("TicketVoided", "TicketMerged") or not fact.ticket:
        return
    left = drop_letters(int(fact.ticket))
    if left & {"voided", "merged"}:
        _letter("reopened", entry, int(fact.ticket))
    elif "registered" not in left:
        _letter("registered", entry, int(fact.ticket))


REACTIONS: dict[type[facts.Fact], Callable[[Entry, Any], None]] = {
    facts.TicketRegistered: letter_registered,
    facts.TermsTold: letter_terms,
    facts.WorkDone: letter_done,
    facts.TicketVoided: letter_ended,
    facts.TicketMerged: letter_ended,
    facts.Undone: letter_reopened,
}


def recall_crew(entry: Entry, fact: facts.TicketVoided | facts.TicketMerged) -> None:
    """Nobody drives to a ticket that is no more."""
    crews.recall(int(fact.ticket))


CREW_REACTIONS: dict[type[facts.Fact], Callable[[Entry, Any], None]] = {
    facts.TicketVoided: recall_crew,
    facts.TicketMerged: recall_crew,
}


def _follower(name: str, table: dict[type[facts.Fact], Callable[[Entry, Any], None]]) -> Follower:
    def react(entry: Entry, recorded: Recorded) -> None:
        table[type(recorded.fact)](entry, recorded.fact)

    return Follower(name, frozenset(kind.__name__ for kind in table), react)


FOLLOWERS = (_follower("notices", REACTIONS), _follower("crews", CREW_REACTIONS))


CORRECTIONS = ("voided", "merged", "reopened")
"""Letters about what can be taken back itself: these wait whatever the ticket is."""


def _letter(template: str, entry: Entry, ticket: int, **more: Any) -> None:
    row = Ticket.objects.select_related("company", "centre").get(pk=ticket)
    if not row.email:
        return
    context = {
        "number": row.number,
        "address": row.address,
        "description": row.description,
        "registered_at": _local_text(row.registered_at, row.zone),
        "terms": _terms(row),
        "link": settings.PUBLIC_URL.rstrip("/") + ticket_link(row.pk),
        "company": row.company.name,
        "phone": row.centre.phone,
        "days": row.company.auto_close_days,
        **more,
    }
    queue_letter(
        template=template,
        to=row.email,
        company=row.company_id,
        ticket=row.pk,
        key=f"{template}/{entry.id}",
        context=context,
        urgent=row.severity == "emergency" and template not in CORRECTIONS,
    )


def _terms(row: Ticket) -> list[dict[str, str]]:
    """The running terms of a ticket in the words of a letter, the nearest first."""
    found = clocks(
        journal.history(f"ticket/{row.pk}"), corrections=corrections(), subjects={f"ticket/{row.pk}"}
    )
    running = sorted(
        (term for term in found if term.due_at and term.stopped_at is None), key=lambda term: term.due_at or 0
    )
    return [
        {
            "title": term.norm.title,
            "due": _local_text(term.due_at, row.zone) if term.due_at else "",
            "law": term.norm.provenance,
        }
        for term in running
    ]


def _local_text(moment: datetime, zone: str = "Europe/Moscow") -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%d.%m.%Y %H:%M")


# ── Adapters ─────────────────────────────────────────────────────────────────────────────────


def channels() -> dict[str, Channel]:
    """The channels of notices that the settings connect."""
    connected: dict[str, Channel] = {}
    if settings.SMTP_URL:
        connected["email"] = EmailChannel(settings.SMTP_URL, settings.MAIL_FROM)
    return connected


# ── Loops ────────────────────────────────────────────────────────────────────────────────────

IDLE = 0.3
"""Seconds between looks when there was nothing to do."""


def followers_loop(stop: threading.Event) -> None:
    """`vakhta followers`: reactions, until `stop`."""
    connect()
    _loop("followers", stop, lambda: sum(follow(follower) for follower in FOLLOWERS))


def worker_loop(stop: threading.Event) -> None:
    """`vakhta worker`: deliveries, until `stop`."""
    connect()
    connected, owner = channels(), Owner()
    _loop("worker", stop, lambda: deliver(connected, owner, has_to_end=stop.is_set))
    owner.leave()


def clock_loop(stop: threading.Event) -> None:
    """`vakhta clock`: fires due clocks and, once a minute, does what waits for no deadline, until `stop`."""
    connect()
    kept_at: list[datetime] = []

    def work() -> int:
        done = fire_due()
        now = clock.now()
        if not kept_at or now - kept_at[0] > timedelta(minutes=1):
            kept_at[:] = [now]
            done += close_silent()
            keep_house(now)
        return done

    _loop("clock", stop, work)


def keep_house(at: datetime) -> None:
    """The hour's signed anchor, and what is nobody's among the files: another of their 256 folders
    each minute. A full disk must not stop the deadlines: `vakhta check` says what is missing."""
    try:
        with reading(Scope.system("clock")):
            anchor_hourly(at)
            sweep(int(at.timestamp()) // 60 % 256, before=at - timedelta(days=1), known=_named)
    except OSError as error:
        log.error("house_not_kept", error=error.strerror, file=error.filename)


def _named(digests: list[str]) -> set[str]:
    return set(TicketFile.objects.filter(digest__in=digests).values_list("digest", flat=True))


def close_silent() -> int:
    """Closes done tickets whose applicants have been silent for the configured term."""
    with acting(Scope.system("clock")):
        silent = tickets.unanswered()
        for ticket in silent:
            tickets.close_unanswered(ticket)
    return len(silent)


def _loop(part: str, stop: threading.Event, work: Callable[[], int]) -> None:
    """Works until `stop`; a database that is gone is waited for, longer each time up to 5 s."""
    wait, last = IDLE, None
    while not stop.is_set():
        try:
            busy = work()
            last = beat(part, last, clock.now())
            wait = IDLE
        except (OperationalError, InterfaceError) as error:
            log.warning("database_gone", part=part, error=type(error).__name__)
            close_old_connections()
            busy, wait = 0, min(wait * 2, 5.0)
        if not busy:
            stop.wait(wait)
