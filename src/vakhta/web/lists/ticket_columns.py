"""What a list of tickets can show of a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.crews.models import Crew, WorkOrder
from vakhta.kernel.kept import Param, kept
from vakhta.kernel.words import phone_words
from vakhta.people.models import Staff
from vakhta.places.queries import proper_address
from vakhta.reports import sayings, tables
from vakhta.tickets import queries
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import show
from vakhta.web.lists import parts
from vakhta.web.lists.columns import Columns, Plain, Wide
from vakhta.web.screens import SeverityView


@dataclass(frozen=True)
class Line:
    """A ticket with what stands in other tables: its clocks, and whose its last order is."""

    row: Ticket
    clocks: Sequence[Clock]
    crew: str
    """The crew's name or that of the technician who has it alone; "" without an order."""

    @property
    def nearest(self) -> Clock | None:
        return queries.nearest(list(self.clocks)) if self.row.is_open else None

    @property
    def who(self) -> str:
        return self.row.applicant or (self.row.person.name if self.row.person else "")

    @property
    def where(self) -> str:
        return proper_address(self.row.building, self.row.premises, self.row.address)

    @property
    def broken(self) -> str:
        return _titles(c for c in self._breached if not c.is_recorded_late)

    @property
    def kept_late(self) -> str:
        """What was kept in truth, though its breach had been written before anybody entered so."""
        return _titles(c for c in self._breached if c.is_recorded_late)

    @property
    def _breached(self) -> list[Clock]:
        return [c for c in self.clocks if c.breached_at is not None]

    @property
    def due(self) -> str:
        """The moment alone: a table sorts and subtracts it."""
        return parts.moment(self.nearest.due_at, self.row.zone) if self.nearest else ""

    @property
    def norm(self) -> str:
        return sayings.norm_title(self.nearest.norm) if self.nearest else ""


def lines(tickets: Sequence[Ticket]) -> Iterator[Line]:
    """Two queries, none without tickets."""
    clocks = queries.listed_clocks(tickets) if tickets else {}
    performers = dict(_performers(tickets=[row.pk for row in tickets])) if tickets else {}
    return (Line(row, clocks[row.pk], performers.get(row.pk, "")) for row in tickets)


def _titles(clocks: Iterable[Clock]) -> str:
    return ", ".join(sayings.norm_title(c.norm) for c in clocks)


@kept
def _performers() -> QuerySet[WorkOrder, tuple[int, str]]:
    """(ticket, whose its order is) of orders that were neither refused nor withdrawn, the last one last. The names are
    looked up one by one: joined, the database goes through all crews and all staff for each order."""
    crew = Crew.objects.filter(pk=OuterRef("crew")).values("name")
    alone = Staff.objects.filter(pk=OuterRef("assignee")).values("name")
    rows = WorkOrder.objects.filter(ticket__among=Param("tickets"))
    rows = rows.exclude(state__in=("refused", "withdrawn")).order_by("pk")
    found: QuerySet[WorkOrder, tuple[int, str]] = rows.values_list(
        "ticket_id", Coalesce(Subquery(crew), Subquery(alone), Value(""))
    )
    return found


def _channel(line: Line) -> str:
    return _(dict(Interaction.CHANNELS).get(line.row.channel, line.row.channel))


def _broken(line: Line) -> str:
    kept = _("%s (в срок, внесено позже)") % line.kept_late if line.kept_late else ""
    return ", ".join(filter(None, (line.broken, kept)))


def _severity(line: Line) -> str:
    """Nobody chose one of a ticket that was carried over."""
    return "" if line.row.is_old else str(SeverityView(code=line.row.severity).title)


COLUMNS: Columns[Line] = Columns(
    plain=(
        Plain("number", marked("Номер"), lambda line: str(line.row.said_number)),
        Plain("registered", marked("Принята"), lambda line: parts.moment(line.row.registered_at, line.row.zone, has_time=line.row.has_time)),
        Plain("severity", marked("Срочность"), _severity),
        Plain("nature", marked("Неисправность"), lambda line: show.nature_of(line.row)),
        Plain("words", marked("Слова"), lambda line: str(line.row.description)),
        Plain("address", marked("Адрес"), lambda line: line.where),
        Plain("applicant", marked("Заявитель"), lambda line: line.who),
        Plain("phone", marked("Телефон"), lambda line: phone_words(line.row.phone)),
        Plain("state", marked("Состояние"), lambda line: _(line.row.get_state_display())),
        Plain("crew", marked("Исполнитель"), lambda line: line.crew),
        Plain("broken", marked("Нарушены нормы"), _broken),
        Plain("done", marked("Выполнена"), lambda line: parts.moment(line.row.done_at, line.row.zone, has_time=not line.row.is_old)),
        Plain("rating", marked("Оценка"), lambda line: tables.number(line.row.rating) if line.row.rating else ""),
        Plain("company", marked("Организация"), lambda line: str(line.row.company.short_name)),
        Plain("channel", marked("Канал"), _channel),
        Plain("flat", marked("Квартира"), lambda line: line.row.premises.number if line.row.premises else ""),
        Plain(
            "entrance",
            marked("Подъезд"),
            lambda line: str((line.row.premises.entrance if line.row.premises else None) or ""),
        ),
        Plain("email", marked("Почта"), lambda line: str(line.row.email)),
        Plain("due", marked("Срок по норме"), lambda line: line.due),
        Plain("norm", marked("Норма"), lambda line: line.norm),
        Plain("damaged", marked("Повреждение"), lambda line: parts.moment(line.row.damage_at, line.row.zone)),
        Plain("closed", marked("Закрыта"), lambda line: parts.moment(line.row.closed_at, line.row.zone)),
        Plain("journal", marked("Прежний журнал"), lambda line: line.row.old_journal.name if line.row.old_journal else ""),
    ),
    wide=(
        Wide("ticket", marked("Заявка"), ("number", "registered")),
        Wide("what", marked("Что случилось"), ("severity", "nature", "words")),
        Wide("where", marked("Где и кто"), ("address", "applicant", "phone")),
        Wide("stands", marked("Стоит"), ("state", "crew")),
        Wide("term", marked("Срок"), ("due", "norm", "broken")),
    ),
    usual=("ticket", "what", "where", "stands", "term", "company"),
)  # fmt: skip
