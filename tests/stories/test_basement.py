"""A technician in a basement: the network goes, the work goes on, and nothing is lost or done twice."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Error, Page, Route, expect

from tests.stories.family import Family
from tests.stories.running import Running
from tests.stories.test_first_contact import sign_in
from tests.stories.test_screens import ROOT, RULES
from tests.stories.test_work_and_word import Around, job, job_line, registers

pytestmark = pytest.mark.browser

KEPT = """async () => {
  const kept = {};
  for (const name of (await caches.keys()).filter((name) => name.startsWith("vakhta-pages:"))) {
    const pages = await caches.open(name);
    for (const page of await pages.keys()) {
      const text = await (await pages.match(page)).text();
      kept[new URL(page.url).pathname] = /data-state="([a-z_]+)"/.exec(text.split("<main")[1])?.[1] ?? "";
    }
  }
  return kept;
}"""
"""The pages that the phone holds: path → the order's state there."""


def kept_by(phone: Page) -> object:
    """What the phone holds, or None of a page that is going to another one."""
    with contextlib.suppress(Error):
        return phone.evaluate(KEPT)
    return None


@pytest.fixture
def around(running: Running, browser: Browser) -> Iterator[Around]:
    people = Around(running, browser)
    yield people
    people.close()


def ticket_of(around: Around, number: str) -> Page:
    desk = around.desk("Старший диспетчер")
    desk.goto(f"{around.url}/console/ticket/{number}/")
    return desk


def presses(phone: Page, title: str) -> None:
    phone.locator("[data-next] button", has_text=title).click()


def holds(around: Around, phone: Page, state: str) -> None:
    """The phone has kept the list, and the open job in this state."""
    here, kept = phone.url.removeprefix(around.url), dict[str, str]()

    def is_kept() -> bool:
        kept.clear()
        kept.update(phone.evaluate(KEPT))
        return "/field/" in kept and kept.get(here) == state

    try:
        around.running.wait_for(is_kept, f"{here} is kept as {state}")
    except AssertionError as error:
        controller = phone.evaluate("navigator.serviceWorker.controller?.state ?? 'none'")
        error.add_note(f"kept: {kept}, worker: {controller}")
        raise


def opened(around: Around) -> tuple[str, Page]:
    """A new job, open on the phone of its crew and kept by it."""
    number, crew = registers(around)
    return number, opened_by(around, number, crew)


def opened_by(around: Around, number: str, crew: str) -> Page:
    phone = around.phone(crew)
    job(phone, number)
    expect(phone.locator("main[data-job]")).to_be_visible()
    holds(around, phone, "offered")
    return phone


def test_a_page_that_went_past_the_worker_is_kept_too(around: Around) -> None:
    """A reload past the cache, or one that the browser did not wait for the worker with: the page has no
    controller then, and never gets one."""
    _, phone = opened(around)
    phone.context.new_cdp_session(phone).send("Page.reload", {"ignoreCache": True})
    expect(phone.locator("[data-next] button")).to_contain_text("Принять")
    around.running.wait_for(
        lambda: phone.evaluate("document.readyState === 'complete' && !navigator.serviceWorker.controller"),
        "the page is alone",
    )
    presses(phone, "Принять")
    expect(phone.locator("[data-next] button")).to_have_text("Выехал")
    holds(around, phone, "accepted")


