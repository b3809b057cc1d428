"""Sentences to read aloud that follow the fields of their form: drawn here, gone on with by `say.js`.

A pattern holds `{field}`, the words of a field; `{field|else}`, with words for an empty one; `{day field}`,
a typed day as it is said («сегодня», «28 ноября, сб», nothing for one that no calendar has); `{later field}`, the same but nothing for today; and
`[…]`, a piece that is left out when a field in it has no words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vakhta.kernel.refusal import Invalid
from vakhta.kernel.words import day_words
from vakhta.web.said import local_day

_PIECE = re.compile(r"\[([^\]]*)\]")
_FIELD = re.compile(r"\{(?:(day|later) )?(\w+)(?:\|([^}]*))?\}")


@dataclass(frozen=True, kw_only=True)
class Saying:
    pattern: str
    values: Mapping[str, str]
    """What the fields hold when the form is drawn."""
    today: date

    @property
    def text(self) -> str:
        whole = _PIECE.sub(lambda piece: self._filled(piece[1], must=True), self.pattern)
        said = self._filled(whole).strip()
        return said[:1].upper() + said[1:]

    @property
    def today_word(self) -> str:
        return _("сегодня")

    @property
    def tomorrow_word(self) -> str:
        return _("завтра")

    def _filled(self, pattern: str, must: bool = False) -> str:
        words = [self._word(found) for found in _FIELD.finditer(pattern)]
        if must and not all(words):
            return ""
        return _FIELD.sub(lambda found: self._word(found), pattern)

    def _word(self, found: re.Match[str]) -> str:
        how, name, other = found.groups()
        value = self.values.get(name, "").strip()
        if how:
            value = self._day(value, how)
        return value or other or ""

    def _day(self, typed: str, how: str) -> str:
        try:
            day = local_day(typed, "", self.today)
        except Invalid:
            return ""  # no calendar has it: it is not said
        if day is None:
            return ""
        if day == self.today:
            return self.today_word if how == "day" else ""
        if day == self.today + timedelta(days=1):
            return self.tomorrow_word
        noon = ZoneInfo("UTC")
        return day_words(
            datetime.combine(day, time(12), noon), "UTC", datetime.combine(self.today, time(12), noon)
        )
