"""Who may pass which door."""

from __future__ import annotations

import pytest

from booking.core.roles import Role, may_enter

RESIDENT, AGENT, ADMINISTRATOR = Role.RESIDENT, Role.AGENT, Role.ADMINISTRATOR


@pytest.mark.parametrize(
    ("roles", "doors"),
    [
        ((), {RESIDENT}),
        ((RESIDENT,), {RESIDENT}),
        ((AGENT,), {RESIDENT, AGENT}),
        ((ADMINISTRATOR,), {RESIDENT, AGENT, ADMINISTRATOR}),
        ((RESIDENT, AGENT), {RESIDENT, AGENT}),
        ((AGENT, ADMINISTRATOR), {RESIDENT, AGENT, ADMINISTRATOR}),
    ],
    ids=["a stranger", "Ana", "Bilal", "Dora", "Bilal as a resident", "Dora at a counter"],
)
def test_everybody_passes_the_doors_of_their_role(roles: tuple[Role, ...], doors: set[Role]) -> None:
    assert {door for door in Role if may_enter(door, frozenset(roles))} == doors
