"""PDF by typst: forms lie in `forms/*.typ` in one house style, words come in as data.

What a resident wrote is never markup: a «#» of theirs stays a «#».
"""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

FORMS = Path(__file__).parent / "forms"
LONG = 16 * 1024
"""Letters of data behind which the compiler is made to forget."""
REMEMBERED = 10
"""Compilations that typst keeps what it has reckoned for: of the long tables of a year that is hundreds of MB, for ever."""


@cache
def _fonts() -> typst.Fonts:
    """Those of the wheel alone, read once: a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def compile_pdf(form: str, data: dict[str, Any]) -> bytes:
    """The form `forms/<form>.typ` filled with `data`; the fonts with Cyrillic are in the wheel."""
    said = json.dumps(data, ensure_ascii=False)
    made = typst.compile(
        FORMS / f"{form}.typ", root=FORMS, format="pdf", sys_inputs={"data": said}, font_paths=_fonts()
    )
    assert isinstance(made, bytes)
    if len(said) > LONG:
        for _empty in range(REMEMBERED + 1):
            typst.compile(b"", format="pdf", font_paths=_fonts())
    return made


def qr(text: str) -> str:
    """A QR code as SVG."""
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="svg", xmldecl=False, border=0)
    return image.getvalue().decode()
