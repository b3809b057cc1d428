"""Several people around one ticket, each at an own screen: what one does the others see at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories.running import Running
from tests.stories.test_first_contact import DESCRIPTION, letter_about, sign_in, step_is, takes_next

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
CALLS = iter(range(1, 1000))


class Around:
    """The people around one demo: `desk` and `phone` open a screen of their own."""

    def __init__(self, running: Running, browser: Browser) -> None:
        self.running, self.url = running, running.url
        self._browser, self._pages = browser, list[Page]()
        self.handed_over = list[str]()
        """Numbers of the tickets that a crew got in this story."""

    def desk(self, seat: str) -> Page:
        return self._signed(seat, "", viewport=DESK)

    def phone(self, crew: str, *, script: bool = True, first: str = "") -> Page:
        """`first`: a script that runs before those of each page."""
        return self._signed("Исполнитель", crew, first, viewport=PHONE, java_script_enabled=script)

    def stranger(self) -> Page:
        return self._open(viewport=PHONE, java_script_enabled=False)

    def _signed(self, seat: str, note: str, first: str = "", **how: object) -> Page:
        page = self._open(**how)
        if first:
            page.context.add_init_script(first)
        sign_in(page, self.url, seat, note)
        return page

    def _open(self, **how: object) -> Page:
        page = self._browser.new_context(locale="ru-RU", **how).new_page()  # type: ignore[arg-type]
        self._pages.append(page)
        return page

    def close(self) -> None:
        if self.handed_over:
            self._frees_the_crews()
        for page in self._pages:
            page.context.close()

    def _frees_the_crews(self) -> None:
        """The town is one for all stories: what a crew still has would stand in the next one's board."""
        desk = self.desk("Старший диспетчер")
        expect(desk.locator("main")).to_be_visible()
        token = next(c["value"] for c in desk.context.cookies() if c["name"] == "csrftoken")
        for number in self.handed_over:
            answer = desk.request.post(
                f"{self.url}/console/ticket/{number}/void/",
                form={"reason": "история окончена", "csrfmiddlewaretoken": token},
                headers={"Referer": self.url},
            )
            assert answer.ok or answer.status in (409, 422), answer.text()  # voided or closed by the story


@pytest.fixture
def around(running: Running, browser: Browser) -> Iterator[Around]:
    people = Around(running, browser)
    yield people
    people.close()


def rings(around: Around) -> None:
    """The known caller calls."""
    answer = httpx.post(
        f"{around.url}/api/v1/interactions",
        json={"channel": "phone", "phone": around.running.known_caller().phone},
        headers={
            "Authorization": f"Bearer {around.running.token}",
            "Idempotency-Key": f"around-{next(CALLS)}",
        },
    )
    assert answer.status_code == 201, answer.text


def begins(around: Around) -> Page:
    """An operator takes a call and types what is wrong."""
    rings(around)
    page = around.desk("Диспетчер")
    expect(page.locator("#queue .row-title").first).to_be_visible()
    is_awake(page)
    takes_next(page, page.keyboard.press)
    expect(page.locator("#n-description")).to_be_focused()
    page.keyboard.type(DESCRIPTION)
    expect(page.locator("#suggestions input[name=classifier]:checked")).to_have_count(1)
    return page


def registers(around: Around) -> tuple[str, str]:
    """An operator goes the nine steps: (number, crew that it was handed to)."""
    page = begins(around)
    page.keyboard.press("Control+Enter")
    crew = ""
    for step in range(3, 9):
        step_is(page, step)
        if step == 8:
            said = page.locator("label.entry:has(input[name=crew]:checked) b").inner_text()
            crew = said.replace("\u00a0", " ").split(":")[0]
        page.keyboard.press("Control+Enter")
    step_is(page, 9)
    number = page.locator(".card-clock .number").inner_text()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#foot")).to_contain_text("Приём завершён")
    number = re.sub(r"[^\d-]", "", number)
    around.handed_over.append(number)
    return number, crew


def is_awake(page: Page) -> None:
    """The page's scripts have begun: keys are heard and the live stream is open."""
    expect(page.locator("[data-link-state]").first).to_have_attribute("data-state", re.compile("on|slow"))


def job_line(page: Page, number: str) -> Locator:
    """The line of a job by its number and nothing else: «52» stands in a clock as well."""
    its_number = page.locator(".job-line-no", has_text=re.compile(rf"{re.escape(number)}$"))
    return page.locator(".job-line", has=its_number)


def job(page: Page, number: str) -> None:
    job_line(page, number).locator("a").click()


