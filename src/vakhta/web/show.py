"""Rows as the view-models that every surface shares. No queries here: rows come with what they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.contacts.models import Interaction
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain.norms import CalendarDays, Elapsed, Limit, Norm, WorkingDays, limit_text
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import by_language, inside, is_russian, moment_words, phone_words
from vakhta.places.house_facts import HouseFact
from vakhta.places.models import AccessNote, Building, Lift, Person, Premises, Riser
from vakhta.places.queries import place_in
from vakhta.reports.sayings import nature as nature
from vakhta.reports.sayings import nature_of as nature_of
from vakhta.reports.sayings import number_of as number_of
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import screens
from vakhta.web.screens import (
    AddressView,
    ClockView,
    PageView,
    PersonView,
    PhoneView,
    SeverityView,
    StatusView,
    TicketNumber,
)

STATES = dict(Ticket.STATES)
TONES = {
    "registered": "wait",
    "returned": "bad",
    "assigned": "wait",
    "accepted": "busy",
    "on_the_way": "busy",
    "on_site": "busy",
    "contained": "busy",
    "done": "wait",
    "closed": "good",
    "merged": "quiet",
    "voided": "quiet",
}


def clock_view(row: Clock, now: datetime, zone: str = "") -> ClockView:
    """A clock row; its norm's words come from the tables of the law."""
    norm, said = NORMS.get(row.norm), _norm_said(row.norm)
    due = row.due_at or row.started_at
    state = "running"
    if row.is_paused:
        state = "paused"
    elif row.stopped_at is not None:
        state = "breached" if row.stopped_at > due else "met"
    elif due < now:
        state = "breached"
    elif row.at_risk_at and row.at_risk_at <= now:
        state = "at_risk"
    return ClockView(
        title=said.title,
        now=now,
        started_at=row.started_at,
        due_at=due,
        at_risk_at=row.at_risk_at,
        state=state,
        stopped_at=row.stopped_at,
        norm_text=f"{inside(said.title)} — {_own_limit(row, norm, said.limit)}" if norm else "",
        act_item=said.act_item,
        zone=zone,
        recorded_late=row.is_recorded_late,
    )


class _NormSaid(NamedTuple):
    title: str
    limit: str
    act_item: str


@by_language
def _norm_said(code: str) -> _NormSaid:
    """Of a norm that there is none of any more its code."""
    norm = NORMS.get(code)
    return (
        _NormSaid(_(norm.title), norm_limit(norm), norm.short_provenance) if norm else _NormSaid(code, "", "")
    )


def _own_limit(row: Clock, norm: Norm, said: str) -> str:
    """The limit that this clock counts: the norm's, or the stricter one of the company, the contract
    or a correction, which the row itself tells by its length."""
    if not isinstance(norm.limit, Elapsed) or norm.window or row.is_paused or row.due_at is None:
        return said
    counted = row.due_at - row.started_at
    if not timedelta(0) < counted < norm.limit.length:
        return said
    return _("%(own)s, строже закона (%(law)s)") % {"own": limit_words(Elapsed(counted)), "law": said}


def norm_limit(norm: Norm) -> str:
    """«2 часа, с 8 до 23»: the norm's own limit, or a corrected one, in the running language."""
    said = _(norm.limit_text)
    if said != norm.limit_text or norm.limit is None or is_russian():
        return said
    window = norm.window
    return f"{limit_words(norm.limit)}, {window[0]}–{window[1]}" if window else limit_words(norm.limit)


def limit_words(limit: Limit) -> str:
    """«20 минут»; in another language the norms' own limits as they are translated, others by their units."""
    text = limit_text(limit)
    said = _(text)
    if said != text or is_russian():
        return said
    if isinstance(limit, WorkingDays):
        return _("%s раб. дн.") % limit.days
    if isinstance(limit, CalendarDays):
        return _("%s дн") % limit.days
    rest = int(limit.length.total_seconds())
    parts = []
    for length, unit in ((86400, _("%s дн")), (3600, _("%s ч")), (60, _("%s мин")), (1, _("%s с"))):
        count, rest = divmod(rest, length)
        parts += [unit % count] if count else []
    return " ".join(parts)


def plain_clock(title: str, started: datetime, due: datetime, now: datetime) -> ClockView:
    """A clock without a norm of its own, e.g. a contact whose channel has none."""
    return ClockView(title=title, now=now, started_at=started, due_at=due, state="running")


def address_view(building: Building | None, premises: Premises | None, text: str = "") -> AddressView | None:
    """The address, or the free text when the house is not in the stock; None when nothing is known."""
    if building is None:
        return AddressView(text=text) if text else None
    inside = [place_in(building, premises, text)]
    if premises is not None:
        stands = {"entrance": premises.entrance, "floor": premises.floor}
        inside.insert(0, _("п. %(entrance)s, эт. %(floor)s") % stands)
    return AddressView(
        text=str(building),
        flat=_("кв. %s") % premises.number if premises else "",
        inside=", ".join(filter(None, inside)),
        zone=building.zone,
    )


def person_view(person: Person | None, name: str = "") -> PersonView | None:
    if person is not None:
        return PersonView(name=person.name, role=_(person.get_relation_display()))
    return PersonView(name=name) if name else None


