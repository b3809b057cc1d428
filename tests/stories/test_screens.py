"""Every screen in Chromium: nothing for axe to find in either theme, no breach of the page's own
policy, and the keys, clocks and drafts as a dispatcher uses them. The pages are the gallery's
samples, drawn in this process: no server, no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, ViewportSize, expect

import vakhta
from vakhta.kernel.tests.test_words import SPANS
from vakhta.web.gallery import views
from vakhta.web.gallery.pages import PAGES
from vakhta.web.middleware import policy

pytestmark = pytest.mark.browser

ROOT = Path(vakhta.__file__).parents[2]
HOME = "http://127.0.0.1/demo/gallery/"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
PHONES = ("field", "resident")
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""What a theme can break; the rest of a page is the same in both."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Desk:
    """A page of the browser whose requests are answered by the gallery; it remembers what was asked."""

    def __init__(self, browser: Browser, name: str, locale: str = "ru-RU") -> None:
        size = (
            ViewportSize(width=390, height=844)
            if name.startswith(PHONES)
            else ViewportSize(width=1440, height=900)
        )
        self.context = browser.new_context(viewport=size, locale=locale)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.failing = False
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.route("**/*", self._answer)
        self.show(name)

    def show(self, name: str) -> None:
        """The page as if it were the tab's first: nothing that another one has kept or said is left."""
        held = self.context.new_cdp_session(self.page)
        held.send(
            "Storage.clearDataForOrigin", {"origin": HOME.rpartition("/demo")[0], "storageTypes": "all"}
        )
        held.detach()
        self.asked.clear()
        self.complaints.clear()
        self.page.goto(HOME + name + "/")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith(settings.STATIC_URL):
            found = finders.find(path.removeprefix(settings.STATIC_URL))
            if not found:
                return route.fulfill(status=404)
            return route.fulfill(path=found, content_type=KINDS[Path(found).suffix])
        self.asked.append(f"{route.request.method} {path}")
        if self.failing and route.request.method == "POST":
            return route.abort()
        parts = path.removeprefix("/demo/gallery/").strip("/").split("/")
        request = RequestFactory().get(path)
        answer = (
            views.fragment(request, parts[1]) if parts[0] == "fragment" else views.page(request, parts[0])
        )
        route.fulfill(
            body=answer.content,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": policy(request)},
        )

    def leave(self) -> None:
        """What the page asks for from here on meets no server: it is no complaint."""
        self.page.remove_listener("console", self._console)
        self.page.unroute_all(behavior="ignoreErrors")
        self.context.close()

    def count(self, asked: str) -> int:
        return self.asked.count(asked)


SMALL = """least => [...document.querySelectorAll('button, summary, select, textarea, input:not([type=hidden]), a.button, nav a')]
  .map(one => one.matches('[type=checkbox], [type=radio], [type=file]') ? one.closest('label') ?? one : one)
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest('.unseen'))
  .filter(one => { const box = one.getBoundingClientRect(); return Math.min(box.width, box.height) < least - 0.5; })
  .map(one => one.outerHTML.slice(0, 150))"""
"""Of whatever is pressed or typed into, what is smaller than a hand hits (looks: 24 px, on a phone 44)."""


