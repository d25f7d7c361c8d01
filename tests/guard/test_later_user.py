"""The user of a request costs a query when somebody asks, and none before."""

import pytest
from conftest import bearer
from flask import Flask
from hosts import guards, sign_in
from statements import statements


@guards
@pytest.mark.parametrize(("path", "queries"), [("", 0), ("/user", 1)])
def test_the_user_is_looked_up_when_somebody_asks(host: Flask, guard: str, path: str, queries: int) -> None:
    headers = bearer(sign_in(host).access_token)
    client = host.test_client()
    assert client.get(f"/{guard}", headers=headers).status_code == 200
    with statements(host) as sent:
        assert client.get(f"/{guard}{path}", headers=headers).status_code == 200
    assert len([each for each in sent if "host_user" in each]) == queries
