"""`vakhta staff add | password | reset | list`: who signs in, and in which role. Passwords are typed."""

from __future__ import annotations

import argparse
from typing import Any

from vakhta.cli.main import Mistake
from vakhta.cli.office import ask_password, changing, find_service


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("staff", help="сотрудники: добавить, сменить пароль, показать")
    what = parser.add_subparsers(dest="what", metavar="ДЕЙСТВИЕ", required=True)
    add = what.add_parser("add", help="дать работу в одной роли; пароль спросит; повтор ничего не меняет")
    add.add_argument("--company", type=int, required=True, metavar="N", help="номер организации")
    add.add_argument("--role", required=True, metavar="РОЛЬ", help="administrator, operator, senior и другие")
    add.add_argument("--email", required=True, metavar="ПОЧТА", help="имя для входа")
    add.add_argument("--name", default="", metavar="ИМЯ", help="фамилия, имя, отчество")
    password = what.add_parser("password", help="задать новый пароль; прежние сеансы закончатся")
    password.add_argument("--email", required=True, metavar="ПОЧТА")
    reset = what.add_parser("reset", help="сбросить второй шаг входа тому, кто потерял телефон, коды и ключ")
    reset.add_argument("--email", required=True, metavar="ПОЧТА")
    reset.add_argument("--reason", required=True, metavar="ПРИЧИНА", help="останется в журнале")
    what.add_parser("list", help="показать сотрудников")


def run(args: argparse.Namespace) -> int:
    find_service()
    return {"add": _add, "password": _password, "reset": _reset, "list": _list}[args.what](args)


def _add(args: argparse.Namespace) -> int:
    from vakhta.people.offices import add_staff, user_of

    known = user_of(args.email)
    if known is None and not args.name.strip():
        raise Mistake("--name: назовите нового сотрудника: фамилия, имя, отчество.")
    password = "" if known else ask_password(args.email)
    with changing("staff"):
        row, is_new = add_staff(
            company=args.company, role=args.role, email=args.email, name=args.name, password=password
        )
    print(f"{'Добавлен' if is_new else 'Уже есть'}: № {row.pk} {row.name}, {row.get_role_display().lower()}")
    return 0


def _password(args: argparse.Namespace) -> int:
    from vakhta.people.offices import change_password, user_of

    if user_of(args.email) is None:
        raise Mistake("--email: сотрудника с таким адресом нет.")
    password = ask_password(args.email)
    with changing("staff"):
        change_password(args.email, password)
    print("Пароль задан.")
    return 0


def _reset(args: argparse.Namespace) -> int:
    from vakhta.people.offices import user_of
    from vakhta.people.second_step import reset_steps

    user = user_of(args.email)
    if user is None:
        raise Mistake("--email: сотрудника с таким адресом нет.")
    with changing("staff"):
        reset_steps(user, args.reason)
    print("Второй шаг сброшен, сеансы закончены: следующий вход — по одному паролю.")
    return 0


def _list(args: argparse.Namespace) -> int:
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.models import Staff

    with reading(Scope.system("staff")):
        for row in Staff.objects.select_related("user", "company").order_by("id"):
            gone = "" if row.is_active and row.user.is_active else ", не работает"
            role = row.get_role_display().lower()
            print(f"№ {row.pk}  {row.name} <{row.user.email}>: {role}, {row.company.short_name}{gone}")
    return 0
