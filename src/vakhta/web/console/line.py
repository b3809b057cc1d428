"""The line (строка): one field that takes what a dispatcher would shout across the room. What the text
may be is said by `domain.line`; here it is looked up and shown: what Enter will do stands there before
it does it, and nothing is done on a guess that was not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.crews.actions import NOT_BEGUN
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain.addresses import is_part
from vakhta.domain.classifier import Match
from vakhta.domain.layouts import fold_key, has_latin
from vakhta.domain.line import SEEN, LineIntent, name_slips, parse_line
from vakhta.domain.routes import WORK_ORDER
from vakhta.kernel.words import number_words, phone_words
from vakhta.places.accounts import find_accounts
from vakhta.places.models import Person, Phone
from vakhta.places.phones import meant_phones
from vakhta.places.queries import address_text
from vakhta.places.residents import Found, find_people
from vakhta.places.search import Hit, find_addresses
from vakhta.tickets import queries as tickets
from vakhta.tickets.classifier import entries, suggest
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.console import screens as c

MOST = 8
SHARED = 100
"""People of one phone that are counted: a number that an import gave to whole houses is nobody's."""
FOUND = 3
"""Tickets that a number offers."""
READ = 200
"""Letters of the text that are read."""
AHEAD = timedelta(hours=14)
"""How far the clocks of the easternmost zone are before UTC: the new year comes there first."""
WHOLE, DOUBTFUL = 0.1, 2.0
"""Below this cost a street was said word for word; from that on its words may be no street."""


def answer(text: str, now: datetime) -> c.LineAnswer:
    """What the line understood, the likeliest first; when nothing, what may be typed here."""
    text = text.strip()[:READ]
    intent = parse_line(text)
    found = _found(intent, now)
    if has_latin(text):
        said = _("«%s», раскладка") % intent.text
        found = [replace(r, forgiven=", ".join(filter(None, (said, r.forgiven)))) for r in found]
    return c.LineAnswer(
        query=text, results=tuple(found[:MOST]), more=len(found[MOST:]), hint="" if found else _hint(intent)
    )


def _found(intent: LineIntent, now: datetime) -> list[c.LineResult]:
    hits = find_addresses(intent.text, limit=5) if intent.address else []
    places = _addresses(intent, hits)
    if any(hit.is_said and hit.cost < DOUBTFUL for hit in hits):
        return places  # a house of ours: the words behind it are of its faults
    accounts = _accounts(intent)
    found: list[c.LineResult] = [] if intent.ticket else accounts
    kinds: Sequence[str] = intent.kinds
    if hits and hits[0].cost < WHOLE:
        kinds = sorted(kinds, key="address".__ne__)  # a street said word for word is that street
    for kind in kinds:
        if kind == "address":
            found += places
        elif kind == "words":
            found += _words(intent)
        elif kind == "ticket":
            found += [*_tickets(intent, now), *accounts]
        elif kind == "phone":
            found += _phones(intent, "" if found or not intent.ticket else _no_ticket(intent))
        elif kind == "crew":
            said = _crew(intent)
            if not said and _is_whole_name(intent):
                return []  # the crew and no fault of a lift: the hint says that it has no such order
            found += said
        else:
            found += _actions(intent)
    return found


def _hint(intent: LineIntent) -> str:
    if not intent.kinds:
        return _("Адрес «лен15-42», телефон, номер заявки, «теч стояк», «бр4 на месте», «>пауза».")
    if intent.kind == "action":
        return _("Действия: «>пауза обед» и «>готов».")
    if intent.kind == "crew" and intent.crew and not _called(intent):
        return _("Бригады с номером %s нет.") % intent.crew
    if intent.kind == "crew" and intent.move == SEEN:
        return (
            _(
                "У бригады %s нарядов нет. Что она говорит: принято, выехали, на месте, локализовано, нет доступа, выполнено, отказ."
            )
            % intent.crew
        )
    if intent.kind == "crew" and intent.move and _called(intent):
        called = intent.text[: len(intent.text) - len(intent.note)].strip()
        words = {"crew": intent.crew or f"«{called}»", "said": intent.note}
        return _("У бригады %(crew)s нет наряда, о котором можно сказать «%(said)s».") % words
    if intent.kind == "crew" and not intent.move:
        return _(
            "Что сказала бригада: принято, выехали, на месте, локализовано, нет доступа, выполнено, отказ."
        )
    if intent.kind == "ticket":
        return _no_ticket(intent)
    return _("Ничего не нашлось. Попробуйте «улица дом-квартира», телефон или номер заявки.")


