"""The console's view-models from rows: the queue, the threatened, the card, the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.contacts import queries as contacts
from vakhta.contacts.models import Interaction
from vakhta.contacts.steps import current_step
from vakhta.crews import queries as crews
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.permissions import may
from vakhta.incidents import queries as incidents
from vakhta.incidents.models import Outage
from vakhta.kernel import heartbeats, journal
from vakhta.kernel.kept import Param, kept
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import (
    length_words,
    moment_words,
    number_words,
    phone_words,
    short_name,
    span_words,
    time_words,
)
from vakhta.notices import queries as letters
from vakhta.people.models import Staff
from vakhta.places import house_facts
from vakhta.places.models import Account, Building
from vakhta.reports import sayings
from vakhta.shifts import queries as shifts
from vakhta.tickets import queries as tickets
from vakhta.tickets.classifier import entries
from vakhta.tickets.models import Clock
from vakhta.tickets.queries import Around
from vakhta.web import show
from vakhta.web.console import endings
from vakhta.web.console import screens as c
from vakhta.web.screens import ChannelView, Conflict, NoticeLine, PersonView, Toast
from vakhta.web.shared import shared

UNDO_FOR = timedelta(seconds=10)
NEAR = 12
"""Tickets of the house that the card lists."""
OVERDUE = 2
"""Outages whose term is over that the left column lists."""
FROM_PHONE = 3
"""Open tickets that a card without an address tells of."""
THREATENED = 12
"""Tickets at risk or late that the left column lists."""


def url(name: str, row: Interaction, *more: object) -> str:
    return reverse(f"console:{name}", args=[row.pk, *more])


# ── Left ─────────────────────────────────────────────────────────────────────────────────────


def queue(now: datetime, zone: str, current: int | None = None) -> c.Queue:
    waiting, total = _waiting(now, zone)
    mine = contacts.held(now)
    others = contacts.held(now, by_others=True) if may(current_scope().role, "interaction.take_over") else []
    return c.Queue(
        rows=waiting,
        total=total,
        url=reverse("console:queue"),
        take_next_url=reverse("console:next"),
        new_call_url=reverse("console:new"),
        mine=tuple(_row(w, now, zone, mine=w.row.pk == current, held=True) for w in mine),
        others=tuple(_row(w, now, zone, mine=w.row.pk == current, held=True) for w in others),
    )


@shared
def _waiting(now: datetime, zone: str) -> tuple[tuple[c.QueueRow, ...], int]:
    """Nobody's yet, and so everybody's alike; with how many there are in all."""
    found, total = contacts.queue(now)
    return tuple(_row(w, now, zone) for w in found), total


def _row(
    waiting: contacts.Waiting, now: datetime, zone: str, *, mine: bool = False, held: bool = False
) -> c.QueueRow:
    row = waiting.row
    clock = (
        show.clock_view(waiting.clock, now, zone)
        if waiting.clock
        else show.plain_clock(_("Ждёт"), row.received_at, row.received_at + timedelta(minutes=10), now)
    )
    where = row.address or row.caller or row.phone
    detail = row.text if row.text else row.caller if row.address else ""
    return c.QueueRow(
        id=row.pk,
        channel=show.channel_view(row),
        clock=clock,
        title=where or _("неизвестный"),
        detail=detail[:80],
        emergency=row.is_emergency,
        repeated=waiting.repeated,
        mine=mine,
        taken_by=short_name(row.taken_by.name) if row.taken_by and not _is_mine(row) else "",
        take_url=url("take", row) if not held else "",
        open_url=url("contact", row) if held else "",
    )


@shared
def threatened(now: datetime, zone: str) -> c.Threatened:
    found, total, late = tickets.threatened(now, THREATENED)
    return c.Threatened(
        rows=tuple(
            c.ThreatRow(
                number=show.number_view(ticket),
                clock=show.clock_view(clock, now, zone),
                title=ticket.address or _("адрес не указан"),
                severity=show.severity_view(ticket),
                status=show.status_view(ticket),
                url=show.ticket_url(ticket.number),
            )
            for ticket, clock in found
        ),
        total=total,
        late=late,
        url=reverse("console:threatened"),
        all_url=reverse("board:board"),
        asked=_all_asked(crews.waiting_for_word()),
        outages=tuple(_overdue(group[0], now, zone) for group in incidents.overdue(now)[:OVERDUE]),
        outages_url=reverse("outages:outages"),
    )


def _overdue(row: Outage, now: datetime, zone: str) -> c.OverdueOutage:
    return c.OverdueOutage(
        title=", ".join((*(_(sayings.UTILITIES.get(code, code)) for code in row.services), row.supplier)),
        detail=_("обещали включить %s") % moment_words(row.until, zone, now),
        over=span_words((now - row.until).total_seconds()),
    )


def _all_asked(orders: Sequence[WorkOrder]) -> tuple[c.AskedRow, ...]:
    returned = [f"ticket/{order.ticket_id}" for order in orders if order.state == "done"]
    records = journal.history(*returned) if returned else []
    words = {int(r.fact.ticket): r.fact.review for r in records if isinstance(r.fact, facts.TicketReturned)}
    return tuple(_asked(order, words.get(order.ticket_id, "")) for order in orders)


def _asked(order: WorkOrder, review: str) -> c.AskedRow:
    """`review`: why the applicant returned the ticket, for one that was."""
    what = _("Вопрос диспетчеру") if order.question else ""
    if order.state == "no_access":
        what = _("Нет доступа: согласуйте заново")
    elif order.state == "refused":
        what = _("Отказ: нужен другой исполнитель")
    elif order.state == "done":
        what = _("Заявитель вернул заявку")
    return c.AskedRow(
        number=show.number_view(order.ticket),
        what=what,
        words=review or (order.question if order.state not in ("refused", "done") else ""),
        title=order.ticket.address or _("адрес не указан"),
        who=show.performer_name(order),
        url=show.ticket_url(order.ticket.number) + "?say=yes",
    )


# ── Right ────────────────────────────────────────────────────────────────────────────────────


def steps(row: Interaction, around: Around, now: datetime, zone: str, shown: int | None = None) -> c.Steps:
    """The nine marks with the clock that runs; `shown` is the step whose panel is open."""
    clock = _steps_clock(row, around)
    return c.Steps(marks=marks(row, shown), clock=show.clock_view(clock, now, zone) if clock else None)


def marks(row: Interaction, shown: int | None = None) -> tuple[c.StepMark, ...]:
    here = shown or current_step(row.steps)
    found = []
    for step in range(1, 10):
        mark = row.steps.get(str(step))
        state = "current" if step == here else "todo"
        if mark:
            state = "skipped" if mark.get("skipped") else "current" if step == here else "done"
        found.append(
            c.StepMark(
                step=step,
                state=state,
                at=datetime.fromisoformat(mark["at"]) if mark else None,
                note=_step_note(row, step) if mark and not mark.get("skipped") else "",
                url=url("step", row, step) if row.ticket_id and step > 1 else "",
            )
        )
    return tuple(found)


def _step_note(row: Interaction, step: int) -> str:
    if step == 2:
        return show.nature(row.classifier)
    if step == 3 and row.ticket:
        return f"№ {row.ticket.number}"
    return ""


def subject_of(row: Interaction) -> str:
    """Whose clocks the steps show: the contact's, then its ticket's."""
    return f"ticket/{row.ticket_id}" if row.ticket_id else f"interaction/{row.pk}"


def _steps_clock(row: Interaction, around: Around) -> Clock | None:
    own = around.clocks.get(subject_of(row), [])
    running = (clock for clock in own if not clock.is_ended)
    return next((clock for clock in running if not row.ticket_id or clock.norm.endswith(".terms")), None)


# ── The card ─────────────────────────────────────────────────────────────────────────────────


def _is_mine(row: Interaction) -> bool:
    return bool(row.taken_by_id == current_scope().staff)


def card(
    row: Interaction,
    around: Around,
    now: datetime,
    *,
    conflict: Conflict | None = None,
    wrong_ending: endings.Wrong | None = None,
    wrong: Mapping[str, str] | None = None,
) -> c.Card:
    """The card of a contact: who, where, what of the house. At most four queries. `wrong`: what was
    wrong with the panel's fields, the applicant's among them."""
    held_by = row.taken_by.name if row.state == "taken" and row.taken_by and not _is_mine(row) else ""
    ticket, is_held = row.ticket, row.state == "taken" and _is_mine(row)
    return c.Card(
        interaction=row.pk,
        channel=show.channel_view(row),
        applicant=applicant(row, wrong),
        company=row.company.short_name if row.company_id != row.centre_id else "",
        facts=_facts(row),
        text=row.text,
        notices=_notices(row, around, now),
        tabs=_tabs(row, around, now),
        endings=endings.of_contact(row, around.tickets, wrong_ending, now) if is_held else (),
        presence_url=url("presence", row),
        seen_as="" if is_held else seen_as(row),
        ended=_ended(row) if row.state == "ended" else "",
        give_back_url=url("give_back", row) if not row.ticket_id and is_held else "",
        take_url=url("take", row)
        if row.state == "queued" and may(current_scope().role, "interaction.take")
        else "",
        ticket=show.number_view(ticket) if ticket else None,
        severity=show.severity_view(ticket) if ticket else None,
        conflict=conflict,
        held_by=held_by,
        take_over_url=url("take_over", row)
        if held_by and may(current_scope().role, "interaction.take_over")
        else "",
    )


def seen_as(row: Interaction) -> str:
    """Whose the contact is, in one word that a poll can compare."""
    return f"{row.state}/{row.taken_by_id or ''}"


def _ended(row: Interaction) -> str:
    who = [row.taken_by.name] if row.taken_by else []
    return " · ".join([_("Завершено: %s") % _(row.get_outcome_display()), *who])


APPLICANT = {
    "address": "address",
    "premises": "address",
    "caller": "name",
    "phone": "phone",
    "email": "email",
}
"""Field of an action → field of the applicant's form."""


