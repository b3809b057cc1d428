"""What a norm (норматив) is, and how it becomes the term of one ticket.

A norm is frozen data: the tables stand in `regulations/`, one file per act. Two things may change a
norm without code, and both are recorded as facts:

* an administrator's dated correction (`NormCorrected`): see `effective`;
* a company's or a contract's own term, which may only be stricter: see `stricter`.

A ticket keeps what held when it was registered: `snapshot` writes it, `resolve` reads it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from vakhta.domain.facts import NormCorrected

VERIFIED = {
    "text": "сверено с текстом акта",
    "secondary": "по пересказу акта",
    "unverified": "не сверено",
}

AGREED = "agreed"
PAUSE_REASONS = {
    AGREED: "иное время согласовано с заявителем",
    "no_access": "нет доступа в помещение",
    "weather": "погода не позволяет вести работы",
    "supplier": "ждём ресурсоснабжающую организацию",
}
"""Reasons of a pause, and how a person reads them. A norm lists those that it allows."""

CONTRACT = "contract."
"""Codes of contract terms begin so; their limit stands in the ticket's snapshot."""

DAMAGE = "damage"
DETECTED = "detected"
REPORTED = "reported"
"""Values of `Norm.counted_from` that are moments inside a fact and not facts."""


MAX_LIMIT = timedelta(days=3660)
"""Ten years: a longer term is a mistake of units."""


class NormError(ValueError):
    """A norm cannot be used so; the text is Russian and is shown to a person."""


@dataclass(frozen=True)
class Elapsed:
    """Hours and minutes that pass (сутки are 24 of them), inside the norm's window if it has one."""

    length: timedelta


@dataclass(frozen=True)
class WorkingDays:
    """Ends with the last of so many working days; the day of the start is not counted (ГК ст. 191)."""

    days: int


@dataclass(frozen=True)
class CalendarDays:
    """Ends with the last of so many days; the day of the start is not counted (ГК ст. 191)."""

    days: int


Limit = Elapsed | WorkingDays | CalendarDays

_DATED = re.compile(r"^ПП РФ от [\d.]+ № (\d+)$")
_GOSSTROY = re.compile(r"^Постановление Госстроя РФ от [\d.]+ № (\d+)$")

IMMEDIATELY = Elapsed(timedelta(0))
"""«Немедленно»: shown, but never a clock: every later moment would already be a breach."""


@dataclass(frozen=True, kw_only=True)
class Norm:
    """One rule of an act. Without a `trigger` it is a standing rule: shown, but not timed."""

    code: str
    title: str
    """Russian and short: it stands in a row beside the clock."""
    act: str
    item: str
    edition: str
    limit: Limit | None
    """None: no term (a standing rule), or the term comes from the contract."""
    trigger: str = ""
    """Kind of the fact that starts the clock."""
    counted_from: str = ""
    """Where the term is counted from, when not from the trigger: a fact's kind, DAMAGE, DETECTED or REPORTED."""
    channels: tuple[str, ...] = ()
    """Channels of a contact that the norm is for; empty for tickets."""
    stops: tuple[str, ...] = ()
    """Kinds of facts that stop the clock: the first of them that happens."""
    lapses: tuple[str, ...] = ()
    """Kinds of facts that leave nothing to do for it: the clock ends with them, and is not met."""
    window: tuple[int, int] | None = None
    """Local hours (from, to) inside which time passes: (8, 23)."""
    months: tuple[int, ...] = ()
    """Months of the year in which a ticket gets it: a winter's term; empty: all year."""
    pausable: tuple[str, ...] = ()
    """Keys of PAUSE_REASONS for which the clock may stand still; empty: never."""
    in_force_from: date | None = None
    in_force_to: date | None = None
    verified: str = "unverified"
    source: str = ""
    note: str = ""
    corrected: bool = False
    """True when an administrator's correction made this version."""

    @property
    def is_clock(self) -> bool:
        return bool(self.trigger and self.stops)

    @property
    def unit(self) -> str:
        """What its term is counted in: minutes, working_days, days; empty when it has none."""
        if isinstance(self.limit, WorkingDays):
            return "working_days"
        if isinstance(self.limit, CalendarDays):
            return "days"
        return "minutes" if self.limit is not None or self.trigger else ""

    def applies_to(self, channel: str) -> bool:
        """Does a contact by this channel start the norm's clock?"""
        return channel in self.channels

    def in_force(self, day: date) -> bool:
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to)

    def in_season(self, day: date) -> bool:
        return not self.months or day.month in self.months

    @property
    def provenance(self) -> str:
        """«ПП РФ от 15.05.2013 № 416, п. 13»: how a clock names where it comes from."""
        return f"{self.act}, {self.item_words}"

    @property
    def item_words(self) -> str:
        """«п. 13», «приложение 2»."""
        return f"п. {self.item}" if self.item[0].isdigit() else self.item

    @property
    def short_provenance(self) -> str:
        """«ПП 416, п. 13», «Госстрой 170, приложение 2»: for a row that has no room for the date."""
        act = _DATED.sub(r"ПП \1", self.act)
        act = _GOSSTROY.sub(r"Госстрой \1", act)
        return self.provenance.replace(self.act, act, 1)

    @property
    def limit_text(self) -> str:
        """«30 минут», «2 часа, с 8 до 23», «3 суток», «10 рабочих дней», «немедленно»."""
        if self.limit is None:
            return "по договору" if self.trigger else "постоянно"
        text = limit_text(self.limit)
        return f"{text}, с {self.window[0]} до {self.window[1]}" if self.window else text


