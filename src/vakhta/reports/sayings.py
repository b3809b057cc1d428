"""How a fact is said to a person: its title, its words, who did it. One telling for screens and papers;
a paper asks for it `brief`, which shortens moments and leaves out what only a screen has room for.

Every kind of fact has its row in `SAID`; one that its title says whole has `_title_is_all`. No queries
here but those of `known`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.contacts.steps import STEPS
from vakhta.crews.models import Crew
from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES, SERVICES
from vakhta.domain.classifier.entry import SEVERITIES
from vakhta.domain.facts import FACTS, Fact, Recorded
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.domain.permissions import ROLES
from vakhta.domain.regulations import NORMS
from vakhta.domain.rotas import PATTERNS, TURNS
from vakhta.kernel.words import (
    by_language,
    inside,
    is_one_day,
    moment_words,
    number_words,
    phone_words,
    short_name,
    time_words,
    typed,
)
from vakhta.people.models import DutyContact, Staff
from vakhta.shifts.models import Shift
from vakhta.tickets.classifier import OF_SERVICES
from vakhta.tickets.models import Ticket

BETWEEN = " · "
LATE_AFTER = timedelta(minutes=1)
"""An entry written so much after its moment is shown with both times."""
CHANNELS = dict(Interaction.CHANNELS)
OUTCOMES = dict(Interaction.OUTCOMES)
CHANGES = dict(Shift.CHANGES)
HOW = {
    "phone": marked("по телефону"),
    "email": marked("письмом"),
    "person": marked("лично"),
    "walk_in": marked("лично"),
    "web": marked("в кабинете"),
    "chat": marked("в чате"),
    "messenger": marked("в мессенджере"),
}
LETTERS = {
    "registered": marked("о регистрации"),
    "terms": marked("о сроках"),
    "done": marked("о выполнении"),
    "voided": marked("об аннулировании"),
    "merged": marked("об объединении"),
    "reopened": marked("о том, что заявка снова в работе"),
    "password": marked("о новом пароле"),
    "invitation": marked("с приглашением"),
}
SYSTEM = marked("система")
SYSTEM_PARTS = {
    "clock": marked("часы сроков"),
    "worker": marked("отправка писем"),
    "notices": marked("отправка писем"),
    "sign-in": marked("вход в службу"),
    "staff": marked("администратор сервера"),
}
UTILITIES = {
    "cold_water": marked("ХВС"),
    "hot_water": marked("ГВС"),
    "sewerage": marked("водоотведение"),
    "electricity": marked("электричество"),
    "gas": marked("газ"),
    "heating": marked("отопление"),
    "waste": marked("вывоз отходов"),
}
LETTER_FAILURES = {"ChannelError": marked("почтовый сервер не принял письмо")}


@dataclass(frozen=True)
class Known:
    """What the ids of facts are called, and where and when they are told."""

    zone: str
    now: datetime | None = None
    """A moment of this day is told by its time alone; None: every moment has its day."""
    brief: bool = False
    staff: Mapping[int, str] = field(default_factory=dict)
    crews: Mapping[int, str] = field(default_factory=dict)
    tickets: Mapping[int, str] = field(default_factory=dict)
    """Ids of tickets that are named → their numbers."""
    services: Mapping[str, str] = field(default_factory=dict)
    """Codes of a centre's own services → their names."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """Ids of deliveries, as text → the letter's template, where its queueing is among what is told."""

    def at(self, moment: datetime | None) -> str:
        """«14:05, 24 ноября, вт»; brief: «24.11 14:05». On its day «14:05»."""
        if moment is None:
            return ""
        if not self.brief and self.now:
            return moment_words(moment, self.zone, self.now)
        local, zone = moment.astimezone(ZoneInfo(self.zone)), ZoneInfo(self.zone)
        here = self.now.astimezone(zone) if self.now else None
        if here is not None and here.date() == local.date():
            return f"{local:%H:%M}"
        return (
            f"{local:%d.%m %H:%M}" if here is None or here.year == local.year else f"{local:%d.%m.%Y %H:%M}"
        )

    def on(self, now: datetime) -> Known:
        return replace(self, now=now)

    def joined(self, *parts: object) -> str:
        by = ", " if self.brief else BETWEEN
        told = [str(part).strip() for part in parts if part]
        erased = facts.ERASED  # is said once, however many words were deleted
        return by.join(
            part for place, part in enumerate(told) if part != erased or erased not in told[:place]
        )


def known(
    records: Iterable[Recorded],
    zone: str,
    now: datetime | None = None,
    *,
    brief: bool = False,
    tickets: Mapping[int, str] | None = None,
    crews: Mapping[int, str] | None = None,
) -> Known:
    """The names that these records need, as far as the running scope may know them. `tickets` and
    `crews`: known already. Four queries at most, none for what is not named."""
    asked: dict[str, set[Any]] = {"staff": set(), "crew": set(), "into": set(), "service": set()}
    letters: dict[str, str] = {}
    for record in records:
        if isinstance(record.fact, facts.NoticeQueued):
            letters[str(record.fact.delivery)] = record.fact.template
        part, _slash, number = record.actor.partition("/")
        if part == "staff" and number.isdigit():
            asked["staff"].add(int(number))
        for name in ("assignee", "operator", "before", "staff", "other", "crew", "into"):
            value = getattr(record.fact, name, None)
            if isinstance(value, int):
                asked[name if name in asked else "staff"].add(value)
        said = (getattr(record.fact, "service", ""), *getattr(record.fact, "services", ()))
        asked["service"].update(code for code in said if code and code not in SERVICES)
    crews, tickets = dict(crews or {}), dict(tickets or {})
    return Known(
        zone=zone,
        now=now,
        brief=brief,
        staff=_names(Staff, asked["staff"], "name"),
        crews={**_names(Crew, asked["crew"] - set(crews), "name"), **crews},
        tickets={**_names(Ticket, asked["into"] - set(tickets), "number"), **tickets},
        services=_services_of(asked["service"]),
        letters=letters,
    )


def _names(model: Any, ids: set[int], name: str) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=ids).values_list("pk", name)) if ids else {}


def _services_of(codes: set[str]) -> dict[str, str]:
    found = DutyContact.everything.filter(kind="service", code__in=codes)  # told before it was removed
    return dict(found.values_list("code", "name")) if codes else {}


def who(actor: str, known: Known, *, full: bool = False) -> str:
    """The one who did it, by the `full` name or the short one. People whom the running scope does not
    see are not named."""
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
    return _(SYSTEM_PARTS.get(number, SYSTEM)) if part == "system" else ""


def title(fact: Fact) -> str:
    return _(fact.TITLE) if fact.TITLE else fact.kind


def words(fact: Fact, known: Known) -> str:
    """What the fact says beside its title; "" when the title is all."""
    return SAID[type(fact)](fact, known)


def is_late(record: Recorded) -> bool:
    return bool(record.late_reason) or record.recorded_at - record.happened_at > LATE_AFTER


# ── What codes are called ────────────────────────────────────────────────────────────────────


@by_language
def nature(code: str) -> str:
    """«ХВС: течь стояка» of a classifier code."""
    if not code:
        return _("Неисправность не определена")
    entry = ENTRIES.get(code)
    if entry is None:
        return code
    return f"{_(entry.system)}: {inside(_(entry.problem))}"


def by_words(code: str) -> str:
    """A nature that nobody chose: it was guessed from the words of an old journal."""
    return _("%s (по словам)") % nature(code) if code else nature("")


def nature_of(ticket: Ticket) -> str:
    return by_words(ticket.classifier) if ticket.is_old else nature(ticket.classifier)


def number_of(ticket: Ticket) -> str:
    """The number as a sentence says it: «26-204 337»; of an old ticket the word of its journal."""
    return ticket.old_number or number_words(ticket.number)


@by_language
def norm_title(code: str) -> str:
    norm = NORMS.get(code)
    return inside(_(norm.title)) if norm else code


def law(code: str) -> str:
    """«ПП 416, п. 13» of a norm: the act by its number, as people who work by it call it."""
    norm = NORMS.get(code)
    return norm.short_provenance if norm else ""


# ── The words of each kind ───────────────────────────────────────────────────────────────────


def _title_is_all(fact: Any, known: Known) -> str:
    return ""


def _field(name: str) -> Callable[[Any, Known], str]:
    return lambda fact, known: str(getattr(fact, name) or "")


def _received(fact: facts.InteractionReceived, known: Known) -> str:
    channel = _(CHANNELS.get(fact.channel, fact.channel))
    return known.joined(channel, fact.caller, phone_words(fact.phone), fact.address, fact.text)


def _taken(fact: facts.InteractionTaken, known: Known) -> str:
    before = known.staff.get(int(fact.before or 0), "")
    return _("от кого: %s") % short_name(before) if before else ""


def _nature_found(fact: facts.NatureFound, known: Known) -> str:
    return known.joined(nature(fact.classifier), fact.description)


def _registered(fact: facts.TicketRegistered, known: Known) -> str:
    severity = _(SEVERITIES.get(fact.severity, fact.severity))
    return known.joined(", ".join((nature(fact.classifier), severity)), fact.description)


def carried_from(fact: facts.TicketImported) -> str:
    """«журнал „2024.xlsx“, лист „Март“, строка 15»"""
    sheet = _("лист «%s»") % fact.sheet if fact.sheet else ""
    parts = (_("журнал «%s»") % fact.journal, sheet, _("строка %s") % fact.row)
    return ", ".join(part for part in parts if part)


def _imported(fact: facts.TicketImported, known: Known) -> str:
    number = _("№ %s") % fact.old_number if fact.old_number else ""
    return known.joined(
        carried_from(fact),
        number,
        by_words(fact.classifier),
        fact.description,
        _("исполнитель: %s") % fact.performer if fact.performer else "",
        _("срок: %s") % fact.term if fact.term else "",
        _("результат: %s") % fact.result if fact.result else "",
    )


def _journal_back(fact: facts.OldJournalTakenBack, known: Known) -> str:
    return known.joined(fact.journal, _("заявок: %s") % fact.count, _reason(fact, known))


def _corrected(fact: facts.TicketCorrected, known: Known) -> str:
    changed = []
    if "classifier" in fact.after:
        before, after = (nature(str(side.get("classifier", ""))) for side in (fact.before, fact.after))
        changed.append(f"{before} → {after}")
    for name, called in CORRECTED.items():
        before, after = getattr(fact, f"{name}_before"), getattr(fact, f"{name}_after")
        if name == "phone":
            before, after = phone_words(before), phone_words(after)
        if before or after:
            said = {"before": before or _("не указано"), "after": after or _("не указано")}
            was_now = _("было «%(before)s», стало «%(after)s»") % said
            changed.append(f"{_(called)}: {was_now}" if called else was_now)
    if fact.damage_at:
        changed.append(_("повреждение: %s") % known.at(fact.damage_at))
    return known.joined(*changed, _reason(fact, known))


CORRECTED = {
    "description": "",
    "address": marked("адрес"),
    "applicant": marked("заявитель"),
    "phone": marked("телефон"),
    "email": marked("почта"),
}
"""Words of a correction → how a person calls them."""


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
    if fact.since and fact.until:
        is_short = is_one_day(fact.since, fact.until, known.zone)
        when = f"{when} – {time_words(fact.until, known.zone) if is_short else known.at(fact.until)}"
    return known.joined(when, fact.worker, fact.reason)


def _terms(fact: facts.TermsTold, known: Known) -> str:
    until = _("до %s") % known.at(fact.until) if fact.until else ""
    beyond = _("позже нормы «%s»") % norm_title(fact.beyond) if fact.beyond else ""
    return known.joined(until, _(HOW.get(fact.how, fact.how)), beyond, fact.reason)


def service_words(code: str, centre: int | None) -> str:
    """«Аварийная газовая служба, 104»: a service with its number in the centre's directory; "" for no code."""
    if not code:
        return ""
    listed = DutyContact.objects.filter(company_id=centre, kind="service", code=code).first()
    name = _(SERVICES[code]) if code in SERVICES else listed.name if listed else code
    return ", ".join(filter(None, (name, phone_words(listed.phone) if listed else "")))


