"""A short soak; `make soak` runs the long one."""

import socket
import time

from conftest import Serve
from tests.envelopes import fields_of, message, post
from tests.soak import soak


def test_no_good_call_is_lost_among_bad_ones() -> None:
    """With good, bad, slow and stalled clients at once, every good call gets its batch."""
    report = soak(clients=60, seconds=5)
    assert report.lost == []
    assert len(report.latencies) > 50
    assert report.bad > 20


def test_a_hundred_stalled_clients_hold_up_nobody(serve_scenario: Serve) -> None:
    """While a hundred clients say nothing at all, a good call is answered at once."""
    served = serve_scenario("twee-scholen")
    place = (served.running.host, served.running.port)
    stalled = [socket.create_connection(place) for _ in range(100)]
    started = time.monotonic()
    assert post(served, message(*fields_of(served))).status_code == 200
    assert time.monotonic() - started < 2
    for each in stalled:
        each.close()
