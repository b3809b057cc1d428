"""A labelled field as HTML, with its hint and its error beside it: what `web.marks` is for marks. A sheet from paper has
a hundred and fifty of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.kernel import words
from vakhta.web import marks
from vakhta.web.marks import NOTHING, html, lined
from vakhta.web.screens import Choice, Errors

SHAPES = {
    "date": marked("дд.мм.гггг"),
    "time": marked("чч:мм"),
    "datetime-local": marked("дд.мм.гггг чч:мм"),
}
"""What a field of a day or a moment shows while it is empty."""


@dataclass(frozen=True, kw_only=True)
class _Field:
    name: str
    label: str
    value: Any = ""
    kind: str = "text"
    """text, textarea, date, time, email, tel, select, datetime-local, password"""
    hint: str = ""
    options: Iterable[Choice] = ()
    suggest: Iterable[str] = ()
    """Strings of a list to choose from while typing."""
    rows: int = 2
    required: bool = False
    optional: bool = False
    """Says so beside the label."""
    wide: bool = False
    autofocus: bool = False
    autocomplete: str = ""
    placeholder: str = ""
    inputmode: str = ""
    mask: str = ""
    prefix: str = "f"
    """Of ids."""
    key: str = ""
    """Of a textarea: puts the hands into it."""
    options_url: str = ""
    follows: str = ""
    sends: str = ""
    """Of a list that is asked for again while the field with the id `follows` is written; the names that go with it."""
    error: str = ""

    @property
    def id(self) -> str:
        return f"{self.prefix}-{self.name}"

    @property
    def flags(self) -> SafeString:
        return lined(
            SafeString(" required") if self.required else NOTHING,
            SafeString(" autofocus") if self.autofocus or self.error else NOTHING,
            html(' placeholder="{}"', self.placeholder) if self.placeholder else NOTHING,
            html(' inputmode="{}"', self.inputmode) if self.inputmode else NOTHING,
            SafeString(' aria-invalid="true"') if self.error else NOTHING,
            html(' aria-describedby="{}-about"', self.id) if self.error or self.hint else NOTHING,
        )


def field(name: str, label: str, value: Any = "", errors: Errors | None = None, **more: Any) -> SafeString:
    """What may be said besides is told at `_Field`. A day or a moment is a field of text with a mask: the browser's own
    speaks the browser's language, not the page's."""
    if shape := SHAPES.get(more.get("kind", "")):
        more |= {"kind": "text", "mask": more["kind"], "inputmode": "numeric", "placeholder": _(shape)}
        value = words.typed(value)
    known = _Field(name=name, label=label, value=value, error=(errors or {}).get(name, ""), **more)
    return html(
        '<div class="field{}"><label class="field-label" for="{}"><span>{}{}</span>{}</label>{}{}</div>',
        " field-wide" if known.wide else "",
        known.id,
        label,
        html(' <span class="field-hint">({})</span>', _("необязательно")) if known.optional else NOTHING,
        html(" <kbd>{}</kbd>", marks.key(known.key)) if known.key else NOTHING,
        _DRAWN.get(known.kind, _input)(known),
        _about(known),
    )


def _about(known: _Field) -> SafeString:
    if known.error:
        shape = '<p class="field-error" id="{}-about">{}<span>{}</span></p>'
        return html(shape, known.id, marks.icon("triangle-alert"), words.bound(known.error))
    return html('<p class="field-hint" id="{}-about">{}</p>', known.id, known.hint) if known.hint else NOTHING


def _value(known: _Field) -> str:
    return "" if known.value is None else known.value


def _textarea(known: _Field) -> SafeString:
    return html(
        '<textarea id="{}" name="{}" rows="{}"{}{}>{}</textarea>',
        known.id,
        known.name,
        known.rows,
        html(' data-key="{}" data-title="{}"', known.key, known.label) if known.key else NOTHING,
        known.flags,
        _value(known),
    )


_AGAIN = (
    ' hx-post="{}" hx-trigger="input delay:200ms from:#{}" hx-params="{}" hx-target="this" hx-swap="innerHTML" '
    'hx-sync="this:replace"'
)


def _select(known: _Field) -> SafeString:
    again = html(_AGAIN, known.options_url, known.follows, known.sends) if known.options_url else NOTHING
    shape = '<select id="{}" name="{}"{}{}>{}</select>'
    return html(shape, known.id, known.name, again, known.flags, marks.options(known.options))


def _input(known: _Field) -> SafeString:
    suggested = [html('<option value="{}"></option>', said) for said in known.suggest]
    return html(
        '<input id="{}" type="{}" name="{}" value="{}"{}{} autocomplete="{}"{}>{}',
        known.id,
        known.kind,
        known.name,
        _value(known),
        html(' data-mask="{}" maxlength="20"', known.mask) if known.mask else NOTHING,
        html(' list="{}-list"', known.id) if suggested else NOTHING,
        known.autocomplete or "off",
        known.flags,
        html('<datalist id="{}-list">{}</datalist>', known.id, lined(*suggested)) if suggested else NOTHING,
    )


_DRAWN: Mapping[str, Any] = {"textarea": _textarea, "select": _select}
