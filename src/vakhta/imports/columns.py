"""Which column of a foreign table is which field of ours: by its Russian heading, or as a person says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as marked

from vakhta.domain.layouts import fold_key
from vakhta.kernel.refusal import Invalid

from .cells import BrokenRow, Unread


class Wrong(Invalid):
    """A cell that cannot be taken. `field`: one of its table's; or `column`, as the file calls it."""

    def __init__(self, message: str, field: str = "", column: str = "") -> None:
        super().__init__(message, field)
        self.column = column


@dataclass(frozen=True)
class Field:
    code: str
    title: str
    """As the service calls it."""
    headings: tuple[str, ...]
    """How companies call it, folded; the whole heading."""
    made_of: re.Pattern[str] | None = None
    """The same where a heading is put together: «ФИО владельца», «Конт. тел. нанимателя»."""
    next: str = ""
    """The field of a second such column: «Тел. дом.» beside «Тел. моб.»."""


def _made_of(some: str, others: str) -> re.Pattern[str]:
    """A heading of nothing but these words, one of `some` among them."""
    return re.compile(rf"(?=.*\b(?:{some})\b)(?:(?:{some}|{others})(?: |$))+")


_WHOSE = "собственника|владельца|нанимателя|квартиросъемщика|плательщика|абонента|потребителя|жильца|жителя|арендатора|заявителя"
_FULL_NAME = "фио|ф и о|фамилия имя отчество|фамилия и о|фамилия имя"


def _when(some: str, word: str, never: str = "$^") -> re.Pattern[str]:
    """A heading of a moment, put together of `word` and of what happened then, «Отметка о выполнении: дата»."""
    return re.compile(
        rf"(?=.*\b{word}\b)(?=.*\b(?:{some}))(?!.*\b(?:{never})\b)"
        rf"(?:(?:дата|время|отметка|о|об|и|заявки|обращения|работ|факт\w*|(?:{some})\w*)(?: |$))+"
    )


_COMES = "поступ|прием|принят|регистрац|обращен|подач|подан"
_ENDS = "выполнен|исполнени|исполнен[аоы]|устранен|закрыт|завершен"

