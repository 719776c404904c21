"""How passwords are kept: argon2id, always outside a write unit, for it takes a tenth of a second."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one ``kept``. Nobody's account (``None``) takes as long as somebody's."""
    try:
        return hasher.verify(kept or nobodys_hash(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether ``kept`` was made with less work than is asked for today."""
    return hasher.check_needs_rehash(kept)


@cache
def nobodys_hash() -> str:
    return hasher.hash(secrets.token_hex(16))