def applicant(row: Interaction, errors: Mapping[str, str] | None = None) -> c.Applicant:
    """What was typed and not saved stands before what the row says, for whoever holds the contact."""
    said = (row.typed or {}) if row.state == "taken" and _is_mine(row) else {}
    place = str(row.premises_id or (f"building/{row.building_id}" if row.building_id else ""))
    return c.Applicant(
        post_url=url("applicant", row),
        address_url=reverse("console:addresses"),
        typed_url=url("typed", row),
        known=row.building_id is not None,
        person=show.person_view(row.person, row.caller),
        phone=show.phone_view(row.phone),
        address=show.address_view(row.building, row.premises, row.address),
        name=said.get("name", row.caller),
        phone_text=said.get("phone", phone_words(row.phone)),
        email=said.get("email", row.email),
        address_text=said.get("address", row.address),
        premises=said.get("premises", place),
        wants_letters=said["letters"] == "yes" if "letters" in said else row.wants_letters,
        outside=said.get("outside") == "yes",
        errors={APPLICANT[name]: words for name, words in (errors or {}).items() if name in APPLICANT},
    )


def _facts(row: Interaction) -> tuple[c.Line, ...]:
    house = row.building
    if house is None:
        return ()
    lines = [
        c.Line(label=_("Дом"), value=_("%(f)s эт., %(e)s под.") % {"f": house.floors, "e": house.entrances})
    ]
    if house.has_lift:
        lines.append(c.Line(label=_("Лифт"), value=_("есть")))
    if house.has_gas:
        lines.append(c.Line(label=_("Газ"), value=_("есть")))
    return tuple(lines)


