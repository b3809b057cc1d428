"""The line (строка): what a dispatcher's one field may mean, before anything is looked up.

`parse_line` says which kinds of thing a text can be; who knows tickets, people and streets looks
them up and shows what Enter will do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vakhta.domain.addresses import ParsedAddress, parse_address
from vakhta.domain.layouts import as_russian, fold_key
from vakhta.domain.typos import allowed_typos, prefix_distance

ACTIONS = {"пауза": "pause", "перерыв": "pause", "готов": "ready"}
"""What may stand behind «>», as a beginning of two letters or more → the action."""

CREW_WORDS = {
    "прин": "accept",
    "взял": "accept",
    "отказ": "refuse",
    "выех": "go",
    "едем": "go",
    "едут": "go",
    "в пути": "go",
    "на мест": "arrive",
    "прие": "arrive",
    "прибы": "arrive",
    "локал": "contain",
    "перекры": "contain",
    "нет доступ": "no_access",
    "не пуск": "no_access",
    "не открыва": "no_access",
    "выполн": "done",
    "готов": "done",
    "сдела": "done",
    "законч": "done",
}
"""How the words begin that a crew says by radio → the move of its work order (`routes.WORK_ORDER`)."""
SEEN = "see"
"""In the place of a move: nothing is said of the crew, its orders are to be seen."""
_SEEN_FOR = ("где", "что дела", "чем зан", "забра", "забер", "снят", "сним")
"""How the words begin of somebody who looks for what a crew has, perhaps to take it away."""

_CREW = re.compile(
    r"^(?:бр(?:игада)?\.?\s*№?\s*(?P<after>\d{1,3})|(?P<before>\d{1,3})\s*бр(?:игада)?\.?)(?:\s+(?P<said>\S.*))?$"
)
_TICKET = re.compile(
    r"^(?:№\s*(?P<marked>\d[\d ]{0,9})|№?\s*(?P<year>\d{2})-(?P<number>\d[\d ]{0,9})|(?P<bare>\d{1,9}))$"
)
_NAMED = re.compile(r"^заявк\w{1,2}\s*№?\s*(?=\d)", re.IGNORECASE)
"""«заявка 44» is «№ 44»: the number of a ticket and of nothing else."""
_PHONE = re.compile(r"^\+?[\d\s().-]{6,24}$")
_PHONE_AND_WORDS = re.compile(
    r"^(?P<phone>(?!\+[^7])\+?(?:[78][\s(.-]*)?\d{3}(?:[\s().-]*\d){7}"
    r"|\+?[1-9]\d{10,14}|\+[1-9](?:[\s().-]*\d){7,11}\d(?=[\s,;:]+[^\W\d_]))"
    r"[\s,;:]+(?P<words>.*[^\W\d_].*)$"
)
"""A Russian number, or a foreign one in one piece or with its sign."""
SHORTEST, LONGEST = 10, 15
"""Figures of a whole phone (E.164)."""
SHORT = 3
"""A number of fewer figures may be a house or a flat as well as a ticket."""


@dataclass(frozen=True)
class LineIntent:
    """What the text may be. Several may be filled: the first of `kinds` is the likeliest."""

    text: str
    """As understood: the wrong layout put right."""
    kinds: tuple[str, ...]
    """Of: action, crew, ticket, phone, address, words."""
    action: str = ""
    """Code of an action, "pause" of «>пауза обед»; empty when the word is not known."""
    note: str = ""
    """«обед» of «>пауза обед»; the rest of what a crew said."""
    crew: int | None = None
    crew_name: str = ""
    """«сантехники юг» of «сантехники юг на месте», folded: perhaps a crew; empty when a number was said."""
    move: str = ""
    """Code of a move, or `SEEN`; empty when the word is not known."""
    ticket: str = ""
    """"204337" or, with its year, "26-204337"."""
    phone: str = ""
    """Digits only, with a leading + when it was typed."""
    address: ParsedAddress | None = None
    words: str = ""
    """What is left for the classifier and for names."""

    @property
    def kind(self) -> str:
        return self.kinds[0] if self.kinds else ""


def parse_line(text: str) -> LineIntent:
    """What the line may mean; no kinds for an empty one."""
    text = text.strip()
    said = as_russian(text)
    if not said:
        return LineIntent("", ())
    numbers = _NAMED.sub("№ ", said) if _NAMED.match(said) else text
    return _action(text) or _crew(said) or _numbers(numbers) or _called(said) or _words(said)


def _action(text: str) -> LineIntent | None:
    """«>пауза обед». The key of «>» gives «Ю» in the Russian layout, where there is no «>» at all: so
    «Юпауза» is an action too, when enough of its word is there to be no street («Югорская»)."""
    said = as_russian(text[1:].strip())
    word, _, note = said.partition(" ")
    word, least = word.casefold(), 2 if text[0] == ">" else 4
    meant = (code for name, code in ACTIONS.items() if name.startswith(word) or word.startswith(name))
    action = next(meant, "") if len(word) >= least else ""
    if text[0] == ">" or (text[0] in "Юю" and action):
        return LineIntent(f">{said}", ("action",), action=action, note=note.strip())
    return None


def _crew(said: str) -> LineIntent | None:
    """What a crew said. Without a known word it may be a boulevard as well («бр 50 лет Октября 3»)."""
    match = _CREW.match(said.casefold().replace("ё", "е"))
    if match is None:
        return None
    words = match["said"] or ""
    move = _move(words) or (SEEN if not words or words.startswith(_SEEN_FOR) else "")
    other = LineIntent(said, ()) if move or not words else _words(said)
    crew = int(match["after"] or match["before"])
    return replace(other, kinds=("crew", *other.kinds), crew=crew, move=move, note=words)


def _move(said: str) -> str:
    return next((move for word, move in CREW_WORDS.items() if said.startswith(word)), "")


def _called(said: str) -> LineIntent | None:
    """«сантехники юг на месте»: words before what crews say, which may be the name of one; and whatever else the
    text is («кран не открывается»)."""
    words = said.casefold().replace("ё", "е").split()
    for place in range(1, len(words)):
        note = " ".join(words[place:])
        move = _move(note)
        if move:
            name = " ".join(word for word in fold_key(" ".join(words[:place])).split() if word != "бригада")
            other = _words(said)
            kinds = ("crew", *other.kinds) if name else other.kinds
            return replace(other, kinds=kinds, crew_name=name, move=move if name else "", note=note)
    return None


def name_slips(said: str, name: str) -> tuple[tuple[str, str], ...] | None:
    """Does a folded `said` call the crew of this name? The words that were forgiven, with what they stand for: () for
    «юг» and «сантехники юг» of «Сантехники, юг», («сонтехники», «Сантехники») for a slip; None when it does not."""
    known = {fold_key(word): word for word in re.findall(r"\w+", name)}
    slips = []
    for word in said.split():
        if word in known or (len(word) > 2 and any(key.startswith(word) for key in known)):
            continue
        limit = allowed_typos(len(word))
        meant = (
            next((key for key in known if prefix_distance(word, key, limit) <= limit), None)
            if limit
            else None
        )
        if meant is None:
            return None
        slips.append((word, known[meant]))
    return tuple(slips)


def _numbers(text: str) -> LineIntent | None:
    """Figures alone are a ticket, a phone, or either; a whole phone may have words behind it. «#» is the key of «№»
    in the Latin layout."""
    text = text.replace("#", "№", 1)
    if with_words := _PHONE_AND_WORDS.match(text):
        digits, words = re.sub(r"[^\d+]", "", with_words["phone"]), as_russian(with_words["words"])
        return LineIntent(f"{with_words['phone']} {words}", ("phone",), phone=digits, words=words)
    ticket = _ticket(text)
    phone = ""
    if _PHONE.match(text) and not text.startswith("№"):
        digits = re.sub(r"\D", "", text)
        if SHORTEST <= len(digits) <= LONGEST or (ticket and "-" not in text and len(digits) in (6, 7)):
            phone = ("+" if text.startswith("+") else "") + digits
    if len(phone.lstrip("+")) >= SHORTEST:
        return LineIntent(text, ("phone",), phone=phone)
    kinds = tuple(kind for kind, found in (("ticket", ticket), ("phone", phone)) if found)
    if ticket.isdigit() and len(ticket) < SHORT and "№" not in text:
        other = _words(text)
        return replace(other, kinds=(*kinds, *other.kinds), ticket=ticket)
    return LineIntent(text, kinds, ticket=ticket, phone=phone) if kinds else None


def _ticket(text: str) -> str:
    match = _TICKET.match(text)
    if match is None:
        return ""
    if match["year"]:
        return f"{match['year']}-{match['number'].replace(' ', '')}"
    return (match["marked"] or match["bare"]).replace(" ", "")


def _words(said: str) -> LineIntent:
    """An address with what was said behind it; or only words. A street without a house may be
    either, so both are offered and the stock decides."""
    address = parse_address(said)
    if address.number:
        kinds = ("address", "words") if address.rest or address.confidence < 0.7 else ("address",)
        return LineIntent(said, kinds, address=address, words=address.rest)
    if address.street_words:
        kinds = ("address", "words") if address.confidence >= 0.4 else ("words", "address")
        return LineIntent(said, kinds, address=address, words=said)
    return LineIntent(said, ("words",), words=said)
