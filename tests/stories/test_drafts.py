"""Words of a plain form stay in the browser until the server has said that it has them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.running import Running
from tests.stories.test_first_contact import is_at_the_desk, sign_in
from tests.stories.test_live import ticket_of

KEPT = "() => Object.keys(localStorage).some(key => key.startsWith('vakhta-draft:'))"

pytestmark = pytest.mark.browser


def test_a_paper_line_outlives_a_reload_and_goes_once_it_is_written(
    running: Running, browser: Browser
) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    is_at_the_desk(page)
    page.goto(f"{running.url}/console/paper/")
    words = page.locator("#pp-description-1")
    kinds = page.locator("#pp-classifier-1")
    first = kinds.locator("option").nth(1).inner_text()
    words.fill("ночью прорвало трубу в подвале")
    expect(kinds.locator("option").nth(1)).to_contain_text("Подвал")
    assert "Подвал" not in first, "the list follows what is typed"
    expect(kinds).to_have_value("")
    # Not by a function in the page: its policy has no eval.
    running.wait_for(lambda: bool(page.evaluate(KEPT)), "the words are kept")
    page.reload()
    expect(words).to_have_value("ночью прорвало трубу в подвале")

    page.get_by_label("Почему вносится позже").fill("не было света")
    page.locator("#pp-received_at-1").fill("01.01.2099 00:00")
    page.get_by_role("button", name="Записать лист").click()
    expect(page.locator(".field-error, .form-error").first).to_be_visible()
    expect(words).to_have_value("ночью прорвало трубу в подвале")

    page.get_by_label("День листа").fill(running.today)
    page.locator("#pp-received_at-1").fill("00:00")
    page.locator("#pp-classifier-1").select_option(index=1)
    page.locator("#pp-address-1").fill("колодец у моста")  # no ticket without a place
    page.locator("#pp-outside-1").select_option("yes")
    page.get_by_role("button", name="Записать лист").click()
    expect(page.get_by_role("status").first).to_contain_text("Записано строк: 1")
    expect(words).to_have_value("")
    page.context.close()


def test_the_next_comment_is_typed_at_once(running: Running, browser: Browser) -> None:
    """In its only tab: one in the background is not drawn, and gives nobody the focus."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    is_at_the_desk(page)
    page.goto(f"{running.url}/console/ticket/{ticket_of(running)}/")
    page.locator("#c-text").fill("ключ у соседа")
    page.locator("#c-text").press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("ключ у соседа")
    expect(page.locator("#c-text")).to_be_focused()
    page.context.close()


def test_what_was_sent_in_one_tab_is_not_sent_again_from_the_other(
    running: Running, browser: Browser
) -> None:
    number = ticket_of(running)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    page = context.new_page()
    sign_in(page, running.url, "Диспетчер")
    is_at_the_desk(page)
    page.goto(f"{running.url}/console/ticket/{number}/")
    page.locator("#c-text").fill("ключ у консьержа")
    running.wait_for(lambda: bool(page.evaluate(KEPT)), "the words are kept")
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#c-text")).to_have_value("ключ у консьержа")
    page.bring_to_front()
    page.locator("#c-text").press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("ключ у консьержа")
    expect(other.locator("#c-text")).to_have_value("")

    page.keyboard.press("Alt+KeyI")
    page.locator("#correct-reason").fill("ослышалась")
    page.locator("#correct-description").fill("капает в ванной")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ticket-last")).to_contain_text("Заявка исправлена")
    expect(page.locator("#main")).to_be_focused()
    context.close()