def _notices(row: Interaction, around: Around, now: datetime) -> tuple[NoticeLine, ...]:
    """Outages of the house, and how many have called from it within the hour; of a place that is not known yet, what is
    open from this phone: «где бригада?»."""
    if row.building is None:
        return tuple(
            NoticeLine(
                text=_("С этого номера открыта заявка № %(number)s: %(what)s")
                % {"number": number_words(ticket.number), "what": show.nature_of(ticket)},
                detail=ticket.address,
                url=show.ticket_url(ticket.number),
            )
            for ticket in around.tickets[:FROM_PHONE]
            if ticket.is_open and ticket.pk != row.ticket_id
        )
    near = row.calls_around
    crowd = (NoticeLine(text=_("За час из этого дома обращений: %s") % near),) if near > 2 else ()
    entrance = row.premises.entrance if row.premises else None
    return (*outages_of(row.building, now), *lifts_of(row.building, entrance, now), *crowd)


def lifts_of(building: Building, entrance: int | None, now: datetime) -> tuple[NoticeLine, ...]:
    """Lifts that stand: of the `entrance`, of the whole house when it is not known. No query beside the house's facts."""
    stand = [
        fact
        for fact in house_facts.of_house(building)
        if fact.what == "lift" and fact.since and (entrance is None or fact.entrance == entrance)
    ]
    return tuple(
        NoticeLine(
            text=_("Лифт стоит: подъезд %(entrance)s, с %(since)s")
            % {"entrance": fact.entrance, "since": moment_words(fact.since, building.zone, now)},
            detail="; ".join(filter(None, (fact.reason, show.lift_promise(fact.until, building.zone, now)))),
            url=show.lifts_url(building.pk),
            said=True,
        )
        for fact in stand
        if fact.since
    )


