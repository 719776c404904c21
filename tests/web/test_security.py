"""Where somebody acts from is compared and never read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from booking.core.references import digest
from booking.web.security import client

HOME = "203.0.113.7"


def seen_from(app: Flask, address: str) -> str:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        return client()


@pytest.mark.engines("sqlite")
def test_nobody_finds_an_address_behind_its_digest_by_trying_them_all(make_app: Callable[..., Flask]) -> None:
    """Neither with the digests that everybody can compute, nor with those of another installation."""
    ours, theirs = make_app(), make_app(secret_key="the key of another commune's installation")

    assert seen_from(ours, HOME) == seen_from(ours, HOME)
    assert seen_from(ours, HOME) not in {digest("client", HOME), seen_from(theirs, HOME)}


@pytest.mark.engines("sqlite")
def test_the_addresses_of_one_household_are_one_client_and_those_of_neighbours_are_not(app: Flask) -> None:
    assert seen_from(app, "2001:db8:0:1::1") == seen_from(app, "2001:db8:0:1::2")
    assert len({seen_from(app, address) for address in ("2001:db8:0:1::1", "2001:db8:0:2::1", HOME, "")}) == 4
