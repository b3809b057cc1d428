"""The hand-over's pages from the sheet: what would be signed now, what was signed, the list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.domain.facts import HandoverSigned
from vakhta.domain.permissions import may
from vakhta.kernel import journal
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import (
    day_words,
    length_words,
    moment_words,
    number_words,
    short_name,
    time_words,
    window_words,
)
from vakhta.people.models import Company, Staff
from vakhta.reports import sayings
from vakhta.shifts import handover, queries, rows
from vakhta.shifts.models import Handover, Shift
from vakhta.shifts.sheet import OpenTicket, Sheet, digest_of, sheet_of
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.said import YEARS
from vakhta.web.screens import ChannelView, Choice, Errors, PageView, SeverityView, StatusView, TicketNumber
from vakhta.web.shifts import screens as s
from vakhta.web.shifts.month import links

SOON = timedelta(hours=4)
"""Terms that end so soon are the next shift's first care."""
LISTED = 50
ORDERS = {
    "offered": marked("бригада не ответила на наряд"),
    "question": marked("бригада ждёт ответа на вопрос"),
    "no_access": marked("нет доступа, согласовать заново"),
    "refused": marked("отказ, нужен другой исполнитель"),
    "done": marked("заявитель вернул заявку"),
}
TONES = {"signed": "wait", "accepted": "good", "replaced": "quiet"}
STATES = dict(Ticket.STATES)


# ── The sheet ────────────────────────────────────────────────────────────────────────────────


def sheet_view(sheet: Sheet, page: PageView) -> s.SheetView:
    """As it stood at its moment. One query when a place is not in the stock."""
    at = datetime.fromisoformat(sheet.at)
    unknown = [row.ticket for row in sheet.tickets if not row.address]
    places = dict(Ticket.objects.filter(pk__in=unknown).values_list("pk", "address")) if unknown else {}
    lines = tuple(_ticket(row, places, at, page) for row in sheet.tickets)
    return s.SheetView(
        tickets=lines,
        tickets_total=sheet.tickets_total,
        soon=sum(bool(line.tone) for line in lines),
        parts=(_contacts(sheet, page), _orders(sheet, page), _visits(sheet, places, page), _letters(sheet)),
    )


def _number(number: str) -> TicketNumber:
    sees = may(current_scope().role, "ticket.see")
    return TicketNumber(number=number, url=show.ticket_url(number) if sees and number else "")


def _ticket(row: OpenTicket, places: Mapping[int, str], at: datetime, page: PageView) -> s.TicketLine:
    due = datetime.fromisoformat(row.due) if row.due else None
    tone = "" if due is None else "bad" if due < at else "warn" if due < at + SOON else ""
    word = ""
    if due is not None and tone:
        span = length_words((due - at).total_seconds())
        word = _("просрочено на %s") % span if tone == "bad" else _("через %s") % span
    return s.TicketLine(
        number=_number(row.number),
        severity=SeverityView(code=row.severity),
        address=row.address or places.get(row.ticket, "") or _("адрес не указан"),
        nature=show.nature(row.nature),
        status=StatusView(
            code=row.state, title=_(STATES.get(row.state, row.state)), tone=show.TONES.get(row.state, "")
        ),
        who=row.who,
        due=moment_words(due, page.zone, at) if due else "",
        norm=sayings.norm_title(row.norm) if row.norm else "",
        tone=tone,
        tone_word=word,
    )


def _moment(text: str, sheet: Sheet, page: PageView) -> str:
    return moment_words(datetime.fromisoformat(text), page.zone, datetime.fromisoformat(sheet.at))


def _contacts(sheet: Sheet, page: PageView) -> s.Part:
    lines = [
        s.Line(
            title=ChannelView(code=row.channel).title,
            text=(_("с %(at)s, ведёт %(who)s") if row.operator else _("с %(at)s, ждёт в очереди"))
            % {"at": _moment(row.since, sheet, page), "who": row.operator},
        )
        for row in sheet.contacts
    ]
    if sheet.contacts_total > len(lines):
        lines.append(s.Line(title="", text=_("и ещё %s") % (sheet.contacts_total - len(lines))))
    return s.Part(title=_("Обращения не закончены"), lines=tuple(lines), empty=_("Все обращения закончены."))


def _orders(sheet: Sheet, page: PageView) -> s.Part:
    lines = tuple(
        s.Line(
            number=_number(row.number),
            title=row.who or _("бригада"),
            text=_("%(what)s, наряд выдан в %(at)s")
            % {"what": _(ORDERS.get(row.what, row.what)), "at": _moment(row.since, sheet, page)},
        )
        for row in sheet.orders
    )
    return s.Part(title=_("Бригады ждут слова"), lines=lines, empty=_("Все бригады ответили, вопросов нет."))


