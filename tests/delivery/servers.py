"""Mail servers of the tests: a real one that keeps what it is sent, and ones that refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Postman:
    """Keeps every message; answers an address or a message with what the test says."""

    def __init__(self, to_address: str = "250 OK", to_sender: str = "250 OK", to_message: str = "250 OK") -> None:
        self.to_address, self.to_sender, self.to_message = to_address, to_sender, to_message
        self.bags: list[Envelope] = []
        self.connections: set[int] = set()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.connections.add(id(session))
        return self.to_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_address.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_address

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.to_message.startswith("250"):
            self.bags.append(envelope)
        return self.to_message

    @property
    def received(self) -> list[EmailMessage]:
        return [parsed(bag.original_content or b"") for bag in self.bags]


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


class Listening(Controller):
    """A controller that may be given port 0 and learns which one it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(postman: Postman, *, utf8: bool = False) -> Iterator[str]:
    """The SMTP URL of a server that hands everything to ``postman``."""
    controller = Listening(postman, hostname="127.0.0.1", port=0, enable_SMTPUTF8=utf8)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()
