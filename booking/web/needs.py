"""What needs are called: by whoever has one, and by whoever prepares for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from booking.core.needs import Need, known_needs
from booking.web.forms import choices
from booking.words.needs import STAFF_WORDS

NEED_WORDS: Mapping[Need, Any] = {
    Need.LOW_COUNTER: _l("A lowered counter, for a wheelchair"),
    Need.FETCH_ME: _l("Somebody fetches me at the reception"),
    Need.SILENT_CALL: _l("I do not hear a call, or do not see the screen: come and tell me"),
    Need.SIGN_LANGUAGE: _l("Sign language"),
    Need.INTERPRETER_MINE: _l("I bring an interpreter"),
    Need.INTERPRETER_WANTED: _l("I need an interpreter"),
}


def told(needs: Collection[Need] | None) -> list[str]:
    """Needs in the words of whoever has them, in their order."""
    return [str(NEED_WORDS[need]) for need in Need if need in (needs or ())]


def to_prepare(needs: Collection[Need] | None) -> list[str]:
    """Needs in the words of the office, in their order."""
    return [gettext(STAFF_WORDS[need]) for need in Need if need in (needs or ())]


class NeedsField(SelectMultipleField):
    """Any of the needs, or none; what is none of them is passed over."""

    def __init__(self, label: object, **options: object) -> None:
        super().__init__(
            label, choices=choices((need.value, NEED_WORDS[need]) for need in Need), validate_choice=False, **options
        )

    def needs(self) -> frozenset[Need]:
        return known_needs(self.data or ())
