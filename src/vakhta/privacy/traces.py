"""How a person's name, phone and e-mail are found in words: one regular expression that Python and
PostgreSQL read alike. Cases are written as classes of letters, so no locale of a database matters."""

from __future__ import annotations

import re
from dataclasses import dataclass

LETTER = "[а-яёА-ЯЁa-zA-Z]"
START = f"(?:^|(?<!{LETTER}))"
GAP = "[^0-9а-яёА-ЯЁa-zA-Z]{1,4}"
ENDING = f"{LETTER}{{0,4}}"
"""After a stem: the case in which the name stands, «Петровой»."""
SHORTEST_PHONE = 7


@dataclass(frozen=True)
class Traces:
    """`name`: «Петрова Анна Сергеевна», family name first; "" when it is not to be looked for."""

    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    def sure(self) -> str:
        """What speaks of this person wherever it stands: the phone in any writing, the e-mail, the
        family name with the given one or with initials, in any case. "" when there is nothing."""
        return _either([*map(_phone, self.phones), *map(_text, self.emails), *_names(self.name)])

    def near(self) -> str:
        """The same, and any part of the name: for words about the person's own tickets, where
        «звонила Петрова» is no other Petrova."""
        parts = [_stem(part) for part in self.name.split() if len(part) > 2]
        return _either([self.sure(), *parts])

    def are_in(self, text: str) -> bool:
        return bool(self.near() and re.search(self.near(), text))

    def taken_out(self, text: str, mark: str) -> str:
        """The text with what is sure replaced by `mark`."""
        return re.sub(self.sure(), mark, text) if self.sure() else text


def _either(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns if pattern)


def _phone(number: str) -> str:
    """The last ten digits, with up to three other signs between two of them."""
    digits = [c for c in number if c.isdigit()][-10:]
    if len(digits) < SHORTEST_PHONE:
        return ""
    return "(?:(?:[+]?7|8)[^0-9]{0,3})?" + "[^0-9]{0,3}".join(digits)


def _names(name: str) -> list[str]:
    if len(parts := name.split()) < 2:
        return []
    family, given, *more = parts
    middle = f"(?:{GAP}{_stem(more[0])})?" if more else ""
    letters = [f"{_letter(part[0])}[.]?" for part in (given, *more[:1])]
    initials = letters[0].replace("?", "") + (f"[^0-9а-яёА-ЯЁa-zA-Z]{{0,3}}{letters[1]}" if more else "")
    return [
        f"{_stem(family)}{GAP}{_stem(given)}{middle}",
        f"{_stem(given)}{middle}{GAP}{_stem(family)}",
        f"{_stem(family)}{GAP}{initials}",
        f"{START}{initials}[^0-9а-яёА-ЯЁa-zA-Z]{{0,3}}{_stem(family).removeprefix(START)}",
    ]


def _stem(word: str) -> str:
    kept = word[:-2] if len(word) > 5 else word[:-1] if len(word) > 3 else word
    return START + _text(kept) + ENDING


def _text(text: str) -> str:
    return "".join(_letter(sign) for sign in text)


def _letter(sign: str) -> str:
    if sign.lower() in "её":
        return "[ЕеЁё]"
    if sign.isalpha():
        return f"[{sign.upper()}{sign.lower()}]"
    return sign if sign.isalnum() else f"\\{sign}"
