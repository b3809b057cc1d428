"""Tokens that were given before there were rights keep what they are used for."""

from __future__ import annotations

from django.core.management import call_command
from tests.cast import DAY, make_cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import make_token, scope_of_token
from vakhta.people.models import ApiToken

OF_EVERY_ONE = ["interactions", "read"]


def test_an_old_token_keeps_what_it_is_used_for(committed: str) -> None:
    """One that has registered a ticket goes on registering; another loses what it never used."""
    cast = make_cast()
    with reading(Scope.system("test")):
        make_token(cast.centre.pk, "датчик", rights=())
    scope = scope_of_token(cast.token, DAY)
    assert scope is not None
    with acting(scope):
        message = arrival.Message(channel="partner", address="ленина 15", text="течёт", key="k")
        contacts.hand_over(message, centre=cast.centre.pk, classifier="flat.cold.riser")
    for step in ("0004", "0005"):
        call_command("migrate", "people", step, database="owner", verbosity=0, skip_checks=True)
    with reading(Scope.system("test")):
        kept = dict(ApiToken.objects.values_list("name", "rights"))
    assert kept == {"сайт": [*OF_EVERY_ONE, "tickets"], "датчик": OF_EVERY_ONE}