def test_the_work_goes_on_in_a_basement_and_the_desk_hears_of_it_once(around: Around) -> None:
    number, phone = opened(around)
    phone.clock.install()
    presses(phone, "Принять")
    expect(phone.locator("[data-next] button")).to_have_text("Выехал")
    holds(around, phone, "accepted")

    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("[data-network-off]")).to_contain_text("Нет связи. Показано по состоянию на")
    address = phone.locator(".job-where")
    expect(address).to_be_visible()
    expect(phone.locator(".job-words")).to_contain_text("течёт стояк")
    expect(phone.locator("a[href^='tel:']").first).to_be_visible()

    for title in ("Выехал", "На месте", "Локализовано"):
        presses(phone, title)
        expect(phone.locator("[data-outbox] li").last).to_contain_text(title)
        expect(phone.locator("[data-outbox] li").last).to_contain_text("ждёт связи")
    done = phone.locator("[data-next]")
    done.locator("summary").click()
    done.locator("textarea[name=note]").fill("Заменён хомут на стояке")
    done.locator("input[type=file]").set_input_files(
        {"name": "хомут.png", "mimeType": "image/png", "buffer": phone.screenshot()}
    )
    done.locator("form button.first").click()
    waits = phone.locator("[data-outbox] li")
    expect(waits).to_have_count(4)
    expect(waits.last).to_contain_text("Заменён хомут на стояке · фото: 1")
    expect(phone.locator("[data-next]")).to_be_hidden()
    assert axe_finds(phone) == []

    phone.get_by_role("link", name="Наряды").click()
    expect(phone.locator("h1")).to_have_text("Наряды")
    expect(phone.locator("[data-outbox] li")).to_have_count(4)
    expect(phone.locator("[data-outbox] li a").first).to_contain_text(address_words(phone, number))
    line = job_line(phone, number)
    expect(line.locator(".job-line-waits")).to_have_text("Выполнено · ждёт связи")
    assert axe_finds(phone) == []

    phone.clock.fast_forward("00:30")
    phone.context.set_offline(False)
    expect(phone.locator("[data-outbox]")).to_be_hidden(timeout=30_000)
    expect(phone.locator("[data-network-on]")).to_be_visible()
    desk = ticket_of(around, number)
    timeline = desk.locator(".timeline")
    expect(timeline).to_contain_text("Заменён хомут на стояке")
    expect(timeline).to_contain_text("отмечено в телефоне без связи")
    expect(desk.locator(".ticket-files a", has_text="хомут.png")).to_be_visible()
    for told in ("Бригада выехала", "Бригада на месте", "Повреждение локализовано", "Работы выполнены"):
        expect(timeline.get_by_text(told, exact=True)).to_have_count(1)


def axe_finds(page: Page) -> list[str]:
    page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]]


def address_words(phone: Page, number: str) -> str:
    line = job_line(phone, number)
    return line.locator(".job-line-where").inner_text()


def test_a_server_that_dies_while_it_is_told_does_it_once(around: Around) -> None:
    """The move arrives, its answer does not: the phone keeps it, sends it again, and it stands once."""
    number, phone = opened(around)
    family = Family(around.running.folder)

    def dies_with_the_answer(route: Route) -> None:
        route.fetch()
        web = family.part("serve", around.running.process.pid)
        assert web is not None
        for worker in family.children(web.pid):
            os.kill(worker.pid, signal.SIGKILL)
        route.abort("connectionreset")

    phone.route("**/accept/", dies_with_the_answer, times=1)
    presses(phone, "Принять")
    expect(phone.locator("[data-outbox] li")).to_contain_text("Принять наряд")
    expect(phone.locator("[data-outbox]")).to_be_hidden(timeout=60_000)
    expect(phone.locator("[data-next] button")).to_have_text("Выехал")
    desk = ticket_of(around, number)
    expect(desk.locator(".timeline").get_by_text("Наряд принят", exact=True)).to_have_count(1)


def test_an_order_that_was_taken_back_is_told_and_the_words_are_kept(around: Around) -> None:
    number, phone = opened(around)
    phone.context.set_offline(True)
    presses(phone, "Принять")
    expect(phone.locator("[data-outbox] li")).to_contain_text("ждёт связи")

    desk = ticket_of(around, number)
    desk.keyboard.press("Alt+KeyL")
    voids(desk)
    expect(desk.locator(".ticket-marks")).to_contain_text("аннулирована")

    phone.context.set_offline(False)
    refused = phone.locator("[data-outbox] li")
    expect(refused).to_contain_text("не записано", timeout=30_000)
    expect(refused.locator(".field-error")).to_contain_text("аннулирована")
    # The stream is back some seconds after the network, and tells that the order is gone.
    expect(phone.locator("[data-next]")).to_be_hidden(timeout=30_000)
    refused.get_by_role("button", name="Убрать").click()
    expect(phone.locator("[data-outbox]")).to_be_hidden()


def voids(desk: Page) -> None:
    form = desk.locator("dialog[open]")
    form.locator("[name=reason]").fill("повтор")
    form.locator("button.first, button.danger").first.click()


def test_whoever_signs_out_leaves_no_pages_in_the_phone(around: Around) -> None:
    _number, phone = opened(around)
    phone.locator("a", has_text="Наряды").first.click()
    expect(phone.locator("#jobs")).to_be_visible()
    phone.get_by_role("button", name="Выйти").click()
    expect(phone.locator("button.seat").first).to_be_visible()
    assert phone.evaluate(KEPT) == {}
    leaves_nothing(phone.context, phone, around.url)


