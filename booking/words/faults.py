"""What is wrong with a line of a configuration, said in one sentence; ``%(what)s`` is what the fault names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from booking.core.configuration.tree import Fault, FaultKind
from booking.words.catalogues import texts

_l = str  # Marks a text for the translators; it is looked up when its language is known.

FAULT_WORDS: Final[Mapping[FaultKind, str]] = {
    FaultKind.TOO_LARGE: _l("The file is too large: at most %(what)s MB."),
    FaultKind.NOT_YAML: _l("This is not YAML: %(what)s"),
    FaultKind.NOT_TEXT: _l("This is not a text in UTF-8."),
    FaultKind.ALIAS: _l("Anchors and references are not read: write the value out."),
    FaultKind.TAG: _l("Tags are not read: write the plain value."),
    FaultKind.TOO_DEEP: _l("The file is nested too deeply, or has too many values."),
    FaultKind.SECOND_DOCUMENT: _l("A second document begins here: a file has one."),
    FaultKind.KEY_TWICE: _l("The key “%(what)s” stands here twice."),
    FaultKind.KEY_UNCLEAR: _l("A key is a plain word."),
    FaultKind.EMPTY: _l("Nothing is said here: %(what)s"),
    FaultKind.OTHER_VERSION: _l("This file is of another version: %(what)s is the one that is read."),
    FaultKind.UNKNOWN_KEY: _l("There is no key “%(what)s” here."),
    FaultKind.KEY_MISSING: _l("The key “%(what)s” is missing."),
    FaultKind.NOT_KEYS: _l("Keys belong here: %(what)s."),
    FaultKind.NOT_LIST: _l("A list belongs here."),
    FaultKind.NOT_ONE: _l("One value belongs here."),
    FaultKind.TOO_MANY: _l("These are too many: at most %(what)s."),
    FaultKind.TOO_LONG: _l("This is too long: at most %(what)s characters."),
    FaultKind.NUMBER: _l("A whole number belongs here: %(what)s."),
    FaultKind.FLAG: _l("Write true or false."),
    FaultKind.DAY: _l("Write a day like 2027-01-04."),
    FaultKind.TIME: _l("Write a time like 08:30."),
    FaultKind.DAY_OF_YEAR: _l("Write a month and a day like 07-01."),
    FaultKind.AMOUNT: _l("Write an amount like 25.00."),
    FaultKind.CHOICE: _l("One of these belongs here: %(what)s."),
    FaultKind.WORD: _l("Write a word of small letters, digits and hyphens."),
    FaultKind.ADDRESS: _l("Write one e-mail address."),
    FaultKind.PHONE: _l("Write a telephone number like +3225550100."),
    FaultKind.POSTCODE: _l("Write a postcode of four digits."),
    FaultKind.ZONE: _l("There is no time zone of this name."),
    FaultKind.LINK: _l("Write an address that begins with https://."),
    FaultKind.COLOUR: _l("Write a colour like #1d4f91."),
    FaultKind.CONTRAST: _l("This colour has too little contrast: %(what)s."),
    FaultKind.NATIONAL_NUMBER: _l("This looks like a national register number, which is not stored."),
    FaultKind.FRENCH_MISSING: _l("The French text is missing."),
    FaultKind.DUTCH_MISSING: _l("The Dutch text is missing."),
    FaultKind.UNKNOWN_NAME: _l("Nothing in this file is called “%(what)s”."),
    FaultKind.SAME_NAME: _l("There are two of this name: %(what)s."),
    FaultKind.HOURS: _l("This ends before it begins, or the last ticket comes outside the hours."),
    FaultKind.HALF_KEPT: _l("Too many minutes of each hour are kept: a quarter of an hour is left for everybody."),
    FaultKind.WITHOUT_ANCHOR: _l("Every how many weeks, but counted from when? Give an “anchor”."),
    FaultKind.CLASH: _l("These hours clash with those of line %(what)s at the same counter."),
    FaultKind.CHECKLIST: _l("The checklist does not hold together here: %(what)s."),
    FaultKind.NOT_PUBLISHABLE: _l("Before it is published, this is needed: %(what)s."),
}


def fault_told(fault: Fault, language: str) -> str:
    return texts(language).gettext(FAULT_WORDS[fault.kind]) % {"what": fault.what}
