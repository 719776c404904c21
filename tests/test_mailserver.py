"""Where letters are handed over: one address, understood at the start or refused."""

from __future__ import annotations

import pytest

from booking.mailserver import MailServer


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25, False, False, "", "")),
        ("smtp://mail.example:587?starttls=1", MailServer("mail.example", 587, False, True, "", "")),
        ("smtps://a%40b:p%2Fw@mail.example", MailServer("mail.example", 465, True, False, "a@b", "p/w")),
    ],
)
def test_where_to_send_is_one_address(url, server):
    assert MailServer.parse(url) == server


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25", "smtp://mail.example?tls=1"])
def test_an_address_that_is_not_understood_is_said_at_the_start(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        MailServer.parse(url)


def test_the_password_is_not_shown():
    assert "secret" not in repr(MailServer.parse("smtp://user:secret@mail.example"))
