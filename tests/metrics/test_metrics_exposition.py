"""Where the figures are read, who may, and what it takes: an extra, a setting, a folder where there are processes."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from flask import Flask
from flask_cors import CORS
from hosts import make_host
from scraping import moving, parsed, scrape
from servers import PASSWORD, UNHURRIED, serving
from warm import Python

from flask_renewal import Renewal, access_required

PAGE = "https://app.example.com"
Made = Callable[..., subprocess.CompletedProcess[str]]
FACTORY = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[2:]))
from flask_renewal import create_app, errors
try:
    app = create_app({"RENEWAL_METRICS": "/metrics"}, instance_path=sys.argv[1])
except errors.ConfigurationError as error:
    sys.exit(str(error))
print(app.test_client().get("/metrics").status_code)
"""


@pytest.fixture
def made(bare_python: Python, tmp_path: Path) -> Made:
    """Return what makes an application with figures in a process of its own."""
    return lambda *without, **environ: bare_python(
        "-c", FACTORY, tmp_path, *without, cwd=tmp_path, env={**environ, "PATH": ""}
    )


def test_without_the_setting_nothing_is_imported_and_nothing_is_there(
    make_app: Callable[..., Flask], bare_python: Python, tmp_path: Path
) -> None:
    app = make_app()
    assert app.test_client().get("/metrics").status_code == 404
    look = "import sys; from flask_renewal import create_app; app = create_app(instance_path=sys.argv[1])"
    look += "; print({name for name in sys.modules if 'prometheus' in name or 'entrances.metrics' in name})"
    done = bare_python("-c", look, app.instance_path, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_without_the_library_the_extra_is_named(made: Made) -> None:
    done = made("prometheus_client")
    assert done.returncode == 1
    assert done.stderr == (
        "RENEWAL_METRICS needs the module prometheus_client, which is not installed; run pip install"
        " 'flask-renewal[metrics]'.\n"
    )


def test_a_folder_for_processes_that_is_not_there_stops_the_start(made: Made, tmp_path: Path) -> None:
    done = made(PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert done.stderr == (
        f"PROMETHEUS_MULTIPROC_DIR = '{tmp_path}/nowhere' is no folder that can be written; make it, or unset it.\n"
    )


def test_a_page_of_another_origin_reads_nothing_whatever_the_host_shares(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(RENEWAL_METRICS="/auth/metrics", RENEWAL_TRUSTED_ORIGINS=[PAGE])
    CORS(app, origins="*")
    client = app.test_client()
    for headers in ({"Origin": PAGE}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site"}):
        reply = client.get("/auth/metrics", headers=headers)
        assert (reply.status_code, reply.get_json()["code"]) == (403, "untrusted_origin")
    for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}):
        assert client.get("/auth/metrics", headers=headers).status_code == 200
    assert client.post("/auth/metrics").status_code == 405


def test_a_scraper_gets_the_format_that_it_asks_for(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_METRICS="/metrics").test_client()
    assert client.get("/metrics").content_type.startswith("text/plain; version=0.0.4")
    asked = {"Accept": "application/openmetrics-text; version=1.0.0"}
    reply = client.get("/metrics", headers=asked)
    assert reply.content_type.startswith("application/openmetrics-text")
    assert reply.text.endswith("# EOF\n")


def test_two_applications_of_a_process_are_counted_together(
    make_app: Callable[..., Flask], tmp_path: Path, clock: Clock
) -> None:
    one = make_app(RENEWAL_METRICS="/metrics").test_client()
    other = make_host(tmp_path / "other", clock, RENEWAL_METRICS="/m").test_client()
    before = scrape(one)
    for client in (one, other):
        client.post("/auth/login", json={"username": "nobody", "password": PASSWORD})
    after = scrape(one)
    assert after["flask_renewal_sign_ins_total", "refused"] - before["flask_renewal_sign_ins_total", "refused"] == 2
    assert scrape(other, "/m").keys() == after.keys()


def test_a_service_that_only_verifies_has_figures_of_its_guards() -> None:
    service = Flask("service")
    service.config.update(RENEWAL_ISSUER_URL="http://127.0.0.1:9", RENEWAL_METRICS="/metrics")
    Renewal(service)
    service.add_url_rule("/guarded", view_func=access_required()(lambda: "in"))
    client = service.test_client()
    with moving(client, guard_refusals={"token_missing": 1}):
        assert client.get("/guarded").status_code == 401


def test_the_hosts_own_figures_are_there_too(make_app: Callable[..., Flask]) -> None:
    assert "python_info{" in make_app(RENEWAL_METRICS="/metrics").test_client().get("/metrics").text


@pytest.fixture
def counted(tmp_path: Path) -> dict[str, Any]:
    """Return how to serve where processes are counted together."""
    folder = tmp_path / "counted"
    folder.mkdir()
    return {**UNHURRIED, "RENEWAL_METRICS": "/metrics", "environ": {"PROMETHEUS_MULTIPROC_DIR": str(folder)}}


def test_each_of_several_processes_tells_of_all(tmp_path: Path, counted: dict[str, Any]) -> None:
    with serving(tmp_path, **counted) as one, serving(tmp_path, **counted) as other:
        visitor = one.register("alice")
        for server in (one, other, other):
            assert visitor.refreshes(server).status == 200
        assert parsed(one.get("/metrics").text) == parsed(other.get("/metrics").text)
        one.kill()
        found = parsed(other.get("/metrics").text)
    assert found["flask_renewal_refreshes_total", "rotate"] == 3
    assert found["flask_renewal_sign_ins_total", "started"] == 1


def test_workers_that_were_forked_count_for_themselves(tmp_path: Path, counted: dict[str, Any]) -> None:
    with serving(tmp_path / "served", workers=2, options=("--preload",), **counted) as server:
        visitor = server.register("alice")
        for _ in range(8):
            assert visitor.refreshes(server).status == 200
        found = parsed(server.get("/metrics").text)
    assert found["flask_renewal_refreshes_total", "rotate"] == 8
    assert found["flask_renewal_store_seconds_count", "rotate"] == 8
