"""How a fact of the journal is said to a person: its title, its words, who did it.

Every kind that can speak of a ticket or a contact has its row in `WORDS`, or needs no words beside
its title. No queries here but those of `names_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.crews.models import Crew
from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES
from vakhta.domain.facts import Recorded
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.domain.regulations import NORMS
from vakhta.kernel.words import moment_words, number_words, phone_words, short_name, time_words
from vakhta.people.models import Staff
from vakhta.web import show
from vakhta.web.screens import ChannelView, SeverityView

BETWEEN = " · "
LATE_AFTER = timedelta(minutes=1)
"""An entry written so much after its moment is shown with both times."""
HOW = {"phone": marked("по телефону"), "email": marked("письмом"), "person": marked("лично")}
OUTCOMES = {
    "ticket": marked("заявка"),
    "addition": marked("дополнение к заявке"),
    "consultation": marked("консультация"),
    "redirected": marked("перенаправлено"),
    "not_ours": marked("не наш адрес"),
    "silence": marked("тишина или спам"),
}
LETTERS = {
    "registered": marked("о регистрации"),
    "terms": marked("о сроках"),
    "done": marked("о выполнении"),
    "voided": marked("об аннулировании"),
    "merged": marked("об объединении"),
    "reopened": marked("о том, что заявка снова в работе"),
}
SYSTEM_PARTS = {
    "clock": marked("часы сроков"),
    "worker": marked("отправка писем"),
    "notices": marked("отправка писем"),
}
GOOD = frozenset({"DamageContained", "PassengersEvacuated", "WorkDone", "TicketConfirmed", "QualityChecked"})
BAD = frozenset(
    {
        "ClockBreached",
        "TicketReturned",
        "WorkRefused",
        "NoAccess",
        "NoticeFailed",
        "TicketVoided",
        "CallAbandoned",
    }
)
WAIT = frozenset({"ClockAtRisk", "QuestionAsked", "ClockPaused", "StepSkipped"})


@dataclass(frozen=True)
class Known:
    """What the ids of facts are called, and where and when the screen is."""

    now: datetime
    zone: str
    staff: Mapping[int, str] = field(default_factory=dict)
    crews: Mapping[int, str] = field(default_factory=dict)
    tickets: Mapping[int, str] = field(default_factory=dict)
    """Ids of tickets that are named → their numbers."""

    def at(self, moment: datetime | None) -> str:
        return moment_words(moment, self.zone, self.now) if moment else ""


def known(
    records: Sequence[Recorded],
    now: datetime,
    zone: str,
    *,
    tickets: Mapping[int, str] | None = None,
    crews: Mapping[int, str] | None = None,
) -> Known:
    """The names that these records need; `crews` that are known already. Two queries at most."""
    staff: set[int] = set()
    asked: set[int] = set()
    for record in records:
        part, _slash, number = record.actor.partition("/")
        if part == "staff" and number.isdigit():
            staff.add(int(number))
        for name, found in (("assignee", staff), ("operator", staff), ("crew", asked)):
            value = getattr(record.fact, name, None)
            if isinstance(value, int):
                found.add(value)
    asked -= set(crews or {})
    found_crews = dict(Crew.objects.filter(pk__in=asked).values_list("pk", "name")) if asked else {}
    return Known(
        now=now,
        zone=zone,
        staff=dict(Staff.objects.filter(pk__in=staff).values_list("pk", "name")) if staff else {},
        crews={**found_crews, **(crews or {})},
        tickets=tickets or {},
    )


def who(actor: str, known: Known, *, full: bool = False) -> str:
    """The one who did it, by the `full` name or the short one. People of another company are not named
    to this one."""
    part, _slash, number = actor.partition("/")
    if part == "staff":
        name = known.staff.get(int(number)) if number.isdigit() else None
        if not name:
            return _("сотрудник службы")
        return name if full else short_name(name)
    if part == "resident":
        return _("заявитель")
    if part == "token":
        return _("внешняя система")
    return _(SYSTEM_PARTS.get(number, "система")) if part == "system" else ""


def title(fact: facts.Fact) -> str:
    return _(fact.TITLE) if fact.TITLE else fact.kind


def tone(kind: str) -> str:
    return "good" if kind in GOOD else "bad" if kind in BAD else "wait" if kind in WAIT else ""


def words(fact: facts.Fact, known: Known) -> str:
    """What the fact says beside its title; "" when the title is all."""
    say = WORDS.get(type(fact))
    return say(fact, known) if say else ""


def undone(records: Sequence[Recorded]) -> frozenset[int]:
    """Entries that a later one took back."""
    found = set()
    for record in records:
        if isinstance(record.fact, (facts.Undone, facts.InteractionReopened)):
            found.add(record.fact.undoes)
    return frozenset(found - {0})


def is_late(record: Recorded) -> bool:
    return bool(record.late_reason) or record.recorded_at - record.happened_at > LATE_AFTER


# ── The words of each kind ───────────────────────────────────────────────────────────────────


def _join(*parts: object, by: str = BETWEEN) -> str:
    return by.join(str(part) for part in parts if part)


def _received(fact: facts.InteractionReceived, known: Known) -> str:
    channel = ChannelView(code=fact.channel).title if fact.channel in ChannelView.NAMES else fact.channel
    return _join(channel, fact.caller, phone_words(fact.phone), fact.address, fact.text)


def _registered(fact: facts.TicketRegistered, known: Known) -> str:
    nature = _join(
        show.nature(fact.classifier), SeverityView.NAMES.get(fact.severity, fact.severity), by=", "
    )
    return _join(nature, fact.description)


def _corrected(fact: facts.TicketCorrected, known: Known) -> str:
    changed = []
    if "classifier" in fact.after:
        before, after = (show.nature(str(side.get("classifier", ""))) for side in (fact.before, fact.after))
        changed.append(f"{before} → {after}")
    if fact.description_after:
        changed.append(_("было «%(before)s», стало «%(after)s»") % {
            "before": fact.description_before, "after": fact.description_after
        })  # fmt: skip
    if fact.damage_at:
        changed.append(_("повреждение: %s") % known.at(fact.damage_at))
    return _join(*changed, _reason(fact, known))


def _reason(fact: Any, known: Known) -> str:
    return _("причина: %s") % fact.reason if fact.reason else ""


def _performer(fact: Any, known: Known) -> str:
    if isinstance(fact.crew, int):
        return known.crews.get(fact.crew, _("бригада"))
    if isinstance(fact.assignee, int):
        name = known.staff.get(fact.assignee)
        return short_name(name) if name else _("исполнитель")
    return ""


def _access(fact: facts.AccessAgreed, known: Known) -> str:
    if not fact.needed:
        return _("не нужен")
    when = known.at(fact.since)
    if fact.until:
        when = f"{when} – {time_words(fact.until, known.zone)}"
    return _join(when, fact.worker, fact.reason)


def _terms(fact: facts.TermsTold, known: Known) -> str:
    until = _("до %s") % known.at(fact.until) if fact.until else ""
    return _join(until, _(HOW.get(fact.how, fact.how)))


def _service(fact: facts.ServiceTold, known: Known) -> str:
    taken = _("принял: %s") % fact.who if fact.who else ""
    return _join(_(SERVICES.get(fact.service, fact.service)), taken)


def _services(fact: facts.ServicesDecided, known: Known) -> str:
    return ", ".join(_(SERVICES.get(code, code)) for code in fact.services) or _("не нужны")


def _clock(fact: Any, known: Known) -> str:
    norm = NORMS.get(fact.norm)
    name = f"{_(norm.title).lower()}, {norm.short_provenance}" if norm else fact.norm
    due = getattr(fact, "due_at", None)
    return _join(name, _("срок %s") % known.at(due) if due else "")


def _paused(fact: facts.ClockPaused, known: Known) -> str:
    return _join(_clock(fact, known), _(PAUSE_REASONS.get(fact.why, fact.why)), fact.note)


def _merged(fact: facts.TicketMerged, known: Known) -> str:
    number = known.tickets.get(int(fact.into))
    return _join(_("в заявку № %s") % number_words(number) if number else "", _reason(fact, known))


def _done(fact: facts.WorkDone, known: Known) -> str:
    return _join(fact.note, _("место: %s") % fact.place if fact.place else "")


def _ended(fact: facts.InteractionEnded, known: Known) -> str:
    return _join(_(OUTCOMES.get(fact.outcome, fact.outcome)), fact.redirected_to, fact.note)


def _skipped(fact: facts.StepSkipped, known: Known) -> str:
    from vakhta.web.console.screens import STEP_TITLES

    step = str(STEP_TITLES.get(fact.step, fact.step)).lower()
    return _join(f"{fact.step}, {step}", _reason(fact, known))


def _letter(fact: facts.NoticeQueued, known: Known) -> str:
    return _join(_("письмо"), _(LETTERS.get(fact.template, fact.template)), fact.to)


def _undone(fact: facts.Undone, known: Known) -> str:
    kind = facts.FACTS.get(fact.undone_kind)
    return title_of_kind(kind) if kind else ""


def title_of_kind(kind: type[facts.Fact]) -> str:
    return _(kind.TITLE)


def _field(name: str) -> Callable[[Any, Known], str]:
    return lambda fact, known: str(getattr(fact, name) or "")


WORDS: dict[type[facts.Fact], Callable[[Any, Known], str]] = {
    facts.InteractionReceived: _received,
    facts.InteractionGivenBack: _field("reason"),
    facts.ApplicantNoted: lambda fact, known: _join(fact.caller, phone_words(fact.phone), fact.email),
    facts.NatureFound: lambda fact, known: _join(show.nature(fact.classifier), fact.description),
    facts.InteractionEnded: _ended,
    facts.TicketRegistered: _registered,
    facts.PlanMade: _field("note"),
    facts.ServiceTold: _service,
    facts.ServicesDecided: _services,
    facts.TermsTold: _terms,
    facts.AccessAgreed: _access,
    facts.HandedOver: _performer,
    facts.StepSkipped: _skipped,
    facts.ContactAdded: _field("note"),
    facts.TicketCorrected: _corrected,
    facts.TicketMerged: _merged,
    facts.TicketVoided: _reason,
    facts.CommentAdded: _field("text"),
    facts.FileAttached: _field("name"),
    facts.WorkAssigned: _performer,
    facts.WorkRefused: _field("reason"),
    facts.QuestionAsked: _field("text"),
    facts.CrewOnSite: lambda fact, known: _("место: %s") % fact.place if fact.place else "",
    facts.NoAccess: _field("note"),
    facts.AnswerGiven: lambda fact, known: _(HOW.get(fact.how, fact.how)),
    facts.WorkDone: _done,
    facts.StaffPaused: _field("reason"),
    facts.TicketConfirmed: _field("review"),
    facts.TicketReturned: _field("review"),
    facts.TicketRated: _field("review"),
    facts.ClockPaused: _paused,
    facts.ClockResumed: _clock,
    facts.ClockAtRisk: _clock,
    facts.ClockBreached: _clock,
    facts.NoticeQueued: _letter,
    facts.NoticeFailed: _field("why"),
    facts.Undone: _undone,
    facts.StockChanged: _field("what"),
    facts.WordsErased: _field("basis"),
    facts.PersonErased: _field("basis"),
}
