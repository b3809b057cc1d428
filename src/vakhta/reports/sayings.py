"""How a fact is said in print: its title, what it says beside it, who did it, when.

Kinds without a row in `SAID` say their personal words (note, reason, text), which is all they have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vakhta.crews.models import Crew
from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES, SERVICES
from vakhta.domain.facts import Fact, Recorded
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.domain.regulations import NORMS
from vakhta.people.models import Staff
from vakhta.places.phones import normal_phone

HOW = {"phone": "по телефону", "email": "письмом", "person": "лично"}
_NO_WORDS = frozenset({"place"})
"""Coordinates are for the screen; in print they only take room."""


@dataclass(frozen=True)
class Names:
    """What the ids of facts are called, and in which zone the print-out tells time."""

    zone: ZoneInfo
    day: date | None = None
    """A moment of this day is told by its time alone."""
    staff: Mapping[int, str] = field(default_factory=dict)
    crews: Mapping[int, str] = field(default_factory=dict)

    def at(self, moment: datetime | None) -> str:
        """«24.11 14:05» in the zone of the print-out, «14:05» on its day."""
        if moment is None:
            return ""
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M}" if local.date() == self.day else f"{local:%d.%m %H:%M}"

    def on(self, day: date) -> Names:
        return replace(self, day=day)


def names_for(records: Iterable[Recorded], zone: ZoneInfo) -> Names:
    """The names that these facts need, as far as the running scope may know them. Two queries."""
    staff: set[int] = set()
    crews: set[int] = set()
    for record in records:
        part, _, number = record.actor.partition("/")
        if part == "staff" and number.isdigit():
            staff.add(int(number))
        for name, found in (("assignee", staff), ("crew", crews)):
            value = getattr(record.fact, name, None)
            if isinstance(value, int):
                found.add(value)
    return Names(
        zone=zone,
        staff={
            pk: short_name(name) for pk, name in Staff.objects.filter(pk__in=staff).values_list("pk", "name")
        },
        crews=dict(Crew.objects.filter(pk__in=crews).values_list("pk", "name")),
    )


def short_name(name: str) -> str:
    """«Иванова Ольга Петровна» → «Иванова О. П.»."""
    family, *given = name.split() or [""]
    return " ".join([family, *(f"{part[0]}." for part in given)])


def who(actor: str, names: Names) -> str:
    """Who did it. People whom the running scope does not see are not named."""
    part, _, number = actor.partition("/")
    if part == "staff":
        return names.staff.get(int(number), "сотрудник службы")
    return {"resident": "заявитель", "token": "внешняя система", "system": "система"}.get(part, "")


def said(fact: Fact, names: Names) -> str:
    """What the fact says beside its title; "" when the title is all."""
    say = SAID.get(type(fact))
    return say(fact, names) if say else words(fact)


def words(fact: Fact) -> str:
    """The personal words of a fact, one after another."""
    return joined(*(getattr(fact, name) for name in fact.personal_fields() if name not in _NO_WORDS))


def joined(*parts: object) -> str:
    return ", ".join(str(part).strip() for part in parts if part)


def nature(code: str) -> str:
    entry = ENTRIES.get(code)
    return entry.title if entry else code


def norm_title(code: str) -> str:
    norm = NORMS.get(code)
    return norm.title.lower() if norm else code


def law(code: str) -> str:
    """«ПП 416, п. 13» of a norm: the act by its number, as people who work by it call it."""
    norm = NORMS.get(code)
    return norm.short_provenance if norm else ""


def phone_words(phone: str) -> str:
    """«+7 916 123-45-67»; what is no Russian number of eleven digits stays as it is kept."""
    kept = normal_phone(phone) if len(phone) > 6 else phone
    if len(kept) != 12 or not kept.startswith("+7"):
        return phone
    return f"+7 {kept[2:5]} {kept[5:8]}-{kept[8:10]}-{kept[10:]}"


def zone_words(zone: ZoneInfo, moment: datetime) -> str:
    """«МСК», «МСК+2»: how the zone of a print-out is called."""
    here, moscow = (moment.astimezone(z).utcoffset() for z in (zone, ZoneInfo("Europe/Moscow")))
    assert here is not None and moscow is not None
    hours = (here - moscow) / timedelta(hours=1)
    return f"МСК{hours:+g}" if hours else "МСК"


# ── The sayings of each kind ─────────────────────────────────────────────────────────────────


def _performer(fact: Any, names: Names) -> str:
    if isinstance(fact.crew, int):
        return names.crews.get(fact.crew, "бригада")
    if isinstance(fact.assignee, int):
        return names.staff.get(fact.assignee, "исполнитель")
    return ""


def _access(fact: facts.AccessAgreed, names: Names) -> str:
    if not fact.needed:
        return "не нужен"
    until = f"–{fact.until.astimezone(names.zone):%H:%M}" if fact.until else ""
    return joined(names.at(fact.since) + until, fact.worker, fact.reason)


def _corrected(fact: facts.TicketCorrected, names: Names) -> str:
    changes = []
    if "classifier" in fact.after:
        changes.append(
            f"{nature(str(fact.before.get('classifier', '')))} → {nature(str(fact.after['classifier']))}"
        )
    if fact.description_after:
        changes.append(f"было «{fact.description_before}», стало «{fact.description_after}»")
    if fact.damage_at:
        changes.append(f"повреждение {names.at(fact.damage_at)}")
    return joined(*changes, fact.reason)


def _terms(fact: facts.TermsTold, names: Names) -> str:
    return joined(f"до {names.at(fact.until)}" if fact.until else "", HOW.get(fact.how, fact.how))


def _clock(fact: Any, names: Names) -> str:
    due = getattr(fact, "due_at", None)
    return joined(norm_title(fact.norm), f"срок {names.at(due)}" if due else "")


def _rated(fact: Any, names: Names) -> str:
    return joined(f"оценка {fact.rating}" if fact.rating else "", fact.review)


SAID: dict[type[Fact], Callable[[Any, Names], str]] = {
    facts.TicketRegistered: lambda fact, names: joined(nature(fact.classifier), fact.description),
    facts.NatureFound: lambda fact, names: joined(nature(fact.classifier), fact.description),
    facts.TermsTold: _terms,
    facts.AccessAgreed: _access,
    facts.HandedOver: _performer,
    facts.WorkAssigned: _performer,
    facts.ServiceTold: lambda fact, names: joined(
        SERVICES.get(fact.service, fact.service), f"принял {fact.who}" if fact.who else ""
    ),
    facts.ServicesDecided: lambda fact, names: (
        joined(*(SERVICES.get(code, code) for code in fact.services)) or "не нужны"
    ),
    facts.StepSkipped: lambda fact, names: joined(f"шаг {fact.step}", fact.reason),
    facts.TicketCorrected: _corrected,
    facts.ClockPaused: lambda fact, names: joined(
        norm_title(fact.norm), PAUSE_REASONS.get(fact.why, fact.why), fact.note
    ),
    facts.ClockResumed: _clock,
    facts.ClockAtRisk: _clock,
    facts.ClockBreached: _clock,
    facts.TicketConfirmed: _rated,
    facts.TicketRated: _rated,
    facts.TicketReturned: _rated,
    facts.WordsErased: lambda fact, names: fact.basis,
}
