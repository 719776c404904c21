"""Macros written once and filled in many times: a page with hundreds of like rows is made of a handful of patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter

from markupsafe import Markup

OPENS, CLOSES = "\ue000", "\ue001"
"""Around the name of a blank: characters for private use, which no text of ours has."""


BLANK = re.compile(f"{OPENS}([^{CLOSES}]+){CLOSES}")


class Pattern:
    """What ``macro`` says of ``said``, with blanks of these names for its further arguments."""

    def __init__(self, macro: Callable[..., Markup], *said: object, blanks: tuple[str, ...]) -> None:
        text = str(macro(*said, **{name: f"{OPENS}{name}{CLOSES}" for name in blanks}))
        names = BLANK.findall(text)
        # Filled by their places, which is quicker than by their names.
        self.take = itemgetter(*names) if len(names) > 1 else lambda values: tuple(values[name] for name in names)
        self.text = BLANK.sub("%s", text.replace("%", "%%"))

    def filled(self, **values: Markup | int) -> Markup:
        """The same with a value in each blank: a number, or markup that is safe as it is."""
        return Markup(self.text % self.take(values))  # noqa: S704 - a macro escaped the text; the values are typed
