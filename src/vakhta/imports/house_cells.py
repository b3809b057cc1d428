"""Where a row is: its street, house and flat. A house is taken when all of its cell is understood and never by a part of
it: half a number is another house, and its people would come into strangers' flats."""

from __future__ import annotations

import re

from vakhta.domain.addresses import parse_address, town_key
from vakhta.domain.layouts import LOOKALIKES, as_russian
from vakhta.kernel.refusal import Invalid, clean

from .columns import Wrong

NOTHING = frozenset({"", "-", "–", "—", "0", "нет"})
"""What stands in a cell of a corpus, a letter or a flat that is not there."""

_QUOTES = re.compile(r"[\"'«»„“”]")
_MONTHS = (
    "янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
)
_DAYS = re.compile(
    rf"\d{{1,2}}[.-]\d{{1,2}}[.-]\d{{2,4}}\b.*|\d{{4}}-\d{{1,2}}-\d{{1,2}}\b.*|\d{{1,2}}:\d{{2}}(?::\d{{2}})?"
    rf"|4\d{{4}}(?:[.,]\d+)?|50000|\d{{1,4}}[.\s-]?(?:{_MONTHS})[а-яa-z]*[.\s-]*\d{{0,4}}|(?:{_MONTHS})[а-яa-z]*[.\s-]+\d{{1,4}}",
    re.IGNORECASE | re.DOTALL,
)
"""A day or a time that Excel made of «3/5», «5.3», «10-5»; from 40000 (2009) on as the number that it counts days by."""
_HOUSE = re.compile(
    r"(?P<number>[1-9][0-9]{0,3}(?:/[1-9][0-9]{0,3})?)"
    r"(?:(?:-?|[\s-]+(?![кс])|[\s,]*\bлит(?:ера)?\.?\s*)(?P<letter>[а-я])(?![а-я]|\.?\s*\d))?"
    r"(?P<parts>(?:[\s,]*(?:корпус|корп|к|строение|стр|с)\.?\s*[1-9][0-9]{0,3})*)[\s.,]*"
)
_PART = re.compile(r"(к|с)[а-я]*\.?\s*(\d{1,4})")
_MOST_HOUSE = 20
_BEFORE_FLAT = re.compile(
    r"^(?:(?:квартира|кв|помещение|пом|офис|оф)(?:\b|(?=\d))\.?\s*)?(?:№\s*)?", re.IGNORECASE
)


def place(said: dict[str, str], city: str) -> tuple[str, str, str]:
    """(street, house as it is printed, flat) of a row's cells, by field; `city`: of the row's house. Raises Wrong."""
    flat = _flat(said.get("flat", ""))
    if "address" not in said or said.get("street") or said.get("house"):
        street = short(said.get("street", ""), "street", "Улица", 120, required=True)
        parts = (said.get(name, "") for name in ("house", "corpus", "letter", "structure"))
        return street, house(*parts), flat
    text = short(said.get("address", ""), "address", "Адрес", 250, required=True)
    try:
        return _of_address(text, flat, city)
    except Wrong as wrong:
        raise Wrong(str(wrong), "address") from None


def house(text: str, corpus: str = "", letter: str = "", structure: str = "") -> str:
    """«15 А» → «15А», «12» and corpus «2» → «12 к2», «5» and letter «А» → «5А», «8 стр. 2» → «8 с2». Raises Wrong about
    `house`, `corpus`, `letter` or `structure`."""
    said = short(text, "house", "Дом", 60, required=True)
    _no_day(said, "house", "Дом", "3/5")
    whole = read_house(said)
    if whole is None:
        raise Wrong(
            f"Дом «{said[:40]}» не понят целиком: нужен один номер, «15», «15А», «12/1», «12 к2», «8 стр. 2». "
            "Квартиру, блок и прочее пишите в другие столбцы.",
            "house",
        )
    whole = _with_part(_lettered(whole, letter), "к", corpus, "corpus", "Корпус")
    return _with_part(whole, "с", structure, "structure", "Строение")


def part_of_house(mark: str, text: str) -> str:
    """A cell of a corpus («к») or a structure («с») as it stands behind a house; "" when it says that there is none."""
    if text.casefold() in NOTHING:
        return ""
    return text if re.match(r"[^\W\d_]+\.?\s*\d", text) else f"{mark}{text}"


def _with_part(whole: str, mark: str, text: str, field: str, title: str) -> str:
    said = short(text, field, title, 60)
    part = part_of_house(mark, said)
    if not part:
        return whole
    _no_day(said, field, title, "2")
    both = read_house(f"{whole} {part}") or (whole if f"{mark}{said}" in whole.split() else None)
    if both is None:
        raise Wrong(
            f"{title} «{said[:40]}»: нужен один номер, «2» или «стр. 2». Букву дома пишите в его номер: «12А».",
            field,
        )
    return both


def _lettered(whole: str, letter: str) -> str:
    said = short(letter, "letter", "Литера", 60)
    if said.casefold() in NOTHING:
        return whole
    sign = _QUOTES.sub("", said.translate(LOOKALIKES)).upper()
    number = re.match(r"[\d/]+", whole)
    assert number is not None
    own = whole[number.end() : number.end() + 1].strip()
    if not re.fullmatch("[А-Я]", sign) or own not in ("", sign):
        raise Wrong(
            f"Литера «{said[:40]}» не понята: нужна одна буква дома, «А», та же, что в его номере.", "letter"
        )
    return f"{number[0]}{sign}{whole[number.end() + len(own) :]}"


