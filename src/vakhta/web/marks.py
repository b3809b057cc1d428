"""The small marks that stand in a list hundreds of times: a number, an urgency, a state, a channel, a clock.

Made as HTML here and not in templates: each is a few microseconds instead of a tenth of a millisecond, which
is most of what a list of fifty rows takes. All that comes in is escaped by `html`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from html import escape

from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vakhta.kernel import words
from vakhta.kernel.words import by_language
from vakhta.web import screens

NOTHING = SafeString("")


def html(shape: str, *parts: str | int) -> SafeString:
    """`shape` is ours, with a {} for each part; what is no HTML of ours is escaped. Django's `format_html` does the
    same at three times the price: it also takes words of a language that is not chosen yet."""
    return SafeString(shape.format(*map(_escaped, parts)))  # nosec B703  # the shape is ours, each part escaped


def lined(*parts: str) -> SafeString:
    """The parts one behind another."""
    return SafeString("".join(map(_escaped, parts)))  # nosec B703  # each part is escaped


def _escaped(part: str | int) -> str:
    return part if isinstance(part, SafeString) else escape(str(part))


@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite; never without a word beside it, so it is hidden from screen readers."""
    shape = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return html(shape, static("vendor/icons.svg"), name)


@by_language
def severity(severity: screens.SeverityView) -> SafeString:
    return html('<span class="severity" data-severity="{}">{}</span>', severity.code, severity.title)


@by_language
def status(status: screens.StatusView) -> SafeString:
    return html('<span class="status" data-tone="{}">{}</span>', status.tone, status.title)


def figure(text: str, url: str, tone: str) -> SafeString:
    """A number in a table; what stands for none is not pressed upon the eye."""
    return html(
        '<td class="figure"{}{}>{}</td>',
        SafeString(" data-none") if text in ("0", "—") else NOTHING,
        html(' data-tone="{}"', tone) if tone else NOTHING,
        html('<a href="{}">{}</a>', url, text) if url else text,
    )


@by_language
def channel(channel: screens.ChannelView, *, quiet: bool = False) -> SafeString:
    """`quiet`: the icon alone is seen (lists have a legend), the word is for screen readers."""
    return html(
        '<span class="channel" title="{}">{}<span{}>{}</span></span>',
        channel.title,
        icon(channel.icon),
        SafeString(' class="unseen"') if quiet else NOTHING,
        channel.title,
    )


def number(number: screens.TicketNumber, *, large: bool = False) -> SafeString:
    said = number.said or words.number_words(number.number)
    sort = "number number-large" if large else "number"
    if number.url:
        made = html('<a class="{}" href="{}">№&nbsp;{}</a>', sort, number.url, said)
    else:
        made = html('<span class="{}">№&nbsp;{}</span>', sort, said)
    if not number.is_old:
        return made
    return html('{} <span class="number-old">{}</span>', made, _("прежний журнал"))


def options(options: Iterable[screens.Choice]) -> SafeString:
    """The options of a list to choose from."""
    return _options(tuple(options))


@lru_cache(maxsize=256)
def _options(options: tuple[screens.Choice, ...]) -> SafeString:
    """Kept: a filter's list of seventy is the same for everybody."""
    return lined(*map(_option, options))


def _option(choice: screens.Choice) -> SafeString:
    return html(
        '<option value="{}"{}{}>{}{}</option>',
        choice.value,
        SafeString(" selected") if choice.chosen else NOTHING,
        SafeString(" disabled") if choice.disabled else NOTHING,
        choice.title,
        html(" · {}", choice.detail) if choice.detail else NOTHING,
    )


KEY_WORDS = {
    "Ctrl": "Ctrl",
    "Enter": "Enter",
    "Escape": "Esc",
    "Insert": "Ins",
    "Slash": "/",
    "Question": "?",
}


def key(keys: str) -> str:
    """«Ctrl+Enter Alt+Z» → «Ctrl+Enter»: the first of the keys, as it is printed on a button."""
    first = keys.split(" ")[0]
    return "+".join(KEY_WORDS.get(part, part) for part in first.split("+"))


# ── The clock ────────────────────────────────────────────────────────────────────────────────


def clock(clock: screens.ClockView, *, bar: bool = True, full: bool = False) -> SafeString:
    """A clock that goes on by itself. `full`: with its title and the norm it comes from."""
    if not full:
        return _face(clock, bar, html('<span class="unseen">{}: </span>', clock.title))
    norm = words.bound(" · ".join(filter(None, (clock.norm_text, clock.act_item))))
    return html(
        '<div class="clock-full"><span class="clock-title">{}</span>{}{}</div>',
        clock.title,
        _face(clock, bar, NOTHING),
        html('<span class="clock-norm">{}</span>', norm) if norm else NOTHING,
    )


def _face(clock: screens.ClockView, bar: bool, unseen: SafeString) -> SafeString:
    stands = clock.stopped_at is not None or clock.state == "paused"
    title = f"{clock.title}: {clock.norm_text}" if clock.norm_text else clock.title
    return html(
        '<span class="clock" data-face="{}"{} title="{}">{}'
        '<span class="clock-left">{}</span><span class="clock-word">{}</span>{}</span>',
        clock.face,
        NOTHING if stands else _ticks(clock),
        f"{title} ({clock.act_item})" if clock.act_item else title,
        unseen,
        _left(clock),
        face_word(clock),
        _bar(clock) if bar and clock.stopped_at is None else NOTHING,
    )


def _ticks(clock: screens.ClockView) -> SafeString:
    """What `clock.js` counts on from."""
    return html(
        ' data-due="{}" data-risk="{}" data-now="{}"', *map(iso, (clock.due_at, clock.risk_at, clock.now))
    )


def _bar(clock: screens.ClockView) -> SafeString:
    return html('<progress max="{}" value="{}" aria-hidden="true"></progress>', clock.whole, clock.bar)


def _left(clock: screens.ClockView) -> str:
    """«04:12» left or stopped in time, «−03:12» over."""
    said = words.span_words(clock.left)
    return said if clock.left >= 0 or clock.face == "met" else words.MINUS + said


def face_word(clock: screens.ClockView) -> str:
    """The word beside the digits: colour alone says nothing."""
    match clock.face:
        case "soon":
            return _("скоро")
        case "late":
            return _("просрочено")
        case "paused":
            return _("приостановлен")
        case "met":
            return _("в срок, внесено позже") if clock.recorded_late else _("в срок")
        case "missed":
            return _("с опозданием")
    return ""


def iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
