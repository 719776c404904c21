from __future__ import annotations

from booking.words.catalogues import INTERFACE_LANGUAGES, OWN_NAMES, SOURCE, texts


def test_english_is_the_source_and_needs_no_catalogue():
    assert texts(SOURCE).gettext("Your appointment is made: %(moment)s.") == "Your appointment is made: %(moment)s."


def test_every_language_has_a_name_of_its_own():
    assert set(INTERFACE_LANGUAGES) == set(OWN_NAMES)
