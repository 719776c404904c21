"""Who may pass which door."""

from __future__ import annotations

import pytest

from booking.core.roles import Role, may_enter

RESIDENT, RECEPTIONIST, AGENT, ADMINISTRATOR = Role


@pytest.mark.parametrize(
    ("roles", "doors"),
    [
        ((), {RESIDENT}),
        ((RESIDENT,), {RESIDENT}),
        ((RECEPTIONIST,), {RESIDENT, RECEPTIONIST}),
        ((AGENT,), {RESIDENT, RECEPTIONIST, AGENT}),
        ((ADMINISTRATOR,), set(Role)),
        ((RESIDENT, AGENT), {RESIDENT, RECEPTIONIST, AGENT}),
        ((AGENT, ADMINISTRATOR), set(Role)),
    ],
    ids=["a stranger", "Ana", "Rosa at the reception", "Bilal", "Dora", "Bilal as a resident", "Dora at a counter"],
)
def test_everybody_passes_the_doors_of_their_role(roles: tuple[Role, ...], doors: set[Role]) -> None:
    assert {door for door in Role if may_enter(door, frozenset(roles))} == doors
