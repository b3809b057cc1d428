"""An administrator brings a company's table by the page: matched, looked at, loaded, found in the line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.running import Running
from tests.stories.test_first_contact import sign_in

pytestmark = pytest.mark.browser

ROWS = "".join(f"Брусничная;{n // 60 + 1};{n % 60 + 1};{700000 + n};Ягодкина {n}\n" for n in range(1500))
TABLE = f"Ул.;Дом;Квартира;Номер;Жилец\n{ROWS}Брусничная;;1;1;Без дома\n"


def test_a_table_goes_into_the_stock_by_the_page(running: Running, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Администратор")
    page.get_by_role("button", name="Разделы").click()
    page.get_by_role("link", name="Загрузка").click()
    page.get_by_label("Чья она").select_option(index=0)
    page.locator("#s-file").set_input_files(
        {"name": "жильцы.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp1251")}
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Столбцы")).to_be_visible()
    for heading, field in (("Ул.", "street"), ("Номер", "account"), ("Жилец", "name")):
        page.get_by_label(heading, exact=True).select_option(field)
    page.keyboard.press("Control+Enter")
    report = page.locator(".stock-report")
    expect(report).to_contain_text("Что изменится", timeout=30_000)
    expect(report).to_contain_text("лицевые счета: 1500")
    expect(report.locator(".stock-wrong")).to_contain_text("1502")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".stock-report")).to_contain_text("Что изменилось", timeout=30_000)
    expect(page.locator(".status").first).to_contain_text("загружено")
    page.get_by_role("link", name="Загрузка таблиц").click()
    expect(page.locator(".stock-runs")).to_contain_text(re.compile("добавлено: [34]"))
    page.context.close()

    desk = browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU").new_page()
    sign_in(desk, running.url, "Диспетчер")
    expect(desk.locator("[data-line][data-started]")).to_be_visible()
    desk.keyboard.press("Control+KeyK")
    expect(desk.locator("#line")).to_be_focused()
    desk.keyboard.type("брусничная 3 кв 7")
    expect(desk.locator("#line-does")).to_contain_text("Брусничная, 3, кв. 7")
    desk.context.close()
