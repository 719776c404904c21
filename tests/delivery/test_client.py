"""A mail server may be slow, and a letter still arrives once: we stay while it is being taken, and not for ever."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, field
from typing import Any

import pytest

from booking.core.letters import TO_BE_TAKEN, TO_HAND_OVER
from booking.delivery import client
from booking.delivery.carriers import Later, deliver
from booking.delivery.smtp import TIMEOUT, Sender
from tests.delivery.letters import visit_letter

SAID = {
    "connect": ["220 mail.example"],
    "ehlo": ["250-mail.example", "250 8BITMIME"],
    "mail": ["250 ok"],
    "rcpt": ["250 ok"],
    "data": ["354 go on"],
    "letter": ["250 taken"],
    "noop": ["250 ok"],
    "quit": ["221 bye"],
}


@dataclass
class Wire:
    """A connection to a server that takes its time over every line, on a clock of its own; nobody waits for real.

    ``seconds`` are those before each line of an answer, by the word that is answered, or before each of the ``pieces``
    in which a line comes.
    """

    seconds: dict[str, float]
    lines: dict[str, list[str]] = field(default_factory=dict)
    pieces: int = 1
    now: float = 0.0
    timeout: float = 0.0
    letters: int = 0
    open: int = 0
    connections: int = 0

    def __post_init__(self) -> None:
        self.coming: list[tuple[float, bytes]] = []

    def connect(self, where: object, timeout: float, source: object) -> Wire:
        self.open, self.connections, self.timeout, self.coming = self.open + 1, self.connections + 1, timeout, []
        self.answer("connect")
        return self

    def answer(self, word: str) -> None:
        for line in self.lines.get(word, SAID[word]):
            said = f"{line}\r\n".encode()
            cut = len(said) // self.pieces
            parts = [said[place * cut : (place + 1) * cut] for place in range(self.pieces - 1)]
            self.coming += [(self.seconds.get(word, 0.0), part) for part in (*parts, said[(self.pieces - 1) * cut :])]

    def sendall(self, said: bytes) -> None:
        if said.endswith(b"\r\n.\r\n"):
            self.letters += 1
            self.answer("letter")
        else:
            self.answer(said.split()[0].decode().lower())

    def recv_into(self, buffer: memoryview) -> int:
        wait, said = self.coming.pop(0)
        self.now += min(wait, self.timeout)
        if wait > self.timeout:
            raise TimeoutError("timed out")
        buffer[: len(said)] = said
        return len(said)

    def settimeout(self, seconds: float) -> None:
        self.timeout = seconds

    def monotonic(self) -> float:
        return self.now

    def close(self) -> None:
        self.open -= 1


def wired(monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float], **more: Any) -> Wire:
    wire = Wire(seconds, **more)
    monkeypatch.setattr(smtplib.socket, "create_connection", wire.connect)
    monkeypatch.setattr(client, "time", wire)
    return wire


def test_a_server_that_reads_the_letter_with_care_gets_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = wired(monkeypatch, {"letter": 9 * 60})
    with Sender("smtp://mail.example") as sender:
        deliver(visit_letter(), sender)
        deliver(visit_letter(), sender)

    assert (wire.letters, wire.now, wire.open) == (2, 18 * 60, 0)


def test_a_server_that_never_says_whether_it_has_the_letter_is_left_after_ten_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = wired(monkeypatch, {"letter": 60 * 60})
    with Sender("smtp://mail.example") as sender, pytest.raises(Later, match="timed out"):
        deliver(visit_letter(), sender)

    assert (wire.letters, wire.now, wire.open) == (1, TO_BE_TAKEN.total_seconds(), 0)


@pytest.mark.parametrize("word", ["connect", "ehlo", "mail", "rcpt", "data", "noop"])
def test_any_other_answer_is_not_waited_for_so_long(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    wire = wired(monkeypatch, {})
    with Sender("smtp://mail.example") as sender:
        deliver(visit_letter(), sender)
        if word in {"connect", "ehlo"}:
            sender.close()
        wire.seconds[word] = TIMEOUT + 1
        if word == "noop":
            deliver(visit_letter(), sender)
        else:
            with pytest.raises(Later, match="timed out"):
                deliver(visit_letter(), sender)

    assert wire.now == TIMEOUT
    assert wire.letters == (2 if word == "noop" else 1)


@pytest.mark.parametrize(
    "more",
    [
        {"lines": {"ehlo": ["250-more to come"] * 50 + ["250 done"]}},
        {"pieces": 4},
        {"lines": {"rcpt": ["250-ok"] * 99}},
    ],
    ids=["many lines", "lines in pieces", "no end"],
)
def test_a_server_that_dribbles_has_no_more_time_and_gets_no_letter(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    """Each line comes in time, and all of them together do not: another worker would take the letter meanwhile."""
    wire = wired(monkeypatch, dict.fromkeys(SAID, TIMEOUT - 1), **more)
    with Sender("smtp://mail.example") as sender, pytest.raises(Later):
        deliver(visit_letter(), sender)

    assert (wire.letters, wire.open) == (0, 0)
    assert wire.now <= TO_HAND_OVER.total_seconds()


def test_a_slow_server_that_is_in_time_gets_its_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = wired(monkeypatch, dict.fromkeys(SAID, TIMEOUT - 1) | {"letter": 9 * 60})
    with Sender("smtp://mail.example") as sender:
        deliver(visit_letter(), sender)

    assert wire.letters == 1


def test_every_letter_of_a_long_connection_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = wired(monkeypatch, {"mail": TIMEOUT - 1, "letter": 60})
    with Sender("smtp://mail.example") as sender:
        for _ in range(10):
            deliver(visit_letter(), sender)
            wire.now += 60 * 60

    assert (wire.letters, wire.connections) == (10, 1)
