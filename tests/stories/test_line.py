"""The line in a browser, over the demo city: by keys alone, and what is in work stays where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from .running import Running
from .test_first_contact import sign_in

pytestmark = pytest.mark.browser


def says(page: Page, text: str, does: str) -> None:
    """Types into the line and presses Enter once it shows that it will do this."""
    page.keyboard.press("Control+k")
    expect(page.locator("#line")).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator("#line-does")).to_contain_text(does)
    page.keyboard.press("Enter")


def test_a_dispatcher_shouts_across_the_room(running: Running, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    expect(page.locator("[data-line][data-started]")).to_be_visible()

    says(page, "лен15-42 теч стояк", "ул. Ленина, 15, кв. 42 · ХВС: течь стояка")
    expect(page.locator("#card-title")).to_contain_text("ул. Ленина, 15, кв. 42")
    expect(page.locator("#n-description")).to_have_value("теч стояк")
    expect(page.locator("#suggestions input[name=classifier]:checked")).to_have_value("flat.cold.riser")

    says(page, ">gfepf j,tl", "Отметить паузу: обед")
    expect(page.locator("#top .ready")).to_contain_text("обед")
    expect(page.locator("#n-description")).to_have_value("теч стояк")

    says(page, "Юготов", "Отметить: готов принимать")
    expect(page.locator("#top .ready")).to_have_text("готов")

    page.keyboard.press("Control+k")
    page.keyboard.type("ленина 14")
    expect(page.locator("#line-does")).to_contain_text("Дома 14 на этой улице у нас нет.")
    page.keyboard.press("Escape")
    expect(page.locator("#line-answer")).to_be_hidden()
    page.context.close()


def test_enter_waits_for_what_the_field_says_now(running: Running, browser: Browser) -> None:
    """Over a slow line: the old answer is dimmed at once, and a fast Enter does what the newest words mean."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    expect(page.locator("[data-line][data-started]")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("мира 3")
    does, answer = page.locator("#line-does"), page.locator("#line-answer")
    expect(does).to_contain_text("Принять звонок: ул. Мира, 3")

    page.evaluate(
        """() => { const fast = window.fetch;
        window.fetch = async (...said) => { await new Promise((go) => setTimeout(go, 700)); return fast(...said); }; }"""
    )
    page.keyboard.press("Control+a")
    page.keyboard.type("лен15-42 теч стояк")
    expect(answer).to_have_attribute("aria-busy", "true")
    expect(does).to_contain_text("ищу…")
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_contain_text("ул. Ленина, 15, кв. 42")
    expect(page.locator("#n-description")).to_have_value("теч стояк")
    expect(answer).to_be_hidden()

    expect(page.locator("#n-description")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#line")).to_be_focused()
    page.keyboard.type("жжжжж")
    page.keyboard.press("Enter")
    expect(answer).to_contain_text("Ничего не нашлось.")

    page.keyboard.press("Control+a")
    page.keyboard.type("мира 3")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1200)
    expect(answer).to_be_hidden()
    expect(page.locator("#card-title")).to_contain_text("ул. Ленина, 15, кв. 42")
    page.context.close()


def test_an_answer_to_older_words_does_not_end_the_looking_up(running: Running, browser: Browser) -> None:
    """It comes right after the last letter, before these words are asked: they are asked all the same."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    expect(page.locator("[data-line][data-started]")).to_be_visible()
    page.evaluate(
        """() => { const fast = window.fetch;
        window.fetch = async (...said) => {
          const answer = await fast(...said);
          await answer.clone().text();
          if (!window.release) await new Promise((go) => {
            window.release = go;
            document.documentElement.dataset.held = "";
          });
          return answer;
        }; }"""
    )
    page.keyboard.press("Control+k")
    page.keyboard.type("лен")
    expect(page.locator("html[data-held]")).to_be_attached()
    page.evaluate(
        """() => { const line = document.getElementById("line");
        line.value = "лен15-42 теч стояк";
        line.dispatchEvent(new Event("input", { bubbles: true }));
        window.release(); }"""
    )
    does = page.locator("#line-does")
    expect(does).to_contain_text("ул. Ленина, 15, кв. 42 · ХВС: течь стояка")
    expect(page.locator("#line-answer")).not_to_have_attribute("aria-busy", "true")
    page.context.close()


def test_a_card_that_arrives_does_not_take_the_line_from_who_types(
    running: Running, browser: Browser
) -> None:
    """The last order's answer may come while the next one is typed: its letters stay in the line."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    expect(page.locator("[data-line][data-started]")).to_be_visible()
    says(page, "лен15-42 теч стояк", "ул. Ленина, 15, кв. 42 · ХВС: течь стояка")
    expect(page.locator("#n-description")).to_be_focused()
    page.keyboard.press("Control+k")
    line = page.locator("#line")
    expect(line).to_be_focused()
    page.keyboard.type("мира")
    page.evaluate(
        "at => htmx.ajax('GET', `/console/contact/${at}/`, {target: '#work', swap: 'outerHTML'})",
        page.locator("#work").get_attribute("data-contact"),
    )
    expect(line).to_be_focused()
    page.keyboard.type(" 3")
    expect(line).to_have_value("мира 3")
    expect(page.locator("#line-does")).to_contain_text("Принять звонок: ул. Мира, 3")
    page.context.close()


def test_the_same_words_are_looked_up_again_after_esc(running: Running, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    expect(page.locator("[data-line][data-started]")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Control+k")
        page.keyboard.type("47", delay=20)
        expect(page.locator("#line-answer")).not_to_contain_text("ищу…")
        expect(page.locator("#line-answer")).not_to_be_empty()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.context.close()
