"""The sheet of a paper night as a page: its fields, and what was written in them as lines to enter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.arrival import Message
from vakhta.contacts.models import Interaction
from vakhta.crews import queries as crews
from vakhta.domain.classifier import SERVICES
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import short_name
from vakhta.people.models import DutyContact, Staff
from vakhta.reports.paper import COLUMNS, ROWS, TITLES, Access, Column, PaperLine, Told, near
from vakhta.tickets.classifier import entries, suggest
from vakhta.web import show
from vakhta.web.said import local_day, whole
from vakhta.web.screens import Choice

Options = Sequence[tuple[str, str]]
"""Code and title of each choice of a list."""
_MOMENT = re.compile(r"(?:(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?\s+)?(\d{1,2})[:-]?(\d{2})", re.ASCII)
MOMENTS = {
    "received_at": (),
    "answered_at": ("received_at",),
    "service_1_at": ("answered_at", "received_at"),
    "service_2_at": ("service_1_at", "answered_at", "received_at"),
    "terms_told_at": ("answered_at", "received_at"),
    "terms_until": ("terms_told_at", "answered_at", "received_at"),
    "access_since": ("received_at",),
    "access_until": ("access_since",),
    "handed_at": ("answered_at", "received_at"),
    "on_the_way_at": ("handed_at", "answered_at", "received_at"),
    "on_site_at": ("on_the_way_at", "handed_at", "answered_at", "received_at"),
    "contained_at": ("on_site_at", "handed_at", "answered_at", "received_at"),
    "done_at": ("contained_at", "on_site_at", "handed_at", "answered_at", "received_at"),
}
"""Field of a moment → the fields whose day it is on, the nearest first."""
OUTSIDE = "outside"
"""The page's own field, beside the address: an address that is not found is no slip then."""
CHOSEN = frozenset({"channel", "outcome", OUTSIDE})
"""Fields that always say something: alone they make no line."""
NAMES = ("reason", "day", *(f"{name}-{number}" for number in range(1, ROWS + 1) for name in TITLES))
"""Fields of the page from above to below."""
AREAS = frozenset({"description", "about", "done_note"})


@dataclass(frozen=True)
class FieldView:
    """`name`: with the number of its line, «address-2»."""

    name: str
    label: str
    value: str
    kind: str
    options: tuple[Choice, ...] = ()
    options_url: str = ""
    """POST with the words of `follows` answers with the options anew, the likeliest first."""
    follows: str = ""
    """id of the field whose words decide the order of the options."""
    sends: str = ""
    """Names of the fields that the question sends, by commas."""
    placeholder: str = ""
    autofocus: bool = False


@dataclass(frozen=True)
class GroupView:
    title: str
    fields: tuple[FieldView, ...]
    code: str


@dataclass(frozen=True)
class LineView:
    number: int
    groups: tuple[GroupView, ...]