class Norms(Mapping[str, Norm]):
    """Every published edition of every norm; as a mapping it gives the newest edition by code."""

    def __init__(self, editions: Iterable[Norm]) -> None:
        self._editions: dict[str, list[Norm]] = {}
        for norm in editions:
            self._editions.setdefault(norm.code, []).append(norm)
        for known in self._editions.values():
            known.sort(key=lambda norm: norm.in_force_from or date.min)

    def __getitem__(self, code: str) -> Norm:
        return self._editions[code][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._editions)

    def __len__(self) -> int:
        return len(self._editions)

    def editions(self, code: str) -> tuple[Norm, ...]:
        """All published editions, the oldest first; empty for an unknown code."""
        return tuple(self._editions.get(code, ()))

    def on(self, code: str, day: date) -> Norm:
        """The edition in force on `day`; NormError when the code is unknown or none was."""
        found = [norm for norm in self.editions(code) if norm.in_force(day)]
        if found:
            return found[-1]
        if code not in self:
            raise NormError(f"неизвестная норма «{code}»")
        raise NormError(f"норма «{code}» на {day:%d.%m.%Y} не действует")


# ── Corrections ──────────────────────────────────────────────────────────────────────────────


def with_limit(norm: Norm, limit: timedelta) -> Norm:
    """The norm with another limit, counted in its own way; a norm in days takes whole days."""
    if not timedelta(0) < limit <= MAX_LIMIT:
        raise NormError(f"срок нормы «{norm.code}» — от секунды до {MAX_LIMIT.days} суток")
    if not norm.unit:
        raise NormError(f"«{norm.title}» — правило без срока: уточнить можно редакцию, пункт и проверку")
    if norm.limit is None or isinstance(norm.limit, Elapsed):
        return replace(norm, limit=Elapsed(limit))
    if limit % timedelta(days=1):
        raise NormError(f"срок нормы «{norm.code}» считается днями: укажите целое число суток")
    return replace(norm, limit=type(norm.limit)(limit.days))


def stricter(norm: Norm, limit: timedelta) -> Norm:
    """The norm with a company's or contract's own limit: never laxer than the law (NormError)."""
    own = with_limit(norm, limit)
    if norm.limit is not None and length(norm) < limit:
        assert own.limit is not None
        raise NormError(
            f"срок {limit_text(own.limit)} мягче нормы «{norm.title}» ({norm.provenance}): "
            f"не больше {limit_text(norm.limit)}"
        )
    return own


def length(norm: Norm) -> timedelta:
    """The limit as its nominal length (a working day is a day): for comparing and for snapshots."""
    if norm.limit is None:
        raise NormError(f"у нормы «{norm.code}» нет срока")
    if isinstance(norm.limit, Elapsed):
        return norm.limit.length
    return timedelta(days=norm.limit.days)


def effective(norm: Norm, corrections: Iterable[NormCorrected], day: date) -> Norm:
    """The norm as corrected by `day`: corrections apply in the order of their dates.

    A limit laxer than the act's needs a new edition (NormError without one): the law may become
    milder, an administrator may not. A correction older than the norm's edition has had its time.
    """
    begun = norm.in_force_from or date.min
    own = [c for c in corrections if c.norm == norm.code and begun <= correction_day(c) <= day]
    law = norm
    for correction in sorted(
        own, key=lambda c: (c.since, c.edition, c.limit or 0, c.verified, c.item, c.reason)
    ):
        limit = norm.limit
        if correction.limit is not None:
            change = with_limit if correction.edition else stricter
            limit = change(law, seconds(correction.limit)).limit
        norm = replace(
            norm,
            limit=limit,
            edition=correction.edition or norm.edition,
            in_force_from=correction_day(correction) if correction.edition else norm.in_force_from,
            item=correction.item or norm.item,
            verified=correction.verified or norm.verified,
            corrected=True,
        )
        law = norm if correction.edition else law
    return norm


def seconds(limit: object) -> timedelta:
    """A limit as facts hold it; NormError when it is not a number of seconds that makes sense."""
    if type(limit) is not int or not 0 < limit <= MAX_LIMIT.total_seconds():
        raise NormError(f"limit — целое число секунд от 1 до {int(MAX_LIMIT.total_seconds())}")
    return timedelta(seconds=limit)


