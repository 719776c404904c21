"""Keys made from the fields of what is said of a service or an office: a new field has its key without being asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, time
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from booking.core.configuration.kinds import NEEDED, Key, Kind, Many, Optional, Text, Texts
from booking.core.configuration.scalars import Choice, Day, Flag, Number, Wall
from booking.core.translated import Translated

LARGEST = 999_999
LONGEST = 4_000
MOST_NUMBERS = 20
PLAIN: Mapping[Any, Kind] = {bool: Flag(), int: Number(0, LARGEST), date: Day(), time: Wall()}


def keys_of(facts: type, known: Mapping[str, Kind], *, but: frozenset[str] = frozenset()) -> dict[str, Key]:
    """A key for each field: of the kind that is ``known`` to be right, else of the one its type asks for."""
    hints = get_type_hints(facts)
    return {
        one.name: Key(known.get(one.name) or kind_for(hints[one.name]), default_of(one))
        for one in fields(facts)
        if one.name not in but
    }


def default_of(one: Field[Any]) -> Any:
    return NEEDED if one.default is MISSING else one.default


def kind_for(hint: Any) -> Kind:
    options = [one for one in get_args(hint) if one is not NoneType]
    if get_origin(hint) is tuple:
        return Many(kind_for(options[0]), MOST_NUMBERS)
    if options:
        return Optional(kind_for(options[0]))
    if hint is Translated:
        return Texts(LONGEST, long=True)
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Choice(hint)
    return Text(LONGEST)
