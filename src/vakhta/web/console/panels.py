"""One panel per step, prefilled so that Ctrl+Enter is right in the ordinary case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.contacts.models import Interaction
from vakhta.contacts.steps import missing_steps
from vakhta.crews import queries as crews
from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES, SKILLS
from vakhta.domain.classifier import Entry as Kind
from vakhta.domain.classifier.shared import TERMS
from vakhta.domain.histories import agreed_access, taken_back
from vakhta.domain.norms import Norm
from vakhta.domain.routes import ROUTES
from vakhta.kernel import journal
from vakhta.kernel.words import inside, moment_words, number_words, typed
from vakhta.people.models import DutyContact
from vakhta.places import house_facts
from vakhta.reports import sayings
from vakhta.tickets import queries as tickets
from vakhta.tickets.classifier import OF_SERVICES, entries, suggest, terms_of
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.queries import Around
from vakhta.web import show
from vakhta.web.console import build
from vakhta.web.console import screens as c
from vakhta.web.console.ticket_parts import to_five
from vakhta.web.saying import Saying
from vakhta.web.screens import Choice, Errors, PhoneView, SeverityView

AT_HAND = 6
"""Risers or lifts that stand beside what is to be said."""
SKIP_REASONS = (
    "заявитель положил трубку",
    "заявителя нет на связи",
    "не требуется",
    "авария, некогда",
)


def panel(
    row: Interaction, around: Around, step: int, now: datetime, errors: Errors | None = None
) -> c.Panel | None:
    """The panel of a step; None when the intake is over."""
    if step <= 2 and not row.ticket_id:
        return nature(row, around, now, errors or {})
    ticket = row.ticket
    if ticket is None:
        return None
    makers = {3: number, 4: plan, 5: services, 6: terms, 7: access, 8: handover, 9: finish}
    maker = makers.get(step)
    return maker(row, ticket, now, errors or {}) if maker else None


def _common(row: Interaction, step: int, errors: Errors) -> dict[str, object]:
    return {
        "post_url": build.url("step", row, step),
        "skip_url": build.url("skip", row, step) if 4 <= step <= 8 else "",
        "skip_reasons": SKIP_REASONS,
        "again": str(step) in row.steps,
        "draft": f"interaction/{row.pk}/{step}",
        "errors": errors,
    }


# ── 2: what happened ─────────────────────────────────────────────────────────────────────────


def nature(row: Interaction, around: Around, now: datetime, errors: Errors) -> c.NaturePanel:
    return c.NaturePanel(
        post_url=build.url("register", row),
        suggest_url=build.url("suggest", row),
        draft=f"interaction/{row.pk}/2",
        description=row.description,
        suggestions=suggestions(row, around, row.description, row.classifier, now),
        errors=errors,
    )


def suggestions(row: Interaction, around: Around, text: str, chosen: str, now: datetime) -> c.Suggestions:
    """Entries that the words may mean, with what to ask and say, and what is alike in the house."""
    matches = suggest(text)
    offered = [match.entry for match in matches]
    said = entries().get(chosen)
    if said and said not in offered:
        offered.insert(0, said)
    why = {match.entry.code: ", ".join(filter(None, (match.reason, match.forgiven))) for match in matches}
    first = said or next((m.entry for m in matches[:1] if m.tells_what), None)
    shown = offered[:6]
    norms = terms_of(shown, row.company, now) if shown else {}
    return c.Suggestions(
        query=text,
        entries=tuple(
            _suggestion(entry, norms[entry.code], why.get(entry.code, ""), entry is first) for entry in shown
        ),
        ask=tuple(c.Ask(question=q, name=f"ask-{n}") for n, q in enumerate(first.questions)) if first else (),
        say=first.safety if first else (),
        danger=first.danger if first else "",
        house=_of_house(row, first, now) if first else (),
        duplicates=_duplicates(row, around, first.code if first else "", now),
    )


def _suggestion(entry: Kind, norms: Sequence[Norm], why: str, chosen: bool) -> c.Suggestion:
    # The term for telling the terms is the same for every ticket.
    told = [norm for norm in norms if norm.is_clock and norm.code != TERMS]
    return c.Suggestion(
        code=entry.code,
        place=_(entry.place),
        system=_(entry.system),
        problem=_(entry.problem),
        severity=SeverityView(code=entry.severity),
        norm=" · ".join(f"{inside(_(norm.title))} {show.norm_limit(norm)}" for norm in told[:3]),
        why=why,
        services=entry.services,
        chosen=chosen,
    )


def _of_house(row: Interaction, entry: Kind, now: datetime) -> tuple[c.Line, ...]:
    """Where the riser is shut that the applicant speaks of, which lift it is. One query, none beside the card."""
    if row.building is None:
        return ()
    home = row.premises
    found = house_facts.for_system(
        house_facts.of_house(row.building),
        entry.system,
        home.entrance if home else None,
        home.number if home else "",
    )
    return tuple(c.Line(**vars(show.house_fact(fact, row.building.zone, now))) for fact in found[:AT_HAND])


def _duplicates(row: Interaction, around: Around, code: str, now: datetime) -> tuple[c.Duplicate, ...]:
    """Only of the same nature or system: a key that joins must not deflect an emergency of another kind."""
    shown = []
    for ticket, likely in tickets.alike(around.tickets, code, build.alike_codes(code), now):
        if not likely:
            continue
        clock = around.nearest(ticket)
        shown.append(
            c.Duplicate(
                number=show.number_view(ticket),
                where=show.flat_words(ticket),
                title=show.nature(ticket.classifier),
                since=ticket.registered_at,
                status=show.status_view(ticket),
                join_url=build.url("join", row, ticket.pk),
                clock=show.clock_view(clock, now) if clock else None,
            )
        )
    return tuple(shown)


# ── 3 to 9 ───────────────────────────────────────────────────────────────────────────────────


def number(row: Interaction, ticket: Ticket, now: datetime, errors: Errors) -> c.NumberPanel:
    said = number_words(ticket.number)
    return c.NumberPanel(
        **_common(row, 3, errors),  # type: ignore[arg-type]
        number=show.number_view(ticket),
        say=(
            _("Ваша заявка принята, номер %(number)s. Работу выполняет другая служба: %(service)s.")
            % {"number": said, "service": service}
            if (service := sayings.service_of(ticket))
            else _("Ваша заявка принята, номер %s. Сейчас скажу, когда придёт бригада.") % said
        ),
    )


def plan(row: Interaction, ticket: Ticket, now: datetime, errors: Errors) -> c.PlanPanel:
    entry = entries()[ticket.classifier]
    route = ROUTES[entry.route]
    return c.PlanPanel(
        **_common(row, 4, errors),  # type: ignore[arg-type]
        stages=tuple(_(stage.title) for stage in route.stages),
        note=entry.plan or route.plan,
    )


def services(row: Interaction, ticket: Ticket, now: datetime, errors: Errors) -> c.ServicesPanel:
    entry = entries()[ticket.classifier]
    told = {
        r.fact.service: r
        for r in journal.history(f"ticket/{ticket.pk}")
        if isinstance(r.fact, facts.ServiceTold)
    }
    lines = []
    for contact in DutyContact.objects.filter(kind="service", company_id=ticket.centre_id):
        known = told.get(contact.code)
        lines.append(
            c.ServiceLine(
                code=contact.code,
                title=contact.name,
                phone=PhoneView(phone=contact.phone),
                advised=contact.code in entry.services,
                told_at=known.happened_at if known else None,
                who=known.fact.who if known and isinstance(known.fact, facts.ServiceTold) else "",
                error=errors.get(f"who-{contact.code}", ""),
                tell_url=build.url("service", row, contact.code),
            )
        )
    return c.ServicesPanel(**_common(row, 5, errors), services=tuple(lines))  # type: ignore[arg-type]


def terms(row: Interaction, ticket: Ticket, now: datetime, errors: Errors) -> c.TermsPanel:
    zone = ZoneInfo(ticket.zone)
    clocks = [
        k
        for k in tickets.clocks_of(ticket.pk)[ticket.pk]
        if k.due_at and not k.is_ended and not k.norm.endswith(".terms")
    ]
    work = tickets.work_term(clocks)
    local = work.due_at.astimezone(zone) if work and work.due_at else None
    day, time = (local.date(), local.strftime("%H:%M")) if local and local > now else (None, "")
    return c.TermsPanel(
        **_common(row, 6, errors),  # type: ignore[arg-type]
        say=Saying(
            pattern=_say_terms(ticket, [k for k in clocks if k is not work], work, now),
            values={"until_day": typed(day), "until_time": time},
            today=now.astimezone(zone).date(),
        ),
        until_day=day,
        until_time=time,
        clocks=tuple(show.clock_view(k, now, ticket.zone) for k in clocks),
        how=(
            Choice(value="phone", title=_("по телефону"), chosen=not ticket.email or row.channel == "phone"),
            Choice(value="email", title=_("письмом"), chosen=bool(ticket.email) and row.channel != "phone"),
            Choice(value="person", title=_("лично")),
        ),
    )


def _say_terms(ticket: Ticket, others: list[Clock], work: Clock | None, now: datetime) -> str:
    """The pattern: terms of the norms that run beside the work's, then the work's as the fields have it."""
    parts = []
    if service := sayings.service_of(ticket):
        parts.append(_("работу выполняет другая служба — %s") % service)
    for clock in others:
        if clock.due_at is not None and clock.stopped_at is None and clock.due_at > now:
            when = moment_words(clock.due_at, ticket.zone, now)
            parts.append(_("%(what)s — до %(when)s") % {"what": sayings.norm_title(clock.norm), "when": when})
    if work:
        what = sayings.norm_title(work.norm)
        parts.append(_("%(what)s — до {until_time|конца дня}[, {later until_day}]") % {"what": what})
    said = {"number": number_words(ticket.number), "terms": "; ".join(parts)}
    if work:
        return _("Заявка %(number)s: %(terms)s.") % said
    start = _("Заявка %(number)s: %(terms)s") if parts else _("Заявка %(number)s принята")
    if service:
        return start % said + _("[; закончат {day until_day}][, до {until_time}].")
    return start % said + _("[; сделаем {day until_day}][, до {until_time}].")


def access(row: Interaction, ticket: Ticket, now: datetime, errors: Errors) -> c.AccessPanel:
    entry = entries()[ticket.classifier]
    since, ends = _visit(ticket, now)
    start, end = since.strftime("%H:%M"), ends.strftime("%H:%M")
    candidates = [k for k in crews.candidates(entry.skill) if k.has_skill and k.lead]
    worker = candidates[0].lead if candidates else ""
    return c.AccessPanel(
        **_common(row, 7, errors),  # type: ignore[arg-type]
        needed=entry.needs_access and ticket.premises_id is not None,
        day=since.date(),
        since=start,
        until=end,
        reason=entry.title,
        worker=worker,
        workers=tuple(k.lead for k in candidates),
        say=Saying(
            pattern=_(
                "{day day}[ с {since}][ до {until}] придёт {worker|мастер}, с удостоверением и в бахилах."
            ),
            values={"day": typed(since.date()), "since": start, "until": end, "worker": worker},
            today=now.astimezone(ZoneInfo(ticket.zone)).date(),
        ),
    )


def _visit(ticket: Ticket, now: datetime) -> tuple[datetime, datetime]:
    """When a crew may be promised, on the clock of the house: an hour, from a quarter of an hour on; where damage
    has to be contained, at once and not beyond that term."""
    contained = [k.due_at for k in tickets.clocks_of(ticket.pk)[ticket.pk] if k.norm.endswith(".containment")]
    by = min((due for due in contained if due and due > now + timedelta(minutes=10)), default=None)
    since = now + timedelta(minutes=5 if by else 15)
    until = min(since + timedelta(hours=1), by) if by else since + timedelta(hours=1)
    return to_five(since, ticket.zone), to_five(until, ticket.zone)


def handover(row: Interaction, ticket: Ticket, now: datetime, errors: Errors) -> c.HandoverPanel:
    entry = entries()[ticket.classifier]
    shown = []
    if service := OF_SERVICES.get(ticket.classifier):
        why = _("эту работу делает служба, своя бригада её не касается")
        title = _(SERVICES[service])
        shown.append(c.CrewChoice(value=service, title=title, skill="", load="", why=why, chosen=True))
    records = journal.history(f"ticket/{ticket.pk}")
    access, candidates = agreed_access(records), crews.candidates(entry.skill, records)
    promised = access.worker if access else ""
    able = [k for k in candidates if k.has_skill and not k.refusal]
    first = next((k for k in able if promised and k.lead == promised), next(iter(able), None))
    for found in candidates:
        skills = ", ".join(_(SKILLS.get(skill, skill)) for skill in found.crew.skills)
        why = _("умение есть, без нарядов") if found.has_skill and not found.orders else ""
        if not found.has_skill:
            why = _("нет умения «%s»") % _(SKILLS.get(entry.skill, entry.skill))
        if found.refusal:
            why = _("отказ: %s") % found.refusal
        if promised and found.lead == promised:
            why = ", ".join(filter(None, (_("назван заявителю"), why)))
        shown.append(
            c.CrewChoice(
                value=str(found.crew.pk),
                title=": ".join(filter(None, (show.crew_name(found.crew), found.lead))),
                skill=skills,
                load=show.crew_load(found.orders),
                why=why,
                chosen=found is first,
                free=not found.orders,
            )
        )
    return c.HandoverPanel(**_common(row, 8, errors), crews=tuple(shown))  # type: ignore[arg-type]


def finish(row: Interaction, ticket: Ticket, now: datetime, errors: Errors) -> c.JournalPanel:
    said = _said(ticket, now)
    marks = tuple(replace(mark, note=said.get(mark.step, mark.note)) for mark in build.marks(row, shown=9))
    missing = tuple(str(c.STEP_TITLES[n]).lower() for n in missing_steps(row.steps))
    return c.JournalPanel(**_common(row, 9, errors), lines=marks[:8], missing=missing)  # type: ignore[arg-type]


SAID_AT = {
    facts.PlanMade: 4,
    facts.ServiceTold: 5,
    facts.ServicesDecided: 5,
    facts.TermsTold: 6,
    facts.AccessAgreed: 7,
    facts.HandedOver: 8,
}


def _said(ticket: Ticket, now: datetime) -> dict[int, str]:
    """Step → what was decided at it, as the journal has it: to be looked over before the intake ends."""
    records = journal.history(f"ticket/{ticket.pk}")
    known, gone = sayings.known(records, ticket.zone, now), taken_back(records)
    found: dict[int, str] = {}
    for record in records:
        fact = record.fact
        step = getattr(fact, "step", 0) or SAID_AT.get(type(fact), 0)
        if not step or record.entry in gone:
            continue
        if isinstance(fact, facts.ServicesDecided) and fact.services:
            continue  # each of them has its own line
        words = fact.reason if isinstance(fact, facts.StepSkipped) else sayings.words(fact, known)
        if words:
            is_more = isinstance(fact, facts.ServiceTold) and step in found
            found[step] = f"{found[step]}; {words}" if is_more else words
    return found


def duty_url() -> str:
    return reverse("console:duty")
