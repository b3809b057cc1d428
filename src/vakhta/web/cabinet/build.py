"""The resident's page of a ticket, from the ticket and its journal. It says what concerns the
applicant and nobody else: no words of the staff, no other flats, no other people's phones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.crews.queries import order_of, who_comes
from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.facts import Recorded
from vakhta.domain.histories import agreed_access
from vakhta.kernel import journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import moment_words, number_words, window_words
from vakhta.tickets import queries as tickets
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.public import screens as r
from vakhta.web.screens import AddressView, Errors, PageView, PhoneView, TicketNumber

STAGES: tuple[tuple[str, frozenset[str]], ...] = (
    (marked("Заявка принята"), frozenset({"TicketRegistered"})),
    (marked("Бригада назначена"), frozenset({"WorkAssigned"})),
    (marked("Мастер выехал"), frozenset({"CrewOnTheWay"})),
    (marked("Мастер на месте"), frozenset({"CrewOnSite"})),
    (marked("Работы выполнены"), frozenset({"WorkDone"})),
    (marked("Вы подтвердили"), frozenset({"TicketConfirmed"})),
)
"""Stage → kinds of facts that reach it."""
REACHED = {
    "registered": 0,
    "returned": 0,
    "assigned": 1,
    "accepted": 1,
    "on_the_way": 2,
    "on_site": 3,
    "contained": 3,
    "done": 4,
    "closed": 6,
}
"""Ticket's state → the stage that goes on now; 6: all is behind."""


def resident_ticket(
    page: PageView,
    row: Ticket,
    token: str,
    *,
    errors: Errors | None = None,
    review: str = "",
    rating: int = 0,
    is_late: bool = False,
) -> r.ResidentTicket:
    """The page of one ticket. At most six queries. `row` comes with its company, centre, building,
    premises and the ticket that it was merged into. `is_late`: the words of `review` came too late for what they
    were said to, and stand by themselves."""
    records = journal.history(f"ticket/{row.pk}")
    since = _since(records)
    entry = ENTRIES.get(row.classifier)
    question = question_of(row, records)
    told = [record.fact for record in since if isinstance(record.fact, facts.TermsTold)]
    return r.ResidentTicket(
        page=page,
        company=row.company.name,
        number=TicketNumber(number=row.number),
        what=_(entry.problem) if entry else _("Заявка"),
        address=show.address_view(row.building, row.premises, row.address)
        or AddressView(text=_("адрес уточняется"), zone=row.zone),
        stages=_stages(row, records, since),
        question=question,
        term=told[-1].until if told and row.is_open else None,
        term_note=_note(row, page.now),
        visit=_visit(row, since, page.now),
        confirm_url=reverse("cabinet:confirm", args=[token]) if question == "confirm" else "",
        return_url=reverse("cabinet:return", args=[token]) if question == "confirm" else "",
        rate_url=reverse("cabinet:rate", args=[token]) if question == "rate" else "",
        rating=row.rating or rating or 0,
        review="" if is_late else review,
        unheard=review if is_late else "",
        phone=PhoneView(phone=row.centre.phone) if row.centre.phone else None,
        errors=errors or {},
    )


def question_of(row: Ticket, records: Sequence[Recorded]) -> str:
    """What the page asks or says first, for every state of a ticket."""
    if row.state == "done":
        return "confirm"
    if row.state == "closed":
        if row.rating is not None:
            return "thanks"
        closing = [record.fact.kind for record in records if record.fact.kind in CLOSINGS]
        return "closed" if closing and closing[-1] == "TicketClosedUnanswered" else "rate"
    if row.state == "returned":
        told = any(isinstance(record.fact, facts.TermsTold) for record in _since(records))
        return "" if told else "returned"
    return ""


CLOSINGS = frozenset({"TicketConfirmed", "TicketClosedUnanswered"})


def _since(records: Sequence[Recorded]) -> Sequence[Recorded]:
    """What has happened since the ticket was last returned; all of it when it never was."""
    last = max(
        (n for n, record in enumerate(records) if isinstance(record.fact, facts.TicketReturned)), default=-1
    )
    return records[last + 1 :]


def _stages(row: Ticket, records: Sequence[Recorded], since: Sequence[Recorded]) -> tuple[r.Stage, ...]:
    """The way of the ticket; a void or merged one shows only what was."""
    here = REACHED.get(row.state, -1)
    shown = []
    for n, (title, kinds) in enumerate(STAGES):
        among = records if n == 0 else since
        times = [record.happened_at for record in among if record.fact.kind in kinds]
        reached = bool(times) if here < 0 else n <= here
        if n == 5 and row.state == "closed" and not times:
            closed = [
                record.happened_at
                for record in records
                if isinstance(record.fact, facts.TicketClosedUnanswered)
            ]
            shown.append(
                r.Stage(title=_("Заявка закрыта"), state="done", at=closed[-1] if closed else row.closed_at)
            )
            continue
        if here < 0 and not reached:
            continue
        state = "current" if n == here else "done" if reached else "todo"
        shown.append(r.Stage(title=_(title), state=state, at=times[-1] if times and reached else None))
    return tuple(shown)


def _note(row: Ticket, now: datetime) -> str:
    """What is to be known beside the term."""
    if row.state == "merged" and row.merged_into is not None:
        return _("Эта заявка объединена с заявкой № %(number)s: работа идёт по ней, сейчас — %(state)s.") % {
            "number": number_words(row.merged_into.number),
            "state": _(row.merged_into.get_state_display()),
        }
    if row.state == "voided":
        return _("Заявка аннулирована, работы по ней нет. Если беда осталась — позвоните диспетчеру.")
    if not row.is_open:
        return ""
    for clock in tickets.clocks_of(row.pk)[row.pk]:
        if (
            clock.norm.endswith(".containment")
            and clock.stopped_at is None
            and clock.due_at
            and clock.due_at > now
        ):
            return _("Аварию остановим до %s.") % moment_words(clock.due_at, row.zone, now)
    return ""


def _visit(row: Ticket, since: Sequence[Recorded], now: datetime) -> str:
    access = agreed_access(since)
    if not access or access.since is None or not row.is_open or row.state in ("on_site", "contained"):
        return ""
    when = window_words(access.since, access.until, row.zone, now)
    with reading(Scope.system("link")):  # whose crew it is, an applicant does not see
        order = order_of(row.pk)
        comes = who_comes(order, access.worker) if order is not None else access.worker
    return _("Придёт: %(who)s, %(when)s. Попросите показать удостоверение.") % {
        "who": comes or _("мастер"),
        "when": when,
    }
