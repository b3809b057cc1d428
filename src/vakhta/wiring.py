"""The only place where things meet: which fact causes which action, which projections keep rows in
line with the journal, which adapters are connected. And the loops that run them.

REACTIONS reads as a table: fact → what happens then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, close_old_connections
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from vakhta.adapters.channels.email.channel import EmailChannel
from vakhta.contacts.steps import project_steps
from vakhta.contacts.words import index_contacts
from vakhta.crews import actions as crews
from vakhta.domain import facts
from vakhta.domain.deadlines import clocks
from vakhta.domain.facts import Recorded
from vakhta.imports import runs
from vakhta.imports.models import ImportRun
from vakhta.kernel import clock, journal
from vakhta.kernel.anchors import anchor_hourly
from vakhta.kernel.claims import Owner
from vakhta.kernel.database import is_gone
from vakhta.kernel.files import sweep
from vakhta.kernel.followers import Follower, follow
from vakhta.kernel.heartbeats import beat
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import clause, number_words, phone_words, written_moment
from vakhta.notices.actions import deliver, drop_letter, drop_letters, queue_letter
from vakhta.notices.letters import term_lines
from vakhta.notices.ports import Channel
from vakhta.people.lost_password import token_of
from vakhta.people.models import Staff
from vakhta.people.sign_in import forget_sessions
from vakhta.places.queries import proper_address
from vakhta.privacy.overdue import batches
from vakhta.reports.paper import FROM_PAPER
from vakhta.reports.sayings import service_of
from vakhta.tickets.clocks import corrections, fire_due, project_clocks
from vakhta.tickets.models import Ticket, TicketFile
from vakhta.tickets.word import close_unanswered, unanswered
from vakhta.tickets.words import index_tickets
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


def letter_to_another(entry: Entry, fact: facts.TicketCorrected) -> None:
    """The address of the applicant was put right: what has not left for the wrong one stays, and the right one has the
    letter with the terms and the way to the ticket's page."""
    if fact.email_after != fact.email_before and Ticket.objects.get(pk=fact.ticket).is_open:
        drop_letters(int(fact.ticket))
        _letter("registered", entry, int(fact.ticket))


def letter_terms(entry: Entry, fact: facts.TermsTold) -> None:
    """Of work that is done meanwhile (a paper night, a quick crew) no term is to be waited for."""
    if Ticket.objects.get(pk=fact.ticket).is_open:
        _letter("terms", entry, int(fact.ticket), until=fact.until)


def letter_done(entry: Entry, fact: facts.WorkDone) -> None:
    """What was done, in the words of whoever did it; from where we know is the journal's affair."""
    note = "" if fact.note in (crews.BY_RADIO, FROM_PAPER) else clause(fact.note)
    _letter("done", entry, int(fact.ticket), note=note)


def letter_ended(entry: Entry, fact: facts.TicketVoided | facts.TicketMerged) -> None:
    """Letters that still wait are not sent; an applicant who has had one is told."""
    if drop_letters(int(fact.ticket)):
        into = (
            number_words(Ticket.objects.get(pk=fact.into).number)
            if isinstance(fact, facts.TicketMerged)
            else ""
        )
        _letter("merged" if into else "voided", entry, int(fact.ticket), into=into)


def letter_reopened(entry: Entry, fact: facts.Undone) -> None:
    """The end of the work, the voiding or merging was taken back: its letter does not leave, or is corrected; an
    applicant who was told of nothing yet is told of the registration."""
    if fact.undone_kind == "WorkDone" and fact.ticket and drop_letter(f"done/{fact.undoes}"):
        _letter("reopened", entry, int(fact.ticket))
    if fact.undone_kind not in ("TicketVoided", "TicketMerged") or not fact.ticket:
        return
    left = drop_letters(int(fact.ticket))
    if left & {"voided", "merged"}:
        _letter("reopened", entry, int(fact.ticket))
    elif "registered" not in left:
        _letter("registered", entry, int(fact.ticket))


def letter_password(entry: Entry, fact: facts.PasswordLetterAsked) -> None:
    _letter_with_link("password", entry, fact.staff)


def letter_invitation(entry: Entry, fact: facts.StaffInvited) -> None:
    _letter_with_link("invitation", entry, fact.staff)


