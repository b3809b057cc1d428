"""Addresses as people type them: «лен15-42 теч стояк», «ул 8 марта д12 к2-7», «ktybyf 15 42».

`parse_address` knows the grammar and no street; `match_streets` knows the streets and no grammar;
`read_address` puts both together. Figures that belong to a street («8 Марта», «50 лет Октября»),
corpora, fractions and letters of houses are understood; what follows the address is kept as `rest`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from vakhta.domain.layouts import as_russian, fold_key
from vakhta.domain.typos import allowed_typos, prefix_distance

_KIND_WORDS = {
    "ул": ("ул", "улица", "улицы"),
    "пр": ("пр", "прт", "пркт", "просп", "проспект", "проезд", "прд"),
    "пер": ("пер", "переулок"),
    "пл": ("пл", "площадь"),
    "бул": ("бул", "бр", "бульвар"),
    "наб": ("наб", "набережная"),
    "ш": ("ш", "шоссе"),
    "туп": ("туп", "тупик"),
}
_KINDS = {word: kind for kind, words in _KIND_WORDS.items() for word in words}
"""Words of a street's kind → one key for each kind. They tell streets apart only when names are equal:
«пер. Полевой» may be said without its «пер»."""
_NAMES_TOO = frozenset({"набережная"})
"""Kinds that are a street's whole name as well: «ул. Набережная»."""
_GENERIC = frozenset({*_KINDS, "им", "имени", "д", "дом", "г", "гор", "город"})
_TOWN = frozenset({"г", "гор", "город"})
_PLACES = frozenset({"п", "пос", "поселок", "пгт", "рп", "с", "село", "д", "дер", "деревня"})
_VILLAGE = frozenset({"д"})
"""Before a street's words «д» is a village, before a figure a house."""
_HYPHENED = re.compile(r"\b(пр-?к?т|пр-?д|б-р|ул-?ца)\b\.?")
_FLAT = frozenset({"кв", "квартира", "квартиры", "кварт", "оф", "офис", "пом"})
_CORPUS = frozenset({"к", "корп", "корпус"})
_STRUCTURE = frozenset({"стр", "строение", "с"})
_LETTER = frozenset({"лит", "литера"})
_WAY = frozenset({"подъезд", "подъезде", "подъезда", "под", "пд", "п", "этаж", "этаже", "этажа", "эт"})
"""The way to a flat, with a figure before or behind it: «под. 2», «п2», «2 эт»."""
_HOUSE = frozenset({"д", "дом"})
_PARTS = frozenset({*_FLAT, *_CORPUS, *_WAY, *_HOUSE, "дома", "доме", "дому", "ул"})
_PART_STEMS = ("подъезд", "подьезд", "этаж", "квартир", "улиц")
_ORDINALS = frozenset({"я", "й", "ая", "ой", "ый", "го"})
_DISTRICTS = frozenset({"мкр", "микрорайон", "квартал"})
_UNITS = re.compile(
    r"(подъезд|этаж|эт$|под$|пд$|градус|д[не]|сут|час|раз|люд|чел|год|мес|недел|мин|лампо|батаре|стояк|комнат)"
)
"""Words after a bare figure that make it no flat: «Ленина 15 2 подъезд», «Мира 3 14 градусов»."""

_FIGURES = {
    word: str(figure * step)
    for step, words in (
        (1, "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать"
            " четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"),
        (10, "десять двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто"),
    )
    for figure, word in enumerate(words.split(), 1)
}  # fmt: skip
"""Numbers up to a hundred, as they are said."""

_TOKEN = re.compile(r"\d+|[а-яa-z]+|[-/,;:№.()]")
_LETTERS_APART = frozenset("абгежз")
"""Letters of a house that may stand apart («15 а»); the others are prepositions as well."""


