"""Who may pass which door."""

from __future__ import annotations

import pytest

from booking.core.roles import Role, may_enter

RESIDENT, RECEPTION, AGENT, ADMINISTRATOR = Role.RESIDENT, Role.RECEPTIONIST, Role.AGENT, Role.ADMINISTRATOR


@pytest.mark.parametrize(
    ("roles", "doors"),
    [
        ((), {RESIDENT}),
        ((RESIDENT,), {RESIDENT}),
        ((RECEPTION,), {RESIDENT, RECEPTION}),
        ((AGENT,), {RESIDENT, RECEPTION, AGENT}),
        ((ADMINISTRATOR,), {RESIDENT, RECEPTION, AGENT, ADMINISTRATOR}),
        ((RESIDENT, AGENT), {RESIDENT, RECEPTION, AGENT}),
        ((AGENT, ADMINISTRATOR), {RESIDENT, RECEPTION, AGENT, ADMINISTRATOR}),
    ],
    ids=["a stranger", "Ana", "Rik", "Bilal", "Dora", "Bilal as a resident", "Dora at a counter"],
)
def test_everybody_passes_the_doors_of_their_role(roles: tuple[Role, ...], doors: set[Role]) -> None:
    assert {door for door in Role if may_enter(door, frozenset(roles))} == doors
