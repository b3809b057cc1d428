"""Every page in English: what is left in Russian is somebody's word, a name, an address or an act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from tests.cast import Cast
from tests.stories.doors import DOORS, Things, things_of
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.classifier.words import stems
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import ROUTES
from vakhta.kernel.tenancy import Scope, reading
from vakhta.web.field.build import REASONS

PAGES = [door for door in DOORS if door.method == "GET" and door.name != "console:file"]
RUSSIAN = re.compile(r"[А-Яа-яЁё]+")
WRITTEN_SO = re.compile(
    r"\bкв\.\s?\d+|\bп\.\s?[\d(–,. )а-я«»]+|«[^»]*»|№|\bПП(?: РФ)?(?: от [\d.]+ №)? ?\d*|Госстрой 170|ФЗ|Вахта|Русский",
    re.IGNORECASE,
)
"""A flat as the stock writes it, an item of an act, what is quoted, the product, the other language's name."""
TYPED = re.compile(r"“[^”]*”|^лен15$")
"""What is typed in Russian, shown as an example."""


class Texts(HTMLParser):
    """What a person reads or hears on a page, piece by piece."""

    HEARD = ("aria-label", "title", "placeholder", "alt", "data-title")

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.pieces += [value for name, value in attrs if name in self.HEARD and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.pieces.append(data.strip())


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from strings(inside)
    elif isinstance(value, Sequence):
        for inside in value:
            yield from strings(inside)


def own_words() -> list[str]:
    """All that is kept in the tables, and the acts, the longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("vakhta."):
            continue
        names = [
            f.attname
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField | models.JSONField)
        ]
        choices = {f.attname for f in model._meta.concrete_fields if getattr(f, "choices", None)}
        for row in model._base_manager.values_list(*(name for name in names if name not in choices)):
            found |= {text for value in row for text in strings(value) if RUSSIAN.search(text)}
    found |= {
        part
        for text in found
        for part in re.split(r"[\s,]+", text)
        if len(RUSSIAN.sub("", part)) < len(part) - 3
    }
    for norm in NORMS.values():
        found |= {norm.act, norm.short_provenance, norm.edition, norm.item_words}
    # What goes into the journal as it stands.
    found |= {words for ready in REASONS.values() for words in ready}
    found |= {kind.plan for kind in (*ENTRIES.values(), *ROUTES.values()) if kind.plan}
    # What is said to residents, and the words that they are understood by.
    found |= {text for entry in ENTRIES.values() for text in (*entry.questions, *entry.safety, entry.danger)}
    found |= {", ".join(stems(concept)) for entry in ENTRIES.values() for concept in entry.signs}
    return sorted((words.casefold() for words in found if words), key=len, reverse=True)


def left_in_russian(page: str, own: list[str]) -> Iterator[str]:
    texts = Texts()
    texts.feed(page)
    for piece in texts.pieces:
        if not RUSSIAN.search(piece):
            continue
        rest = TYPED.sub(" ", piece.replace("\xa0", " ")).casefold()
        for words in own:
            rest = rest.replace(words, " ")
        rest = WRITTEN_SO.sub(" ", rest)
        if any(len(word) > 1 for word in RUSSIAN.findall(rest)):
            yield piece


@pytest.fixture
def things(cast: Cast) -> Things:
    return things_of(cast, cast.north, cast.gromova)


def english(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who).user)
    client.cookies["django_language"] = "en"
    return client


def test_no_page_says_a_russian_word_of_ours(cast: Cast, things: Things) -> None:
    with reading(Scope.system("test")):
        own = own_words()
    found: dict[str, list[str]] = {}
    for who in ("gromova", "kuznetsov"):
        client = english(cast, who)
        for url in (*(door.url(things) for door in PAGES), "/api/v1/docs"):
            answer = client.get(url)
            if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
                left = list(left_in_russian(answer.content.decode(), own))
                if left:
                    found.setdefault(url, []).extend(left)
    assert found == {}, "\n".join(f"{url}: {piece}" for url, pieces in found.items() for piece in pieces)


def test_no_step_of_the_intake_says_a_russian_word_of_ours(cast: Cast, things: Things) -> None:
    with reading(Scope.system("test")):
        own = own_words()
    client, found = english(cast, "gromova"), dict[str, list[str]]()
    pages = [
        f"/console/contact/{pk}/" for pk in (things.queued, things.stepping, things.ended, things.working)
    ]
    answers = {url: client.get(url, follow=True) for url in pages}
    for door in (
        door for door in DOORS if door.name == "console:step" and "{" not in str(door.said.values())
    ):
        answers[door.url(things)] = client.post(door.url(things), door.said, follow=True)
    for url, answer in answers.items():
        assert answer.status_code == 200, url
        if left := list(left_in_russian(answer.content.decode(), own)):
            found[url] = left
    assert found == {} and len(answers) > 8


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<h1>Табло</h1>", ["Табло"]),
        ('<a title="Печать PDF">PDF</a><script>"слова"</script>', ["Печать PDF"]),
        ("<p>ул. Ленина, 15, кв. 42 · п. 13 · “лен15”</p>", []),
        ("<p>ул. Ленина, 15: заявка</p>", ["ул. Ленина, 15: заявка"]),
    ],
)
def test_a_word_that_was_forgotten_is_found(page: str, left: list[str]) -> None:
    assert list(left_in_russian(page, ["ул. ленина"])) == left