@dataclass(frozen=True)
class ParsedAddress:
    """What the grammar alone tells. Everything is folded: lower case, ё = е."""

    street_words: tuple[str, ...] = ()
    street: str = ""
    """The same as typed, without its kind: «Мерная 1-я», «Северо-Восточная»."""
    kind: str = ""
    """"пер" when the kind of the street was said: a key of `_KIND_WORDS`."""
    town: str = ""
    """"заречинск" of «г. Заречинск»; "д" when a village was said."""
    number: str = ""
    """"15", "15а", "15/2": the house without its corpus."""
    corpus: str = ""
    structure: str = ""
    flat: str = ""
    may_be_corpus: bool = False
    """«Мира 3 к12»: the flat, unless the street has such a corpus."""
    rest: str = ""
    """The words that follow the address, as typed (in the Russian layout)."""
    confidence: float = 0.0
    """How much this looks like an address: 0 not at all, 1 nothing else is possible."""

    @property
    def house(self) -> str:
        """The key of the house, as `normal_house` writes it: "12к2", "8с2"."""
        corpus = f"к{self.corpus}" if self.corpus else ""
        return f"{self.number}{corpus}" + (f"с{self.structure}" if self.structure else "")

    def with_corpus(self) -> ParsedAddress:
        """Where it `may_be_corpus`, and is one."""
        return replace(self, corpus=self.flat, flat="", may_be_corpus=False)


@dataclass(frozen=True)
class StreetMatch:
    street: str
    cost: float
    """0: said exactly; a prefix costs a little, each forgiven letter 1, each word passed over 2."""
    forgiven: str = ""
    """«линина → ленина» when letters were forgiven, else empty."""
    passed: tuple[str, ...] = ()
    """Words before the street that are not of it («теч стояк ленина 15»)."""
    is_clear: bool = False
    """Nothing was guessed: words whole or begun by three letters, no slips, the kind that was said, and no
    figure of the street left out («Садовая» is no 2-я Садовая)."""


@dataclass(frozen=True)
class AddressReading:
    """One way to understand the text."""

    street: str
    address: ParsedAddress
    cost: float
    forgiven: str = ""
    is_clear: bool = False
    """As `StreetMatch.is_clear`."""
    unread: tuple[str, ...] = ()
    """Words before the street that tell nothing of it: a town, a village, a fault, «напротив»."""

    @property
    def rest(self) -> str:
        return self.address.rest


def normal_house(text: str) -> str:
    """The key that houses are compared by: "12 корп. 2" → "12к2", "15 А" → "15а", "8 стр. 2" → "8с2". What is not
    understood whole is compared as it is written: "15-17" is no 15."""
    written = re.sub(r"(?<=\d) (?=\d)", "-", fold_key(text)).replace(" ", "")
    return _Reader("ул " + text).whole_house() or written


def parse_address(text: str) -> ParsedAddress:
    """The parts of a typed address; empty parts are those that were not said."""
    return _Reader(text).read()


def is_part(word: str) -> bool:
    """Is this a word of addresses, whole or half typed: «кв», «подъезде», «улица»? It tells where, never what."""
    folded = fold_key(word)
    return folded in _PARTS or any(
        folded.startswith(stem) or (len(folded) > 2 and stem.startswith(folded)) for stem in _PART_STEMS
    )


def read_address(
    text: str, streets: Iterable[str] | Callable[[], Iterable[str]], limit: int = 5
) -> list[AddressReading]:
    """The ways to understand a text among these streets, the likeliest first; empty when no street
    fits. Streets that must be asked for are a function: it is called only when a street was said."""
    parsed = parse_address(text)
    if not parsed.street_words or (len(parsed.street_words) == 1 and parsed.street_words[0] in _FLAT):
        return []
    known = tuple(streets() if callable(streets) else streets)
    found = _matched(parsed, known, limit)
    if not found and (spoken := _Reader(text, in_words=True).read()).number != parsed.number:
        parsed = spoken
        found = [match for match in _matched(spoken, known, limit) if not match.passed]
    return [_reading(parsed, match) for match in found]


def _matched(parsed: ParsedAddress, streets: tuple[str, ...], limit: int) -> list[StreetMatch]:
    found = match_streets(parsed.street_words, streets, limit, parsed.kind)
    if not found and parsed.number:
        # A house was said, so it is an address: one letter more is forgiven before giving up.
        found = match_streets(parsed.street_words, streets, limit, parsed.kind, spare=1)
    return found


