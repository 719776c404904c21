"""The catalogues of interface texts, and the languages that have one."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

from booking.core.translated import PAGE_LANGUAGES

FOLDER: Final = Path(__file__).parents[1] / "translations"

SOURCE: Final = "en"
"""The language in which texts stand in the code; it needs no catalogue."""

INTERFACE_LANGUAGES: Final = PAGE_LANGUAGES
"""The languages that have a whole catalogue: every page and letter can be read in them, in two of them as a help."""

OWN_NAMES: Final = {"fr": "Français", "nl": "Nederlands", "en": "English", "de": "Deutsch"}
"""Each language as its speakers call it."""


@cache
def texts(language: str) -> NullTranslations:
    """The catalogue of ``language``; a text it does not have stays in English."""
    return translation("messages", FOLDER, [language], fallback=True)
