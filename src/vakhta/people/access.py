"""From a signed-in person, a token or a link to a scope. Runs in the system scope: it is the
question of what may be seen, so it cannot be asked inside the answer."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from vakhta.domain.permissions import ROLES, TOKEN
from vakhta.kernel.tenancy import Scope, reading

from .models import Agreement, ApiToken, Company, Staff

HOMES = {role.code: role.home for role in ROLES}


def scope_of_user(user: int, on: date) -> tuple[Scope, Staff] | None:
    """The scope of a user's active work: a dispatch centre sees itself and the companies that it
    has agreements with on that day, a company only itself. None without work. One query."""
    with reading(Scope.system("sign-in")):
        served = _in_force(on).filter(centre=OuterRef("company")).values("company_id")
        serving = _in_force(on).filter(company=OuterRef("company")).order_by("since").values("centre_id")
        staff = (
            Staff.objects.select_related("company", "user")
            .annotate(served=ArraySubquery(served), serving=Subquery(serving[:1]))
            .filter(user_id=user, is_active=True, user__is_active=True)
            .order_by("id")
            .first()
        )
    if staff is None:
        return None
    is_centre = staff.company.kind == "dispatch_centre"
    scope = Scope(
        companies=frozenset({staff.company_id, *(staff.served if is_centre else ())}),
        actor=f"staff/{staff.pk}",
        role=staff.role,
        centre=staff.company_id if is_centre else staff.serving,
        staff=staff.pk,
    )
    return scope, staff


def companies_of(company: Company, on: date) -> frozenset[int]:
    """What members of a company see: itself, and for a centre the companies that it serves."""
    if company.kind != "dispatch_centre":
        return frozenset({company.pk})
    served = _in_force(on).filter(centre=company).values_list("company_id", flat=True)
    return frozenset({company.pk, *served})


def centre_of(company: Company, on: date) -> int | None:
    """The dispatch centre that keeps the company's journal."""
    if company.kind == "dispatch_centre":
        return company.pk
    found: int | None = (
        _in_force(on).filter(company=company).order_by("since").values_list("centre_id", flat=True).first()
    )
    return found


def _in_force(on: date) -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), since__lte=on
    )
    return found


def scope_of_token(token: str, on: date) -> Scope | None:
    """The scope of a partner's token: its centre with the companies that the centre serves."""
    with reading(Scope.system("token")):
        row = (
            ApiToken.objects.select_related("company")
            .filter(digest=token_digest(token), revoked_at__isnull=True)
            .first()
        )
        if row is None:
            return None
        return Scope(
            companies=companies_of(row.company, on),
            actor=f"token/{row.pk}",
            role=TOKEN,
            centre=centre_of(row.company, on),
            rights=frozenset(row.rights),
        )


def make_token(company: int, name: str, *, rights: Collection[str], token: str | None = None) -> str:
    """A new token in the running scope; it is shown once and only its digest is kept."""
    token = token or secrets.token_urlsafe(32)
    ApiToken.objects.create(
        company_id=company, name=name, digest=token_digest(token), rights=sorted(set(rights))
    )
    return token


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
