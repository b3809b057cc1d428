"""The list of tickets from its question: what is asked, what it shows, the same as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.crews.finding import ANY, STATES, Filter, Found, find
from vakhta.crews.models import Crew
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.kernel.kept import kept
from vakhta.kernel.refusal import clean
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words
from vakhta.lists.models import SavedView
from vakhta.web import show
from vakhta.web.lists import parts
from vakhta.web.lists import screens as s
from vakhta.web.lists.bulk_forms import Wrong, acts
from vakhta.web.lists.columns import Plain
from vakhta.web.lists.ticket_columns import COLUMNS, Line, lines
from vakhta.web.screens import PageView, SeverityView

STATE_TITLES = {
    "open": marked("открытые"),
    "unassigned": marked("не назначенные"),
    "work": marked("в работе"),
    "done": marked("выполненные, ждут ответа"),
    "closed": marked("закрытые"),
    "gone": marked("аннулированные и объединённые"),
}
SEVERITIES = ("emergency", "urgent", "ordinary", "information")
ORIGINS = {"own": marked("принятые здесь"), "old": marked("перенесённые")}
BROKEN = [code for code, norm in NORMS.items() if norm.is_clock and not norm.channels]
"""Norms that a ticket may break."""
KIND = parts.Kind(
    code="tickets",
    names=(
        "q",
        "state",
        "severity",
        "kind",
        "channel",
        "company",
        "crew",
        "house",
        "since",
        "until",
        *parts.NORM_IS,
        "origin",
        "order",
    ),
    columns=COLUMNS,
    page="lists:tickets",
    download="lists:download",
)


# ── What is asked ────────────────────────────────────────────────────────────────────────────


def asked(said: QueryDict, zone: str) -> Filter:
    """Reads the question; what cannot be read is refused with its field and nothing is guessed."""
    since, until = parts.days(said, zone)
    crew, is_without_crew = parts.number_or_none(said, "crew")
    return Filter(
        said=clean(said.get("q", ""), "q", _("Поиск"), limit=200),
        state=parts.one_of(said, "state", STATES),
        severity=parts.one_of(said, "severity", SEVERITIES),
        kind=parts.one_of(said, "kind", ENTRIES),
        channel=parts.one_of(said, "channel", dict(Interaction.CHANNELS)),
        company=parts.a_number(said, "company"),
        crew=crew,
        is_without_crew=is_without_crew,
        is_without_house=bool(parts.one_of(said, "house", (parts.NONE,))),
        since=since,
        until=until,
        broken=parts.norm_of(said, "broken", (ANY, *BROKEN)),
        kept=parts.norm_of(said, "kept", BROKEN),
        running=parts.norm_of(said, "running", BROKEN),
        origin=parts.one_of(said, "origin", ORIGINS),
        is_oldest_first=parts.is_oldest_first(said),
    )


# ── The page ─────────────────────────────────────────────────────────────────────────────────


def tickets(
    page: PageView, said: QueryDict, views: Sequence[SavedView], bulk: Wrong | None = None
) -> s.TicketList:
    """Seven queries at most, whatever is asked and shown (`views`, read before, are the eighth); an address costs those
    of its search more. `bulk`: an act that was refused, whose form is shown as it was sent."""
    after = parts.a_number(said, "after")
    COLUMNS.chosen(said)
    found = find(asked(said, page.zone), page.now)
    companies = parts.companies()
    made = frame(page, said, views, bulk, companies)
    codes = tuple(head.code for head in made["heads"])
    shown, links = parts.page_of(found, after, said, KIND, codes, companies)
    chosen = bulk.chosen if bulk else frozenset()
    rows = tuple(_row(line, codes, page.now, chosen) for line in lines(shown))
    return s.TicketList(**{**made, **links, "rows": rows, "read_as": _read_as(found)})


def frame(
    page: PageView,
    said: QueryDict,
    views: Sequence[SavedView],
    bulk: Wrong | None = None,
    companies: parts.Companies | None = None,
) -> dict[str, Any]:
    """The form as it was filled, without rows. One query, two without `companies`."""
    companies = parts.companies() if companies is None else companies
    crews = _crews()
    role = current_scope().role
    return {
        **parts.frame(page, said, KIND, views, companies, _offered(said, companies, crews)),
        "contacts_url": reverse("lists:contacts") if may(role, "interaction.see") else "",
        "acts": acts(role, crews, bulk),
        "count_url": reverse("lists:count"),
        "print_url": reverse("lists:bulk_print"),
    }


@kept
def _crews() -> QuerySet[Crew, tuple[int, str]]:
    return Crew.objects.filter(is_active=True).values_list("pk", "name")


def _offered(said: QueryDict, companies: parts.Companies, crews: Sequence[tuple[int, str]]) -> parts.Offered:
    return (
        ("state", _("Состояние"), [(code, _(title)) for code, title in STATE_TITLES.items()]),
        ("severity", _("Срочность"), [(code, str(SeverityView(code=code).title)) for code in SEVERITIES]),
        ("kind", _("Неисправность"), _kinds(get_language())),
        ("crew", _("Бригада"), parts.or_none([(str(pk), name) for pk, name in crews], _("без бригады"))),
        ("house", _("Дом"), [(parts.NONE, _("не в фонде"))]),
        ("company", _("Организация"), parts.company_choices(companies)),
        ("channel", _("Как обратились"), [(code, _(name)) for code, name in Interaction.CHANNELS]),
        ("origin", _("Откуда"), [(code, _(title)) for code, title in ORIGINS.items()]),
        *parts.norm_filters(said, BROKEN, (ANY, _("любая"))),
    )


@cache
def _kinds(language: str | None) -> Sequence[tuple[str, str]]:
    """All of the classifier in the words of the running language, which is `language`."""
    kinds = sorted(ENTRIES.values(), key=lambda entry: (entry.place, entry.title))
    return [(entry.code, f"{_(entry.place)} › {show.nature(entry.code)}") for entry in kinds]


def _read_as(found: Found) -> str:
    words = {
        "": "",
        "phone": _("по телефону заявителя"),
        "number": _("по номеру заявки"),
        "words": _("по словам описания, адреса и заявителя"),
    }
    return words.get(found.read_as) or _("по адресу: %s") % found.read_as if found.read_as else ""


def _row(line: Line, codes: Sequence[str], now: datetime, chosen: frozenset[int]) -> s.TicketRow:
    row, nearest = line.row, line.nearest
    return s.TicketRow(
        choice=f"{row.pk}/{row.version}",
        chosen=row.pk in chosen,
        cells=COLUMNS.cells(codes, line),
        number=show.number_view(row),
        registered_at=row.registered_at,
        has_time=row.has_time,
        zone=row.zone,
        severity=show.severity_view(row),
        what=show.nature_of(row),
        words=row.description[:160],
        where=line.where,
        who=line.who,
        phone=phone_words(row.phone),
        status=show.status_view(row),
        crew=line.crew,
        clock=show.clock_view(nearest, now, row.zone) if nearest else None,
        broken=line.broken,
        kept_late=line.kept_late,
        company=row.company.short_name,
    )


# ── The same as a file ───────────────────────────────────────────────────────────────────────


def cells(found: Found, columns: Sequence[Plain[Line]]) -> Iterator[tuple[str, ...]]:
    """All rows, a part at a time."""
    for part in parts.in_parts(found):
        for line in lines(part):
            yield tuple(column.text(line) for column in columns)
