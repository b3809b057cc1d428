"""Words of a plain form stay in the browser until the server has said that it has them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.running import Running
from tests.stories.test_first_contact import is_at_the_desk, sign_in
from tests.stories.test_live import ticket_of

KEPT = "() => Object.keys(localStorage).some(key => key.startsWith('vakhta-draft:'))"

pytestmark = pytest.mark.browser


def test_a_paper_line_outlives_a_reload_and_goes_once_it_is_written(
    running: Running, browser: Browser
) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    is_at_the_desk(page)
    page.goto(f"{running.url}/console/paper/")
    words = page.locator("#pp-description-1")
    kinds = page.locator("#pp-classifier-1")
    first = kinds.locator("option").nth(1).inner_text()
    words.fill("ночью прорвало трубу в подвале")
    expect(kinds.locator("option").nth(1)).to_contain_text("Подвал")
    assert "Подвал" not in first, "the list follows what is typed"
    expect(kinds).to_have_value("")
    # Not by a function in the page: its policy has no eval.
    running.wait_for(lambda: bool(page.evaluate(KEPT)), "the words are kept")
    page.reload()
    expect(words).to_have_value("ночью прорвало трубу в подвале")

    page.get_by_label("Почему вносится позже").fill("не было света")
    page.locator("#pp-received_at-1").fill("01.01.2099 00:00")
    page.get_by_role("button", name="Записать лист").click()
    expect(page.locator(".field-error, .form-error").first).to_be_visible()
    expect(words).to_have_value("ночью прорвало трубу в подвале")

    page.get_by_label("День листа").fill(running.today)
    page.locator("#pp-received_at-1").fill("00:00")
    page.locator("#pp-classifier-1").select_option(index=1)
    page.locator("#pp-address-1").fill("колодец у моста")  # no ticket without a place
    page.locator("#pp-outside-1").select_option("yes")
    page.get_by_role("button", name="Записать лист").click()
    expect(page.get_by_role("status").first).to_contain_text("Записано строк: 1")
    expect(words).to_have_value("")
    page.context.close()


def test_the_next_comment_is_typed_at_once(running: Running, browser: Browser) -> None:
    """In its only tab: one in the background is not drawn, and gives nobody the focus."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    is_at_the_desk(page)
    page.goto(f"{running.url}/console/ticket/{ticket_of(running)}/")
    page.locator("#c-text").fill("ключ у соседа")
    page.locator("#c-text").press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("ключ у соседа")
    expect(page.locator("#c-text")).to_be_focused()
    page.context.close()


def three_tabs(running: Running, browser: Browser, words: str) -> tuple[Page, Page, Page]:
    """Of one operator: the console, a ticket on whose page these words are typed, and an empty one."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    console, ticket, other = context.new_page(), context.new_page(), context.new_page()
    sign_in(console, running.url, "Диспетчер")
    is_at_the_desk(console)
    ticket.goto(f"{running.url}/console/ticket/{ticket_of(running)}/")
    ticket.locator("#c-text").fill(words)
    return console, ticket, other


def answer_to_a_key(console: Page) -> int:
    with console.expect_response("**/console/ready/**") as answer:
        console.keyboard.press("Control+Space")
    return answer.value.status


def test_who_signs_in_anew_in_another_tab_goes_on_in_the_first(running: Running, browser: Browser) -> None:
    """The token of all pages is another one then: a form that leaves the page and one that stays are both taken."""
    console, ticket, other = three_tabs(running, browser, "ключ у соседа")
    sign_in(other, running.url, "Диспетчер")
    is_at_the_desk(other)
    ticket.locator("#c-text").press("Control+Enter")
    expect(ticket.locator(".timeline")).to_contain_text("ключ у соседа")
    assert answer_to_a_key(console) == 200
    console.context.close()


def test_where_another_has_signed_in_nothing_is_done_in_their_name(
    running: Running, browser: Browser
) -> None:
    """The bar names one person, the journal would name the other: who comes on shift opens a tab of their own."""
    console, ticket, other = three_tabs(running, browser, "сказано другим")
    sign_in(other, running.url, "Старший диспетчер")
    other.wait_for_url(lambda url: "/demo/" not in url)
    assert answer_to_a_key(console) == 403
    expect(console.locator("#alerts")).to_contain_text("Вход сменился")
    with ticket.expect_navigation() as sent:
        ticket.locator("#c-text").press("Control+Enter")
    assert sent.value and sent.value.status == 403
    console.context.close()


def test_what_was_sent_in_one_tab_is_not_sent_again_from_the_other(
    running: Running, browser: Browser
) -> None:
    number = ticket_of(running)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    page = context.new_page()
    sign_in(page, running.url, "Диспетчер")
    is_at_the_desk(page)
    page.goto(f"{running.url}/console/ticket/{number}/")
    page.locator("#c-text").fill("ключ у консьержа")
    running.wait_for(lambda: bool(page.evaluate(KEPT)), "the words are kept")
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#c-text")).to_have_value("ключ у консьержа")
    page.bring_to_front()
    page.locator("#c-text").press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("ключ у консьержа")
    expect(other.locator("#c-text")).to_have_value("")

    page.keyboard.press("Alt+KeyI")
    page.locator("#correct-reason").fill("ослышалась")
    page.locator("#correct-description").fill("капает в ванной")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ticket-last")).to_contain_text("Заявка исправлена")
    expect(page.locator("#main")).to_be_focused()
    context.close()


@pytest.fixture(scope="module")
def ticket(running: Running, browser: Browser) -> Iterator[Page]:
    """The page of an open ticket, before an operator."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU").new_page()
    sign_in(page, running.url, "Диспетчер")
    is_at_the_desk(page)
    number = ticket_of(running)
    page.goto(f"{running.url}/console/ticket/{number}/")
    yield page
    page.context.close()


