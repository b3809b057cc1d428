"""Other ways to end a contact that has no ticket, one key each. What asks nothing ends at once and can be undone;
the others open their small form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.domain.classifier import SERVICES
from vakhta.kernel.kept import Param, kept
from vakhta.kernel.words import length_words, number_words, phone_words
from vakhta.people.models import DutyContact
from vakhta.reports.sayings import service_words
from vakhta.tickets.classifier import entries
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.console import screens as c
from vakhta.web.console.found import finds
from vakhta.web.said import whole
from vakhta.web.screens import Choice, Errors


@dataclass(frozen=True)
class Wrong:
    """What was wrong with the form of one ending, and what it said."""

    outcome: str
    errors: Errors
    said: Mapping[str, str]


TO_JOIN = 6
"""Tickets of the house that an addition offers."""


@dataclass(frozen=True)
class Kind:
    """Russian texts of an ending, as the screen's language says them later."""

    outcome: str
    title: str
    key: str
    lead: str
    note: str = marked("Пояснение")
    at_once: bool = False
    choice: str = ""
    find: str = ""
    submit: str = ""


KINDS = (
    Kind(
        "addition",
        marked("Дополнение"),
        key="Alt+A",
        lead=marked("Присоединить обращение к заявке. Скажите, что с ней."),
        note=marked("Что добавил заявитель"),
        choice=marked("К какой заявке"),
        find=marked("Найти: номер, телефон или имя заявителя"),
        submit=marked("Присоединить"),
    ),
    Kind(
        "consultation",
        marked("Консультация"),
        key="Alt+C",
        lead=marked("Ответ дан, заявка не нужна. Одной строкой: о чём спросили."),
        note=marked("О чём"),
        submit=marked("Записать консультацию"),
    ),
    Kind(
        "redirected",
        marked("Перенаправить"),
        key="Alt+R",
        lead=marked("Назовите заявителю телефон службы."),
        choice=marked("Кому"),
        submit=marked("Номер службы назван"),
    ),
    Kind(
        "not_ours",
        marked("Не наш"),
        key="Alt+W",
        lead=marked("Адрес чужой или номер ошибочный."),
        at_once=True,
    ),
    Kind(
        "silence", marked("Тишина"), key="Alt+X", lead=marked("На линии тишина, или это спам."), at_once=True
    ),
    Kind(
        "give_back",
        marked("Вернуть в очередь"),
        key="F8",
        lead=marked("Набранное сохранится, обращение увидят другие диспетчеры."),
        at_once=True,
    ),
)


def of_contact(
    row: Interaction, near: Sequence[Ticket], wrong: Wrong | None, now: datetime
) -> tuple[c.Ending, ...]:
    """The endings of a contact; `near`: tickets of its house. One query."""
    if row.ticket_id:
        return ()
    choices = {"addition": _tickets(row, near, now), "redirected": _services(row)}
    endings = (drawn(kind, _post_url(row, kind.outcome), choices.get(kind.outcome, ())) for kind in KINDS)
    return tuple(
        _refused(ending, wrong) if wrong and wrong.outcome == ending.outcome else ending for ending in endings
    )


def drawn(kind: Kind, post_url: str, choices: tuple[Choice, ...]) -> c.Ending:
    """In the running language."""
    return c.Ending(
        outcome=kind.outcome,
        title=_(kind.title),
        key=kind.key,
        post_url=post_url,
        lead=_(kind.lead),
        at_once=kind.at_once,
        choices=choices,
        choice_title=_(kind.choice) if kind.choice else "",
        find_title=_(kind.find) if kind.find else "",
        note_title=_(kind.note),
        submit=_(kind.submit) if kind.submit else "",
    )


def _refused(ending: c.Ending, wrong: Wrong) -> c.Ending:
    """The form as it was sent, with what was wrong."""
    chosen = wrong.said.get("choice", "")
    return replace(
        ending,
        errors=wrong.errors,
        choices=tuple(replace(choice, chosen=choice.value == chosen) for choice in ending.choices),
        found=finds(wrong.said.get("find", ""), whole(wrong.said.get("seen", ""))),
        note=wrong.said.get("note", ""),
    )


def _post_url(row: Interaction, outcome: str) -> str:
    if outcome == "give_back":
        return reverse("console:give_back", args=[row.pk])
    return reverse("console:end", args=[row.pk, outcome])


def _tickets(row: Interaction, near: Sequence[Ticket], now: datetime) -> tuple[Choice, ...]:
    """Chosen is the only one, or the newest of the caller's own flat: of a neighbour's none, whoever that is."""
    joinable = [ticket for ticket in near if ticket.is_open or ticket.state == "done"][:TO_JOIN]
    own = [ticket for ticket in joinable if row.premises_id and ticket.premises_id == row.premises_id]
    meant = joinable[0] if len(joinable) == 1 else own[0] if own else None
    return tuple(
        Choice(
            value=str(ticket.pk),
            title=f"№ {number_words(ticket.number)} · {show.nature(ticket.classifier)}",
            detail=" · ".join(
                (
                    show.flat_words(ticket),
                    _("%s назад") % length_words((now - ticket.registered_at).total_seconds()),
                    _(ticket.get_state_display()),
                )
            ),
            chosen=ticket is meant,
        )
        for ticket in joinable
    )


DIRECTORY = "duty/"
"""How a choice begins that is a line of the directory and no service of the program."""


def _services(row: Interaction) -> tuple[Choice, ...]:
    """The services with the numbers to tell, as the centre's directory has them; behind them its own services and who is
    on call at the centre and in the contact's company. Chosen is the one that the nature is for, and none before there
    is a nature: `keys.js` follows what is found while typing. One query."""
    known = _directory(centre=row.centre_id, company=row.company_id)
    phones = {each.code: each.phone for each in known if each.code}
    entry = entries().get(row.classifier)
    first = entry.services[0] if entry and entry.services else ""
    return tuple(
        Choice(value=code, title=_(name), detail=phone_words(phones.get(code, "")), chosen=code == first)
        for code, name in SERVICES.items()
    ) + tuple(
        Choice(
            value=f"{DIRECTORY}{each.pk}",
            title=each.name,
            detail=", ".join(filter(None, (phone_words(each.phone), _whose(each), each.note))),
        )
        for each in known
        if each.code not in SERVICES
    )


@kept
def _directory() -> QuerySet[DutyContact]:
    whose = Q(company=Param("centre")) | Q(company=Param("company"), kind="on_call")
    return DutyContact.objects.select_related("company").filter(whose).order_by("-kind", "place", "name")


def _whose(line: DutyContact) -> str:
    return line.company.short_name if line.kind == "on_call" else ""


def told_words(row: Interaction | None, choice: str) -> str:
    """Whose number was told, with the number; "" for no such choice. A person on call is not named: the word stays in
    the journal when the person's has to go."""
    if choice in SERVICES:
        return service_words(choice, row.centre_id if row else None)
    pk = whole(choice.removeprefix(DIRECTORY)) if choice.startswith(DIRECTORY) else None
    line = DutyContact.objects.select_related("company").filter(pk=pk).first() if pk is not None else None
    if line is None or row is None or line.company_id not in (row.centre_id, row.company_id):
        return ""
    name = line.name if line.kind == "service" else _("дежурный, %s") % line.company.short_name
    return ", ".join((name, phone_words(line.phone)))
