"""`python -m vakhta.cli.catalogue`: does every text of the pages have its English words?
`… write` puts new texts into the catalogue (to be translated by hand) and takes out those that are gone.

A text (msgid) is Russian, marked in templates by `{% translate %}` and `{% blocktranslate %}`, in
Python by `_()`, `counted_words()` (words behind a number: the form of one and that of many) and, where they are said later,
`marked()`. Texts that come from tables (titles of facts, states, roles) are
listed by `spoken`; `Refused` translates its own words, which `refusals` finds. The compiled catalogue is made by `vakhta assets collect` and not committed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
ENGLISH = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MARKS: dict[str, Any] = dict.fromkeys(
    (
        "_",
        "marked",
        "gettext",
        "gettext_lazy",
        "ngettext",
        "ngettext_lazy",
        "pgettext",
        "npgettext",
        "counted_words",
    )
)
CALL = re.compile(r"""[ ]((?:n?p?gettext|_)\((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^'"()])*\))[ ]""")
"""A call of `templatize`'s answer, its strings whole."""
HEADER = "# English words for the Russian texts of the pages.\n"

Msgid = str | tuple[str, ...]


def compile_catalogue(source: Path = ENGLISH) -> None:
    """Beside the source, `django.mo`: what Django reads."""
    with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
        write_mo(mo, read_po(po, locale="en"))


def texts() -> dict[tuple[str, Msgid], list[str]]:
    """(context, msgid) → the files that say it, named from the package's folder."""
    found: dict[tuple[str, Msgid], list[str]] = {}
    for path in sorted(
        [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("letters/*.txt")]
    ):
        if "tests" in path.parts or "gallery" in path.parts:
            continue
        for key in texts_of(path):
            found.setdefault(key, []).append(str(path.relative_to(PACKAGE)))
    for text in (*spoken(), *refusals()):
        found.setdefault(("", text), []).append("tables")
    return found


def texts_of(path: Path) -> Iterator[tuple[str, Msgid]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = as_python(source)
    elif "gettext" not in source and "counted_words" not in source:
        return
    found: Any = extract_python(BytesIO(source.encode()), MARKS, [], {})
    for _line, mark, said, _comments in found:
        parts = (said,) if isinstance(said, str) else said or ()
        words = [part for part in parts if isinstance(part, str)]
        context = words.pop(0) if "pgettext" in mark and words else ""
        if words:
            yield context, words[0] if len(words) == 1 else (words[0], words[-1])


def as_python(template: str) -> str:
    """A template as Python that says only its texts, by Django's own reader of templates."""
    from django.utils.translation.template import templatize

    return "\n".join(CALL.findall(templatize(template)))


def spoken() -> Iterator[str]:
    """Texts that pages take from tables and say through `_()`."""
    from django.apps import apps

    from vakhta.domain.classifier import ENTRIES, SERVICES, SKILLS
    from vakhta.domain.facts import FACTS
    from vakhta.domain.keeping import TERMS
    from vakhta.domain.norms import PAUSE_REASONS, VERIFIED
    from vakhta.domain.permissions import RIGHTS, ROLES, TITLES
    from vakhta.domain.regulations import NORMS, STATUS
    from vakhta.domain.regulations.pp354 import BREAKS, BY_TECHNICAL_NORMS
    from vakhta.domain.rotas import TURNS
    from vakhta.domain.routes import ROUTES
    from vakhta.imports.columns import OLD_TICKETS, STOCK
    from vakhta.shifts.rows import REFUSED
    from vakhta.web.api import docs
    from vakhta.web.api.urls import api

    yield from docs.texts(api)
    yield from (kind.TITLE for kind in FACTS.values() if kind.TITLE)
    yield from (role.title for role in ROLES)
    yield from (right.title for right in RIGHTS)
    for group, verbs in TITLES.items():
        yield from (group, *verbs.values())
    yield from (*PAUSE_REASONS.values(), *VERIFIED.values(), *SERVICES.values(), *SKILLS.values())
    for norm in (norm for code in NORMS for norm in NORMS.editions(code)):
        yield from (norm.title, norm.limit_text, *([norm.note] if norm.note else []))
    yield from (
        text for term in TERMS.values() for text in (term.title, term.since, term.goes, term.stays, term.why)
    )
    yield from (BY_TECHNICAL_NORMS, *STATUS.values())
    for allowed in BREAKS:
        yield from filter(None, (allowed.title, allowed.when))
    for route in ROUTES.values():
        yield from (route.title, *(stage.title for stage in route.stages))
    for entry in ENTRIES.values():
        yield from (entry.place, entry.system, entry.problem)
    for table in (STOCK, OLD_TICKETS):
        yield from (field.title for field in table.fields.values())
    yield from (*REFUSED.values(), *(turn.letter for turn in TURNS.values()))
    for model in apps.get_models():
        if model.__module__.startswith("vakhta."):
            for field in model._meta.get_fields():
                choices: Any = getattr(field, "choices", None) or ()
                yield from (str(label) for _value, label in choices if label)


def refusals() -> Iterator[str]:
    """What the rooms below the pages refuse with. Its places are `%(name)s`, filled in when it is translated: a text
    that is put together beforehand (an f-string) could not be found in any catalogue."""
    for said in refusing():
        match said:
            case ast.Constant(value=str(text)):
                yield text


def refusing() -> Iterator[ast.expr]:
    """The first argument of every `Refused` and of its kinds, and of what becomes one."""
    outside = ("web", "cli", "demo", "config")
    rooms = (
        path
        for path in PACKAGE.glob("*/**/*.py")
        if path.relative_to(PACKAGE).parts[0] not in outside and "tests" not in path.parts
    )
    nodes = [node for path in rooms for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    kinds = {
        node.name
        for node in nodes
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Refused" for base in node.bases)
    } | {"EditionError"}
    for node in nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in kinds
            and node.args
        ):
            yield node.args[0]


def read() -> Catalog:
    if not ENGLISH.exists():
        return Catalog(locale="en")
    with ENGLISH.open("rb") as source:
        return read_po(source, locale="en")


def faults(catalogue: Catalog, wanted: dict[tuple[str, Msgid], list[str]]) -> list[str]:
    """What the catalogue lacks, one line each: texts without words, unsure words, texts nobody says."""
    held = {key_of(message): message for message in catalogue if message.id}
    found = [
        f"no entry: {key[1]!r} of {', '.join(where)}" for key, where in wanted.items() if key not in held
    ]
    for key, message in held.items():
        if key not in wanted:
            found.append(f"nobody says: {key[1]!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {key[1]!r}")
        elif not is_translated(message):
            found.append(f"no English words: {key[1]!r}")
        else:
            found += [f"{key[1]!r}: {error}" for error in message.check(catalogue)]
    return found


def key_of(message: Message) -> tuple[str, Msgid]:
    said = message.id
    return message.context or "", said if isinstance(said, str) else tuple(said)


def is_translated(message: Message) -> bool:
    said = message.string
    return bool(said) if isinstance(said, str) else bool(said) and all(said or ())


def write() -> None:
    """The catalogue anew: today's texts, the words that it had, sorted; no dates, so that it merges."""
    had = {key_of(message): message.string for message in read() if message.id}
    catalogue = Catalog(locale="en", header_comment=HEADER, fuzzy=False)
    for (context, said), where in sorted(texts().items(), key=lambda pair: (pair[1][0], str(pair[0]))):
        words = had.get((context, said), "")
        catalogue.add(said, words, [(name, 0) for name in sorted(set(where))], context=context or None)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    made = BytesIO()
    write_po(made, catalogue, width=0, omit_header=True, include_lineno=False)
    head = f'{HEADER}msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: en\\n"\n'
    head += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    ENGLISH.write_text(head + made.getvalue().decode(), encoding="utf-8")


def main(words: list[str]) -> int:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vakhta.config.settings")
    django.setup()
    if words == ["write"]:
        write()
    found = faults(read(), texts())
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
