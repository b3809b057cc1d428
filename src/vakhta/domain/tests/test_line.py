"""The line: which kinds of thing one field's text may be."""

from __future__ import annotations

import pytest

from vakhta.domain.line import CREW_WORDS, parse_line
from vakhta.domain.routes import WORK_ORDER


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", ""),
        ("   ", ""),
        ("лен15-42 теч стояк", "address"),
        ("лен15-42", "address"),
        ("ktybyf 15 42", "address"),
        ("ул ленина", "address"),
        ("8 марта 12", "address"),
        ("теч стояк", "words"),
        ("ntx cnjzr", "words"),
        ("петрова", "words"),
        ("запах газа", "words"),
        ("9161234567", "phone"),
        ("89161234567", "phone"),
        ("+7 916 123-45-67", "phone"),
        ("8 (916) 123-45-67", "phone"),
        ("12345678901234567890", "words"),
        ("1204330", "ticket"),
        ("204337", "ticket"),
        ("26-204337", "ticket"),
        ("26-59", "ticket"),
        ("№ 26-7", "ticket"),
        ("26-204 337", "ticket"),
        ("№ 26-204 337", "ticket"),
        ("№204337", "ticket"),
        ("№ 17", "ticket"),
        ("заявка 44", "ticket"),
        ("Заявку № 26-44", "ticket"),
        ("pfzdrf 44", "ticket"),
        ("заявка где бригада", "words"),
        ("бр4 принято", "crew"),
        ("бр 4 на месте", "crew"),
        ("бригада 4 выехали", "crew"),
        ("бригада №4 выполнено", "crew"),
        ("4 бр приехали", "crew"),
        (",h4 ghbyznj", "crew"),
        (">пауза обед", "action"),
        (">gfepf", "action"),
        (">gfepf j,tl", "action"),
        ("Юпауза обед", "action"),
        ("юготов", "action"),
        (">", "action"),
        ("юго", "words"),
        ("югорская 5", "address"),
        ("#204337", "ticket"),
        ("# 26-204337", "ticket"),
        ("бр4", "crew"),
        ("gtnhdf", "words"),
        ("rdfhnbhf 12", "address"),
    ],
)
def test_kind(typed: str, kind: str) -> None:
    assert parse_line(typed).kind == kind


def test_address_carries_the_words_behind_it() -> None:
    intent = parse_line("лен15-42 теч стояк")
    assert intent.address is not None
    assert intent.kinds == ("address", "words")
    assert (intent.address.house, intent.address.flat, intent.words) == ("15", "42", "теч стояк")


def test_street_alone_may_be_words_as_well() -> None:
    assert parse_line("ленина").kinds == ("words", "address")


@pytest.mark.parametrize(
    ("typed", "ticket"),
    [
        ("26-204 337", "26-204337"),
        ("№ 26-204 337", "26-204337"),
        ("№204 337", "204337"),
        ("заявка 44", "44"),
        ("по заявке 44", ""),
        ("1204330", "1204330"),
    ],
)
def test_ticket_number_is_read_as_it_is_said(typed: str, ticket: str) -> None:
    assert parse_line(typed).ticket == ticket


def test_seven_figures_may_be_a_ticket_or_a_town_phone() -> None:
    intent = parse_line("1204330")
    assert intent.kinds == ("ticket", "phone")
    assert intent.phone == "1204330"


@pytest.mark.parametrize(
    ("typed", "phone", "words"),
    [
        ("9480105267 теч кран", "9480105267", "теч кран"),
        ("9480105267 ntx rhfy", "9480105267", "теч кран"),
        ("+7 948 010-52-67, теч кран", "+79480105267", "теч кран"),
        ("8 (948) 010-52-67 2 подъезд нет света", "89480105267", "2 подъезд нет света"),
        ("89480105267 нет света", "89480105267", "нет света"),
        ("375291234567 теч кран", "375291234567", "теч кран"),
        ("+375291234567 2 подъезд темно", "+375291234567", "2 подъезд темно"),
        ("+375 29 123 45 67, теч кран", "+375291234567", "теч кран"),
        ("+49 30 1234567 теч кран", "+49301234567", "теч кран"),
        ("+7 948 010 52 67 15 кв течёт", "+79480105267", "15 кв течёт"),
    ],
)
def test_words_behind_a_phone_are_kept(typed: str, phone: str, words: str) -> None:
    intent = parse_line(typed)
    assert (intent.kinds, intent.phone, intent.words) == (("phone",), phone, words)