AXE = ROOT / "node_modules/axe-core/axe.min.js"
FOUND = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
  .then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"""
"""What is whole is neither described nor told: that took longer than the looking."""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Callable[[str], Desk]]:
    """A page in a tab that is kept for the next one, one of each size: to open a tab takes thrice as long as to
    look at what stands in it. For who only looks; who types or presses has a `Desk` of the own."""
    kept: dict[bool, Desk] = {}

    def tab(name: str) -> Desk:
        is_phone = name.startswith(PHONES)
        if is_phone in kept:
            kept[is_phone].show(name)
        else:
            kept[is_phone] = Desk(browser, name)
        return kept[is_phone]

    yield tab
    for desk in kept.values():
        desk.leave()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_either_theme(tab: Callable[[str], Desk], name: str) -> None:
    desk = tab(name)
    desk.page.evaluate(AXE.read_text())
    broken = []
    for theme, rules in (("light", RULES), ("dark", OF_COLOUR)):
        desk.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        broken += [f"{theme}: {said}" for said in desk.page.evaluate(FOUND, rules)]
    wide = desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    small = desk.page.evaluate(SMALL, 44 if name.startswith(PHONES) else 24)
    assert broken == []
    assert small == []
    assert not wide, "the page scrolls sideways"
    assert desk.complaints == []


BROKEN_WORDS = r"""() => { const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    if (!node.parentElement.checkVisibility() || node.parentElement.closest(".unseen, script, style")) continue;
    for (const word of node.data.matchAll(/[\p{L}]{4,30}/gu)) {
      const range = document.createRange(); range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter(box => box.width > 0).map(box => Math.round(box.top)));
      if (lines.size > 1) found.push(word[0]);
    } }
  return found; }"""
"""Words of which a part stands on the next line."""


@pytest.mark.parametrize(
    "name", ["flat", "shifts", "shifts-empty", "indicators-houses", "handover-list", "looks", "imports"]
)
def test_on_a_phone_a_name_is_read_whole_and_a_table_that_goes_on_says_so(
    browser: Browser, name: str
) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert desk.page.evaluate(BROKEN_WORDS) == []
    tables = desk.page.locator(".scroll").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => getComputedStyle(one).backgroundAttachment)"
    )
    assert all(one == "local, scroll" for one in tables)
    desk.leave()


BROKEN_UNITS = BROKEN_WORDS.replace(
    r"/[\p{L}]{4,30}/gu",
    r"/\d[ \u00a0](?:мин|час|сут|дн|ч(?!\p{L}))\p{L}*|\p{L}\.[ \u00a0]\d+|\p{Lu}\.[ \u00a0]\p{Lu}\./gu",
)
"""«30 | минут», «кв. | 38», «П. | А.»"""


@pytest.mark.parametrize(
    "name", ["console", "console-step3", "console-step8", "sign-in-wait", "norms", "field-job", "ticket"]
)
def test_on_a_phone_a_number_stands_beside_its_unit(browser: Browser, name: str) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    assert desk.page.evaluate(BROKEN_UNITS) == []
    desk.leave()


@pytest.mark.parametrize(
    ("name", "part", "least"),
    [
        ("console-unknown", "#a-address", 280),
        ("console-unknown", "#a-phone", 280),
        ("classifier-found", "#k-q", 240),
        ("board", ".breaching .board-who >> nth=0", 150),
        ("crew", ".office-members button >> nth=0", 60),
    ],
)
def test_on_a_phone_nothing_is_squeezed_beside_an_empty_place(
    browser: Browser, name: str, part: str, least: int
) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    box = desk.page.locator(part).bounding_box()
    assert box and box["width"] >= least and box["x"] + box["width"] <= 390
    desk.leave()


@pytest.mark.parametrize("name", ["console", "tickets", "board"])
def test_on_a_phone_the_settings_open_where_they_are_read(browser: Browser, name: str) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.locator("[popovertarget=look-settings]").click()
    box = desk.page.locator("#look-settings").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    desk.leave()


@pytest.mark.parametrize("name", ["console", "indicators", "norms", "paper", "paper-wrong"])
def test_on_a_phone_in_the_yard_nothing_runs_off_the_side(browser: Browser, name: str) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert desk.page.evaluate(SMALL, 24) == []
    if name == "norms":
        cut = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
        assert desk.page.evaluate(cut) == 0
    desk.page.evaluate(AXE.read_text())
    assert desk.page.evaluate(FOUND, RULES) == []
    desk.leave()


@pytest.mark.parametrize("name", ["console", "ticket", "board", "norms", "duty"])
def test_zoomed_to_twice_the_size_nothing_is_cut(browser: Browser, name: str) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 720, "height": 450})
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 720
    desk.leave()


def test_f2_takes_the_next_contact_and_the_hands_are_in_the_words(browser: Browser) -> None:
    desk = Desk(browser, "console-empty")
    desk.page.goto(HOME + "console/")
    desk.page.locator("body").press("F2")
    expect(desk.page.locator(".panel-do button")).to_be_focused()
    assert desk.count("POST /demo/gallery/fragment/work/") == 1
    desk.leave()


def test_letters_are_letters_while_somebody_types(browser: Browser) -> None:
    desk = Desk(browser, "console")
    words = desk.page.locator("#n-description")
    expect(words).to_be_focused()
    words.press("End")
    words.press_sequentially(" ?zf")
    expect(words).to_have_value("течёт стояк в ванной, соседи снизу звонят ?zf")
    assert not desk.page.locator("dialog[open]").count()
    desk.leave()


def test_a_key_is_its_place_in_either_layout(browser: Browser) -> None:
    """Alt+S on a Russian keyboard types «ы»; the place is KeyS all the same."""
    desk = Desk(browser, "console")
    desk.page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ы', code: 'KeyS', altKey: true, bubbles: true, cancelable: true}))"
    )
    expect(desk.page.locator("dialog#skip")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#n-description")).to_be_focused()
    desk.leave()


def test_an_open_dialog_owns_the_keyboard(browser: Browser) -> None:
    desk = Desk(browser, "console")
    desk.page.keyboard.press("Alt+C")
    expect(desk.page.locator("dialog#end-consultation")).to_be_visible()
    desk.page.keyboard.press("F2")
    desk.page.keyboard.type("когда дадут тепло")
    assert desk.count("POST /demo/gallery/fragment/work/") == 0
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#panel-title")).to_contain_text("Назовите номер")
    assert desk.count("POST /demo/gallery/fragment/work/") == 1
    desk.leave()


@pytest.mark.parametrize("key", ["Alt+X", "Alt+W", "F8"])
def test_silence_a_wrong_number_and_the_way_back_take_one_key(browser: Browser, key: str) -> None:
    desk = Desk(browser, "console")
    with desk.page.expect_request("**/fragment/work/") as asked:
        desk.page.keyboard.press(key)
    assert "description=" in (asked.value.post_data or ""), "what was typed goes along"
    expect(desk.page.locator("#panel-title")).to_contain_text("Назовите номер")
    assert desk.count("POST /demo/gallery/fragment/work/") == 1
    desk.leave()


def test_a_press_counts_for_the_row_it_was_made_on(browser: Browser) -> None:
    """The queue is drawn anew between the button's going down and its coming up, as in any storm."""
    desk = Desk(browser, "console")
    row = desk.page.locator("#queue .row-button[hx-post]").first

    def press(*, leads_away: bool) -> None:
        row.hover()
        desk.page.mouse.down()
        row.evaluate("row => { row.dataset.old = ''; }")
        desk.page.locator("#queue").dispatch_event("live")
        expect(desk.page.locator("[data-old]")).to_have_count(0)
        if leads_away:
            desk.page.mouse.move(700, 20)
        desk.page.mouse.up()

    press(leads_away=True)
    press(leads_away=False)
    expect(desk.page.locator("#panel-title")).to_contain_text("Назовите номер")
    assert desk.count("POST /demo/gallery/fragment/work/") == 1
    row.click()
    expect(desk.page.locator(".htmx-request")).to_have_count(0)
    assert desk.count("POST /demo/gallery/fragment/work/") == 2, "a press that the browser clicks is one"
    desk.leave()


def test_for_ten_seconds_the_last_can_be_undone_and_then_it_is_said_why_not(browser: Browser) -> None:
    desk = Desk(browser, "console-step3")
    desk.page.clock.install()
    for seconds, undone in (("00:05", 1), ("00:10", 0)):
        desk.page.goto(HOME + "console-step3/")
        desk.page.clock.fast_forward(seconds)
        before = desk.count("POST /demo/gallery/fragment/work/")
        desk.page.keyboard.press("Control+Z")
        if undone:
            expect(desk.page.locator("#alerts")).to_be_empty()
        else:
            expect(desk.page.locator("#alerts")).to_contain_text("десять секунд прошли")
            expect(desk.page.locator("[data-undo]")).to_be_hidden()
        expect(desk.page.locator(".htmx-request")).to_have_count(0)
        assert desk.count("POST /demo/gallery/fragment/work/") - before == undone
    desk.leave()