# ── Actions ──────────────────────────────────────────────────────────────────────────────────


def _actions(intent: LineIntent) -> list[c.LineResult]:
    if not intent.action:
        return []
    if intent.action == "ready":
        return [_act(_("готов"), _("Отметить: готов принимать"), _ready(set="yes"))]
    why = f": {intent.note}" if intent.note else ""
    return [_act(_("пауза") + why, _("Отметить паузу") + why, _ready(set="no", reason=intent.note))]


def _ready(**said: str) -> str:
    return f"{reverse('console:ready')}?{urlencode({name: word for name, word in said.items() if word})}"


def _crew(intent: LineIntent) -> list[c.LineResult]:
    """«бр4 на месте», «юг на месте»: what a crew said by radio, recorded for it; only where the move is possible. «бр4»,
    «бр4 забрать»: what it has, each a way to the ticket."""
    called = _called(intent) if intent.move else {}
    if not called:
        return []
    if intent.move == SEEN:
        return _held(called)
    orders = WorkOrder.objects.select_related("ticket", "crew").filter(
        crew__in=called, ended_at__isnull=True, state__in=WORK_ORDER.moves[intent.move].starts
    )
    move = _(WORK_ORDER.states[WORK_ORDER.moves[intent.move].ends])
    found = []
    for order in orders.order_by("crew__number", "-offered_at")[:3]:
        assert order.crew is not None
        name, number = show.crew_name(order.crew), number_words(order.ticket.number)
        said = {"move": move, "crew": name, "number": number}
        found.append(
            _act(
                f"{name}: {intent.note}",
                _("Записать «%(move)s»: %(crew)s, №\u00a0%(number)s") % said,
                reverse("console:report", args=[order.pk, intent.move]),
                f"№\u00a0{number}, {order.ticket.address}",
                called[order.crew.pk],
            )
        )
    return found


def _held(crews: Mapping[int, str]) -> list[c.LineResult]:
    """The open orders of these crews, what is in hand first."""
    open_ones = WorkOrder.objects.filter(crew__in=crews, ended_at__isnull=True)
    orders = open_ones.select_related("ticket", "crew").order_by("-pk")[:MOST]
    found = []
    for order in sorted(orders, key=lambda order: (order.state in NOT_BEGUN, -order.pk)):
        row = order.ticket
        title = f"{show.performer_name(order)}: {_(order.get_state_display())}"
        detail = " · ".join(filter(None, (show.nature_of(row), row.address)))
        found.append(replace(_ticket(row, None, row.registered_at), title=title, detail=detail))
    return found


def _called(intent: LineIntent) -> dict[int, str]:
    """Id of each crew that was called, with what was forgiven; by a name those that it fits best. One query."""
    if not intent.crew_name:
        return dict.fromkeys(Crew.objects.filter(number=intent.crew).values_list("pk", flat=True), "")
    fits = [(row.pk, name_slips(intent.crew_name, row.name)) for row in Crew.objects.filter(is_active=True)]
    least = min((len(slips) for _pk, slips in fits if slips is not None), default=0)
    return {
        pk: ", ".join(f"{said} → {meant}" for said, meant in slips)
        for pk, slips in fits
        if slips is not None and len(slips) == least
    }


def _is_whole_name(intent: LineIntent) -> bool:
    """Was a crew called by its words as they are written: «лифтёры приняли»? «Лифт не открывается» calls nobody."""
    said = set(intent.crew_name.split())
    names = Crew.objects.filter(is_active=True).values_list("name", flat=True) if intent.move and said else ()
    return any(said <= set(fold_key(name).split()) for name in names)


def _act(title: str, does: str, url: str, detail: str = "", forgiven: str = "") -> c.LineResult:
    return c.LineResult(
        kind="action", title=title, does=does, detail=detail, forgiven=forgiven, url=url, method="act"
    )


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────


def _tickets(intent: LineIntent, now: datetime) -> list[c.LineResult]:
    """The ticket of the number; without a year of this year and of the last one. Behind them those of old journals."""
    this = (now + AHEAD).year
    years = (this, this - 1)
    asked = intent.ticket if "-" in intent.ticket else ""
    numbers = [asked] if asked else [f"{year % 100:02d}-{intent.ticket}" for year in years]
    if not asked:  # «2675» for «26-75»
        begun = [(f"{year % 100:02d}", intent.ticket[2:].lstrip("0")) for year in years]
        numbers += [f"{year}-{rest}" for year, rest in begun if rest and intent.ticket.startswith(year)]
    rows = list(Ticket.objects.filter(number__in=numbers).select_related("premises").order_by("-id")[:FOUND])
    if len(rows) < FOUND:
        old = Ticket.objects.filter(old_number=intent.ticket, old_journal__isnull=False)
        rows += old.select_related("premises").order_by("-registered_at")[: FOUND - len(rows)]
    clocks = tickets.clocks_of(*(row.pk for row in rows)) if rows else {}
    return [_ticket(row, tickets.nearest(clocks[row.pk]), now) for row in rows]


