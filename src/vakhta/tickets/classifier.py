"""The classifier in use: entries of the domain as the centre has edited them, with the norms that hold for a
company today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vakhta.domain.classifier import ENTRIES, Entry, Match
from vakhta.domain.classifier import suggest as suggest_of
from vakhta.domain.classifier.editions import edited, of_dict
from vakhta.domain.facts import NormCorrected
from vakhta.domain.norms import CONTRACT, Norm, NormError, effective, length, snapshot, with_limit
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import ROUTES
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Company

from .clocks import corrections
from .models import ClassifierEdition

_known: dict[int, tuple[int, Mapping[str, Entry]]] = {}
"""Centre → (version, its classifier), as this process read it last. Every scope brings the version that holds."""


def entries() -> Mapping[str, Entry]:
    """The classifier of the running scope's centre. No query, but one when an edition is new to the process.
    Who does not see the centre's rows, a client or a resident, has the program's own."""
    scope = current_scope()
    if not scope.classifier or scope.centre is None:
        return ENTRIES
    version, known = _known.get(scope.centre, (0, ENTRIES))
    if version < scope.classifier:
        known = dict(ENTRIES)
        for row in ClassifierEdition.objects.filter(company_id=scope.centre).order_by("version"):
            known[row.classifier] = edited(ENTRIES[row.classifier], of_dict(row.edition), row.version)
            version = row.version
        _known[scope.centre] = version, known
    return known


def suggest(text: str, limit: int = 6) -> list[Match]:
    """What a text may mean, by the centre's own classifier."""
    return suggest_of(text, limit, entries())


def the_entry(code: str) -> Entry:
    """The entry of a code as the running scope's centre has it; raises `Invalid` for an unknown one."""
    entry = entries().get(code)
    if entry is None:
        raise Invalid("Такого вида неисправности нет в классификаторе: выберите из списка.", "classifier")
    return entry


OF_SERVICES = {
    entry.code: entry.services[0] for entry in ENTRIES.values() if not ROUTES[entry.route].own_crew
}
"""Code of an entry whose work no own crew does → the service that does it: «пахнет газом» → gas_service."""


def norms_of(entry: Entry, company: int, at: datetime) -> list[dict[str, Any]]:
    """The snapshot of an entry's norms for a ticket registered `at`: the edition in force, as
    corrected by then, or the company's stricter limit; and the company's terms by contract."""
    row = Company.objects.only("zone", "stricter_norms").get(pk=company)
    return [snapshot(norm, own) for norm, own in _in_force(entry, row, at, _corrected())]


def terms_of(kinds: Iterable[Entry], company: Company, at: datetime) -> dict[str, list[Norm]]:
    """Code of an entry → its norms with the limits that a ticket of the company would have, registered `at`. One query."""
    corrected = _corrected()
    return {
        entry.code: [
            with_limit(norm, own) if own else norm for norm, own in _in_force(entry, company, at, corrected)
        ]
        for entry in kinds
    }


def _corrected() -> list[NormCorrected]:
    return [r.fact for r in corrections() if isinstance(r.fact, NormCorrected)]


def _in_force(
    entry: Entry, company: Company, at: datetime, corrected: Sequence[NormCorrected]
) -> Iterator[tuple[Norm, timedelta | None]]:
    """Each norm as it holds `at`, and the company's stricter limit where it has one."""
    day = at.astimezone(ZoneInfo(company.zone)).date()
    for code in (*entry.norms, *_by_contract(entry, company.stricter_norms)):
        try:
            norm = effective(NORMS.on(code, day), corrected, day)
        except NormError:
            continue
        if not norm.in_season(day):
            continue
        own = timedelta(seconds=company.stricter_norms.get(code) or 0)
        # A term that the law has meanwhile overtaken gives way to the law: intake must not stop.
        promised = own if timedelta(0) < own else None
        yield norm, promised if promised and (not norm.limit or promised < length(norm)) else None


def _by_contract(entry: Entry, own: dict[str, int]) -> list[str]:
    """Terms of the contract that a ticket of this entry has: containment where the law knows one."""
    contains = any(code.endswith(".containment") for code in entry.norms)
    return [
        code for code in own if code.startswith(CONTRACT) and (contains or code != f"{CONTRACT}containment")
    ]
