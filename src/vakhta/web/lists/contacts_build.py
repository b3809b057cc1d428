"""The list of contacts from its question, and the same as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.finding import STATES, Filter, Found, find
from vakhta.contacts.models import Interaction
from vakhta.domain.permissions import may
from vakhta.kernel.refusal import Invalid, clean
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words, short_name
from vakhta.people.models import Company, Staff
from vakhta.places.queries import proper_address
from vakhta.web import show
from vakhta.web.lists import build
from vakhta.web.lists import screens as s
from vakhta.web.said import local_day
from vakhta.web.screens import Choice, LinkView, PageView, StatusView

NAMES = ("q", "state", "channel", "outcome", "company", "operator", "since", "until")
STATE_TITLES = {
    "waiting": marked("ждут ответа"),
    "taken": marked("у диспетчеров"),
    "ended": marked("завершённые"),
}
PART = 500
COLUMNS = (
    marked("Поступило"), marked("Канал"), marked("Телефон"), marked("Заявитель"), marked("Адрес"), marked("Слова"),
    marked("Диспетчер"), marked("Ответ"), marked("Итог"), marked("Заявка"), marked("Организация"),
)  # fmt: skip


def asked(said: QueryDict, zone: str) -> Filter:
    """Reads the question; what cannot be read is refused with its field and nothing is guessed."""
    since, until = (local_day(said.get(name, ""), name) for name in ("since", "until"))
    if since and until and until < since:
        raise Invalid(_("«По» раньше, чем «С»: поменяйте дни местами."), "until")
    return Filter(
        said=clean(said.get("q", ""), "q", _("Поиск"), limit=200),
        state=build.one_of(said, "state", STATES),
        channel=build.one_of(said, "channel", dict(Interaction.CHANNELS)),
        outcome=build.one_of(said, "outcome", dict(Interaction.OUTCOMES)),
        company=build.a_number(said, "company"),
        operator=build.a_number(said, "operator"),
        since=build.begins(since, zone),
        until=build.begins(until + timedelta(days=1), zone) if until else None,
    )


def query(said: QueryDict, **more: object) -> str:
    kept = {name: said.get(name, "").strip()[:200] for name in NAMES}
    return "?" + urlencode({name: value for name, value in {**kept, **more}.items() if value})


def contacts(page: PageView, said: QueryDict) -> s.ContactList:
    """Six queries at most; an address costs those of its search more."""
    after = build.a_number(said, "after")
    found = find(asked(said, page.zone))
    rows = found.page(build.SHOWN + 1, after)
    shown = rows[: build.SHOWN]
    more = query(said, after=shown[-1].pk) if len(rows) > build.SHOWN else ""
    return s.ContactList(
        **{
            **frame(page, said),
            "rows": tuple(_row(row) for row in shown),
            "read_as": _read_as(found),
            "more_url": more,
            "downloads": tuple(
                LinkView(
                    title=kind.upper(), url=reverse("lists:contacts_download", args=[kind]) + query(said)
                )
                for kind in build.KINDS
            ),
        }  # type: ignore[arg-type]
    )


def frame(page: PageView, said: QueryDict) -> dict[str, object]:
    """The form as it was filled, without rows. Two queries."""
    companies = list(Company.objects.order_by("short_name").values_list("pk", "short_name"))
    values = {name: said.get(name, "").strip()[:200] for name in NAMES}
    return {
        "page": page,
        "rows": (),
        "url": reverse("lists:contacts"),
        "tickets_url": reverse("lists:tickets"),
        "said": values["q"],
        "read_as": "",
        "selects": _selects(values, companies),
        "values": values,
        "is_filtered": any(values.values()),
        "with_company": len(companies) > 1,
    }


def _selects(values: Mapping[str, str], companies: Sequence[tuple[int, str]]) -> tuple[s.Select, ...]:
    operators = (
        Staff.objects.filter(role__in=("operator", "senior")).order_by("name").values_list("pk", "name")
    )
    offered = (
        ("state", _("Состояние"), [(code, _(title)) for code, title in STATE_TITLES.items()]),
        ("channel", _("Как обратились"), [(code, _(name)) for code, name in Interaction.CHANNELS]),
        ("outcome", _("Итог"), [(code, _(name)) for code, name in Interaction.OUTCOMES]),
        ("operator", _("Диспетчер"), [(str(pk), short_name(name)) for pk, name in operators]),
        ("company", _("Организация"), [(str(pk), name) for pk, name in companies if len(companies) > 1]),
    )
    return tuple(
        s.Select(
            name=name,
            label=label,
            options=(
                Choice(value="", title=_("все"), chosen=not values[name]),
                *(Choice(value=value, title=title, chosen=value == values[name]) for value, title in options),
            ),
        )
        for name, label, options in offered
        if options
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
    """All rows, a part at a time: memory does not grow with their number."""
    last: int | None = None
    while part := found.page(PART, last):
        for row in part:
            shown = _row(row)
            yield (
                build.moment(row.received_at, zone),
                str(shown.channel.title),
                shown.phone,
                shown.who,
                shown.where,
                row.description or row.text,
                shown.operator,
                build.moment(row.answered_at, zone),
                str(shown.status.title),
                row.ticket.number if row.ticket else "",
                shown.company,
            )
        last = part[-1].pk
