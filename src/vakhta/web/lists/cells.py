"""The cells of a list as HTML, column by column: what `web.marks` is for its marks, this is for its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vakhta.kernel import words
from vakhta.web import marks
from vakhta.web.lists import screens as s
from vakhta.web.marks import html
from vakhta.web.screens import PageView

Row = Any
"""A `TicketRow` or a `ContactRow`: a column of one list is drawn from that list's rows."""


def cells(row: Row, page: PageView) -> SafeString:
    """All of a row; of one that can be chosen its box first."""
    box = _box(row) if isinstance(row, s.TicketRow) else marks.NOTHING
    return marks.lined(box, *(_cell(row, cell, page) for cell in row.cells))


def _box(row: s.TicketRow) -> SafeString:
    return html(
        '<td class="list-pick"><input type="checkbox" name="ticket" value="{}"{} aria-label="{}"></td>',
        row.choice,
        SafeString(" checked") if row.chosen else marks.NOTHING,
        _("Выбрать № %(number)s") % {"number": words.number_words(row.number.number)},
    )


def _cell(row: Row, cell: s.Cell, page: PageView) -> SafeString:
    if draw := _DRAWN.get(cell.code):
        inside = draw(row, page)
    else:
        inside = html(_WORDS.get(cell.code, "{}"), cell.text) if cell.text else marks.NOTHING
    return SafeString(f'<td data-column="{cell.code}">{inside}</td>')  # nosec B703  # the code is ours


def _note(*parts: str) -> SafeString:
    return html('<span class="cell-note">{}</span>', marks.lined(*parts))


def _at(row_moment: Any, page: PageView) -> str:
    return words.moment_words(row_moment, page.zone, page.now, page.zone)


def _number(row: Row, page: PageView) -> SafeString:
    return marks.number(row.number)


def _ticket(row: Row, page: PageView) -> SafeString:
    if isinstance(row, s.ContactRow):
        return marks.number(row.ticket) if row.ticket else marks.NOTHING
    when = (
        _at(row.registered_at, page)
        if row.has_time
        else words.day_words(row.registered_at, row.zone, page.now)
    )
    return marks.lined(marks.number(row.number), _note(when))


def _severity(row: Row, page: PageView) -> SafeString:
    """Nobody chose one of a ticket that was carried over."""
    return marks.NOTHING if row.number.is_old else marks.severity(row.severity)


def _what(row: Row, page: PageView) -> SafeString:
    said = html('<span class="cell-note list-words">{}</span>', row.words) if row.words else marks.NOTHING
    urgency = _severity(row, page)
    return html("{}{}<b>{}</b>{}", urgency, " " if urgency else "", row.what, said)


def _where(row: Row, page: PageView) -> SafeString:
    where = words.bound(row.where or "—")
    if not row.who and not row.phone:
        return marks.lined(where)
    phone = html('<span class="whole">{}</span>', row.phone)
    return marks.lined(where, _note(words.bound(row.who), " · " if row.who and row.phone else "", phone))


def _stands(row: Row, page: PageView) -> SafeString:
    return marks.lined(marks.status(row.status), _note(row.crew) if row.crew else "")


def _status(row: Row, page: PageView) -> SafeString:
    return marks.status(row.status)


def _term(row: Row, page: PageView) -> SafeString:
    said = [marks.clock(row.clock)] if row.clock else []
    if row.broken:
        said.append(html('<span class="cell-note list-broken">{} {}</span>', _("нарушено:"), row.broken))
    if row.kept_late:
        said.append(_note(_("в срок, внесено позже:"), " ", row.kept_late))
    return marks.lined(*said)


def _came(row: Row, page: PageView) -> SafeString:
    channel = marks.channel(row.channel)
    linked = html('<a href="{}">{}</a>', row.url, channel) if row.url else channel
    return marks.lined(linked, _note(_at(row.received_at, page)))


def _result(row: Row, page: PageView) -> SafeString:
    return marks.lined(marks.status(row.status), _note(marks.number(row.ticket)) if row.ticket else "")


def _by(row: Row, page: PageView) -> SafeString:
    answered = _note(_at(row.answered_at, page)) if row.answered_at else ""
    return marks.lined(words.bound(row.operator), answered)


def _about(row: Row, page: PageView) -> SafeString:
    return html('<span class="list-words">{}</span>', row.words) if row.words else marks.NOTHING


_DRAWN: Mapping[str, Callable[[Row, PageView], SafeString]] = {
    "ticket": _ticket,
    "number": _number,
    "what": _what,
    "severity": _severity,
    "where": _where,
    "who": _where,
    "stands": _stands,
    "state": _status,
    "outcome": _status,
    "term": _term,
    "came": _came,
    "about": _about,
    "result": _result,
    "by": _by,
}
"""Columns that show marks, or more than one thing."""

_WORDS: Mapping[str, str] = {
    "broken": '<span class="list-broken">{}</span>',
    "words": '<span class="list-words">{}</span>',
}
"""Plain columns whose text looks its own way."""
