"""References that can be spoken on the telephone, and the tokens inside links."""

from __future__ import annotations

import binascii
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b, sha256

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No vowels, so that no word appears, and nothing that is heard or read as something else (0 O, 1 I L)."""

LENGTH = 8


def new_reference() -> str:
    """Eight characters drawn by the system's own generator; about 38 bits, so never enough alone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def typed_reference(text: str) -> str | None:
    """What a person typed, without its spaces and dashes; ``None`` when it cannot be a reference."""
    kept = "".join(character for character in text.upper() if character.isalnum())
    return kept if len(kept) == LENGTH and all(character in ALPHABET for character in kept) else None


def new_key() -> str:
    """128 random bits in hexadecimal: a hold's key, a token's nonce."""
    return secrets.token_hex(16)


def wish_key(secret: str, *wish: str) -> str:
    """A hold's key that the same wish gives again, and that nobody can tell without ``secret``."""
    return keyed_digest(secret, "wish", *wish)


def link_token(secret: str, purpose: str, nonce: str) -> str:
    """The token that a link for ``purpose`` carries.

    It is computed from the nonce in the row, so that it can be written again, identical, in a later
    message, while the database alone holds nothing that opens a page.
    """
    proof = hmac.new(secret.encode(), f"{purpose}:{nonce}".encode(), sha256).hexdigest()[:32]
    return f"{nonce}{proof}"


def nonce_of(secret: str, purpose: str, token: str) -> str | None:
    """The nonce a true token was made from, or ``None``."""
    nonce = token[:32]
    expected = link_token(secret, purpose, nonce)
    return nonce if hmac.compare_digest(expected.encode(), token.encode("utf-8", "replace")) else None


def short_token(token: str) -> str:
    """The same token in 43 letters, for a text message, where room is scarce."""
    return urlsafe_b64encode(bytes.fromhex(token)).decode().rstrip("=")


def token_of(short: str) -> str:
    """The token that was shortened; what no token is shortened to gives one that opens nothing."""
    try:
        return urlsafe_b64decode(short + "=" * (-len(short) % 4)).hex()
    except (ValueError, binascii.Error):
        return ""


def digest(*parts: str) -> str:
    """A short fixed name for something that must be compared but not read (32 hexadecimal characters)."""
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def keyed_digest(secret: str, *parts: str) -> str:
    """A ``digest`` of what could be found by trying every value there is: without ``secret`` nobody can."""
    return hmac.new(secret.encode(), "\x1f".join(parts).encode("utf-8", "replace"), sha256).hexdigest()[:32]
