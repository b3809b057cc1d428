"""How screens say numbers, phones, moments and spans (looks.md, law 9)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from vakhta.kernel import words
from vakhta.kernel.refusal import clean

NOW = datetime(2026, 11, 24, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("26-204337", "26-204\u00a0337"),
        ("26-1", "26-1"),
        ("26-1204337", "26-1\u00a0204\u00a0337"),
        ("204337", "204\u00a0337"),
        ("черновик", "черновик"),
    ],
)
def test_a_number_is_grouped_for_the_voice(number: str, said: str) -> None:
    assert words.number_words(number) == said


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("+79161234567", "+7\u00a0916\u00a0123-45-67"),
        ("89161234567", "+7\u00a0916\u00a0123-45-67"),
        ("112", "112"),
        ("104", "104"),
        ("+375291234567", "+375 29 123-45-67"),
        ("домофон", "домофон"),
        ("", ""),
    ],
)
def test_a_phone_is_said_as_people_say_it(phone: str, said: str) -> None:
    assert words.phone_words(phone) == said


@pytest.mark.parametrize(
    ("moment", "zone", "said"),
    [
        (datetime(2026, 11, 24, 6, 0, tzinfo=UTC), "Europe/Moscow", "24\u00a0ноября, вт"),
        (datetime(2026, 11, 24, 21, 30, tzinfo=UTC), "Europe/Moscow", "25\u00a0ноября, ср"),
        (datetime(2025, 5, 5, 6, 0, tzinfo=UTC), "Europe/Moscow", "5\u00a0мая\u00a02025, пн"),
        (datetime(2026, 11, 24, 20, 30, tzinfo=UTC), "Asia/Kamchatka", "25\u00a0ноября, ср"),
    ],
)
def test_a_day_is_the_building_s_own(moment: datetime, zone: str, said: str) -> None:
    assert words.day_words(moment, zone, NOW) == said


def test_another_zone_is_named_and_the_own_one_is_not() -> None:
    moment = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    assert words.moment_words(moment, "Europe/Moscow", NOW, "Europe/Moscow") == "09:30"
    assert words.moment_words(moment, "Europe/Simferopol", NOW, "Europe/Moscow") == "09:30"
    assert words.moment_words(moment, "Asia/Yekaterinburg", NOW, "Europe/Moscow") == "11:30 (МСК+2)"
    assert words.moment_words(moment, "Europe/Kaliningrad", NOW, "Europe/Moscow") == "08:30 (МСК\u22121)"


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ((24, 9), (24, 10), "12:00 – 13:00"),
        ((25, 9), (25, 10), "12:00 – 13:00, 25\u00a0ноября, ср"),
        ((25, 9), None, "12:00, 25\u00a0ноября, ср"),
        ((24, 20), (24, 22), "23:00 – 01:00, 25\u00a0ноября, ср"),
        ((25, 20), (25, 22), "23:00, 25\u00a0ноября, ср – 01:00, 26\u00a0ноября, чт"),
    ],
)
def test_a_visit_is_said_with_its_day(
    since: tuple[int, int], until: tuple[int, int] | None, said: str
) -> None:
    start = datetime(2026, 11, *since, tzinfo=UTC)
    end = datetime(2026, 11, *until, tzinfo=UTC) if until else None
    assert words.window_words(start, end, "Europe/Moscow", NOW) == said


SPANS = [
    (0, "00:00"),
    (-5, "00:05"),
    (252, "04:12"),
    (3599, "59:59"),
    (3600, "1 ч 00 мин"),
    (7500, "2 ч 05 мин"),
    (86_400, "1 дн 0 ч"),
    (280_000, "3 дн 5 ч"),
]


@pytest.mark.parametrize(("seconds", "said"), SPANS)
def test_a_span_is_short_and_says_its_units_beyond_an_hour(seconds: int, said: str) -> None:
    assert words.span_words(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 с"), (40, "40 с"), (60, "1 мин"), (95, "1 мин 35 с"), (-993, "16 мин"), (7500, "2 ч 05 мин")],
)
def test_a_length_in_a_sentence_is_never_read_as_an_hour(seconds: int, said: str) -> None:
    assert words.length_words(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "звонков"), (1, "звонок"), (2, "звонка"), (11, "звонков"), (21, "звонок"), (23, "звонка")],
)
def test_the_words_behind_a_number_have_its_form(number: int, said: str) -> None:
    assert words.counted_words(number, "звонок", "звонка", "звонков") == said


def test_a_page_in_english_counts_in_english() -> None:
    with translation.override("en"):
        assert (
            words.counted_words(1, "one", "few", "many"),
            words.counted_words(2, "one", "few", "many"),
        ) == ("one", "many")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ПП РФ от 15.05.2013 № 416", "ПП РФ от 15.05.2013 №_416"),
        ("ул. Мира, 18 к3, кв. 5", "ул. Мира, 18_к3, кв._5"),
        ("ул. Мира, 18 корп. 3 стр. 2", "ул. Мира, 18_корп._3_стр._2"),
        ("п. 2, эт. 4, код 42В", "п._2, эт._4, код 42В"),
        ("сообщить сроки за 30 минут, ПП 416, п. 13", "сообщить сроки за 30_минут, ПП 416, п._13"),
        ("10 рабочих дней, 2 ч, 12 с половиной", "10_рабочих дней, 2_ч, 12_с половиной"),
        ("с 1 января 2025 до 15 декабря 2026", "с 1_января_2025 до 15_декабря_2026"),
        ("нужно вроде 25.11 02:10", "нужно вроде 25.11_02:10"),
        ("нужен вроде +7 916 123-45-67.", "нужен вроде +7_916_123-45-67."),
        ("передана бригаде 4", "передана бригаде_4"),
        ("доступ 14:36 – 18:36, 24 ноября, вт", "доступ 14:36_–_18:36, 24_ноября, вт"),
        ("Задорожный В. С.", "Задорожный_В._С."),
        ("Ким А., бригада 4", "Ким_А., бригада_4"),
        ("идёт к дому. А там", "идёт к дому. А там"),
    ],
)
def test_what_is_one_is_not_broken_over_two_lines(text: str, kept: str) -> None:
    assert words.bound(text) == kept.replace("_", "\u00a0")


def test_inside_a_sentence_a_title_begins_small_and_an_abbreviation_stays() -> None:
    assert words.inside("Известить службы РСО") == "известить службы РСО"
    assert words.inside("ВРУ: предохранители, автоматы") == "ВРУ: предохранители, автоматы"
    assert words.inside("") == ""


def test_a_great_count_is_grouped() -> None:
    assert [words.grouped(count).replace(words.NBSP, " ") for count in (0, 3883, 20000, 1234567)] == [
        "0",
        "3883",
        "20 000",
        "1 234 567",
    ]


def test_of_nobody_s_name_nothing_is_made_short() -> None:
    assert [words.short_name(name) for name in ("", " ", "Ли", "Ким Ирина Олеговна")] == [
        "",
        "",
        "Ли",
        "Ким И. О.",
    ]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Иванова\u00a0Анна", "Иванова Анна"),
        ("+7\u202f900\u2009000-07-07", "+7 900 000-07-07"),
        ("\u00a0течёт\r\nстояк\x00\x1b\u200b ", "течёт\nстояк"),
        ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)
def test_what_is_pasted_keeps_its_spaces_and_loses_what_nobody_sees(said: str, kept: str) -> None:
    assert clean(said, "text", "Текст", limit=100) == kept


def test_what_is_remembered_is_remembered_of_each_language_apart() -> None:
    asked = []

    @words.by_language
    def said(word: str) -> str:
        asked.append(word)
        return f"{word} {translation.get_language()}"

    for _again in range(2):
        assert said("вода") == "вода ru"
        with translation.override("en"):
            assert said("вода") == "вода en"
        assert said("свет") == "свет ru"
    assert asked == ["вода", "вода", "свет"]
