"""`vakhta company add | set | list`: organisations, who serves whom, and when an unanswered ticket closes."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from vakhta.cli.main import Mistake
from vakhta.cli.office import changing, find_service, the_centre


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("company", help="организации: добавить, показать")
    what = parser.add_subparsers(dest="what", metavar="ДЕЙСТВИЕ", required=True)
    add = what.add_parser("add", help="добавить организацию; повтор ничего не меняет")
    add.add_argument(
        "--kind", required=True, metavar="ВИД", help="dispatch_centre, management_company и другие"
    )
    add.add_argument("--name", required=True, metavar="НАЗВАНИЕ")
    add.add_argument("--short-name", default="", metavar="НАЗВАНИЕ", help="как её называют в списках")
    add.add_argument("--phone", default="", metavar="ТЕЛЕФОН")
    add.add_argument("--email", default="", metavar="ПОЧТА")
    add.add_argument("--zone", default="Europe/Moscow", metavar="ЗОНА", help="зона времени")
    add.add_argument("--centre", type=int, metavar="N", help="кто обслуживает; одна — её можно не называть")
    add.add_argument(
        "--since", metavar="ДАТА", help="с какого дня договор, например 2026-12-01; без неё — с сегодня"
    )
    change = what.add_parser("set", help="изменить условие организации")
    change.add_argument("company", type=int, metavar="N", help="номер организации")
    change.add_argument(
        "--close-after", type=int, metavar="ДНЕЙ",
        help="через сколько дней после работ закрыть заявку, о которой заявитель молчит",
    )  # fmt: skip
    change.add_argument(
        "--until",
        metavar="ДАТА",
        help="с какого дня диспетчерская её больше не обслуживает, например 2027-01-01; конец, что ещё впереди, так же переносят",
    )
    change.add_argument("--anyway", action="store_true", help="и с незаконченными заявками")
    what.add_parser("list", help="показать номера, названия, договоры")


def run(args: argparse.Namespace) -> int:
    since = _day(args.since, "--since") if args.what == "add" and args.since else None
    find_service()
    if args.what == "list":
        return _list()
    return _add(args, since) if args.what == "add" else _set(args)


def _set(args: argparse.Namespace) -> int:
    from vakhta.contacts.leaving import check_left
    from vakhta.people.offices import close_after, stop_serving

    if args.close_after is None and not args.until:
        raise Mistake("что изменить: --close-after ДНЕЙ или --until ДАТА.")
    until = _day(args.until, "--until") if args.until else None
    with changing("company"):
        if args.close_after is not None:
            row = close_after(args.company, args.close_after)
            print(
                f"№ {row.pk} {row.name}: заявка без ответа закрывается через {row.auto_close_days} дн. после работ"
            )
        if until:
            if not args.anyway:
                check_left(args.company, until)
            ended = stop_serving(args.company, until)
            print(f"Договор с «{ended.centre}» действует до {until:%d.%m.%Y}, с этого дня — нет.")
    return 0


def _add(args: argparse.Namespace, since: date | None) -> int:
    from vakhta.kernel import clock
    from vakhta.people.models import CENTRE
    from vakhta.people.offices import Office, add_company, serve
    from vakhta.places.phones import company_phone

    with changing("company"):
        said = Office(
            kind=args.kind,
            name=args.name,
            short_name=args.short_name,
            phone=company_phone(args.phone),
            email=args.email,
            zone=args.zone,
        )
        row, is_new = add_company(said)
        print(f"{'Добавлена' if is_new else 'Уже есть'}: № {row.pk} {row.name}")
        if row.kind != CENTRE:
            centre = the_centre(args.centre)
            agreement, is_new = serve(row.pk, centre.pk, since or clock.today())
            print(
                f"{'Договор' if is_new else 'Договор уже есть'}: {centre.name}, с {agreement.since:%d.%m.%Y}"
            )
    return 0


def _list() -> int:
    from vakhta.kernel import clock
    from vakhta.kernel.tenancy import Scope, reading
    from vakhta.people.models import Agreement, Company

    with reading(Scope.system("company")):
        centres: dict[int, list[str]] = {}
        over: dict[int, str] = {}  # the last one that has ended
        for known in Agreement.objects.order_by("since"):
            until = f" до {known.until:%d.%m.%Y}" if known.until else ""
            term = f"№ {known.centre_id} с {known.since:%d.%m.%Y}{until}"
            if known.until and known.until <= clock.today():
                over[known.company_id] = f"; договор закончился: {term}"
            else:
                centres.setdefault(known.company_id, []).append(term)
        for row in Company.objects.order_by("id"):
            served = f", обслуживает {', '.join(centres[row.pk])}" if row.pk in centres else ""
            closes = f"; без ответа закрывается через {row.auto_close_days} дн." if row.pk in centres else ""
            ended = over.get(row.pk, "")
            print(f"№ {row.pk}  {row.name} ({row.get_kind_display().lower()}){served}{closes}{ended}")
    return 0


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Mistake(f"{name}=«{text}»: нужна дата вида 2026-12-01.") from None