def leaves_nothing(context: BrowserContext, phone: Page, url: str) -> None:
    context.set_offline(True)
    phone.goto(f"{url}/field/")
    expect(phone.locator("h1")).to_have_text("Нет связи")


def test_a_session_that_ended_drops_the_pages_and_keeps_the_moves(around: Around) -> None:
    number, crew = registers(around)
    phone = opened_by(around, number, crew)
    phone.context.set_offline(True)
    presses(phone, "Принять")
    expect(phone.locator("[data-outbox] li")).to_contain_text("ждёт связи")
    phone.context.clear_cookies(name="vakhta_session")
    phone.context.set_offline(False)
    # Its own words, unless a refresh of the page was faster and led to the sign-in.
    expect(phone.locator("#alerts p, input[type=password]").first).to_be_visible(timeout=30_000)
    with contextlib.suppress(Error):  # the page may be on its way to the sign-in by itself
        phone.evaluate("url => void setTimeout(() => location.assign(url))", f"{around.url}/field/")
    expect(phone.locator("input[type=password]")).to_be_visible(timeout=30_000)
    # The page's own way to the sign-in and ours may both be under way: the one that comes second
    # takes the page away while it is asked, and it is asked again.
    around.running.wait_for(lambda: kept_by(phone) == {}, "the pages are dropped")

    sign_in(phone, around.url, "Исполнитель", crew)
    expect(phone.locator("h1")).to_have_text("Наряды")
    expect(phone.locator("[data-outbox]")).to_be_hidden()
    desk = ticket_of(around, number)
    expect(desk.locator(".timeline").get_by_text("Наряд принят", exact=True)).to_have_count(1)


LOST_ONCE = """
const register = navigator.serviceWorker.register.bind(navigator.serviceWorker);
let asked = 0;
navigator.serviceWorker.register = (...how) =>
  asked++ ? register(...how) : Promise.reject(new TypeError("one of the files did not arrive"));
"""


def test_a_worker_whose_files_did_not_arrive_is_asked_for_again(around: Around) -> None:
    """The phone was at the edge of the network when it opened the list."""
    number, crew = registers(around)
    phone = around.phone(crew, first=LOST_ONCE)
    job(phone, number)
    expect(phone.locator("main[data-job]")).to_be_visible()
    holds(around, phone, "offered")


class Held:
    """The answer to the phone's next question for its page is held back until it is let go."""

    def __init__(self, phone: Page) -> None:
        self._phone, self._held = phone, list[tuple[Route, APIResponse]]()
        phone.route(re.compile(r"/field/\d+/(\?|$)"), self._hold)

    def _hold(self, route: Route) -> None:
        if self._held or route.request.method != "GET" or "hx-request" not in route.request.headers:
            return route.continue_()
        self._held.append((route, route.fetch()))

    def __bool__(self) -> bool:
        return bool(self._held)

    def let_go(self) -> None:
        """A question that the page has given up meanwhile is no error."""
        route, answer = self._held[0]
        with contextlib.suppress(Error):
            route.fulfill(response=answer)


def test_a_page_drawn_before_the_last_move_comes_too_late(around: Around) -> None:
    _number, phone = opened(around)
    late = Held(phone)
    presses(phone, "Принять")
    around.running.wait_for(lambda: phone.evaluate("true") and bool(late), "the page is asked for")
    presses(phone, "Выехал")
    expect(phone.locator("[data-next] button")).to_have_text("На месте")
    expect(phone.locator("main")).to_contain_text("в пути")
    late.let_go()
    presses(phone, "На месте")
    expect(phone.locator("[data-next] button")).to_have_text("Локализовано")
    expect(phone.locator("main[data-job]")).to_have_attribute("data-state", "on_site")


def test_a_page_that_comes_while_somebody_writes_does_not_close_the_form(around: Around) -> None:
    _number, phone = opened(around)
    for title in ("Принять", "Выехал", "На месте"):
        presses(phone, title)
        expect(phone.locator("[data-next] button", has_text=title)).to_have_count(0)
    late = Held(phone)
    presses(phone, "Локализовано")
    around.running.wait_for(lambda: phone.evaluate("true") and bool(late), "the page is asked for")
    form = phone.locator("[data-next]")
    form.locator("summary").click()
    form.locator("textarea[name=note]").fill("Заменён хомут")
    late.let_go()
    expect(form.locator("textarea[name=note]")).to_be_visible()
    expect(form.locator("textarea[name=note]")).to_have_value("Заменён хомут")
    form.locator("form button.first").click()
    expect(phone.locator("main")).to_contain_text("Диспетчер видит")
