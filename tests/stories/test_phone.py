"""The technician's page in a browser: ready words, a move that is refused, words that fit a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories.running import Running
from tests.stories.test_basement import presses
from tests.stories.test_work_and_word import Around, job, registers

pytestmark = pytest.mark.browser

IN_VIEW = """element => {
  const { top, bottom } = element.getBoundingClientRect();
  const next = document.querySelector("[data-next]:not([hidden])");
  const floor = next && !next.contains(element) ? next.getBoundingClientRect().top : innerHeight;
  return top >= 0 && bottom <= floor + 1;
}"""
"""Seen as a whole, not behind the button at the thumb."""
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
NO_PHOTO = {"name": "счёт.txt", "mimeType": "image/png", "buffer": b"<html>"}


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


def test_a_refused_photo_is_told_at_its_field_and_chosen_anew(around: Around) -> None:
    """The words and the photos that are right are still in the form; nothing at the top says otherwise."""
    number, phone = at_work(around)
    form = opens(phone, "done")
    form.locator("textarea").fill("Заменён сгон")
    picture = {"name": "сгон.png", "mimeType": "image/png", "buffer": phone.screenshot()}
    form.locator("input[type=file]").set_input_files([picture, NO_PHOTO])
    form.locator("form > button").click()

    refused = form.locator(".field:has(input[type=file]) .field-error")
    expect(refused).to_contain_text("счёт.txt")
    expect(form.locator("textarea")).to_have_value("Заменён сгон")
    expect(form.locator("input[type=file]")).to_be_focused()
    expect(form.locator("[data-file-names]")).to_have_text("сгон.png")
    around.running.wait_for(lambda: bool(refused.evaluate(IN_VIEW)), "the refusal is in view")
    expect(phone.locator("[data-outbox]")).to_be_hidden()
    expect(phone.locator("[data-said]:visible")).to_have_count(0)

    form.locator("input[type=file]").set_input_files(
        {**picture, "name": "новый.png", "buffer": picture["buffer"] + b"another"}
    )
    expect(refused).to_have_count(0)
    expect(form.locator("[data-file-names]")).to_have_text("сгон.png, новый.png")
    form.locator("form > button").click()
    expect(phone.locator("main")).to_contain_text("Выполнение записано")
    desk = around.desk("Старший диспетчер")
    desk.goto(f"{around.url}/console/ticket/{number}/")
    expect(desk.locator(".timeline")).to_contain_text("Заменён сгон")
    expect(desk.locator(".ticket-files a")).to_contain_text(["новый.png", "сгон.png"])


def test_words_that_are_refused_come_back_to_their_form(around: Around) -> None:
    """A blank is no word; the photos beside it are kept."""
    _number, phone = at_work(around)
    form = opens(phone, "done")
    form.locator("textarea").fill("  ")
    picture = {"name": "сгон.png", "mimeType": "image/png", "buffer": phone.screenshot()}
    form.locator("input[type=file]").set_input_files(picture)
    form.locator("form > button").click()
    expect(form.locator(".field:has(textarea) .field-error")).to_be_visible()
    expect(form.locator("textarea")).to_be_focused()
    expect(form.locator("[data-file-names]")).to_have_text("сгон.png")
    form.locator("textarea").fill("Заменён сгон")
    form.locator("form > button").click()
    expect(phone.locator("main")).to_contain_text("Выполнение записано")
    expect(phone.locator(".job-files")).to_contain_text("сгон.png")


def test_what_was_refused_in_a_basement_waits_in_its_form(around: Around) -> None:
    """The refusal comes when the list is open: the job's page shows it at the form."""
    _number, phone = at_work(around)
    page = phone.url
    phone.context.set_offline(True)
    form = opens(phone, "done")
    form.locator("textarea").fill("Заменён сгон")
    form.locator("input[type=file]").set_input_files(NO_PHOTO)
    form.locator("form > button").click()
    expect(phone.locator("[data-outbox] li")).to_contain_text("ждёт связи")
    expect(phone.locator("[data-said]:visible")).to_have_count(0)
    phone.get_by_role("link", name="Наряды").click()
    phone.context.set_offline(False)
    expect(phone.locator("[data-outbox] li")).to_contain_text("не записано", timeout=30_000)
    phone.goto(page)
    expect(form.locator(".field:has(input[type=file]) .field-error")).to_contain_text("счёт.txt")
    expect(form.locator("textarea")).to_have_value("Заменён сгон")
    expect(phone.locator("[data-outbox]")).to_be_hidden()


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
