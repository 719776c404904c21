"""The colours of a theme: whoever reads with them, and which one is told to be another."""

from __future__ import annotations

import pytest

from booking.core.colours import too_faint


@pytest.mark.parametrize(
    ("brand", "strong", "soft", "faint"),
    [
        ("#1d4f91", "#163d70", "#e8eef6", set()),
        ("#ffcc00", "#163d70", "#e8eef6", {"brand"}),
        ("#1d4f91", "#8fb4e3", "#e8eef6", {"strong"}),
        ("#ffcc00", "#ffcc00", "#ffffff", {"brand", "strong"}),
        ("#1d4f91", "#163d70", "#333333", {"soft"}),
        ("#767676", "#163d70", "#faf8f4", {"brand"}),
    ],
)
def test_a_colour_is_accepted_where_text_in_it_can_be_read(brand: str, strong: str, soft: str, faint: set[str]) -> None:
    assert too_faint(brand, strong, soft).keys() == faint
