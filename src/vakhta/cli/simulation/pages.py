"""Forms of a page, read as a browser without JavaScript reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_NUMBER = re.compile(r'class="number number-large"[^>]*>№\s*(\d{2}-\d[\d\s]*)<')
_ANY_NUMBER = re.compile(r'class="number[^"]*"[^>]*>№\s*(\d{2}-\d[\d\s]*)<')


@dataclass
class Choice:
    """A radio button or an option, with the words beside it."""

    value: str
    words: str = ""


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    """What would be sent, as it stands: hidden, filled in, checked, chosen."""
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    words: str = ""
    """All text of the form, for telling one button from another."""

    def filled(self, **said: str) -> dict[str, str | list[str]]:
        """What is sent when these fields are changed. A name with several values keeps them all."""
        sent: dict[str, str | list[str]] = {}
        for name, value in self.fields:
            known = sent.get(name)
            sent[name] = value if known is None else [*([known] if isinstance(known, str) else known), value]
        return {**sent, **said}

    def chosen(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._text = ""
        self._choice: Choice | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(said.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(self._form, said)
        elif tag == "textarea":
            self._area, self._text = said.get("name", ""), ""
        elif tag == "select":
            self._select = said.get("name", "")
        elif tag == "option" and self._select is not None:
            self._option(self._form, self._select, said)

    def _input(self, form: Form, said: Mapping[str, str]) -> None:
        name, kind, value = said.get("name", ""), said.get("type", "text"), said.get("value", "")
        if not name or kind in ("file", "submit", "button") or "disabled" in said:
            return
        if kind in ("radio", "checkbox"):
            self._choice = Choice(value)
            form.choices.setdefault(name, []).append(self._choice)
            if "checked" not in said:
                return
        form.fields.append((name, value))

    def _option(self, form: Form, name: str, said: Mapping[str, str]) -> None:
        self._choice = Choice(said.get("value", ""))
        options = form.choices.setdefault(name, [])
        options.append(self._choice)
        if "selected" in said:
            form.fields = [pair for pair in form.fields if pair[0] != name]
        if "selected" in said or len(options) == 1:
            form.fields.append((name, said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._form is not None and self._area:
            # A browser drops the line break that may follow the opening tag.
            self._form.fields.append((self._area, self._text.removeprefix("\n")))
            self._area = None
        elif tag == "select":
            self._select = None
        if tag in ("label", "option", "form"):
            self._choice = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data
        elif self._form is not None:
            self._form.words += data
            if self._choice is not None:
                self._choice.words += data


_TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)
"""What a page keeps for its script; it is not shown, so nobody can send it."""


def forms_of(html: str) -> list[Form]:
    """Every form that a page shows, in its order."""
    reader = _Reader()
    reader.feed(_TEMPLATE.sub("", html))
    reader.close()
    return reader.forms


def form_to(html: str, pattern: str) -> Form | None:
    """The first form whose action matches the pattern; None when there is none."""
    return next((form for form in forms_of(html) if re.search(pattern, form.action)), None)


def told_number(html: str) -> str:
    """The number that the page says is to be told: "26-000317"; empty when it says none."""
    return _number(_NUMBER, html)


def any_number(html: str) -> str:
    """The first ticket number of the page."""
    return _number(_ANY_NUMBER, html)


def _number(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(unescape(html))
    return re.sub(r"\s", "", found[1]) if found else ""
