"""The forms of what the applicant is told after the intake: number, term, access."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from vakhta.kernel.words import typed
from vakhta.tickets.classifier import entries
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.queries import work_term
from vakhta.web.console import ticket_screens as t
from vakhta.web.console.ticket_parts import Answer, local_value, to_five, url


def told(row: Ticket, now: datetime, answer: Answer) -> t.TicketForm:
    """For a ticket whose number nobody has announced yet: one of a night on paper got it in the morning."""
    at = answer.value("told", "at", local_value(now, row.zone))
    return t.TicketForm(
        code="told",
        title=_("Номер назван"),
        key="Alt+K",
        post_url=url("told", row),
        lead=_("Заявка без названного номера: сообщите его заявителю и отметьте, когда."),
        fields=(
            t.FormField(name="at", title=_("Когда назван"), value=at, kind="datetime-local", required=True),
        ),
        submit=_("Номер назван"),
        errors=answer.errors_of("told"),
    )


def terms(row: Ticket, clocks: Sequence[Clock], now: datetime, answer: Answer) -> t.TicketForm:
    """Proposed is the term of the law or contract while it is ahead."""
    work = work_term([clock for clock in clocks if clock.due_at and not clock.norm.endswith(".terms")])
    ahead = work.due_at if work and work.due_at and work.due_at > now else None
    return t.TicketForm(
        code="terms",
        title=_("Назвать срок"),
        key="Alt+S",
        post_url=url("terms", row),
        lead=_("Скажите заявителю, до какого времени сделаем. Назовёте позже нормы — напишите, почему."),
        fields=(
            t.FormField(
                name="until",
                title=_("До какого времени"),
                value=answer.value("terms", "until", local_value(ahead, row.zone)),
                kind="datetime-local",
                required=True,
            ),
            t.FormField(
                name="late_reason",
                title=_("Почему позже нормы"),
                value=answer.value("terms", "late_reason", ""),
            ),
        ),
        submit=_("Срок назван"),
        errors=answer.errors_of("terms"),
    )


def access(row: Ticket, worker: str, now: datetime, answer: Answer) -> t.TicketForm:
    """`worker`: whoever has the order, who is proposed."""
    start = to_five(now + timedelta(minutes=30), row.zone)
    entry = entries().get(row.classifier)
    lines = (
        ("day", _("День"), typed(start.date()), "date"),
        ("since", _("с"), start.strftime("%H:%M"), "time"),
        ("until", _("до"), (start + timedelta(hours=1)).strftime("%H:%M"), "time"),
        ("reason", _("Причина"), entry.title if entry else "", "text"),
        ("worker", _("Кто придёт"), worker, "text"),
    )
    return t.TicketForm(
        code="access",
        title=_("Согласовать допуск"),
        key="Alt+Y",
        post_url=url("access", row),
        lead=_("Когда заявитель впустит, зачем и кто придёт: имя он сверит с удостоверением."),
        fields=tuple(
            t.FormField(
                name=name, title=title, value=answer.value("access", name, value), kind=kind, required=True
            )
            for name, title, value, kind in lines
        ),
        submit=_("Согласовано"),
        errors={name.removeprefix("access_"): words for name, words in answer.errors_of("access").items()},
    )
