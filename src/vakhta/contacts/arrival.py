"""How a contact arrives, by whatever channel: into the queue, once. Inside `acting`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from vakhta.domain import facts
from vakhta.domain.classifier import suggest
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, clean
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Company
from vakhta.places.phones import callers_phone
from vakhta.places.queries import find_caller, proper_address
from vakhta.places.stock import email_said

from .models import Interaction
from .rows import record

TEXT_LIMIT = 10_000
CHANNELS = tuple(code for code, _ in Interaction.CHANNELS)


@dataclass(frozen=True, kw_only=True)
class Message:
    """What arrived, as it arrived; every part but the channel may be empty."""

    channel: str
    caller: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    text: str = ""
    is_emergency: bool = False
    key: str | None = None
    """Idempotency key of the sender: the same key gives the same contact."""


def receive(message: Message, *, centre: int) -> tuple[Interaction, bool]:
    """Puts a contact into the centre's queue; (contact, True when it is new). A repeated key with
    the same content is the same contact; with other content it is refused."""
    message = _cleaned(message)
    try:
        with transaction.atomic():  # the unique key refuses a repeat; nearly every one is new
            return _arrived(message, centre), True
    except IntegrityError:
        known = Interaction.objects.filter(centre_id=centre, key=message.key).first()
        if known is None:
            raise
        return _same(known, message), False


def _cleaned(message: Message) -> Message:
    if message.channel not in CHANNELS:
        raise Invalid(
            "Канал «%(channel)s» неизвестен. Допустимы: %(known)s.",
            "channel",
            channel=message.channel[:30],
            known=", ".join(CHANNELS),
        )
    phone, no_number = callers_phone(message.phone)
    text = clean(message.text, "text", "Текст", limit=TEXT_LIMIT)
    return Message(
        channel=message.channel,
        caller=clean(message.caller, "caller", "Заявитель", limit=160),
        phone=phone,
        email=email_said(message.email),
        address=clean(message.address, "address", "Адрес", limit=250),
        text="\n".join(filter(None, (text, f"Телефон, как передан: {no_number}" if no_number else ""))),
        is_emergency=message.is_emergency,
        key=clean(message.key, "key", "Ключ повторной отправки", limit=120) or None,
    )


def _sounds_dangerous(text: str) -> bool:
    """A message that speaks of danger to life (gas, people in a lift) does not wait in its turn."""
    found = suggest(text, limit=1)
    if not found or found[0].score < SURE or len(found[0].why) < 2:
        return False
    return bool(found[0].entry.danger and found[0].entry.severity == "emergency")


SURE = 4.0
"""Score of a suggestion, of two words at least, below which a text puts nobody before the others:
one word that resembles «замыкание» is no fire."""


def _same(known: Interaction, message: Message) -> Interaction:
    """The known contact, if the repeated message says what the first one said."""
    if known.key_digest != _digest(message):
        raise other_by_this_key()
    return known


def other_by_this_key() -> Conflict:
    return Conflict("С этим ключом уже принято другое обращение. Возьмите новый ключ.", "Idempotency-Key")


def _digest(message: Message) -> str:
    return hashlib.sha256(repr(message).encode()).hexdigest()


def _arrived(message: Message, centre: int) -> Interaction:
    found = find_caller(message.phone, message.address)
    company = found.company or _waits_at(centre)
    row: Interaction = Interaction.objects.create(
        company_id=company,
        centre_id=centre,
        channel=message.channel,
        is_emergency=message.is_emergency or message.channel == "lift" or _sounds_dangerous(message.text),
        received_at=journal.moment(),
        caller=message.caller or (found.by_phone.name if found.by_phone else ""),
        phone=message.phone,
        email=message.email or (found.by_phone.email if found.by_phone else ""),
        address=proper_address(found.building, found.premises, message.address),
        text=message.text,
        description=message.text if message.channel != "phone" else "",
        person=found.person,
        building=found.building,
        premises=found.premises,
        key=message.key,
        key_digest=_digest(message) if message.key else "",
    )
    zone = found.building.zone if found.building else Company.objects.only("zone").get(pk=company).zone
    record(
        row,
        facts.InteractionReceived(
            interaction=row.pk,
            channel=row.channel,
            emergency=row.is_emergency,
            building=row.building_id,
            zone=zone,
            caller=row.caller,
            phone=row.phone,
            address=message.address or row.address,
            place=row.address if row.building_id else "",
            text=row.text,
        ),
    )
    return row


def _waits_at(centre: int) -> int:
    """Whose a contact is until its house is known: the centre's, or the sender's own when the
    sender is a served company, which does not see the centre."""
    scope = current_scope()
    return centre if scope.companies is None or centre in scope.companies else min(scope.companies)
