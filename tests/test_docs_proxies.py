"""The proxies of the page on deploying, with exactly what it shows: signing in through them works over TLS."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from doc_blocks import PASSWORD, ROOT, Block, blocks, run
from everything import need


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the application as the page on deploying has it: by gunicorn, behind one proxy."""
    folder, port = tmp_path_factory.mktemp("behind"), free_port()
    shutil.copy(ROOT / "wsgi.py", folder)
    command = next(block.text for block in blocks("sh") if "gunicorn" in block.text).replace("8000", str(port))
    words = [sys.executable, "-m", *command.replace("--workers 4", "--workers 1").split()]
    environ = {**os.environ, "FLASK_RENEWAL_TRUSTED_PROXIES": "1"}
    with (folder / "log").open("w") as log, subprocess.Popen(words, cwd=folder, env=environ, stderr=log) as process:
        answers(f"http://127.0.0.1:{port}/healthz")
        yield str(port)
        process.terminate()


def answers(url: str, *options: str) -> str:
    """Return what a server that is starting answers once it does."""
    for _ in range(150):
        answer = run(need("curl"), "-sS", "--fail", *options, url, cwd=ROOT)
        if answer.returncode == 0:
            return answer.stdout
        time.sleep(0.1)
    raise AssertionError(answer.stderr)


def sign_in_through(host: str, port: str, folder: Path) -> None:
    """Sign in and refresh as a browser would over TLS: the cookie must be the one for https."""
    known = (
        "-k",
        "--resolve",
        f"{host}:{port}:127.0.0.1",
        "-b",
        "jar",
        "-c",
        "jar",
        "-H",
        f"Origin: https://{host}:{port}",
    )
    url = f"https://{host}:{port}/auth"
    answers(f"{url}/client.js", *known)
    body = json.dumps({"username": f"reader of {folder.name}", "password": PASSWORD})
    header = "Content-Type: application/json"
    signed_in = run("curl", "-sS", "--fail", *known, f"{url}/register", "-H", header, "-d", body, cwd=folder)
    assert signed_in.returncode == 0, signed_in.stderr
    assert "__Host-refresh_token" in (folder / "jar").read_text()
    refreshed = run("curl", "-sS", "--fail", *known, "-X", "POST", f"{url}/refresh", cwd=folder)
    assert "access_token" in refreshed.stdout, refreshed.stderr


@pytest.mark.parametrize("block", blocks("nginx"), ids=str)
def test_nginx_serves_with_the_configuration(block: Block, behind_a_proxy: str, tmp_path: Path) -> None:
    name, port = str(re.search(r"server_name (\S+);", block.text)[1]), str(free_port())  # type: ignore[index]
    certificate = trustme.CA().issue_cert(name)
    certificate.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.pem")
    certificate.private_key_pem.write_to_path(tmp_path / f"{name}.key")
    temporary = "".join(
        f"{kind}_temp_path {tmp_path};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = block.text.replace("8000", behind_a_proxy).replace("listen 8443", f"listen 127.0.0.1:{port}")
    file = tmp_path / "nginx.conf"
    alone = f"daemon off; master_process off; pid {tmp_path}/pid;"
    file.write_text(f"{alone}\nevents {{}}\nhttp {{ {temporary} access_log off; {text} }}\n")
    command = [need("nginx"), "-c", str(file), "-p", str(tmp_path), "-e", str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        try:
            sign_in_through(name, port, tmp_path)
        finally:
            process.terminate()


@pytest.mark.parametrize("block", blocks("caddyfile"), ids=str)
def test_caddy_serves_with_the_configuration(block: Block, behind_a_proxy: str, tmp_path: Path) -> None:
    """Only the port differs, and where the certificate comes from."""
    name, port = block.text.split()[0], str(free_port())
    own = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    text = block.text.replace("8000", behind_a_proxy).replace(f"{name} {{", f"{name}:{port} {{\n\ttls internal")
    (tmp_path / "Caddyfile").write_text(own + text)
    home = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [need("caddy"), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    with subprocess.Popen(command, cwd=tmp_path, env=home, stderr=subprocess.DEVNULL) as process:
        try:
            sign_in_through(name, port, tmp_path)
        finally:
            process.terminate()
