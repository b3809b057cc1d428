"""Tags of the parts that look the same on all surfaces, and filters of `vakhta.kernel.words`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vakhta.kernel import words
from vakhta.kernel.words import by_language
from vakhta.web import fields, marks, screens
from vakhta.web.lists import cells
from vakhta.web.lists.screens import ColumnChoice

register = template.Library()
_PHONE = re.compile(r"(?<![\w+])(?:\+\d|\d)(?:[\s\u00a0()-]{0,2}\d){9,12}(?!\w)", re.ASCII)
"""Ten figures and more, with what people write between them."""


register.simple_tag(marks.icon)
register.simple_tag(marks.severity)
register.simple_tag(marks.status)
register.simple_tag(marks.channel)
register.simple_tag(marks.number, name="ticket_number")
register.simple_tag(marks.clock)
register.simple_tag(marks.options)
register.simple_tag(fields.field)
register.filter(marks.iso)
register.filter(marks.key)


@register.filter
def keys(number: int | str, prefix: str) -> str:
    return f"{prefix}{number}"


def _now(context: dict[str, Any]) -> datetime | None:
    page = context.get("page")
    return page.now if page else None


def _home(context: dict[str, Any]) -> str:
    page = context.get("page")
    return page.zone if page else ""


@register.inclusion_tag("parts/address.html", takes_context=True)
def address(context: dict[str, Any], address: screens.AddressView) -> dict[str, Any]:
    zone, now = "", _now(context)
    if address.zone and now and words.zone_words(address.zone, now) != words.zone_words(_home(context), now):
        zone = words.zone_words(address.zone, now)
        zone = f"{zone}, {words.time_words(now, address.zone)}"
    return {"address": address, "zone": zone}


@register.inclusion_tag("parts/phone.html")
def phone(phone: screens.PhoneView) -> dict[str, Any]:
    return {
        "phone": phone,
        "said": words.phone_words(phone.phone),
        "link": words.phone_link(phone.phone),
    }


@register.inclusion_tag("parts/person.html")
def person(person: screens.PersonView) -> dict[str, Any]:
    return {"person": person}


@register.inclusion_tag("parts/norm.html")
def norm_mark(mark: screens.NormMark) -> dict[str, Any]:
    return {"mark": mark}


@register.simple_tag
def norm_unit(unit: str) -> str:
    """The label of a field for a norm's term, which each norm counts in its own way."""
    words = {
        "minutes": _("Срок, минут"),
        "working_days": _("Срок, рабочих дней"),
        "days": _("Срок, дней"),
    }
    return words[unit]


@register.inclusion_tag("parts/notice.html", takes_context=True)
def notice(context: dict[str, Any], notice: screens.NoticeLine) -> dict[str, Any]:
    names = {"bad": "siren", "warn": "triangle-alert", "info": "info", "good": "check"}
    return {
        "notice": notice,
        "icon_name": names[notice.tone],
        "page": context.get("page"),
    }


@register.inclusion_tag("parts/form_error.html")
def form_error(errors: screens.Errors) -> dict[str, Any]:
    """What is wrong with the whole form: the key "" of its errors."""
    return {"error": words.bound(errors.get("", ""))}


@register.filter
def error_of(errors: screens.Errors, name: str) -> str:
    return errors.get(name, "")


@register.filter
def number(value: str) -> str:
    return words.number_words(value)


@register.filter
def short_name(value: str) -> str:
    return words.short_name(value)


@register.filter
def phone_text(value: str) -> str:
    return words.phone_words(value)


@register.filter
def phones_whole(text: str) -> SafeString:
    """Words in which a phone is never broken over two lines, however it was written."""
    return mark_safe(_PHONE.sub(r'<span class="whole">\g<0></span>', conditional_escape(text)))  # nosec B308 B703  # what is not ours was escaped


@register.filter
def bound(text: str) -> str:
    """A number, a house or a name with initials that no line breaks."""
    return words.bound(text)


@register.filter
def phone_if_phone(value: str) -> str:
    """A title that is only a phone is said as a phone; an address stays as it is."""
    return words.phone_words(value) if value.startswith("+") else value


@register.simple_tag(takes_context=True)
def day(context: dict[str, Any], moment: datetime, zone: str = "") -> str:
    home = _home(context) or "Europe/Moscow"
    return words.day_words(moment, zone or home, _now(context) or moment)


@register.simple_tag(takes_context=True)
def at(
    context: dict[str, Any], moment: datetime, zone: str = "", *, seconds: bool = False, exact: bool = False
) -> str:
    """«14:05» of today, with the day when it is another one. `exact`: the same to the second, as the
    journal has it; `seconds`: the time alone, where the day is known."""
    home = _home(context) or "Europe/Moscow"
    if seconds:
        return words.time_words(moment, zone or home, seconds=True)
    return words.moment_words(moment, zone or home, _now(context) or moment, home, seconds=exact)


@register.simple_tag(takes_context=True)
def on(context: dict[str, Any], moment: datetime, zone: str) -> str:
    """«12 марта 2024, вт»: the day alone."""
    return words.day_words(moment, zone, _now(context) or moment)


@register.simple_tag(takes_context=True)
def is_today(context: dict[str, Any], moment: datetime, zone: str = "") -> bool:
    """True when `moment` is on the day of «now» there."""
    there = ZoneInfo(zone or _home(context) or "Europe/Moscow")
    return moment.astimezone(there).date() == (_now(context) or moment).astimezone(there).date()


@register.simple_tag
def figures(cells: Iterable[Any]) -> SafeString:
    """The numbers of a row of a report: an `indicators.screens.Cell` each."""
    return marks.lined(*(marks.figure(cell.text, cell.url, cell.tone) for cell in cells))


@register.simple_tag
@by_language
def offered_columns(columns: tuple[ColumnChoice, ...]) -> str:
    """The boxes of the columns of a list: a tenth of its page, and the same for everybody who has chosen none."""
    return render_to_string("lists/columns.html", {"columns": columns})


@register.simple_tag(takes_context=True)
def list_cells(context: dict[str, Any], row: Any) -> SafeString:
    """The cells of a row of a list."""
    return cells.cells(row, context["page"])
