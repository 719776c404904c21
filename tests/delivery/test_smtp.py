from __future__ import annotations

import socket

import pytest

from booking.delivery import carrier
from booking.delivery.carriers import Later, Refused, deliver, nameless
from booking.delivery.kept import Keeper
from booking.delivery.smtp import Sender
from tests.delivery.letters import visit_letter
from tests.delivery.servers import Postman, serving


def told_by(postman: Postman, fault: type[Refused] | type[Later]) -> Refused | Later:
    with serving(postman) as url, Sender(url) as sender, pytest.raises(fault) as refusal:
        deliver(visit_letter(), sender)
    return refusal.value


def test_one_connection_carries_several_letters():
    postman = Postman()
    with serving(postman) as url, Sender(url) as sender:
        deliver(visit_letter(), sender)
        deliver(visit_letter(recipient="emil@example.be"), sender)

    assert [bag.rcpt_tos for bag in postman.bags] == [["ana@example.be"], ["emil@example.be"]]
    assert [bag.mail_from for bag in postman.bags] == ["rendez-vous@val-saint-pierre.example"] * 2
    assert len(postman.connections) == 1


def test_a_letter_after_a_refused_one_still_goes():
    postman = Postman(to_address="550 5.1.1 unknown")
    with serving(postman) as url, Sender(url) as sender:
        with pytest.raises(Refused):
            deliver(visit_letter(), sender)
        postman.to_address = "250 OK"
        deliver(visit_letter(), sender)

    assert len(postman.bags) == 1


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again():
    postman = Postman()
    with serving(postman) as url, Sender(url) as sender:
        deliver(visit_letter(), sender)
        sender.client.sock.shutdown(socket.SHUT_RDWR)
        deliver(visit_letter(), sender)

    assert len(postman.bags) == 2


@pytest.mark.parametrize(
    ("postman", "code"),
    [
        (Postman(to_address="550 5.1.1 <ana@example.be>: user unknown"), 550),
        (Postman(to_address="553 5.1.3 there is no ana here"), 553),
        (Postman(to_message="554 5.7.1 message of ana@example.be refused"), 554),
    ],
)
def test_an_address_that_does_not_exist_is_final_and_the_answer_names_nobody(postman, code):
    refusal = told_by(postman, Refused)

    assert refusal.code == code
    assert str(code) in str(refusal)
    assert "ana" not in str(refusal).lower()


@pytest.mark.parametrize(
    "postman",
    [
        Postman(to_address="450 4.2.1 <ana@example.be>: mailbox busy"),
        Postman(to_address="421 4.3.2 closing"),
        Postman(to_message="452 4.3.1 disk full"),
        Postman(to_sender="451 4.3.0 try later"),
        Postman(to_sender="550 5.7.1 this server may not send"),
    ],
    ids=["busy", "closing", "full", "greylisted", "a sender not allowed is repaired by the installation"],
)
def test_what_may_pass_is_tried_again_later(postman):
    assert "ana" not in told_by(postman, Later).reason


def test_a_server_that_is_away_means_later():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{nobody.getsockname()[1]}"
        with Sender(url) as sender, pytest.raises(Later, match="ConnectionRefusedError"):
            deliver(visit_letter(), sender)


def test_a_server_that_never_answers_means_later(monkeypatch):
    monkeypatch.setattr("booking.delivery.smtp.TIMEOUT", 0.1)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Sender(f"smtp://127.0.0.1:{silent.getsockname()[1]}") as sender,
        pytest.raises(Later, match="timed out"),
    ):
        deliver(visit_letter(), sender)


def test_a_server_without_the_encryption_we_ask_for_gets_nothing():
    postman = Postman()
    with serving(postman) as url, Sender(f"{url}?starttls=1") as sender, pytest.raises(Later):
        deliver(visit_letter(), sender)

    assert postman.bags == []


def test_an_address_with_an_accent_goes_where_it_is_understood_and_is_refused_elsewhere():
    letter = visit_letter(recipient="été@example.be")
    modern, old = Postman(), Postman()
    with serving(modern, utf8=True) as url, Sender(url) as sender:
        deliver(letter, sender)
    with serving(old) as url, Sender(url) as sender, pytest.raises(Refused):
        deliver(letter, sender)

    assert modern.bags[0].rcpt_tos == ["été@example.be"]
    assert old.bags == []


@pytest.mark.parametrize(
    "recipient", ["ana", "ana@example.be\r\nBcc: emil@example.be", "ana@example.be,emil@example.be"]
)
def test_a_letter_that_cannot_be_written_is_refused_and_does_not_stop_the_next(recipient):
    postman = Postman()
    with serving(postman) as url, Sender(url) as sender:
        with pytest.raises(Refused) as refusal:
            deliver(visit_letter(recipient=recipient), sender)
        deliver(visit_letter(), sender)

    assert refusal.value.code is None
    assert "ana" not in str(refusal.value)
    assert len(postman.bags) == 1


def test_without_a_server_messages_are_kept(tmp_path):
    assert isinstance(carrier("", tmp_path), Keeper)
    assert isinstance(carrier("smtp://mail.example", tmp_path), Sender)


def test_what_a_server_says_loses_its_names():
    said = "5.1.1 <ana.silva@example.be> (Ana.Silva): no such\r\nuser; see postmaster@example.be"

    assert nameless(said, "ana.silva@example.be") == "5.1.1 <…> (…): no such user; see …"
