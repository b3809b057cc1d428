"""What every list has in common: how its question is read, its filters, its pages, its rows as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.domain.norms import is_of_contract
from vakhta.kernel.kept import kept
from vakhta.kernel.refusal import Invalid
from vakhta.lists.models import SavedView
from vakhta.people.models import Company
from vakhta.reports import sayings, tables
from vakhta.web.lists import saved
from vakhta.web.lists import screens as s
from vakhta.web.lists.columns import Columns
from vakhta.web.said import local_day, whole
from vakhta.web.screens import Choice, LinkView, PageView

SHOWN = 50
KINDS = ("xlsx", "csv")
NONE = "none"
"""As a filter's choice: whatever has none of these."""
PART = 500
"""Rows that are in memory at once."""
Row = TypeVar("Row", bound=Model)
Companies = Sequence[Company]
Offered = Iterable[tuple[str, str, Sequence[tuple[str, str]]]]
"""Filters: name, label, (value, title) of each choice; one without choices is not shown."""


class Pages(Protocol[Row]):
    """What was found, page by page."""

    def page(self, size: int, after: int | None = None) -> list[Row]: ...


# ── What is asked: what cannot be read is refused with its field and nothing is guessed ──────


def one_of(said: QueryDict, name: str, known: Iterable[str]) -> str:
    value = said.get(name, "")
    if value and value not in known:
        raise Invalid(_("Такого нет в списке: выберите из него."), name)
    return value


def a_number(said: QueryDict, name: str) -> int | None:
    value = said.get(name, "")
    found = whole(value)
    if value and found is None:
        raise Invalid(_("Такого нет в списке: выберите из него."), name)
    return found


def number_or_none(said: QueryDict, name: str) -> tuple[int | None, bool]:
    """(the number, are only those asked for that have none)."""
    return (None, True) if said.get(name) == NONE else (a_number(said, name), False)


def or_none(choices: list[tuple[str, str]], title: str) -> list[tuple[str, str]]:
    """The choices and, behind them, «none»; nothing for whoever sees nothing to choose from."""
    return [*choices, (NONE, title)] if choices else []


def days(said: QueryDict, zone: str) -> tuple[datetime | None, datetime | None]:
    """«С» and «по» as the moment of the first day's beginning and that of the day behind the last one."""
    since, until = (local_day(said.get(name, ""), name) for name in ("since", "until"))
    if since and until and until < since:
        raise Invalid(_("«По» раньше, чем «С»: поменяйте дни местами."), "until")
    return _begins(since, zone), _begins(until + timedelta(days=1), zone) if until else None


def _begins(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time.min, ZoneInfo(zone)) if day else None


def values_of(said: QueryDict, names: Sequence[str]) -> dict[str, str]:
    """What the address says under these names, columns joined by commas; the empty ones too."""
    found = {name: said.get(name, "").strip()[:200] for name in names}
    return {**found, "columns": ",".join(filter(None, said.getlist("columns")))[:600]}


def query(said: QueryDict, names: Sequence[str], **more: object) -> str:
    """The same question as the query of an address, «after» left out."""
    return "?" + urlencode({name: value for name, value in {**_all(said, names), **more}.items() if value})


def _all(said: QueryDict, names: Sequence[str]) -> dict[str, str]:
    return {**values_of(said, names), "view": said.get("view", "").strip()[:19]}


def is_oldest_first(said: QueryDict) -> bool:
    return one_of(said, "order", ("oldest",)) == "oldest"


# ── What is shown ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Kind:
    """A list: what its parts are called in addresses, and what it can show."""

    code: str
    """As saved views call it: "tickets"."""
    names: tuple[str, ...]
    """Of the filters, in the address."""
    columns: Columns[Any]
    page: str
    download: str
    """Names of the views."""

    def shown(self, said: QueryDict, with_company: bool) -> tuple[str, ...]:
        """Codes of the columns of the screen."""
        usual = tuple(code for code in self.columns.usual if code != "company" or with_company)
        return self.columns.chosen(said) or usual


def frame(
    page: PageView,
    said: QueryDict,
    kind: Kind,
    views: Sequence[SavedView],
    companies: Companies,
    offered: Offered,
) -> dict[str, Any]:
    """The form as it was filled, without rows; `views`: the saved ones of this list. No queries."""
    values = values_of(said, kind.names)
    kept = {name: value for name, value in _all(said, ()).items() if value}
    offered = [*offered, ("order", _("Порядок"), [("oldest", _("сначала старые"))])]
    selects = _selects(values, offered)
    with_company = len(companies) > 1
    try:
        codes = kind.shown(said, with_company)
    except Invalid:
        codes = kind.shown(QueryDict(), with_company)
    filters = {name: value for name, value in values.items() if value and name != "columns"}
    return {
        "page": page,
        "url": reverse(kind.page),
        "all_url": f"{reverse(kind.page)}?view=0",
        "rows": (),
        "said": values["q"],
        "read_as": "",
        "selects": selects,
        "values": values,
        "kept": kept,
        "asked": {**filters, **({"view": kept["view"]} if "view" in kept else {})},
        "question": query(said, kind.names)[1:],
        "is_filtered": bool(set(filters) - {"order"}),
        "with_company": with_company,
        "heads": kind.columns.heads(codes),
        "columns": kind.columns.offered(codes),
        "gone": tuple(_gone(values, offered, companies)),
        **saved.above(
            said, {**filters, **({"columns": kept["columns"]} if "columns" in kept else {})}, kind.code, views
        ),
    }


