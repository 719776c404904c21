"""Who may pass which door."""

from __future__ import annotations

import pytest

from booking.core.roles import Role, may_enter

RESIDENT, RECEPTIONIST, AGENT, ADMINISTRATOR, AUDITOR, PLATFORM = Role
OF_A_COMMUNE = {*Role} - {PLATFORM}


@pytest.mark.parametrize(
    ("roles", "doors"),
    [
        ((), {RESIDENT}),
        ((RESIDENT,), {RESIDENT}),
        ((RECEPTIONIST,), {RESIDENT, RECEPTIONIST}),
        ((AGENT,), {RESIDENT, RECEPTIONIST, AGENT}),
        ((ADMINISTRATOR,), OF_A_COMMUNE),
        ((AUDITOR,), {RESIDENT, AUDITOR}),
        ((PLATFORM,), {RESIDENT, PLATFORM}),
        ((RESIDENT, AGENT), {RESIDENT, RECEPTIONIST, AGENT}),
        ((AGENT, ADMINISTRATOR), OF_A_COMMUNE),
    ],
    ids=[
        "a stranger",
        "Ana",
        "Rosa at the reception",
        "Bilal",
        "Dora",
        "Tom",
        "Rachida",
        "Bilal as a resident",
        "Dora again",
    ],
)
def test_everybody_passes_the_doors_of_their_role(roles: tuple[Role, ...], doors: set[Role]) -> None:
    assert {door for door in Role if may_enter(door, frozenset(roles))} == doors