def test_on_a_ticket_s_page_one_key_takes_back_the_newest_of_its_line(browser: Browser) -> None:
    """A crew's word keeps its undo for ten minutes: long after the ten seconds of the line above it."""
    desk = Desk(browser, "ticket")
    expect(desk.page.locator(".timeline button")).to_contain_text("Ctrl+Z")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Control+Z")
    assert desk.count("POST /demo/gallery/ticket/") == 1
    desk.show("ticket-old")
    desk.page.keyboard.press("Control+Z")
    expect(desk.page.locator("#alerts")).to_contain_text("Отменять нечего")
    desk.leave()


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_bar_fits_and_the_rooms_are_one_key_away(browser: Browser, width: int) -> None:
    desk = Desk(browser, "console-long")
    desk.page.set_viewport_size({"width": width, "height": 800})
    wide = "[...document.querySelectorAll('#top > *')].filter(one => one.getBoundingClientRect().right > innerWidth)"
    assert desk.page.evaluate(f"{wide}.map(one => one.outerHTML)") == []
    assert desk.page.locator("#line").bounding_box()["width"] > 300  # type: ignore[index]
    desk.page.keyboard.press("Alt+Digit9")
    expect(desk.page.locator("#rooms a").first).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#rooms")).to_be_hidden()
    desk.leave()


@pytest.mark.parametrize("width", [1280, 1440, 1680, 1920])
@pytest.mark.parametrize("name", ["norms", "duty"])
def test_the_bar_of_a_page_is_one_line(browser: Browser, name: str, width: int) -> None:
    """A senior's eleven rooms, an operator's eight."""
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": width, "height": 800})
    assert desk.page.locator(".bar").bounding_box()["height"] < 50  # type: ignore[index]
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    if name == "norms":
        desk.page.keyboard.press("Alt+Digit9")
        expect(desk.page.locator("#rooms a").first).to_be_focused()
        assert desk.page.locator("#rooms:popover-open").count() == (width < 1680)
    desk.leave()


@pytest.mark.parametrize("width", [1366, 1920])
@pytest.mark.parametrize(("name", "field"), [("console", "#n-description"), ("tickets", "#l-q")])
def test_the_hands_are_in_the_words_at_any_width(browser: Browser, name: str, field: str, width: int) -> None:
    """The rooms of a wide bar stand before everything else, and must not take the focus."""
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": width, "height": 900})
    desk.show(name)
    expect(desk.page.locator(field)).to_be_focused()
    desk.leave()


def test_the_question_mark_lists_the_keys_of_this_screen(browser: Browser) -> None:
    desk = Desk(browser, "console-step3")
    desk.page.keyboard.press("?")
    keys = desk.page.locator("#keylist")
    expect(keys).to_be_visible()
    for said in ("Взять следующее обращение", "Номер назван", "Строка", "Справочник служб"):
        expect(keys).to_contain_text(said)
    desk.leave()


def test_the_keys_are_listed_while_somebody_types_too(browser: Browser) -> None:
    desk = Desk(browser, "console")
    desk.page.locator("#n-description").focus()
    desk.page.keyboard.press("Control+/")
    keys = desk.page.locator("#keylist")
    expect(keys).to_be_visible()
    expect(keys.locator("dt", has_text="Ctrl+/")).to_have_count(1)
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#n-description")).to_be_focused()
    desk.leave()


def test_a_part_that_a_key_opens_takes_the_focus_and_gives_it_back(browser: Browser) -> None:
    desk = Desk(browser, "console")
    words = desk.page.locator("#n-description")
    words.focus()
    desk.page.keyboard.press("Alt+p")
    expect(desk.page.locator("#a-address")).to_be_focused()
    desk.page.keyboard.press("Alt+p")
    expect(words).to_be_focused()
    desk.leave()


def test_a_day_and_a_time_are_typed_as_digits(browser: Browser) -> None:
    desk = Desk(browser, "console-step7")
    for field, typed, held in (
        ("#ac-day", "2611", "26.11."),
        ("#ac-day", "5.3.2027", "05.03.2027"),
        ("#ac-since", "9:30", "09:30"),
        ("#ac-until", "1045", "10:45"),
    ):
        desk.page.locator(field).select_text()
        desk.page.keyboard.press("Delete")
        desk.page.keyboard.type(typed)
        expect(desk.page.locator(field)).to_have_value(held)
    desk.leave()


TERMS = "«Заявка 26-204 337: локализация — до 09:32; устранение — до {}.»"
VISIT = "«{} Кузнецов Пётр Андреевич, с удостоверением и в бахилах.»"


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        (6, {}, TERMS.format("08:40, 27\u00a0ноября, пт")),
        (6, {"#t-until_time": "8:40"}, TERMS.format("08:40, 27\u00a0ноября, пт")),
        (6, {"#t-until_time": "1815"}, TERMS.format("18:15, 27\u00a0ноября, пт")),
        (6, {"#t-until_day": "24.11.2026"}, TERMS.format("08:40")),
        (6, {"#t-until_day": "25.11.26"}, TERMS.format("08:40, завтра")),
        (6, {"#t-until_day": "5.1.2027"}, TERMS.format("08:40, 5\u00a0января\u00a02027, вт")),
        (6, {"#t-until_day": "2811"}, TERMS.format("08:40, 28\u00a0ноября, сб")),
        (6, {"#t-until_day": "28.11"}, TERMS.format("08:40, 28\u00a0ноября, сб")),
        (6, {"#t-until_day": "3213"}, TERMS.format("08:40")),
        (6, {"#t-until_day": "31.11.2026"}, TERMS.format("08:40")),
        (6, {"#t-until_day": ""}, TERMS.format("08:40")),
        (7, {}, VISIT.format("Сегодня с 09:10 до 09:40 придёт")),
        (7, {"#ac-since": "9:10"}, VISIT.format("Сегодня с 09:10 до 09:40 придёт")),
        (7, {"#ac-day": "25.11.2026", "#ac-until": ""}, VISIT.format("Завтра с 09:10 придёт")),
        (7, {"#ac-day": "3213"}, VISIT.format("С 09:10 до 09:40 придёт")),
        (7, {"#ac-worker": ""}, "«Сегодня с 09:10 до 09:40 придёт мастер, с удостоверением и в бахилах.»"),
    ],
)
def test_what_is_read_aloud_is_what_the_fields_say(
    browser: Browser, step: int, typed: dict[str, str], said: str
) -> None:
    desk = Desk(browser, f"console-step{step}")
    for field, words in typed.items():
        desk.page.locator(field).select_text()
        desk.page.keyboard.press("Delete")
        desk.page.locator(field).press_sequentially(words)
    expect(desk.page.locator(".say-words")).to_have_text(said)
    assert {asked.split("/")[-2] for asked in desk.asked[1:]} <= {"presence"}, "no request is made for it"
    desk.leave()


