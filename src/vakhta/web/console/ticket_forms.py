"""What may be done with a ticket on its page, and how the page answers a form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.crews import queries as crews
from vakhta.crews.actions import NOT_BEGUN
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES, SKILLS
from vakhta.domain.facts import Recorded
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import ROUTES
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words, short_name
from vakhta.tickets.classifier import OF_SERVICES, entries, suggest
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import show
from vakhta.web.console import ticket_screens as t
from vakhta.web.console import told_forms
from vakhta.web.console.found import finds
from vakhta.web.console.screens import CrewChoice
from vakhta.web.console.ticket_parts import Answer, local_value, url
from vakhta.web.said import whole
from vakhta.web.screens import (
    Choice,
    Errors,
)

MERGE_REASONS = ("одна и та же авария", "повторная заявка")
TAKEN_FOR = ("авария важнее", "другая бригада ближе", "нужна другая бригада")
NOBODY = "0"
"""The choice of no crew at all."""
VOID_REASONS = ("повтор", "зарегистрирована по ошибке", "проверочная заявка")
KINDS_OFFERED = 8
"""Classifier entries in the form of correction."""


def candidates_for(row: Ticket, records: Sequence[Recorded]) -> list[crews.Candidate]:
    entry = entries().get(row.classifier)
    return crews.candidates(entry.skill if entry else "", records)


def forms(
    row: Ticket,
    clocks: Sequence[Clock],
    candidates: Sequence[crews.Candidate],
    records: Sequence[Recorded],
    answer: Answer,
    now: datetime,
    worker: str,
    order: WorkOrder | None,
) -> tuple[t.TicketForm, ...]:
    """The forms that the role may send and the state allows, in the order of use. `order`: the open one, with crew and
    assignee."""
    role = current_scope().role
    is_told = any(isinstance(r.fact, facts.NumberTold) for r in records)
    is_gone = row.state in ("merged", "voided")
    made: list[t.TicketForm | None] = []
    if may(role, "ticket.register") and not is_told and not is_gone and not row.is_old:
        made.append(told_forms.told(row, now, answer))
    if not row.is_open:
        return tuple(form for form in made if form is not None)
    if may(role, "work.assign") and (candidates or order):
        made.append(_assign(row, candidates, order, answer))
    if may(role, "ticket.register"):
        made += [told_forms.terms(row, clocks, now, answer), told_forms.access(row, worker, now, answer)]
    if may(role, "ticket.correct"):
        if row.classifier in OF_SERVICES:
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


def _assign(
    row: Ticket,
    offered: Sequence[crews.Candidate],
    order: WorkOrder | None,
    answer: Answer,
) -> t.TicketForm:
    """From whoever has the ticket it may be taken for another crew, or for nobody yet."""
    entry = entries().get(row.classifier)
    skill = entry.skill if entry else ""
    chosen = answer.value("assign", "crew", "")
    candidates = [c for c in offered if order is None or c.crew.pk != order.crew_id]

    def why(found: crews.Candidate) -> str:
        if found.refusal:
            return _("отказ: %s") % found.refusal
        return "" if found.has_skill else _("нет умения «%s»") % _(SKILLS.get(skill, skill))

    choices = [
        CrewChoice(
            value=str(found.crew.pk),
            title=": ".join(filter(None, (show.crew_name(found.crew), short_name(found.lead)))),
            skill=", ".join(_(SKILLS.get(code, code)) for code in found.crew.skills),
            load=show.crew_load(found.orders),
            why=why(found),
            chosen=str(found.crew.pk) == chosen if chosen else n == 0,
            free=not found.orders,
        )
        for n, found in enumerate(candidates)
    ]
    if order is not None:
        nobody = _("Никому: заявка будет ждать")
        choices.append(CrewChoice(value=NOBODY, title=nobody, chosen=chosen == NOBODY or not choices))
    is_begun = order is not None and order.state not in NOT_BEGUN
    title = _("Передать другим") if order else _("Назначить")
    return t.TicketForm(
        code="assign",
        title=title,
        key="Alt+N",
        post_url=url("assign", row),
        lead=_now_with(order, is_begun) if order else "",
        crews=tuple(choices),
        reason_title=_("Почему забираете") if is_begun else "",
        reasons=TAKEN_FOR if is_begun else (),
        version=str(order.pk if order else 0),
        submit=title,
        errors=_whole(answer.errors_of("assign"), "crew", "assignee"),
    )


def _now_with(order: WorkOrder, is_begun: bool) -> str:
    said = {"who": show.performer_name(order), "state": _(order.get_state_display())}
    if is_begun:
        return _("Сейчас: %(who)s, %(state)s. Исполнитель увидит, что наряд забрали и почему.") % said
    return _("Сейчас: %(who)s, %(state)s. Этот наряд будет отозван.") % said


def natures(row: Ticket, words: str, chosen: str) -> tuple[Choice, ...]:
    """What the ticket may be: what is chosen, what it is, what the words may mean, what is like it."""
    entry = entries().get(row.classifier)
    kinds = (e for e in entries().values() if not e.is_off)
    alike = [e for e in kinds if entry and e.system == entry.system and e.place == entry.place]
    first = [entries()[code] for code in (chosen, row.classifier) if code in entries()]
    offered = dict.fromkeys((*first, *(match.entry for match in suggest(words)), *alike))
    return tuple(
        Choice(
            value=kind.code,
            title=f"{_(kind.place)} · {_(kind.system)} · {_(kind.problem)}",
            chosen=kind.code == (chosen or row.classifier),
        )
        for kind in list(offered)[:KINDS_OFFERED]
    )


def _correct(row: Ticket, records: Sequence[Recorded], answer: Answer) -> t.TicketForm:
    typed = answer.value("correct", "description", row.description)
    seen = max((record.entry for record in records), default=0)
    return t.TicketForm(
        code="correct",
        title=_("Исправить"),
        key="Alt+I",
        post_url=url("correct", row),
        text_name="description",
        text_title=_("Что случилось"),
        text=typed,
        choices=natures(row, typed, answer.value("correct", "choice", row.classifier)),
        choices_url=url("natures", row),
        choice_title=_("Неисправность"),
        reason_title=_("Почему"),
        moment_title=_("Когда повредилось: от этого времени идёт срок устранения"),
        moment=answer.value("correct", "damage_at", local_value(row.damage_at, row.zone)),
        moment_was=local_value(row.damage_at, row.zone),
        choice_was=row.classifier,
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
                ("email", _("Почта для писем"), row.email, "email"),
            )
        ),
        address_url=reverse("console:addresses"),
        premises=answer.value("correct", "premises", ""),
        is_outside=answer.value("correct", "outside", "") == "yes",
        text_was=row.description,
        submit=_("Исправить"),
        errors=_whole(answer.errors_of("correct"), "classifier", "version"),
        conflict=answer.conflict,
    )


def _service_word(row: Ticket, records: Sequence[Recorded], now: datetime, answer: Answer) -> t.TicketForm:
    """For a ticket that no own crew may end: the services of its route, then those that were told."""
    told = [r.fact.service for r in records if isinstance(r.fact, facts.ServiceTold)]
    offered = [code for code in dict.fromkeys((*ROUTES[entries()[row.classifier].route].services, *told))]
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


def _merge(row: Ticket, answer: Answer) -> t.TicketForm:
    return t.TicketForm(
        code="merge",
        title=_("Объединить"),
        key="Alt+M",
        post_url=url("merge", row),
        lead=_("Эта заявка войдёт в другую: её номер сохранится, её сроки прекратятся."),
        find_title=_("С какой заявкой: номер, телефон или имя заявителя"),
        found=finds(answer.value("merge", "into", ""), whole(answer.value("merge", "seen", ""))),
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
        lead=_(
            "Закон допускает одну: проверка качества ждёт согласованного времени. Договор допускает эти причины."
        ),
        choices=tuple(choices),
        choice_title=_("Какой срок и почему"),
        fields=(
            t.FormField(
                name="until",
                title=_("До какого времени: тогда срок пойдёт сам"),
                value=answer.value("pause", "until", ""),
                kind="datetime-local",
            ),
        ),
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
