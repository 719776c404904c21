"""What a password must be. How it is kept is the business of the edge."""

from __future__ import annotations

from booking.core.errors import PasswordTooCommon, PasswordTooShort
from booking.core.text import folded

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5

# What is left of the usual lists once short ones are out, in the languages of the house; compared without
# case, accents, spaces, signs, or digits at either end.
COMMON = frozenset(
    {
        "password", "passwordpassword", "motdepasse", "monmotdepasse", "wachtwoord", "mijnwachtwoord", "passwort",
        "welcome", "welkom", "bienvenue", "administrator", "administrateur", "administratie", "administration",
        "azerty", "azertyuiop", "qwerty", "qwertyuiop", "qwertzuiop", "qwertyqwerty", "azertyazerty", "abcdefgh",
        "abcdefghijkl", "letmein", "letmeinplease", "iloveyou", "jetaime", "ikhouvanjou", "changeme", "secret",
        "geheim", "bruxelles", "brussel", "brussels", "belgique", "belgie", "commune", "gemeente", "guichet",
        "loket", "anderlecht", "rscanderlecht", "clubbrugge", "soleil", "sunshine", "princess", "football",
    }
)  # fmt: skip


def check_password(password: str) -> None:
    """Raises ``PasswordTooShort`` (under 12 characters) or ``PasswordTooCommon``."""
    if len(password) < SHORTEST:
        raise PasswordTooShort(limit=SHORTEST)
    bare = folded(password).replace(" ", "")
    if len(set(bare)) < FEWEST_DIFFERENT or not bare.strip("0123456789") or bare.strip("0123456789") in COMMON:
        raise PasswordTooCommon