def test_a_day_may_be_said_by_its_word(browser: Browser) -> None:
    desk = Desk(browser, "console-step7")
    day = desk.page.locator("#ac-day")
    for typed, apart in (("завтра", 1), ("Послезавтра", 2), ("сегодня", 0)):
        day.select_text()
        day.press_sequentially(typed[:3])
        expect(day).to_have_value(typed[:3])
        day.press_sequentially(typed[3:])
        said = desk.page.evaluate(
            """apart => {
              const now = new Date(), day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + apart);
              return new Intl.DateTimeFormat("ru", { day: "2-digit", month: "2-digit", year: "numeric" }).format(day);
            }""",
            apart,
        )
        expect(day).to_have_value(said)
    desk.leave()


def test_the_service_to_name_is_that_of_the_nature(browser: Browser) -> None:
    """A riser needs no other service: none is proposed, the firemen least of all."""
    desk = Desk(browser, "console")
    dialog = desk.page.locator("#end-redirected")
    desk.page.keyboard.press("Alt+r")
    expect(dialog.locator(":checked")).to_have_count(0)
    desk.page.keyboard.press("Escape")
    desk.page.locator("#entry-flat\\.sewer\\.riser").evaluate("radio => { radio.checked = true; }")
    desk.page.keyboard.press("Alt+r")
    expect(dialog.locator(":checked")).to_have_value("edds")
    expect(dialog.locator(":checked")).to_be_focused()
    desk.leave()


@pytest.mark.parametrize("height", [768, 720])
@pytest.mark.parametrize("key", ["Alt+A", "Alt+C", "Alt+R"])
def test_of_many_choices_each_stands_whole_on_its_own_line(browser: Browser, key: str, height: int) -> None:
    """The foreman's second line was printed over by the company, whose phone nobody could read out."""
    desk = Desk(browser, "console-long")
    desk.page.set_viewport_size({"width": 1366 if height == 768 else 1280, "height": height})
    desk.page.keyboard.press(key)
    dialog = desk.page.locator("dialog[open]")
    for label in dialog.locator(".choices .check").all():
        assert label.evaluate("one => one.scrollHeight <= one.clientHeight"), label.inner_text()
    for button in dialog.locator(".dialog-actions button").all():
        expect(button).to_be_in_viewport(ratio=1)
    if key != "Alt+C":
        last = dialog.locator(".choices .check").last
        last.locator("input").focus()
        expect(last).to_be_in_viewport(ratio=1)
        ring = last.locator("input").evaluate(
            "one => one.getBoundingClientRect().left - one.closest('.choices').getBoundingClientRect().left"
        )
        assert ring >= 4, "the ring round the chosen one is whole"
    desk.leave()


def test_the_line_shows_what_enter_does_before_it_does_it(browser: Browser) -> None:
    desk = Desk(browser, "console")
    desk.page.keyboard.press("Control+k")
    line = desk.page.locator("#line")
    expect(line).to_be_focused()
    line.press_sequentially("ktybyf 15 42")
    does = desk.page.locator("#line-does")
    expect(does).to_contain_text("Открыть карточку: ул. Ленина, 15, кв. 42")
    assert desk.count("GET /demo/gallery/fragment/work/") == 0
    line.press("ArrowDown")
    line.press("ArrowDown")
    expect(does).to_contain_text("Ленин Пётр Ильич")
    line.press("Enter")
    expect(desk.page.locator("#panel-title")).to_contain_text("Назовите номер")
    assert desk.count("GET /demo/gallery/fragment/work/") == 1
    desk.leave()


def test_what_was_typed_outlives_a_reload_and_a_lost_connection(browser: Browser) -> None:
    desk = Desk(browser, "console-unknown")
    desk.page.goto(HOME + "console/")
    words = desk.page.locator("#n-description")
    words.fill("прорвало трубу в подвале")
    expect(desk.page.locator("[data-draft-word]")).to_have_text("набранное сохранено")
    desk.page.reload()
    expect(desk.page.locator("#n-description")).to_have_value("прорвало трубу в подвале")
    desk.failing = True
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#alerts")).to_contain_text("Набранное сохранено")
    expect(desk.page.locator("#n-description")).to_have_value("прорвало трубу в подвале")
    desk.failing = False
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#panel-title")).to_contain_text("Назовите номер")
    desk.page.goto(HOME + "console/")
    expect(desk.page.locator("#n-description")).to_have_value("течёт стояк в ванной, соседи снизу звонят")
    desk.leave()


def test_alt_arrows_choose_the_fault_and_hands_stay_in_the_words(browser: Browser) -> None:
    desk = Desk(browser, "console")
    desk.page.keyboard.press("Alt+ArrowDown")
    expect(desk.page.locator("input[name=chosen]")).to_have_value("yes")
    expect(desk.page.locator("#n-description")).to_be_focused()
    desk.page.wait_for_timeout(0)
    assert desk.count("POST /demo/gallery/fragment/suggestions/") == 1
    desk.leave()


def test_on_a_small_desk_what_is_alike_and_what_to_ask_is_seen_while_the_fault_is_typed(
    browser: Browser,
) -> None:
    """At 1366×768 both lay below the bar with the button: an operator registered what a neighbour had told."""
    desk = Desk(browser, "console")
    desk.page.set_viewport_size({"width": 1366, "height": 768})

    def end_of(asked: str) -> float:
        box = desk.page.locator(asked).first.bounding_box()
        assert box, asked
        return box["y"] + box["height"]

    bar = desk.page.locator(".nature-do")
    top = (bar.bounding_box() or {"y": 0})["y"]
    for asked in (".duplicates li", ".duplicates button", ".entry:has(:checked)", ".ask-line"):
        assert end_of(asked) <= top, asked
    ends = {round(each.bounding_box()["y"]) for each in desk.page.locator(".endings button").all()}  # type: ignore[index]
    assert len(ends) == 1, "the endings are one line"

    fade = "bar => Number(getComputedStyle(bar, '::before').opacity)"
    assert bar.evaluate(fade) == 1, "it is said that there is more below the bar"
    desk.page.locator(".centre-scroll").evaluate("scroll => scroll.scrollTo(0, scroll.scrollHeight)")
    assert (
        bar.evaluate(f"async bar => {{ await new Promise(requestAnimationFrame); return ({fade})(bar); }}")
        == 0
    )
    desk.leave()


