"""The page's end of the stream: what it does when the stream dies, cannot tell all, or began without it."""

from __future__ import annotations

import re
from itertools import count

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.stories.family import Family
from tests.stories.running import Running
from tests.stories.test_first_contact import sign_in

pytestmark = pytest.mark.browser

QUEUE = "/console/queue/"
_numbers = count()


def change(running: Running) -> None:
    """Something that every console shows: a partner's ticket."""
    answer = httpx.post(
        f"{running.url}/api/v1/tickets",
        json={"classifier": "flat.taps", "text": "капает", "phone": running.known_caller().phone},
        headers={"Authorization": f"Bearer {running.token}", "Idempotency-Key": f"live-{next(_numbers)}"},
    )
    assert answer.status_code == 201, answer.text


def asks_for_the_queue(request: Request) -> bool:
    return request.url.endswith(QUEUE)


@pytest.fixture
def desk(running: Running, browser: Browser) -> Page:
    """A console that hears the stream."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    hears(page)
    return page


def some(held: list[Route], page: Page) -> bool:
    page.wait_for_timeout(20)  # lets the browser's events in
    return bool(held)


def hears(page: Page) -> None:
    expect(page.locator("[data-link-state]").first).to_have_attribute("data-state", "on", timeout=20_000)


def test_a_page_shows_what_happened_while_its_stream_was_dead(running: Running, desk: Page) -> None:
    stream = Family(running.folder).part("live", running.process.pid)
    assert stream is not None
    with desk.expect_request(asks_for_the_queue, timeout=30_000):
        stream.kill()
        expect(desk.locator("[data-link-state]").first).to_have_attribute("data-state", "off")
        change(running)
    hears(desk)
    desk.context.close()


@pytest.mark.parametrize(("failure", "state"), [("dead", "off"), ("broken", "fault")])
def test_a_live_stream_beside_a_dead_server_is_no_connection(desk: Page, failure: str, state: str) -> None:
    """The foot and the alert say one thing, until something is answered again."""
    link = desk.locator("[data-link-state]").first

    def fail(route: Route) -> None:
        route.abort() if failure == "dead" else route.fulfill(status=503, body="<!doctype html>")

    desk.route(f"**{QUEUE}", fail)
    desk.locator("#queue").dispatch_event("live")
    expect(link).to_have_attribute("data-state", state)
    expect(desk.locator("#alerts")).not_to_be_empty()
    desk.unroute(f"**{QUEUE}")
    desk.locator("#queue").dispatch_event("live")
    expect(link).to_have_attribute("data-state", re.compile("on|slow"))
    desk.context.close()


def test_a_page_that_missed_too_much_asks_for_everything_again(running: Running, desk: Page) -> None:
    """The stream's word for it, and where to go on from."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            return route.continue_()
        origin = route.request.headers["origin"]
        route.fulfill(
            body='id: 7\nevent: missed\ndata: {"entry": 7}\n\n',
            content_type="text/event-stream",
            headers={"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"},
        )

    desk.route("**/live/**", answer)
    with desk.expect_request(asks_for_the_queue):
        desk.reload()
    hears(desk)
    assert asked[1].endswith("after=7"), "it goes on from where the stream said"
    desk.context.close()


def test_a_tab_that_opens_beside_another_misses_nothing(running: Running, desk: Page) -> None:
    """It is drawn, then something happens and passes, then its script begins."""
    waiting: list[Route] = []
    context: BrowserContext = desk.context
    tab = context.new_page()
    tab.route("**/js/page.js", lambda route: waiting.append(route))
    tab.goto(desk.url, wait_until="commit")

    running.wait_for(lambda: some(waiting, tab), "the tab asks for its script")
    with desk.expect_request(asks_for_the_queue):
        change(running)
    with tab.expect_request(asks_for_the_queue):
        waiting[0].continue_()
    hears(tab)
    context.close()


def test_a_network_that_is_back_is_not_waited_for(running: Running, browser: Browser) -> None:
    """The pause between attempts, which has grown meanwhile, is for a server that is starting."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    page.clock.install()
    page.route("**/live/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        sign_in(page, running.url, "Диспетчер")
    for pause in (1_000, 2_000, 4_000, 8_000):
        with page.expect_event("requestfailed"):
            page.clock.run_for(pause)
    page.unroute("**/live/**")
    with page.expect_request("**/live/**", timeout=5_000):
        page.evaluate("dispatchEvent(new Event('online'))")
        page.clock.run_for(1_000)
    hears(page)
    page.context.close()


def test_a_word_that_comes_while_another_is_being_answered_is_not_lost(running: Running, desk: Page) -> None:
    """What the answer under way says may be older than the second word."""
    held: list[Route] = []
    desk.route(f"**{QUEUE}", lambda route: route.continue_() if held else held.append(route))
    change(running)
    running.wait_for(lambda: some(held, desk), "the console asks for the queue")
    answer = held[0].fetch()
    desk.evaluate(
        "addEventListener('live:change', () => { document.documentElement.dataset.heard = '' }, true)"
    )
    change(running)
    expect(
        desk.locator("html[data-heard]")
    ).to_be_attached()  # the page's own policy forbids a condition in words
    with desk.expect_request(asks_for_the_queue):
        held[0].fulfill(response=answer)
    desk.context.close()


def ticket_of(running: Running) -> str:
    answer = httpx.post(
        f"{running.url}/api/v1/tickets",
        json={"classifier": "flat.taps", "text": "капает", "phone": running.known_caller().phone},
        headers={"Authorization": f"Bearer {running.token}", "Idempotency-Key": f"live-{next(_numbers)}"},
    )
    return str(answer.json()["number"])


def test_a_ticket_shows_what_others_do_while_somebody_writes_on_it(
    running: Running, browser: Browser
) -> None:
    """Their words stay with the caret in them; an open form is waited for."""
    number = ticket_of(running)
    pages = []
    for seat in ("Диспетчер", "Старший диспетчер"):
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
        sign_in(page, running.url, seat)
        with page.expect_response("**/live/**"):
            page.goto(f"{running.url}/console/ticket/{number}/")
        pages.append(page)
    mine, other = pages

    def other_says(words: str) -> None:
        other.locator("#c-text").fill(words)
        other.keyboard.press("Control+Enter")
        expect(other.locator(".timeline")).to_contain_text(words)

    mine.locator("#c-text").fill("перезвонить пос")
    mine.keyboard.press("ArrowLeft")
    other_says("ключ у консьержа")
    expect(mine.locator(".timeline")).to_contain_text("ключ у консьержа")
    mine.keyboard.type("л")
    expect(mine.locator("#c-text")).to_have_value("перезвонить полс")
    mine.keyboard.press("Alt+KeyI")
    other_says("консьерж ушёл")
    expect(mine.locator("#alerts")).to_contain_text("Здесь есть новое")
    expect(mine.locator(".timeline")).not_to_contain_text("консьерж ушёл")
    mine.keyboard.press("Escape")
    expect(mine.locator(".timeline")).to_contain_text("консьерж ушёл")
    expect(mine.locator("#c-text")).to_have_value("перезвонить полс")
    for page in pages:
        page.context.close()
