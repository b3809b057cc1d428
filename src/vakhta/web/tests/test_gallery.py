"""Every sample of the gallery is drawn, and no page breaks the rules that a template can break."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from vakhta.web import marks
from vakhta.web.gallery import people
from vakhta.web.gallery.pages import FRAGMENTS, PAGES
from vakhta.web.screens import ClockView

NOW = datetime(2026, 11, 24, 6, 2, tzinfo=UTC)
ALL = PAGES | {f"fragment {name}": sample for name, sample in FRAGMENTS.items()}

BROWSERS_OWN = {
    "F1",
    "F3",
    "F5",
    "F6",
    "F7",
    "F10",
    "F11",
    "F12",
    "Ctrl+T",
    "Ctrl+W",
    "Ctrl+N",
    "Alt+F4",
    "Alt+D",
}
"""Keys that a browser keeps for itself or that people need for the browser."""


def draw(name: str) -> str:
    template, make = ALL[name]
    return render_to_string(template, make(NOW))


@pytest.mark.parametrize("name", ALL)
def test_a_page_carries_nothing_inline(name: str) -> None:
    html = draw(name)
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"\son[a-z]+=|hx-on|javascript:|js:", html)


@pytest.mark.parametrize("name", ALL)
def test_ids_are_unique_and_named_things_exist(name: str) -> None:
    html = draw(name)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    for target in re.findall(r'\sdata-opens="([^"]+)"', html):
        assert target in ids or name.startswith("fragment"), target


PARAGRAPHS_END = {
    "form",
    "div",
    "p",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "h1",
    "h2",
    "h3",
    "fieldset",
    "details",
}
"""What cannot stand in a paragraph or a button: the browser ends those first, and what follows lies elsewhere."""
WITHOUT_END = {"input", "br", "img", "meta", "link", "hr", "wbr"}


class Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in PARAGRAPHS_END and {"p", "button"} & {*self.open}:
            self.wrong.append(f"<{tag}> in {self.open[-3:]}")
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in WITHOUT_END or not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")


@pytest.mark.parametrize("name", ALL)
def test_what_is_written_is_what_the_browser_makes_of_it(name: str) -> None:
    nesting = Nesting()
    nesting.feed(draw(name))
    assert nesting.wrong == [] and nesting.open == []


OF_THE_NEWEST = {"Ctrl+Z", "Alt+Z"}
"""Of what can be taken back the newest stands first, and hears it."""
OF_THE_OPEN_ONE = {"Ctrl+Enter"}
"""Of the forms above a list one is open at a time, and hears it."""


@pytest.mark.parametrize("name", [n for n in PAGES if n.startswith(("console", "ticket", "board"))])
def test_no_key_has_two_meanings_or_belongs_to_the_browser(name: str) -> None:
    html = re.sub(r"<dialog.*?</dialog>", "", draw(name), flags=re.DOTALL)
    keys = [key for keys in re.findall(r'data-key="([^"]+)"', html) for key in keys.split()]
    doubled = {key for key, n in Counter(keys).items() if n > 1}
    same = {"ticket": OF_THE_NEWEST, "tickets": OF_THE_OPEN_ONE}.get(name.partition("-")[0], set())
    assert doubled <= {"F4"} | same, "the empty place's button is the one of the queue"
    assert not set(keys) & BROWSERS_OWN


@pytest.mark.parametrize("step", range(2, 10))
def test_each_step_is_done_by_one_chord(step: int) -> None:
    html = re.sub(
        r"<dialog.*?</dialog>", "", draw("console" if step == 2 else f"console-step{step}"), flags=re.DOTALL
    )
    assert html.count('data-key="Ctrl+Enter"') == 1


def test_a_button_prints_its_key() -> None:
    html = draw("console")
    for key in ("F2", "F4", "Ctrl+Enter", "Alt+S", "Alt+J", "Alt+A", "Alt+1", "F8"):
        assert f"<kbd>{key}</kbd>" in html


CLOCKS = [
    ({}, 252, "calm", "04:12"),
    ({}, 60, "soon", "01:00"),
    ({}, -75, "late", "−01:15"),
    ({"state": "paused"}, 252, "paused", "04:12"),
    ({"stopped_at": NOW - timedelta(minutes=1), "state": "met"}, 240, "met", "05:00"),
    ({"stopped_at": NOW, "state": "breached"}, -75, "missed", "−01:15"),
]


@pytest.mark.parametrize(("more", "left", "face", "said"), CLOCKS)
def test_a_clock_says_its_face_in_words(more: dict[str, object], left: float, face: str, said: str) -> None:
    clock: ClockView = people.clock(NOW, "Ответ", 5, left, "ответить за 5 минут", "ПП 416, п. 13", **more)
    html = marks.clock(clock)
    assert clock.face == face
    assert f'data-face="{face}"' in html
    assert said in html
    assert "ПП 416, п. 13" in html
    assert ("data-due" in html) == (face in ("calm", "soon", "late")), "a stopped clock does not tick"


def test_an_error_stands_beside_its_field_and_is_named_by_it() -> None:
    html = draw("console-failing")
    field = re.search(r"<textarea[^>]*n-description[^>]*>", html)
    assert field
    assert 'aria-invalid="true"' in field.group(0)
    assert 'aria-describedby="n-description-about"' in field.group(0)
    assert 'id="n-description-about"' in html


def test_the_resident_s_page_needs_no_script() -> None:
    for name in PAGES:
        if name.startswith("resident"):
            assert "<script" not in draw(name)


@pytest.mark.parametrize("name", PAGES)
def test_no_form_is_left_to_the_browser_s_own_bubbles(name: str) -> None:
    """What is required is asked for by `lacks.js`, or, on a page without scripts, by the server."""
    html = draw(name)
    speaks = any(f"js/{script}.js" in html for script in ("page", "field", "sign_in"))
    for form in re.findall(r"<form.*?</form>", html, flags=re.DOTALL):
        if re.search(r"<(?:input|textarea|select)[^>]* required", form):
            assert speaks or re.match(r"<form[^>]* novalidate", form), form[:200]
