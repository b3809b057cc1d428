"""Every text has its English words, and a page is Russian until somebody chooses otherwise."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import translation

from vakhta.cli import catalogue
from vakhta.kernel.refusal import Invalid

WEB = Path(__file__).resolve().parent.parent
ENGLISH_BROWSER = {"accept-language": "en-GB,en;q=0.9"}


def test_no_text_lacks_its_english_words() -> None:
    assert catalogue.faults(catalogue.read(), catalogue.texts()) == []


def test_no_refusal_is_put_together_before_it_is_translated() -> None:
    """«Дом «…» уже есть» in an f-string would stay Russian on an English page."""
    composed = [ast.unparse(said) for said in catalogue.refusing() if isinstance(said, ast.JoinedStr)]
    assert [said for said in composed if re.search("[а-яё]{2}", said)] == []


def test_what_is_translated_stands_outside_of_a_string_that_is_put_together() -> None:
    """The reader of texts sees one string there, so the words would have no entry and stay Russian."""
    asked = [
        f"{path.name}:{call.lineno}"
        for path in catalogue.PACKAGE.rglob("*.py")
        for whole in ast.walk(ast.parse(path.read_text()))
        if isinstance(whole, ast.JoinedStr)
        for call in ast.walk(whole)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in catalogue.MARKS
        and call.args
        and isinstance(call.args[-1], ast.Constant)
    ]
    assert asked == []


def test_a_refusal_with_something_in_it_is_said_in_english_too() -> None:
    with translation.override("en"):
        refused = Invalid(
            "Помещение «%(name)s» в этом доме уже есть: впишите другой номер.", "number", name="15 %"
        )
    said = "The premises “15 %” are in this house already: enter another number."
    assert refused.message == said == str(refused)
    assert Invalid("Дом стоит на 100 %").message == "Дом стоит на 100 %"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("", "no entry: 'Пульт' of web/console/views.py"),
        ('msgid "Пульт"\nmsgstr ""\n', "no English words: 'Пульт'"),
        ('#, fuzzy\nmsgid "Пульт"\nmsgstr "Console"\n', "fuzzy: 'Пульт'"),
        ('msgid "Пульт"\nmsgstr "Console"\n\nmsgid "Пульты"\nmsgstr "Consoles"\n', "nobody says: 'Пульты'"),
        ('msgid "Пульт"\nmsgstr "Console"\n', ""),
    ],
)
def test_what_the_catalogue_lacks_is_named(
    entry: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "django.po"
    source.write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{entry}', encoding="utf-8"
    )
    monkeypatch.setattr(catalogue, "ENGLISH", source)
    found = catalogue.faults(catalogue.read(), {("", "Пульт"): ["web/console/views.py"]})
    assert found == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ('{% translate "Пульт" %}', ["Пульт"]),
        ('<a title="{% translate \'Она\' %}">{% translate "Он" %}</a>', ["Она", "Он"]),
        ('{% translate "Почему" as label %}{{ label }}', ["Почему"]),
        (
            "{% blocktranslate with n=row.n %}ещё {{ n }} (всего){% endblocktranslate %}",
            ["ещё %(n)s (всего)"],
        ),
        (
            "{% blocktranslate count n=n %}{{ n }} дом{% plural %}{{ n }} дома{% endblocktranslate %}",
            [("%(n)s дом", "%(n)s дома")],
        ),
        ('{% include "a.html" with title=_("Табло") %}', ["Табло"]),
        ("{% translate \"дом (жилой) 'Заря'\" %} {% translate '100 %' %}", ["дом (жилой) 'Заря'", "100 %%"]),
        ("Просто слова", []),
    ],
)
def test_texts_of_a_template_are_found(template: str, said: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(template, encoding="utf-8")
    assert [text for _context, text in catalogue.texts_of(page)] == said


def test_words_behind_a_number_are_found_as_one_and_many(tmp_path: Path) -> None:
    code = tmp_path / "page.py"
    code.write_text("counted_words(len(rows), 'дом', 'дома', 'домов')", encoding="utf-8")
    assert [text for _context, text in catalogue.texts_of(code)] == [("дом", "домов")]


def test_no_table_is_translated_when_it_is_imported() -> None:
    """`_()` at import would fix the language of the process; tables say `marked()`."""
    found = []
    for path in WEB.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "import gettext as _" in source and "tests" not in path.parts:
            found += [f"{path.relative_to(WEB)}:{line}" for line in eager_lines(ast.parse(source))]
    assert found == []


def eager_lines(node: ast.AST) -> list[int]:
    """Lines of `_()` that run when the module is imported."""
    lines = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id == "_":
            lines.append(child.lineno)
        lines += eager_lines(child)
    return lines


def test_the_catalogue_compiles_to_what_django_reads(tmp_path: Path) -> None:
    (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.write_bytes(catalogue.ENGLISH.read_bytes())
    catalogue.compile_catalogue(source)
    with override_settings(LOCALE_PATHS=[tmp_path]), translation.override("en"):
        assert translation.gettext("Табло") == "Board"
    with translation.override("ru"):
        assert translation.gettext("Табло") == "Табло"


@pytest.mark.django_db
def test_a_page_is_russian_whatever_the_browser_would_accept() -> None:
    answer = Client().get("/sign-in/", headers=ENGLISH_BROWSER)
    assert answer.headers["Content-Language"] == "ru"
    assert "Пароль" in answer.content.decode()


@pytest.mark.django_db
def test_english_by_choice_and_back() -> None:
    browser = Client()
    chosen = browser.post("/language/", {"language": "en"}, headers={"referer": "http://testserver/sign-in/"})
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "http://testserver/sign-in/")
    page = browser.get("/sign-in/")
    assert page.headers["Content-Language"] == "en"
    assert "Password" in page.content.decode() and '<html lang="en"' in page.content.decode()
    browser.post("/language/", {"language": "ru"})
    assert "Пароль" in browser.get("/sign-in/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["de", "", "../en"])
def test_an_unknown_language_changes_nothing(asked: str) -> None:
    browser = Client()
    browser.cookies["django_language"] = asked
    assert browser.get("/sign-in/").headers["Content-Language"] == "ru"


def test_a_refusal_of_a_room_below_is_said_in_the_language_of_whoever_asked() -> None:
    with translation.override("en"):
        assert Invalid("Такой заявки нет.", "into").message == "There is no such ticket."
    assert Invalid("Такой заявки нет.", "into").message == "Такой заявки нет."