@pytest.mark.parametrize("name", ["console", "console-gas", "console-stuck", "console-long"])
def test_on_a_small_desk_all_that_saves_a_life_stands_above_the_bar(browser: Browser, name: str) -> None:
    """«Выходите все на улицу» lay below it, under the notices of the house."""
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    bar = (desk.page.locator(".nature-do").bounding_box() or {"y": 0.0})["y"]
    said = desk.page.locator(".danger-line, .say li, .at-hand li")
    assert said.count() >= 3
    for words in said.all():
        box = words.bounding_box()
        assert box and box["y"] > 40 and box["y"] + box["height"] <= bar, words.inner_text()
    for notice in desk.page.locator(".card-notices .notice > span").all():
        assert notice.evaluate("words => words.scrollWidth <= words.clientWidth"), notice.inner_text()
    desk.leave()


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [
        ("ticket-returned", "#c-text", "мокро"),
        ("indicators-wrong", "[name=until]", "24.11.2026"),
        ("outage-new-wrong", "[name=until]", "24.11.2026 18:00"),
        ("console-failing", "#n-description", "течёт кран"),
    ],
)
def test_what_the_server_refused_is_said_until_its_field_is_changed(
    browser: Browser, name: str, field: str, words: str
) -> None:
    desk = Desk(browser, name)
    changed = desk.page.locator(field).first
    about = changed.evaluate(
        "field => (field.closest('.field') ?? field.closest('fieldset')).querySelector('.field-error').id"
    )
    said = desk.page.locator(f"#{about}")
    expect(said).to_be_visible()
    changed.fill(words)
    expect(said).to_have_count(0)
    expect(changed).not_to_have_attribute("aria-invalid", "true")
    desk.leave()


def test_a_wrong_e_mail_is_told_what_a_right_one_looks_like(browser: Browser) -> None:
    desk = Desk(browser, "console-unknown")
    desk.page.locator("#a-email").fill("петрова")
    desk.page.keyboard.press("Alt+Enter")
    expect(desk.page.locator("#lack-a-email")).to_contain_text("petrova@example.org")
    desk.page.locator("#a-email").fill("petrova@example.org")
    expect(desk.page.locator("#lack-a-email")).to_have_count(0)
    desk.leave()


def refuses(desk: Desk, status: int, words: str) -> None:
    """What the open card sends is refused from now on, with these words at the edge of the page."""
    headers = {"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML"}
    body = f'<p class="alert-line">{words}</p>'
    desk.page.route(
        "**/fragment/work/",
        lambda route: route.fulfill(status=status, content_type="text/html", headers=headers, body=body),
    )


def test_a_refusal_at_the_edge_goes_once_the_same_is_accepted(browser: Browser) -> None:
    """«Поле «Заявитель»: 200 знаков» stood on when the name was mended."""
    desk = Desk(browser, "console-unknown")
    refuses(desk, 422, "Поле «Заявитель»: 200 знаков, можно не больше 160.")
    desk.page.locator("#a-name").fill("Щ" * 200)
    expect(desk.page.locator("#alerts")).to_contain_text("200 знаков")
    desk.page.unroute("**/fragment/work/")
    desk.page.route("**/fragment/work/", lambda route: route.fulfill(body=""))
    desk.page.locator("#a-name").fill("Петрова")
    expect(desk.page.locator("#alerts")).to_be_empty(timeout=4000)
    desk.leave()


@pytest.mark.parametrize("key", ["F8", "Alt+X"])
def test_a_contact_that_has_a_ticket_is_not_given_back_and_that_is_said(browser: Browser, key: str) -> None:
    desk = Desk(browser, "console-step3")
    desk.page.keyboard.press(key)
    expect(desk.page.locator("#alerts")).to_contain_text("Заявка уже есть: завершите приём шагом 9.")
    assert desk.count("POST /demo/gallery/fragment/work/") == 0
    desk.leave()


def test_what_can_no_more_be_undone_is_no_more_offered(browser: Browser) -> None:
    """The contact that was given back is with somebody else already."""
    desk = Desk(browser, "console")
    refuses(desk, 409, "Это обращение уже ведёт Сидорова М. А.")
    expect(desk.page.locator("[data-undo]")).to_be_visible()
    desk.page.locator("[data-undo]").click()
    expect(desk.page.locator("#alerts")).to_contain_text("уже ведёт")
    expect(desk.page.locator("[data-undo]")).to_have_count(0)
    expect(desk.page.locator(".foot-last")).to_contain_text("передана бригаде 4")
    desk.leave()


def test_of_a_contact_that_was_taken_away_no_words_are_kept(browser: Browser) -> None:
    desk = Desk(browser, "console")
    desk.page.locator("#n-description").press_sequentially(" и капает")
    kept = desk.page.locator("[data-draft-word]")
    expect(kept).to_have_text("набранное сохранено")
    desk.page.route(
        "**/fragment/presence/",
        lambda route: route.fulfill(
            content_type="text/html",
            headers={"HX-Retarget": "#work", "HX-Reswap": "outerHTML"},
            body='<div id="work" class="work">Ведёт: Громова В. И.</div>',
        ),
    )
    desk.page.evaluate("document.getElementById('presence').dispatchEvent(new CustomEvent('live'))")
    expect(desk.page.locator("#work")).to_have_text("Ведёт: Громова В. И.")
    expect(kept).to_have_text("")
    desk.leave()


def test_on_a_phone_the_console_opens_at_its_top(browser: Browser) -> None:
    """It was scrolled past the card, to where the open contact stands among one's own."""
    desk = Desk(browser, "console-empty")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.show("console")
    expect(desk.page.locator(".rows-mine [aria-current]")).to_have_count(1)
    assert desk.page.evaluate("scrollY") == 0
    desk.leave()


def test_tabs_of_the_house_open_by_their_numbers(browser: Browser) -> None:
    desk = Desk(browser, "console")
    desk.page.keyboard.press("Alt+5")
    expect(desk.page.locator("#tabpanel-access")).to_be_visible()
    expect(desk.page.locator("#tabpanel-tickets")).to_be_hidden()
    desk.leave()


def test_the_browser_counts_spans_in_the_words_of_the_server(browser: Browser) -> None:
    desk = Desk(browser, "console-empty")
    said = desk.page.evaluate(
        "async spans => { const m = await import('/static/js/clock.js'); return spans.map(s => m.spanWords(s)) }",
        [seconds for seconds, _ in SPANS],
    )
    desk.leave()
    assert said == [words for _, words in SPANS]


def test_the_theme_is_the_person_s_and_stays(browser: Browser) -> None:
    desk = Desk(browser, "norms")
    light = desk.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    desk.page.locator("[popovertarget=look-settings]").click()
    desk.page.get_by_label("тёмная").check()
    assert desk.page.evaluate("document.cookie").count("vakhta_theme=dark") == 1
    assert desk.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
    desk.leave()


