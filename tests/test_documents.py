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


# ── The handbook ─────────────────────────────────────────────────────────────────────────────

HANDBOOK = ROOT / "docs" / "ru"
WEB = ROOT / "src" / "vakhta" / "web"
KEY_ROW = re.compile(r"^\| `([^`]+)` \|", re.M)
SAID_IN_WORDS = {"Question": "?"}
"""A key whose name on the keyboard is not the one that templates write."""


def keys_of_screens() -> set[str]:
    """Every key that a control of the pages has, as the handbook writes it."""
    found: set[str] = set()
    for page in (WEB / "templates").rglob("*.html"):
        for named in re.findall(r'data-key="([^"{]+)"', page.read_text(encoding="utf-8")):
            found |= set(named.split(" ")[:1])
    for source in WEB.rglob("*.py"):
        if "gallery" not in source.parts and "tests" not in source.parts:
            found |= set(re.findall(r'\bkey="((?:Alt|Ctrl)\+\w+|F\d+)"', source.read_text(encoding="utf-8")))
    tabs = re.findall(r"\bkey=(\d)\b", (WEB / "console" / "build.py").read_text(encoding="utf-8"))
    found |= {f"Alt+{digit}" for digit in tabs}
    return {SAID_IN_WORDS.get(key, key) for key in found}


def keys_of_handbook() -> set[str]:
    return {
        key for page in HANDBOOK.glob("*.md") for key in KEY_ROW.findall(page.read_text(encoding="utf-8"))
    }


def test_every_key_of_the_handbook_is_on_a_screen_and_every_key_of_a_screen_in_the_handbook() -> None:
    assert keys_of_handbook() == keys_of_screens()


def test_the_handbook_lists_all_its_pages() -> None:
    listed = set(LINK.findall((HANDBOOK / "index.md").read_text(encoding="utf-8")))
    assert {page.name for page in HANDBOOK.glob("*.md")} - {"index.md"} <= listed


def test_the_handbook_s_pictures_are_small_and_shown() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in HANDBOOK.glob("*.md"))
    for picture in (HANDBOOK / "pictures").glob("*.png"):
        assert picture.stat().st_size <= 150_000, picture.name
        assert f"pictures/{picture.name}" in pages, picture.name
