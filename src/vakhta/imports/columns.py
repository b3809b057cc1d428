"""Which column of a foreign table is which field of the stock: by its Russian heading, or as a person says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vakhta.domain.layouts import fold_key
from vakhta.kernel.refusal import Invalid


@dataclass(frozen=True)
class Field:
    code: str
    title: str
    """As the service calls it."""
    headings: tuple[str, ...]
    """How companies call it, folded; the whole heading."""


FIELDS: dict[str, Field] = {
    field.code: field
    for field in (
        Field("city", "Город", ("город", "населенный пункт", "нп", "gorod", "city")),
        Field("street", "Улица", ("улица", "наименование улицы", "ul", "ulica", "street")),
        Field("house", "Дом", ("дом", "дома", "номер дома", "дом номер", "д", "dom", "ndom", "house")),
        Field("corpus", "Корпус", ("корпус", "корп", "строение", "kor", "korp", "korpus")),
        Field(
            "address",
            "Адрес",
            ("адрес", "адрес помещения", "адрес дома", "полный адрес", "адрес объекта", "adres", "address"),
        ),
        Field(
            "flat",
            "Квартира",
            ("квартира", "квартиры", "кв", "номер квартиры", "помещение", "номер помещения", "kv", "kvart", "flat"),
        ),
        Field("entrance", "Подъезд", ("подъезд", "номер подъезда", "под", "podezd", "entrance")),
        Field("floor", "Этаж", ("этаж", "этаж квартиры", "etag", "etazh", "floor")),
        Field(
            "account",
            "Лицевой счёт",
            ("лицевой счет", "лс", "л с", "л сч", "номер лс", "номер лицевого счета", "лиц счет", "ls", "lschet", "account"),
        ),
        Field(
            "name",
            "ФИО",
            ("фио", "ф и о", "собственник", "наниматель", "фио собственника", "владелец", "квартиросъемщик",
             "ответственный", "плательщик", "фамилия имя отчество", "fio", "name"),
        ),
        Field("surname", "Фамилия", ("фамилия", "fam", "famil")),
        Field("first_name", "Имя", ("имя", "im", "imya")),
        Field("patronymic", "Отчество", ("отчество", "otch", "ot")),
        Field(
            "phone",
            "Телефон",
            ("телефон", "телефоны", "номер телефона", "тел", "мобильный", "мобильный телефон", "контактный телефон",
             "сотовый", "tel", "phone"),
        ),
        Field("email", "Почта", ("почта", "электронная почта", "e mail", "email", "эл почта", "mail")),
        Field("relation", "Кто он", ("статус", "отношение", "вид собственности", "тип", "relation")),
        Field("guid", "Код дома ФИАС", ("фиас", "код фиас", "guid", "гуид", "фиас дома", "guid фиас", "fias", "гар")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """`places`: field → index of its column. `unknown`: headings that are nothing to us."""

    row: int
    """The number of the heading row."""
    places: Mapping[str, int]
    headings: tuple[str, ...]
    unknown: tuple[str, ...]

    def heading(self, field: str) -> str:
        """How the file calls the column of a field; the service's word when it has none."""
        place = self.places.get(field)
        return self.headings[place] if place is not None else FIELDS[field].title


LOOK_FOR_HEADINGS = 20
"""Rows at the top that may be a title before the headings."""


def match(row: int, headings: Sequence[str], said: Mapping[str, str] | None = None) -> Match:
    """`said`: heading → field, or "" for a column to pass over; it goes before what we would guess. Raises
    Invalid (field "match") when a place of a person cannot be told from it."""
    places, passed = guessed(headings, said)
    unknown = tuple(
        heading
        for place, heading in enumerate(headings)
        if heading and place not in places.values() and place not in passed
    )
    _check(places, headings)
    return Match(row, places, tuple(headings), unknown)


def guessed(
    headings: Sequence[str], said: Mapping[str, str] | None = None
) -> tuple[dict[str, int], frozenset[int]]:
    """(field → its column, columns that somebody has said something of), enough or not. Raises Invalid about
    what was said wrongly."""
    folded = [fold_key(heading) for heading in headings]
    places: dict[str, int] = {}
    passed: set[int] = set()
    for heading, code in (said or {}).items():
        key = fold_key(heading)
        if key not in folded:
            raise Invalid(
                "Столбца «%(heading)s» в файле нет. Есть: %(headings)s.",
                "match",
                heading=heading[:60],
                headings=_list(headings),
            )
        if code and code not in FIELDS:
            raise Invalid(
                "Поля «%(code)s» нет. Есть: %(known)s.", "match", code=code[:40], known=", ".join(FIELDS)
            )
        if code in places:
            raise Invalid("«%(title)s» — два столбца: выберите один.", "match", title=FIELDS[code].title)
        place = folded.index(key)
        if code:
            places[code] = place
        passed.add(place)
    for place, key in enumerate(folded):
        code = _BY_HEADING.get(key, "")
        if code and place not in passed and code not in places:
            places[code] = place
    return places, frozenset(passed)


_BY_HEADING = {heading: field.code for field in FIELDS.values() for heading in field.headings}


def looks_like_headings(row: Sequence[str], said: Mapping[str, str]) -> bool:
    known = {*_BY_HEADING, *(fold_key(heading) for heading in said)}
    return sum(fold_key(cell) in known for cell in row) >= 2


def _check(places: Mapping[str, int], headings: Sequence[str]) -> None:
    if "address" not in places and not {"street", "house"} <= places.keys():
        raise Invalid(
            "Не найдены столбцы адреса: нужен «Адрес» или «Улица» и «Дом». В файле: %(headings)s. Скажите сами, какой столбец что значит.",
            "match",
            headings=_list(headings),
        )


def _list(headings: Sequence[str]) -> str:
    found = [f"«{heading[:40]}»" for heading in headings if heading]
    return ", ".join(found[:30]) or "заголовков нет"
