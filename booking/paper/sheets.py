"""The day sheet as a page that needs nothing beside itself: in French and in Dutch, with room to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from booking.core.marks import Standing
from booking.core.needs import Need
from booking.core.sheets import DaySheet
from booking.core.translated import Translated
from booking.paper.pdf import STATIC
from booking.words import formatting
from booking.words.catalogues import texts
from booking.words.needs import STAFF_WORDS

_l = str  # Marks a text for the translators; it is looked up when its language is known.

STYLE: Final = "day-sheet.css"
EMPTY_LINES: Final = 14
"""So many lines are left for whoever comes without an appointment while nothing works."""

STANDINGS: Final = {
    Standing.EXPECTED: "",
    Standing.ARRIVED: _l("arrived"),
    Standing.DONE: _l("done"),
    Standing.INCOMPLETE: _l("papers incomplete"),
    Standing.MISSED: _l("did not come"),
}


def day_sheet_page(sheet: DaySheet) -> str:
    """The whole page, with its style inside: it is opened from a disk or a mail when no server answers."""
    both = Both(sheet.languages)
    return (
        environment()
        .get_template("day_sheet.html")
        .render(
            sheet=sheet,
            style=Markup((STATIC / STYLE).read_text("utf-8")),  # noqa: S704 - ours
            both=both,
            _=both.said,
            standings=STANDINGS,
            clock=formatting.time_plain,
            reference=formatting.reference_shown,
            empty_lines=range(EMPTY_LINES),
        )
    )


@cache
def environment() -> Environment:
    return Environment(
        loader=PackageLoader("booking.paper"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Both:
    """Everything in each official language, one after the other, marked as what it is; said once where it is alike."""

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = tuple(languages)

    def said(self, text: str, /, **blanks: object) -> Markup:
        """A text of ours, filled."""
        return self.each(lambda language: Markup(texts(language).gettext(text)) % blanks)  # noqa: S704 - ours

    def text(self, text: Translated) -> Markup:
        """A text of the commune's."""
        return self.each(text.in_)

    def day(self, sheet: DaySheet) -> Markup:
        return self.each(lambda language: formatting.date_sentence(sheet.day, language))

    def made(self, sheet: DaySheet) -> Markup:
        """Of when it is: a text of ours with a moment in it, which each language writes its own way."""
        made = sheet.made_at
        return self.each(
            lambda language: (
                texts(language).gettext("State of %(moment)s")
                % {"moment": formatting.moment_without_year(made.date(), made.time(), language)}
            )
        )

    def late(self, number: int) -> Markup:
        return self.each(
            lambda language: (
                texts(language).gettext("will be %(minutes)s late") % {"minutes": formatting.minutes(number, language)}
            )
        )

    def needs(self, needs: frozenset[Need]) -> list[Markup]:
        return [self.said(STAFF_WORDS[need]) for need in Need if need in needs]

    def each(self, say: Callable[[str], str]) -> Markup:
        found: dict[str, str] = {}
        for language in self.languages:
            found.setdefault(say(language), language)
        marked = [Markup('<span lang="{}">{}</span>').format(language, said) for said, language in found.items()]
        return Markup('<span class="or"> / </span>').join(marked)
