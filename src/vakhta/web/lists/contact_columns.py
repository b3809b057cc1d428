"""What a list of contacts can show of a contact."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.kernel.words import phone_words, short_name
from vakhta.places.queries import proper_address
from vakhta.web import show
from vakhta.web.lists import parts
from vakhta.web.lists.columns import Columns, Plain, Wide
from vakhta.web.screens import StatusView


@dataclass(frozen=True)
class Line:
    """A contact, its moments told in `zone`."""

    row: Interaction
    zone: str

    @property
    def who(self) -> str:
        return self.row.caller or (self.row.person.name if self.row.person else "")

    @property
    def where(self) -> str:
        return proper_address(self.row.building, self.row.premises, self.row.address)

    @property
    def words(self) -> str:
        return self.row.description or self.row.text

    @property
    def operator(self) -> str:
        return short_name(self.row.taken_by.name) if self.row.taken_by else ""

    @property
    def status(self) -> StatusView:
        """How it ended, or where it is."""
        row = self.row
        if row.state == "ended":
            tone = "good" if row.outcome == "ticket" else "quiet"
            return StatusView(code=row.outcome, title=_(row.get_outcome_display()), tone=tone)
        title = _("ждёт ответа") if row.state == "queued" else _("у диспетчера")
        return StatusView(code=row.state, title=title, tone="wait" if row.state == "queued" else "busy")


COLUMNS: Columns[Line] = Columns(
    plain=(
        Plain("received", marked("Поступило"), lambda line: parts.moment(line.row.received_at, line.zone)),
        Plain("channel", marked("Канал"), lambda line: str(show.channel_view(line.row).title)),
        Plain("phone", marked("Телефон"), lambda line: phone_words(line.row.phone)),
        Plain("caller", marked("Заявитель"), lambda line: line.who),
        Plain("address", marked("Адрес"), lambda line: line.where),
        Plain("words", marked("Слова"), lambda line: line.words),
        Plain("operator", marked("Диспетчер"), lambda line: line.operator),
        Plain("answered", marked("Ответ"), lambda line: parts.moment(line.row.answered_at, line.zone)),
        Plain("outcome", marked("Итог"), lambda line: str(line.status.title)),
        Plain("ticket", marked("Заявка"), lambda line: line.row.ticket.number if line.row.ticket else ""),
        Plain("company", marked("Организация"), lambda line: str(line.row.company.short_name)),
        Plain("flat", marked("Квартира"), lambda line: line.row.premises.number if line.row.premises else ""),
        Plain("email", marked("Почта"), lambda line: str(line.row.email)),
        Plain("ended", marked("Завершено"), lambda line: parts.moment(line.row.ended_at, line.zone)),
    ),
    wide=(
        Wide("came", marked("Поступило"), ("received", "channel")),
        Wide("who", marked("Кто и откуда"), ("address", "caller", "phone")),
        Wide("about", marked("О чём"), ("words",)),
        Wide("result", marked("Итог"), ("outcome", "ticket")),
        Wide("by", marked("Диспетчер"), ("operator", "answered")),
    ),
    usual=("came", "who", "about", "result", "by", "company"),
)  # fmt: skip
