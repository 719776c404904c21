"""Names as they were given, and as they were meant: how far two of them are apart."""

from __future__ import annotations

from booking.core.text import folded

LETTERS = 2
SHORT = 6
"""In a name shorter than this, two other letters may make another person: there it is one."""


def is_slip(given: str, meant: str) -> bool:
    """Whether ``meant`` is the same name but for a slip: two letters at most, accents and order apart."""
    is_short = len(folded(given).replace(" ", "")) < SHORT
    return letters_apart(given, meant) <= (1 if is_short else LETTERS)


SLIP_FROM, TWO_SLIPS_FROM = 4, 8
"""From so many letters on, a word may be typed with one slip, or with two."""


def may_be(typed: str, name: str) -> bool:
    """Whether ``typed`` is ``name``, a part of it or its beginning, typing errors forgiven.

    Every word of it has to be there; accents, capitals, the order of the words and spaces inside a name do not count.
    """
    parts = folded(name).split()
    whole = "".join(parts)
    return all(word in whole or any(is_near(word, part) for part in (*parts, whole)) for word in folded(typed).split())


def is_near(word: str, part: str) -> bool:
    slips = 0 if len(word) < SLIP_FROM else 1 if len(word) < TWO_SLIPS_FROM else 2
    return slips > 0 and min(distance(word, part), distance(word, part[: len(word)])) <= slips


def letters_apart(given: str, meant: str) -> int:
    """By how many letters two names differ; accents, capitals and the order of the words do not count."""
    one, other = folded(given), folded(meant)
    in_order = " ".join(sorted(one.split())), " ".join(sorted(other.split()))
    return min(distance(one, other), distance(*in_order))


def distance(one: str, other: str) -> int:
    """How many letters are missing, added, changed or swapped with their neighbour (Damerau and Levenshtein).

    A swapped pair is not changed again afterwards.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, wish in enumerate(other, start=1):
            changed = before[j - 1] + (letter != wish)
            best = min(before[j] + 1, row[j - 1] + 1, changed)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wish:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]
