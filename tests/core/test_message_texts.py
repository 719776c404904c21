"""Blanks in a commune's own words: known ones are filled, others are named as they were written."""

from __future__ import annotations

import pytest

from booking.core.letters import LetterKind
from booking.core.message_texts import TextKind, filled, unknown_blanks


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Bonjour {name}, à {moment}.", ()),
        ("Bonjour {nom} et {nom}, {Name}", ("{nom}", "{Name}")),
        ("{name.__class__} {} { name }", ("{name.__class__}", "{}", "{ name }")),
        ("Une accolade } seule {", ()),
    ],
)
def test_only_known_blanks_are_accepted(text: str, unknown: tuple[str, ...]) -> None:
    assert unknown_blanks(text, ("name", "moment")) == unknown


def test_a_blank_is_filled_once_and_never_from_what_a_person_typed() -> None:
    assert filled("{name}, {office}: {moment}", {"name": "{moment}", "office": "%(x)s"}) == "{moment}, %(x)s: "


def test_what_has_words_of_its_own_is_a_letter_that_is_written() -> None:
    assert {kind.value for kind in TextKind if not kind.is_of_list} <= {kind.value for kind in LetterKind}
    assert "reason" in TextKind.CANCELLED_BY_COMMUNE.blanks
    assert "reason" not in TextKind.REMINDER.blanks
