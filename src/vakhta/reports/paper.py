"""«Бумажная ночь»: what the blank sheet asks for a blackout, and how a sheet is entered in the morning,
with the real times of the paper and the reason. The sheet and the page have the same columns: `COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival, rows
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.domain.classifier import SERVICES
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, Refused, clean, require
from vakhta.kernel.words import number_words
from vakhta.places.phones import applicants_phone
from vakhta.tickets import actions as tickets
from vakhta.tickets.classifier import entries
from vakhta.tickets.models import Ticket
from vakhta.tickets.queries import by_number

ROWS = 5
"""Lines of a sheet: room for handwriting; the page asks for a sheet at once."""
FROM_PAPER = "внесено с бумажного журнала"


@dataclass(frozen=True)
class Column:
    """A column of the sheet and what stands in it: names of fields → how they are called."""

    title: str
    fields: dict[str, str]
    width: int
    """Of the printed column, millimetres."""


COLUMNS = (
    Column(
        marked("Обратились"),
        {"received_at": marked("обратились"), "answered_at": marked("ответили"), "channel": marked("как")},
        24,
    ),
    Column(marked("Заявитель"), {"caller": marked("имя"), "phone": marked("телефон")}, 31),
    Column(marked("Адрес"), {"address": marked("улица, дом, квартира")}, 29),
    Column(
        marked("Что случилось"),
        {"description": marked("слова заявителя"), "classifier": marked("вид неисправности")},
        35,
    ),
    Column(
        marked("Чем кончилось"),
        {"outcome": marked("заявка или иное"), "about": marked("кому передано, № заявки, что сказано")},
        28,
    ),
    Column(
        marked("Службы"),
        {
            "service_1": marked("служба"),
            "service_1_at": marked("когда"),
            "service_1_who": marked("кто принял"),
            "service_2": marked("ещё служба"),
            "service_2_at": marked("когда"),
            "service_2_who": marked("кто принял"),
        },
        25,
    ),
    Column(marked("Сроки"), {"terms_told_at": marked("названы в"), "terms_until": marked("срок до")}, 21),
    Column(
        marked("Допуск"),
        {
            "access_since": marked("с"),
            "access_until": marked("до"),
            "access_worker": marked("кто придёт"),
            "access_reason": marked("зачем"),
        },
        24,
    ),
    Column(
        marked("Кому передано"), {"performer": marked("бригада, мастер"), "handed_at": marked("когда")}, 24
    ),
    Column(
        marked("Работы"),
        {
            "on_the_way_at": marked("выехали"),
            "on_site_at": marked("на месте"),
            "contained_at": marked("локализовано"),
            "done_at": marked("выполнено"),
            "done_note": marked("что сделано"),
        },
        25,
    ),
)
TITLES = {name: title for column in COLUMNS for name, title in column.fields.items()}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A service that was told: its code, when (None: not written down), who took the message."""

    service: str
    at: datetime | None = None
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class Access:
    since: datetime | None = None
    until: datetime | None = None
    worker: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """A line of the paper journal. Moments are those of the paper; None when it did not happen or was
    not written down."""

    message: arrival.Message
    received_at: datetime
    answered_at: datetime | None = None
    outcome: str = "ticket"
    """As `Interaction.OUTCOMES`."""
    about: str = ""
    """To whom redirected, the number of the ticket that it adds to, what was said; of a ticket: a comment."""
    classifier: str = ""
    description: str = ""
    is_outside: bool = False
    """The place is not in the stock: its words stand as they are."""
    services: tuple[Told, ...] = ()
    terms_told_at: datetime | None = None
    terms_until: datetime | None = None
    access: Access | None = None
    crew: int | None = None
    assignee: int | None = None
    handed_at: datetime | None = None
    on_the_way_at: datetime | None = None
    on_site_at: datetime | None = None
    contained_at: datetime | None = None
    done_at: datetime | None = None
    done_note: str = ""

    @property
    def is_handed(self) -> bool:
        return self.crew is not None or self.assignee is not None

    @property
    def begun_at(self) -> datetime:
        return self.answered_at or self.received_at


class LinesRefused(Invalid):
    """Lines of the sheet are wrong, and none of it is entered. `errors`: (line from 0, field of the sheet or "" of
    the whole line) → what is wrong."""

    def __init__(self, errors: Mapping[tuple[int, str], str]) -> None:
        (_line, field), message = next(iter(errors.items()))
        super().__init__(message, field)
        self.errors = dict(errors)


