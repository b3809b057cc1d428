"""The page of an act on many tickets."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.crews import bulk
from vakhta.crews.models import BulkItem, BulkRun
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.web import show
from vakhta.web.lists import screens as s
from vakhta.web.lists.bulk_forms import TITLES
from vakhta.web.screens import PageView


def run(page: PageView, row: BulkRun) -> s.BulkPage:
    """Two queries."""
    counted, told = bulk.counted(row), bulk.told(row)
    done, waiting, undone, kept = (counted[name] for name in ("done", "waiting", "undone", "kept"))
    left = done if row.is_undoing else waiting
    total = done + undone + kept if row.is_undoing else sum(counted.values())

    def url(name: str, is_offered: bool = True) -> str:
        return reverse(f"lists:{name}", args=[row.pk]) if is_offered else ""

    return s.BulkPage(
        page=page,
        title=_(TITLES[row.what]),
        told=", ".join(filter(None, (row.crew.name if row.crew else "", _why(row), row.text))),
        total=total,
        ready=total - left,
        changed=done + kept,
        undone=undone,
        left=waiting,
        refused=_refusals(told, "refused"),
        kept=_refusals(told, "kept"),
        is_going=bool(left) and not row.is_stopped,
        is_undoing=row.is_undoing,
        is_stopped=row.is_stopped and bool(left),
        url=url("run"),
        go_url=url("go"),
        stop_url=url("stop", bool(left) and not row.is_stopped),
        resume_url=url("resume", bool(left) and row.is_stopped),
        undo_url=url(
            "undo",
            bool(done)
            and (row.is_stopped or not waiting)
            and not row.is_undoing
            and bulk.can_undo(row, page.now),
        ),
        list_url=reverse("lists:tickets"),
    )


def _why(row: BulkRun) -> str:
    return _(PAUSE_REASONS[row.why]) if row.why in PAUSE_REASONS else ""


def _refusals(told: Iterable[BulkItem], state: str) -> tuple[s.BulkRefusal, ...]:
    return tuple(
        s.BulkRefusal(number=show.number_view(item.ticket), reason=item.message)
        for item in told
        if item.state == state
    )
