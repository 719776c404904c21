"""The examples of ``deploy/`` keep what the application promises."""

from __future__ import annotations

import re
from datetime import timedelta

from booking.core.letters import TO_BE_TAKEN, TO_HAND_OVER
from tests.shape import ROOT


def test_no_name_and_no_port_of_the_proxy_writes_the_link_of_a_letter_into_a_log() -> None:
    """A link opened over plain http meets another server than the one that shows the page."""
    servers = re.split(r"^server \{", (ROOT / "deploy/nginx.conf").read_text(), flags=re.MULTILINE)[1:]

    assert len(servers) == 3
    for server in servers:
        assert "access_log off;" in server
        assert re.search(r"error_log \S+ crit;", server)


def test_a_worker_that_is_asked_to_stop_has_the_time_its_letter_may_take() -> None:
    unit = (ROOT / "deploy/guichet-worker.service").read_text()
    (minutes,) = re.findall(r"^TimeoutStopSec=(\d+)min$", unit, re.MULTILINE)

    assert timedelta(minutes=int(minutes)) > TO_HAND_OVER + TO_BE_TAKEN
