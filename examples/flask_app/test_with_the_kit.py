"""An evening with the till, tested with the kit."""

from flask_renewal.testing import RenewalClient


def test_an_evening_with_the_till(renewal_client: RenewalClient) -> None:
    ann = renewal_client.login("ann@example.com")
    ann.post("/payments", json={"cents": 1250, "note": "tea"})
    thief = ann.steal()
    ann.clock.tick(minutes=16)
    assert [answer.status_code for answer in ann.race(2)] == [200, 200]
    ann.clock.tick(minutes=16)
    with ann.lose_response():
        ann.refresh()
    assert len(ann.fetch("/payments").get_json()["payments"]) == 1
    ann.clock.tick(minutes=2)
    assert thief.refresh().get_json()["code"] == "refresh_token_reused"
    ann.assert_ended("refresh_token_reused")