@pytest.mark.parametrize("name", ["rights", "norms", "tickets-chosen", "shifts"])
def test_the_head_of_a_long_table_stays_in_sight(browser: Browser, name: str) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 1440, "height": 300})
    head = desk.page.locator(".scroll thead").first
    head.evaluate(
        "head => { const t = head.parentElement.getBoundingClientRect(); scrollBy(0, t.top + t.height / 2); }"
    )
    assert abs(head.evaluate("head => head.getBoundingClientRect().top")) <= 1
    desk.leave()


def test_of_a_long_address_in_the_queue_the_flat_is_seen(browser: Browser) -> None:
    """The street gives way; all of it stands there once the row has the focus."""
    desk = Desk(browser, "console")
    row = desk.page.locator(".row-item", has_text="118к2").first
    street, title = row.locator(".row-street"), row.locator(".row-title")
    assert street.evaluate("one => one.scrollWidth > one.clientWidth"), "cut"
    assert title.evaluate("one => one.scrollHeight <= one.clientHeight + 1"), "the house behind it is not"
    row.locator("button").focus()
    assert street.evaluate("one => getComputedStyle(one).display") == "inline"
    desk.leave()


def test_the_wall_says_how_many_rows_it_has_no_room_for(browser: Browser) -> None:
    desk = Desk(browser, "board-storm")
    desk.page.set_viewport_size({"width": 1920, "height": 1080})
    terms = desk.page.locator(".breaching")
    more = terms.locator(".board-more")
    expect(more).to_have_text(re.compile(r"^ещё \d+$"))
    seen = terms.locator("ol > li").evaluate_all(
        "rows => rows.filter(r => r.getBoundingClientRect().left < r.parentElement.getBoundingClientRect().right - 1).length"
    )
    total = int(terms.locator(".count").inner_text())
    assert 0 < seen < total and more.inner_text() == f"ещё {total - seen}"
    desk.leave()
    calm = Desk(browser, "board")
    calm.page.set_viewport_size({"width": 1920, "height": 1080})
    expect(calm.page.locator(".loads .board-more")).to_have_text("")
    calm.leave()


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_whose_work_it_is_is_read_whole_on_the_wall(browser: Browser, width: int) -> None:
    """«Газ: запах газа · Аварийная газовая служба»: the service stands at the end, where it would be cut. So does the
    house that a crew asks about."""
    desk = Desk(browser, "board")
    desk.page.set_viewport_size({"width": width, "height": 1080})
    cut = """[...document.querySelectorAll('.board-nature, .board-nature *, .load-state')].filter(
      one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline').length"""
    expect(desk.page.locator(".board-nature", has_text="Аварийная газовая служба")).to_be_visible()
    assert desk.page.evaluate(cut) == 0
    desk.leave()


def test_on_a_phone_the_name_in_the_bar_is_read_whole(browser: Browser) -> None:
    for name in ("field-jobs", "norms"):
        desk = Desk(browser, name)
        desk.page.set_viewport_size({"width": 390, "height": 844})
        who = desk.page.locator(".field-who, .bar-person").first
        assert who.evaluate(
            "one => one.scrollWidth <= one.clientWidth + 1 || getComputedStyle(one).overflowX === 'visible'"
        )
        assert who.evaluate("one => one.getBoundingClientRect().right <= innerWidth")
        desk.leave()


BROKEN_WITHIN = """places => [...places].flatMap(place => {
  const range = document.createRange(), text = place.firstChild;
  return [...text.data.matchAll(/\\S+/g)].filter(({0: word, index}) => {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    return range.getClientRects().length > 1;
  }).map(found => found[0]);
})"""


def test_the_day_of_what_was_done_is_read_whole_on_a_phone(browser: Browser) -> None:
    desk = Desk(browser, "field-job")
    days = desk.page.locator(".job-history time")
    expect(days.last).to_have_text(re.compile(r",\s\d+\s"))
    assert days.evaluate_all(BROKEN_WITHIN) == []
    desk.leave()


@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_the_hour_stays_on_the_wall_when_the_line_is_lost(browser: Browser, width: int) -> None:
    """«Связи нет, данные старые» is long, a senior has eleven rooms: they give way, the hour does not."""
    desk = Desk(browser, "board-storm")
    desk.page.set_viewport_size({"width": width, "height": 1080})
    desk.page.evaluate(
        """() => {
          const rooms = document.querySelector('.board-nav');
          while (rooms.children.length < 11) rooms.append(rooms.children[rooms.children.length - 1].cloneNode(true));
          const link = document.querySelector('[data-link-state]');
          link.textContent = JSON.parse(link.dataset.words).gone;
        }"""
    )
    for part in (".board-time", "[data-link-state]", ".board-nav a:last-child"):
        box = desk.page.locator(part).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width, part
    desk.leave()


def test_the_natures_of_a_correction_follow_what_is_typed(browser: Browser) -> None:
    desk = Desk(browser, "ticket")
    desk.page.keyboard.press("Alt+I")
    form = desk.page.locator("#form-correct")
    form.locator("input[name=choice]").nth(1).check()
    form.locator("textarea[name=description]").fill("засор канализации")
    expect(form.locator("fieldset.choices label").first).to_contain_text("Засор")
    assert desk.count("POST /demo/gallery/fragment/natures/") == 1
    expect(form.locator("textarea[name=description]")).to_be_focused()
    desk.leave()


def test_who_else_has_the_ticket_open_is_shown(browser: Browser) -> None:
    desk = Desk(browser, "ticket")
    expect(desk.page.locator("#ticket")).to_contain_text("Карточка открыта ещё у: Сидорова М. А.")
    desk.leave()


def test_an_answer_to_a_card_that_is_gone_is_let_go(browser: Browser) -> None:
    """A senior takes the contact over; the card that was looked at asks meanwhile whose it is, and is told to draw
    itself anew when it is no more on the page."""
    desk = Desk(browser, "console")
    asked: list[Route] = []
    desk.page.route("**/fragment/presence/", lambda route: route.fallback() if asked else asked.append(route))
    desk.page.evaluate("document.getElementById('presence').dispatchEvent(new CustomEvent('live'))")
    expect(desk.page.locator("#presence.htmx-request")).to_have_count(1)
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#presence.htmx-request")).to_have_count(0)
    with desk.page.expect_event("requestfinished"):
        asked[0].fulfill(
            content_type="text/html",
            headers={"HX-Retarget": "#work", "HX-Reswap": "outerHTML"},
            body='<div id="work">прежнее</div>',
        )
    expect(desk.page.locator("#work")).not_to_have_text("прежнее")
    desk.page.evaluate("new Promise(requestAnimationFrame)")
    complaints = desk.complaints
    desk.leave()
    assert complaints == []


