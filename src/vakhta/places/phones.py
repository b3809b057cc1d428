"""Phones in any writing become E.164."""

from __future__ import annotations

import re

import phonenumbers

from vakhta.kernel.refusal import Invalid, clean


def read_phone(said: str) -> str:
    """What a person typed, as `normal_phone` keeps it; refused when it cannot be a phone at all."""
    text = clean(said, "phone", "Телефон", limit=40)
    if text and not 2 <= sum(c.isdigit() for c in text) <= 15:
        raise Invalid(
            "Телефон не читается: нужен вроде +7 916 123-45-67. Неизвестный оставьте пустым.", "phone"
        )
    return normal_phone(text)


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
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_PLAIN = re.compile(r"(?:\+7|8)[ -]?\(?(?!10)\d{3}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}", re.ASCII)
"""A Russian number as nearly all are written: what the library would say of it is known without asking. «8 10» begins a
foreign one."""


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())[:16]
