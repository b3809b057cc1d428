"""PDF by typst: forms lie in `forms/*.typ` in one house style, words come in as data.

What a resident wrote is never markup: a «#» of theirs stays a «#».
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst

FORMS = Path(__file__).parent / "forms"


def compile_pdf(form: str, data: dict[str, Any]) -> bytes:
    """The form `forms/<form>.typ` filled with `data`; the fonts with Cyrillic are in the wheel."""
    made = typst.compile(
        FORMS / f"{form}.typ",
        root=FORMS,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def qr(text: str) -> str:
    """A QR code as SVG."""
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="svg", xmldecl=False, border=0)
    return image.getvalue().decode()