def _reading(parsed: ParsedAddress, match: StreetMatch) -> AddressReading:
    """Words before the street go to the rest and stay unread; a lone figure before it is the house («15 ленина»),
    and nothing was passed over when the street tells itself clearly («9 марта» is a day, no house of 8 Марта)."""
    address, cost, unread = parsed, match.cost, match.passed
    if len(unread) == 1 and unread[0].isdigit() and not parsed.number:
        address, unread = replace(parsed, number=unread[0]), ()
        cost -= 1.95 if match.is_clear else 0
    elif unread:
        address = replace(parsed, rest=" ".join((*unread, parsed.rest)).strip())
    return AddressReading(match.street, address, cost, match.forgiven, match.is_clear, unread)


# ── Streets ──────────────────────────────────────────────────────────────────────────────────


def match_streets(
    words: Iterable[str], streets: Iterable[str], limit: int = 5, kind: str = "", spare: int = 0
) -> list[StreetMatch]:
    """Streets that the words may mean, the nearest first: beginnings of words first, then slips (`spare`
    more than usual); of equal names the one of the said kind.

    Words at the front that fit nowhere are passed over, so that a description may come first; what is left must
    tell the street then: «петрова а с» are initials and not Садовая.
    """
    said = tuple(words)
    begun = _by_first_letters(tuple(streets))
    for skip in range(len(said)):
        if skip and not any(len(word) >= _CLEAR_BEGINNING for word in said[skip:]):
            break
        near = set.intersection(*(_begun_like(word, begun) for word in said[skip:]))
        found = [match for street in near if (match := _match(said[skip:], street, kind, spare))]
        if found:
            found.sort(key=lambda m: (m.cost, len(m.street), m.street))
            passed = said[:skip]
            return [replace(m, cost=m.cost + 2 * skip, passed=passed) for m in found[:limit]]
    return []


@lru_cache(maxsize=200)
def _by_first_letters(streets: tuple[str, ...]) -> dict[str, set[str]]:
    """The streets by the letters that their words begin with: a city's other streets need no measuring."""
    begun: dict[str, set[str]] = {}
    for street in streets:
        for part in street_key(street):
            begun.setdefault(part[0], set()).add(street)
    return begun


def _begun_like(said: str, begun: dict[str, set[str]]) -> set[str]:
    """The streets of which a word may be meant by this one: its first letter is hardly ever wrong, but for «э» that is
    heard in «е» and one letter typed before it."""
    letters = {*said[:2], *("эе" if said[0] in "эе" else "")}
    return set().union(*(begun.get(letter, ()) for letter in letters))


def _match(said: tuple[str, ...], street: str, kind: str, spare: int) -> StreetMatch | None:
    left = list(street_key(street))
    cost, changed, is_clear = 0.0, [], True
    for word in said:
        nearest = min([(word_cost(word, part, spare), part) for part in left], default=(9.0, ""))
        if nearest[0] >= 9:
            return None
        left.remove(nearest[1])
        cost += nearest[0]
        if nearest[0] >= 1:
            changed.append(f"{word} → {nearest[1]}")
        is_clear = is_clear and (nearest[0] == 0 or (nearest[0] < 1 and len(word) >= _CLEAR_BEGINNING))
    own_kind = street_kind(street)
    is_other_kind = bool(kind) and own_kind != kind
    is_clear = is_clear and not (is_other_kind and own_kind) and not any(part.isdigit() for part in left)
    return StreetMatch(
        street, cost + 0.05 * is_other_kind + 0.01 * len(left), ", ".join(changed), is_clear=is_clear
    )


_CLEAR_BEGINNING = 3
"""So many letters of a street's word tell it: «лен», not the «М» of a road."""


