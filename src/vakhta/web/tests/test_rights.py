"""The page of rights is the table by which the service decides, and says every verb in human words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cast import Cast

import vakhta
from vakhta.domain.permissions import RESIDENT, RIGHTS, ROLES, TITLES, VERBS, may
from vakhta.web.tests.steps import browser_of

ASKED = re.compile(
    r"""(?:require|page_for|check|may)\((?:[\w.]+, )?"([a-z]+\.[a-z_]+)"|_scope\(request, "([a-z]+\.[a-z_]+)"\)"""
)


def test_every_verb_has_its_words_once() -> None:
    said = [verb for verbs in TITLES.values() for verb in verbs]
    assert sorted(said) == sorted(VERBS)
    titles = [title for verbs in TITLES.values() for title in verbs.values()]
    assert len(titles) == len(set(titles))


def test_every_verb_is_asked_for_somewhere() -> None:
    """A verb that nothing asks for would be a promise of the page only."""
    asked: set[str] = set()
    for path in Path(vakhta.__file__).parent.rglob("*.py"):
        if "tests" not in path.parts:
            asked |= {verb for pair in ASKED.findall(path.read_text()) for verb in pair if verb}
    assert asked >= set(VERBS) - {"interaction.send"}
    assert asked <= set(VERBS)


@pytest.mark.parametrize("verb", list(VERBS))
def test_the_page_shows_each_cell_as_the_service_decides(cast: Cast, verb: str) -> None:
    page = browser_of(cast.gromova).get("/rights/").content.decode()
    title = next(verbs[verb] for verbs in TITLES.values() if verb in verbs)
    row = page[page.index(f">{title}</th>") :]
    cells = re.findall(r"<td>(.*?)</td>", row[: row.index("</tr>")], re.DOTALL)
    expected = [may(role, verb) for role in (*(role.code for role in ROLES), RESIDENT)]
    expected += [may("", verb, {right.code}) for right in RIGHTS]
    assert ["да" in cell for cell in cells] == expected


def test_who_may_not_see_it_is_told(cast: Cast) -> None:
    assert browser_of(cast.ivanova).get("/rights/").status_code == 403
