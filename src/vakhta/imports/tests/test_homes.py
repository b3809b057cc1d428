"""A company's table becomes its stock: once, whatever it is called, and as often as it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.cast import Cast

from vakhta.imports.columns import OLD_TICKETS, STOCK, Table, key_of, match
from vakhta.imports.homes import Stock, StockBook
from vakhta.imports.lines import Wrong, read_home
from vakhta.imports.reading import Report, headings_of, read, read_sheets
from vakhta.imports.told import Told
from vakhta.kernel import journal
from vakhta.kernel.models import Entry
from vakhta.kernel.refusal import Invalid, Refused
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.models import Account, Building, Person, Phone, Premises

SYSTEM = Scope.system("import")
HEADINGS = [
    "Улица",
    "Дом",
    "Корпус",
    "Кв.",
    "Лицевой счёт",
    "ФИО",
    "Телефон",
    "Подъезд",
    "Этаж",
    "E-mail",
    "Статус",
]


def home(**said: str) -> Any:
    """A row of a table that has these columns alone."""
    columns = match(1, [*said])
    return read_home(2, list(said.values()), columns, "Заречинск")


# ── Columns ──────────────────────────────────────────────────────────────────────────────────

KNOWN = {
    "Лиц. счёт": "account", "№ ЛС": "account", "ЛС": "account", "Л/С": "account", "Ф.И.О.": "name", "Собственник": "name",
    "Кв.": "flat", "№ квартиры": "flat", "Номер квартиры": "flat", "Моб. телефон": "phone", "Моб. тел.": "phone", "Сот. тел.": "phone",
    "Мобильный": "phone", "Конт. телефон": "phone", "№ тел. собственника": "phone", "Телефон владельца": "phone", "Дом. тел.": "phone",
    "Ф.И.О. собственника": "name", "ФИО владельца": "name", "Владелец": "name", "Собственник (наниматель)": "name",
    "Ф. И. О. ответственного квартиросъёмщика": "name", "Собственник жилого помещения": "name", "Фамилия, имя, отчество нанимателя": "name",
    "Код дома ФИАС": "guid", "GUID дома": "guid", "Кто он": "relation", "Нас. пункт": "city", "Литера": "letter", "ЛИЦСЧЕТ": "account",
    "TEL1": "phone", "TEL2": "second_phone", "Второй телефон": "second_phone",
    "Телефон мастера": "", "Телефон лифта": "lift_phone", "Вид собственности": "relation", "Дата рождения собственника": "", "Кол-во жильцов": "",
    "Адрес собственника": "", "Соток": "", "Тел.": "phone",
    "Код ФИАС": "guid", "Эл. почта": "email", "e-mail": "email", "Населённый пункт": "city", "Дом №": "house", "№ дома": "house",
}  # fmt: skip


@pytest.mark.parametrize(("heading", "field"), KNOWN.items(), ids=KNOWN)
def test_headings_of_the_trade_are_known(heading: str, field: str) -> None:
    found = match(1, ["Адрес", heading])
    assert next((code for code, place in found.places.items() if place == 1), "") == field
    assert found.unknown == (() if field else (heading,))


@pytest.mark.parametrize(
    "headings",
    [
        ("Телефон", "Моб. телефон"),
        ("Тел. дом.", "Тел. моб."),
        ("Моб. тел.", "Доп. телефон"),
        ("Телефон 1", "Телефон 2"),
    ],
)
def test_a_second_column_of_phones_is_read_too(headings: tuple[str, str]) -> None:
    said = dict(zip(headings, ("+7 900 000-15-42", "+7 900 000-15-43, +7 900 000-15-42"), strict=True))
    assert home(Адрес="Мира 3 кв 1", ФИО="Петрова А. С.", **said).phones == ("+79000001542", "+79000001543")
    with pytest.raises(Wrong) as refused:
        home(Адрес="Мира 3 кв 1", **{headings[0]: "", headings[1]: "123"})
    assert refused.value.field == "second_phone"
    found = match(1, ["Адрес", *headings, "Сотовый нанимателя"])
    assert found.unknown == ("Сотовый нанимателя",), "a third one waits for a person's word"


@pytest.mark.parametrize("table", [STOCK, OLD_TICKETS])
def test_a_field_is_known_by_its_own_title(table: Table) -> None:
    for field in table.fields.values():
        assert table.field_of(key_of(field.title)) == (field.code, True)


def test_a_person_may_say_a_field_by_its_title() -> None:
    assert match(1, ["Адрес", "Сч."], {"Сч.": "лицевой счет"}).places["account"] == 1
    with pytest.raises(Invalid, match="Есть: Город, Улица, Дом, "):
        match(1, ["Адрес", "Сч."], {"Сч.": "счета"})


def test_a_person_s_word_goes_before_a_guess() -> None:
    found = match(1, ["Адрес", "Телефон", "Моб. телефон"], {"Моб. телефон": "phone", "Телефон": ""})
    assert (found.places["phone"], found.unknown) == (2, ())


@pytest.mark.parametrize(
    ("headings", "said", "words"),
    [
        (["ФИО", "Дом"], {}, "нужен «Адрес» или «Улица» и «Дом»"),
        (["Адрес"], {"Нет такого": "phone"}, "«Нет такого» в файле нет"),
        (["Адрес"], {"Адрес": "phones"}, "Поля «phones» нет"),
    ],
)
def test_what_cannot_be_matched_is_refused(headings: list[str], said: dict[str, str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        match(1, headings, said)


def test_a_title_above_the_headings_is_passed_over() -> None:
    rows = iter([(1, ["Реестр счетов"]), (2, [""]), (3, ["Улица", "Дом"]), (4, ["Мира", "3"])])
    found, rest = headings_of(rows)
    assert (found.row, [number for number, _ in rest]) == (3, [4])


@pytest.mark.parametrize(
    "rows",
    [
        [["Улица", "Дом", "Тип помещения", "Кв.", "ФИО", "Статус"], ["Ленина", "15", "Квартира", "42", "Иванов", "Собственник"]],
        [["Адрес", "Тип", "ФИО", "Статус"], ["ул. Ленина, 15, кв. 42", "квартира", "", "собственник"]],
    ],
)  # fmt: skip
def test_a_first_row_whose_words_are_headings_too_is_a_row(rows: list[list[str]]) -> None:
    found, rest = headings_of(iter(enumerate(rows, 1)))
    assert (list(found.headings), list(rest)) == (rows[0], [(2, rows[1])])


def test_a_table_without_known_headings_has_them_named() -> None:
    rows = iter([(1, ["А", "Б"]), (2, ["Мира", "3"])])
    found, rest = headings_of(rows, {"А": "street", "Б": "house"})
    assert [number for number, _ in rest] == [2] and found.places == {"street": 0, "house": 1}
    with pytest.raises(Invalid, match="ни одной строки"):
        headings_of(iter([]))


# ── Cells ────────────────────────────────────────────────────────────────────────────────────

PLACES = [
    ({"Улица": "ул. Ленина", "Дом": "15"}, ("ул. Ленина", "15", "")),
    ({"Улица": "Ленина", "Дом": "д. 15 А", "Кв": "кв. 42"}, ("Ленина", "15А", "42")),
    ({"Улица": "Мира", "Дом": "12", "Корпус": "2", "Кв": "7"}, ("Мира", "12 к2", "7")),
    ({"Улица": "Мира", "Дом": "12", "Корпус": "-", "Кв": "7"}, ("Мира", "12", "7")),
    ({"Улица": "Мира", "Дом": "8 стр. 2"}, ("Мира", "8 с2", "")),
    ({"Улица": "Мира", "Дом": "10/3"}, ("Мира", "10/3", "")),
    ({"Адрес": "ул. Ленина, д. 15, кв. 42"}, ("ул. Ленина", "15", "42")),
    ({"Адрес": "г. Заречинск, ул. 8 Марта, д. 12, корп. 2, кв. 7"}, ("ул. 8 Марта", "12 к2", "7")),
    ({"Адрес": "УЛ СЕВЕРО-ВОСТОЧНАЯ 2-Я, Д 15, КВ 4"}, ("ул. Северо-Восточная 2-я", "15", "4")),
    ({"Адрес": "1-я линия, 3"}, ("1-я Линия", "3", "")),
    ({"Адрес": "Ленина 15", "Кв": "Н-1"}, ("Ленина", "15", "Н-1")),
]


@pytest.mark.parametrize(("said", "place"), PLACES)
def test_where_it_is(said: dict[str, str], place: tuple[str, str, str]) -> None:
    found = home(**said)
    assert (found.street, found.house, found.flat) == place


WRONG = [
    ({"Улица": "Мира", "Дом": ""}, "house"),
    ({"Улица": "", "Дом": "3"}, "street"),
    ({"Улица": "Мира", "Дом": "без номера"}, "house"),
    ({"Адрес": "где-то там"}, "address"),
    ({"Адрес": "Мира 3", "ФИО": "Петров"}, "flat"),
    ({"Адрес": "Мира 3 кв 1", "Телефон": "123"}, "phone"),
    ({"Адрес": "Мира 3 кв 1", "Телефон": "8 916 123-45-67, нет"}, "phone"),
    ({"Адрес": "Мира 3 кв 1", "E-mail": "почта"}, "email"),
    ({"Адрес": "Мира 3 кв 1", "Этаж": "пятый"}, "floor"),
    ({"Адрес": "Мира 3 кв 1", "Подъезд": "0"}, "entrance"),
    ({"Адрес": "Мира 3", "ФИАС": "нет"}, "guid"),
    ({"Адрес": "Мира 3 кв 1", "ФИО": "х" * 161}, "name"),
    ({"Адрес": "Мира 3 кв 1", "Лицевой счёт": "9" * 21}, "account"),
]


@pytest.mark.parametrize(("said", "field"), WRONG)
def test_a_cell_that_cannot_be_taken_is_named(said: dict[str, str], field: str) -> None:
    with pytest.raises(Wrong) as caught:
        home(**said)
    assert caught.value.field == field


HOUSES = {
    "15": "15", "15А": "15А", "15 А": "15А", "15 В": "15В", "15-А": "15А", '15 "А"': "15А", "15A": "15А", "15 лит. Б": "15Б", "12/1": "12/1",
    "23/2А": "23/2А", "12 к2": "12 к2", "12к2": "12 к2", "12K2": "12 к2", "12к.2": "12 к2", "12, корп. 2": "12 к2", "8 стр. 2": "8 с2", "д. 15": "15",
    "дом 15": "15", "дом № 15": "15", "Д 15К": "15К", "15 корп 2 стр 1": "15 к2 с1", "15 стр 1 корп 2": "15 к2 с1", "12 корп. 10": "12 к10",
}  # fmt: skip


@pytest.mark.parametrize(("said", "printed"), HOUSES.items(), ids=HOUSES)
def test_a_house_is_read_however_it_is_written(said: str, printed: str) -> None:
    assert home(Улица="Мира", Дом=said).house == printed


@pytest.mark.parametrize(
    "said",
    ["15-17", "15 (блок 3)", "15 общежитие № 2", "1/2/3", "влад. 15", "б/н 3", "15,5", "15 16", "12 к2 к3", "15А/2", "15 стр. А",
     "15D", "15 кв 3", "0", "015", "15 к0", "１５", "15 к", "15 С"],
)  # fmt: skip
def test_a_house_that_is_not_wholly_understood_is_no_house(said: str) -> None:
    with pytest.raises(Wrong, match="не понят целиком") as caught:
        home(Улица="Мира", Дом=said, Кв="1")
    assert caught.value.field == "house"


DAYS = [
    "05.03.2026",
    "10:05",
    "10:05:00",
    "2026-03-05 00:00:00",
    "5.мар",
    "05.мар",
    "5 мар",
    "05.03.2026 10:05",
    "мар.15",
    "46086",
    "5-Mar",
]


@pytest.mark.parametrize("said", DAYS)
@pytest.mark.parametrize(("heading", "field"), [("Дом", "house"), ("Корпус", "corpus"), ("Квартира", "flat")])
def test_a_day_that_excel_made_of_a_number_is_refused(said: str, heading: str, field: str) -> None:
    with pytest.raises(Wrong, match="Excel сделал из номера дату") as caught:
        home(**{"Улица": "Мира", "Дом": "12", "Корпус": "2", "Квартира": "1", heading: said})
    assert caught.value.field == field


@pytest.mark.parametrize("said", ["40000", "46086", "46086.5", "кв. 46086", "50000"])
def test_a_day_that_excel_left_as_a_number_is_no_flat(said: str) -> None:
    with pytest.raises(Wrong, match="Excel сделал из номера дату") as caught:
        home(Улица="Мира", Дом="12", Квартира=said)
    assert caught.value.field == "flat"
    for flat in ("4608", "46086а", "Н-46086", "39999"):
        assert home(Улица="Мира", Дом="12", Квартира=flat).flat == flat


@pytest.mark.parametrize(
    ("corpus", "printed"),
    [("2", "12 к2"), ("корп. 2", "12 к2"), ("стр. 3", "12 с3"), ("2 стр. 3", "12 к2 с3"), ("нет", "12"), ("10", "12 к10")],
)  # fmt: skip
def test_a_corpus_of_its_own_column(corpus: str, printed: str) -> None:
    assert home(Улица="Мира", Дом="12", Корпус=corpus).house == printed
    assert home(Улица="Мира", Дом="12 к2", Корпус="2").house == "12 к2", "said twice"
    with pytest.raises(Wrong) as caught:
        home(Улица="Мира", Дом="12", Корпус="А")
    assert caught.value.field == "corpus"


@pytest.mark.parametrize(
    ("said", "printed"),
    [({"Строение": "3"}, "12 с3"), ({"Строение": "стр. 3"}, "12 с3"), ({"Строение": "-"}, "12"), ({"Корпус": "2", "Строение": "3"}, "12 к2 с3"),
     ({"Дом": "12 с3", "Строение": "3"}, "12 с3"), ({"Корпус": "стр. 3", "Строение": "3"}, "12 с3")],
)  # fmt: skip
def test_a_structure_is_no_corpus(said: dict[str, str], printed: str) -> None:
    assert home(**{"Улица": "Мира", "Дом": "12", **said}).house == printed
    for wrong in ("А", "3/4", "05.03.2026"):
        with pytest.raises(Wrong) as caught:
            home(Улица="Мира", Дом="12", Строение=wrong)
        assert caught.value.field == "structure"


@pytest.mark.parametrize(
    ("said", "printed"),
    [({"Дом": "5", "Литера": "А"}, "5А"), ({"Дом": "5", "Литера": "a", "Корпус": "2"}, "5А к2"), ({"Дом": "5а", "Литера": "А"}, "5А"),
     ({"Дом": "5/1 к2", "Литера": "«Б»"}, "5/1Б к2"), ({"Дом": "5", "Литера": "-"}, "5")],
)  # fmt: skip
def test_a_letter_of_its_own_column(said: dict[str, str], printed: str) -> None:
    assert home(Улица="Мира", **said).house == printed
    for wrong in ("АБ", "2", "Я5"):
        with pytest.raises(Wrong, match="одна буква дома") as caught:
            home(Улица="Мира", Дом="5", Литера=wrong)
        assert caught.value.field == "letter"
    with pytest.raises(Wrong):
        home(Улица="Мира", Дом="5А", Литера="Б")


ADDRESSES = [
    ({"Адрес": "ул. Мира, 15 В, кв. 3"}, ("15В", "3")),
    ({"Адрес": "ул. Мира, д.15-А", "Кв": "3"}, ("15А", "3")),
    ({"Адрес": "ул. Мира, 15A, кв. 3"}, ("15А", "3")),
    ({"Адрес": "ул. Мира, 15 B, кв. 3"}, ("15В", "3")),
    ({"Адрес": "ул. Мира, 15-17"}, ("15", "17")),
    ({"Адрес": "624250, Иная обл., г. Заречинск, ул. Мира, д. 15, кв. 3"}, ("15", "3")),
    ({"Адрес": "г. Заречинск, ул. Мира, 15, кв. 3", "Город": "Заречинск, Иная область"}, ("15", "3")),
    ({"Адрес": "пос. Дальний, ул. Мира, 15, кв. 3", "Город": "пос. Дальний"}, ("15", "3")),
    ({"Адрес": "г. Нижний Новгород, ул. Мира, 15, кв. 3", "Город": "Нижний Новгород"}, ("15", "3")),
    ({"Адрес": "ул. Мира, 12 к10", "Кв": "3"}, ("12 к10", "3")),
    ({"Адрес": "ул. Мира, 12 корп. 10, кв. 3"}, ("12 к10", "3")),
    ({"Адрес": "ул. Мира, 12 корп. 10"}, ("12 к10", "")),
    ({"Адрес": "ул. Мира, д. 12 стр. 3, кв. 4"}, ("12 с3", "4")),
    ({"Адрес": "ул. Мира, 15, кв. 42 (собственник), под. 2"}, ("15", "42")),
    ({"Адрес": "ул. Мира, 15, подъезд 2", "Кв": "42"}, ("15", "42")),
    ({"Адрес": "ул. Мира, 15, кв. 42, 2 чел., 2 подъезд"}, ("15", "42")),
    ({"Адрес": "ул. Мира, 15, кв. 42", "Кв": "42"}, ("15", "42")),
]


@pytest.mark.parametrize(("said", "place"), ADDRESSES)
def test_an_address_of_one_cell(said: dict[str, str], place: tuple[str, str]) -> None:
    found = home(**said)
    assert (found.street, found.house, found.flat) == ("ул. Мира", *place)


@pytest.mark.parametrize(
    ("said", "flat"),
    [("ул. Мира, 1/2/3, кв. 1", ""), ("ул. Мира, 15-17, кв. 3", ""), ("ул. Мира, 15-17", "3"), ("ул. Мира, 15 (блок 3)", "1"),
     ("ул. Мира, 15 общежитие № 2", "1"), ("ул. Мира, 05.03.2026", ""), ("ул. Мира, 15 Ъ стр", "1"),
     ("ул. Мира д.15 кв.3/1", ""), ("ул. Мира, 15-3-2", ""), ("ул. Мира, 15, кв. 3 5", ""), ("ул. Ленина, ул. Мира, 15", ""), ("ул. Мира, вл. 15", ""),
     ("ул. Мира, 12 к10", "")],
)  # fmt: skip
def test_an_address_that_is_understood_by_half_is_refused(said: str, flat: str) -> None:
    with pytest.raises(Wrong, match="не понят целиком") as caught:
        home(Адрес=said, Кв=flat)
    assert caught.value.field == "address"


@pytest.mark.parametrize(
    "said", ["ул. Мира, 46086", "ул. Мира, 15, кв. 46086", "ул. Мира, 12345", f"ул. {'м' * 121}, 15"]
)
def test_what_is_wrong_within_an_address_is_of_its_column(said: str) -> None:
    with pytest.raises(Wrong) as caught:
        home(Адрес=said)
    assert caught.value.field == "address"


@pytest.mark.parametrize(
    "said", ["г. Лесной, ул. Мира, 15, кв. 3", "Лесной, ул. Мира, 15, кв. 3", "г. Новый Лесной, ул. Мира, 15"]
)
def test_an_address_of_another_town_is_refused(said: str) -> None:
    with pytest.raises(Wrong, match="или не в городе «Заречинск»") as caught:
        home(Адрес=said)
    assert caught.value.field == "address"


def test_who_lives_there() -> None:
    found = home(**{"Адрес": "Мира 3 кв 1", "Фамилия": "Петров", "Имя": "Пётр", "Отчество": "", "Статус": "Собственник",
                    "Телефоны": "8 (916) 123-45-67; +7 916 123 45 68, 89161234567"})  # fmt: skip
    assert (found.name, found.relation) == ("Петров Пётр", "owner")
    assert found.phones == ("+79161234567", "+79161234568")


@pytest.mark.parametrize("said", ["нет", "Нет.", "-", "—", "0", "отсутствует"])
def test_who_has_no_phone_is_still_a_resident(said: str) -> None:
    found = home(Адрес="Мира 3 кв 1", ФИО="Петров", Телефон=said)
    assert (found.name, found.phones) == ("Петров", ())


@pytest.mark.parametrize(
    ("said", "numbers"),
    [("89160001001 (Аня)", ["1001"]), ("89160001001 (Аня) 89160001002 (муж)", ["1001", "1002"]), ("89160001001 89160001002", ["1001", "1002"]),
     ("8 916 000-10-01 +7 (916) 000 10 02", ["1001", "1002"])],
)  # fmt: skip
def test_phones_are_found_in_what_people_write(said: str, numbers: list[str]) -> None:
    found = home(Адрес="Мира 3 кв 1", ФИО="Петров", Телефон=said)
    assert list(found.phones) == [f"+7916000{number}" for number in numbers]


@pytest.mark.parametrize(
    "said", ["916000100", "нет связи", "89160001001 8916", "89160001001 891600", "(Аня) 12"]
)
def test_what_is_no_phone_stays_a_bad_row(said: str) -> None:
    with pytest.raises(Wrong, match="оставьте пустым") as caught:
        home(Адрес="Мира 3 кв 1", ФИО="Петров", Телефон=said)
    assert caught.value.field == "phone"


@pytest.mark.parametrize(
    "said", ["кв15", "кв.15", "кв. № 15", "№15", "№ 15", "Квартира 15", "пом. 15", "офис 15", "оф15"]
)
def test_a_flat_is_its_number_however_it_is_written(said: str) -> None:
    assert home(Улица="Мира", Дом="12", Квартира=said).flat == "15"


@pytest.mark.parametrize("said", ["квартал 3", "Н-1", "комн. 3", "15/1", "I"])
def test_what_else_a_flat_is_called_stays(said: str) -> None:
    assert home(Улица="Мира", Дом="12", Квартира=said).flat == said


@pytest.mark.parametrize(
    ("said", "street"),
    [("пр-т 50 лет Октября, 15", "пр. 50 лет Октября"), ("УЛ. САДОВАЯ 2-Я, 15", "ул. Садовая 2-я"), ("ул. карла маркса, 15", "ул. Карла Маркса")],
)  # fmt: skip
def test_a_street_of_an_address_keeps_its_letters(said: str, street: str) -> None:
    assert home(Адрес=said).street == street


@pytest.mark.parametrize("said", ["-", "—", "0", "нет", "кв. -"])
def test_a_flat_that_is_not_there_is_none(said: str) -> None:
    assert home(Улица="Мира", Дом="12", Квартира=said, Корпус=said.removeprefix("кв. ")).flat == ""
    with pytest.raises(Wrong, match="в какой квартире"):
        home(Улица="Мира", Дом="12", Квартира=said, ФИО="Петров")


def test_an_empty_row_is_nothing() -> None:
    assert home(**{"Адрес": "", "ФИО": " "}) is None


# ── The stock ────────────────────────────────────────────────────────────────────────────────

FLAT = [
    "Новая",
    "1",
    "",
    "1",
    "70-1",
    "Новиков Иван",
    "8 916 000-00-01",
    "1",
    "2",
    "n@example.org",
    "собственник",
]


def taken(cast: Cast, *rows: Sequence[str], is_dry: bool = False, **more: Any) -> Report:
    columns = match(1, HEADINGS)
    stock = Stock(cast.north.pk, columns, Report(), cast.lenina15.city)
    return read(iter(enumerate(rows, 2)), stock, "фонд.csv", SYSTEM, is_dry=is_dry, **more)


def held() -> dict[str, int]:
    with reading(SYSTEM):
        found = {
            model.__name__: model.objects.count() for model in (Building, Premises, Account, Person, Phone)
        }
        return found | {"entries": Entry.objects.count()}


def changed(row: Sequence[str], **cells: str) -> list[str]:
    return [cells.get(f"c{place}", cell) for place, cell in enumerate(row)]


def test_a_row_becomes_a_house_a_flat_an_account_a_resident_and_a_phone(cast: Cast) -> None:
    report = taken(cast, FLAT)
    assert dict(report.added) == dict.fromkeys(
        ("дома", "помещения", "лицевые счета", "жильцы", "телефоны"), 1
    )
    with reading(SYSTEM):
        person = Person.objects.select_related("premises__building").get(name="Новиков Иван")
        assert str(person.premises.building) == "Новая, 1" and person.premises.floor == 2
        assert (person.relation, person.email) == ("owner", "n@example.org")
        fact = journal.recorded(Entry.objects.order_by("-id")[:1])[0].fact
    assert (fact.kind, fact.what, fact.rows) == ("StockChanged", "фонд.csv", 5)


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    taken(cast, FLAT)
    before = held()
    report = taken(cast, FLAT)
    assert (report.added.total(), report.changed.total(), report.bad_rows) == (0, 0, 0)
    assert held() == before, "not even a fact"


def test_a_dry_run_tells_the_same_and_leaves_nothing(cast: Cast) -> None:
    before = held()
    dry = taken(cast, FLAT, ["Новая", "1", "", "x", "", "", "1", "", "", "", ""], is_dry=True)
    assert held() == before
    real = taken(cast, FLAT, ["Новая", "1", "", "x", "", "", "1", "", "", "", ""])
    assert (dry.added, dry.wrong, dry.bad_rows) == (
        real.added,
        real.wrong,
        real.bad_rows,
    ) and dry.bad_rows == 1


def test_what_differs_is_changed_and_told(cast: Cast) -> None:
    taken(cast, FLAT)
    report = taken(cast, changed(FLAT, c5="Новикова Ольга", c8="3", c6=""))
    assert report.examples == [
        "Новая, 1: этажей 2 → 3",
        "Новая, 1, кв. 1: этаж 2 → 3",
        "лицевой счёт 70-1: Новиков Иван → Новикова Ольга",
    ]
    with reading(SYSTEM):
        assert Account.objects.get(number="70-1").holder == "Новикова Ольга"
        assert Person.objects.filter(name="Новиков Иван").exists(), (
            "a table says who lives there, not who left"
        )


def test_a_street_is_one_however_it_is_written(cast: Cast) -> None:
    for street in ("Ленина", "улица Ленина", "ул.Ленина", "УЛ. ЛЕНИНА"):
        report = taken(cast, changed(FLAT, c0=street, c1="15", c3="42", c4="", c5="", c6=""))
        assert report.added.total() == 0, street


TOWNS = [*HEADINGS, "Город"]


def of_towns(cast: Cast, *rows: Sequence[str]) -> Report:
    stock = Stock(cast.north.pk, match(1, TOWNS), Report(), "Заречинск")
    return read(iter(enumerate(rows, 2)), stock, "фонд.csv", SYSTEM)


def test_two_towns_of_one_company_are_not_mixed(cast: Cast) -> None:
    rows = [
        [*FLAT, "Лесной"],
        [*changed(FLAT, c4="70-2", c5="Другова Инна", c8="5", c9=""), "г. Заречинск"],
        [*changed(FLAT, c0="пр-т Новая", c4="70-3"), "Дальний"],
        [*changed(FLAT, c0="новая", c3="2", c4="70-4"), "г. Лесной"],
    ]
    report = of_towns(cast, *rows)
    assert (report.wrong, report.added["дома"], report.added["помещения"]) == ([], 3, 4)
    with reading(SYSTEM):
        houses = Building.objects.filter(company=cast.north, house="1").order_by("city")
        assert [(row.city, row.street, row.premises.count()) for row in houses] == [
            ("Дальний", "пр-т Новая", 1), ("Лесной", "Новая", 2), ("г. Заречинск", "Новая", 1),
        ]  # fmt: skip
    before = held()
    assert of_towns(cast, *rows).added.total() == 0 and held() == before


CODE = "0c5b2444-70a0-4932-980c-b4dc0d3f02b5"
CODED = [*HEADINGS, "Код ФИАС"]


def coded(cast: Cast, *rows: Sequence[str]) -> Report:
    columns = match(1, CODED)
    stock = Stock(cast.north.pk, columns, Report(), "Заречинск")
    return read(iter(enumerate(rows, 2)), stock, "фонд.csv", SYSTEM)


def test_a_house_is_known_by_its_code_before_its_address(cast: Cast) -> None:
    coded(cast, [*FLAT, CODE])
    renamed = changed(FLAT, c0="ул. Героев", c3="2", c4="70-2")
    report = coded(cast, [*renamed, CODE.upper()])
    assert (report.added["дома"], report.added["помещения"], report.bad_rows) == (0, 1, 0)
    assert report.notes["дома найдены по коду ФИАС, улица записана иначе"] == 1
    with reading(SYSTEM):
        house = Building.objects.get(guid=CODE)
        assert (str(house), house.premises.count()) == ("Новая, 1", 2), "a table of flats renames no street"


@pytest.mark.parametrize("place", [{"c0": "ул. Ленина", "c1": "15"}, {"c1": "2"}])
def test_a_code_of_another_house_is_refused_and_makes_no_one_house_of_two(
    cast: Cast, place: dict[str, str]
) -> None:
    report = coded(cast, [*FLAT, CODE], [*changed(FLAT, c3="7", c4="70-7", **place), CODE])
    assert report.added["дома"] == 1
    assert [(bad.row, bad.column) for bad in report.wrong] == [(3, "Код ФИАС")]
    assert "записан у дома «Новая, 1»" in report.wrong[0].reason
    with reading(SYSTEM):
        assert not Account.objects.filter(number="70-7").exists()


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"c7": "2"}, "Подъезд"), ({"c8": "9"}, "Этаж"), ({"c9": "o@example.org"}, "E-mail"), ({"c10": "наниматель"}, "Статус")],
)  # fmt: skip
def test_of_two_rows_that_contradict_each_other_the_first_one_stands(
    cast: Cast, cells: dict[str, str], column: str
) -> None:
    rows = [FLAT, changed(FLAT, **cells)]
    report = taken(cast, *rows)
    assert [(bad.row, bad.column) for bad in report.wrong] == [(3, column)] and "в строке 2" in report.wrong[
        0
    ].reason
    before = held()
    assert taken(cast, *rows).changed.total() == 0 and held() == before


def test_who_owns_a_flat_together_is_no_contradiction(cast: Cast) -> None:
    rows = [FLAT, changed(FLAT, c5="Новикова Ольга", c9="")]
    report = taken(cast, *rows)
    assert (report.bad_rows, report.added["жильцы"], report.added["лицевые счета"]) == (0, 2, 1)
    before = held()
    assert taken(cast, *rows).changed.total() == 0 and held() == before
    with reading(SYSTEM):
        assert Account.objects.get(number="70-1").holder == "Новиков Иван"


def test_two_codes_of_one_house_are_a_contradiction(cast: Cast) -> None:
    other = CODE[:-1] + "6"
    report = coded(cast, [*FLAT, CODE], [*FLAT, other])
    assert [(bad.row, bad.column) for bad in report.wrong] == [(3, "Код ФИАС")]


def test_a_house_that_grows_is_told(cast: Cast) -> None:
    taken(cast, FLAT)
    report = taken(cast, changed(FLAT, c3="2", c4="70-2", c7="77", c8="9"))
    assert report.examples == ["Новая, 1: подъездов 1 → 77", "Новая, 1: этажей 2 → 9"]


# ── A book of several sheets ─────────────────────────────────────────────────────────────────

Sheets = Sequence[tuple[str, Sequence[Sequence[str]]]]


def book_taken(cast: Cast, sheets: Sheets) -> Report:
    book = StockBook(cast.north.pk, Report(), "Заречинск")
    found = ((title, iter(enumerate(rows, 1))) for title, rows in sheets)
    return read_sheets(found, book.sheet, book.report, "фонд.xlsx", SYSTEM)


def test_sheets_with_the_same_headings_are_read_and_others_are_named(cast: Cast) -> None:
    second = [changed(FLAT, c1="2", c4="70-2"), changed(FLAT, c1="2", c3="x", c8="пятый")]
    report = book_taken(
        cast,
        [("Титул", [["Реестр"], ["2026 год"]]), ("Дом 1", [HEADINGS, FLAT]), ("Дом 2", [["Дом 2"], HEADINGS, *second]),
         ("Лифты", [["Адрес", "Подъезд", "Номер лифта"], ["Новая, 1", "1", "Л-1"]]), ("Лист5", []), ("Итоги", [["Всего", "2"]])],
    )  # fmt: skip
    assert (report.added["дома"], report.added["помещения"], report.bad_rows) == (2, 2, 1)
    assert [(bad.sheet, bad.row) for bad in report.wrong] == [
        ("Титул", 0),
        ("Лифты", 0),
        ("Итоги", 0),
        ("Дом 2", 4),
    ]
    assert report.wrong[1].reason == report.wrong[2].reason
    assert "Лист не прочитан: заголовки не те, что на листе «Дом 1»" in report.wrong[1].reason


def test_sheets_of_one_book_may_contradict_each_other(cast: Cast) -> None:
    report = book_taken(cast, [("Дом 1", [HEADINGS, FLAT]), ("Дом 2", [HEADINGS, changed(FLAT, c8="9")])])
    ((bad),) = report.wrong
    assert (bad.sheet, bad.row, bad.column) == (
        "Дом 2",
        2,
        "Этаж",
    ) and "в строке 2 листа «Дом 1»" in bad.reason


def test_streets_that_differ_by_their_figure_are_two(cast: Cast) -> None:
    taken(cast, changed(FLAT, c0="ул. Садовая 1-я"))
    report = taken(cast, changed(FLAT, c0="ул. Садовая 2-я", c4="70-2"))
    assert (report.added["дома"], report.bad_rows) == (1, 0)
    assert taken(cast, changed(FLAT, c0="2-я Садовая", c4="70-2")).added.total() == 0


def test_a_lane_is_not_the_street_of_its_name(cast: Cast) -> None:
    assert taken(cast, changed(FLAT, c0="пер. Ленина", c1="15", c3="42")).added["дома"] == 1


def test_an_account_of_another_flat_is_refused_and_stops_no_other(cast: Cast) -> None:
    taken(cast, FLAT)
    report = taken(cast, changed(FLAT, c3="2"), changed(FLAT, c3="3", c4="70-3"))
    assert [(bad.row, bad.column, bad.reason) for bad in report.wrong] == [
        (2, "Лицевой счёт", "Лицевой счёт 70-1 уже у Новая, 1, кв. 1.")
    ]
    with reading(SYSTEM):
        assert Account.objects.filter(number="70-3").exists()


def test_two_rows_of_one_file_may_speak_of_one_home(cast: Cast) -> None:
    report = taken(cast, FLAT, changed(FLAT, c5="Новикова Ольга", c4="", c6="8 916 000-00-02"), FLAT)
    assert (report.added["помещения"], report.added["жильцы"], report.added["телефоны"]) == (1, 2, 2)
    assert taken(cast, FLAT).added.total() == 0


def many(count: int) -> list[list[str]]:
    return [changed(FLAT, c3=str(n), c4=f"70-{n}", c5=f"Житель {n}", c6="") for n in range(1, count + 1)]


def test_what_was_read_before_the_stop_stands_and_the_rest_follows(cast: Cast) -> None:
    """As after a kill: each thousand is a change of its own."""
    report = taken(cast, *many(2500), progress=lambda _: False)
    assert (report.is_stopped, report.rows, report.added["помещения"]) == (True, 1000, 1000)
    again = taken(cast, *many(2500))
    assert (again.rows, again.added["помещения"], again.changed.total()) == (2500, 1500, 0)
    with reading(SYSTEM):
        assert Entry.objects.filter(kind="StockChanged").count() == 3


def test_other_companies_are_left_alone(cast: Cast) -> None:
    taken(cast, ["ул. Мира", "3", "", "12", "1", "Другой Пётр", "", "", "", "", ""])
    with reading(SYSTEM):
        assert Building.objects.filter(street="ул. Мира").count() == 2
        assert not Person.objects.filter(name="Другой Пётр", company=cast.luch).exists()


def test_only_an_administrator_may(cast: Cast) -> None:
    columns = match(1, HEADINGS)
    for staff in (cast.gromova, cast.ivanova, cast.client):
        stock = Stock(cast.north.pk, columns, Report(), "Заречинск")
        with pytest.raises(Refused):
            read(iter([(2, FLAT)]), stock, "t.csv", cast.scope(staff))
    stock = Stock(cast.north.pk, columns, Report(), "Заречинск")
    assert read(iter([(2, FLAT)]), stock, "t.csv", cast.scope(cast.kim)).added["дома"] == 1


def test_of_a_city_s_table_only_the_rows_near_by_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows of one flat stand together; a table of any length takes as much memory as a short one."""
    monkeypatch.setattr("vakhta.imports.told.NEAR", 3)
    told = Told()
    flats = [home(Адрес=f"Мира 3 кв {flat}", Этаж="2") for flat in range(1, 9)]
    assert not any(told.clash(said) for said in flats)
    assert told.clash(home(Адрес="Мира 3 кв 8", Этаж="5")), "the row above said another floor"
    assert not told.clash(home(Адрес="Мира 3 кв 1", Этаж="5")), "forgotten"
