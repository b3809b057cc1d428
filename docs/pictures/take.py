"""Takes the pictures of this folder anew from the gallery of a running demo.

.venv/bin/python docs/pictures/take.py [http://127.0.0.1:8000]
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

DESK, WALL, PHONE = (1440, 900), (1920, 1080), (390, 844)
PICTURES = {
    "console": ("console", DESK),
    "console-storm": ("console-storm", WALL),
    "console-empty": ("console-empty", DESK),
    "ticket": ("ticket", DESK),
    "board": ("board", WALL),
    "technician": ("field-job", PHONE),
    "resident": ("resident", PHONE),
}


def take(base: str, folder: Path) -> None:
    """Each screen in both themes, `<name>-light.png` and `<name>-dark.png`."""
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for name, (sample, (width, height)) in PICTURES.items():
            for theme in ("light", "dark"):
                size = ViewportSize(width=width, height=height)
                context = browser.new_context(viewport=size, color_scheme=theme, locale="ru-RU")  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(f"{base}/demo/gallery/{sample}/", wait_until="load")
                page.screenshot(path=folder / f"{name}-{theme}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000", Path(__file__).parent)
