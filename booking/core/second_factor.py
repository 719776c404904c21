"""A second factor: six digits that a telephone makes from a secret and the clock (RFC 6238), and codes on paper.

The secret is kept under a key that is not in the database; of a code on paper a digest is kept.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote, urlencode

from booking.core.references import ALPHABET, digest

SECRET_BYTES = 20
STEP_SECONDS = 30
DIGITS = 6
NEAR = (0, -1, 1)
"""The codes that count, by their distance from this moment's: a telephone's clock may be half a minute off."""

CODES, CODE_LENGTH, GROUP = 10, 12, 4
"""So many codes on paper, each of so many characters (57 bits), written in groups."""


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def coming_secret(key: str, token: str) -> bytes:
    """The secret that a session is shown before it counts: drawn from its token, so that nothing has to be kept."""
    return hmac.digest(key.encode(), f"coming-factor:{token}".encode(), "sha256")[:SECRET_BYTES]


def step_at(now: datetime) -> int:
    """Which code's turn it is: one follows the other every half minute."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    # RFC 4226, 5.3: the last half byte says which four bytes of the proof become the digits.
    proof = hmac.digest(secret, step.to_bytes(8, "big"), sha1)
    place = proof[-1] & 0x0F
    number = int.from_bytes(proof[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: bytes, typed: str, *, now: datetime) -> int | None:
    """Which step's code was typed, with or without spaces; ``None`` when it is none that counts at this moment."""
    code = "".join(typed.split())
    here = step_at(now)
    for near in NEAR:
        if hmac.compare_digest(code_at(secret, here + near).encode(), code.encode("utf-8", "replace")):
            return here + near
    return None


def spelled(secret: bytes) -> str:
    """The secret as it is typed into a telephone, in groups of four."""
    return in_groups(b32encode(secret).decode())


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """What the telephone reads from the picture."""
    facts = urlencode({"secret": b32encode(secret).decode(), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{account}')}?{facts}"


def new_codes() -> tuple[str, ...]:
    """Codes on paper, as they are shown once."""
    drawn = ("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES))
    return tuple(in_groups(code, "-") for code in drawn)


def typed_code(typed: str) -> str | None:
    """A code on paper as it was typed, without what stands between its groups; ``None`` when it cannot be one."""
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept if len(kept) == CODE_LENGTH and all(character in ALPHABET for character in kept) else None


def kept_code(person_id: int, code: str) -> str:
    """A code on paper as the database keeps it."""
    return digest("recovery", str(person_id), typed_code(code) or "")


def in_groups(text: str, between: str = " ") -> str:
    return between.join(text[place : place + GROUP] for place in range(0, len(text), GROUP))


def sealed(key: str, secret: bytes) -> str:
    """The secret as the database keeps it: under a stream of bytes that is drawn from ``key``, another for each."""
    salt = secrets.token_hex(16)
    return salt + bytes(one ^ other for one, other in zip(secret, stream(key, salt), strict=True)).hex()


def opened(key: str, kept: str) -> bytes:
    """The secret that was ``sealed``. Under another key it is another secret, whose codes are nobody's."""
    salt, hidden = kept[:32], bytes.fromhex(kept[32:])
    return bytes(one ^ other for one, other in zip(hidden, stream(key, salt), strict=True))


def stream(key: str, salt: str) -> bytes:
    return hmac.digest(key.encode(), f"second-factor:{salt}".encode(), "sha256")[:SECRET_BYTES]