def _visits(sheet: Sheet, places: Mapping[int, str], page: PageView) -> s.Part:
    at = datetime.fromisoformat(sheet.at)
    lines = tuple(
        s.Line(
            number=_number(row.number),
            title=window_words(
                datetime.fromisoformat(row.since), datetime.fromisoformat(row.until), page.zone, at
            ),
            text=row.address or places.get(row.ticket, ""),
        )
        for row in sheet.visits
    )
    return s.Part(title=_("Согласованы допуски"), lines=lines, empty=_("Согласованных допусков впереди нет."))


def _letters(sheet: Sheet) -> s.Part:
    lines = tuple(
        s.Line(
            number=_number(row.number),
            title=_("письмо"),
            text=_(sayings.LETTERS.get(row.template, row.template)),
        )
        for row in sheet.letters
    )
    return s.Part(title=_("Письма не ушли"), lines=lines, empty=_("Все письма по открытым заявкам ушли."))


# ── What would be signed now ─────────────────────────────────────────────────────────────────


def handover_page(
    page: PageView, said: QueryDict | None = None, errors: Errors | None = None
) -> s.HandoverPage:
    """Twenty queries at most."""
    company, me = rows.centre(), current_scope().staff or 0
    shift = handover.shift_of(me, page.now)
    given = handover.given_over(shift)
    return s.HandoverPage(
        page=page,
        links=links("handover"),
        shift=shift_words(shift, page),
        sheet=sheet_view(sheet_of(company, page.now), page),
        waiting=tuple(_listed(row, page) for row in queries.to_accept(company.pk) if row.staff_id != me),
        given=_listed(given, page) if given else None,
        form=None if given else _sign_form(company, me, page, said, errors),
    )


def _sign_form(
    company: Company, me: int, page: PageView, said: QueryDict | None, errors: Errors | None
) -> s.SignForm:
    held = Interaction.objects.filter(centre=company, state="taken", taken_by=me).count()
    return s.SignForm(
        post_url=reverse("shifts:sign"),
        held=held,
        takers=_takers(company, me, page, said) if held else (),
        values={name: said.get(name, "") for name in ("notes",)} if said is not None else {},
        errors=errors or {},
    )


def _takers(company: Company, me: int, page: PageView, said: QueryDict | None) -> tuple[Choice, ...]:
    """Who may take contacts over; first who comes next by the rota. Two queries."""
    watch = queries.watch(queries.near(company.pk, page.now), page.now)
    coming = [row.staff.pk for row in (*watch.next, *watch.on)]
    people = [row for row in rows.people(company) if row.pk != me]
    people.sort(key=lambda row: (coming.index(row.pk) if row.pk in coming else len(coming), row.name))
    wanted = said.get("to", "") if said is not None else str(people[0].pk) if people else ""
    return tuple(
        Choice(
            value=str(row.pk),
            title=short_name(row.name),
            detail=_("по графику") if row.pk in coming else "",
            chosen=str(row.pk) == wanted,
        )
        for row in people
    )


def shift_words(shift: Shift | None, page: PageView) -> str:
    """«29 ноября, вс, 08–20»; without a shift of the rota, that."""
    if shift is None or shift.since is None or shift.until is None:
        return _("вне графика")
    hours = f"{time_words(shift.since, page.zone)}–{time_words(shift.until, page.zone)}"
    return f"{day_words(shift.since, page.zone, page.now)}, {hours}"


# ── What was signed ──────────────────────────────────────────────────────────────────────────


def the_sheet(pk: int) -> Handover:
    found: Handover | None = (
        Handover.objects.select_related("staff", "taker", "shift")
        .filter(pk=pk, company=rows.centre())
        .first()
    )
    if found is None:
        raise NotFound(_("Такой сдачи смены нет."))
    return found


