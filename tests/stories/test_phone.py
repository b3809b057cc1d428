"""The technician's page in a browser: ready words, words that fit a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories.running import Running
from tests.stories.test_basement import presses
from tests.stories.test_work_and_word import Around, job, registers

pytestmark = pytest.mark.browser

BROKEN = r"""() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = walk.nextNode()); )
    for (const word of text.data.matchAll(/\+?\d[\d\s()]*\d{3}-\d\d-\d\d|\p{L}{2,}/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  return found;
}"""
"""Words and phones that stand on more than one line."""


@pytest.fixture
def around(running: Running, browser: Browser) -> Iterator[Around]:
    people = Around(running, browser)
    yield people
    people.close()


def at_work(around: Around) -> tuple[str, Page]:
    """A new job whose crew is on site: (number, its page on the phone)."""
    number, crew = registers(around)
    phone = around.phone(crew)
    job(phone, number)
    for title in ("Принять", "Выехал", "На месте"):
        presses(phone, title)
        expect(phone.locator("[data-next] button", has_text=title)).to_have_count(0)
    expect(phone.locator("main")).to_contain_text("Прибытие записано")
    return number, phone


def opens(phone: Page, code: str) -> Locator:
    form = phone.locator(f".move[data-code={code}]")
    form.locator("summary").click()
    return form


def test_ready_words_are_added_to_what_is_typed(around: Around) -> None:
    _number, phone = at_work(around)
    form = opens(phone, "done")
    note, chip = form.locator("textarea"), form.get_by_role("button", name="установлен хомут")
    for typed, held in (
        ("", "установлен хомут"),
        ("Сгон заменён, муфта 25", "Сгон заменён, муфта 25; установлен хомут"),
        ("Сгон заменён.\n", "Сгон заменён; установлен хомут"),
        ("Установлен хомут на стояке", "Установлен хомут на стояке"),
    ):
        note.fill(typed)
        for _ in range(2):
            chip.click()
            expect(note).to_have_value(held)
    form.get_by_role("button", name="прочищено").click()
    expect(note).to_have_value("Установлен хомут на стояке; прочищено")


def test_no_word_and_no_phone_is_broken(around: Around) -> None:
    _number, phone = at_work(around)
    form = opens(phone, "ask")
    form.locator("textarea").fill(
        "Электрощитовая закрыта, звонил старшей по дому +7 948 010-14-48, и 8 900 000-15-42, и 112"
    )
    form.locator("form > button").click()
    expect(phone.locator(".job-history")).to_contain_text("010-14-48")
    assert "Электрощитовая" in phone.locator(".job-facts").inner_text()
    assert phone.evaluate(BROKEN) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
