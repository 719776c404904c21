"""The letters of a telephone: a text in them takes up half the room of one that goes beyond."""

from __future__ import annotations

import unicodedata
from typing import Final

PLAIN: Final = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The alphabet of GSM 03.38, but for its line breaks."""

DOUBLE: Final = frozenset("^{}\\[~]|€")
"""These take two places each."""

ALIKE: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "..."}
)

TWO_PARTS: Final = 306
"""What two messages hold that a telephone shows as one."""


def in_gsm(text: str) -> str:
    """The text in that alphabet: letters it lacks lose their accents, and spaces are plain."""
    return "".join(one for letter in text.translate(ALIKE) for one in known(letter))


def known(letter: str) -> str:
    if letter in PLAIN or letter in DOUBLE:
        return letter
    if letter.isspace():
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if part in PLAIN)
    return plain or ("" if unicodedata.category(letter)[0] in "MC" else "?")


def places(text: str) -> int:
    """How many places a text in that alphabet takes."""
    return len(text) + sum(letter in DOUBLE for letter in text)
