"""The console's view-models: one screen of queue, card, step and nine marks (looks.md, «The console»).

Each dataclass is one fragment with one template of the same name in `templates/console/`; the view
fills it from queries and renders it. How fragments meet on the screen: `templates/console/console.html`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from vakhta.web.saying import Saying
from vakhta.web.screens import (
    AddressView,
    ChannelView,
    Choice,
    ClockView,
    Conflict,
    Errors,
    Found,
    LinkView,
    NoticeLine,
    PageView,
    PersonView,
    PhoneView,
    SeverityView,
    StatusView,
    TicketNumber,
    Toast,
)

STEP_TITLES = {
    1: _("Ответ"),
    2: _("Причина и характер"),
    3: _("Номер заявки"),
    4: _("План действий"),
    5: _("Другие службы"),
    6: _("Сроки сообщены"),
    7: _("Допуск"),
    8: _("На исполнение"),
    9: _("Журнал"),
}

# ── Top bar and the line ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ChannelState:
    channel: ChannelView
    ok: bool = True
    word: str = ""
    """«почта молчит 12 мин» when not ok."""
    about: str = ""
    """What waits meanwhile, as its title says it."""


@dataclass(frozen=True, kw_only=True)
class Top:
    centre: str
    shift: str
    """«смена 08–20», «смена сдана», «вне графика»"""
    watch: str = ""
    """Who is on and who is next, as the shift's title says it."""
    handover_url: str = ""
    handover_waits: bool = False
    """Somebody has signed their shift over and waits for a taker."""
    person: PersonView
    ready: bool
    ready_url: str
    """POST flips ready/pause; answers with this top bar."""
    pause: str = ""
    """«обед»: why there is a pause."""
    line_url: str
    """GET ?q= answers with `console/line.html` for `LineAnswer`."""
    channels: tuple[ChannelState, ...] = ()
    nav: tuple[LinkView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LineResult:
    """One thing that the line understood. Enter on it does what `does` says and nothing else."""

    kind: str
    """address, person, phone, ticket, classifier, action, search"""
    title: str
    does: str
    """«Открыть карточку: ул. Ленина, 15, кв. 42»"""
    url: str
    method: str = "get"
    """get and post put the answer into the work area, act acts and leaves the work as it is, go leads to
    another page."""
    detail: str = ""
    forgiven: str = ""
    """What was read into it: «линина → Ленина», «раскладка: ktybyf → ленина»."""
    doubt: str = ""
    """What of the said is not there: «Заявки с номером 1 204 330 нет.»"""
    number: TicketNumber | None = None
    clock: ClockView | None = None

    KINDS: ClassVar[Mapping[str, tuple[object, str]]] = {
        "address": (_("адрес"), "map-pin"),
        "person": (_("человек"), "user"),
        "phone": (_("телефон"), "phone"),
        "ticket": (_("заявка"), "clipboard-list"),
        "classifier": (_("неисправность"), "wrench"),
        "action": (_("действие"), "chevron-right"),
        "search": (_("поиск"), "search"),
    }

    @property
    def kind_title(self) -> str:
        return str(self.KINDS[self.kind][0])

    @property
    def icon(self) -> str:
        return self.KINDS[self.kind][1]


@dataclass(frozen=True, kw_only=True)
class LineAnswer:
    query: str
    results: tuple[LineResult, ...] = ()
    more: int = 0
    """Results that there is no room for."""
    hint: str = ""
    """When nothing was found: what may be typed here."""


# ── Left: the queue and what is threatened ───────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A row of the left column: of a long address the street is cut, never the house and the flat behind it."""

    title: str
    """Where or who: the address, else the person, else the number."""

    @property
    def street(self) -> str:
        """«ул. Ленина,»; empty of what is no address."""
        street, comma, _house = self.title.partition(", ")
        return street + "," if comma else ""

    @property
    def house(self) -> str:
        """«15, кв. 42»"""
        return self.title.partition(", ")[2]


@dataclass(frozen=True, kw_only=True)
class QueueRow(Placed):
    id: int
    channel: ChannelView
    clock: ClockView
    detail: str = ""
    """First words of a message, or who calls."""
    emergency: bool = False
    repeated: int = 0
    """How many times this caller has tried before."""
    taken_by: str = ""
    mine: bool = False
    take_url: str = ""
    """POST takes it out of the queue."""
    open_url: str = ""
    """GET opens it: somebody has it already."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    rows: tuple[QueueRow, ...]
    total: int
    url: str
    """GET answers with this fragment; asked again when the journal speaks of a contact."""
    take_next_url: str
    new_call_url: str
    """POST opens a typed call (F4)."""
    mine: tuple[QueueRow, ...] = ()
    """Contacts that this operator has open, the current one first."""
    others: tuple[QueueRow, ...] = ()
    """Contacts that others have open: a senior may take one over."""

    @property
    def hidden(self) -> int:
        return max(0, self.total - len(self.rows))


@dataclass(frozen=True, kw_only=True)
class ThreatRow(Placed):
    number: TicketNumber
    clock: ClockView
    severity: SeverityView
    status: StatusView | None = None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class AskedRow:
    """A ticket with which nothing goes on until the dispatcher speaks."""

    number: TicketNumber
    what: str
    """«Вопрос диспетчеру», «Нет доступа», «Отказ», «Заявитель вернул заявку»"""
    words: str
    """The crew's question; why the applicant returned it."""
    title: str
    who: str
    url: str


@dataclass(frozen=True, kw_only=True)
class OverdueOutage:
    """An outage whose term is over and that nobody has ended."""

    title: str
    """«ХВС, Заречинский водоканал»"""
    detail: str
    """«обещали включить 18:00, 24 ноября, вт»"""
    over: str
    """«3 ч 12 мин»"""


@dataclass(frozen=True, kw_only=True)
class Threatened:
    rows: tuple[ThreatRow, ...]
    """What can still be kept, by what breaches next; then what is late, the newest breach first."""
    total: int
    url: str
    late: int = 0
    """How many of the total are late."""
    all_url: str = ""
    asked: tuple[AskedRow, ...] = ()
    outages: tuple[OverdueOutage, ...] = ()
    outages_url: str = ""

    @property
    def hidden(self) -> int:
        return max(0, self.total - len(self.rows))


# ── Right: the nine steps ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class StepMark:
    step: int
    state: str
    """done, current, todo, skipped"""
    at: datetime | None = None
    note: str = ""
    """Short: «26-204 337», «бр. 4», or the reason of a skip."""
    url: str = ""
    """GET shows this step's panel again."""

    @property
    def title(self) -> str:
        return str(STEP_TITLES[self.step])


@dataclass(frozen=True, kw_only=True)
class Steps:
    marks: tuple[StepMark, ...]
    clock: ClockView | None = None
    """The clock of «terms told», or of the answer before registration."""


# ── Centre: the card ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a tab: what, value, and a mark that it should be noticed."""

    label: str
    value: str
    detail: str = ""
    tone: str = ""
    """"", warn, bad"""
    url: str = ""
    """Where it is changed."""


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    number: TicketNumber
    title: str
    severity: SeverityView
    status: StatusView
    at: datetime
    day_of: str = ""
    """The zone of a day that an old journal has without its time; empty when the time is known."""
    clock: ClockView | None = None
    flat: str = ""
    open: bool = True


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A tab of the house, opened by Alt+`key`. Lines, tickets or files of it; `empty` teaches."""

    code: str
    title: str
    key: int
    count: int | None = None
    lines: tuple[Line, ...] = ()
    tickets: tuple[TicketLine, ...] = ()
    files: tuple[LinkView, ...] = ()
    empty: str = ""
    tone: str = ""
    """warn when something inside should be seen (a debt, an outage)."""
    url: str = ""
    """GET answers with its tickets anew."""
    live: str = ""
    """What they are asked for again by: "building/3 ticket/17"."""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Another way to end a contact: one key ends it, or opens its small form, which Ctrl+Enter sends."""

    outcome: str
    """addition, consultation, redirected, not_ours, silence, and «give_back», «skip»"""
    title: str
    key: str
    post_url: str
    lead: str = ""
    """What will happen."""
    at_once: bool = False
    """Its key ends the contact: nothing is asked, and what the description says goes along."""
    choices: tuple[Choice, ...] = ()
    """Tickets to join, services to name: the field `choice`."""
    choice_title: str = ""
    find_title: str = ""
    """Non-empty: a ticket is found by words, the field `find`; it goes before `choice`."""
    found: Found = field(default_factory=Found)
    note_title: str = ""
    note: str = ""
    submit: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who speaks and from where; every part may be unknown."""

    post_url: str
    address_url: str
    """GET ?q= answers with `console/addresses.html`."""
    typed_url: str
    """POST of the form while it is typed: kept, answered with nothing."""
    known: bool
    person: PersonView | None = None
    phone: PhoneView | None = None
    address: AddressView | None = None
    name: str = ""
    phone_text: str = ""
    email: str = ""
    address_text: str = ""
    premises: str = ""
    wants_letters: bool = True
    outside: bool = False
    """It was just said that the place is not in the stock."""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AddressHit:
    value: str
    """Id of the premises or «building/12»."""
    title: str
    detail: str = ""
    forgiven: str = ""


@dataclass(frozen=True, kw_only=True)
class AddressHits:
    query: str
    hits: tuple[AddressHit, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Card:
    interaction: int
    channel: ChannelView
    applicant: Applicant
    company: str = ""
    facts: tuple[Line, ...] = ()
    """Few words beside the address: floors, entrance, debt."""
    text: str = ""
    """What a written contact says."""
    notices: tuple[NoticeLine, ...] = ()
    tabs: tuple[Tab, ...] = ()
    endings: tuple[Ending, ...] = ()
    presence_url: str = ""
    """POST every 15 s: «it is open at me»; answers with `console/presence.html`."""
    seen_as: str = ""
    """Whose it is here, for who only looks on: when it is somebody else's by now, the poll brings the card anew."""
    ended: str = ""
    """How it ended, with whom."""
    give_back_url: str = ""
    print_url: str = ""
    ticket: TicketNumber | None = None
    severity: SeverityView | None = None
    conflict: Conflict | None = None
    """Somebody else holds the contact now: my words that were not saved, and what stands there."""
    held_by: str = ""
    """Who has it, when that is not me."""
    take_over_url: str = ""
    take_url: str = ""
    """Nobody has it yet: POST takes it."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Who else has this card open."""

    names: tuple[str, ...] = ()
    taken_by: str = ""
    """Who took it over from me while I have it open."""


# ── Centre: one panel per step ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A classifier entry found by typing."""

    code: str
    place: str
    system: str
    problem: str
    severity: SeverityView
    norm: str = ""
    """«локализация 30 мин · устранение 3 суток»"""
    why: str = ""
    """The words that it was found by, «течёт» + «стояк»; empty of one that a person has chosen."""
    services: tuple[str, ...] = ()
    """Codes of the services that it is for, the first of them first."""
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Ask:
    question: str
    name: str
    answer: str = ""

    @property
    def id(self) -> str:
        """One field per question: what was typed stays while the suggestions change around it."""
        return f"ask-{zlib.crc32(self.question.encode()):x}"


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    number: TicketNumber
    where: str
    """«кв. 38», «п. 2», «весь дом»"""
    title: str
    since: datetime
    status: StatusView
    join_url: str
    """POST joins this contact to that ticket (the first one by Alt+J)."""
    clock: ClockView | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """Answer to typing in the description: what it may be, what to ask and say, what is alike near."""

    query: str = ""
    entries: tuple[Suggestion, ...] = ()
    ask: tuple[Ask, ...] = ()
    say: tuple[str, ...] = ()
    danger: str = ""
    """One loud line: «Газ: выйти, не включать свет, 104»."""
    house: tuple[Line, ...] = ()
    """Risers and lifts of the house that the fault is about: where it is shut, whom to call."""
    duplicates: tuple[Duplicate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Base of the step panels. POST does the step and answers with `console/work.html`."""

    template: ClassVar[str]
    step: ClassVar[int]
    fields: ClassVar[tuple[str, ...]] = ()
    """Fields that show their own errors."""

    post_url: str
    skip_url: str = ""
    again: bool = False
    """The step is done already: sending corrects it."""
    draft: str = ""
    """Name under which unsaved words are kept: "interaction/5/2"."""
    errors: Errors = field(default_factory=dict)

    skip_reasons: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return str(STEP_TITLES[self.step])

    @property
    def head_errors(self) -> Errors:
        """What no field of this panel can show stands above it: nothing goes unsaid."""
        said = [text for name, text in self.errors.items() if name not in (*self.fields, "skip")]
        return {"": " ".join(said)} if said else {}

    @property
    def skip_errors(self) -> Errors:
        """The reason's own error, apart from those of the step's fields."""
        return {"reason": self.errors["skip"]} if "skip" in self.errors else {}


@dataclass(frozen=True, kw_only=True)
class NaturePanel(Panel):
    """Steps 2 and 3: what happened. Ctrl+Enter registers the ticket."""

    template: ClassVar[str] = "console/steps/nature.html"
    step: ClassVar[int] = 2
    fields: ClassVar[tuple[str, ...]] = (
        "description", "classifier", "damage_at", "address", "premises", "caller", "phone", "email"
    )  # fmt: skip
    """The applicant's form stands in the panel: its errors are beside its fields."""
    suggest_url: str
    """POST of the form answers with `console/suggestions.html`."""
    description: str = ""
    suggestions: Suggestions = field(default_factory=Suggestions)
    damage_at: datetime | None = None
    """In the building's zone already, as the field shows it."""

    @property
    def damage_value(self) -> str:
        return self.damage_at.strftime("%Y-%m-%dT%H:%M") if self.damage_at else ""


@dataclass(frozen=True, kw_only=True)
class NumberPanel(Panel):
    """Step 3: the number is said."""

    template: ClassVar[str] = "console/steps/number.html"
    step: ClassVar[int] = 3
    number: TicketNumber
    say: str = ""
    """The whole sentence to say."""


@dataclass(frozen=True, kw_only=True)
class PlanPanel(Panel):
    template: ClassVar[str] = "console/steps/plan.html"
    step: ClassVar[int] = 4
    fields: ClassVar[tuple[str, ...]] = ("note",)
    stages: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceLine:
    code: str
    title: str
    phone: PhoneView
    advised: bool = False
    """The classifier says that this service is to be told."""
    told_at: datetime | None = None
    who: str = ""
    error: str = ""
    tell_url: str = ""
    """POST marks it told now; the field `who`."""


@dataclass(frozen=True, kw_only=True)
class ServicesPanel(Panel):
    template: ClassVar[str] = "console/steps/services.html"
    step: ClassVar[int] = 5
    services: tuple[ServiceLine, ...] = ()

    @property
    def head_errors(self) -> Errors:
        shown = {f"who-{service.code}" for service in self.services}
        said = [text for name, text in self.errors.items() if name not in (*shown, "skip")]
        return {"": " ".join(said)} if said else {}

    @property
    def advised(self) -> tuple[ServiceLine, ...]:
        return tuple(s for s in self.services if s.advised or s.told_at)

    @property
    def others(self) -> tuple[ServiceLine, ...]:
        return tuple(s for s in self.services if not (s.advised or s.told_at))


@dataclass(frozen=True, kw_only=True)
class TermsPanel(Panel):
    template: ClassVar[str] = "console/steps/terms.html"
    step: ClassVar[int] = 6
    fields: ClassVar[tuple[str, ...]] = ("until_day", "until_time", "how", "late_reason")
    say: Saying
    until_day: date | None = None
    until_time: str = ""
    clocks: tuple[ClockView, ...] = ()
    how: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AccessPanel(Panel):
    template: ClassVar[str] = "console/steps/access.html"
    step: ClassVar[int] = 7
    fields: ClassVar[tuple[str, ...]] = ("day", "since", "until", "reason", "worker")
    needed: bool = True
    day: date | None = None
    since: str = ""
    until: str = ""
    reason: str = ""
    worker: str = ""
    workers: tuple[str, ...] = ()
    say: Saying


@dataclass(frozen=True, kw_only=True)
class CrewChoice:
    value: str
    title: str
    """«бр. 2 · Сантехники, юг: Кузнецов П. А.»"""
    skill: str = ""
    load: str = ""
    """«без нарядов», «нарядов: 2»"""
    why: str = ""
    """Why it stands first: «умение есть, без нарядов»"""
    chosen: bool = False
    free: bool = True


@dataclass(frozen=True, kw_only=True)
class HandoverPanel(Panel):
    template: ClassVar[str] = "console/steps/handover.html"
    step: ClassVar[int] = 8
    fields: ClassVar[tuple[str, ...]] = ("crew", "note")
    crews: tuple[CrewChoice, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class JournalPanel(Panel):
    """Step 9: all that stands in the journal; Ctrl+Enter closes the intake."""

    template: ClassVar[str] = "console/steps/journal.html"
    step: ClassVar[int] = 9
    lines: tuple[StepMark, ...] = ()
    missing: tuple[str, ...] = ()
    """What was skipped and may still be done."""


@dataclass(frozen=True, kw_only=True)
class Teach:
    """An empty place: what will stand here, how it gets here, one button."""

    title: str
    text: str
    button: str = ""
    url: str = ""
    key: str = ""
    method: str = "post"


@dataclass(frozen=True, kw_only=True)
class Work:
    """Centre and right together: what every step answers with."""

    card: Card | None = None
    panel: Panel | None = None
    steps: Steps | None = None
    empty: Teach | None = None


@dataclass(frozen=True, kw_only=True)
class Foot:
    last: Toast | None = None
    """The last action and its undo (Ctrl+Z)."""
    keys_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Console:
    page: PageView
    top: Top
    queue: Queue
    threatened: Threatened
    work: Work
    foot: Foot
    duty_url: str = ""
    """GET opens the duty directory (F9)."""