def word_cost(said: str, part: str, spare: int = 0) -> float:
    """0 the same, a little for a beginning, the slips for a misspelt one, 9 for another word. `spare`:
    slips forgiven beyond the usual, in words of five letters and more."""
    if said == part:
        return 0.0
    if said.isdigit() or part.isdigit():
        return 9.0
    if part.startswith(said):
        return 0.1
    if ("э" in said or "э" in part) and part.replace("э", "е").startswith(said.replace("э", "е")):
        return 0.2  # written as it is heard
    if part[0] not in said[:2]:
        return 9.0  # as `_begun_like`, with «э» answered above
    allowed = min(2, allowed_typos(len(said)) + (spare if len(said) > 4 else 0))
    slips = prefix_distance(said, part, allowed) if allowed else 9
    if slips > allowed:
        return 9.0
    return float(slips) + 0.02 * abs(len(part) - len(said))


@lru_cache(maxsize=20_000)
def street_key(street: str) -> tuple[str, ...]:
    """The words that tell a street from others: «ул. Академика Вавилова» → (академика, вавилова)."""
    words = _HYPHENED.sub(" ", street.casefold().replace("ё", "е"))
    kept = tuple(word for word in fold_key(words).split() if word not in _GENERIC)
    return kept or tuple(fold_key(words).split())


@lru_cache(maxsize=20_000)
def street_words(street: str) -> tuple[str, ...]:
    """The words that two writings of one street have in common: «ул. Садовая 2-я» and «2-я Садовая» are one, «1-я
    Садовая» is another."""
    return tuple(sorted(word for word in street_key(street) if word not in _ORDINALS))


@lru_cache(maxsize=20_000)
def town_key(town: str) -> str:
    """The words of a town without what it is: «г. Лесной» and «Лесной» are one."""
    words = fold_key(town).split()
    return " ".join(word for word in words if word not in _TOWN | _PLACES) or " ".join(words)


@lru_cache(maxsize=20_000)
def street_kind(street: str) -> str:
    """«пер. Полевой» → "пер", «пр-т Мира» → "пр"; "" when the street does not say it."""
    words = fold_key(_joined(street.casefold())).split()
    return next((_KINDS[word] for word in words if word in _KINDS), "")


def _joined(folded: str) -> str:
    """«пр-т» → «пр  », «б-р» → «бр »: one word of the kind. The length stays, so that places in the text do."""
    return _HYPHENED.sub(lambda m: m[0].split("-")[0].replace("б", "бр").ljust(len(m[0])), folded)


# ── The grammar ──────────────────────────────────────────────────────────────────────────────


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    space_before: bool

    @property
    def is_number(self) -> bool:
        return self.text.isdigit()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()


_END = _Token(" ", 0, 0, True)


class _House(NamedTuple):
    number: str = ""
    corpus: str = ""
    structure: str = ""


_NO_HOUSE = _House()


def _in_figures(tokens: list[_Token]) -> list[_Token]:
    """Numbers said in words as figures: «двадцать пять» → 25."""
    read: list[_Token] = []
    are_tens = False
    for token in tokens:
        figure = _FIGURES.get(token.text, "")
        if are_tens and len(figure) == 1:
            tens = read.pop()
            read.append(tens._replace(text=tens.text[0] + figure, end=token.end))
        else:
            read.append(token._replace(text=figure or token.text))
        are_tens = figure != "10" and len(figure) == 2 and figure[1] == "0"
    return read


def _counts(word: _Token, _next: _Token) -> bool:
    """«2-й подъезд», «5й этаж»: neither a street nor a house."""
    return bool(_UNITS.match(word.text))


def _is_house(word: _Token, following: _Token) -> bool:
    """«15-й дом», but not «15-я дом 3»."""
    return word.text in ("дом", "д") and not following.is_number and following.text != "."


