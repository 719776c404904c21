"""Who may open which door."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to a commune. An administrator may do what an agent may, an agent what the reception may.

    The reception books, checks in and hands out tickets; it calls nobody and sets no hours.
    """

    RESIDENT = "resident"
    RECEPTIONIST = "receptionist"
    AGENT = "agent"
    ADMINISTRATOR = "administrator"


OPENS: dict[Role, frozenset[Role]] = {
    Role.RESIDENT: frozenset({Role.RESIDENT}),
    Role.RECEPTIONIST: frozenset({Role.RESIDENT, Role.RECEPTIONIST}),
    Role.AGENT: frozenset({Role.RESIDENT, Role.RECEPTIONIST, Role.AGENT}),
    Role.ADMINISTRATOR: frozenset(Role),
}


def may_enter(door: Role, roles: frozenset[Role]) -> bool:
    """Whether somebody with ``roles`` may pass a door meant for ``door``."""
    return door == Role.RESIDENT or any(door in OPENS[role] for role in roles)
