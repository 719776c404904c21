"""What roles of staff are called, in letters and on pages."""

from __future__ import annotations

from typing import Final

from booking.core.roles import Role

_l = str  # Marks a text for the translators; it is looked up when its language is known.

NAMES: Final = {
    Role.ADMINISTRATOR: _l("administrator"),
    Role.AGENT: _l("agent at the counters"),
    Role.RECEPTIONIST: _l("reception"),
    Role.AUDITOR: _l("auditor"),
    Role.PLATFORM: _l("platform administrator"),
}
