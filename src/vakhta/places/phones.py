"""Phones in any writing become E.164.

What a caller's number may be is one rule, in two hands. A machine's (`callers_phone`): a contact is never refused for
the number that it came with, and the number is never lost. A hidden one, an inner «12» of an exchange, other nations'
figures: what can be a number stands in the phone, what cannot is told in the words of the contact, as it came. A
person's (`applicants_phone`): who types it can mend it, so that too few figures are refused beside the field; what the
contact came with may be left as it is.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from vakhta.kernel.refusal import Invalid, clean
from vakhta.kernel.words import phone_words


def read_phone(said: str) -> str:
    """A caller's, as `normal_phone` keeps it: an operator may know no more than a part of it. Refused when it cannot
    be a phone at all. Shown and read again it is the same: what would become another number by that is refused too."""
    number = _read(said)
    if number and _read(phone_words(number)) != number:
        raise _unreadable()
    return number


def _read(said: str) -> str:
    text = clean(said, "phone", "Телефон", limit=40)
    number = normal_phone(text)
    is_other = not is_whole(number) and is_whole(normal_phone(number))
    if is_other and text.startswith("+") and not is_whole(normal_phone(f"+{number}")):
        return f"+{number}"  # a part of a foreign number; without its sign it would be somebody's Russian one
    if text and (is_other or not 2 <= _figures(number if is_whole(number) else text) <= MOST):
        raise _unreadable()
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


LEAST, MOST = 5, 15
"""Figures of an applicant's number: from a small town's own to the longest of the world."""


def applicants_phone(said: str, known: str = "") -> str:
    """The same of an applicant, whose number nobody calls by two figures. `known`: what the contact or the ticket has,
    which may stay."""
    number = read_phone(said)
    if number and number != known and _figures(number) < LEAST:
        raise _unreadable()
    return number


def callers_phone(said: str) -> tuple[str, str]:
    """What a contact came with: (its number, words that are no number). One of them is ""."""
    text = clean(said, "phone", "Телефон", limit=40)
    number = normal_phone(text)
    is_number = is_whole(number) or (number and not any(sign.isalpha() for sign in text))
    return (number, "") if is_number and _figures(text) <= MOST else ("", text)


def _unreadable() -> Invalid:
    return Invalid("Телефон не читается: нужен вроде +7 916 123-45-67. Неизвестный оставьте пустым.", "phone")


def _figures(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


WHOLE = 10
"""So many figures are a phone and no number of a ticket."""


def whole_phone(said: str) -> tuple[str, ...]:
    """The numbers that a phone which was typed whole may be kept as; () for anything else."""
    return meant_phones(said) if sum(sign.isdigit() for sign in said) >= WHOLE else ()


def meant_phones(said: str) -> tuple[str, ...]:
    """What `normal_phone` keeps of it, and «375 29 …» as the foreign number whose sign was left out, too."""
    number = normal_phone(said)
    foreign = "" if is_whole(number) else normal_phone(f"+{number}")
    return (number, foreign) if is_whole(foreign) else (number,)


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
    """Of any script: «٩١٦» is 916."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())[:16]
