"""The acts on chosen tickets as forms below a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.crews.bulk import VERBS
from vakhta.crews.models import BulkRun
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.domain.permissions import may
from vakhta.web.lists import screens as s
from vakhta.web.screens import Choice, Errors

TITLES = dict(BulkRun.WHATS)


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """How an act is drawn."""

    key: str
    submit: str
    text: str = ""


_WHY_TAKEN = marked("Почему забираете у тех, кто уже работает")
DRAWN = {
    "assign": _Drawn(key="Alt+N", submit=marked("Передать"), text=_WHY_TAKEN),
    "take_back": _Drawn(key="Alt+R", submit=marked("Забрать"), text=_WHY_TAKEN),
    "comment": _Drawn(key="Alt+C", submit=marked("Записать"), text=marked("Комментарий")),
    "pause": _Drawn(key="Alt+P", submit=marked("Приостановить"), text=marked("Пояснение")),
    "void": _Drawn(key="Alt+L", submit=marked("Аннулировать"), text=marked("Причина")),
}


@dataclass(frozen=True)
class Wrong:
    """An act that was refused: its form comes back as it was sent, the chosen tickets chosen."""

    what: str
    said: Mapping[str, str]
    chosen: frozenset[int]
    errors: Errors = field(default_factory=dict)


def acts(role: str, crews: Sequence[tuple[int, str]], wrong: Wrong | None) -> tuple[s.BulkForm, ...]:
    """Those that the role may do."""
    return tuple(_form(code, crews, wrong) for code in DRAWN if may(role, VERBS[code].needs))


def _form(code: str, crews: Sequence[tuple[int, str]], wrong: Wrong | None) -> s.BulkForm:
    drawn = DRAWN[code]
    is_wrong = wrong is not None and wrong.what == code
    said = wrong.said if wrong is not None and is_wrong else {}
    options: dict[str, tuple[str, str, Sequence[tuple[str, str]]]] = {
        "assign": ("crew", _("Бригада"), [(str(pk), name) for pk, name in crews]),
        "pause": ("why", _("Почему срок стоит"), [(why, _(title)) for why, title in PAUSE_REASONS.items()]),
    }
    name, title, choices = options.get(code, ("", "", ()))
    chosen = said.get(name, "")
    return s.BulkForm(
        code=code,
        title=_(TITLES[code]),
        url=reverse(f"lists:bulk_{code}"),
        key=drawn.key,
        choice_name=name,
        choice_title=title,
        choices=tuple(Choice(value=value, title=words, chosen=value == chosen) for value, words in choices),
        text_title=_(drawn.text) if drawn.text else "",
        text=said.get(f"{code}-text", ""),
        until_title=_("До какого времени: тогда срок пойдёт сам") if code == "pause" else "",
        until=said.get("until", ""),
        submit=_(drawn.submit),
        errors=wrong.errors if wrong is not None and is_wrong else {},
    )