_PLACE = (
    Field("city", "Город", ("город", "населенный пункт", "нас пункт", "насел пункт", "нп", "gorod", "city")),
    Field("street", "Улица", ("улица", "наименование улицы", "ul", "ulica", "street")),
    Field("house", "Дом", ("дом", "дома", "номер дома", "дом номер", "д", "dom", "ndom", "house")),
    Field("corpus", "Корпус", ("корпус", "корп", "kor", "korp", "korpus")),
    Field("structure", "Строение", ("строение", "номер строения", "stroenie")),
    Field("letter", "Литера", ("литера", "лит", "литера дома", "буква", "буква дома", "liter", "litera")),
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
)  # fmt: skip
"""Where it is: the same in every table."""
_PHONE_WORDS = _made_of(
    "тел|телефон|телефона|телефоны|моб|мобильный|мобильного|сот|сотовый|сотового",
    rf"\d|номер|номера|конт|контактный|контактные|дом|домашний|раб|рабочий|гор|городской|для связи|основной|второй|"
    rf"дополнительный|доп|{_WHOSE}",
)
_PHONE = Field(
    "phone",
    "Телефон",
    ("телефон", "телефоны", "номер телефона", "тел", "мобильный", "мобильный телефон", "контактный телефон",
     "сотовый", "телефон заявителя", "tel", "tel1", "тел1", "телефон1", "phone", "phone1"),
    _PHONE_WORDS,
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A kind of table that is read. `fields` in the order in which a person chooses among them; of two columns that
    are one field the first one is taken, and the second where there is a field for it. `lacks`: which fields are missing, in words, by those that were found;
    "" when a row can be read."""

    fields: Mapping[str, Field]
    lacks: Callable[[Mapping[str, int]], str]

    def field_of(self, key: str) -> tuple[str, bool]:
        """(the field of a heading, "" of none; True when it is known word for word)."""
        for field in self.fields.values():
            if key in field.headings or key == fold_key(field.title):
                return field.code, True
        made = (
            field.code for field in self.fields.values() if field.made_of and field.made_of.fullmatch(key)
        )
        return next(made, ""), False

    def code_of(self, said: str) -> str:
        """The code of a field that is named by it or by its title; "" when there is none."""
        if said in self.fields:
            return said
        key = fold_key(said)
        return next((field.code for field in self.fields.values() if fold_key(field.title) == key), "")


def _lacks_place(places: Mapping[str, int]) -> str:
    has_place = "address" in places or {"street", "house"} <= places.keys()
    return "" if has_place else marked("Не найдены столбцы адреса: нужен «Адрес» или «Улица» и «Дом».")


def _lacks_ticket(places: Mapping[str, int]) -> str:
    if "received" not in places:
        return marked("Не найден столбец «Дата поступления»: без неё заявка не узнаётся.")
    if "description" not in places:
        return marked("Не найден столбец «Что случилось».")
    return _lacks_place(places)


def _table(lacks: Callable[[Mapping[str, int]], str], *fields: Field) -> Table:
    return Table({field.code: field for field in fields}, lacks)


STOCK = _table(
    _lacks_place,
    *_PLACE,
    Field("entrance", "Подъезд", ("подъезд", "номер подъезда", "под", "podezd", "entrance")),
    Field("floor", "Этаж", ("этаж", "этаж квартиры", "etag", "etazh", "floor")),
    Field(
        "account",
        "Лицевой счёт",
        ("лицевой счет", "лс", "л с", "л сч", "номер лс", "номер лицевого счета", "лиц счет", "лицсчет", "лицсч", "ls", "lschet", "account"),
    ),
    Field(
        "name",
        "ФИО",
        ("фио", "ф и о", "собственник", "наниматель", "фио собственника", "владелец", "квартиросъемщик",
         "ответственный", "плательщик", "фамилия имя отчество", "fio", "name"),
        _made_of(
            f"{_FULL_NAME}|собственник|наниматель|владелец|квартиросъемщик",
            f"ответственный|ответственного|жилого|помещения|квартиры|или|{_WHOSE}",
        ),
    ),
    Field("surname", "Фамилия", ("фамилия", "fam", "famil")),
    Field("first_name", "Имя", ("имя", "im", "imya")),
    Field("patronymic", "Отчество", ("отчество", "otch", "ot")),
    replace(_PHONE, next="second_phone"),
    Field("second_phone", "Второй телефон", ("tel2", "тел2", "телефон2", "phone2")),
    Field("email", "Почта", ("почта", "электронная почта", "e mail", "email", "эл почта", "mail")),
    Field("relation", "Кто он", ("статус", "отношение", "вид собственности", "тип", "relation")),
    Field("entrance_code", "Код двери подъезда", ("код двери", "код домофона", "домофон", "код подъезда", "код двери подъезда")),
    Field("entrance_flats", "Квартиры подъезда", ("квартиры подъезда", "квартиры в подъезде", "номера квартир подъезда")),
    Field("riser", "Стояк", ("стояк", "система стояка", "вид стояка", "стояк системы", "stoyak")),
    Field(
        "riser_feeds",
        "Что питает стояк",
        ("квартиры стояка", "квартиры по стояку", "что питает", "что питает стояк", "стояк квартиры", "помещения стояка"),
    ),
    Field("riser_valve", "Где перекрыть стояк", ("где перекрыть", "где перекрыть стояк", "вентиль", "вентиль стояка", "перекрыть")),
    Field(
        "lift",
        "Номер лифта",
        ("номер лифта", "рег номер лифта", "рег лифта", "регистрационный номер лифта", "лифта", "лифт номер", "заводской номер лифта", "lift"),
    ),
    Field("lift_kind", "Вид лифта", ("вид лифта", "тип лифта")),
    Field(
        "lift_service",
        "Кто обслуживает лифт",
        ("кто обслуживает лифт", "лифт обслуживает", "обслуживает лифт", "лифтовая организация", "обслуживающая лифт организация"),
    ),
    Field("lift_phone", "Телефон лифтовой службы", ("телефон лифтовой службы", "телефон лифтовой", "телефон лифта", "диспетчер лифтов")),
    Field("guid", "Код дома ФИАС", ("фиас", "код фиас", "guid", "гуид", "фиас дома", "guid фиас", "guid дома", "гуид дома", "fias", "гар")),
)  # fmt: skip
"""Жилищный фонд: houses, flats, accounts, residents; entrances, risers, lifts. «Лифт» alone is nobody's heading: it is as
often a tick («есть») as a number."""

OLD_TICKETS = _table(
    _lacks_ticket,
    Field("number", "Номер заявки", ("номер", "номер заявки", "заявки", "номер обращения", "заявка номер", "рег номер", "регистрационный номер", "nomer")),
    Field("ordinal", "Номер по порядку", ("№", "n", "п п", "n п п", "номер п п", "номер по порядку", "npp")),
    Field(
        "received",
        "Дата поступления",
        ("дата поступления", "дата и время поступления", "дата время поступления", "дата", "дата и время", "дата время",
         "дата заявки", "дата приема", "дата и время приема", "дата регистрации", "дата и время регистрации",
         "дата обращения", "поступила", "принята", "data", "date"),
        _when(_COMES, "дата"),
    ),
    Field(
        "received_time",
        "Время поступления",
        ("время поступления", "время", "время заявки", "время приема", "время регистрации", "время обращения", "vremya", "time"),
        _when(_COMES, "время", "дата"),
    ),
    *_PLACE,
    Field(
        "description",
        "Что случилось",
        ("что случилось", "содержание", "содержание заявки", "содержание обращения", "суть заявки", "суть обращения",
         "описание", "описание заявки", "неисправность", "характер неисправности", "характер заявки", "причина обращения",
         "причина", "текст заявки", "проблема", "заявка", "вид работ", "opisanie"),
    ),
    Field(
        "applicant",
        "Заявитель",
        ("заявитель", "фио заявителя", "ф и о заявителя", "фио", "ф и о", "от кого", "кто обратился", "кто подал", "fio"),
        _made_of(f"{_FULL_NAME}|заявитель", f"помещения|квартиры|{_WHOSE}"),
    ),
    _PHONE,
    Field(
        "performer",
        "Исполнитель",
        ("исполнитель", "кому передано", "кому передана", "кому передали", "передано", "передана", "бригада", "мастер",
         "ответственный", "ответственный исполнитель", "слесарь", "фио исполнителя"),
    ),
    Field("term", "Срок", ("срок", "срок исполнения", "срок выполнения", "срок устранения", "плановая дата", "плановый срок")),
    Field(
        "done",
        "Дата выполнения",
        ("дата выполнения", "дата и время выполнения", "дата исполнения", "дата и время исполнения", "дата закрытия",
         "дата устранения", "дата и время устранения", "выполнено", "выполнена", "исполнено", "закрыта", "закрыто"),
        _when(_ENDS, "дата"),
    ),
    Field(
        "done_time",
        "Время выполнения",
        ("время выполнения", "время исполнения", "время закрытия", "время устранения"),
        _when(_ENDS, "время", "дата"),
    ),
    Field(
        "result",
        "Результат",
        ("результат", "отметка", "отметка о выполнении", "отметка об исполнении", "что сделано", "выполненные работы",
         "принятые меры", "примечание", "статус", "состояние", "итог"),
    ),
)  # fmt: skip
"""Прежний журнал: tickets as a dispatcher kept them in Excel."""


def key_of(heading: str) -> str:
    """What a heading is known by: «№ п/п» → "п п"; of «№» alone the sign itself."""
    return fold_key(heading) or heading.strip()


@dataclass(frozen=True)
class Match:
    """`places`: field → index of its column. `unknown`: headings that are nothing to us."""

    row: int
    """The number of the heading row."""
    places: Mapping[str, int]
    headings: tuple[str, ...]
    unknown: tuple[str, ...]
    table: Table = STOCK

    def heading(self, field: str) -> str:
        """How the file calls the column of a field; "" when it has none."""
        place = self.places.get(field)
        return self.headings[place] if place is not None else ""

    def said(self, row: Sequence[str]) -> dict[str, str]:
        """Field → its cell, "" when the row ends before it. Raises Wrong for one that cannot be read."""
        if isinstance(row, BrokenRow):
            known = row.place is not None and row.place < len(self.headings)
            raise Wrong(row.why, column=self.headings[row.place or 0] if known else "")
        for code, place in self.places.items():
            if place < len(row) and isinstance(cell := row[place], Unread):
                raise Wrong(cell.why, code)
        return {code: row[place].strip() if place < len(row) else "" for code, place in self.places.items()}


LOOK_FOR_HEADINGS = 20
"""Rows at the top that may be a title before the headings."""


def match(
    row: int, headings: Sequence[str], said: Mapping[str, str] | None = None, table: Table = STOCK
) -> Match:
    """`said`: heading → field, by its code or its title, or "" for a column to pass over; it goes before what we would guess. Raises
    Invalid (field "match") when a row cannot be read by it."""
    places, passed = guessed(headings, said, table)
    unknown = tuple(
        heading
        for place, heading in enumerate(headings)
        if heading and place not in places.values() and place not in passed
    )
    if lacks := table.lacks(places):
        raise Invalid(
            "%(lacks)s В файле: %(headings)s. Скажите сами, какой столбец что значит.",
            "match",
            lacks=gettext(lacks),
            headings=_list(headings),
        )
    return Match(row, places, tuple(headings), unknown, table)


def guessed(
    headings: Sequence[str], said: Mapping[str, str] | None = None, table: Table = STOCK
) -> tuple[dict[str, int], frozenset[int]]:
    """(field → its column, columns that somebody has said something of), enough or not. Raises Invalid about
    what was said wrongly."""
    folded = [key_of(heading) for heading in headings]
    places: dict[str, int] = {}
    passed: set[int] = set()
    for heading, named in (said or {}).items():
        key = key_of(heading)
        if key not in folded:
            raise Invalid(
                "Столбца «%(heading)s» в файле нет. Есть: %(headings)s.",
                "match",
                heading=heading[:60],
                headings=_list(headings),
            )
        code = table.code_of(named)
        if named and not code:
            raise Invalid(
                "Поля «%(code)s» нет. Есть: %(known)s.",
                "match",
                code=named[:40],
                known=", ".join(field.title for field in table.fields.values()),
            )
        if code in places:
            raise Invalid(
                "«%(title)s» — два столбца: выберите один.", "match", title=table.fields[code].title
            )
        place = folded.index(key)
        if code:
            places[code] = place
        passed.add(place)
    known = [table.field_of(key) for key in folded]
    for whole in (True, False):  # «Телефон» before «Моб. тел.», wherever they stand
        for place, (code, is_whole) in enumerate(known):
            if code in places:
                code = table.fields[code].next
            if code and is_whole is whole and place not in passed and code not in places:
                places[code] = place
    return places, frozenset(passed)


def looks_like_headings(row: Sequence[str], said: Mapping[str, str], table: Table = STOCK) -> bool:
    told = {key_of(heading) for heading in said}
    return sum(key in told or bool(table.field_of(key)[0]) for key in map(key_of, row)) >= 2


def _list(headings: Sequence[str]) -> str:
    found = [f"«{heading[:40]}»" for heading in headings if heading]
    return ", ".join(found[:30]) or "заголовков нет"
