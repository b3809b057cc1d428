"""Days and times as a journal has them, in any hand."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vakhta.domain.written_moments import written_moment, written_time

DAY, AT = date(2024, 3, 12), time(8, 40)
WRITTEN = [
    ("12.03.2024", DAY, None),
    ("12.3.24 8:40", DAY, AT),
    ("12/03/2024 08.40", DAY, AT),
    ("12-03-2024 8-40", DAY, AT),
    ("8:40 12.03.2024", DAY, AT),
    ("12.03.2024г. в 8 ч. 40 мин.", DAY, AT),
    ("12 марта 2024 г., 8:40:15", DAY, AT),
    ("2024-03-12T08:40:00", DAY, AT),
    ("45363", DAY, None),
    ("45363,361111", DAY, AT),
    ("12.03.2024 9ч", DAY, time(9)),
    ("5 мая 98", date(1998, 5, 5), None),
    ("01.01.27", date(1927, 1, 1), None),
]


@pytest.mark.parametrize(("text", "day", "at"), WRITTEN)
def test_a_moment_is_read(text: str, day: date, at: time | None) -> None:
    assert written_moment(text, 2026) == (day, at)


@pytest.mark.parametrize(
    "text", ["", "вчера", "12.03", "31.02.2024", "12.13.2024", "12 брюмера 2024", "12.03.2024 25:10", "1"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert written_moment(text, 2026) is None


@pytest.mark.parametrize(("text", "at"), [("8:40", AT), ("08-40", AT), ("0.361111", AT), ("23ч05", time(23, 5)), ("24:00", None), ("утром", None)])  # fmt: skip
def test_a_time_is_read(text: str, at: time | None) -> None:
    assert written_time(text) == at


@given(
    st.dates(date(1990, 1, 1), date(2026, 12, 31)),
    st.times(),
    st.sampled_from(["%d.%m.%Y %H:%M", "%d.%m.%y %H-%M", "%Y-%m-%d %H:%M:%S", "%H.%M %d/%m/%Y"]),
)
def test_what_was_written_is_read_back(day: date, at: time, form: str) -> None:
    said = day.strftime(form.replace("%H", f"{at:%H}").replace("%M", f"{at:%M}").replace("%S", f"{at:%S}"))
    assert written_moment(said, 2026) == (day, time(at.hour, at.minute))


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    written_moment(text, 2026)
    written_time(text)
