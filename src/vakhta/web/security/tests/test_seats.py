"""Several roles of one person: a browser works in one of them at a time."""

from __future__ import annotations

from django.conf import LazySettings
from tests.cast import Cast

from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.web.tests.steps import browser_of


def test_who_has_two_roles_works_in_one_of_them_at_a_time(cast: Cast) -> None:
    """By default the first; another one by a press, with a fact, and only one's own."""
    with acting(Scope.system("test")):
        other = Staff.objects.create(
            company=cast.centre, user=cast.ivanova.user, role="inspector", name="Иванова О. П."
        )
    client = browser_of(cast.ivanova)
    assert client.get("/console/").status_code == 200 and client.get("/journal/").status_code == 403
    page = client.get("/security/").content.decode()
    assert f"/security/work/{other.pk}/" in page and f"/security/work/{cast.ivanova.pk}/" not in page
    assert client.post(f"/security/work/{cast.gromova.pk}/").status_code == 409, "somebody else's"
    assert client.get("/console/").status_code == 200
    assert client.post(f"/security/work/{other.pk}/").status_code == 302
    assert client.get("/journal/").status_code == 200 and client.get("/console/").status_code == 403
    with reading(Scope.system("test")):
        last = Entry.objects.order_by("-id").first()
        assert last is not None
        assert (last.kind, last.actor, last.body["how"]) == ("SignedIn", f"staff/{other.pk}", "seat")
        Staff.objects.filter(pk=other.pk).update(is_active=False)
    assert client.get("/console/").status_code == 200, "dismissed from it, one is back in the other"


def test_a_role_that_needs_a_second_step_asks_for_it_first(cast: Cast, settings: LazySettings) -> None:
    settings.SECOND_STEP_FOR = ("inspector",)
    with acting(Scope.system("test")):
        other = Staff.objects.create(
            company=cast.centre, user=cast.ivanova.user, role="inspector", name="Иванова О. П."
        )
    client = browser_of(cast.ivanova)
    assert client.post(f"/security/work/{other.pk}/")["Location"] == "/security/"
    assert client.get("/journal/")["Location"] == "/security/"