@pytest.mark.parametrize(
    "typed",
    ["8 марта 12", "50 лет октября 3", "123456789 теч", "15 42 теч стояк", "+375 29 123-45-67 2 подъезд"],
)
def test_figures_before_words_are_a_phone_only_when_they_are_ten(typed: str) -> None:
    assert "phone" not in parse_line(typed).kinds


@pytest.mark.parametrize("typed", ["46", "7"])
def test_a_short_number_may_be_a_ticket(typed: str) -> None:
    intent = parse_line(typed)
    assert (intent.kinds[0], intent.ticket) == ("ticket", typed)


@pytest.mark.parametrize(
    ("typed", "name", "move"),
    [
        ("сантехники юг на месте", "сантехники юг", "arrive"),
        ("Сантехники, юг: на месте", "сантехники юг", "arrive"),
        ("юг на месте", "юг", "arrive"),
        ("бригада юг выехали", "юг", "go"),
        ("'ktrnhbrb ghbyzkb", "электрики", "accept"),
        ("лен15-42 нет доступа", "лен15 42", "no_access"),
        ("сантехники юг", "", ""),
        ("на месте", "", ""),
    ],
)
def test_a_crew_may_be_called_by_its_name(typed: str, name: str, move: str) -> None:
    intent = parse_line(typed)
    assert (intent.crew_name, intent.move) == (name, move)
    assert ("crew" in intent.kinds) is bool(name)
    assert intent.kinds != ("crew",), "the words may be what they are without a crew"


def test_phone_keeps_its_figures() -> None:
    assert parse_line("+7 916 123-45-67").phone == "+79161234567"
    assert parse_line("8 (916) 123-45-67").phone == "89161234567"


@pytest.mark.parametrize(
    ("typed", "crew", "move"),
    [
        ("бр4 принято", 4, "accept"),
        ("бр4 приняли", 4, "accept"),
        ("бр12 выехали", 12, "go"),
        ("бр4 в пути", 4, "go"),
        ("бр4 на месте", 4, "arrive"),
        ("бр4 прибыли", 4, "arrive"),
        ("бр4 локализовано", 4, "contain"),
        ("бр4 перекрыли стояк", 4, "contain"),
        ("бр4 нет доступа", 4, "no_access"),
        ("бр4 не открывают", 4, "no_access"),
        ("бр4 выполнено", 4, "done"),
        ("бр4 готово", 4, "done"),
        ("бр4 отказ", 4, "refuse"),
        ("бр4 как дела", 4, ""),
        ("бр4", 4, "see"),
        ("бр4 где", 4, "see"),
        ("бригада 4 забрать наряд", 4, "see"),
        ("бр4 снять", 4, "see"),
    ],
)
def test_crew_by_radio(typed: str, crew: int, move: str) -> None:
    intent = parse_line(typed)
    assert (intent.crew, intent.move) == (crew, move)


def test_every_crew_word_is_a_move() -> None:
    assert set(CREW_WORDS.values()) <= set(WORK_ORDER.moves)


@pytest.mark.parametrize(
    ("typed", "action", "note"),
    [
        (">пауза обед", "pause", "обед"),
        ("> пауза  к врачу ", "pause", "к врачу"),
        (">gfepf j,tl", "pause", "обед"),
        ("Юпауза обед", "pause", "обед"),
        (">па обед", "pause", "обед"),
        (">перерыв", "pause", ""),
        (">готов", "ready", ""),
        (">Готова", "ready", ""),
        (">ujnjd", "ready", ""),
        (">", "", ""),
        (">п", "", ""),
        (">спать", "", ""),
    ],
)
def test_action_has_its_note(typed: str, action: str, note: str) -> None:
    intent = parse_line(typed)
    assert (intent.kinds, intent.action, intent.note) == (("action",), action, note)


def test_a_boulevard_is_no_crew() -> None:
    intent = parse_line("бр 50 лет октября 3")
    assert intent.kinds == ("crew", "address") and not intent.move
    assert intent.address is not None and intent.address.street_words == ("50", "лет", "октября")