def enter_sheet(lines: Sequence[PaperLine], *, key: str = "") -> list[Ticket | Interaction]:
    """Enters lines of a sheet, all or none, inside `acting(…, late_reason=…)` whose reason is written with
    every entry; a ticket where a line became one, else the contact. `key`: of this sheet; one that was entered
    already is refused whole with the numbers that it got. Raises `LinesRefused`, with all that is wrong with all
    lines, and Conflict."""
    scope = require("journal.enter_late")
    if key:
        _check_new(key, scope.centre or 0)
    made: list[Ticket | Interaction] = []
    wrong: dict[tuple[int, str], str] = {}
    for number, line in enumerate(lines):
        message = replace(line.message, key=f"{key}/{number}" if key else None)
        entered, errors = _tried(replace(line, message=message))
        made += entered
        wrong |= {(number, field): words for field, words in errors.items()}
    if wrong:
        raise LinesRefused(wrong)
    return made


def _tried(line: PaperLine) -> tuple[list[Ticket | Interaction], dict[str, str]]:
    """What the line became, or all that is wrong with it by the fields of the sheet: what was refused is left out
    and the rest tried again. Of a line that lacks something, a refusal of no field is our own doing: not told."""
    errors: dict[str, str] = {}
    while True:
        try:
            with transaction.atomic():
                _check(line)
                return [_enter(line)], errors
        except (Invalid, Conflict, NotFound) as error:
            if errors and (error.field not in TITLES or error.field in errors):
                return [], errors
            errors[error.field] = error.message
            if error.field not in TITLES:
                return [], errors
            line = _without(line, error.field)


def _without(line: PaperLine, field: str) -> PaperLine:
    """The line with something that passes in place of what its `field` says. It is only looked at: the sheet is
    refused."""
    begun, now = line.begun_at, journal.current_unit().at
    if field.startswith("service_"):
        number, _line, part = field.removeprefix("service_").partition("_")
        passes = {"": {"service": next(iter(SERVICES))}, "who": {"who": "—"}, "at": {"at": None}}[part]
        told = [replace(t, **passes) if n == int(number) else t for n, t in enumerate(line.services, 1)]  # type: ignore[arg-type]
        return replace(line, services=tuple(told))
    if field in ("caller", "phone", "channel"):
        passing = "phone" if field == "channel" else ""
        return replace(line, message=replace(line.message, **{field: passing}))  # type: ignore[arg-type]
    unhanded = {"crew": None, "assignee": None, "handed_at": None, "on_the_way_at": None, "on_site_at": None}
    access = line.access or Access()
    handed = line.handed_at or begun
    passes_by_field: dict[str, dict[str, Any]] = {
        # Nothing of a line can be compared when it began nowhere.
        "received_at": {
            **{name: None for name in BEFORE if not name.startswith("service_")}, **unhanded, "received_at": now,
            "services": tuple(replace(told, at=None) for told in line.services), "terms_until": None, "done_note": "",
            "access": None,
        },
        "address": {"message": replace(line.message, address="—"), "is_outside": True},
        "classifier": {"classifier": next(iter(entries()))},
        "description": {"description": "", "message": replace(line.message, text="")},
        "terms_told_at": {"terms_told_at": None, "terms_until": None},
        "access_since": {"access": None},
        "access_until": {"access": replace(access, until=None)},
        "access_worker": {"access": replace(access, worker="—")},
        "access_reason": {"access": replace(access, reason="—")},
        "performer": unhanded,
        "handed_at": {"handed_at": begun},
        "on_site_at": {"on_site_at": (line.on_the_way_at or handed) if line.is_handed else None},
        "done_at": {"done_at": None, "done_note": ""},
        "about": {"about": ""},
        "done_note": {"done_note": ""},
    }  # fmt: skip
    moment = {field: None} if field in BEFORE or field == "terms_until" else {}  # an ending is not guessed
    return replace(line, **passes_by_field.get(field, moment))


def _check_new(key: str, centre: int) -> None:
    known = Interaction.objects.filter(centre_id=centre, key__startswith=f"{key}/").order_by("id")
    numbers = [number or "" for number in known.values_list("ticket__number", flat=True)]
    if numbers:
        told = ", ".join(f"№ {number_words(number)}" for number in numbers if number) or _("заявок в нём нет")
        raise Conflict(
            _("Этот лист уже записан: %s. Откройте «С бумаги» заново, чтобы внести следующий.") % told
        )


def near(hour: time, day: date, after: datetime | None, zone: ZoneInfo) -> datetime:
    """The moment that an hour on the sheet means: of `day`, or of the day of what stands before it
    (`after`); small hours after a late evening are the next day's."""
    start = after.astimezone(zone).date() if after else day
    moment = datetime.combine(start, hour, zone)
    if after and moment < after and moment + timedelta(days=1) - after <= PAST_MIDNIGHT:
        return datetime.combine(start + timedelta(days=1), hour, zone)
    return moment