def service_of(ticket: Ticket) -> str:
    """The same of the service that does the work of a ticket which no own crew does."""
    return service_words(OF_SERVICES.get(ticket.classifier, ""), ticket.centre_id)


def _service_name(code: str, known: Known) -> str:
    return known.services.get(code) or _(SERVICES.get(code, code))


def _service(fact: facts.ServiceTold, known: Known) -> str:
    taken = _("принял: %s") % fact.who if fact.who else ""
    return known.joined(_service_name(fact.service, known), taken)


def _services(fact: facts.ServicesDecided, known: Known) -> str:
    return ", ".join(_service_name(code, known) for code in fact.services) or _("не нужны")


def _clock(fact: Any, known: Known) -> str:
    basis = "" if known.brief else law(fact.norm)
    due = getattr(fact, "due_at", None)
    name = ", ".join(part for part in (norm_title(fact.norm), basis) if part)
    return known.joined(name, _("срок %s") % known.at(due) if due else "")


def _paused(fact: facts.ClockPaused, known: Known) -> str:
    until = _("до %s") % known.at(fact.until) if fact.until else ""
    return known.joined(_clock(fact, known), _(PAUSE_REASONS.get(fact.why, fact.why)), until, fact.note)


def _merged(fact: facts.TicketMerged, known: Known) -> str:
    number = known.tickets.get(int(fact.into))
    into = _("в заявку № %s") % number_words(number) if number else ""
    return known.joined(into, _reason(fact, known))


