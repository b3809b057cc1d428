"""What every list has in common: how its question is read, its filters, its pages, its rows as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.kernel.refusal import Invalid
from vakhta.people.models import Company
from vakhta.reports import sayings
from vakhta.web.lists import screens as s
from vakhta.web.said import local_day, whole
from vakhta.web.screens import Choice, LinkView, PageView

SHOWN = 50
KINDS = ("xlsx", "csv")
PART = 500
"""Rows that are in memory at once."""
Row = TypeVar("Row", bound=Model)
Companies = Sequence[tuple[int, str]]
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


def days(said: QueryDict, zone: str) -> tuple[datetime | None, datetime | None]:
    """«С» and «по» as the moment of the first day's beginning and that of the day behind the last one."""
    since, until = (local_day(said.get(name, ""), name) for name in ("since", "until"))
    if since and until and until < since:
        raise Invalid(_("«По» раньше, чем «С»: поменяйте дни местами."), "until")
    return _begins(since, zone), _begins(until + timedelta(days=1), zone) if until else None


def _begins(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time.min, ZoneInfo(zone)) if day else None


def _values(said: QueryDict, names: Sequence[str]) -> dict[str, str]:
    return {name: said.get(name, "").strip()[:200] for name in names}


def query(said: QueryDict, names: Sequence[str], **more: object) -> str:
    """The same question as the query of an address, «after» left out."""
    return "?" + urlencode({name: value for name, value in {**_values(said, names), **more}.items() if value})


# ── What is shown ────────────────────────────────────────────────────────────────────────────


def frame(
    page: PageView,
    said: QueryDict,
    names: Sequence[str],
    offers: Callable[[Companies], Offered],
) -> dict[str, Any]:
    """The form as it was filled, without rows. One query and those of `offers`."""
    companies = list(Company.objects.order_by("short_name").values_list("pk", "short_name"))
    values = _values(said, names)
    return {
        "page": page,
        "rows": (),
        "said": values["q"],
        "read_as": "",
        "selects": _selects(values, offers(companies)),
        "values": values,
        "is_filtered": any(values.values()),
        "with_company": len(companies) > 1,
    }


def company_choices(companies: Companies) -> list[tuple[str, str]]:
    """None when there is nothing to choose from."""
    return [(str(pk), name) for pk, name in companies] if len(companies) > 1 else []


def norm_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((code, sayings.norm_title(code)) for code in codes), key=lambda choice: choice[1])


def choices(options: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """«все» and each of the options; none when there is nothing to choose from."""
    every = (("", _("все")), *options) if options else ()
    return tuple(Choice(value=value, title=title, chosen=value == chosen) for value, title in every)


def _selects(values: Mapping[str, str], offered: Offered) -> tuple[s.Select, ...]:
    return tuple(
        s.Select(
            name=name,
            label=label,
            options=choices(options, values[name]),
        )
        for name, label, options in offered
        if options
    )


def page_of(
    found: Pages[Row], after: int | None, said: QueryDict, names: Sequence[str], download: str
) -> tuple[list[Row], dict[str, Any]]:
    """(rows of the page, its links: on to the next one and, by the view's name `download`, to the files)."""
    rows = found.page(SHOWN + 1, after)
    shown = rows[:SHOWN]
    return shown, {
        "more_url": query(said, names, after=shown[-1].pk) if len(rows) > SHOWN else "",
        "downloads": tuple(
            LinkView(title=kind.upper(), url=reverse(download, args=[kind]) + query(said, names))
            for kind in KINDS
        ),
    }


# ── The same as a file ───────────────────────────────────────────────────────────────────────


def in_parts(found: Pages[Row]) -> Iterator[list[Row]]:
    """All rows, a part at a time: memory does not grow with their number."""
    last: int | None = None
    while part := found.page(PART, last):
        yield part
        last = part[-1].pk


def moment(moment: datetime | None, zone: str, *, has_time: bool = True) -> str:
    form = "%d.%m.%Y %H:%M" if has_time else "%d.%m.%Y"
    return moment.astimezone(ZoneInfo(zone)).strftime(form) if moment else ""
