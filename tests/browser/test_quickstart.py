"""The quickstarts, followed to the letter: a new project, the client from the server, a sign-up; and the shorter one,
whose user is made by a command, under both names of the machine.

Only the ports are others, for those of the page may be taken here.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from everything import missing, need, need_node
from flask import Flask
from patience import PATIENCE, PATIENCE_MS
from playwright.sync_api import Browser
from ports import free_port
from servers import PASSWORD, WSGI

QUICKSTART = (Path(__file__).parents[2] / "docs" / "browser.md").read_text().split("## ")[1]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", QUICKSTART, re.MULTILINE | re.DOTALL)
FILES = re.findall(r"^`(src/[\w.]+)`", QUICKSTART, re.MULTILINE)
SCAFFOLD, START_PAGE, START_SERVER = (text for language, text in BLOCKS if language == "sh")
SHORT = (Path(__file__).parents[2] / "docs" / "quickstart.md").read_text().split("\n## ")[1]
_, ADD_SOMEBODY, START_FOR_A_PAGE = re.findall(r"^```sh\n(.*?)\n```$", SHORT, re.MULTILINE | re.DOTALL)
[IN_THE_PAGE] = re.findall(r"^```js\n(.*?)^```$", SHORT, re.MULTILINE | re.DOTALL)


@contextmanager
def running(command: str, said: str, *, cwd: Path, environ: dict[str, str]) -> Iterator[str]:
    """Run what does not end, and wait for the line in which it says its address."""
    options = {"cwd": cwd, "env": environ, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(["bash", "-c", f"exec {command}"], start_new_session=True, **options) as process:  # type: ignore[call-overload]
        try:
            for line in process.stdout:
                if found := re.search(said, re.sub(r"\x1b\[\d+m", "", line)):
                    break
            yield found[1]
        finally:
            os.killpg(process.pid, 15)


@pytest.fixture(scope="module")
def environ() -> dict[str, str]:
    """Programs of this Python first; npm asks nothing."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    return {**kept, "PATH": path, "npm_config_yes": "true", "PORT": str(free_port()), "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Path:
    need_node(20, 19)
    need("npm")
    folder = tmp_path_factory.mktemp("quickstart")
    shutil.copy(WSGI, folder)
    done = subprocess.run(
        ["bash", "-ec", SCAFFOLD],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if "ENOTFOUND" in done.stderr or "EAI_AGAIN" in done.stderr:
        missing("npm's registry is not there")
    assert done.returncode == 0, done.stdout + done.stderr
    contents = [text for language, text in BLOCKS if language in ("ts", "tsx")]
    for name, text in zip(FILES, contents, strict=True):
        (folder / "my-app" / name).write_text(text.replace(":5000", f":{environ['PORT']}"))
    return folder / "my-app"


def test_the_quickstart_ends_signed_in(project: Path, environ: dict[str, str], chromium: Browser) -> None:
    with running(
        f"{START_PAGE.strip()} -- --port {free_port()}", r"Local: +(\S+)/", cwd=project, environ=environ
    ) as page:
        told = START_SERVER.replace("http://localhost:5173", page)
        with running(f"env {told}", r"(http://\S+)", cwd=project.parent, environ=environ):
            tab = chromium.new_page()
            tab.goto(page, timeout=PATIENCE_MS)
            tab.get_by_placeholder("Name").fill("alice")
            tab.get_by_placeholder("Password").fill(PASSWORD)
            tab.get_by_role("button", name="Create an account").click()
            tab.get_by_text("Signed in as alice.").wait_for(timeout=PATIENCE_MS)
            tab.reload()
            tab.get_by_text("Signed in as alice.").wait_for(timeout=PATIENCE_MS)
            tab.close()


def test_the_project_of_the_quickstart_compiles(project: Path, environ: dict[str, str]) -> None:
    done = subprocess.run(
        ["npm", "run", "build"], cwd=project, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_short_quickstart_ends_signed_in(
    name: str, tmp_path: Path, environ: dict[str, str], chromium: Browser, serve: Callable[..., str]
) -> None:
    shutil.copy(WSGI, tmp_path)
    subprocess.run(["bash", "-ec", ADD_SOMEBODY], cwd=tmp_path, env=environ, check=True, timeout=PATIENCE)
    script = IN_THE_PAGE.replace(":5000", f":{environ['PORT']}")
    imports = json.dumps({"imports": {"flask-renewal": f"http://{name}:{environ['PORT']}/auth/client.js"}})
    app = Flask("page")
    app.add_url_rule(
        "/", "page", lambda: f'<script type="importmap">{imports}</script><script type="module">{script}</script>'
    )
    page = serve(app, host=name)
    told = START_FOR_A_PAGE.replace(":5173", f":{page.rpartition(':')[2]}")
    with running(f"env {told}", r"(http://\S+)", cwd=tmp_path, environ=environ):
        tab = chromium.new_page()
        with tab.expect_console_message(lambda said: "session" in said.text, timeout=PATIENCE_MS) as message:
            tab.goto(page, timeout=PATIENCE_MS)
        assert message.value.args[0].json_value()["user"]["username"] == "alice"
        tab.close()
