"""What pages know: the view-models that every surface shares. Frozen, filled by views from queries.

Templates see nothing else, so a page can be drawn without a database (see `vakhta.web.gallery`).
Moments are `datetime` with a zone; addresses of actions are ready-made URLs in fields `*_url`, and
an empty one means «this person may not do it now»: the control is then not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class LinkView:
    title: str
    url: str
    current: bool = False
    key: str = ""
    """The key that opens it, as `keys.js` writes it: "F9", "Alt+1", "Ctrl+Enter"."""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """A person: a member of staff or an applicant."""

    name: str
    role: str = ""
    """«собственник», «диспетчер», «слесарь-сантехник»"""
    note: str = ""
    """What to know before speaking: «слабый слух», «не звонить после 22»."""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class PhoneView:
    phone: str
    """E.164 where it is known to be a phone: "+79161234567"."""
    note: str = ""
    call_url: str = ""
    """Where a click dials; empty means the browser's own «tel:»."""


@dataclass(frozen=True, kw_only=True)
class AddressView:
    """An address in the parts that the voice needs: street and house, then where inside."""

    text: str
    """«ул. Ленина, 15»; with the settlement when it is not the centre's own."""
    flat: str = ""
    """«кв. 42»"""
    inside: str = ""
    """«п. 2, эт. 4», code of the door phone"""
    zone: str = ""
    """IANA zone of the building; named on the screen when it is not the operator's."""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketNumber:
    number: str
    """"26-204337" as the ticket holds it."""
    url: str = ""
    said: str = ""
    """What an old ticket, carried over from another journal, is called by; empty: the number itself."""
    is_old: bool = False


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """Channel of 416 п.15, as in `InteractionReceived.channel`, and «missed» for a lost call."""

    code: str

    NAMES: ClassVar[Mapping[str, tuple[Any, str]]] = {
        "phone": (_("звонок"), "phone"),
        "missed": (_("перезвонить"), "phone-missed"),
        "email": (_("почта"), "mail"),
        "web": (_("кабинет"), "globe"),
        "chat": (_("чат"), "message-circle"),
        "messenger": (_("мессенджер"), "messages-square"),
        "lift": (_("лифт"), "building-2"),
        "sensor": (_("датчик"), "radio"),
        "partner": (_("организация"), "handshake"),
        "walk_in": (_("лично"), "user"),
    }

    @property
    def title(self) -> str:
        return str(self.NAMES[self.code][0])

    @property
    def icon(self) -> str:
        return self.NAMES[self.code][1]


@dataclass(frozen=True, kw_only=True)
class SeverityView:
    """Urgency as in `TicketRegistered.severity`."""

    code: str

    NAMES: ClassVar[Mapping[str, Any]] = {
        "emergency": _("авария"),
        "urgent": _("срочно"),
        "ordinary": _("обычная"),
        "information": _("справка"),
    }

    @property
    def title(self) -> str:
        return str(self.NAMES[self.code])


@dataclass(frozen=True, kw_only=True)
class StatusView:
    """Where a ticket or a work order stands. `tone`: quiet, busy, wait, bad, good."""

    code: str
    title: str
    tone: str = "quiet"