def _ticket(row: Ticket, clock: object, now: datetime) -> c.LineResult:
    return c.LineResult(
        kind="ticket",
        title=show.nature_of(row),
        detail=row.address,
        number=show.number_view(row),
        clock=show.clock_view(clock, now, row.zone) if clock else None,  # type: ignore[arg-type]
        does=_("Открыть заявку №\u00a0%s") % show.number_of(row),
        url=show.ticket_url(row.number),
        method="go",
    )


def _no_ticket(intent: LineIntent) -> str:
    return _("Заявки с номером %s нет.") % number_words(intent.ticket)


def _accounts(intent: LineIntent) -> list[c.LineResult]:
    """The flat whose personal account has this number."""
    found = []
    for account in find_accounts(intent.text):
        home = account.premises
        where = address_text(home.building, home)
        told = (_("лицевой счёт %s") % account.number, account.holder, home.building.company.short_name)
        said = {"building": home.building_id, "premises": home.pk}
        does = _("Принять звонок: %s") % where
        found.append(_call(said, "address", where, does=does, detail=", ".join(filter(None, told))))
    return found


def _phones(intent: LineIntent, doubt: str) -> list[c.LineResult]:
    """Who has this number, with the faults of the words behind it; when nobody, a call from a number that is not
    known."""
    number, *foreign = meant_phones(intent.phone)
    known = Phone.objects.filter(number__in=(number, *foreign))
    rows = list(known.select_related("person__premises__building").order_by("pk")[:SHARED])
    if not rows:
        return [_stranger(number, fault, intent.words, doubt) for fault in _faults(intent.words, 3)]
    found = []
    for place, row in enumerate(rows):
        said = {**(_whose(row.person) if len(rows) > 1 else {}), "phone": row.number, "text": intent.words}
        faults = _faults(intent.words, 1 if place else max(1, min(3, MOST + 1 - len(rows))))
        found += [_person(Found(row.person), said, fault, intent.words) for fault in faults]
    return found


def _stranger(number: str, fault: Match | None, words: str, doubt: str) -> c.LineResult:
    title = _and_fault(phone_words(number), fault)
    return _call(
        {"phone": number, "text": words, "classifier": _code(fault)},
        "phone",
        title,
        does=_("Принять звонок с номера %s") % title,
        detail=", ".join(filter(None, (_("номер не знаком"), _kept(words, fault)))),
        forgiven=_forgiven(fault),
        doubt=doubt,
    )


# ── Words ────────────────────────────────────────────────────────────────────────────────────


def _words(intent: LineIntent) -> list[c.LineResult]:
    """Faults that the words may mean, and people who are called so. A name that is known stands before a fault that only
    a forgiven slip leads to: «Сафонов» is who he is, and no «сифон». Where both are guesses both are shown."""
    matches = [match for match in _faults(intent.text, 4) if match]
    people = find_people(intent.text)
    if not all(match.is_forgiven for match in matches):
        # The words mean something: no slip is forgiven to them, and «свет» is no Светлана.
        people = [
            found
            for found in people
            if not found.forgiven and (found.is_by_family or _is_called(found.person, intent.text))
        ]
    called = [_person(found, _whose(found.person)) for found in people]
    if any(_family(found.person.name) == _family(intent.text) for found in people):
        return [*called, *(_fault(intent.text, match) for match in matches)]
    plain = [_fault(intent.text, match) for match in matches if not match.is_forgiven]
    guessed = [_fault(intent.text, match) for match in matches if match.is_forgiven]
    is_guess = any(found.forgiven for found in people)
    return [*plain, *guessed, *called] if is_guess else [*plain, *called, *guessed]


def _fault(words: str, match: Match) -> c.LineResult:
    return _call(
        {"text": words, "classifier": match.entry.code},
        "classifier",
        _path(match.entry.code),
        does=_("Принять звонок: %s") % show.nature(match.entry.code),
        detail=match.reason,
        forgiven=match.forgiven,
    )


def _faults(words: str, limit: int) -> list[Match | None]:
    """What the words may mean, the likeliest first, never by a stretch and never by words of an address alone; [None]
    when nothing known."""
    found: list[Match | None] = [
        match
        for match in suggest(words, limit)
        if not match.is_stretched and not all(is_part(word) for word in match.why)
    ]
    return found or [None]


