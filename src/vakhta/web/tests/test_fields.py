"""A field: what it says of itself, and that nothing of a stranger becomes HTML."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template

from vakhta.web.fields import field
from vakhta.web.screens import Choice

HOSTILE = '"><script>x</script>'
ESCAPED = "&quot;&gt;&lt;script&gt;x&lt;/script&gt;"


def test_a_plain_field_has_its_label_and_keeps_its_words() -> None:
    drawn = field("phone", "Телефон", "+7", kind="tel", required=True, prefix="p")
    assert '<label class="field-label" for="p-phone"><span>Телефон</span></label>' in drawn
    assert '<input id="p-phone" type="tel" name="phone" value="+7" autocomplete="off" required>' in drawn


def test_a_wrong_field_says_why_and_is_described_by_it() -> None:
    drawn = field("a", "А", hint="подсказка", errors={"a": "не так", "b": "другое"})
    assert 'aria-invalid="true"' in drawn and 'aria-describedby="f-a-about"' in drawn
    assert 'id="f-a-about"' in drawn and "не так" in drawn and "подсказка" not in drawn
    assert "другое" not in drawn and "aria-invalid" not in field("a", "А", errors={"b": "другое"})


def test_a_hint_describes_its_field() -> None:
    drawn = field("a", "А", hint="подсказка", optional=True)
    assert (
        'aria-describedby="f-a-about"' in drawn and '<p class="field-hint" id="f-a-about">подсказка' in drawn
    )
    assert "(необязательно)" in drawn


def test_a_day_is_written_as_people_write_it() -> None:
    drawn = field("d", "День", date(2026, 11, 30), kind="date")
    assert 'type="text"' in drawn and 'value="30.11.2026"' in drawn and 'data-mask="date"' in drawn
    assert 'placeholder="дд.мм.гггг"' in drawn and 'inputmode="numeric"' in drawn


def test_a_list_offers_its_choices_and_asks_again_by_the_words_beside() -> None:
    options = (Choice(value="1", title="один"), Choice(value="2", title="два", chosen=True))
    drawn = field("s", "С", kind="select", options=options, options_url="/x/", follows="p-d", sends="d,s")
    assert '<option value="2" selected>два</option>' in drawn
    assert 'hx-post="/x/"' in drawn and 'from:#p-d"' in drawn and 'hx-params="d,s"' in drawn


def test_a_text_has_its_key_and_its_lines() -> None:
    drawn = field("t", "Слова", "течёт", kind="textarea", rows=4, key="Ctrl+Enter Alt+Z")
    assert "<kbd>Ctrl+Enter</kbd>" in drawn and 'data-key="Ctrl+Enter Alt+Z" data-title="Слова"' in drawn
    assert 'rows="4"' in drawn and ">течёт</textarea>" in drawn


def test_what_was_written_before_is_suggested() -> None:
    drawn = field("w", "Кто придёт", suggest=["Орлов", HOSTILE])
    assert 'list="f-w-list"' in drawn and '<option value="Орлов"></option>' in drawn and ESCAPED in drawn


@pytest.mark.parametrize("kind", ["text", "textarea", "tel", "date"])
def test_nothing_of_a_stranger_becomes_html(kind: str) -> None:
    drawn = field(
        "a",
        HOSTILE,
        HOSTILE,
        errors={"a": HOSTILE},
        hint=HOSTILE,
        placeholder=HOSTILE,
        kind=kind,
        prefix=HOSTILE,
    )
    assert "<script>" not in drawn and ESCAPED in drawn


def test_a_template_draws_the_same() -> None:
    said = Template('{% load vakhta %}{% field "a" label value errors=none %}')
    assert said.render(Context({"label": "А", "value": None})) == field("a", "А")