def test_the_house_s_tickets_that_come_after_the_card_is_closed_are_let_go(browser: Browser) -> None:
    """Every end of an intake changes the house's tickets: the answer about them meets a card that is gone."""
    desk = Desk(browser, "console")
    asked: list[Route] = []
    desk.page.route("**/fragment/near/", lambda route: asked.append(route))
    desk.page.route(
        "**/fragment/work/",
        lambda route: route.fulfill(
            content_type="text/html", body='<div id="work" class="work">дальше</div>'
        ),
    )
    desk.page.evaluate("document.getElementById('near').dispatchEvent(new CustomEvent('live'))")
    expect(desk.page.locator("#near.htmx-request")).to_have_count(1)
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#work")).to_have_text("дальше")
    with desk.page.expect_event("requestfinished"):
        asked[0].fulfill(
            content_type="text/html",
            body='<div id="near">прежнее</div><span id="count-tickets" hx-swap-oob="true">5</span>',
        )
    desk.page.evaluate("new Promise(requestAnimationFrame)")
    complaints = desk.complaints
    desk.leave()
    assert complaints == []


@pytest.mark.parametrize("name", ["console", "console-storm"])
def test_a_phone_shows_no_keys(browser: Browser, name: str) -> None:
    desk = Desk(browser, name)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    shown = desk.page.evaluate(
        "[...document.querySelectorAll('kbd')].filter(key => key.checkVisibility()).map(key => key.textContent)"
    )
    desk.leave()
    assert shown == []


@pytest.mark.parametrize(
    ("name", "opens", "sends", "lacks"),
    [
        ("ticket", "Alt+L", "#form-void button.danger", ["Заполните поле «Почему»."]),
        (
            "sign-in",
            "",
            "form.sign-in button",
            ["Заполните поле «Пароль»."],
        ),
        ("ticket", "", ".ticket-file button", ["Выберите файл."]),
    ],
)
def test_what_a_form_lacks_is_said_by_the_page_whatever_the_browser_speaks(
    browser: Browser, name: str, opens: str, sends: str, lacks: list[str]
) -> None:
    desk = Desk(browser, name, locale="de-DE")
    if opens:
        desk.page.keyboard.press(opens)
    asked = len(desk.asked)
    desk.page.locator(sends).click()
    said = desk.page.locator("[data-lack]")
    expect(said).to_have_text(lacks)
    first = desk.page.locator("[aria-errormessage]").first
    expect(first).to_be_focused()
    assert {asked.split("/")[-2] for asked in desk.asked[asked:]} <= {"presence"}
    if first.get_attribute("type") != "file":
        first.press_sequentially("слово")
        expect(said).to_have_count(len(lacks) - 1)
    desk.leave()


def test_an_empty_word_is_not_sent_from_the_phone(browser: Browser) -> None:
    desk = Desk(browser, "field-done")
    form = desk.page.locator("[data-next] form")
    if desk.page.locator("[data-next] details:not([open])").count():
        desk.page.locator("[data-next] summary").click()
    form.locator("textarea").fill("")
    form.locator("button").last.click()
    expect(form.locator("[data-lack]")).to_have_text("Заполните поле «Что сделано».")
    assert not [asked for asked in desk.asked if asked.startswith("POST")]
    desk.leave()


def test_arrows_go_over_the_days_and_people_of_a_month(browser: Browser) -> None:
    desk = Desk(browser, "shifts")
    days = desk.page.locator(".shifts-table a")
    expect(desk.page.locator(".shifts-table a[tabindex='0']")).to_have_count(1)
    desk.page.locator(".shifts-table a[aria-current]").focus()
    for key, said in (
        ("ArrowRight", "Сидорова М. А., 9 декабря"),
        ("ArrowDown", "Громова В. И., 9 декабря"),
        ("Home", "Громова В. И., 1 декабря"),
        ("ArrowLeft", "Громова В. И., 1 декабря"),
        ("End", "Громова В. И., 31 декабря"),
        ("ArrowUp", "Сидорова М. А., 31 декабря"),
    ):
        desk.page.keyboard.press(key)
        expect(desk.page.locator(".shifts-table a:focus")).to_have_attribute("title", re.compile(f"^{said}"))
    expect(desk.page.locator(".shifts-table a[tabindex='0']")).to_have_count(1)
    assert days.count() == 12 * 31


def test_rows_are_chosen_by_space_by_shift_and_by_the_head(browser: Browser) -> None:
    """Shift+Down chooses on; the head chooses the page and offers all that match; a key opens an act."""
    desk = Desk(browser, "tickets")
    boxes = desk.page.locator("input[name=ticket]")
    told = desk.page.locator("[data-choose-told]")
    desk.page.locator("[data-list] a").first.focus()
    desk.page.keyboard.press("Space")
    expect(boxes.first).to_be_checked()
    expect(told).to_have_text("Выбрано: 1")
    desk.page.keyboard.press("Shift+ArrowDown")
    desk.page.keyboard.press("Shift+ArrowDown")
    expect(told).to_have_text("Выбрано: 3")
    expect(desk.page.locator("[data-list] tr").nth(2).locator("a").first).to_be_focused()
    boxes.first.uncheck()
    boxes.last.click(modifiers=["Shift"])
    expect(told).to_have_text(f"Выбрано: {boxes.count()}")
    expect(desk.page.locator("[data-choose-all]")).to_be_checked()
    expect(desk.page.locator("[data-choose-rest]")).to_contain_text("все 240 по этому отбору")
    desk.page.locator("[data-choose-all]").uncheck()
    expect(told).to_have_text("Выберите: пробел, мышь")
    desk.page.locator("body").press("Alt+c")
    expect(desk.page.locator("#b-comment-text")).to_be_focused()
    desk.leave()


def test_the_list_is_reached_from_its_words_and_from_nowhere(browser: Browser) -> None:
    """The focus begins in the words that the list is searched by: nineteen Tabs stood between them and the first row."""
    desk = Desk(browser, "tickets")
    rows = desk.page.locator("[data-list] tr")
    desk.page.locator("#l-q").press("ArrowDown")
    expect(rows.nth(0).locator("a").first).to_be_focused()
    desk.page.keyboard.press("j")
    expect(rows.nth(1).locator("a").first).to_be_focused()
    desk.page.evaluate("document.activeElement.blur()")
    desk.page.keyboard.press("j")
    expect(rows.nth(0).locator("a").first).to_be_focused()
    desk.leave()


