"""One contact, written one way, so that limits and searches recognise it."""

from __future__ import annotations

from booking.core.references import digest
from booking.core.text import folded

DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})

COMMON_DOMAINS = (
    "gmail.com", "hotmail.com", "hotmail.be", "outlook.com", "outlook.be", "live.be", "skynet.be", "telenet.be",
    "proximus.be", "yahoo.com", "yahoo.fr", "icloud.com", "scarlet.be", "voo.be", "msn.com", "live.com", "me.com",
)  # fmt: skip

ONE_ENDING = {"gmail": "com", "icloud": "com", "skynet": "be", "telenet": "be", "proximus": "be", "scarlet": "be"}
"""Names under which mail is given with one ending only; of *hotmail*, *outlook*, *live*, *yahoo* there are many."""


def same_mailbox(email: str) -> str:
    """The address as its provider reads it: case, ``+tag`` and Gmail's dots make no other person."""
    local, _, domain = email.strip().casefold().rpartition("@")
    local = local.partition("+")[0]
    if domain in DOTS_DO_NOT_COUNT:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def contact_key(email: str | None, phone: str | None) -> str:
    """A fixed name for a contact: the e-mail address when there is one, else the phone (E.164).

    It hides nothing, for phones are soon tried out: it stands where the contact itself does, and is erased with it.
    """
    return digest("contact", same_mailbox(email) if email else phone or "")


def contact_keys(email: str | None, phone: str | None) -> tuple[str, ...]:
    """A fixed name for each contact that was given, the e-mail address first."""
    given = ((email, None) if email else None, (None, phone) if phone else None)
    return tuple(contact_key(*one) for one in given if one)


def person_key(name: str, contact: str) -> str:
    """A fixed name for one person behind a contact, however the name is accented or ordered."""
    return digest("person", " ".join(sorted(folded(name).split())) or name, contact)


def masked(email: str | None, phone: str | None) -> str:
    """A contact as much as one needs to recognise it: the first letter and the domain, or the ends of the number."""
    if email:
        local, _, domain = email.rpartition("@")
        return f"{local[:1]}…@{domain}"
    return f"{phone[:4]}…{phone[-2:]}" if phone else ""


def likelier_domain(email: str) -> str | None:
    """The well-known domain that was probably meant (``gmial.com`` or ``gmail.be`` → ``gmail.com``), or ``None``."""
    domain = email.rpartition("@")[2].casefold()
    if not domain or domain in COMMON_DOMAINS:
        return None
    name, _, ending = domain.partition(".")
    if name in ONE_ENDING and "." not in ending:
        return f"{name}.{ONE_ENDING[name]}"
    return next((known for known in COMMON_DOMAINS if one_slip_apart(domain, known)), None)


def one_slip_apart(typed: str, meant: str) -> bool:
    """One letter missing, added, changed, or two neighbours swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest, wish = typed[start:], meant[start:]
    swapped = len(rest) > 1 and rest[1] + rest[0] + rest[2:] == wish
    return swapped or rest[1:] == wish[1:] or rest[1:] == wish or rest == wish[1:]
