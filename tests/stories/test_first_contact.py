"""From a resident's word to a confirmed ticket: the whole way, as people walk it, in Chromium.

The service under test is `vakhta demo` itself: its own PostgreSQL, pages, live stream, followers,
worker, clock and SMTP server, over the demo city.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.running import Running

DESCRIPTION = "течёт стояк в ванной"
"""Twenty letters, as the limit says."""

pytestmark = pytest.mark.browser


class Hands:
    """The operator's hands: every key that is pressed is counted, a chord as each of its keys."""

    def __init__(self, page: Page) -> None:
        self._page, self.keys = page, 0

    def press(self, chord: str) -> None:
        self.keys += chord.count("+") + 1
        self._page.keyboard.press(chord)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self._page.keyboard.type(text)


def sign_in(page: Page, base: str, seat: str, whose: str = "") -> None:
    page.goto(f"{base}/demo/")
    page.locator("button.seat", has=page.locator(f"b:text-is('{seat}')")).filter(has_text=whose).first.click()


def is_at_the_desk(page: Page) -> None:
    """The console is there, and its keys are."""
    expect(page.locator("#queue-title")).to_be_visible()
    page.wait_for_load_state()


def takes_next(page: Page, press: Callable[[str], None]) -> None:
    """F2 once somebody is seen to wait, until the card of the taken contact is there: one that is held may have been
    open before, and stands in the queue too."""
    expect(page.locator("#queue .rows[aria-label^='Ждут'] .row-title").first).to_be_visible()
    work = page.locator("#work")
    before = work.get_attribute("data-contact") or ""
    press("F2")
    expect(work).to_have_attribute("data-contact", re.compile(r"\d+"))
    expect(work).not_to_have_attribute("data-contact", before)


def step_is(page: Page, number: int) -> None:
    expect(page.locator(".step[data-state=current] .step-no")).to_have_text(str(number))


def arrives_by_api(running: Running, phone: str) -> None:
    answer = httpx.post(
        f"{running.url}/api/v1/interactions",
        json={"channel": "phone", "phone": phone},
        headers={"Authorization": f"Bearer {running.token}", "Idempotency-Key": f"story-{phone}"},
    )
    assert answer.status_code == 201, answer.text


def test_a_burst_riser_from_the_call_to_the_rating(
    running: Running, browser: Browser, tmp_path: Path
) -> None:
    caller = running.known_caller()
    operator = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(operator, running.url, "Диспетчер")
    is_at_the_desk(operator)

    arrives_by_api(running, caller.phone)
    expect(operator.locator("#queue .row-title").first).to_contain_text(caller.street)

    hands = Hands(operator)
    takes_next(operator, hands.press)
    expect(operator.locator("#n-description")).to_be_focused()
    expect(operator.locator("#card-title")).to_contain_text(caller.street)
    hands.type(DESCRIPTION)
    expect(operator.locator("#suggestions input[name=classifier]:checked")).to_have_count(1)
    hands.press("Control+Enter")
    step_is(operator, 3)
    hands.press("Control+Enter")
    step_is(operator, 4)
    assert hands.keys <= 60, f"steps 1–3 took {hands.keys} keys"
    crew = ""
    for step in range(4, 9):
        step_is(operator, step)
        if step == 8:
            said = operator.locator("label.entry:has(input[name=crew]:checked) b").inner_text()
            crew = said.replace("\u00a0", " ").split(":")[0]
        hands.press("Control+Enter")
    step_is(operator, 9)
    number = operator.locator(".card-clock .number").inner_text()
    hands.press("Control+Enter")
    expect(operator.locator("#foot")).to_contain_text("Приём завершён")
    assert hands.keys <= 120, f"nine steps took {hands.keys} keys"

    technician_finishes(running, browser, number, crew)
    link = letter_about(running, operator, number, "работы выполнены")
    resident_rates(browser, link)

    journal = running.vakhta("journal", "verify")
    assert journal.returncode == 0, journal.stdout + journal.stderr
    for kind in ("pdf", "xlsx", "csv"):
        target = tmp_path / f"journal.{kind}"
        printed = running.vakhta(
            "journal",
            "print",
            "--from",
            running.today,
            "--to",
            running.today,
            "--format",
            kind,
            "-o",
            str(target),
        )
        assert printed.returncode == 0, printed.stderr
        assert target.stat().st_size > 500
    assert digits(number) in digits((tmp_path / "journal.csv").read_text(encoding="utf-8-sig"))


def digits(text: str) -> str:
    return re.sub(r"[^\d-]", "", text)


def technician_finishes(running: Running, browser: Browser, number: str, crew: str) -> None:
    page = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ru-RU", has_touch=True
    ).new_page()
    sign_in(page, running.url, "Исполнитель", crew)
    its_number = page.locator(".job-line-no", has_text=re.compile(rf"{re.escape(digits(number))}$"))
    page.locator(".job-line", has=its_number).locator("a").click()
    for move in ("Принять", "Выехал", "На месте", "Локализовано"):
        page.locator(".job-next button", has_text=move).click()
        expect(page.locator(".job-next button", has_text=move)).to_have_count(0)
    done = page.locator(".job-next")
    done.locator("summary").click()
    done.locator("textarea[name=note]").fill("Заменён участок стояка, вода пущена")
    done.locator("form button.first").click()
    expect(page.locator("body")).to_contain_text("выполн")


def letter_about(running: Running, page: Page, number: str, subject: str) -> str:
    """The link of the letter that the SMTP server received: of this ticket, for the town gets letters too."""
    named = re.compile(rf"№\s*{re.escape(digits(number))}: {subject}")
    letter = page.locator(".mail", has=page.locator("h2", has_text=named)).first

    def received() -> bool:
        page.goto(f"{running.url}/demo/mail/")
        return letter.count() > 0

    running.wait_for(received, "the letter is received")
    expect(page.locator("body")).to_contain_text("принята")
    link = letter.locator("a.button").first.get_attribute("href")
    assert link is not None
    return link


def resident_rates(browser: Browser, link: str) -> None:
    page = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ru-RU", java_script_enabled=False
    ).new_page()
    page.goto(link)
    page.locator("button.res-yes").click()
    page.locator("input[name=rating][value='5']").check(force=True)
    page.locator("textarea[name=review]").fill("Пришли быстро, спасибо")
    page.locator("button.res-yes").click()
    expect(page.locator(".res-done")).to_contain_text("5 из 5")


SEATS = ("Диспетчер", "Старший диспетчер", "Мастер", "Исполнитель", "Житель", "Администратор")


@pytest.mark.parametrize("seat", SEATS)
def test_one_click_signs_in_as_anybody(running: Running, browser: Browser, seat: str) -> None:
    page = browser.new_context(locale="ru-RU").new_page()
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status))
    sign_in(page, running.url, seat)
    expect(page.locator("main")).to_be_visible()
    assert not page.url.endswith("/demo/")
    assert max(answers) < 400
    page.context.close()


def test_a_newcomer_sees_contacts_arrive_by_themselves(tmp_path: Path, browser: Browser) -> None:
    """The whole demo, its simulator with it: nobody here does anything but look."""
    service = Running(tmp_path / "data")
    try:
        page = browser.new_context(locale="ru-RU").new_page()
        sign_in(page, service.url, "Диспетчер")
        expect(page.locator("#queue li").first).to_be_visible(timeout=30_000)
        page.context.close()
    finally:
        service.stop()