def outages_of(building: Building, now: datetime) -> tuple[NoticeLine, ...]:
    """Outages of a house that stand or are announced for the next two days; one whose term is over and that nobody
    has ended is told otherwise. One query."""
    found = []
    zone, link = ZoneInfo(building.zone), ""
    if may(current_scope().role, "outage.announce"):
        link = reverse("outages:outages")
    for outage in incidents.of_house(building, now):
        same_day = outage.since.astimezone(zone).date() == outage.until.astimezone(zone).date()
        until = time_words(outage.until, building.zone)
        services = ", ".join(_(sayings.UTILITIES.get(code, code)) for code in outage.services)
        detail = ", ".join(part for part in (outage.supplier, outage.document, outage.reason) if part)
        if outage.until <= now:
            said = {"services": services, "until": moment_words(outage.until, building.zone, now)}
            text = _("Отключение: %(services)s, обещали включить %(until)s, снято ли — не отмечено") % said
            found.append(NoticeLine(text=text, detail=detail, url=link))
            continue
        text = _("Отключение: %(services)s, %(since)s – %(until)s") % {
            "services": services,
            "since": moment_words(outage.since, building.zone, now),
            "until": until if same_day else moment_words(outage.until, building.zone, now),
        }
        found.append(NoticeLine(text=text, detail=detail, said=True))
    return tuple(found)


def _tabs(row: Interaction, around: Around, now: datetime) -> tuple[c.Tab, ...]:
    if row.building_id is None:
        return (tickets_tab(row, around, now),) if around.tickets else ()
    return (tickets_tab(row, around, now), _account_tab(row), _house_tab(row), _access_tab(row, now))


def tickets_tab(row: Interaction, around: Around, now: datetime) -> c.Tab:
    found = around.tickets[:NEAR]
    lines = []
    for ticket in found:
        clock = around.nearest(ticket)
        lines.append(
            c.TicketLine(
                number=show.number_view(ticket),
                title=show.nature_of(ticket),
                severity=show.severity_view(ticket),
                status=show.status_view(ticket),
                at=ticket.registered_at,
                day_of="" if ticket.has_time else ticket.zone,
                clock=show.clock_view(clock, now) if clock else None,
                flat=show.flat_words(ticket),
                open=ticket.is_open,
            )
        )
    empty = _("По этому дому заявок ещё не было.")
    house = [f"building/{row.building_id}"] if row.building_id else []
    return c.Tab(
        code="tickets",
        title=_("Заявки"),
        key=1,
        count=len(found),
        tickets=tuple(lines),
        empty=empty,
        url=url("near", row),
        live=" ".join([*house, *(f"ticket/{ticket.pk}" for ticket in found)]),
    )


def _account_tab(row: Interaction) -> c.Tab:
    found = _accounts(premises=row.premises_id) if row.premises_id else []
    lines = tuple(c.Line(label=_("Лицевой счёт"), value=a.number, detail=a.holder) for a in found)
    empty = _("Лицевых счетов нет: помещение не выбрано или не загружено.")
    return c.Tab(code="account", title=_("Лицевой счёт"), key=2, lines=lines, empty=empty)


@kept
def _accounts() -> QuerySet[Account]:
    return Account.objects.filter(premises=Param("premises"))


def _house_tab(row: Interaction) -> c.Tab:
    house = row.building
    assert house is not None
    yes, no = _("есть"), _("нет")
    lines = (
        c.Line(label=_("Управляет"), value=row.company.name, detail=row.company.phone),
        c.Line(label=_("Этажей, подъездов"), value=f"{house.floors}, {house.entrances}"),
        c.Line(label=_("Лифт"), value=yes if house.has_lift else no),
        c.Line(label=_("Мусоропровод"), value=yes if house.has_chute else no),
        c.Line(label=_("Газ"), value=yes if house.has_gas else no),
    )
    return c.Tab(code="house", title=_("Дом"), key=3, lines=lines)


