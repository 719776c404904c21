from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from booking.words.catalogues import FOLDER, INTERFACE_LANGUAGES, LETTER_LANGUAGES, OWN_NAMES, SOURCE, texts

ROOT = FOLDER.parents[1]


def sentences_of(*folders: str) -> set[str]:
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found = [entry for folder in folders for entry in extract_from_dir(str(ROOT / folder), methods, options)]
    assert found
    return {one(message) for _, _, message, _, _ in found}


@pytest.fixture
def german() -> Path:
    return FOLDER / "de/LC_MESSAGES/messages.po"


def test_english_is_the_source_and_needs_no_catalogue():
    assert texts(SOURCE).gettext("Your appointment is made: %(moment)s.") == "Your appointment is made: %(moment)s."


def test_every_language_has_a_name_of_its_own():
    assert set(INTERFACE_LANGUAGES) < set(LETTER_LANGUAGES) == set(OWN_NAMES)


def test_a_letter_can_be_written_in_german_from_end_to_end(german):
    with german.open("rb") as file:
        catalogue = read_po(file, locale="de")
    known = {one(m.id): m.string for m in catalogue if m.id}

    assert sentences_of("booking/delivery", "booking/words") - {id_ for id_, said in known.items() if said} == set()
    assert not [m.id for m in catalogue if m.fuzzy]
    assert [(m.id, faults) for m, faults in catalogue.check()] == []


def test_the_compiled_german_catalogue_says_what_its_source_says(german):
    with german.open("rb") as source, german.with_suffix(".mo").open("rb") as compiled:
        said, spoken = read_po(source), read_mo(compiled)

    assert {one(m.id): strings(m.string) for m in said if m.id} == {
        one(m.id): strings(m.string) for m in spoken if m.id
    }


def one(id_: str | tuple[str, str] | list[str]) -> str:
    return id_ if isinstance(id_, str) else id_[0]


def strings(text: str | tuple[str, str] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
