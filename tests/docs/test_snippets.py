"""What the documentation shows is typed here: shell is run, JavaScript compiled, every configuration checked.

Names of machines that nobody has here are those of this one; the quickstarts are followed in `browser/test_quickstart`.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from doc_blocks import ROOT, Block, blocks, run
from engines import Redis
from everything import missing, need_node
from warm import Python

BROWSER = ROOT / "src" / "browser"
FOLLOWED_ELSEWHERE = ("npm ", "python wsgi.py", "users add", "wsgi demo")
"""Parts of the quickstarts."""
SHELL = [block for block in blocks("sh") if not any(part in block.text for part in FOLLOWED_ELSEWHERE)]
CHECK = ("renewal", "check", "--url", "https://api.example.com")
AS_PEM = (Encoding.PEM, PrivateFormat.PKCS8)
NO_TABLES_YET = {"tables_out_of_date"}
"""A page may leave out how tables are made."""


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    redis = Redis().start()
    yield redis
    redis.kill()
    redis.remove()


def here(script: str, folder: Path, redis: Redis) -> str:
    """Return a script with what is on this machine in place of what is only an example; nothing is installed."""
    kept = [line for line in script.splitlines() if "pip install" not in line]
    script = re.sub(r"(postgresql\+psycopg|mysql\+pymysql)://[^']+", f"sqlite:///{folder}/it.db", "\n".join(kept))
    return re.sub(r"redis://[\w.]+:6379/[01]", redis.url, script).replace(
        "https://id.example.com", "http://127.0.0.1:9"
    )


def errors(printed: str) -> set[str]:
    """Return what the check calls errors, by their codes."""
    assert re.search(r"^\d+ errors?, \d+ warnings?, \d+ notes?\.$", printed, re.MULTILINE), printed
    return set(re.findall(r"^error .*\((\w+)\)$", printed, re.MULTILINE))


def typed(script: str, folder: Path) -> dict[str, str]:
    """Type a script in a folder that has files of secrets and keys; return the environment that it leaves."""
    for name in ("refresh", "new", "old"):
        (folder / f"{name}.secret").write_text(f"{name} secret of more than thirty-two bytes")
        (folder / f"{name}.pem").write_bytes(generate_private_key(SECP256R1()).private_bytes(*AS_PEM, NoEncryption()))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = run("bash", "-ec", f"{script}\nenv -0 > environ", cwd=folder, env={"PATH": path})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return dict(one.split("=", 1) for one in (folder / "environ").read_text().split("\0") if one)


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_shell_does_what_the_page_says(block: Block, redis: Redis, python: Python, tmp_path: Path) -> None:
    is_service = block.page.stem == "services"  # which has no commands
    shutil.copy(ROOT / ("examples/service/app.py" if is_service else "wsgi.py"), tmp_path / "wsgi.py")
    for way in re.split(r"^# or, .*\n", block.text, flags=re.MULTILINE):
        script = here(way, tmp_path, redis).replace("127.0.0.1:8000 wsgi:app", "127.0.0.1:0 --check-config wsgi:app")
        environ = typed(script, tmp_path)
        program = ("wsgi.py",) if is_service else ("-m", "flask", "--app", "wsgi", *CHECK)
        done = python(*program, cwd=tmp_path, env=environ)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == 0 if is_service else errors(done.stdout) <= NO_TABLES_YET


@pytest.mark.parametrize(
    "page",
    sorted({block.page for block in blocks("python") if "app = Flask(" in block.text}),
    ids=lambda page: page.name,
)
def test_the_check_finds_no_error_in_a_configuration(page: Path, python: Python, tmp_path: Path) -> None:
    code = [block.text for block in blocks("python") if block.page == page and "def test_" not in block.text]
    (tmp_path / "app.py").write_text("\n".join(code))
    done = python("-m", "flask", "--app", "app", *CHECK, cwd=tmp_path)
    assert errors(done.stdout) <= NO_TABLES_YET, done.stderr


def test_javascript_compiles_against_the_client(tmp_path: Path) -> None:
    node, compiler = need_node(20, 3), BROWSER / "node_modules" / "typescript" / "bin" / "tsc"
    if not compiler.exists():
        missing("run `npm ci` in src/browser first")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "flask-renewal").symlink_to(BROWSER)
    [session] = [block.text for block in blocks("ts")]
    (tmp_path / "session.js").write_text(session)
    files = [block for block in blocks("js") if "import " in block.text]
    for number, block in enumerate(files):
        (tmp_path / f"{number}.js").write_text(re.sub(r'"https://.*/auth/client.js"', '"flask-renewal"', block.text))
    options = {"module": "nodenext", "allowJs": True, "checkJs": True, "strict": True, "noImplicitAny": False}
    libraries = {"target": "es2022", "lib": ["es2022", "dom", "dom.iterable"], "types": [], "noEmit": True}
    project = {"compilerOptions": options | libraries, "include": ["*.js"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(project))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    done = run(node, str(compiler), "--project", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 0, f"{dict(enumerate(map(str, files)))}\n{done.stdout}"
