"""What a form showed when it was opened, so that nobody writes over what somebody else has saved meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from booking.core.errors import ChangedMeanwhile
from booking.core.translated import Translated

LENGTH = 32


def word_for(facts: object) -> str:
    """A short word for everything that facts say: the same for equal facts, in every process."""
    written = json.dumps(plain(facts), sort_keys=True, default=str)
    return sha256(written.encode()).hexdigest()[:LENGTH]


def plain(facts: object) -> Any:
    if isinstance(facts, Translated):
        return dict(facts.texts)
    if is_dataclass(facts):
        return {field.name: plain(getattr(facts, field.name)) for field in fields(facts)}
    if isinstance(facts, Mapping):
        return {str(name): plain(value) for name, value in facts.items()}
    if isinstance(facts, frozenset):
        return sorted((plain(one) for one in facts), key=str)
    if isinstance(facts, tuple):
        return [plain(one) for one in facts]
    return facts


def check_seen(seen: str | None, facts: object) -> None:
    """Raises ``ChangedMeanwhile`` when ``seen`` is not the word for what is there; ``None`` has seen nothing."""
    if seen is not None and seen != word_for(facts):
        raise ChangedMeanwhile
