"""The folder in which development keeps the messages it does not send. Production has none.

One file per message, named after its ``Message-ID``. Both the worker, which writes, and the page
that shows them stand on this module.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from hashlib import blake2b
from pathlib import Path
from typing import Final

SUFFIX: Final = ".eml"
DRAFT: Final = ".draft"
NAME: Final = re.compile(r"[0-9a-f]{32}")
SHOWN: Final = 200


@dataclass(frozen=True)
class Kept:
    """What the list of messages shows. ``kept_at`` is UTC."""

    name: str
    kept_at: datetime
    recipient: str
    subject: str


def keep(folder: Path, content: bytes, message_id: str) -> str:
    """Keep one message and return its name. Whoever reads meanwhile sees all of it or nothing."""
    name = blake2b(message_id.encode("utf-8", "replace"), digest_size=16).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, suffix=DRAFT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(draft, folder / f"{name}{SUFFIX}")
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return name


def forget(folder: Path, *, before: datetime) -> int:
    """Delete what was kept before a moment, and drafts that a killed process left; says how many files it was."""
    files = [Path(entry.path) for entry in os.scandir(folder)] if folder.is_dir() else []
    over = [path for path in files if path.suffix in {SUFFIX, DRAFT} and path.stat().st_mtime < before.timestamp()]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def listing(folder: Path, limit: int = SHOWN) -> list[Kept]:
    """The newest messages, newest first."""
    files = [entry for entry in os.scandir(folder) if entry.name.endswith(SUFFIX)] if folder.is_dir() else []
    newest = sorted(files, key=lambda entry: (entry.stat().st_mtime_ns, entry.name), reverse=True)[:limit]
    return [described(Path(entry.path), entry.stat().st_mtime) for entry in newest]


def opened(folder: Path, name: str) -> EmailMessage | None:
    """One message, parsed; ``None`` for a name that is not in the folder, or not a name at all."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (folder / f"{name}{SUFFIX}").read_bytes()
    except FileNotFoundError:
        return None
    return parsed(content)


def described(path: Path, kept: float) -> Kept:
    with path.open("rb") as file:
        head = BytesParser(EmailMessage, policy=policy.default).parse(file, headersonly=True)
    return Kept(path.stem, datetime.fromtimestamp(kept, UTC), str(head["To"] or ""), str(head["Subject"] or ""))


def parsed(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
