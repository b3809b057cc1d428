"""View-models of the page of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from vakhta.web.screens import Choice, Errors, LinkView, PageView


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A number; `url` opens the list of what it counts, "" when there is nothing to list."""

    text: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    title: str
    cells: tuple[Cell, ...]
    day: date | None = None
    """Of a row by day: a file says it with its year."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Columns under one heading: «Обращения», «Заявки»."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NormLine:
    title: str
    basis: str
    """«ПП 416, п. 13»"""
    cells: tuple[Cell, ...]
    reasons: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day of the plot, as SVG writes numbers: from the left and the top, all tickets and those with a broken
    norm. `title`: what it says to a pointer and to a screen reader."""

    x: str
    middle: str
    width: str
    top: str
    height: str
    broken_top: str
    broken: str
    title: str
    label: str = ""
    """Below some of the bars: their day."""


@dataclass(frozen=True, kw_only=True)
class Plot:
    width: int
    height: int
    bars: tuple[Bar, ...]
    most: int
    """What the whole height stands for."""


@dataclass(frozen=True, kw_only=True)
class Beam:
    """One row of a plot of rows: so many, and so many of them with a broken norm; widths as SVG writes them, of 100."""

    title: str
    all: int
    broken: int
    width: str
    broken_width: str


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The plot of whatever is no day: the busiest rows of the table."""

    words: str
    beams: tuple[Beam, ...]


@dataclass(frozen=True, kw_only=True)
class Indicators:
    page: PageView
    url: str
    by: tuple[Choice, ...]
    companies: tuple[Choice, ...]
    values: Mapping[str, str]
    old: tuple[Choice, ...] = ()
    """Whether tickets of old journals are counted; none where there are no such."""
    head: str = ""
    """What a row is: «День», «Организация»."""
    groups: tuple[Group, ...] = ()
    lines: tuple[Line, ...] = ()
    total: Line | None = None
    note: str = ""
    """That there are more rows, and where all of them are."""
    norms_head: tuple[str, ...] = ()
    norms: tuple[NormLine, ...] = ()
    plot: Plot | None = None
    rows: Rows | None = None
    staffing_url: str = ""
    periods: tuple[LinkView, ...] = ()
    downloads: tuple[LinkView, ...] = ()
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HourLine:
    """«09–10», calls in it, load in erlangs, operators, the part that they answer in time."""

    title: str
    calls: str
    load: str
    operators: int
    kept: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A bar of the plot of operators, as SVG writes numbers."""

    x: str
    middle: str
    top: str
    width: str
    height: str
    operators: int
    title: str
    label: str


@dataclass(frozen=True, kw_only=True)
class StaffingPage:
    page: PageView
    url: str
    indicators_url: str
    values: Mapping[str, str]
    """What was typed: accounts, minutes, level."""
    said: str = ""
    """The answer in one sentence."""
    basis: str = ""
    """What it is reckoned from."""
    hours: tuple[HourLine, ...] = ()
    desks: tuple[Desk, ...] = ()
    width: int = 0
    height: int = 0
    errors: Errors = field(default_factory=dict)