class _Reader:
    """Reads tokens from left to right: street, house, flat; whatever is left is the rest."""

    def __init__(self, text: str, *, in_words: bool = False) -> None:
        """`in_words`: «дом двадцать пять» is 25, too."""
        self._shown = as_russian(text.strip())
        folded = self._shown.casefold().replace("ё", "е")
        folded = _joined(folded)
        self._tokens = [
            _Token(m[0], m.start(), m.end(), m.start() == 0 or folded[m.start() - 1] == " ")
            for m in _TOKEN.finditer(folded)
        ]
        if in_words:
            self._tokens = _in_figures(self._tokens)
        self._is_house_alone = False
        self._begin()

    def _begin(self) -> None:
        self._at = 0
        self._is_marked = False
        """A word like «ул», «д», «кв» stood there: it is an address and nothing else."""
        self._is_short_corpus = False
        """The corpus was said by «к», which may be a flat's."""
        self._kind = ""
        self._town = ""
        self._named = (0, 0)
        """From the first word of the street to behind its last, tokens."""
        self._ways: list[str] = []
        """«под. 2», «эт 5»: said between the parts of the address, kept with its rest."""

    def whole_house(self) -> str:
        """The key of a house and nothing else; "" when something more stands there. A letter apart is no preposition."""
        self._is_house_alone = True
        number, corpus, structure = self._house()
        self._skip_signs()
        if self._peek() is not _END:
            return ""
        return ParsedAddress(number=number, corpus=corpus, structure=structure).house

    def read(self) -> ParsedAddress:
        house, flat = self._before_street()
        if self._at:
            found = self._read(self._street(), house, flat)
            if found.number and found.street_words:
                return found
            self._begin()
        return self._read(self._street(), _NO_HOUSE, "")

    def _before_street(self) -> tuple[_House, str]:
        """«кв 42 ленина 15», «дом 15, ленина»: what of the address stands before its street."""
        house, flat = _NO_HOUSE, ""
        while self._peek() is not _END:
            begun = self._at
            self._skip_signs()
            if not flat:
                is_flat = self._peek().is_number and self._peek(1).text in _FLAT and self._peek(2).is_word
                flat = self._bare_flat() if is_flat else self._marked_flat()
            if not house.number and self._peek().text in _HOUSE and self._figure_behind():
                house = self._house()
            while self._way():
                pass
            if not any(token.is_number for token in self._tokens[begun : self._at]):
                self._at = begun
                break
        return house, flat

    def _read(self, street: tuple[str, ...], house: _House, flat: str) -> ParsedAddress:
        if street and not house.number:
            house = self._house()
        flat = flat or (self._flat() if street or house.number else "")
        if street and flat and not house.number:  # «ленина кв 42 дом 15»
            house = self._house()
        number, corpus, structure = house
        may_be_corpus = self._is_short_corpus and not flat and len(corpus) > 1
        if may_be_corpus:
            # «Мира 3 к 12»: hardly anybody builds a twelfth corpus; it is the flat.
            corpus, flat = "", corpus
        return ParsedAddress(
            street_words=street,
            street=self._written() if street else "",
            kind=_KINDS.get(self._kind, ""),
            town=self._town,
            number=number,
            corpus=corpus,
            structure=structure,
            flat=flat,
            may_be_corpus=may_be_corpus,
            rest=self._rest() if number or flat else "",
            confidence=self._confidence(street, number, flat),
        )

    def _confidence(self, street: tuple[str, ...], number: str, flat: str) -> float:
        if not street:
            return 0.0
        if not number:
            return 0.4 if self._is_marked else 0.2
        long = len(street) > 3
        return (1.0 if self._is_marked else 0.9 if flat else 0.7) - (0.3 if long else 0.0)

    # Helpers that look at the tokens.

    def _peek(self, ahead: int = 0) -> _Token:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else _END

    def _skip_signs(self) -> None:
        while self._peek() is not _END and not self._peek().is_word and not self._peek().is_number:
            self._at += 1

    def _take_generic(self) -> None:
        self._skip_signs()
        while self._peek().text in _GENERIC:
            marker = self._peek().text
            is_town = marker in _TOWN
            if self._peek().text in _KINDS:
                self._kind = self._peek().text
            self._is_marked = True
            self._at += 1
            self._skip_signs()
            is_named = self._peek().is_word and self._peek().text not in _GENERIC
            if marker in _VILLAGE and is_named:
                self._town = marker
            if is_town and is_named:
                # «г. Заречинск»: the town's name tells no street.
                self._town = self._peek().text
                self._at += 1
                self._skip_signs()

    # Street.

    def _street(self) -> tuple[str, ...]:
        words: list[str] = []
        while self._peek() is not _END:
            self._take_generic()
            token, begun = self._peek(), self._at
            if token.is_number:
                if not self._is_of_street(words):
                    break
                words.append(self._take_figure())
            elif token.is_word and not (words and token.text in _FLAT and self._figure_behind()):
                words.append(token.text)
                self._at += 1
            else:
                break
            self._named = (self._named[0] if words[1:] else begun, self._at)
        return tuple(words) or ((self._kind,) if self._kind in _NAMES_TOO else ())

    def _written(self) -> str:
        first, behind = self._named
        if first == behind:
            return self._kind
        return self._shown[self._tokens[first].start : self._tokens[behind - 1].end]

    def _ordinal_ends(self) -> int:
        """So many tokens from here «1-я» and «3й» take; 0 for a figure that is no ordinal."""
        if self._peek(1).text == "-" and self._peek(2).text in _ORDINALS:
            return 3
        return 2 if self._peek(1).text in _ORDINALS and not self._peek(1).space_before else 0

    def _is_ordinal_of(self, what: Callable[[_Token, _Token], bool]) -> bool:
        """An ordinal stands here and before such words."""
        ends = self._ordinal_ends()
        return ends > 0 and what(self._peek(ends), self._peek(ends + 1))

    def _take_figure(self) -> str:
        """The figure without the ending of an ordinal: «1-я Садовая», «3й»."""
        figure = self._peek().text
        self._at += self._ordinal_ends() or 1
        return figure

    def _is_of_street(self, words: list[str]) -> bool:
        """A figure before the first word of the street is of it, so is one after «мкр»; one behind
        words is the house. A lone figure that begins a text is of the street when a word follows."""
        if words and words[-1] in _DISTRICTS:
            return True
        if self._ordinal_ends():  # «15-я Парковая» and «Парковая 15-я»
            return not self._is_ordinal_of(_counts) and not self._is_ordinal_of(_is_house)
        if words:
            return False
        after = self._peek(1)
        return after.is_word and (len(after.text) > 2 or after.text in _ORDINALS) and after.text not in _FLAT

    # House.

    def _house(self) -> _House:
        number = self._number()
        return _House(number, *self._parts()) if number else _NO_HOUSE

    def _number(self) -> str:
        self._take_generic()
        if not self._peek().is_number or self._is_ordinal_of(_counts):
            return ""
        number = self._take_figure()
        letter = self._letter()
        if letter:
            return number + letter
        if self._peek().text == "/" and self._peek(1).is_number:
            number = f"{number}/{self._peek(1).text}"
            self._at += 2
            return number + self._letter()
        return number

    def _letter(self) -> str:
        """A letter of the house, joined («15а») or apart («15 а», «15 лит. а»)."""
        token = self._peek()
        if token.text in _LETTER:
            self._at += 1
            self._skip_signs()
            token = self._peek()
        elif not self._is_letter(token):
            return ""
        self._at += 1
        return token.text

    def _is_letter(self, token: _Token) -> bool:
        if len(token.text) != 1 or not token.is_word:
            return False
        after = self._peek(1)
        if not token.space_before:
            # «12к2», «8с2» and «8п2» are a corpus, a structure and an entrance, «15к» is a letter.
            return not (token.text in "ксп" and after.is_number)
        if self._is_house_alone and (after is _END or after.text == "," or len(after.text) > 1):
            return True
        return token.text in _LETTERS_APART and not (after.is_number and not after.space_before)

    def _parts(self) -> tuple[str, str]:
        """Corpus and structure, in any order."""
        corpus = structure = ""
        while True:
            marker, ahead = self._peek(), 1
            if marker.text == "," and self._peek(1).text in _CORPUS | _STRUCTURE:
                marker, ahead = self._peek(1), 2
            if self._peek(ahead).text == ".":
                ahead += 1
            value = self._peek(ahead)
            if not value.is_number:
                return corpus, structure
            if marker.text in _CORPUS and not corpus:
                corpus, self._is_short_corpus = value.text, marker.text == "к"
            elif marker.text in _STRUCTURE and not structure:
                structure = value.text
            else:
                return corpus, structure
            self._at += ahead + 1

    # Flat.

    def _flat(self) -> str:
        """The flat, behind the way to it as well; a way without a flat stays in the rest as it was typed."""
        start, ways = self._at, len(self._ways)
        figures_last = True
        while self._way():
            figures_last = figures_last and self._tokens[self._at - 1].is_number
        self._skip_signs()
        if flat := self._marked_flat():
            return flat
        is_direct = len(self._ways) == ways
        # Behind «п2» a last figure is the flat; in «2 подъезд 42» and «42 подъезд 2» it may be either.
        is_last = figures_last and self._peek(1) is _END
        if self._peek().is_number and (is_direct or is_last) and not self._counts_something():
            return self._bare_flat()
        self._at = start
        del self._ways[ways:]
        return ""

    def _bare_flat(self) -> str:
        """«42» and «42 кв»."""
        flat = self._take_flat()
        if self._peek().text in _FLAT and not self._peek(1).is_number:
            self._is_marked = True
            self._at += 1
        return flat

    def _marked_flat(self) -> str:
        """«кв. 42»."""
        behind = self._figure_behind() if self._peek().text in _FLAT else 0
        if not behind:
            return ""
        self._is_marked = True
        self._at += behind
        return self._take_flat()

    def _figure_behind(self) -> int:
        """How far behind a word its figure stands, signs between them passed over; 0 for none."""
        ahead = 1
        while self._peek(ahead).text in (".", "№", "-", ",", ":"):
            ahead += 1
        return ahead if self._peek(ahead).is_number else 0

    def _way(self) -> bool:
        """Takes «подъезд 2», «п2» or «2-й этаж»."""
        begun = self._at
        self._skip_signs()
        first = self._at
        if self._peek().text in _WAY and self._figure_behind():
            self._at += self._figure_behind()
            self._take_figure()
        elif self._is_way_behind() and not self._is_joined_to_flat():
            self._take_figure()
            self._at += 1
        else:
            self._at = begun
            return False
        self._ways.append(self._shown[self._tokens[first].start : self._tokens[self._at - 1].end])
        return True

    def _counts_something(self) -> bool:
        """«2 подъезд», «14 градусов», «5-й этаж», «14:30»: the figure is of the words behind it."""
        if len(self._peek().text) > 4:
            return True
        if self._is_joined_to_flat():
            return False
        ahead = 1
        if self._peek(ahead).text == "-" and self._peek(ahead + 1).text in _ORDINALS:
            ahead += 2
        if self._peek(ahead).text in _ORDINALS:
            ahead += 1
        after = self._peek(ahead)
        return after.text == ":" or (after.is_word and bool(_UNITS.match(after.text)))

    def _take_flat(self) -> str:
        flat = self._peek().text
        self._at += 1
        token = self._peek()
        if token.is_word and len(token.text) == 1 and not token.space_before:
            self._at += 1
            return flat + token.text
        return flat

    def _is_way_behind(self) -> bool:
        """«2-й подъезд», «5 эт»."""
        return self._peek().is_number and self._peek(self._ordinal_ends() or 1).text in _WAY - {"п"}

    def _is_joined_to_flat(self) -> bool:
        """«42» of «15-42 подъезд 2»: the figure behind is of the entrance."""
        is_joined = self._tokens[self._at - 1].text == "-" and not self._peek().space_before
        return is_joined and self._peek(1).text in _WAY and self._peek(2).is_number

    def _rest(self) -> str:
        token = self._peek()
        said = "" if token is _END else self._shown[token.start :].strip(" ,.;:-—")
        return ", ".join(filter(None, (*self._ways, said)))
