"""View-models of the stock's pages: the list of tables that were brought, and one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from vakhta.web.screens import Choice, Errors, PageView, PhoneView, StatusView


@dataclass(frozen=True, kw_only=True)
class RunLine:
    name: str
    url: str
    kind: str
    """«жилищный фонд», «прежний журнал»"""
    company: str
    at: datetime
    who: str
    status: StatusView
    told: str
    """«24 180 строк, добавлено 24 002, негодных 3»"""


@dataclass(frozen=True, kw_only=True)
class ImportList:
    page: PageView
    post_url: str
    sample_url: str
    sample_tickets_url: str = ""
    kinds: tuple[Choice, ...] = ()
    companies: tuple[Choice, ...] = ()
    city: str = ""
    rows: tuple[RunLine, ...] = ()
    most_mb: int = 20
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the table: what it is called, what it holds, which field of the stock it is."""

    name: str
    """Of the form's field: «c3»."""
    heading: str
    samples: tuple[str, ...]
    fields: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class BadLine:
    row: int
    """0: of a whole sheet."""
    column: str
    reason: str
    sheet: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    """`state` as of `ImportRun`; what may be done now has its address, what may not has none."""

    page: PageView
    name: str
    company: str
    status: StatusView
    state: str
    url: str
    list_url: str
    is_waiting: bool = False
    """It changes by itself: the page asks for itself each second."""
    is_dry: bool = True
    columns: tuple[Column, ...] = ()
    kind: str = ""
    """As of `RunLine`."""
    is_of_tickets: bool = False
    city: str = ""
    keeps_unknown: bool = False
    look_url: str = ""
    load_url: str = ""
    stop_url: str = ""
    drop_url: str = ""
    wrong_url: str = ""
    rows: int = 0
    total: int = 0
    """Of the last whole reading; 0 when nobody knows yet."""
    bad_rows: int = 0
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What else there is to know of the rows: «без времени поступления: 12»."""
    carried: int = 0
    """Tickets that stand carried over from this file."""
    carried_url: str = ""
    """The list of them."""
    back_url: str = ""
    """Takes all of them back."""
    is_going_back: bool = False
    gone_back: int = 0
    """So many were taken back."""
    reason: str = ""
    examples: tuple[str, ...] = ()
    wrong: tuple[BadLine, ...] = ()
    message: str = ""
    errors: Errors = field(default_factory=dict)


# ── Houses ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a form: a text, a number, or one of `options`."""

    name: str
    title: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    required: bool = False
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tick:
    name: str
    title: str
    is_on: bool = False


@dataclass(frozen=True, kw_only=True)
class Form:
    """`seen`: a mark of what it was drawn from, so that nobody overwrites what they have not seen."""

    url: str
    fields: tuple[Field, ...]
    submit: str
    ticks: tuple[Tick, ...] = ()
    seen: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HouseLine:
    title: str
    url: str
    city: str
    company: str
    told: str
    """«квартир: 64, этажей: 9, подъездов: 2, лифт»"""


@dataclass(frozen=True, kw_only=True)
class HouseList:
    page: PageView
    url: str
    q: str
    companies: tuple[Choice, ...]
    rows: tuple[HouseLine, ...]
    more_url: str
    form: Form
    """Of a new house."""
    import_url: str
    found: str = ""
    """«Нашлось домов: 131», when a search found more than are shown at once."""


@dataclass(frozen=True, kw_only=True)
class FlatLink:
    number: str
    url: str
    floor: int


@dataclass(frozen=True, kw_only=True)
class EntranceFlats:
    number: int
    flats: tuple[FlatLink, ...]


@dataclass(frozen=True, kw_only=True)
class NoteLine:
    kind: str
    title: str
    where: str
    drop_url: str


@dataclass(frozen=True, kw_only=True)
class PartLine:
    """An entrance, a riser, a lift."""

    id: int
    title: str
    told: str
    form: Form
    drop_url: str
    is_bad: bool = False
    """A lift that stands."""


@dataclass(frozen=True, kw_only=True)
class PartTable:
    code: str
    """entrance, riser, lift"""
    title: str
    empty: str
    submit: str
    rows: tuple[PartLine, ...]
    form: Form
    fill_url: str = ""
    """Adds the missing entrances by the house's flats."""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class HousePage:
    page: PageView
    title: str
    company: str
    list_url: str
    form: Form
    entrances: tuple[EntranceFlats, ...]
    is_cut: bool
    """It has more flats than are shown."""
    flats_form: Form
    notes: tuple[NoteLine, ...]
    note_form: Form
    parts: tuple[PartTable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    number: str
    holder: str
    form: Form
    drop_url: str


@dataclass(frozen=True, kw_only=True)
class ConsentLine:
    title: str
    """What it is for."""
    told: str
    """«дано 01.09.2025 · бланк 2, дело 15»"""
    form: Form | None = None
    """To take it back; None: it has been."""


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    title: str
    told: str
    form: Form
    drop_url: str
    consent_form: Form
    consents: tuple[ConsentLine, ...] = ()
    looks_url: str = ""
    """Who saw the card, the flat, the tickets of this person; empty for whoever may not know."""

    @property
    def is_open(self) -> bool:
        """Something of this person was refused and is to be mended."""
        forms = (self.form, self.consent_form, *(consent.form for consent in self.consents))
        return any(form.errors for form in forms if form)


@dataclass(frozen=True, kw_only=True)
class FlatPage:
    page: PageView
    title: str
    house: str
    house_url: str
    form: Form
    accounts: tuple[AccountLine, ...]
    account_form: Form
    people: tuple[PersonLine, ...]
    person_form: Form


# ── The duty directory ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    id: int
    title: str
    phone: PhoneView
    note: str
    whose: str
    """The company of a person who is not the centre's own."""
    form: Form | None
    """None: it is only to be read, and opens at `change_url`."""
    change_url: str
    up_url: str
    down_url: str
    drop_url: str
    focus: str = ""
    """up, down: the button that has the focus again."""


@dataclass(frozen=True, kw_only=True)
class DutyLack:
    """A service that the classifier sends to and that has no number."""

    title: str
    natures: str
    """«12 видов неисправностей»"""


@dataclass(frozen=True, kw_only=True)
class DutyGone:
    title: str
    phone: str
    at: datetime
    restore_url: str
    is_last: bool = False
    """Removed a moment ago: its return has a key."""


@dataclass(frozen=True, kw_only=True)
class DutyEdit:
    page: PageView
    see_url: str
    print_url: str
    houses_url: str
    lacking: tuple[DutyLack, ...]
    services: tuple[DutyLine, ...]
    people: tuple[DutyLine, ...]
    service_form: Form
    person_form: Form
    gone: tuple[DutyGone, ...] = ()
