"""Where `python wsgi.py` listens, and what it says where it cannot."""

import socket

import pytest

from flask_renewal import ConfigurationError
from flask_renewal.standalone.serving import listen


@pytest.fixture(autouse=True)
def _on_a_free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.setenv("PORT", "0")


def test_it_listens_on_this_machine_alone_unless_told_otherwise() -> None:
    with listen() as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_it_listens_on_an_address_of_the_new_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "::1")
    with listen() as listening:
        assert (listening.family, listening.getsockname()[0]) == (socket.AF_INET6, "::1")


@pytest.mark.parametrize("port", ["65536", "-1", "", "80 ", "http", "\u00b2"])
def test_what_is_no_port_is_said_so(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ConfigurationError, match=r"^PORT = .* is no port; set it to a number up to 65535"):
        listen()


def test_a_port_that_is_taken_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen() as listening:
        monkeypatch.setenv("PORT", str(listening.getsockname()[1]))
        with pytest.raises(ConfigurationError, match=r"cannot be listened on \(Address already in use\); stop"):
            listen()