PAST_MIDNIGHT = timedelta(hours=12)
"""An hour that seems to be earlier by more than the other half of the day is a slip, not a new day."""
OLDEST_PAPER = timedelta(days=31)
"""Older paper is not entered line by line: its year's numbers may be closed."""


# ── What is possible ─────────────────────────────────────────────────────────────────────────

BEFORE = {
    "answered_at": ("received_at",),
    "service_1_at": ("answered_at", "received_at"),
    "service_2_at": ("answered_at", "received_at"),
    "terms_told_at": ("answered_at", "received_at"),
    "handed_at": ("answered_at", "received_at"),
    "on_the_way_at": ("handed_at", "answered_at", "received_at"),
    "on_site_at": ("on_the_way_at", "handed_at", "answered_at", "received_at"),
    "contained_at": ("on_site_at", "on_the_way_at", "handed_at", "answered_at", "received_at"),
    "done_at": ("contained_at", "on_site_at", "on_the_way_at", "handed_at", "answered_at", "received_at"),
}
"""Field → what cannot have been later, the nearest first."""
OF_A_TICKET = (
    "classifier", "services", "terms_told_at", "terms_until", "access", "crew", "assignee", "handed_at",
    "on_the_way_at", "on_site_at", "contained_at", "done_at", "done_note",
)  # fmt: skip


def _check(line: PaperLine) -> None:
    moments = _moments(line)
    now = journal.current_unit().at
    for name, moment in moments.items():
        if moment > now:
            raise Invalid(_("«%s» ещё не наступило: проверьте день и время.") % _(TITLES[name]), name)
    if now - line.received_at > OLDEST_PAPER:
        raise Invalid("Обращению больше месяца: с бумаги вносят не старше 31 дня.", "received_at")
    for name, earlier in BEFORE.items():
        before = next((other for other in earlier if other in moments), "")
        if name in moments and before and moments[name] < moments[before]:
            said = {"what": _(TITLES[name]), "before": _(TITLES[before])}
            raise Invalid(_("«%(what)s» раньше, чем «%(before)s»: проверьте время.") % said, name)
    if line.outcome == "ticket":
        if not line.classifier:
            raise Invalid(
                "Выберите вид неисправности из списка: первыми в нём стоят похожие на слова заявителя.",
                "classifier",
            )
        _check_work(line)
    elif any(getattr(line, name) for name in OF_A_TICKET):
        raise Invalid(
            "Вид, службы, сроки, допуск и работы бывают у заявки: выберите «заявка» или уберите их.",
            "outcome",
        )


def _moments(line: PaperLine) -> dict[str, datetime]:
    """The moments of a line that have been, by their fields."""
    found = {name: getattr(line, name) for name in ("received_at", *BEFORE) if hasattr(line, name)}
    found |= {f"service_{number}_at": told.at for number, told in enumerate(line.services, 1)}
    return {name: moment for name, moment in found.items() if moment is not None}


def _check_work(line: PaperLine) -> None:
    if clean(line.done_note, "done_note", "Что сделано", limit=2000) and not line.done_at:
        raise Invalid("Сказано, что сделано, но не когда: укажите время.", "done_at")
    if line.terms_until and not line.terms_told_at:
        raise Invalid("Срок записан, но не когда его назвали: укажите время.", "terms_told_at")
    if line.is_handed and not line.handed_at:
        raise Invalid("Укажите, когда заявку передали.", "handed_at")
    if line.is_handed and (line.contained_at or line.done_at) and not line.on_site_at:
        raise Invalid("Укажите, когда бригада была на месте.", "on_site_at")
    if not line.is_handed and (line.handed_at or line.on_the_way_at or line.on_site_at):
        raise Invalid("Укажите, кому передали заявку.", "performer")


# ── Entering ─────────────────────────────────────────────────────────────────────────────────

FIELDS = {"until_day": "terms_until", "note": "done_note", "who": "service_1_who", "service": "service_1",
          "text": "description", "access_day": "access_since", "crew": "performer", "assignee": "performer", "redirected_to": "about"}  # fmt: skip
"""Fields of the actions → fields of the sheet."""


@contextmanager
def _happening(moment: datetime) -> Iterator[None]:
    """What is recorded inside happened at `moment`; its refusals name the fields of the sheet."""
    try:
        with journal.happening(moment):
            yield
    except Refused as error:
        error.field = FIELDS.get(error.field, error.field)
        raise