def phone_view(phone: str) -> PhoneView | None:
    return PhoneView(phone=phone) if phone else None


def access_title(note: AccessNote) -> str:
    """«Задвижка: ввод ХВС»; «Задвижки отопления» says its kind itself."""
    kind = _(note.get_kind_display())
    stem = kind.partition(" ")[0].casefold()[:7]
    return note.title if note.title.casefold().startswith(stem) else f"{kind}: {note.title}"


@dataclass(frozen=True)
class FactWords:
    """A valve, a riser, a lift as a line of a card: what it is, what is to know, a mark."""

    label: str
    value: str
    detail: str = ""
    tone: str = ""
    url: str = ""


def lift_stands(since: datetime, reason: str, until: datetime | None, zone: str, now: datetime) -> str:
    """«стоит с 10:00: нет скорости; обещают пустить 18:00»"""
    said = _("стоит с %(since)s: %(reason)s") % {"since": moment_words(since, zone, now), "reason": reason}
    return "; ".join(filter(None, (said, lift_promise(until, zone, now))))


def lift_promise(until: datetime | None, zone: str, now: datetime) -> str:
    if until is None:
        return ""
    moment = moment_words(until, zone, now)
    if until > now:
        return _("обещают пустить %s") % moment
    return _("обещали пустить %s, пущен ли — не отмечено") % moment


def lifts_url(building: int) -> str:
    """Where a house's lifts are marked; empty for whoever may not."""
    is_mine = may(current_scope().role, "lift.mark")
    return f"{reverse('outages:lifts')}?house={building}" if is_mine else ""


def house_fact(fact: HouseFact, zone: str, now: datetime) -> FactWords:
    """«Стояк ХВС, подъезд 2 — подвал, под кв. 31»; «Лифт № 12, подъезд 1, стоит с 09:00»."""
    where = _("подъезд %s") % fact.entrance if fact.entrance else ""
    if fact.what == "note":
        return FactWords(access_title(AccessNote(kind=fact.kind, title=fact.title)), fact.where)
    if fact.what == "entrance":
        flats = _("кв. %(first)s–%(last)s") % {"first": fact.first, "last": fact.last} if fact.first else ""
        floors = _("%s эт.") % fact.floors if fact.floors else ""
        code = _("код %s") % fact.where if fact.where else ""
        return FactWords(
            _("Подъезд %s") % fact.entrance, ", ".join(filter(None, (code, flats, floors))) or "—"
        )
    if fact.what == "riser":
        service = _(dict(Riser.SERVICES)[fact.kind])
        label = ", ".join(filter(None, (_("Стояк: %s") % service, where)))
        return FactWords(label, _("перекрыть: %s") % fact.where, fact.title)
    kind = _(dict(Lift.KINDS)[fact.kind])
    label = ", ".join((_("Лифт %s") % kind, where))
    service = " ".join(filter(None, (fact.where, phone_words(fact.phone))))
    value = ", ".join(filter(None, (f"№\u00a0{fact.title}", service)))
    url = lifts_url(fact.building)
    if fact.since is None:
        return FactWords(label, value, url=url)
    stands = lift_stands(fact.since, fact.reason, fact.until, zone, now)
    return FactWords(label, value, stands, "warn", url)


def performer_name(order: WorkOrder) -> str:
    """The crew, or the one person, whose the order is; empty for nobody's."""
    return crew_name(order.crew) if order.crew else order.assignee.name if order.assignee else ""


def crew_name(crew: Crew) -> str:
    """«бр. 2 · Сантехники, юг»: the line knows a crew by its number and by its name. «бригада 4» says it itself."""
    if not crew.number or crew.name.endswith(f" {crew.number}"):
        return crew.name
    return _("бр. %(number)s · %(name)s") % {"number": crew.number, "name": crew.name}


def crew_load(orders: int) -> str:
    """Of any crew, whatever its name: «без нарядов», «нарядов: 2»."""
    return _("нарядов: %s") % orders if orders else _("без нарядов")


@lru_cache(maxsize=4096)
def ticket_url(number: str) -> str:
    """Of the ticket's page. Kept: resolving is the dearest thing of a list's row."""
    return reverse("console:ticket", args=[number])


def number_view(ticket: Ticket) -> TicketNumber:
    """The number, with a link for those who may see the ticket."""
    link = ticket_url(ticket.number) if may(current_scope().role, "ticket.see") else ""
    return TicketNumber(number=ticket.number, url=link, said=ticket.old_number, is_old=ticket.is_old)


def flat_words(ticket: Ticket) -> str:
    """Where in its house a ticket is: «кв. 42», or «дом» for what all have in common."""
    return _("кв. %s") % ticket.premises.number if ticket.premises else _("дом")


def severity_view(ticket: Ticket) -> SeverityView:
    return SeverityView(code=ticket.severity)


def status_view(ticket: Ticket) -> StatusView:
    return StatusView(code=ticket.state, title=_state(ticket.state), tone=TONES[ticket.state])


@by_language
def _state(code: str) -> str:
    return _(STATES[code])


def channel_view(row: Interaction) -> screens.ChannelView:
    return screens.ChannelView(code=row.channel)


def printed(page: PageView) -> str:
    """The foot of a paper."""
    return _("Напечатано %s") % f"{page.local_now:%d.%m.%Y %H:%M}"
