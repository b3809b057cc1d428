"""The classifier's pages: found by words, edited by an office, every edition a version in the journal."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from django.urls import reverse
from tests.cast import DAY, Cast

from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES
from vakhta.kernel import journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import scope_of_user
from vakhta.people.models import Company, Staff
from vakhta.tickets.classifier import entries, suggest
from vakhta.tickets.models import ClassifierEdition, Ticket
from vakhta.web.tests.steps import registered

TAPS = ENTRIES["flat.taps"]
URL = f"/classifier/{TAPS.code}/"
EDIT = f"{URL}edit/"


def at(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff.user)
    return client


def form(**changed: Any) -> dict[str, Any]:
    whole = {
        "seen": "0",
        "severity": TAPS.severity,
        "skill": TAPS.skill,
        "services": list(TAPS.services),
        "plan": TAPS.plan,
        "questions": "\n".join(TAPS.questions),
        "safety": "\n".join(TAPS.safety),
        "needs_access": "yes",
        "reason": "решение главного инженера",
    }
    return whole | changed


def editions(cast: Cast) -> list[ClassifierEdition]:
    with reading(Scope.system("test")):
        return list(ClassifierEdition.objects.filter(company=cast.centre).order_by("version"))


def test_all_entries_stand_by_place_and_are_found_by_words(cast: Cast) -> None:
    page = at(cast.ivanova).get(reverse("public:classifier")).content.decode()
    assert all(reverse("public:entry", args=[code]) in page for code in ENTRIES)
    page = at(cast.ivanova).get(reverse("public:classifier"), {"q": "капает кран"}).content.decode()
    assert page.index(URL) < page.index("/classifier/flat.water.pipe/")
    assert "«капает» + «кран»" in page
    page = at(cast.ivanova).get(reverse("public:classifier"), {"q": "ъъъ"}).content.decode()
    assert "ничего не говорят классификатору" in page


def test_an_operator_reads_and_has_no_form(cast: Cast) -> None:
    page = at(cast.ivanova).get(URL).content.decode()
    assert TAPS.questions[0] in page and 'name="plan"' not in page
    assert at(cast.ivanova).post(EDIT, form(plan="Другой план.")).status_code == 403
    assert editions(cast) == []


def test_an_edition_holds_at_once_for_the_next_ticket_and_not_for_the_last(cast: Cast) -> None:
    before = registered(cast, TAPS.code)
    said = form(
        severity="urgent", norms=["pp416.13.containment"], words="гусачок", plan="Слесарь едет сразу."
    )
    assert at(cast.gromova).post(EDIT, said).status_code == 302
    (edition,) = editions(cast)
    with reading(cast.scope(cast.ivanova)):
        entry = entries()[TAPS.code]
        assert (entry.severity, entry.plan, entry.version) == ("urgent", "Слесарь едет сразу.", 1)
        assert suggest("гусачок")[0].entry == entry
        assert entries()["flat.cold.riser"] is ENTRIES["flat.cold.riser"]
        history = [
            r.fact
            for r in journal.history(f"nature/{TAPS.code}")
            if isinstance(r.fact, facts.ClassifierEdited)
        ]
    assert [(fact.version, fact.edition, fact.reason) for fact in history] == [
        (1, edition.edition, "решение главного инженера")
    ]
    after = registered(cast, TAPS.code)
    with reading(Scope.system("test")):
        was, now = Ticket.objects.get(pk=before.pk), Ticket.objects.get(pk=after.pk)
    assert (was.severity, now.severity) == ("ordinary", "urgent")
    assert [norm["code"] for norm in now.norms] == [*TAPS.norms[:1], TAPS.norms[1], "pp416.13.containment"]
    assert "pp416.13.containment" not in [norm["code"] for norm in was.norms]


def test_an_older_version_is_returned_by_its_form(cast: Cast) -> None:
    senior = at(cast.gromova)
    senior.post(EDIT, form(plan="План первый."))
    senior.post(EDIT, form(plan="План второй.", seen="1"))
    page = senior.get(URL).content.decode()
    assert "версия 2" in page and "как в программе" in page and f"{URL}?from=1#form" in page
    assert "План первый." in senior.get(URL, {"from": "1"}).content.decode()
    assert TAPS.plan in senior.get(URL, {"from": "0"}).content.decode()
    senior.post(EDIT, form(plan="План первый.", seen="2"))
    assert [row.edition["plan"] for row in editions(cast)] == ["План первый.", "План второй.", "План первый."]


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"reason": ""}, 422, "Почему"),
        ({"severity": "x"}, 422, "Выберите из списка"),
        ({"skill": ""}, 422, "Выберите из списка"),
        ({"questions": "Один?"}, 422, "Строк от 2 до 4, сейчас 1"),
        ({"services": ["нет"]}, 422, "Выберите службы"),
        ({"norms": ["нет"]}, 422, "Выберите нормы"),
        ({"plan": "я" * 121}, 422, "короче, до 120 знаков"),
        ({"words": "кран!"}, 422, "начало слова"),
        ({}, 422, "Ничего не изменено"),
        ({"plan": "Другой.", "seen": "5"}, 409, "этот вид изменили"),
    ],
)
def test_a_wrong_edition_is_refused_in_words_and_changes_nothing(
    cast: Cast, changed: dict[str, Any], status: int, words: str
) -> None:
    answer = at(cast.gromova).post(EDIT, form(**changed))
    page = answer.content.decode()
    assert answer.status_code == status and words in page
    assert str(changed.get("plan", "Другой.")) in page or "plan" not in changed, "what was typed stays"
    assert editions(cast) == []
    with reading(Scope.system("test")):
        assert Company.objects.get(pk=cast.centre.pk).classifier_version == 0


def test_another_centre_s_classifier_stays_its_own(cast: Cast) -> None:
    at(cast.gromova).post(EDIT, form(plan="План Заречья."))
    with reading(Scope.system("test")):
        other = Company.objects.create(kind="dispatch_centre", name="АДС «Юг»", short_name="«Юг»")
        Staff.objects.filter(pk=cast.kim.pk).update(company=other)
    found = scope_of_user(cast.kim.user_id, DAY)
    assert found is not None
    with reading(found[0]):
        assert entries()[TAPS.code] is TAPS
        assert not ClassifierEdition.objects.exists()


def test_an_edition_is_added_and_never_changed(cast: Cast) -> None:
    at(cast.gromova).post(EDIT, form(plan="План."))
    for said in ("UPDATE tickets_classifieredition SET reason = ''", "DELETE FROM tickets_classifieredition"):
        with pytest.raises(ProgrammingError), reading(Scope.system("test")), connection.cursor() as cursor:
            cursor.execute(said)


def test_the_list_costs_no_query_for_its_entries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    at(cast.gromova).post(EDIT, form(plan="План."))
    client = at(cast.ivanova)
    client.get(reverse("public:classifier"))
    with django_assert_max_num_queries(9):
        client.get(reverse("public:classifier"), {"q": "капает кран"})
