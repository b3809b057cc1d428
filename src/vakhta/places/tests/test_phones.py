"""Phones in any writing become one: by our own shortcut as by the library."""

from __future__ import annotations

from collections.abc import Callable

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from vakhta.kernel.refusal import Invalid
from vakhta.kernel.words import phone_words
from vakhta.places.phones import normal_phone, office_phone, own_phone, read_phone

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
    digits = "".join(sign for sign in said if sign.isdigit())
    try:
        number = phonenumbers.parse(said, "RU")
    except phonenumbers.NumberParseException:  # «8 10» begins a foreign one, and no country begins so
        assert normal_phone(said) == digits
        return
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    is_possible = (
        phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    assert normal_phone(said) == (whole if is_possible else digits)


# ── What was kept is shown, and read again it is the same ────────────────────────────────────

LIKE_A_PHONE = st.text("0123456789+-() доб.x#", max_size=20) | st.from_regex(
    r"(\+7|8|\+375|\+44|\+39|) ?\(?\d{2,5}\)?([ -]?\d{1,4}){1,4}( доб\. ?\d{1,5})?", fullmatch=True
)
DOORS: tuple[Callable[[str], str], ...] = (own_phone, office_phone, read_phone)


@pytest.mark.parametrize("door", DOORS)
@given(said=LIKE_A_PHONE)
@example(said="+7 916 123 45 67 8")
@example(said="31.02.2026 25:61")
@example(said="+4 412 345 678")
@example(said="12345 доб. 99999")
@example(said="8 800 555-35-35")
@example(said="+39 06 1234 5678")
@example(said="+7 000 123-45-67")
@example(said="1450")
@example(said="+37500000000000")
@example(said="+375 00 000 00 00 00")
def test_a_number_that_was_kept_stays_as_it_is_shown_and_saved_again(
    door: Callable[[str], str], said: str
) -> None:
    try:
        kept = door(said)
    except Invalid as error:
        assert error.field == "phone"
        return
    shown = phone_words(kept)
    assert door(shown) == kept
    assert phone_words(door(shown)) == shown


@pytest.mark.parametrize("said", ["+7 916 123 45 67 8", "31.02.2026 25:61", "12345", "104", "нет", "1-2-3"])
def test_a_person_s_number_is_a_whole_one(said: str) -> None:
    with pytest.raises(Invalid) as caught:
        own_phone(said)
    assert caught.value.field == "phone" and said in caught.value.message


@pytest.mark.parametrize(
    "said", ["+7 916 123 45 67 8", "31.02.2026 25:61", "1", "1234567", "104 доб. 2", "нет"]
)
def test_an_office_s_number_is_a_whole_or_a_short_one(said: str) -> None:
    with pytest.raises(Invalid) as caught:
        office_phone(said)
    assert caught.value.field == "phone" and said in caught.value.message
    assert [office_phone(good) for good in ("", "051", "8 495 000-00-01")] == ["", "051", "+74950000001"]
