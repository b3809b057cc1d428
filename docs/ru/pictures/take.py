"""Takes the pictures of the handbook anew from a running demo: its gallery, and the pages that it lacks.
The console, the board and the ticket are those of docs/pictures.

.venv/bin/python -m docs.ru.pictures.take [http://127.0.0.1:8000 [offices old-journal …]]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from tests import chromium

DESK, PHONE = (1280, 800), (390, 844)
HERE = Path(__file__).parent
TOP = "top"
"""The upper part of the window instead of an element."""


def opens(key: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.keyboard.press(key)
        page.locator("dialog[open]").wait_for()

    return act


def says(words: str) -> Callable[[Page], None]:
    """Words typed into the line, its answer awaited."""

    def act(page: Page) -> None:
        page.keyboard.press("Control+K")
        page.keyboard.type(words)
        page.locator("#line-list [role=option]").first.wait_for()

    return act


def opens_settings(page: Page) -> None:
    page.locator("button[popovertarget=look-settings]").click()


def nothing(page: Page) -> None:
    """The page as it opens."""


GALLERY = {
    "step5": ("console-step5", DESK, ".panel", nothing),
    "step7": ("console-step7", DESK, ".panel", nothing),
    "skip": ("console-step4", DESK, "dialog[open]", opens("Alt+KeyS")),
    "ending": ("console", DESK, "dialog[open]", opens("Alt+KeyC")),
    "jobs": ("field-jobs", PHONE, "", nothing),
    "job": ("field-job", PHONE, "", nothing),
    "shifts": ("shifts", DESK, "", nothing),
    "handover": ("handover", DESK, "", nothing),
    "old-journal": ("import-carried", DESK, ".stock-report", nothing),
    "outages": ("outages", DESK, "", nothing),
    "outage-new": ("outage-new-wrong", DESK, TOP, nothing),
    "lifts": ("lifts", DESK, "", nothing),
    "offices": ("companies", DESK, TOP, nothing),
    "norm": ("norm-correction", DESK, "form.norm-correct", nothing),
}
"""Picture → sample of the gallery, size of the window, the part that is shown ("" all), what is done first."""

REAL = {
    "line": ("Диспетчер", "/console/", TOP, says("ленина 15")),
    "paper": ("Диспетчер", "/console/paper/", TOP, nothing),
    "duty": ("Диспетчер", "/console/directory/", TOP, nothing),
    "duty-edit": ("Старший диспетчер", "/stock/duty/", TOP, nothing),
    "house": ("Администратор", "/stock/house/1/#entrance", TOP, nothing),
    "settings": ("Диспетчер", "/console/paper/", "#look-settings", opens_settings),
    "indicators": ("Старший диспетчер", "/indicators/", TOP, nothing),
    "journal": ("Старший диспетчер", "/journal/?verify=1", TOP, nothing),
}
"""Picture → whose page, its address, the part, what is done first."""


def take(base: str, *names: str) -> None:
    """All of them, or those that are named."""
    wanted = names or (*GALLERY, *REAL)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for name, (sample, size, part, act) in GALLERY.items():
            if name not in wanted:
                continue
            page = window(browser, size)
            page.goto(f"{base}/demo/gallery/{sample}/", wait_until="load")
            act(page)
            shoot(page, name, part)
        for name, (seat, path, part, act) in REAL.items():
            if name not in wanted:
                continue
            page = window(browser, DESK)
            page.goto(f"{base}/demo/")
            page.locator("button.seat", has=page.locator(f"b:text-is('{seat}')")).first.click()
            page.goto(f"{base}{path}", wait_until="load")
            act(page)
            shoot(page, name, part)
        browser.close()


def window(browser: Browser, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=height), color_scheme="light", locale="ru-RU"
    )
    return context.new_page()


def shoot(page: Page, name: str, part: str) -> None:
    path = HERE / f"{name}.png"
    if part == TOP:
        page.screenshot(path=path, clip={"x": 0, "y": 0, "width": DESK[0], "height": 440})
    elif part:
        page.locator(part).first.screenshot(path=path)
    else:
        page.screenshot(path=path)


if __name__ == "__main__":
    take(*(sys.argv[1:] or ["http://127.0.0.1:8000"]))
