"""The browser client's own tests, types and size, run by Node.

Skipped where Node or the packages of ``src/browser`` are missing, unless all is asked for.
"""

import filecmp
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from everything import EVERYTHING, missing, need, need_node

ROOT = Path(__file__).parents[1].parent
BROWSER = ROOT / "src" / "browser"


@pytest.fixture(scope="module")
def node() -> str:
    """Node 20.3 or later: the first with everything that the client expects of a browser."""
    return need_node(20, 3)


@pytest.fixture(scope="module")
def packages() -> Path:
    found = BROWSER / "node_modules"
    if not found.is_dir():
        missing("run `npm ci` in src/browser first")
    return found


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a command printed; fails with it if the command did."""
    done = subprocess.run(command, check=False, cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_client_keeps_its_rules(node: str) -> None:
    printed = run(node, "--test", "--test-reporter=tap", *sorted((ROOT / "tests" / "client").glob("*.test.js")))
    assert not EVERYTHING or "\n# skipped 0\n" in printed, printed


@pytest.mark.parametrize("name", ["angular", "angular-http", "react", "solid", "svelte", "vue"])
def test_an_adapter_is_small_enough_to_be_read_before_it_is_used(name: str) -> None:
    assert len((BROWSER / f"{name}.js").read_text().splitlines()) <= 40


def test_the_declarations_are_those_of_the_source(node: str, packages: Path, tmp_path: Path) -> None:
    run(node, packages / "typescript" / "bin" / "tsc", "--outDir", tmp_path, cwd=BROWSER)
    generated = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.d.ts"))
    kept = sorted(path.relative_to(BROWSER / "types") for path in (BROWSER / "types").rglob("*.d.ts"))
    assert generated == kept, "run `npm run types` in src/browser"
    stale = [name for name in kept if not filecmp.cmp(tmp_path / name, BROWSER / "types" / name, shallow=False)]
    assert not stale, "run `npm run types` in src/browser"


@pytest.mark.parametrize("compiler", ["typescript-5", "typescript-6", "typescript"])
@pytest.mark.parametrize(("module", "resolution"), [("node16", "node16"), ("esnext", "bundler")])
def test_a_strict_application_compiles_against_the_declarations(
    node: str, packages: Path, tmp_path: Path, *, module: str, resolution: str, compiler: str
) -> None:
    installed = tmp_path / "node_modules"
    installed.mkdir()
    for name in ("@angular", "@types", "axios", "react", "rxjs", "solid-js", "vue"):
        (installed / name).symlink_to(packages / name)
    (installed / "flask-renewal").symlink_to(BROWSER)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(ROOT / "tests" / "client" / "application.ts", tmp_path)
    options = {"module": module, "moduleResolution": resolution, "strict": True, "skipLibCheck": False, "noEmit": True}
    libraries = {"target": "es2022", "lib": ["es2022", "dom", "dom.iterable"], "types": []}
    project = {"compilerOptions": options | libraries, "files": ["application.ts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(project))
    api = packages / compiler / "lib" / "typescript.js"
    if not api.exists():  # since TypeScript 7, which is fast enough to check the libraries too
        run(node, packages / compiler / "bin" / "tsc", "--project", tmp_path, cwd=tmp_path)
        return
    checked = run(node, ROOT / "tests" / "client" / "compile.js", api, tmp_path / "tsconfig.json").splitlines()
    declarations = {str(path) for path in (BROWSER / "types").glob("*.d.ts")}
    assert declarations | {str(tmp_path / "application.ts")} <= set(checked)


def test_a_package_for_every_bundler_and_compiler_has_its_licence(node: str, packages: Path, tmp_path: Path) -> None:
    npm = need("npm")
    run(node, packages / "publint" / "src" / "cli.js", "--strict", cwd=BROWSER)
    wrong = packages / "@arethetypeswrong" / "cli" / "dist" / "index.js"
    run(node, wrong, "--pack", ".", "--profile=esm-only", cwd=BROWSER)
    packed = json.loads(run(npm, "pack", "--json", "--pack-destination", tmp_path, cwd=BROWSER))
    assert "LICENSE" in {file["path"] for file in packed[0]["files"]}
    assert filecmp.cmp(ROOT / "LICENSE", BROWSER / "LICENSE", shallow=False)


def test_the_core_weighs_no_more_than_its_documentation_says(node: str, packages: Path) -> None:
    printed = run(node, "benchmarks/client_size.mjs")
    core = int(printed.rstrip(".\n").split()[-1])
    figure = f"{core / 1000:.1f} kB"
    assert f" {figure} minified and compressed" in (BROWSER / "README.md").read_text()
    assert f"the browser client ({figure}, " in (ROOT / "README.md").read_text()
