"""The reverse proxies of `examples`, run with exactly those files but for the ports and folders of this machine."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme
from doc_blocks import ROOT, blocks, run
from everything import need
from ports import free_port

CONFIGURATIONS = sorted(path for proxy in ("nginx", "caddy") for path in (ROOT / "examples" / proxy).iterdir())


def name_of(configuration: Path) -> str:
    return f"{configuration.parent.name}/{configuration.name}"


def is_of_the_page(configuration: Path) -> bool:
    """Say whether it puts the API behind the page's own host."""
    return configuration.stem == "page-host"


def answers(url: str, *options: str, cwd: Path) -> str:
    """Return what a server that is starting answers once it does."""
    for _ in range(150):
        answer = run(need("curl"), "-sS", "--fail", *options, url, cwd=cwd)
        if answer.returncode == 0:
            return answer.stdout
        time.sleep(0.1)
    raise AssertionError(answer.stderr)


@contextmanager
def behind_a_proxy(folder: Path, **environ: str) -> Iterator[str]:
    """Serve the application as the page on deploying has it: by gunicorn, behind one proxy. The value is the port."""
    port = str(free_port())
    shutil.copy(ROOT / "wsgi.py", folder)
    command = next(block.text for block in blocks("sh") if "gunicorn" in block.text).replace("8000", port)
    words = [sys.executable, "-m", *command.replace("--workers 4", "--workers 1").split()]
    known = {**os.environ, "FLASK_RENEWAL_TRUSTED_PROXIES": "1", **environ}
    with (folder / "log").open("w") as log, subprocess.Popen(words, cwd=folder, env=known, stderr=log) as process:
        try:
            answers(f"http://127.0.0.1:{port}/healthz", cwd=folder)
            yield port
        finally:
            process.terminate()


@contextmanager
def proxying(configuration: Path, behind: str, folder: Path, *, page: str, site: str = "9000") -> Iterator[str]:
    """Run a proxy in front of the port `behind`, and where it serves a page, this one. The value is its origin.

    `site` is the port of what lies behind a gateway.
    """
    (folder / "app").mkdir()
    (folder / "app" / "index.html").write_text(page)
    text = configuration.read_text().replace(":8000", f":{behind}").replace(":9000", f":{site}")
    text = text.replace("/srv/app", str(folder / "app"))
    host, port = _host_of(text), str(free_port())
    command = {".conf": _nginx, ".caddyfile": _caddy}[configuration.suffix](text, host, port, folder)
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with subprocess.Popen(command, cwd=folder, env=home, stderr=subprocess.DEVNULL) as process:
        try:
            origin = f"https://{host}:{port}"
            answers(f"{origin}/auth/client.js", "-k", "--resolve", f"{host}:{port}:127.0.0.1", cwd=folder)
            yield origin
        finally:
            process.terminate()


def _host_of(text: str) -> str:
    found = re.search(r"\b(?:app|api)\.example\.com\b", text)
    assert found is not None
    return found[0]


def _nginx(text: str, host: str, port: str, folder: Path) -> list[str]:
    """Give nginx a certificate, and folders of its own."""
    certificate = trustme.CA().issue_cert(host)
    certificate.cert_chain_pems[0].write_to_path(folder / f"{host}.pem")
    certificate.private_key_pem.write_to_path(folder / f"{host}.key")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder};" for kind in kinds)
    alone = f"daemon off; master_process off; pid {folder}/pid;"
    text = text.replace("listen 8443", f"listen 127.0.0.1:{port}")
    types = "types { text/html html; }"
    file = folder / "nginx.conf"
    file.write_text(f"{alone}\nevents {{}}\nhttp {{ {types} {temporary} access_log off; {text} }}\n")
    return [need("nginx"), "-c", str(file), "-p", str(folder), "-e", str(folder / "log")]


def _caddy(text: str, host: str, port: str, folder: Path) -> list[str]:
    """Tell Caddy another port, and to make its certificate itself."""
    own = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n}\n"
    (folder / "Caddyfile").write_text(own + text.replace(f"{host} {{", f"{host}:{port} {{\n\ttls internal"))
    return [need("caddy"), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
