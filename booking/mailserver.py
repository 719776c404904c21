"""The address of a mail server. The settings check it at the start; delivery connects to what it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class MailServer:
    """Where to connect and as whom."""

    host: str
    port: int
    is_tls: bool
    wants_starttls: bool
    user: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """Read ``smtp://user:password@host:25?starttls=1`` or ``smtps://…``. Raises ``ValueError``."""
        try:
            parts = urlsplit(url)
            options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
            known = options in ({}, {"starttls": ["0"]}, {"starttls": ["1"]}) and parts.path in {"", "/"}
            understood = known and parts.scheme in {"smtp", "smtps"} and parts.port != 0
            host = parts.hostname if understood else None
        except ValueError:
            host = None
        if not host:
            raise ValueError(
                "SMTP_URL looks like smtp://user:password@host:25?starttls=1 or smtps://user:password@host, "
                "signs of the password written as in addresses (%2F for /)."
            )
        is_tls = parts.scheme == "smtps"
        return cls(
            host=host,
            port=parts.port or (465 if is_tls else 25),
            is_tls=is_tls,
            wants_starttls=options.get("starttls") == ["1"],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
