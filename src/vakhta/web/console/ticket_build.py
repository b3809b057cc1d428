"""The ticket page from its row, its journal and its clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.contacts.models import Interaction
from vakhta.crews import queries as crews
from vakhta.crews.actions import last_hand_over
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES, SERVICES, SKILLS, suggest
from vakhta.domain.facts import Recorded
from vakhta.domain.histories import taken_back
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import ROUTES
from vakhta.kernel import journal
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import moment_words, number_words, phone_words, short_name, time_words, typed
from vakhta.reports import sayings
from vakhta.tickets import queries as tickets
from vakhta.tickets.changes import UNDO_FOR, last_correction
from vakhta.tickets.models import Clock, Ticket, TicketFile
from vakhta.web import show, timeline
from vakhta.web.console import ticket_screens as t
from vakhta.web.console.build import UNDO_FOR as UNDO_SHOWN
from vakhta.web.console.build import outages_of
from vakhta.web.console.screens import CrewChoice, Line
from vakhta.web.field.build import file_view
from vakhta.web.screens import (
    AddressView,
    ChannelView,
    Choice,
    Conflict,
    Errors,
    FileView,
    PageView,
    StatusView,
    TicketNumber,
    Toast,
)

MERGE_REASONS = ("одна и та же авария", "повторная заявка")
VOID_REASONS = ("повтор", "зарегистрирована по ошибке", "проверочная заявка")
KINDS_OFFERED = 8
"""Classifier entries in the form of correction."""


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
        if (
            not self.errors
            or self.conflict
            or self.form in ("comment", "file", *(form.code for form in drawn))
        ):
            return self.last
        words = [self.said.get(name, "").strip() for name in ("description", "reason")]
        kept = _(" Вы писали: «%s».") % " · ".join(filter(None, words)) if any(words) else ""
        return Toast(text=" ".join(self.errors.values()) + kept, tone="bad")

    def value(self, form: str, name: str, otherwise: str) -> str:
        return self.said.get(name, otherwise) if form == self.form else otherwise


def url(name: str, row: Ticket, *more: object) -> str:
    return reverse(f"console:{name}", args=[row.number, *more])


def ticket_page(
    page: PageView, row: Ticket, merged: Sequence[Ticket], answer: Answer, print_url: str
) -> t.TicketPage:
    """Everything that the page shows. At most ten queries beside the ticket's own."""
    now, zone, role = page.now, page.zone, current_scope().role
    contacts = list(Interaction.objects.filter(ticket=row).order_by("received_at")[:30])
    records = journal.history(f"ticket/{row.pk}", *(f"interaction/{c.pk}" for c in contacts))
    clocks = [clock for clock in tickets.clocks_of(row.pk)[row.pk] if not clock.is_ended]
    orders = list(WorkOrder.objects.select_related("crew", "assignee").filter(ticket=row).order_by("-id"))
    begun = any(
        order.state in WorkOrder.OPEN and order.state not in ("offered", "no_access") for order in orders
    )
    candidates = _candidates(row) if row.is_open and not begun and may(role, "work.assign") else []
    known = sayings.known(
        records,
        zone,
        now,
        tickets={row.merged_into.pk: row.merged_into.number} if row.merged_into else {},
        crews={found.crew.pk: found.crew.name for found in candidates},
    )
    by = {r.fact.file: sayings.who(r.actor, known) for r in records if isinstance(r.fact, facts.FileAttached)}
    files = {
        f.pk: file_view(f, by.get(f.pk, "")) for f in TicketFile.objects.filter(ticket=row).order_by("-id")
    }
    undoable = _undoable(row, records, orders, now)
    undo_urls = (
        {undoable.entry: url(UNDONE_BY[undoable.fact.kind][0], row, undoable.entry)} if undoable else {}
    )
    drawn = forms(row, clocks, candidates, records, answer, now)
    return t.TicketPage(
        page=page,
        number=TicketNumber(number=row.number),
        title=show.nature(row.classifier),
        severity=show.severity_view(row),
        status=_status(row),
        address=show.address_view(row.building, row.premises, row.address)
        or AddressView(text=_("адрес не указан")),
        channel=ChannelView(code=row.channel),
        registered_at=row.registered_at,
        description=row.description or _("Слов заявителя нет."),
        live=f"ticket/{row.pk}",
        url=url("ticket", row),
        applicant=show.person_view(row.person, row.applicant),
        phone=show.phone_view(row.phone),
        company=row.company.name,
        clocks=tuple(show.clock_view(clock, now, row.zone) for clock in clocks),
        notices=outages_of(row.building, now) if row.building and row.is_open else (),
        facts=_facts(row, merged, records, known),
        works=tuple(_work(order) for order in orders),
        contacts=tuple(_contact(contact, zone, page) for contact in contacts),
        files=tuple(files.values()),
        timeline=tuple(rows_of(records, known, files, undo_urls)),
        forms=drawn,
        comment_url=url("comment", row) if may(role, "ticket.comment") else "",
        comment_errors=answer.errors_of("comment"),
        comment_values={"text": answer.value("comment", "text", "")},
        file_url=url("attach", row)
        if may(role, "files.attach") and row.state not in ("merged", "voided")
        else "",
        file_errors=answer.errors_of("file"),
        print_url=print_url,
        presence_url=url("presence_of", row) if may(role, "console.see") else "",
        last=_with_undo(answer.said_aloud(drawn), answer.form, undoable, undo_urls),
        conflict=answer.conflict,
    )


