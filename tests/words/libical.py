"""The restriction check of libical, the library behind many calendars, called without a compiler."""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import cache


@cache
def library() -> ctypes.CDLL:
    name = ctypes.util.find_library("ical")
    if name is None:
        raise RuntimeError("libical3 is not installed: make test installs it")
    loaded = ctypes.CDLL(name)
    loaded.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    loaded.icalparser_parse_string.restype = ctypes.c_void_p
    for check in (loaded.icalrestriction_check, loaded.icalcomponent_count_errors):
        check.argtypes = [ctypes.c_void_p]
        check.restype = ctypes.c_int
    loaded.icalcomponent_free.argtypes = [ctypes.c_void_p]
    return loaded


def is_legal(content: bytes) -> bool:
    """Whether the file keeps the rules that iTIP has for its method."""
    parsed = library().icalparser_parse_string(content)
    if not parsed:
        return False
    try:
        kept = library().icalrestriction_check(parsed) == 1
        return kept and library().icalcomponent_count_errors(parsed) == 0
    finally:
        library().icalcomponent_free(parsed)
