"""What letters of every kind say: of whom they come, where one goes, what for and what with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booking.core.appointments import Step
from booking.core.checklist import Attending, Procedure, ToBring
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


@dataclass(frozen=True)
class LetterLine:
    """One service of the visit, for ``persons`` persons, and what belongs to it.

    ``fee_cents`` is the fee of one person, ``None`` when there is nothing to say about it. ``number`` is the line's,
    ``ticked`` the codes of the papers that are ready. Of a service that is for one visit, whoever comes to it, the
    persons are not ``counted``. ``step`` says which visit it is of a service that takes two. ``follow_up`` is what
    happens after the visit.
    """

    service: Translated
    persons: int = 1
    counted: bool = True
    papers: tuple[ToBring, ...] = ()
    must_come: tuple[Attending, ...] = ()
    warnings: tuple[Translated, ...] = ()
    procedure: Procedure = Procedure.NORMAL
    fee_cents: int | None = None
    fee_note: Translated = NOTHING
    number: int = 0
    ticked: frozenset[str] = frozenset()
    step: Step | None = None
    follow_up: Translated = NOTHING

    @property
    def is_urgent(self) -> bool:
        return self.procedure == Procedure.URGENT

    @property
    def brings_nothing_yet(self) -> bool:
        """Whether one comes to be informed, and brings everything to the second visit."""
        return self.step == Step.INFORMATION


def fees_together(lines: Iterable[LetterLine]) -> int | None:
    """All fees in cents, for everybody who comes; ``None`` when that says no more than the fees themselves."""
    costing = [line for line in lines if line.fee_cents]
    persons = sum(line.persons for line in costing)
    return sum((line.fee_cents or 0) * line.persons for line in costing) if persons > 1 else None