def _status(row: Ticket) -> StatusView:
    made = show.status_view(row)
    if row.state == "merged" and row.merged_into is not None:
        return StatusView(
            code=made.code, title=f"{made.title} с № {number_words(row.merged_into.number)}", tone="quiet"
        )
    return made


# ── What is known ────────────────────────────────────────────────────────────────────────────


def _facts(
    row: Ticket, merged: Sequence[Ticket], records: Sequence[Recorded], known: sayings.Known
) -> tuple[Line, ...]:
    last: dict[type[Any], Any] = {type(record.fact): record.fact for record in records}
    told = [
        f"{_(SERVICES.get(r.fact.service, r.fact.service))}, {time_words(r.happened_at, known.zone)}"
        for r in records
        if isinstance(r.fact, facts.ServiceTold)
    ]
    entry = ENTRIES.get(row.classifier)
    plan, access, terms = last.get(facts.PlanMade), last.get(facts.AccessAgreed), last.get(facts.TermsTold)
    lines = [
        Line(label=_("Маршрут"), value=ROUTES[entry.route].title)
        if entry and entry.route in ROUTES
        else None,
        Line(label=_("План"), value=plan.note) if plan and plan.note else None,
        Line(label=_("Сроки сообщены"), value=sayings.words(terms, known) or _("да")) if terms else None,
        Line(label=_("Допуск"), value=sayings.words(access, known)) if access else None,
        Line(label=_("Службы"), value="; ".join(told)) if told else None,
        Line(label=_("Повреждение"), value=known.at(row.damage_at)) if row.damage_at else None,
        Line(label=_("Оценка"), value=_("%s из 5") % row.rating, tone="bad" if row.rating < 3 else "")
        if row.rating
        else None,
        Line(label=_("Вошли заявки"), value=", ".join(f"№ {number_words(m.number)}" for m in merged))
        if merged
        else None,
    ]
    return tuple(line for line in lines if line is not None)


def _work(order: WorkOrder) -> t.Work:
    title = order.crew.name if order.crew else short_name(order.assignee.name) if order.assignee else ""
    tones = {"done": "good", "refused": "bad", "withdrawn": "quiet", "offered": "wait", "no_access": "bad"}
    return t.Work(
        title=title or _("бригада"),
        status=StatusView(
            code=order.state, title=_(order.get_state_display()), tone=tones.get(order.state, "busy")
        ),
        at=order.offered_at,
        note=_("спрашивает: %s") % order.question if order.question and order.state in WorkOrder.OPEN else "",
    )


def _contact(row: Interaction, zone: str, page: PageView) -> Line:
    when = moment_words(row.received_at, zone, page.now)
    said = phone_words(row.phone) if row.phone else row.email or row.caller or _("неизвестный")
    return Line(
        label=f"{show.channel_view(row).title}, {when}", value=said, detail=_(row.get_outcome_display())
    )


