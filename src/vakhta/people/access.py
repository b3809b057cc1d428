"""From a signed-in person, a token or a link to a scope. Runs in the system scope: it is the
question of what may be seen, so it cannot be asked inside the answer."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from vakhta.domain.permissions import CONTRACTOR, ROLES, TOKEN
from vakhta.kernel.kept import Param, kept
from vakhta.kernel.tenancy import Scope, reading

from .models import CENTRE, Agreement, ApiToken, SignIn, Staff

LENT_FOR = timedelta(days=31)
"""So long after a contractor's work its people still see the ticket: for the month's act, and no longer than that."""
HOMES = {role.code: role.home for role in ROLES}


def scope_of_user(
    user: int, on: date, sign_in: int | None = None, seat: int | None = None
) -> tuple[Scope, Staff] | None:
    """The scope of a user's active work on that day: of the one that was chosen, `seat`, or of the first. None without work, and when the session `sign_in` has been
    ended (None: a session that is not in the list). The staff row tells when the session was `seen_at`. One query."""
    with reading(Scope.system("sign-in")):
        asked = {"user": user, "on": on, "seat": seat or 0}
        found = _work(**asked) if sign_in is None else _work_of_session(**asked, sign_in=sign_in)
    if not found:
        return None
    staff = found[0]
    sight = _sight(staff)
    if staff.company.kind == CONTRACTOR:
        sight |= {"lent_to": staff.company_id, "lent_since": on - LENT_FOR}
    return Scope(**sight, actor=f"staff/{staff.pk}", role=staff.role, staff=staff.pk), staff


def _of_user() -> QuerySet[Staff]:
    rows = Staff.objects.select_related("company", "user").filter(
        user=Param("user"), is_active=True, user__is_active=True
    )
    chosen = Case(When(pk=Param("seat"), then=0), default=1)
    found: QuerySet[Staff] = _with_agreements(rows).annotate(place=chosen).order_by("place", "id")
    return found


@kept
def _work() -> QuerySet[Staff]:
    return _of_user()[:1]


@kept
def _work_of_session() -> QuerySet[Staff]:
    listed = SignIn.objects.filter(pk=Param("sign_in"), user_id=OuterRef("user_id")).values("seen_at")
    return _of_user().annotate(seen_at=Subquery(listed)).filter(seen_at__isnull=False)[:1]


def scope_of_token(token: str, on: date) -> Scope | None:
    """The scope of a partner's token on that day: its company's. One query."""
    with reading(Scope.system("token")):
        found = _tokens(digest=token_digest(token), on=on)
    if not found:
        return None
    row = found[0]
    return Scope(**_sight(row), actor=f"token/{row.pk}", role=TOKEN, rights=frozenset(row.rights))


@kept
def _tokens() -> QuerySet[ApiToken]:
    rows = ApiToken.objects.select_related("company").filter(digest=Param("digest"), revoked_at__isnull=True)
    return _with_agreements(rows)


def _with_agreements(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows of a company, on the day `on`, with `served`, the companies that it has agreements with as a centre, and
    `serving`, the centre that serves it."""
    served = _in_force(Param("on")).filter(centre=OuterRef("company")).values("company_id")
    serving = _in_force(Param("on")).filter(company=OuterRef("company")).order_by("since").values("centre_id")
    found: QuerySet[Any] = rows.annotate(served=ArraySubquery(served), serving=Subquery(serving[:1]))
    return found


def _sight(row: Any) -> dict[str, Any]:
    """What whoever belongs to the row's company sees, and the centre that keeps their journal: a centre
    sees itself and the companies that it serves, a company only itself."""
    if row.company.kind != CENTRE:
        return {"companies": frozenset({row.company_id}), "centre": row.serving}
    return {
        "companies": frozenset({row.company_id, *row.served}),
        "centre": row.company_id,
        "classifier": row.company.classifier_version,
    }


def centre_of(company: int, on: date) -> int:
    """The centre that keeps the journal of a company on that day; the company itself when nobody serves it. One
    query."""
    with reading(Scope.system("centre")):
        serving = _in_force(on).filter(company_id=company).order_by("since")
        return serving.values_list("centre_id", flat=True).first() or company


def _in_force(on: date | Param) -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), since__lte=on
    )
    return found


def make_token(company: int, name: str, *, rights: Collection[str], token: str | None = None) -> str:
    """A new token in the running scope; it is shown once and only its digest is kept."""
    token = token or secrets.token_urlsafe(32)
    ApiToken.objects.create(
        company_id=company, name=name, digest=token_digest(token), rights=sorted(set(rights))
    )
    return token


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
