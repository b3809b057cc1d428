"""Who may do what: the one table of roles and verbs. A verb is an action's name for the law of
access; a role has the verbs of its row and no others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    code: str
    title: str
    home: str
    """Where sign-in leads: console, board, field, journal, norms."""


ROLES = (
    Role("operator", "Диспетчер", "console"),
    Role("senior", "Старший диспетчер", "board"),
    Role("foreman", "Мастер", "board"),
    Role("technician", "Исполнитель", "field"),
    Role("client", "Представитель управляющей организации", "board"),
    Role("inspector", "Инспектор", "journal"),
    Role("administrator", "Администратор", "norms"),
)

VERBS: dict[str, frozenset[str]] = {
    "console.see": frozenset({"operator", "senior"}),
    "interaction.take": frozenset({"operator", "senior"}),
    "interaction.type": frozenset({"operator", "senior"}),
    "interaction.end": frozenset({"operator", "senior"}),
    "ticket.register": frozenset({"operator", "senior", "partner"}),
    "ticket.see": frozenset({"operator", "senior", "foreman", "client", "inspector", "administrator"}),
    "ticket.correct": frozenset({"operator", "senior"}),
    "ticket.void": frozenset({"senior"}),
    "ticket.comment": frozenset({"operator", "senior", "foreman", "client"}),
    "work.assign": frozenset({"operator", "senior", "foreman"}),
    "work.report": frozenset({"operator", "senior", "foreman"}),
    "work.do": frozenset({"technician"}),
    "board.see": frozenset({"operator", "senior", "foreman", "client"}),
    "journal.see": frozenset({"senior", "client", "inspector", "administrator"}),
    "journal.enter_late": frozenset({"operator", "senior"}),
    "duty.see": frozenset({"operator", "senior", "foreman"}),
    "norms.see": frozenset({"operator", "senior", "foreman", "client", "inspector", "administrator"}),
    "norms.correct": frozenset({"administrator"}),
    "files.attach": frozenset({"operator", "senior", "foreman", "technician", "client"}),
    "files.see": frozenset({"operator", "senior", "foreman", "technician", "client", "inspector"}),
}


def may(role: str, verb: str) -> bool:
    """True when the row of `verb` has `role`. An unknown verb is a mistake of the program."""
    return role in VERBS[verb]
