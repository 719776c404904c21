"""What needs are called: by whoever has one, and by whoever prepares for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from booking.core.needs import Need

NEED_WORDS: Mapping[Need, Any] = {
    Need.LOW_COUNTER: _l("A lowered counter, for a wheelchair"),
    Need.FETCH_ME: _l("Somebody fetches me at the reception"),
    Need.SILENT_CALL: _l("I do not hear a call, or do not see the screen: come and tell me"),
    Need.SIGN_LANGUAGE: _l("Sign language"),
    Need.INTERPRETER_MINE: _l("I bring an interpreter"),
    Need.INTERPRETER_WANTED: _l("I need an interpreter"),
}
