"""A port that a test is given stays free until it is listened on."""

import socket
import subprocess
import sys
from pathlib import Path

import ports

ELSEWHERE = -12_000
"""Where claims lie of somebody who does not know of ours."""
NONE = "AssertionError: every port is taken"


def found(port: int, claims: int = ports.CLAIMS) -> str:
    """Return what another process says that may choose among one port."""
    program = f"import ports; ports.OURS, ports.CLAIMS = [{port}], {claims}; print(ports.free_port())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(ports.__file__).parent, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).splitlines()[-1]


def test_no_other_process_is_given_it() -> None:
    port = ports.free_port()
    assert found(port) == NONE
    assert found(port, ELSEWHERE) == str(port)


def test_one_where_somebody_listens_is_passed_over() -> None:
    port = ports.free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert found(port, ELSEWHERE) == NONE


def test_no_outgoing_connection_is_given_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as outgoing:
        assert outgoing.getsockname()[1] not in range(ports.OURS.start, ports.OURS.stop + ports.CLAIMS)
