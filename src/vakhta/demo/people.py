"""Invented residents: names whose three parts agree in gender, numbers that nobody has, mail that
goes nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from vakhta.demo.shapes import DemoPerson


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MEN = _words(
    "Александр Алексей Андрей Антон Артём Борис Вадим Валерий Василий Виктор Виталий Владимир Георгий"
    " Григорий Денис Дмитрий Евгений Иван Игорь Илья Кирилл Константин Леонид Максим Михаил Николай Олег"
    " Павел Пётр Роман Сергей Степан Фёдор Юрий Ярослав"
)
_WOMEN = _words(
    "Александра Алла Анастасия Анна Валентина Валерия Вера Виктория Галина Дарья Евгения Екатерина Елена"
    " Зинаида Зоя Инна Ирина Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина"
    " Оксана Ольга Полина Раиса Светлана Софья Тамара Татьяна Юлия"
)
_FATHERS = {
    "Александр": "Александров", "Алексей": "Алексеев", "Анатолий": "Анатольев", "Андрей": "Андреев",
    "Борис": "Борисов", "Валентин": "Валентинов", "Василий": "Васильев", "Виктор": "Викторов",
    "Владимир": "Владимиров", "Геннадий": "Геннадьев", "Григорий": "Григорьев", "Евгений": "Евгеньев",
    "Иван": "Иванов", "Игорь": "Игорев", "Константин": "Константинов", "Леонид": "Леонидов",
    "Михаил": "Михайлов", "Николай": "Николаев", "Олег": "Олегов", "Павел": "Павлов", "Пётр": "Петров",
    "Семён": "Семёнов", "Сергей": "Сергеев", "Степан": "Степанов", "Фёдор": "Фёдоров", "Юрий": "Юрьев",
}  # fmt: skip
_FAMILIES = _words(
    "Абрамов Авдеев Акимов Баранов Белов Беляев Беспалов Блинов Богданов Быков Васильев Виноградов Воронцов"
    " Гаврилов Голубев Горбунов Громов Гусев Давыдов Данилов Дементьев Дьячков Евсеев Ежов Ершов Жаров"
    " Жуков Завьялов Зайцев Зимин Зуев Игнатов Кабанов Калугин Карпов Киселёв Князев Ковалёв Козлов Комаров"
    " Королёв Крылов Кудрявцев Кузнецов Лазарев Лапин Лебедев Логинов Лукин Макаров Маслов Медведев Миронов"
    " Морозов Муравьёв Назаров Нестеров Никитин Носков Овчинников Орехов Панфилов Петров Пономарёв Прохоров"
    " Родионов Рябов Савельев Сафонов Сидоров Ситников Смирнов Соболев Соловьёв Сорокин Тарасов Тихонов"
    " Трофимов Уваров Фадеев Федотов Филатов Фролов Хохлов Цветков Черепанов Шадрин Шилов Шубин Щукин Яковлев"
)
_FAMILIES_OF_ADJECTIVES = _words("Белинский Донской Заболотский Задорожный Луговской Садовский Толстой")
_FAMILIES_FOR_BOTH = _words(
    "Бондаренко Гончаренко Дорошенко Коваленко Остапчук Сердюк Черных Шевченко Долгих"
)

_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        _words("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch _ y _ e yu ya"),
        strict=True,
    )
)

MOBILE = "+7948"
"""The code 948 is given to no operator, so no demo ever writes to a stranger's number."""

MAIL = "example.org"
"""Reserved for examples (RFC 2606): letters to it reach nobody."""


@dataclass(frozen=True)
class Family:
    """A family name with its two forms."""

    man: str
    woman: str


def family(random: Random) -> Family:
    dice = random.random()
    if dice < 0.06:
        name = random.choice(_FAMILIES_OF_ADJECTIVES)
        return Family(name, name[:-2] + "ая")
    if dice < 0.13:
        name = random.choice(_FAMILIES_FOR_BOTH)
        return Family(name, name)
    name = random.choice(_FAMILIES)
    return Family(name, name + "а")


def full_name(random: Random, of: Family, *, is_woman: bool) -> str:
    """«Петрова Анна Сергеевна»."""
    father = random.choice(list(_FATHERS.values()))
    if is_woman:
        return f"{of.woman} {random.choice(_WOMEN)} {father}на"
    return f"{of.man} {random.choice(_MEN)} {father}ич"


def mail_of(name: str, number: int) -> str:
    """«Петрова Анна Сергеевна», 17 → "a.petrova17@example.org"."""
    last, first, *_ = name.casefold().split()
    plain = [
        "".join(_LETTERS.get(letter, letter) for letter in word).replace("_", "") for word in (first, last)
    ]
    return f"{plain[0][0]}.{plain[1]}{number}@{MAIL}"


def mobile(number: int) -> str:
    """The demo's n-th mobile number, n below 100,000: 17 → "+79480100017"."""
    return f"{MOBILE}01{number:05d}"


class Residents:
    """Settles families flat by flat, each with its own numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._count = 0

    def settle(self) -> tuple[DemoPerson, ...]:
        """Who lives in one more flat: nobody known, one person, or a family of two or three."""
        random = self._random
        dice = random.random()
        if dice < 0.07:
            return ()
        of = family(random)
        size = 1 if dice < 0.6 else 2 if dice < 0.9 else 3
        holder_is_woman = random.random() < 0.62
        relation = "tenant" if random.random() < 0.12 else "owner"
        return tuple(
            self._person(
                of, holder_is_woman if i == 0 else not holder_is_woman, relation if i == 0 else "lives"
            )
            for i in range(size)
        )

    def _person(self, of: Family, is_woman: bool, relation: str) -> DemoPerson:
        random = self._random
        self._count += 1
        name = full_name(random, of, is_woman=is_woman)
        has_phone = relation != "lives" or random.random() < 0.8
        return DemoPerson(
            name=name,
            relation=relation,
            phone=mobile(self._count) if has_phone else "",
            email=mail_of(name, self._count) if random.random() < 0.4 else "",
        )
