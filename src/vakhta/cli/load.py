"""`vakhta load FILE.toml`: houses, residents, crews and the duty directory of a small company."""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import tomllib
from pathlib import Path
from typing import Any, get_type_hints

from vakhta.cli.main import Mistake
from vakhta.cli.office import changing, find_service
from vakhta.kernel.reasons import reason

FORMS = {str: "строка в кавычках", int: "целое число", bool: "true или false"}
LIST_FORM = "список строк"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("load", help="дома, жильцы, бригады и службы из файла")
    parser.add_argument("file", metavar="FILE", help="файл TOML; вид — в docs/howto/production.md")


def run(args: argparse.Namespace) -> int:
    try:
        found = tomllib.loads(Path(args.file).read_text(encoding="utf-8"))
    except OSError as error:
        raise Mistake(f"{args.file}: файл не читается ({reason(error)}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Mistake(f"{args.file}: это не TOML ({error}).") from error
    find_service()
    from vakhta.crews.stock import TABLES, load

    tables = _tables(found, {name: kind for name, (kind, _) in TABLES.items()})
    with changing("load"):
        added = load(tables)
    for name, rows in tables.items():
        print(f"{name}: в файле {len(rows)}, добавлено строк {added.get(name, 0)}")
    return 0


def _tables(found: dict[str, Any], kinds: dict[str, type[Any]]) -> dict[str, list[Any]]:
    """The file's tables as what each row says; the first mistake is named with its table and row."""
    tables = {}
    for name, rows in found.items():
        if name not in kinds:
            raise Mistake(f"таблицы «{name}» не бывает{_near(name, kinds)} Есть: {', '.join(kinds)}.")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Mistake(f"«{name}»: каждая строка начинается с [[{name}]].")
        tables[name] = [_row(row, kinds[name], f"[[{name}]] № {place}") for place, row in enumerate(rows, 1)]
    return tables


def _row(said: dict[str, Any], kind: type[Any], where: str) -> Any:
    hints = get_type_hints(kind)
    for name, value in said.items():
        if name not in hints:
            raise Mistake(f"{where}: «{name}» здесь не бывает{_near(name, hints)}")
        wanted = hints[name]
        if wanted in FORMS and type(value) is not wanted:
            raise Mistake(f"{where}, {name}: нужно {FORMS[wanted]}.")
        if wanted not in FORMS and not (isinstance(value, list) and all(type(v) is str for v in value)):
            raise Mistake(f"{where}, {name}: нужно {LIST_FORM}.")
    for field in dataclasses.fields(kind):
        if field.default is dataclasses.MISSING and field.name not in said:
            raise Mistake(f"{where}: не хватает {field.name}.")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in said.items()})


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f". Может быть, {near[0]}?" if near else "."
