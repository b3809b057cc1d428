"""Forms of the office's pages, and what becomes of one that was refused: it is drawn as it was filled, and where
somebody else was faster, what is there now stands beside each field that differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vakhta.kernel.refusal import Refused
from vakhta.kernel.seen import FIELD
from vakhta.web import pages
from vakhta.web.screens import Choice, Errors
from vakhta.web.stock.screens import Field, Form, Tick

Made = TypeVar("Made")


@dataclass(frozen=True)
class Said:
    """The form of a page that was refused: which one, what was typed, why."""

    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    error: Refused | None = None

    def of(self, form: str) -> Said:
        """This refusal, when it is of that form; nothing otherwise."""
        return self if self.form == form else NOTHING


NOTHING = Said()


def drawn(said: Said, form: Form) -> Form:
    """The form of the rows, or as it was filled."""
    if said.error is None:
        return form
    is_late = said.error.field == FIELD
    fields = tuple(_filled(each, said.typed, is_late) for each in form.fields)
    ticks = tuple(replace(tick, is_on=said.typed.get(tick.name) == "yes") for tick in form.ticks)
    return replace(
        form, fields=fields, ticks=ticks, errors=errors(said.error, {each.name for each in fields})
    )


def errors(error: Refused, names: set[str]) -> Errors:
    """Beside its field, or above the form that has no such field."""
    return {error.field if error.field in names else "": error.message}


def _filled(each: Field, typed: Mapping[str, str], is_late: bool) -> Field:
    value = typed.get(each.name, "")
    if each.options:
        now = next((option for option in each.options if option.chosen), None)
        options = tuple(replace(option, chosen=option.value == value) for option in each.options)
        differs = is_late and now is not None and now.value != value
        return replace(each, options=options, hint=_now(now.title) if differs and now else each.hint)
    hint = _now(each.value) if is_late and value.strip() != each.value else each.hint
    return replace(each, value=value, hint=hint)


def _now(value: str) -> str:
    return _("Сейчас записано: %s") % (value or _("пусто"))


def options(offered: Sequence[tuple[str, str]], chosen: str = "", empty: str = "") -> tuple[Choice, ...]:
    first = (Choice(value="", title=empty, chosen=not chosen),) if empty else ()
    return (*first, *(Choice(value=value, title=title, chosen=value == chosen) for value, title in offered))


def text(name: str, title: str, value: str = "", **more: Any) -> Field:
    return Field(name=name, title=title, value=value, **more)


def answered(
    request: HttpRequest, form: str, act: Callable[[], Made], to: Callable[[Made], str], page: Callable[[Said], HttpResponse]
) -> HttpResponse:  # fmt: skip
    """Acts and goes on to a page, of what was made; what was refused stands on its page again, with its words."""
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    return pages.answered(request, act, to, lambda error: page(Said(form, typed, error)))


__all__ = ["NOTHING", "Field", "Form", "Said", "Tick", "answered", "drawn", "errors", "options", "text"]
