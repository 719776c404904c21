"""The keys of a counter: as they come, as somebody chose them, and none at all."""

from __future__ import annotations

import pytest

from booking.core.errors import KeyTaken, KeyUnclear
from booking.core.keys import USUAL, KeyedStep, chosen_keys, keys_of, typed_key


def test_every_step_comes_with_a_letter_of_its_own() -> None:
    assert USUAL.keys() == set(KeyedStep)
    assert len(set(USUAL.values())) == len(KeyedStep)
    assert {typed_key(letter) for letter in USUAL.values()} == set(USUAL.values())
    assert keys_of({}) == USUAL


def test_somebody_who_wants_no_keys_has_none() -> None:
    assert keys_of(None) == {}


def test_only_what_was_changed_is_kept_and_comes_back() -> None:
    wanted = {**USUAL, KeyedStep.FORWARD: "s"}

    assert chosen_keys(USUAL) == {}
    assert chosen_keys(wanted) == {"forward": "s"}
    assert keys_of(chosen_keys(wanted)) == wanted


def test_two_steps_can_change_their_keys_with_one_another() -> None:
    wanted = {**USUAL, KeyedStep.DONE: USUAL[KeyedStep.UNDO], KeyedStep.UNDO: USUAL[KeyedStep.DONE]}

    assert keys_of(chosen_keys(wanted)) == wanted


def test_two_steps_never_have_the_same_key() -> None:
    with pytest.raises(KeyTaken) as refusal:
        chosen_keys({**USUAL, KeyedStep.DONE: "n"})
    assert refusal.value.facts == {"key": "N"}
    assert KeyedStep.FORWARD not in keys_of({"done": "n"}), "a letter chosen for another step is not pressed twice"


@pytest.mark.parametrize("typed", ["", "7", "ab", "é", " ", "?"])
def test_a_key_is_one_letter(typed: str) -> None:
    with pytest.raises(KeyUnclear):
        typed_key(typed)


def test_a_capital_is_the_same_key() -> None:
    assert typed_key(" N ") == "n"
