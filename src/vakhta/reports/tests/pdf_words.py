"""What the pages of a printed PDF say: as much of the format as typst writes, and no more."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\nendobj", re.DOTALL)
_PIECE = rb"[^\\()]|\\."
for _depth in range(4):  # brackets in pairs stand in a string as they are
    _PIECE = rb"[^\\()]|\\.|\((?:%s)*\)" % _PIECE
_SET = re.compile(rb"/(f\d+) [\d.]+ Tf|(?<![a-zA-Z])\(((?:%s)*)\)" % _PIECE, re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(made: bytes) -> list[str]:
    """The words of each page, a line for each piece that was set."""
    known = _objects(made)
    kids = _of(next(body for body in known.values() if b"/Type/Pages" in body), rb"/Kids\s*\[(.*?)\]")
    return [_page(known, known[int(pk)]) for pk in re.findall(rb"(\d+) 0 R", kids)]


def _page(known: dict[int, bytes], page: bytes) -> str:
    resources = known[int(_of(page, rb"/Resources (\d+)"))]
    fonts = {
        name: _letters(_stream(known[int(_of(known[int(pk)], rb"/ToUnicode (\d+)"))]))
        for name, pk in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    words, letters = [], {}
    for font, shown in _SET.findall(_stream(known[int(_of(page, rb"/Contents (\d+)"))])):
        if font:
            letters = fonts[font]
            words.append("\n")
        else:
            plain = re.sub(rb"\\([0-7]{3}|.)", _sign, shown, flags=re.DOTALL)
            words += [letters[plain[place : place + 2]] for place in range(0, len(plain), 2)]
    return "".join(words)


def _objects(made: bytes) -> dict[int, bytes]:
    """By number, with those that are packed into a stream."""
    known = {int(number): body for number, body in _OBJECT.findall(made)}
    for body in [body for body in known.values() if b"/ObjStm" in body]:
        inside, first = _stream(body), int(_of(body, rb"/First (\d+)"))
        numbers = [int(each) for each in inside[:first].split()]
        ends = [*numbers[3::2], len(inside)]
        for pk, start, end in zip(numbers[::2], numbers[1::2], ends, strict=True):
            known[pk] = inside[first + start : first + end]
    return known


def _letters(cmap: bytes) -> dict[bytes, str]:
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for code, letter in re.findall(rb"\n<([0-9A-F]{4})> <([0-9A-F]+)>", cmap)
    }


def _sign(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if len(said) == 3 else _SIGNS.get(said, said)


def _of(body: bytes, pattern: bytes) -> bytes:
    found = re.search(pattern, body, re.DOTALL)
    assert found, f"a PDF without {pattern!r}"
    return found[1]


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0])
