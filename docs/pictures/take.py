"""Takes the pictures of this folder anew, from a town that runs: `vakhta demo` in an empty folder, its
contacts by the simulator (always the same day), its pages as people of the service see them.

.venv/bin/python -m docs.pictures.take                     (about twelve minutes; run from the project's folder)
.venv/bin/python -m docs.pictures.take technician storm    (these alone)
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from tests import chromium
from tests.stories.running import VAKHTA, Running

HERE = Path(__file__).parent
DESK = ViewportSize(width=1440, height=900)
WALL = ViewportSize(width=1920, height=1080)
PHONE = ViewportSize(width=390, height=844)
SEED = "7"
MORNING = ("--forever", "--contacts", "200", "--speed", "48", "--seed", SEED)
STORM = (
    "--day",
    "storm",
    "--contacts",
    "9000",
    "--speed",
    "30",
    "--from-hour",
    "7",
    "--operators",
    "1",
    "--seed",
    SEED,
)
WORDS = "течёт стояк в ванной, соседи снизу звонят"


class Town:
    """The running demo, and people of it in a browser."""

    def __init__(self, running: Running, browser: Browser) -> None:
        self.running, self.browser = running, browser

    def person(self, seat: str, size: ViewportSize, number: int = 0) -> Page:
        """The `number`th of those who have this seat."""
        page = self.browser.new_context(viewport=size, locale="ru-RU").new_page()
        page.goto(f"{self.running.url}/demo/")
        page.locator("button.seat", has=page.locator(f"b:text-is('{seat}')")).nth(number).click()
        page.wait_for_load_state("load")
        return page

    def seats(self, seat: str) -> int:
        page = self.browser.new_context().new_page()
        page.goto(f"{self.running.url}/demo/")
        count: int = page.locator("button.seat", has=page.locator(f"b:text-is('{seat}')")).count()
        page.context.close()
        return count

    @contextmanager
    def day(self, *words: str) -> Iterator[None]:
        """The simulator hands over contacts, and operators and technicians work, while this goes on."""
        process = subprocess.Popen(
            [*VAKHTA, "simulate", "--url", self.running.url, *words],
            env=self.running.env,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(120)

    def calls(self, phone: str) -> None:
        """One more call by the API, from a phone that the service knows."""
        answer = httpx.post(
            f"{self.running.url}/api/v1/interactions",
            json={"channel": "phone", "phone": phone},
            headers={
                "Authorization": f"Bearer {self.running.token}",
                "Idempotency-Key": f"picture-{time.time_ns()}",
            },
        )
        answer.raise_for_status()


def shoot(page: Page, name: str) -> None:
    """The page in both themes, `<name>-light.png` and `<name>-dark.png`."""
    page.mouse.move(0, 0)  # nothing is pointed at
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.wait_for_timeout(300)
        page.screenshot(path=HERE / f"{name}-{theme}.png")
        sys.stdout.write(f"{name}-{theme}.png\n")


def empty_console(town: Town) -> None:
    page = town.person("Диспетчер", DESK)
    page.goto(f"{town.running.url}/console/")
    page.wait_for_timeout(1000)
    shoot(page, "console-empty")


def console(town: Town) -> None:
    """A known caller, the words half told: entries, questions, what to say, and duplicates of the house."""
    page = town.person("Диспетчер", DESK)
    caller = town.running.known_caller()
    for _ in range(6):  # a call becomes the ticket that a later one of the house resembles
        town.calls(caller.phone)
        row = page.locator("#queue .row-button[hx-post]").filter(has_text=caller.street)
        expect(row.first).to_be_visible(timeout=30_000)
        row.first.click()
        expect(page.locator("#n-description")).to_be_focused(timeout=30_000)
        page.keyboard.type(WORDS)
        expect(page.locator(".entry :checked")).to_have_count(1, timeout=30_000)
        if page.locator(".duplicates").count():
            break
        page.keyboard.press("Control+Enter")
        expect(page.locator(".step[data-state=current] .step-no")).to_have_text("3", timeout=30_000)
    page.wait_for_timeout(1500)
    shoot(page, "console")


def board(town: Town) -> None:
    page = town.person("Старший диспетчер", WALL)
    page.goto(f"{town.running.url}/board/")
    page.wait_for_timeout(1500)
    shoot(page, "board")


def ticket(town: Town) -> None:
    """The first ticket whose work is done, once it is: its whole way stands in the timeline."""
    page = town.person("Старший диспетчер", DESK)
    done = page.locator("tr", has_text="Работы выполнены").first
    for _ in range(150):
        page.goto(f"{town.running.url}/journal/")
        if done.is_visible():
            break
        page.wait_for_timeout(4000)
    page.goto(town.running.url + str(done.locator("a").first.get_attribute("href")))
    page.wait_for_timeout(1000)
    shoot(page, "ticket")


def technician(town: Town) -> None:
    """Whoever of them has a job: nobody knows whose trade the next call needs."""
    pages = [town.person("Исполнитель", PHONE, number) for number in range(town.seats("Исполнитель"))]
    busy = None
    while busy is None:
        for page in pages:
            page.reload()
        busy = next((page for page in pages if page.locator(".job-line a").count()), None)
    busy.locator(".job-line a").first.click()
    busy.wait_for_timeout(1000)
    while busy.locator(
        "[data-network][data-state=off]"
    ).count():  # a slow answer: the phone shows what it has kept
        busy.reload()
        busy.wait_for_timeout(1000)
    shoot(busy, "technician")


def resident(town: Town) -> None:
    page = town.person("Житель", PHONE)
    page.wait_for_timeout(500)
    shoot(page, "resident")


def storm(town: Town) -> None:
    """Once calls have waited for longer than their five minutes: before that it is only a long queue."""
    page = town.person("Диспетчер", WALL)
    page.goto(f"{town.running.url}/console/")
    expect(page.locator("#queue .clock[data-face=late]").nth(2)).to_be_visible(timeout=600_000)
    page.wait_for_timeout(75_000)  # and it goes on
    page.keyboard.press("F2")
    expect(page.locator("#panel")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1500)
    shoot(page, "console-storm")


BY_MORNING = (ticket, technician, console, board, resident)


def take(names: Collection[str]) -> None:
    """The pictures of these names, all without any."""

    def is_asked(picture: Callable[[Town], None]) -> bool:
        return not names or picture.__name__ in names

    folder = Path(tempfile.mkdtemp(prefix="vakhta-pictures-"))
    running = Running(folder / "data", "--without", "simulate")
    try:
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            town = Town(running, browser)
            if is_asked(empty_console):
                empty_console(town)
            if morning := [picture for picture in BY_MORNING if is_asked(picture)]:
                with town.day(*MORNING):
                    for picture in morning:
                        picture(town)
            if is_asked(storm):
                with town.day(*STORM):
                    storm(town)
            browser.close()
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    take(sys.argv[1:])
