"""What the forms of the ticket page have in common: their addresses, their moments, how they were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.kernel.words import typed
from vakhta.tickets.models import Ticket
from vakhta.web.console import ticket_screens as t
from vakhta.web.screens import Conflict, Errors, Toast


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How the page answers a form: what was wrong, with what was typed, or what was done."""

    form: str = ""
    """Code of the form that was refused or done; "comment" and "file" are the two that stand open."""
    errors: Errors = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None
    last: Toast | None = None

    def errors_of(self, form: str) -> Errors:
        return self.errors if form == self.form else {}

    def said_aloud(self, drawn: Sequence[t.TicketForm]) -> Toast | None:
        """What is said on top of the page: what was done, or the error of a form that the ticket no
        longer has (it was closed meanwhile), with the words that were typed into it."""
        if not self.errors or self.form in ("comment", "file", *(form.code for form in drawn)):
            return self.last
        words = [self.said.get(name, "").strip() for name in ("description", "reason")]
        kept = _(" Вы писали: «%s».") % " · ".join(filter(None, words)) if any(words) else ""
        return Toast(text=" ".join(self.errors.values()) + kept, tone="bad")

    def value(self, form: str, name: str, otherwise: str) -> str:
        return self.said.get(name, otherwise) if form == self.form else otherwise


def url(name: str, row: Ticket, *more: object) -> str:
    return reverse(f"console:{name}", args=[row.number, *more])


def local_value(moment: datetime | None, zone: str) -> str:
    """A moment as the field of a form has it, in the building's zone; "" when it is not known."""
    return typed(moment.astimezone(ZoneInfo(zone))) if moment else ""


def to_five(moment: datetime, zone: str) -> datetime:
    """On the clock of the place, without what is over five minutes."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(minute=local.minute // 5 * 5, second=0, microsecond=0)
