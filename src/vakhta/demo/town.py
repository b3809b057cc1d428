"""The demo town as a whole."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from vakhta.demo.offices import (
    AGREEMENTS,
    COMPANIES,
    CONTRACTORS,
    THE_CENTRE,
    TOWN,
    duty,
    outages,
    staff_and_crews,
)
from vakhta.demo.past import history
from vakhta.demo.shapes import City
from vakhta.demo.stock import buildings


@lru_cache(maxsize=4)
def city(seed: int = 1) -> City:
    """The town of a seed: some sixty houses, 3,500 flats, five companies and one dispatch centre.

    The houses are the same for every seed, so that recipes may name them; who lives there is not.
    """
    houses = buildings(Random(f"{seed}:houses"))
    staff, crews = staff_and_crews(Random(f"{seed}:staff"))
    return City(
        name=TOWN,
        zone="Europe/Moscow",
        centre=THE_CENTRE,
        companies=COMPANIES,
        contractors=CONTRACTORS,
        agreements=AGREEMENTS,
        buildings=houses,
        staff=staff,
        crews=crews,
        duty=duty(staff),
        outages=outages(houses),
        history=history(houses, crews, Random(f"{seed}:past")),
    )
