"""What a commune may say in its own words: around the facts of a message, with blanks that the facts fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from booking.core.letter_facts import NOTHING
from booking.core.translated import Translated

BLANK = re.compile(r"\{([^{}]*)\}")
EVERYWHERE = ("name", "commune", "phone")
OF_A_VISIT = (*EVERYWHERE, "moment", "office", "reference")


class TextKind(StrEnum):
    """The messages to residents: those about a visit, each with the value of its ``LetterKind``, and of the list."""

    CONFIRMATION = "confirmation"
    MOVED = "moved"
    RESTORED = "restored"
    REMINDER = "reminder"
    CANCELLATION = "cancellation"
    CANCELLED_BY_COMMUNE = "cancelled-by-us"
    PAUSED = "paused"
    LIST_PROOF = "list-proof"
    LIST_OFFER = "list-offer"
    LIST_OVER = "list-over"

    @property
    def is_of_list(self) -> bool:
        return self in BLANKS_OF_LIST

    @property
    def blanks(self) -> tuple[str, ...]:
        """What can stand in braces in a text of this kind."""
        return BLANKS_OF_LIST.get(self, (*OF_A_VISIT, "reason") if self == self.CANCELLED_BY_COMMUNE else OF_A_VISIT)


BLANKS_OF_LIST: Mapping[TextKind, tuple[str, ...]] = {
    TextKind.LIST_PROOF: EVERYWHERE,
    TextKind.LIST_OFFER: (*EVERYWHERE, "moment", "office"),
    TextKind.LIST_OVER: EVERYWHERE,
}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A commune's own words: the subject, what stands before the facts instead of the greeting, and after them.

    What is empty, or not written in the reader's language, is said as everywhere.
    """

    subject: Translated = NOTHING
    opening: Translated = NOTHING
    closing: Translated = NOTHING

    def __bool__(self) -> bool:
        return bool(self.subject or self.opening or self.closing)


AS_EVERYWHERE = Wording()


def unknown_blanks(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """What stands in braces in a text and is none of the ``known`` blanks, each once, as it was written."""
    return tuple(dict.fromkeys(found[0] for found in BLANK.finditer(text) if found[1] not in known))


def filled(text: str, facts: Mapping[str, str]) -> str:
    """A text with its blanks filled. One that no fact fills is left out: no reader meets a brace."""
    return BLANK.sub(lambda found: facts.get(found[1], ""), text)