def _place(fact: Any, known: Known) -> str:
    """Where the phone was. On paper coordinates only take room."""
    return _("место: %s") % fact.place if fact.place and not known.brief else ""


def _done(fact: facts.WorkDone, known: Known) -> str:
    by = _service_name(fact.service, known) if fact.service else ""
    told = _("сказал: %s") % fact.who if fact.who else ""
    return known.joined(by, told, fact.note, _place(fact, known))


def _ended(fact: facts.InteractionEnded, known: Known) -> str:
    return known.joined(_(OUTCOMES.get(fact.outcome, fact.outcome)), fact.redirected_to, fact.note)


def _skipped(fact: facts.StepSkipped, known: Known) -> str:
    step = f"{fact.step}, {inside(_(STEPS[fact.step][2].TITLE))}" if fact.step in STEPS else str(fact.step)
    return known.joined(step, _reason(fact, known))


def _rated(fact: Any, known: Known) -> str:
    rating = _("оценка %s из 5") % fact.rating if fact.rating else ""
    return known.joined(rating, fact.review)


def _letter(fact: facts.NoticeQueued, known: Known) -> str:
    return known.joined(_("письмо"), _(LETTERS.get(fact.template, fact.template)), fact.to)


def _letter_sent(fact: facts.NoticeSent, known: Known) -> str:
    return _letter_of(fact, known)