def page_of(page: Page) -> str:
    """Where the ticket stands, whichever of its forms was answered last."""
    return "/".join(page.url.split("/")[:6]) + "/"


def anew(page: Page) -> None:
    page.goto(page_of(page))


def fill(page: Page, key: str, typed: dict[str, str]) -> None:
    """Opens a form by its key, and fills it with what it must have and with what is `typed`."""
    page.keyboard.press(key)
    for lacking in page.locator("dialog[open] input[required]").all():
        if not lacking.input_value():
            lacking.fill("так надо")
    for field, words in typed.items():
        page.locator(f"#{field}").fill(words)


@pytest.mark.parametrize(
    ("key", "typed", "wrong"),
    [
        ("Alt+KeyY", {"access-since": "25:00"}, "access-since"),
        ("Alt+KeyY", {"access-until": "99:99"}, "access-until"),
        ("Alt+KeyY", {"access-since": "15:00", "access-until": "14:00"}, "access-until"),
        ("Alt+KeyY", {"access-day": "24.11.2020"}, "access-day"),
        ("Alt+KeyY", {"access-day": "01.01.2099"}, "access-day"),
        ("Alt+KeyI", {"correct-damage_at": "99.99.2026 25:61"}, "correct-damage_at"),
        ("Alt+KeyI", {"correct-phone": "двенадцать"}, "correct-phone"),
        ("Alt+KeyI", {"correct-address": "колодец у моста"}, "correct-address"),
        ("Alt+KeyI", {"correct-applicant": "я" * 300}, "correct-applicant"),
        ("Alt+KeyI", {"correct-description": "течёт " * 4000}, "correct-description"),
        ("Alt+KeyS", {"terms-until": "24.11.2099 12:00"}, "terms-late_reason"),
        ("Alt+KeyM", {"merge-into": "26-000 000"}, "merge-into"),
    ],
)
def test_a_refused_form_has_the_hands_in_the_field_that_is_wrong(
    ticket: Page, key: str, typed: dict[str, str], wrong: str
) -> None:
    fill(ticket, key, typed)
    ticket.keyboard.press("Control+Enter")
    expect(ticket.locator(f"#{wrong}-about")).to_be_in_viewport()
    expect(ticket.locator(f"#{wrong}")).to_be_focused()
    anew(ticket)


def test_a_refused_file_has_the_hands_where_it_is_chosen(ticket: Page) -> None:
    picture = {"name": "снимок.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    ticket.locator("#t-file").set_input_files(picture)  # type: ignore[arg-type]
    ticket.get_by_role("button", name="Приложить").click()
    expect(ticket.locator("#t-file-about")).to_be_visible()
    expect(ticket.locator("#t-file")).to_be_focused()
    anew(ticket)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("Alt+KeyS", {"terms-until": "99.99.2026 25:61"}),
        ("Alt+KeyY", {"access-day": "24.11.2020", "access-since": "05:00", "access-until": "06:00"}),
        ("Alt+KeyM", {"merge-into": "26-000 000", "merge-reason": "ошибочный номер"}),
    ],
)
@pytest.mark.parametrize("leaves", ["closes", "goes"])
def test_what_was_refused_does_not_stand_in_a_form_that_is_opened_later(
    ticket: Page, key: str, typed: dict[str, str], leaves: str
) -> None:
    """An old day, term or number of another ticket over the one that the service proposes now."""
    ticket.keyboard.press(key)
    proposed = {field: ticket.locator(f"#{field}").input_value() for field in typed}
    ticket.keyboard.press("Escape")
    fill(ticket, key, typed)
    ticket.keyboard.press("Control+Enter")
    form = ticket.locator("dialog[open]")
    expect(form.locator("[aria-invalid=true]")).to_be_focused()
    for field, words in typed.items():
        expect(ticket.locator(f"#{field}")).to_have_value(words)
    if leaves == "closes":
        with ticket.expect_response(
            lambda answer: answer.url == page_of(ticket) and answer.request.method == "GET"
        ):
            ticket.keyboard.press("Escape")
        expect(ticket.locator("dialog[data-open]")).to_have_count(0)
    else:
        anew(ticket)
    ticket.keyboard.press(key)
    for field, words in proposed.items():
        expect(ticket.locator(f"#{field}")).to_have_value(words)
    ticket.keyboard.press("Escape")
    anew(ticket)


def test_words_of_a_correction_wait_while_what_is_proposed_is_new(ticket: Page) -> None:
    """Closed by mistake: the story of the caller is not typed twice, and the form proposes the number that is known."""
    known = ticket.locator("#correct-phone").input_value()
    fill(ticket, "Alt+KeyI", {"correct-description": "капает на кухне, мокрый пол", "correct-phone": "12"})
    with ticket.expect_response(
        lambda answer: answer.url == page_of(ticket) and answer.request.method == "GET"
    ):
        ticket.keyboard.press("Escape")
    ticket.locator("[data-opens=form-correct]").click()
    expect(ticket.locator("#correct-phone")).to_have_value(known)
    expect(ticket.locator("#correct-description")).to_have_value("капает на кухне, мокрый пол")
    ticket.keyboard.press("Escape")
    expect(ticket.locator("[data-opens=form-correct]")).to_be_focused()
    anew(ticket)
