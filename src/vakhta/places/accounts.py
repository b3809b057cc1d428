"""Flats by the numbers of their personal accounts (лицевой счёт), as somebody types them."""

from __future__ import annotations

import re

from vakhta.domain.layouts import as_russian

from .models import Account

LONGEST = 20
_GAP = re.compile(r"(?<=\d)\s+(?=\d)")
"""Between the figures of a number, as a receipt parts them."""
_NUMBER = re.compile(
    r"^(?:(?:л\s*/?\s*с|лиц\w*\.?(?:\s*сч\w*)?|сч[её]т\w*)\b[.\s]*№?\s*)?(?P<number>[\w/.-]*\d[\w/.-]*)$",
    re.IGNORECASE,
)


def find_accounts(text: str, limit: int = 3) -> list[Account]:
    """The accounts of exactly this number, each with its flat: «900001», «лс 900001», «90 00 01», «Л-17». One query,
    none for what is no number."""
    text = _GAP.sub("", text)
    said = _NUMBER.match(text.strip()) or _NUMBER.match(as_russian(text.strip()))
    if said is None or len(said["number"]) > LONGEST:
        return []
    numbers = {write(said["number"]) for write in (str, str.upper, str.lower)}
    rows = Account.objects.filter(number__in=sorted(numbers)).select_related("premises__building__company")
    return list(rows.order_by("company_id", "number")[:limit])
