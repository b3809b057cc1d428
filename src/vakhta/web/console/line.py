"""The line (строка): one field that takes what a dispatcher would shout across the room. It says
what Enter will do before it does it, and never acts on a guess that it did not show."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.crews.models import WorkOrder
from vakhta.domain.classifier import suggest
from vakhta.domain.layouts import as_russian, has_latin
from vakhta.domain.line import parse_line
from vakhta.places.models import Person, Phone
from vakhta.places.phones import normal_phone
from vakhta.places.queries import address_text
from vakhta.places.search import Hit, find_addresses
from vakhta.tickets import queries as tickets
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.console import screens as c
from vakhta.web.words import number_words, phone_words

MOST = 8
_NUMBER = re.compile(r"^№?\s*(?:(\d{2})-)?(\d[\d ]{0,9})$")
_PHONE = re.compile(r"^[\d\s()+-]{7,20}$")


def answer(text: str, now: datetime) -> c.LineAnswer:
    """What the line understood, the likeliest first."""
    text = text.strip()[:200]
    if not text:
        return c.LineAnswer(
            query="",
            hint=_("Адрес «лен15-42», телефон, номер заявки, «теч стояк», «бр4 на месте», «>пауза»."),
        )
    said = as_russian(text) if not text.startswith(">") else text
    found = [*_actions(said), *_crew(said), *_tickets(text, now), *_phones(text), *_addresses(said)]
    if not found:
        found = [*_kinds(said), *_people(said)]
    if has_latin(text) and found:
        found = [_forgiving(result, text, said) for result in found]
    hint = "" if found else _("Ничего не нашлось. Попробуйте «улица дом-квартира», телефон или номер заявки.")
    return c.LineAnswer(query=text, results=tuple(found[:MOST]), hint=hint)


def _forgiving(result: c.LineResult, text: str, said: str) -> c.LineResult:
    from dataclasses import replace

    return (
        replace(result, forgiven=_("«%s», раскладка") % said)
        if said != text and not result.forgiven
        else result
    )


def _actions(text: str) -> list[c.LineResult]:
    if not text.startswith(">"):
        return []
    word = text[1:].strip().casefold()
    first = word.split(" ", 1)[0]  # said in Russian always
    if len(first) < 3 or not ("пауза".startswith(first) or "готов".startswith(first[:5])):
        return []
    ready = first.startswith("гот")
    return [
        c.LineResult(
            kind="action",
            title=_("готов") if ready else _("пауза"),
            does=_("Отметить: готов принимать") if ready else _("Отметить: пауза"),
            url=f"{reverse('console:ready')}?set={'yes' if ready else 'no'}",
            method="post",
        )
    ]


def _crew(text: str) -> list[c.LineResult]:
    """«бр4 на месте»: what a crew said by radio, recorded for it."""
    said = parse_line(text)
    if said.crew is None or not said.move:
        return []
    orders = WorkOrder.objects.select_related("ticket", "crew").filter(
        crew__number=said.crew, ended_at__isnull=True
    )
    return [
        c.LineResult(
            kind="action",
            title=f"{order.crew}: {said.note}",
            detail=f"№ {number_words(order.ticket.number)}, {order.ticket.address}",
            does=_("Записать за бригаду: №\u00a0%s") % number_words(order.ticket.number),
            url=reverse("console:report", args=[order.pk, said.move]),
            method="post",
        )
        for order in orders.order_by("-offered_at")[:3]
    ]


def _tickets(text: str, now: datetime) -> list[c.LineResult]:
    match = _NUMBER.match(text)
    if match is None:
        return []
    digits = match[2].replace(" ", "")
    year = match[1] or f"{now:%y}"
    rows = list(Ticket.objects.filter(number=f"{year}-{digits}").select_related("premises")[:3])
    clocks = tickets.clocks_of(*(row.pk for row in rows)) if rows else {}
    found = []
    for row in rows:
        clock = tickets.nearest(clocks[row.pk])
        found.append(
            c.LineResult(
                kind="ticket",
                title=show.nature(row.classifier),
                detail=row.address,
                number=show.number_view(row),
                clock=show.clock_view(clock, now, row.zone) if clock else None,
                does=_("Открыть заявку №\u00a0%s") % number_words(row.number),
                url=reverse("console:ticket", args=[row.number]),
                method="go",
            )
        )
    return found


def _phones(text: str) -> list[c.LineResult]:
    if not _PHONE.match(text):
        return []
    number = normal_phone(text)
    rows = Phone.objects.filter(number=number).select_related("person__premises__building")[:4]
    found = []
    for row in rows:
        person = row.person
        where = address_text(person.premises.building, person.premises) if person.premises else ""
        found.append(_call(_("Принять звонок: %s") % person.name, "person", person.name, where, phone=number))
    if not found and len(number) > 6:
        words = phone_words(number)
        found.append(
            _call(
                _("Принять звонок с номера %s") % words, "person", words, _("номер не знаком"), phone=number
            )
        )
    return found


def _addresses(text: str) -> list[c.LineResult]:
    return [_address(hit, text) for hit in find_addresses(text, limit=5)]


def _address(hit: Hit, text: str) -> c.LineResult:
    place = {"building": hit.building.pk, "premises": hit.premises.pk if hit.premises else ""}
    said = f" · {hit.rest}" if hit.rest else ""
    return _call(
        _("Принять звонок: %s") % hit.title + said,
        "address",
        hit.title,
        hit.building.company.short_name + said,
        forgiven=hit.forgiven,
        text=hit.rest,
        **place,
    )


def _people(text: str) -> list[c.LineResult]:
    """People by the beginning of their family name."""
    word = text.split()[0].capitalize() if text.split() else ""
    if len(word) < 3 or not word.isalpha():
        return []
    rows = Person.objects.filter(name__gte=word, name__lt=word + "\uffff").select_related(
        "premises__building"
    )[:4]
    return [
        _call(
            _("Принять звонок: %s") % row.name,
            "person",
            row.name,
            address_text(row.premises.building, row.premises),
            building=row.premises.building_id,
            premises=row.premises_id,
        )
        for row in rows
        if row.premises
    ]


def _kinds(text: str) -> list[c.LineResult]:
    return [
        _call(
            _("Принять звонок: %s") % show.nature(match.entry.code),
            "classifier",
            f"{_(match.entry.place)} › {_(match.entry.system)} › {_(match.entry.problem)}",
            match.reason,
            text=text,
        )
        for match in suggest(text, limit=4)
    ]


def _call(
    does: str, kind: str, title: str, detail: str, *, forgiven: str = "", **said: object
) -> c.LineResult:
    """A result that opens a typed call with what is known."""
    query = urlencode({name: value for name, value in said.items() if value not in ("", None)})
    return c.LineResult(
        kind=kind,
        title=title,
        does=does,
        detail=detail,
        forgiven=forgiven,
        url=f"{reverse('console:new')}?{query}",
        method="post",
    )
