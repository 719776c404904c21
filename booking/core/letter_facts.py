"""What letters of every kind say: of whom they come, and where one goes."""

from __future__ import annotations

from dataclasses import dataclass

from booking.core.translated import OFFICIAL, Translated

NOTHING = Translated({})


@dataclass(frozen=True)
class CommuneFacts:
    """Who writes, from ``sender_address``. Both names stand above the letter in ``logo_order``.

    ``phone`` is E.164, or empty. ``home_url`` is where an appointment is made, an address per language.
    ``colour`` is that of the theme, as ``#rrggbb``.
    """

    name: Translated
    sender_address: str
    phone: str
    home_url: Translated
    colour: str
    logo_order: tuple[str, ...] = OFFICIAL
    is_demonstration: bool = False


@dataclass(frozen=True)
class OfficeFacts:
    """Where to go: the name of the building, its address on one line, tram and bus."""

    name: Translated
    address: Translated
    transport: Translated = NOTHING