def _letter_failed(fact: facts.NoticeFailed, known: Known) -> str:
    return known.joined(_letter_of(fact, known), _(LETTER_FAILURES.get(fact.why, fact.why)))


def _letter_of(fact: facts.NoticeSent | facts.NoticeFailed, known: Known) -> str:
    """Which letter it was, as its queueing said; nothing where that is not among what is told."""
    template = known.letters.get(str(fact.delivery), "")
    return " ".join((_("письмо"), _(LETTERS.get(template, template)))) if template else ""


def _outage(fact: facts.OutageAnnounced, known: Known) -> str:
    when = " – ".join(known.at(moment) for moment in (fact.since, fact.until) if moment)
    services = ", ".join(_(UTILITIES.get(code, code)) for code in fact.services)
    kind = "" if fact.is_planned is None else _("плановое") if fact.is_planned else _("аварийное")
    return known.joined(services, kind, when, fact.supplier, fact.document, fact.reason)


def _prolonged(fact: facts.OutageProlonged, known: Known) -> str:
    was = _("было до %s") % known.at(fact.before) if fact.before else ""
    return known.joined(_("до %s") % known.at(fact.until), was, fact.reason)


def _lift(fact: facts.LiftStopped | facts.LiftStarted) -> str:
    return _("№ %(number)s, подъезд %(entrance)s") % {"number": fact.number, "entrance": fact.entrance}


def _lift_stopped(fact: facts.LiftStopped, known: Known) -> str:
    until = _("обещают пустить %s") % known.at(fact.until) if fact.until else ""
    return known.joined(_lift(fact), _("стоит с %s") % known.at(fact.since), fact.reason, until)


def _undone(fact: facts.Undone, known: Known) -> str:
    kind = FACTS.get(fact.undone_kind)
    return _(kind.TITLE) if kind else ""


def _norm(fact: Any, known: Known) -> str:
    return known.joined(norm_title(fact.norm), getattr(fact, "reason", "") or getattr(fact, "document", ""))


def _edited(fact: facts.ClassifierEdited, known: Known) -> str:
    return known.joined(nature(fact.nature), _("версия %s") % fact.version, fact.reason)


