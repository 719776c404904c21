"""What needs are called by the office that prepares for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from booking.core.needs import Need

_l = str  # Marks a text for the translators; it is looked up when its language is known.

STAFF_WORDS: Final[Mapping[Need, str]] = {
    Need.LOW_COUNTER: _l("lowered counter"),
    Need.FETCH_ME: _l("fetch at the reception"),
    Need.SILENT_CALL: _l("go and tell: hears or sees no call"),
    Need.SIGN_LANGUAGE: _l("sign language"),
    Need.INTERPRETER_MINE: _l("comes with an interpreter"),
    Need.INTERPRETER_WANTED: _l("interpreter wanted"),
}