def test_ctrl_enter_sends_the_open_form_of_the_acts_and_no_closed_one(browser: Browser) -> None:
    desk = Desk(browser, "tickets")
    sent = """() => document.querySelector("[data-choose]").addEventListener("submit", event => {
        event.preventDefault(); document.title = event.submitter.closest("details").querySelector("summary").dataset.key; })"""
    desk.page.evaluate(sent)
    title = desk.page.title()
    desk.page.locator(".list-act[open]").evaluate_all("acts => acts.forEach(act => { act.open = false; })")
    desk.page.locator("[data-list] a").first.focus()
    desk.page.keyboard.press("Control+Enter")
    assert desk.page.title() == title, "nothing is open: nothing is sent"
    desk.page.keyboard.press("Alt+c")
    desk.page.locator("#b-comment-text").fill("ждём насос")
    desk.page.keyboard.press("Control+Enter")
    assert desk.page.title() == "Alt+C"
    desk.page.keyboard.press("Alt+l")
    expect(desk.page.locator("#b-void-text")).to_be_focused()
    expect(desk.page.locator("#b-comment-text")).to_be_hidden()
    desk.page.locator("#b-void-text").fill("проверка связи")
    desk.page.keyboard.press("Control+Enter")
    assert desk.page.title() == "Alt+L"
    desk.leave()


def test_what_was_typed_over_a_proposal_of_a_step_outlives_a_reload(browser: Browser) -> None:
    """And what is only proposed is proposed anew. The foot says that it is kept: so it is."""
    desk = Desk(browser, "console-step7")
    worker, since = (
        desk.page.locator("#work input[name=worker]"),
        desk.page.locator("#work input[name=since]"),
    )
    proposed = since.input_value()
    worker.fill("слесарь Зуев")
    expect(desk.page.locator("[data-draft-word]")).not_to_be_empty()
    desk.page.reload()
    expect(worker).to_have_value("слесарь Зуев")
    expect(since).to_have_value(proposed)
    desk.leave()


def held(desk: Desk, key: str) -> None:
    """Too long: the browser says that the key goes down again and again."""
    names = key.split("+")
    for name in names[:-1]:
        desk.page.keyboard.down(name)
    for _ in range(8):
        desk.page.keyboard.down(names[-1])
    for name in reversed(names):
        desk.page.keyboard.up(name)


@pytest.mark.parametrize(
    ("name", "key"), [("console", "Control+Enter"), ("console-step4", "Control+Enter"), ("console", "F4")]
)
def test_a_key_that_is_held_acts_once(browser: Browser, name: str, key: str) -> None:
    """A hand that is heavy at five in the morning has told no terms and taken no calls."""
    desk = Desk(browser, name)
    before = len(desk.asked)
    held(desk, key)
    expect(desk.page.locator(".htmx-request")).to_have_count(0)
    acts = [asked for asked in desk.asked[before:] if asked.startswith("POST") and "/presence/" not in asked]
    assert len(acts) == 1, acts
    desk.leave()


def test_a_form_of_a_ticket_is_sent_once(browser: Browser) -> None:
    """By two quick presses and by a key that is held; and once more on the page that the way back leads to."""
    desk = Desk(browser, "ticket")
    sent: list[str] = []

    def stay(route: Route) -> None:
        if route.request.method != "POST" or "presence" in route.request.url:
            return route.fallback()
        sent.append(route.request.post_data or "")
        route.fulfill(status=204)

    desk.page.route("**/*", stay)
    desk.page.locator("#c-text").fill("ждём слесаря")
    desk.page.keyboard.press("Control+Enter")
    held(desk, "Control+Enter")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("form[data-sent] #c-text")).to_have_value("ждём слесаря")
    assert len(sent) == 1
    desk.page.evaluate("dispatchEvent(new Event('pageshow'))")
    with desk.page.expect_response(lambda answer: answer.request.post_data == sent[0]):
        desk.page.keyboard.press("Control+Enter")
    assert len(sent) == 2
    desk.leave()


WATCHED = """() => {
  addEventListener("submit", event => { event.preventDefault(); event.stopImmediatePropagation();
    document.documentElement.dataset.sent = event.target.dataset.nth; }, true);
  for (const fold of document.querySelectorAll("main details")) fold.open = true;
  const forms = [...document.querySelectorAll("main form")].filter(form => !form.closest("dialog"));
  forms.forEach((form, nth) => { form.dataset.nth = nth; form.noValidate = true; });
  return forms.filter(form => form.method === "post").map(form => form.dataset.nth)
    .filter(nth => document.querySelector(`form[data-nth="${nth}"] :is(input[type=text], textarea):not(:disabled)`)?.checkVisibility()); }"""


@pytest.mark.parametrize(
    "name", ["house", "flat", "company", "person", "crew", "shifts-day", "duty-edit", "ticket", "entry"]
)
def test_ctrl_enter_sends_the_form_that_somebody_types_in(browser: Browser, name: str) -> None:
    """And no other one of the page, whose words would be said to be kept."""
    desk = Desk(browser, name)
    forms = desk.page.evaluate(WATCHED)
    assert forms
    for nth in forms:
        desk.page.locator(
            f"form[data-nth='{nth}'] :is(input[type=text], textarea):not(:disabled)"
        ).first.focus()
        desk.page.keyboard.press("Control+Enter")
        assert desk.page.evaluate("document.documentElement.dataset.sent") == nth
    desk.leave()


def test_columns_are_moved_by_keys_and_by_the_mouse(browser: Browser) -> None:
    desk = Desk(browser, "tickets")
    desk.page.get_by_text("Столбцы", exact=True).first.click()
    titles = desk.page.locator("[data-order] input")
    values = "boxes => boxes.map(box => box.value).slice(0, 3)"
    titles.nth(2).focus()
    desk.page.keyboard.press("Alt+ArrowUp")
    assert titles.evaluate_all(values) == ["ticket", "where", "what"]
    expect(titles.nth(1)).to_be_focused()
    desk.page.locator("[data-order-up]").nth(1).click()
    assert titles.evaluate_all(values) == ["where", "ticket", "what"]
    desk.leave()
