"""What people type: names, sentences, numbers that must not be kept."""

from __future__ import annotations

import re
import unicodedata

from booking.core.errors import LooksLikeNationalNumber, NameMissing, TextTooLong

NAME_LENGTH = 100

# Overrides and isolates of writing direction, zero-width signs, line separators: invisible, and
# able to make a name look like another one. Joiners inside Persian or Indic words are honest.
INVISIBLE = frozenset(
    {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF, 0x85}
)
ELEVEN_DIGITS = re.compile(r"(?<!\d)(\d{2})[ .\-/]?(\d{2})[ .\-/]?(\d{2})[ .\-/]?(\d{3})[ .\-/]?(\d{2})(?!\d)")


def clean(text: str) -> str:
    """The text on one line: composed (NFC), without control or invisible direction marks, spaces folded."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if character.isspace() else character
        for character in composed
        if character.isspace() or not (ord(character) in INVISIBLE or unicodedata.category(character) in {"Cc", "Cs"})
    )
    return " ".join(kept.split())


def visible(line: str) -> str:
    """A line as an editor wrote it: composed (NFC), its no-break spaces kept, without what nobody sees."""
    composed = unicodedata.normalize("NFC", line)
    hidden = {"Cc", "Cs"}
    kept = (one for one in composed if not (ord(one) in INVISIBLE or unicodedata.category(one) in hidden))
    return "".join(kept).strip()


def clean_name(text: str) -> str:
    """A person's name exactly as given, in any script; one word is enough.

    Raises ``NameMissing``, ``TextTooLong`` (over 100 characters) or ``LooksLikeNationalNumber``.
    """
    name = clean(text)
    if not any(unicodedata.category(character).startswith("L") for character in name):
        if looks_like_national_number(name):
            raise LooksLikeNationalNumber
        raise NameMissing
    if len(name) > NAME_LENGTH:
        raise TextTooLong(limit=NAME_LENGTH)
    refuse_national_number(name)
    return name


def looks_like_national_number(text: str) -> bool:
    """Whether eleven digits in ``text`` carry the check of a Belgian national register number.

    The last two digits are 97 minus the first nine modulo 97; people born from 2000 count with a 2 in front.
    """
    for match in ELEVEN_DIGITS.finditer(text):
        digits = "".join(match.groups())
        body, check = digits[:9], int(digits[9:])
        if check in {97 - int(body) % 97, 97 - int("2" + body) % 97}:
            return True
    return False


def refuse_national_number(text: str) -> None:
    """Raises ``LooksLikeNationalNumber``: the number is neither asked nor stored (act of 8 August 1983)."""
    if looks_like_national_number(text):
        raise LooksLikeNationalNumber


# Letters that are typed without their mark too, and that Unicode does not take apart.
PLAIN = str.maketrans({"’": "'", "œ": "oe", "æ": "ae", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th"})


def folded(text: str) -> str:
    """The text for searching: lower case, without accents or typographic marks."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())
