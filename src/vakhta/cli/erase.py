"""`vakhta erase`: deletes a person by 152-ФЗ and prints the act; without --yes it only looks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from vakhta.cli.main import Mistake
from vakhta.cli.office import find_service, named
from vakhta.kernel.reasons import reason


class _OnlyLooking(Exception):
    """Rolls back what would have been deleted."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("erase", help="удалить сведения о человеке по 152-ФЗ")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--phone", default="", metavar="ТЕЛЕФОН", help="с которого обращались")
    whom.add_argument("--person", type=int, metavar="N", help="номер жильца, когда телефон у нескольких")
    whom.add_argument(
        "--contact", type=int, metavar="N", help="номер обращения того, кто не оставил телефона"
    )
    whom.add_argument("--ticket", default="", metavar="НОМЕР", help="или его заявки, например 26-14")
    whom.add_argument(
        "--overdue",
        action="store_true",
        help="всё, чей срок хранения истёк (служба делает это сама каждые сутки)",
    )
    parser.add_argument(
        "--name", default="", metavar="ИМЯ", help="кого нет среди жильцов: фамилия, имя, отчество"
    )
    parser.add_argument(
        "--basis", default="", metavar="СЛОВА", help="основание без имени: заявление от 20.11.2026 № 5"
    )
    parser.add_argument("--by", default="", metavar="ПОЧТА", help="администратор, который удаляет")
    parser.add_argument("--act", metavar="FILE", help="куда записать акт (PDF)")
    parser.add_argument("--yes", action="store_true", help="удалить; без него показать, что нашлось")


def run(args: argparse.Namespace) -> int:
    if args.overdue:
        return _overdue(args.yes)
    for name, said in (("--basis", args.basis), ("--by", args.by)):
        if not said:
            raise Mistake(f"{name}: без этого сведения о человеке не удаляют.")
    find_service()
    from vakhta.kernel.journal import acting
    from vakhta.kernel.refusal import Refused
    from vakhta.kernel.tenancy import reading
    from vakhta.privacy.act import act_of, act_pdf, act_text
    from vakhta.privacy.erase import Whom, erase_person

    scope, staff = _administrator(args.by)
    if args.act and args.yes:
        _check_writable(Path(args.act))
    whom = Whom(args.person, args.phone, args.name, args.contact, args.ticket)
    try:
        with acting(scope) as unit:
            found = erase_person(whom, basis=args.basis)
            if not args.yes:
                raise _OnlyLooking
    except Refused as error:
        raise Mistake(named(error)) from None
    except _OnlyLooking:
        print(f"Нашлось: {found.name or 'имя неизвестно'}. Ничего не удалено, удалить: --yes")
        for name, count in found.rows.items():
            print(f"  {name}: {count}")
        return 0
    with reading(scope):
        act = act_of(found, basis=args.basis, staff=staff, at=unit.at, last_entry=unit.last_entry)
    print(act_text(act))
    if args.act:
        Path(args.act).write_bytes(act_pdf(act))
        print(f"Записано: {args.act}. Акт называет человека: храните его три года отдельно от службы.")
    return 0


def _overdue(is_real: bool) -> int:
    """The same that `vakhta worker` does each day."""
    find_service()
    from vakhta.kernel import clock
    from vakhta.privacy.overdue import erase_overdue, overdue

    if not is_real:
        found = overdue(clock.now())
        print(
            "Срок хранения истёк. Ничего не удалено, удалить: --yes"
            if found
            else "Срок хранения ни у чего не истёк."
        )
        for name, count in found.items():
            print(f"  {name}: {count}")
        return 0
    acts = erase_overdue(clock.now())
    for act in acts:
        print(f"Акт № {act.act}: " + ", ".join(f"{name} {count}" for name, count in act.rows.items()))
    print(f"Актов: {len(acts)}. Они в «Журнале», страница «Сроки хранения».")
    return 0


def _administrator(email: str) -> tuple[Any, Any]:
    """The scope and the seat of who deletes: the journal and the act name them."""
    from vakhta.kernel import clock
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.access import scope_of_user
    from vakhta.people.offices import user_of

    with reading(Scope.system("erase")):
        user = user_of(email)
    found = scope_of_user(user.pk, clock.today()) if user else None
    if found is None:
        raise Mistake("--by: сотрудника с таким адресом нет.")
    return found


def _check_writable(path: Path) -> None:
    """Before anything is deleted: an act that cannot be kept is no act."""
    is_new = not path.exists()
    try:
        path.open("ab").close()
    except OSError as error:
        raise Mistake(f"--act: файл {path} не записать: {reason(error)}.") from error
    if is_new:
        path.unlink()  # what is refused below leaves no empty act behind
