"""Needs lengthen a visit by what the commune says, and never by their sum."""

from __future__ import annotations

import pytest

from booking.core.needs import Need, NeedTimes, known_needs

TIMES = NeedTimes.of({Need.SIGN_LANGUAGE: 15, Need.INTERPRETER_WANTED: 10, Need.LOW_COUNTER: 0})


@pytest.mark.parametrize(
    ("needs", "minutes"),
    [
        (set(), 0),
        ({Need.LOW_COUNTER}, 0),
        ({Need.FETCH_ME}, 0),
        ({Need.INTERPRETER_WANTED}, 10),
        ({Need.INTERPRETER_WANTED, Need.SIGN_LANGUAGE}, 15),
        ({Need.LOW_COUNTER, Need.SIGN_LANGUAGE}, 15),
    ],
)
def test_the_longest_of_them_counts(needs: set[Need], minutes: int) -> None:
    assert TIMES.for_(needs) == minutes


def test_what_lengthens_nothing_is_not_kept() -> None:
    assert TIMES.minutes == ((Need.SIGN_LANGUAGE, 15), (Need.INTERPRETER_WANTED, 10))


def test_a_code_that_is_no_need_is_passed_over() -> None:
    assert known_needs(["sign_language", "a pony", ""]) == {Need.SIGN_LANGUAGE}