def _undoable(
    row: Ticket, records: Sequence[Recorded], orders: Sequence[WorkOrder], now: datetime
) -> Recorded | None:
    """The last entry that ended the ticket, handed it over or corrected it, while this role can take it
    back."""
    found: list[Recorded] = []
    if row.state in ("voided", "merged"):
        found += [r for r in records if r.fact.kind in ("TicketVoided", "TicketMerged")][-1:]
    elif row.is_open:
        offered = {order.pk for order in orders if order.state == "offered"}
        handed, corrected = last_hand_over(records), last_correction(records)
        found += [handed[0]] if handed and handed[1].work_order in offered else []
        found += [corrected[0]] if corrected else []
    last = max(found, key=lambda record: record.entry, default=None)
    if last is None or now - last.recorded_at > UNDO_FOR:
        return None
    return last if may(current_scope().role, UNDONE_BY[last.fact.kind][1]) else None


UNDONE_BY = {
    "TicketVoided": ("undo_end", "ticket.void"),
    "TicketMerged": ("undo_end", "ticket.correct"),
    "HandedOver": ("undo_assign", "work.assign"),
    "TicketCorrected": ("undo_correction", "ticket.correct"),
}
"""Kind of fact → (address that takes it back, verb that may)."""
UNDOABLE = ("void", "merge", "assign", "correct")
"""Forms whose «done» comes with its undo."""


def _with_undo(
    said: Toast | None, form: str, undoable: Recorded | None, urls: Mapping[int, str]
) -> Toast | None:
    if said is None or undoable is None or form not in UNDOABLE:
        return said
    return replace(said, undo_url=urls[undoable.entry], undo_until=undoable.recorded_at + UNDO_SHOWN)


def rows_of(
    records: Sequence[Recorded],
    known: sayings.Known,
    files: Mapping[int, FileView],
    undo_urls: Mapping[int, str],
) -> list[t.TimelineRow]:
    """The journal's entries by the moment of what they tell, the newest first: what was entered after
    the fact stands where it belongs, with both its times."""
    gone = taken_back(records)
    rows = []
    for record in sorted(records, key=lambda record: (record.happened_at, record.entry), reverse=True):
        fact, late = record.fact, sayings.is_late(record)
        shown = files.get(int(fact.file)) if isinstance(fact, facts.FileAttached) else None
        rows.append(
            t.TimelineRow(
                entry=record.entry,
                title=sayings.title(fact),
                at=record.happened_at,
                who=sayings.who(record.actor, known),
                words="" if shown else sayings.words(fact, known),
                kind=fact.kind,
                tone=timeline.tone(fact.kind),
                recorded_at=record.recorded_at if late else None,
                late_reason=record.late_reason,
                undone=record.entry in gone,
                undo_url=undo_urls.get(record.entry, ""),
                files=(shown,) if shown else (),
            )
        )
    return rows


# ── What may be done ─────────────────────────────────────────────────────────────────────────


def _candidates(row: Ticket) -> list[crews.Candidate]:
    entry = ENTRIES.get(row.classifier)
    return crews.candidates(entry.skill if entry else "")


def forms(
    row: Ticket,
    clocks: Sequence[Clock],
    candidates: Sequence[crews.Candidate],
    records: Sequence[Recorded],
    answer: Answer,
    now: datetime,
) -> tuple[t.TicketForm, ...]:
    """The forms that the role may send and the state allows, in the order of use."""
    if not row.is_open:
        return ()
    role = current_scope().role
    made: list[t.TicketForm | None] = []
    if may(role, "work.assign") and candidates:
        made.append(_assign(row, candidates, answer))
    if may(role, "ticket.correct"):
        entry = ENTRIES.get(row.classifier)
        if entry and not ROUTES[entry.route].own_crew:
            made.append(_service_word(row, records, now, answer))
        made += [
            _correct(row, records, answer),
            _merge(row, answer),
            _pause(row, clocks, answer),
            _resume(row, clocks, answer),
        ]
    if may(role, "ticket.void"):
        made.append(
            t.TicketForm(
                code="void",
                title=_("Аннулировать"),
                key="Alt+L",
                post_url=url("void", row),
                lead=_(
                    "Номер останется в журнале, сроки прекратятся. Отменить можно десять минут, в ленте заявки."
                ),
                reason_title=_("Почему"),
                reasons=VOID_REASONS,
                grave=True,
                errors=answer.errors_of("void"),
            )
        )
    return tuple(form for form in made if form is not None)


