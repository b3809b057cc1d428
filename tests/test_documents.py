"""The documents point at what exists: files of the project, headings, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vakhta.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"`((?:src|tests|docs|bench|\.ci)/[\w./-]+)`")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def anchor(heading: str) -> str:
    """A heading's address as Markdown pages make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.M)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_the_document_leads_somewhere(document: Path) -> None:
    broken = []
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, part = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (part and part not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_command_the_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    missing = [name for name in NAMED_FILE.findall(text) if not (ROOT / name).exists()]
    unknown = [word for word in re.findall(r"[`/]vakhta ([a-z]+)", text) if word not in COMMANDS]
    assert missing == []
    assert unknown == []