def read_house(text: str) -> str | None:
    """A house as it is printed; None when something of the text is no part of one."""
    folded = _QUOTES.sub("", text.translate(LOOKALIKES)).casefold().replace("ё", "е")
    bare = re.sub(r"^(?:дом|д)\b\.?\s*", "", folded.strip())
    found = _HOUSE.fullmatch(bare.removeprefix("№").strip())
    if found is None:
        return None
    parts = _PART.findall(found["parts"])
    if len({mark for mark, _ in parts}) < len(parts):
        return None  # «12 к2 к3»
    tail = "".join(f" {mark}{number}" for mark, number in sorted(parts))
    printed = f"{found['number']}{(found['letter'] or '').upper()}{tail}"
    return printed if len(printed) <= _MOST_HOUSE else None


def bare_flat(text: str) -> str:
    """«кв. № 15» → «15»."""
    return _BEFORE_FLAT.sub("", text)


def _flat(text: str) -> str:
    bare = bare_flat(text)
    if bare.casefold() in NOTHING:
        return ""
    _no_day(bare, "flat", "Квартира", "3/5")
    return short(bare, "flat", "Квартира", 12)


def _no_day(text: str, field: str, title: str, sample: str) -> None:
    if _DAYS.fullmatch(text):
        raise Wrong(
            f"{title} «{text[:40]}»: Excel сделал из номера дату или время. Задайте столбцу формат «Текстовый» и "
            f"наберите номер заново, «{sample}».",
            field,
        )


# ── An address in one cell ───────────────────────────────────────────────────────────────────

_APART = re.compile(r"(?<=\d)(?:\s+|-)([а-ик-ю])(?=\s*(?:,|$))", re.IGNORECASE)
"""A letter of a house between a space or a hyphen and a comma, «15 В, кв. 3»; «2-я» and «3-й» are a street's."""
_INDEX = re.compile(r"^\s*\d{6}\b[\s,]*")
_WAYS = re.compile(
    r"\b(?:подъезд|под|п|этаж|эт)\b\.?\s*\d+|\d+(?:-?й)?\s*(?:подъезд|под|этаж|эт)\b\.?", re.IGNORECASE
)
_DAY_WITHIN = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}")
_LETTERS = re.compile(r"(\d-?)?([^\W\d_]+)")
_FLAT_WITHIN = re.compile(r"\b(?:кв|квартира)\b\.?\s*\d", re.IGNORECASE)


def _of_address(text: str, flat: str, city: str) -> tuple[str, str, str]:
    parsed = parse_address(_APART.sub(r"\1", as_russian(_INDEX.sub("", text))))
    if flat and parsed.may_be_corpus:
        parsed = parsed.with_corpus()
    if not parsed.street_words or not parsed.number:
        raise Wrong(
            f"Адрес «{text[:80]}» не читается: нужны улица и дом, «ул. Ленина, 15, кв. 42».", "address"
        )
    left = _WAYS.sub("", parsed.rest)
    is_cut = (
        re.match(r"/|\d+\W*$", left)  # «кв. 3/1»
        if parsed.flat
        else re.search(r"\d", left) or re.match(r"\W*[^\W\d_]\b", left)
    )
    if (
        is_cut
        or _FLAT_WITHIN.search(left)
        or parsed.may_be_corpus
        or _DAY_WITHIN.search(text)
        or (flat and parsed.flat and flat != parsed.flat)
    ):
        raise Wrong(
            f"Адрес «{text[:80]}» не понят целиком: нужны улица, один номер дома и одна квартира, "
            "«ул. Ленина, 15, кв. 42».",
            "address",
        )
    before, _comma, named = parsed.street.rpartition(",")
    said, own = (set(town_key(town).split()) for town in (f"{parsed.town} {before}", city))
    if (before or len(parsed.town) > 1) and not (said <= own or own <= said):
        raise Wrong(
            f"Адрес «{text[:80]}» не понят целиком или не в городе «{city}»: нужны улица, дом и квартира, город — столбцом "
            "«Город».",
            "address",
        )
    kind = f"{parsed.kind}. " if parsed.kind else ""
    words = parse_address(f"{named}, 1").street if before else parsed.street
    street = kind + (_LETTERS.sub(_large, words) if words.islower() or words.isupper() else words)
    structure = f" стр. {parsed.structure}" if parsed.structure else ""
    return (
        short(street, "street", "Улица", 120),
        house(f"{parsed.number}{structure}", parsed.corpus),
        flat or _flat(parsed.flat),
    )


def _large(found: re.Match[str]) -> str:
    """A word of a street that was written all small or all large; the ending of «2-я» is small."""
    figure, word = found.groups()
    if figure:
        return f"{figure}{word.lower()}"
    return word.capitalize() if word.islower() or word.isupper() else word


def short(text: str, field: str, title: str, limit: int, *, required: bool = False) -> str:
    """A cell in one line, of at most so many characters. Raises Wrong."""
    try:
        return " ".join(clean(text, field, title, limit=limit, required=required).split())
    except Invalid as error:
        raise Wrong(error.message, field) from None