def _gone(values: Mapping[str, str], offered: Offered, companies: Companies) -> Iterator[str]:
    """Labels of the filters that ask for what cannot be chosen any more."""
    for name, label, options in offered:
        known = {value for value, _title in options}
        known |= {str(company.pk) for company in companies} if name == "company" else set()
        if values[name] and values[name] not in known:
            yield label


def company_choices(companies: Companies) -> list[tuple[str, str]]:
    """None when there is nothing to choose from."""
    return [(str(company.pk), company.short_name) for company in companies] if len(companies) > 1 else []


@kept
def companies() -> QuerySet[Company]:
    """Whose rows may be seen, by their short names, which alone are read."""
    return Company.objects.only("short_name").order_by("short_name")


def name(rows: Iterable[Any], companies: Companies) -> None:
    """Gives each row its company: as a join the database goes through all companies for each of them."""
    known = {company.pk: company for company in companies}
    for row in rows:
        if row.company_id in known:  # what is lent of another company brings it by itself
            row.company = known[row.company_id]


NORM_IS = {
    "broken": marked("Нарушена норма"),
    "kept": marked("Норма соблюдена"),
    "running": marked("Идёт срок нормы"),
}
"""Filters by the clock of a norm."""


def norm_of(said: QueryDict, name: str, codes: Iterable[str]) -> str:
    """A norm of the list or a term that some contract names."""
    code = said.get(name, "")
    return code if is_of_contract(code) else one_of(said, name, codes)


def norm_filters(
    said: QueryDict, codes: Iterable[str], *first: tuple[str, str]
) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """By the norm that was broken, `first` above all; by one that was kept or runs when the address asks for it."""
    for name, label in NORM_IS.items():
        chosen = said.get(name, "")
        if name == "broken" or chosen:
            known = {*codes, *([chosen] if is_of_contract(chosen) else ())}
            titles = sorted(
                ((code, sayings.norm_title(code)) for code in known), key=lambda choice: choice[1]
            )
            yield name, _(label), [*(first if name == "broken" else ()), *titles]


def choices(options: Sequence[tuple[str, str]], chosen: str, usual: str = "") -> tuple[Choice, ...]:
    """«все», or what is `usual`, and each of the options; none when there is nothing to choose from."""
    every = (("", usual or _("все")), *options) if options else ()
    return tuple(Choice(value=value, title=title, chosen=value == chosen) for value, title in every)


def _selects(values: Mapping[str, str], offered: Offered) -> tuple[s.Select, ...]:
    return tuple(
        s.Select(
            name=name,
            label=label,
            options=choices(options, values[name], _("сначала новые") if name == "order" else ""),
        )
        for name, label, options in offered
        if options
    )


def page_of(
    found: Pages[Row],
    after: int | None,
    said: QueryDict,
    kind: Kind,
    codes: Sequence[str],
    companies: Companies,
) -> tuple[list[Row], dict[str, Any]]:
    """(rows of the page, its links: on to the next one, and to the files with the columns `codes` and with all)."""
    rows = found.page(SHOWN + 1, after)
    shown = rows[:SHOWN]
    name(shown, companies)
    return shown, {
        "more_url": query(said, kind.names, after=shown[-1].pk) if len(rows) > SHOWN else "",
        "downloads": (
            _download(_("Столбцы как на экране"), said, kind, ",".join(codes)),
            _download(_("Все столбцы"), said, kind, ""),
        ),
    }


def _download(title: str, said: QueryDict, kind: Kind, columns: str) -> s.Download:
    asked = query(said, kind.names, columns=columns, view="")
    links = (
        LinkView(title=ending.upper(), url=reverse(kind.download, args=[ending]) + asked) for ending in KINDS
    )
    return s.Download(title=title, links=tuple(links))


def told(frame: Mapping[str, Any]) -> str:
    """What was asked for but the search, in words: «Состояние: открытые; Принята с: 24.11.2026»."""
    chosen = [
        (f.label, next((o.title for o in f.options if o.chosen and o.value), "")) for f in frame["selects"]
    ]
    days = [(_("с"), frame["values"]["since"]), (_("по"), frame["values"]["until"])]
    return "; ".join(f"{label}: {value}" for label, value in (*chosen, *days) if value)


# ── The same as a file ───────────────────────────────────────────────────────────────────────


def in_parts(found: Pages[Row]) -> Iterator[list[Row]]:
    """All rows, a part at a time: memory does not grow with their number."""
    last: int | None = None
    known = companies()
    while part := found.page(PART, last):
        name(part, known)
        yield part
        last = part[-1].pk


def moment(moment: datetime | None, zone: str, *, has_time: bool = True) -> str:
    return tables.moment(moment.astimezone(ZoneInfo(zone)), has_time=has_time) if moment else ""