def _code(fault: Match | None) -> str:
    return fault.entry.code if fault else ""


def _forgiven(fault: Match | None) -> str:
    return fault.forgiven if fault else ""


def _and_fault(title: str, fault: Match | None) -> str:
    return f"{title} · {show.nature(fault.entry.code)}" if fault else title


def _kept(words: str, fault: Match | None) -> str:
    """Words that name no fault, as they will stand on the card."""
    return f"«{words}»" if words and not fault else ""


def _family(name: str) -> str:
    return fold_key(name).partition(" ")[0]


def _is_called(person: Person, words: str) -> bool:
    """By whole words: «светлана», not «свет»."""
    return set(fold_key(words).split()) <= set(fold_key(person.name).split())


def _path(code: str) -> str:
    entry = entries()[code]
    return f"{_(entry.place)} › {_(entry.system)} › {_(entry.problem)}"


def _person(
    found: Found, said: Mapping[str, object], fault: Match | None = None, words: str = ""
) -> c.LineResult:
    person = found.person
    where = address_text(person.premises.building, person.premises) if person.premises else ""
    whole = _and_fault(", ".join(filter(None, (person.name, where))), fault)
    return _call(
        {**said, "classifier": _code(fault)},
        "person",
        _and_fault(person.name, fault),
        does=_("Принять звонок: %s") % whole,
        detail=", ".join(filter(None, (where, _kept(words, fault)))),
        forgiven=", ".join(filter(None, (found.forgiven, _forgiven(fault)))),
    )


def _whose(person: Person) -> dict[str, object]:
    if person.premises is None:
        return {}
    return {"building": person.premises.building_id, "premises": person.premises_id, "person": person.pk}


# ── Addresses ────────────────────────────────────────────────────────────────────────────────


def _addresses(intent: LineIntent, hits: Sequence[Hit]) -> list[c.LineResult]:
    """Each house with the likeliest fault of the words behind it; the first one with the next ones too.
    When there is no such house, the address may be kept as it was said."""
    found = []
    for place, hit in enumerate(hits):
        others = 1 if place or hit.unknown_house else 3
        found += [_address(hit, fault) for fault in _faults(hit.rest, others)]
    if hits and hits[0].unknown_house:
        found.append(_elsewhere(intent.text, hits[0].rest))
    return found


def _address(hit: Hit, fault: Match | None) -> c.LineResult:
    """What is not there is said with what Enter does: above the list, where it is read before Enter."""
    title = _and_fault(hit.title, fault)
    flat = _("кв. %s") % hit.unknown_flat if hit.unknown_flat else ""
    said = {
        "building": hit.building.pk,
        "premises": hit.premises.pk if hit.premises else "",
        "text": ", ".join(filter(None, (flat, hit.rest))),
        "classifier": _code(fault),
    }
    does = " ".join(filter(None, (doubt_of(hit), _("Принять звонок: %s") % title)))
    detail = ", ".join(filter(None, (hit.building.company.short_name, _kept(hit.rest, fault))))
    forgiven = ", ".join(filter(None, (hit.forgiven, _forgiven(fault))))
    return _call(said, "address", title, does=does, detail=detail, forgiven=forgiven)


def doubt_of(hit: Hit) -> str:
    """What of the said address is not there, plainly; "" when all of it is."""
    if hit.unknown_house:
        return _("Дома %s на этой улице у нас нет.") % hit.unknown_house
    return _("Квартиры %s в доме нет.") % hit.unknown_flat if hit.unknown_flat else ""


def _elsewhere(text: str, rest: str) -> c.LineResult:
    """The address that is not of ours, kept in its words: for an answer, or to send the caller on."""
    address = text.removesuffix(rest).strip(" ,.;-") if rest else text
    does = _("Принять звонок с адресом «%s», как сказано") % address
    said = {"address": address, "text": rest}
    return _call(said, "address", address, does=does, detail=_("дома нет в списке"))


def _call(
    said: Mapping[str, object],
    kind: str,
    title: str,
    *,
    does: str,
    detail: str = "",
    forgiven: str = "",
    doubt: str = "",
) -> c.LineResult:
    """A result that opens a typed call with what was said and is known."""
    query = urlencode({name: value for name, value in said.items() if value not in ("", None)})
    return c.LineResult(
        kind=kind,
        title=title,
        does=does,
        detail=detail,
        forgiven=forgiven,
        doubt=doubt,
        url=f"{reverse('console:new')}?{query}",
        method="post",
    )
