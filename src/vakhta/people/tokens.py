"""Partners' tokens: given, changed in their rights, revoked. All inside `acting`; each is a fact."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from vakhta.domain import facts
from vakhta.domain.permissions import RIGHTS
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require

from .access import make_token
from .models import ApiToken
from .offices import the_company


def give_token(*, company: int, name: str, rights: Collection[str]) -> tuple[ApiToken, str]:
    """(row, token): the token is shown once and cannot be read again."""
    require("tokens.manage")
    office, chosen = the_company(company, "company"), _known(rights)
    name = clean(name, "name", "Название ключа", limit=100, required=True)
    if ApiToken.objects.filter(company=office, name=name, revoked_at__isnull=True).exists():
        raise Conflict(
            "У «%(office)s» уже есть ключ «%(name)s». Отзовите его или назовите новый иначе.",
            "name",
            office=office,
            name=name,
        )
    token = make_token(office.pk, name, rights=chosen, token=secrets.token_urlsafe(32))
    row: ApiToken = ApiToken.objects.filter(company=office).latest("id")
    _record(row, f"выдан ({', '.join(chosen)})")
    return row, token


def change_rights(token: int, rights: Collection[str]) -> ApiToken:
    """Other rights for a token that is in use; they hold within seconds."""
    require("tokens.manage")
    row, chosen = the_token(token), _known(rights)
    if row.revoked_at is not None:
        raise Conflict("Ключ № %(pk)s отозван.", "token", pk=row.pk)
    if sorted(row.rights) != chosen:
        row.rights = chosen
        row.save(update_fields=["rights"])
        _record(row, f"права теперь {', '.join(chosen)}")
    return row


def revoke_token(token: int) -> ApiToken:
    """The token ends within seconds; nothing when it has ended."""
    require("tokens.manage")
    row = the_token(token)
    if row.revoked_at is None:
        row.revoked_at = journal.current_unit().at
        row.save(update_fields=["revoked_at"])
        _record(row, "отозван")
    return row


def the_token(token: int) -> ApiToken:
    row: ApiToken | None = ApiToken.objects.select_for_update().filter(pk=token).first()
    if row is None:
        raise NotFound("Ключа № %(token)s нет.", "token", token=token)
    return row


def _known(rights: Collection[str]) -> list[str]:
    known = [right.code for right in RIGHTS]
    for code in rights:
        if code not in known:
            raise Invalid(
                "Права «%(code)s» нет. Есть: %(known)s.", "right", code=code[:30], known=", ".join(known)
            )
    if not rights:
        raise Invalid("Ключу нужно хотя бы одно право: %(known)s.", "right", known=", ".join(known))
    return sorted(set(rights))


def _record(row: ApiToken, what: str) -> None:
    journal.record(facts.StockChanged(what=f"ключ доступа № {row.pk} {what}"), company=row.company_id)