def _letter_with_link(template: str, entry: Entry, pk: facts.Id) -> None:
    """To whoever works here, at once. The link is made here: the journal does not hold it."""
    staff = Staff.objects.select_related("user", "company").get(pk=pk)
    token = token_of(staff.user, is_first=template == "invitation")
    with translation.override(settings.LANGUAGE_CODE):
        queue_letter(
            template=template,
            to=staff.user.email,
            company=staff.company_id,
            ticket=None,
            key=f"{template}/{entry.id}",
            context={
                "link": settings.PUBLIC_URL.rstrip("/") + reverse("public:new_password", args=[token]),
                "role": gettext(staff.get_role_display()).lower(),
                "login": staff.user.email,
                "company": staff.company.name,
                "phone": phone_words(staff.company.phone),
            },
            urgent=True,
        )


REACTIONS: dict[type[facts.Fact], Callable[[Entry, Any], None]] = {
    facts.TicketRegistered: letter_registered,
    facts.TicketCorrected: letter_to_another,
    facts.TermsTold: letter_terms,
    facts.WorkDone: letter_done,
    facts.TicketVoided: letter_ended,
    facts.TicketMerged: letter_ended,
    facts.Undone: letter_reopened,
    facts.PasswordLetterAsked: letter_password,
    facts.StaffInvited: letter_invitation,
}


def recall_crew(entry: Entry, fact: facts.TicketVoided | facts.TicketMerged) -> None:
    """Nobody drives to a ticket that is no more."""
    crews.recall(int(fact.ticket), entry.recorded_at)


def recall_idle(entry: Entry, fact: facts.WorkDone) -> None:
    """Another service has ended the work: an own crew that still had an order is not needed."""
    if fact.service:
        crews.recall(int(fact.ticket), entry.recorded_at)


def offer_again(entry: Entry, fact: facts.Undone) -> None:
    """The end of a ticket was taken back: the crew that was recalled from it has its order again."""
    if fact.undone_kind in ("TicketVoided", "TicketMerged") and fact.ticket:
        ended = Entry.objects.get(pk=fact.undoes)
        crews.offer_again(int(fact.ticket), ended.recorded_at)


def go_again(entry: Entry, fact: facts.AccessAgreed) -> None:
    crews.go_again(int(fact.ticket))


CREW_REACTIONS: dict[type[facts.Fact], Callable[[Entry, Any], None]] = {
    facts.TicketVoided: recall_crew,
    facts.TicketMerged: recall_crew,
    facts.WorkDone: recall_idle,
    facts.Undone: offer_again,
    facts.AccessAgreed: go_again,
}


def index_words(entry: Entry, fact: Any) -> None:
    """The words of a ticket can be found a moment after they were said, and no registration waits for it."""
    if fact.ticket is not None:
        index_tickets([int(fact.ticket)])


WORD_REACTIONS: dict[type[facts.Fact], Callable[[Entry, Any], None]] = {
    facts.TicketRegistered: index_words,
    facts.TicketCorrected: index_words,
    facts.Undone: index_words,
}


def index_contact_words(entry: Entry, fact: Any) -> None:
    index_contacts([int(fact.interaction)])


CONTACT_WORD_REACTIONS: dict[type[facts.Fact], Callable[[Entry, Any], None]] = {
    facts.InteractionReceived: index_contact_words,
    facts.ApplicantNoted: index_contact_words,
    facts.InteractionGivenBack: index_contact_words,
    facts.NatureFound: index_contact_words,
    facts.InteractionEnded: index_contact_words,
    facts.InteractionReopened: index_contact_words,
}


def _follower(name: str, table: dict[type[facts.Fact], Callable[[Entry, Any], None]]) -> Follower:
    def react(entry: Entry, recorded: Recorded) -> None:
        table[type(recorded.fact)](entry, recorded.fact)

    return Follower(name, frozenset(kind.__name__ for kind in table), react)


FOLLOWERS = (
    _follower("notices", REACTIONS),
    _follower("crews", CREW_REACTIONS),
    _follower("words", WORD_REACTIONS),
    _follower("contact_words", CONTACT_WORD_REACTIONS),
)


CORRECTIONS = ("voided", "merged", "reopened")
"""Letters about what can be taken back itself: these wait whatever the ticket is."""