def _access_tab(row: Interaction, now: datetime) -> c.Tab:
    """Valves, keys, codes, risers, lifts and entrances; of the applicant's entrance first. One query."""
    assert row.building is not None
    own = row.premises.entrance if row.premises else None
    found = house_facts.of_house(row.building)
    if own is not None:
        found = sorted(found, key=lambda fact: fact.entrance not in (None, own))
    lines = tuple(c.Line(**vars(show.house_fact(fact, row.building.zone, now))) for fact in found)
    empty = _("Задвижки, ключи и коды дома ещё не внесены.")
    return c.Tab(code="access", title=_("Доступ"), key=4, lines=lines, empty=empty)


def teach() -> c.Teach:
    """What stands in an empty centre. One query."""
    if contacts.how_many_wait():
        button, key, link = _("Взять самое срочное"), "F2", reverse("console:next")
    else:
        button, key, link = _("Принять звонок вручную"), "F4", reverse("console:new")
    return c.Teach(
        title=_("Возьмите обращение"),
        text=_(
            "Здесь откроется карточка: кто звонит, откуда, что с домом. F2 берёт самое срочное из очереди. "
            "Девять шагов приёма ведут от ответа до журнала, каждый делается с клавиатуры."
        ),
        button=button,
        key=key,
        url=link,
    )


def top(staff: Staff, now: datetime, nav) -> c.Top:  # type: ignore[no-untyped-def]
    """The top bar. Four queries: the watch by the rota, sheets that wait for a taker, the mail (`channels`)."""
    watch = shifts.watch(shifts.near(staff.company_id, now), now)
    waits = any(row.staff_id != staff.pk for row in shifts.to_accept(staff.company_id))
    return c.Top(
        centre=staff.company.short_name,
        shift=_shift(watch, staff, now),
        watch=_watch_words(watch, staff.company.zone, now),
        handover_url=reverse("shifts:handover"),
        handover_waits=waits,
        person=PersonView(name=staff.name, role=_(staff.get_role_display()).lower()),
        ready=staff.is_ready,
        pause=staff.pause_reason,
        ready_url=reverse("console:ready"),
        line_url=reverse("console:line"),
        channels=channels(now),
        nav=nav,
    )


def _shift(watch: shifts.Watch, staff: Staff, now: datetime) -> str:
    """The own shift by the rota; the half-day of the centre's zone while there is no rota."""
    own, zone = watch.of(staff.pk), ZoneInfo(staff.company.zone)
    if own is not None:
        return _("смена %s") % f"{own.since.astimezone(zone):%H}–{own.until.astimezone(zone):%H}"
    if staff.pk in watch.left:
        return _("смена сдана")
    if watch.on or watch.next:
        return _("вне графика")
    return _("смена 08–20") if 8 <= now.astimezone(zone).hour < 20 else _("смена 20–08")


def _watch_words(watch: shifts.Watch, zone: str, now: datetime) -> str:
    """«На смене: Иванова О. П. Дальше с 20:00: Сидорова М. А.»"""
    parts = []
    if watch.on:
        parts.append(_("На смене: %s.") % ", ".join(short_name(row.staff.name) for row in watch.on))
    if watch.next_at is not None:
        names = ", ".join(short_name(row.staff.name) for row in watch.next)
        at = moment_words(watch.next_at, zone, now)
        parts.append(_("Дальше с %(at)s: %(names)s.") % {"at": at, "names": names})
    return " ".join(parts)


def channels(now: datetime) -> tuple[c.ChannelState, ...]:
    """Channels that a part of the service must keep alive: how long it has been silent, or how long letters
    have waited for the mail server. Two queries."""
    last, stuck = heartbeats.beats().get("worker"), letters.waiting()
    if last is None:
        return _no_mail(_("почта не запущена"))
    if now - last > heartbeats.SILENT:
        return _no_mail(_("почта молчит %s") % length_words((now - last).total_seconds()))
    if stuck is not None:
        return _no_mail(
            _("почта стоит %s") % length_words((now - stuck.since).total_seconds()),
            _("Почтовый сервер не принимает, писем ждёт: %d. Они уйдут сами, когда он ответит.")
            % stuck.count,
        )
    return (c.ChannelState(channel=ChannelView(code="email")),)


def _no_mail(word: str, about: str = "") -> tuple[c.ChannelState, ...]:
    return (c.ChannelState(channel=ChannelView(code="email"), ok=False, word=word, about=about),)


def foot(toast: Toast | None = None) -> c.Foot:
    return c.Foot(last=toast)


def alike_codes(code: str) -> set[str]:
    """Classifier codes of the same system."""
    entry = entries().get(code)
    return {e.code for e in entries().values() if entry and e.system == entry.system}
