"""Who may open which door."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to a commune. An administrator may do whatever an agent may."""

    RESIDENT = "resident"
    AGENT = "agent"
    ADMINISTRATOR = "administrator"


OPENS: dict[Role, frozenset[Role]] = {
    Role.RESIDENT: frozenset({Role.RESIDENT}),
    Role.AGENT: frozenset({Role.RESIDENT, Role.AGENT}),
    Role.ADMINISTRATOR: frozenset({Role.RESIDENT, Role.AGENT, Role.ADMINISTRATOR}),
}


def may_enter(door: Role, roles: frozenset[Role]) -> bool:
    """Whether somebody with ``roles`` may pass a door meant for ``door``."""
    return door == Role.RESIDENT or any(door in OPENS[role] for role in roles)
