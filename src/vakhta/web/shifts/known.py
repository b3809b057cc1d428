"""What a page of the rota's month is told from, and how its days and months are read and called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import dateformat
from django.utils.translation import gettext as _

from vakhta.domain import rotas
from vakhta.domain.rotas import Gap
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.words import day_words
from vakhta.people.models import Company, Staff
from vakhta.shifts.models import Shift
from vakhta.web.screens import Errors, PageView

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
PAST_YEARS, AHEAD_YEARS = 5, 2


def month_said(text: str, today: date) -> date:
    """The first day of the month «2026-12»; of this one when nothing was said."""
    if not text.strip():
        return today.replace(day=1)
    if not _MONTH.fullmatch(text.strip()):
        raise Invalid(_("Месяц не читается: нужен вроде 2026-12."), "month")
    found = _known_month(text.strip(), today)
    if found is None:
        raise Invalid(_("Такого месяца в графике не бывает: проверьте месяц и год."), "month")
    return found


def _known_month(text: str, today: date) -> date | None:
    """None for what is no month of a rota."""
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    is_near = today.year - PAST_YEARS <= int(found[1]) <= today.year + AHEAD_YEARS
    return date(int(found[1]), int(found[2]), 1) if is_near else None


@dataclass(frozen=True)
class Wrong:
    """A form that was refused: which one, what was wrong, what was typed."""

    form: str
    """month, plan, change, swap"""
    errors: Errors
    said: QueryDict

    def month(self, today: date) -> date:
        """Of the form as it was sent; this one when that was wrong too."""
        asked = self.said.get("month", "") or self.said.get("day", "")[:7]
        return _known_month(asked.strip(), today) or today.replace(day=1)


@dataclass(frozen=True)
class Known:
    page: PageView
    company: Company
    month: date
    after: date
    today: date
    people: list[Staff]
    shifts: Mapping[rotas.Cell, Shift]
    gaps: Sequence[Gap]
    me: int


def title_of(first: date) -> str:
    """«Декабрь 2026»"""
    return dateformat.format(first, "F Y")


def day_said(day: date, page: PageView) -> str:
    """«3 декабря, чт»"""
    return day_words(datetime.combine(day, time(12), ZoneInfo(page.zone)), page.zone, page.now)