class SheetRefused(Invalid):
    """`errors`: by the names of the page's fields. Nothing of the sheet was entered."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(next(iter(errors.values())), next(iter(errors)))
        self.errors = dict(errors)


# ── What was written ─────────────────────────────────────────────────────────────────────────


def lines_of(said: Mapping[str, str], zone: str) -> tuple[dict[int, PaperLine], dict[str, str]]:
    """(number of the line → the line, empty ones left out; what cannot be read, by the names of the page's
    fields). A line is made of what can be read, so that the rest of it is looked at too. Raises `SheetRefused`
    when there is no line, or no day that its times are of."""
    found: dict[int, PaperLine] = {}
    errors: dict[str, str] = {}
    day = _day(said)
    before: datetime | None = None
    for number in range(1, ROWS + 1):
        names = (*TITLES, OUTSIDE)
        words = {name: said.get(f"{name}-{number}", "").strip() for name in names}
        if not any(text for name, text in words.items() if name not in CHOSEN):
            continue
        moments, wrong = _moments(words, day, before, ZoneInfo(zone))
        before = moments.get("received_at") or before
        first = min(moments.values(), default=datetime.combine(day, time.min, ZoneInfo(zone)))
        try:
            performer = _performer(words["performer"])
        except Invalid as error:
            performer = {}
            wrong[error.field] = error.message
        found[number] = _line(words, {"received_at": first, **moments}, performer)
        errors |= {f"{name}-{number}": message for name, message in wrong.items()}
    if not found:
        raise SheetRefused({"received_at-1": _("Лист пустой: заполните хотя бы одну строку.")})
    return found, errors


def _day(said: Mapping[str, str]) -> date:
    try:
        day = local_day(said.get("day", ""), "day")
    except Invalid as error:
        raise SheetRefused({"day": error.message}) from error
    if day is None:
        raise SheetRefused({"day": _("Укажите день листа: время в строках отсчитывается от него.")})
    return day


def _moments(
    words: Mapping[str, str], day: date, before: datetime | None, zone: ZoneInfo
) -> tuple[dict[str, datetime], dict[str, str]]:
    """(moments by field, what cannot be read by field). `before`: when the line above began."""
    found: dict[str, datetime] = {}
    wrong: dict[str, str] = {}
    for name, anchors in MOMENTS.items():
        after = next(
            (found[anchor] for anchor in anchors if anchor in found), before if not anchors else None
        )
        if not words[name]:
            continue
        try:
            found[name] = moment_of(words[name], day, after, zone)
        except ValueError:
            wrong[name] = _("Время не читается: нужно вроде 02:10 или 25.11 02:10.")
    if not words["received_at"]:
        wrong["received_at"] = _("Укажите, когда обратились: время из бумажного журнала.")
    return found, wrong


def moment_of(text: str, day: date, after: datetime | None, zone: ZoneInfo) -> datetime:
    """«02:10», «0210», «25.11 02:10» of a sheet of that `day`; raises `ValueError`."""
    read = _MOMENT.fullmatch(text)
    if read is None:
        raise ValueError(text)
    number, month, year, hours, minutes = read.groups()
    hour = time(int(hours), int(minutes))
    if number is None:
        return near(hour, day, after, zone)
    if year:
        return datetime.combine(date(2000 + int(year) % 100, int(month), int(number)), hour, zone)
    years = (date(day.year + more, int(month), int(number)) for more in (-1, 0, 1))
    nearest = min(years, key=lambda other: abs(other - day), default=day)
    return datetime.combine(nearest, hour, zone)


def _line(words: dict[str, str], moments: dict[str, datetime], performer: dict[str, Any]) -> PaperLine:
    message = Message(
        channel=words["channel"] or "phone",
        caller=words["caller"],
        phone=words["phone"],
        address=words["address"],
        text=words["description"],
    )
    access = Access(
        since=moments.pop("access_since", None),
        until=moments.pop("access_until", None),
        worker=words["access_worker"],
        reason=words["access_reason"],
    )
    services = tuple(
        Told(
            service=words[f"service_{n}"],
            at=moments.pop(f"service_{n}_at", None),
            who=words[f"service_{n}_who"],
        )
        for n in (1, 2)
        if words[f"service_{n}"] or words[f"service_{n}_at"] or words[f"service_{n}_who"]
    )
    return PaperLine(
        message=message,
        outcome=words["outcome"] or "ticket",
        about=words["about"],
        classifier=words["classifier"],
        description=words["description"],
        is_outside=words[OUTSIDE] == "yes",
        services=services,
        access=access if access != Access() else None,
        done_note=words["done_note"],
        **performer,
        **moments,  # type: ignore[arg-type]
    )


def _performer(said: str) -> dict[str, Any]:
    kind, _slash, number = said.partition("/")
    if not said:
        return {}
    pk = whole(number)
    if kind not in ("crew", "assignee") or pk is None:
        raise Invalid(_("Выберите бригаду или исполнителя из списка."), "performer")
    return {kind: pk}


# ── The page ─────────────────────────────────────────────────────────────────────────────────


def sheet(said: Mapping[str, str], focus: str) -> tuple[LineView, ...]:
    """The lines of the page with what was written. Four queries. `focus`: the field that has it."""
    options = _options()
    return tuple(
        LineView(
            number=number,
            groups=tuple(
                GroupView(
                    title=_(column.title),
                    code=next(iter(column.fields)).removesuffix("_at"),
                    fields=tuple(
                        _field(name, title, number, said, options.get(name, ()), focus)
                        for name, title in fields_of(column).items()
                    ),
                )
                for column in COLUMNS
            ),
        )
        for number in range(1, ROWS + 1)
    )


def fields_of(column: Column) -> dict[str, str]:
    return column.fields | ({OUTSIDE: marked("чей дом")} if "address" in column.fields else {})


def natures(words: str, chosen: str) -> tuple[Choice, ...]:
    """All entries of the classifier: what the words may mean comes first, and nothing is chosen for anybody."""
    return _natures(_kinds(), words, chosen)


def _kinds() -> Options:
    kinds = (entry for entry in entries().values() if not entry.is_off)
    ordered = sorted(kinds, key=lambda entry: (entry.place, entry.title))
    return tuple((entry.code, f"{_(entry.place)} › {show.nature(entry.code)}") for entry in ordered)


def _natures(kinds: Options, words: str, chosen: str) -> tuple[Choice, ...]:
    called = dict(kinds)
    alike = [match.entry.code for match in suggest(words)]
    offered = {"": "—", **{code: called[code] for code in alike if code in called}, **called}
    return tuple(Choice(value=code, title=title, chosen=code == chosen) for code, title in offered.items())


def _field(
    name: str,
    title: str,
    number: int,
    said: Mapping[str, str],
    options: Options,
    focus: str,
) -> FieldView:
    full = f"{name}-{number}"
    value = said.get(full, "")
    label = _(title)
    is_nature = name == "classifier"
    choices = (
        _natures(options, said.get(f"description-{number}", ""), value)
        if is_nature
        else tuple(Choice(value=code, title=called, chosen=code == value) for code, called in options)
    )
    return FieldView(
        name=full,
        label=f"{label[:1].upper()}{label[1:]}",
        value=value,
        kind="select" if choices else "textarea" if name in AREAS else "tel" if name == "phone" else "text",
        options=choices,
        options_url=reverse("console:paper_natures", args=[number]) if is_nature else "",
        follows=f"pp-description-{number}" if is_nature else "",
        sends=f"description-{number},{full}" if is_nature else "",
        placeholder="02:10" if name in MOMENTS else "",
        autofocus=full == focus,
    )


def _options() -> dict[str, Options]:
    none = ("", "—")
    known = DutyContact.objects.filter(company_id=current_scope().centre, kind="service").exclude(code="")
    services = {
        **{code: _(name) for code, name in SERVICES.items()},
        **dict(known.values_list("code", "name")),
    }
    technicians = Staff.objects.filter(role="technician", is_active=True).order_by("name")
    performers = (
        *((f"crew/{found.crew.pk}", found.crew.name) for found in crews.candidates("")),
        *((f"assignee/{pk}", short_name(name)) for pk, name in technicians.values_list("pk", "name")),
    )
    return {
        "classifier": _kinds(),
        OUTSIDE: (("", _("наш")), ("yes", _("не в фонде"))),
        "channel": tuple((code, _(name)) for code, name in Interaction.CHANNELS),
        "outcome": tuple((code, _(name)) for code, name in Interaction.OUTCOMES),
        "service_1": (none, *services.items()),
        "service_2": (none, *services.items()),
        "performer": (none, *performers),
    }


def yesterday(now: datetime, zone: str) -> date:
    """The day that a sheet is most likely of when it is entered in the morning."""
    local = now.astimezone(ZoneInfo(zone))
    return (local - timedelta(days=1)).date() if local.hour < 12 else local.date()