STEPS_OF_SIGN_IN = {
    "password": marked("пароль"),
    "totp": marked("код из приложения"),
    "recovery_codes": marked("резервный код"),
    "webauthn": marked("ключ входа"),
    "oidc": marked("сервер организации"),
    "demo": marked("показ"),
    "seat": marked("переход в другую роль"),
}


def _signed_in(fact: facts.SignedIn, known: Known) -> str:
    return ", ".join(_(STEPS_OF_SIGN_IN.get(step, step)) for step in fact.how.split("+"))


def _step(fact: Any, known: Known) -> str:
    return _(STEPS_OF_SIGN_IN.get(fact.step, fact.step))


def _whose(fact: Any, known: Known) -> str:
    """Whose sign-in it is, where somebody else did it or may have."""
    name = known.staff.get(fact.staff, "")
    return short_name(name) if name else ""


def _sessions(fact: facts.SessionsEnded, known: Known) -> str:
    return known.joined(_whose(fact, known), _("сеансов: %s") % fact.sessions)


def _role(fact: facts.StaffRoleChanged, known: Known) -> str:
    titles = {role.code: _(role.title) for role in ROLES}
    roles = _("%(role)s, было: %(was)s") % {
        "role": titles.get(fact.role, fact.role), "was": titles.get(fact.was, fact.was)
    }  # fmt: skip
    return known.joined(_whose(fact, known), roles)


SHARED = {
    "shared": marked("дан всем"),
    "unshared": marked("больше не общий"),
    "renamed": marked("переименован"),
    "replaced": marked("заменён"),
    "removed": marked("убран"),
    "restored": marked("возвращён"),
}


def _shared(fact: facts.SharedViewChanged, known: Known) -> str:
    return known.joined(f"«{fact.name}»" if fact.name else "", _(SHARED.get(fact.what, fact.what)))


DUTY = {
    "added": marked("добавлено"),
    "changed": marked("исправлено"),
    "moved": marked("переставлено"),
    "removed": marked("убрано"),
    "restored": marked("возвращено"),
}


def _duty(fact: facts.DutyChanged, known: Known) -> str:
    return known.joined(fact.name, phone_words(fact.phone), _(DUTY.get(fact.what, fact.what)))


def _overdue(fact: facts.OverdueErased, known: Known) -> str:
    counts = ", ".join(f"{_(name)}: {count}" for name, count in fact.rows.items())
    return known.joined(_("акт № %s") % fact.act, counts)


def _parked(fact: facts.EntryParked, known: Known) -> str:
    return known.joined(fact.follower, _("запись %s") % fact.parked, fact.error)


def _person(staff: object, known: Known) -> str:
    name = known.staff.get(staff) if isinstance(staff, int) else None
    return short_name(name) if name else _("сотрудник службы")


def _rota(fact: facts.RotaMade, known: Known) -> str:
    pattern = PATTERNS.get(fact.pattern)
    month = _("месяц %s") % fact.month
    return known.joined(_person(fact.staff, known), month, _(pattern.title) if pattern else fact.pattern)


def turn_words(code: str) -> str:
    """«день 08–20»; «не работает» when off."""
    turn = TURNS.get(code)
    return f"{_(turn.title)} {turn.hours}" if turn else _("не работает")


def _shift(fact: facts.ShiftChanged, known: Known) -> str:
    was_now = {"before": turn_words(fact.turn_before), "after": turn_words(fact.turn_after)}
    told = _("было: %(before)s, стало: %(after)s") % was_now
    return known.joined(_person(fact.staff, known), typed(fact.day), told, _(CHANGES.get(fact.why, fact.why)))


def _swap(fact: facts.SwapAsked, known: Known) -> str:
    sides = ((fact.staff, fact.day), (fact.other, fact.other_day))
    return known.joined(*(f"{_person(staff, known)} {typed(day)}" for staff, day in sides))


def _handed(fact: facts.HandoverSigned, known: Known) -> str:
    count = _("открытых заявок: %s") % len(fact.tickets)
    return known.joined(_person(fact.staff, known), count, fact.notes)


