"""A slip in a name is the same person; another name is not."""

from __future__ import annotations

import pytest

from booking.core.names import distance, is_slip, may_be


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("", "", 0),
        ("ana", "ana", 0),
        ("ana", "", 3),
        ("", "ana", 3),
        ("ana", "anna", 1),
        ("anna", "ana", 1),
        ("peters", "peeters", 1),
        ("peetres", "peeters", 1),
        ("ca", "abc", 3),
        ("demri", "demir", 1),
        ("kitten", "sitting", 3),
        ("ab", "ba", 1),
    ],
)
def test_letters_that_are_missing_added_changed_or_swapped_are_counted(one: str, other: str, letters: int) -> None:
    assert distance(one, other) == distance(other, one) == letters


@pytest.mark.parametrize(
    ("given", "meant", "same"),
    [
        ("Ana Peters", "Ana Peeters", True),
        ("Ana Petres", "Anna Peeters", False),
        ("Anna Peters", "Ana Peeters", True),
        ("Ana Peeters", "Peeters Ana", True),
        ("PEETERS Ana", "Ana Peters", True),
        ("Chloe Lefevre", "Chloé Lefèvre", True),
        ("Yusuf Demir", "Yusuf Aydin", False),
        ("Ana Peeters", "Bob Peeters", False),
        ("Li", "An", False),
        ("Li", "Lin", True),
        ("Ali", "Alia", True),
        ("Ana", "Eva", False),
        ("Nguyễn Thị Minh", "Nguyen Thi Minh", True),
        ("عمر", "عمرو", True),
    ],
)
def test_two_letters_are_a_slip_and_more_are_somebody_else(given: str, meant: str, same: bool) -> None:
    assert is_slip(given, meant) is same


@pytest.mark.parametrize(
    ("typed", "name", "found"),
    [
        ("elamrani", "Mohamed El Amrani", True),
        ("Mohamad", "Mohamed El Amrani", True),
        ("moham", "Mohamed El Amrani", True),
        ("obrien", "Niamh O’Brien", True),
        ("nguyen anh", "Nguyễn Thị Ánh", True),
        ("sekou", "Sekou", True),
        ("vandenbergh", "Els Vandenberghe", True),
        ("vandnbergeh", "Els Vandenberghe", True),
        ("li", "Lin Wang", True),
        ("lo", "Lin Wang", False),
        ("Mohamed Peeters", "Mohamed El Amrani", False),
        ("ana", "Eva Demir", False),
    ],
)
def test_a_name_is_meant_although_it_is_typed_with_a_slip(typed: str, name: str, found: bool) -> None:
    assert may_be(typed, name) is found
