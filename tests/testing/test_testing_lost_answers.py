"""The kit loses answers, as a network does: what was done is done, and nobody hears of it."""

import pytest

from flask_renewal.testing import Clock, RenewalClient, ResponseLostError


def test_a_lost_answer_signs_nobody_out(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    renewal_client.login("alice")
    for _ in range(3):
        renewal_clock.tick(minutes=16)
        with renewal_client.lose_response():
            renewal_client.refresh()
    renewal_clock.tick(minutes=16)
    assert renewal_client.refresh().status_code == 200


def test_what_the_answer_said_is_lost_but_not_what_was_done(renewal_client: RenewalClient) -> None:
    renewal_client.login("alice")
    with renewal_client.lose_response():
        renewal_client.logout()
    renewal_client.assert_ended("session_ended")
    assert renewal_client.access_token is not None


def test_losing_no_answer_is_a_mistake_of_the_test(renewal_client: RenewalClient) -> None:
    with pytest.raises(AssertionError, match="no request"), renewal_client.lose_response():
        pass


def test_the_block_ends_where_the_answer_is_lost(renewal_client: RenewalClient) -> None:
    with renewal_client.lose_response():
        renewal_client.get("/healthz")
        pytest.fail("the lost answer arrived")
    with pytest.raises(ValueError, match="mine"), renewal_client.lose_response():
        raise ValueError("mine")
    assert issubclass(ResponseLostError, ConnectionError)
