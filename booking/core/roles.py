"""Who may open which door."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to a commune. An administrator may do what an agent may, an agent what the reception may.

    The reception books, checks in and hands out tickets; it calls nobody and sets no hours. An auditor reads the
    journal and the figures, changes nothing and sees no resident. Whoever runs the platform is nobody's colleague: that
    role is of the installation, and opens nothing of a commune.
    """

    RESIDENT = "resident"
    RECEPTIONIST = "receptionist"
    AGENT = "agent"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PLATFORM = "platform"


IN_A_COMMUNE = (Role.ADMINISTRATOR, Role.AGENT, Role.RECEPTIONIST, Role.AUDITOR)
"""The roles that a commune gives, the one that opens most first."""

OPENS: dict[Role, frozenset[Role]] = {
    Role.RESIDENT: frozenset({Role.RESIDENT}),
    Role.RECEPTIONIST: frozenset({Role.RESIDENT, Role.RECEPTIONIST}),
    Role.AGENT: frozenset({Role.RESIDENT, Role.RECEPTIONIST, Role.AGENT}),
    Role.ADMINISTRATOR: frozenset(Role) - {Role.PLATFORM},
    Role.AUDITOR: frozenset({Role.RESIDENT, Role.AUDITOR}),
    Role.PLATFORM: frozenset({Role.RESIDENT, Role.PLATFORM}),
}

WITH_A_SECOND_FACTOR = frozenset({Role.ADMINISTRATOR, Role.PLATFORM})
"""Who decides about others proves twice who they are."""


def may_enter(door: Role, roles: frozenset[Role]) -> bool:
    """Whether somebody with ``roles`` may pass a door meant for ``door``."""
    return door == Role.RESIDENT or any(door in OPENS[role] for role in roles)