def _assign(row: Ticket, candidates: Sequence[crews.Candidate], answer: Answer) -> t.TicketForm:
    entry = ENTRIES.get(row.classifier)
    skill = entry.skill if entry else ""
    chosen = answer.value("assign", "crew", "")
    choices = tuple(
        CrewChoice(
            value=str(found.crew.pk),
            title=f"{found.crew.name}, {short_name(found.lead)}" if found.lead else found.crew.name,
            skill=", ".join(_(SKILLS.get(code, code)) for code in found.crew.skills),
            load=_("свободна") if not found.orders else _("нарядов: %s") % found.orders,
            why="" if found.has_skill else _("нет умения «%s»") % _(SKILLS.get(skill, skill)),
            chosen=str(found.crew.pk) == chosen if chosen else n == 0,
            free=not found.orders,
        )
        for n, found in enumerate(candidates)
    )
    return t.TicketForm(
        code="assign",
        title=_("Назначить"),
        key="Alt+N",
        post_url=url("assign", row),
        lead=_("Прежний наряд, который ещё не начат, будет отозван.") if row.state == "assigned" else "",
        crews=choices,
        submit=_("Назначить"),
        errors=_whole(answer.errors_of("assign"), "crew", "assignee"),
    )


def _correct(row: Ticket, records: Sequence[Recorded], answer: Answer) -> t.TicketForm:
    typed = answer.value("correct", "description", row.description)
    chosen = answer.value("correct", "choice", row.classifier)
    entry = ENTRIES.get(row.classifier)
    alike = [e for e in ENTRIES.values() if entry and e.system == entry.system and e.place == entry.place]
    offered: dict[str, str] = {}
    for kind in (*([entry] if entry else []), *(match.entry for match in suggest(typed)), *alike):
        offered.setdefault(kind.code, f"{_(kind.place)} · {_(kind.system)} · {_(kind.problem)}")
    if chosen in ENTRIES and chosen not in offered:
        offered[chosen] = show.nature(chosen)
    seen = max((record.entry for record in records), default=0)
    return t.TicketForm(
        code="correct",
        title=_("Исправить"),
        key="Alt+I",
        post_url=url("correct", row),
        text_name="description",
        text_title=_("Что случилось"),
        text=typed,
        choices=tuple(
            Choice(value=code, title=title, chosen=code == chosen)
            for code, title in list(offered.items())[:KINDS_OFFERED]
        ),
        choice_title=_("Неисправность"),
        reason_title=_("Почему"),
        moment_title=_("Когда повредилось: от этого времени идёт срок устранения"),
        moment=answer.value("correct", "damage_at", local_value(row.damage_at, row.zone)),
        version=f"{row.version}/{seen}",
        fields=tuple(
            t.FormField(
                name=name,
                title=title,
                value=answer.value("correct", name, now),
                was=now,
                kind=kind,
            )
            for name, title, now, kind in (
                ("address", _("Адрес"), row.address, "address"),
                (
                    "applicant",
                    _("Заявитель"),
                    row.applicant or (row.person.name if row.person else ""),
                    "text",
                ),
                ("phone", _("Телефон"), phone_words(row.phone), "tel"),
            )
        ),
        address_url=reverse("console:addresses"),
        premises=answer.value("correct", "premises", ""),
        is_outside=answer.value("correct", "outside", "") == "yes",
        text_was=row.description,
        submit=_("Исправить"),
        errors=_whole(answer.errors_of("correct"), "classifier", "version"),
    )