def _enter(line: PaperLine) -> Ticket | Interaction:
    scope = require("journal.enter_late")
    with _happening(line.received_at):
        applicants_phone(line.message.phone)
        row, is_new = arrival.receive(line.message, centre=scope.centre or 0)
    if not is_new:  # the same sheet, a moment ago, from the other window
        raise Conflict(_("Этот лист уже записан."))
    if line.outcome == "ticket" and row.address and not row.building_id and not line.is_outside:
        said = _("Дом по словам «%s» не найден: поправьте адрес или выберите «не в фонде», слова останутся.")
        raise Invalid(said % row.address, "address")
    with _happening(line.begun_at):
        contacts.take(row.pk)
        if line.outcome != "ticket":
            return _end(row, line)
        # The number is given now, so that nobody was told it then.
        ticket = contacts.register(
            row.pk,
            classifier=line.classifier,
            description=line.description,
            number_told=False,
            is_outside=line.is_outside,
        )
        if about := clean(line.about, "about", "Подробности", limit=2000):
            tickets.comment(ticket.pk, about)
    done = {4: False, 5: _tell_services(ticket, row, line), 6: _tell_terms(ticket, row, line),
            7: _agree_access(ticket, row, line), 8: _hand_over(ticket, row, line)}  # fmt: skip
    moments = (line.begun_at, line.terms_told_at, line.handed_at, *(told.at for told in line.services))
    with _happening(max(moment for moment in moments if moment)):
        for step, is_done in done.items():
            if not is_done:
                contacts.skip_step(row.pk, step, FROM_PAPER)
        contacts.complete(rows.mine(row.pk))
    if not line.is_handed:
        _record_work(ticket, line)
    return ticket


def _end(row: Interaction, line: PaperLine) -> Interaction:
    """Another ending than a ticket."""
    about = clean(line.about, "about", "Подробности", limit=2000)
    said = clean(line.description, "description", "Слова заявителя", limit=2000)
    if line.outcome == "addition":
        found, _merged = by_number(about.lstrip("№ ").replace(" ", ""))
        if found is None:
            raise Invalid("Заявки с таким номером нет. Номер пишут так: 26-204337.", "about")
        return contacts.join_ticket(row.pk, found.pk, said)
    to = about if line.outcome == "redirected" else ""
    try:
        return contacts.end(row.pk, line.outcome, note=said if to else about or said, redirected_to=to)
    except Invalid as error:
        error.field = "about" if error.field == "note" else error.field
        raise


def _tell_services(ticket: Ticket, row: Interaction, line: PaperLine) -> bool:
    for number, told in enumerate(line.services, 1):
        with _happening(told.at or line.begun_at):
            try:
                tickets.tell_service(ticket.pk, told.service, told.who, interaction=row.pk)
            except Invalid as error:
                error.field = {"service": f"service_{number}", "who": f"service_{number}_who"}[error.field]
                raise
    if line.services:
        with _happening(max(told.at or line.begun_at for told in line.services)):
            codes = tuple(told.service for told in line.services)
            tickets.decide_services(ticket.pk, codes, interaction=row.pk)
    return bool(line.services)


def _tell_terms(ticket: Ticket, row: Interaction, line: PaperLine) -> bool:
    if line.terms_told_at:
        with _happening(line.terms_told_at):
            tickets.tell_terms(ticket.pk, line.terms_until, interaction=row.pk)
    return line.terms_told_at is not None


def _agree_access(ticket: Ticket, row: Interaction, line: PaperLine) -> bool:
    if line.access:
        agreed = line.access
        with _happening(line.terms_told_at or line.begun_at):
            tickets.agree_access(
                ticket.pk,
                needed=True,
                since=agreed.since,
                until=agreed.until,
                reason=agreed.reason,
                worker=agreed.worker,
                interaction=row.pk,
            )
    return line.access is not None


def _hand_over(ticket: Ticket, row: Interaction, line: PaperLine) -> bool:
    """The order and what the crew is known to have done: whoever has set off has accepted."""
    if not line.is_handed or line.handed_at is None:
        return False
    with _happening(line.handed_at):
        order = crews.assign_ticket(ticket.pk, crew=line.crew, assignee=line.assignee, interaction=row.pk)
    moves = [
        (line.on_the_way_at or line.on_site_at, "accept"),
        (line.on_the_way_at, "go"),
        (line.on_site_at, "arrive"),
        (line.contained_at, "contain"),
        (line.done_at, "done"),
    ]
    for moment, move in moves:
        if moment:
            with _happening(moment):
                crews.report_move(order.pk, move, (move == "done" and line.done_note) or FROM_PAPER)
    return True


def _record_work(ticket: Ticket, line: PaperLine) -> None:
    """Contained and done, where the paper does not say who did it."""
    for moment, state in ((line.contained_at, "contained"), (line.done_at, "done")):
        if moment:
            with _happening(moment):
                tickets.record_progress(ticket.pk, state, line.done_note)
