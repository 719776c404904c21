"""Contrast of colours, as WCAG 2.2 defines it, and whether those of a theme can be read."""

from __future__ import annotations

import re

ENOUGH_FOR_TEXT = 4.5
HEX = re.compile(r"#[0-9a-f]{6}")


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2, "relative luminance")."""
    if not HEX.fullmatch(colour.lower()):
        raise ValueError(f"{colour!r} is not a colour like #0b5563")
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


INK, INK_SOFT, PAGE, WHITE = "#211e1a", "#57514a", "#faf8f4", "#ffffff"
"""What every commune's pages are written in and on: the tokens of the style sheet that no theme changes."""


def is_colour(text: str) -> bool:
    return bool(HEX.fullmatch(text.lower()))


def too_faint(brand: str, strong: str, soft: str) -> dict[str, float]:
    """The colours of a theme that cannot be read everywhere they are used, each with the contrast it would have.

    White stands on the commune's colour and on its stronger one, and both are written with on every ground. When it
    is the soft ground that is too dark for any text, it alone is named.
    """
    on_soft = min(contrast(ink, soft) for ink in (INK, INK_SOFT))
    if on_soft < ENOUGH_FOR_TEXT:
        return {"soft": on_soft}
    grounds = (WHITE, PAGE, soft)
    inks = {"brand": brand, "strong": strong}
    found = {name: min(contrast(ink, ground) for ground in grounds) for name, ink in inks.items()}
    return {name: ratio for name, ratio in found.items() if ratio < ENOUGH_FOR_TEXT}
