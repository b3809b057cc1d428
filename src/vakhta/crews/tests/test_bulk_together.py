"""Two pages go on with one run, and two people with the same tickets: nothing is done twice, nobody's is overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from tests.cast import Cast, make_cast

from vakhta.crews import bulk
from vakhta.crews.models import BulkItem, BulkRun, Crew, WorkOrder
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import registered

SYSTEM = Scope.system("test")
TICKETS = 12


def begun(cast: Cast, staff: Staff, act: bulk.Act, seen: list[tuple[int, int | None]]) -> BulkRun:
    with acting(cast.scope(staff)):
        return bulk.begin(act, seen)


def together(cast: Cast, *works: tuple[Staff, BulkRun]) -> None:
    def work(staff: Staff, run: BulkRun) -> None:
        try:
            bulk.go_on(run.pk, cast.scope(staff), for_so_long=60)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work, staff, run) for staff, run in works]:
            done.result()


def chosen(cast: Cast) -> list[tuple[int, int | None]]:
    tickets = [registered(cast) for _n in range(TICKETS)]
    with reading(SYSTEM):
        return list(Ticket.objects.filter(pk__in=[t.pk for t in tickets]).values_list("pk", "version"))


def test_two_pages_share_the_tickets_of_one_run(committed: str) -> None:
    cast = make_cast()
    seen = chosen(cast)
    run = begun(cast, cast.ivanova, bulk.Act(what="comment", text="ждём насос"), seen)
    together(cast, (cast.ivanova, run), (cast.ivanova, run))
    with reading(SYSTEM):
        assert set(BulkItem.objects.values_list("state", flat=True)) == {"done"}
        comments = [
            sum(r.fact.kind == "CommentAdded" for r in journal.history(f"ticket/{pk}")) for pk, _seen in seen
        ]
    assert comments == [1] * TICKETS


def test_of_two_people_each_ticket_has_one_who_won(committed: str) -> None:
    cast = make_cast()
    seen = chosen(cast)
    with reading(SYSTEM):
        crew7 = Crew.objects.create(company=cast.centre, number=7, name="бригада 7")
    runs = {
        cast.crew4.pk: begun(cast, cast.ivanova, bulk.Act(what="assign", crew=cast.crew4.pk), seen),
        crew7.pk: begun(cast, cast.sidorova, bulk.Act(what="assign", crew=crew7.pk), seen[::-1]),
    }
    together(cast, (cast.ivanova, runs[cast.crew4.pk]), (cast.sidorova, runs[crew7.pk]))
    with reading(SYSTEM):
        held = dict(WorkOrder.objects.values_list("ticket_id", "crew_id"))
        assert WorkOrder.objects.count() == TICKETS, "no order of the first one was withdrawn for the second"
        for crew, run in runs.items():
            for item in run.items.all():
                won = held[item.ticket_id] == crew
                assert item.state == ("done" if won else "refused"), item
                assert won or "изменил кто-то другой" in item.message