def _letter(template: str, entry: Entry, ticket: int, **more: Any) -> None:
    rows = Ticket.objects.select_related("company", "centre", "building", "premises")
    row = rows.get(pk=ticket)
    if not row.email or not row.wants_letters:
        return
    with translation.override(settings.LANGUAGE_CODE):
        queue_letter(
            template=template,
            to=row.email,
            company=row.company_id,
            ticket=row.pk,
            key=f"{template}/{entry.id}",
            context=_said(row, journal.current_unit().at, more),
            urgent=row.severity == "emergency" and template not in CORRECTIONS,
        )


def _said(row: Ticket, at: datetime, more: dict[str, Any]) -> dict[str, Any]:
    """A ticket in the words of a letter that is written `at`."""
    closes = (row.done_at or at) + timedelta(days=row.company.auto_close_days)
    subject = f"ticket/{row.pk}"
    terms = clocks(journal.history(subject), corrections=corrections(), subjects={subject})
    said = {
        "number": number_words(row.number),
        "address": proper_address(row.building, row.premises, row.address),
        "description": row.description,
        "registered_at": row.registered_at,
        "terms": term_lines(terms, row.zone, at),
        "link": settings.PUBLIC_URL.rstrip("/") + ticket_link(row.pk),
        "company": row.company.name,
        "phone": phone_words(row.centre.phone),
        "service": service_of(row),
        "closes_at": closes,
        **more,
    }
    return {
        name: written_moment(value, row.zone, at) if isinstance(value, datetime) else value
        for name, value in said.items()
    }


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
    """`vakhta worker`: deliveries and tables, until `stop`."""
    connect()
    tables = threading.Thread(target=_tables_loop, args=(stop,))
    tables.start()
    connected, owner = channels(), Owner()
    _loop("worker", stop, lambda: deliver(connected, owner, has_to_end=stop.is_set))
    owner.leave()
    tables.join()


def _tables_loop(stop: threading.Event) -> None:
    """Tables that were brought for the stock, and once a day what is over its term of keeping, beside the letters: a
    long one keeps no letter waiting."""
    owner = Owner()
    overdue = _daily(batches)

    def work() -> int:
        return overdue() + runs.work(owner, stop.is_set)

    try:
        _loop("imports", stop, work)
    finally:
        stop.set()  # without it the whole part is started again
        owner.leave()
        close_old_connections()


def _daily(begin: Callable[[datetime], Iterator[Any]]) -> Callable[[], int]:
    """A step of what is done once a day, a part at a time: 1 when there was one. What broke off begins anew."""
    done_at: list[datetime] = []
    begun: list[Iterator[Any]] = []

    def step() -> int:
        now = clock.now()
        if done_at and now - done_at[0] < timedelta(days=1):
            return 0
        if not begun:
            begun.append(begin(now))
        try:
            is_over = next(begun[0], None) is None
        except BaseException:
            begun.clear()
            raise
        if is_over:
            begun.clear()
            done_at[:] = [now]
        return 0 if is_over else 1

    return step


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
        with acting(Scope.system("clock")):
            runs.tidy()
            forget_sessions(at)
        with reading(Scope.system("clock")):
            anchor_hourly(at)
            sweep(int(at.timestamp()) // 60 % 256, before=at - timedelta(days=1), known=_named)
    except OSError as error:
        log.error("house_not_kept", error=error.strerror, file=error.filename)


def _named(digests: list[str]) -> set[str]:
    """Which of the digests some row names."""
    found: set[str] = set()
    for model in (TicketFile, ImportRun):
        found |= set(model.objects.filter(digest__in=digests).values_list("digest", flat=True))
    return found


def close_silent() -> int:
    """Closes done tickets whose applicants have been silent for the configured term."""
    with acting(Scope.system("clock")):
        silent = unanswered()
        for ticket in silent:
            close_unanswered(ticket)
    return len(silent)


def _loop(part: str, stop: threading.Event, work: Callable[[], int]) -> None:
    """Works until `stop`; a database that is gone is waited for, longer each time up to 5 s."""
    wait, last = IDLE, None
    while not stop.is_set():
        try:
            busy = work()
            last = beat(part, last, clock.now())
            wait = IDLE
        except Error as error:
            if not is_gone(error):
                raise
            log.warning("database_gone", part=part, error=type(error).__name__)
            close_old_connections()
            busy, wait = 0, min(wait * 2, 5.0)
        if not busy:
            stop.wait(wait)
