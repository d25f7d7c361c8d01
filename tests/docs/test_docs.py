"""The documentation builds without a warning, its links lead somewhere, and its pictures are the rule's own.

Every block of code in it and in the README runs; what cannot run here is at least parsed by the program it is for.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from doc_blocks import DOCS, PAGES, ROOT, Block, blocks, run
from everything import need
from servers import Server, serving
from warm import Python

from flask_renewal.entrances.api.description import OPERATIONS
from flask_renewal.ground.errors import SignInRefusedError
from flask_renewal.rotation import Verdict
from flask_renewal.settings import SETTINGS


def test_no_block_is_of_a_language_that_nothing_checks() -> None:
    opening = re.compile(r"^```(\S+)$", re.MULTILINE)
    found = {word for page in PAGES for word in opening.findall(page.read_text()) if not word.startswith("{")}
    assert found <= {
        "python",
        "bash",
        "sh",
        "js",
        "text",
        "ts",
        "tsx",
        "diff",
        "jinja",
        "css",
    }  # by browser/test_quickstart, test_migrate, pages/test_pages_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the documentation once."""
    need("sphinx-build")
    out = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source") / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("_generated", "__pycache__"))
    shutil.copy(ROOT / "CHANGES.md", source.parent)
    for example in ("nginx", "caddy", "gateway", "service"):
        shutil.copytree(ROOT / "examples" / example, source.parent / "examples" / example)
    built = run(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(source), str(out), cwd=ROOT)
    assert built.returncode == 0, built.stderr
    return out


class Anchors(HTMLParser):
    """The ids and the links of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {found[name] or "" for name in ("id", "name") if name in found}
        self.links += [found[name] or "" for name in ("href", "src") if name in found]


def test_every_link_inside_leads_somewhere(site: Path) -> None:
    pages = {page: Anchors(page) for page in site.glob("*.html")}
    broken = []
    for page, anchors in pages.items():
        for link in anchors.links:
            target = urlsplit(link)
            if target.scheme or target.netloc or link.startswith("data:"):
                continue
            file = page if not target.path else (page.parent / unquote(target.path)).resolve()
            known = pages.get(file)
            if not file.exists() or (target.fragment and known and unquote(target.fragment) not in known.ids):
                broken.append(f"{page.name}: {link}")
    assert not broken


def test_the_readme_is_short_and_names_what_is_there() -> None:
    """By paths: a link to them would lead nowhere on the page of a package index."""
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) <= 120
    assert [path for path in re.findall(r"`(docs/[\w./-]+)`", text) if not (ROOT / path).exists()] == []
    assert re.findall(r"(?<!!)\[[^]]*]\((?!https://)", text) == []


def test_a_question_has_three_sentences_and_a_link_for_an_answer() -> None:
    answers = re.findall(r"^\*\*.+\*\*\n: ((?:.+\n)+)", (DOCS / "faq.md").read_text(), re.MULTILINE)
    assert len(answers) == (DOCS / "faq.md").read_text().count("\n**") == 40
    assert [answer for answer in answers if not re.search(r"]\(\S+\)\s*$", answer)] == []
    assert [answer for answer in answers if len(re.findall(r"[.?] (?=[A-Z\[])|[.]\n", answer)) > 3] == []


def test_pages_say_their_version_and_their_blocks_can_be_copied(site: Path) -> None:
    page = (site / "quickstart.html").read_text()
    assert f"Flask-Renewal {metadata.version('flask-renewal')}" in page
    assert 'src="_static/copybutton.js' in page


def test_every_setting_is_on_the_page_of_settings(site: Path) -> None:
    page = (site / "settings.html").read_text()
    assert [row.key for row in SETTINGS if f">{row.key}<" not in page] == []


def test_every_route_and_every_code_is_on_the_page_of_http(site: Path) -> None:
    page = (site / "http.html").read_text()
    assert [one.path for one in OPERATIONS if f"{one.method.upper()} " not in page or one.path[1:] not in page] == []
    codes = {refusal.code for one in OPERATIONS for refusal in one.refusals if refusal is not SignInRefusedError}
    assert [code for code in codes if f">{code}<" not in page] == []


def test_every_command_is_on_the_page_of_commands(site: Path) -> None:
    page = (site / "command-line.html").read_text()
    assert all(
        f"flask {command}" in page for command in ("users add", "sessions explain", "keys list", "renewal check")
    )


def test_the_picture_shows_the_rules_own_verdicts(site: Path) -> None:
    picture = next(site.rglob("rule-light.svg")).read_text()
    counts = {verdict: picture.count(f">{verdict.value}<") for verdict in Verdict}
    assert counts == {
        Verdict.QUIET: 3,
        Verdict.ROTATE: 1,
        Verdict.REPLACE: 1,
        Verdict.REUSE: 3,
        Verdict.EXPIRED: 0,
        Verdict.ENDED: 0,
    }


def test_the_picture_of_the_house_shows_its_rooms(site: Path) -> None:
    picture = next(site.rglob("house-light.svg")).read_text()
    assert [
        room for room in ("ground", "identity/sessions", "guard", "entrances/api") if f">{room}<" not in picture
    ] == []


def pages_with(language: str) -> list[Path]:
    return sorted({block.page for block in blocks(language)})


@pytest.mark.parametrize("page", pages_with("python"), ids=lambda page: page.name)
def test_python_runs_page_by_page(page: Path, python: Python, bare_python: Python, tmp_path: Path) -> None:
    """The blocks of a page build on one another; those with tests in them are left to pytest, with `app` beside."""
    code = [block.text for block in blocks("python") if block.page == page]
    tests = [text for text in code if "def test_" in text]
    (tmp_path / "app.py").write_text("\n".join(text for text in code if text not in tests))
    for number, text in enumerate(tests):
        (tmp_path / f"test_{number}.py").write_text(text)
    if tests:
        result = bare_python("-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", ".", cwd=tmp_path)
    else:
        result = python("-W", "error", "app.py", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_shell_that_is_shown_and_not_run_can_be_parsed(block: Block, tmp_path: Path) -> None:
    checked = run("bash", "-n", "-c", block.text, cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("block", blocks("js"), ids=str)
def test_javascript_can_be_parsed(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "block.mjs"
    file.write_text(block.text)
    checked = run(need("node"), "--check", str(file), cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the standalone application as the README says."""
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.mark.parametrize("page", pages_with("bash"), ids=lambda page: page.name)
def test_shell_runs_against_a_real_server(page: Path, server: Server, tmp_path: Path) -> None:
    """Installing is only parsed; `renewal check` may find something to say, which is exit code 1."""
    shutil.copy(ROOT / "wsgi.py", tmp_path)
    path, address = f"{Path(sys.executable).parent}:{os.environ['PATH']}", server.address.rstrip("/")
    for block in (block for block in blocks("bash") if block.page == page):
        script = block.text.replace("http://127.0.0.1:5000", address).replace("curl ", "curl --fail ")
        only_parse = ["-n"] if "pip install" in script else []
        result = run("bash", "-e", *only_parse, "-c", script, cwd=tmp_path, env={"PATH": path})
        allowed = (0, 1) if "renewal check" in script else (0,)
        assert result.returncode in allowed, f"{block}: {result.stdout}{result.stderr}"
        assert "Traceback" not in result.stderr
