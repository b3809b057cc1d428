"""An outage as a dispatcher lives through it: a supplier rings, it is announced, callers are told before they ask, it is
ended, and nobody is told any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.faults import Demo
from tests.stories.running import Running
from tests.stories.test_first_contact import is_at_the_desk, sign_in, takes_next

pytestmark = pytest.mark.browser

TOLD = "#work .notice"
WHY = "порыв в колодце у школы"
"""The town of the demo has outages of its own."""


def rings(running: Running, key: str) -> None:
    answer = httpx.post(
        f"{running.url}/api/v1/interactions",
        json={"channel": "phone", "phone": running.known_caller().phone},
        headers={"Authorization": f"Bearer {running.token}", "Idempotency-Key": f"outage-{key}"},
    )
    assert answer.status_code == 201, answer.text


def is_answered(desk: Page, words: str) -> None:
    """A question that needs no ticket."""
    desk.keyboard.press("Alt+c")
    desk.locator("#end-consultation [name=note]").fill(words)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#foot")).to_contain_text("Завершено")


def house_of(running: Running) -> str:
    rows = Demo(running).sql(
        "SELECT b.street || ', ' || b.house FROM places_phone f JOIN places_person p ON p.id = f.person_id "
        "JOIN places_premises m ON m.id = p.premises_id JOIN places_building b ON b.id = m.building_id "
        f"WHERE f.number = '{running.known_caller().phone}'"
    )
    return str(rows[0][0])


def moment(hours: int) -> str:
    now = datetime.now(ZoneInfo("Europe/Moscow"))  # noqa: TID251 - a test's clock
    return f"{now + timedelta(hours=hours):%d.%m.%Y %H:%M}"


def test_an_outage_from_the_supplier_s_call_to_the_last_caller(lone: Running, browser: Browser) -> None:
    house = house_of(lone)
    desk = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(desk, lone.url, "Диспетчер")
    is_at_the_desk(desk)

    desk.keyboard.press("Alt+o")
    desk.wait_for_url("**/outages/")
    desk.keyboard.press("Alt+n")
    desk.wait_for_url("**/outages/new/")
    desk.locator("input[name=services][value=cold_water]").check()
    desk.locator("input[name=kind][value=emergency]").check()
    desk.locator("#o-since").fill(moment(0))
    desk.locator("#o-until").fill(moment(3))
    desk.locator("#o-supplier").fill("Заречинский водоканал")
    desk.locator("#o-reason").fill(WHY)
    desk.locator("#o-houses").fill(house)
    expect(desk.locator(".outage-told")).to_contain_text("1 дом")
    desk.keyboard.press("Control+Enter")
    row = desk.locator(".outage[data-state=current]", has_text=WHY)
    expect(row).to_contain_text(house)
    expect(desk.get_by_role("status").filter(has_text="Объявлено")).to_contain_text("Домов: 1")

    desk.goto(f"{lone.url}/console/")
    for number in (1, 2):
        rings(lone, f"while-{number}")
        takes_next(desk, desk.keyboard.press)
        notice = desk.locator(TOLD, has_text=WHY)
        expect(notice).to_contain_text("Сказать:")
        expect(notice).to_contain_text("Отключение: ХВС")
        is_answered(desk, "нет воды, сказано до какого часа")

    desk.goto(f"{lone.url}/outages/")
    expect(row).to_contain_text("Обращений оттуда с начала: 2")
    row.get_by_text("Снять", exact=True).click()
    row.get_by_role("button", name="Включили: снять").click()
    expect(row).to_have_count(0)
    expect(desk.locator(".notice", has_text="снято")).to_be_visible()

    desk.goto(f"{lone.url}/console/")
    rings(lone, "after")
    takes_next(desk, desk.keyboard.press)
    expect(desk.locator("#card-title")).to_contain_text(lone.known_caller().street)
    expect(desk.locator(TOLD, has_text=WHY)).to_have_count(0)
    assert lone.vakhta("journal", "verify").returncode == 0
    desk.context.close()
