"""Contrast, measured as WCAG 2.2 says."""

from __future__ import annotations

import pytest

from booking.core.colours import contrast


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#8A1538", "#8a1538", 1),
    ],
)
def test_the_ratios_are_those_that_everybody_measures(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("colour", ["", "teal", "#0b5", "0b5563", "#0b5563ff", "#gggggg"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        contrast(colour, "#ffffff")
