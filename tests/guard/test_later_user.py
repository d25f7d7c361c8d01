"""The user of a request costs a query when somebody asks, and none before."""

import pytest
from flask import Flask
from hosts import guards
from statements import statements

from flask_renewal.testing import RenewalClient


@guards
@pytest.mark.parametrize(("path", "queries"), [("", 0), ("/user", 1)])
def test_the_user_is_looked_up_when_somebody_asks(host: Flask, guard: str, path: str, queries: int) -> None:
    client = RenewalClient(host).login()
    assert client.get(f"/{guard}").status_code == 200
    with statements(host) as sent:
        assert client.get(f"/{guard}{path}").status_code == 200
    assert len([each for each in sent if "host_user" in each]) == queries