@dataclass(frozen=True, kw_only=True)
class NormMark:
    """How far a norm was checked against its text: text, secondary, unverified."""

    verified: str

    NAMES: ClassVar[Mapping[str, tuple[Any, str]]] = {
        "text": (_("по тексту акта"), "shield-check"),
        "secondary": (_("по пересказу"), "info"),
        "unverified": (_("не проверено"), "circle-help"),
    }

    @property
    def title(self) -> str:
        return str(self.NAMES[self.verified][0])

    @property
    def icon(self) -> str:
        return self.NAMES[self.verified][1]


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """One clock at the moment `now`. `state` as the deadlines say it: running, at_risk, paused,
    met, breached. The page's `clock.js` goes on counting from `now`."""

    title: str
    """What is awaited: «Ответ», «Локализация»."""
    now: datetime
    started_at: datetime
    due_at: datetime
    at_risk_at: datetime | None = None
    """None: from a quarter of the time left on."""
    state: str = "running"
    stopped_at: datetime | None = None
    norm_text: str = ""
    """«ответ на звонок — 5 минут»"""
    act_item: str = ""
    """«ПП 416, п. 13»"""
    zone: str = ""
    recorded_late: bool = False
    """The stop was entered after the fact: «выполнено в срок, внесено позже»."""

    @property
    def risk_at(self) -> datetime:
        return self.at_risk_at or self.due_at - (self.due_at - self.started_at) / 4

    @property
    def face(self) -> str:
        """calm, soon, late while it runs; paused; met, missed when it has stopped."""
        if self.stopped_at is not None:
            return "missed" if self.state == "breached" or self.stopped_at > self.due_at else "met"
        if self.state == "paused":
            return "paused"
        if self.now >= self.due_at:
            return "late"
        return "soon" if self.now >= self.risk_at else "calm"

    @property
    def left(self) -> float:
        """Seconds to the term, negative after it; counted to the stop when it has stopped."""
        return (self.due_at - (self.stopped_at or self.now)).total_seconds()

    @property
    def whole(self) -> int:
        """Seconds of the whole term, for the bar."""
        return max(1, int((self.due_at - self.started_at).total_seconds()))

    @property
    def bar(self) -> int:
        return max(0, min(self.whole, int(self.left)))


@dataclass(frozen=True, kw_only=True)
class NoticeLine:
    """What must be seen on top of a card. `tone`: warn (outage, repeated calls), bad (danger), info."""

    text: str
    tone: str = "warn"
    url: str = ""
    detail: str = ""
    until: datetime | None = None
    said: bool = False
    """To be said to the caller."""


@dataclass(frozen=True, kw_only=True)
class FileView:
    title: str
    url: str
    kind: str = "file"
    """image, file"""
    size: str = ""
    """«1,2 МБ»"""
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Somebody else saved the same field meanwhile: both words are kept and shown."""

    who: str
    at: datetime
    theirs: str
    mine: str
    held: bool = False
    """They hold the contact, so my words are to be passed to them, not sent again."""


@dataclass(frozen=True, kw_only=True)
class Toast:
    """One line about what was done; with `undo_url` it can be undone until `undo_until`."""

    text: str
    tone: str = "quiet"
    """quiet, good, bad"""
    undo_url: str = ""
    undo_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PageView:
    """What the frame of every page needs."""

    title: str
    now: datetime
    zone: str = "Europe/Moscow"
    """The zone of the person who looks."""
    theme: str = ""
    """"", "light", "dark": the cookie `vakhta_theme`; "" follows the system."""
    size: int = 15
    """Pixels of the base type on the console, 13–20: the cookie `vakhta_size`."""
    letters: bool = True
    """Single-letter keys in lists are on: the cookie `vakhta_letters`."""
    live_url: str = ""
    live_from: int = 0
    """The journal's last entry that the page already shows."""
    person: PersonView | None = None
    nav: tuple[LinkView, ...] = ()
    sign_out_url: str = ""
    security_url: str = ""
    """The person's own page of signing in: password, second step, sessions."""
    draft_owner: str = ""
    """Whose unsaved words may be brought back: "staff/7"."""
    demo_url: str = ""
    """The page «войти как…» of the demo; empty outside of it."""

    @property
    def local_now(self) -> datetime:
        """In the zone of the person who looks."""
        return self.now.astimezone(ZoneInfo(self.zone))

    @property
    def today(self) -> date:
        return self.local_now.date()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several: a radio, an option of a list."""

    value: str
    title: str
    detail: str = ""
    chosen: bool = False
    disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class Found:
    """Tickets that the words `query` mean, the field `seen`; `console/found.html`."""

    query: str = ""
    choices: tuple[Choice, ...] = ()


Errors = Mapping[str, str]
"""Field name → what is wrong and what to do, in human words. The key "" is about the whole form."""

NO_ERRORS: Errors = {}


@dataclass(frozen=True, kw_only=True)
class FormView:
    """Base of the forms: where it goes and what was wrong with it."""

    post_url: str
    errors: Errors = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the person had typed, shown again when something was wrong."""
