"""One ticket on paper: what, where, who, its terms, and its whole history from the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from vakhta.contacts.models import Interaction
from vakhta.domain.facts import Recorded, TicketImported
from vakhta.domain.histories import taken_back
from vakhta.kernel import clock as clocks
from vakhta.kernel import journal
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.words import number_words, phone_words, zone_words
from vakhta.places.queries import proper_address
from vakhta.tickets.models import Clock, Ticket

from .pdf import compile_pdf, qr
from .sayings import (
    Known,
    carried_from,
    is_late,
    known,
    law,
    nature_of,
    norm_title,
    number_of,
    title,
    who,
    words,
)

SEVERITIES = {"emergency": "АВАРИЯ", "urgent": "Срочно", "ordinary": "Обычная", "information": "Справка"}


MOST_AT_ONCE = 200
"""Tickets of one PDF: three queries and some milliseconds of typesetting each."""


def ticket_pdf(ticket: int, *, at: datetime | None = None) -> bytes:
    """The ticket of the running scope as a PDF, A4. `at`: the moment of printing, default now.
    Raises `NotFound` for a ticket that the scope does not see."""
    return tickets_pdf([ticket], at=at)


def tickets_pdf(tickets: Sequence[int], *, at: datetime | None = None) -> bytes:
    """The same of several, each from a new page with pages of its own."""
    rows = Ticket.objects.select_related("company", "merged_into", "building", "premises").in_bulk(tickets)
    if len(rows) < len(set(tickets)):
        raise NotFound("Такой заявки нет.")
    at = at or clocks.now()
    with translation.override("ru"):
        forms = [_whole(rows[pk], at) for pk in tickets]
        title = forms[0]["title"] if len(forms) == 1 else "Заявки"
        return compile_pdf("ticket", {"title": title, "tickets": forms})


def _whole(row: Ticket, at: datetime) -> dict[str, Any]:
    contacts = Interaction.objects.filter(ticket=row).values_list("pk", flat=True)
    records = journal.history(f"ticket/{row.pk}", *(f"interaction/{pk}" for pk in contacts))
    return _form(row, records, at, ZoneInfo(row.zone))


def _form(row: Ticket, records: list[Recorded], at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    called, gone = known(records, row.zone, brief=True), taken_back(records)
    clocks_of = Clock.objects.filter(subject=f"ticket/{row.pk}").order_by("due_at")
    return {
        "title": f"Заявка № {number_of(row)}",
        "lines": [row.company.name, *_came(row, records, at, zone)],
        "void": row.state == "voided",
        "qr": qr(f"vakhta ticket {row.number} {records[-1].entry if records else 0}"),
        "fields": _fields(row, zone),
        "clocks": [_clock(clock, called) for clock in clocks_of],
        "history": [_entry(record, called, record.entry in gone) for record in records],
        "foot": f"Заявка № {number_of(row)}. Напечатано {_moment(at, zone)} по журналу, "
        f"последняя запись {records[-1].entry if records else 0}.",
    }


def _came(row: Ticket, records: list[Recorded], at: datetime, zone: ZoneInfo) -> list[str]:
    """When it was registered; of an old ticket when its journal says that it came in, and which journal that is."""
    moment = f"{_moment(row.registered_at, zone)}, {zone_words(row.zone, at)}"
    carried = next((r.fact for r in records if isinstance(r.fact, TicketImported)), None)
    if carried is None:
        return [f"Зарегистрирована {moment}"]
    day = f"{row.registered_at.astimezone(zone):%d.%m.%Y}, время в журнале не указано"
    return [
        f"Поступила {moment if carried.has_time else day}",
        f"Перенесена: {carried_from(carried)}",
    ]


def _fields(row: Ticket, zone: ZoneInfo) -> list[tuple[str, str]]:
    state = row.get_state_display()
    if row.merged_into:
        state += f" с № {number_words(row.merged_into.number)}"
    return [
        ("Состояние", state),
        ("Срочность", SEVERITIES.get(row.severity, row.severity)),
        ("Вид", nature_of(row)),
        ("Что случилось", row.description or "—"),
        ("Адрес", proper_address(row.building, row.premises, row.address) or "не назван"),
        ("Заявитель", ", ".join(filter(None, (row.applicant, phone_words(row.phone)))) or "не назван"),
        (
            "Повреждение",
            _moment(row.damage_at, zone) if row.damage_at else "время неизвестно, считается от регистрации",
        ),
        ("Оценка", f"{row.rating} из 5" if row.rating else "нет"),
    ]


def _clock(clock: Clock, known: Known) -> dict[str, Any]:
    state = "идёт"
    if clock.is_ended:
        state = "снят"
    elif clock.is_paused:
        state = "приостановлен"
    elif clock.stopped_at is not None:
        met = clock.due_at is None or clock.stopped_at <= clock.due_at
        state = f"{'соблюдён' if met else 'нарушен'}, {known.at(clock.stopped_at)}"
        state += ", внесено позже" if clock.is_recorded_late else ""
    elif clock.breached_at is not None:
        state = "нарушен"
    return {
        "title": norm_title(clock.norm),
        "due": known.at(clock.due_at) or "—",
        "state": state,
        "law": law(clock.norm),
    }


def _entry(record: Recorded, known: Known, is_gone: bool) -> dict[str, Any]:
    late = f"внесено {known.at(record.recorded_at)}" if is_late(record) else ""
    late += f": {record.late_reason}" if record.late_reason else ""
    return {
        "entry": str(record.entry),
        "at": known.at(record.happened_at),
        "title": title(record.fact) + (" — отменено" if is_gone else ""),
        "who": who(record.actor, known),
        "words": "\n".join(part for part in (words(record.fact, known), late) if part),
    }


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}"
