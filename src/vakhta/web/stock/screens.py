"""View-models of the stock's pages: the list of tables that were brought, and one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import Choice, Errors, PageView, StatusView


@dataclass(frozen=True, kw_only=True)
class RunLine:
    name: str
    url: str
    company: str
    at: datetime
    who: str
    status: StatusView
    told: str
    """«24 180 строк, добавлено 24 002, негодных 3»"""


@dataclass(frozen=True, kw_only=True)
class ImportList:
    page: PageView
    post_url: str
    sample_url: str
    companies: tuple[Choice, ...] = ()
    city: str = ""
    rows: tuple[RunLine, ...] = ()
    most_mb: int = 20
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the table: what it is called, what it holds, which field of the stock it is."""

    name: str
    """Of the form's field: «c3»."""
    heading: str
    samples: tuple[str, ...]
    fields: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class BadLine:
    row: int
    column: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    """`state` as of `ImportRun`; what may be done now has its address, what may not has none."""

    page: PageView
    name: str
    company: str
    status: StatusView
    state: str
    url: str
    list_url: str
    is_waiting: bool = False
    """It changes by itself: the page asks for itself each second."""
    is_dry: bool = True
    columns: tuple[Column, ...] = ()
    city: str = ""
    look_url: str = ""
    load_url: str = ""
    stop_url: str = ""
    drop_url: str = ""
    wrong_url: str = ""
    rows: int = 0
    total: int = 0
    """Of the last whole reading; 0 when nobody knows yet."""
    bad_rows: int = 0
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    wrong: tuple[BadLine, ...] = ()
    message: str = ""
    errors: Errors = field(default_factory=dict)
