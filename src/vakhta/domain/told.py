"""What the facts of a ticket or of a contact tell of it in sum: as it came, with what was corrected, without
what was taken back. The journal's print-out is made of this and not of rows, which can be changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vakhta.domain import facts
from vakhta.domain.facts import ERASED, Fact, Recorded
from vakhta.domain.histories import taken_back
from vakhta.domain.routes import TICKET, WORK_ORDER


@dataclass(kw_only=True)
class Told:
    """Of a ticket or of a contact. What nobody told is empty; words that were deleted by law are `ERASED`."""

    number: str = ""
    at: datetime | None = None
    """Registration of a ticket, arrival of a contact; None when that fact is not among those read."""
    channel: str = ""
    applicant: str = ""
    phone: str = ""
    address: str = ""
    building: int | None = None
    classifier: str = ""
    text: str = ""
    """What is wrong, in the words of whoever told it."""
    state: str = ""
    """Of `routes.TICKET` for a ticket; queued, taken, ended for a contact."""
    free: str = "registered"
    """The state of a ticket that nobody has: "returned" from its applicant's first return on."""
    outcome: str = ""
    """How a contact ended, one of OUTCOMES; "ticket" from the registration on."""
    ticket: int | None = None
    """Of a contact: the ticket that it became or was joined to."""
    redirected_to: str = ""
    note: str = ""
    ended_at: datetime | None = None
    operator: int | None = None
    """Who holds or held the contact."""


def ticket_told(records: Iterable[Recorded]) -> Told:
    """Of the facts of one ticket and, for its channel, of the contact that it began with."""
    found = Told()
    for record in _holding(records):
        fact = record.fact
        if isinstance(fact, facts.InteractionReceived):
            found.channel = fact.channel
        elif isinstance(fact, facts.TicketRegistered):
            found.number, found.at, found.state = fact.number, record.happened_at, "registered"
            found.channel = fact.channel or found.channel
            found.classifier, found.text = fact.classifier, _word(fact, "description")
            found.applicant, found.phone = _word(fact, "applicant"), _word(fact, "phone")
            found.address, found.building = fact.address, _id(fact.building)
        elif isinstance(fact, facts.TicketCorrected):
            _correct(found, fact)
        elif isinstance(fact, facts.TicketReturned):
            found.free = "returned"
        if isinstance(fact, facts.WorkRefused) or (
            isinstance(fact, facts.WorkWithdrawn) and found.state in _GIVEN
        ):
            found.state = found.free
        else:
            found.state = _ENDS.get(fact.kind, found.state)
    return found


CONTAINED = ("DamageContained", "PassengersEvacuated", "QualityChecked")
"""By which of them «contained» is told depends on the norms of the ticket."""
_ENDS = {move.fact: move.ends for move in TICKET.moves.values() if move.fact != "Undone"} | dict.fromkeys(
    CONTAINED, "contained"
)
"""Kind of a fact → the state that it leaves the ticket in."""
_ORDER_ENDS = {move.fact: move.ends for move in WORK_ORDER.moves.values()} | dict.fromkeys(
    CONTAINED, "contained"
)
"""The same of a work order."""
MOVES = frozenset(_ORDER_ENDS) - {"WorkWithdrawn"}
"""By which a crew tells of its work."""
_GIVEN = TICKET.moves["void"].starts
"""States in which a ticket whose order was withdrawn is nobody's again."""


def order_state(records: Iterable[Recorded], order: int) -> str:
    """Of `routes.WORK_ORDER`, from the facts of its ticket: what the order was left in; "offered" before its first move."""
    ours = (r.fact for r in _holding(records) if _id(getattr(r.fact, "work_order", None)) == order)
    return next((_ORDER_ENDS[fact.kind] for fact in reversed([*ours]) if fact.kind in _ORDER_ENDS), "offered")


def refusals(records: Iterable[Recorded]) -> dict[int, str]:
    """Crew → why it refused the ticket of these facts, the last time."""
    given, found = dict[object, int](), dict[int, str]()
    for record in _holding(records):
        fact = record.fact
        if isinstance(fact, facts.WorkAssigned) and fact.crew is not None:
            given[fact.work_order] = int(fact.crew)
        elif isinstance(fact, facts.WorkRefused) and fact.work_order in given:
            found[given[fact.work_order]] = _word(fact, "reason")
    return found


def last_move(records: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """The facts of the crew's move that a ticket stands as it does by; none when anything else that changed its state
    came after it."""
    held = _holding(records)
    last = next((r for r in reversed(held) if r.fact.kind in _ENDS or r.fact.kind in _ORDER_ENDS), None)
    if last is None or last.fact.kind not in MOVES or getattr(last.fact, "work_order", None) is None:
        return ()
    return tuple(r for r in held if r.fact.kind in MOVES and r.recorded_at == last.recorded_at)


def contact_told(records: Iterable[Recorded]) -> Told:
    """Of the facts of one contact."""
    found = Told(state="queued")
    for record in _holding(records):
        fact = record.fact
        if isinstance(fact, facts.InteractionReceived):
            found.at, found.channel, found.text = record.happened_at, fact.channel, _word(fact, "text")
            found.applicant, found.phone = _word(fact, "caller"), _word(fact, "phone")
            found.address, found.building = fact.place or fact.address, _id(fact.building)
        elif isinstance(fact, facts.ApplicantNoted):
            found.applicant, found.phone = _word(fact, "caller"), _word(fact, "phone")
            found.address, found.building = fact.address, _id(fact.building)
        elif isinstance(fact, facts.InteractionTaken):
            found.state, found.operator = "taken", _id(fact.operator)
        elif isinstance(fact, facts.InteractionGivenBack):
            found.state, found.operator = "queued", None
        elif isinstance(fact, facts.NatureFound):
            found.outcome, found.ticket, found.text = "ticket", _id(fact.ticket), _word(fact, "description")
        elif isinstance(fact, facts.InteractionEnded):
            found.state, found.ended_at, found.outcome = "ended", record.happened_at, fact.outcome
            found.ticket, found.redirected_to = _id(fact.ticket), fact.redirected_to
            found.note = _word(fact, "note")
    return found


def _holding(records: Iterable[Recorded]) -> list[Recorded]:
    records = list(records)
    gone = taken_back(records)
    return [record for record in records if record.entry not in gone]


def _correct(found: Told, fact: facts.TicketCorrected) -> None:
    found.classifier = str(fact.after.get("classifier", found.classifier))
    for name, place in (("description", "text"), ("applicant", "applicant"), ("phone", "phone")):
        before, after = _word(fact, f"{name}_before"), _word(fact, f"{name}_after")
        if before != after or after == ERASED:
            setattr(found, place, after)
    if (
        fact.address_before != fact.address_after
        or "building_id" in fact.after
        or "premises_id" in fact.after
    ):
        found.address = fact.address_after or found.address
        found.building = fact.after.get("building_id", found.building)


def _word(fact: Fact, name: str) -> str:
    """A personal word; `ERASED` when the words of the fact were deleted, which one of them tells for all."""
    words: dict[str, str] = {other: getattr(fact, other) for other in fact.personal_fields()}
    return words[name] or (ERASED if ERASED in words.values() else "")


def _id(value: int | str | None) -> int | None:
    return int(value) if value is not None else None