def sheet_page(
    page: PageView, row: Handover, said: QueryDict | None = None, errors: Errors | None = None
) -> s.SheetPage:
    """Four queries."""
    is_proved = is_as_signed(row)
    waits = row.state == "signed" and row.staff_id != current_scope().staff
    return s.SheetPage(
        page=page,
        title=title_of(row, page),
        links=links(""),
        status=_status(row),
        shift=shift_words(row.shift, page),
        signatures=signatures(row),
        sheet=sheet_view(Sheet.of(row.sheet), page),
        proof=(
            _("Лист такой же, каким его подписали: отпечаток %s есть в журнале.") % row.digest[:16]
            if is_proved
            else _("Лист не такой, каким его подписали: отпечаток в журнале другой.")
        ),
        is_proved=is_proved,
        print_url=reverse("shifts:print", args=[row.pk]),
        accept_url=reverse("shifts:accept", args=[row.pk])
        if waits and may(current_scope().role, "handover.sign")
        else "",
        remark=said.get("remark", "") if said is not None else "",
        errors=errors or {},
    )


def title_of(row: Handover, page: PageView) -> str:
    return _("Сдача смены, %s") % moment_words(row.signed_at, page.zone, page.now)


def is_as_signed(row: Handover) -> bool:
    """Does the kept sheet have the digest that the journal was told at its signing? Two queries."""
    told = [record.fact for record in journal.history(f"handover/{row.pk}")]
    signed = [fact.digest for fact in told if isinstance(fact, HandoverSigned)]
    return signed == [digest_of(row.sheet)]


def signatures(row: Handover) -> tuple[s.Signature, ...]:
    gave = s.Signature(role=_("Сдал(а)"), name=row.staff.name, at=row.signed_at, words=row.notes)
    if row.taker is None:
        return (gave,)
    return (gave, s.Signature(role=_("Принял(а)"), name=row.taker.name, at=row.accepted_at, words=row.remark))


def _status(row: Handover) -> StatusView:
    return StatusView(code=row.state, title=_(row.get_state_display()), tone=TONES[row.state])


def _listed(row: Handover, page: PageView) -> s.SheetRow:
    taker: Staff | None = row.taker
    return s.SheetRow(
        url=reverse("shifts:sheet", args=[row.pk]),
        at=row.signed_at,
        shift=shift_words(row.shift, page),
        who=short_name(row.staff.name),
        taker=short_name(taker.name) if taker else "",
        accepted_at=row.accepted_at,
        status=_status(row),
        words=row.notes,
    )


def _moment_said(text: str) -> datetime | None:
    """Where the list goes on; from its beginning when nobody can read it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and found.year in YEARS else None


def sheet_list(page: PageView, said: QueryDict) -> s.SheetList:
    """Two queries."""
    company = rows.centre()
    before = _moment_said(said.get("before", ""))
    found = queries.sheets(company.pk, before, LISTED + 1)
    older = (
        f"?{urlencode({'before': found[LISTED - 1].signed_at.isoformat()})}" if len(found) > LISTED else ""
    )
    return s.SheetList(
        page=page,
        links=links("sheets"),
        rows=tuple(_listed(row, page) for row in found[:LISTED]),
        older_url=older,
    )


def as_form(row: Handover, page: PageView, keeper: str) -> dict[str, Any]:
    """What the printed form needs. Four queries."""
    made = sheet_page(page, row)
    return {
        "title": _("Лист сдачи смены"),
        "lines": [keeper, _("Смена: %s") % made.shift, made.status.title],
        "tickets_title": _("Открытые заявки: %s") % made.sheet.tickets_total,
        "tickets_head": [_("Номер"), _("Срочность"), _("Где и что"), _("Состояние, исполнитель"), _("Срок")],
        "tickets": list(_printed_tickets(made.sheet.tickets)),
        "tickets_empty": _("Открытых заявок нет."),
        "parts": [
            {"title": part.title, "empty": part.empty, "lines": [_printed_line(line) for line in part.lines]}
            for part in made.sheet.parts
        ],
        "notes_title": _("Заметки"),
        "signatures": [
            {
                "role": sign.role,
                "name": sign.name,
                "at": f"{sign.at.astimezone(ZoneInfo(page.zone)):%d.%m.%Y %H:%M:%S}" if sign.at else "",
                "words": sign.words,
            }
            for sign in made.signatures
        ],
        "proof": made.proof,
        "foot": show.printed(page),
    }


def _printed_tickets(lines: Iterable[s.TicketLine]) -> Iterable[list[str]]:
    for line in lines:
        due = ", ".join(filter(None, (line.norm, line.due, line.tone_word)))
        state = ", ".join(filter(None, (line.status.title, line.who)))
        yield [
            number_words(line.number.number),
            line.severity.title,
            f"{line.address}. {line.nature}",
            state,
            due,
        ]


def _printed_line(line: s.Line) -> list[str]:
    number = f"№ {number_words(line.number.number)}" if line.number else ""
    return [number, line.title, line.text]