def correction_day(correction: NormCorrected) -> date:
    """The date a correction holds from; NormError when it is not an ISO date."""
    try:
        day = date.fromisoformat(correction.since)
        # Not «20260901» nor «2026-W36-2»: corrections are put in order by their dates as they are written.
        if day.isoformat() != correction.since:
            raise ValueError
        return day
    except ValueError:
        raise NormError(f"дата «{correction.since}» — не дата вида 2026-09-01") from None


def in_unit(norm: Norm, number: int) -> timedelta:
    """So many minutes or days, as the norm counts (a working day is a day)."""
    return timedelta(minutes=number) if norm.unit == "minutes" else timedelta(days=number)


# ── What a ticket keeps ──────────────────────────────────────────────────────────────────────


def snapshot(norm: Norm, stricter_limit: timedelta | None = None) -> dict[str, Any]:
    """What `TicketRegistered.norms` keeps of an effective norm: {"code", "edition", "limit"?}.

    `limit` (seconds) is written when it differs from the published one, so that the ticket's term
    never depends on a later correction.
    """
    if stricter_limit is not None:
        norm = stricter(norm, stricter_limit)
    kept: dict[str, Any] = {"code": norm.code, "edition": norm.edition}
    if norm.limit is not None and (stricter_limit is not None or norm.corrected):
        kept["limit"] = int(length(norm).total_seconds())
    return kept


def resolve(
    kept: Mapping[str, Any],
    norms: Norms,
    *,
    day: date,
    corrections: Iterable[NormCorrected] = (),
    strict: bool = False,
) -> Norm:
    """The norm that a snapshot names, for a ticket registered on `day`; NormError when it cannot be.

    `corrections`: those that were known when the snapshot was taken. `strict`: a published edition must be in force
    on that day. What the service has registered stands: an act may be repealed with effect from a day that was over
    when it was published.
    """
    code, edition, limit = str(kept["code"]), str(kept.get("edition") or ""), kept.get("limit")
    own = None if limit is None else seconds(limit)
    if is_of_contract(code):
        return _contract_term(code, edition, own, norms)
    published = {norm.edition: norm for norm in norms.editions(code)}
    base = published.get(edition) or norms.on(code, day)
    if strict and not base.in_force(day):
        raise NormError(f"редакция «{edition}» нормы «{code}» на {day:%d.%m.%Y} не действует")
    norm = effective(base, corrections, day)
    if edition in ("", norm.edition, base.edition):
        return norm if own is None else stricter(norm, own)
    # An edition that came by a correction: its own limit stands in the snapshot. Milder than the law it can be
    # only by a correction that is known.
    if own is None:
        raise NormError(f"неизвестная редакция «{edition}» нормы «{code}»")
    return replace(stricter(norm, own), edition=edition, corrected=True)


_OF_CONTRACT = re.compile(r"contract\.[a-z][a-z0-9_]{0,50}")


def is_of_contract(code: str) -> bool:
    """«contract.plumbing»: a term that a contract names."""
    return bool(_OF_CONTRACT.fullmatch(code))


def _contract_term(code: str, edition: str, limit: timedelta | None, norms: Norms) -> Norm:
    """A contract may name terms of its own («contract.plumbing»): they are terms of repair."""
    if limit is None:
        raise NormError(f"у срока по договору «{code}» не указан limit, секунды")
    known = norms.get(code) or replace(norms[f"{CONTRACT}repair"], code=code)
    return with_limit(replace(known, edition=edition or known.edition), limit)


# ── Words ────────────────────────────────────────────────────────────────────────────────────


def limit_text(limit: Limit) -> str:
    """A limit in Russian; hours up to two days, then сутки."""
    if isinstance(limit, WorkingDays):
        return f"{limit.days} {plural(limit.days, 'рабочий день', 'рабочих дня', 'рабочих дней')}"
    if isinstance(limit, CalendarDays):
        if limit.days == 0:
            return "в тот же день"
        return f"{limit.days} {plural(limit.days, 'день', 'дня', 'дней')}"
    if limit == IMMEDIATELY:
        return "немедленно"
    seconds = int(limit.length.total_seconds())
    if seconds % 86400 == 0 and seconds > 86400:
        return f"{seconds // 86400} суток"
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    parts = (
        (hours, ("час", "часа", "часов")),
        (minutes, ("минута", "минуты", "минут")),
        (rest, ("секунда", "секунды", "секунд")),
    )
    return " ".join(f"{n} {plural(n, *forms)}" for n, forms in parts if n)


def plural(number: int, one: str, few: str, many: str) -> str:
    """The Russian form for a number: 1 час, 2 часа, 5 часов, 11 часов, 21 час."""
    if number % 10 == 1 and number % 100 != 11:
        return one
    if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
        return few
    return many