def _service_word(row: Ticket, records: Sequence[Recorded], now: datetime, answer: Answer) -> t.TicketForm:
    """For a ticket that no own crew may end: the services of its route, then those that were told."""
    told = [r.fact.service for r in records if isinstance(r.fact, facts.ServiceTold)]
    offered = [code for code in dict.fromkeys((*ROUTES[ENTRIES[row.classifier].route].services, *told))]
    chosen = answer.value("service_word", "choice", offered[0] if offered else "")
    values = {"who": "", "at": local_value(now, row.zone), "note": ""}
    lines = (
        ("who", _("Кто сказал: фамилия, должность"), "text"),
        ("at", _("Когда закончили"), "datetime-local"),
        ("note", _("Что сказали"), "textarea"),
    )
    return t.TicketForm(
        code="service_word",
        title=_("Принять слова службы"),
        key="Alt+U",
        post_url=url("service_word", row),
        lead=_("Своя бригада эту работу не делает. Сроки остановятся временем, когда служба закончила."),
        choices=tuple(
            Choice(value=code, title=_(SERVICES.get(code, code)), chosen=code == chosen) for code in offered
        ),
        choice_title=_("Служба"),
        fields=tuple(
            t.FormField(
                name=name,
                title=title,
                value=answer.value("service_word", name, values[name]),
                kind=kind,
                required=True,
            )
            for name, title, kind in lines
        ),
        submit=_("Выполнено службой"),
        errors=_whole(answer.errors_of("service_word"), "service"),
    )


def local_value(moment: datetime | None, zone: str) -> str:
    """A moment as the field of a form has it, in the building's zone; "" when it is not known."""
    return typed(moment.astimezone(ZoneInfo(zone))) if moment else ""


def _merge(row: Ticket, answer: Answer) -> t.TicketForm:
    return t.TicketForm(
        code="merge",
        title=_("Объединить"),
        key="Alt+M",
        post_url=url("merge", row),
        lead=_("Эта заявка войдёт в другую: её номер сохранится, её сроки прекратятся."),
        text_name="into",
        text_title=_("С какой заявкой: номер"),
        text=answer.value("merge", "into", ""),
        reason_title=_("Почему"),
        reasons=MERGE_REASONS,
        submit=_("Объединить"),
        errors=answer.errors_of("merge"),
    )


def _pause(row: Ticket, clocks: Sequence[Clock], answer: Answer) -> t.TicketForm | None:
    """Only for clocks whose norm allows it; one choice is a clock and a reason of its list."""
    choices = []
    for clock in clocks:
        norm = NORMS.get(clock.norm)
        if norm is None or clock.is_paused or clock.stopped_at is not None:
            continue
        for why in norm.pausable:
            choices.append(
                Choice(value=f"{norm.code}/{why}", title=_(norm.title), detail=_(PAUSE_REASONS[why]))
            )
    if not choices:
        return None
    return t.TicketForm(
        code="pause",
        title=_("Приостановить срок"),
        key="Alt+P",
        post_url=url("pause", row),
        lead=_("Закон пауз не знает; договор допускает их по этим причинам."),
        choices=tuple(choices),
        choice_title=_("Какой срок и почему"),
        reason_title=_("Пояснение"),
        submit=_("Приостановить"),
        errors=answer.errors_of("pause"),
    )


def _resume(row: Ticket, clocks: Sequence[Clock], answer: Answer) -> t.TicketForm | None:
    paused = [clock for clock in clocks if clock.is_paused]
    if not paused:
        return None
    return t.TicketForm(
        code="resume",
        title=_("Возобновить срок"),
        key="Alt+O",
        post_url=url("resume", row),
        choices=tuple(
            Choice(
                value=clock.norm,
                title=_(NORMS[clock.norm].title) if clock.norm in NORMS else clock.norm,
                chosen=n == 0,
            )
            for n, clock in enumerate(paused)
        ),
        choice_title=_("Какой срок"),
        submit=_("Возобновить"),
        errors=answer.errors_of("resume"),
    )


def _whole(errors: Errors, *names: str) -> Errors:
    """Errors of fields that the form does not draw are said about the whole form."""
    return {("" if name in names else name): words for name, words in errors.items()}
