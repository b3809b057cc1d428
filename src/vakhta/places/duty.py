"""The duty directory by hand: services and people on call. Every verb runs inside `kernel.journal.acting`; each
change is a fact, and whoever opens the directory next, on the console or on paper, has it.

Services are the centre's: an operator tells them at step 5. People on call are the centre's or a served company's.
"""

from __future__ import annotations

from collections.abc import Mapping

from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES
from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid, NotFound, clean, require
from vakhta.kernel.seen import check_seen, seen_of
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Company, DutyContact

from .phones import office_phone

OWN = "own-"
"""How the code of a service begins that no route names."""
KINDS = dict(DutyContact.KINDS)


def line_seen(row: DutyContact) -> str:
    return seen_of(row, "company_id", "code", "name", "phone", "note", "removed_at")


def add_line(kind: str, said: Mapping[str, str]) -> DutyContact:
    """A line behind the others of its `kind`. `said`: name, phone, note; of a service its code, of a person the
    company."""
    scope = require("duty.edit")
    if kind not in KINDS:
        raise NotFound("Такого раздела в справочнике нет.")
    row = DutyContact(company_id=scope.centre or 0, kind=kind)
    _fill(row, said)
    last = DutyContact.objects.order_by("-place").values_list("place", flat=True).first()
    row.place = 0 if last is None else last + 1
    row.save()
    if kind == "service" and not row.code:
        row.code = f"{OWN}{row.pk}"
        row.save(update_fields=["code"])
    _record(row, "added")
    return row


def change_line(line: int, seen: str, said: Mapping[str, str]) -> DutyContact:
    """`seen`: `line_seen` of the row that the form was drawn from. Its kind stays."""
    require("duty.edit")
    row = _line(line)
    before = line_seen(row)
    check_seen(seen, before)
    _fill(row, said)
    if line_seen(row) != before:
        row.save()
        _record(row, "changed")
    return row


def _fill(row: DutyContact, said: Mapping[str, str]) -> None:
    row.name = clean(
        said.get("name"), "name", "Название" if row.kind == "service" else "Имя", limit=160, required=True
    )
    row.phone = office_phone(said.get("phone", ""), required=True)
    row.note = clean(said.get("note"), "note", "Пояснение", limit=300)
    if row.kind == "service":
        row.code = _code(row, said.get("code", ""))
    else:
        row.company = _company(said.get("company", ""))


def _code(row: DutyContact, said: str) -> str:
    """Whose number the routes want: one line for each; empty or an own one for a service that none names."""
    if said not in SERVICES:
        if said:
            raise Invalid("Выберите службу из списка.", "code")
        return row.code if row.code.startswith(OWN) else f"{OWN}{row.pk}" if row.pk else ""
    other = DutyContact.objects.filter(company_id=row.company_id, code=said).exclude(pk=row.pk).first()
    if other is not None:
        raise Invalid(
            "Эта служба уже есть: «%(name)s». Исправьте ту строку или выберите «другая служба».",
            "code",
            name=other.name,
        )
    return said


def _company(said: str) -> Company:
    if not _is_row(said):
        raise Invalid("Выберите, чей это дежурный.", "company")
    found: Company | None = Company.objects.filter(pk=int(said)).first()
    if found is None:
        raise NotFound("Такой организации нет, или договор с ней не действует.", "company")
    return found


def _is_row(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 19


def move_line(line: int, *, up: bool) -> DutyContact:
    """The line changes places with its neighbour of the same kind; the first stays first. Locks all of the kind."""
    require("duty.edit")
    kind = _line(line).kind
    rows: list[DutyContact] = list(
        DutyContact.objects.select_for_update(of=("self",)).filter(kind=kind).order_by("place", "name", "id")
    )
    here = next(place for place, row in enumerate(rows) if row.pk == line)
    there = here + (-1 if up else 1)
    row = rows[here]
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        for place, each in enumerate(rows):
            if each.place != place:
                each.place = place
                each.save(update_fields=["place"])
        _record(row, "moved")
    return row


def remove_line(line: int) -> DutyContact:
    """Out of the directory; `restore_line` brings it back as it stood."""
    require("duty.edit")
    row = _line(line)
    row.removed_at = journal.current_unit().at
    row.save(update_fields=["removed_at"])
    _record(row, "removed")
    return row


def restore_line(line: int) -> DutyContact:
    """Undoes a removal; refused when another line is the same service meanwhile."""
    require("duty.edit")
    row: DutyContact | None = (
        DutyContact.everything.select_for_update(of=("self",))
        .filter(pk=line, removed_at__isnull=False)
        .first()
    )
    if row is None:
        raise NotFound("Убранной строки с таким номером нет: её уже вернули.")
    if row.kind == "service" and row.code in SERVICES:
        _code(row, row.code)
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    _record(row, "restored")
    return row


def _line(pk: int) -> DutyContact:
    """The line, locked until commit; a service of another centre is not there."""
    row: DutyContact | None = DutyContact.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None or (row.kind == "service" and row.company_id != current_scope().centre):
        raise NotFound("Такой строки в справочнике нет.")
    return row


def _record(row: DutyContact, what: str) -> None:
    code = row.code if row.kind == "service" else ""
    fact = facts.DutyChanged(duty=row.pk, what=what, code=code, name=row.name, phone=row.phone)
    journal.record(fact, company=row.company_id)
