"""Which columns a list shows, in which order: chosen in its address, `columns=ticket,phone,flat`.

A *plain* column says one thing; a file has these. A *wide* one of the screen holds several of them in one cell, as
a dispatcher reads them together. Whoever may see a list may see who applied: so may every role that opens its tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from vakhta.kernel.refusal import Invalid
from vakhta.kernel.words import by_language
from vakhta.web.lists import screens as s

Line = TypeVar("Line")


@dataclass(frozen=True)
class Plain(Generic[Line]):
    code: str
    title: str
    text: Callable[[Line], str]


@dataclass(frozen=True)
class Wide:
    code: str
    title: str
    holds: tuple[str, ...]
    """Codes of plain columns, in the order of a file."""


@dataclass(frozen=True)
class Columns(Generic[Line]):
    """All that a list can show. `usual`: what it shows while nobody has chosen."""

    plain: tuple[Plain[Line], ...]
    wide: tuple[Wide, ...]
    usual: tuple[str, ...]

    @property
    def _titles(self) -> dict[str, str]:
        """Wide ones first."""
        return {**{c.code: c.title for c in self.wide}, **{c.code: c.title for c in self.plain}}

    def chosen(self, said: QueryDict) -> tuple[str, ...]:
        """Codes in their order; empty when nobody chose. A code that is none is refused."""
        known = self._titles
        codes = [code for part in said.getlist("columns") for code in part.split(",") if code]
        for code in codes:
            if code not in known:
                words = _("Столбца «%(name)s» нет: выберите столбцы заново.") % {"name": code[:30]}
                raise Invalid(words, "columns")
        return tuple(dict.fromkeys(codes))

    def heads(self, codes: Iterable[str]) -> tuple[s.Head, ...]:
        return tuple(s.Head(code=code, title=_(self._titles[code])) for code in codes)

    def cells(self, codes: Iterable[str], line: Line) -> tuple[s.Cell, ...]:
        """Of a row of the screen; a wide one's words are in its row's view."""
        texts = {column.code: column.text for column in self.plain}
        return tuple(s.Cell(code=code, text=texts[code](line) if code in texts else "") for code in codes)

    def of_file(self, codes: Sequence[str]) -> tuple[Plain[Line], ...]:
        """The plain columns of the chosen ones, each once; all when none are chosen."""
        holds = {column.code: column.holds for column in self.wide}
        order = dict.fromkeys(plain for code in codes for plain in holds.get(code, (code,)))
        known = {column.code: column for column in self.plain}
        return tuple(known[code] for code in order) if codes else self.plain

    @by_language
    def offered(self, codes: tuple[str, ...]) -> tuple[s.ColumnChoice, ...]:
        """The chosen ones in their order, then the others."""
        rest = [code for code in self._titles if code not in codes]
        titles = {column.code: _(column.title).lower() for column in self.plain}
        holds = {c.code: ", ".join(titles[code] for code in c.holds) for c in self.wide}
        return tuple(
            s.ColumnChoice(
                code=head.code, title=head.title, holds=holds.get(head.code, ""), chosen=head.code in codes
            )
            for head in self.heads((*codes, *rest))
        )
