"""Phones in any writing become E.164."""

from __future__ import annotations

import re

import phonenumbers

from vakhta.kernel.refusal import Invalid, clean


def read_phone(said: str) -> str:
    """A caller's, as `normal_phone` keeps it: an operator may know no more than a part of it. Refused when it cannot
    be a phone at all. Shown and read again it is the same."""
    text = clean(said, "phone", "Телефон", limit=40)
    number = normal_phone(text)
    is_other = not is_whole(number) and is_whole(normal_phone(number))
    if is_other and text.startswith("+") and not is_whole(normal_phone(f"+{number}")):
        return f"+{number}"  # a part of a foreign number; without its sign it would be somebody's Russian one
    if text and (is_other or not 2 <= len(_digits(text if not is_whole(number) else number)) <= 15):
        raise Invalid(
            "Телефон не читается: нужен вроде +7 916 123-45-67. Неизвестный оставьте пустым.", "phone"
        )
    return number


def is_whole(number: str) -> bool:
    """Of what `normal_phone` gives: can it be dialled from anywhere?"""
    return number.startswith("+")


def own_phone(said: str) -> str:
    """A person's: E.164, or "" where none is said. Raises Invalid about `phone`."""
    text = clean(said, "phone", "Телефон", limit=40)
    number = normal_phone(text)
    if text and not is_whole(number):
        raise Invalid(
            "Телефон «%(said)s» не читается: нужен с кодом города, вроде +7 916 123-45-67. Неизвестный оставьте пустым.",
            "phone",
            said=text,
        )
    return number


def company_phone(said: str) -> str:
    """Of an organisation, as residents' letters say it: a town's six figures without their code would reach nobody,
    the 051 of a city's own service does."""
    return office_phone(said, longest=4)


def office_phone(said: str, *, required: bool = False, longest: int = 6) -> str:
    """Of a service: E.164 or a number that belongs to no country, 01, 112, 1450, of at most so many figures; "" where
    none is said. Raises Invalid about `phone`."""
    text = clean(said, "phone", "Телефон", limit=40, required=required)
    number = normal_phone(text)
    is_short = all(sign.isdigit() or sign in " -" for sign in text) and 2 <= len(number) <= longest
    if text and not is_whole(number) and not is_short:
        raise Invalid(
            "Телефон «%(said)s» не читается: нужен с кодом города, вроде +7 495 000-00-01, или короткий, вроде 104; без добавочного.",
            "phone",
            said=text,
        )
    return number


WHOLE = 10
"""So many figures are a phone and no number of a ticket."""


def whole_phone(said: str) -> str:
    """A phone that was typed whole, as `normal_phone` keeps it; "" for anything else."""
    return normal_phone(said) if sum(sign.isdigit() for sign in said) >= WHOLE else ""


def normal_phone(text: str, region: str = "RU") -> str:
    """ "8 (916) 123-45-67" → "+79161234567"; "" stays "". What is not a full number (an extension,
    a hidden caller) stays as its digits, at most 16: an operator may know no better."""
    if not text.strip():
        return ""
    if region == "RU" and _PLAIN.fullmatch(text.strip()):
        return f"+7{_digits(text)[1:]}"
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return _digits(text)
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return _digits(text)  # a town's six or seven figures are no number without their code
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if whole != text and normal_phone(whole) != whole:
        return _digits(text)  # a foreign one with too many noughts: each reading would drop one
    return whole


_PLAIN = re.compile(r"(?:\+7|8)[ -]?\(?(?!10)\d{3}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}", re.ASCII)
"""A Russian number as nearly all are written: what the library would say of it is known without asking. «8 10» begins a
foreign one."""


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())[:16]
