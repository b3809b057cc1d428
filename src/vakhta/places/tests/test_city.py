"""A city of 5,000 houses: typed addresses with slips find the right flat first, with four queries each."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from vakhta.domain.layouts import fold_key, to_latin
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company
from vakhta.places.models import Building, Premises
from vakhta.places.search import find_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

_NAMES = (
    "Ленина Мира Чехова Гагарина Пушкина Гоголя Кирова Калинина Суворова Кутузова Нахимова Жукова Чапаева "
    "Маяковского Некрасова Лермонтова Тургенева Островского Горького Чернышевского Менделеева Ломоносова "
    "Мичурина Вавилова Королёва Циолковского Матросова Чкалова Победы Труда Свободы Строителей Энергетиков "
    "Металлургов Шахтёров Космонавтов Садовая Лесная Советская Октябрьская Комсомольская Пролетарская "
    "Первомайская Заводская Школьная Молодёжная Набережная Речная Полевая Луговая Зелёная Центральная "
    "Северная Южная Западная Восточная Железнодорожная Вокзальная Берёзовая Сосновая Кленовая Цветочная "
    "Солнечная Весенняя Радужная Звёздная Парковая Спортивная Студенческая Больничная Почтовая Кооперативная "
    "Колхозная Рабочая Красноармейская Партизанская Гвардейская Пионерская Юбилейная Интернациональная "
    "Московская Киевская Минская Уральская Сибирская Алтайская Волжская Донская Камская Кавказская Крымская"
)
_HONOURED = "Петрова Сидоренко Ковалёва Морозова Волкова Соколова Орлова Лебедева Титова Комарова"
NAMES, HONOURED = _NAMES.split(), _HONOURED.split()
STREETS = (
    *(f"ул. {name}" for name in NAMES),
    *(f"пер. {name}" for name in NAMES[40:80]),
    *(f"{n}-я {name} ул." for n in (1, 2, 3) for name in ("Садовая", "Лесная", "Заводская", "Полевая")),
    *(f"ул. {title} {name}" for title in ("Академика", "Маршала", "Героя") for name in HONOURED),
    *("ул. 8 Марта", "ул. 9 Января", "пр-т 50 лет Октября", "ул. 40 лет Победы", "мкр. 3", "мкр. 7"),
)
HOUSES_OF_A_STREET = 28
ASKED = 400
LETTERS = "абвгдежзиклмнопрстуфхцчшыьюя"


@pytest.fixture
def houses() -> list[Building]:
    random = Random(5)
    with acting(Scope.system("city")):
        company = Company.objects.create(kind="management_company", name="УК «Город»", short_name="Город")
        rows = []
        for street in STREETS:
            for number in random.sample(range(1, 120), HOUSES_OF_A_STREET):
                house = f"{number}{random.choice(['', '', '', 'А', '/2', ' к2', ' стр. 2'])}"
                rows.append(
                    Building(
                        company=company,
                        city="Город",
                        street=street,
                        house=house,
                        street_key=fold_key(street),
                        house_key=fold_key(house),
                    )
                )
        made: list[Building] = Building.objects.bulk_create(rows)
    return made


def test_the_right_flat_stands_first(houses: list[Building]) -> None:
    random = Random(3)
    asked = [(house, str(random.randint(1, 300))) for house in random.sample(houses, ASKED)]
    with acting(Scope.system("city")):
        Premises.objects.bulk_create(
            Premises(company_id=house.company_id, building=house, number=flat, number_key=flat)
            for house, flat in asked
        )
    missed = []
    with reading(Scope(companies=frozenset({houses[0].company_id}), actor="staff/1")):
        for house, flat in asked:
            typed = as_typed(house, flat, random)
            with CaptureQueriesContext(connection) as made:
                hits = find_addresses(typed)
            assert len(made) <= 4
            if not hits or hits[0].title != f"{house}, кв. {flat}":
                missed.append((typed, f"{house}, кв. {flat}", [hit.title for hit in hits[:2]]))
    assert len(missed) <= 0.05 * ASKED, missed


def as_typed(house: Building, flat: str, random: Random) -> str:
    """How a dispatcher types it: half of the streets with a slip or two, some in the wrong layout."""
    kind, words = "", []
    for word in house.street.lower().split():
        if word.endswith(".") or word == "пр-т":
            kind = word.rstrip(".")
        else:
            words.append(word)
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    slips = random.choice((0, 0, 0, 0, 0, 1, 1, 1, 1, 2))
    for _ in range(slips):
        words[longest] = misspelt(words[longest], random)
    if kind != "ул" or random.random() < 0.3:
        words.insert(0, kind)
    street, number = " ".join(words), house.house.lower().replace(" ", random.choice(("", " ")))
    typed = random.choice((f"{street} {number} {flat}", f"{street} {number}-{flat}", f"{street} {number} кв {flat}",
                           f"{street}, д. {number}, кв. {flat}", f"{street} {number}-{flat} теч стояк"))  # fmt: skip
    if random.random() < 0.15:
        typed = to_latin(typed.replace(".", "").replace(",", ""))
    return typed


def misspelt(word: str, random: Random) -> str:
    """A letter dropped, put in, changed, or swapped with its neighbour; the first one is right."""
    if len(word) < 4:
        return word
    at, letter = random.randrange(1, len(word) - 1), random.choice(LETTERS)
    before, here, after = word[:at], word[at], word[at + 1 :]
    return random.choice(
        (
            before + after,
            before + letter + here + after,
            before + letter + after,
            before + after[0] + here + after[1:],
        )
    )
