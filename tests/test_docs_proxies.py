"""The proxies that the page on deploying shows, with exactly these files: signing in through them works over TLS."""

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
from doc_blocks import DOCS, PASSWORD, ROOT, blocks, run
from everything import need

PAGE = "<title>The page</title>"


def configurations(proxy: str) -> list[Path]:
    return sorted((ROOT / "examples" / proxy).iterdir())


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def test_the_page_on_deploying_shows_each_configuration() -> None:
    shown = re.findall(r"^```{literalinclude} \.\./examples/(\S+)$", (DOCS / "deploy.md").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(map(name_of, configurations("nginx") + configurations("caddy")))


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


def answers(url: str, *options: str, cwd: Path = ROOT) -> str:
    """Return what a server that is starting answers once it does."""
    for _ in range(150):
        answer = run(need("curl"), "-sS", "--fail", *options, url, cwd=cwd)
        if answer.returncode == 0:
            return answer.stdout
        time.sleep(0.1)
    raise AssertionError(answer.stderr)


def configured(configuration: Path, behind: str, folder: Path) -> str:
    """Return a configuration for this machine: the server that it hands requests to, and where the page's files are."""
    (folder / "app").mkdir()
    (folder / "app" / "index.html").write_text(PAGE)
    return configuration.read_text().replace("8000", behind).replace("/srv/app", str(folder / "app"))


def sign_in_through(host: str, port: str, folder: Path) -> None:
    """Sign in and refresh as a browser would over TLS: the cookie must be the one for https."""
    jar = ("-b", "jar", "-c", "jar", "-H", f"Origin: https://{host}:{port}")
    known = ("-k", "--resolve", f"{host}:{port}:127.0.0.1", *jar)
    url = f"https://{host}:{port}/auth"
    answers(f"{url}/client.js", *known, cwd=folder)
    if host.startswith("app."):
        assert answers(f"https://{host}:{port}/", *known, cwd=folder) == PAGE
    body = json.dumps({"username": f"reader of {folder.name}", "password": PASSWORD})
    header = "Content-Type: application/json"
    signed_in = run("curl", "-sS", "--fail", *known, f"{url}/register", "-H", header, "-d", body, cwd=folder)
    assert signed_in.returncode == 0, signed_in.stderr
    assert "__Host-refresh_token" in (folder / "jar").read_text()
    refreshed = run("curl", "-sS", "--fail", *known, "-X", "POST", f"{url}/refresh", cwd=folder)
    assert "access_token" in refreshed.stdout, refreshed.stderr


@pytest.mark.parametrize("configuration", configurations("nginx"), ids=name_of)
def test_nginx_serves_with_the_configuration(configuration: Path, behind_a_proxy: str, tmp_path: Path) -> None:
    text, port = configured(configuration, behind_a_proxy, tmp_path), str(free_port())
    name = str(re.search(r"server_name (\S+);", text)[1])  # type: ignore[index]
    certificate = trustme.CA().issue_cert(name)
    certificate.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.pem")
    certificate.private_key_pem.write_to_path(tmp_path / f"{name}.key")
    temporary = "".join(
        f"{kind}_temp_path {tmp_path};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = text.replace("listen 8443", f"listen 127.0.0.1:{port}")
    file = tmp_path / "nginx.conf"
    alone = f"daemon off; master_process off; pid {tmp_path}/pid;"
    file.write_text(f"{alone}\nevents {{}}\nhttp {{ {temporary} access_log off; {text} }}\n")
    command = [need("nginx"), "-c", str(file), "-p", str(tmp_path), "-e", str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        try:
            sign_in_through(name, port, tmp_path)
        finally:
            process.terminate()


@pytest.mark.parametrize("configuration", configurations("caddy"), ids=name_of)
def test_caddy_serves_with_the_configuration(configuration: Path, behind_a_proxy: str, tmp_path: Path) -> None:
    """Only the port differs, and where the certificate comes from."""
    text, port = configured(configuration, behind_a_proxy, tmp_path), str(free_port())
    name = text.split()[0]
    own = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    text = text.replace(f"{name} {{", f"{name}:{port} {{\n\ttls internal")
    (tmp_path / "Caddyfile").write_text(own + text)
    home = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [need("caddy"), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    with subprocess.Popen(command, cwd=tmp_path, env=home, stderr=subprocess.DEVNULL) as process:
        try:
            sign_in_through(name, port, tmp_path)
        finally:
            process.terminate()
