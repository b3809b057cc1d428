"""What a page weighs on its way to the browser: everything that Chromium fetches for it, as it came over the wire."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import sync_playwright
from tests import chromium

from bench.limits import Figure, Results
from bench.pages import signed_in
from bench.service import Bench
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Ticket
from vakhta.web.cabinet.links import ticket_link

CONSOLE_KB, LATER_KB, PHONE_KB = 250, 30, 120
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def weights(results: Results, bench: Bench) -> None:
    """Nothing without Chromium, but the word for it."""
    if chromium.program() is None:
        print("  page weight: there is no Chromium here (.ci/chromium installs it)")
        return
    chromium.use_wheels_node()
    with reading(Scope.system("bench")):
        letter = Ticket.objects.exclude(email="").order_by("-id").values_list("pk", flat=True).first()
    assert letter is not None
    visits = [
        ("console", _session("operator"), "/console/", DESK, CONSOLE_KB),
        ("technician", _session("technician"), "/field/", PHONE, PHONE_KB),
        ("resident", "", ticket_link(letter), PHONE, PHONE_KB),
    ]
    found: list[Figure] = []
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for who, session, link, screen, bar in visits:
            context = browser.new_context(viewport=screen, locale="ru-RU")  # type: ignore[arg-type]
            if session:
                cookie = {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session,
                    "url": f"http://127.0.0.1:{bench.port}",
                }
                context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            first, later = (_fetched(page, f"http://127.0.0.1:{bench.port}{link}") for _ in range(2))
            found.append(_weight(f"{who}, first visit", first, bar))
            found.append(_weight(f"{who}, later", later, LATER_KB if who == "console" else bar))
            context.close()
        browser.close()
    for figure in found:  # Playwright's loop is over: the database may be asked again
        results.add(figure)


def _weight(what: str, weight: float, bar: int) -> Figure:
    return Figure(what=f"weight: {what}", value=weight, unit="KB", bar=bar, is_of_machine=False)


def _session(role: str) -> str:
    browser, _ = signed_in(role)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def _fetched(page: object, url: str) -> float:
    """KB over the wire, heads and all, until the page asks for nothing more."""
    sizes: list[float] = []
    client = page.context.new_cdp_session(page)  # type: ignore[attr-defined]
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda said: sizes.append(said["encodedDataLength"]))
    answer = page.goto(url, wait_until="load")  # type: ignore[attr-defined]
    if answer.status != 200:
        raise RuntimeError(f"{url}: {answer.status}")
    page.wait_for_timeout(1500)  # type: ignore[attr-defined]
    client.detach()
    return sum(sizes) / 1024
