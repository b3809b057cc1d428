"""The list of contacts from its question, and the same as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.finding import STATES, Filter, Found, find
from vakhta.contacts.models import Interaction
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.kernel.kept import kept
from vakhta.kernel.refusal import clean
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words, short_name
from vakhta.lists.models import SavedView
from vakhta.people.models import Staff
from vakhta.web import show
from vakhta.web.lists import parts
from vakhta.web.lists import screens as s
from vakhta.web.lists.columns import Plain
from vakhta.web.lists.contact_columns import COLUMNS, Line
from vakhta.web.screens import PageView

KIND = parts.Kind(
    code="contacts",
    names=(
        "q",
        "state",
        "channel",
        "outcome",
        "company",
        "operator",
        "house",
        *parts.NORM_IS,
        "since",
        "until",
        "order",
    ),
    columns=COLUMNS,
    page="lists:contacts",
    download="lists:contacts_download",
)
BROKEN = [code for code, norm in NORMS.items() if norm.is_clock and norm.channels]
"""Norms that a contact may break."""
STATE_TITLES = {
    "waiting": marked("ждут ответа"),
    "taken": marked("у диспетчеров"),
    "ended": marked("завершённые"),
}


def asked(said: QueryDict, zone: str) -> Filter:
    """Reads the question; what cannot be read is refused with its field and nothing is guessed."""
    since, until = parts.days(said, zone)
    operator, is_without_operator = parts.number_or_none(said, "operator")
    return Filter(
        said=clean(said.get("q", ""), "q", _("Поиск"), limit=200),
        state=parts.one_of(said, "state", STATES),
        channel=parts.one_of(said, "channel", dict(Interaction.CHANNELS)),
        outcome=parts.one_of(said, "outcome", dict(Interaction.OUTCOMES)),
        company=parts.a_number(said, "company"),
        operator=operator,
        is_without_operator=is_without_operator,
        is_without_house=bool(parts.one_of(said, "house", (parts.NONE,))),
        broken=parts.one_of(said, "broken", BROKEN),
        kept=parts.one_of(said, "kept", BROKEN),
        running=parts.one_of(said, "running", BROKEN),
        since=since,
        until=until,
        is_oldest_first=parts.is_oldest_first(said),
    )


def contacts(page: PageView, said: QueryDict, views: Sequence[SavedView]) -> s.ContactList:
    """Seven queries at most (`views`, read before, are the eighth); an address and words cost those of their search more."""
    after = parts.a_number(said, "after")
    COLUMNS.chosen(said)
    found = find(asked(said, page.zone))
    companies = parts.companies()
    made = frame(page, said, views, companies)
    codes = tuple(head.code for head in made["heads"])
    shown, links = parts.page_of(found, after, said, KIND, codes, companies)
    rows = tuple(_row(Line(row, page.zone), codes) for row in shown)
    return s.ContactList(**{**made, **links, "rows": rows, "read_as": _read_as(found)})


def frame(
    page: PageView, said: QueryDict, views: Sequence[SavedView], companies: parts.Companies | None = None
) -> dict[str, Any]:
    """The form as it was filled, without rows. One query, two without `companies`."""
    companies = parts.companies() if companies is None else companies
    return {
        **parts.frame(page, said, KIND, views, companies, _offered(said, companies)),
        "tickets_url": reverse("lists:tickets"),
    }


def _offered(said: QueryDict, companies: parts.Companies) -> parts.Offered:
    return (
        ("state", _("Состояние"), [(code, _(title)) for code, title in STATE_TITLES.items()]),
        ("channel", _("Как обратились"), [(code, _(name)) for code, name in Interaction.CHANNELS]),
        ("outcome", _("Итог"), [(code, _(name)) for code, name in Interaction.OUTCOMES]),
        (
            "operator",
            _("Диспетчер"),
            parts.or_none([(str(pk), short_name(name)) for pk, name in _operators()], _("никто не принял")),
        ),
        ("house", _("Дом"), [(parts.NONE, _("не в фонде"))]),
        *parts.norm_filters(said, BROKEN),
        ("company", _("Организация"), parts.company_choices(companies)),
    )


@kept
def _operators() -> QuerySet[Staff, tuple[int, str]]:
    at_desk = Staff.objects.filter(role__in=("operator", "senior"))
    return at_desk.order_by("name").values_list("pk", "name")


def _read_as(found: Found) -> str:
    words = {
        "": "",
        "phone": _("по телефону заявителя"),
        "number": _("по номеру заявки"),
        "words": _("по словам описания, адреса и заявителя"),
    }
    return words[found.read_as] if found.read_as in words else _("по адресу: %s") % found.read_as


def _row(line: Line, codes: Sequence[str]) -> s.ContactRow:
    row = line.row
    return s.ContactRow(
        cells=COLUMNS.cells(codes, line),
        channel=show.channel_view(row),
        received_at=row.received_at,
        who=line.who,
        phone=phone_words(row.phone),
        where=line.where,
        words=line.words[:160],
        operator=line.operator,
        answered_at=row.answered_at,
        status=line.status,
        ticket=show.number_view(row.ticket) if row.ticket else None,
        url=reverse("console:contact", args=[row.pk])
        if row.state != "ended" and may(current_scope().role, "console.see")
        else "",
        company=row.company.short_name,
    )


def cells(found: Found, zone: str, columns: Sequence[Plain[Line]]) -> Iterator[tuple[str, ...]]:
    """All rows, a part at a time."""
    for part in parts.in_parts(found):
        for row in part:
            yield tuple(column.text(Line(row, zone)) for column in columns)
