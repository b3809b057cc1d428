"""Phones in any writing become one: by our own shortcut as by the library."""

from __future__ import annotations

import phonenumbers
from hypothesis import assume, given
from hypothesis import strategies as st

from vakhta.places.phones import normal_phone

FIGURES = st.text("0123456789", min_size=10, max_size=10)


@given(
    st.sampled_from(["+7", "8"]),
    FIGURES,
    st.sampled_from(["", " ", "-", " ("]),
    st.sampled_from(["", " ", "-", ") "]),
)
def test_a_plain_russian_number_reads_as_the_library_reads_it(
    begin: str, figures: str, before: str, after: str
) -> None:
    assume((before == " (") == (after == ") "))
    said = f"{begin}{before}{figures[:3]}{after}{figures[3:6]}-{figures[6:8]}-{figures[8:]}"
    number = phonenumbers.parse(said, "RU")
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    is_possible = (
        phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    digits = "".join(sign for sign in said if sign.isdigit())
    assert normal_phone(said) == (whole if is_possible else digits)
