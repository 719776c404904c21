"""What several themes say: since when the fees are valid, who comes, and the invented places on the web."""

from __future__ import annotations

from datetime import date

from booking.core.checklist import Procedure
from booking.core.services import Fee
from booking.core.translated import LANGUAGES, Translated

SINCE = date(2026, 1, 1)

THE_PERSON = Translated.of(
    fr="La personne elle-même.", nl="De persoon zelf.", en="The person.", de="Die Person selbst."
)

PORTAL = "https://formulaires-formulieren.example"
PARKING = Translated.of(
    fr="https://stationnement-parkeren.example/fr",
    nl="https://stationnement-parkeren.example/nl",
    en="https://stationnement-parkeren.example/en",
    de="https://stationnement-parkeren.example/de",
)


def on_the_portal(page: str) -> Translated:
    """A page of the portal of online forms, in each language."""
    return Translated({language: f"{PORTAL}/{language}/{page}" for language in LANGUAGES})


def urgent(cents: int) -> Fee:
    """What the urgent procedure costs."""
    return Fee(SINCE, cents, procedure=Procedure.URGENT)
