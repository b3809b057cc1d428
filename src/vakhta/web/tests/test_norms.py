"""The page of norms: the law, its corrections, what companies promise beyond it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.kernel import clock
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company
from vakhta.web.tests.steps import at_most, browser_of

LINK = reverse("public:promise_norm", args=["pp416.13.containment"])


def page(client: Client) -> str:
    """The page's words; spaces that no line breaks are spaces here."""
    return client.get(reverse("public:norms")).content.decode().replace("\u00a0", " ")


def promised(cast: Cast) -> dict[str, int]:
    with reading(Scope.system("test")):
        return dict(Company.objects.get(pk=cast.north.pk).stricter_norms)


def test_a_companys_own_term_stands_under_the_laws(cast: Cast) -> None:
    administrator = browser_of(cast.kim)
    form = administrator.get(LINK).content.decode()
    assert "«Северная»" in form and "«Чужая»" not in form
    said = {"company": str(cast.north.pk), "limit": "20", "document": "договор № 5"}
    assert administrator.post(LINK, said).status_code == 302
    assert promised(cast) == {"pp416.13.containment": 1200}
    for staff in (cast.kim, cast.ivanova, cast.inspector):
        assert "«Северная»: 20 минут" in page(browser_of(staff))


def test_a_laxer_term_is_refused_beside_its_field_and_kept_in_the_form(cast: Cast) -> None:
    said = {"company": str(cast.north.pk), "limit": "45", "document": "договор № 5"}
    answer = browser_of(cast.kim).post(LINK, said)
    text = answer.content.decode()
    assert answer.status_code == 422 and "мягче нормы" in text
    assert 'value="45"' in text and 'value="договор № 5"' in text and "selected" in text
    assert promised(cast) == {}


def test_who_corrects_no_norms_is_offered_nothing(cast: Cast) -> None:
    assert LINK not in page(browser_of(cast.gromova))
    assert browser_of(cast.gromova).get(LINK).status_code == 403


def test_the_page_asks_little_however_many_norms(cast: Cast) -> None:
    client = browser_of(cast.kim)
    with at_most(9):
        page(client)


def test_the_correction_that_holds_stands_with_its_own_reason(cast: Cast) -> None:
    """And the one that is still to come stands beside it, not instead of it."""
    administrator, link = browser_of(cast.kim), reverse("public:correct_norm", args=["pp416.13.containment"])
    today = clock.today()
    for minutes, since, reason in (("25", today, "уже"), ("20", today + timedelta(days=30), "потом")):
        said = {"limit": minutes, "since": since.isoformat(), "edition": "", "reason": reason}
        assert administrator.post(link, said).status_code == 302
    text = page(administrator)
    assert "25 минут" in text
    coming = f"{today + timedelta(days=30):%d.%m.%Y}: 20 минут, потом"
    assert text.index(f"{today:%d.%m.%Y}: уже") < text.index(coming)


def correct(cast: Cast, code: str, **said: str) -> tuple[int, str]:
    link = reverse("public:correct_norm", args=[code])
    form = {"since": clock.today().isoformat(), "reason": "сверено с текстом", **said}
    answer = browser_of(cast.kim).post(link, form)
    return answer.status_code, answer.content.decode()


def test_a_term_in_working_days_is_asked_for_and_taken_in_days(cast: Cast) -> None:
    link = reverse("public:correct_norm", args=["pp416.36.answer"])
    assert "Срок, рабочих дней" in browser_of(cast.kim).get(link).content.decode()
    assert correct(cast, "pp416.36.answer", limit="7")[0] == 302
    assert "7 рабочих дней" in page(browser_of(cast.kim))
    status, text = correct(cast, "pp416.36.answer", limit="два")
    assert status == 422 and "целое число рабочих дней" in text


def test_what_was_checked_against_the_act_loses_its_mark_and_gets_its_item(cast: Cast) -> None:
    assert correct(cast, "lifts.repair", item="22", verified="text")[0] == 302
    text = page(browser_of(cast.kim))
    row = text[text.rindex("<b>Ремонт лифта</b>") :].split("</tr>")[0]
    assert "п. 22" in row and "по тексту акта" in row


def test_a_rule_without_a_term_takes_none(cast: Cast) -> None:
    link = reverse("public:correct_norm", args=["fz152.basis"])
    assert 'name="limit"' not in browser_of(cast.kim).get(link).content.decode()
    status, text = correct(cast, "fz152.basis", limit="20")
    assert status == 422 and "правило без срока" in text


def test_nothing_is_corrected_before_its_edition_holds(cast: Cast) -> None:
    for since in ("01.01.2001", "01.01.0001"):
        status, text = correct(cast, "pp416.13.containment", limit="20", since=since)
        assert status == 422
        assert "действует с 01.03.2019" in text or "Год должен быть от 2000" in text


def test_a_correction_that_corrects_nothing_is_refused(cast: Cast) -> None:
    status, text = correct(cast, "pp416.13.containment")
    assert status == 422 and "Ничего не уточнено" in text


def test_what_no_longer_holds_stands_on_the_page_and_is_not_corrected(cast: Cast) -> None:
    text = page(browser_of(cast.kim))
    past = text[text.index("№ 743</h2>") :].split("</section>")[0]
    assert past.count("больше не действует") == 2 and "Уточнить" not in past


def test_breaks_and_hot_water_stand_on_the_page(cast: Cast) -> None:
    text = page(browser_of(cast.kim))
    assert "336 ч" in text and "60–75 °C" in text
