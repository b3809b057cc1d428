"""argparse that speaks Russian to whoever mistypes: one line, exit 2."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from typing import Any, NoReturn

_SAID = (
    (r"argument (\S+): ", r"\1: "),
    (r"invalid choice: '(.*?)' \(choose from (.*)\)", r"«\1» здесь не бывает, есть: \2"),
    (r"invalid int value: '(.*)'", r"«\1» — не целое число"),
    (r"invalid float value: '(.*)'", r"«\1» — не число"),
    (r"invalid \S+ value: '(.*)'", r"«\1» не годится"),
    (r"unrecognized arguments: (.*)", r"лишнее: \1"),
    (r"the following arguments are required: (.*)", r"не хватает: \1"),
    (r"one of the arguments (.*) is required", r"нужно одно из: \1"),
    (r"expected one argument", r"нужно значение"),
    (r"expected at least one argument", r"нужно хотя бы одно значение"),
    (r"expected (\d+) arguments?", r"значений нужно \1"),
    (r"not allowed with argument (\S+)", r"нельзя вместе с \1"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 — это что из: \2"),
)


def in_russian(message: str) -> str:
    """argparse's own messages; those of a command's checks are Russian already."""
    for pattern, ours in _SAID:
        message = re.sub(pattern, ours, message)
    return message


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Вызов: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    def __init__(self, **more: Any) -> None:
        has_help = more.pop("add_help", True)
        super().__init__(**{**more, "add_help": False, "formatter_class": _Formatter})
        self._positionals.title, self._optionals.title = "Слова", "Ключи"
        if has_help:
            self.add_argument("-h", "--help", action="help", help="эта подсказка")

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {in_russian(message)}. Подсказка: {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def unknown_command(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"нет команды «{word}». " + (f"Может быть, {near[0]}?" if near else f"Есть: {', '.join(known)}.")
