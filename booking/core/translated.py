"""A text in several languages, and whether it is complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

OFFICIAL = ("fr", "nl")
"""The languages in which a commune of Brussels must answer: equal, and sufficient."""

LANGUAGES = ("fr", "nl", "en", "de")
"""Every language a text of a commune can be written in."""

PAGE_LANGUAGES = ("fr", "nl", "en", "de")
"""The languages in which every page can be read."""


@dataclass(frozen=True)
class Translated:
    """One text, written in one or more languages. Empty texts count as missing."""

    texts: Mapping[str, str]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kept = {language: text for language in LANGUAGES if (text := self.texts.get(language))}
        object.__setattr__(self, "texts", MappingProxyType(kept))
        object.__setattr__(self, "_hash", hash(tuple(kept.items())))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Translated], tuple[dict[str, str]]]:
        return Translated, (dict(self.texts),)

    @classmethod
    def of(cls, **texts: str) -> Translated:
        return cls(texts)

    def in_(self, language: str) -> str:
        """The text in ``language``, else in French, Dutch or whatever there is; empty when there is nothing."""
        return next((self.texts[choice] for choice in (language, *LANGUAGES) if choice in self.texts), "")

    def language_for(self, language: str) -> str:
        """The language in which ``in_(language)`` answers, for the ``lang`` attribute."""
        return next((choice for choice in (language, *LANGUAGES) if choice in self.texts), language)

    def readings(self, language: str) -> tuple[tuple[str, str], ...]:
        """The text in ``language``, else in each official one: neither of the two stands for the other.

        Where both say the same word for word, once; where neither is written, whatever there is.
        """
        choices = (language,) if language in self.texts else OFFICIAL
        found = tuple((choice, self.texts[choice]) for choice in choices if choice in self.texts)
        if len({text for _, text in found}) == 1:
            return found[:1]
        return found or tuple(self.texts.items())[:1]

    def joined(self, language: str) -> str:
        """What ``readings`` gives, on one line: for a choice in a list, a title, a name beside others."""
        return "\u00a0/ ".join(text for _, text in self.readings(language))

    def missing(self, languages: Iterable[str] = OFFICIAL) -> tuple[str, ...]:
        return tuple(language for language in languages if language not in self.texts)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.texts.items())

    def __bool__(self) -> bool:
        return bool(self.texts)