def test_a_phone_without_scripts_moves_and_the_desk_sees_it_at_once(around: Around) -> None:
    number, crew = registers(around)
    ticket = around.desk("Старший диспетчер")
    ticket.goto(f"{around.url}/console/ticket/{number}/")
    board = around.desk("Мастер")
    board.goto(f"{around.url}/board/")
    expect(board.locator(".load", has_text=re.compile(crew, re.IGNORECASE))).to_contain_text("ещё не принято")

    phone = around.phone(crew, script=False)
    job(phone, number)
    for move, told in (
        ("Принять", "Наряд принят"),
        ("Выехал", "Бригада выехала"),
        ("На месте", "Бригада на месте"),
    ):
        phone.locator(".job-next button", has_text=move).click()
        expect(ticket.locator(".timeline")).to_contain_text(told)
    expect(board.locator(".load", has_text=re.compile(crew, re.IGNORECASE))).to_contain_text("на месте")

    ask = phone.locator("details.move", has_text="Спросить диспетчера")
    ask.locator("summary").click()
    ask.locator("textarea").fill("Где ключ от подвала?")
    ask.locator("button.first").click()
    expect(ticket.locator(".timeline")).to_contain_text("Где ключ от подвала?")
    ticket.locator("#c-text").fill("У консьержа")
    ticket.keyboard.press("Control+Enter")
    expect(ticket.locator(".timeline")).to_contain_text("У консьержа")
    phone.reload()
    expect(phone.locator(".job-history")).to_contain_text("У консьержа")


def test_the_resident_returns_the_work_and_everybody_sees_it(around: Around) -> None:
    number, crew = registers(around)
    phone = around.phone(crew)
    job(phone, number)
    for move in ("Принять", "Выехал", "На месте", "Локализовано"):
        phone.locator(".job-next button", has_text=move).click()
        expect(phone.locator(".job-next button", has_text=move)).to_have_count(0)
    done = phone.locator(".job-next")
    done.locator("summary").click()
    done.locator("textarea[name=note]").fill("Подтянут хомут")
    done.locator("input[type=file]").set_input_files(
        {"name": "хомут.png", "mimeType": "image/png", "buffer": phone.screenshot()}
    )
    done.locator("form button.first").click()
    expect(phone.locator("main")).to_contain_text("Диспетчер видит")

    ticket = around.desk("Старший диспетчер")
    ticket.goto(f"{around.url}/console/ticket/{number}/")
    photo = ticket.locator(".ticket-files a", has_text="хомут.png")
    shown = ticket.request.get(f"{around.url}{photo.get_attribute('href')}")
    assert (shown.status, shown.headers["content-type"]) == (200, "image/png")
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"

    resident = around.stranger()
    resident.goto(letter_about(around.running, around.desk("Диспетчер"), number, "работы выполнены"))
    resident.locator("summary", has_text="Нет, вернуть заявку").click()
    resident.locator("textarea[name=review]").fill("Опять капает")
    resident.locator("button.first", has_text="Вернуть заявку").click()
    expect(resident.locator(".res-done")).to_contain_text("Заявка снова в работе")
    expect(ticket.locator(".timeline")).to_contain_text("Опять капает")
    expect(ticket.locator(".ticket-marks")).to_contain_text("возвращена")


def test_the_open_card_of_the_next_caller_follows_the_crew(around: Around) -> None:
    """«Где бригада?» is asked while the crew is moving; what is being typed stays under the hands."""
    number, crew = registers(around)
    page = begins(around)
    alike = page.locator(".duplicates li", has=page.locator(f"#join-{number}"))
    line = page.locator("#near tr", has=page.locator(f'a[href$="/{number}/"]'))
    for place in (alike, line):
        expect(place).to_contain_text("передана")
    phone = around.phone(crew, script=False)
    job(phone, number)
    for move, state in (("Принять", "принята исполнителем"), ("Выехал", "бригада в пути")):
        phone.locator(".job-next button", has_text=move).click()
        for place in (alike, line):
            expect(place).to_contain_text(state)
    expect(page.locator("#n-description")).to_be_focused()
    expect(page.locator("#n-description")).to_have_value(DESCRIPTION)
    page.keyboard.press("Alt+KeyJ")
    expect(page.locator("#foot")).to_contain_text("Присоединено")


def test_two_who_correct_at_once_see_both_words(around: Around) -> None:
    number, _crew = registers(around)
    first, second = around.desk("Старший диспетчер"), around.desk("Диспетчер")
    for page in (first, second):
        page.goto(f"{around.url}/console/ticket/{number}/")
        page.keyboard.press("Alt+KeyI")
    second.locator("#correct-description").fill("Течёт в туалете")
    first.locator("#correct-description").fill("Течёт на кухне")
    first.locator("#correct-reason").fill("перезвонили")
    first.keyboard.press("Control+Enter")
    expect(first.locator(".timeline")).to_contain_text("стало «Течёт на кухне»")

    second.locator("#correct-reason").fill("со слов соседа")
    second.keyboard.press("Control+Enter")
    conflict = second.locator(".conflict")
    expect(conflict).to_contain_text("Течёт на кухне")
    expect(conflict).to_contain_text("Течёт в туалете")
    expect(second.locator("#correct-description")).to_have_value("Течёт в туалете")
    second.locator("#correct-description").fill("Течёт на кухне и в туалете")
    second.locator("#correct-reason").fill("сложили")
    second.keyboard.press("Control+Enter")
    expect(second.locator(".ticket-words")).to_have_text("Течёт на кухне и в туалете")
