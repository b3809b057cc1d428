"""`vakhta token add | rights | revoke | list`: partners' keys to the API and what each may do."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.office import changing, find_service
from vakhta.domain.permissions import RIGHTS

CODES = [right.code for right in RIGHTS]


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("token", help="ключи доступа к API: выдать, изменить права, отозвать")
    what = parser.add_subparsers(dest="what", metavar="ДЕЙСТВИЕ", required=True)
    add = what.add_parser("add", help="выдать ключ; он показывается один раз")
    add.add_argument("--company", type=int, required=True, metavar="N", help="номер организации")
    add.add_argument("--name", required=True, metavar="НАЗВАНИЕ", help="чей это ключ: «Сайт», «ЕДДС»")
    rights = what.add_parser("rights", help="задать ключу другие права")
    revoke = what.add_parser("revoke", help="отозвать ключ")
    for changed in (rights, revoke):
        changed.add_argument("token", type=int, metavar="N", help="номер ключа из vakhta token list")
    for chosen in (add, rights):
        meant = "; ".join(f"{right.code} — {right.title}" for right in RIGHTS)
        chosen.add_argument(
            "--right", action="append", default=[], choices=CODES, help=f"право, можно несколько: {meant}"
        )
    what.add_parser("list", help="показать ключи без них самих")


def run(args: argparse.Namespace) -> int:
    find_service()
    return {"add": _add, "rights": _rights, "revoke": _revoke, "list": _list}[args.what](args)


def _add(args: argparse.Namespace) -> int:
    from vakhta.people.tokens import give_token

    with changing("token"):
        row, token = give_token(company=args.company, name=args.name, rights=args.right)
    print(f"Ключ № {row.pk} «{row.name}», права: {', '.join(row.rights)}. Второй раз он не покажется:")
    print(token)
    return 0


def _rights(args: argparse.Namespace) -> int:
    from vakhta.people.tokens import change_rights

    with changing("token"):
        row = change_rights(args.token, args.right)
    print(f"Ключ № {row.pk} «{row.name}», права: {', '.join(row.rights)}.")
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from vakhta.people.tokens import revoke_token

    with changing("token"):
        row = revoke_token(args.token)
    print(f"Ключ № {row.pk} «{row.name}» отозван: через несколько секунд он не откроет ничего.")
    return 0


def _list(args: argparse.Namespace) -> int:
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.models import ApiToken

    with reading(Scope.system("token")):
        for row in ApiToken.objects.select_related("company").order_by("id"):
            state = f"отозван {row.revoked_at:%d.%m.%Y}" if row.revoked_at else ", ".join(row.rights)
            print(f"№ {row.pk}  «{row.name}», {row.company.short_name}: {state or 'прав нет'}")
    return 0