SAID: dict[type[Fact], Callable[[Any, Known], str]] = {
    facts.InteractionReceived: _received,
    facts.InteractionTaken: _taken,
    facts.InteractionGivenBack: _field("reason"),
    facts.InteractionAnswered: _title_is_all,
    facts.CallAbandoned: _title_is_all,
    facts.CallbackMade: _title_is_all,
    facts.ApplicantNoted: lambda fact, known: known.joined(fact.caller, phone_words(fact.phone), fact.email),
    facts.NatureFound: _nature_found,
    facts.InteractionEnded: _ended,
    facts.InteractionReopened: _title_is_all,
    facts.TicketRegistered: _registered,
    facts.TicketImported: _imported,
    facts.OldJournalTakenBack: _journal_back,
    facts.NumberTold: _title_is_all,
    facts.PlanMade: _field("note"),
    facts.ServiceTold: _service,
    facts.ServicesDecided: _services,
    facts.TermsTold: _terms,
    facts.AccessAgreed: _access,
    facts.HandedOver: _performer,
    facts.IntakeCompleted: _title_is_all,
    facts.StepSkipped: _skipped,
    facts.ContactAdded: _field("note"),
    facts.TicketCorrected: _corrected,
    facts.TicketMerged: _merged,
    facts.TicketVoided: _reason,
    facts.CommentAdded: _field("text"),
    facts.FileAttached: _field("name"),
    facts.WorkAssigned: _performer,
    facts.WorkWithdrawn: _reason,
    facts.WorkAccepted: _title_is_all,
    facts.WorkRefused: _field("reason"),
    facts.QuestionAsked: _field("text"),
    facts.CrewOnTheWay: _title_is_all,
    facts.CrewOnSite: _place,
    facts.NoAccess: _field("note"),
    facts.DamageContained: _title_is_all,
    facts.PassengersEvacuated: _title_is_all,
    facts.QualityChecked: _title_is_all,
    facts.AnswerGiven: lambda fact, known: _(HOW.get(fact.how, fact.how)) if fact.how else "",
    facts.WorkDone: _done,
    facts.TicketConfirmed: _rated,
    facts.TicketRated: _rated,
    facts.TicketReturned: _rated,
    facts.TicketClosedUnanswered: _title_is_all,
    facts.StaffPaused: _field("reason"),
    facts.StaffReady: _title_is_all,
    facts.SignedIn: _signed_in,
    facts.SignedOut: _title_is_all,
    facts.SecondStepFailed: _whose,
    facts.SessionsEnded: _sessions,
    facts.PasswordLetterAsked: _whose,
    facts.PasswordChanged: _whose,
    facts.SecondStepAdded: _step,
    facts.SecondStepRemoved: _step,
    facts.RecoveryCodesMade: _title_is_all,
    facts.SecondStepReset: lambda fact, known: known.joined(_whose(fact, known), fact.reason),
    facts.StaffInvited: _whose,
    facts.StaffRoleChanged: _role,
    facts.StaffDismissed: _whose,
    facts.StaffReturned: _whose,
    facts.RotaMade: _rota,
    facts.ShiftChanged: _shift,
    facts.SwapAsked: _swap,
    facts.SwapAgreed: _title_is_all,
    facts.SwapApproved: _title_is_all,
    facts.SwapDeclined: _title_is_all,
    facts.HandoverSigned: _handed,
    facts.HandoverAccepted: _field("remark"),
    facts.ClockPaused: _paused,
    facts.ClockResumed: _clock,
    facts.ClockAtRisk: _clock,
    facts.ClockBreached: _clock,
    facts.NormCorrected: _norm,
    facts.NormPromised: _norm,
    facts.ClassifierEdited: _edited,
    facts.NoticeQueued: _letter,
    facts.NoticeSent: _letter_sent,
    facts.NoticeFailed: _letter_failed,
    facts.OutageAnnounced: _outage,
    facts.OutageProlonged: _prolonged,
    facts.OutageEnded: lambda fact, known: known.at(fact.at),
    facts.OutageWithdrawn: _reason,
    facts.LiftStopped: _lift_stopped,
    facts.LiftStarted: lambda fact, known: known.joined(_lift(fact), known.at(fact.at)),
    facts.Undone: _undone,
    facts.WordsErased: _field("basis"),
    facts.PersonErased: _field("basis"),
    facts.OverdueErased: _overdue,
    facts.EntryParked: _parked,
    facts.SharedViewChanged: _shared,
    facts.StockChanged: _field("what"),
    facts.DutyChanged: _duty,
}
