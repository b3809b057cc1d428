"""Entrances, risers and lifts of a table's houses: the same words as on a house's page, the same laws as of its flats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.cast import Cast

from vakhta.imports.columns import match
from vakhta.imports.homes import Stock
from vakhta.imports.lines import Wrong, read_home
from vakhta.imports.reading import Report, read
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.models import Building, Entrance, Lift, Riser

SYSTEM = Scope.system("import")
HEADINGS = ["Адрес", "Подъезд", "Код домофона", "Квартиры подъезда", "Стояк", "Квартиры стояка", "Где перекрыть",
            "Рег. № лифта", "Вид лифта", "Лифт обслуживает", "Телефон лифтовой службы"]  # fmt: skip
ENTRANCE = ["Новая, 1", "2", "38К2417", "21–40", "", "", "", "", "", "", ""]
RISER = ["Новая, 1", "2", "", "", "ХВС", "кв. 23, 27, ванные", "подвал, под кв. 23", "", "", "", ""]
LIFT = ["Новая, 1", "2", "", "", "", "", "", "12-2", "Грузовой", "Лифтсервис", "8 495 000-00-02"]


def taken(cast: Cast, *rows: Sequence[str], is_dry: bool = False, **more: Any) -> Report:
    stock = Stock(cast.north.pk, match(1, HEADINGS), Report(), "Заречинск")
    return read(iter(enumerate(rows, 2)), stock, "дома.csv", SYSTEM, is_dry=is_dry, **more)


def held() -> list[Any]:
    with reading(SYSTEM):
        return [
            [*Entrance.objects.order_by("id").values_list("number", "code", "first_flat", "last_flat")],
            [*Riser.objects.order_by("id").values_list("service", "entrance", "feeds", "valve")],
            [*Lift.objects.order_by("id").values_list("number", "entrance", "kind", "serviced_by", "phone")],
            Entry.objects.count(),
        ]


def with_cells(row: Sequence[str], **cells: str) -> list[str]:
    return [cells.get(f"c{place}", cell) for place, cell in enumerate(row)]


KNOWN = {
    "Код двери": "entrance_code", "Домофон": "entrance_code", "Квартиры в подъезде": "entrance_flats", "Стояк": "riser",
    "Система стояка": "riser", "Что питает": "riser_feeds", "Квартиры по стояку": "riser_feeds", "Где перекрыть стояк": "riser_valve",
    "Вентиль": "riser_valve", "Регистрационный номер лифта": "lift", "№ лифта": "lift", "Тип лифта": "lift_kind",
    "Кто обслуживает лифт": "lift_service", "Телефон лифтовой": "lift_phone", "Лифт": "",
}  # fmt: skip


@pytest.mark.parametrize(("heading", "field"), KNOWN.items(), ids=KNOWN)
def test_headings_of_parts_are_known(heading: str, field: str) -> None:
    """«Лифт» alone is as often a tick («есть») as a number: a person says which."""
    found = match(1, ["Адрес", heading])
    assert next((code for code, place in found.places.items() if place == 1), "") == field


def test_parts_of_a_house_come_with_it(cast: Cast) -> None:
    report = taken(cast, ENTRANCE, RISER, LIFT)
    assert dict(report.added) == {"дома": 1, "подъезды": 1, "стояки": 1, "лифты": 1, "помещения": 0, "лицевые счета": 0,
                                  "жильцы": 0, "телефоны": 0}  # fmt: skip
    assert held()[:3] == [
        [(2, "38К2417", 21, 40)],
        [("cold_water", 2, "кв. 23, 27, ванные", "подвал, под кв. 23")],
        [("12-2", 2, "freight", "Лифтсервис", "+74950000002")],
    ]
    with reading(SYSTEM):
        house = Building.objects.get(street="Новая")
        assert (house.entrances, house.has_lift) == (2, True)


def test_the_same_table_again_changes_nothing(cast: Cast) -> None:
    taken(cast, ENTRANCE, RISER, LIFT)
    before = held()
    report = taken(cast, ENTRANCE, RISER, LIFT)
    assert (report.added.total(), report.changed.total(), report.bad_rows) == (0, 0, 0)
    assert held() == before, "not even a fact"


def test_a_dry_run_tells_the_same_and_leaves_nothing(cast: Cast) -> None:
    before = held()
    dry = taken(cast, ENTRANCE, RISER, LIFT, is_dry=True)
    assert held() == before
    assert dry.added == taken(cast, ENTRANCE, RISER, LIFT).added


def test_what_differs_is_changed_and_told_and_an_empty_cell_says_nothing(cast: Cast) -> None:
    taken(cast, ENTRANCE, RISER, LIFT)
    report = taken(
        cast,
        with_cells(ENTRANCE, c2="77", c3=""),
        with_cells(RISER, c6="подвал, бойлерная"),
        with_cells(LIFT, c1="1", c8="", c9="Лифтремонт", c10=""),
    )
    assert report.added.total() == 0 and report.changed == {"подъезды": 1, "стояки": 1, "лифты": 2}
    assert report.examples == [
        "Новая, 1, лифт 12-2: подъезд 2 → 1",
        "Новая, 1, лифт 12-2: обслуживает Лифтсервис → Лифтремонт",
        "Новая, 1, подъезд 2: код двери 38К2417 → 77",
        "Новая, 1, стояк ХВС: где перекрыть подвал, под кв. 23 → подвал, бойлерная",
    ]
    assert held()[:3] == [
        [(2, "77", 21, 40)],
        [("cold_water", 2, "кв. 23, 27, ванные", "подвал, бойлерная")],
        [("12-2", 1, "freight", "Лифтремонт", "+74950000002")],
    ]


def test_what_a_part_changes_of_its_house_is_told(cast: Cast) -> None:
    taken(cast, ["Новая, 1", "4", "38К2417", *[""] * 8])
    report = taken(cast, with_cells(LIFT, c1="77"), is_dry=True)
    assert report.changed == {"дома": 2}
    assert sorted(report.examples) == ["Новая, 1: лифта не было → есть", "Новая, 1: подъездов 4 → 77"]
    taken(cast, with_cells(LIFT, c1="77"))
    assert taken(cast, with_cells(LIFT, c1="77")).changed.total() == 0


def test_a_house_that_the_file_itself_brings_is_no_change(cast: Cast) -> None:
    """However many thousands of rows lie between its first entrance and its last."""
    rows = [["Новая, 1", "1", "1", *[""] * 8], *[[f"Новая, {n + 2}", *[""] * 10] for n in range(1000)], LIFT]
    report = taken(cast, *rows)
    assert (report.bad_rows, report.changed.total()) == (0, 0)


CLASHES = [
    (LIFT, {"c8": "Пассажирский"}, "Вид лифта", "Лифт 12-2"),
    (LIFT, {"c1": "1"}, "Подъезд", "Лифт 12-2"),
    (LIFT, {"c10": "8 495 000-00-03"}, "Телефон лифтовой службы", "Лифт 12-2"),
    (ENTRANCE, {"c2": "77"}, "Код домофона", "Новая, 1, подъезд 2"),
    (ENTRANCE, {"c3": "21–44"}, "Квартиры подъезда", "Новая, 1, подъезд 2"),
    (RISER, {"c6": "чердак"}, "Где перекрыть", "Новая, 1, стояк"),
]


@pytest.mark.parametrize(("row", "other", "column", "what"), CLASHES)
def test_of_two_rows_that_contradict_each_other_the_first_one_stands(
    cast: Cast, row: list[str], other: dict[str, str], column: str, what: str
) -> None:
    far = [[f"Новая, {n + 2}", *[""] * 10] for n in range(1000)]
    for between in ([], far):
        rows = [row, *between, with_cells(row, **other)]
        report = taken(cast, *rows)
        assert [(bad.row, bad.column) for bad in report.wrong] == [(len(rows) + 1, column)]
        assert (
            report.wrong[0].reason
            == f"{what}: в строке 2 сказано другое. Оставьте в обеих строках то, что верно."
        )
        before = held()
        again = taken(cast, *rows)
        assert (again.added.total(), again.changed.total(), again.bad_rows, held()) == (0, 0, 1, before)


def test_a_table_of_flats_may_say_the_part_in_every_row(cast: Cast) -> None:
    report = taken(
        cast, *[with_cells(ENTRANCE, c0=f"Новая, 1, кв. {flat}") for flat in (21, 22, 23)], RISER, RISER
    )
    assert (report.added["подъезды"], report.added["стояки"], report.added["помещения"]) == (1, 1, 3)
    assert report.changed.total() == 0


def test_risers_of_one_system_are_told_apart_by_their_flats(cast: Cast) -> None:
    taken(cast, RISER, with_cells(RISER, c5="кв. 22, 26, кухни"), with_cells(RISER, c1="", c5=""))
    assert len(held()[1]) == 3
    assert taken(cast, with_cells(RISER, c5="КВ. 22,26, кухни")).added.total() == 0, (
        "the pen's slips make no other"
    )


def test_a_lift_of_another_house_is_refused_and_stops_no_other(cast: Cast) -> None:
    taken(cast, LIFT)
    report = taken(cast, with_cells(LIFT, c0="Новая, 2, кв. 5"), with_cells(LIFT, c0="Новая, 2", c7="13-1"))
    assert [(bad.row, bad.column, bad.reason) for bad in report.wrong] == [
        (2, "Рег. № лифта", "Лифт 12-2 уже у дома «Новая, 1».")
    ]
    assert (report.added["лифты"], report.added["помещения"]) == (1, 0), "a row is taken whole or not at all"


def test_what_was_read_before_the_stop_stands_and_the_rest_follows(cast: Cast) -> None:
    """As after a kill: each thousand is a change of its own."""
    rows = [with_cells(LIFT, c0=f"Новая, {n}", c7=f"12-{n}") for n in range(1, 1501)]
    report = taken(cast, *rows, progress=lambda _: False)
    assert (report.is_stopped, report.added["лифты"]) == (True, 1000)
    again = taken(cast, *rows)
    assert (again.added["лифты"], again.changed.total(), again.bad_rows) == (500, 0, 0)
    assert taken(cast, *rows).added.total() == 0 and len(held()[2]) == 1500


WRONG = [
    (with_cells(ENTRANCE, c1=""), "entrance", "в каком подъезде"),
    (with_cells(ENTRANCE, c3="двадцать"), "entrance_flats", "«1–20»"),
    (with_cells(ENTRANCE, c3="40–21"), "entrance_flats", "«1–20»"),
    (with_cells(RISER, c4="пар"), "riser", "ХВС, ГВС"),
    (with_cells(RISER, c4=""), "riser", "чей это стояк"),
    (with_cells(RISER, c6=""), "riser_valve", "Где перекрыть"),
    (with_cells(RISER, c5="к" * 121), "riser_feeds", "120"),
    (with_cells(LIFT, c1=""), "entrance", "в каком подъезде"),
    (with_cells(LIFT, c7=""), "lift", "регистрационный номер"),
    (with_cells(LIFT, c8="воздушный"), "lift_kind", "пассажирский или грузовой"),
    (with_cells(LIFT, c10="12-34-5678"), "lift_phone", "не читается"),
]


@pytest.mark.parametrize(("row", "field", "words"), WRONG)
def test_a_cell_of_a_part_that_cannot_be_taken_is_named(row: list[str], field: str, words: str) -> None:
    with pytest.raises(Wrong, match=words) as caught:
        read_home(2, row, match(1, HEADINGS), "Заречинск")
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("said", "service"),
    [("ХВС", "cold_water"), ("холодная вода", "cold_water"), ("Горячее водоснабжение", "hot_water"), ("Канализация", "sewerage"),
     ("К1", "sewerage"), ("Отопление", "heating"), ("ЦО", "heating"), ("Электричество", "electricity"), ("Газ", "gas")],
)  # fmt: skip
def test_a_system_is_known_as_the_trade_says_it(said: str, service: str) -> None:
    found = read_home(2, with_cells(RISER, c4=said), match(1, HEADINGS), "Заречинск")
    assert found is not None and found.pipe is not None and found.pipe.service == service
