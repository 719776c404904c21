"""A letter as a mail message: plain text, page, and the invitation that calendars understand."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Final

from booking.core.letters import Letter, SheetLetter, VisitLetter
from booking.delivery.writing import languages_of, page, subject, text
from booking.words.calendar import FILE_NAMES, calendar_of
from booking.words.plain import on_one_line, wire_address

SIGNS: Final = str.maketrans(dict.fromkeys('"()<>[]:;@\\,=?', " "))


def compose(letter: Letter) -> EmailMessage:
    """The whole message, to one recipient.

    Raises ``ValueError`` when an address is none, or a header could not be written.
    """
    recipient = wire_address(letter.recipient)
    message = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    message["From"] = addressed(letter.commune.name.in_(letter.language), wire_address(letter.commune.sender_address))
    message["To"] = addressed(letter.addressee, recipient)
    message["Subject"] = on_one_line(subject(letter))
    message["Date"] = letter.stamped_at
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(letter), cte="quoted-printable")
    message.add_alternative(page(letter), subtype="html", cte="quoted-printable")
    if isinstance(letter, VisitLetter) and letter.kind.nature.has_calendar:
        add_calendar(message, letter)
    if isinstance(letter, SheetLetter):
        add_sheet(message, letter)
    # Last: adding a part moves every Content header of the whole into its first part.
    message["Content-Language"] = ", ".join(languages_of(letter))
    return message


def addressed(name: str, address: str) -> Address:
    """The address under a name. Signs that have a meaning in a header become spaces.

    Quoting them is not enough: the standard library loses the quotes of a name it has to fold.
    """
    local, _, domain = address.rpartition("@")
    return Address(" ".join(on_one_line(name).translate(SIGNS).split()), local, domain)


def add_calendar(message: EmailMessage, letter: VisitLetter) -> None:
    """Once as the richest alternative, which makes clients offer their buttons, and once as a file."""
    method, content = calendar_of(letter)
    message.add_alternative(
        content.decode("utf-8"), subtype="calendar", charset="utf-8", cte="base64", params={"method": method}
    )
    name = FILE_NAMES[letter.language]
    message.add_attachment(content, "application", "ics", filename=name, params={"name": name})


def add_sheet(message: EmailMessage, letter: SheetLetter) -> None:
    """As a file to be printed; where none could be made, as a page that any browser opens."""
    if letter.pdf is not None:
        message.add_attachment(letter.pdf, "application", "pdf", filename=f"{letter.day}.pdf")
    else:
        message.add_attachment(letter.html, subtype="html", filename=f"{letter.day}.html")
