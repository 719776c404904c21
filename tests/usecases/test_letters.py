"""What is written to residents leads somewhere, whatever language helps them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from booking.core.translated import LANGUAGES
from booking.usecases.letters import visit_letter
from tests.factories import a_working_commune, an_appointment


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_language_of_a_letter_leads_to_pages_in_that_language(session: Session, language: str) -> None:
    home = a_working_commune(session)
    visit = an_appointment(session, home.counter, home.service, language=language, help_language="de")

    letter = visit_letter(session, appointment=visit, base_url="http://localhost", secret="known to nobody")

    assert [letter.manage_url.in_(code).split("/")[3] for code in LANGUAGES] == list(LANGUAGES)
    assert letter.commune.home_url.in_("de").endswith("/de/mairie-nord/")
