"""Saved views: a question under a name, one's own or everybody's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.cast import Cast

from vakhta.crews.models import Crew
from vakhta.domain import facts
from vakhta.kernel.journal import recorded
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.lists import actions
from vakhta.lists.models import SavedView
from vakhta.people.models import Staff
from vakhta.web.lists.saved import address
from vakhta.web.tests.steps import browser_of, registered

QUESTION = "q=ленина 15&state=open&columns=ticket,phone&order=oldest"


class Desk:
    def __init__(self, staff: Staff, of: str = "tickets") -> None:
        self.client, self.of = browser_of(staff), of
        self.url = "/tickets/" if of == "tickets" else "/tickets/contacts/"

    def opens(self, question: str = "") -> Any:
        return self.client.get(self.url + question)

    def does(self, path: str, **said: str) -> Any:
        return self.client.post(f"/tickets/views/{path}", said)

    def keeps(self, name: str, asked: str = QUESTION) -> Any:
        return self.does("", list=self.of, name=name, asked=asked)

    def links(self) -> list[str]:
        """Names of the views above the list, own ones first."""
        row = re.search(
            r'<nav class="list-saved".*?</nav>', self.opens("?view=0").content.decode(), re.DOTALL
        )
        assert row
        words = re.sub("<(kbd|span)[^>]*>[^<]*</(kbd|span)>", "", row[0])
        return [" ".join(name.split()) for name in re.findall(r"<a [^>]*>([^<]+)</a>", words)][1:]


def rows() -> list[SavedView]:
    with reading(Scope.system("test")):
        return list(SavedView.objects.order_by("pk"))


def told() -> list[tuple[str, str]]:
    with reading(Scope.system("test")):
        found = recorded(Entry.objects.filter(kind="SharedViewChanged").order_by("id"))
    return [(r.fact.what, r.fact.name) for r in found if isinstance(r.fact, facts.SharedViewChanged)]


def test_a_view_is_kept_and_one_link_away(cast: Cast) -> None:
    registered(cast)
    desk = Desk(cast.ivanova)
    answer = desk.keeps("Стояки")
    (row,) = rows()
    assert (row.said, row.asked) == (
        "ленина 15",
        {"state": "open", "columns": "ticket,phone", "order": "oldest"},
    )
    assert answer.status_code == 302 and f"view={row.pk}" in answer["Location"]
    page = desk.client.get(answer["Location"]).content.decode()
    assert 'data-key="Alt+1"' in page and ">Телефон</th>" in page and 'value="ленина 15"' in page
    assert "изменён" not in page and "Отбор «Стояки»" in page
    assert desk.links() == ["Стояки"] and told() == []


def test_what_is_asked_otherwise_can_replace_it(cast: Cast) -> None:
    desk = Desk(cast.ivanova)
    desk.keeps("Стояки")
    (row,) = rows()
    page = desk.opens(f"?state=work&view={row.pk}").content.decode()
    assert "Заменить тем, что на экране" in page and "изменён" in page
    desk.does(f"{row.pk}/replace/", list="tickets", asked="state=work")
    assert [(r.said, r.asked) for r in rows()] == [("", {"state": "work"})]
    desk.does(f"{row.pk}/rename/", name="В работе")
    assert desk.links() == ["В работе"]


def test_of_many_views_those_without_a_key_are_folded(cast: Cast) -> None:
    """Twenty names of sixty letters left no room for the list. The one that is open is never hidden."""
    desk = Desk(cast.ivanova)
    for number in range(12):
        desk.keeps(f"Отбор {number:02}", "state=open")
    page = desk.opens("?view=0").content.decode()
    bar = page[page.index('<nav class="list-saved"') : page.index("</nav>", page.index("list-saved"))]
    assert "Ещё отборы: 3" in bar and "<details open" not in bar
    assert bar.index("Отбор 08") < bar.index("<details") < bar.index("Отбор 09")
    folded = desk.opens(f"?view={rows()[-1].pk}").content.decode()
    assert "<details open><summary>Ещё отборы: 3" in folded


def test_a_removed_view_comes_back(cast: Cast) -> None:
    desk = Desk(cast.ivanova)
    desk.keeps("Стояки")
    (row,) = rows()
    gone = desk.does(f"{row.pk}/remove/")
    assert desk.links() == []
    page = desk.client.get(gone["Location"]).content.decode()
    assert f"/tickets/views/{row.pk}/restore/" in page and 'data-key="Ctrl+Z"' in page
    desk.does(f"{row.pk}/restore/")
    assert desk.links() == ["Стояки"]


def test_a_name_taken_meanwhile_keeps_the_removed_one_away(cast: Cast) -> None:
    desk = Desk(cast.ivanova)
    desk.keeps("Стояки")
    (row,) = rows()
    desk.does(f"{row.pk}/remove/")
    desk.keeps("Стояки", "state=open")
    answer = desk.does(f"{row.pk}/restore/")
    assert answer.status_code == 422 and "уже есть" in answer.content.decode()
    assert desk.links() == ["Стояки"]


def test_the_list_opens_with_one_s_own_default(cast: Cast) -> None:
    desk = Desk(cast.ivanova)
    desk.keeps("Стояки")
    desk.keeps("Открытые", "state=open")
    first, second = rows()
    for row in (first, second):
        desk.does(f"{row.pk}/default/")
    assert [r.is_default for r in rows()] == [False, True]
    opened = desk.opens()
    assert opened.status_code == 302 and opened["Location"] == f"/tickets/?state=open&view={second.pk}"
    assert desk.opens("?view=0").status_code == 200 and desk.links() == ["Открытые", "Стояки"]
    assert Desk(cast.sidorova).opens().status_code == 200
    desk.does(f"{second.pk}/default/")
    assert desk.opens().status_code == 200


def test_a_senior_shares_and_the_centre_sees_it(cast: Cast) -> None:
    senior, other = Desk(cast.gromova), Desk(cast.sidorova)
    senior.keeps("Нарушенные", "broken=yes")
    (row,) = rows()
    assert other.links() == []
    senior.does(f"{row.pk}/share/")
    senior.does(f"{row.pk}/share/")
    assert other.links() == ["Нарушенные"] and Desk(cast.client).links() == []
    assert "Громова В. И." in other.opens("?view=0").content.decode()
    senior.does(f"{row.pk}/rename/", name="Нарушены")
    senior.does(f"{row.pk}/replace/", list="tickets", asked="broken=yes&state=open")
    senior.does(f"{row.pk}/remove/")
    senior.does(f"{row.pk}/restore/")
    senior.does(f"{row.pk}/unshare/")
    assert other.links() == []
    assert told() == [("shared", "Нарушенные"), ("renamed", "Нарушены"), ("replaced", "Нарушены"),
                      ("removed", "Нарушены"), ("restored", "Нарушены"), ("unshared", "Нарушены")]  # fmt: skip


def test_a_shared_view_is_changed_by_its_owner_or_by_whoever_shares(cast: Cast) -> None:
    senior = Desk(cast.gromova)
    senior.keeps("Нарушенные", "broken=yes")
    (row,) = rows()
    senior.does(f"{row.pk}/share/")
    for path in ("rename/", "replace/", "remove/", "default/"):
        answer = Desk(cast.sidorova).does(f"{row.pk}/{path}", name="Мой", list="tickets", asked="")
        assert answer.status_code == 409 and "общий отбор" in answer.content.decode(), path
    assert Desk(cast.sidorova).does(f"{row.pk}/unshare/").status_code == 403
    assert [(r.name, r.asked, r.removed_at) for r in rows()] == [("Нарушенные", {"broken": "yes"}, None)]
    Desk(cast.kim).does(f"{row.pk}/rename/", name="Просрочка")
    assert [r.name for r in rows()] == ["Просрочка"]


def test_nobody_else_s_view_is_there(cast: Cast) -> None:
    Desk(cast.ivanova).keeps("Стояки")
    (row,) = rows()
    for path in ("rename/", "replace/", "remove/", "default/", "restore/"):
        answer = Desk(cast.gromova).does(f"{row.pk}/{path}", name="Мой", list="tickets", asked="")
        assert answer.status_code == 404, path
    assert Desk(cast.gromova).opens(f"?view={row.pk}").status_code == 200
    assert [(r.name, r.staff_id) for r in rows()] == [("Стояки", cast.ivanova.pk)]


@pytest.mark.parametrize(
    ("name", "asked", "status", "words"),
    [
        ("", "", 422, "Заполните поле «Название отбора»"),
        ("я" * 61, "", 422, "можно не больше 60"),
        ("Есть", "", 422, "уже есть"),
        ("Новый", "state=nonsense", 422, "Такого нет в списке"),
        ("Новый", "columns=debt", 422, "Столбца «debt» нет"),
    ],
)
def test_a_view_that_cannot_be_kept(cast: Cast, name: str, asked: str, status: int, words: str) -> None:
    desk = Desk(cast.ivanova)
    desk.keeps("Есть")
    answer = desk.keeps(name, asked)
    assert answer.status_code == status and words in answer.content.decode()
    assert len(rows()) == 1


def test_there_is_an_end_to_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 2)
    desk = Desk(cast.ivanova)
    answers = [desk.keeps(name).status_code for name in ("а", "б", "в")]
    assert answers == [302, 302, 422] and Desk(cast.ivanova, "contacts").keeps("в", "").status_code == 302


def test_what_a_view_asks_for_and_there_is_no_more_is_said(cast: Cast) -> None:
    """A crew that is no more, a kind of ticket or a column that the program has no more: the list does not break."""
    registered(cast)
    desk = Desk(cast.ivanova)
    desk.keeps("Четвёртая", f"crew={cast.crew4.pk}")
    desk.keeps("Старое", "state=open")
    with reading(Scope.system("test")):
        Crew.objects.filter(pk=cast.crew4.pk).update(is_active=False)
    crew, old = rows()
    text = desk.opens(f"?crew={cast.crew4.pk}&view={crew.pk}").content.decode()
    assert "Отбор «Четвёртая» помнит то, чего больше нет в списках: Бригада" in text
    for asked, words in (
        ({"kind": "flat.gone"}, "Такого нет в списке"),
        ({"columns": "debt"}, "Столбца «debt» нет"),
    ):
        with reading(Scope.system("test")):
            SavedView.objects.filter(pk=old.pk).update(asked=asked)
        answer = desk.opens(address(rows()[1]))
        text = answer.content.decode()
        assert answer.status_code == 422 and words in text
        assert "Отбор «Старое» больше не читается" in text and f"/tickets/views/{old.pk}/remove/" in text


def test_contacts_have_their_own(cast: Cast) -> None:
    desk = Desk(cast.ivanova, "contacts")
    desk.keeps("Ждут", "state=waiting&columns=came,phone")
    assert desk.links() == ["Ждут"] and Desk(cast.ivanova).links() == []
    assert Desk(cast.orlov, "contacts").does("", list="contacts", name="Мой", asked="").status_code == 403


def test_a_resident_s_name_in_a_view_goes_by_law(cast: Cast) -> None:
    from vakhta.kernel.journal import acting
    from vakhta.privacy.erase import Whom, erase_person

    Desk(cast.ivanova).keeps("Петрова", "q=8 900 000-15-42")
    with acting(cast.scope(cast.kim)):
        erase_person(Whom(person=cast.petrova.pk), basis="заявление № 5")
    assert [row.said for row in rows()] == ["сведения удалены"]
