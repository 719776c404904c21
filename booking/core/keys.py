"""The keys of the queue: one letter for each step, as they come or as somebody chose them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from booking.core.errors import KeyTaken, KeyUnclear


class KeyedStep(StrEnum):
    """What a key does at a counter. ``FORWARD`` is whatever comes next there: to call, to begin, done and next."""

    FORWARD = "forward"
    CALL_AGAIN = "call_again"
    ABSENT = "absent"
    DONE = "done"
    INCOMPLETE = "incomplete"
    SET_ASIDE = "set_aside"
    RESUME = "resume"
    HAND_OVER = "hand_over"
    CHANGE_SERVICE = "change_service"
    BACK = "back"
    PRIORITY = "priority"
    LEAVE = "leave"
    UNDO = "undo"
    HELP = "help"


USUAL: Mapping[KeyedStep, str] = {
    KeyedStep.FORWARD: "n",
    KeyedStep.CALL_AGAIN: "r",
    KeyedStep.ABSENT: "x",
    KeyedStep.DONE: "d",
    KeyedStep.INCOMPLETE: "i",
    KeyedStep.SET_ASIDE: "w",
    KeyedStep.RESUME: "h",
    KeyedStep.HAND_OVER: "t",
    KeyedStep.CHANGE_SERVICE: "c",
    KeyedStep.BACK: "f",
    KeyedStep.PRIORITY: "p",
    KeyedStep.LEAVE: "l",
    KeyedStep.UNDO: "z",
    KeyedStep.HELP: "a",
}
"""The same in every language: whoever sits at a colleague's screen finds them."""


def keys_of(chosen: Mapping[str, str] | None) -> dict[KeyedStep, str]:
    """The key of each step: the chosen one, else the usual one unless it was chosen for another. ``None``: no keys."""
    if chosen is None:
        return {}
    own = {step: chosen[step] for step in KeyedStep if step in chosen}
    return {step: own.get(step, key) for step, key in USUAL.items() if step in own or key not in own.values()}


def typed_key(text: str) -> str:
    """The letter that somebody typed for a step. Raises ``KeyUnclear``."""
    key = text.strip().lower()
    if len(key) != 1 or not key.isascii() or not key.isalpha():
        raise KeyUnclear
    return key


def chosen_keys(keys: Mapping[KeyedStep, str]) -> dict[str, str]:
    """What is kept of a whole set of keys: those that are not the usual ones. Raises ``KeyTaken``."""
    taken: set[str] = set()
    for key in keys.values():
        if key in taken:
            raise KeyTaken(key=key.upper())
        taken.add(key)
    return {step.value: key for step, key in keys.items() if USUAL[step] != key}
