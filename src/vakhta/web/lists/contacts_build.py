"""The list of contacts from its question, and the same as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.finding import STATES, Filter, Found, find
from vakhta.contacts.models import Interaction
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.kernel.refusal import clean
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words, short_name
from vakhta.people.models import Staff
from vakhta.places.queries import proper_address
from vakhta.web import show
from vakhta.web.lists import parts
from vakhta.web.lists import screens as s
from vakhta.web.screens import PageView, StatusView

NAMES = ("q", "state", "channel", "outcome", "company", "operator", "broken", "since", "until")
BROKEN = [code for code, norm in NORMS.items() if norm.is_clock and norm.channels]
"""Norms that a contact may break."""
STATE_TITLES = {
    "waiting": marked("ждут ответа"),
    "taken": marked("у диспетчеров"),
    "ended": marked("завершённые"),
}
COLUMNS = (
    marked("Поступило"), marked("Канал"), marked("Телефон"), marked("Заявитель"), marked("Адрес"), marked("Слова"),
    marked("Диспетчер"), marked("Ответ"), marked("Итог"), marked("Заявка"), marked("Организация"),
)  # fmt: skip


def asked(said: QueryDict, zone: str) -> Filter:
    """Reads the question; what cannot be read is refused with its field and nothing is guessed."""
    since, until = parts.days(said, zone)
    return Filter(
        said=clean(said.get("q", ""), "q", _("Поиск"), limit=200),
        state=parts.one_of(said, "state", STATES),
        channel=parts.one_of(said, "channel", dict(Interaction.CHANNELS)),
        outcome=parts.one_of(said, "outcome", dict(Interaction.OUTCOMES)),
        company=parts.a_number(said, "company"),
        operator=parts.a_number(said, "operator"),
        broken=parts.one_of(said, "broken", BROKEN),
        since=since,
        until=until,
    )


def contacts(page: PageView, said: QueryDict) -> s.ContactList:
    """Six queries at most; an address costs those of its search more."""
    after = parts.a_number(said, "after")
    found = find(asked(said, page.zone))
    shown, links = parts.page_of(found, after, said, NAMES, "lists:contacts_download")
    rows = tuple(_row(row) for row in shown)
    return s.ContactList(**{**frame(page, said), **links, "rows": rows, "read_as": _read_as(found)})


def frame(page: PageView, said: QueryDict) -> dict[str, Any]:
    """The form as it was filled, without rows. Two queries."""
    return {
        **parts.frame(page, said, NAMES, _offered),
        "url": reverse("lists:contacts"),
        "tickets_url": reverse("lists:tickets"),
    }


def _offered(companies: parts.Companies) -> parts.Offered:
    operators = (
        Staff.objects.filter(role__in=("operator", "senior")).order_by("name").values_list("pk", "name")
    )
    return (
        ("state", _("Состояние"), [(code, _(title)) for code, title in STATE_TITLES.items()]),
        ("channel", _("Как обратились"), [(code, _(name)) for code, name in Interaction.CHANNELS]),
        ("outcome", _("Итог"), [(code, _(name)) for code, name in Interaction.OUTCOMES]),
        ("operator", _("Диспетчер"), [(str(pk), short_name(name)) for pk, name in operators]),
        ("broken", _("Нарушена норма"), parts.norm_choices(BROKEN)),
        ("company", _("Организация"), parts.company_choices(companies)),
    )


def _read_as(found: Found) -> str:
    words = {"": "", "phone": _("по телефону заявителя"), "number": _("по номеру заявки"), "nothing": ""}
    return words[found.read_as] if found.read_as in words else _("по адресу: %s") % found.read_as


def _row(row: Interaction) -> s.ContactRow:
    return s.ContactRow(
        channel=show.channel_view(row),
        received_at=row.received_at,
        who=row.caller or (row.person.name if row.person else ""),
        phone=phone_words(row.phone),
        where=proper_address(row.building, row.premises, row.address),
        words=(row.description or row.text)[:160],
        operator=short_name(row.taken_by.name) if row.taken_by else "",
        answered_at=row.answered_at,
        status=_status(row),
        ticket=show.number_view(row.ticket) if row.ticket else None,
        url=reverse("console:contact", args=[row.pk])
        if row.state != "ended" and may(current_scope().role, "console.see")
        else "",
        company=row.company.short_name,
    )


def _status(row: Interaction) -> StatusView:
    if row.state == "ended":
        tone = "good" if row.outcome == "ticket" else "quiet"
        return StatusView(code=row.outcome, title=_(row.get_outcome_display()), tone=tone)
    title = _("ждёт ответа") if row.state == "queued" else _("у диспетчера")
    return StatusView(code=row.state, title=title, tone="wait" if row.state == "queued" else "busy")


def cells(found: Found, zone: str) -> Iterator[tuple[str, ...]]:
    """All rows, a part at a time."""
    for part in parts.in_parts(found):
        for row in part:
            shown = _row(row)
            yield (
                parts.moment(row.received_at, zone),
                str(shown.channel.title),
                shown.phone,
                shown.who,
                shown.where,
                row.description or row.text,
                shown.operator,
                parts.moment(row.answered_at, zone),
                str(shown.status.title),
                row.ticket.number if row.ticket else "",
                shown.company,
            )
